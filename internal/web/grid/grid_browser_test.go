package grid_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/db/dbtest"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// GR-1, GR-4, BE-2 in a browser: Sam moves over the grid by keys, changes cells into a draft, sees whom it concerns, reviews it,
// saves it with a reason, and undoes it; and the pages are looked at, wide and on a phone, light and dark.
func TestGR4TheGridInABrowser(t *testing.T) {
	if dbtest.Postgres() {
		t.Skip("what the grid does in a browser knows no database")
	}
	tab, site := browser.Open(t), webtest.New(t)
	for _, c := range []grid.Change{
		{Organization: site.Orgs["North"].ID, Reason: "Instructors see their people", Cells: []grid.Edit{{Role: access.Instructor, Permission: "account.list", To: grid.Allow}}},
		{Organization: site.Acme.ID, Reason: "The same everywhere", Cells: []grid.Edit{{Role: access.OrgAdmin, Permission: "account.archive", To: grid.Deny, Lock: true}}},
	} {
		if _, err := grid.ChangeCells.Run(t.Context(), site.Env, site.Test.As("Sam"), c); err != nil {
			t.Fatal(err)
		}
	}
	lab := "?organization=" + site.Orgs["Lab"].ID.String()
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "sam"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	for name, size := range map[string][2]int64{"wide": {1440, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, address := range map[string]string{"overview": "/permissions", "business": "/permissions/business", "courses": "/permissions/courses", "lab": "/permissions/business" + lab,
			"cell": "/permissions/cell?table=business&cell=org_admin+account.archive", "history": "/permissions/history", "past": "/permissions/business?at=2026-01-01&differences=1",
			"about": "/permissions/about/account.list", "role": "/permissions/roles/instructor?with=learner", "who": "/permissions/who?permission=account.edit&at=2026-03-01", "type": "/permissions/types/new"} {
			if name == "phone" && (page == "courses" || page == "lab" || page == "past") {
				continue // the table of business again
			}
			tab.Go(site.URL + address)
			tab.Shot("grid-" + page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
	tab.Size(1440, 900)
	tab.Dark(false)
	tab.Go(site.URL + "/permissions/business")
	tab.Until(`document.querySelector("table[role=grid]")`)
	if stops := browser.Eval[int](tab, `document.querySelectorAll("table[role=grid] [tabindex='0']").length`); stops != 1 {
		t.Errorf("the grid has %d tab stops", stops)
	}
	browser.Eval[bool](tab, `document.querySelector("table[role=grid] [tabindex='0']").focus(), true`)
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.End))
	tab.Until(`document.activeElement.value.startsWith("affiliate ")`)
	tab.Do(chromedp.KeyEvent(kb.Home))
	tab.Until(`document.activeElement.closest("th[role=rowheader]")`)
	browser.Eval[bool](tab, `[...document.querySelectorAll(".pg-cell")].find(b => b.value === "instructor team.list").focus(), true`)
	tab.Do(chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.activeElement.getAttribute("role") === "menuitemradio"`)
	tab.Shot("grid-menu")
	tab.Check("menu")
	browser.Eval[bool](tab, `document.querySelector(".pg-menu button").click(), true`)
	tab.Until(`document.activeElement.value === "instructor team.list" && document.querySelector(".pg-draft [role=status]").textContent.includes("1 person affected")`)
	tab.Shot("grid-draft")
	tab.Check("draft")
	tab.Do(chromedp.KeyEvent(kb.Escape))
	tab.Until(`document.querySelector(".pg-draft").hidden`)
	tab.Do(chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelector(".pg-menu")`)
	browser.Eval[bool](tab, `document.querySelector(".pg-menu button").click(), true`)
	tab.Until(`document.querySelector(".pg-draft [role=status]").textContent.includes("affected")`)
	tab.Do(chromedp.Click(chromedp.CSS(".pg-draft .primary")))
	tab.Until(`location.pathname.endsWith("/review") && document.querySelector(".gain")`)
	tab.Shot("grid-review")
	tab.Check("review")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=reason]"), "They ask for it"), chromedp.Click(chromedp.CSS(".form-end .primary")))
	tab.Until(`location.pathname === "/permissions/history" && document.querySelector("tbody").textContent.includes("They ask for it")`)
	tab.Shot("grid-saved")
	tab.Check("saved")
	tab.Do(chromedp.Click(chromedp.CSS("tbody form button")))
	tab.Until(`document.querySelector("tbody").textContent.includes("Undone: They ask for it")`)
	tab.Go(site.URL + "/permissions/business")
	tab.Until(`document.querySelector("table[role=grid]") && document.querySelector(".pg-draft").hidden`)
	tab.Do(chromedp.Click(chromedp.CSS("tbody th[role=rowheader] a")))
	tab.Until(`!document.querySelector(".pg-panel").hidden`)
	tab.Shot("grid-panel")
	tab.Check("panel")
	tab.Do(chromedp.KeyEvent(kb.Escape), chromedp.SendKeys(chromedp.CSS(".pg-filters [name=q]"), "team"))
	tab.Until(`[...document.querySelectorAll("tr[data-text]")].filter(r => !r.hidden).every(r => r.dataset.text.includes("team"))`)
	tab.Shot("grid-search")
	tab.Check("search")
}
