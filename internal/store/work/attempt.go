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
	// Asked are the questions that were drawn for it, in order; with the answers, they are not read where attempts are listed.
	Asked   []db.ID
	Answers Answers
	Started time.Time
	// Until is when it ends by itself; zero for never.
	Until time.Time
	// Saved is when something was last saved, Submitted when it was handed in; zero for not yet.
	Saved, Submitted time.Time
	// Score is 0 to 100 as the answers come to, Given what somebody set in its place; nil for none.
	Score, Given *float64
	// Waits: its score, and its learner's result, are not yet brought up to it; see Score.
	Waits bool
}

// Asks tells whether a question was drawn for it.
func (x *Attempt) Asks(question db.ID) bool { return slices.Contains(x.Asked, question) }

// Over tells whether it has ended by itself, so that nothing more is taken.
func (x *Attempt) Over(now time.Time) bool {
	return !x.Until.IsZero() && now.After(x.Until.Add(Grace))
}

// Ends is when it is handed in that is handed in now: when its time was over, if it is.
func (x *Attempt) Ends(now time.Time) time.Time {
	if !x.Until.IsZero() && now.After(x.Until) {
		return x.Until
	}
	return now
}

// Counted is the score that counts: the given one, or what the answers come to; nil for none yet.
func (x *Attempt) Counted() *float64 {
	if x.Given != nil {
		return x.Given
	}
	return x.Score
}

const (
	attemptColumns = `t.id, t.assessment_id, t.enrolment_id, t.number, t.seed, t.started_at, t.until, t.saved_at, t.submitted_at, t.score, t.given, t.waits`
	attemptWhole   = attemptColumns + `, t.asked, t.answers`
)

func scanAttempt(s db.Scanner, more ...any) (x Attempt, err error) {
	var started, until, saved, submitted int64
	err = s.Scan(append([]any{&x.ID, &x.Assessment, &x.Enrolment, &x.Number, &x.Seed, &started, &until, &saved, &submitted, &x.Score, &x.Given, &x.Waits}, more...)...)
	x.Started, x.Until, x.Saved, x.Submitted = db.Time(started), db.EndOrZero(until), db.TimeOrZero(saved), db.TimeOrZero(submitted)
	return x, err
}

func scanWhole(s db.Scanner, more ...any) (x Attempt, err error) {
	var asked, answers string
	if x, err = scanAttempt(s, append([]any{&asked, &answers}, more...)...); err != nil {
		return x, err
	}
	if err = json.Unmarshal([]byte(asked), &x.Asked); err != nil {
		return x, err
	}
	return x, json.Unmarshal([]byte(answers), &x.Answers)
}

// AttemptsOf are a learner's attempts at an assessment, the first one first, without their answers.
func AttemptsOf(ctx context.Context, tx *db.Tx, a Assessment, enrolment db.ID) ([]Attempt, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+` FROM quiz_attempts t WHERE t.assessment_id = ? AND t.enrolment_id = ? ORDER BY t.number`, a.ID, enrolment),
		func(s db.Scanner) (Attempt, error) { return scanAttempt(s) })
}

// OwnAttempt is one attempt of a learner.
func OwnAttempt(ctx context.Context, tx *db.Tx, a Assessment, enrolment, id db.ID) (Attempt, error) {
	x, err := db.One(ctx, tx, db.SQL(`SELECT `+attemptWhole+` FROM quiz_attempts t WHERE t.id = ? AND t.assessment_id = ? AND t.enrolment_id = ?`, id, a.ID, enrolment),
		func(s db.Scanner) (Attempt, error) { return scanWhole(s) })
	if fail.Is(err, fail.NotFound) {
		return x, fail.Missing("attempt")
	}
	return x, err
}

// Submitting is an attempt that its learner may submit something for, with what it is of. Of the course and the assessment it has what an
// audit names, and whether the course is archived.
type Submitting struct {
	Attempt
	Course store.Course
	Title  string
}

