package work_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// poll is a survey in a course that is taught, which Lin, Max, Lou and Sue take; it asks a choice, several, a scale and a text.
type poll struct {
	taught
	at    work.OneAssessment
	asked []work.AskedQuestion
}

func survey(t *testing.T, w *worldtest.Test, anonymous bool) (x poll) {
	t.Helper()
	x.taught = teach(t, w)
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: []db.ID{w.People["Lou"].ID, w.People["Sue"].ID}})
	x.at = work.OneAssessment{OneCourse: x.course, Assessment: worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: x.course, Section: x.section, Kind: "survey", Anonymous: anonymous,
		AssessmentFields: work.AssessmentFields{Title: "How was it?"}}).ID}
	for _, q := range []work.NewQuestion{{Kind: "single", QuestionFields: work.QuestionFields{Prompt: "Again?", Choices: choices("yes*", "no")}},
		{Kind: "multiple", QuestionFields: work.QuestionFields{Prompt: "What helped?", Choices: choices("film", "text", "talk")}},
		{Kind: "scale", QuestionFields: work.QuestionFields{Prompt: "How clear?"}}, {Kind: "text", QuestionFields: work.QuestionFields{Prompt: "=What else?"}}} {
		q.OneAssessment = x.at
		worldtest.Must(t, w, "Ivy", work.AddQuestion, q)
	}
	x.asked = worldtest.Must(t, w, "Lin", work.ShowSurvey, x.at).Questions
	return x
}

func (x poll) say(choice int, many []int, scale, text string) (in work.SurveyAnswers) {
	in = work.SurveyAnswers{OneAssessment: x.at, Answers: []work.GivenAnswer{{Question: x.asked[0].ID, Answer: []string{x.asked[0].Choices[choice].ID}}, {Question: x.asked[2].ID, Answer: []string{scale}},
		{Question: x.asked[3].ID, Answer: []string{text}}, {Question: x.asked[1].ID}}}
	for _, i := range many {
		in.Answers[3].Answer = append(in.Answers[3].Answer, x.asked[1].Choices[i].ID)
	}
	return in
}

