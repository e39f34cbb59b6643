package identity_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// The pages of identity as they look, by axe-core, light, dark on a phone; logging in as another by keyboard alone, with the bar on
// every page until Stop; and the page of a deleted portal.
func TestIdentityInABrowser(t *testing.T) {
	site := webtest.New(t)
	tab := browser.Open(t)
	enter := func(login string) {
		tab.Go(site.URL + "/sign-in")
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), login), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
		tab.Until(`document.querySelector("h1") && location.pathname !== "/sign-in"`)
	}
	lin, leo := "/people/"+site.People["Lin"].ID.String(), "/people/"+site.People["Leo"].ID.String()
	looks := func(pages map[string]string) {
		for _, look := range []struct {
			name          string
			dark          bool
			width, height int64
		}{{"light", false, 1280, 900}, {"phone", true, 390, 844}} {
			tab.Dark(look.dark)
			tab.Size(look.width, look.height)
			for name, path := range pages {
				tab.Go(site.URL + path)
				tab.Shot("identity-" + name + "-" + look.name)
				tab.Check(name + " " + look.name)
			}
		}
		tab.Dark(false)
		tab.Size(1280, 900)
	}
	enter("sam")
	looks(map[string]string{"portal": "/portal", "transfer": "/portal/transfer", "delete": "/portal/delete", "log-in-as": leo + "/log-in-as",
		"merge": lin + "/merge", "delete-account": lin + "/delete"})
	tab.Go(site.URL + leo + "/log-in-as")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=reason]"), "to help"+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector(".acting")`)
	looks(map[string]string{"acting": "/manage/teams", "acting-person": leo})
	tab.Go(site.URL + "/manage/users")
	tab.Do(chromedp.Focus(chromedp.CSS(".acting button")), chromedp.KeyEvent(kb.Enter))
	tab.Until(`location.pathname.startsWith("/people/") && !document.querySelector(".acting")`)
	tab.Go(site.URL + "/portal/delete")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=name]"), "Acme"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/portal/deleted"`)
	looks(map[string]string{"deleted": "/portal/deleted"})
}
