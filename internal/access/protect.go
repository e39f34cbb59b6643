package access

import (
	"slices"
	"time"

	"provost/internal/db"
)

// Lack is a permission at a place that somebody would need and does not hold.
type Lack struct {
	Perm  *Permission
	Place Place
}

// outOfComparison is what everybody may do with their own account, and taking a course: it shows a learner what is taught there and
// their own results, and nobody else's, so that an organization's administrator still helps people who learn elsewhere (PT-1).
var outOfComparison = Roles{Self, CourseLearn}

// Protects tells what, if anything, forbids an actor to use a protected permission against another account: the first
// permission, at its place, that the other holds and the actor does not (PT-1). Permissions over oneself do not count.
// A token that has part of its owner's rights is kept from the owner's own account too: it would reset the password, or
// change the address that resets are mailed to, and come back with all of them (PT-2).
func (a *Actor) Protects(p *Permission, other *Actor) *Lack {
	if p.Looks && a.limit != nil {
		whole := *a
		whole.limit = nil
		a = &whole
	}
	if !p.Protected || a.Cause != "" || (a.Account == other.Account && a.Behind == 0 && a.limit == nil) {
		return nil
	}
	if a.Behind != 0 || other.Visits && !p.Looks {
		return &Lack{p, Place{Account, other.Account}}
	}
	for i := range other.grants {
		if outOfComparison.Has(other.grants[i].Role) {
			continue
		}
		if lack := a.lacks(other.grants[i].role, other.grants[i].PlaceAsThing(a.Portal)); lack != nil {
			return lack
		}
	}
	return nil
}

// Lacks is what an actor does not hold of a role at a place: the first permission there that they may not pass on (PT-2).
// Nil where they hold it all, or where the role's GivenBy lets them give it.
func (a *Actor) Lacks(id RoleID, at Thing) *Lack {
	if a.Cause != "" {
		return nil
	}
	role := a.rules.Role(id)
	if role == nil {
		return &Lack{Place: at.Place()}
	}
	if role.GivenBy != nil && a.deciding(role.GivenBy, placeFor(role.GivenBy, at)) != nil {
		return nil
	}
	return a.lacks(role, at)
}

// LacksToTake is Lacks where one gives a role to oneself: who may put others into a team would see by it, as a member, people
// whom they may not see, so that only those take a role who hold what it holds.
func (a *Actor) LacksToTake(id RoleID, at Thing) *Lack {
	if role := a.rules.Role(id); role != nil && a.Cause == "" {
		return a.lacks(role, at)
	}
	return a.Lacks(id, at)
}

// Lasting is the actor with what they hold at least until a moment, zero for ever: of the rest they take nothing for so long (PT-2).
func (a *Actor) Lasting(until time.Time) *Actor {
	least := db.Never
	if !until.IsZero() {
		least = db.Micros(until)
	}
	b := *a
	b.grants = slices.DeleteFunc(slices.Clone(a.grants), func(g Grant) bool { return g.Until < least })
	return &b
}

// placeFor is a place as a thing of the kind that a permission is on: the portal is its root organization.
func placeFor(p *Permission, at Thing) *Thing {
	if p.On == Organization && at.Kind == Portal {
		at.Kind = Organization
	}
	return &at
}

func (a *Actor) lacks(role *Role, at Thing) *Lack {
	if len(a.rules.overrides) == 0 && role.Set == (Set{}) {
		return nil // a learner's, the commonest of all
	}
	for _, p := range table {
		if p.Own || lies[p.On][at.Kind] == "" || (!role.Set.Has(p) && (len(a.rules.overrides) == 0 || !a.rules.heldSomewhere(role.ID, p))) {
			continue // an override may have given the role what its own set does not hold
		}
		if !a.coversAll(p, role, &at, a.rules) {
			return &Lack{p, at.Place()}
		}
	}
	return nil
}

