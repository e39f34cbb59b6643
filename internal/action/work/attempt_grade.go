package work

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store/work"
)

// AttemptsQuery asks for the attempts of an assessment's learners.
type AttemptsQuery struct {
	OneAssessment
	After db.ID `query:"after" doc:"Go on after this attempt."`
	Size  int   `query:"size" doc:"How many: 50, 200 at most."`
}

// LearnerAttempt is an attempt with whose it is.
type LearnerAttempt struct {
	AttemptItem
	Learner string `json:"learner"`
	Set     bool   `json:"set" doc:"Its score was set by hand."`
}

// Attempts are those of a quiz's learners.
type Attempts struct {
	Course     Ref              `json:"course"`
	Assessment Ref              `json:"assessment"`
	Items      []LearnerAttempt `json:"items" doc:"The last one begun first."`
	Next       *db.ID           `json:"next,omitempty" doc:"Ask again with after= this for more."`
	Total      int64            `json:"total"`
}

// ListAttempts are the attempts of the learners whom one sees, for who grades.
var ListAttempts = &op.Op[AttemptsQuery, Attempts]{
	Name:  "attempt.list",
	Route: "GET /courses/{course}/assessments/{assessment}/attempts",
	Doc:   "Lists the attempts at a quiz of the learners whom you may see, the last one begun first, if you grade.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in AttemptsQuery) (out Attempts, err error) {
		course, a, err := asking(c, in.OneAssessment, access.CourseGrade)
		if err != nil {
			return out, err
		}
		size := in.Size
		if size <= 0 || size > 200 {
			size = 50
		}
		within := c.May(access.CourseAllGrades)
		rows, err := work.ListAttempts(c, c.Tx, within, a, in.After, size+1)
		if err != nil {
			return out, err
		}
		out = Attempts{Course: Ref{course.ID, course.Name}, Assessment: Ref{a.ID, a.Title}, Items: []LearnerAttempt{}}
		if len(rows) > size {
			rows = rows[:size]
			out.Next = &rows[size-1].ID
		}
		for i := range rows {
			out.Items = append(out.Items, LearnerAttempt{attemptItem(&rows[i].Attempt, true), rows[i].Learner, rows[i].Given != nil})
		}
		out.Total, err = work.CountSeen(c, c.Tx, within, a)
		return out, err
	},
}

// gradeAttempt finds a learner's attempt that one may grade, with all that settling it needs.
func gradeAttempt(c *op.Call, in OneAttempt) (t taking, x work.AttemptRow, err error) {
	if t.course, t.is, err = asking(c, in.OneAssessment, access.CourseGrade); err != nil {
		return t, x, err
	}
	if t.quiz, err = work.QuizOf(c, c.Tx, t.is); err != nil {
		return t, x, err
	}
	if t.questions, err = work.ListQuestions(c, c.Tx, t.is); err != nil {
		return t, x, err
	}
	x, err = work.FindAttempt(c, c.Tx, c.May(access.CourseAllGrades), t.is, in.Attempt)
	if err != nil {
		return t, x, err
	}
	t.own = &work.Own{}
	t.own.Enrolment, err = work.Learner(c, c.Tx, x.Enrolment)
	if err == nil && own(c, t.own.Enrolment.Account) {
		err = fail.New(fail.NotAllowed, "Nobody grades their own work.")
	}
	return t, x, err
}

// EndAttempt hands a learner's attempt in, with what was saved.
var EndAttempt = &op.Op[OneAttempt, AttemptItem]{
	Name:  "attempt.end",
	Route: "POST /courses/{course}/assessments/{assessment}/attempts/{attempt}/end",
	Doc:   "Hands a learner's attempt in with what was saved, if you grade. When its time is over this happens by itself.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneAttempt) (out AttemptItem, err error) {
		t, x, err := gradeAttempt(c, in)
		if err != nil {
			return out, err
		}
		if !x.Submitted.IsZero() {
			return out, fail.New(fail.Conflict, "This attempt was handed in already.")
		}
		c.Audit(t.course.Thing(), t.course.Name, map[string]any{"assessment": t.is.Title, "learner": x.Learner, "attempt": x.Number})
		at := c.Now
		if !x.Until.IsZero() && at.After(x.Until) {
			at = x.Until
		}
		err = t.submit(c, &x.Attempt, at)
		return attemptItem(&x.Attempt, true), err
	},
}

// EndOverdue hands in one attempt whose time is over, of any portal, and tells whether there may be more.
func EndOverdue(ctx context.Context, env *op.Env) (more bool, err error) {
	var portal db.ID
	var in OneAttempt
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // mostly there is none
		portal, in.Course, in.Assessment, in.Attempt, err = work.OverdueAttempt(ctx, tx, env.Now())
		return err
	})
	if err != nil || portal == 0 {
		return false, err
	}
	_, err = EndAttempt.Run(ctx, env, op.Who{Portal: portal, System: "the time of a quiz"}, in)
	if fail.Is(err, fail.Conflict) { // its learner was quicker
		err = nil
	}
	return err == nil, err
}

// SetScore is the score that an attempt shall have.
type SetScore struct {
	OneAttempt
	Score *float64 `json:"score,omitempty" doc:"0 to 100; left out, what the answers come to counts again."`
}

// Check tells which fields have to be corrected.
func (in SetScore) Check() error {
	var wrong fail.Fields
	if in.Score != nil {
		number(&wrong, "score", *in.Score, 0, 100)
	}
	return wrong.Err()
}

// ScoreAttempt sets the score of an attempt by hand, where an answer was right that no key knows of.
var ScoreAttempt = &op.Op[SetScore, AttemptItem]{
	Name:  "attempt.score",
	Route: "PUT /courses/{course}/assessments/{assessment}/attempts/{attempt}/score",
	Doc:   "Sets the score of an attempt that was handed in by hand, or lets its answers count again. The learner's result follows.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in SetScore) (out AttemptItem, err error) {
		t, x, err := gradeAttempt(c, in.OneAttempt)
		if err != nil {
			return out, err
		}
		if x.Submitted.IsZero() {
			return out, fail.New(fail.Conflict, "This attempt was not handed in yet.")
		}
		c.Audit(t.course.Thing(), t.course.Name, map[string]any{"assessment": t.is.Title, "learner": x.Learner, "attempt": x.Number, "score": in.Score, "before": x.Counted()})
		if err := work.GiveScore(c, c.Tx, &x.Attempt, in.Score); err != nil {
			return out, err
		}
		return attemptItem(&x.Attempt, true), t.settle(c, t.own.Enrolment)
	},
}
