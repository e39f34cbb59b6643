package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Policy is a role, bound to places and to accounts and access groups: each of these receives it at each of those (LM-3).
type Policy struct {
	ID     db.ID
	Portal db.ID
	Name   string
	Role   access.RoleID
	// Internal: every portal has it; it is not edited or deleted (LM-12).
	Internal bool
	// Until is when it ends; zero for never.
	Until   time.Time
	Created time.Time
}

// Holder is who a policy is bound to: an account, or an access group.
type Holder struct {
	Kind access.Kind
	ID   db.ID
}

const policyColumns = `p.id, p.portal_id, p.name, p.role, p.internal, p.until, p.created_at`

func scanPolicy(s db.Scanner) (p Policy, err error) {
	var until, created int64
	err = s.Scan(&p.ID, &p.Portal, &p.Name, &p.Role, &p.Internal, &until, &created)
	p.Created = db.Time(created)
	p.Until = db.EndOrZero(until)
	return p, err
}

// Thing is the policy as a thing that permissions are asked about.
func (p Policy) Thing() access.Thing {
	return access.Thing{Kind: access.Policy, ID: p.ID, Portal: p.Portal, Org: p.Portal}
}

// FindPolicy is one policy within what a permission reaches.
func FindPolicy(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Policy, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT `+policyColumns+` FROM policies p WHERE p.id = ? AND p.deleted_at = 0 AND ?`, id, within.Where("p")), scanPolicy)
	if !fail.Is(err, fail.NotFound) {
		return p, err
	}
	seen := within.Actor().May(access.PolicyList)
	return p, missing(ctx, tx, within, "policy", db.SQL(`SELECT 1 FROM policies p WHERE p.id = ? AND p.deleted_at = 0 AND ?`, id, seen.Where("p")))
}

// CreatePolicy makes a policy that is bound to nothing yet. A name that the portal has already is a Conflict.
func CreatePolicy(ctx context.Context, tx *db.Tx, p Policy) (Policy, error) {
	p.ID = db.NewID()
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO policies (id, portal_id, name, name_key, role, internal, until, created_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		p.ID, p.Portal, p.Name, db.Key(p.Name), string(p.Role), p.Internal, p.ends(), db.Micros(p.Created)))
	if db.IsUnique(err) {
		return p, fail.New(fail.Conflict, "There is a policy of this name already.")
	}
	return p, err
}

// SavePolicy writes a policy's name, role and end; Bind makes its grants follow. A name that the portal has already is a Conflict.
func SavePolicy(ctx context.Context, tx *db.Tx, p Policy) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE policies SET name = ?, name_key = ?, role = ?, until = ? WHERE id = ?`,
		p.Name, db.Key(p.Name), string(p.Role), p.ends(), p.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is a policy of this name already.")
	}
	return err
}

func (p Policy) ends() int64 {
	if p.Until.IsZero() {
		return db.Never
	}
	return db.Micros(p.Until)
}

// DeletePolicy deletes a policy and ends every grant that it made.
func DeletePolicy(ctx context.Context, tx *db.Tx, p Policy, by db.ID, now time.Time) error {
	if err := Bind(ctx, tx, p, nil, nil, by, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE policies SET deleted_at = ? WHERE id = ?`, db.Micros(now), p.ID))
	return err
}

// PolicyFilter narrows a list of policies; what is zero does not.
type PolicyFilter struct {
	// Query is matched with names.
	Query string
	Role  access.RoleID
	// Group and Account keep those that are bound to an access group, or to an account itself.
	Group, Account db.ID
	// Place keeps those that are bound to a place.
	Place access.Place
}

func (f PolicyFilter) where() db.Frag {
	parts := []db.Frag{db.SQL("p.deleted_at = 0")}
	if f.Query != "" {
		parts = append(parts, db.SQL(`p.name_key LIKE ? ESCAPE '\'`, "%"+LikeText(db.Key(f.Query))+"%"))
	}
	if f.Role != "" {
		parts = append(parts, db.SQL("p.role = ?", string(f.Role)))
	}
	for _, h := range []Holder{{access.AccessGroup, f.Group}, {access.Account, f.Account}} {
		if h.ID != 0 {
			parts = append(parts, db.SQL("p.id IN (SELECT h.policy_id FROM policy_holders h WHERE h.holder_kind = ? AND h.holder_id = ?)", h.Kind.String(), h.ID))
		}
	}
	if f.Place.ID != 0 {
		parts = append(parts, db.SQL("p.id IN (SELECT x.policy_id FROM policy_places x WHERE x.place_kind = ? AND x.place_id = ?)", f.Place.Kind.String(), f.Place.ID))
	}
	return db.And(parts...)
}

// ListPolicies are the policies within what a permission reaches, by name.
func ListPolicies(ctx context.Context, tx *db.Tx, within access.Within, filter PolicyFilter, page Page) (List[Policy], error) {
	where, tail, err := page.Keyset("p.name_key", "p.id")
	if err != nil {
		return List[Policy]{}, err
	}
	cond := db.And(within.Where("p"), filter.where())
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+policyColumns+` FROM policies p WHERE ? AND ? ?`, cond, where, tail), scanPolicy)
	if err != nil {
		return List[Policy]{}, err
	}
	out := pageOf(page, rows, func(p Policy) cursor { return cursor{db.Key(p.Name), p.ID} })
	out.Total, err = countRows(ctx, tx, db.SQL(`SELECT 1 FROM policies p WHERE ?`, cond))
	return out, err
}