// FindSubmitting is one's own attempt within course.submit, by one query, since many submit at once.
func FindSubmitting(ctx context.Context, tx *db.Tx, within access.Within, course, assessment, id, account db.ID) (Submitting, error) {
	x, err := db.One(ctx, tx, db.SQL(`SELECT `+attemptWhole+`, a.title, c.id, c.portal_id, c.org_id, c.name, c.archived_at
		FROM quiz_attempts t JOIN assessments a ON a.id = t.assessment_id JOIN courses c ON c.id = a.course_id JOIN enrolments e ON e.id = t.enrolment_id
		WHERE t.id = ? AND t.assessment_id = ? AND a.course_id = ? AND c.deleted_at = 0 AND e.account_id = ? AND e.is_open AND ?`,
		id, assessment, course, account, within.Where("e")), func(s db.Scanner) (x Submitting, err error) {
		var archived int64
		x.Attempt, err = scanWhole(s, &x.Title, &x.Course.ID, &x.Course.Portal, &x.Course.Org, &x.Course.Name, &archived)
		x.Course.Archived = db.TimeOrZero(archived)
		return x, err
	})
	if fail.Is(err, fail.NotFound) {
		return x, fail.Missing("attempt")
	}
	return x, err
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

// Add puts answers beside those that were given before; an empty one takes an answer back.
func (x *Attempt) Add(more Answers) {
	for id, answer := range more {
		if len(answer) == 0 {
			delete(x.Answers, id)
		} else {
			x.Answers[id] = answer
		}
	}
}

// SaveAnswers keeps the answers of an attempt that was not handed in.
func SaveAnswers(ctx context.Context, tx *db.Tx, x *Attempt, now time.Time) error {
	answers, err := json.Marshal(x.Answers)
	if err != nil {
		return err
	}
	x.Saved = now
	_, err = tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET answers = ?, saved_at = ? WHERE id = ? AND submitted_at = 0`, string(answers), db.Micros(now), x.ID))
	return err
}

// HandInAttempt hands an attempt in with its answers. Score scores it.
func HandInAttempt(ctx context.Context, tx *db.Tx, x *Attempt, at time.Time) error {
	answers, err := json.Marshal(x.Answers)
	if err != nil {
		return err
	}
	x.Submitted, x.Waits = at, true
	_, err = tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET answers = ?, submitted_at = ?, waits = TRUE WHERE id = ? AND submitted_at = 0`, string(answers), db.Micros(at), x.ID))
	return err
}

// HandInOverdue hands in what of an assessment is over, as it was saved.
func HandInOverdue(ctx context.Context, tx *db.Tx, a Assessment, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET submitted_at = until, waits = TRUE WHERE assessment_id = ? AND submitted_at = 0 AND until < ?`, a.ID, db.Micros(now.Add(-Grace))))
	return err
}

// ScoreAnew lets all attempts at an assessment wait to be scored that were handed in, since what is asked, or which of them counts, has changed.
func ScoreAnew(ctx context.Context, tx *db.Tx, a Assessment) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET waits = TRUE WHERE assessment_id = ? AND submitted_at > 0`, a.ID))
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
		part := q.Right(x.Answers[id], x.Seed)
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

// GiveScore sets the score that counts for an attempt in place of its own, 0 to 100; nil takes that back. Score does
// the rest.
func GiveScore(ctx context.Context, tx *db.Tx, x *Attempt, score *float64) error {
	x.Given = score
	_, err := tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET given = ?, waits = TRUE WHERE id = ?`, score, x.ID))
	return err
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
	Account db.ID
}

// ListAttempts are attempts at an assessment of the learners within a permission, the last one begun first, from before one of an
// ID on; 0 for all. The assessment was found before, within a permission that shows its learners' grades.
func ListAttempts(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, before db.ID, most int) ([]AttemptRow, error) {
	older := db.SQL("1=1")
	if before != 0 {
		older = db.SQL("t.id < ?", before)
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+`, p.name, p.id FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id JOIN accounts p ON p.id = e.account_id
		WHERE t.assessment_id = ? AND ? AND ? ORDER BY t.id DESC LIMIT ?`, a.ID, within.Where("e"), older, most),
		func(s db.Scanner) (x AttemptRow, err error) {
			x.Attempt, err = scanAttempt(s, &x.Learner, &x.Account)
			return x, err
		})
}

// CountSeen is how many attempts ListAttempts has.
func CountSeen(ctx context.Context, tx *db.Tx, within access.Within, a Assessment) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id WHERE t.assessment_id = ? AND ?`, a.ID, within.Where("e")))
}

// CountAttempts are how many attempts at an assessment were begun.
func CountAttempts(ctx context.Context, tx *db.Tx, a Assessment) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM quiz_attempts WHERE assessment_id = ?`, a.ID))
}

// FindAttempt is one attempt at an assessment of a learner within a permission, with whose it is; the assessment was found before.
func FindAttempt(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, id db.ID) (AttemptRow, error) {
	x, err := db.One(ctx, tx, db.SQL(`SELECT `+attemptWhole+`, p.name, p.id FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id JOIN accounts p ON p.id = e.account_id
		WHERE t.assessment_id = ? AND t.id = ? AND ?`, a.ID, id, within.Where("e")),
		func(s db.Scanner) (x AttemptRow, err error) {
			x.Attempt, err = scanWhole(s, &x.Learner, &x.Account)
			return x, err
		})
	if fail.Is(err, fail.NotFound) {
		return x, fail.Missing("attempt")
	}
	return x, err
}
