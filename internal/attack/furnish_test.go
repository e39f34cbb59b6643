package attack_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/action/identity"
	"provost/internal/action/learning"
	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// teach fills a course: with a lesson and its file, a quiz that person is at, a thread, a certificate that person has got, a path, a
// requirement and a report that are about it. Each is a kind of thing whose ids are tried.
func (s *site) teach(t testing.TB, portal, admin, person string, course, org db.ID) {
	t.Helper()
	ctx, as, learner, m := t.Context(), s.As(admin), s.As(person), s.made[portal]
	name := func(what string) string { return "Secret " + what + " of " + portal }
	in := learning.OneCourse{Course: course}
	section := must[learning.SectionItem](t)(learning.AddSection.Run(ctx, s.Env, as, learning.NewSection{OneCourse: in, SectionTitle: learning.SectionTitle{Title: name("section")}}))
	text := learning.LessonFields{Title: name("lesson"), Text: name("text")}
	lesson := must[learning.Ref](t)(learning.AddLesson.Run(ctx, s.Env, as, learning.NewLesson{OneCourse: in, Section: section.ID, LessonFields: text}))
	at := learning.OneLesson{OneCourse: in, Lesson: lesson.ID}
	must[learning.Added](t)(learning.AddLessonFiles.Run(ctx, s.Env, as, learning.NewLessonFiles{OneLesson: at, Files: []op.Upload{worldtest.Upload(name("file")+".txt", name("file"))}}))
	shown := must[learning.Lesson](t)(learning.ShowLesson.Run(ctx, s.Env, as, at))

	quiz := work.OneAssessment{OneCourse: work.OneCourse{Course: course}}
	asked := work.AssessmentFields{Title: name("quiz"), Points: 10, Weight: 1}
	quiz.Assessment = must[work.Ref](t)(work.AddAssessment.Run(ctx, s.Env, as, work.NewAssessment{OneCourse: quiz.OneCourse, Section: section.ID, Kind: work.KindQuiz, AssessmentFields: asked})).ID
	question := must[work.Ref](t)(work.AddQuestion.Run(ctx, s.Env, as, work.NewQuestion{OneAssessment: quiz, Kind: "text", QuestionFields: work.QuestionFields{Prompt: name("question"), Points: 1, Accepted: []string{"x"}}}))
	attempt := must[work.AttemptItem](t)(work.BeginAttempt.Run(ctx, s.Env, learner, quiz))
	thread := work.NewThread{OneCourse: quiz.OneCourse, Title: name("thread")}
	thread.Text = name("post")
	begun := must[work.Ref](t)(work.BeginThread.Run(ctx, s.Env, as, thread))
	posts := must[work.ThreadShown](t)(work.ShowThread.Run(ctx, s.Env, as, work.PostQuery{OneThread: work.OneThread{OneCourse: quiz.OneCourse, Thread: begun.ID}}))

	of := path.OneCourse{Course: course}
	must[path.GivenCertificates](t)(path.SetCertificates.Run(ctx, s.Env, as, path.NewCertificateRule{OneCourse: of, CertificateRule: path.CertificateRule{Give: path.GiveAll}}))
	must[path.Completing](t)(path.SetCompletion.Run(ctx, s.Env, as, path.CompletionRule{OneCourse: of, Rule: store.ByLessons}))
	must[learning.MarkedLesson](t)(learning.MarkLesson.Run(ctx, s.Env, learner, learning.LessonMark{OneLesson: at, Done: true}))
	certificates := must[path.OwnCertificates](t)(path.ListOwnCertificates.Run(ctx, s.Env, learner, struct{}{}))
	led := must[path.PathItem](t)(path.CreatePath.Run(ctx, s.Env, as, path.NewPath{Organization: org, PathFields: path.PathFields{Name: name("path")}}))
	goal := must[path.Ref](t)(path.AddGoal.Run(ctx, s.Env, as, path.NewGoal{OnePath: path.OnePath{Path: led.ID}, Course: course}))
	required := must[path.RequirementItem](t)(path.Require.Run(ctx, s.Env, as, path.NewRequirement{Course: course, Organization: org}))
	saved := must[report.SavedReport](t)(report.SaveReport.Run(ctx, s.Env, as, report.ReportToSave{Report: "course-completion", ReportSaving: report.ReportSaving{Name: name("report"), Format: "csv"}}))
	for kind, id := range map[string]db.ID{"section": section.ID, "lesson": lesson.ID, "file": shown.Files[0].ID, "assessment": quiz.Assessment, "question": question.ID, "attempt": attempt.ID,
		"thread": begun.ID, "post": posts.Items[0].ID, "certificate": certificates.Items[0].ID, "path": led.ID, "goal": goal.ID, "requirement": required.ID, "saved": saved.ID} {
		m[kind] = id.String()
	}
}

