package work_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/learning"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// asks is a quiz in a course that is taught, with one question of each kind, 10 points together.
type asks struct {
	taught
	quiz work.OneAssessment
	ids  map[string]db.ID
	keys map[string]work.Question
}

func choices(list ...string) (out []work.Choice) {
	for _, text := range list {
		name, right := strings.CutSuffix(text, "*")
		out = append(out, work.Choice{Text: name, Right: right})
	}
	return out
}

var fiveQuestions = map[string]work.QuestionFields{
	"single":   {Prompt: "**One** of these?", Points: 1, Choices: choices("zebra", "yak*", "xerus"), Feedback: "Because."},
	"multiple": {Prompt: "Which?", Points: 4, Choices: choices("a*", "b*", "c", "d")},
	"number":   {Prompt: "Pi?", Points: 2, Number: 3.14, Tolerance: 0.01},
	"text":     {Prompt: "Capital of France?", Points: 1, Accepted: []string{"Paris", "Lutetia"}},
	"order":    {Prompt: "Sort!", Points: 2, Choices: choices("first", "second", "third", "fourth")},
}

func ask(t *testing.T, w *worldtest.Test, change func(*work.AssessmentFields), settings work.QuizSettings) (x asks) {
	t.Helper()
	x.taught = teach(t, w)
	f := work.AssessmentFields{Title: "Quiz", Points: 10, Weight: 1}
	if change != nil {
		change(&f)
	}
	x.quiz = work.OneAssessment{OneCourse: x.course, Assessment: worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: x.course, Section: x.section, Kind: "quiz", AssessmentFields: f}).ID}
	worldtest.Must(t, w, "Ivy", work.SaveQuiz, work.SavedQuiz{OneAssessment: x.quiz, QuizSettings: settings})
	x.ids, x.keys = map[string]db.ID{}, map[string]work.Question{}
	for _, kind := range []string{"single", "multiple", "number", "text", "order"} {
		x.ids[kind] = worldtest.Must(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: x.quiz, Kind: kind, QuestionFields: fiveQuestions[kind]}).ID
	}
	for _, q := range worldtest.Must(t, w, "Ivy", work.ShowQuestions, x.quiz).Items {
		x.keys[q.Kind] = q
	}
	return x
}

// pick are the ids of choices by their texts.
func (x asks) pick(kind string, texts ...string) (out []string) {
	for _, text := range texts {
		for _, c := range x.keys[kind].Choices {
			if c.Text == text {
				out = append(out, c.ID)
			}
		}
	}
	return out
}

func (x asks) answers(at db.ID, given map[string][]string) work.GivenAnswers {
	in := work.GivenAnswers{OneAttempt: x.attempt(at)}
	for kind, answer := range given {
		in.Answers = append(in.Answers, work.GivenAnswer{Question: x.ids[kind], Answer: answer})
	}
	return in
}

func (x asks) attempt(id db.ID) work.OneAttempt {
	return work.OneAttempt{OneAssessment: x.quiz, Attempt: id}
}

func (x asks) allRight() map[string][]string {
	return map[string][]string{"single": x.pick("single", "yak"), "multiple": x.pick("multiple", "a", "b"), "number": {" 3,145 "}, "text": {"  pARIS "},
		"order": x.pick("order", "first", "second", "third", "fourth")}
}

// scoreOf is somebody's result of an assessment, as the database keeps it.
func scoreOf(t *testing.T, w *worldtest.Test, assessment db.ID, who string) (score *float64) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list, err := db.All(t.Context(), tx, db.SQL(`SELECT score FROM results WHERE assessment_id = ? AND account_id = ?`, assessment, w.People[who].ID),
			func(s db.Scanner) (n *float64, err error) { return n, s.Scan(&n) })
		if len(list) > 0 {
			score = list[0]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// score does what the job does until nothing waits.
func score(t *testing.T, w *worldtest.Test) (rounds int) {
	t.Helper()
	for {
		more, err := work.ScoreWaiting(t.Context(), w.Env)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return rounds
		}
		rounds++
	}
}

func wantScore(t *testing.T, w *worldtest.Test, x asks, who string, want float64) {
	t.Helper()
	score(t, w)
	if got := scoreOf(t, w, x.quiz.Assessment, who); got == nil && want >= 0 || got != nil && *got != want {
		t.Errorf("%s has %v, want %v", who, got, want)
	}
}

