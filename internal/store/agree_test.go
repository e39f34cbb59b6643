package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// rows reads every row of a kind, of every portal, as the thing that it is.
var rows = map[access.Kind]string{
	access.Portal:       `SELECT id, id, id, 0, 0 FROM portals`,
	access.Organization: `SELECT id, portal_id, id, 0, 0 FROM organizations`,
	access.Course:       `SELECT id, portal_id, org_id, 0, 0 FROM courses`,
	access.Team:         `SELECT id, portal_id, org_id, 0, 0 FROM teams`,
	access.Account:      `SELECT id, portal_id, org_id, 0, 0 FROM accounts`,
	access.AccessGroup:  `SELECT id, portal_id, portal_id, 0, 0 FROM access_groups`,
	access.Policy:       `SELECT id, portal_id, portal_id, 0, 0 FROM policies`,
	access.CustomRole:   `SELECT id, portal_id, portal_id, 0, 0 FROM roles`,
	access.Enrolment:    `SELECT id, portal_id, org_id, course_id, account_id FROM enrolments`,
	access.Invitation:   `SELECT id, portal_id, org_id, 0, 0 FROM invitations`,
	access.Audit:        `SELECT id, portal_id, portal_id, 0, 0 FROM audit`,
	access.Network:      `SELECT id, portal_id, portal_id, 0, 0 FROM networks`,
	access.Path:         `SELECT id, portal_id, org_id, 0, 0 FROM paths`,
}

var tables = map[access.Kind]string{access.Portal: "portals", access.Organization: "organizations", access.Course: "courses", access.Team: "teams",
	access.Account: "accounts", access.AccessGroup: "access_groups", access.Policy: "policies", access.CustomRole: "roles",
	access.Enrolment: "enrolments", access.Invitation: "invitations", access.Audit: "audit",
	access.Network: "networks", access.Path: "paths"}

func things(ctx context.Context, tx *db.Tx, kind access.Kind, at int64) ([]access.Thing, error) {
	out, err := db.All(ctx, tx, db.SQL(rows[kind]+` ORDER BY 1`), func(s db.Scanner) (t access.Thing, err error) {
		t.Kind = kind
		return t, s.Scan(&t.ID, &t.Portal, &t.Org, &t.Course, &t.Account)
	})
	if err != nil || (kind != access.Account && kind != access.Enrolment) {
		return out, err
	}
	type in struct{ account, team db.ID }
	pairs, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT account_id, place_id FROM grants WHERE place_kind = 'team' AND account_id IS NOT NULL
		AND role IN ('team_leader', 'team_member') AND since <= ? AND until > ?`, at, at),
		func(s db.Scanner) (p in, err error) { return p, s.Scan(&p.account, &p.team) })
	teams := map[db.ID][]db.ID{}
	for _, p := range pairs {
		teams[p.account] = append(teams[p.account], p.team)
	}
	for i := range out {
		about := out[i].Account
		if kind == access.Account {
			about = out[i].ID
		}
		out[i].Teams = teams[about]
	}
	return out, err
}

// agree asks, for every permission, person and row, the function and the query, and counts what they agree on.
func agree(t *testing.T, w *worldtest.Test, portals ...db.ID) (decisions, allowed int) {
	t.Helper()
	return agreeOf(t, w, func(all []*access.Actor) []*access.Actor { return all }, portals...)
}

// agreeOf is agree for actors made of everybody.
func agreeOf(t *testing.T, w *worldtest.Test, of func([]*access.Actor) []*access.Actor, portals ...db.ID) (decisions, allowed int) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		actors, err := everybody(t.Context(), tx, w, portals)
		if err != nil {
			return err
		}
		actors = of(actors)
		for kind, table := range tables {
			all, err := things(t.Context(), tx, kind, db.Micros(w.Clock.Now()))
			if err != nil {
				return err
			}
			for _, p := range access.Table() {
				if p.On != kind {
					continue
				}
				for _, a := range actors {
					found, err := db.All(t.Context(), tx, db.SQL(`SELECT x.id FROM `+table+` x WHERE ? ORDER BY 1`, a.May(p).Where("x")),
						func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
					if err != nil {
						return fmt.Errorf("%s: %w", p.Key, err)
					}
					for i := range all {
						decisions++
						_, sql := slices.BinarySearch(found, all[i].ID)
						if can := a.Can(p, &all[i]); can != sql {
							t.Fatalf("%s, %s, %s %s: the function says %v, the query %v", a.Name, p.Key, kind, all[i].ID, can, sql)
						} else if can {
							allowed++
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return decisions, allowed
}

func everybody(ctx context.Context, tx *db.Tx, w *worldtest.Test, portals []db.ID) (out []*access.Actor, err error) {
	for _, portal := range portals {
		rules, err := store.LoadRules(ctx, tx, portal)
		if err != nil {
			return nil, err
		}
		ids, err := db.All(ctx, tx, db.SQL(`SELECT id FROM accounts WHERE portal_id = ? ORDER BY id`, portal),
			func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
		if err != nil {
			return nil, err
		}
		actors, err := store.LoadActors(ctx, tx, rules, ids, w.Clock.Now())
		if err != nil {
			return nil, err
		}
		out = append(out, actors...)
	}
	return out, nil
}

// BE-6, PT-4: in the world, the function says what the query says, and nobody reaches into the other portal.
func TestAgreementInWorld(t *testing.T) {
	w := worldtest.WithKin(t)
	decisions, allowed := agree(t, w, w.Acme.ID, w.Umbra.ID)
	t.Logf("%d decisions, %d of them allowed", decisions, allowed)
	if allowed == 0 || allowed == decisions {
		t.Fatal("a comparison that only ever says one thing shows nothing")
	}
}

// BE-6, PT-4: rows that somebody forges give Lin roles at places of the other portal. Function and query agree even then, and
// she reaches nothing there.
func TestAgreementOnForgedGrants_PT4(t *testing.T) {
	w := worldtest.New(t)
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		for role, at := range map[access.RoleID]access.Thing{access.Admin: w.Umbra.Thing(), access.OrgAdmin: w.Orgs["Dusk"].PlaceThing(),
			access.TeamOwner: w.Teams["Shades"].Thing(), access.CourseOwner: w.Courses["Night shift"].Thing(), access.AnalyticsReader: w.People["Una"].Thing()} {
			at.Portal = w.Acme.ID
			if err := store.Begin(t.Context(), tx, store.NewGrant{Account: w.People["Lin"].ID, Role: role, At: at, Since: w.Clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, w, w.Acme.ID)
}

// BE-6: the same in portals drawn at random, with overrides, roles of their own, grants that are over or yet to come.
func TestAgreementAtRandom(t *testing.T) {
	portals := 6
	if testing.Short() {
		portals = 2
	}
	w := worldtest.New(t)
	for seed := range portals {
		p, err := world.Random(t.Context(), w.Env, uint64(seed), 16)
		if err != nil {
			t.Fatal(err)
		}
		decisions, allowed := agree(t, w, p.ID)
		t.Logf("portal %d: %d decisions, %d of them allowed", seed, decisions, allowed)
	}
}
