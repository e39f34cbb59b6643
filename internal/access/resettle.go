package access

import "provost/internal/db"

// Resettled notes, in its transaction, that what lay in one organization lies elsewhere in the tree: the organization itself was
// moved, and After is the same one under another parent, or everything in it went into another.
type Resettled struct{ Before, After Thing }

// Newly are the organizations above a thing's place under one set of rules that were not above it under another, without the
// root, which is above everything.
func (r *Rules) Newly(after Thing, old *Rules, before Thing) (ids []db.ID) {
	for id := after.Org; id != 0 && id != r.Tree.Root; id = r.Tree.Parent[id] {
		if !old.Tree.Under(before.Org, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Resettling is what a person holds over everything that was resettled after it, and did not before it.
func Resettling(before, after *Actor, n Resettled) (out []Change) {
	for _, p := range table {
		if p.inOrganizations() && after.HoldsOver(p, n.After, n.After.ID) && !before.HoldsOver(p, n.Before, n.Before.ID) {
			out = append(out, Change{p, n.Before.Place()})
		}
	}
	return out
}

// Unsettling is what a person held over everything that was resettled before it, and holds no more after it.
func Unsettling(before, after *Actor, n Resettled) (out []Change) {
	for _, p := range table {
		if p.inOrganizations() && before.HoldsOver(p, n.Before, n.Before.ID) && !after.HoldsOver(p, n.After, n.After.ID) {
			out = append(out, Change{p, n.Before.Place()})
		}
	}
	return out
}

// inOrganizations: it is over others, and what it is on lies in organizations.
func (p *Permission) inOrganizations() bool { return !p.Own && lies[p.On][Organization] != "" }
