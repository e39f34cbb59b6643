package work_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

func (x taught) text(s string) work.OwnText { return work.OwnText{OneAssessment: x.essay, Text: s} }

// enrolment is the enrolment of somebody in the course.
func (x taught) enrolment(t *testing.T, w *worldtest.Test, who string) db.ID {
	t.Helper()
	for _, e := range worldtest.Must(t, w, "Ana", action.ListCourseEnrolments, action.CourseEnrolmentQuery{Course: x.course.Course}).Items {
		if e.Learner.ID == w.People[who].ID {
			return e.ID
		}
	}
	t.Fatalf("%s is not in the course", who)
	return 0
}

func (x taught) of(t *testing.T, w *worldtest.Test, who string) work.OneLearnerWork {
	t.Helper()
	return work.OneLearnerWork{OneAssessment: x.essay, Enrolment: x.enrolment(t, w, who)}
}

func (x taught) mark(t *testing.T, w *worldtest.Test, by, who, points string) (work.Marked, error) {
	t.Helper()
	return worldtest.Try(t, w, by, work.MarkWork, work.GivenMark{OneLearnerWork: x.of(t, w, who), Points: points, Feedback: "Well *argued*."})
}

// assist makes somebody an assistant in the course.
func (x taught) assist(t *testing.T, w *worldtest.Test, who string) {
	t.Helper()
	worldtest.Must(t, w, "Ana", learning.AddStaff, learning.NewStaff{OneCourse: learning.OneCourse{Course: x.course.Course}, Account: w.People[who].ID, Role: access.CourseAssist})
}

// CO-1, LE-1, TA-1: a learner keeps drafts, hands in and again; an assistant grades one after another; the learner reads the grade.
func TestCO1TA1HandingInAndGrading(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.assist(t, w, "Gus")
	f := assignment("Essay")
	f.Due, f.LatePercent, f.Attempts = w.Env.Now().Add(time.Hour), 10, 2
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	worldtest.Must(t, w, "Lin", work.SaveDraft, x.text("First"))
	worldtest.Must(t, w, "Lin", work.SaveDraft, x.text("First thoughts"))
	mine := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay)
	if mine.Draft == nil || mine.Draft.Text != "First thoughts" || len(mine.Attempts) != 0 || mine.Grade != nil || !mine.Takes {
		t.Fatalf("a draft: %+v", mine)
	}
	if seen := worldtest.Must(t, w, "Gus", work.ShowLearnerWork, x.of(t, w, "Lin")); len(seen.Attempts) != 0 {
		t.Errorf("a grader reads a draft: %+v", seen)
	}
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Finished"))
	w.Clock.Move(time.Minute)
	worldtest.Must(t, w, "Max", work.HandIn, x.text("Mine"))
	list := worldtest.Must(t, w, "Gus", work.ListWaiting, work.WaitingQuery{})
	if list.Total != 2 || list.Items[0].Learner != "Lin Learner" || list.Items[1].Assessment.Name != "Essay" {
		t.Fatalf("what waits: %+v", list)
	}
	next, err := x.mark(t, w, "Gus", "Lin", "15")
	if worldtest.Check(t, "graded", err, -1); next.Next == nil || next.Next.Learner != "Max Member" && !strings.HasPrefix(next.Next.Learner, "Max") {
		t.Errorf("what waits next: %+v", next)
	}
	mine = worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay)
	if g := mine.Grade; g == nil || g.Points == nil || *g.Points != 15 || g.Feedback != "Well *argued*." || g.Waits || mine.Draft != nil || len(mine.Attempts) != 1 {
		t.Fatalf("the grade: %+v", mine)
	}
	if score := *worldtest.Must(t, w, "Lin", action.ListMyEnrolments, action.MyEnrolmentQuery{Size: 200}).Items[0].Score; score != 75 && score == 0 {
		t.Errorf("the course's score: %v", score)
	}
	// Handed in again, a day and an hour late: two days begun, so a fifth of the points.
	w.Clock.Move(26 * time.Hour)
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Better"))
	if g := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade; *g.Points != 15 || !g.Waits {
		t.Errorf("before it is graded again: %+v", g)
	}
	_, err = x.mark(t, w, "Gus", "Lin", "19,5")
	worldtest.Check(t, "graded again", err, -1)
	mine = worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay)
	if g := mine.Grade; *g.Points != 15.5 || g.LateOff != 4 || !mine.UsedUp || mine.Takes || mine.Attempts[0].DaysLate != 2 {
		t.Errorf("late: %+v %+v", g, mine)
	}
	_, err = worldtest.Try(t, w, "Lin", work.HandIn, x.text("Once more"))
	worldtest.Check(t, "a third attempt of two", err, fail.Conflict)
	// More time for everybody: the score follows.
	f.Due = f.Due.Add(72 * time.Hour)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	if g := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade; *g.Points != 19.5 || g.LateOff != 0 {
		t.Errorf("with more time: %+v", g)
	}
	_, err = x.mark(t, w, "Gus", "Max", "x")
	worldtest.Check(t, "excused", err, -1)
	if g := worldtest.Must(t, w, "Max", work.ShowOwnWork, x.essay).Grade; !g.Excused || g.Points != nil {
		t.Errorf("excused: %+v", g)
	}
	if list := worldtest.Must(t, w, "Gus", work.ListWaiting, work.WaitingQuery{}); list.Total != 0 {
		t.Errorf("what still waits: %+v", list)
	}
	f.Closes = f.Due.Add(time.Second)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	w.Clock.Move(80 * time.Hour)
	_, err = worldtest.Try(t, w, "Max", work.HandIn, x.text("Too late"))
	worldtest.Check(t, "when it is closed", err, fail.Conflict)
	verify(t, w)
}

