package learning_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// RT-1, TA-1, TA-2, PT-2: an owner adds co-instructors and assistants, and hands the course over; a co-instructor writes and
// configures, an assistant reads, and neither takes the course or gives what they do not hold.
func TestRT1CourseStaff(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	person := func(name string) learning.NewStaff {
		return learning.NewStaff{OneCourse: x.course, Account: w.People[name].ID, Role: access.CoInstructor}
	}
	assist := person("Lou")
	assist.Role = access.CourseAssist
	owner := person("Gus")
	owner.Role = access.CourseOwner
	for _, s := range []struct {
		who, what string
		in        learning.NewStaff
		want      fail.Kind
	}{
		{"Ana", "Gus as owner", owner, fail.Invalid},
		{"Ivy", "Gus, whom Ivy does not see", person("Gus"), fail.NotFound},
		{"Lin", "themselves", person("Lin"), fail.NotAllowed},
		{"Leo", "themselves", person("Leo"), fail.NotAllowed},
		{"Lou", "themselves", person("Lou"), fail.NotFound},
		{"Otto", "Gus, who would see learners of other organizations", person("Gus"), fail.NotAllowed},
		{"Ana", "Gus", person("Gus"), -1},
		{"Ana", "Gus again", person("Gus"), fail.Conflict},
		{"Gus", "Lin", person("Lin"), fail.NotAllowed},
		{"Ana", "Lou as assistant", assist, -1},
	} {
		_, err := worldtest.Try(t, w, s.who, learning.AddStaff, s.in)
		worldtest.Check(t, s.who+" adds "+s.what, err, s.want)
	}
	_, effects, err := learning.AddStaff.Preview(t.Context(), w.Env, w.As("Ana"), person("Max"))
	if err != nil || effects.Gaining != 1 || effects.People[0].Name != "Max Lab" {
		t.Errorf("BE-2: %+v, %v", effects, err)
	}
	for _, c := range []struct {
		who              string
		read, write, set fail.Kind
	}{{"Gus", -1, -1, -1}, {"Lou", -1, fail.NotAllowed, fail.NotAllowed}} {
		_, err := worldtest.Try(t, w, c.who, learning.ShowLesson, x.lesson(x.one))
		worldtest.Check(t, c.who+" reads", err, c.read)
		_, err = worldtest.Try(t, w, c.who, learning.RenameSection, learning.RenamedSection{OneSection: learning.OneSection{OneCourse: x.course, Section: x.first}, SectionTitle: learning.SectionTitle{Title: "One"}})
		worldtest.Check(t, c.who+" writes", err, c.write)
		_, err = worldtest.Try(t, w, c.who, action.EditCourse, action.ChangedCourse{Course: x.course.Course, CourseFields: action.CourseFields{Code: "sql", Name: "SQL"}})
		worldtest.Check(t, c.who+" configures", err, c.set)
		_, err = worldtest.Try(t, w, c.who, learning.HandOver, learning.NewOwner{OneCourse: x.course, Account: w.People[c.who].ID})
		worldtest.Check(t, c.who+" takes the course", err, fail.NotAllowed)
	}
	staff := worldtest.Must(t, w, "Lin", learning.ListStaff, x.course)
	if len(staff.Items) != 3 || staff.Items[0].Account.Name != "Ivy Instructor" || staff.Items[2].Role != access.CourseAssist || staff.MayAdd || staff.MayHandOver {
		t.Fatalf("%+v", staff)
	}
	_, err = worldtest.Try(t, w, "Ana", learning.EndStaff, learning.OneStaff{OneCourse: x.course, Staff: staff.Items[0].ID})
	worldtest.Check(t, "the owner is removed", err, fail.Conflict)
	worldtest.Must(t, w, "Ana", learning.HandOver, learning.NewOwner{OneCourse: x.course, Account: w.People["Gus"].ID})
	_, err = worldtest.Try(t, w, "Ana", learning.HandOver, learning.NewOwner{OneCourse: x.course, Account: w.People["Gus"].ID})
	worldtest.Check(t, "handed over to its owner", err, fail.Conflict)
	if staff = worldtest.Must(t, w, "Lin", learning.ListStaff, x.course); len(staff.Items) != 3 || staff.Items[0].Account.Name != "Gus Boss" || staff.Items[1].Account.Name != "Ivy Instructor" || staff.Items[1].Role != access.CoInstructor {
		t.Errorf("handed over: %+v", staff)
	}
	_, err = worldtest.Try(t, w, "Ivy", learning.HandOver, learning.NewOwner{OneCourse: x.course, Account: w.People["Ivy"].ID})
	worldtest.Check(t, "Ivy takes it back", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ana", learning.EndStaff, learning.OneStaff{OneCourse: x.course, Staff: staff.Items[2].ID})
	_, err = worldtest.Try(t, w, "Lou", learning.ShowOutline, x.course)
	worldtest.Check(t, "BE-8: an assistant who left", err, fail.NotFound)
}