// LacksCell is what an actor would need to change a cell of the grid at an organization, or the portal, and lacks: the
// permission there, and wherever below the role would hold it after the change (PT-2).
func (a *Actor) LacksCell(id RoleID, p *Permission, at Thing, after *Rules) *Lack {
	role := after.Role(id)
	if a.Cause == "" && (role == nil || !a.HoldsOver(p, at, at.Org) || !a.coversAll(p, role, &at, after)) {
		return &Lack{p, at.Place()}
	}
	return nil
}

// HoldsOver tells whether an actor holds a permission over everything that lies in a place and in an organization.
func (a *Actor) HoldsOver(p *Permission, at Thing, org db.ID) bool {
	return a.holdsOver(p, &at, org, false)
}

// holdsOver is HoldsOver; what a role that stops at hidden organizations does not reach in them is not asked for.
func (a *Actor) holdsOver(p *Permission, at *Thing, org db.ID, stops bool) bool {
	if a.Cause != "" {
		return true
	}
	if a.limit != nil && !a.limit.Has(p) || a.behind != nil && (p.Closed || !p.Own && !a.behind.holdsOver(p, at, org, stops)) {
		return false
	}
	for i := range a.grants {
		g := &a.grants[i]
		if a.rules.holds(g.role, p, org) && covers(g, at, p.On, &a.rules.Tree) && !a.barredOver(g, p, at, stops) {
			return true
		}
	}
	return false
}

// coversAll tells whether an actor holds a permission wherever a role, under some rules, would give it below a place.
// What a cell says changes only at an organization with an override, so those and the place's own are all that are asked.
func (a *Actor) coversAll(p *Permission, role *Role, at *Thing, rules *Rules) bool {
	if rules.holds(role, p, at.Org) && !a.holdsOver(p, at, at.Org, role.stops()) {
		return false
	}
	if at.Kind != Portal && at.Kind != Organization && at.Kind != Team {
		return true
	}
	for _, r := range []*Rules{rules, a.rules} {
		for c, list := range r.overrides {
			for i := range list {
				if c.bit == p.bit && inside(list[i].Org, at, &r.Tree) && rules.holds(role, p, list[i].Org) && !a.holdsOver(p, at, list[i].Org, role.stops()) {
					return false
				}
			}
		}
		if r == a.rules {
			break
		}
	}
	return true
}

// inside tells whether things that lie in a place may lie in an organization: a team's people may be of any.
func inside(org db.ID, at *Thing, tree *Tree) bool {
	return at.Kind != Organization || tree.Under(org, at.ID)
}

// covers tells whether all things of a kind that lie in a place lie in the grant's place too.
func covers(g *Grant, at *Thing, on Kind, tree *Tree) bool {
	if lies[on][g.Place.Kind] == "" {
		return false
	}
	switch {
	case g.Place.Kind == Portal || g.Place == at.Place():
		return true
	case at.Kind == on:
		return at.liesIn(g.Place, tree)
	case at.Kind == Organization:
		return g.Place.Kind == Organization && tree.Under(at.ID, g.Place.ID)
	case at.Kind == Account && on == Enrolment:
		return at.liesIn(g.Place, tree)
	}
	return false
}

// Change is one permission at a place that a person gains or loses.
type Change struct {
	Perm  *Permission
	Place Place
}

// Difference is what a person may do after a change and not before it (BE-2); with the two swapped, what they lose.
func Difference(before, after *Actor) []Change {
	var out []Change
	seen := map[Change]bool{}
	for i := range after.grants {
		g := &after.grants[i]
		at := g.PlaceAsThing(after.Portal)
		for _, p := range table {
			c := Change{p, g.Place}
			if seen[c] || lies[p.On][g.Place.Kind] == "" || (p.Own && builtin[Self].Set.Has(p)) {
				continue
			}
			if after.rules.heldSomewhere(g.Role, p) && !before.coversAll(p, g.role, &at, after.rules) {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}
