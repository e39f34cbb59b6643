package store

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// Result is what a learner handed in for an assessment.
type Result struct {
	ID         db.ID
	Portal     db.ID
	Assessment db.ID
	Enrolment  db.ID
	Account    db.ID
	// Submitted is zero where it is not known.
	Submitted time.Time
	// Score is 0 to 100; nil where there is none yet.
	Score *float64
	// Banked: carried over from an earlier course; it counts for the score and as done, not as activity.
	Banked bool
}

const resultColumns = `r.id, r.portal_id, r.assessment_id, r.enrolment_id, r.account_id, r.submitted_at, r.score, r.banked`

func scanResult(s db.Scanner) (r Result, err error) {
	var submitted int64
	err = s.Scan(&r.ID, &r.Portal, &r.Assessment, &r.Enrolment, &r.Account, &submitted, &r.Score, &r.Banked)
	r.Submitted = db.TimeOrZero(submitted)
	return r, err
}

// RecordResult keeps what a learner handed in for an assessment of their course, in place of what they had before, and
// brings works, progress, score and last activity of the enrolment up to it. The figures are in the caller's hands.
func RecordResult(ctx context.Context, tx *db.Tx, d *Deltas, work Assessment, e Enrolment, in Result) (Did, error) {
	if e.Course != work.Course {
		return Same, fail.New(fail.Invalid, "The assessment is of another course.")
	}
	in.Portal, in.Assessment, in.Enrolment, in.Account = e.Portal, work.ID, e.ID, e.Account
	w, err := newResultWriting(ctx, tx, d)
	if err != nil {
		return Same, err
	}
	kept, err := db.One(ctx, tx, db.SQL(`SELECT `+resultColumns+` FROM results r WHERE r.assessment_id = ? AND r.account_id = ?`, work.ID, e.Account), scanResult)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return Same, err
	}
	did, err := w.write(&in, &kept, &e)
	if err != nil || did == Same {
		return did, err
	}
	if err := w.close(); err != nil {
		return did, err
	}
	return did, Regrade(ctx, tx, d, e.Course, []db.ID{e.ID})
}

// DropResult takes away what a learner has of an assessment, as if they had never had it. The figures are in the caller's hands.
func DropResult(ctx context.Context, tx *db.Tx, d *Deltas, assessment db.ID, e Enrolment) error {
	kept, err := db.One(ctx, tx, db.SQL(`SELECT `+resultColumns+` FROM results r WHERE r.assessment_id = ? AND r.enrolment_id = ?`, assessment, e.ID), scanResult)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.Work(&e, kept.Submitted, kept.Banked, -1)
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM results WHERE id = ?`, kept.ID)); err != nil {
		return err
	}
	return Regrade(ctx, tx, d, e.Course, []db.ID{e.ID})
}

// resultWriting are the statements that write results, with the figures that change by them.
type resultWriting struct {
	insert, update *db.Batch
	deltas         *Deltas
}

func newResultWriting(ctx context.Context, tx *db.Tx, d *Deltas) (w resultWriting, err error) {
	w.deltas = d
	w.insert, err = tx.Batch(ctx, `INSERT INTO results (id, portal_id, assessment_id, enrolment_id, account_id, submitted_at, score, banked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return w, err
	}
	w.update, err = tx.Batch(ctx, `UPDATE results SET submitted_at = ?, score = ?, banked = ?, given = NULL, excused = FALSE WHERE id = ?`)
	return w, err
}

// write writes one result in place of the kept one, whose ID is zero where there is none.
func (w resultWriting) write(in *Result, kept *Result, e *Enrolment) (Did, error) {
	var score any
	if in.Score != nil {
		score = *in.Score
	}
	if kept.ID == 0 {
		in.ID = db.NewID()
		w.deltas.Work(e, in.Submitted, in.Banked, 1)
		return Created, w.insert.Exec(in.ID, in.Portal, in.Assessment, in.Enrolment, in.Account, db.MicrosOrZero(in.Submitted), score, in.Banked)
	}
	if in.same(kept) {
		return Same, nil
	}
	w.deltas.Work(e, kept.Submitted, kept.Banked, -1)
	w.deltas.Work(e, in.Submitted, in.Banked, 1)
	in.ID = kept.ID
	return Updated, w.update.Exec(db.MicrosOrZero(in.Submitted), score, in.Banked, kept.ID)
}

func (w resultWriting) close() error {
	if err := w.insert.Close(); err != nil {
		return err
	}
	return w.update.Close()
}

func (r *Result) same(kept *Result) bool {
	score := r.Score == nil && kept.Score == nil || r.Score != nil && kept.Score != nil && *r.Score == *kept.Score
	return score && r.Banked == kept.Banked && r.Submitted.Equal(kept.Submitted)
}