// CO-1: a quiz scores itself, question by question; the best attempt is the result, or the last one; a score set by hand stands.
func TestCO1QuizzesScoreThemselves(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, func(f *work.AssessmentFields) { f.Attempts = 3 }, work.QuizSettings{Reveals: "answers", Shuffled: true, ChoicesShuffled: true})
	try1 := func(given map[string][]string) work.AttemptItem {
		at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
		worldtest.Must(t, w, "Lin", work.SubmitAttempt, x.answers(at.ID, given))
		return worldtest.Must(t, w, "Lin", work.ShowAttempt, x.attempt(at.ID)).AttemptItem
	}
	half := x.allRight()
	half["single"], half["multiple"], half["number"] = x.pick("single", "zebra"), x.pick("multiple", "a", "b", "c"), []string{"3.16"}
	half["order"] = x.pick("order", "first", "third", "second", "fourth")
	if got := try1(half); got.Score == nil || *got.Score != 40 { // 0 of 1, 2 of 4, 0 of 2, 1 of 1, 1 of 2
		t.Errorf("half right: %+v", got)
	}
	if got := try1(x.allRight()); *got.Score != 100 {
		t.Errorf("all right: %v", *got.Score)
	}
	last := try1(nil)
	if *last.Score != 0 {
		t.Errorf("nothing: %v", *last.Score)
	}
	wantScore(t, w, x, "Lin", 100)
	_, err := worldtest.Try(t, w, "Lin", work.BeginAttempt, x.quiz)
	worldtest.Check(t, "a fourth attempt", err, fail.Conflict)
	worldtest.Must(t, w, "Ivy", work.SaveQuiz, work.SavedQuiz{OneAssessment: x.quiz, QuizSettings: work.QuizSettings{Counts: "last"}})
	wantScore(t, w, x, "Lin", 0)
	set := 77.5
	worldtest.Must(t, w, "Ivy", work.ScoreAttempt, work.SetScore{OneAttempt: x.attempt(last.ID), Score: &set})
	wantScore(t, w, x, "Lin", 77.5)
	worldtest.Must(t, w, "Ivy", work.ScoreAttempt, work.SetScore{OneAttempt: x.attempt(last.ID)})
	wantScore(t, w, x, "Lin", 0)

	// A key that was wrong is put right: what was handed in is scored anew.
	worldtest.Must(t, w, "Ivy", work.SaveQuiz, work.SavedQuiz{OneAssessment: x.quiz})
	fields := x.keys["number"].QuestionFields
	fields.Number = 42
	worldtest.Must(t, w, "Ivy", work.SaveQuestion, work.SavedQuestion{OneQuestion: work.OneQuestion{OneAssessment: x.quiz, Question: x.ids["number"]}, QuestionFields: fields})
	wantScore(t, w, x, "Lin", 80)
	worldtest.Must(t, w, "Ivy", work.DropQuestion, work.OneQuestion{OneAssessment: x.quiz, Question: x.ids["number"]})
	wantScore(t, w, x, "Lin", 100)
	verify(t, w)
}

