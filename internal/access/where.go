package access

import (
	"slices"
	"strings"

	"provost/internal/db"
)

// Within is what one actor may touch with one permission: the value that every query takes.
// The zero Within touches nothing.
type Within struct {
	actor *Actor
	perm  *Permission
}

// May is what the actor may touch with a permission.
func (a *Actor) May(p *Permission) Within { return Within{a, p} }

// Permission is the one that it is about.
func (w Within) Permission() *Permission { return w.perm }

// Actor is whose it is.
func (w Within) Actor() *Actor { return w.actor }

// Portal is the only portal that it reaches into (PT-4).
func (w Within) Portal() db.ID {
	if w.actor == nil {
		return 0
	}
	return w.actor.Portal
}

// Has decides one thing, by the grant that lets the actor touch it; nil where none does.
func (w Within) Has(t *Thing) *Grant {
	if w.actor == nil {
		return nil
	}
	return w.actor.deciding(w.perm, t)
}

// behind is the same of who acts as the actor; ok is false where nobody does, or where only the actor's own rights count.
func (w Within) behind() (b Within, ok bool) {
	if w.actor == nil || w.actor.behind == nil || w.perm.Own {
		return b, false
	}
	return w.actor.behind.May(w.perm), true
}

// shut tells whether the permission is not to be had at all: by nobody, past a token's limit, or closed while one acts as
// another.
func (w Within) shut() bool {
	return w.actor == nil || (w.actor.limit != nil && !w.actor.limit.Has(w.perm)) || (w.actor.behind != nil && w.perm.Closed)
}

// Any tells whether it reaches any place at all, which is when a page or a tab shows itself (LM-1).
func (w Within) Any() bool {
	if w.shut() {
		return false
	}
	if b, ok := w.behind(); ok && !b.Any() {
		return false
	}
	if w.actor.Cause != "" {
		return true
	}
	for i := range w.actor.grants {
		g := &w.actor.grants[i]
		if lies[w.perm.On][g.Place.Kind] != "" && w.actor.rules.gives(g, w.perm) {
			return true
		}
	}
	return false
}

// Opens tells whether it reaches more than taking part does, one's own account and the teams that one is a member of: then
// an area of the portal shows itself (LM-1).
func (w Within) Opens() bool {
	if w.shut() {
		return false
	}
	if b, ok := w.behind(); ok && !b.Opens() {
		return false
	}
	if w.actor.Cause != "" {
		return true
	}
	for i := range w.actor.grants {
		g := &w.actor.grants[i]
		if !takingPart.Has(g.Role) && lies[w.perm.On][g.Place.Kind] != "" && w.actor.rules.gives(g, w.perm) && (w.perm.On != Account || !w.perm.Own || w.actor.holdsAtHome(g, w.perm)) {
			return true
		}
	}
	return false
}

// Everywhere tells whether it reaches every thing of the portal.
func (w Within) Everywhere() bool {
	if !w.Any() || w.perm.Own {
		return false
	}
	if b, ok := w.behind(); ok && !b.Everywhere() {
		return false
	}
	if w.actor.Cause != "" {
		return true
	}
	for i := range w.actor.grants {
		g := &w.actor.grants[i]
		if g.Place.Kind == Portal && !(len(w.actor.rules.Tree.Hidden) > 0 && g.role.stops()) && w.actor.rules.flat(cell{g.Role, w.perm.bit}) && w.actor.rules.Holds(g.Role, w.perm, w.actor.rules.Tree.Root) {
			return true
		}
	}
	return false
}

