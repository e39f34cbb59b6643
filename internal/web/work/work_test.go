package work_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-1, TA-1 on the pages, without scripts: work is set, handed in, graded one by one, and its grade is read.
func TestCO1TA1WorkPages(t *testing.T) {
	site := webtest.New(t)
	ivy, ana, lin := site.As(t, "Ivy"), site.As(t, "Ana"), site.As(t, "Lin")
	p := ivy.Submit(ivy.Get("/manage/courses/new"), "main form.form", "name", "SQL", "code", "sql", "organization", site.Orgs["North"].ID.String())
	course := strings.TrimSuffix(p.Path, "/")
	ivy.Submit(ivy.Get(course+"/outline"), `form[action$="/sections"]`, "title", "Week 1")
	p = ivy.Get(ivy.Get(course+"/outline").Find(`.section-head a[href*="/assessments/new"]`).AttrOr("href", ""))
	p = ivy.Submit(p, "main form.form", "title", "Essay", "text", "Write **it**.", "points", "20")
	essay := p.Path
	if p.Status != 200 || !p.Has(".prose strong") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := ivy.Submit(ivy.Get(essay+"/rubric/edit"), "main form.form", "rubric", "Argument\n4 Clear\n0 Missing"); p.Path != essay+"/rubric" || !strings.Contains(p.Text("tbody"), "Clear") {
		t.Errorf("a rubric: %d %s", p.Status, p.Text("main"))
	}
	ana.Submit(ana.Get(course+"/enrol"), "main form.form", "accounts_text", "Lin Learner\nMax Lab")
	form := `form[action$="/submission"]`
	if p := lin.Submit(lin.Get(essay), form, "text", " "); p.Status != 422 || p.Text(".error") == "" {
		t.Errorf("an empty text: %d", p.Status)
	}
	if p := lin.Post(essay+"/submission/draft", "text", "Thoughts"); p.Path != essay || p.Find("textarea").Text() != "\nThoughts" && p.Find("textarea").Text() != "Thoughts" {
		t.Errorf("a draft: %d %q", p.Status, p.Find("textarea").Text())
	}
	for _, who := range []string{"Lin", "Max"} {
		c := site.As(t, who)
		if p := c.Submit(c.Get(essay), form, "text", "Of *"+who+"* <script>alert(1)</script>"); p.Path != essay || !p.Has(".card .prose em") || p.Has(".prose script") {
			t.Fatalf("%s hands in: %d %s", who, p.Status, p.Text("main"))
		}
	}
	p = ivy.Get(ivy.Get("/").Find(`nav a[href="/grading"]`).AttrOr("href", "no way to grading"))
	p = ivy.Get(p.Find(".head .primary").AttrOr("href", ""))
	if p.Text("h1") != "Lin Learner" || !p.Has(".card .prose em") || p.Has(".prose script") {
		t.Fatalf("the first work: %d %s", p.Status, p.Text("main"))
	}
	mark := `form[action*="/learners/"]`
	if p := ivy.Submit(p, mark, "points", "21"); p.Status != 422 || p.Text(".error") == "" {
		t.Errorf("too many points: %d", p.Status)
	}
	if p = ivy.Submit(p, mark, "points", "15", "levels.0", "0", "feedback", "Well *done*."); p.Text("h1") != "Max Lab" {
		t.Errorf("after the first: %s %s", p.Path, p.Text("h1"))
	}
	if p = ivy.Submit(p, mark, "points", "x"); p.Path != "/grading" || !p.Has(".empty") {
		t.Errorf("after the last: %s", p.Path)
	}
	if p := lin.Get(essay); !strings.Contains(p.Text(".facts"), "15 of 20 points") || !strings.Contains(p.Text("tbody"), "Clear") || !strings.Contains(p.Text(".card .prose"), "Well done.") {
		t.Errorf("the learner's grade: %s", p.Text("main"))
	}
	book := course + "/gradebook"
	if p := ivy.Get(course + "/grades"); p.Path != book || strings.Join(p.Texts("tbody td"), ",") != "75 %,15,,Excused" {
		t.Errorf("the gradebook: %s %q", p.Path, p.Texts("tbody td"))
	}
	p = ivy.Get(ivy.Get(book).Find(".head .primary").AttrOr("href", ""))
	field := p.Find("input.cell").First().AttrOr("name", "")
	if p = ivy.Submit(p, "main form.form", field, "99"); p.Status != 422 || !p.Has(`input.cell[aria-invalid="true"][value="99"]`) {
		t.Errorf("too many points in a cell: %d", p.Status)
	}
	if p = ivy.Submit(p, "main form.form", field, "16"); p.Path != book+"?" && p.Path != book || !strings.Contains(p.Text("tbody"), "16") {
		t.Errorf("a cell: %d %s %s", p.Status, p.Path, p.Text("tbody"))
	}
	file := lin.Get(book + "/file")
	if file.Status != 403 || !strings.Contains(ivy.Get(book+"/file").Body, ",16,80,") {
		t.Errorf("the file: %d %s", file.Status, ivy.Get(book+"/file").Body)
	}
	if p := ivy.Submit(ivy.Get(book+"/upload"), "main form.form", "csv", "nothing"); p.Status != 422 {
		t.Errorf("no file of grades: %d", p.Status)
	}
	if p := ivy.Submit(ivy.Get(book+"/scale"), "main form.form", "scale", "Good 80\nPoor 0"); p.Path != book || !strings.Contains(p.Text("tbody"), "Good · 80 %") {
		t.Errorf("letters: %s %s", p.Path, p.Text("tbody"))
	}
	if p := lin.Get(course + "/grades"); p.Path != course+"/grades" || !strings.Contains(p.Text("main"), "Good · 80 %") || !strings.Contains(p.Text("tbody"), "16 of 20") {
		t.Errorf("one's own grades: %s", p.Text("main"))
	}
	for who, want := range map[string]int{"Lin": 403, "Mo": 403, "Leo": 403} {
		if p := site.As(t, who).Get("/grading"); p.Status != want {
			t.Errorf("%s opens what waits: %d", who, p.Status)
		}
	}
}
