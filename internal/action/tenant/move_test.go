package tenant_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// CO-4, OA-1: an organization of thousands closes by a few statements for each thousand people: all are in the other one, with the
// account types that they held and when these end, their enrolments and the figures over them; a type that is not carried becomes the
// learner's; and who is beyond the actor (PT-1) keeps all of it from happening.
func TestCloseOrganizationOfThousands(t *testing.T) {
	for _, carry := range []bool{true, false} {
		w := worldtest.New(t)
		const n = 2500
		west := try(t, w, "Ana", action.CreateOrganization, action.NewOrganization{Name: "West", Parent: w.Acme.ID}, done)
		var people []*store.ImportedAccount
		write(t, w, func(ctx context.Context, tx *db.Tx) error {
			org := store.Organization{ID: west.ID, Portal: w.Acme.ID, Parent: w.Acme.ID, Name: "West"}
			for i := range n {
				a := &store.ImportedAccount{Attributes: "{}", Types: []access.RoleID{access.Learner}, At: org.PlaceThing()}
				a.Portal, a.Org, a.Name, a.Username = w.Acme.ID, west.ID, fmt.Sprintf("Person %04d", i), fmt.Sprintf("west%d", i)
				if i%5 == 0 {
					a.Types = append(a.Types, access.Instructor)
				}
				if i%7 == 0 {
					a.Types = []access.RoleID{access.Manager}
				}
				people = append(people, a)
			}
			writer, err := store.NewAccountWriter(ctx, tx, 0, w.Clock.Now())
			if err != nil {
				return err
			}
			if err := writer.Add(ctx, tx, people); err != nil {
				return err
			}
			if err := writer.Close(ctx, tx, w.Acme.ID); err != nil {
				return err
			}
			deltas := store.NewDeltas()
			for i := 0; i < n; i += 50 {
				if _, err := store.Enrol(ctx, tx, deltas, w.Courses["First aid"], people[i].Account, 0, w.Clock.Now()); err != nil {
					return err
				}
			}
			return deltas.Flush(ctx, tx)
		})
		try(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: people[1].ID, Types: []access.RoleID{access.Learner, access.Mentor}, For: "1d"}, done)
		in := tenant.OrganizationClosing{OrganizationPath: tenant.OrganizationPath{Organization: west.ID}, Into: w.Orgs["South"].ID, Carry: carry}

		try(t, w, "Ana", action.MoveAccount, action.AccountMove{Account: w.People["Max"].ID, Organization: west.ID}, done)
		ctx, asked := db.Counting(t.Context())
		out, err := tenant.CloseOrganization.Run(ctx, w.Env, w.As("Ana"), in)
		if err != nil || out.People != n+1 {
			t.Fatalf("%+v, %v", out, err)
		}
		if asked.Load() > 160 {
			t.Errorf("%d statements for %d people", asked.Load(), n)
		}
		counts := map[string]int64{}
		sound := true
		write(t, w, func(ctx context.Context, tx *db.Tx) error {
			for name, q := range map[string]db.Frag{
				"people":      db.SQL(`SELECT count(*) FROM accounts WHERE org_id = ? AND username LIKE 'west%'`, w.Orgs["South"].ID),
				"left":        db.SQL(`SELECT count(*) FROM accounts WHERE org_id = ?`, west.ID),
				"learners":    db.SQL(`SELECT count(*) FROM grants g JOIN accounts a ON a.id = g.account_id AND a.username LIKE 'west%' WHERE g.place_id = ? AND g.role = 'learner' AND g.until > ?`, w.Orgs["South"].ID, db.Micros(w.Clock.Now())),
				"instructors": db.SQL(`SELECT count(*) FROM grants WHERE place_id = ? AND role = 'instructor' AND until > ?`, w.Orgs["South"].ID, db.Micros(w.Clock.Now())),
				"managers":    db.SQL(`SELECT count(*) FROM grants WHERE place_id = ? AND role = 'manager' AND until > ?`, w.Orgs["South"].ID, db.Micros(w.Clock.Now())),
				"behind":      db.SQL(`SELECT count(*) FROM grants WHERE place_id = ? AND until > ?`, west.ID, db.Micros(w.Clock.Now())),
				"ending":      db.SQL(`SELECT count(*) FROM grants WHERE account_id = ? AND role = 'mentor' AND until > ? AND until < ?`, people[1].ID, db.Micros(w.Clock.Now()), db.Never),
				"enrolments":  db.SQL(`SELECT count(*) FROM enrolments WHERE org_id = ? AND course_id = ?`, w.Orgs["South"].ID, w.Courses["First aid"].ID),
			} {
				v, err := db.Val[int64](ctx, tx, q)
				if err != nil {
					return err
				}
				counts[name] = v
			}
			wrong, err := store.Verify(ctx, tx)
			sound = err == nil && len(wrong) == 0
			return err
		})
		managers, instructors := int64((n+6)/7), int64(0)
		for i := range n {
			if i%5 == 0 && i%7 != 0 {
				instructors++
			}
		}
		want := map[string]int64{"people": n, "left": 0, "learners": n - managers, "instructors": instructors, "managers": managers, "behind": 0, "ending": 1, "enrolments": counts["enrolments"]}
		if !carry {
			want["learners"], want["instructors"], want["managers"], want["ending"] = n, 0, 0, 0
		}
		for name, v := range want {
			if counts[name] != v {
				t.Errorf("carried %v: %d %s, want %d", carry, counts[name], name, v)
			}
		}
		if counts["enrolments"] < n/50 || !sound {
			t.Errorf("%d enrolments came along; sound: %v", counts["enrolments"], sound)
		}
	}
}

// PT-1: one person whom the actor may not edit keeps an organization open, whole.
func TestCloseOrganizationProtected_PT1(t *testing.T) {
	w := worldtest.New(t)
	south := w.Orgs["South"]
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		return store.Begin(ctx, tx, store.NewGrant{Account: w.People["Lou"].ID, Role: access.Admin, At: w.Acme.Thing(), Since: w.Clock.Now()})
	})
	in := tenant.OrganizationClosing{OrganizationPath: tenant.OrganizationPath{Organization: south.ID}, Into: w.Orgs["North"].ID}
	try(t, w, "Pia", tenant.CloseOrganization, in, fail.NotAllowed)
	w.Clock.Move(time.Minute)
	if a := try(t, w, "Ana", action.ShowAccount, action.AccountID{Account: w.People["Sue"].ID}, done); a.Organization.ID != south.ID {
		t.Errorf("Sue has moved to %+v", a.Organization)
	}
	try(t, w, "Ana", tenant.CloseOrganization, in, done)
}
