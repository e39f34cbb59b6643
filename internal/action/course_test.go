package action_test

import (
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// Everybody lists exactly the courses that they may see.
func TestListCourses(t *testing.T) {
	w := worldtest.New(t)
	for who, want := range map[string]string{"Sam": "First aid, Go", "Leo": "First aid, Go", "Mo": "First aid, Go", "Otto": "Go", "Ivy": "Go",
		"Bea": "", "Lin": "", "Urs": "Night shift"} {
		out, err := action.ListCourses.Run(t.Context(), w.Env, w.As(who), action.CourseQuery{})
		var names []string
		for _, c := range out.Items {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ", "); err != nil || got != want || out.Total != len(names) {
			t.Errorf("%s lists %s, %v; want %s", who, got, err, want)
		}
	}
	out, err := action.ListCourses.Run(t.Context(), w.Env, w.As("Leo"), action.CourseQuery{Query: "AID"})
	if err != nil || len(out.Items) != 1 || out.Items[0].Code != "first-aid" || out.Items[0].Learners == nil || *out.Items[0].Learners != 4 {
		t.Errorf("%+v, %v", out, err)
	}
}

// LM-7: learner managers read a course's record and enrol, and neither configure it nor make one.
func TestLM7CourseRecord(t *testing.T) {
	w := worldtest.New(t)
	out, err := action.ShowCourse.Run(t.Context(), w.Env, w.As("Leo"), action.OneCourse{Course: w.Courses["First aid"].ID})
	if err != nil || !out.MayEnrol || out.MayConfigure || out.Enrolments[store.Completed] != 1 || out.Enrolments[store.Withdrawn] != 1 ||
		out.Enrolments[store.Active] != 1 || out.Enrolments[store.Failed] != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	edit := action.ChangedCourse{Course: w.Courses["Go"].ID, CourseFields: action.CourseFields{Code: "go", Name: "Go on"}}
	for who, want := range map[string]fail.Kind{"Leo": fail.NotAllowed, "Mo": fail.NotAllowed, "Bea": fail.NotFound, "Lin": fail.NotAllowed, "Urs": fail.NotFound, "Otto": none} {
		_, err := action.EditCourse.Run(t.Context(), w.Env, w.As(who), edit)
		wants(t, who+" edits Go", err, want)
	}
	for who, want := range map[string]fail.Kind{"Leo": fail.NotAllowed, "Otto": fail.NotFound, "Lin": fail.NotFound, "Ana": none} {
		in := action.NewCourse{Organization: w.Orgs["South"].ID, CourseFields: action.CourseFields{Code: "s-" + who, Name: "South " + who}}
		_, err := action.CreateCourse.Run(t.Context(), w.Env, w.As(who), in)
		wants(t, who+" makes a course in South", err, want)
	}
}

// RT-1: who makes a course owns it; an instructor does so in their organization.
func TestRT1CreateCourse(t *testing.T) {
	w := worldtest.New(t)
	in := action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: "sql", Name: "SQL", Starts: "2026-04-01", Ends: "2026-03-01"}}
	_, err := action.CreateCourse.Run(t.Context(), w.Env, w.As("Ivy"), in)
	wants(t, "a course that ends before it starts", err, fail.Invalid)
	in.Ends = "2026-05-01"
	made, err := action.CreateCourse.Run(t.Context(), w.Env, w.As("Ivy"), in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = action.CreateCourse.Run(t.Context(), w.Env, w.As("Ivy"), in)
	wants(t, "the same code", err, fail.Conflict)
	edit := action.ChangedCourse{Course: made.ID, CourseFields: in.CourseFields}
	edit.Name = "Structured queries"
	if out, err := action.EditCourse.Run(t.Context(), w.Env, w.As("Ivy"), edit); err != nil || out.Name != edit.Name || out.Starts != "2026-04-01" {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err := action.ShowCourse.Run(t.Context(), w.Env, w.As("Ivy"), action.OneCourse{Course: made.ID}); err != nil || !out.MayEnrol || !out.MayConfigure {
		t.Errorf("%+v, %v", out, err)
	}
}
