package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

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

// Rebind changes what a policy is bound to.
func Rebind(ctx context.Context, tx *db.Tx, p Policy, change func(*Bound), by db.ID, now time.Time) error {
	bounds, err := PolicyBounds(ctx, tx, []db.ID{p.ID})
	if err != nil {
		return err
	}
	b := bounds[p.ID]
	change(&b)
	places := make([]access.Thing, len(b.Places))
	for i, at := range b.Places {
		if places[i], err = LoadThing(ctx, tx, at, p.Portal, now); err != nil {
			return err
		}
	}
	return Bind(ctx, tx, p, places, b.Holders, by, now)
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

// Bound is what one policy is bound to.
type Bound struct {
	Places  []access.Place
	Holders []Holder
}

type boundRow struct {
	policy db.ID
	at     access.Place
}

func scanBoundRow(s db.Scanner) (r boundRow, err error) {
	var kind string
	err = s.Scan(&r.policy, &kind, &r.at.ID)
	r.at.Kind, _ = access.KindOf(kind)
	return r, err
}

// PolicyBounds are the places and holders of policies.
func PolicyBounds(ctx context.Context, tx *db.Tx, policies []db.ID) (map[db.ID]Bound, error) {
	out := make(map[db.ID]Bound, len(policies))
	places, err := db.All(ctx, tx, db.SQL(`SELECT policy_id, place_kind, place_id FROM policy_places WHERE policy_id IN ? ORDER BY policy_id, place_kind, place_id`, policies), scanBoundRow)
	if err != nil {
		return nil, err
	}
	for _, r := range places {
		b := out[r.policy]
		b.Places = append(b.Places, r.at)
		out[r.policy] = b
	}
	holders, err := db.All(ctx, tx, db.SQL(`SELECT policy_id, holder_kind, holder_id FROM policy_holders WHERE policy_id IN ? ORDER BY policy_id, holder_kind, holder_id`, policies), scanBoundRow)
	for _, r := range holders {
		b := out[r.policy]
		b.Holders = append(b.Holders, Holder(r.at))
		out[r.policy] = b
	}
	return out, err
}

// PolicyPeople is how many people each policy gives its role to right now, themselves or through an access group.
func PolicyPeople(ctx context.Context, tx *db.Tx, policies []db.ID, now time.Time) (map[db.ID]int, error) {
	at := db.Micros(now)
	return countsBy[db.ID](ctx, tx, db.SQL(`SELECT who.policy_id, count(DISTINCT who.account_id) FROM (
		SELECT g.policy_id, g.account_id FROM grants g WHERE g.policy_id IN ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?
		UNION ALL SELECT g.policy_id, m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
		AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ? WHERE g.policy_id IN ? AND g.since <= ? AND g.until > ?) who GROUP BY who.policy_id`,
		policies, at, at, at, at, policies, at, at))
}

// countsBy reads pairs of a key and a count.
func countsBy[K comparable](ctx context.Context, tx *db.Tx, query db.Frag) (map[K]int, error) {
	type count struct {
		key K
		n   int64
	}
	rows, err := db.All(ctx, tx, query, func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.key, &c.n) })
	out := make(map[K]int, len(rows))
	for _, r := range rows {
		out[r.key] = int(r.n)
	}
	return out, err
}

// PoliciesAt are the policies that are bound to a place, for whoever deletes it to say what would be lost (LM-12). It
// asks no permission: it is for counting, and for Unbind.
func PoliciesAt(ctx context.Context, tx *db.Tx, place access.Place) ([]Policy, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+policyColumns+` FROM policies p JOIN policy_places x ON x.policy_id = p.id
		WHERE x.place_kind = ? AND x.place_id = ? AND p.deleted_at = 0 ORDER BY p.name_key, p.id`, place.Kind.String(), place.ID), scanPolicy)
}

// Unbind takes a place that is being deleted out of every policy, and ends every grant at it, whoever holds it.
func Unbind(ctx context.Context, tx *db.Tx, at access.Thing, by db.ID, now time.Time) error {
	if _, err := End(ctx, tx, GrantFilter{Portal: at.Portal, Place: at.Place()}, by, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM policy_places WHERE place_kind = ? AND place_id = ?`, at.Kind.String(), at.ID))
	return err
}