// Places are those at which the actor holds the permission, for a scope line and for pickers; acted by another, those of the
// two that the other does not reach beyond.
func (w Within) Places() []Place {
	var out []Place
	if w.shut() {
		return out
	}
	if b, ok := w.behind(); ok && !b.Everywhere() {
		alone := w
		alone.actor = w.actor.alone()
		if alone.Everywhere() {
			return b.Places()
		}
		for _, p := range alone.Places() {
			if b.reaches(p) {
				out = append(out, p)
			}
		}
		for _, p := range b.Places() {
			if alone.reaches(p) && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
		return out
	}
	if !w.Any() {
		return out
	}
	if w.actor.Cause != "" {
		return []Place{{Portal, w.actor.Portal}}
	}
	seen := map[Place]bool{}
	for i := range w.actor.grants {
		g := &w.actor.grants[i]
		if lies[w.perm.On][g.Place.Kind] != "" && !seen[g.Place] && w.actor.rules.gives(g, w.perm) {
			seen[g.Place] = true
			out = append(out, g.Place)
		}
	}
	return out
}

// Grants are the actor's open grants that give the permission somewhere, for telling by which rule one sees what one sees;
// what everybody holds on their own account is left out.
func (w Within) Grants() []Grant {
	var out []Grant
	if !w.Any() {
		return out
	}
	for i := range w.actor.grants {
		g := &w.actor.grants[i]
		if g.Role != Self && lies[w.perm.On][g.Place.Kind] != "" && w.actor.rules.gives(g, w.perm) {
			out = append(out, *g)
		}
	}
	return out
}

// Fits tells whether rows of another kind can be filtered with it: every place it reaches is one that they lie in.
// Totals are kept by organization and course, so a scope of a team or a person does not fit Figure.
func (w Within) Fits(k Kind) bool {
	if w.Everywhere() { // smaller places add nothing
		return lies[k][Portal] != ""
	}
	if b, ok := w.behind(); ok && !b.Fits(k) {
		return false
	}
	alone := w
	alone.actor = w.actor.alone()
	for _, p := range alone.Places() {
		if lies[k][p.Kind] == "" {
			return false
		}
	}
	return true
}

// alone is the actor with nobody behind, who may be nil.
func (a *Actor) alone() *Actor {
	if a == nil || a.behind == nil {
		return a
	}
	b := *a
	b.Behind, b.behind = 0, nil
	return &b
}

// reaches tells whether a place lies in one that it reaches, as far as the tree of organizations tells.
func (w Within) reaches(p Place) bool {
	for _, q := range w.Places() {
		if q == p || q.Kind == Portal || q.Kind == Organization && p.Kind == Organization && w.actor.rules.Tree.Under(p.ID, q.ID) {
			return true
		}
	}
	return false
}

// Where is the Within as SQL over the rows of an alias: true exactly for the things that Has says yes to.
func (w Within) Where(alias string) db.Frag { return w.WhereOf(w.on(), alias) }

func (w Within) on() Kind {
	if w.perm == nil {
		return 0
	}
	return w.perm.On
}

// WhereOf is Where for rows of another kind that Fits.
func (w Within) WhereOf(k Kind, alias string) db.Frag {
	plain := w.whereOf(k, alias)
	if k == Course && w.on() == Course && w.actor != nil && w.actor.Cause == "" && len(w.actor.rules.Courses) > 0 {
		return w.whereCourse(plain, alias)
	}
	return plain
}

func (w Within) whereOf(k Kind, alias string) db.Frag {
	if !w.Any() {
		return db.SQL("1=0")
	}
	if w.actor.Cause != "" {
		return fragment(lies[k][Portal], alias, []db.ID{w.actor.Portal}, w.actor.now)
	}
	w.actor.tell(w.perm, k)
	reach := w.actor.reach(w.perm, k)
	parts := make([]db.Frag, 0, len(reach))
	for _, r := range reach {
		f := fragment(lies[k][r.kind], alias, r.ids, w.actor.now)
		if r.role != "" {
			f = db.And(f, w.actor.rules.whereHeld(r.role, w.perm, k, alias))
		}
		if len(r.hidden) > 0 {
			f = db.And(f, db.SQL(alias+"."+orgColumn[k]+" NOT IN (SELECT o.org_id FROM org_under o WHERE o.ancestor_id IN ?)", r.hidden))
		}
		parts = append(parts, f)
	}
	inside := db.And(fragment(lies[k][Portal], alias, []db.ID{w.actor.Portal}, w.actor.now), db.Or(parts...))
	if b, ok := w.behind(); ok {
		inside = db.And(inside, b.WhereOf(k, alias))
	}
	if !w.perm.Own {
		return inside
	}
	inside = db.And(inside, db.SQL(alias+"."+ownColumn[k]+" = ?", w.actor.Account))
	if k == Enrolment && w.actor.rules.any(func(s CourseState) bool { return s.Closed.Has(w.perm) }) {
		inside = db.And(inside, db.SQL(`NOT EXISTS (SELECT 1 FROM course_closed closed WHERE closed.course_id = `+alias+`.course_id AND closed.permission = ? AND closed.since <= ? AND closed.until > ?)`, w.perm.Key, w.actor.now, w.actor.now))
	}
	return inside
}

var ownColumn = [kinds]string{Account: "id", Enrolment: "account_id"}

// reached are places of one kind; role is set where overrides decide in which organizations its cell holds, hidden are the
// organizations that are hidden from these places.
type reached struct {
	kind   Kind
	role   RoleID
	ids    []db.ID
	hidden []db.ID
}

// reach gathers the places of the grants that hold a permission, those of one kind together.
func (a *Actor) reach(p *Permission, k Kind) []reached {
	var out []reached
next:
	for i := range a.grants {
		g := &a.grants[i]
		if lies[k][g.Place.Kind] == "" || !a.rules.gives(g, p) {
			continue
		}
		role := g.Role
		if a.rules.flat(cell{role, p.bit}) {
			role = ""
		}
		var hidden []db.ID
		if orgColumn[k] != "" && !p.Own && g.role.stops() {
			hidden = a.rules.Tree.hiddenFrom(g.Place)
		}
		for j := range out {
			if out[j].kind == g.Place.Kind && out[j].role == role && slices.Equal(out[j].hidden, hidden) {
				out[j].ids = append(out[j].ids, g.Place.ID)
				continue next
			}
		}
		out = append(out, reached{g.Place.Kind, role, []db.ID{g.Place.ID}, hidden})
	}
	return out
}

// heldSomewhere tells whether a role holds a permission in any organization of the portal.
func (r *Rules) heldSomewhere(id RoleID, p *Permission) bool {
	if r.Holds(id, p, r.Tree.Root) {
		return true
	}
	for _, o := range r.overrides[cell{id, p.bit}] {
		if o.Allow {
			return true
		}
	}
	return false
}

// flat tells whether a cell says the same in the whole portal: no organization below the root has an override that counts.
func (r *Rules) flat(c cell) bool {
	for _, o := range r.overrides[c] {
		if o.Org != r.Tree.Root {
			return false
		}
	}
	return true
}

// whereHeld is Holds as SQL: the row's organization is one in which the role holds the permission.
func (r *Rules) whereHeld(id RoleID, p *Permission, k Kind, alias string) db.Frag {
	if orgColumn[k] == "" {
		return truth(r.Holds(id, p, r.Tree.Root))
	}
	return r.heldBelow(r.overrides[cell{id, p.bit}], 0, r.Role(id).Set.Has(p), alias+"."+orgColumn[k])
}

// heldBelow is what holds below an organization (zero: everywhere) before the overrides nested in it turn it round.
func (r *Rules) heldBelow(list []Override, org db.ID, held bool, column string) db.Frag {
	var flips []db.Frag
	for _, o := range list {
		if o.Org == org || r.nearestAbove(list, o.Org) != org {
			continue
		}
		in := db.SQL(column+" IN (SELECT o.org_id FROM org_under o WHERE o.ancestor_id = ?)", o.Org)
		inner := r.heldBelow(list, o.Org, o.Allow, column)
		if held {
			flips = append(flips, db.Or(db.SQL("NOT ?", in), inner))
		} else {
			flips = append(flips, db.And(in, inner))
		}
	}
	if len(flips) == 0 {
		return truth(held)
	}
	if held {
		return db.And(flips...)
	}
	return db.Or(flips...)
}

// nearestAbove is the organization of the nearest override strictly above another's; zero where there is none.
func (r *Rules) nearestAbove(list []Override, org db.ID) db.ID {
	for {
		parent, ok := r.Tree.Parent[org]
		if !ok {
			return 0
		}
		for _, o := range list {
			if o.Org == parent {
				return parent
			}
		}
		org = parent
	}
}

func truth(v bool) db.Frag {
	if v {
		return db.SQL("1=1")
	}
	return db.SQL("1=0")
}

func fragment(template, alias string, places []db.ID, now int64) db.Frag {
	text := strings.ReplaceAll(template, "@", alias)
	var args []any
	for i := range len(text) {
		switch text[i] {
		case '?':
			args = append(args, places)
		case '#':
			args = append(args, now)
		}
	}
	return db.SQL(strings.ReplaceAll(text, "#", "?"), args...)
}
