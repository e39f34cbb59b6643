package attack_test

import "testing"

// what is there in one's own portal and may not be seen answers as what is not there, too: to a learner, to who is bound
// to one team, and to who administers another organization.
func TestHiddenIDs(t *testing.T) {
	s := newSite(t)
	own, _, _, none := s.sets()
	hidden := map[string][]string{"Lin": {"account", "team", "organization", "policy", "group", "invitation"}, "Otto": {"account", "team", "organization"},
		"Bea": {"account", "team", "organization"}}
	for _, who := range []string{"Lin", "Otto", "Bea"} {
		odd := things{}
		for k, v := range none {
			odd[k] = v
		}
		for _, kind := range hidden[who] {
			odd[kind] = s.made["acme"][kind]
		}
		odd["account"], odd["team"], odd["organization"] = s.People["Sue"].ID.String(), s.Teams["Blues"].ID.String(), s.Orgs["South"].ID.String()
		for _, w := range s.ways() {
			n, kinds := w.seen(own)
			for one := range n {
				if odd[kinds[one]] == none[kinds[one]] {
					continue
				}
				r, used, said := w.request(own, odd, one, true)
				a := s.ask(t, who, r)
				r, not, _ := w.request(own, none, one, true)
				b := s.ask(t, who, r)
				if mask(a.text(), used) != mask(b.text(), not) {
					t.Errorf("%s: %s\nhidden: %.400s\nnothing: %.400s", who, said, a.text(), b.text())
				}
			}
		}
	}
}