// LM-7, LE-1: what is taught in a course is on no page and in no answer for those who may not open it, be it asked for by its own
// id: learners of other organizations, a learner manager, somebody whom policies bind, and nobody at all.
func TestContentStaysInItsCourse_LM7(t *testing.T) {
	s := newSite(t)
	own, _, _, _ := s.sets()
	for _, who := range []string{"", "Sue", "Leo", "Lou", "Bea"} {
		for _, w := range s.ways() {
			if w.method != http.MethodGet {
				continue
			}
			r, _, said := w.request(own, own, -2, false)
			a := s.ask(t, who, r)
			for _, what := range []string{"section", "lesson", "text", "file", "question", "thread", "post"} {
				if strings.Contains(a.text(), "Secret "+what+" of acme") {
					t.Errorf("%q reads the %s: %s", who, what, said)
				}
			}
		}
	}
}

// CO-4: nothing of what an erased person answered, in a quiz or in a survey with names, stands in any table.
func TestErasedAnswers_CO4(t *testing.T) {
	s := newSite(t)
	ctx, as, lin, m := t.Context(), s.As("Ana"), s.As("Lin"), s.made["acme"]
	id := func(kind string) db.ID {
		out, err := db.ParseID(m[kind])
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	in := work.OneCourse{Course: id("course")}
	quiz := work.OneAttempt{OneAssessment: work.OneAssessment{OneCourse: in, Assessment: id("assessment")}, Attempt: id("attempt")}
	must[work.AttemptItem](t)(work.SubmitAttempt.Run(ctx, s.Env, lin, work.GivenAnswers{OneAttempt: quiz, Answers: []work.GivenAnswer{{Question: id("question"), Answer: []string{"erase-me"}}}}))
	survey := work.OneAssessment{OneCourse: in}
	asked := work.AssessmentFields{Title: "How was it?"}
	survey.Assessment = must[work.Ref](t)(work.AddAssessment.Run(ctx, s.Env, as, work.NewAssessment{OneCourse: in, Section: id("section"), Kind: work.KindSurvey, AssessmentFields: asked})).ID
	question := must[work.Ref](t)(work.AddQuestion.Run(ctx, s.Env, as, work.NewQuestion{OneAssessment: survey, Kind: "text", QuestionFields: work.QuestionFields{Prompt: "Say"}}))
	must[work.Saved](t)(work.AnswerSurvey.Run(ctx, s.Env, lin, work.SurveyAnswers{OneAssessment: survey, Answers: []work.GivenAnswer{{Question: question.ID, Answer: []string{"erase-me"}}}}))
	if n := s.count(t, "erase-me"); n != 2 {
		t.Fatalf("it stands %d times before", n)
	}
	must[identity.Erased](t)(identity.EraseAccount.Run(ctx, s.Env, as, identity.Erasure{Account: lin.Account, Username: "lin"}))
	if n := s.count(t, "erase-me"); n != 0 {
		t.Errorf("it stands %d times after", n)
	}
}

// count is in how many cells of all tables a text stands.
func (s *site) count(t *testing.T, text string) (all int64) {
	t.Helper()
	err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := db.Tables(t.Context(), tx)
		for _, x := range tables {
			for _, column := range x.Columns {
				n, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM `+x.Name+` WHERE CAST(`+column+` AS TEXT) LIKE ?`, "%"+text+"%"))
				if err != nil {
					return err
				}
				all += n
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
