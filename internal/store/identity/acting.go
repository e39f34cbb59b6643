package identity

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// Acting is one time that somebody logged in as another.
type Acting struct {
	ID db.ID
	// Behind is who it was, BehindName what they were called then.
	Behind     db.ID
	BehindName string
	Reason     string
	// Began is when it began, Last when something was last done by it, to a minute.
	Began, Last time.Time
}

// BeginActing opens the session in which somebody acts as another, and notes it for that person.
func BeginActing(ctx context.Context, tx *db.Tx, s store.Session, hash []byte, reason string) error {
	if err := store.BeginSession(ctx, tx, s, hash); err != nil {
		return err
	}
	at := db.Micros(s.Created)
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO actings (id, portal_id, account_id, behind_id, behind_name, reason, began_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		s.ID, s.Portal, s.Account, s.Behind, s.BehindName, reason, at, at))
	return err
}

// EndActing ends the session in which somebody acts as another; it tells whether there was one.
func EndActing(ctx context.Context, tx *db.Tx, portal, id db.ID, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE id = ? AND portal_id = ? AND kind = 'acting'`, id, portal))
	if err != nil || n == 0 {
		return false, err
	}
	return true, store.SeeActing(ctx, tx, id, now)
}

// ListActings are the times that somebody logged in as a person, the last first.
func ListActings(ctx context.Context, tx *db.Tx, who store.Account, now time.Time) ([]Acting, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id, behind_id, behind_name, reason, began_at, last_at FROM actings WHERE account_id = ? AND began_at > ?
		ORDER BY began_at DESC LIMIT 50`, who.ID, db.Micros(now.Add(-store.ActingsKept))), func(s db.Scanner) (a Acting, err error) {
		var began, last int64
		err = s.Scan(&a.ID, &a.Behind, &a.BehindName, &a.Reason, &began, &last)
		a.Began, a.Last = db.Time(began), db.Time(last)
		return a, err
	})
}
