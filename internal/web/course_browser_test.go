package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// LM-5 in a browser: Leo chooses Lou by typing, sees what enrolling would do before it is done, and enrols.
func TestEnrolInABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	tab.Go(site.URL + "/sign-in")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), "leo"), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	course := site.URL + "/courses/" + site.Courses["First aid"].ID.String()
	for name, size := range map[string][2]int64{"wide": {1280, 900}, "phone": {390, 844}} {
		tab.Size(size[0], size[1])
		tab.Dark(name == "phone")
		for page, address := range map[string]string{"courses": site.URL + "/manage/courses", "course": course, "enrol": course + "/enrol"} {
			tab.Go(address)
			tab.Shot(page + "-" + name)
			tab.Check(page + " " + name)
		}
	}
	tab.Size(1280, 900)
	tab.Go(course + "/enrol")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[role=combobox]"), "max"))
	tab.Until(`document.querySelectorAll("[role=option]").length === 1`)
	tab.Do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelector("[data-preview-out]").textContent.includes("1 person would be enrolled: Max Lab")`)
	tab.Shot("enrol-preview")
	tab.Check("enrol preview")
	tab.Do(chromedp.Click(chromedp.CSS(".form-end .primary")))
	tab.Until(`location.pathname.endsWith("` + site.Courses["First aid"].ID.String() + `") && document.querySelector("tbody").textContent.includes("Max Lab")`)
	tab.Do(chromedp.Click(chromedp.CSS("tbody tr .menu summary")))
	tab.Shot("course-menu")
	tab.Do(chromedp.Click(chromedp.CSS("tbody tr .menu[open] a")))
	tab.Until(`document.querySelector(".confirm")`)
	tab.Shot("unenrol")
	tab.Check("unenrol")
}
