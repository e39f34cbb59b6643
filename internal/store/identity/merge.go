package identity

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Moved is what a merge moves from one account to another, and what it does not.
type Moved struct {
	// Enrolments moved with their results; Doubled did not, since both are in the course.
	Enrolments, Doubled int
	// Teams, Groups and Grants moved: memberships of teams and of access groups, and other roles; Policies are those that the
	// kept account is bound to instead. Had are those that it had already.
	Teams, Groups, Grants, Policies, Had int
	// Ended are account types that were held in another organization than the kept account's.
	Ended int
	// Over are grants that others hold over the person, as their parents and mentors do.
	Over int
}

type merge struct {
	ctx      context.Context
	tx       *db.Tx
	from, to store.Account
	by       db.ID
	now      time.Time
	out      Moved
}

// Merge moves all that one account holds, and what others hold over it, to another, and deletes it: whole or not at all, by the
// transaction. What is begun is noted, so that nobody passes on what they do not hold (PT-2).
func Merge(ctx context.Context, tx *db.Tx, from, to store.Account, by db.ID, now time.Time) (Moved, error) {
	m := &merge{ctx: ctx, tx: tx, from: from, to: to, by: by, now: now}
	for _, step := range []func() error{m.enrolments, m.grants, m.over, m.policies} {
		if err := step(); err != nil {
			return m.out, err
		}
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE invitations SET account_id = ? WHERE account_id = ?`, to.ID, from.ID)); err != nil {
		return m.out, err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE path_learners SET account_id = ? WHERE account_id = ? AND path_id NOT IN (SELECT l.path_id FROM path_learners l WHERE l.account_id = ?)`,
		to.ID, from.ID, to.ID)); err != nil {
		return m.out, err
	}
	return m.out, DeleteAccount(ctx, tx, from, to.ID, now)
}

type enrolled struct {
	id, course   db.ID
	open, double bool
}

// enrolments moves a learner's rows, each under a grant of its new learner: an open one that begins now, or one that is over.
func (m *merge) enrolments() error {
	rows, err := db.All(m.ctx, m.tx, db.SQL(`SELECT e.id, e.course_id, e.is_open, EXISTS (SELECT 1 FROM enrolments o WHERE o.course_id = e.course_id AND o.account_id = ?)
		FROM enrolments e WHERE e.account_id = ? ORDER BY e.id`, m.to.ID, m.from.ID), func(s db.Scanner) (e enrolled, err error) {
		return e, s.Scan(&e.id, &e.course, &e.open, &e.double)
	})
	if err != nil {
		return err
	}
	var move []db.ID
	d := store.NewDeltas()
	for _, e := range rows {
		if e.double {
			if err := m.leave(d, e); err != nil {
				return err
			}
			continue
		}
		if err := m.regrant(e); err != nil {
			return err
		}
		move = append(move, e.id)
	}
	if err := d.Flush(m.ctx, m.tx); err != nil || len(move) == 0 {
		return err
	}
	m.out.Enrolments = len(move)
	return store.TakeEnrolments(m.ctx, m.tx, move, m.to)
}

// leave ends an enrolment in a course that the kept account is in too; its record stays with the other.
func (m *merge) leave(d *store.Deltas, row enrolled) error {
	m.out.Doubled++
	if !row.open {
		return nil
	}
	system := access.System(m.from.Portal, "merging accounts", m.now)
	e, err := store.FindEnrolment(m.ctx, m.tx, system.May(access.EnrolmentList), row.id)
	if err != nil {
		return err
	}
	_, err = store.Unenrol(m.ctx, m.tx, d, e, m.by, m.now)
	return err
}

func (m *merge) regrant(e enrolled) error {
	at, err := store.LoadThing(m.ctx, m.tx, access.Place{Kind: access.Course, ID: e.course}, m.from.Portal, m.now)
	gone := fail.Is(err, fail.NotFound) // the course was deleted: of what they did there, the record stays
	if gone {
		at = access.Thing{Kind: access.Course, ID: e.course, Portal: m.from.Portal, Org: m.from.Portal}
	} else if err != nil {
		return err
	}
	g := store.NewGrant{ID: db.NewID(), Account: m.to.ID, Role: access.CourseLearn, At: at, Since: m.now, By: m.by, ByConsent: gone}
	if e.open {
		_, err := store.End(m.ctx, m.tx, store.GrantFilter{Portal: m.from.Portal, Account: m.from.ID, Roles: access.Roles{access.CourseLearn}, Place: at.Place(), Direct: true}, m.by, m.now)
		if err != nil {
			return err
		}
	} else {
		g.Until = m.now
	}
	if err := store.Begin(m.ctx, m.tx, g); err != nil {
		return err
	}
	_, err = m.tx.Exec(m.ctx, db.SQL(`UPDATE enrolments SET grant_id = ? WHERE id = ?`, g.ID, e.id))
	return err
}

func (m *merge) open(f store.GrantFilter) ([]access.Grant, error) {
	f.Portal, f.Direct = m.from.Portal, true
	return store.OpenGrants(m.ctx, m.tx, f, m.now)
}

