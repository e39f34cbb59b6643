package learning_test

import (
	"slices"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// taught is a course of Ivy's with two sections and three lessons, which Lin takes.
type taught struct {
	course          learning.OneCourse
	first, second   db.ID
	one, two, three db.ID
}

func teach(t *testing.T, w *worldtest.Test) (x taught) {
	t.Helper()
	made := worldtest.Must(t, w, "Ivy", action.CreateCourse, action.NewCourse{Organization: w.Orgs["North"].ID, CourseFields: action.CourseFields{Code: "sql", Name: "SQL"}})
	x.course = learning.OneCourse{Course: made.ID}
	section := func(title string) db.ID {
		return worldtest.Must(t, w, "Ivy", learning.AddSection, learning.NewSection{OneCourse: x.course, SectionTitle: learning.SectionTitle{Title: title}}).ID
	}
	lesson := func(in db.ID, f learning.LessonFields) db.ID {
		return worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: x.course, Section: in, LessonFields: f}).ID
	}
	x.first, x.second = section("Week 1"), section("Week 2")
	x.one = lesson(x.first, learning.LessonFields{Title: "Tables", Text: "# Tables\r\nRows and columns."})
	x.three = lesson(x.second, learning.LessonFields{Title: "Joins", Text: "Both.", After: x.one})
	x.two = lesson(x.first, learning.LessonFields{Title: "Keys", Text: "One each."})
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Lin"].ID}})
	return x
}

func (x taught) lesson(id db.ID) learning.OneLesson {
	return learning.OneLesson{OneCourse: x.course, Lesson: id}
}

func (x taught) mark(id db.ID, done bool) learning.LessonMark {
	return learning.LessonMark{OneLesson: x.lesson(id), Done: done}
}

// CO-1, LE-1: an instructor writes a course; a learner takes it lesson by lesson, in the order that is asked, and completes it.
func TestCO1LE1CourseIsTaughtAndTaken(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	out := worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course)
	if len(out.Sections) != 2 || len(out.Sections[0].Lessons) != 2 || out.MayEdit || out.Own == nil || out.Own.Next.ID != x.one {
		t.Fatalf("%+v", out)
	}
	closed := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.three))
	if !closed.Closed || closed.Text != "" || closed.After.ID != x.one || closed.Number != 3 {
		t.Errorf("before its time: %+v", closed)
	}
	_, err := worldtest.Try(t, w, "Lin", learning.MarkLesson, x.mark(x.three, true))
	worldtest.Check(t, "a closed lesson is done", err, fail.Conflict)
	if read := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)); read.Text != "# Tables\nRows and columns." || read.Next.ID != x.two || read.Prev != nil {
		t.Errorf("%+v", read)
	}
	for _, step := range []struct {
		lesson   db.ID
		done     bool
		progress float64
		status   store.Status
	}{{x.one, true, 33.33, store.Active}, {x.one, true, 33.33, store.Active}, {x.two, true, 66.67, store.Active}, {x.two, false, 33.33, store.Active},
		{x.two, true, 66.67, store.Active}, {x.three, true, 100, store.Completed}, {x.three, false, 100, store.Completed}} {
		got := worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(step.lesson, step.done))
		if got.Progress != step.progress || got.Status != step.status {
			t.Errorf("after %v %v: %+v", step.lesson, step.done, got)
		}
	}
	worldtest.Must(t, w, "Ivy", learning.AddLesson, learning.NewLesson{OneCourse: x.course, Section: x.second, LessonFields: learning.LessonFields{Title: "More"}})
	if own := worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course).Own; own.Status != store.Completed || own.Progress != 100 {
		t.Errorf("a lesson that is added takes a completion back: %+v", own)
	}
	err = w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
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

