package learning_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// write lets Ivy make a course with two lessons in one section and a second section, without scripts; Lin takes it.
func write(t *testing.T, site *webtest.Site) (outline string) {
	t.Helper()
	ivy, ana := site.As(t, "Ivy"), site.As(t, "Ana")
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", "SQL", "code", "sql", "organization", site.Orgs["North"].ID.String())
	outline = strings.TrimSuffix(p.Path, "/") + "/outline"
	for _, section := range []string{"Week 1", "Week 2"} {
		ivy.Submit(ivy.Get(outline), `form[action$="/sections"]`, "title", section)
	}
	for _, title := range []string{"Tables", "Keys"} {
		form := ivy.Get(ivy.Get(outline).Find(".section-head .button").AttrOr("href", ""))
		if p := ivy.Submit(form, "main form.form", "title", title, "text", "# On "+title+"\n\n- one\n- <b onclick=x()>two</b>"); !p.Has(".prose li") || p.Has(".prose b") {
			t.Fatalf("%d %s", p.Status, p.Text("main"))
		}
	}
	record := strings.TrimSuffix(outline, "/outline")
	ana.Submit(ana.Get(record+"/enrol"), "main form.form", "accounts_text", "Lin Learner")
	return outline
}

// CO-1, LE-1 on the pages, without scripts: a course is written, arranged and taken to its end; who may not see it finds nothing.
func TestCO1LE1CoursePages(t *testing.T) {
	site := webtest.New(t)
	outline := write(t, site)
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	down := ivy.Get(outline).Find(`.lesson form:has([value="down"])`).First()
	p := ivy.PostForm(outline, webtest.FormValues(down))
	if got := p.Texts(".lesson-text a"); p.Path != outline || strings.Join(got, " ") != "Keys Tables" {
		t.Fatalf("%d %s %v", p.Status, p.Path, got)
	}
	if p := ivy.Post(outline, "order", "nonsense"); p.Status != 422 {
		t.Errorf("a nonsense order: %d", p.Status)
	}
	p = lin.Get("/")
	if href := p.Find("tbody a:contains('SQL')").AttrOr("href", ""); href != outline {
		t.Fatalf("the way to the course leads to %q", href)
	}
	p = lin.Get(outline)
	if p.Has(`form[action$="/sections"]`) || p.Has(".menu-item.danger") || p.Has("h2:contains('Week 2')") {
		t.Error("a learner sees what is not theirs")
	}
	p = lin.Get(p.Find(".head .primary").AttrOr("href", ""))
	for range 2 {
		p = lin.Submit(p, `form[action$="/done"]`)
	}
	if p.Path != outline || !strings.Contains(p.Text("main"), "You have completed this course.") {
		t.Errorf("%s: %s", p.Path, p.Text("main"))
	}
	first := p.Find(".lesson-text a").First().AttrOr("href", "")
	for who, want := range map[string]string{"Ivy": "Content Assessments Learners Gradebook Discussion Who needs help Completion Who teaches it", "Lin": "Content Grades Discussion Completion Who teaches it"} {
		if got := site.As(t, who).Get(outline).Texts(".tabs a"); strings.Join(got, " ") != want {
			t.Errorf("the parts of the course for %s: %v", who, got)
		}
	}
	for who, want := range map[string]int{"Leo": 403, "Gus": 403, "Lou": 404, "Sue": 404} {
		c := site.As(t, who)
		for _, at := range []string{outline, first} {
			if p := c.Get(at); p.Status != want {
				t.Errorf("%s opens %s: %d", who, at, p.Status)
			}
		}
	}
	for _, at := range []string{first + "/edit", first + "/delete"} {
		if p := lin.Get(at); p.Status != 403 {
			t.Errorf("Lin opens %s: %d", at, p.Status)
		}
	}
	if p := lin.Post(first, "title", "Mine"); p.Status != 403 {
		t.Errorf("Lin saves: %d", p.Status)
	}
	stale := ivy.Get(first + "/edit")
	site.Clock.Move(1e9)
	ivy.Submit(ivy.Get(first+"/edit"), "main form.form", "title", "First")
	if p := ivy.Submit(stale, "main form.form", "title", "Second"); p.Status != 409 || !strings.Contains(p.Text("main"), "Somebody changed this lesson meanwhile") {
		t.Errorf("a stale form: %d %s", p.Status, p.Text("main"))
	}
	ivy.Submit(ivy.Get(first+"/delete"), ".confirm form")
	if got := ivy.Get(outline).Texts(".lesson-text a"); len(got) != 1 {
		t.Errorf("after deleting: %v", got)
	}
}

// CO-1 in a browser: a text is shown as it is written, lessons are dragged, and a learner goes through by keyboard, on a phone.
func TestCO1CourseInABrowser(t *testing.T) {
	tab, site := browser.Open(t), webtest.New(t)
	outline := site.URL + write(t, site)
	signIn := func(login string) {
		tab.Go(site.URL + "/sign-in")
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), login), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
		tab.Until(`location.pathname === "/" && document.querySelector("h1")`)
	}
	signIn("ivy")
	tab.Go(outline)
	tab.Shot("course-outline")
	tab.Check("outline")
	browser.Eval[bool](tab, `(() => { const data = new DataTransfer(), lesson = document.querySelector("[data-lesson]"), list = [...document.querySelectorAll("[data-section]")].at(-1);
		lesson.dispatchEvent(new DragEvent("dragstart", {dataTransfer: data, bubbles: true}));
		list.parentElement.dispatchEvent(new DragEvent("dragover", {dataTransfer: data, bubbles: true, cancelable: true, clientY: 9999}));
		list.parentElement.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); return true })()`)
	tab.Until(`document.querySelector(".notice.good") && [...document.querySelectorAll("[data-section]")].at(-1).textContent.includes("Tables")`)
	tab.Go(browser.Eval[string](tab, `document.querySelector(".lesson-text a").href`) + "/edit")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=text]"), kb.Enter+kb.Enter+"A **last** word."))
	tab.Until(`[...document.querySelectorAll("[data-preview-out] strong")].some(e => e.textContent === "last")`)
	tab.Shot("lesson-edit")
	tab.Check("lesson edit")
	tab.Do(chromedp.Click(chromedp.CSS(".form-end .primary")))
	tab.Until(`document.querySelector(".notice.good") && document.querySelector(".prose strong")`)

	browser.Eval[bool](tab, `fetch("/sign-out", {method: "POST"}).then(() => true)`)
	signIn("lin")
	tab.Size(390, 844)
	tab.Dark(true)
	tab.Go(outline)
	tab.Shot("course-phone")
	tab.Check("outline on a phone")
	tab.Do(chromedp.Click(chromedp.CSS(".head .primary")))
	tab.Until(`document.querySelector(".prev-next button")`)
	tab.Shot("lesson-phone")
	tab.Check("lesson on a phone")
	tab.Do(chromedp.Focus(chromedp.CSS(".prev-next button")), chromedp.KeyEvent(kb.Enter))
	tab.Until(`document.querySelector(".notice.good").textContent.includes("Keys is done")`)
}