// grants moves memberships and roles. Account types move within one organization: elsewhere they would be held by somebody who
// does not live there.
func (m *merge) grants() error {
	held, err := m.open(store.GrantFilter{Account: m.from.ID})
	if err != nil {
		return err
	}
	has, err := m.open(store.GrantFilter{Account: m.to.ID})
	if err != nil {
		return err
	}
	for _, g := range held {
		if access.OnlyTransferred.Has(g.Role) {
			return errSuper
		}
		if _, err := store.End(m.ctx, m.tx, store.GrantFilter{Portal: m.from.Portal, ID: g.ID}, m.by, m.now); err != nil {
			return err
		}
		home := g.Place == m.from.Home() && (access.AccountTypes.Has(g.Role) || isType(g.Role))
		switch {
		case slices.ContainsFunc(has, func(x access.Grant) bool { return x.Role == g.Role && x.Place == g.Place }), g.Place.ID == m.to.ID:
			m.out.Had++
			continue
		case home && m.from.Org != m.to.Org:
			m.out.Ended++
			continue
		}
		if err := m.begin(g, m.to.ID, 0, g.Place); err != nil {
			return err
		}
		m.count(g)
	}
	return nil
}

// isType tells whether a role is an account type that a portal made: those of policies are held by policies alone.
func isType(r access.RoleID) bool { _, made := access.CustomID(r); return made }

func (m *merge) count(g access.Grant) {
	switch g.Place.Kind {
	case access.Team:
		m.out.Teams++
	case access.AccessGroup:
		m.out.Groups++
	default:
		m.out.Grants++
	}
}

// begin begins a grant like another one, for somebody else or at another place, until when that one would have ended.
func (m *merge) begin(g access.Grant, account, group db.ID, place access.Place) error {
	at, err := store.LoadThing(m.ctx, m.tx, place, m.from.Portal, m.now)
	if fail.Is(err, fail.NotFound) {
		return nil // what is gone is not moved
	}
	if err != nil {
		return err
	}
	n := store.NewGrant{Account: account, Group: group, Role: g.Role, At: at, Since: m.now, By: m.by}
	if since := db.Time(g.Since); since.After(m.now) {
		n.Since = since
	}
	if g.Until != db.Never {
		n.Until = db.Time(g.Until)
	}
	return store.Begin(m.ctx, m.tx, n)
}

type over struct {
	id, account, group db.ID
}

// over moves what others hold over the person.
func (m *merge) over() error {
	at := access.Place{Kind: access.Account, ID: m.from.ID}
	rows, err := db.All(m.ctx, m.tx, db.SQL(`SELECT id, coalesce(account_id, 0), coalesce(group_id, 0) FROM grants WHERE portal_id = ? AND place_kind = 'account' AND place_id = ?
		AND policy_id IS NULL AND until > ?`, m.from.Portal, m.from.ID, db.Micros(m.now)), func(s db.Scanner) (o over, err error) {
		return o, s.Scan(&o.id, &o.account, &o.group)
	})
	if err != nil {
		return err
	}
	for _, o := range rows {
		grants, err := m.open(store.GrantFilter{ID: o.id})
		if err != nil {
			return err
		}
		if _, err := store.End(m.ctx, m.tx, store.GrantFilter{Portal: m.from.Portal, ID: o.id, Place: at}, m.by, m.now); err != nil {
			return err
		}
		has, err := m.open(store.GrantFilter{Account: o.account, Group: o.group, Place: access.Place{Kind: access.Account, ID: m.to.ID}})
		if err != nil {
			return err
		}
		for _, g := range grants {
			if o.account == m.to.ID || slices.ContainsFunc(has, func(x access.Grant) bool { return x.Role == g.Role }) {
				continue
			}
			if err := m.begin(g, o.account, o.group, access.Place{Kind: access.Account, ID: m.to.ID}); err != nil {
				return err
			}
			m.out.Over++
		}
	}
	return nil
}

// policies binds the kept account instead of the other, as a holder and as a place.
func (m *merge) policies() error {
	ids, err := db.All(m.ctx, m.tx, db.SQL(`SELECT p.id FROM policies p WHERE p.portal_id = ? AND p.deleted_at = 0 AND
		(p.id IN (SELECT h.policy_id FROM policy_holders h WHERE h.holder_kind = 'account' AND h.holder_id = ?) OR
		p.id IN (SELECT x.policy_id FROM policy_places x WHERE x.place_kind = 'account' AND x.place_id = ?)) ORDER BY p.id`, m.from.Portal, m.from.ID, m.from.ID), db.ScanID)
	if err != nil {
		return err
	}
	bounds, err := store.PolicyBounds(m.ctx, m.tx, ids)
	if err != nil {
		return err
	}
	system := access.System(m.from.Portal, "merging accounts", m.now)
	for _, id := range ids {
		p, err := store.FindPolicy(m.ctx, m.tx, system.May(access.PolicyEdit), id)
		if err != nil {
			return err
		}
		var places []access.Thing
		for _, place := range bounds[id].Places {
			if place == (access.Place{Kind: access.Account, ID: m.from.ID}) {
				place.ID = m.to.ID
			}
			at, err := store.LoadThing(m.ctx, m.tx, place, m.from.Portal, m.now)
			if fail.Is(err, fail.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			places = append(places, at)
		}
		holders := bounds[id].Holders
		for i := range holders {
			if holders[i] == (store.Holder{Kind: access.Account, ID: m.from.ID}) {
				holders[i].ID = m.to.ID
			}
		}
		slices.SortFunc(holders, func(a, b store.Holder) int { return int(min(max(int64(a.ID-b.ID), -1), 1)) })
		if err := store.Bind(m.ctx, m.tx, p, places, slices.Compact(holders), m.by, m.now); err != nil {
			return err
		}
		m.out.Policies++
	}
	return nil
}
