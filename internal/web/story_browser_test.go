package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"provost/internal/job"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"
)

// story is one browser in which people sign in one after another.
type story struct {
	*browser.Tab
	t    *testing.T
	site *webtest.Site
	who  string
}

// as signs somebody in, in place of whoever was.
func (s *story) as(who string) {
	s.t.Helper()
	if s.who == who {
		return
	}
	if s.who != "" {
		browser.Eval[bool](s.Tab, `fetch("/sign-out", {method: "POST"}).then(() => true)`)
	}
	s.who = who
	s.Go(s.site.URL + "/sign-in")
	s.Do(chromedp.SendKeys(chromedp.CSS("[name=login]"), who), chromedp.SendKeys(chromedp.CSS("[name=password]"), world.Password+kb.Enter))
	s.Until(`location.pathname === "/" && document.querySelector("h1")`)
}

// open opens a page of the portal.
func (s *story) open(path string) {
	s.t.Helper()
	s.Go(s.site.URL + path)
}

// at is the path of the page that is open.
func (s *story) at() string { return browser.Eval[string](s.Tab, `location.pathname`) }

// send fills the fields of a form in pairs of a name and a value, sends it by its button, and waits for the next page.
func (s *story) send(form string, pairs ...string) {
	s.t.Helper()
	s.Until(fmt.Sprintf(`document.querySelector(%q)`, form))
	for i := 0; i+1 < len(pairs); i += 2 {
		put := `(() => { const form = document.querySelector(%q), all = [...form.querySelectorAll("[name=" + CSS.escape(%q) + "]")], value = %q;
			const box = all.find(e => e.type === "radio" || e.type === "checkbox");
			if (box) { const one = all.find(e => e.value === value); if (!one) return false; one.checked = true; return true }
			const e = all[0]; if (!e) return false; e.value = value; e.dispatchEvent(new Event("input", {bubbles: true})); return e.value === value })()`
		if !browser.Eval[bool](s.Tab, fmt.Sprintf(put, form, pairs[i], pairs[i+1])) {
			s.t.Fatalf("%s: %s has no field %s that takes %q", s.at(), form, pairs[i], pairs[i+1])
		}
	}
	s.follow(fmt.Sprintf(`const form = document.querySelector(%q); form.requestSubmit(form.querySelector("button.primary") || form.querySelector("button[type=submit]"))`, form))
}

// follow does something that leads to another page, and waits for that.
func (s *story) follow(do string) {
	s.t.Helper()
	browser.Eval[bool](s.Tab, `(() => { window.left = true; `+do+`; return true })()`)
	s.Until(`!window.left && document.readyState === "complete"`)
}

// says fails the test unless the page tells something.
func (s *story) says(text string) {
	s.t.Helper()
	if main := browser.Eval[string](s.Tab, `document.querySelector("main").innerText`); !strings.Contains(main, text) {
		s.t.Fatalf("%s does not say %q:\n%s", s.at(), text, main)
	}
}

// link is where the first link with a text leads.
func (s *story) link(text string) string {
	s.t.Helper()
	href := browser.Eval[string](s.Tab, fmt.Sprintf(`([...document.querySelectorAll("main a")].find(a => a.textContent.trim().startsWith(%q)) || {getAttribute: () => ""}).getAttribute("href")`, text))
	if href == "" {
		s.t.Fatalf("%s has no link %q:\n%s", s.at(), text, browser.Eval[string](s.Tab, `document.querySelector("main").innerText`))
	}
	return href
}

// CO-1, CO-5, RT-1, RE-2 in a browser: a teacher makes a course of a lesson with a file, an assignment and a quiz; three learners
// take it, an assistant grades them, and it is completed, certified, verified and reported.
func TestCO1CourseFromMakingToReport(t *testing.T) {
	s := &story{Tab: browser.Open(t), t: t, site: webtest.New(t)}
	course := s.make()
	s.settle(course)
	for i, who := range []string{"lin", "gus", "max"} {
		s.take(course, who, i == 0)
	}
	s.grade()
	s.end(course)
}

