package learning_test

import (
	"provost/internal/store"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// offer puts Ivy's course into the catalog.
func (x taught) offer(t *testing.T, w *worldtest.Test, f learning.ListingFields) {
	t.Helper()
	f.Listed = true
	worldtest.Must(t, w, "Ivy", learning.SaveListing, learning.ChangedListing{OneCourse: x.course, ListingFields: f})
}

func (x taught) enrolSelf(t *testing.T, w *worldtest.Test, who, code string) (learning.Enrolled, error) {
	t.Helper()
	return worldtest.Try(t, w, who, learning.EnrolSelf, learning.SelfEnrolment{OneCourse: x.course, Code: code})
}

// CO-1, LE-1: a learner finds a course in the catalog of their organization and enrols; seats, the waiting list and the access code
// hold, and a seat that is free goes to who waited first.
func TestCO1LE1CatalogSeatsAndWaiting(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	found := func(who string) int {
		return len(worldtest.Must(t, w, who, learning.ListCatalog, learning.CatalogQuery{Query: "sq", Category: "DATA"}).Items)
	}
	_, err := x.enrolSelf(t, w, "Otto", "")
	worldtest.Check(t, "it is not in the catalog", err, fail.NotFound)
	for _, who := range []string{"Lin", "Mo", "Gus", "Sue", "Una"} {
		if _, err := worldtest.Try(t, w, who, learning.SaveListing, learning.ChangedListing{OneCourse: x.course, ListingFields: learning.ListingFields{Listed: true}}); err == nil {
			t.Errorf("%s puts it into the catalog", who)
		}
	}
	x.offer(t, w, learning.ListingFields{Category: "Data", Seats: 2, Waits: true, Code: "open-sesame"})
	for who, want := range map[string]int{"Otto": 1, "Max": 1, "Gus": 1, "Sue": 0, "Una": 0} {
		if got := found(who); got != want {
			t.Errorf("%s finds %d courses, want %d", who, got, want)
		}
	}
	for who, want := range map[string]fail.Kind{"Sue": fail.NotFound, "Una": fail.NotFound, "Otto": fail.Invalid, "Lin": fail.Conflict} {
		_, err := x.enrolSelf(t, w, who, "sesame")
		worldtest.Check(t, who+" enrols", err, want)
	}
	if out, err := x.enrolSelf(t, w, "Otto", " Open-Sesame "); err != nil || out.Waiting {
		t.Fatalf("%+v %v", out, err)
	}
	worldtest.Must(t, w, "Otto", learning.ShowOutline, x.course)
	for i, who := range []string{"Max", "Gus"} {
		if out, err := x.enrolSelf(t, w, who, "open-sesame"); err != nil || !out.Waiting {
			t.Fatalf("%s: %+v %v", who, out, err)
		}
		if e := worldtest.Must(t, w, who, learning.ShowEntry, x.course); e.Ahead == nil || *e.Ahead != int64(i) || *e.Free != 0 {
			t.Errorf("%s: %+v", who, e)
		}
		_, err := worldtest.Try(t, w, who, learning.ShowLesson, x.lesson(x.one))
		if err == nil {
			t.Errorf("%s waits, and opens the course", who)
		}
		w.Clock.Move(time.Minute)
	}
	worldtest.Must(t, w, "Otto", learning.LeaveSelf, x.course)
	worldtest.Must(t, w, "Max", learning.ShowOutline, x.course)
	if out, err := x.enrolSelf(t, w, "Otto", "open-sesame"); err != nil || !out.Waiting {
		t.Errorf("Otto overtakes Gus: %+v %v", out, err)
	}
	worldtest.Must(t, w, "Ana", action.Unenrol, action.OneEnrolment{Course: x.course.Course, Enrolment: enrolmentOf(t, w, x, "Lin")})
	for range 2 { // the second round finds nothing to do, and does nothing
		if _, err := learning.GiveFree(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
	}
	worldtest.Must(t, w, "Gus", learning.ShowOutline, x.course)
	if n := rows(t, w, db.SQL(`SELECT count(*) FROM audit WHERE operation = 'course.give_seats' AND outcome = 'done' AND actor_name LIKE '%waiting list%' AND detail LIKE '%Gus%'`)); n != 1 {
		t.Errorf("%d rows of the audit tell of the seat", n)
	}
	for _, who := range []string{"Max", "Gus"} {
		if n := rows(t, w, db.SQL(`SELECT count(*) FROM outbox WHERE recipient = ? AND subject LIKE 'You have a seat in %' AND body LIKE ?`, w.People[who].Email, "%/courses/"+x.course.Course.String()+"/outline%")); n != 1 {
			t.Errorf("%s has %d mails on the seat", who, n)
		}
	}
	_, err = x.enrolSelf(t, w, "Lin", "open-sesame")
	worldtest.Check(t, "Lin waits", err, -1)
	worldtest.Must(t, w, "Ana", action.MoveAccount, action.AccountMove{Account: w.People["Lin"].ID, Organization: w.Orgs["South"].ID})
	x.offer(t, w, learning.ListingFields{Category: "Data", Seats: 4, Waits: true})
	worldtest.Must(t, w, "Otto", learning.ShowOutline, x.course)
	if n := rows(t, w, db.SQL(`SELECT count(*) FROM enrolments WHERE course_id = ? AND account_id = ? AND is_open`, x.course.Course, w.People["Lin"].ID)); n != 0 {
		t.Error("Lin, to whom the course is not offered any more, got a seat")
	}
	worldtest.Must(t, w, "Ana", action.MoveAccount, action.AccountMove{Account: w.People["Lin"].ID, Organization: w.Orgs["North"].ID})
	x.offer(t, w, learning.ListingFields{Category: "Data", Seats: 3})
	_, err = x.enrolSelf(t, w, "Lin", "")
	worldtest.Check(t, "Lin comes back where no seat is free", err, fail.Conflict)
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, x.course)
	if found("Otto") != 0 {
		t.Error("an archived course is in the catalog")
	}
	sound(t, w)
}

func rows(t *testing.T, w *worldtest.Test, query db.Frag) (n int64) {
	t.Helper()
	if err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, query)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func enrolmentOf(t *testing.T, w *worldtest.Test, x taught, who string) db.ID {
	t.Helper()
	for _, e := range worldtest.Must(t, w, who, action.ListMyEnrolments, action.MyEnrolmentQuery{}).Items {
		if e.Course.ID == x.course.Course {
			return e.ID
		}
	}
	t.Fatal(who + " does not take it")
	return 0
}

// LE-2: where administrators close the catalog to learners, or to an organization's, it is closed on page and API alike.
func TestLE2CatalogClosedByAdministrators(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.offer(t, w, learning.ListingFields{})
	worldtest.Must(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["North"].ID, Role: access.Learner, Permission: "course.enroll_self"}, Allow: false})
	if e := worldtest.Must(t, w, "Max", learning.ShowEntry, x.course); e.MayEnrol {
		t.Error("the page offers what is closed")
	}
	_, err := x.enrolSelf(t, w, "Max", "")
	worldtest.Check(t, "Max enrols", err, fail.NotFound)
	worldtest.Must(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["North"].ID, Role: access.Learner, Permission: "course.view_catalog"}, Allow: false})
	if n := len(worldtest.Must(t, w, "Max", learning.ListCatalog, learning.CatalogQuery{}).Items); n != 0 {
		t.Errorf("Max finds %d courses", n)
	}
	worldtest.Must(t, w, "Gus", learning.ShowEntry, x.course)
}

