package learning_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func sound(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		found, err := store.Verify(t.Context(), tx)
		if len(found) > 0 {
			t.Errorf("verify: %v", found)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// CO-1, RT-1: an archived course is read-only for everybody, whoever they are; it is restored by those who may archive it.
func TestCO1ArchivedCourseIsReadOnly(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	worldtest.Must(t, w, "Ana", learning.AddStaff, learning.NewStaff{OneCourse: x.course, Account: w.People["Gus"].ID, Role: access.CoInstructor})
	for who, want := range map[string]fail.Kind{"Gus": fail.NotAllowed, "Lin": fail.NotAllowed, "Mo": fail.NotAllowed, "Leo": fail.NotAllowed, "Sue": fail.NotFound, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, learning.ArchiveCourse, x.course)
		worldtest.Check(t, who+" archives", err, want)
		_, err = worldtest.Try(t, w, who, learning.DeleteCourse, learning.CourseEnd{OneCourse: x.course, Name: "SQL"})
		worldtest.Check(t, who+" deletes", err, want)
	}
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, x.course)
	_, err := worldtest.Try(t, w, "Ana", learning.ArchiveCourse, x.course)
	worldtest.Check(t, "archived twice", err, fail.Conflict)
	for _, who := range []string{"Sam", "Ana", "Otto", "Ivy", "Gus"} {
		_, err := worldtest.Try(t, w, who, learning.AddSection, learning.NewSection{OneCourse: x.course, SectionTitle: learning.SectionTitle{Title: "More"}})
		if !fail.Is(err, fail.NotAllowed) || !strings.Contains(err.Error(), "archived") {
			t.Errorf("%s writes: %v", who, err)
		}
		_, err = worldtest.Try(t, w, who, action.EditCourse, action.ChangedCourse{Course: x.course.Course, CourseFields: action.CourseFields{Code: "sql", Name: "SQL 2"}})
		worldtest.Check(t, who+" configures", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Lou"].ID}})
		worldtest.Check(t, who+" enrols", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, learning.AddStaff, learning.NewStaff{OneCourse: x.course, Account: w.People["Lou"].ID, Role: access.CourseAssist})
		worldtest.Check(t, who+" adds staff", err, fail.NotAllowed)
	}
	_, err = worldtest.Try(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	worldtest.Check(t, "a learner takes it", err, fail.Conflict)
	if out := worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course); !out.Archived || out.MayEdit {
		t.Errorf("a learner reads: %+v", out)
	}
	if out := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)); out.Text == "" || !out.Archived {
		t.Errorf("a learner reads a lesson: %+v", out)
	}
	then := w.Clock.Now().Format(time.DateOnly)
	w.Clock.Move(72 * time.Hour)
	why := worldtest.Must(t, w, "Ana", action.Explain, action.WhyQuery{Permission: "course.add_content", Thing: "SQL"})
	if why.Allowed || why.Shut != access.ShutArchived || len(why.Ways) != 0 {
		t.Errorf("BE-1: %+v", why)
	}
	listed := func(archived bool) (n int) {
		for _, c := range worldtest.Must(t, w, "Ana", action.ListCourses, action.CourseQuery{Archived: archived}).Items {
			if c.Name == "SQL" {
				n++
			}
		}
		return n
	}
	if listed(false) != 0 || listed(true) != 1 {
		t.Error("an archived course is not listed among the archived alone")
	}
	_, err = worldtest.Try(t, w, "Gus", learning.RestoreCourse, x.course)
	worldtest.Check(t, "a co-instructor restores", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ivy", learning.RestoreCourse, x.course)
	w.Clock.Move(72 * time.Hour)
	for at, want := range map[string]bool{then: false, "": true} {
		if why := worldtest.Must(t, w, "Ana", action.Explain, action.WhyQuery{Permission: "course.add_content", Thing: "SQL", At: at}); why.Allowed != want {
			t.Errorf("BE-3: at %q: %+v", at, why)
		}
	}
	worldtest.Must(t, w, "Gus", learning.AddSection, learning.NewSection{OneCourse: x.course, SectionTitle: learning.SectionTitle{Title: "More"}})
	worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	sound(t, w)
}

// RT-1: a course is deleted by its owner, with its name typed; every role in it ends, and the learners' records and figures stay.
func TestRT1DeletedCourseLeavesRecords(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Max"].ID}})
	end := learning.CourseEnd{OneCourse: x.course, Name: "sql"}
	_, err := worldtest.Try(t, w, "Ivy", learning.DeleteCourse, end)
	worldtest.Check(t, "another name", err, fail.Invalid)
	if lost := worldtest.Must(t, w, "Ivy", learning.ForeseeCourseEnd, x.course); lost.Learners != 2 || lost.Records != 2 || lost.Staff != 1 || lost.Lessons != 3 {
		t.Errorf("%+v", lost)
	}
	before := worldtest.Must(t, w, "Ana", report.ShowDashboard, report.DashboardQuery{})
	end.Name = " SQL"
	worldtest.Must(t, w, "Ivy", learning.DeleteCourse, end)
	for _, who := range []string{"Sam", "Ana", "Ivy", "Lin"} {
		_, err := worldtest.Try(t, w, who, learning.ShowOutline, x.course)
		worldtest.Check(t, who+" opens what is deleted", err, fail.NotFound)
		_, err = worldtest.Try(t, w, who, learning.RestoreCourse, x.course)
		worldtest.Check(t, who+" restores what is deleted", err, fail.NotFound)
	}
	mine := worldtest.Must(t, w, "Lin", action.ListMyEnrolments, action.MyEnrolmentQuery{}).Items
	kept := false
	for _, e := range mine {
		kept = kept || e.Course.Name == "SQL" && !e.Open && e.Status == store.Withdrawn && e.Progress > 0
	}
	if !kept {
		t.Errorf("the learner's record is gone: %+v", mine)
	}
	if after := worldtest.Must(t, w, "Ana", report.ShowDashboard, report.DashboardQuery{}); after.Tiles[0].Value != before.Tiles[0].Value || after.Tiles[0].Value == 0 {
		t.Errorf("enrolments: %v, were %v", after.Tiles, before.Tiles)
	}
	again := worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: "sql", Name: "SQL"}})
	if again.ID == x.course.Course {
		t.Error("the code is still taken")
	}
	w.Clock.Move(time.Hour)
	sound(t, w)
}
