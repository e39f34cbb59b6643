package work

import (
	"strconv"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store/work"
)

// AskedChoice is a choice as an attempt shows it.
type AskedChoice struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Right *bool  `json:"right,omitempty" doc:"Absent while you may not know."`
}

// AskedQuestion is a question as an attempt shows it: what is right is absent while one may not know.
type AskedQuestion struct {
	ID        db.ID         `json:"id"`
	Kind      string        `json:"kind" doc:"single, multiple, number, text or order."`
	Prompt    string        `json:"prompt" doc:"What is asked, as Markdown."`
	Points    float64       `json:"points"`
	Choices   []AskedChoice `json:"choices,omitempty"`
	Answer    []string      `json:"answer"`
	Part      *float64      `json:"part,omitempty" doc:"How much of the answer was right, 0 to 1."`
	Feedback  string        `json:"feedback,omitempty" doc:"As Markdown."`
	Right     []string      `json:"right,omitempty" doc:"What would have been right: of an order, the texts in order."`
	Tolerance float64       `json:"tolerance,omitempty" doc:"How far off a number still is right."`
}

// Attempt is a way through a quiz with its questions and answers.
type Attempt struct {
	AttemptItem
	Course     Ref             `json:"course"`
	Assessment Ref             `json:"assessment"`
	Learner    string          `json:"learner"`
	Own        bool            `json:"own"`
	Over       bool            `json:"over" doc:"Its time is over; what was saved is being handed in."`
	Left       *int64          `json:"seconds_left,omitempty" doc:"By the server's clock; absent for no limit."`
	Saved      *time.Time      `json:"saved,omitempty" doc:"When something was last saved."`
	Questions  []AskedQuestion `json:"questions" doc:"Absent answers are empty."`
	MayGrade   bool            `json:"may_grade" doc:"You may set its score."`
	Set        bool            `json:"set" doc:"Its score was set by hand."`
}

func asked(q *work.Question, x *work.Attempt, t *taking, part float64, marks, answers bool) AskedQuestion {
	out := AskedQuestion{ID: q.ID, Kind: q.Kind, Prompt: q.Prompt, Points: q.Points, Answer: append([]string{}, q.Read(x.Answers[q.ID], x.Seed)...)}
	if marks {
		out.Part, out.Feedback = &part, q.Feedback
	}
	for _, ch := range q.Shown(x.Seed, t.quiz.ChoicesShuffled) {
		shown := AskedChoice{ID: ch.ID, Text: ch.Text}
		if answers && q.Kind != work.Ordering {
			right := ch.Right
			shown.Right = &right
		}
		out.Choices = append(out.Choices, shown)
	}
	if !answers {
		return out
	}
	switch q.Kind {
	case work.Number:
		out.Right, out.Tolerance = []string{strconv.FormatFloat(q.Key.Number, 'f', -1, 64)}, q.Key.Tolerance
	case work.ShortText:
		out.Right = q.Key.Accepted
	case work.Ordering:
		for _, ch := range q.Key.Choices {
			out.Right = append(out.Right, ch.Text)
		}
	}
	return out
}

// ShowAttempt is an attempt with its questions: one's own, or, for who grades, anybody's.
var ShowAttempt = &op.Op[OneAttempt, Attempt]{
	Name:  "attempt.show",
	Route: "GET /courses/{course}/assessments/{assessment}/attempts/{attempt}",
	Doc:   "Shows an attempt: your own, with as much of what is right as the quiz says, or, if you grade, a learner's with all of it.",
	Needs: append([]*access.Permission{access.CourseAllGrades}, viewNeeds...),
	Do: func(c *op.Call, in OneAttempt) (out Attempt, err error) {
		t, err := take(c, in.OneAssessment)
		if err != nil {
			return out, err
		}
		out = Attempt{Course: Ref{t.course.ID, t.course.Name}, Assessment: Ref{t.is.ID, t.is.Title}, MayGrade: t.mayGrade}
		x, err := t.find(c, in.Attempt)
		if err != nil {
			return out, err
		}
		score, marks, answers := t.quiz.Shows(t.is, c.Now)
		out.Own = t.own != nil && x.Enrolment == t.own.Enrolment.ID
		if out.Own && !t.seesGrades(c) {
			score, marks, answers = false, false, false
		}
		if !out.Own || t.mayEdit {
			score, marks, answers = true, true, true
		}
		done := !x.Submitted.IsZero()
		questions, parts, came := x.Mark(t.questions)
		x.Score = came // it may not be written down yet
		out.AttemptItem, out.Learner, out.Saved, out.Set = attemptItem(&x.Attempt, score), x.Learner, known(x.Saved), x.Given != nil && score
		for i := range questions {
			out.Questions = append(out.Questions, asked(&questions[i], &x.Attempt, &t, parts[i], done && marks, done && answers))
		}
		if out.Over = !done && x.Over(c.Now); !done && !x.Until.IsZero() {
			left := max(0, int64(x.Until.Sub(c.Now).Seconds()))
			out.Left = &left
		}
		return out, nil
	},
}

// find is one's own attempt, or one that one may grade.
func (t *taking) find(c *op.Call, id db.ID) (work.AttemptRow, error) {
	for i := range t.attempts {
		if t.attempts[i].ID == id {
			x, err := work.OwnAttempt(c, c.Tx, t.is, t.own.Enrolment.ID, id)
			return work.AttemptRow{Attempt: x, Learner: t.own.Enrolment.Learner}, err
		}
	}
	if !t.mayGrade {
		return work.AttemptRow{}, fail.Missing("attempt")
	}
	return work.FindAttempt(c, c.Tx, c.May(access.CourseAllGrades), t.is, id)
}