// CO-1: what is right is in no answer of the portal before a learner may know it.
func TestCO1RightAnswersAreNotToldTooEarly(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, func(f *work.AssessmentFields) {
		f.Closes = w.Env.Now().Add(2 * time.Hour)
		f.GradesAt = w.Env.Now().Add(time.Hour)
	}, work.QuizSettings{Reveals: "closed"})
	at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
	show := func() string {
		text, err := json.Marshal([]any{worldtest.Must(t, w, "Lin", work.ShowAttempt, x.attempt(at.ID)), worldtest.Must(t, w, "Lin", work.ShowQuiz, x.quiz), worldtest.Must(t, w, "Lin", work.ShowAssessment, x.quiz)})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tells := func(when string, secrets ...string) {
		t.Helper()
		text := show()
		for _, s := range []string{`"right"`, "3.14", "Paris", "Lutetia", "Because.", `"part"`, `"score"`} {
			if got, want := strings.Contains(text, s), slices.Contains(secrets, s); got != want {
				t.Errorf("%s: %s is told: %v\n%s", when, s, got, text)
			}
		}
	}
	tells("while it is answered")
	if shown := worldtest.Must(t, w, "Lin", work.ShowAttempt, x.attempt(at.ID)).Questions[4].Choices; shown[0].Text == "first" && shown[1].Text == "second" && shown[2].Text == "third" {
		t.Error("what is to be ordered is in order")
	}
	worldtest.Must(t, w, "Lin", work.SubmitAttempt, x.answers(at.ID, map[string][]string{"single": x.pick("single", "zebra")}))
	tells("handed in, grades are not shown yet")
	w.Clock.Move(time.Hour)
	tells("grades are shown", "Because.", `"part"`, `"score"`)
	w.Clock.Move(time.Hour + time.Minute)
	tells("closed", `"right"`, "3.14", "Paris", "Lutetia", "Because.", `"part"`, `"score"`)
	worldtest.Must(t, w, "Ivy", work.SaveQuiz, work.SavedQuiz{OneAssessment: x.quiz, QuizSettings: work.QuizSettings{Reveals: "score"}})
	tells("the score alone", `"score"`)
	for _, who := range []string{"Lin", "Max"} {
		_, err := worldtest.Try(t, w, who, work.ShowQuestions, x.quiz)
		worldtest.Check(t, who+" reads the key", err, fail.NotAllowed)
		_, err = worldtest.Try(t, w, who, work.ListAttempts, work.AttemptsQuery{OneAssessment: x.quiz})
		worldtest.Check(t, who+" lists attempts", err, fail.NotAllowed)
	}
}

// CO-1: what was saved in time counts, whatever comes after it; an attempt is handed in by itself when its time is over.
func TestCO1TimeOfAQuiz(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{Minutes: 10})
	at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
	if again := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz); again.ID != at.ID {
		t.Error("a second attempt beside the open one")
	}
	all := x.allRight()
	worldtest.Must(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, map[string][]string{"single": all["single"], "text": {"Rome"}}))
	worldtest.Must(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, map[string][]string{"multiple": all["multiple"], "text": all["text"]}))
	end := func(want bool) {
		t.Helper()
		if rounds := score(t, w); (rounds > 0) != want {
			t.Errorf("handed in by itself in %d rounds, want %v", rounds, want)
		}
	}
	end(false)
	w.Clock.Move(10*time.Minute + 5*time.Second)
	worldtest.Must(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, map[string][]string{"number": all["number"]})) // it was on its way
	w.Clock.Move(6 * time.Second)
	_, err := worldtest.Try(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, map[string][]string{"order": all["order"]}))
	worldtest.Check(t, "saved after its time", err, fail.Conflict)
	max := worldtest.Must(t, w, "Max", work.BeginAttempt, x.quiz)
	end(true)
	end(false)
	wantScore(t, w, x, "Lin", 80)
	_, err = worldtest.Try(t, w, "Lin", work.SubmitAttempt, x.answers(at.ID, all))
	worldtest.Check(t, "handed in twice", err, fail.Conflict)
	w.Clock.Move(11 * time.Minute)
	if got := worldtest.Must(t, w, "Max", work.SubmitAttempt, x.answers(max.ID, all)); !got.Submitted.Equal(*max.Until) {
		t.Errorf("handed in at %v, its time was over at %v", got.Submitted, max.Until)
	}
	wantScore(t, w, x, "Max", 0)
	if got := worldtest.Must(t, w, "Ivy", work.ListAttempts, work.AttemptsQuery{OneAssessment: x.quiz}); got.Total != 2 || len(got.Items) != 2 || got.Items[0].Learner != w.People["Max"].Name {
		t.Errorf("%+v", got)
	}
	begun := worldtest.Must(t, w, "Max", work.BeginAttempt, x.quiz)
	worldtest.Must(t, w, "Ivy", work.SaveAssessment, work.SavedAssessment{OneAssessment: x.quiz, AssessmentFields: work.AssessmentFields{Title: "Quiz", Points: 10, Weight: 1, Closes: w.Env.Now().Add(time.Minute)}})
	w.Clock.Move(2 * time.Minute)
	_, err = worldtest.Try(t, w, "Max", work.SaveAnswers, x.answers(begun.ID, all))
	worldtest.Check(t, "begun before it was said when it closes, and answered after", err, fail.Conflict)
	verify(t, w)
}

