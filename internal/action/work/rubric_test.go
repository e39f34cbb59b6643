package work_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// CO-1: a rubric is written as text, its levels come to points, and the learner reads what was chosen, as it was then.
func TestCO1Rubrics(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.assist(t, w, "Max")
	set := func(who, text string) error {
		_, err := worldtest.Try(t, w, who, work.SaveRubric, work.NewRubric{OneAssessment: x.essay, Rubric: text})
		return err
	}
	for what, text := range map[string]string{"a level of nothing": "4 Clear", "no levels": "Argument\nLanguage\n1 Good", "no points at all": "Argument\n0 None", "below zero": "Argument\n-1 Bad", "beyond": "Argument\n1e9 Much",
		"too long": strings.Repeat("x", 501), "NaN": "Argument\nNaN Odd", "too many levels": "Argument" + strings.Repeat("\n1 Good", 11)} {
		worldtest.Check(t, "a rubric: "+what, set("Ivy", text), fail.Invalid)
	}
	const rubric = "Argument\r\n4 Clear\n2,5 Partly\n0 Missing\n\nLanguage\n1 Good\n0 Poor"
	for who, want := range map[string]fail.Kind{"Mo": fail.NotAllowed, "Lin": fail.NotAllowed, "Max": fail.NotAllowed, "Lou": fail.NotFound} {
		worldtest.Check(t, who+" sets a rubric", set(who, rubric), want)
	}
	worldtest.Check(t, "a rubric", set("Ivy", rubric), -1)
	if got := worldtest.Must(t, w, "Lin", work.ShowRubric, x.essay); len(got.Criteria) != 2 || got.Criteria[0].Levels[1] != (work.Level{Points: 2.5, Text: "Partly"}) {
		t.Fatalf("%+v", got)
	}
	copied := worldtest.Must(t, w, "Ivy", learning.CopyCourse, learning.NewCopy{OneCourse: learning.OneCourse{Course: x.course.Course}, Organization: w.Orgs["North"].ID, Code: "sql-2", Name: "SQL again"})
	again := work.OneCourse{Course: copied.ID}
	essay := worldtest.Must(t, w, "Ivy", work.ListAssessments, again).Items[0].ID
	if got := worldtest.Must(t, w, "Ivy", work.ShowRubric, work.OneAssessment{OneCourse: again, Assessment: essay}); len(got.Criteria) != 2 {
		t.Errorf("copied with its course: %+v", got)
	}
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Finished"))
	mark := func(points string, levels map[string]string) error {
		_, err := worldtest.Try(t, w, "Max", work.MarkWork, work.GivenMark{OneLearnerWork: x.of(t, w, "Lin"), Points: points, Levels: levels})
		return err
	}
	grade := func() *work.GradeItem { return worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade }
	worldtest.Check(t, "one of two", mark("", map[string]string{"0": "1"}), fail.Invalid)
	worldtest.Check(t, "no such level", mark("", map[string]string{"0": "3", "1": "0"}), fail.Invalid)
	worldtest.Check(t, "both", mark("", map[string]string{"0": "1", "1": "0"}), -1) // 3.5 of 5, of 20 points
	if g := grade(); *g.Points != 14 || len(g.Judged) != 2 || g.Judged[0] != (work.Judged{Criterion: "Argument", Level: "Partly", Points: 2.5, Of: 4}) {
		t.Fatalf("%+v", g)
	}
	worldtest.Check(t, "points by hand", mark("15", map[string]string{"0": "1", "1": "0"}), -1)
	worldtest.Check(t, "saved as it is", mark("15", map[string]string{"0": "1", "1": "0"}), -1)
	if g := grade(); *g.Points != 15 {
		t.Errorf("points given by hand are %v", *g.Points)
	}
	worldtest.Check(t, "another level", mark("15", map[string]string{"0": "0", "1": "0"}), -1)
	worldtest.Check(t, "the rubric taken away", set("Ivy", ""), -1)
	if g := grade(); *g.Points != 20 || g.Judged[0].Level != "Clear" {
		t.Errorf("%+v", g)
	}
	later := assignment("Later")
	later.Opens = w.Env.Now().Add(time.Hour)
	closed := x.add(t, w, later)
	worldtest.Must(t, w, "Ivy", work.SaveRubric, work.NewRubric{OneAssessment: closed, Rubric: rubric})
	if got := worldtest.Must(t, w, "Lin", work.ShowRubric, closed); got.Text != "" || len(got.Criteria) != 0 {
		t.Errorf("a rubric before its time: %+v", got)
	}
	other := x.essay
	other.Course = w.Courses["Go"].ID
	_, err := worldtest.Try(t, w, "Ana", work.ShowRubric, other)
	worldtest.Check(t, "of another course", err, fail.NotFound)
	verify(t, w)
}