// CO-1: grades that are held back are shown to nobody but graders, and counted nowhere, until their time has come.
func TestCO1GradesAreHeldBack(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	f := assignment("Essay")
	f.GradesAt = w.Env.Now().Add(time.Hour)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Finished"))
	_, err := x.mark(t, w, "Ivy", "Lin", "10")
	worldtest.Check(t, "graded", err, -1)
	score := func() *float64 {
		return worldtest.Must(t, w, "Ana", action.ShowEnrolment, action.OneEnrolment{Course: x.course.Course, Enrolment: x.enrolment(t, w, "Lin")}).Score
	}
	if g := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade; g.Points != nil || g.Feedback != "" || g.Graded != nil || !g.Held || score() != nil {
		t.Fatalf("before its time: %+v %v", g, score())
	}
	if seen := worldtest.Must(t, w, "Ivy", work.ShowLearnerWork, x.of(t, w, "Lin")); *seen.Grade.Points != 10 || seen.Given != "10" {
		t.Errorf("who grades: %+v", seen.Grade)
	}
	more, err := work.Release(t.Context(), w.Env)
	if worldtest.Check(t, "before", err, -1); more {
		t.Error("released before its time")
	}
	for who, want := range map[string]fail.Kind{"Ivy": fail.Conflict, "Lin": fail.NotAllowed, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, work.ReleaseGrades, x.essay)
		worldtest.Check(t, who+" releases it before its time", err, want)
	}
	w.Clock.Move(2 * time.Hour)
	more, err = work.Release(t.Context(), w.Env)
	if worldtest.Check(t, "after", err, -1); !more {
		t.Error("not released in its time")
	}
	if more, err = work.Release(t.Context(), w.Env); more || err != nil || audited(t, w, "grade.release") != 1 {
		t.Errorf("released once more: %v %v", more, err)
	}
	if g := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay).Grade; g.Points == nil || *g.Points != 10 || score() == nil || *score() != 50 {
		t.Errorf("in its time: %+v", g)
	}
	verify(t, w)
}