func surveyFile(t *testing.T, w *worldtest.Test, who string, at work.OneAssessment) string {
	t.Helper()
	var out bytes.Buffer
	if err := work.DownloadSurvey.Stream(t.Context(), w.Env, w.As(who), work.SurveyFile{OneAssessment: at}, func(f op.File) error { return f.Write(&out) }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// CO-1: a survey is answered by name until it closes, counted, and read by who grades; it counts as done, for no grade, and what was asked stays.
func TestCO1Surveys(t *testing.T) {
	w := worldtest.New(t)
	x := survey(t, w, false)
	verify(t, w)
	try := func(who string, in work.SurveyAnswers) error {
		_, err := worldtest.Try(t, w, who, work.AnswerSurvey, in)
		return err
	}
	for who, want := range map[string]fail.Kind{"Ivy": fail.NotAllowed, "Mo": fail.NotAllowed, "Otto": fail.NotAllowed, "Tess": fail.NotAllowed, "Una": fail.NotFound} {
		worldtest.Check(t, who+" answers", try(who, x.say(0, nil, "5", "")), want)
	}
	worldtest.Check(t, "no answer", try("Lin", work.SurveyAnswers{OneAssessment: x.at}), fail.Invalid)
	worldtest.Check(t, "a question of elsewhere", try("Lin", work.SurveyAnswers{OneAssessment: x.at, Answers: []work.GivenAnswer{{Question: 5, Answer: []string{"x"}}}}), fail.Invalid)
	worldtest.Check(t, "too long", try("Lin", x.say(0, nil, "1", strings.Repeat("x", 5000))), fail.Invalid)
	of := learning.OneCourse{Course: x.course.Course}
	worldtest.Check(t, "Lin", try("Lin", x.say(0, []int{0, 2}, "5", "=1+1")), -1)
	worldtest.Check(t, "Max", try("Max", x.say(1, []int{0}, "2", "Max says")), -1)
	if got := worldtest.Must(t, w, "Lin", learning.ShowOutline, of).Own.Progress; got != 33.33 {
		t.Errorf("progress %v", got)
	}
	worldtest.Check(t, "Lin again", try("Lin", x.say(0, []int{0, 1}, "4", "=1+1")), -1)
	if own := worldtest.Must(t, w, "Lin", work.ShowSurvey, x.at); own.Answered == nil || !own.MayAnswer || own.Questions[2].Answer[0] != "4" || len(own.Questions[1].Answer) != 2 {
		t.Errorf("%+v", own)
	}
	got := worldtest.Must(t, w, "Ivy", work.ShowSurveyResults, x.at)
	if text := fmt.Sprint(got.Shown, got.Wait, got.Items[0].Choices, got.Items[1].Choices, *got.Items[2].Mean, got.Items[3].Texts); text != "2 0 [{yes 1} {no 1}] [{film 2} {text 1} {talk 0}] 3 2" {
		t.Error(text)
	}
	texts := worldtest.Must(t, w, "Ivy", work.ListSaid, work.SaidQuery{OneQuestion: work.OneQuestion{OneAssessment: x.at, Question: x.asked[3].ID}})
	if len(texts.Items) != 2 || texts.Items[0].Learner == "" {
		t.Errorf("%+v", texts)
	}
	if file := surveyFile(t, w, "Ivy", x.at); !strings.Contains(file, "film; ") && !strings.Contains(file, "; film") || !strings.Contains(file, "'=1+1") || !strings.Contains(file, "'=What else?") {
		t.Error(file)
	}
	for who, want := range map[string]fail.Kind{"Lin": fail.NotAllowed, "Mo": fail.NotAllowed, "Tess": fail.NotAllowed, "Una": fail.NotFound} {
		_, err := worldtest.Try(t, w, who, work.ShowSurveyResults, x.at)
		worldtest.Check(t, who+" reads results", err, want)
		_, err = worldtest.Try(t, w, who, work.DownloadSurvey, work.SurveyFile{OneAssessment: x.at})
		worldtest.Check(t, who+" downloads", err, want)
	}

	// It is in no gradebook, is not graded, and what was asked stays.
	if book := worldtest.Must(t, w, "Ivy", work.ShowGradebook, work.GradebookQuery{OneCourse: x.course}); len(book.Works) != 1 {
		t.Errorf("%+v", book.Works)
	}
	if own := worldtest.Must(t, w, "Lin", work.ShowOwnGrades, x.course); len(own.Items) != 1 || own.Score != nil {
		t.Errorf("%+v", own)
	}
	_, err := worldtest.Try(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: x.at, Kind: "text", QuestionFields: work.QuestionFields{Prompt: "More?"}})
	worldtest.Check(t, "another question", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.DropQuestion, work.OneQuestion{OneAssessment: x.at, Question: x.asked[0].ID})
	worldtest.Check(t, "a question less", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.SaveSurvey, work.SurveySettings{OneAssessment: x.at, Anonymous: true})
	worldtest.Check(t, "made anonymous", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.DropAssessment, x.at)
	worldtest.Check(t, "deleted", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.SaveSurvey, work.SurveySettings{OneAssessment: x.essay, Anonymous: true})
	worldtest.Check(t, "an assignment as a survey", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Lin", work.HandIn, work.OwnText{OneAssessment: x.at, Text: "Work"})
	worldtest.Check(t, "handed in", err, fail.Conflict)
	worldtest.Must(t, w, "Ana", learning.ArchiveCourse, of)
	worldtest.Check(t, "archived", try("Lin", x.say(0, nil, "1", "late")), fail.Conflict)
	verify(t, w)
}

// CO-1: nothing that is kept, shown, exported or audited tells whose an answer to an anonymous survey is, and none appears but with two others.
func TestCO1AnonymousSurveys(t *testing.T) {
	w := worldtest.New(t)
	x := survey(t, w, true)
	answer := func(who string) error {
		_, err := worldtest.Try(t, w, who, work.AnswerSurvey, x.say(0, []int{0, 1}, "3", who+"-secret"))
		return err
	}
	reads := func() (seen string) {
		var texts work.SurveyTexts
		results := worldtest.Must(t, w, "Ivy", work.ShowSurveyResults, x.at)
		texts = worldtest.Must(t, w, "Ivy", work.ListSaid, work.SaidQuery{OneQuestion: work.OneQuestion{OneAssessment: x.at, Question: x.asked[3].ID}})
		text, err := json.Marshal([]any{results, texts})
		if err != nil {
			t.Fatal(err)
		}
		return string(text) + surveyFile(t, w, "Ivy", x.at)
	}
	shown := func(when string, want ...string) {
		t.Helper()
		seen := reads()
		for _, who := range []string{"Lin", "Max", "Lou", "Sue"} {
			if got, want := strings.Count(seen, who+"-secret"), 2*strings.Count(strings.Join(want, " "), who); got != want {
				t.Errorf("%s: %s's answer is shown %d times", when, who, got)
			}
			if strings.Count(seen, who) != strings.Count(seen, who+"-secret") {
				t.Errorf("%s: %s is named in %s", when, who, seen)
			}
		}
	}
	worldtest.Check(t, "Lin", answer("Lin"), -1)
	worldtest.Check(t, "Lin again", answer("Lin"), fail.Conflict)
	if own := worldtest.Must(t, w, "Lin", work.ShowSurvey, x.at); own.Answered == nil || own.MayAnswer || len(own.Questions[3].Answer) > 0 {
		t.Errorf("%+v", own)
	}
	worldtest.Check(t, "Max", answer("Max"), -1)
	shown("of two")
	worldtest.Check(t, "Lou", answer("Lou"), -1)
	shown("of three", "Lin", "Max", "Lou")
	worldtest.Check(t, "Sue", answer("Sue"), -1)
	shown("of one more", "Lin", "Max", "Lou")
	_, err := worldtest.Try(t, w, "Ivy", work.SaveSurvey, work.SurveySettings{OneAssessment: x.at})
	worldtest.Check(t, "made named", err, fail.Conflict)

	err = w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		audited, err := db.Val[int](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE detail LIKE '%secret%'`))
		if audited > 0 {
			t.Error("the audit tells what was answered")
		}
		if err != nil {
			return err
		}
		type row struct {
			id, of db.ID
			text   string
		}
		rows, err := db.All(t.Context(), tx, db.SQL(`SELECT id, enrolment_id, answer FROM survey_answers WHERE assessment_id = ? ORDER BY id`, x.at.Assessment),
			func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.id, &r.of, &r.text) })
		sums := map[int64]int{}
		for _, r := range rows {
			if r.of != 0 {
				t.Errorf("%+v", r)
			}
			sums[int64(r.id)>>42]++ // what is written at one time has close ids, unless they are drawn by lot
		}
		if len(rows) != 20 || len(sums) < 15 {
			t.Errorf("%d rows in %d places", len(rows), len(sums))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	verify(t, w)
}