// LM-8, LE-1, PT-4: content is read by those who teach, take or oversee the course, and written by those who teach it.
func TestLM8WhoReadsAndWritesContent(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	add := learning.NewLesson{OneCourse: x.course, Section: x.first, LessonFields: learning.LessonFields{Title: "Mine"}}
	for _, c := range []struct {
		who         string
		read, write fail.Kind
	}{{"Ivy", -1, -1}, {"Ana", -1, -1}, {"Otto", -1, -1}, {"Mo", -1, fail.NotAllowed}, {"Lin", -1, fail.NotAllowed}, {"Leo", fail.NotAllowed, fail.NotAllowed},
		{"Gus", fail.NotAllowed, fail.NotAllowed}, {"Tess", fail.NotAllowed, fail.NotAllowed}, {"Lou", fail.NotFound, fail.NotFound}, {"Sue", fail.NotFound, fail.NotFound}} {
		_, err := worldtest.Try(t, w, c.who, learning.ShowOutline, x.course)
		worldtest.Check(t, c.who+" reads", err, c.read)
		_, err = worldtest.Try(t, w, c.who, learning.ShowLesson, x.lesson(x.one))
		worldtest.Check(t, c.who+" reads a lesson", err, c.read)
		_, err = worldtest.Try(t, w, c.who, learning.AddLesson, add)
		worldtest.Check(t, c.who+" writes", err, c.write)
	}
	_, err := learning.ShowOutline.Run(t.Context(), w.Env, w.As("Una"), x.course)
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)

	_, err = worldtest.Try(t, w, "Leo", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Leo"].ID}})
	worldtest.Check(t, "a learner manager enrols themselves to read", err, fail.NotAllowed)

	other := learning.OneCourse{Course: w.Courses["Go"].ID}
	_, err = worldtest.Try(t, w, "Ana", learning.ShowLesson, learning.OneLesson{OneCourse: other, Lesson: x.one})
	worldtest.Check(t, "a lesson of another course", err, fail.NotFound)
	_, err = worldtest.Try(t, w, "Ana", learning.AddLesson, learning.NewLesson{OneCourse: other, Section: x.first, LessonFields: learning.LessonFields{Title: "Astray"}})
	worldtest.Check(t, "a section of another course", err, fail.Invalid)
}

// PT-1: taking a course elsewhere puts nobody out of their organization's administrator's reach.
func TestPT1LearnersOfOtherCoursesAreHelped(t *testing.T) {
	w := worldtest.New(t)
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: w.Courses["First aid"].ID, Accounts: []db.ID{w.People["Max"].ID}})
	if _, err := worldtest.Try(t, w, "Otto", action.ArchiveAccount, action.AccountID{Account: w.People["Max"].ID}); err != nil {
		t.Error(err)
	}
}

