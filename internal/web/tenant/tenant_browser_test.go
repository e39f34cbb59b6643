package tenant_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/action/tenant"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// XA-1, CO-6, CO-7 in a browser: the pages of a tenant's own are looked at under a brand's colours, wide and on a phone, light and dark.
func TestTenantInABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	pia := site.As(t, "Pia")
	pia.Submit(pia.Get("/settings/brand"), `form[action="/settings/brand"]`, "name", "North Star", "accent", "#7a1f5c")
	pia.Submit(pia.Get("/help/start/edit"), `form[action="/help/start/edit"]`, "text", "# Welcome\n\n- one\n- [two](/people)\n\n| a | b |\n|---|---|\n| 1 | 2 |")
	if _, err := tenant.RaiseAlert.Run(t.Context(), site.Env, site.Test.As("Sam"), tenant.NewAlert{Title: "The card was refused", Text: "Please give another."}); err != nil {
		t.Fatal(err)
	}
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "ana"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	north := "/manage/organizations/" + site.Orgs["North"].ID.String()
	for name, size := range map[string][2]int64{"wide": {1280, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, address := range map[string]string{"brand": "/settings/brand", "brand-switch": "/settings/brand/switch", "help": "/help", "help-edit": "/help/guides/edit",
			"plans": "/plans", "plans-contact": "/plans/contacts", "organization-admin": north + "/admin", "organization-close": north + "/close"} {
			tab.Go(site.URL + address)
			tab.Shot(page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
}
