package work_test

import (
	"slices"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// verify wants the figures and rows to agree.
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

// taught is a course of Ivy's with one section, a lesson and an assignment, which Lin and Max take.
type taught struct {
	course          work.OneCourse
	section, lesson db.ID
	essay           work.OneAssessment
}

func assignment(title string) work.AssessmentFields {
	return work.AssessmentFields{Title: title, Text: "Write **it**.", Points: 20, Weight: 1}
}

func teach(t *testing.T, w *worldtest.Test) (x taught) {
	t.Helper()
	x.course.Course = worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: "sql", Name: "SQL"}}).ID
	of := learning.OneCourse{Course: x.course.Course}
	x.section = worldtest.Must(t, w, "Ivy", learning.AddSection, learning.NewSection{OneCourse: of, SectionTitle: learning.SectionTitle{Title: "Week 1"}}).ID
	x.lesson = worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: of, Section: x.section, LessonFields: learning.LessonFields{Title: "Tables", Text: "Rows."}}).ID
	x.essay = x.add(t, w, assignment("Essay"))
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Lin"].ID, w.People["Max"].ID}})
	return x
}

func (x taught) add(t *testing.T, w *worldtest.Test, f work.AssessmentFields) work.OneAssessment {
	t.Helper()
	made := worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: x.course, Section: x.section, Kind: "assignment", AssessmentFields: f})
	return work.OneAssessment{OneCourse: x.course, Assessment: made.ID}
}

// CO-1: an assessment stands among the lessons of its course, is arranged with them, opens as they do, and counts for progress.
func TestCO1AssessmentsStandAmongLessons(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	of := learning.OneCourse{Course: x.course.Course}
	order := func() []db.ID { return worldtest.Must(t, w, "Ivy", learning.ShowOutline, of).Sections[0].Order }
	last := worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: of, Section: x.section, LessonFields: learning.LessonFields{Title: "Keys"}}).ID
	if got := order(); !slices.Equal(got, []db.ID{x.lesson, x.essay.Assessment, last}) {
		t.Fatalf("%v", got)
	}
	arrange := func(ids ...db.ID) error {
		_, err := worldtest.Try(t, w, "Ivy", learning.Arrange, learning.Order{OneCourse: of, Sections: []learning.ArrangedSection{{Section: x.section, Order: ids}}})
		return err
	}
	worldtest.Check(t, "arranged", arrange(x.essay.Assessment, last, x.lesson), -1)
	worldtest.Check(t, "an assessment left out", arrange(last, x.lesson), fail.Conflict)
	worldtest.Check(t, "an assessment of another course", arrange(w.Works["go-1"].ID, x.essay.Assessment, last, x.lesson), fail.Conflict)
	if got := order(); !slices.Equal(got, []db.ID{x.essay.Assessment, last, x.lesson}) {
		t.Errorf("%v", got)
	}
	if next := worldtest.Must(t, w, "Lin", learning.ShowOutline, of).Own.Next; next == nil || next.ID != x.essay.Assessment || !next.Work {
		t.Errorf("%+v", next)
	}
	_, err := worldtest.Try(t, w, "Ivy", learning.DropSection, learning.OneSection{OneCourse: of, Section: x.section})
	worldtest.Check(t, "a section with an assessment is deleted", err, fail.Conflict)

	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: learning.OneLesson{OneCourse: of, Lesson: last}, Done: true})
	if got := worldtest.Must(t, w, "Lin", learning.ShowOutline, of).Own.Progress; got != 33.33 {
		t.Errorf("progress %v", got)
	}
	later := assignment("Later")
	later.After, later.Opens = x.lesson, w.Env.Now().Add(time.Hour)
	closed := x.add(t, w, later)
	if got := worldtest.Must(t, w, "Lin", work.ShowAssessment, closed); !got.Closed || got.Text != "" || got.After == nil || got.After.Name != "Tables" {
		t.Errorf("before its time: %+v", got)
	}
	if got := worldtest.Must(t, w, "Ivy", work.ShowAssessment, closed); got.Closed || got.Text == "" {
		t.Errorf("who teaches it: %+v", got)
	}
	w.Clock.Move(time.Hour)
	worldtest.Must(t, w, "Lin", learning.MarkLesson, learning.LessonMark{OneLesson: learning.OneLesson{OneCourse: of, Lesson: x.lesson}, Done: true})
	if got := worldtest.Must(t, w, "Lin", work.ShowAssessment, closed); got.Closed || got.Text == "" {
		t.Errorf("in its time: %+v", got)
	}
	worldtest.Must(t, w, "Ivy", work.DropAssessment, closed)
	if got := worldtest.Must(t, w, "Lin", learning.ShowOutline, of).Own.Progress; got != 66.67 {
		t.Errorf("progress %v", got)
	}
	imported := worldtest.Must(t, w, "Lin", learning.ShowOutline, learning.OneCourse{Course: w.Courses["Go"].ID})
	if len(imported.Works) != 3 || !imported.Works[0].Done || imported.Works[2].Done || len(imported.Sections) != 0 {
		t.Errorf("%+v", imported)
	}
	_, err = worldtest.Try(t, w, "Ana", work.DropAssessment, work.OneAssessment{OneCourse: work.OneCourse{Course: w.Courses["Go"].ID}, Assessment: w.Works["go-1"].ID})
	worldtest.Check(t, "an assessment with results is deleted", err, fail.Conflict)
	verify(t, w)
}

