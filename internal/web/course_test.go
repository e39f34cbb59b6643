package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// LM-5: Leo finds a course, sees its record and its learners, enrols people by a pasted list and takes one out again.
func TestLM5CoursePages(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	p := leo.Get("/manage/courses?q=go")
	if p.Status != http.StatusOK || p.Find("tbody tr").Length() != 1 || strings.Contains(p.Body, "Night") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	course := p.Find("a.row-link").AttrOr("href", "")
	if p = leo.Get(course); p.Status != http.StatusOK || !strings.Contains(p.Text("tbody"), "Lin Learner") || p.Has("a[href$='/edit']") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if p = leo.Get(course + "?status=enrolled"); p.Find("tbody tr").Length() != 1 || !strings.Contains(p.Text("tbody"), "Max") {
		t.Errorf("%s", p.Text("tbody"))
	}
	p = leo.Get(course + "/enrol")
	p = leo.Submit(p, "form.form", "accounts_text", "Lou Learner\nnobody\nuna@umbra.test")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".summary"), "Line 2") || !strings.Contains(p.Text("textarea"), "nobody") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = leo.Submit(p, "form.form", "accounts_text", "Lou Learner, Max Lab", "_preview", "1")
	if p.Status != http.StatusOK || !strings.Contains(p.Text(".preview"), "would be enrolled: Lou Learner") || !strings.Contains(p.Text(".preview"), "already: Max Lab") {
		t.Fatalf("%d %s", p.Status, p.Text(".preview"))
	}
	p = leo.Submit(p, "form.form", "accounts", site.People["Sue"].ID.String(), "accounts_text", "Lou Learner")
	if p.Path != course || p.Text("#flash") == "" || p.Find("tbody tr").Length() != 4 {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	out := p.Find("tbody tr:contains('Sue') a.menu-item").AttrOr("href", "")
	p = leo.Submit(leo.Get(out), "main form.form")
	if p.Path != course || !strings.Contains(p.Text("tbody tr.muted-row"), "Sue") {
		t.Errorf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
}

// Who may not do a thing sees no button for it, and is refused where they try; what they may not see is not there.
func TestCoursePagesByPerson(t *testing.T) {
	site := webtest.New(t)
	course, night := "/courses/"+site.Courses["Go"].ID.String(), "/courses/"+site.Courses["Night shift"].ID.String()
	for who, want := range map[string]int{"Mo": http.StatusForbidden, "Gus": http.StatusForbidden, "Lin": http.StatusForbidden, "Bea": http.StatusNotFound} {
		c := site.As(t, who)
		if p := c.Get(course + "/enrol"); p.Status != want {
			t.Errorf("%s opens enrolling: %d", who, p.Status)
		}
		if p := c.Post(course+"/enrol", "accounts", site.People["Lou"].ID.String()); p.Status != want {
			t.Errorf("%s enrols: %d", who, p.Status)
		}
		if p := c.Get(night); p.Status != http.StatusNotFound {
			t.Errorf("%s opens a course of Umbra: %d", who, p.Status)
		}
	}
	if p := site.As(t, "Mo").Get(course); p.Status != http.StatusOK || p.Has("a[href$='/enrol']") || p.Has("tbody .menu") {
		t.Errorf("Mo: %d %s", p.Status, p.Text("main"))
	}
	ana := site.As(t, "Ana")
	p := ana.Submit(ana.Get("/manage/courses/new"), "main form.form", "name", "SQL", "code", "sql", "starts", "2026-04-01", "organization", site.Orgs["South"].ID.String())
	if p.Status != http.StatusOK || p.Text("h1") != "SQL" || !strings.Contains(p.Text(".facts"), "1 Apr 2026") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	p = ana.Submit(ana.Get(p.Path+"/edit"), "main form.form", "code", "go")
	if p.Status != http.StatusConflict {
		t.Errorf("a code that is taken: %d", p.Status)
	}
	otto := site.As(t, "Otto").Get("/manage/courses")
	if got := otto.Texts("tbody .named-name"); !slices.Equal(got, []string{"Go"}) {
		t.Errorf("Otto: %v", got)
	}
}

// One's own courses stand on one's home page, with one's own progress.
func TestMyCourses(t *testing.T) {
	site := webtest.New(t)
	p := site.As(t, "Lin").Get("/")
	if got := p.Texts("tbody .named-name"); !slices.Equal(got, []string{"First aid", "Go"}) && !slices.Equal(got, []string{"Go", "First aid"}) || !strings.Contains(p.Body, "66.7%") {
		t.Errorf("%v", got)
	}
	if p = site.As(t, "Ana").Get("/"); p.Has("tbody") {
		t.Errorf("Ana: %s", p.Text("main"))
	}
}
