package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store/known"
)

// Folded is a person with their grants folded, for whoever asks about several people at once.
type Folded struct {
	Actor *access.Actor
	// Thing is the person as a thing that permissions are asked about.
	Thing    access.Thing
	Archived bool

	// from and turn bound the moments that this is true at, while nothing changes.
	from, turn int64
}

type foldRow struct {
	whoIs
	id db.ID
}

// Fold folds several accounts of a portal: one query, and one or two more for those whose grants nobody asked for since the
// last change. Whoever is not there is left out. It asks no permission.
func (c *Cache) Fold(ctx context.Context, tx *db.Tx, rules *access.Rules, accounts []db.ID, now time.Time) (map[db.ID]Folded, error) {
	out := make(map[db.ID]Folded, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	people, err := db.All(ctx, tx, db.SQL(`SELECT a.id, p.version, a.name, a.org_id, a.archived_at <> 0, coalesce(v.network_id, 0) FROM accounts a
		JOIN portals p ON p.id = a.portal_id LEFT JOIN network_visitors v ON v.account_id = a.id WHERE a.id IN ? AND a.portal_id = ?`, accounts, rules.Portal),
		func(s db.Scanner) (r foldRow, err error) {
			return r, s.Scan(&r.id, &r.version, &r.name, &r.org, &r.closed, &r.visit.network)
		})
	if err != nil {
		return nil, err
	}
	found := make(map[db.ID][]access.Grant, len(people))
	var unknown []db.ID
	for _, p := range people {
		if grants, ok := c.grants(rules.Portal, p.id, p.version); ok {
			found[p.id] = grants
		} else {
			unknown = append(unknown, p.id)
		}
	}
	if len(unknown) > 0 {
		loaded, err := loadGrants(ctx, tx, rules, unknown, now)
		if err != nil {
			return nil, err
		}
		for _, id := range unknown {
			found[id] = loaded[id]
		}
	}
	for _, p := range people {
		if slices.Contains(unknown, p.id) {
			c.keep(rules.Portal, p.id, p.version, found[p.id])
		}
		out[p.id] = foldedOf(rules, p, found[p.id], now)
	}
	return out, nil
}

// foldedOf folds one person. The teams that they lie in are those of their own grants.
func foldedOf(rules *access.Rules, p foldRow, grants []access.Grant, now time.Time) Folded {
	actor := access.NewActor(rules, p.id, p.name, p.org, grants, now)
	actor.Visits = p.visit.network != 0
	t := access.Thing{Kind: access.Account, ID: p.id, Portal: rules.Portal, Org: p.org}
	for _, g := range actor.Grants() {
		if g.Place.Kind == access.Team && g.Group == 0 && access.TeamRoles.Has(g.Role) && !slices.Contains(t.Teams, g.Place.ID) {
			t.Teams = append(t.Teams, g.Place.ID)
		}
	}
	out := Folded{actor, t, p.closed, db.Micros(now), db.Never}
	for _, g := range grants {
		for _, at := range []int64{g.Since, g.Until} {
			if at > out.from {
				out.turn = min(out.turn, at)
			}
		}
	}
	return out
}

// TeamsOf are the teams that people take part in at a moment.
func TeamsOf(ctx context.Context, tx *db.Tx, accounts []db.ID, now time.Time) (map[db.ID][]db.ID, error) {
	return teamsOf(ctx, tx, accounts, now)
}

// LoadThings are places of one kind with where they lie, for the law's own use: it asks no permission. A person's teams, and
// what is not there, are left out.
func LoadThings(ctx context.Context, tx *db.Tx, portal db.ID, kind access.Kind, ids []db.ID) ([]access.Thing, error) {
	p, ok := places[kind]
	if !ok || len(ids) == 0 {
		return nil, nil
	}
	return db.All(ctx, tx, db.SQL(`SELECT id, `+p.org+` FROM `+p.table+` WHERE id IN ? AND `+inPortal(kind)+` = ? AND `+p.alive, ids, portal),
		func(s db.Scanner) (access.Thing, error) {
			t := access.Thing{Kind: kind, Portal: portal}
			return t, s.Scan(&t.ID, &t.Org)
		})
}

// At tells whether this is true at a moment, while nothing changes.
func (f Folded) At(now int64) bool { return f.from <= now && now < f.turn }

// Facts are what is known of a portal at a moment; nothing at first.
func (c *Cache) Facts(portal db.ID, moment int64) *known.Facts[Folded] {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.facts[portal]
	if f == nil || f.Moment != moment {
		f = known.NewFacts[Folded](moment)
		if old := c.facts[portal]; old == nil || old.Moment < moment {
			c.facts[portal] = f
		}
	}
	return f
}
