package store

import (
	"context"
	"math"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Enrol makes an account a learner of a course, or again one where they had left. Who is one already is a Conflict.
// The figures are in the caller's hands: flush d at the end.
func Enrol(ctx context.Context, tx *db.Tx, d *Deltas, course Course, who Account, by db.ID, now time.Time) (Enrolment, error) {
	return enrol(ctx, tx, d, course, who, NewGrant{By: by, Since: now})
}

// EnrolSelf is Enrol for who asked for it, in a course that lets them: nobody passes anything on by it.
func EnrolSelf(ctx context.Context, tx *db.Tx, d *Deltas, course Course, who Account, now time.Time) (Enrolment, error) {
	return enrol(ctx, tx, d, course, who, NewGrant{By: who.ID, Since: now, ByConsent: true})
}

func enrol(ctx context.Context, tx *db.Tx, d *Deltas, course Course, who Account, grant NewGrant) (Enrolment, error) {
	now := grant.Since
	e, err := ownEnrolment(ctx, tx, course.ID, who.ID)
	known := err == nil
	if err != nil && !fail.Is(err, fail.NotFound) {
		return e, err
	}
	if known && e.Open {
		return e, fail.New(fail.Conflict, "{name} is enrolled already.", "name", who.Name)
	}
	grant.ID, grant.Account, grant.Role, grant.At = db.NewID(), who.ID, access.CourseLearn, course.Thing()
	if err := Begin(ctx, tx, grant); err != nil {
		return e, err
	}
	if !known {
		e = Enrolment{ID: grant.ID, Portal: course.Portal, Org: who.Org, Account: who.ID, Course: course.ID, Attributes: "{}"}
	} else {
		d.Remove(&e)
	}
	e.Grant, e.Open, e.Enrolled, e.Withdrawn, e.Learner = grant.ID, true, now, time.Time{}, who.Name
	if e.Status != Completed {
		e.reopen()
	}
	d.Add(&e)
	if known {
		return e, updateEnrolment(ctx, tx, &e)
	}
	tx.Note(Grew("enrolments"))
	batch, err := tx.Batch(ctx, insertEnrolment)
	if err != nil {
		return e, err
	}
	if err := batch.Exec(e.values()...); err != nil {
		return e, err
	}
	return e, batch.Close()
}

// reopen forgets how the learner left or failed; what they handed in counts.
func (e *Enrolment) reopen() {
	e.Status, e.Outcome, e.Completed = Enrolled, "", time.Time{}
	if e.Works > 0 {
		e.Status = Active
	}
}

// Unenrol ends a learner's grant. The row stays, for reports; what they completed or failed stays so.
func Unenrol(ctx context.Context, tx *db.Tx, d *Deltas, e Enrolment, by db.ID, now time.Time) (Enrolment, error) {
	if !e.Open {
		return e, fail.New(fail.Conflict, "{name} is not enrolled any more.", "name", e.Learner)
	}
	place := access.Place{Kind: access.Course, ID: e.Course}
	_, err := End(ctx, tx, GrantFilter{Portal: e.Portal, Account: e.Account, Roles: access.Roles{access.CourseLearn}, Place: place, Direct: true}, by, now)
	if err != nil {
		return e, err
	}
	d.Remove(&e)
	e.leave(now)
	d.Add(&e)
	return e, updateEnrolment(ctx, tx, &e)
}

func (e *Enrolment) leave(now time.Time) {
	e.Open, e.Withdrawn = false, now
	if e.Status != Completed && e.Status != Failed {
		e.Status = Withdrawn
	}
}

// LeaveAll closes the enrolments of a course whose grants have all ended, with the figures.
func LeaveAll(ctx context.Context, tx *db.Tx, course db.ID, now time.Time) error {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE e.course_id = ? AND e.is_open`, course), scanEnrolmentOwn)
	if err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, changeEnrolment)
	if err != nil {
		return err
	}
	d := NewDeltas()
	for i := range rows {
		e := &rows[i]
		d.Remove(e)
		e.leave(now)
		d.Add(e)
		if err := batch.Exec(append(e.changing(), e.Grant, e.ID)...); err != nil {
			return err
		}
	}
	if err := batch.Close(); err != nil {
		return err
	}
	return d.Flush(ctx, tx)
}

// ownEnrolment is an account's row in a course, for the store's own use: it asks no permission.
func ownEnrolment(ctx context.Context, tx *db.Tx, course, account db.ID) (Enrolment, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE e.course_id = ? AND e.account_id = ?`, course, account), scanEnrolmentOwn)
}

