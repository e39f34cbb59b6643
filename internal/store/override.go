package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// SetOverride switches one cell of the grid on or off in an organization and below it, and bumps the portal's version.
func SetOverride(ctx context.Context, tx *db.Tx, org Organization, role access.RoleID, p *access.Permission, allow bool, now time.Time) error {
	return PutOverride(ctx, tx, org, access.Override{Org: org.ID, Role: role, Perm: p, Allow: allow}, 0, now)
}

// PutOverride makes a cell of the grid so in an organization and below it: the override that it has there ends, another
// begins, and the portal's version is bumped. The change that it is part of is zero where it is none.
func PutOverride(ctx context.Context, tx *db.Tx, org Organization, o access.Override, change db.ID, now time.Time) error {
	o.Org = org.ID
	if _, err := endOverride(ctx, tx, o, change, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO overrides (id, portal_id, org_id, role, permission, allow, locked, since, until, change_id, ended_change_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`, db.NewID(), org.Portal, org.ID, string(o.Role), o.Perm.Key, o.Allow, o.Locked, db.Micros(now), db.Never, change))
	if err != nil {
		return err
	}
	tx.Note(CellChanged{Override: o})
	return Changed(ctx, tx, org.Portal)
}

func endOverride(ctx context.Context, tx *db.Tx, o access.Override, change db.ID, now time.Time) (int64, error) {
	return tx.Exec(ctx, db.SQL(`UPDATE overrides SET until = ?, ended_change_id = ? WHERE org_id = ? AND role = ? AND permission = ? AND until = ?`,
		db.Micros(now), change, o.Org, string(o.Role), o.Perm.Key, db.Never))
}

// ClearOverride lets a cell be again what the organization above it has; NotFound where it has no override.
func ClearOverride(ctx context.Context, tx *db.Tx, org Organization, role access.RoleID, p *access.Permission, change db.ID, now time.Time) error {
	o := access.Override{Org: org.ID, Role: role, Perm: p}
	n, err := endOverride(ctx, tx, o, change, now)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.Missing("override")
	}
	tx.Note(CellChanged{Override: o, Cleared: true})
	return Changed(ctx, tx, org.Portal)
}

// endOverridesOf ends every override of a role's cells.
func endOverridesOf(ctx context.Context, tx *db.Tx, r Role, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE overrides SET until = ? WHERE portal_id = ? AND role = ? AND until = ?`,
		db.Micros(now), r.Portal, string(r.RoleID()), db.Never))
	return err
}
