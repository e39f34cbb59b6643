package work

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// AttemptItem is a way through a quiz, without its questions.
type AttemptItem struct {
	ID        db.ID      `json:"id"`
	Number    int64      `json:"number" doc:"Counted from 1."`
	Started   time.Time  `json:"started"`
	Until     *time.Time `json:"until,omitempty" doc:"When it is handed in by itself; absent for never."`
	Submitted *time.Time `json:"submitted,omitempty"`
	Score     *float64   `json:"score,omitempty" doc:"0 to 100; absent before it is handed in, and while you may not see it."`
}

func attemptItem(x *work.Attempt, shown bool) AttemptItem {
	out := AttemptItem{ID: x.ID, Number: x.Number, Started: x.Started, Until: known(x.Until), Submitted: known(x.Submitted)}
	if shown {
		out.Score = x.Counted()
	}
	return out
}

// Quiz is what a learner knows of a quiz before they begin.
type Quiz struct {
	Course     Ref           `json:"course"`
	Assessment Ref           `json:"assessment"`
	Minutes    int64         `json:"minutes" doc:"How long an attempt may take; 0 for as long as one likes."`
	Counts     string        `json:"counts" doc:"Which attempt counts: best or last."`
	Questions  int           `json:"questions" doc:"How many questions an attempt is asked."`
	Items      []AttemptItem `json:"items" doc:"Your attempts, the first one first."`
	Open       *AttemptItem  `json:"open,omitempty" doc:"The attempt that you have not handed in."`
	MayBegin   bool          `json:"may_begin"`
	Why        string        `json:"why,omitempty" doc:"Why you cannot begin one."`
	MayGrade   bool          `json:"may_grade" doc:"You may see everybody's attempts."`
	MayEdit    bool          `json:"may_edit"`
}

// taking is a quiz that somebody looks at: with how it asks, what, and their own attempts.
type taking struct {
	looked
	quiz      work.Quiz
	questions []work.Question
	attempts  []work.Attempt
}

// take finds a quiz within course.view, with the looker's attempts at it.
func take(c *op.Call, in OneAssessment) (t taking, err error) {
	if t.looked, err = lookAtQuiz(c, in); err != nil {
		return t, err
	}
	if t.quiz, err = work.QuizOf(c, c.Tx, t.is); err != nil {
		return t, err
	}
	if t.questions, err = work.ListQuestions(c, c.Tx, t.is); err != nil || t.own == nil {
		return t, err
	}
	t.attempts, err = work.AttemptsOf(c, c.Tx, t.is, t.own.Enrolment.ID)
	return t, err
}

func lookAtQuiz(c *op.Call, in OneAssessment) (looked, error) {
	l, err := look(c, in)
	if err == nil && l.is.Kind != KindQuiz {
		err = fail.New(fail.Conflict, "This assessment is no quiz.")
	}
	return l, err
}

var errArchived = fail.New(fail.Conflict, "This course is archived: it can be read, and not taken.")

// maySubmit refuses who may not submit anything for an assessment that they look at.
func (l *looked) maySubmit(c *op.Call) error {
	if !l.course.Archived.IsZero() {
		return errArchived
	}
	if l.own != nil {
		if thing := l.own.Enrolment.Thing(); c.May(access.CourseSubmit).Has(&thing) != nil {
			return nil
		}
	}
	return store.NotAllowed(c.May(access.CourseSubmit))
}

// unfinished is the attempt that was not handed in; nil where there is none.
func (t *taking) unfinished() *work.Attempt {
	for i := range t.attempts {
		if t.attempts[i].Submitted.IsZero() {
			return &t.attempts[i]
		}
	}
	return nil
}

// mayBegin says why the learner cannot begin an attempt now; nil where they can.
func (t *taking) mayBegin(now time.Time) error {
	switch {
	case !t.course.Archived.IsZero():
		return errArchived
	case t.own == nil:
		return fail.New(fail.Conflict, "You do not take this course.")
	case t.closed:
		return fail.New(fail.Conflict, "This is not open to you yet.")
	case !t.is.Closes.IsZero() && !now.Before(t.is.Closes):
		return fail.New(fail.Conflict, "This is closed. Nothing is taken any more.")
	case t.is.Attempts > 0 && int64(len(t.attempts)) >= t.is.Attempts:
		return fail.New(fail.Conflict, "You have no attempt left.")
	case len(t.questions) == 0:
		return fail.New(fail.Conflict, "There are no questions yet.")
	}
	return nil
}

// ShowQuiz is what a quiz is like, and one's attempts at it.
var ShowQuiz = &op.Op[OneAssessment, Quiz]{
	Name:  "quiz.show",
	Route: "GET /courses/{course}/assessments/{assessment}/quiz",
	Doc:   "Shows how a quiz is taken, and your own attempts at it.",
	Needs: viewNeeds,
	Do: func(c *op.Call, in OneAssessment) (out Quiz, err error) {
		t, err := take(c, in)
		if err != nil {
			return out, err
		}
		out = Quiz{Course: Ref{t.course.ID, t.course.Name}, Assessment: Ref{t.is.ID, t.is.Title}, Minutes: t.quiz.Minutes, Counts: t.quiz.Counts,
			Questions: len(work.Draw(t.questions, t.quiz.Pools, false, 0)), Items: []AttemptItem{}, MayEdit: t.mayEdit, MayGrade: t.mayGrade}
		shown, _, _ := t.quiz.Shows(t.is, c.Now)
		shown = shown && t.seesGrades(c)
		for i := range t.attempts {
			out.Items = append(out.Items, attemptItem(&t.attempts[i], shown))
		}
		if open := t.unfinished(); open != nil {
			item := attemptItem(open, false)
			out.Open = &item
		}
		refused := t.mayBegin(c.Now)
		if out.MayBegin = refused == nil && out.Open == nil; refused != nil {
			out.Why = refused.Error()
		}
		return out, nil
	},
}

