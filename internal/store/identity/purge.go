package identity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// PurgePortals takes portals away whose 30 days are over, so many rows of each table at most, and tells whether there is
// more to take. What was begun is ended, whatever the clock says since.
func PurgePortals(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	due, err := db.All(ctx, tx, db.SQL(`SELECT id FROM portals WHERE final_at <> 0 OR (deleted_at <> 0 AND deleted_at <= ?) ORDER BY id LIMIT 1`,
		db.Micros(now.Add(-store.PortalKept))), db.ScanID)
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