// CO-1: the outline is arranged whole or not at all, and nothing that somebody else wrote meanwhile is lost.
func TestCO1OutlineIsArranged(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	order := func(sections ...learning.ArrangedSection) learning.Order {
		return learning.Order{OneCourse: x.course, Sections: sections}
	}
	lessons := func() (out []string) {
		for _, s := range worldtest.Must(t, w, "Ivy", learning.ShowOutline, x.course).Sections {
			out = append(out, s.Title)
			for _, l := range s.Lessons {
				out = append(out, l.Title)
			}
		}
		return out
	}
	worldtest.Must(t, w, "Ivy", learning.Arrange, order(learning.ArrangedSection{Section: x.second, Order: []db.ID{x.two, x.three}}, learning.ArrangedSection{Section: x.first, Order: []db.ID{x.one}}))
	if got, want := lessons(), []string{"Week 2", "Keys", "Joins", "Week 1", "Tables"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for what, o := range map[string]learning.Order{
		"a lesson left out": order(learning.ArrangedSection{Section: x.second, Order: []db.ID{x.two}}, learning.ArrangedSection{Section: x.first, Order: []db.ID{x.one}}),
		"a lesson twice":    order(learning.ArrangedSection{Section: x.second, Order: []db.ID{x.two, x.two, x.three}}, learning.ArrangedSection{Section: x.first, Order: []db.ID{x.one}}),
		"a section twice":   order(learning.ArrangedSection{Section: x.second, Order: []db.ID{x.two, x.three}}, learning.ArrangedSection{Section: x.second, Order: []db.ID{x.one}}),
		"a foreign section": order(learning.ArrangedSection{Section: x.second, Order: []db.ID{x.two, x.three}}, learning.ArrangedSection{Section: x.course.Course, Order: []db.ID{x.one}}),
		"nothing":           order(),
	} {
		_, err := worldtest.Try(t, w, "Ivy", learning.Arrange, o)
		worldtest.Check(t, what, err, fail.Conflict)
	}
	was := worldtest.Must(t, w, "Ivy", learning.ShowLesson, x.lesson(x.one))
	w.Clock.Move(time.Minute)
	save := learning.SavedLesson{OneLesson: x.lesson(x.one), LessonFields: learning.LessonFields{Title: "Tables", Text: "New"}, Was: was.Changed}
	worldtest.Must(t, w, "Ana", learning.SaveLesson, save)
	_, err := worldtest.Try(t, w, "Ivy", learning.SaveLesson, save)
	worldtest.Check(t, "a stale form", err, fail.Conflict)
	for what, f := range map[string]learning.LessonFields{
		"waits for itself":     {Title: "Tables", After: x.one},
		"waits in a circle":    {Title: "Tables", After: x.three},
		"waits for nothing":    {Title: "Tables", After: x.first},
		"a film by http":       {Title: "Tables", Video: "http://films.example/1"},
		"a film by javascript": {Title: "Tables", Video: "javascript:alert(1)"},
		"no day":               {Title: "Tables", Opens: "tomorrow"},
		"no title":             {Title: " "},
	} {
		_, err := worldtest.Try(t, w, "Ivy", learning.SaveLesson, learning.SavedLesson{OneLesson: x.lesson(x.one), LessonFields: f})
		worldtest.Check(t, what, err, fail.Invalid)
	}
	worldtest.Must(t, w, "Lin", learning.MarkLesson, x.mark(x.one, true))
	worldtest.Must(t, w, "Ivy", learning.DropSection, learning.OneSection{OneCourse: x.course, Section: x.first})
	if got, want := lessons(), []string{"Week 2", "Keys", "Joins"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if own := worldtest.Must(t, w, "Lin", learning.ShowOutline, x.course).Own; own.Done != 0 || own.Progress != 0 {
		t.Errorf("%+v", own)
	}
	if open := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.three)); open.Closed {
		t.Error("a lesson waits for one that is gone")
	}
}

// CO-1: a lesson opens to learners on its day, and is closed before, whoever asks how.
func TestCO1LessonOpensOnItsDay(t *testing.T) {
	w := worldtest.New(t)
	x := teach(t, w)
	day := w.Env.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	worldtest.Must(t, w, "Ivy", learning.SaveLesson, learning.SavedLesson{OneLesson: x.lesson(x.one), LessonFields: learning.LessonFields{Title: "Tables", Text: "Secret", Video: "https://films.example/1", Opens: day}})
	if got := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)); !got.Closed || got.Text != "" || got.VideoURL != "" {
		t.Errorf("%+v", got)
	}
	token, limit := w.As("Lin"), access.SetOf(access.CourseView)
	token.Limit = &limit
	if got, err := learning.ShowLesson.Run(t.Context(), w.Env, token, x.lesson(x.one)); err != nil || !got.Closed || got.Text != "" {
		t.Errorf("by a token that sees no enrolment: %+v %v", got, err)
	}
	if got := worldtest.Must(t, w, "Ivy", learning.ShowLesson, x.lesson(x.one)); got.Closed || got.Text == "" {
		t.Errorf("who teaches it: %+v", got)
	}
	w.Clock.Move(48 * time.Hour)
	if got := worldtest.Must(t, w, "Lin", learning.ShowLesson, x.lesson(x.one)); got.Closed || got.Text == "" {
		t.Errorf("on the day: %+v", got)
	}
}
