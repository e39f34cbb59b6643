package action

import (
	"cmp"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// What is told of who could give something is bounded.
const (
	maxWays     = 6
	maxGivers   = 10
	maxAskers   = 200
	maxWayGroup = 4
)

// ways are what would allow it: access groups to come into first, then roles, the narrowest place of each.
func (w *whyRun) ways(answer access.Answer) ([]WhyWay, error) {
	w.givers = map[db.ID]*access.Actor{}
	out, err := w.groupWays()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(answer.Ways, func(a, b access.Way) int {
		return cmp.Or(cmp.Compare(rank(a.Role), rank(b.Role)), cmp.Compare(a.Role.Set.Len(), b.Role.Set.Len()))
	})
	for _, way := range answer.Ways {
		giver := giverOf(way.Role)
		places := slices.DeleteFunc(way.Places, func(p access.Place) bool { return p.ID == 0 }) // as in a question about all teams
		if giver == nil || len(places) == 0 || len(out) >= maxWays || (len(out) > 0 && rank(way.Role) == 2) {
			continue
		}
		at, err := store.LoadThing(w.c, w.c.Tx, places[0], w.who.Portal, w.now)
		if err != nil {
			return nil, err
		}
		one := WhyWay{Role: RoleName{way.Role.ID, way.Role.Title}}
		if one.Place, err = w.wayPlace(at); err != nil {
			return nil, err
		}
		one.Who, err = w.whoCould(giver, at, func(a *access.Actor) bool { return a.Lacks(way.Role.ID, at) == nil })
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// rank puts roles for policies before roles on a thing, and these before account types.
func rank(r *access.Role) int {
	switch {
	case r.Policy:
		return 0
	case !r.Type():
		return 1
	}
	return 2
}

// giverOf is the permission by which a role is given.
func giverOf(r *access.Role) *access.Permission {
	switch {
	case r.Policy:
		return access.PolicyEdit
	case r.GivenBy != nil:
		return r.GivenBy
	case r.Type():
		return access.AccountEdit
	case r.MayBeAt(access.Team):
		return access.TeamShare
	}
	return nil
}

func (w *whyRun) wayPlace(at access.Thing) (NamedPlace, error) {
	shown, err := store.ShowPlaces(w.c, w.c.Tx, w.c.Actor, []access.Place{at.Place()}, at.ID == w.thing.ID || at.ID == w.who.ID)
	return namedPlace(shown[at.Place()]), err
}

// groupWays are the access groups, of those that the asker may see, whose people may do it.
func (w *whyRun) groupWays() ([]WhyWay, error) {
	all, err := store.AllGroupGrants(w.c, w.c.Tx, w.who.Portal, w.now)
	if err != nil {
		return nil, err
	}
	out := []WhyWay{}
	list, err := store.ListGroups(w.c, w.c.Tx, w.c.May(access.GroupList), "", store.Page{Size: 200})
	if err != nil {
		return nil, err
	}
	for _, group := range list.Items {
		grants := all[group.ID]
		actor := access.NewActor(w.rules, 0, "", 0, grants, w.now)
		if len(out) == maxWayGroup || !actor.Can(w.p, &w.thing) {
			continue
		}
		one := WhyWay{Group: &Named{group.ID, group.Name}}
		one.Who, err = w.whoCould(access.GroupAddMember, group.Thing(), func(a *access.Actor) bool {
			return !slices.ContainsFunc(grants, func(g access.Grant) bool { return a.Lacks(g.Role, g.PlaceAsThing(w.who.Portal)) != nil })
		})
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// whoCould are people who hold a permission over a place, and what they would give.
func (w *whyRun) whoCould(giver *access.Permission, at access.Thing, holds func(*access.Actor) bool) ([]string, error) {
	roles := w.rules.HoldersIn(giver, at.Org, w.who.Portal)
	ids, err := store.HoldersAt(w.c, w.c.Tx, w.who.Portal, roles, w.around(at), maxAskers, w.now)
	if err != nil {
		return nil, err
	}
	people, err := w.fold(ids)
	out := []string{}
	on := w.giving(giver, at)
	for _, a := range people {
		if len(out) < maxGivers && a.Can(giver, &on) && holds(a) {
			out = append(out, a.Name)
		}
	}
	slices.Sort(out)
	return out, err
}

// around are the ids of the places that a place lies in, itself among them.
func (w *whyRun) around(at access.Thing) []db.ID {
	out := append([]db.ID{at.ID, at.Portal, w.who.ID}, at.Teams...)
	for org := at.Org; org != 0; org = w.rules.Tree.Parent[org] {
		out = append(out, org)
	}
	for org := w.who.Org; org != 0; org = w.rules.Tree.Parent[org] {
		out = append(out, org)
	}
	return out
}

// giving is what the permission to give is asked about: the place, or the person who would receive.
func (w *whyRun) giving(giver *access.Permission, at access.Thing) access.Thing {
	switch giver.On {
	case at.Kind:
		return at
	case access.Account:
		return w.who.Thing()
	case access.Organization:
		return access.Thing{Kind: access.Organization, ID: at.Org, Portal: at.Portal, Org: at.Org}
	}
	return access.Thing{Kind: giver.On, Portal: at.Portal, Org: at.Portal}
}

func (w *whyRun) fold(ids []db.ID) ([]*access.Actor, error) {
	var more []db.ID
	for _, id := range ids {
		if w.givers[id] == nil {
			more = append(more, id)
		}
	}
	if len(more) > 0 {
		actors, err := store.LoadActors(w.c, w.c.Tx, w.rules, more, w.now)
		if err != nil {
			return nil, err
		}
		for _, a := range actors {
			w.givers[a.Account] = a
		}
	}
	out := make([]*access.Actor, 0, len(ids))
	for _, id := range ids {
		if a := w.givers[id]; a != nil {
			out = append(out, a)
		}
	}
	return out, nil
}
