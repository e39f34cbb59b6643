package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// PortalKept is how long a deleted portal can be restored (SA-2).
const PortalKept = 30 * 24 * time.Hour

// FinalAt is when a deleted portal, and all that is in it, is gone for ever.
func (p Portal) FinalAt() time.Time { return p.Deleted.Add(PortalKept) }

// DeletePortal closes a portal to everybody: every browser is signed out but one, zero for none. Nothing in it is lost.
func DeletePortal(ctx context.Context, tx *db.Tx, p Portal, but db.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET deleted_at = ? WHERE id = ?`, db.Micros(now), p.ID)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE portal_id = ? AND kind <> 'token' AND id <> ?`, p.ID, but)); err != nil {
		return err
	}
	return Changed(ctx, tx, p.ID)
}

// PortalDeleted tells whether a portal was deleted.
func PortalDeleted(ctx context.Context, tx *db.Tx, portal db.ID) (bool, error) {
	return db.Val[bool](ctx, tx, db.SQL(`SELECT deleted_at <> 0 FROM portals WHERE id = ?`, portal))
}

// RestorePortal opens a deleted portal again, as it was. One that is final is a Conflict, whatever the clock says since.
func RestorePortal(ctx context.Context, tx *db.Tx, p Portal, now time.Time) error {
	if p.Final || !now.Before(p.FinalAt()) {
		return fail.New(fail.Conflict, "The 30 days are over: the portal is gone for ever.")
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET deleted_at = 0 WHERE id = ?`, p.ID)); err != nil {
		return err
	}
	return Changed(ctx, tx, p.ID)
}

// TransferSuper hands the super administrator's status over: it ends for one and begins for the other in the same
// transaction, and the former holder stays a full administrator (SA-2, PT-3).
func TransferSuper(ctx context.Context, tx *db.Tx, p Portal, from, to Account, now time.Time) error {
	at := access.Place{Kind: access.Portal, ID: p.ID}
	n, err := End(ctx, tx, GrantFilter{Portal: p.ID, Account: from.ID, Roles: access.OnlyTransferred, Place: at}, from.ID, now)
	if err != nil {
		return err
	}
	if n != 1 {
		return fail.New(fail.Conflict, "The status was handed over meanwhile.")
	}
	if err := Begin(ctx, tx, NewGrant{Account: to.ID, Role: access.Super, At: p.Thing(), Since: now, By: from.ID}); err != nil {
		return err
	}
	full, err := OpenGrants(ctx, tx, GrantFilter{Portal: p.ID, Account: from.ID, Roles: access.Roles{access.Admin}, Place: at, Direct: true}, now)
	if err != nil || slices.ContainsFunc(full, func(g access.Grant) bool { return g.Until == db.Never }) {
		return err
	}
	return Begin(ctx, tx, NewGrant{Account: from.ID, Role: access.Admin, At: p.Thing(), Since: now, By: from.ID})
}

// IsFullAdmin tells whether an account is a full administrator of its whole portal, for good.
func IsFullAdmin(ctx context.Context, tx *db.Tx, a Account, now time.Time) (bool, error) {
	grants, err := OpenGrants(ctx, tx, GrantFilter{Portal: a.Portal, Account: a.ID, Roles: access.Roles{access.Admin},
		Place: access.Place{Kind: access.Portal, ID: a.Portal}}, now)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Since <= db.Micros(now) && g.Until == db.Never }), err
}

// FullAdmins are the full administrators of a portal to whom its status can be handed over, by name.
func FullAdmins(ctx context.Context, tx *db.Tx, within access.Within, now time.Time) ([]Account, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE a.archived_at = 0 AND ? AND a.id IN (SELECT g.account_id FROM grants g
		WHERE g.portal_id = ? AND g.role = ? AND g.place_kind = 'portal' AND g.since <= ? AND g.until = ?) ORDER BY a.name_key, a.id LIMIT 200`,
		within.Where("a"), within.Portal(), string(access.Admin), db.Micros(now), db.Never), scanAccount)
}

// PurgePortals takes portals away whose 30 days are over, so many rows of each table at most, and tells whether there is
// more to take. What was begun is ended, whatever the clock says since.
func PurgePortals(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	due, err := db.All(ctx, tx, db.SQL(`SELECT id FROM portals WHERE final_at <> 0 OR (deleted_at <> 0 AND deleted_at <= ?) ORDER BY id LIMIT 1`,
		db.Micros(now.Add(-PortalKept))), scanID)
	if err != nil || len(due) == 0 {
		return false, err
	}
	portal := due[0]
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE portals SET final_at = ? WHERE id = ? AND final_at = 0`, db.Micros(now), portal)); err != nil {
		return false, err
	}
	tables, err := db.Tables(ctx, tx)
	if err != nil {
		return false, err
	}
	for _, t := range childrenFirst(tables) {
		rows, ok := rowsOf(tables, t, portal, nil)
		if !ok {
			continue
		}
		cut := db.SQL(fmt.Sprintf(`%s IN (SELECT %s FROM %s WHERE ? LIMIT %d)`, key(t), t.KeyText(), t.Name, most), rows)
		if slices.ContainsFunc(t.Parents, func(p db.Parent) bool { return p.Table == t.Name }) {
			cut = rows // rows that refer to one another go at once
		}
		n, err := tx.Exec(ctx, db.SQL(`DELETE FROM `+t.Name+` WHERE ?`, cut))
		if err != nil {
			return false, fmt.Errorf("purge %s: %w", t.Name, err)
		}
		if n >= int64(most) {
			return true, nil // the rows that these refer to wait for the next round
		}
	}
	return true, nil // there may be another portal
}

func key(t db.Table) string {
	if len(t.Key) == 1 {
		return t.Key[0]
	}
	return "(" + t.KeyText() + ")"
}

// rowsOf are the rows of a table that belong to a portal, by its own column or by what they refer to; ok is false for a table
// of the whole database.
func rowsOf(all []db.Table, t db.Table, portal db.ID, seen []string) (rows db.Frag, ok bool) {
	switch {
	case t.Name == "portals":
		return db.SQL("id = ?", portal), true
	case t.Has("portal_id"):
		return db.SQL("portal_id = ?", portal), true
	}
	for _, p := range t.Parents {
		at := slices.IndexFunc(all, func(x db.Table) bool { return x.Name == p.Table })
		if at < 0 || slices.Contains(seen, p.Table) {
			continue
		}
		if above, ok := rowsOf(all, all[at], portal, append(seen, t.Name)); ok {
			return db.SQL(p.Column+" IN (SELECT id FROM "+p.Table+" WHERE ?)", above), true
		}
	}
	return rows, false
}

// childrenFirst orders tables so that none stands behind one that its rows refer to.
func childrenFirst(tables []db.Table) (out []db.Table) {
	done := map[string]bool{}
	var put func(t db.Table)
	put = func(t db.Table) {
		if done[t.Name] {
			return
		}
		done[t.Name] = true
		for _, child := range tables {
			if slices.ContainsFunc(child.Parents, func(p db.Parent) bool { return p.Table == t.Name }) {
				put(child)
			}
		}
		out = append(out, t)
	}
	for _, t := range tables {
		put(t)
	}
	return out
}
