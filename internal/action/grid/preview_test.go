package grid_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// everybody of a portal, folded.
func everybody(t *testing.T, w *worldtest.Test, portal db.ID) map[db.ID]*access.Actor {
	t.Helper()
	list := inRead(t, w, func(tx *db.Tx) ([]*access.Actor, error) {
		rules, err := store.LoadRules(t.Context(), tx, portal)
		if err != nil {
			return nil, err
		}
		ids, err := db.All(t.Context(), tx, db.SQL(`SELECT id FROM accounts WHERE portal_id = ?`, portal), func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
		if err != nil {
			return nil, err
		}
		return store.LoadActors(t.Context(), tx, rules, ids, w.Clock.Now())
	})
	out := map[db.ID]*access.Actor{}
	for _, a := range list {
		out[a.Account] = a
	}
	return out
}

// BE-2: what a preview of changed cells says, by folding one person for many, is what everybody gains and loses by the change,
// in portals drawn at random: with roles through groups, several roles a person, overrides, locks and account types of their own.
func TestBE2PreviewOfCellsIsExact(t *testing.T) {
	w := worldtest.New(t)
	checked, affected := 0, 0
	for seed := range 3 {
		p, err := world.Random(t.Context(), w.Env, uint64(300+seed), 24)
		if err != nil {
			t.Fatal(err)
		}
		portal := p.ID
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		super := inRead(t, w, func(tx *db.Tx) (db.ID, error) { return store.SuperOf(t.Context(), tx, p.ID) })
		who := op.Who{Portal: p.ID, Account: super}
		orgs := inRead(t, w, func(tx *db.Tx) ([]db.ID, error) {
			return db.All(t.Context(), tx, db.SQL(`SELECT id FROM organizations WHERE portal_id = ?`, p.ID), func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
		})
		for range 40 {
			before := everybody(t, w, p.ID)
			var held []access.Grant
			for _, id := range slices.Sorted(maps.Keys(before)) {
				for _, g := range before[id].Grants() {
					if g.Role != access.Self && g.Role != access.Super {
						held = append(held, g)
					}
				}
			}
			in := grid.Change{Organization: orgs[r.IntN(len(orgs))], Reason: "a test"}
			for range 1 + r.IntN(3) {
				g := held[r.IntN(len(held))]
				p := access.Table()[r.IntN(len(access.Table()))]
				for role := before[super].Rules().Role(g.Role); !access.LiesIn(p.On, g.Place.Kind) || !grid.Available(role, p); {
					p = access.Table()[r.IntN(len(access.Table()))]
				}
				if len(in.Cells) == 0 && r.IntN(2) == 0 {
					in.Organization = g.Org
				}
				e := grid.Edit{Role: g.Role, Permission: p.Key, To: []string{grid.Allow, grid.Deny, grid.Default}[r.IntN(3)]}
				e.Lock = in.Organization == portal && e.To != grid.Default && r.IntN(3) == 0
				in.Cells = append(in.Cells, e)
			}
			_, effects, err := grid.ChangeCells.Preview(t.Context(), w.Env, who, in)
			if err != nil {
				if fail.Is(err, fail.Fault) {
					t.Fatal(err)
				}
				continue
			}
			if _, err := grid.ChangeCells.Run(t.Context(), w.Env, who, in); err != nil {
				t.Fatal(err)
			}
			after := everybody(t, w, p.ID)
			var gaining, losing, all int
			names := map[string]bool{}
			for id, now := range after {
				gains, loses := access.Difference(before[id], now), access.Difference(now, before[id])
				if len(gains) > 0 {
					gaining++
				}
				if len(loses) > 0 {
					losing++
				}
				if len(gains)+len(loses) > 0 {
					all++
					names[now.Name] = true
				}
			}
			checked, affected = checked+1, affected+all
			if effects.Gaining != gaining || effects.Losing != losing || effects.Affected != all || len(effects.People) != all {
				t.Errorf("seed %d, %+v: the preview says %d gain, %d lose, %d in all, %d by name; it is %d, %d and %d", seed, in, effects.Gaining, effects.Losing, effects.Affected, len(effects.People), gaining, losing, all)
			}
			for _, person := range effects.People {
				if !names[person.Name] {
					t.Errorf("%s neither gains nor loses", person.Name)
				}
			}
		}
	}
	if checked < 20 || affected < 50 {
		t.Errorf("only %d changes were checked, of %d people", checked, affected)
	}
	t.Logf("%d changes, %d people", checked, affected)
}
