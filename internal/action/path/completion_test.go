package path_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// verify checks the database's invariants: figures among them.
func verify(t *testing.T, w *worldtest.Test) {
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

// course is one of Ivy's with a lesson, which Lin and Gus take.
func course(t *testing.T, w *worldtest.Test, name string) (path.OneCourse, learning.OneLesson) {
	t.Helper()
	made := worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: name, Name: name}})
	in := learning.OneCourse{Course: made.ID}
	section := worldtest.Must(t, w, "Ivy", learning.AddSection, learning.NewSection{OneCourse: in, SectionTitle: learning.SectionTitle{Title: "Week 1"}})
	lesson := worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: in, Section: section.ID, LessonFields: learning.LessonFields{Title: "Tables"}})
	return path.OneCourse{Course: made.ID}, learning.OneLesson{OneCourse: in, Lesson: lesson.ID}
}

func enrol(t *testing.T, w *worldtest.Test, in path.OneCourse, who ...string) {
	t.Helper()
	var ids []db.ID
	for _, name := range who {
		ids = append(ids, w.People[name].ID)
	}
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: in.Course, Accounts: ids})
}

// learner is what somebody has come to in a course.
func learner(t *testing.T, w *worldtest.Test, in path.OneCourse, who string) action.EnrolmentItem {
	t.Helper()
	for _, e := range worldtest.Must(t, w, "Ana", action.ListCourseEnrolments, action.CourseEnrolmentQuery{Course: in.Course}).Items {
		if e.Learner.ID == w.People[who].ID {
			return e
		}
	}
	t.Fatalf("%s is not in the course", who)
	return action.EnrolmentItem{}
}

// result gives a learner a score in a new work of a course, as an import would.
func result(t *testing.T, w *worldtest.Test, in path.OneCourse, who, code string, score float64) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Ana"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		c, err := store.FindCourse(t.Context(), tx, actor.May(access.CourseConfigure), in.Course)
		if err != nil {
			return err
		}
		work, _, err := store.SaveAssessment(t.Context(), tx, c, store.Assessment{Code: code, Title: code, Kind: "TMA", Weight: 100})
		if err != nil {
			return err
		}
		e, err := store.FindEnrolment(t.Context(), tx, actor.May(access.EnrolmentList), learner(t, w, in, who).ID)
		if err != nil {
			return err
		}
		d := store.NewDeltas()
		if _, err := store.RecordResult(t.Context(), tx, d, work, e, store.Result{Submitted: w.Clock.Now(), Score: &score}); err != nil {
			return err
		}
		return d.Flush(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// CO-5, CO-1: a course is completed by its rule: all lessons, a passing grade, both, or by hand. A change of the rule completes
// those who meet it, after saying who; a completion stays.
func TestCO5CompletionRules(t *testing.T) {
	w := worldtest.New(t)
	in, lesson := course(t, w, "sql")
	enrol(t, w, in, "Lin", "Gus")
	rule := func(r store.Rule, pass float64) path.CompletionRule {
		return path.CompletionRule{OneCourse: in, Rule: r, Pass: pass}
	}
	for _, s := range []struct {
		who  string
		in   path.CompletionRule
		want fail.Kind
	}{
		{"Lin", rule(store.ByLessons, 0), fail.NotAllowed},
		{"Sue", rule(store.ByLessons, 0), fail.NotFound},
		{"Una", rule(store.ByLessons, 0), fail.NotFound},
		{"Ivy", rule("always", 0), fail.Invalid},
		{"Ivy", rule(store.ByGrade, 101), fail.Invalid},
		{"Ivy", rule(store.ByBoth, 60), -1},
	} {
		_, err := worldtest.Try(t, w, s.who, path.SetCompletion, s.in)
		worldtest.Check(t, s.who+" sets "+string(s.in.Rule), err, s.want)
	}
	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: true})
	if got := learner(t, w, in, "Lin"); got.Status != store.Active {
		t.Errorf("both, without a grade: %+v", got)
	}
	result(t, w, in, "Lin", "T1", 59)
	if got := learner(t, w, in, "Lin"); got.Status != store.Active {
		t.Errorf("both, with too low a score: %+v", got)
	}
	foreseen, _, err := path.SetCompletion.Preview(t.Context(), w.Env, w.As("Ivy"), rule(store.ByBoth, 50))
	if err != nil || foreseen.Completes != 1 || len(foreseen.Learners) != 1 || foreseen.Learners[0].Name != "Lin Learner" {
		t.Fatalf("%+v, %v", foreseen, err)
	}
	if got := learner(t, w, in, "Lin"); got.Status != store.Active {
		t.Errorf("a preview completes: %+v", got)
	}
	if out := worldtest.Must(t, w, "Ivy", path.SetCompletion, rule(store.ByGrade, 50)); out.Completes != 1 {
		t.Errorf("%+v", out)
	}
	verify(t, w)
	worldtest.Must(t, w, "Ivy", path.SetCompletion, rule(store.ByHand, 100))
	if got := learner(t, w, in, "Lin"); got.Status != store.Completed || got.Progress != 100 || got.Completed == nil {
		t.Errorf("a completion is taken back: %+v", got)
	}
	worldtest.Must(t, w, "Gus", learning.MarkLesson, learning.LessonMark{OneLesson: lesson, Done: true})
	gus := path.OneLearner{OneCourse: in, Enrolment: learner(t, w, in, "Gus").ID}
	other := gus
	other.Course = w.Courses["First aid"].ID
	lin := gus
	lin.Enrolment = learner(t, w, in, "Lin").ID
	for _, s := range []struct {
		who  string
		in   path.OneLearner
		want fail.Kind
	}{{"Gus", gus, fail.NotAllowed}, {"Una", gus, fail.NotFound}, {"Ana", other, fail.NotFound}, {"Ivy", lin, fail.Conflict}, {"Ivy", gus, -1}, {"Ivy", gus, fail.Conflict}} {
		_, err := worldtest.Try(t, w, s.who, path.CompleteLearner, s.in)
		worldtest.Check(t, s.who+" completes", err, s.want)
	}
	if got := learner(t, w, in, "Gus"); got.Status != store.Completed || got.Completed == nil {
		t.Errorf("by hand: %+v", got)
	}
	worldtest.Must(t, w, "Ivy", path.SetCompletion, rule(store.ByWork, 0))
	_, err = worldtest.Try(t, w, "Ivy", path.CompleteLearner, gus)
	worldtest.Check(t, "by hand where the rule is another", err, fail.Conflict)
	verify(t, w)
}
