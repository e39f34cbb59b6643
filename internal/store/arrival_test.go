package store_test

import (
	"context"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// BE-8: who comes again is known again only while nothing in the portal changed, nothing turned by itself, and the clock
// went forward; else everything is asked anew.
func TestArrivalIsKnownAgainUntilSomethingChanges(t *testing.T) {
	for name, change := range map[string]func(x *arriving){
		"nothing":              func(*arriving) {},
		"the rules":            func(x *arriving) { x.write(func(tx *db.Tx) error { return store.Changed(x.ctx(), tx, x.w.Acme.ID) }) },
		"a row of audit":       func(x *arriving) { x.write(x.audit) },
		"a grant that ended":   func(x *arriving) { x.now = x.now.Add(2 * time.Minute) },
		"a clock that went on": func(x *arriving) { x.now = x.now.Add(store.SeenEvery) },
		"a clock gone back":    func(x *arriving) { x.now = x.now.Add(-time.Second) },
		"a portal of its own on the host": func(x *arriving) {
			x.write(func(tx *db.Tx) error {
				_, err := store.CreatePortal(x.ctx(), tx, "New", "acme.test", x.now)
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newArriving(t)
			before, again := x.arrive(), x.arrive()
			if before.Actor == nil || again.Actor != before.Actor {
				t.Fatal("not known again while nothing changed")
			}
			change(x)
			if after := x.arrive(); (after.Actor == before.Actor) != (name == "nothing") {
				t.Fatalf("after %s: known again is %t", name, after.Actor == before.Actor)
			}
		})
	}
}

// arriving is Lou, signed in at acme.test, with a role that ends in a minute.
type arriving struct {
	t    *testing.T
	w    *worldtest.Test
	now  time.Time
	hash []byte
}

func newArriving(t *testing.T) *arriving {
	w := worldtest.New(t)
	x := &arriving{t: t, w: w, now: w.Clock.Now()}
	_, x.hash = secret.NewToken("pvs_")
	x.write(func(tx *db.Tx) error {
		lou := w.People["Lou"].ID
		if err := store.Begin(x.ctx(), tx, store.NewGrant{Account: lou, Role: access.Monitor, At: w.Acme.Thing(), Since: x.now, Until: x.now.Add(time.Minute)}); err != nil {
			return err
		}
		return store.BeginSession(x.ctx(), tx, store.Session{ID: db.NewID(), Portal: w.Acme.ID, Account: lou, Kind: store.BrowserSession,
			Created: x.now, Until: x.now.Add(time.Hour)}, x.hash)
	})
	return x
}

func (x *arriving) ctx() context.Context { return x.t.Context() }

func (x *arriving) arrive() (a store.Arrival) {
	x.t.Helper()
	err := x.w.Env.DB.Read(x.ctx(), func(tx *db.Tx) (err error) {
		a, err = x.w.Env.Cache.Arrive(x.ctx(), tx, "acme.test", store.BrowserSession, x.hash, x.now)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *arriving) write(do func(tx *db.Tx) error) {
	x.t.Helper()
	if err := x.w.Env.DB.Write(x.ctx(), do); err != nil {
		x.t.Fatal(err)
	}
}

func (x *arriving) audit(tx *db.Tx) error {
	return store.AddAudit(x.ctx(), tx, store.AuditRow{Portal: x.w.Acme.ID, At: x.now, Operation: "session.end", Outcome: "done"})
}
