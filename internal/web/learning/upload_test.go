package learning_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// CA-1 on the pages: an upload is told line by line before anything is made, and made by a button.
func TestCA1UploadOnThePages(t *testing.T) {
	site := webtest.New(t)
	outline := write(t, site)
	ivy := site.As(t, "Ivy")
	p := ivy.Get(ivy.Get(outline).Find(`a[href$="/upload"]`).AttrOr("href", ""))
	sample := ivy.Get(p.Find(`a[href="/uploads/sample"]`).AttrOr("href", ""))
	if p.Status != 200 || sample.Status != 200 || !strings.HasPrefix(sample.Body, "course,") {
		t.Fatalf("%d %d %s", p.Status, sample.Status, sample.Body)
	}
	to, course := p.Find("main form.form").AttrOr("action", ""), p.Find(`input[name="course"]`).AttrOr("value", "")
	bad := ivy.Upload(to, "table", map[string]string{"t.csv": "section,title,file\nWeek 9,<b>One</b>,gone.txt\n"}, "course", course)
	if bad.Status != 200 || !strings.Contains(bad.Text("main"), "gone.txt") || !strings.Contains(bad.Text("main"), "<b>One</b>") || bad.Has(`form[action^="/uploads/"]`) {
		t.Errorf("%d %s", bad.Status, bad.Text("main"))
	}
	if p := ivy.Upload(to, "archive", map[string]string{"x.zip": "no zip"}, "course", course); p.Status != 422 || !p.Has("#f-archive-error, [name=archive][aria-invalid]") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	good := ivy.Upload(to, "archive", map[string]string{"Slides.zip": worldtest.Zip(map[string]string{"One.pdf": "1", "Two.pdf": "2"})}, "course", course)
	done := ivy.Submit(good, `form[action^="/uploads/"]`)
	if done.Status != 200 || !strings.Contains(done.Text("main"), "All of it is made.") {
		t.Fatalf("%d %s", done.Status, done.Text("main"))
	}
	if got := strings.Join(ivy.Get(outline).Texts(".lesson-text a"), " "); !strings.Contains(got, "One Two") {
		t.Errorf("%s", got)
	}
	for who, want := range map[string]int{"Lin": 403, "Sue": 404} {
		if p := site.As(t, who).Get(to); p.Status != want {
			t.Errorf("%s opens the form: %d", who, p.Status)
		}
	}
	if p := site.As(t, "Ana").Get(good.Path); p.Status != 404 {
		t.Errorf("Ana opens Ivy's upload: %d", p.Status)
	}
}
