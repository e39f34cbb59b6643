package work_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-1 on the pages, without scripts: an anonymous survey is made, found in the outline, answered once, and shows nothing before three have.
func TestCO1SurveyPages(t *testing.T) {
	site := webtest.New(t)
	quiz := quizOf(t, site)
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	course, _, _ := strings.Cut(quiz, "/assessments/")
	p := ivy.Get(ivy.Get(course+"/outline").Find(`.section-head a[href*="/assessments/new"]`).AttrOr("href", ""))
	p = ivy.Get(p.Find(`a[href*="kind=survey"]`).AttrOr("href", ""))
	p = ivy.Submit(p, "main form.form", "title", "")
	if p.Status != 422 || !p.Has(`[name=anonymous][checked]`) {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = ivy.Submit(p, "main form.form", "title", "How was it?")
	survey := p.Path
	questions := p.Find(`.empty a`).AttrOr("href", "")
	for kind, fields := range map[string][]string{"scale": {"prompt", "How clear?"}, "text": {"prompt", "What else?"}, "multiple": {"prompt", "What helped?", "choices.0.text", "<i>film</i>", "choices.1.text", "text"}} {
		if p = ivy.Submit(ivy.Get(questions+"/new?kind="+kind), "main form.form", fields...); p.Path != questions {
			t.Fatalf("%s: %d %s", kind, p.Status, p.Text("main"))
		}
	}
	if p := lin.Get(course + "/outline"); !strings.Contains(p.Text("main"), "Survey") {
		t.Error(p.Text("main"))
	}
	p = lin.Submit(lin.Get(survey), `form[action$="/survey"]`)
	if p.Status != 422 || !p.Has(`#f-answers`) || p.Has(".question i") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	form := webtest.FormValues(p.Find(`form[action$="/survey"]`))
	text := p.Find(".question textarea").AttrOr("name", "")
	form.Set(text, "Mine <b>alone</b>")
	p = lin.PostForm(survey+"/survey", form)
	if p.Path != survey || !strings.Contains(p.Text("main"), "You answered on") || p.Has(`form[action$="/survey"]`) || strings.Contains(p.Body, "Mine") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	p = ivy.Get(survey + "/survey/results")
	if !strings.Contains(p.Text("main"), "One more has answered") || strings.Contains(p.Body, "Mine") {
		t.Error(p.Text("main"))
	}
	if p := lin.Get(survey + "/survey/results"); p.Status != 403 {
		t.Errorf("Lin: %d", p.Status)
	}
	if p := ivy.Get(questions); !strings.Contains(p.Text("main"), "What was asked stays as it is.") || p.Has(`[name=anonymous]`) {
		t.Error(p.Text("main"))
	}
	p = ivy.Get(course + "/weights")
	if p = ivy.Submit(p, "main form.form", "weights.0.weight", "lots"); p.Status != 422 || !p.Has(`[name="weights.0.weight"][aria-invalid]`) || p.Has(`[name="weights.1.weight"]`) {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = ivy.Submit(p, "main form.form", "weights.0.weight", "4"); !strings.Contains(p.Text("main"), "Sum now: 4") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
}
