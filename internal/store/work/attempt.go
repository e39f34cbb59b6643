package work

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Grace is how long after its end what was answered before is still taken, for the way from the browser.
const Grace = 10 * time.Second

// Answers are what somebody answered, by question: choices by ID, numbers and texts as they were typed.
type Answers map[db.ID][]string

// Attempt is a learner's way through a quiz, once.
type Attempt struct {
	ID, Assessment, Enrolment db.ID
	// Number counts a learner's attempts from 1.
	Number, Seed int64
	// Asked are the questions that were drawn for it, in order.
	Asked   []db.ID
	Answers Answers
	Started time.Time
	// Until is when it ends by itself; zero for never.
	Until time.Time
	// Saved is when something was last saved, Submitted when it was handed in; zero for not yet.
	Saved, Submitted time.Time
	// Score is 0 to 100 as the answers come to, Given what somebody set in its place; nil for none.
	Score, Given *float64
}

// Asks tells whether a question was drawn for it.
func (x *Attempt) Asks(question db.ID) bool { return slices.Contains(x.Asked, question) }

// Over tells whether it has ended by itself, so that nothing more is taken.
func (x *Attempt) Over(now time.Time) bool {
	return !x.Until.IsZero() && now.After(x.Until.Add(Grace))
}

// Counted is the score that counts: the given one, or what the answers come to; nil for none yet.
func (x *Attempt) Counted() *float64 {
	if x.Given != nil {
		return x.Given
	}
	return x.Score
}

const attemptColumns = `t.id, t.assessment_id, t.enrolment_id, t.number, t.seed, t.asked, t.answers, t.started_at, t.until, t.saved_at, t.submitted_at, t.score, t.given`

func scanAttempt(s db.Scanner) (Attempt, error) { return scanAttemptOf(s) }

func scanAttemptOf(s db.Scanner, more ...any) (x Attempt, err error) {
	var asked, answers string
	var started, until, saved, submitted int64
	if err = s.Scan(append([]any{&x.ID, &x.Assessment, &x.Enrolment, &x.Number, &x.Seed, &asked, &answers, &started, &until, &saved, &submitted, &x.Score, &x.Given}, more...)...); err != nil {
		return x, err
	}
	x.Started, x.Until, x.Saved, x.Submitted = db.Time(started), db.EndOrZero(until), db.TimeOrZero(saved), db.TimeOrZero(submitted)
	if err = json.Unmarshal([]byte(asked), &x.Asked); err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(answers), &x.Answers)
}

// AttemptsOf are a learner's attempts at an assessment, the first one first.
func AttemptsOf(ctx context.Context, tx *db.Tx, a Assessment, enrolment db.ID) ([]Attempt, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+` FROM quiz_attempts t WHERE t.assessment_id = ? AND t.enrolment_id = ? ORDER BY t.number`, a.ID, enrolment), scanAttempt)
}

// Begin begins an attempt, with what is drawn for it.
func Begin(ctx context.Context, tx *db.Tx, a Assessment, q Quiz, questions []Question, e store.Enrolment, number int64, now time.Time) (Attempt, error) {
	x := Attempt{ID: db.NewID(), Assessment: a.ID, Enrolment: e.ID, Number: number, Seed: rand.Int64(), Answers: Answers{}, Started: now, Until: q.Ends(a, now)}
	x.Asked = Draw(questions, q.Pools, q.Shuffled, x.Seed)
	asked, err := json.Marshal(x.Asked)
	if err != nil {
		return x, err
	}
	until := int64(db.Never)
	if !x.Until.IsZero() {
		until = db.Micros(x.Until)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO quiz_attempts (id, portal_id, assessment_id, enrolment_id, number, seed, asked, answers, started_at, until, saved_at, submitted_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, '{}', ?, ?, 0, 0)`, x.ID, a.Portal, a.ID, e.ID, x.Number, x.Seed, string(asked), db.Micros(now), until))
	return x, err
}

// SaveAnswers keeps answers beside those that were saved before. An attempt that was handed in takes none.
func SaveAnswers(ctx context.Context, tx *db.Tx, x *Attempt, more Answers, now time.Time) error {
	for id, answer := range more {
		if len(answer) == 0 {
			delete(x.Answers, id)
		} else {
			x.Answers[id] = answer
		}
	}
	answers, err := json.Marshal(x.Answers)
	if err != nil {
		return err
	}
	x.Saved = now
	_, err = tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET answers = ?, saved_at = ? WHERE id = ? AND submitted_at = 0`, string(answers), db.Micros(now), x.ID))
	return err
}

