package world

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
	"provost/internal/store/path"
	"provost/internal/store/tenant"
)

// Random fills a database with a portal drawn from a seed: a tree of organizations, people, teams, courses, access groups,
// roles of its own, grants anywhere that roles may be given, some of them over or yet to come, and overrides.
// It is for comparing what the law says in its several forms.
func Random(ctx context.Context, env *op.Env, seed uint64, people int) (store.Portal, error) {
	host := fmt.Sprintf("p%d.test", seed)
	made, err := action.CreatePortal(ctx, env, action.NewPortal{Name: host, Host: host, Admin: "Super " + host, Username: "super"})
	if err != nil {
		return made.Portal, err
	}
	made.Portal.Settings.Brand.On = true // any account type may be drawn
	return made.Portal, env.DB.Write(ctx, func(tx *db.Tx) error {
		if err := store.SavePortal(ctx, tx, made.Portal); err != nil {
			return err
		}
		d := draw{ctx: ctx, tx: tx, r: rand.New(rand.NewPCG(seed, 7)), portal: made.Portal, now: env.Now()}
		for _, step := range []func(int) error{d.drawOrganizations, d.drawPeople, d.drawPlaces, d.drawEnrolments, d.drawRoles, d.drawGrants, d.drawOverrides, d.drawOff} {
			if err := step(people); err != nil {
				return err
			}
		}
		return nil
	})
}

type draw struct {
	ctx      context.Context
	tx       *db.Tx
	r        *rand.Rand
	portal   store.Portal
	now      time.Time
	orgs     []store.Organization
	accounts []store.Account
	teams    []store.Team
	groups   []store.AccessGroup
	courses  []store.Course
	places   []access.Thing
	roles    []access.RoleID
	// wide are roles that somebody holds over an organization or the whole portal: overrides of their cells matter.
	wide []access.RoleID
}

func pick[T any](d *draw, from []T) T { return from[d.r.IntN(len(from))] }