// LE-2: an instructor closes areas of a course to its learners; it counts for them at once, and for nobody else.
func TestLE2InstructorClosesAreas(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	essay := work.OneAssessment{OneCourse: work.OneCourse{Course: x.course.Course}, Assessment: worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: work.OneCourse{Course: x.course.Course},
		Section: x.first, Kind: "assignment", AssessmentFields: work.AssessmentFields{Title: "Essay", Weight: 1, Points: 10}}).ID}
	shut := func(who string, keys ...string) error {
		_, err := worldtest.Try(t, w, who, learning.SaveAreas, learning.ClosedAreas{OneCourse: x.course, Closed: keys})
		return err
	}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Mo": fail.NotAllowed, "Sue": fail.NotFound, "Una": fail.NotFound} {
		worldtest.Check(t, who+" closes areas", shut(who, "course.submit"), want)
	}
	worldtest.Check(t, "what is no area", shut("Ivy", "course.grade"), fail.Invalid)
	if err := shut("Ivy", "course.submit"); err != nil {
		t.Fatal("submitting is closed", err)
	}
	_, err := worldtest.Try(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: essay, Text: "Mine"})
	worldtest.Check(t, "Lin hands in", err, fail.NotAllowed)
	worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	if err := shut("Ivy", "course.view"); err != nil {
		t.Fatal("the course is closed", err)
	}
	_, err = worldtest.Try(t, w, "Lin", learning.ShowOutline, x.course)
	worldtest.Check(t, "Lin opens it", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Lin", learning.MarkLesson, x.mark(x.two, true))
	if err == nil {
		t.Error("Lin goes on in what is closed")
	}
	worldtest.Must(t, w, "Ivy", learning.ShowOutline, x.course)
	worldtest.Must(t, w, "Mo", learning.ShowOutline, x.course)
	if err := shut("Ivy"); err != nil {
		t.Fatal("all is open again", err)
	}
	worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course)
	worldtest.Must(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: essay, Text: "Mine"})
	sound(t, w)
}

