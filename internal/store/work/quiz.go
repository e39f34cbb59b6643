package work

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// What of a quiz a learner sees after handing in; see Quiz.Reveals.
const (
	// RevealScore is the score alone, RevealMarks also which answers were right, with the feedback.
	RevealScore = "score"
	RevealMarks = "marks"
	// RevealAnswers are also the right answers, RevealClosed these once nobody can hand in any more.
	RevealAnswers = "answers"
	RevealClosed  = "closed"
)

// Reveals are all that can be revealed, the least first.
var Reveals = []string{RevealScore, RevealMarks, RevealClosed, RevealAnswers}

// Which of several attempts counts.
const (
	CountsBest = "best"
	CountsLast = "last"
)

// Quiz is how an assessment asks its questions. How often, and until when, is said by the assessment.
type Quiz struct {
	// Minutes bound an attempt; 0 for no bound.
	Minutes int64
	// Counts is which attempt counts: CountsBest or CountsLast.
	Counts string
	// Shuffled are the questions, ChoicesShuffled the choices of each.
	Shuffled, ChoicesShuffled bool
	// Reveals is what a learner sees after handing in.
	Reveals string
	// Pools is how many questions are drawn of each; of a pool that is not named here, all.
	Pools map[string]int
}

// QuizOf is how an assessment asks its questions; what nobody has set yet is plain.
func QuizOf(ctx context.Context, tx *db.Tx, a Assessment) (Quiz, error) {
	q, err := db.One(ctx, tx, db.SQL(`SELECT minutes, counts, shuffled, choices_shuffled, reveals, pools FROM quizzes WHERE assessment_id = ?`, a.ID),
		func(s db.Scanner) (q Quiz, err error) {
			var pools string
			if err = s.Scan(&q.Minutes, &q.Counts, &q.Shuffled, &q.ChoicesShuffled, &q.Reveals, &pools); err != nil {
				return q, err
			}
			return q, json.Unmarshal([]byte(pools), &q.Pools)
		})
	if fail.Is(err, fail.NotFound) {
		return Quiz{Counts: CountsBest, Reveals: RevealMarks}, nil
	}
	return q, err
}

// SaveQuiz writes how an assessment asks its questions.
func SaveQuiz(ctx context.Context, tx *db.Tx, a Assessment, q Quiz) error {
	pools, err := json.Marshal(q.Pools)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO quizzes (assessment_id, portal_id, minutes, counts, shuffled, choices_shuffled, reveals, pools) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (assessment_id) DO UPDATE SET minutes = excluded.minutes, counts = excluded.counts, shuffled = excluded.shuffled,
		choices_shuffled = excluded.choices_shuffled, reveals = excluded.reveals, pools = excluded.pools`,
		a.ID, a.Portal, q.Minutes, q.Counts, q.Shuffled, q.ChoicesShuffled, q.Reveals, string(pools)))
	return err
}

// DropQuiz takes away what an assessment asks, before the assessment itself goes. One that was handed in is a Conflict.
func DropQuiz(ctx context.Context, tx *db.Tx, a Assessment) error {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM quiz_attempts WHERE assessment_id = ? AND submitted_at > 0`, a.ID))
	if err != nil {
		return err
	}
	if n > 0 {
		return fail.New(fail.Conflict, "Somebody has handed in {name}. It stays, with what they did.", "name", a.Title)
	}
	for _, q := range []db.Frag{db.SQL(`DELETE FROM quiz_attempts WHERE assessment_id = ?`, a.ID),
		db.SQL(`DELETE FROM questions WHERE assessment_id = ?`, a.ID), db.SQL(`DELETE FROM quizzes WHERE assessment_id = ?`, a.ID)} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// Ends is when an attempt that begins now ends: after its minutes, and when the assessment closes; zero for never.
func (q Quiz) Ends(a Assessment, now time.Time) time.Time {
	end := a.Closes
	if q.Minutes > 0 {
		if limit := now.Add(time.Duration(q.Minutes) * time.Minute); end.IsZero() || limit.Before(end) {
			end = limit
		}
	}
	return end
}

// Shows tells what a learner may see of an attempt that was handed in: its score, which answers were right, and the right ones.
func (q Quiz) Shows(a Assessment, now time.Time) (score, marks, answers bool) {
	if a.GradesAt.After(now) {
		return false, false, false
	}
	closed := !a.Closes.IsZero() && now.After(a.Closes.Add(Grace))
	return true, q.Reveals != RevealScore, q.Reveals == RevealAnswers || q.Reveals == RevealClosed && closed
}
