// Package world holds two small portals full of named people, for tests and for `provost demo`.
package world

import (
	"context"
	"fmt"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/network"
	"provost/internal/store/path"
)

// World is Acme, which everything happens in, and Umbra, of which nothing may ever show there.
type World struct {
	Acme, Umbra store.Portal
	// Management is Acme's access group of learner managers.
	Management store.AccessGroup
	// People, Orgs, Teams and Courses are those of both portals, by their (first) name.
	People  map[string]store.Account
	Orgs    map[string]store.Organization
	Teams   map[string]store.Team
	Courses map[string]store.Course
	// Works are assessments, by code.
	Works map[string]store.Assessment
}

// Start is the moment at which the world begins: a Monday morning.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// acme are the people of Acme: their organization, and the account types they hold there.
var acme = []struct {
	name, org string
	types     []access.RoleID
}{
	{"Ana Full", "Acme", []access.RoleID{access.Admin}},
	{"Pia Partial", "Acme", []access.RoleID{access.Partial}},
	{"Leo Manager", "Acme", []access.RoleID{access.Learner}},
	{"Mo Monitor", "Acme", []access.RoleID{access.Monitor}},
	{"Tess Tenant", "Acme", []access.RoleID{access.Learner}},
	{"Bea Account", "Acme", []access.RoleID{access.Learner}},
	{"Otto North", "North", []access.RoleID{access.OrgAdmin}},
	{"Ivy Instructor", "North", []access.RoleID{access.Instructor}},
	{"Gus Boss", "North", []access.RoleID{access.Manager, access.Learner}},
	{"Lin Learner", "North", []access.RoleID{access.Learner}},
	{"Max Lab", "Lab", []access.RoleID{access.Learner}},
	{"Lou Learner", "South", []access.RoleID{access.Learner}},
	{"Sue Learner", "South", []access.RoleID{access.Learner}},
}

// Password is the password of everybody in the world, hashed by whoever builds it.
const Password = "correct horse battery"

// Build fills an empty, migrated database with the world. Everybody signs in with their first name and the hashed password.
func Build(ctx context.Context, env *op.Env, password string) (*World, error) {
	return build(ctx, env, password, builder.records)
}

// build makes the world, with the records that are given.
func build(ctx context.Context, env *op.Env, password string, records func(builder) error) (*World, error) {
	w := &World{People: map[string]store.Account{}, Orgs: map[string]store.Organization{}, Teams: map[string]store.Team{}, Courses: map[string]store.Course{}}
	made, err := action.CreatePortal(ctx, env, action.NewPortal{Name: "Acme", Admin: "Sam Super", Username: "sam", Email: "sam@acme.test", Password: password})
	if err != nil {
		return nil, err
	}
	w.Acme, w.Management, w.People["Sam"] = made.Portal, made.Management, made.Super
	made, err = action.CreatePortal(ctx, env, action.NewPortal{Name: "Umbra", Host: "umbra.test", Admin: "Ulf Super", Username: "ulf", Email: "ulf@umbra.test", Password: password})
	if err != nil {
		return nil, err
	}
	w.Umbra, w.People["Ulf"] = made.Portal, made.Super
	w.Acme.Settings.Brand.On = true // there is a partial administrator (XA-1)
	return w, env.DB.Write(ctx, func(tx *db.Tx) error {
		b := builder{ctx, tx, w, password, env.Now()}
		if err := store.SavePortal(ctx, tx, w.Acme); err != nil {
			return err
		}
		for _, step := range []func() error{b.organizations, b.people, b.teams, b.courses, func() error { return records(b) }, b.access, b.networks} {
			if err := step(); err != nil {
				return fmt.Errorf("building the world: %w", err)
			}
		}
		return nil
	})
}

type builder struct {
	ctx      context.Context
	tx       *db.Tx
	w        *World
	password string
	now      time.Time
}

func (b builder) organizations() error {
	b.w.Orgs["Acme"] = store.Organization{ID: b.w.Acme.ID, Portal: b.w.Acme.ID, Name: "Acme"}
	b.w.Orgs["Umbra"] = store.Organization{ID: b.w.Umbra.ID, Portal: b.w.Umbra.ID, Name: "Umbra"}
	for _, o := range [][2]string{{"North", "Acme"}, {"Lab", "North"}, {"South", "Acme"}, {"Dusk", "Umbra"}} {
		made, err := store.CreateOrganization(b.ctx, b.tx, b.w.Orgs[o[1]], o[0], "", b.now)
		if err != nil {
			return err
		}
		b.w.Orgs[o[0]] = made
	}
	return nil
}