// CO-1, PT-4: attempts are their learner's, and of those who grade; somebody else's do not answer.
func TestPT4WhoSeesAttempts(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{})
	at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
	given := x.answers(at.ID, x.allRight())
	for _, c := range []struct {
		who               string
		begin, show, save fail.Kind
	}{{"Lin", -1, -1, -1}, {"Ivy", fail.NotAllowed, -1, fail.NotAllowed}, {"Ana", fail.NotAllowed, -1, fail.NotAllowed}, {"Max", -1, fail.NotFound, fail.NotFound}, {"Mo", fail.NotAllowed, fail.NotFound, fail.NotAllowed},
		{"Leo", fail.NotAllowed, fail.NotAllowed, fail.NotAllowed}, {"Lou", fail.NotFound, fail.NotFound, fail.NotFound}} {
		_, err := worldtest.Try(t, w, c.who, work.BeginAttempt, x.quiz)
		worldtest.Check(t, c.who+" begins", err, c.begin)
		_, err = worldtest.Try(t, w, c.who, work.ShowAttempt, x.attempt(at.ID))
		worldtest.Check(t, c.who+" shows", err, c.show)
		_, err = worldtest.Try(t, w, c.who, work.SaveAnswers, given)
		worldtest.Check(t, c.who+" saves", err, c.save)
	}
	_, err := work.ShowAttempt.Run(t.Context(), w.Env, w.As("Una"), x.attempt(at.ID))
	worldtest.Check(t, "Una of another portal", err, fail.NotFound)
	other := x.attempt(at.ID)
	other.Assessment = x.essay.Assessment
	_, err = worldtest.Try(t, w, "Lin", work.ShowAttempt, other)
	worldtest.Check(t, "of another assessment", err, fail.Conflict)
	strange := x.answers(at.ID, nil)
	strange.Answers = []work.GivenAnswer{{Question: x.essay.Assessment, Answer: []string{"x"}}}
	_, err = worldtest.Try(t, w, "Lin", work.SaveAnswers, strange)
	worldtest.Check(t, "a question that was not asked", err, fail.Invalid)
	hostile := map[string][]string{"single": x.pick("single", "yak", "zebra"), "multiple": append(x.pick("multiple", "a", "b", "a"), "nonsense"), "order": {"nonsense"}, "number": {"1e999", "3.14"}, "text": {" "}}
	worldtest.Must(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, hostile))
	for _, q := range worldtest.Must(t, w, "Ivy", work.ShowAttempt, x.attempt(at.ID)).Questions {
		if want := map[string]int{"single": 1, "multiple": 2, "order": 0, "number": 1, "text": 0}[q.Kind]; len(q.Answer) != want {
			t.Errorf("%s is read as %v", q.Kind, q.Answer)
		}
	}
	_, err = worldtest.Try(t, w, "Lin", work.SaveAnswers, x.answers(at.ID, map[string][]string{"text": {strings.Repeat("x", 5000)}}))
	worldtest.Check(t, "a huge answer", err, fail.Invalid)
	_, err = worldtest.Try(t, w, "Lin", work.ScoreAttempt, work.SetScore{OneAttempt: x.attempt(at.ID)})
	worldtest.Check(t, "scored by its learner", err, fail.NotAllowed)
	_, err = worldtest.Try(t, w, "Lin", work.EndAttempt, x.attempt(at.ID))
	worldtest.Check(t, "ended by its learner", err, fail.NotAllowed)
	for what, q := range map[string]work.NewQuestion{
		"no kind":      {Kind: "essay", QuestionFields: fiveQuestions["text"]},
		"no prompt":    {Kind: "text", QuestionFields: work.QuestionFields{Accepted: []string{"x"}}},
		"none right":   {Kind: "multiple", QuestionFields: work.QuestionFields{Prompt: "?", Choices: choices("a", "b")}},
		"two right":    {Kind: "single", QuestionFields: work.QuestionFields{Prompt: "?", Choices: choices("a*", "b*")}},
		"one choice":   {Kind: "order", QuestionFields: work.QuestionFields{Prompt: "?", Choices: choices("a", " ")}},
		"no accepted":  {Kind: "text", QuestionFields: work.QuestionFields{Prompt: "?", Accepted: []string{" "}}},
		"a huge score": {Kind: "number", QuestionFields: work.QuestionFields{Prompt: "?", Points: 1e9}},
	} {
		q.OneAssessment = x.quiz
		_, err := worldtest.Try(t, w, "Ivy", work.AddQuestion, q)
		worldtest.Check(t, what, err, fail.Invalid)
	}
	_, err = worldtest.Try(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: x.essay, Kind: "text", QuestionFields: fiveQuestions["text"]})
	worldtest.Check(t, "a question of an assignment", err, fail.Conflict)
	order := []db.ID{x.ids["order"], x.ids["text"], x.ids["number"], x.ids["multiple"], x.ids["single"]}
	worldtest.Must(t, w, "Ivy", work.ArrangeQuestions, work.QuestionOrder{OneAssessment: x.quiz, Questions: order})
	_, err = worldtest.Try(t, w, "Ivy", work.ArrangeQuestions, work.QuestionOrder{OneAssessment: x.quiz, Questions: order[1:]})
	worldtest.Check(t, "one left out", err, fail.Conflict)
	worldtest.Must(t, w, "Lin", work.SaveAnswers, given)
	worldtest.Must(t, w, "Ivy", learning.ArchiveCourse, learning.OneCourse{Course: x.course.Course})
	_, err = worldtest.Try(t, w, "Lin", work.SaveAnswers, given)
	worldtest.Check(t, "saved in the archive", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Lin", work.SubmitAttempt, given)
	worldtest.Check(t, "handed in in the archive", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Max", work.BeginAttempt, x.quiz)
	worldtest.Check(t, "begun in the archive", err, fail.Conflict)
	_, err = worldtest.Try(t, w, "Ivy", work.SaveQuiz, work.SavedQuiz{OneAssessment: x.quiz})
	worldtest.Check(t, "changed in the archive", err, fail.NotAllowed)
	worldtest.Must(t, w, "Ivy", learning.RestoreCourse, learning.OneCourse{Course: x.course.Course})
	worldtest.Must(t, w, "Ivy", work.EndAttempt, x.attempt(at.ID))
	wantScore(t, w, x, "Lin", 100)
	_, err = worldtest.Try(t, w, "Ivy", work.DropAssessment, x.quiz)
	worldtest.Check(t, "a quiz that was handed in is deleted", err, fail.Conflict)
}

// CO-1: of a pool so many questions are drawn as the quiz says, for each attempt anew.
func TestCO1PoolsAreDrawnFrom(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{Pools: []work.PoolDraw{{Name: "p", Draw: 2}}})
	for i := range 8 {
		worldtest.Must(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: x.quiz, Kind: "text", QuestionFields: work.QuestionFields{Prompt: fmt.Sprint(i), Pool: "p", Points: 1, Accepted: []string{"x"}}})
	}
	drawn := map[db.ID]int{}
	for range 12 {
		at := worldtest.Must(t, w, "Lin", work.BeginAttempt, x.quiz)
		list := worldtest.Must(t, w, "Lin", work.ShowAttempt, x.attempt(at.ID)).Questions
		if len(list) != 7 {
			t.Fatalf("%d questions", len(list))
		}
		for _, q := range list[5:] {
			drawn[q.ID]++
		}
		worldtest.Must(t, w, "Lin", work.SubmitAttempt, x.answers(at.ID, nil))
	}
	if len(drawn) < 4 {
		t.Errorf("the same ones are drawn: %v", drawn)
	}
}