// IN-2: what administrators switch off for instructors is gone: configuring, deleting and enrolling in their own courses.
func TestIN2InstructorsOfTheirCourses(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	off := func(role access.RoleID, key string) {
		worldtest.Must(t, w, "Sam", grid.SetCell, grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["North"].ID, Role: role, Permission: key}, Allow: false})
	}
	record := func() action.CourseRecord {
		return worldtest.Must(t, w, "Ivy", action.ShowCourse, action.OneCourse{Course: x.course.Course})
	}
	if r := record(); !r.MayConfigure || !r.MayDelete || !r.MayEnrol {
		t.Fatalf("%+v", r)
	}
	off(access.CourseOwner, "course.configure")
	off(access.CourseOwner, "course.delete")
	off(access.CourseOwner, "course.enroll_others")
	off(access.Instructor, "course.enroll_others")
	if r := record(); r.MayConfigure || r.MayDelete || r.MayEnrol {
		t.Errorf("the page still offers it: %+v", r)
	}
	_, err := worldtest.Try(t, w, "Ivy", learning.SaveListing, learning.ChangedListing{OneCourse: x.course})
	worldtest.Check(t, "configures", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Ivy", learning.DeleteCourse, learning.CourseEnd{OneCourse: x.course, Name: "SQL"})
	worldtest.Check(t, "deletes", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Ivy", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Lou"].ID}})
	worldtest.Check(t, "enrols", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ivy", learning.AddSection, learning.NewSection{OneCourse: x.course, SectionTitle: learning.SectionTitle{Title: "Still writes"}})
}

// LE-1: an access code is not found by trying: after so many, whoever tries waits, right code or not.
func TestLE1AccessCodesAreNotGuessed(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	x.offer(t, w, learning.ListingFields{Code: "open-sesame"})
	for range 20 {
		_, err := x.enrolSelf(t, w, "Otto", "sesame")
		worldtest.Check(t, "a wrong code", err, fail.Invalid)
	}
	_, err := x.enrolSelf(t, w, "Otto", "open-sesame")
	worldtest.Check(t, "the right code after too many", err, fail.Busy)
	_, err = x.enrolSelf(t, w, "Max", "open-sesame")
	worldtest.Check(t, "another's right code", err, -1)
	w.Clock.Move(store.AttemptWindow)
	_, err = x.enrolSelf(t, w, "Otto", "open-sesame")
	worldtest.Check(t, "the right code later", err, -1)
}
