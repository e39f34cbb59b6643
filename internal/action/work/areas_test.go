package work_test

import (
	"testing"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// LE-2: an instructor closes the discussion and the learners' own grades; both are gone from every operation, and the course is taken on.
func TestLE2DiscussionAndGradesAreClosed(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{Reveals: "answers"})
	of := learning.OneCourse{Course: x.course.Course}
	at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
	worldtest.Must(t, w, "Lin", work.SubmitAttempt, x.answers(at.ID, x.allRight()))
	score(t, w)
	worldtest.Must(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: x.essay, Text: "Mine"})
	e := worldtest.Must(t, w, "Ivy", work.ShowGradebook, work.GradebookQuery{OneCourse: x.course, Query: "Lin"}).Items[0].Enrolment
	worldtest.Must(t, w, "Ivy", work.SaveGradebook, work.GradebookChanges{OneCourse: x.course, Changes: []work.GradebookChange{{Assessment: x.essay.Assessment, Enrolment: e, Mark: "15"}}})
	thread := worldtest.Must(t, w, "Lin", work.BeginThread, work.NewThread{OneCourse: x.course, Title: "Why?", PostText: work.PostText{Text: "Say."}})

	seen := func(when string, grades, talks bool) {
		t.Helper()
		want := func(open bool) fail.Kind {
			if open {
				return -1
			}
			return fail.NotAllowed
		}
		_, err := worldtest.Try(t, w, "Lin", work.ShowOwnGrades, x.course)
		worldtest.Check(t, when+": own grades", err, want(grades))
		one := work.OneThread{OneCourse: x.course, Thread: thread.ID}
		_, err = worldtest.Try(t, w, "Lin", work.ListThreads, work.ThreadQuery{OneCourse: x.course})
		worldtest.Check(t, when+": threads", err, want(talks))
		_, err = worldtest.Try(t, w, "Lin", work.ShowThread, work.PostQuery{OneThread: one})
		worldtest.Check(t, when+": a thread", err, want(talks))
		_, err = worldtest.Try(t, w, "Lin", work.Reply, work.NewPost{OneThread: one, PostText: work.PostText{Text: "More."}})
		worldtest.Check(t, when+": a reply", err, want(talks))
		outline := worldtest.Must(t, w, "Lin", learning.ShowOutline, of)
		quiz := worldtest.Must(t, w, "Lin", work.ShowQuiz, x.quiz)
		attempt := worldtest.Must(t, w, "Lin", work.ShowAttempt, x.attempt(at.ID))
		essay := worldtest.Must(t, w, "Lin", work.ShowOwnWork, x.essay)
		parts := worldtest.Must(t, w, "Lin", action.ShowCourseParts, action.OneCourse{Course: x.course.Course})
		shows := map[string]bool{"tabs": parts.Grades, "quiz": quiz.Items[0].Score != nil, "attempt": attempt.Score != nil, "marks": attempt.Questions[0].Part != nil, "answers": attempt.Questions[0].Choices[0].Right != nil, "essay": essay.Grade != nil}
		for _, item := range worldtest.Must(t, w, "Lin", action.ListMyEnrolments, action.MyEnrolmentQuery{}).Items {
			if item.Course.ID == x.course.Course {
				shows["enrolment"] = item.Score != nil
			}
		}
		if outline.Own == nil || len(essay.Attempts) != 1 || parts.Discussion != talks || len(shows) != 7 {
			t.Errorf("%s: %+v %v", when, outline, shows)
		}
		for what, shown := range shows {
			if shown != grades {
				t.Errorf("%s: the grade in %s is shown: %v", when, what, shown)
			}
		}
	}
	shut := func(keys ...string) {
		t.Helper()
		worldtest.Must(t, w, "Ivy", learning.SaveAreas, learning.ClosedAreas{OneCourse: of, Closed: keys})
	}
	seen("open", true, true)
	shut("course.view_own_grades")
	seen("grades closed", false, true)
	shut("course.collaborate", "course.view_own_grades")
	seen("both closed", false, false)
	worldtest.Must(t, w, "Ivy", work.ShowThread, work.PostQuery{OneThread: work.OneThread{OneCourse: x.course, Thread: thread.ID}})
	if got := worldtest.Must(t, w, "Ivy", work.ShowLearnerGrades, work.OneLearner{OneCourse: x.course, Enrolment: e}); got.Score == nil {
		t.Error("who teaches sees no grades")
	}
	shut()
	seen("open again", true, true)
}