// make lets Ivy make the course, and returns its path.
func (s *story) make() string {
	s.t.Helper()
	s.as("ivy")
	s.open("/manage/courses/new")
	s.send("main form.form", "name", "Bread", "code", "bread", "organization", s.site.Orgs["North"].ID.String())
	course := s.at()
	s.open(course + "/outline")
	s.send(`form[action$="/sections"]`, "title", "Dough")
	s.open(browser.Eval[string](s.Tab, `document.querySelector(".section-head .button").getAttribute("href")`))
	s.send("main form.form", "title", "Flour", "text", "# Flour\n\nSee [the table](table.csv).")
	lesson := s.at()
	file := filepath.Join(s.t.TempDir(), "table.csv")
	if err := os.WriteFile(file, []byte("flour,water\n500,350\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.open(lesson + "/files")
	s.Do(chromedp.SetUploadFiles(chromedp.CSS("[name=files]"), []string{file}))
	s.send("form[enctype]")
	s.says("table.csv")
	s.open(lesson)
	s.Shot("story-lesson")
	s.open(course + "/assessments/new")
	s.send("main form.form", "kind", "assignment", "title", "Bake a loaf", "text", "Bake one, and tell how it went.", "points", "10")
	s.open(course + "/assessments/new")
	s.send("main form.form", "kind", "quiz", "title", "What is a dough?", "points", "10")
	quiz := s.at()
	s.open(quiz + "/questions/new?kind=single")
	s.send("main form.form", "prompt", "What makes it rise?", "choices.0.text", "Salt", "choices.1.text", "Yeast", "choices.1.right", "on")
	s.open(quiz + "/questions/new?kind=number")
	s.send("main form.form", "prompt", "How many grams of water for 500 g of flour at 70 %?", "number", "350")
	s.Shot("story-questions")
	s.Check("questions")
	return course
}

// settle lets Ivy say when the course is completed and that certificates are given for it, and Ana enrol three and make Lou assistant.
func (s *story) settle(course string) {
	s.t.Helper()
	s.open(course + "/completion")
	s.send("main form.form", "rule", "both", "pass", "60")
	s.send(`main form:has([name="sure"])`)
	s.open(course + "/certificates")
	s.send(`main form:has([name="give"])`, "give", "completion")
	s.as("ana")
	s.open(course + "/enrol")
	s.send("main form.form", "accounts_text", "Lin Learner\nGus Boss\nMax Lab")
	s.says("Max")
	s.open(course + "/staff")
	s.send(`form[action$="/staff"]`, "account_text", "Lou Learner", "role", "course_assistant")
	s.says("Lou Learner")
}

// take lets somebody take the whole course, from their first page on.
func (s *story) take(course, who string, looked bool) {
	s.t.Helper()
	s.as(who)
	if looked {
		s.Size(390, 844)
		defer s.Size(1280, 900)
	}
	s.open(s.link("Bread"))
	s.open(s.link("Flour"))
	if got := browser.Eval[string](s.Tab, `fetch([...document.querySelectorAll(".prose a")].find(a => a.textContent === "the table").href).then(r => r.text())`); !strings.HasPrefix(got, "flour,water") {
		s.t.Fatalf("the file holds %q", got)
	}
	s.send(`form[action$="/done"]`)
	s.open(course + "/outline")
	s.open(s.link("Bake a loaf"))
	s.send(`form[action$="/submission"]`, "text", "It went **well**, says "+who+".")
	s.says("What you handed in")
	s.open(course + "/outline")
	s.open(s.link("What is a dough?"))
	if looked {
		s.Shot("story-quiz")
	}
	s.send(`form[action$="/attempts"]`)
	browser.Eval[bool](s.Tab, `(() => { [...document.querySelectorAll("label")].find(l => l.textContent.trim() === "Yeast").click();
		const n = document.querySelector("main [inputmode=decimal]"); n.value = "350"; n.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	if looked {
		s.Shot("story-attempt")
		s.Check("attempt on a phone")
	}
	s.send(`main form:has([inputmode=decimal])`)
	if looked {
		s.Shot("story-handed-in")
	}
	if _, err := job.New(s.site.Env, nil).Quizzes(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.open(s.at())
	s.says("Right")
	s.open(course + "/outline")
	if main := browser.Eval[string](s.Tab, `document.querySelector("main").innerText`); strings.Contains(main, "You have completed") {
		s.t.Fatalf("%s has completed the course before the assignment was graded", who)
	}
}

// grade lets the assistant grade what waits, one after another.
func (s *story) grade() {
	s.t.Helper()
	s.as("lou")
	s.open("/grading")
	s.Shot("story-grading")
	s.Check("grading")
	s.open(s.link("Begin to grade"))
	s.Shot("story-grade-one")
	s.Check("grade one")
	for _, points := range []string{"8", "9", "7"} {
		s.send(`main form:has([name="points"])`, "points", points, "feedback", "A **fine** loaf.")
	}
	s.says("Nothing waits")
}

// end looks at what came of it: Lin's grades and certificate, which anybody verifies, and Ivy's report and gradebook.
func (s *story) end(course string) {
	s.t.Helper()
	s.as("lin")
	s.open(course + "/outline")
	s.says("You have completed this course.")
	s.open(course + "/grades")
	s.Shot("story-own-grades")
	s.Check("own grades")
	s.open("/certificates")
	s.says("Bread")
	s.Shot("story-certificates")
	s.Check("certificates")
	verify := browser.Eval[string](s.Tab, `document.querySelector("main a[href*='/verify/']").getAttribute("href")`)
	verify = verify[strings.Index(verify, "/verify/"):]
	if kind := browser.Eval[string](s.Tab, `fetch(document.querySelector("main a[href$='/file']").href).then(r => r.blob()).then(b => b.slice(0, 5).text())`); kind != "%PDF-" {
		s.t.Errorf("the certificate begins with %q", kind)
	}
	s.as("ivy")
	s.open(course + "/gradebook")
	s.Shot("story-gradebook")
	s.Check("gradebook")
	s.open("/reports/course-completion?status=completed")
	for _, name := range []string{"Lin Learner", "Gus Boss", "Max Lab"} {
		s.says(name)
	}
	s.Shot("story-report")
	s.Check("report")
	browser.Eval[bool](s.Tab, `fetch("/sign-out", {method: "POST"}).then(() => true)`)
	s.open(verify)
	s.says("Lin Learner")
	s.Shot("story-verify")
	s.Check("verify")
}
