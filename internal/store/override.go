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
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO overrides (portal_id, org_id, role, permission, allow, set_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (org_id, role, permission) DO UPDATE SET allow = excluded.allow, set_at = excluded.set_at`,
		org.Portal, org.ID, string(role), p.Key, allow, db.Micros(now)))
	if err != nil {
		return err
	}
	tx.Note(CellChanged{Override: access.Override{Org: org.ID, Role: role, Perm: p, Allow: allow}})
	return Changed(ctx, tx, org.Portal)
}

// ClearOverride lets a cell be again what the organization above it has; NotFound where it has no override.
func ClearOverride(ctx context.Context, tx *db.Tx, org Organization, role access.RoleID, p *access.Permission) error {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM overrides WHERE org_id = ? AND role = ? AND permission = ?`, org.ID, string(role), p.Key))
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.Missing("override")
	}
	tx.Note(CellChanged{Override: access.Override{Org: org.ID, Role: role, Perm: p}, Cleared: true})
	return Changed(ctx, tx, org.Portal)
}
