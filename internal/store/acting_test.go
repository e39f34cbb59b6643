package store_test

import (
	"math/rand/v2"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// acted are people acted by others: every pair where there are few, as many drawn where there are many.
func acted(seed uint64, most int) func([]*access.Actor) []*access.Actor {
	return func(all []*access.Actor) (out []*access.Actor) {
		for _, a := range all {
			for _, b := range all {
				if a.Account != b.Account && a.Portal == b.Portal {
					out = append(out, a.ActedBy(b))
				}
			}
		}
		r := rand.New(rand.NewPCG(seed, 3))
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out[:min(most, len(out))]
	}
}

// CO-4, BE-6: of somebody acted by another the function says what the query says, in the world and in portals drawn at random.
func TestAgreementActed_CO4(t *testing.T) {
	w := worldtest.New(t)
	most := 60
	if testing.Short() {
		most = 20
	}
	decisions, allowed := agreeOf(t, w, acted(1, most), w.Acme.ID)
	t.Logf("%d decisions, %d of them allowed", decisions, allowed)
	for seed := range uint64(2) {
		p, err := world.Random(t.Context(), w.Env, 200+seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		decisions, more := agreeOf(t, w, acted(seed, most), p.ID)
		t.Logf("portal %d: %d decisions, %d of them allowed", seed, decisions, more)
		allowed += more
	}
	if allowed == 0 {
		t.Fatal("nobody may do anything")
	}
}

// CO-4: who acts as another never does what one of the two may not: permission by permission, place by place, and in every
// answer of a Within.
func TestActedIsBoth_CO4(t *testing.T) {
	w := worldtest.New(t)
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		all, err := everybody(t.Context(), tx, w, []db.ID{w.Acme.ID})
		if err != nil {
			return err
		}
		root := w.Acme.Thing()
		for _, a := range all {
			for _, b := range all {
				both := a.ActedBy(b)
				for _, p := range access.Table() {
					in, one, two := both.May(p), a.May(p), b.May(p)
					own := p.Own && !p.Closed
					if in.Any() && !(one.Any() && (own || two.Any())) || in.Opens() && !(one.Opens() && (own || two.Opens())) ||
						in.Everywhere() && !(one.Everywhere() && two.Everywhere()) ||
						both.HoldsOver(p, root, root.Org) && !(a.HoldsOver(p, root, root.Org) && (own || b.HoldsOver(p, root, root.Org))) {
						t.Errorf("%s acted by %s: %s reaches too far", a.Name, b.Name, p.Key)
					}
					if p.Closed && (in.Any() || in.Opens() || len(in.Places()) > 0) {
						t.Errorf("%s acted by %s: %s is closed", a.Name, b.Name, p.Key)
					}
					for _, other := range all {
						if p.Protected && both.Protects(p, other) == nil {
							t.Errorf("%s acted by %s does %s to %s", a.Name, b.Name, p.Key, other.Name)
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
}
