package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// CO-4 in a browser: Ana uploads a file, says which column is what, tries it, sees the errors, and imports the corrected one.
func TestImportInABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	var text strings.Builder
	text.WriteString("Login,Full name,Mail,Department\n")
	for i := range 4000 {
		fmt.Fprintf(&text, "p%d,Person %d,p%d@acme.test,North\n", i, i, i)
	}
	good := filepath.Join(t.TempDir(), "people.csv")
	bad := filepath.Join(t.TempDir(), "people.csv")
	for path, content := range map[string]string{good: text.String(), bad: strings.Replace(strings.Replace(text.String(), "p7@", "p7", 1), "North", "Nowhere", 3)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "ana"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	shot := func(name string) {
		tab.Size(1280, 900)
		tab.Shot("import-" + name)
		tab.Check("import " + name)
		tab.Size(390, 844)
		tab.Shot("import-" + name + "-phone")
		tab.Check("import " + name + " on a phone")
		tab.Size(1280, 900)
	}
	upload := func(path string) {
		tab.Go(site.URL + "/imports/new")
		tab.Do(chromedp.SetUploadFiles(chromedp.CSS("[name=files]"), []string{path}))
	}
	next := func(press, until string) {
		tab.Do(chromedp.Click(chromedp.CSS(press)))
		tab.Until(until)
	}
	tab.Go(site.URL + "/imports")
	shot("none")
	upload(bad)
	shot("new")
	next(".form-end .primary", `document.querySelector("[name='column.username']")`)
	shot("columns")
	next(".form-end .primary", `document.querySelector("form[action$='/run']")`)
	shot("check")
	next("form[action$='/run'] button", `location.pathname.match(/imports\/[0-9a-z]{13}$/) && !document.querySelector("progress") && document.querySelector("h1")`)
	shot("problems")
	if said := browser.Eval[string](tab, `document.querySelector("main").textContent`); !strings.Contains(said, "4 problems") {
		t.Errorf("does not tell 4 problems: %s", said)
	}
	upload(good)
	next(".form-end .primary", `document.querySelector("[name='column.username']")`)
	next(".form-end .primary", `document.querySelector("form[action$='/run']")`)
	next("form[action$='/run'] button", `location.pathname.match(/imports\/[0-9a-z]{13}$/) && !document.querySelector("progress") && document.querySelector("form[action$='/run']")`)
	shot("tried")
	next("form[action$='/run'] button", `document.querySelector("progress")`)
	tab.Shot("import-running")
	tab.Until(`!document.querySelector("progress") && document.querySelector(".notice.good")`)
	shot("done")
	tab.Go(site.URL + "/imports")
	shot("list")
}
