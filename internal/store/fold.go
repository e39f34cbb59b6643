package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"provost/internal/access"
	"provost/internal/db"
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
	people, err := db.All(ctx, tx, db.SQL(`SELECT a.id, p.version, a.name, a.org_id, a.archived_at <> 0 FROM accounts a
		JOIN portals p ON p.id = a.portal_id WHERE a.id IN ? AND a.portal_id = ?`, accounts, rules.Portal),
		func(s db.Scanner) (r foldRow, err error) {
			return r, s.Scan(&r.id, &r.version, &r.name, &r.org, &r.closed)
		})
	if err != nil {
		return nil, err
	}
	known := make(map[db.ID][]access.Grant, len(people))
	var unknown []db.ID
	for _, p := range people {
		if grants, ok := c.grants(rules.Portal, p.id, p.version); ok {
			known[p.id] = grants
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
			known[id] = loaded[id]
		}
	}
	for _, p := range people {
		if slices.Contains(unknown, p.id) {
			c.keep(rules.Portal, p.id, p.version, known[p.id])
		}
		out[p.id] = foldedOf(rules, p, known[p.id], now)
	}
	return out, nil
}

// foldedOf folds one person. The teams that they lie in are those of their own grants.
func foldedOf(rules *access.Rules, p foldRow, grants []access.Grant, now time.Time) Folded {
	actor := access.NewActor(rules, p.id, p.name, p.org, grants, now)
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
	in := "portal_id"
	if kind == access.Portal {
		in = "id"
	}
	return db.All(ctx, tx, db.SQL(`SELECT id, `+p.org+` FROM `+p.table+` WHERE id IN ? AND `+in+` = ? AND `+p.alive, ids, portal),
		func(s db.Scanner) (access.Thing, error) {
			t := access.Thing{Kind: kind, Portal: portal}
			return t, s.Scan(&t.ID, &t.Org)
		})
}

// Facts are people and places of a portal as they are at one of its moments, which its last row of audit numbers: nothing
// changes without one. What turns by itself, a grant that begins or ends, bounds how long a person is given from here.
type Facts struct {
	mu     sync.Mutex
	moment int64
	people map[db.ID]Folded
	things map[access.Place]access.Thing
	names  map[string]db.ID
}

// Facts are what is known of a portal at a moment; nothing at first.
func (c *Cache) Facts(portal db.ID, moment int64) *Facts {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.facts[portal]
	if f == nil || f.moment != moment {
		f = &Facts{moment: moment, people: map[db.ID]Folded{}, things: map[access.Place]access.Thing{}, names: map[string]db.ID{}}
		if old := c.facts[portal]; old == nil || old.moment < moment {
			c.facts[portal] = f
		}
	}
	return f
}

// Person is somebody at a time; false where that is not known.
func (f *Facts) Person(id db.ID, now time.Time) (Folded, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.people[id]
	at := db.Micros(now)
	return p, ok && p.from <= at && at < p.turn
}

// Thing is a place other than a person, with where it lies; false where that is not known.
func (f *Facts) Thing(place access.Place) (access.Thing, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t, ok := f.things[place]
	return t, ok
}

// Named is who has a user name or an address, as db.Key folds it; false where that is not known.
func (f *Facts) Named(key string) (db.ID, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.names[key]
	return id, ok
}

// KeepPeople, KeepThings and KeepNames keep what was read at the moment, so much at most.
func (f *Facts) KeepPeople(list map[db.ID]Folded) { keepFacts(f, f.people, list) }

// KeepThings keeps places with where they lie.
func (f *Facts) KeepThings(list map[access.Place]access.Thing) { keepFacts(f, f.things, list) }

// KeepNames keeps who is called how.
func (f *Facts) KeepNames(list map[string]db.ID) { keepFacts(f, f.names, list) }

func keepFacts[K comparable, V any](f *Facts, known, more map[K]V) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(known)+len(more) > maxCached {
		clear(known)
	}
	for k, v := range more {
		known[k] = v
	}
}
