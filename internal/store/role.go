package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Role is a role that a portal made: a name for a set of permissions, without a place (LM-3).
type Role struct {
	ID      db.ID
	Portal  db.ID
	Name    string
	About   string
	Set     access.Set
	Created time.Time
	// Parent is set for an account type that the portal made of another (GR-5).
	Parent access.RoleID
}

// RoleID is how grants and policies name the role.
func (r Role) RoleID() access.RoleID { return access.CustomRoleID(r.ID) }

// Thing is the role as the audit names it.
func (r Role) Thing() access.Thing {
	return access.Thing{Kind: access.CustomRole, ID: r.ID, Portal: r.Portal, Org: r.Portal}
}

func scanRole(s db.Scanner) (r Role, err error) {
	var created int64
	err = s.Scan(&r.ID, &r.Portal, &r.Name, &r.About, &created)
	r.Created = db.Time(created)
	return r, err
}

// FindRole is one of the roles that the portal made, where the permission reaches the portal.
func FindRole(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Role, error) {
	if _, err := FindPortal(ctx, tx, within); err != nil {
		if portal := (access.Thing{Kind: access.Portal, ID: within.Portal(), Portal: within.Portal(), Org: within.Portal()}); within.Actor().May(access.RoleList).Has(&portal) == nil {
			return Role{}, fail.Missing("role")
		}
		return Role{}, err
	}
	r, err := db.One(ctx, tx, db.SQL(`SELECT id, portal_id, name, about, created_at FROM roles WHERE id = ? AND portal_id = ? AND parent = '' AND deleted_at = 0`, id, within.Portal()), scanRole)
	if err != nil {
		if fail.Is(err, fail.NotFound) {
			return r, fail.Missing("role")
		}
		return r, err
	}
	keys, err := db.All(ctx, tx, db.SQL(`SELECT permission FROM role_permissions WHERE role_id = ? AND until = ?`, id, db.Never),
		func(s db.Scanner) (key string, err error) { return key, s.Scan(&key) })
	for _, key := range keys {
		if p, ok := access.PermissionOf(key); ok {
			r.Set.Add(p)
		}
	}
	return r, err
}

// CreateRole makes a role. A name that the portal has already is a Conflict.
func CreateRole(ctx context.Context, tx *db.Tx, portal Portal, name, about string, set access.Set, now time.Time) (Role, error) {
	r := Role{ID: db.NewID(), Portal: portal.ID, Name: name, About: about, Set: set, Created: now}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO roles (id, portal_id, name, name_key, about, created_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, 0)`,
		r.ID, r.Portal, r.Name, db.Key(r.Name), r.About, db.Micros(now)))
	if err != nil {
		return r, roleError(err)
	}
	return r, writeRole(ctx, tx, r, access.Set{}, now)
}

func roleError(err error) error {
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is a role of this name already.")
	}
	return err
}

// SaveRole writes a role's name, what it is for, and what it holds; was is what it held. What it holds no more ends, and is
// kept (BE-3).
func SaveRole(ctx context.Context, tx *db.Tx, r Role, was access.Set, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE roles SET name = ?, name_key = ?, about = ? WHERE id = ?`, r.Name, db.Key(r.Name), r.About, r.ID))
	if err != nil {
		return roleError(err)
	}
	return writeRole(ctx, tx, r, was, now)
}

func writeRole(ctx context.Context, tx *db.Tx, r Role, was access.Set, now time.Time) error {
	added := access.Set{}
	at := db.Micros(now)
	for _, p := range access.Table() {
		var change db.Frag
		switch has, had := r.Set.Has(p), was.Has(p); {
		case has && !had:
			added.Add(p)
			change = db.SQL(`INSERT INTO role_permissions (id, role_id, permission, since, until) VALUES (?, ?, ?, ?, ?)`, db.NewID(), r.ID, p.Key, at, db.Never)
		case had && !has:
			change = db.SQL(`UPDATE role_permissions SET until = ? WHERE role_id = ? AND permission = ? AND until = ?`, at, r.ID, p.Key, db.Never)
		default:
			continue
		}
		if _, err := tx.Exec(ctx, change); err != nil {
			return err
		}
	}
	tx.Note(RoleChanged{r.RoleID(), added})
	return Changed(ctx, tx, r.Portal)
}

// DeleteRole deletes a role with the policies that bind it, and ends every grant of it (LM-12).
func DeleteRole(ctx context.Context, tx *db.Tx, r Role, by db.ID, now time.Time) error {
	policies, err := db.All(ctx, tx, db.SQL(`SELECT `+policyColumns+` FROM policies p WHERE p.portal_id = ? AND p.role = ? AND p.deleted_at = 0`,
		r.Portal, string(r.RoleID())), scanPolicy)
	if err != nil {
		return err
	}
	for _, p := range policies {
		if err := DeletePolicy(ctx, tx, p, by, now); err != nil {
			return err
		}
	}
	if _, err := End(ctx, tx, GrantFilter{Portal: r.Portal, Roles: access.Roles{r.RoleID()}}, by, now); err != nil {
		return err
	}
	if err := endOverridesOf(ctx, tx, r, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE roles SET deleted_at = ? WHERE id = ?`, db.Micros(now), r.ID)); err != nil {
		return err
	}
	return Changed(ctx, tx, r.Portal)
}

// RoleUse is how much a role is used: by how many policies, and by how many people right now.
type RoleUse struct{ Policies, People int }

// indexedRoles is the condition of the index grants_role, said in a query so that the index serves it.
const indexedRoles = `g.role NOT IN ('course_learner', 'team_member', 'learner')`

// RoleUses are how much each role of a portal is used.
func RoleUses(ctx context.Context, tx *db.Tx, portal db.ID, roles []access.RoleID, now time.Time) (map[access.RoleID]RoleUse, error) {
	at := db.Micros(now)
	policies, err := countsBy[access.RoleID](ctx, tx, db.SQL(`SELECT p.role, count(*) FROM policies p WHERE p.portal_id = ? AND p.role IN ? AND p.deleted_at = 0 GROUP BY p.role`, portal, roles))
	if err != nil {
		return nil, err
	}
	people, err := countsBy[access.RoleID](ctx, tx, db.SQL(`SELECT who.role, count(DISTINCT who.account_id) FROM (
		SELECT g.role, g.account_id FROM grants g WHERE g.portal_id = ? AND g.role IN ? AND `+indexedRoles+` AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?
		UNION ALL SELECT g.role, m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
		AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ?
		WHERE g.portal_id = ? AND g.role IN ? AND `+indexedRoles+` AND g.group_id IS NOT NULL AND g.since <= ? AND g.until > ?) who GROUP BY who.role`,
		portal, roles, at, at, at, at, portal, roles, at, at))
	out := make(map[access.RoleID]RoleUse, len(roles))
	for _, id := range roles {
		out[id] = RoleUse{policies[id], people[id]}
	}
	return out, err
}
