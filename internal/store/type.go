package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// FindType is one of the account types that the portal made (GR-5), where the permission reaches the portal.
func FindType(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Role, error) {
	if _, err := FindPortal(ctx, tx, within); err != nil {
		return Role{}, err
	}
	r, err := db.One(ctx, tx, db.SQL(`SELECT id, portal_id, name, about, created_at, parent FROM roles WHERE id = ? AND portal_id = ? AND parent <> '' AND deleted_at = 0`,
		id, within.Portal()), func(s db.Scanner) (r Role, err error) {
		var created int64
		err = s.Scan(&r.ID, &r.Portal, &r.Name, &r.About, &created, &r.Parent)
		r.Created = db.Time(created)
		return r, err
	})
	if fail.Is(err, fail.NotFound) {
		return r, fail.Missing("account type")
	}
	return r, err
}

// CreateType makes an account type of the portal's own, of a parent, which holds a set less what the parent never can. A
// name that a role of the portal's has already is a Conflict.
func CreateType(ctx context.Context, tx *db.Tx, portal Portal, name, about string, parent access.RoleID, set access.Set, now time.Time) (Role, error) {
	r, err := CreateRole(ctx, tx, portal, name, about, set, now)
	if err != nil {
		return r, err
	}
	r.Parent = parent
	_, err = tx.Exec(ctx, db.SQL(`UPDATE roles SET parent = ? WHERE id = ?`, string(parent), r.ID))
	return r, err
}

// CustomTypes are the account types that a portal made.
func CustomTypes(ctx context.Context, tx *db.Tx, portal db.ID) ([]access.RoleID, error) {
	return db.All(ctx, tx, db.SQL(`SELECT id FROM roles WHERE portal_id = ? AND parent <> '' AND deleted_at = 0 ORDER BY id`, portal),
		func(s db.Scanner) (access.RoleID, error) {
			var id db.ID
			err := s.Scan(&id)
			return access.CustomRoleID(id), err
		})
}

// RenameType writes the name of an account type and what it is for.
func RenameType(ctx context.Context, tx *db.Tx, r Role) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE roles SET name = ?, name_key = ?, about = ? WHERE id = ?`, r.Name, db.Key(r.Name), r.About, r.ID)); err != nil {
		return roleError(err)
	}
	return Changed(ctx, tx, r.Portal)
}
