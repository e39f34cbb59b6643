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
	// ActingsKept is how long a person is told of who logged in as them; the audit knows for ever.
	ActingsKept = 365 * 24 * time.Hour
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

// EndActings ends what hangs on one's own session: at most one acts at a time by it.
func EndActings(ctx context.Context, tx *db.Tx, own db.ID) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE parent_id = ? AND kind = 'acting'`, own))
	return err
}

// SeeActing notes that something was done as another, or by a visit from another portal.
func SeeActing(ctx context.Context, tx *db.Tx, id db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE actings SET last_at = ? WHERE id = ? AND last_at < ?`, db.Micros(now), id, db.Micros(now)))
	if err == nil {
		_, err = tx.Exec(ctx, db.SQL(`UPDATE visits SET last_at = ? WHERE id = ? AND last_at < ?`, db.Micros(now), id, db.Micros(now)))
	}
	return err
}