func (b builder) people() error {
	for _, p := range acme {
		if err := b.person(p.name, p.org, "acme.test", p.types...); err != nil {
			return err
		}
	}
	if err := b.person("Una Other", "Dusk", "umbra.test", access.Learner); err != nil {
		return err
	}
	return b.person("Urs Full", "Umbra", "umbra.test", access.Admin)
}

func (b builder) person(name, org, domain string, types ...access.RoleID) error {
	var first string
	if _, err := fmt.Sscan(name, &first); err != nil {
		return err
	}
	username := db.Key(first)
	made, err := store.CreateAccount(b.ctx, b.tx, b.w.Orgs[org], store.NewAccount{Name: name, Username: username, Email: username + "@" + domain, Password: b.password}, b.now)
	if err != nil {
		return err
	}
	b.w.People[first] = made
	for _, t := range types {
		err := store.Begin(b.ctx, b.tx, store.NewGrant{Account: made.ID, Role: t, At: b.w.Orgs[org].PlaceThing(), Since: b.now})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b builder) teams() error {
	for _, t := range []struct {
		name, org, owner string
		members          []string
	}{
		{"Reds", "North", "Leo", []string{"Lin"}},
		{"Blues", "South", "Ana", []string{"Lou", "Sue"}},
		{"Company A Team", "Acme", "Ana", []string{"Lin", "Lou"}},
		{"Shades", "Umbra", "Urs", []string{"Una"}},
	} {
		made, err := store.CreateTeam(b.ctx, b.tx, b.w.Orgs[t.org], t.name, "", b.now)
		if err != nil {
			return err
		}
		b.w.Teams[t.name] = made
		err = store.Begin(b.ctx, b.tx, store.NewGrant{Account: b.w.People[t.owner].ID, Role: access.TeamOwner, At: made.Thing(), Since: b.now, ByCreation: true})
		if err != nil {
			return err
		}
		for _, m := range t.members {
			if err := store.AddTeamMember(b.ctx, b.tx, made, b.w.People[m], 0, b.now); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b builder) courses() error {
	for _, c := range [][3]string{{"go", "Go", "North"}, {"first-aid", "First aid", "Acme"}, {"night", "Night shift", "Umbra"}} {
		made, err := store.CreateCourse(b.ctx, b.tx, b.w.Orgs[c[2]], store.NewCourse{Code: c[0], Name: c[1]}, b.now)
		if err != nil {
			return err
		}
		b.w.Courses[c[1]] = made
	}
	_, err := path.Create(b.ctx, b.tx, b.w.Orgs["North"], path.Fields{Name: "First steps", InOrder: true}, b.now)
	return err
}

// networks are one, which Urs runs from Umbra, and that no portal is in.
func (b builder) networks() error {
	n, err := network.Create(b.ctx, b.tx, b.w.Umbra, "Umbra Ring", "", b.now)
	if err != nil {
		return err
	}
	return store.Begin(b.ctx, b.tx, store.NewGrant{Account: b.w.People["Urs"].ID, Role: access.NetworkAdmin, At: n.Thing(), Since: b.now, ByCreation: true})
}

// access ties Leo to learner management, makes Tess tenant administrator, and binds Bea to Company A Team (LM-9).
func (b builder) access() error {
	if err := store.AddGroupMember(b.ctx, b.tx, b.w.Management, b.w.People["Leo"], 0, b.now); err != nil {
		return err
	}
	root := b.w.Acme.Thing()
	team := b.w.Teams["Company A Team"].Thing()
	for _, p := range []struct {
		name string
		role access.RoleID
		at   access.Thing
		who  string
	}{
		{"Tess runs Management", access.TenantAdmin, root, "Tess"},
		{"Company A: open analytics", access.AnalyticsViewer, team, "Bea"},
		{"Company A: read figures", access.AnalyticsReader, team, "Bea"},
		{"Company A: download reports", access.DownloadReports, team, "Bea"},
	} {
		policy, err := store.CreatePolicy(b.ctx, b.tx, store.Policy{Portal: b.w.Acme.ID, Name: p.name, Role: p.role, Created: b.now})
		if err != nil {
			return err
		}
		holder := []store.Holder{{Kind: access.Account, ID: b.w.People[p.who].ID}}
		if err := store.Bind(b.ctx, b.tx, policy, []access.Thing{p.at}, holder, 0, b.now); err != nil {
			return err
		}
	}
	return nil
}
