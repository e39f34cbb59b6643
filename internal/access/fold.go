package access

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"provost/internal/db"
)

// Grant is who may, as which role, where, and until when. Grants are begun and ended, never edited.
type Grant struct {
	ID    db.ID
	Role  RoleID
	Place Place
	// Org is the organization that the place lies in; the root's where it is the portal itself.
	Org db.ID
	// Teams are those of the place, where it is an account.
	Teams []db.ID
	// Since and Until bound it, in microseconds; Until is db.Never where it has no end.
	Since, Until int64
	// Group is the access group through which it came, Policy the policy that made it; zero where none did.
	Group, Policy db.ID

	role *Role
}

// PlaceAsThing is the grant's place, with where it lies.
func (g *Grant) PlaceAsThing(portal db.ID) Thing {
	return Thing{Kind: g.Place.Kind, ID: g.Place.ID, Portal: portal, Org: g.Org, Teams: g.Teams}
}

// Override is an organization's change to one cell of the grid.
type Override struct {
	Org   db.ID
	Role  RoleID
	Perm  *Permission
	Allow bool
	// Locked: it is the portal's own, and no organization's override of the cell counts (GR-4).
	Locked bool
}

type cell struct {
	role RoleID
	bit  uint8
}

// Rules are a portal's own: the roles it made, its overrides, and its tree of organizations.
type Rules struct {
	// Deleted: the portal was deleted, and nothing is done in it but to restore it (SA-2).
	Deleted bool
	Portal  db.ID
	// At is the past moment that they are of, in microseconds (BE-3); zero for now.
	At    int64
	Tree  Tree
	Roles map[RoleID]*Role
	// Off are the account types that are switched off: while they are, their grants hold nothing.
	Off map[RoleID]bool
	// Courses are those of which something is said that changes what may be done in them.
	Courses   map[db.ID]CourseState
	overrides map[cell][]Override
	// asleep are overrides that do not count, since the portal locked the cell.
	asleep map[cell][]Override
}

// NewRules gathers a portal's rules.
func NewRules(portal db.ID, tree Tree, roles map[RoleID]*Role, overrides []Override) *Rules {
	r := &Rules{Portal: portal, Tree: tree, Roles: roles, overrides: map[cell][]Override{}, asleep: map[cell][]Override{}}
	for _, o := range overrides {
		if role := r.Role(o.Role); role != nil && role.Overridable(o.Perm) {
			c := cell{o.Role, o.Perm.bit}
			r.overrides[c] = append(r.overrides[c], o)
		}
	}
	for c, list := range r.overrides {
		for i, o := range list {
			if o.Locked && o.Org == tree.Root {
				r.asleep[c] = append(slices.Clone(list[:i]), list[i+1:]...)
				r.overrides[c] = []Override{o}
				break
			}
		}
	}
	return r
}

// Role is a built-in role or one of the portal's; nil where there is none.
func (r *Rules) Role(id RoleID) *Role {
	if b := builtin[id]; b != nil {
		return b
	}
	return r.Roles[id]
}

// Holds tells whether a role holds a permission in an organization: the nearest override above it counts, but for
// the super administrator's cells, which are always on, and those that are not available (PT-5).
func (r *Rules) Holds(id RoleID, p *Permission, org db.ID) bool {
	role := r.Role(id)
	return role != nil && r.holds(role, p, org)
}

func (r *Rules) holds(role *Role, p *Permission, org db.ID) bool {
	if len(r.overrides) == 0 {
		return role.Set.Has(p)
	}
	if o := r.nearest(r.overrides[cell{role.ID, p.bit}], org); o != nil {
		return o.Allow
	}
	return role.Set.Has(p)
}

// nearest is the override of a list that counts in an organization: its own, or else that of the nearest one above it.
func (r *Rules) nearest(list []Override, org db.ID) *Override {
	if len(list) == 0 {
		return nil
	}
	for range 64 {
		for i := range list {
			if list[i].Org == org {
				return &list[i]
			}
		}
		parent, ok := r.Tree.Parent[org]
		if !ok {
			break
		}
		org = parent
	}
	return nil
}

