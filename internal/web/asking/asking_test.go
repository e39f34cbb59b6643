package asking_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/db"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// BE-4 on the pages, without scripts: somebody is put into a group for a day, which stands among what is about to end; its
// giver lets it go on, after seeing what that does; who may not see it finds nothing.
func TestBE4EndingPages(t *testing.T) {
	site := webtest.New(t)
	tess, ana, lin := site.As(t, "Tess"), site.As(t, "Ana"), site.As(t, "Lin")
	group := "/manage/groups/" + site.Management.ID.String()
	form := tess.Get(group)
	if !form.Has(`select[name="for"] option[value="2w"]`) || !form.Has(`input[type="date"][name="until"]`) {
		t.Fatalf("no choice of an end: %s", form.Text("main"))
	}
	if p := tess.Submit(form, `form[action$="/members"]`, "accounts_text", "Sue Learner", "for", "1d"); p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	list := ana.Get("/access/ending")
	if text := list.Text("tbody"); !strings.Contains(text, "Sue Learner") || !strings.Contains(text, "Member of an access group") || !strings.Contains(text, "ends on ") || !strings.Contains(text, "Tess Tenant") {
		t.Errorf("%s", text)
	}
	if p := lin.Get("/access/ending"); p.Status != http.StatusForbidden || lin.Get("/").Has(`nav a[href="/access/ending"]`) {
		t.Errorf("Lin opens it: %d", p.Status)
	}
	at := list.Find(`tbody a[href^="/grants/"]`).AttrOr("href", "")
	for _, who := range []*webtest.Client{lin, site.As(t, "Otto")} {
		if p := who.Get(at); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", at, p.Status)
		}
	}
	grant := ana.Get(at)
	if p := ana.Submit(grant, `form[action$="/end"]`, "until", "", "for", "3m", "_preview", "1"); p.Status != http.StatusOK {
		t.Errorf("preview: %d %s", p.Status, p.Text("main"))
	}
	if p := ana.Submit(grant, `form[action$="/end"]`, "until", "2001-01-01"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "This day is past.") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	after := ana.Submit(grant, `form[action$="/end"]`, "until", "", "for", "3m")
	if after.Status != http.StatusOK || !strings.Contains(after.Text("main"), "Sue Learner") {
		t.Fatalf("%d %s", after.Status, after.Text("main"))
	}
	if p := ana.Get("/access/ending"); strings.Contains(p.Text("main"), "Sue Learner") {
		t.Error("it is about to end still")
	}
	if p := ana.Get("/people/" + site.People["Sue"].ID.String() + "/access"); !p.Has(`a[href="` + strings.TrimPrefix(after.Path, "") + `"]`) {
		t.Errorf("no way to %s from her page", after.Path)
	}
	if p := ana.Submit(after, `form[action$="/end-now"]`); p.Status != http.StatusOK || strings.Contains(ana.Get(group).Text("tbody"), "Sue Learner") {
		t.Errorf("%d: she is in the group still", p.Status)
	}
}

