package access

import "provost/internal/db"

// CourseState is what is said of one course that changes what may be done in it.
type CourseState struct {
	// Archived: it is read-only for everybody, until it is restored (CO-1).
	Archived bool
	// Template: it is there to make courses of, and the permissions on templates decide in it (CA-1).
	Template bool
	// Closed is what its learners may not do in it, though their role holds it (LE-2).
	Closed Set
}

// asked is the permission that decides about a thing where p is asked: p itself, but in a course that is archived or a template.
// Nil: nobody has it there.
func (r *Rules) asked(p *Permission, t *Thing) *Permission {
	if t.Kind != Course || len(r.Courses) == 0 {
		return p
	}
	s := r.Courses[t.ID]
	switch {
	case s.Archived && !p.InArchive:
		return nil
	case s.Template:
		return p.Template
	}
	return p
}

// instead is asked, with why nobody has it there where nobody has.
func (r *Rules) instead(p *Permission, t *Thing) (*Permission, Shut) {
	q := r.asked(p, t)
	switch {
	case q != nil:
		return q, ""
	case r.Courses[t.ID].Archived && !p.InArchive:
		return nil, ShutArchived
	}
	return nil, ShutTemplate
}

// Holding are the roles that hold a permission on a thing, where grants of them reach it.
func (r *Rules) Holding(p *Permission, t *Thing) []RoleID {
	if p = r.asked(p, t); p == nil {
		return nil
	}
	return r.HoldersIn(p, t.Org)
}

// closed tells whether a learner's grant in a course does not hold a permission, since that is closed to its learners.
func (r *Rules) closed(g *Grant, p *Permission) bool {
	if g.Role != CourseLearn || g.Place.Kind != Course || len(r.Courses) == 0 {
		return false
	}
	s := r.Courses[g.Place.ID]
	return s.Closed.Has(p)
}

// closedTo tells whether a permission over oneself is closed in the course that an enrolment is in.
func (r *Rules) closedTo(p *Permission, t *Thing) bool {
	if t.Kind != Enrolment || !p.Own || len(r.Courses) == 0 {
		return false
	}
	s := r.Courses[t.Course]
	return s.Closed.Has(p)
}

// gives tells whether a grant holds a permission in any organization of the portal.
func (r *Rules) gives(g *Grant, p *Permission) bool {
	return r.heldSomewhere(g.Role, p) && !r.closed(g, p)
}

// any tells whether any course is in some state.
func (r *Rules) any(is func(CourseState) bool) bool {
	for _, s := range r.Courses {
		if is(s) {
			return true
		}
	}
	return false
}

// whereCourse is asked as SQL: what the plain reach of a permission is on courses, without those that are archived or templates,
// and with the templates that the permission on them reaches.
func (w Within) whereCourse(plain db.Frag, alias string) db.Frag {
	rules := w.actor.rules
	out := plain
	if rules.any(func(s CourseState) bool { return s.Template }) {
		out = db.And(out, db.SQL("NOT "+alias+".template"))
		if p := w.perm.Template; p != nil && !w.shut() {
			out = db.Or(out, db.And(db.SQL(alias+".template"), w.actor.May(p).WhereOf(Course, alias)))
		}
	}
	if !w.perm.InArchive && rules.any(func(s CourseState) bool { return s.Archived }) {
		out = db.And(out, db.SQL(alias+".archived_at = 0"))
	}
	return out
}