// CO-1, RT-1, PT-4: who hands in, who grades, and what is refused.
func TestRT1WhoGrades(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Finished"))
	lin := x.of(t, w, "Lin")
	for _, c := range []struct {
		who  string
		want fail.Kind
	}{{"Ivy", -1}, {"Ana", -1}, {"Otto", -1}, {"Mo", fail.NotAllowed}, {"Lin", fail.NotAllowed}, {"Max", fail.NotAllowed}, {"Leo", fail.NotAllowed}, {"Gus", fail.NotAllowed}, {"Lou", fail.NotFound}} {
		_, err := worldtest.Try(t, w, c.who, work.ShowLearnerWork, lin)
		worldtest.Check(t, c.who+" opens the work", err, c.want)
		_, err = worldtest.Try(t, w, c.who, work.MarkWork, work.GivenMark{OneLearnerWork: lin, Points: "20"})
		worldtest.Check(t, c.who+" grades", err, c.want)
		if list := worldtest.Must(t, w, c.who, work.ListWaiting, work.WaitingQuery{}); list.Total != 0 {
			t.Errorf("%s has waiting %+v", c.who, list)
		}
	}
	_, err := work.MarkWork.Run(t.Context(), w.Env, w.As("Una"), work.GivenMark{OneLearnerWork: lin})
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)
	for who, want := range map[string]fail.Kind{"Ivy": fail.NotAllowed, "Ana": fail.NotAllowed, "Mo": fail.NotAllowed, "Lou": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, work.HandIn, x.text("Not mine"))
		worldtest.Check(t, who+" hands in", err, want)
	}
	// Sue of the South learns in the course too: Otto, of the North, grades in it and still does not see her work.
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Sue"].ID}})
	worldtest.Must(t, w, "Sue", work.HandIn, x.text("From the South"))
	_, err = x.mark(t, w, "Otto", "Sue", "1")
	if worldtest.Check(t, "Otto grades Sue", err, fail.NotFound); worldtest.Must(t, w, "Otto", work.ListWaiting, work.WaitingQuery{}).Total != 0 {
		t.Error("Otto is told of Sue's work")
	}
	// An assistant who also learns here grades others, and never themselves.
	x.assist(t, w, "Max")
	worldtest.Must(t, w, "Max", work.HandIn, x.text("Mine"))
	_, err = x.mark(t, w, "Max", "Lin", "20")
	worldtest.Check(t, "Max grades Lin", err, -1)
	_, err = x.mark(t, w, "Max", "Max", "20")
	if worldtest.Check(t, "Max grades himself", err, fail.NotAllowed); worldtest.Must(t, w, "Max", work.ListWaiting, work.WaitingQuery{}).Total != 1 {
		t.Error("Max is asked to grade himself")
	}
	acting := w.As("Ivy")
	acting.Behind = w.People["Max"].ID
	_, err = work.MarkWork.Run(t.Context(), w.Env, acting, work.GivenMark{OneLearnerWork: x.of(t, w, "Max"), Points: "20"})
	worldtest.Check(t, "Max grades himself as Ivy", err, fail.NotAllowed)
	elsewhere := lin
	elsewhere.Enrolment = worldtest.Must(t, w, "Ana", action.ListCourseEnrolments, action.CourseEnrolmentQuery{Course: w.Courses["Go"].ID}).Items[0].ID
	_, err = worldtest.Try(t, w, "Ana", work.MarkWork, work.GivenMark{OneLearnerWork: elsewhere, Points: "20"})
	worldtest.Check(t, "a learner of another course", err, fail.NotFound)
	for _, points := range []string{"21", "-1", "NaN", "Inf", "1e9", "ten", "1,5,0"} {
		_, err := x.mark(t, w, "Ivy", "Lin", points)
		worldtest.Check(t, "points "+points, err, fail.Invalid)
	}
	astray := lin
	astray.Assessment = w.Works["go-1"].ID
	_, err = worldtest.Try(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: astray, Points: "1"})
	worldtest.Check(t, "an assessment of another course", err, fail.NotFound)
	was := worldtest.Must(t, w, "Ivy", work.ShowLearnerWork, lin).Changed
	w.Clock.Move(time.Minute)
	worldtest.Must(t, w, "Lin", work.HandIn, x.text("Again"))
	_, err = worldtest.Try(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: lin, Points: "1", Was: was})
	worldtest.Check(t, "what was handed in again meanwhile", err, fail.Conflict)
	for what, text := range map[string]string{"nothing": " \n", "too much": strings.Repeat("x", 200_001), "no text": "\xff"} {
		_, err := worldtest.Try(t, w, "Lin", work.HandIn, x.text(text))
		worldtest.Check(t, what, err, fail.Invalid)
	}
	f := assignment("Essay")
	f.Closes = w.Env.Now()
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
	_, err = worldtest.Try(t, w, "Lin", work.SaveDraft, x.text("Late"))
	worldtest.Check(t, "after it closed", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: work.OneAssessment{OneCourse: work.OneCourse{Course: w.Courses["Go"].ID}, Assessment: w.Works["go-1"].ID}, Text: "Here"})
	worldtest.Check(t, "an imported assessment", err, fail.Conflict)
	verify(t, w)
}
