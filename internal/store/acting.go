package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

const (
	// ActingIdle is how long one acts as another without doing anything, until it ends by itself (CO-4).
	ActingIdle = 15 * time.Minute
	// actingsKept is how long a person is told of who logged in as them; the audit knows for ever.
	actingsKept = 365 * 24 * time.Hour
)

// LoadActing folds a person as acted by somebody behind them (CO-4), who must still be allowed to at this very moment:
// NotAllowed where they are not, SignIn where one of the two may not act at all.
func (c *Cache) LoadActing(ctx context.Context, tx *db.Tx, portal, account, behind db.ID, now time.Time) (*access.Actor, error) {
	actor, err := c.LoadActor(ctx, tx, portal, account, now)
	if err != nil {
		return nil, err
	}
	other, err := c.LoadActor(ctx, tx, portal, behind, now)
	if err != nil {
		return nil, err
	}
	person, err := LoadThing(ctx, tx, access.Place{Kind: access.Account, ID: account}, portal, now)
	if err != nil {
		return nil, err
	}
	if !other.Can(access.AccountLogInAs, &person) || other.Protects(access.AccountLogInAs, actor) != nil {
		return nil, NotAllowed(other.May(access.AccountLogInAs))
	}
	return actor.ActedBy(other), nil
}

// ActedBy folds who acts as an actor, anew in this transaction, and puts them behind it.
func ActedBy(ctx context.Context, tx *db.Tx, actor *access.Actor, behind db.ID, now time.Time) (*access.Actor, error) {
	others, err := LoadActors(ctx, tx, actor.Rules(), []db.ID{behind}, now)
	if err != nil {
		return nil, err
	}
	if len(others) == 0 {
		return nil, fail.New(fail.SignIn, "Please sign in.")
	}
	return actor.ActedBy(others[0]), nil
}

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
func BeginActing(ctx context.Context, tx *db.Tx, s Session, hash []byte, reason string) error {
	if err := BeginSession(ctx, tx, s, hash); err != nil {
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
	return true, seeActing(ctx, tx, id, now)
}

// EndActings ends what hangs on one's own session: at most one acts at a time by it.
func EndActings(ctx context.Context, tx *db.Tx, own db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE parent_id = ? AND kind = 'acting'`, own))
	return err
}

func seeActing(ctx context.Context, tx *db.Tx, id db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE actings SET last_at = ? WHERE id = ? AND last_at < ?`, db.Micros(now), id, db.Micros(now)))
	return err
}

// ListActings are the times that somebody logged in as a person, the last first.
func ListActings(ctx context.Context, tx *db.Tx, who Account, now time.Time) ([]Acting, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id, behind_id, behind_name, reason, began_at, last_at FROM actings WHERE account_id = ? AND began_at > ?
		ORDER BY began_at DESC LIMIT 50`, who.ID, db.Micros(now.Add(-actingsKept))), func(s db.Scanner) (a Acting, err error) {
		var began, last int64
		err = s.Scan(&a.ID, &a.Behind, &a.BehindName, &a.Reason, &began, &last)
		a.Began, a.Last = db.Time(began), db.Time(last)
		return a, err
	})
}
