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
	if until != db.Never {
		p.Until = db.Time(until)
	}
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
	until := db.Never
	if !p.Until.IsZero() {
		until = db.Micros(p.Until)
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO policies (id, portal_id, name, name_key, role, internal, until, created_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		p.ID, p.Portal, p.Name, db.Key(p.Name), string(p.Role), p.Internal, until, db.Micros(p.Created)))
	if db.IsUnique(err) {
		return p, fail.New(fail.Conflict, "There is a policy of this name already.")
	}
	return p, err
}

// Bind makes a policy's places and holders exactly these, and begins and ends the grants that follow from it.
func Bind(ctx context.Context, tx *db.Tx, p Policy, places []access.Thing, holders []Holder, by db.ID, now time.Time) error {
	for _, table := range []string{"policy_places", "policy_holders"} {
		if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM `+table+` WHERE policy_id = ?`, p.ID)); err != nil {
			return err
		}
	}
	for _, at := range places {
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO policy_places (policy_id, place_kind, place_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			p.ID, at.Kind.String(), at.ID)); err != nil {
			return err
		}
	}
	for _, h := range holders {
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO policy_holders (policy_id, holder_kind, holder_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			p.ID, h.Kind.String(), h.ID)); err != nil {
			return err
		}
	}
	return bindGrants(ctx, tx, p, places, holders, by, now)
}

type bound struct {
	holder Holder
	place  access.Place
}

func bindGrants(ctx context.Context, tx *db.Tx, p Policy, places []access.Thing, holders []Holder, by db.ID, now time.Time) error {
	open, err := db.All(ctx, tx, db.SQL(`SELECT id, coalesce(account_id, 0), coalesce(group_id, 0), place_kind, place_id FROM grants
		WHERE policy_id = ? AND until > ? ORDER BY id`, p.ID, db.Micros(now)), scanBound)
	if err != nil {
		return err
	}
	wanted := map[bound]access.Thing{}
	for _, at := range places {
		for _, h := range holders {
			wanted[bound{h, at.Place()}] = at
		}
	}
	for _, o := range open {
		if _, keep := wanted[o.bound]; keep {
			delete(wanted, o.bound)
			continue
		}
		if _, err := End(ctx, tx, GrantFilter{Portal: p.Portal, ID: o.id}, by, now); err != nil {
			return err
		}
	}
	for _, at := range places {
		for _, h := range holders {
			if _, missing := wanted[bound{h, at.Place()}]; !missing {
				continue
			}
			g := NewGrant{Role: p.Role, At: at, Policy: p.ID, Since: now, Until: p.Until, By: by}
			if h.Kind == access.Account {
				g.Account = h.ID
			} else {
				g.Group = h.ID
			}
			if err := Begin(ctx, tx, g); err != nil {
				return err
			}
		}
	}
	return nil
}

type openBound struct {
	id db.ID
	bound
}

func scanBound(s db.Scanner) (o openBound, err error) {
	var account, group db.ID
	var kind string
	err = s.Scan(&o.id, &account, &group, &kind, &o.place.ID)
	o.place.Kind, _ = access.KindOf(kind)
	o.holder = Holder{access.Account, account}
	if group != 0 {
		o.holder = Holder{access.AccessGroup, group}
	}
	return o, err
}
