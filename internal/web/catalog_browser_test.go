package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// The Users catalog, the Admin area, account types, relations, friends and the search as they look, by axe-core, light, dark
// and on a phone; the catalog as a monitor and a parent see it.
func TestCatalogInABrowser(t *testing.T) {
	site := webtest.Serve(t, worldtest.WithKin(t))
	tab := browser.Open(t)
	enter(tab, site, "sam")
	for _, look := range []struct {
		name          string
		dark          bool
		width, height int64
	}{{"light", false, 1280, 900}, {"phone", true, 390, 844}} {
		tab.Dark(look.dark)
		tab.Size(look.width, look.height)
		for name, path := range map[string]string{"catalog": "/people", "catalog-type": "/people?type=learner&q=l", "admin": "/admin", "types": "/settings/types",
			"type-off": "/settings/types/manager?on=false", "relations": "/people/" + site.People["Sue"].ID.String() + "/relations", "friends": "/friends", "search": "/search?q=north"} {
			tab.Go(site.URL + path)
			tab.Shot("catalog-" + name + "-" + look.name)
			tab.Check(name + " " + look.name)
		}
	}
	tab.Size(1280, 900)
	tab.Go(site.URL + "/people")
	tab.Do(chromedp.SendKeys(chromedp.CSS("#site-search"), "reds\r"))
	tab.Until(`location.pathname === "/search" && document.querySelector("main a[href^='/teams/']")`)
	for _, who := range []string{"mo", "pam"} {
		tab = browser.Open(t)
		enter(tab, site, who)
		tab.Go(site.URL + "/people")
		tab.Shot("catalog-as-" + who)
		tab.Check("catalog as " + who)
	}
}
