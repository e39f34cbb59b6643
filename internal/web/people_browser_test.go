package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// enter signs in with the world's password.
func enter(tab *browser.Tab, site *webtest.Site, login string) {
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), login), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
}

// The pages of people, organizations and invitations as they look, by axe-core, light, dark and on a phone.
func TestPeopleInABrowser(t *testing.T) {
	site := webtest.New(t)
	tab := browser.Open(t)
	enter(tab, site, "ana")
	lin, south := site.People["Lin"].ID.String(), site.Orgs["South"].ID.String()
	for _, look := range []struct {
		name          string
		dark          bool
		width, height int64
	}{{"light", false, 1280, 900}, {"phone", true, 390, 844}} {
		tab.Dark(look.dark)
		tab.Size(look.width, look.height)
		for name, path := range map[string]string{"users": "/manage/users", "users-nobody": "/manage/users?q=nobody&organization=" + south, "person": "/people/" + lin,
			"person-login": "/people/" + lin + "/login", "person-types": "/people/" + lin + "/types", "person-enrolments": "/people/" + lin + "/enrolments",
			"person-archive": "/people/" + lin + "/archive", "add-person": "/manage/users/new", "organizations": "/manage/organizations",
			"organization-delete": "/manage/organizations/" + south + "/delete", "invitations": "/manage/invitations", "invite": "/manage/invitations/new", "invite-csv": "/manage/invitations/csv"} {
			tab.Go(site.URL + path)
			tab.Shot("people-" + name + "-" + look.name)
			tab.Check(name + " " + look.name)
		}
	}
}

// A pasted file becomes a table, is mended and sent; the invited person opens the link.
func TestInvitingInABrowser(t *testing.T) {
	site := webtest.New(t)
	tab := browser.Open(t)
	enter(tab, site, "ana")
	tab.Go(site.URL + "/manage/invitations/csv")
	tab.Do(chromedp.SendKeys(chromedp.CSS(`textarea[name=text]`), "email,organization,team\nnora@acme.test,Lab,Reds\nlin@acme.test,North,\n"),
		chromedp.Click(chromedp.CSS(`form[action$="/csv"] .primary`)))
	tab.Until(`document.querySelectorAll('.csv-table tbody tr').length === 2`)
	tab.Shot("people-csv-table")
	tab.Check("csv table")
	tab.Do(chromedp.Click(chromedp.CSS(`.csv-table tbody tr:nth-child(2) td:last-child button`)), chromedp.Click(chromedp.CSS(`form[action$="/send"] .primary`)))
	tab.Until(`location.pathname === '/manage/invitations'`)
	tab.Shot("people-invitations-sent")
	tab.Check("invitations")
	tab.Go(site.URL + mailedLink(t, site, "nora@acme.test"))
	tab.Shot("people-accept")
	tab.Check("accept")
}
