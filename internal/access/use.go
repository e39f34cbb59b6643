package access

import "provost/internal/db"

// Noter is told of the grants that queries were read by: each a grant's id, and the access group that it came through.
type Noter func(grant, group db.ID)

// Noting is the actor, who tells by which grants their queries are read (BE-4). Explaining and previewing use others.
func (a *Actor) Noting(n Noter) *Actor {
	b := *a
	b.note = n
	return &b
}

// unnoted are the roles whose use nobody reviews: taking part.
var unnoted = append(Roles{Learner}, takingPart...)

// tell notes by which grants the actor reaches things of a kind: the first that holds the permission at each place, as it is
// the first that decides; where one reaches the whole portal, that one alone. A second grant that gives the same is not used.
func (a *Actor) tell(p *Permission, k Kind) {
	if a.note == nil || a.Cause != "" {
		return
	}
	var seen []Place
next:
	for pass := range 2 { // the whole portal first
		for i := range a.grants {
			g := &a.grants[i]
			if (g.Place.Kind == Portal) != (pass == 0) || lies[k][g.Place.Kind] == "" || !a.rules.heldSomewhere(g.Role, p) {
				continue
			}
			if known(seen, g.Place) {
				continue
			}
			seen = append(seen, g.Place)
			if !unnoted.Has(g.Role) {
				a.note(g.ID, g.Group)
			}
			if pass == 0 && len(a.rules.overrides[cell{g.Role, p.bit}]) == 0 {
				break next
			}
		}
	}
}

func known(seen []Place, p Place) bool {
	for _, s := range seen {
		if s == p {
			return true
		}
	}
	return false
}
