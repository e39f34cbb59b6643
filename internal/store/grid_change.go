package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// GridChange is a change of one or many cells of the permission grid, made at once, with its reason.
type GridChange struct {
	ID     db.ID
	Portal db.ID
	// Org is the organization whose grid was changed, the root for the portal's; its name is filled by Find and List.
	Org     db.ID
	OrgName string
	Reason  string
	At      time.Time
	By      db.ID
	ByName  string
	// Undoes is the change that this one took back, UndoneBy the one that took this back; zero for none.
	Undoes, UndoneBy db.ID
}

// Thing is the organization whose grid was changed, by the portal that the change is of.
func (g GridChange) Thing() access.Thing {
	return access.Thing{Kind: access.Organization, ID: g.Org, Portal: g.Portal, Org: g.Org}
}

// AddGridChange keeps a change whose cells were put with its ID. Where it undoes another, that one is marked.
func AddGridChange(ctx context.Context, tx *db.Tx, g GridChange) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO grid_changes (id, portal_id, org_id, reason, at, by_id, by_name, undoes, undone_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		g.ID, g.Portal, g.Org, g.Reason, db.Micros(g.At), g.By, g.ByName, g.Undoes))
	if err != nil || g.Undoes == 0 {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE grid_changes SET undone_by = ? WHERE id = ?`, g.ID, g.Undoes))
	return err
}

const gridChangeColumns = `h.id, h.portal_id, h.org_id, h.reason, h.at, h.by_id, h.by_name, h.undoes, h.undone_by, o.name`

func scanGridChange(s db.Scanner) (g GridChange, err error) {
	var at int64
	err = s.Scan(&g.ID, &g.Portal, &g.Org, &g.Reason, &at, &g.By, &g.ByName, &g.Undoes, &g.UndoneBy, &g.OrgName)
	g.At = db.Time(at)
	return g, err
}

// FindGridChange is a change of the grid of an organization that a permission on organizations reaches.
func FindGridChange(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (GridChange, error) {
	g, err := db.One(ctx, tx, db.SQL(`SELECT `+gridChangeColumns+` FROM grid_changes h JOIN organizations o ON o.id = h.org_id WHERE h.id = ? AND ?`,
		id, within.Where("o")), scanGridChange)
	if fail.Is(err, fail.NotFound) {
		return g, fail.Missing("change")
	}
	return g, err
}

// GridChangeFilter narrows the changes of a grid; what is empty does not narrow.
type GridChangeFilter struct {
	Role       access.RoleID
	Permission string
	// Above: those of the organizations above it too.
	Above bool
}

// ListGridChanges are the changes of an organization's grid within what a permission on organizations reaches, the newest
// first; after is the Next of another page.
func ListGridChanges(ctx context.Context, tx *db.Tx, within access.Within, org Organization, f GridChangeFilter, after string, size int) (List[GridChange], error) {
	page := Page{After: after, Size: size}
	cond := []db.Frag{within.Where("o"), db.SQL("h.portal_id = ?", org.Portal)}
	if f.Above {
		cond = append(cond, db.SQL("h.org_id IN (SELECT u.ancestor_id FROM org_under u WHERE u.org_id = ?)", org.ID))
	} else {
		cond = append(cond, db.SQL("h.org_id = ?", org.ID))
	}
	if f.Role != "" || f.Permission != "" {
		cond = append(cond, db.SQL(`EXISTS (SELECT 1 FROM overrides c WHERE (c.change_id = h.id OR c.ended_change_id = h.id) AND ? IN ('', c.role) AND ? IN ('', c.permission))`,
			string(f.Role), f.Permission))
	}
	if after != "" {
		at, err := parseCursor(after)
		if err != nil {
			return List[GridChange]{}, err
		}
		cond = append(cond, db.SQL("h.id < ?", at.ID))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+gridChangeColumns+` FROM grid_changes h JOIN organizations o ON o.id = h.org_id WHERE ? ORDER BY h.id DESC LIMIT ?`,
		db.And(cond...), page.size()+1), scanGridChange)
	return pageOf(page, rows, func(g GridChange) cursor { return cursor{"", g.ID} }), err
}

// CellChange is the change that made an override say what it said at a moment; the zero change where none is known.
func CellChange(ctx context.Context, tx *db.Tx, o access.Override, at time.Time) (GridChange, error) {
	us := db.Micros(at)
	g, err := db.One(ctx, tx, db.SQL(`SELECT `+gridChangeColumns+` FROM overrides c JOIN grid_changes h ON h.id = c.change_id JOIN organizations o ON o.id = h.org_id
		WHERE c.org_id = ? AND c.role = ? AND c.permission = ? AND c.since <= ? AND c.until > ?`, o.Org, string(o.Role), o.Perm.Key, us, us), scanGridChange)
	if fail.Is(err, fail.NotFound) {
		return GridChange{}, nil
	}
	return g, err
}
