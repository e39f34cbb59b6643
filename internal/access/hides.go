package access

import (
	"slices"

	"provost/internal/db"
)

// An organization may be hidden from the others of its portal. What people hold by their account type in the portal, or in an
// organization above, then does not reach into it, but for the types that administer or monitor (Across). What is given on
// purpose does: a policy, a role on a thing, a team. Seeing oneself never depends on it.

// stops tells whether a grant of the role ends at the border of a hidden organization.
func (r *Role) stops() bool {
	return r.Type() && !Across.Has(r.ID) && !Across.Has(r.Parent)
}

// hides tells whether what lies in an organization is hidden from a grant at a place: whether there is a hidden one at it or
// above it, in which the place is not.
func (t *Tree) hides(org db.ID, from Place) bool {
	if len(t.Hidden) == 0 || (from.Kind != Portal && from.Kind != Organization) {
		return false
	}
	for range 64 {
		if t.Hidden[org] && (from.Kind == Portal || !t.Under(from.ID, org)) {
			return true
		}
		parent, ok := t.Parent[org]
		if !ok {
			return false
		}
		org = parent
	}
	return false
}

// hidesBelow tells whether some of what lies in a place is hidden from those outside.
func (t *Tree) hidesBelow(at *Thing) bool {
	for org := range t.Hidden {
		if at.Kind != Organization || (org != at.ID && t.Under(org, at.ID)) {
			return true
		}
	}
	return false
}

// hiddenFrom are the hidden organizations that a grant at a place does not reach into, in order.
func (t *Tree) hiddenFrom(from Place) (out []db.ID) {
	for org := range t.Hidden {
		if t.hides(org, from) {
			out = append(out, org)
		}
	}
	slices.Sort(out)
	return out
}

// barred tells whether a grant does not reach a thing since that lies in a hidden organization.
func (a *Actor) barred(g *Grant, p *Permission, t *Thing) bool {
	return len(a.rules.Tree.Hidden) > 0 && !p.Own && g.role.stops() && a.rules.Tree.hides(t.Org, g.Place)
}

// barredOver tells whether a grant does not reach all that a role would reach at a place, since some of that is hidden from it.
func (a *Actor) barredOver(g *Grant, p *Permission, at *Thing, stops bool) bool {
	tree := &a.rules.Tree
	if len(tree.Hidden) == 0 || p.Own || !g.role.stops() || (g.Place.Kind != Portal && g.Place.Kind != Organization) {
		return false
	}
	return tree.hides(at.Org, g.Place) || (!stops || at.Kind == Team) && tree.hidesBelow(at)
}

// StoppedByHidden are the account types that stop at hidden organizations and hold more than what is over oneself.
func (r *Rules) StoppedByHidden() (out []RoleID) {
	for _, role := range r.Types() {
		for _, p := range table {
			if role.stops() && p.inOrganizations() && r.heldSomewhere(role.ID, p) {
				out = append(out, role.ID)
				break
			}
		}
	}
	return out
}

// holdsAtHome tells whether a grant holds a permission in the actor's own organization, where their own account lies.
func (a *Actor) holdsAtHome(g *Grant, p *Permission) bool {
	return a.rules.holds(g.role, p, a.grants[len(a.grants)-1].Org)
}
