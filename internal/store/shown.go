package store

import (
	"context"
	"strconv"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Shown is a place by its name and by the names of the organizations above it, as far as somebody may see them.
type Shown struct {
	Place access.Place
	Name  string
	// Path are the names from the portal down to where the place lies, without its own.
	Path []string
	// Hidden: it is there, but not for this reader; Gone: it is not there any more.
	Hidden, Gone bool
	// Thing is the place with where it lies.
	Thing access.Thing
}

// seenBy is the permission that shows a place of a kind; everybody sees their own portal.
var seenBy = map[access.Kind]*access.Permission{
	access.Organization: access.OrganizationList,
	access.Course:       access.CourseList,
	access.Team:         access.TeamList,
	access.Account:      access.AccountList,
	access.AccessGroup:  access.GroupList,
	access.Network:      access.NetworkEdit,
	access.Path:         access.PathView,
}

// Sees tells whether somebody may see that a place is there. It asks no database.
func Sees(actor *access.Actor, t *access.Thing) bool { return sees(actor, t) }

// SeenBy is the permission that shows things of a kind that have a place in lists; nil for the others, and for the portal.
func SeenBy(k access.Kind) *access.Permission { return seenBy[k] }

func sees(actor *access.Actor, t *access.Thing) bool {
	if t.Kind == access.Portal {
		return t.ID == actor.Portal
	}
	p, ok := seenBy[t.Kind]
	return ok && actor.May(p).Has(t) != nil
}

// FindPlace is a place that somebody may see, with where it lies.
func FindPlace(ctx context.Context, tx *db.Tx, actor *access.Actor, place access.Place) (access.Thing, error) {
	if place.Kind == access.Organization && place.ID == actor.Portal {
		place.Kind = access.Portal
	}
	t, err := LoadThing(ctx, tx, place, actor.Portal, db.Time(actor.Now()))
	if err == nil && !sees(actor, &t) {
		return access.Thing{}, fail.Missing(nounOf(place.Kind))
	}
	return t, err
}

// nounOf is what messages call a kind of place.
func nounOf(k access.Kind) string {
	switch k {
	case access.Account:
		return "person"
	case access.AccessGroup:
		return "group"
	}
	return k.String()
}

type placeRow struct {
	kind    access.Kind
	id, org db.ID
	name    string
}

// placeRows are the places of a portal, of some, that are there: one query, whatever kinds they are of.
func placeRows(ctx context.Context, tx *db.Tx, portal db.ID, byKind map[access.Kind][]db.ID) ([]placeRow, error) {
	var parts []db.Frag
	for kind := access.Portal; kind <= access.Path; kind++ {
		if p, ok := places[kind]; ok && len(byKind[kind]) > 0 {
			parts = append(parts, db.SQL(`SELECT `+strconv.Itoa(int(kind))+`, id, `+p.org+`, `+p.name+` FROM `+p.table+` WHERE id IN ? AND `+inPortal(kind)+` = ? AND `+p.alive,
				byKind[kind], portal))
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return db.All(ctx, tx, db.Join(" UNION ALL ", parts...), func(s db.Scanner) (r placeRow, err error) { return r, s.Scan(&r.kind, &r.id, &r.org, &r.name) })
}

// ShowPlaces names places: one query, and none where they are organizations, whose names the reader's rules have, or known
// already. What the actor may not see is Hidden, unless all is set: one sees the names of the places of one's own grants.
func ShowPlaces(ctx context.Context, tx *db.Tx, actor *access.Actor, list []access.Place, all bool, known ...Shown) (map[access.Place]Shown, error) {
	out := make(map[access.Place]Shown, len(list)+len(known))
	for _, s := range known {
		out[s.Place] = s
	}
	byKind := map[access.Kind][]db.ID{}
	for _, p := range list {
		if _, seen := out[p]; seen {
			continue
		}
		name, named := actor.Rules().Tree.Names[p.ID]
		if named && (p.Kind == access.Organization || p.Kind == access.Portal) {
			out[p] = shownAs(actor, access.Thing{Kind: p.Kind, ID: p.ID, Portal: actor.Portal, Org: p.ID}, name, all)
			continue
		}
		out[p] = Shown{Place: p, Gone: true}
		byKind[p.Kind] = append(byKind[p.Kind], p.ID)
	}
	rows, err := placeRows(ctx, tx, actor.Portal, byKind)
	if err != nil {
		return nil, err
	}
	var teams map[db.ID][]db.ID
	if people := byKind[access.Account]; len(people) > 0 && !all {
		if teams, err = teamsOf(ctx, tx, people, db.Time(actor.Now())); err != nil {
			return nil, err
		}
	}
	for _, r := range rows {
		t := access.Thing{Kind: r.kind, ID: r.id, Portal: actor.Portal, Org: r.org}
		if r.kind == access.Account {
			t.Teams = teams[r.id]
		}
		out[t.Place()] = shownAs(actor, t, r.name, all)
	}
	return out, withPaths(ctx, tx, actor, out)
}

func shownAs(actor *access.Actor, t access.Thing, name string, all bool) Shown {
	s := Shown{Place: t.Place(), Name: name, Thing: t}
	if !all && !sees(actor, &t) {
		s.Name, s.Hidden = "", true
	}
	return s
}

// withPaths fills in the names of the organizations above places, those that the actor may see.
func withPaths(ctx context.Context, tx *db.Tx, actor *access.Actor, shown map[access.Place]Shown) error {
	tree := &actor.Rules().Tree
	unnamed := map[access.Place]string{}
	above := func(s Shown, do func(org db.ID)) {
		if s.Hidden || s.Gone || s.Place.Kind == access.Portal {
			return
		}
		org := s.Thing.Org
		if s.Place.Kind == access.Organization {
			org = tree.Parent[org]
		}
		for range MaxDepth {
			if org == 0 {
				return
			}
			do(org)
			org = tree.Parent[org]
		}
	}
	for _, s := range shown {
		above(s, func(org db.ID) {
			if _, ok := tree.Names[org]; !ok {
				unnamed[access.Place{Kind: access.Organization, ID: org}] = ""
			}
		})
	}
	if err := NamePlaces(ctx, tx, unnamed); err != nil {
		return err
	}
	for p, s := range shown {
		above(s, func(org db.ID) {
			t := access.Thing{Kind: access.Organization, ID: org, Portal: actor.Portal, Org: org}
			if org != actor.Portal && !sees(actor, &t) {
				return
			}
			name, ok := tree.Names[org]
			if !ok {
				name = unnamed[t.Place()]
			}
			s.Path = append([]string{name}, s.Path...)
		})
		shown[p] = s
	}
	return nil
}

// pickable are the kinds that SearchPlaces searches, in its order.
var pickable = []access.Kind{access.Organization, access.Team, access.Course, access.Account}

// SearchPlaces are places whose name has a text in it, by kind and name, that the actor may see: limit of each kind at most.
// A kind of zero is every kind.
func SearchPlaces(ctx context.Context, tx *db.Tx, actor *access.Actor, kind access.Kind, query string, limit int) ([]Shown, error) {
	var found []access.Place
	for _, k := range pickable {
		if kind != 0 && kind != k {
			continue
		}
		ids, err := searchKind(ctx, tx, actor, k, query, limit)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			found = append(found, access.Place{Kind: k, ID: id})
		}
	}
	shown, err := ShowPlaces(ctx, tx, actor, found, true)
	out := make([]Shown, 0, len(found))
	for _, p := range found {
		out = append(out, shown[p])
	}
	return out, err
}

func searchKind(ctx context.Context, tx *db.Tx, actor *access.Actor, k access.Kind, query string, limit int) ([]db.ID, error) {
	if k == access.Account {
		list, err := ListAccounts(ctx, tx, actor.May(seenBy[k]), AccountFilter{Query: query}, Page{Size: limit})
		ids := make([]db.ID, len(list.Items))
		for i, a := range list.Items {
			ids[i] = a.ID
		}
		return ids, err
	}
	p := places[k]
	cond := db.And(actor.May(seenBy[k]).Where("x"), db.SQL(`x.name_key LIKE ? ESCAPE '\'`, "%"+LikeText(db.Key(query))+"%"), db.SQL(aliveOf(p.alive)))
	if k == access.Organization { // the root is the portal
		cond = db.And(cond, db.SQL("x.parent_id IS NOT NULL"))
	}
	return db.All(ctx, tx, db.SQL(`SELECT x.id FROM `+p.table+` x WHERE ? ORDER BY x.name_key, x.id LIMIT ?`, cond, limit), db.ScanID)
}

// LikeText takes away what a text would mean in a LIKE pattern.
func LikeText(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] == '%' || s[i] == '_' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// PlacesNamed are the places of a kind that have a name, whichever case it is written in, and that the actor may see.
func PlacesNamed(ctx context.Context, tx *db.Tx, actor *access.Actor, kind access.Kind, name string) ([]access.Thing, error) {
	p, ok := places[kind]
	if !ok || kind == access.Portal {
		return nil, nil
	}
	ids, err := db.All(ctx, tx, db.SQL(`SELECT x.id FROM `+p.table+` x WHERE ? AND x.name_key = ? AND `+aliveOf(p.alive)+` ORDER BY x.id LIMIT 20`,
		actor.May(seenBy[kind]).Where("x"), db.Key(name)), db.ScanID)
	if err != nil {
		return nil, err
	}
	out := make([]access.Thing, 0, len(ids))
	for _, id := range ids {
		t, err := FindPlace(ctx, tx, actor, access.Place{Kind: kind, ID: id})
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func aliveOf(cond string) string {
	if cond == "1=1" {
		return cond
	}
	return "x." + cond
}
