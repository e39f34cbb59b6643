package work

import (
	"context"
	"iter"
	"math/rand/v2"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// ShownFrom is of how many learners together the answers to an anonymous survey are shown, and never of fewer: one answer that appears alone
// would be that of whoever answered last.
const ShownFrom = 3

// Survey is how an assessment asks its learners what they think (CO-1).
type Survey struct {
	// Anonymous: nothing that is kept tells who answered what.
	Anonymous bool
	// Answered is how often it was answered, Shown of how many of these the answers are shown where it is anonymous.
	Answered, Shown int64
}

// SurveyOf is how a survey asks.
func SurveyOf(ctx context.Context, tx *db.Tx, a Assessment) (Survey, error) {
	s, err := db.One(ctx, tx, db.SQL(`SELECT anonymous, answered, shown FROM surveys WHERE assessment_id = ?`, a.ID), func(s db.Scanner) (x Survey, err error) {
		return x, s.Scan(&x.Anonymous, &x.Answered, &x.Shown)
	})
	if fail.Is(err, fail.NotFound) {
		return s, fail.New(fail.Conflict, "This assessment is no survey.")
	}
	return s, err
}

// SaveSurvey writes whether a survey is anonymous. Once somebody has answered, that is a Conflict.
func SaveSurvey(ctx context.Context, tx *db.Tx, a Assessment, anonymous bool) error {
	n, err := tx.Exec(ctx, db.SQL(`INSERT INTO surveys (assessment_id, portal_id, anonymous, answered, shown) VALUES (?, ?, ?, 0, 0)
		ON CONFLICT (assessment_id) DO UPDATE SET anonymous = excluded.anonymous WHERE surveys.answered = 0`, a.ID, a.Portal, anonymous))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "Somebody has answered already: whether they are named stays as it was said to them.")
	}
	return err
}

// dropSurvey takes a survey away that nobody has answered, before its assessment goes.
func dropSurvey(ctx context.Context, tx *db.Tx, a Assessment) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM surveys WHERE assessment_id = ? AND answered = 0`, a.ID)); err != nil {
		return err
	}
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM surveys WHERE assessment_id = ?`, a.ID))
	if err == nil && n > 0 {
		err = errAnswered
	}
	return err
}

var errAnswered = fail.New(fail.Conflict, "Somebody has answered already. What was asked stays as it is.")

// Unanswered is a Conflict once somebody has answered a survey: what they were asked is not changed.
func (s Survey) Unanswered() error {
	if s.Answered > 0 {
		return errAnswered
	}
	return nil
}

// AnsweredAt is when a learner has answered a survey since the course was last to be done again; zero for not yet.
func AnsweredAt(ctx context.Context, tx *db.Tx, a Assessment, enrolment db.ID) (time.Time, error) {
	at, err := db.Val[int64](ctx, tx, db.SQL(`SELECT coalesce(max(r.submitted_at), 0) FROM results r JOIN enrolments e ON e.id = r.enrolment_id
		WHERE r.assessment_id = ? AND r.enrolment_id = ? AND r.submitted_at >= e.renewed_at`, a.ID, enrolment))
	return db.TimeOrZero(at), err
}

// OwnAnswers are what a learner has answered to a survey that is not anonymous.
func OwnAnswers(ctx context.Context, tx *db.Tx, a Assessment, enrolment db.ID) (Answers, error) {
	out := Answers{}
	for x, err := range db.Each(ctx, tx, db.SQL(`SELECT x.id, x.question_id, x.answer, '' FROM survey_answers x WHERE x.enrolment_id = ? AND x.assessment_id = ? ORDER BY x.id`, enrolment, a.ID), scanSaid) {
		if err != nil {
			return nil, err
		}
		out[x.Question] = append(out[x.Question], x.Text)
	}
	return out, nil
}

