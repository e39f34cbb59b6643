package web_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// LM-5, BE-2 in a browser: Ana opens Groups, chooses the group, adds Max by typing, sees what he will gain, and saves; and the
// pages of Management are looked at, wide and on a phone, light and dark.
func TestManageInABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "ana"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	group := "/manage/groups/" + site.Management.ID.String()
	leo := site.People["Leo"].ID.String()
	for name, size := range map[string][2]int64{"wide": {1280, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, address := range map[string]string{"groups": "/manage/groups", "group": group, "roles": "/manage/roles", "role": "/manage/roles/tenant_admin",
			"role-new": "/manage/roles/new?copy_of=list_users", "policies": "/manage/policies", "policy-new": "/manage/policies/new",
			"why": "/why?account=leo&permission=team.add_member&kind=team&thing=Blues", "access": "/people/" + leo + "/access",
			"removal": group + "/members/" + leo + "/remove"} {
			tab.Go(site.URL + address)
			tab.Shot(page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
	tab.Size(1280, 900)
	tab.Go(site.URL + "/manage/groups")
	tab.Do(chromedp.Click(chromedp.CSS("tbody a.row-link")))
	tab.Until(`document.querySelector("[role=combobox]")`)
	tab.Do(chromedp.SendKeys(chromedp.CSS("[role=combobox]"), "max"))
	tab.Until(`document.querySelectorAll("[role=option]").length === 1`)
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelector("[data-preview-out]").textContent.includes("Max Lab")`)
	tab.Shot("group-preview")
	tab.Check("group preview")
	site.Clock.Move(time.Minute)
	tab.Do(chromedp.Click(chromedp.CSS(".form-end .primary")))
	tab.Until(`document.readyState === "complete" && [...document.querySelectorAll("tbody")].some(t => t.textContent.includes("Max Lab"))`)
	tab.Shot("group-saved")

	tab.Go(site.URL + "/manage/policies/new")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=name]"), "Company A, for Max"))
	tab.Do(chromedp.SendKeys(chromedp.CSS("[data-name=accounts] [role=combobox]"), "max"))
	tab.Until(`document.querySelectorAll("[data-name=accounts] [role=option]").length === 1`)
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	tab.Do(chromedp.SendKeys(chromedp.CSS("[data-name=places] [role=combobox]"), "company a"))
	tab.Until(`document.querySelectorAll("[data-name=places] [role=option]").length === 1`)
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	browser.Eval[bool](tab, `(() => { const s = document.querySelector("[name=role]"); s.value = "edit_team"; s.dispatchEvent(new Event("change", { bubbles: true })); return true })()`)
	tab.Until(`document.querySelector("[data-preview-out]").textContent.includes("Max Lab")`)
	tab.Shot("policy-preview")
	tab.Console() // the previews of the form while it was not whole yet were answered 422
	tab.Check("policy preview")
	tab.Do(chromedp.Click(chromedp.CSS(".form-end .primary")))
	tab.Until(`document.readyState === "complete" && document.querySelector(".sentence")`)
	tab.Shot("policy")
	tab.Check("policy")
}
