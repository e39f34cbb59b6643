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
	Org    db.ID
	Reason string
	At     time.Time
	By     db.ID
	ByName string
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

const gridChangeColumns = `h.id, h.portal_id, h.org_id, h.reason, h.at, h.by_id, h.by_name, h.undoes, h.undone_by`

func scanGridChange(s db.Scanner) (g GridChange, err error) {
	var at int64
	err = s.Scan(&g.ID, &g.Portal, &g.Org, &g.Reason, &at, &g.By, &g.ByName, &g.Undoes, &g.UndoneBy)
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
