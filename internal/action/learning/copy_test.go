package learning_test

import (
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

// written is a course of Ivy's with lessons, a file, an assignment and a quiz, which begins on 2 March.
func written(t *testing.T, w *worldtest.Test) (x taught, quiz work.OneAssessment) {
	t.Helper()
	x = teach(t, w)
	worldtest.Must(t, w, "Ivy", action.EditCourse, action.ChangedCourse{Course: x.course.Course, CourseFields: action.CourseFields{Code: "sql", Name: "SQL", About: "Rows.", Starts: "2026-03-02"}})
	worldtest.Must(t, w, "Ivy", learning.AddLessonFiles, x.files(x.one, "A table", worldtest.Upload("a.png", worldtest.PNG)))
	of := work.OneCourse{Course: x.course.Course}
	due := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: of, Section: x.first, Kind: "assignment",
		AssessmentFields: work.AssessmentFields{Title: "Essay", Text: "Write.", Due: due, After: x.one, Weight: 2, Points: 20, LatePercent: 5}})
	quiz = work.OneAssessment{OneCourse: of, Assessment: worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: of, Section: x.second, Kind: "quiz",
		AssessmentFields: work.AssessmentFields{Title: "Quiz", Weight: 1, Points: 10}}).ID}
	worldtest.Must(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: quiz, Kind: "number", QuestionFields: work.QuestionFields{Prompt: "How many?", Points: 1, Number: 3}})
	return x, quiz
}

func copyOf(of learning.OneCourse, org db.ID, code string) learning.NewCopy {
	return learning.NewCopy{OneCourse: of, Organization: org, Code: code, Name: "SQL again", Starts: "2026-09-07"}
}

