package work_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-1 on the pages, without scripts: a thread is begun, answered, hidden, closed and deleted; nothing that is typed is HTML.
func TestCO1DiscussionPages(t *testing.T) {
	site := webtest.New(t)
	course, _, _ := strings.Cut(quizOf(t, site), "/assessments/")
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	p := lin.Get(lin.Get(course+"/outline").Find(`a[href$="/discussion"]`).AttrOr("href", ""))
	p = lin.Get(p.Find(".head .primary").AttrOr("href", ""))
	if p.Has("[name=announcement]") {
		t.Error("a learner may announce")
	}
	p = lin.Submit(p, "main form.form", "title", "Joins <i>x</i>", "text", "Why **left**? <script>alert(1)</script> [x](javascript:alert(1))")
	thread := p.Path
	if !strings.Contains(thread, "/discussion/") || !p.Has(".post-shown strong") || p.Has("main script, main i, a[href^=javascript]") {
		t.Fatalf("%d %s", p.Status, p.Body)
	}
	if p := ivy.Submit(ivy.Get(thread), `form[action$="/posts"]`, "text", " "); p.Status != 422 {
		t.Errorf("an empty reply: %d", p.Status)
	}
	p = ivy.Submit(ivy.Get(thread), `form[action$="/posts"]`, "text", "Because.")
	if p.Path != thread || p.Find(".post-shown").Length() != 2 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if p := lin.Get(thread); p.Has(`form[action$="/closed"]`) || p.Find(`a[href$="/edit"]`).Length() != 1 {
		t.Error("a learner sees what is not theirs")
	}
	ivy.PostForm(p.Find(`form[action$="/hidden"]`).Last().AttrOr("action", ""), webtest.FormValues(p.Find(`form[action$="/hidden"]`).Last()))
	if p := lin.Get(thread); strings.Contains(p.Text("main"), "Because.") || !strings.Contains(p.Text("main"), "Hidden by") {
		t.Errorf("%s", p.Text("main"))
	}
	edit := lin.Get(lin.Get(thread).Find(`a[href$="/edit"]`).AttrOr("href", ""))
	if p := lin.Submit(edit, "main form.form", "text", "Why?"); p.Path != thread || !strings.Contains(p.Text("main"), "changed") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := ivy.Get(edit.Path); p.Status != 403 {
		t.Errorf("Ivy edits Lin's: %d", p.Status)
	}
	if p := ivy.Submit(ivy.Get(thread), `form[action$="/closed"]`); !strings.Contains(p.Text("main"), "Nobody replies") || p.Has(`form[action$="/posts"]`) {
		t.Errorf("%s", p.Text("main"))
	}
	if p := ivy.Submit(ivy.Get(thread+"/delete"), `form[action$="/delete"]`); p.Path != course+"/discussion" || !p.Has(".empty") {
		t.Errorf("%s %s", p.Path, p.Text("main"))
	}
	if p := site.As(t, "Mo").Get(course + "/discussion"); p.Status != 403 {
		t.Errorf("Mo: %d", p.Status)
	}
}