// AnswerSurvey keeps what a learner answers to a survey, in place of what they answered before, and that they have, apart from it. Of an
// anonymous one every answer is on its own, under a number drawn by lot. The figures are in the caller's hands.
func AnswerSurvey(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, s Survey, e store.Enrolment, answers Answers, again bool, now time.Time) error {
	who := e.ID
	if s.Anonymous {
		who = 0
	} else if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM survey_answers WHERE enrolment_id = ? AND assessment_id = ?`, e.ID, a.ID)); err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, `INSERT INTO survey_answers (id, portal_id, assessment_id, question_id, enrolment_id, answer, shown) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for question, list := range answers {
		for _, answer := range list {
			if err := batch.Exec(rand.Int64(), a.Portal, a.ID, question, who, answer, !s.Anonymous); err != nil {
				return err
			}
		}
	}
	if err := batch.Close(); err != nil {
		return err
	}
	if _, err := store.RecordResult(ctx, tx, d, a.Assessment, e, store.Result{Submitted: now}); err != nil || again {
		return err
	}
	s.Answered++
	if s.Anonymous && s.Answered-s.Shown >= ShownFrom {
		s.Shown = s.Answered
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE survey_answers SET shown = TRUE WHERE assessment_id = ? AND NOT shown`, a.ID)); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE surveys SET answered = ?, shown = ? WHERE assessment_id = ?`, s.Answered, s.Shown, a.ID))
	return err
}

// seen are the answers `x` to a survey that one sees: of an anonymous one those that are shown, of others those of the learners within a
// permission.
func seen(within access.Within, a Assessment, s Survey) db.Frag {
	if s.Anonymous {
		return db.SQL(`x.assessment_id = ? AND x.shown`, a.ID)
	}
	return db.SQL(`x.assessment_id = ? AND EXISTS (SELECT 1 FROM enrolments e WHERE e.id = x.enrolment_id AND ?)`, a.ID, within.Where("e"))
}

// CountAnswered is of how many learners one sees the answers to a survey.
func CountAnswered(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, s Survey) (int64, error) {
	if s.Anonymous {
		return s.Shown, nil
	}
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(DISTINCT x.enrolment_id) FROM survey_answers x WHERE ?`, seen(within, a, s)))
}

// Picked is how often something was answered to a question: a choice, or any text where it takes a text.
type Picked struct {
	Question db.ID
	Answer   string
	N        int64
}

// ListPicked are how often each choice of a survey's questions was answered, and how many texts there are.
func ListPicked(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, s Survey) ([]Picked, error) {
	return db.All(ctx, tx, db.SQL(`SELECT n.question_id, n.answer, count(*) FROM (SELECT x.question_id, CASE WHEN q.kind = 'text' THEN '' ELSE x.answer END AS answer
		FROM survey_answers x JOIN questions q ON q.id = x.question_id WHERE ?) n GROUP BY n.question_id, n.answer`, seen(within, a, s)),
		func(s db.Scanner) (p Picked, err error) { return p, s.Scan(&p.Question, &p.Answer, &p.N) })
}

// Said is one answer to a question of a survey: a text, or a choice by its ID. Learner is empty in an anonymous one.
type Said struct {
	ID, Question  db.ID
	Text, Learner string
	Enrolment     db.ID
}

func scanSaid(s db.Scanner) (x Said, err error) {
	return x, s.Scan(&x.ID, &x.Question, &x.Text, &x.Learner)
}

const saidTables = ` FROM survey_answers x LEFT JOIN enrolments e ON e.id = x.enrolment_id LEFT JOIN accounts p ON p.id = e.account_id `

// ListSaid are so many answers to a question, in no order that says anything, from behind one of an ID on; 0 for the first.
func ListSaid(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, s Survey, question, after db.ID, most int) ([]Said, error) {
	return db.All(ctx, tx, db.SQL(`SELECT x.id, x.question_id, x.answer, coalesce(p.name, '')`+saidTables+`WHERE ? AND x.question_id = ? AND x.id > ? ORDER BY x.id LIMIT ?`,
		seen(within, a, s), question, after, most), scanSaid)
}

// EachSaid streams all answers to a survey, learner by learner; to an anonymous one question by question.
func EachSaid(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, s Survey) iter.Seq2[Said, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT x.id, x.question_id, x.answer, coalesce(p.name, ''), x.enrolment_id`+saidTables+`WHERE ? ORDER BY e.learner_key, x.enrolment_id, x.question_id, x.id`,
		seen(within, a, s)), func(s db.Scanner) (x Said, err error) {
		return x, s.Scan(&x.ID, &x.Question, &x.Text, &x.Learner, &x.Enrolment)
	})
}
