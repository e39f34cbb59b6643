// Package past keeps what things were until they changed, for questions about a past day (BE-3): where people, teams, courses and
// organizations lay, which organizations were hidden, who and what was archived.
package past

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// kept are the tables of the kinds whose past is kept, with the column of where a thing lies and its mark: of an organization that
// it is hidden, of a person and a course that they are archived.
var kept = map[access.Kind]struct{ table, in, mark string }{
	access.Organization: {"organizations", "coalesce(parent_id, 0)", "hidden"},
	access.Account:      {"accounts", "org_id", "archived_at <> 0"},
	access.Team:         {"teams", "org_id", "FALSE"},
	access.Course:       {"courses", "org_id", "archived_at <> 0"},
}

// Leave keeps what things of a kind are, those that a condition on their rows chooses, before they change at a moment. What changes
// several times at one moment was what it was first.
func Leave(ctx context.Context, tx *db.Tx, kind access.Kind, which db.Frag, now time.Time) error {
	k := kept[kind]
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO whereabouts (kind, thing_id, portal_id, in_id, marked, until) SELECT '`+kind.String()+`', id, portal_id, `+k.in+`, `+k.mark+`, CAST(? AS BIGINT)
		FROM `+k.table+` WHERE ? ON CONFLICT DO NOTHING`, db.Micros(now), which))
	return err
}

// Was is what a thing was at a moment: the organization that it lay in, zero for the root's, and its mark.
type Was struct {
	Org    db.ID
	Marked bool
}

type row struct {
	place access.Place
	was   Was
}

func scan(s db.Scanner) (r row, err error) {
	var kind string
	err = s.Scan(&kind, &r.place.ID, &r.was.Org, &r.was.Marked)
	r.place.Kind, _ = access.KindOf(kind)
	return r, err
}

func read(ctx context.Context, tx *db.Tx, which db.Frag, at int64) (map[access.Place]Was, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT kind, thing_id, in_id, marked FROM whereabouts WHERE ? AND until > ? ORDER BY until DESC`, which, at), scan)
	out := make(map[access.Place]Was, len(rows))
	for _, r := range rows { // the first change behind the moment comes last
		out[r.place] = r.was
	}
	return out, err
}

// At are what things of some ids were at a moment in microseconds, those that have changed since; the others were what they are.
func At(ctx context.Context, tx *db.Tx, ids []db.ID, at int64) (map[access.Place]Was, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return read(ctx, tx, db.SQL(`thing_id IN ? AND kind <> 'portal'`, ids), at)
}

// Regrow makes of a portal's tree of organizations the one that it was at a moment in microseconds.
func Regrow(ctx context.Context, tx *db.Tx, portal db.ID, tree *access.Tree, at int64) error {
	changed, err := read(ctx, tx, db.SQL(`portal_id = ? AND kind = 'organization'`, portal), at)
	for place, was := range changed {
		if was.Org != 0 {
			tree.Parent[place.ID] = was.Org
		}
		if delete(tree.Hidden, place.ID); was.Marked {
			tree.Hidden[place.ID] = true
		}
	}
	return err
}

// Resettle puts the places of grants where they lay at a moment in microseconds.
func Resettle(ctx context.Context, tx *db.Tx, held map[db.ID][]access.Grant, at int64) error {
	var ids []db.ID
	for _, list := range held {
		for _, g := range list {
			if g.Place.Kind != access.Portal && g.Place.Kind != access.Organization {
				ids = append(ids, g.Place.ID)
			}
		}
	}
	was, err := At(ctx, tx, ids, at)
	for _, list := range held {
		for i, g := range list {
			if w, ok := was[g.Place]; ok && g.Place.Kind != access.Organization {
				list[i].Org = w.Org
			}
		}
	}
	return err
}

// Then is a thing with the organization that it lay in at a moment in microseconds.
func Then(ctx context.Context, tx *db.Tx, t access.Thing, at int64) (access.Thing, error) {
	if t.Kind == access.Organization || t.Kind == access.Portal {
		return t, nil
	}
	was, err := At(ctx, tx, []db.ID{t.ID}, at)
	if w, ok := was[t.Place()]; ok {
		t.Org = w.Org
	}
	return t, err
}

// Archived is SQL that tells whether the account of an alias was archived at a moment in microseconds.
func Archived(alias string, at int64) db.Frag {
	return db.SQL(`coalesce((SELECT w.marked FROM whereabouts w WHERE w.thing_id = `+alias+`.id AND w.kind = 'account' AND w.until > ? ORDER BY w.until LIMIT 1),
		`+alias+`.archived_at <> 0 AND `+alias+`.archived_at <= ?)`, at, at)
}

// KeptSince is the moment from which on a portal's past is kept, where one asks about an earlier one; nil where that is kept.
func KeptSince(ctx context.Context, tx *db.Tx, portal db.ID, at time.Time) (*time.Time, error) {
	since, err := db.Val[int64](ctx, tx, db.SQL(`SELECT coalesce(max(until), 0) FROM whereabouts WHERE thing_id = ? AND kind = 'portal'`, portal))
	if err != nil || since <= db.Micros(at) {
		return nil, err
	}
	kept := db.Time(since)
	return &kept, nil
}
