package path_test

import (
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// way lets Ivy make a path in North of two courses and the certificate of the second: the goals, and the lessons that reach them.
func way(t *testing.T, w *worldtest.Test) (in path.OnePath, courses [2]path.OneCourse, lessons [2]learning.OneLesson) {
	t.Helper()
	made := worldtest.Must(t, w, "Ivy", path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "  Data  ways ", InOrder: true}})
	in = path.OnePath{Path: made.ID}
	for i, name := range []string{"one", "two"} {
		courses[i], lessons[i] = course(t, w, name)
		worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: in, Course: courses[i].Course})
	}
	worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: in, Course: courses[1].Course, Certificate: true})
	return in, courses, lessons
}

// in tells whether somebody is in a course now.
func inCourse(t *testing.T, w *worldtest.Test, who string, c path.OneCourse) bool {
	t.Helper()
	for _, e := range worldtest.Must(t, w, who, action.ListMyEnrolments, action.MyEnrolmentQuery{}).Items {
		if e.Course.ID == c.Course && e.Open {
			return true
		}
	}
	return false
}

func people(w *worldtest.Test, in path.OnePath, names ...string) path.NewLearners {
	out := path.NewLearners{OnePath: in}
	for _, name := range names {
		out.Accounts = append(out.Accounts, w.People[name].ID)
	}
	return out
}

// CO-2: a path opens its courses as they come due, in the same transaction: the next when the one before is completed, and notes who
// has come to the end.
func TestCO2PathsOpenCourses(t *testing.T) {
	w := worldtest.New(t)
	in, courses, lessons := way(t, w)
	if out := worldtest.Must(t, w, "Ana", path.EnrolInPath, people(w, in, "Lin", "Gus", "Lin")); out.Enrolled != 2 {
		t.Errorf("%+v", out)
	}
	if !inCourse(t, w, "Lin", courses[0]) || inCourse(t, w, "Lin", courses[1]) {
		t.Error("not the first course alone is open")
	}
	shown := worldtest.Must(t, w, "Lin", path.ShowPath, in)
	if !shown.In || shown.Name != "Data ways" || len(shown.Steps) != 3 || shown.Steps[0].Waits || !shown.Steps[0].Opened || !shown.Steps[1].Waits || shown.MayChange || shown.MayEnrol {
		t.Errorf("%+v", shown)
	}
	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: lessons[0], Done: true})
	if !inCourse(t, w, "Lin", courses[1]) || inCourse(t, w, "Gus", courses[1]) {
		t.Error("the second course opens for who completed the first, and nobody else")
	}
	worldtest.Must(t, w, "Ivy", path.SetCertificates, path.NewCertificateRule{OneCourse: courses[1], CertificateRule: path.CertificateRule{Give: path.GiveByHand}})
	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: lessons[1], Done: true})
	own := func() path.OwnPath { return worldtest.Must(t, w, "Lin", path.ListOwnPaths, struct{}{}).Items[0] }
	if got := own(); got.Reached != 2 || got.Goals != 3 || got.Completed != nil {
		t.Errorf("%+v", got)
	}
	worldtest.Must(t, w, "Ivy", path.GiveCertificate, path.OneLearner{OneCourse: courses[1], Enrolment: learner(t, w, courses[1], "Lin").ID})
	if got := own(); got.Reached != 3 || got.Completed == nil {
		t.Errorf("%+v", got)
	}
	worldtest.Must(t, w, "Ivy", path.RevokeCertificate, path.Revocation{OneCertificate: path.OneCertificate{Certificate: worldtest.Must(t, w, "Lin", path.ListOwnCertificates, struct{}{}).Items[0].ID}, Reason: "copied"})
	if got := own(); got.Reached != 2 || got.Completed == nil {
		t.Errorf("a path's end stays: %+v", got)
	}
	list := worldtest.Must(t, w, "Ana", path.ListPathLearners, path.PathQuery{OnePath: in})
	if len(list.Items) != 2 || list.Items[0].Learner.Name != "Gus Boss" || list.Items[1].Reached != 2 || list.Goals != 3 {
		t.Errorf("%+v", list)
	}
	takenOut(t, w, in, courses[0])
	byDay(t, w, in)
	verify(t, w)
}

