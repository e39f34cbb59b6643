package work

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// PackageAttempt is which of their attempts at a package a learner is in, from 1.
func PackageAttempt(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment) (int64, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM package_attempts WHERE enrolment_id = ? AND assessment_id = ?`, e.ID, a.ID))
	return n + 1, err
}

// RestartPackage begins a new attempt of a learner at a package: what they reached is kept as it was, what its items kept to go on
// from is forgotten. Their result stays, and so does what the package said of them. It is a Conflict where nothing was begun.
func RestartPackage(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment, by db.ID, now time.Time) error {
	states, err := StatesOf(ctx, tx, a, e)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		return fail.New(fail.Conflict, "Nothing of it was begun yet.")
	}
	type reached struct {
		Item  string    `json:"item"`
		Done  bool      `json:"done"`
		Score *float64  `json:"score,omitempty"`
		Saved time.Time `json:"saved"`
	}
	items := []reached{}
	for _, s := range states {
		items = append(items, reached{s.Item, s.Done, s.Score, s.Saved})
	}
	text, err := json.Marshal(items)
	if err != nil {
		return err
	}
	number, err := PackageAttempt(ctx, tx, a, e)
	if err != nil {
		return err
	}
	for _, q := range []db.Frag{
		db.SQL(`INSERT INTO package_attempts (enrolment_id, assessment_id, number, portal_id, items, ended_at, by_id) VALUES (?, ?, ?, ?, ?, ?, ?)`, e.ID, a.ID, number, a.Portal, string(text), db.Micros(now), by),
		db.SQL(`DELETE FROM package_states WHERE enrolment_id = ? AND assessment_id = ?`, e.ID, a.ID),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