func (d *draw) drawOrganizations(people int) error {
	d.orgs = []store.Organization{{ID: d.portal.ID, Portal: d.portal.ID, Name: d.portal.Name}}
	for i := range 3 + people/8 {
		o, err := store.CreateOrganization(d.ctx, d.tx, pick(d, d.orgs), fmt.Sprintf("Org %d", i), "", d.now)
		if err != nil {
			return err
		}
		d.orgs = append(d.orgs, o)
		if d.r.IntN(3) == 0 {
			if err := tenant.SaveMarks(d.ctx, d.tx, o, tenant.Marks{Hidden: true}, d.now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *draw) drawPeople(people int) error {
	for i := range people {
		name := fmt.Sprintf("Person %d", i)
		a, err := store.CreateAccount(d.ctx, d.tx, pick(d, d.orgs), store.NewAccount{Name: name, Username: fmt.Sprintf("p%d", i)}, d.now)
		if err != nil {
			return err
		}
		d.accounts = append(d.accounts, a)
	}
	return nil
}

func (d *draw) drawPlaces(people int) error {
	for i := range 2 + people/6 {
		t, err := store.CreateTeam(d.ctx, d.tx, pick(d, d.orgs), fmt.Sprintf("Team %d", i), "", d.now)
		if err != nil {
			return err
		}
		d.teams = append(d.teams, t)
		c, err := store.CreateCourse(d.ctx, d.tx, pick(d, d.orgs), store.NewCourse{Code: fmt.Sprint("c", i), Name: fmt.Sprint("Course ", i)}, d.now)
		if err != nil {
			return err
		}
		d.courses = append(d.courses, c)
		if err := d.mark(c); err != nil {
			return err
		}
		g, err := store.CreateGroup(d.ctx, d.tx, d.portal.ID, fmt.Sprintf("Group %d", i), "", false, d.now)
		if err != nil {
			return err
		}
		d.groups = append(d.groups, g)
		p, err := path.Create(d.ctx, d.tx, pick(d, d.orgs), path.Fields{Name: fmt.Sprint("Path ", i)}, d.now)
		if err != nil {
			return err
		}
		d.places = append(d.places, t.Thing(), c.Thing(), g.Thing(), p.Thing())
	}
	for _, o := range d.orgs {
		d.places = append(d.places, o.PlaceThing())
	}
	for _, a := range d.accounts {
		d.places = append(d.places, a.Thing())
	}
	return nil
}

// mark archives some courses, makes templates of some, and closes some of what their learners may do.
func (d *draw) mark(c store.Course) error {
	var err error
	switch d.r.IntN(5) {
	case 0:
		err = learning.Archive(d.ctx, d.tx, c, true, d.now)
	case 1:
		err = learning.MakeTemplate(d.ctx, d.tx, c)
	case 2:
		err = learning.Close(d.ctx, d.tx, c, access.SetOf(access.CourseView, access.CourseOwnGrades), d.now)
	}
	return err
}

func (d *draw) drawEnrolments(people int) error {
	totals := store.NewDeltas()
	for i, a := range d.accounts {
		for j := range d.r.IntN(3) {
			if _, err := store.Enrol(d.ctx, d.tx, totals, d.courses[(i+j)%len(d.courses)], a, 0, d.now); err != nil {
				return err
			}
		}
	}
	return totals.Flush(d.ctx, d.tx)
}

// drawRoles makes the portal's own roles, of random permissions.
func (d *draw) drawRoles(int) error {
	for _, r := range access.BuiltinRoles() {
		if r.Given() {
			d.roles = append(d.roles, r.ID)
		}
	}
	for i := range 4 {
		var set access.Set
		for range 6 {
			set.Add(pick(d, access.Table()))
		}
		made, err := store.CreateRole(d.ctx, d.tx, d.portal, fmt.Sprintf("Role %d", i), "", set, d.now)
		if err != nil {
			return err
		}
		d.roles = append(d.roles, made.RoleID())
	}
	return d.drawTypes()
}

// drawTypes makes account types of the portal's own, which hold what their parents never can too: it must not count.
func (d *draw) drawTypes() error {
	for i, parent := range []access.RoleID{access.Admin, access.OrgAdmin, access.Instructor} {
		set := access.Builtin(parent).Set
		for range 12 {
			set.Add(pick(d, access.Table()))
		}
		made, err := store.CreateType(d.ctx, d.tx, d.portal, fmt.Sprintf("Type %d", i), "", parent, set, d.now)
		if err != nil {
			return err
		}
		d.roles = append(d.roles, made.RoleID())
	}
	return nil
}

func (d *draw) drawGrants(people int) error {
	for range people * 4 {
		at := pick(d, d.places)
		g := store.NewGrant{Role: pick(d, d.roles), At: at, Since: d.now.Add(-time.Hour), ByCreation: true}
		if role := access.Builtin(g.Role); role != nil && !role.MayBeAt(at.Kind) {
			continue
		}
		switch d.r.IntN(8) {
		case 0:
			g.Since = d.now.Add(time.Hour)
		case 1:
			g.Since, g.Until = d.now.Add(-2*time.Hour), d.now.Add(-time.Hour)
		case 2:
			g.Until = d.now.Add(time.Hour)
		}
		if d.r.IntN(4) == 0 && at.Kind != access.AccessGroup {
			g.Group = pick(d, d.groups).ID
		} else {
			g.Account = pick(d, d.accounts).ID
		}
		if taken, err := d.has(g); err != nil || taken {
			if err != nil {
				return err
			}
			continue
		}
		if err := store.Begin(d.ctx, d.tx, g); err != nil {
			return err
		}
		if role := access.Builtin(g.Role); role != nil && role.Set.Len() > 0 && (at.Kind == access.Organization || at.Kind == access.Portal) {
			d.wide = append(d.wide, g.Role)
		}
	}
	return nil
}

func (d *draw) has(g store.NewGrant) (bool, error) {
	open, err := store.OpenGrants(d.ctx, d.tx, store.GrantFilter{Portal: d.portal.ID, Account: g.Account, Group: g.Group, Roles: access.Roles{g.Role}, Place: g.At.Place()}, d.now)
	return len(open) > 0, err
}

func (d *draw) drawOverrides(people int) error {
	for i := range 4 * people {
		role, p := pick(d, d.roles), pick(d, access.Table())
		if made := access.Builtin(role); i%2 == 0 && made != nil && made.Set.Len() > 0 { // what it holds is the likelier to matter
			p = pick(d, slices.Collect(made.Set.All()))
		}
		if err := store.SetOverride(d.ctx, d.tx, pick(d, d.orgs), role, p, d.r.IntN(2) == 0, d.now); err != nil {
			return err
		}
		switch i % 4 {
		case 0: // the portal locks the cell: what an organization says does not count
			if err := store.PutOverride(d.ctx, d.tx, d.orgs[0], access.Override{Role: role, Perm: p, Allow: d.r.IntN(2) == 0, Locked: true}, 0, d.now); err != nil {
				return err
			}
		case 1: // it was otherwise, and is not any more
			org := pick(d, d.orgs)
			if err := store.SetOverride(d.ctx, d.tx, org, role, p, true, d.now); err != nil {
				return err
			}
			if err := store.ClearOverride(d.ctx, d.tx, org, role, p, 0, d.now); err != nil {
				return err
			}
		}
	}
	return d.drawNested(people)
}

// drawNested overrides cells that count for somebody, in an organization one way and in one below it the other: of the two, the
// nearer one counts, and neither does beside them.
func (d *draw) drawNested(people int) error {
	for range people {
		if len(d.wide) == 0 {
			return nil
		}
		role := pick(d, d.wide)
		p, org, allow := pick(d, slices.Collect(access.Builtin(role).Set.All())), pick(d, d.orgs[1:]), d.r.IntN(2) == 0
		for _, at := range d.orgs {
			if at.ID == org.ID || at.ID == org.Parent {
				if err := store.SetOverride(d.ctx, d.tx, at, role, p, allow == (at.ID == org.ID), d.now); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// drawOff switches an account type off in every second portal.
func (d *draw) drawOff(int) error {
	if d.r.IntN(2) == 0 {
		return nil
	}
	return store.SwitchType(d.ctx, d.tx, d.portal, pick(d, []access.RoleID{access.Partial, access.OrgAdmin, access.Manager, access.Monitor}), false, 0, d.now)
}