// CO-1, LM-8, PT-4: assessments are read by those who may open the course, and written by those who teach it.
func TestLM8WhoReadsAndWritesAssessments(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	for _, c := range []struct {
		who         string
		read, write fail.Kind
	}{{"Ivy", -1, -1}, {"Ana", -1, -1}, {"Otto", -1, -1}, {"Mo", -1, fail.NotAllowed}, {"Lin", -1, fail.NotAllowed}, {"Leo", fail.NotAllowed, fail.NotAllowed},
		{"Gus", fail.NotAllowed, fail.NotAllowed}, {"Lou", fail.NotFound, fail.NotFound}} {
		_, err := worldtest.Try(t, w, c.who, work.ShowAssessment, x.essay)
		worldtest.Check(t, c.who+" reads", err, c.read)
		_, err = worldtest.Try(t, w, c.who, work.ListAssessments, x.course)
		worldtest.Check(t, c.who+" lists", err, c.read)
		_, err = worldtest.Try(t, w, c.who, work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: assignment("Essay")})
		worldtest.Check(t, c.who+" writes", err, c.write)
		_, err = worldtest.Try(t, w, c.who, work.AddAssessment, work.NewAssessment{OneCourse: x.course, Section: x.section, Kind: "assignment", AssessmentFields: assignment("More")})
		worldtest.Check(t, c.who+" adds", err, c.write)
	}
	_, err := work.ShowAssessment.Run(t.Context(), w.Env, w.As("Una"), x.essay)
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)
	other := work.OneCourse{Course: w.Courses["Go"].ID}
	_, err = worldtest.Try(t, w, "Ana", work.ShowAssessment, work.OneAssessment{OneCourse: other, Assessment: x.essay.Assessment})
	worldtest.Check(t, "an assessment of another course", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Ana", work.AddAssessment, work.NewAssessment{OneCourse: other, Section: x.section, Kind: "assignment", AssessmentFields: assignment("Astray")})
	worldtest.Check(t, "a section of another course", err, fail.Invalid)

	was := worldtest.Must(t, w, "Ivy", work.ShowAssessment, x.essay).Changed
	w.Clock.Move(time.Minute)
	stale := work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: assignment("Essay"), Was: was}
	worldtest.Must(t, w, "Ana", work.SaveAssessment, stale)
	_, err = worldtest.Try(t, w, "Ivy", work.SaveAssessment, stale)
	worldtest.Check(t, "a stale form", err, fail.Conflict)
	for what, change := range map[string]func(*work.AssessmentFields){
		"no title":                   func(f *work.AssessmentFields) { f.Title = " " },
		"no points":                  func(f *work.AssessmentFields) { f.Points = 0 },
		"a weight below zero":        func(f *work.AssessmentFields) { f.Weight = -1 },
		"late without a due date":    func(f *work.AssessmentFields) { f.LatePercent = 10 },
		"a lesson of another course": func(f *work.AssessmentFields) { f.After = x.section },
		"closed before it is due":    func(f *work.AssessmentFields) { f.Due, f.Closes = w.Env.Now().Add(time.Hour), w.Env.Now() },
	} {
		f := assignment("Essay")
		change(&f)
		_, err := worldtest.Try(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f})
		worldtest.Check(t, what, err, fail.Invalid)
	}
}

// CO-1: in a course that everybody takes at their own pace nothing is due on a day, and one in which something is does not become such.
func TestCO1SelfPaced(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	paced := func(self bool) error {
		record := worldtest.Must(t, w, "Ivy", action.ShowCourse, action.OneCourse{Course: x.course.Course})
		_, err := worldtest.Try(t, w, "Ivy", action.EditCourse, action.ChangedCourse{Course: x.course.Course, CourseFields: action.CourseFields{Code: record.Code, Name: record.Name, SelfPaced: self}})
		return err
	}
	worldtest.Check(t, "at one's own pace", paced(true), -1)
	f := assignment("Essay")
	f.Due = w.Env.Now().Add(time.Hour)
	due := work.SavedAssessment{OneAssessment: x.essay, AssessmentFields: f}
	_, err := worldtest.Try(t, w, "Ivy", work.SaveAssessment, due)
	worldtest.Check(t, "due on a day there", err, fail.Invalid)
	worldtest.Check(t, "led again", paced(false), -1)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, due)
	worldtest.Check(t, "at one's own pace, while something is due", paced(true), fail.Invalid)
	if worldtest.Must(t, w, "Ivy", action.ShowCourse, action.OneCourse{Course: x.course.Course}).SelfPaced {
		t.Error("it is taken at one's own pace")
	}
}
