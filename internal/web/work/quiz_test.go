package work_test

import (
	"net/url"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// quizOf lets Ivy make a course with a quiz, without scripts; Lin takes it. It leads to the quiz's page.
func quizOf(t *testing.T, site *webtest.Site) string {
	t.Helper()
	ivy, ana := site.As(t, "Ivy"), site.As(t, "Ana")
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", "SQL", "code", "sql", "organization", site.Orgs["North"].ID.String())
	course := strings.TrimSuffix(p.Path, "/")
	ivy.Submit(ivy.Get(course+"/outline"), `form[action$="/sections"]`, "title", "Week 1")
	p = ivy.Get(ivy.Get(course+"/outline").Find(`.section-head a[href*="/assessments/new"]`).AttrOr("href", ""))
	p = ivy.Submit(p, "main form.form", "title", "Quiz", "kind", "quiz")
	ana.Submit(ana.Get(course+"/enrol"), "main form.form", "accounts_text", "Lin Learner")
	return p.Path
}

// CO-1 on the pages, without scripts: a quiz is written, taken, corrected and seen by who teaches; nothing that is typed is HTML.
func TestCO1QuizPages(t *testing.T) {
	site := webtest.New(t)
	quiz := quizOf(t, site)
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	p := ivy.Get(ivy.Get(quiz).Find(`.empty a`).AttrOr("href", ""))
	questions := p.Path
	for kind, fields := range map[string][]string{
		"single": {"prompt", "One? <b onclick=x()>b</b>", "choices.0.text", "<i>yes</i>", "choices.0.right", "on", "choices.1.text", "no"},
		"number": {"prompt", "Pi?", "number", "3.14", "tolerance", "0.01", "points", "2"},
		"text":   {"prompt", "Capital?", "accepted", "Paris", "feedback", "See the **map**."},
		"order":  {"prompt", "Sort!", "choices.0.text", "first", "choices.1.text", "second"},
	} {
		p = ivy.Submit(ivy.Get(questions+"/new?kind="+kind), "main form.form", fields...)
		if p.Path != questions {
			t.Fatalf("%s: %d %s", kind, p.Status, p.Text("main"))
		}
	}
	if p := ivy.Submit(ivy.Get(questions+"/new?kind=single"), "main form.form", "prompt", "None right", "choices.0.text", "a", "choices.1.text", "b"); p.Status != 422 || !p.Has(`[id="f-choices"][aria-invalid]`) || !strings.Contains(p.Body, "None right") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	ivy.Submit(ivy.Get(questions), `form[action$="/quiz"]`, "reveals", "answers", "minutes", "30")
	before := ivy.Get(questions).Texts(".lesson-text a")
	p = ivy.PostForm(questions+"/order", webtest.FormValues(ivy.Get(questions).Find(`.lesson form:has([value="down"])`).First()))
	if after := p.Texts(".lesson-text a"); len(after) != 4 || after[0] != before[1] {
		t.Errorf("%v, %v", before, after)
	}

	p = lin.Submit(lin.Get(quiz), `form[action$="/attempts"]`)
	attempt := p.Path
	if !strings.Contains(attempt, "/attempts/") || p.Has(".question b, .question i") || strings.Contains(p.Body, "Paris") || strings.Contains(p.Body, "3.14") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Body)
	}
	form := webtest.FormValues(p.Find("form.quiz"))
	for _, label := range p.Find(".question").EachIter() {
		id := label.AttrOr("data-question", "")
		switch {
		case label.Find("[type=radio]").Length() > 0:
			form.Set("a."+id, label.Find("[type=radio]").First().AttrOr("value", ""))
		case strings.Contains(label.Text(), "Pi?"):
			form.Set("a."+id, "3,14")
		case label.Find("select").Length() > 0:
			for _, choice := range form["c."+id] {
				place := "2"
				if strings.TrimSpace(label.Find(`label[for$="`+choice+`"]`).Text()) == "first" {
					place = "1"
				}
				form.Set("p."+id+"."+choice, place)
			}
		}
	}
	form.Set("do", "submit")
	p = lin.PostForm(attempt, form)
	if p.Status != 422 || !strings.Contains(p.Text(".notice"), "One question has no answer") || len(p.Find("[type=radio][checked]").Nodes) != 1 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	again := webtest.FormValues(p.Find("form.quiz"))
	again.Set("do", "surely")
	p = lin.PostForm(attempt, again)
	if p.Path != attempt || !strings.Contains(p.Text(".facts"), "80 %") || p.Find(".badge.good").Length() != 3 || !p.Has(".notice strong") || !strings.Contains(p.Text("main"), "Paris") {
		t.Errorf("%s: %s", p.Path, p.Text("main"))
	}
	if p := lin.PostForm(attempt, url.Values{"do": {"submit"}}); p.Path != attempt || !strings.Contains(p.Text(".flash"), "already") {
		t.Errorf("handed in twice: %d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := lin.Get(quiz); !p.Has("table a:contains('Attempt 1')") || p.Has(`a[href$="/questions"]`) {
		t.Errorf("%s", p.Text("main"))
	}
	for _, at := range []string{questions, questions + "/new", quiz + "/attempts"} {
		if p := lin.Get(at); p.Status != 403 {
			t.Errorf("Lin opens %s: %d", at, p.Status)
		}
	}
	p = ivy.Get(ivy.Get(quiz).Find(`a[href$="/attempts"]`).AttrOr("href", ""))
	p = ivy.Get(p.Find("tbody a").AttrOr("href", ""))
	for _, c := range []struct{ score, want string }{{"90.5", "90.5 %, set by hand"}, {"", "80 %"}, {"101", ""}} {
		if p := ivy.Submit(p, `form[action$="/score"]`, "score", c.score); !strings.Contains(p.Text(".facts"), c.want) || (c.want == "") != (p.Status == 422) {
			t.Errorf("score %q: %d %s", c.score, p.Status, p.Text("main"))
		}
	}
}