// BE-4 on the pages, without scripts: a review is begun, some are ended with their effects shown before, some kept; progress shows; the
// file has it all.
func TestBE4ReviewPages(t *testing.T) {
	site := webtest.New(t)
	ana, otto, gus := site.As(t, "Ana"), site.As(t, "Otto"), site.As(t, "Gus")
	if p := gus.Get("/access/reviews"); p.Status != http.StatusForbidden || gus.Get("/").Has(`nav a[href="/access/reviews"]`) {
		t.Errorf("Gus opens the reviews: %d", p.Status)
	}
	begun := ana.Submit(ana.Get("/access/reviews"), `form[action="/access/reviews"]`)
	if begun.Status != http.StatusOK || !strings.Contains(begun.Text("h1"), "The whole portal") {
		t.Fatalf("%d %s", begun.Status, begun.Text("main"))
	}
	if again := ana.Submit(ana.Get("/access/reviews"), `form[action="/access/reviews"]`); again.Status != http.StatusConflict {
		t.Errorf("a second one: %d", again.Status)
	}
	if p := otto.Get(begun.Path); p.Status != http.StatusNotFound {
		t.Errorf("Otto sees the portal's: %d", p.Status)
	}
	tick := begun.Find(`input[aria-label="Choose Bea Account, Analytics Reader"]`).AttrOr("value", "")
	if p := ana.Submit(begun, `form[action$="/decisions"]`, "decision", "end"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Choose at least one.") {
		t.Errorf("nothing ticked: %d %s", p.Status, p.Text("main"))
	}
	if p := ana.Submit(begun, `form[action$="/decisions"]`, "grants", tick, "decision", "end", "_preview", "1"); p.Status != http.StatusOK || !strings.Contains(p.Text(".preview"), "Bea Account") {
		t.Errorf("%d %s", p.Status, p.Text(".preview"))
	}
	decided := ana.Submit(begun, `form[action$="/decisions"]`, "grants", tick, "decision", "end")
	if decided.Status != http.StatusOK || strings.Contains(decided.Text("tbody"), "Analytics Reader Company A Team") {
		t.Errorf("%d %s", decided.Status, decided.Text("main"))
	}
	if all := ana.Get(begun.Path); !strings.Contains(all.Text("tbody"), "ended") || !strings.Contains(all.Text("main"), "1 of ") {
		t.Errorf("%s", all.Text("main"))
	}
	if p := ana.Get(begun.Path + "/file"); p.Status != http.StatusOK || !strings.Contains(p.Body, "Bea Account") {
		t.Errorf("%d %.200s", p.Status, p.Body)
	}
	if p := ana.Submit(ana.Get(begun.Path), `form[action$="/close"]`); p.Status != http.StatusOK || !strings.Contains(p.Text("tbody"), "done on") || ana.Get(begun.Path).Has(`form[action$="/decisions"]`) {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	mine := otto.Submit(otto.Get("/access/reviews"), `form[action="/access/reviews"]`, "organization_text", "North")
	if mine.Status != http.StatusOK || strings.Contains(mine.Text("tbody"), "Mo Monitor") || !strings.Contains(mine.Text("tbody"), "Gus Boss") {
		t.Errorf("%d %s", mine.Status, mine.Text("main"))
	}
}

// BE-4 in a browser: the pages on ends and reviews, wide and on a phone, with axe; a review is done by keyboard, with its effects shown
// while it is ticked.
func TestBE4InABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	ana := site.Test.As("Ana")
	if _, err := action.AddGroupMembers.Run(t.Context(), site.Env, ana, action.GroupMembers{Group: site.Management.ID, Accounts: []db.ID{site.People["Sue"].ID}, For: "1d"}); err != nil {
		t.Fatal(err)
	}
	r, err := asking.BeginReview.Run(t.Context(), site.Env, ana, asking.NewReview{})
	if err != nil {
		t.Fatal(err)
	}
	ending, err := asking.ListEnding.Run(t.Context(), site.Env, ana, asking.EndingQuery{})
	if err != nil || len(ending.Items) != 1 {
		t.Fatal(ending, err)
	}
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "ana"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	review := site.URL + "/access/reviews/" + r.ID.String()
	for name, size := range map[string][2]int64{"wide": {1280, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, address := range map[string]string{"ending": site.URL + "/access/ending", "grant": site.URL + "/grants/" + ending.Items[0].ID.String() + "/end",
			"reviews": site.URL + "/access/reviews", "review": review, "add-until": site.URL + "/manage/groups/" + site.Management.ID.String()} {
			tab.Go(address)
			tab.Shot(page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
	tab.Size(1280, 900)
	tab.Dark(false)
	tab.Go(review)
	tab.Do(chromedp.Focus(chromedp.CSS(`input[aria-label="Choose Bea Account, Analytics Reader"]`)), chromedp.KeyEvent(" "))
	tab.Do(chromedp.Focus(chromedp.CSS(`input[name=decision][value=keep]`)), chromedp.KeyEvent(kb.ArrowDown))
	tab.Until(`document.querySelector("[data-preview-out]").textContent.includes("Bea Account")`)
	tab.Shot("review-preview")
	tab.Check("review preview")
	tab.Do(chromedp.Focus(chromedp.CSS(".form-end .primary")), chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelector("main").textContent.includes("Decided: 1 of ")`)
}