// Mark is what the answers of an attempt come to, question by question in the order in which they were asked: from 0 to 1. Those
// that are gone are left out.
func (x *Attempt) Mark(questions []Question) (asked []Question, right []float64, score *float64) {
	byID := map[db.ID]*Question{}
	for i := range questions {
		byID[questions[i].ID] = &questions[i]
	}
	all, sum := 0.0, 0.0
	for _, id := range x.Asked {
		q := byID[id]
		if q == nil {
			continue
		}
		part := q.Right(x.Answers[id])
		asked, right = append(asked, *q), append(right, part)
		all += q.Points
		sum += q.Points * part
	}
	if all > 0 {
		percent := math.Round(10000*sum/all) / 100
		score = &percent
	}
	return asked, right, score
}

// Submit hands an attempt in and scores it. What it comes to for the learner is SettleQuiz's.
func Submit(ctx context.Context, tx *db.Tx, x *Attempt, questions []Question, at time.Time) error {
	_, _, x.Score = x.Mark(questions)
	x.Submitted = at
	_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET submitted_at = ?, score = ? WHERE id = ? AND submitted_at = 0`, db.Micros(at), x.Score, x.ID))
	return err
}

// GiveScore sets the score that counts for an attempt in place of its own, 0 to 100; nil takes that back.
func GiveScore(ctx context.Context, tx *db.Tx, x *Attempt, score *float64) error {
	x.Given = score
	_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET given = ? WHERE id = ?`, score, x.ID))
	return err
}

// SettleQuiz makes the attempt that counts a learner's grade of the assessment. What a person gave for the whole stays. The figures are
// in the caller's hands.
func SettleQuiz(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, q Quiz, e store.Enrolment, now time.Time) error {
	list, err := AttemptsOf(ctx, tx, a, e.ID)
	if err != nil {
		return err
	}
	var counts *Attempt
	for i := range list {
		x := &list[i]
		if !x.Submitted.IsZero() && (counts == nil || q.Counts == CountsLast || counts.reached(a) < x.reached(a)) {
			counts = x
		}
	}
	if counts == nil {
		return nil
	}
	g, err := FindGrade(ctx, tx, a, e)
	if err != nil {
		return err
	}
	g.Submitted = counts.Submitted
	if g.GradedBy != 0 {
		return SaveGrade(ctx, tx, d, a, e, g)
	}
	g.Given = counts.Counted()
	return Mark(ctx, tx, d, a, e, g, 0, now)
}

// reached is what an attempt comes to, less what being late takes off; -1 for no score.
func (x *Attempt) reached(a Assessment) float64 {
	g := Grade{Given: x.Counted(), GivenFor: x.Submitted}
	if reached := g.Reached(&a); reached != nil {
		return *reached
	}
	return -1
}

// AttemptRow is an attempt with whose it is.
type AttemptRow struct {
	Attempt
	Learner string
}

// ListAttempts are attempts at an assessment of the learners within a permission, the last one begun first, from before one of an
// ID on; 0 for all. The assessment was found before, within a permission that shows its learners' grades.
func ListAttempts(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, before db.ID, most int) ([]AttemptRow, error) {
	older := db.SQL("1=1")
	if before != 0 {
		older = db.SQL("t.id < ?", before)
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+`, p.name FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id JOIN accounts p ON p.id = e.account_id
		WHERE t.assessment_id = ? AND ? AND ? ORDER BY t.id DESC LIMIT ?`, a.ID, within.Where("e"), older, most), scanAttemptRow)
}