const insertEnrolment = `INSERT INTO enrolments (id, grant_id, portal_id, org_id, account_id, course_id, learner_key, is_open, status, outcome, progress, score,
	works_done, enrolled_at, completed_at, withdrawn_at, last_active_at, attempts, credits, attributes)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (e *Enrolment) values() []any {
	return append([]any{e.ID, e.Grant, e.Portal, e.Org, e.Account, e.Course, db.Key(e.Learner)}, e.changing()...)
}

// changing are the columns of changeEnrolment, but for its key.
func (e *Enrolment) changing() []any {
	var score any
	if e.Score != nil {
		score = *e.Score
	}
	return []any{e.Open, string(e.Status), e.Outcome, e.Progress, score, e.Works, db.MicrosOrZero(e.Enrolled), db.MicrosOrZero(e.Completed),
		db.MicrosOrZero(e.Withdrawn), db.MicrosOrZero(e.LastActive), e.Attempts, e.Credits, e.Attributes}
}

const changeEnrolment = `UPDATE enrolments SET is_open = ?, status = ?, outcome = ?, progress = ?, score = ?, works_done = ?, enrolled_at = ?,
	completed_at = ?, withdrawn_at = ?, last_active_at = ?, attempts = ?, credits = ?, attributes = ?, grant_id = ? WHERE id = ?`

func updateEnrolment(ctx context.Context, tx *db.Tx, e *Enrolment) error {
	_, err := tx.Exec(ctx, db.SQL(changeEnrolment, append(e.changing(), e.Grant, e.ID)...))
	return err
}

// graded is what a learner's results in a course come to.
type graded struct {
	enrolment db.ID
	// works are those that were handed in, fresh those of them since the course was last to be done again, settled those of these that
	// have a score or are asked of the learner no more.
	works, fresh, settled int
	// lessons are those that the learner has done, lastDone when the last of them was, in microseconds.
	lessons  int
	lastDone int64
	score    *float64
	// handedIn is the last submission that was not carried over, in microseconds; 0 for none.
	handedIn int64
}

// gradesOf sums the results of enrolments. The score is weighted by the assessments' weights, or plain where they are all zero.
func gradesOf(ctx context.Context, tx *db.Tx, enrolments []db.ID) (map[db.ID]graded, error) {
	out := map[db.ID]graded{}
	query := db.SQL(`SELECT r.enrolment_id, count(*), count(*) FILTER (WHERE r.excused OR r.submitted_at >= e.renewed_at),
		count(*) FILTER (WHERE r.excused OR r.score IS NOT NULL AND r.submitted_at >= e.renewed_at), count(r.score), coalesce(sum(r.score), 0), coalesce(sum(r.score * s.weight), 0),
		coalesce(sum(CASE WHEN r.score IS NULL THEN 0 ELSE s.weight END), 0), coalesce(max(CASE WHEN r.banked THEN 0 ELSE r.submitted_at END), 0)
		FROM results r JOIN assessments s ON s.id = r.assessment_id JOIN enrolments e ON e.id = r.enrolment_id WHERE r.enrolment_id IN ? GROUP BY r.enrolment_id`, enrolments)
	for g, err := range db.Each(ctx, tx, query, scanGraded) {
		if err != nil {
			return nil, err
		}
		out[g.enrolment] = g
	}
	return out, nil
}

func scanGraded(s db.Scanner) (g graded, err error) {
	var scored int
	var plain, weighted, weights float64
	err = s.Scan(&g.enrolment, &g.works, &g.fresh, &g.settled, &scored, &plain, &weighted, &weights, &g.handedIn)
	if scored > 0 {
		mean := plain / float64(scored)
		if weights > 0 {
			mean = weighted / weights
		}
		mean = toHundredths(mean)
		g.score = &mean
	}
	return g, err
}

// toHundredths keeps two decimals, so that totals of a value sum exactly.
func toHundredths(v float64) float64 { return math.Round(v*100) / 100 }

// doneOf adds the lessons that learners have done.
func doneOf(ctx context.Context, tx *db.Tx, enrolments []db.ID, out map[db.ID]graded) error {
	query := db.SQL(`SELECT enrolment_id, count(*), max(done_at) FROM lessons_done WHERE enrolment_id IN ? GROUP BY enrolment_id`, enrolments)
	for done, err := range db.Each(ctx, tx, query, func(s db.Scanner) (g graded, err error) { return g, s.Scan(&g.enrolment, &g.lessons, &g.lastDone) }) {
		if err != nil {
			return err
		}
		g := out[done.enrolment]
		g.lessons, g.lastDone = done.lessons, done.lastDone
		out[done.enrolment] = g
	}
	return nil
}

// grade takes over what a learner's results and lessons come to. A completion stays, once it was given (CO-5).
func (e *Enrolment) grade(g graded, course parts) {
	e.Works, e.Score = g.works, g.score
	if at := db.TimeOrZero(max(g.handedIn, g.lastDone)); at.After(e.LastActive) {
		e.LastActive = at
	}
	if e.Status == Enrolled && e.Works+g.lessons > 0 {
		e.Status = Active
	}
	e.Progress = 0
	if all := course.works + course.lessons; all > 0 {
		e.Progress = toHundredths(min(100, 100*float64(g.fresh+g.lessons)/float64(all)))
	}
	if e.Status == Active && course.met(e, g) {
		e.Status, e.Completed = Completed, e.LastActive
		if e.Completed.IsZero() {
			e.Completed = e.Enrolled
		}
	}
	if e.Status == Completed {
		e.Progress = 100
	}
}

// Regrade brings enrolments of one course up to their results and lessons, and the figures with them: flush d at the end.
func Regrade(ctx context.Context, tx *db.Tx, d *Deltas, course db.ID, enrolments []db.ID) error {
	if len(enrolments) == 0 {
		return nil
	}
	has, err := partsOf(ctx, tx, course)
	if err != nil {
		return err
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE e.id IN ?`, enrolments), scanEnrolmentOwn)
	if err != nil {
		return err
	}
	grades, err := gradesOf(ctx, tx, enrolments)
	if err == nil && has.lessons > 0 {
		err = doneOf(ctx, tx, enrolments, grades)
	}
	if err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, changeEnrolment)
	if err != nil {
		return err
	}
	for i := range rows {
		was := rows[i]
		e := was
		e.grade(grades[e.ID], has)
		if e.sameGrade(&was) {
			continue
		}
		d.Remove(&was)
		d.Add(&e)
		if e.Status == Completed && was.Status != Completed {
			tx.Note(NowCompleted{e})
		}
		if err := batch.Exec(append(e.changing(), e.Grant, e.ID)...); err != nil {
			return err
		}
	}
	return batch.Close()
}

func (e *Enrolment) sameGrade(was *Enrolment) bool {
	same := e.Score == nil && was.Score == nil || e.Score != nil && was.Score != nil && *e.Score == *was.Score
	return same && e.Works == was.Works && e.Progress == was.Progress && e.Status == was.Status && e.LastActive.Equal(was.LastActive)
}