// BeginAttempt begins an attempt, or goes on with the one that is open.
var BeginAttempt = &op.Op[OneAssessment, AttemptItem]{
	Name:  "attempt.begin",
	Route: "POST /courses/{course}/assessments/{assessment}/attempts",
	Doc:   "Begins an attempt at a quiz of a course that you take: its questions are drawn, and its time runs. One that you have not handed in is answered again.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneAssessment) (out AttemptItem, err error) {
		t, err := take(c, in)
		if err == nil {
			err = t.maySubmit(c)
		}
		if err != nil {
			return out, err
		}
		c.Audit(t.course.Thing(), t.course.Name, map[string]any{"assessment": t.is.Title})
		if open := t.unfinished(); open != nil && !open.Over(c.Now) {
			return attemptItem(open, false), nil
		} else if open != nil {
			if err := work.HandInOverdue(c, c.Tx, t.is, c.Now); err != nil {
				return out, err
			}
		}
		if err := t.mayBegin(c.Now); err != nil {
			return out, err
		}
		x, err := work.Begin(c, c.Tx, t.is, t.quiz, t.questions, t.own.Enrolment, int64(len(t.attempts))+1, c.Now)
		return attemptItem(&x, false), err
	},
}

// OneAttempt names an attempt at a quiz.
type OneAttempt struct {
	OneAssessment
	Attempt db.ID `path:"attempt" doc:"The attempt."`
}

// GivenAnswer is what somebody answers to a question.
type GivenAnswer struct {
	Question db.ID    `json:"question"`
	Answer   []string `json:"answer" doc:"The choices by id, in the order that one gives them; of a number or a text, what was typed. Empty takes an answer back."`
}

// GivenAnswers are answers to some of an attempt's questions; what was answered to the others stays.
type GivenAnswers struct {
	OneAttempt
	Answers []GivenAnswer `json:"answers,omitempty"`
}

// Check tells which fields have to be corrected.
func (in GivenAnswers) Check() error { return checkAnswers(in.Answers) }

func checkAnswers(list []GivenAnswer) error {
	if len(list) > work.MaxQuestions {
		return fail.Wrong("answers", "There are {n} questions at most.", "n", work.MaxQuestions)
	}
	var wrong fail.Fields
	for _, a := range list {
		if all := strings.Join(a.Answer, ""); len(a.Answer) > work.MaxChoices || len(all) > work.MaxAnswer || !text(all) {
			wrong.Add("answers", "An answer is too long, or no text.")
		}
	}
	return wrong.Err()
}

// openAttempt finds one's own attempt that is open, with the answers that it was given now put beside the others; those only while its time
// is not over.
func openAttempt(c *op.Call, in GivenAnswers) (x work.Submitting, err error) {
	x, err = work.FindSubmitting(c, c.Tx, c.May(access.CourseSubmit), in.Course, in.Assessment, in.Attempt, c.Who.Account)
	if fail.Is(err, fail.NotFound) { // say why, as for every other thing
		l, why := lookAtQuiz(c, in.OneAssessment)
		if why == nil {
			why = l.maySubmit(c)
		}
		if why != nil {
			err = why
		}
	}
	switch {
	case err != nil:
		return x, err
	case !x.Course.Archived.IsZero():
		return x, errArchived
	case !x.Submitted.IsZero():
		return x, fail.New(fail.Conflict, "This attempt was handed in already.")
	}
	c.Audit(x.Course.Thing(), x.Course.Name, map[string]any{"assessment": x.Title, "attempt": x.Number, "answers": len(in.Answers)})
	more := work.Answers{}
	for _, given := range in.Answers {
		if !x.Asks(given.Question) {
			return x, fail.Wrong("answers", "This attempt was not asked that question.")
		}
		more[given.Question] = given.Answer
	}
	if !x.Over(c.Now) {
		x.Add(more)
	}
	return x, nil
}

// SaveAnswers keeps answers while one is at it, so that nothing is lost.
var SaveAnswers = &op.Op[GivenAnswers, AttemptItem]{
	Name:  "attempt.save",
	Route: "PUT /courses/{course}/assessments/{assessment}/attempts/{attempt}/answers",
	Doc:   "Keeps answers of your attempt while you are at it: as many as you send. When its time is over, 409.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in GivenAnswers) (out AttemptItem, err error) {
		x, err := openAttempt(c, in)
		if err != nil {
			return out, err
		}
		if x.Over(c.Now) {
			return out, fail.New(fail.Conflict, "The time is over. What was saved before counts.")
		}
		return attemptItem(&x.Attempt, false), work.SaveAnswers(c, c.Tx, &x.Attempt, c.Now)
	},
}

// SubmitAttempt hands an attempt in with the last answers. After its time, what was saved before is handed in.
var SubmitAttempt = &op.Op[GivenAnswers, AttemptItem]{
	Name:  "attempt.submit",
	Route: "POST /courses/{course}/assessments/{assessment}/attempts/{attempt}/submit",
	Doc:   "Hands your attempt in, with the answers that you send and those that were saved before; after its time, those that were saved before alone. Your result follows within seconds.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in GivenAnswers) (out AttemptItem, err error) {
		x, err := openAttempt(c, in)
		if err != nil {
			return out, err
		}
		err = work.HandInAttempt(c, c.Tx, &x.Attempt, x.Ends(c.Now))
		return attemptItem(&x.Attempt, false), err
	},
}
