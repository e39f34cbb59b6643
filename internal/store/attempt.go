package store

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// AttemptWindow is how long failures to prove who one is are counted together.
const AttemptWindow = 15 * time.Minute

type attempts struct{ failed, since int64 }

// Attempts tells how often a subject (an account, a name, an address) failed lately, and when the count begins anew.
func Attempts(ctx context.Context, tx *db.Tx, portal db.ID, subject string, now time.Time) (failed int, again time.Time, err error) {
	a, err := db.One(ctx, tx, db.SQL(`SELECT failed, since FROM attempts WHERE portal_id = ? AND subject = ?`, portal, subject),
		func(s db.Scanner) (a attempts, err error) { return a, s.Scan(&a.failed, &a.since) })
	if fail.Is(err, fail.NotFound) {
		return 0, now, nil
	}
	again = db.Time(a.since).Add(AttemptWindow)
	if err != nil || !now.Before(again) {
		return 0, now, err
	}
	return int(a.failed), again, nil
}

// AddAttempt counts a failure.
func AddAttempt(ctx context.Context, tx *db.Tx, portal db.ID, subject string, now time.Time) error {
	at, old := db.Micros(now), db.Micros(now.Add(-AttemptWindow))
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO attempts (portal_id, subject, failed, since) VALUES (?, ?, 1, ?)
		ON CONFLICT (portal_id, subject) DO UPDATE SET failed = CASE WHEN attempts.since <= ? THEN 1 ELSE attempts.failed + 1 END,
		since = CASE WHEN attempts.since <= ? THEN excluded.since ELSE attempts.since END`, portal, subject, at, old, old))
	return err
}

// ClearAttempts forgets a subject's failures, and those of anybody that no longer count.
func ClearAttempts(ctx context.Context, tx *db.Tx, portal db.ID, subject string, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM attempts WHERE (portal_id = ? AND subject = ?) OR since <= ?`, portal, subject,
		db.Micros(now.Add(-AttemptWindow))))
	return err
}