// CountSeen is how many attempts ListAttempts has.
func CountSeen(ctx context.Context, tx *db.Tx, within access.Within, a Assessment) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id WHERE t.assessment_id = ? AND ?`, a.ID, within.Where("e")))
}

// CountAttempts are how many attempts at an assessment were begun.
func CountAttempts(ctx context.Context, tx *db.Tx, a Assessment) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM quiz_attempts WHERE assessment_id = ?`, a.ID))
}

// Learner is what writing a result needs to know of an enrolment, whoever asks.
func Learner(ctx context.Context, tx *db.Tx, enrolment db.ID) (store.Enrolment, error) {
	return db.One(ctx, tx, db.SQL(`SELECT e.id, e.portal_id, e.org_id, e.account_id, e.course_id, e.is_open, p.name FROM enrolments e JOIN accounts p ON p.id = e.account_id
		WHERE e.id = ?`, enrolment), func(s db.Scanner) (e store.Enrolment, err error) {
		return e, s.Scan(&e.ID, &e.Portal, &e.Org, &e.Account, &e.Course, &e.Open, &e.Learner)
	})
}

// Rescore scores all attempts anew that were handed in, after the questions were changed, and brings the learners' results up to it.
func Rescore(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, q Quiz, questions []Question, now time.Time) error {
	list, err := db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+` FROM quiz_attempts t WHERE t.assessment_id = ? AND t.submitted_at > 0 ORDER BY t.enrolment_id, t.number`, a.ID), scanAttempt)
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		_, _, x.Score = x.Mark(questions)
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET score = ? WHERE id = ?`, x.Score, x.ID)); err != nil {
			return err
		}
		if i+1 < len(list) && list[i+1].Enrolment == x.Enrolment {
			continue
		}
		e, err := Learner(ctx, tx, x.Enrolment)
		if err != nil {
			return err
		}
		if err := SettleQuiz(ctx, tx, d, a, q, e, now); err != nil {
			return err
		}
	}
	return nil
}

func scanAttemptRow(s db.Scanner) (x AttemptRow, err error) {
	x.Attempt, err = scanAttemptOf(s, &x.Learner)
	return x, err
}

// FindAttempt is one attempt at an assessment of a learner within a permission, with whose it is; the assessment was found before.
func FindAttempt(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, id db.ID) (AttemptRow, error) {
	x, err := db.One(ctx, tx, db.SQL(`SELECT `+attemptColumns+`, p.name FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id JOIN accounts p ON p.id = e.account_id
		WHERE t.assessment_id = ? AND t.id = ? AND ?`, a.ID, id, within.Where("e")), scanAttemptRow)
	if fail.Is(err, fail.NotFound) {
		return x, fail.Missing("attempt")
	}
	return x, err
}

// OverdueAttempt is an attempt whose time is over and that nobody handed in, of any portal; its ID is 0 where there is none.
func OverdueAttempt(ctx context.Context, tx *db.Tx, now time.Time) (portal, course, assessment, attempt db.ID, err error) {
	type found struct{ portal, course, assessment, attempt db.ID }
	x, err := db.One(ctx, tx, db.SQL(`SELECT t.portal_id, a.course_id, a.id, t.id FROM quiz_attempts t JOIN assessments a ON a.id = t.assessment_id
		WHERE t.submitted_at = 0 AND t.until < ? ORDER BY t.until LIMIT 1`, db.Micros(now.Add(-Grace))),
		func(s db.Scanner) (x found, err error) {
			return x, s.Scan(&x.portal, &x.course, &x.assessment, &x.attempt)
		})
	if fail.Is(err, fail.NotFound) {
		err = nil
	}
	return x.portal, x.course, x.assessment, x.attempt, err
}
