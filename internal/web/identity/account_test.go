package identity_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-4: on the pages: merged after seeing what moves; deleted, restored, erased by typing the user name.
func TestAccountPages_CO4(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "Ana")
	lou, lin := "/people/"+s.People["Lou"].ID.String(), s.People["Lin"].ID.String()
	form := c.Get(lou + "/merge")
	p := c.Submit(form, `form[action="`+lou+`/merge"]`, "other_text", "lin@acme.test")
	main := p.Text("main")
	if p.Status != http.StatusOK || !strings.Contains(main, "Merge Lin Learner into Lou Learner?") || !strings.Contains(main, "What moves") || !strings.Contains(main, "Enrolments that move") {
		t.Fatalf("%d %s", p.Status, main)
	}
	if q := c.Get("/people/" + lin); strings.Contains(q.Text("main"), "is deleted") {
		t.Error("it is done already")
	}
	if q := c.Submit(form, `form[action="`+lou+`/merge"]`, "other_text", "nobody at all"); q.Status != http.StatusUnprocessableEntity {
		t.Errorf("with nobody: %d", q.Status)
	}
	if q := c.Submit(form, `form[action="`+lou+`/merge"]`, "other_text", "Sam Super"); q.Status != http.StatusForbidden {
		t.Errorf("with the super administrator: %d", q.Status)
	}
	p = c.Submit(p, `form[action="`+lou+`/merge"]`)
	if p.Path != lou || !strings.Contains(p.Text(".flash"), "Lin Learner is merged into Lou Learner") {
		t.Errorf("%s %s", p.Path, p.Text(".flash"))
	}
	if q := c.Get("/people/" + lin); !strings.Contains(q.Text("main"), "Lin Learner is deleted. They can be restored until") {
		t.Error(q.Text("main"))
	}
	sue := "/people/" + s.People["Sue"].ID.String()
	if !c.Get(sue).Has(`a[href="` + sue + `/delete"]`) {
		t.Error("no way to delete Sue")
	}
	p = c.Submit(c.Get(sue+"/delete"), `form[action="`+sue+`/delete"]`)
	if p.Path != sue || !strings.Contains(p.Text(".flash"), "Sue Learner is deleted") {
		t.Errorf("%s %s", p.Path, p.Text(".flash"))
	}
	p = c.Submit(p, `form[action="`+sue+`/restore"]`)
	if !strings.Contains(p.Text(".flash"), "restored") || strings.Contains(p.Text("main"), "is deleted") {
		t.Error(p.Text("main"))
	}
	p = c.Submit(c.Get(sue+"/delete"), `form[action="`+sue+`/erase"]`, "username", "sam")
	if p.Status != http.StatusUnprocessableEntity || !p.Has("#f-username[aria-invalid]") {
		t.Errorf("by a wrong name: %d", p.Status)
	}
	p = c.Submit(c.Get(sue+"/delete"), `form[action="`+sue+`/erase"]`, "username", "sue")
	if main := p.Text("main"); p.Path != sue || strings.Contains(main, "Sue") || !strings.Contains(main, "Erased person") || p.Has(`a[href$="/edit"]`) {
		t.Errorf("%s %s", p.Path, main)
	}
	if q := s.As(t, "Leo").Get(lou + "/merge"); q.Status != http.StatusForbidden {
		t.Errorf("Leo opens it: %d", q.Status)
	}
}
