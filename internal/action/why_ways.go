package action

import (
	"cmp"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/asking"
)

// What is told of who could give something is bounded.
const (
	maxWays     = 6
	maxGivers   = 10
	maxAskers   = 200
	maxWayGroup = 4
)

// way is something that would allow it: coming into an access group, or a role at a place; and what who gives it must hold.
type way struct {
	role   *access.Role // nil for a group
	at     access.Thing
	grants []access.Grant // of the group
	giver  *access.Permission
	// who are people who may be able to give it.
	who []db.ID
}

// findWays finds what would allow it: access groups to come into first, then roles, the narrowest place of each.
func (w *whyRun) findWays(answer access.Answer) error {
	groups, err := w.groupWays()
	if err != nil {
		return err
	}
	w.ways = groups
	slices.SortStableFunc(answer.Ways, func(a, b access.Way) int {
		return cmp.Or(cmp.Compare(rank(a.Role), rank(b.Role)), cmp.Compare(a.Role.Set.Len(), b.Role.Set.Len()))
	})
	for _, x := range answer.Ways {
		giver := giverOf(x.Role)
		places := slices.DeleteFunc(x.Places, func(p access.Place) bool { return p.ID == 0 }) // as in a question about all teams
		if giver != nil && len(places) > 0 {
			w.ways = append(w.ways, way{role: x.Role, at: access.Thing{Kind: places[0].Kind, ID: places[0].ID, Portal: w.who.Portal}, giver: giver})
		}
	}
	return nil
}

// rank puts roles for policies before roles on a thing, and these before account types.
func rank(r *access.Role) int {
	switch {
	case r == nil:
		return 0
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

// groupWays are the access groups, of those that the asker may see, whose people may do it.
func (w *whyRun) groupWays() (out []way, err error) {
	within := w.c.May(access.GroupList)
	if !within.Any() {
		return nil, nil
	}
	all, err := w.c.Env.Cache.GroupGrants(w.c, w.c.Tx, w.rules, w.now)
	for id, grants := range all {
		group := access.Thing{Kind: access.AccessGroup, ID: id, Portal: w.who.Portal, Org: w.who.Portal}
		if within.Has(&group) != nil && access.NewActor(w.rules, 0, "", 0, grants, w.now).Can(w.p, &w.thing) {
			out = append(out, way{at: group, grants: grants, giver: access.GroupAddMember})
		}
	}
	return out, err
}

// chooseWays takes the first of the ways, now that their places are named: a few groups by name, and roles until there are
// enough. What is not there any more is left out.
func (w *whyRun) chooseWays() (out []way) {
	slices.SortStableFunc(w.ways, func(a, b way) int {
		if a.role != nil || b.role != nil {
			return 0
		}
		return cmp.Or(cmp.Compare(db.Key(w.shown[a.at.Place()].Name), db.Key(w.shown[b.at.Place()].Name)), cmp.Compare(a.at.ID, b.at.ID))
	})
	for _, x := range w.ways {
		shown := w.shown[x.at.Place()]
		many := len(out) >= maxWays || (len(out) > 0 && rank(x.role) == 2)
		if x.role == nil {
			many = len(out) == maxWayGroup
		}
		if shown.Gone || many {
			continue
		}
		switch x.at = shown.Thing; x.at.Place() {
		case w.thing.Place():
			x.at = w.thing
		case access.Place{Kind: access.Account, ID: w.thing.Account}:
			x.at.Teams = w.thing.Teams
		}
		out = append(out, x)
	}
	return out
}

// tellWays tells what would allow it, and who could give that.
func (w *whyRun) tellWays() ([]WhyWay, error) {
	out := []WhyWay{}
	ways := w.chooseWays()
	people, err := w.readGivers(ways)
	for _, x := range ways {
		one := WhyWay{Who: []string{}}
		if x.role == nil {
			one.Group = &Named{x.at.ID, w.shown[x.at.Place()].Name}
		} else {
			one.Role, one.Place = RoleName{x.role.ID, x.role.Title}, w.wayPlace(x.at)
		}
		on := w.giving(x.giver, x.at)
		for _, id := range x.who {
			if a := people[id].Actor; a != nil && len(one.Who) < maxGivers && a.Can(x.giver, &on) && w.holdsAll(a, x) {
				one.Who = append(one.Who, a.Name)
			}
		}
		slices.Sort(one.Who)
		out = append(out, one)
	}
	return out, err
}

// wayPlace is a place at which a role would allow it, named to those who may see it.
func (w *whyRun) wayPlace(at access.Thing) NamedPlace {
	shown := w.shown[at.Place()]
	if at.ID != w.at.ID && at.ID != w.who.ID && !store.Sees(w.c.Actor, &at) {
		shown.Name, shown.Path, shown.Hidden = "", nil, true
	}
	return namedPlace(shown)
}

// holdsAll tells whether somebody holds what they would give, or may give it all the same (PT-2).
func (w *whyRun) holdsAll(a *access.Actor, x way) bool {
	if x.role != nil {
		return a.Lacks(x.role.ID, x.at) == nil
	}
	return !slices.ContainsFunc(x.grants, func(g access.Grant) bool {
		return db.Micros(w.now) < g.Until && a.Lacks(g.Role, g.PlaceAsThing(w.who.Portal)) != nil
	})
}

// readGivers finds, for all ways at once, people who hold a role with the permission to give it at a place that it is asked
// about, and folds them.
func (w *whyRun) readGivers(ways []way) (map[db.ID]store.Folded, error) {
	var asked []asking.Giving
	first := map[string]int{} // several roles at one place are given by the same people
	which := make([]int, len(ways))
	for i, x := range ways {
		key := x.giver.Key + x.at.Kind.String() + x.at.ID.String()
		n, ok := first[key]
		if !ok {
			n = len(asked)
			first[key] = n
			asked = append(asked, asking.Giving{Roles: w.rules.HoldersIn(x.giver, x.at.Org, w.who.Portal), Places: append(w.rules.Around(&x.at), w.rules.Around(&w.who)...)})
		}
		which[i] = n
	}
	found, err := asking.Givers(w.c, w.c.Tx, w.who.Portal, asked, maxAskers, w.now)
	if err != nil {
		return nil, err
	}
	var all []db.ID
	for i := range ways {
		ways[i].who = found[which[i]]
	}
	for _, ids := range found {
		all = append(all, ids...)
	}
	slices.Sort(all)
	return w.c.Env.Cache.Fold(w.c, w.c.Tx, w.rules, slices.Compact(all), w.now)
}

// giving is what the permission to give is asked about: the place, or the person who would receive.
func (w *whyRun) giving(giver *access.Permission, at access.Thing) access.Thing {
	switch giver.On {
	case at.Kind:
		return at
	case access.Account:
		return w.who
	case access.Organization:
		return access.Thing{Kind: access.Organization, ID: at.Org, Portal: at.Portal, Org: at.Org}
	}
	return access.Thing{Kind: giver.On, Portal: at.Portal, Org: at.Portal}
}