// OverrideFor is the override that decides a cell in an organization; ok is false where the role's own set does.
func (r *Rules) OverrideFor(id RoleID, p *Permission, org db.ID) (o Override, ok bool) {
	if found := r.nearest(r.overrides[cell{id, p.bit}], org); found != nil {
		return *found, true
	}
	return o, false
}

// OverrideAt is an organization's own override of a cell, if it has one; counts is false where the portal locked the cell
// since, so that it sleeps.
func (r *Rules) OverrideAt(id RoleID, p *Permission, org db.ID) (o Override, ok, counts bool) {
	for _, list := range []map[cell][]Override{r.overrides, r.asleep} {
		for _, o := range list[cell{id, p.bit}] {
			if o.Org == org {
				counts = len(r.asleep[cell{id, p.bit}]) == 0 || o.Locked
				return o, true, counts
			}
		}
	}
	return o, false, false
}

// IsOff tells whether an account type is switched off in the portal, itself or with its parent.
func (r *Rules) IsOff(role *Role) bool {
	return r.Off[role.ID] || r.Off[role.Parent] || r.Off[role.Along]
}

// Types are the account types, the columns of the grid: the built-in ones in its order, then the portal's own by title.
func (r *Rules) Types() []*Role {
	var out, own []*Role
	for _, id := range AccountTypes {
		out = append(out, builtin[id])
	}
	for _, role := range r.Roles {
		if role.Parent != "" {
			own = append(own, role)
		}
	}
	slices.SortFunc(own, ByTitle)
	return append(out, own...)
}

// HoldersOf are the roles that hold one of some permissions somewhere in a portal, under any of some rules, but for what
// everybody holds on their own account.
func HoldersOf(perms []*Permission, under ...*Rules) []RoleID {
	var out []RoleID
	for _, r := range under {
		for role := range r.All() {
			if role.ID != Self && !slices.Contains(out, role.ID) && slices.ContainsFunc(perms, func(p *Permission) bool { return r.heldSomewhere(role.ID, p) }) {
				out = append(out, role.ID)
			}
		}
	}
	return out
}

// All are the built-in roles, in their order, and the portal's own, by their keys.
func (r *Rules) All() iter.Seq[*Role] {
	return func(yield func(*Role) bool) {
		for i := range builtinRoles {
			if !yield(&builtinRoles[i]) {
				return
			}
		}
		for _, id := range slices.Sorted(maps.Keys(r.Roles)) {
			if !yield(r.Roles[id]) {
				return
			}
		}
	}
}

// HoldersIn are the roles that hold a permission in one of some organizations, but for what everybody holds on their own account.
func (r *Rules) HoldersIn(p *Permission, orgs ...db.ID) (out []RoleID) {
	for role := range r.All() {
		if role.ID != Self && slices.ContainsFunc(orgs, func(org db.ID) bool { return r.holds(role, p, org) }) {
			out = append(out, role.ID)
		}
	}
	return out
}

// ByTitle orders roles by their titles.
func ByTitle(a, b *Role) int {
	return cmp.Or(cmp.Compare(db.Key(a.Title), db.Key(b.Title)), cmp.Compare(a.ID, b.ID))
}

// Actor is one who acts, with the grants that are open at a moment. It is never changed once made.
type Actor struct {
	Portal  db.ID
	Account db.ID
	Name    string
	// Behind is who acts as this account; zero where it is the person themselves.
	Behind db.ID
	// Visits: it is somebody of another portal, who visits by a network, and whose account nobody here looks after (NA-1).
	Visits bool
	// Cause is set for the system, which may do everything in its portal; it says why it acts.
	Cause string

	grants []Grant
	// off are open grants of account types that are switched off: they hold nothing, and are kept to say why.
	off    []Grant
	rules  *Rules
	limit  *Set
	behind *Actor
	now    int64
	note   Noter
}