// CO-1: many who save and hand in at once lose no answer.
func TestCO1NoAnswerIsLost(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{})
	const learners = 24
	var people []db.ID
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		people = nil
		for i := range learners {
			a, err := store.CreateAccount(t.Context(), tx, w.Orgs["North"], store.NewAccount{Name: fmt.Sprintf("Learner %d", i), Username: fmt.Sprintf("learner%d", i)}, w.Env.Now())
			if err != nil {
				return err
			}
			if err := store.Begin(t.Context(), tx, store.NewGrant{Account: a.ID, Role: access.Learner, At: w.Orgs["North"].PlaceThing(), Since: w.Env.Now()}); err != nil {
				return err
			}
			people = append(people, a.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	worldtest.Must(t, w, "Ana", action.EnrolPeople, action.EnrolInput{Course: x.course.Course, Accounts: people})
	all := x.allRight()
	var each sync.WaitGroup
	wrong := make(chan error, 10*learners)
	for i, id := range people {
		each.Go(func() {
			who := op.Who{Portal: w.Acme.ID, Account: id}
			at, err := work.BeginAttempt.Run(t.Context(), w.Env, who, x.quiz)
			wrong <- err
			for kind, answer := range all {
				if kind == "text" && i%2 == 1 {
					answer = []string{fmt.Sprintf("answer of %d", i)}
				}
				_, err = work.SaveAnswers.Run(t.Context(), w.Env, who, x.answers(at.ID, map[string][]string{kind: answer}))
				wrong <- err
			}
			_, err = work.SubmitAttempt.Run(t.Context(), w.Env, who, x.answers(at.ID, nil))
			wrong <- err
		})
	}
	each.Wait()
	close(wrong)
	for err := range wrong {
		if err != nil {
			t.Error(err)
		}
	}
	score(t, w)
	list := worldtest.Must(t, w, "Ivy", work.ListAttempts, work.AttemptsQuery{OneAssessment: x.quiz, Size: 100})
	if len(list.Items) != learners {
		t.Fatalf("%d attempts", len(list.Items))
	}
	said := map[string]bool{}
	for _, a := range list.Items {
		for _, q := range worldtest.Must(t, w, "Ivy", work.ShowAttempt, x.attempt(a.ID)).Questions {
			if len(q.Answer) == 0 || len(q.Answer) != len(all[q.Kind]) {
				t.Errorf("%s: %s has %v", a.Learner, q.Kind, q.Answer)
			}
			if q.Kind == "text" {
				said[q.Answer[0]] = true
			}
		}
		if *a.Score != 100 && *a.Score != 90 {
			t.Errorf("%s: %v", a.Learner, *a.Score)
		}
	}
	if len(said) != learners/2+1 {
		t.Errorf("%d different answers: %v", len(said), said)
	}
	verify(t, w)
}

// audited is how often a job did an operation, as the audit kept it.
func audited(t *testing.T, w *worldtest.Test, operation string) (n int) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE operation = ? AND outcome = 'done' AND actor_id = 0`, operation))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// CO-1: a quiz that cannot be scored keeps no other waiting, whichever was made first.
func TestCO1OneQuizFails(t *testing.T) {
	w := worldtest.New(t)
	x := ask(t, w, nil, work.QuizSettings{})
	y := x
	y.quiz.Assessment = worldtest.Must(t, w, "Ivy", work.AddAssessment, work.NewAssessment{OneCourse: x.course, Section: x.section, Kind: "quiz", AssessmentFields: work.AssessmentFields{Title: "Other", Points: 1, Weight: 1}}).ID
	question := worldtest.Must(t, w, "Ivy", work.AddQuestion, work.NewQuestion{OneAssessment: y.quiz, Kind: "number", QuestionFields: work.QuestionFields{Prompt: "1?", Points: 1, Number: 1}}).ID
	hand := func(quiz work.OneAssessment, in ...work.GivenAnswer) db.ID {
		at := worldtest.Must(t, w, "Lin", work.BeginAttempt, quiz)
		worldtest.Must(t, w, "Lin", work.SubmitAttempt, work.GivenAnswers{OneAttempt: work.OneAttempt{OneAssessment: quiz, Attempt: at.ID}, Answers: in})
		return at.ID
	}
	spoil := func(at db.ID, answers string) {
		t.Helper()
		err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), db.SQL(`UPDATE quiz_attempts SET answers = ?, waits = TRUE WHERE id = ?`, answers, at))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	first, second := hand(x.quiz), hand(y.quiz, work.GivenAnswer{Question: question, Answer: []string{"1"}})
	spoil(first, "{")
	if more, err := work.ScoreWaiting(t.Context(), w.Env); !more || err != nil || scoreOf(t, w, y.quiz.Assessment, "Lin") == nil {
		t.Errorf("the second one waits: %v %v", more, err)
	}
	if more, err := work.ScoreWaiting(t.Context(), w.Env); more || err == nil {
		t.Errorf("nobody is told: %v %v", more, err)
	}
	spoil(first, "{}")
	spoil(second, "{")
	if more, err := work.ScoreWaiting(t.Context(), w.Env); !more || err != nil || scoreOf(t, w, x.quiz.Assessment, "Lin") == nil {
		t.Errorf("the first one waits: %v %v", more, err)
	}
}
