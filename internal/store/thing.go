package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// places are the tables of the kinds that grants are made at, with the column of their organization and of their name.
var places = map[access.Kind]struct{ table, org, name, alive string }{
	access.Portal:       {"portals", "id", "name", "1=1"},
	access.Organization: {"organizations", "id", "name", "deleted_at = 0"},
	access.Course:       {"courses", "org_id", "name", "deleted_at = 0"},
	access.Team:         {"teams", "org_id", "name", "deleted_at = 0"},
	access.Account:      {"accounts", "org_id", "name", "1=1"},
	access.AccessGroup:  {"access_groups", "portal_id", "name", "deleted_at = 0"},
	access.Network:      {"networks", "portal_id", "name", "ended_at = 0"},
	access.Path:         {"paths", "org_id", "name", "deleted_at = 0"},
}

// inPortal is the column of a place that says which portal it is of.
func inPortal(kind access.Kind) string {
	if kind == access.Portal {
		return "id"
	}
	return "portal_id"
}

// LoadThing is a place with where it lies, for the law's own use: it asks no permission and shows nothing of the row.
func LoadThing(ctx context.Context, tx *db.Tx, place access.Place, portal db.ID, now time.Time) (access.Thing, error) {
	t := access.Thing{Kind: place.Kind, ID: place.ID, Portal: portal}
	p, ok := places[place.Kind]
	if !ok {
		return t, fail.Missing("place")
	}
	org, err := db.Val[int64](ctx, tx, db.SQL(`SELECT `+p.org+` FROM `+p.table+` WHERE id = ? AND `+inPortal(place.Kind)+` = ? AND `+p.alive, place.ID, portal))
	if err != nil {
		if fail.Is(err, fail.NotFound) {
			return t, fail.Missing(place.Kind.String())
		}
		return t, err
	}
	t.Org = db.ID(org)
	if place.Kind == access.Account {
		teams, err := teamsOf(ctx, tx, []db.ID{place.ID}, now)
		t.Teams = teams[place.ID]
		return t, err
	}
	return t, nil
}

// NamePlaces fills in the names of places, those of one kind by one query; a place that is gone stays without a name.
func NamePlaces(ctx context.Context, tx *db.Tx, names map[access.Place]string) error {
	byKind := map[access.Kind][]db.ID{}
	for p := range names {
		byKind[p.Kind] = append(byKind[p.Kind], p.ID)
	}
	type named struct {
		id   db.ID
		name string
	}
	for kind, ids := range byKind {
		p, ok := places[kind]
		if !ok {
			continue
		}
		for n, err := range db.Each(ctx, tx, db.SQL(`SELECT id, `+p.name+` FROM `+p.table+` WHERE id IN ?`, ids),
			func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.name) }) {
			if err != nil {
				return err
			}
			names[access.Place{Kind: kind, ID: n.id}] = n.name
		}
	}
	return nil
}
