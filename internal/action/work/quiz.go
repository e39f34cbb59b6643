package work

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store/work"
)

var quizOps = []op.Any{SaveQuiz, ShowQuiz, BeginAttempt, ShowAttempt, SaveAnswers, SubmitAttempt, ListAttempts, EndAttempt, ScoreAttempt, ScoreQuiz}

// maxMinutes is a week.
const maxMinutes = 7 * 24 * 60

// PoolDraw is how many questions an attempt is asked of a pool.
type PoolDraw struct {
	Name string `json:"name" doc:"The pool."`
	Draw int64  `json:"draw" doc:"How many of its questions are drawn: 0 to 500."`
}

// QuizSettings are how a quiz asks. How often, and until when, its assessment says.
type QuizSettings struct {
	Minutes         int64      `json:"minutes,omitempty" doc:"How long an attempt may take; 0 for as long as one likes."`
	Counts          string     `json:"counts,omitempty" doc:"Which attempt counts: best or last."`
	Shuffled        bool       `json:"shuffled,omitempty" doc:"Whether the questions come in another order each time."`
	ChoicesShuffled bool       `json:"choices_shuffled,omitempty" doc:"Whether the choices of each do."`
	Reveals         string     `json:"reveals,omitempty" doc:"What learners see once they have handed in: score, marks (also which answers were right, and the feedback), answers (also the right ones), closed (these once nobody can hand in any more)."`
	Pools           []PoolDraw `json:"pools,omitempty" doc:"How many questions are drawn of each pool; of others, all are asked."`
}

func settingsOf(q work.Quiz) QuizSettings {
	out := QuizSettings{Minutes: q.Minutes, Counts: q.Counts, Shuffled: q.Shuffled, ChoicesShuffled: q.ChoicesShuffled, Reveals: q.Reveals, Pools: []PoolDraw{}}
	for name, n := range q.Pools {
		out.Pools = append(out.Pools, PoolDraw{name, int64(n)})
	}
	slices.SortFunc(out.Pools, func(a, b PoolDraw) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Check tells which fields have to be corrected.
func (in QuizSettings) Check() error {
	var wrong fail.Fields
	number(&wrong, "minutes", float64(in.Minutes), 0, maxMinutes)
	if in.Counts != "" && in.Counts != work.CountsBest && in.Counts != work.CountsLast {
		wrong.Add("counts", "Choose one of these.")
	}
	if in.Reveals != "" && !slices.Contains(work.Reveals, in.Reveals) {
		wrong.Add("reveals", "Choose one of these.")
	}
	if len(in.Pools) > work.MaxQuestions {
		wrong.Add("pools", "There are {n} questions at most.", "n", work.MaxQuestions)
	}
	for _, p := range in.Pools {
		form.Line(&wrong, "pools", p.Name, 100)
		number(&wrong, "pools", float64(p.Draw), 0, work.MaxQuestions)
	}
	return wrong.Err()
}

func (in QuizSettings) quiz() work.Quiz {
	q := work.Quiz{Minutes: in.Minutes, Counts: in.Counts, Shuffled: in.Shuffled, ChoicesShuffled: in.ChoicesShuffled, Reveals: in.Reveals, Pools: map[string]int{}}
	if q.Counts == "" {
		q.Counts = work.CountsBest
	}
	if q.Reveals == "" {
		q.Reveals = work.RevealMarks
	}
	for _, p := range in.Pools {
		if name := form.Tidy(p.Name); name != "" {
			q.Pools[name] = int(p.Draw)
		}
	}
	return q
}

// SavedQuiz is how an assessment shall ask.
type SavedQuiz struct {
	OneAssessment
	QuizSettings
}

// SaveQuiz writes how a quiz asks. Which attempt counts is brought up to it.
var SaveQuiz = &op.Op[SavedQuiz, Ref]{
	Name:  "quiz.edit",
	Route: "PUT /courses/{course}/assessments/{assessment}/quiz",
	Doc:   "Writes how a quiz asks. Attempts that were begun keep their questions and their time; which of them counts follows.",
	Needs: editNeeds,
	Do: func(c *op.Call, in SavedQuiz) (Ref, error) {
		course, a, err := asking(c, in.OneAssessment, access.CourseAddContent)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "settings": in.QuizSettings})
		if err := work.SaveQuiz(c, c.Tx, a, in.quiz()); err != nil {
			return Ref{}, err
		}
		return Ref{a.ID, a.Title}, work.ScoreAnew(c, c.Tx, a)
	},
}