// NewActor folds a person's grants at a moment; everybody also holds `self` on their own account.
func NewActor(rules *Rules, account db.ID, name string, org db.ID, grants []Grant, now time.Time) *Actor {
	a := &Actor{Portal: rules.Portal, Account: account, Name: name, rules: rules, now: now.UnixMicro()}
	a.grants = make([]Grant, 0, len(grants)+1)
	for _, g := range grants {
		g.role = rules.Role(g.Role)
		switch {
		case g.role == nil || g.Since > a.now || a.now >= g.Until:
		case rules.IsOff(g.role):
			a.off = append(a.off, g)
		default:
			a.grants = append(a.grants, g)
		}
	}
	a.grants = slices.DeleteFunc(a.grants, func(g Grant) bool { return len(g.role.Beside) > 0 && !a.beside(&g) })
	a.grants = append(a.grants, Grant{Role: Self, Place: Place{Account, account}, Org: org, Until: db.Never, role: builtin[Self]})
	return a
}

// beside tells whether a grant counts: whether the person also holds one of the account types that its role asks for, where it
// is or above.
func (a *Actor) beside(g *Grant) bool {
	for i := range a.grants {
		h := &a.grants[i]
		if (g.role.Beside.Has(h.Role) || g.role.Beside.Has(h.role.Parent)) &&
			(h.Place.Kind == Portal || (h.Place.Kind == Organization && a.rules.Tree.Under(g.Org, h.Place.ID))) {
			return true
		}
	}
	return false
}

// System acts for the portal itself, for a reason that the audit keeps.
func System(portal db.ID, why string, now time.Time) *Actor {
	return &Actor{Portal: portal, Cause: why, Name: why, rules: &Rules{Portal: portal, Tree: Tree{Root: portal}}, now: now.UnixMicro()}
}

// Limit is the actor with part of their rights only, as a token has (PT-2).
func (a *Actor) Limit(to Set) *Actor {
	b := *a
	b.limit = &to
	return &b
}

// Visiting is the actor as a visitor from another portal of a network has their rights: without what is done at home only (NA-1).
func (a *Actor) Visiting() *Actor { return a.Limit(visiting) }

// Grants are the actor's open grants, the one on their own account last.
func (a *Actor) Grants() []Grant { return a.grants }

// Rules are those of the actor's portal.
func (a *Actor) Rules() *Rules { return a.rules }

// Now is the moment that the actor was folded at, in microseconds.
func (a *Actor) Now() int64 { return a.now }

// Can decides whether some grant of the actor's reaches a thing with a permission. It reads what Where writes as SQL,
// asks no database and allocates nothing. Protections that compare two accounts are Protects's.
func (a *Actor) Can(p *Permission, t *Thing) bool { return a.deciding(p, t) != nil }

var systemGrant Grant

func (a *Actor) deciding(p *Permission, t *Thing) *Grant {
	if t.Portal != a.Portal || t.Kind != p.On || (a.limit != nil && !a.limit.Has(p)) {
		return nil
	}
	if a.behind != nil && (p.Closed || !p.Own && a.behind.deciding(p, t) == nil) {
		return nil
	}
	if a.Cause != "" {
		return &systemGrant
	}
	if p.Own && t.about() != a.Account {
		return nil
	}
	q := a.rules.asked(p, t)
	if q == nil || (q != p && a.limit != nil && !a.limit.Has(q)) || a.rules.closedTo(p, t) {
		return nil
	}
	return a.reaching(q, t)
}

// reaching is the grant that holds a permission where a thing lies; nil for none.
func (a *Actor) reaching(p *Permission, t *Thing) *Grant {
	for i := range a.grants {
		g := &a.grants[i]
		if a.rules.holds(g.role, p, t.Org) && !a.rules.closed(g, p) && t.liesIn(g.Place, &a.rules.Tree) && !a.barred(g, p, t) {
			return g
		}
	}
	return nil
}

// about is the person that a thing is about; zero where it is about nobody.
func (t *Thing) about() db.ID {
	switch t.Kind {
	case Account:
		return t.ID
	case Enrolment:
		return t.Account
	}
	return 0
}

// ActedBy is the actor as acted by somebody else, whose name stands behind every act (CO-4): what both may do, but for what
// is over oneself, which follows the person acted as, and what is closed meanwhile.
func (a *Actor) ActedBy(behind *Actor) *Actor {
	b := *a
	b.Behind, b.behind = behind.Account, behind
	return &b
}

// ActedByName is the name of who acts as the actor; empty where it is the person themselves.
func (a *Actor) ActedByName() string {
	if a.behind == nil {
		return ""
	}
	return a.behind.Name
}
