package work

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
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
			shown := !own(c, rows[i].Account) // one's own are shown where learners see theirs, when they do
			out.Items = append(out.Items, LearnerAttempt{attemptItem(&rows[i].Attempt, shown), rows[i].Learner, shown && rows[i].Given != nil})
		}
		out.Total, err = work.CountSeen(c, c.Tx, within, a)
		return out, err
	},
}

// gradeAttempt finds a learner's attempt that one may grade.
func gradeAttempt(c *op.Call, in OneAttempt) (course store.Course, a work.Assessment, x work.AttemptRow, err error) {
	if course, a, err = asking(c, in.OneAssessment, access.CourseGrade); err != nil {
		return course, a, x, err
	}
	x, err = work.FindAttempt(c, c.Tx, c.May(access.CourseAllGrades), a, in.Attempt)
	if err == nil && own(c, x.Account) {
		err = fail.New(fail.NotAllowed, "Nobody grades their own work.")
	}
	return course, a, x, err
}

// EndAttempt hands a learner's attempt in, with what was saved.
var EndAttempt = &op.Op[OneAttempt, AttemptItem]{
	Name:  "attempt.end",
	Route: "POST /courses/{course}/assessments/{assessment}/attempts/{attempt}/end",
	Doc:   "Hands a learner's attempt in with what was saved, if you grade. When its time is over this happens by itself.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneAttempt) (out AttemptItem, err error) {
		course, a, x, err := gradeAttempt(c, in)
		if err != nil {
			return out, err
		}
		if !x.Submitted.IsZero() {
			return out, fail.New(fail.Conflict, "This attempt was handed in already.")
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "learner": x.Learner, "attempt": x.Number})
		err = work.HandInAttempt(c, c.Tx, &x.Attempt, x.Ends(c.Now))
		return attemptItem(&x.Attempt, true), err
	},
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
	Doc:   "Sets the score of an attempt that was handed in by hand, or lets its answers count again. The learner's result follows within seconds.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in SetScore) (out AttemptItem, err error) {
		course, a, x, err := gradeAttempt(c, in.OneAttempt)
		if err != nil {
			return out, err
		}
		if x.Submitted.IsZero() {
			return out, fail.New(fail.Conflict, "This attempt was not handed in yet.")
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "learner": x.Learner, "attempt": x.Number, "score": in.Score, "before": x.Counted()})
		err = work.GiveScore(c, c.Tx, &x.Attempt, in.Score)
		return attemptItem(&x.Attempt, true), err
	},
}

// Scored is how many attempts were scored.
type Scored struct {
	Scored int `json:"scored"`
}

// maxScored is how many attempts one transaction scores, so that others may write between.
const maxScored = 500

// ScoreQuiz scores what was handed in for a quiz, after it has handed in what is over.
var ScoreQuiz = &op.Op[OneAssessment, Scored]{
	Name:     "quiz.score",
	Route:    "POST /courses/{course}/assessments/{assessment}/quiz/score",
	Doc:      "Scores what was handed in for a quiz, and what is over, and brings the learners' results up to it. This happens by itself.",
	Needs:    []*access.Permission{access.CourseGrade},
	PageOnly: true, Limit: time.Minute,
	Do: func(c *op.Call, in OneAssessment) (out Scored, err error) {
		course, a, err := asking(c, in, access.CourseGrade)
		if err != nil {
			return out, err
		}
		if err := work.HandInOverdue(c, c.Tx, a, c.Now); err != nil {
			return out, err
		}
		quiz, err := work.QuizOf(c, c.Tx, a)
		if err != nil {
			return out, err
		}
		questions, err := work.ListQuestions(c, c.Tx, a)
		if err != nil {
			return out, err
		}
		deltas := store.NewDeltas()
		if out.Scored, err = work.Score(c, c.Tx, deltas, a, quiz, questions, maxScored, c.Now); err != nil {
			return out, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "attempts": out.Scored})
		return out, deltas.Flush(c, c.Tx)
	},
}
