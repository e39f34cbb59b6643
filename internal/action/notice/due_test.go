package notice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/notice"
	"provost/internal/action/path"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/world/worldtest"
)

const day = 24 * time.Hour

// taught is a course of Ivy's with a section, which Lin and Max take.
type taught struct {
	*worldtest.Test
	t       *testing.T
	course  db.ID
	section db.ID
}

func teach(t *testing.T, w *worldtest.Test, code string) taught {
	t.Helper()
	x := taught{Test: w, t: t}
	x.course = worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: code, Name: strings.ToUpper(code)}}).ID
	x.section = worldtest.Must(t, w, "Ivy", learning.AddSection, learning.NewSection{OneCourse: x.of(), SectionTitle: learning.SectionTitle{Title: "Week 1"}}).ID
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course, Accounts: []db.ID{w.People["Lin"].ID, w.People["Max"].ID}})
	return x
}

func (x taught) of() learning.OneCourse { return learning.OneCourse{Course: x.course} }

// in is a moment so long from now.
func (x taught) in(d time.Duration) time.Time { return x.Env.Now().Add(d) }

func (x taught) add(kind, title string, due time.Time) work.OneAssessment {
	x.t.Helper()
	made := worldtest.Must(x.t, x.Test, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: work.OneCourse{Course: x.course}, Section: x.section, Kind: kind,
		AssessmentFields: work.AssessmentFields{Title: title, Text: "Do it.", Points: 20, Weight: 1, Due: due}})
	return work.OneAssessment{OneCourse: work.OneCourse{Course: x.course}, Assessment: made.ID}
}

// due is what is due for somebody, in a line each.
func (x taught) due(who string, days int) (lines []string) {
	x.t.Helper()
	for _, d := range worldtest.Must(x.t, x.Test, who, notice.ListDue, notice.DueQuery{Days: days}).Items {
		lines = append(lines, d.Kind+" "+d.Title+" "+string(d.State))
	}
	return lines
}

func (x taught) want(what, who string, days int, want ...string) {
	x.t.Helper()
	if got := x.due(who, days); !slices.Equal(got, want) {
		x.t.Errorf("%s: %s has %q, want %q", what, who, got, want)
	}
}

// CO-1, CO-2, CO-5, LE-2: what is due stands in one list over all courses, by its day, for whoever has to do it and nobody else: not what was handed in, can be
// handed in no more, is closed, excused from, of an archived course, or of one that they left.
func TestCO1WhatIsDueInOneList(t *testing.T) {
	w := worldtest.New(t)
	x, y := teach(t, w, "sql"), teach(t, w, "nets")
	essay, late := x.add("assignment", "Essay", x.in(3*day)), x.add("assignment", "Sketch", x.in(day))
	y.add("assignment", "Cables", y.in(2*day))
	y.add("assignment", "Far", y.in(40*day))
	y.add("assignment", "Undated", time.Time{})
	worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: x.of(), Section: x.section, LessonFields: learning.LessonFields{Title: "Keys", Text: "Rows.", Opens: x.in(4 * day).Format(time.DateOnly)}})
	worldtest.Must(t, w, "Otto", path.Require, path.NewRequirement{Course: y.course, Organization: w.Orgs["North"].ID, Role: access.Learner, DueDays: 5})
	road := path.OnePath{Path: worldtest.Must(t, w, "Ivy", path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "Road"}}).ID}
	z := worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: "z", Name: "Zinc"}}).ID
	worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: road, Course: z, AfterDays: 6})
	worldtest.Must(t, w, "Ana", path.EnrolInPath, path.NewLearners{OnePath: road, Accounts: []db.ID{w.People["Lin"].ID}})
	all := []string{"assignment Sketch due", "assignment Cables due", "assignment Essay due", "lesson Keys opens", "requirement NETS due", "goal Zinc opens"}
	x.want("at first", "Lin", 14, all...)
	x.want("without an end", "Lin", 0, append(all, "assignment Far due")...)
	for _, who := range []string{"Ivy", "Lou", "Una", "Ana"} {
		x.want("who takes neither", who, 14)
	}

	worldtest.Must(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: essay, Text: "Done."})
	w.Clock.Move(36 * time.Hour)
	x.want("one is overdue, one was handed in", "Lin", 14, "assignment Sketch overdue", "assignment Cables due", "lesson Keys opens", "requirement NETS due", "goal Zinc opens")
	mark := enrolment(t, w, x.course, "Lin")
	worldtest.Must(t, w, "Ivy", work.MarkWork, work.GivenMark{OneLearnerWork: work.OneLearnerWork{OneAssessment: late, Enrolment: mark}, Points: "x"})
	x.want("excused", "Lin", 1, "assignment Cables due")
	x.want("but Max is not", "Max", 1, "assignment Sketch overdue", "assignment Cables due")
	closing := work.AssessmentFields{Title: "Sketch", Text: "Do it.", Points: 20, Weight: 1, Due: x.in(-12 * time.Hour), Closes: x.in(-time.Hour)}
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: late, AssessmentFields: closing})
	x.want("taken no more", "Max", 1, "assignment Cables due")

	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: y.of(), Closed: []string{"course.submit"}})
	x.want("handing in is closed", "Max", 1)
	worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: y.of()})
	x.want("and open again", "Max", 1, "assignment Cables due")
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, y.of())
	x.want("archived", "Max", 1)
	worldtest.Must(t, w, "Ivy", learning.RestoreCourse, y.of())
	worldtest.Must(t, w, "Ana", action.Unenrol, action.OneEnrolment{Course: y.course, Enrolment: enrolment(t, w, y.course, "Max")})
	x.want("left", "Max", 1)
	w.Clock.Move(70 * day)
	x.want("long overdue", "Lin", 0, "requirement NETS overdue", "assignment Far overdue")
}

// enrolment is somebody's in a course.
func enrolment(t *testing.T, w *worldtest.Test, course db.ID, who string) db.ID {
	t.Helper()
	for _, e := range worldtest.Must(t, w, who, action.ListMyEnrolments, action.MyEnrolmentQuery{}).Items {
		if e.Course.ID == course {
			return e.ID
		}
	}
	t.Fatalf("%s is not in the course", who)
	return 0
}