// CO-1: a copy holds all that a course is made of, with its days moved, and nobody's work; what is changed in one stays in it.
func TestCO1CopyOfACourse(t *testing.T) {
	w := worldtest.New(t)
	x, _ := written(t, w)
	worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Gus": fail.NotAllowed, "Mo": fail.NotAllowed, "Sue": fail.NotFound, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, learning.CopyCourse, copyOf(x.course, w.Orgs["North"].ID, "by-"+who))
		worldtest.Check(t, who+" copies", err, want)
	}
	_, err := worldtest.Try(t, w, "Ivy", learning.CopyCourse, copyOf(x.course, w.Orgs["South"].ID, "s"))
	if err == nil {
		t.Error("Ivy makes a course in South")
	}
	_, err = worldtest.Try(t, w, "Ivy", learning.CopyCourse, copyOf(x.course, w.Orgs["North"].ID, "sql"))
	worldtest.Check(t, "a code that is taken", err, fail.Conflict)
	made := learning.OneCourse{Course: worldtest.Must(t, w, "Ivy", learning.CopyCourse, copyOf(x.course, w.Orgs["North"].ID, "sql-2")).ID}
	out := worldtest.Must(t, w, "Ivy", learning.ShowOutline, made)
	if len(out.Sections) != 2 || len(out.Sections[0].Order) != 3 || len(out.Sections[1].Order) != 2 || !out.MayEdit || out.Own != nil {
		t.Fatalf("%+v", out)
	}
	first, essay, joins := out.Sections[0].Lessons[0], out.Sections[0].Works[0], out.Sections[1].Lessons[0]
	if want := time.Date(2026, 9, 14, 12, 0, 0, 0, time.UTC); essay.Due == nil || !essay.Due.Equal(want) || essay.After == nil || essay.After.ID != first.ID || joins.After == nil || joins.After.ID != first.ID {
		t.Errorf("the essay is due %v after %+v, the lesson comes after %+v", essay.Due, essay.After, joins.After)
	}
	lesson := worldtest.Must(t, w, "Ivy", learning.ShowLesson, learning.OneLesson{OneCourse: made, Lesson: first.ID})
	if lesson.Text != "# Tables\nRows and columns." || len(lesson.Files) != 1 || lesson.Files[0].Alt != "A table" {
		t.Errorf("%+v", lesson)
	}
	at := work.OneCourse{Course: made.Course}
	asked := worldtest.Must(t, w, "Ivy", work.ShowQuestions, work.OneAssessment{OneCourse: at, Assessment: out.Sections[1].Works[0].ID})
	if len(asked.Items) != 1 || asked.Items[0].Prompt != "How many?" || asked.Items[0].Number != 3 {
		t.Errorf("%+v", asked)
	}
	if _, err := worldtest.Try(t, w, "Lin", learning.ShowOutline, made); err == nil {
		t.Error("learners of the first course came along")
	}
	worldtest.Must(t, w, "Ivy", learning.DropLesson, learning.OneLesson{OneCourse: made, Lesson: first.ID})
	if was := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)); was.Text == "" || len(was.Files) != 1 || was.Done == nil {
		t.Errorf("the first course changed: %+v", was)
	}
	err = w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		left, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM course_copying`))
		if left != 0 {
			t.Errorf("%d rows of the copying are left", left)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	sound(t, w)
}

// CA-1: content administrators write templates and never make courses; courses are made of the templates of one's organization and
// the ones above it, and of no others.
func TestCA1Templates(t *testing.T) {
	w := worldtest.WithKin(t)
	x, _ := written(t, w)
	north, root := w.Orgs["North"].ID, w.Acme.ID
	made := learning.OneCourse{Course: worldtest.Must(t, w, "Cora", learning.CreateTemplate, learning.NewTemplate{Organization: root, Code: "t", Name: "Onboarding"}).ID}
	worldtest.Must(t, w, "Cora", learning.AddSection, learning.NewSection{OneCourse: made, SectionTitle: learning.SectionTitle{Title: "Welcome"}})
	for _, who := range []string{"Ivy", "Lin", "Mo", "Una"} {
		if _, err := worldtest.Try(t, w, who, learning.CreateTemplate, learning.NewTemplate{Organization: north, Code: "x", Name: "X"}); err == nil {
			t.Errorf("%s makes a template", who)
		}
	}
	_, err := worldtest.Try(t, w, "Cleo", learning.CreateTemplate, learning.NewTemplate{Organization: root, Code: "x", Name: "X"})
	if err == nil {
		t.Error("Cleo of North makes a template of the whole portal")
	}
	for _, who := range []string{"Ivy", "Cleo", "Lin", "Una"} {
		_, err := worldtest.Try(t, w, who, learning.AddSection, learning.NewSection{OneCourse: made, SectionTitle: learning.SectionTitle{Title: "By " + who}})
		if err == nil {
			t.Errorf("%s writes a template of the portal", who)
		}
	}
	_, err = worldtest.Try(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: made.Course, Accounts: []db.ID{w.People["Lin"].ID}})
	worldtest.Check(t, "a template is taken", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Cora", learning.CopyCourse, copyOf(made, root, "c"))
	if err == nil {
		t.Error("Cora makes a course (CA-1)")
	}
	of := copyOf(made, north, "onb")
	course := learning.OneCourse{Course: worldtest.Must(t, w, "Ivy", learning.CopyCourse, of).ID}
	if out := worldtest.Must(t, w, "Ivy", learning.ShowOutline, course); len(out.Sections) != 1 || !out.MayEdit {
		t.Errorf("the course of the template: %+v", out)
	}
	if _, err := worldtest.Try(t, w, "Cora", learning.ShowOutline, course); err == nil {
		t.Error("Cora opens the course that was made")
	}
	asTemplate := copyOf(x.course, north, "t2")
	asTemplate.Template = true
	if _, err = worldtest.Try(t, w, "Ivy", learning.CopyCourse, asTemplate); err == nil {
		t.Error("an instructor makes a template")
	}
	second := learning.OneCourse{Course: worldtest.Must(t, w, "Otto", learning.CopyCourse, asTemplate).ID}
	seen := func(who string) (n int) {
		return len(worldtest.Must(t, w, who, learning.ListTemplates, struct{}{}).Items)
	}
	for who, want := range map[string]int{"Ana": 2, "Ivy": 2, "Cleo": 1, "Cora": 2} {
		if got := seen(who); got != want {
			t.Errorf("%s sees %d templates, want %d", who, got, want)
		}
	}
	for _, c := range worldtest.Must(t, w, "Ana", action.ListCourses, action.CourseQuery{}).Items {
		if c.ID == made.Course || c.ID == second.Course {
			t.Errorf("%s is listed as a course", c.Name)
		}
	}
	why := worldtest.Must(t, w, "Ana", action.Explain, action.WhyQuery{Permission: "course.enroll_others", Thing: "Onboarding"})
	if why.Allowed || why.Shut != access.ShutTemplate {
		t.Errorf("BE-1: %+v", why)
	}
	worldtest.Must(t, w, "Cora", learning.ArchiveCourse, made)
	if got := seen("Ivy"); got != 1 {
		t.Errorf("an archived template is used: Ivy sees %d", got)
	}
	worldtest.Must(t, w, "Cora", learning.DeleteCourse, learning.CourseEnd{OneCourse: made, Name: "Onboarding"})
	sound(t, w)
}
