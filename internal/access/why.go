package access

import "provost/internal/db"

// Answer is why a person may or may not do something to a thing (BE-1).
type Answer struct {
	Allowed bool
	// By is the grant that decides; nil where none does, and for the system.
	By *Grant
	// Override is the organization's change that the decision rests on, where one does.
	Override *Override
	// Protection is what forbids it although By would allow it (PT-1).
	Protection *Lack
	// Near are grants that hold the permission, or reach the thing, but not both.
	Near []Near
	// Shut is why nobody at all may do it to the course that it is about; empty where that is not so.
	Shut Shut
	// Ways are the roles and places that would allow it, where it is not allowed.
	Ways []Way
}

// Shut is why nobody may do something in a course.
type Shut string

// Why nobody may.
const (
	ShutArchived Shut = "archived"
	ShutTemplate Shut = "template"
)

// Near is a grant that came close, and what it lacks.
type Near struct {
	Grant *Grant
	// Reaches: the thing lies in its place.
	Reaches bool
	// Holds: its role holds the permission in the thing's organization.
	Holds bool
	// Denied is the override that takes the permission from its role there.
	Denied *Override
	// Off: its account type is switched off in the portal, so that it holds nothing.
	Off bool
	// Closed: the course has closed it to its learners (LE-2).
	Closed bool
}

// Way is a role that would allow it, and the places that it could be given at.
type Way struct {
	Role   *Role
	Places []Place
}

// Why explains what Can and Protects decide. The target is the person that the thing is, folded; it may be nil where
// the permission is not protected.
func (a *Actor) Why(p *Permission, t *Thing, target *Actor) Answer {
	var out Answer
	out.By = a.deciding(p, t)
	out.Allowed = out.By != nil
	if out.Allowed && target != nil {
		out.Protection = a.Protects(p, target)
		out.Allowed = out.Protection == nil
	}
	p, out.Shut = a.rules.instead(p, t)
	if p == nil {
		return out
	}
	if out.By != nil {
		if o, ok := a.rules.OverrideFor(out.By.Role, p, t.Org); ok {
			out.Override = &o
		}
		return out
	}
	out.Near = a.near(p, t)
	out.Ways = a.rules.ways(p, t)
	return out
}

func (a *Actor) near(p *Permission, t *Thing) []Near {
	var out []Near
	for i := range a.off {
		g := &a.off[i]
		if reaches, holds := t.liesIn(g.Place, &a.rules.Tree), a.rules.holds(g.role, p, t.Org); reaches && holds {
			out = append(out, Near{Grant: g, Reaches: reaches, Holds: holds, Off: true})
		}
	}
	for i := range a.grants {
		g := &a.grants[i]
		n := Near{Grant: g, Reaches: t.liesIn(g.Place, &a.rules.Tree) && !a.barred(g, p, t), Holds: a.rules.holds(g.role, p, t.Org)}
		n.Closed = n.Holds && n.Reaches && a.rules.closed(g, p)
		if o, ok := a.rules.OverrideFor(g.Role, p, t.Org); ok && !o.Allow {
			n.Denied = &o
		}
		if (n.Reaches || n.Holds || n.Denied != nil) && g.Role != Self {
			out = append(out, n)
		}
	}
	return out
}

// ways are the roles that hold a permission where the thing lies, each with the places of the thing it may be given at.
func (r *Rules) ways(p *Permission, t *Thing) []Way {
	var out []Way
	add := func(role *Role) {
		if !role.Given() || r.IsOff(role) || !r.holds(role, p, t.Org) {
			return
		}
		w := Way{Role: role}
		for _, place := range t.places() {
			if role.MayBeAt(place.Kind) && lies[p.On][place.Kind] != "" {
				w.Places = append(w.Places, place)
			}
		}
		if len(w.Places) > 0 {
			out = append(out, w)
		}
	}
	for role := range r.All() {
		add(role)
	}
	return out
}

// Around are the ids of all places that a thing lies in, itself among them: at each of them grants may be that reach it.
func (r *Rules) Around(t *Thing) []db.ID {
	out := append([]db.ID{t.ID, t.Portal}, t.Teams...)
	for _, id := range []db.ID{t.Course, t.Account} {
		if id != 0 {
			out = append(out, id)
		}
	}
	for org := t.Org; org != 0; org = r.Tree.Parent[org] {
		out = append(out, org)
	}
	return out
}

// places are those that the thing lies in, the nearest first, without the organizations between its own and the portal.
func (t *Thing) places() []Place {
	var out []Place
	if lies[t.Kind][t.Kind] != "" && t.Kind != Portal {
		out = append(out, t.Place())
	}
	for _, id := range t.Teams {
		out = append(out, Place{Team, id})
	}
	if t.Course != 0 {
		out = append(out, Place{Course, t.Course})
	}
	if t.Account != 0 {
		out = append(out, Place{Account, t.Account})
	}
	if t.Org != 0 && t.Org != t.Portal && t.Kind != Organization {
		out = append(out, Place{Organization, t.Org})
	}
	return append(out, Place{Portal, t.Portal})
}

// In is the permission's thing for a place: the place itself, or what lies in it and nowhere else, as a question about a whole
// team asks. It is false where nothing that the permission is on lies in such a place.
func (p *Permission) In(at Thing) (Thing, bool) {
	t := Thing{Kind: p.On, Portal: at.Portal, Org: at.Portal}
	switch {
	case p.On == at.Kind:
		return at, true
	case p.On == Portal || (p.On == Organization && at.Kind == Portal):
		t.ID = at.Portal
	case !LiesIn(p.On, at.Kind) && at.Kind != Policy:
		return t, false
	case at.Kind == Organization:
		t.Org = at.ID
	case at.Kind == Team:
		t.Teams = []db.ID{at.ID}
	case at.Kind == Course:
		t.Course = at.ID
	case at.Kind == Account:
		t.Account, t.Org, t.Teams = at.ID, at.Org, at.Teams
	}
	return t, true
}
