// Package identity holds the nouns on who somebody is in a portal: its super administrator, who acts as another, and what is
// taken away for good.
package identity

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// DeletePortal closes a portal to everybody: every browser is signed out but one, zero for none. Nothing in it is lost.
func DeletePortal(ctx context.Context, tx *db.Tx, p store.Portal, but db.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET deleted_at = ? WHERE id = ?`, db.Micros(now), p.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE portal_id = ? AND kind <> 'token' AND id <> ?`, p.ID, but)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, p.ID)
}

// RestorePortal opens a deleted portal again, as it was. One that is final is a Conflict, whatever the clock says since.
func RestorePortal(ctx context.Context, tx *db.Tx, p store.Portal, now time.Time) error {
	if p.Final || !now.Before(p.FinalAt()) {
		return fail.New(fail.Conflict, "The 30 days are over: the portal is gone for ever.")
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET deleted_at = 0 WHERE id = ?`, p.ID)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, p.ID)
}

// TransferSuper hands the super administrator's status over: it ends for one and begins for the other in the same
// transaction, and the former holder stays a full administrator (SA-2, PT-3).
func TransferSuper(ctx context.Context, tx *db.Tx, p store.Portal, from, to store.Account, now time.Time) error {
	at := access.Place{Kind: access.Portal, ID: p.ID}
	n, err := store.End(ctx, tx, store.GrantFilter{Portal: p.ID, Account: from.ID, Roles: access.OnlyTransferred, Place: at}, from.ID, now)
	if err != nil {
		return err
	}
	if n != 1 {
		return fail.New(fail.Conflict, "The status was handed over meanwhile.")
	}
	if err := store.Begin(ctx, tx, store.NewGrant{Account: to.ID, Role: access.Super, At: p.Thing(), Since: now, By: from.ID}); err != nil {
		return err
	}
	full, err := store.OpenGrants(ctx, tx, store.GrantFilter{Portal: p.ID, Account: from.ID, Roles: access.Roles{access.Admin}, Place: at, Direct: true}, now)
	if err != nil || slices.ContainsFunc(full, func(g access.Grant) bool { return g.Until == db.Never }) {
		return err
	}
	return store.Begin(ctx, tx, store.NewGrant{Account: from.ID, Role: access.Admin, At: p.Thing(), Since: now, By: from.ID})
}

// IsFullAdmin tells whether an account is a full administrator of its whole portal, for good.
func IsFullAdmin(ctx context.Context, tx *db.Tx, a store.Account, now time.Time) (bool, error) {
	grants, err := store.OpenGrants(ctx, tx, store.GrantFilter{Portal: a.Portal, Account: a.ID, Roles: access.Roles{access.Admin},
		Place: access.Place{Kind: access.Portal, ID: a.Portal}}, now)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Since <= db.Micros(now) && g.Until == db.Never }), err
}

// Person is somebody's id and name.
type Person struct {
	ID   db.ID
	Name string
}

// FullAdmins are the full administrators of a portal to whom its status can be handed over, by name.
func FullAdmins(ctx context.Context, tx *db.Tx, within access.Within, now time.Time) ([]Person, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name FROM accounts a WHERE a.archived_at = 0 AND ? AND a.id IN (SELECT g.account_id FROM grants g
		WHERE g.portal_id = ? AND g.role = ? AND g.place_kind = 'portal' AND g.since <= ? AND g.until = ?) ORDER BY a.name_key, a.id LIMIT 200`,
		within.Where("a"), within.Portal(), string(access.Admin), db.Micros(now), db.Never), func(s db.Scanner) (p Person, err error) {
		return p, s.Scan(&p.ID, &p.Name)
	})
}
