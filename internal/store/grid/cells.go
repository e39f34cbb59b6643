package grid

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// CellValue is what an override says.
type CellValue struct{ Allow, Locked bool }

// ChangedCell is a cell that a change made what it was to be.
type ChangedCell struct {
	Role       access.RoleID
	Permission string
	// Was and Made are what it said before and after; nil for nothing.
	Was, Made *CellValue
	// Set: the cell says something now; Now is the change that made it say so, zero where none did.
	Set bool
	Now db.ID
}

// ChangedCells are the cells of changes, by change.
func ChangedCells(ctx context.Context, tx *db.Tx, changes []db.ID) (map[db.ID][]ChangedCell, error) {
	type row struct {
		began, ended, current db.ID
		set                   bool
		role                  access.RoleID
		perm                  string
		v                     CellValue
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT c.change_id, c.ended_change_id, coalesce(n.change_id, 0), n.id IS NOT NULL, c.role, c.permission, c.allow, c.locked
		FROM overrides c LEFT JOIN overrides n ON n.org_id = c.org_id AND n.role = c.role AND n.permission = c.permission AND n.until = ?
		WHERE c.change_id IN ? OR c.ended_change_id IN ? ORDER BY c.permission, c.role`, db.Never, changes, changes),
		func(s db.Scanner) (r row, err error) {
			return r, s.Scan(&r.began, &r.ended, &r.current, &r.set, &r.role, &r.perm, &r.v.Allow, &r.v.Locked)
		})
	out := map[db.ID][]ChangedCell{}
	at := func(change db.ID, r row) *ChangedCell {
		for i, c := range out[change] {
			if c.Role == r.role && c.Permission == r.perm {
				return &out[change][i]
			}
		}
		out[change] = append(out[change], ChangedCell{Role: r.role, Permission: r.perm, Set: r.set, Now: r.current})
		return &out[change][len(out[change])-1]
	}
	for _, r := range rows {
		if r.began != 0 {
			at(r.began, r).Made = &r.v
		}
		if r.ended != 0 {
			at(r.ended, r).Was = &r.v
		}
	}
	return out, err
}