// takenOut: whoever is taken out of a course is not put back by the path, and who leaves the path keeps the course.
func takenOut(t *testing.T, w *worldtest.Test, in path.OnePath, first path.OneCourse) {
	t.Helper()
	worldtest.Must(t, w, "Ana", action.Unenrol, action.OneEnrolment{Course: first.Course, Enrolment: learner(t, w, first, "Gus").ID})
	worldtest.Must(t, w, "Ana", path.EditPath, path.ChangedPath{OnePath: in, PathFields: path.PathFields{Name: "Data ways"}})
	if inCourse(t, w, "Gus", first) {
		t.Error("the path puts somebody back whom staff took out of the course")
	}
	gus := path.OnePathLearner{OnePath: in, Learner: worldtest.Must(t, w, "Ana", path.ListPathLearners, path.PathQuery{OnePath: in, ListQuery: path.ListQuery{Query: "gus"}}).Items[0].ID}
	worldtest.Must(t, w, "Ana", path.EndPathLearner, gus)
	_, err := worldtest.Try(t, w, "Gus", path.ShowPath, in)
	worldtest.Check(t, "Gus opens the path that he left", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Ana", path.EndPathLearner, gus)
	worldtest.Check(t, "twice", err, fail.Conflict)
}

// byDay: a goal with days opens when these have passed, by the job; nothing opens in a path that is archived.
func byDay(t *testing.T, w *worldtest.Test, in path.OnePath) {
	t.Helper()
	late, _ := course(t, w, "late")
	worldtest.Must(t, w, "Ivy", path.AddGoal, path.NewGoal{OnePath: in, Course: late.Course, AfterDays: 7})
	due := func() bool {
		if _, err := path.Due(t.Context(), w.Env); err != nil {
			t.Fatal(err)
		}
		return inCourse(t, w, "Lin", late)
	}
	if due() {
		t.Error("open before its day")
	}
	w.Clock.Move(7*24*time.Hour + time.Minute)
	worldtest.Must(t, w, "Ana", path.EditPath, path.ChangedPath{OnePath: in, PathFields: path.PathFields{Name: "Data ways"}, Archived: true})
	if due() {
		t.Error("open in an archived path")
	}
	_, err := worldtest.Try(t, w, "Ana", path.EnrolInPath, people(w, in, "Lou"))
	worldtest.Check(t, "enrolling in an archived path", err, fail.Conflict)
	worldtest.Must(t, w, "Ana", path.EditPath, path.ChangedPath{OnePath: in, PathFields: path.PathFields{Name: "Data ways"}})
	if !due() {
		t.Error("not open after its day")
	}
}

// RT-2, PT-2: administrators of a path have full rights in it and in no other; a course is put on a path by who may enrol people in it, and
// nobody enrols themselves but in paths that are open to them.
func TestRT2PathAdministrators(t *testing.T) {
	w := worldtest.New(t)
	in, courses, _ := way(t, w)
	aid := path.NewGoal{OnePath: in, Course: w.Courses["First aid"].ID}
	for _, s := range []struct {
		who  string
		want fail.Kind
	}{{"Lin", fail.NotFound}, {"Una", fail.NotFound}, {"Mo", fail.NotAllowed}, {"Ivy", fail.NotFound}, {"Otto", fail.NotFound}} {
		_, err := worldtest.Try(t, w, s.who, path.AddGoal, aid)
		worldtest.Check(t, s.who+" puts First aid on the path", err, s.want)
	}
	night := aid
	night.Course = w.Courses["Night shift"].ID
	_, err := worldtest.Try(t, w, "Ana", path.AddGoal, night)
	worldtest.Check(t, "a course of another portal", err, fail.NotFound)
	for who, want := range map[string]fail.Kind{"Gus": fail.NotAllowed, "Lin": fail.NotAllowed, "Otto": -1, "Urs": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "Another"}})
		if who == "Lin" || who == "Gus" {
			if !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) {
				t.Errorf("%s creates a path: %v", who, err)
			}
			continue
		}
		worldtest.Check(t, who+" creates a path", err, want)
	}
	_, err = worldtest.Try(t, w, "Ivy", path.EnrolInPath, people(w, in, "Ivy"))
	if !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) {
		t.Errorf("Ivy enrols herself: %v", err)
	}
	worldtest.Must(t, w, "Ana", path.AddPathAdmin, path.NewPathAdmin{OnePath: in, Account: w.People["Lou"].ID})
	if got := worldtest.Must(t, w, "Lou", path.ListPathLearners, path.PathQuery{OnePath: in}); len(got.Items) != 0 {
		t.Errorf("%+v", got)
	}
	worldtest.Must(t, w, "Lou", path.EditPath, path.ChangedPath{OnePath: in, PathFields: path.PathFields{Name: "Lou's way", Open: true}})
	_, err = worldtest.Try(t, w, "Lou", path.AddGoal, path.NewGoal{OnePath: in, Course: courses[0].Course, Certificate: true})
	worldtest.Check(t, "an administrator of the path puts a course on it that is not theirs to enrol in", err, fail.NotFound)
	other := worldtest.Must(t, w, "Otto", path.CreatePath, path.NewPath{Organization: w.Orgs["North"].ID, PathFields: path.PathFields{Name: "Otto's"}})
	_, err = worldtest.Try(t, w, "Lou", path.ShowPath, path.OnePath{Path: other.ID})
	worldtest.Check(t, "Lou opens another path", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Lou", path.JoinPath, in)
	worldtest.Check(t, "Lou of South enrols in what is open to North", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Lin", path.JoinPath, path.OnePath{Path: other.ID})
	worldtest.Check(t, "Lin enrols in what is not open", err, fail.NotFound)
	worldtest.Must(t, w, "Ana", path.AddPathAdmin, path.NewPathAdmin{OnePath: in, Account: w.People["Gus"].ID})
	_, err = worldtest.Try(t, w, "Gus", path.JoinPath, in)
	worldtest.Check(t, "Gus, who shapes the path, and may open none of its courses", err, fail.NotAllowed)
	worldtest.Must(t, w, "Max", path.JoinPath, in)
	_, err = worldtest.Try(t, w, "Max", path.JoinPath, in)
	worldtest.Check(t, "twice", err, fail.Conflict)
	if !inCourse(t, w, "Max", courses[0]) {
		t.Error("the first course is not open to Max of the Lab, below North")
	}
	worldtest.Must(t, w, "Max", path.LeavePath, in)
	_, err = worldtest.Try(t, w, "Max", path.LeavePath, in)
	if err == nil {
		t.Error("left twice")
	}
	for _, x := range worldtest.Must(t, w, "Ana", path.ListPathAdmins, in).Items {
		if x.Account.Name == "Lou Learner" {
			worldtest.Must(t, w, "Ana", path.EndPathAdmin, path.OnePathAdmin{OnePath: in, Admin: x.ID})
		}
	}
	_, err = worldtest.Try(t, w, "Lou", path.ListPathLearners, path.PathQuery{OnePath: in})
	worldtest.Check(t, "Lou, who administers it no more", err, fail.NotFound)
	ordered(t, w, in)
}

// ordered changes the order of goals: foreign, doubled and stale ones are refused, what is left out is removed.
func ordered(t *testing.T, w *worldtest.Test, in path.OnePath) {
	t.Helper()
	steps := worldtest.Must(t, w, "Ivy", path.ShowPath, in).Steps
	order := func(ids ...db.ID) path.GoalOrder { return path.GoalOrder{OnePath: in, Goals: ids} }
	for _, bad := range []path.GoalOrder{order(steps[0].ID, steps[0].ID), order(w.Acme.ID)} {
		_, err := worldtest.Try(t, w, "Ivy", path.OrderGoals, bad)
		worldtest.Check(t, "a wrong order", err, fail.Conflict)
	}
	worldtest.Must(t, w, "Ivy", path.OrderGoals, order(steps[2].ID, steps[0].ID))
	if got := worldtest.Must(t, w, "Ivy", path.ShowPath, in).Steps; len(got) != 2 || got[0].ID != steps[2].ID {
		t.Errorf("%+v", got)
	}
	worldtest.Must(t, w, "Ivy", path.OrderGoals, order())
	if got := worldtest.Must(t, w, "Ivy", path.ShowPath, in).Steps; len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
