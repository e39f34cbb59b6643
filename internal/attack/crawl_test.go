package attack_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/db/dbtest"
)

// people are the attackers: nobody, and one of each kind; some of them on PostgreSQL, where the same is decided by the same code.
func people() []string {
	if testing.Short() || dbtest.Postgres() {
		return []string{"", "Lin", "Leo", "Bea", "Otto"}
	}
	return []string{"", "Lin", "Sue", "Leo", "Bea", "Otto", "Gus", "Ivy", "Tess", "Mo", "Pia", "Ana"}
}

// way is one way into the portal: a page's route, or an operation of the API.
type way struct {
	name, method, pattern string
	in                    any
	page                  bool
}

func (s *site) ways() []way {
	var out []way
	inputs := map[string]any{}
	for _, o := range action.All {
		m := o.Meta()
		in, _ := o.Types()
		inputs[m.Name] = in
		if method, pattern, ok := strings.Cut(m.Route, " "); ok && !m.PageOnly {
			out = append(out, way{m.Name, method, api.Prefix + pattern, in, false})
		}
	}
	for _, r := range s.web.Routes() {
		if strings.Contains(r.Pattern, "{token}") || r.Pattern == "/sign-out" || r.Pattern == "/sign-in" {
			continue
		}
		out = append(out, way{r.Meta.Name, r.Method, r.Pattern, inputs[r.Meta.Name], true})
	}
	return out
}

// seen fills a way's input, and says how many of its fields hold ids.
func (w way) seen(ids things) (n int, kinds []string) {
	f := filler{ids: ids, odd: ids, one: -1}
	f.fill(w.in)
	return len(f.seen), f.seen
}

// request is the way's request with ids, one of which, where it is not -1, comes from odd. Changes by the API are previews
// where dry is set.
func (w way) request(ids, odd things, one int, dry bool) (r *http.Request, used []string, said string) {
	f := filler{ids: ids, odd: odd, one: one}
	in := f.fill(w.in)
	if one == -2 { // all of them
		f = filler{ids: odd, one: -1}
		in = f.fill(w.in)
		for _, id := range odd {
			f.used = append(f.used, id)
		}
	}
	path := in.at(w.pattern, ids)
	if one == -2 {
		path = in.at(w.pattern, odd)
	}
	if w.page {
		r = page(w.method, path, in.form())
		if dry && w.method == http.MethodPost {
			r.Header.Set("X-Preview", "1")
		}
		return r, f.used, w.method + " " + path + " " + in.form().Encode()
	}
	if dry && w.method != http.MethodGet {
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "preview=true"
	}
	var body any
	if len(in.body) > 0 || w.method == http.MethodPost || w.method == http.MethodPut {
		body = in.body
	}
	return call(w.method, path, body), f.used, w.method + " " + path + " " + in.String()
}

// own are ids of Acme's, in and below North; sibling of South; theirs of Umbra; none of nothing.
func (s *site) sets() (own, sibling, theirs, none things) {
	a, u := s.made["acme"], s.made["umbra"]
	own, theirs, none, sibling = things{}, things{}, things{}, things{}
	for kind, id := range a {
		own[kind], theirs[kind] = id, u[kind]
		none[kind] = db.NewID().String()
		sibling[kind] = id
	}
	none["role"] = "c" + none["role"]
	own["address"], theirs["address"], none["address"], sibling["address"] = "lin@acme.test", "una@umbra.test", "nil@umbre.tost", "sue@acme.test"
	sibling["account"], sibling["team"], sibling["organization"] = s.People["Sue"].ID.String(), s.Teams["Blues"].ID.String(), s.Orgs["South"].ID.String()
	sibling["course"] = s.Courses["First aid"].ID.String()
	return own, sibling, theirs, none
}

// PT-4, Q-6: the id of a thing of another portal, in any field of any page and operation, answers to everybody as an id of
// nothing does, byte for byte; says nothing of that portal; and changes nothing there.
func TestForeignIDs_PT4(t *testing.T) {
	s := newSite(t)
	own, _, theirs, none := s.sets()
	before := s.dump(t, s.Umbra.ID)
	asked := 0
	for _, who := range people() {
		for _, w := range s.ways() {
			n, kinds := w.seen(own)
			all := []int{}
			if n > 0 || strings.Contains(w.pattern, "{") {
				all = append(all, -2)
			}
			if n > 1 {
				for i := range n {
					all = append(all, i)
				}
			}
			for _, one := range all {
				asked += 2
				r, used, said := w.request(own, theirs, one, true)
				a := s.ask(t, who, r)
				r, not, _ := w.request(own, none, one, true)
				b := s.ask(t, who, r)
				if mask(a.text(), used) != mask(b.text(), not) {
					t.Errorf("%s (%d of %v): %s\nforeign: %.600s\nnothing: %.600s", who, one, kinds, said, a.text(), b.text())
				}
				s.clean(t, who, said, a, used)
			}
		}
	}
	for _, diff := range differ(before, s.dump(t, s.Umbra.ID)) {
		t.Errorf("Umbra has changed: %s", diff)
	}
	t.Logf("%d requests", asked)
}

func mask(text string, ids []string) string {
	for _, id := range ids {
		if len(id) > 3 {
			text = strings.ReplaceAll(text, id, "ID")
			text = strings.ReplaceAll(text, strings.ReplaceAll(id, "@", "%40"), "ID")
		}
	}
	return text
}

// clean checks that an answer is no fault of the server and holds no word of Umbra.
func (s *site) clean(t *testing.T, who, said string, a answer, sent []string) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s: %s: %d %.300s", who, said, a.status, a.body)
	}
	text := mask(a.text(), sent)
	for _, word := range foreign {
		if at := strings.Index(text, word); at >= 0 {
			t.Errorf("%s: %s says %q: …%s…", who, said, word, text[max(0, at-80):min(len(text), at+80)])
		}
	}
}

// Nothing fails, whatever ids it is given, and nothing changes by being looked at.
func TestLookingChangesNothing(t *testing.T) {
	if dbtest.Postgres() {
		t.Skip("TestGetChangesNothing reads every page there")
	}
	s := newSite(t)
	own, sibling, _, none := s.sets()
	bad := things{}
	for kind := range none {
		bad[kind] = []string{"x", "%00", "-1", "zzzzzzzzzzzzz", "'; DROP TABLE accounts; --", "../../sign-in"}[len(bad)%6]
	}
	for _, who := range people() {
		s.ask(t, who, page(http.MethodGet, "/", nil))
		before := s.dump(t, 0)
		for _, w := range s.ways() {
			if w.method != http.MethodGet {
				continue
			}
			for _, ids := range []things{own, sibling, bad} {
				r, used, said := w.request(ids, ids, -2, false)
				s.clean(t, who, said, s.ask(t, who, r), used)
			}
			r, used, said := w.request(own, own, -2, false)
			r.URL.RawQuery = "" // whole lists
			s.clean(t, who, said, s.ask(t, who, r), used)
			r, used, said = w.request(own, none, -2, false)
			r.Method = http.MethodHead
			s.clean(t, who, said, s.ask(t, who, r), used)
		}
		for _, diff := range differ(before, s.dump(t, 0)) {
			t.Errorf("%s looked, and changed %s", who, diff)
		}
	}
}

// Each change, made for real by everybody on what is there: it may be done or refused, but no fault, no word of Umbra, and
// not a row of it.
func TestChangesStayAtHome_PT4(t *testing.T) {
	list := people()
	for _, who := range list {
		s := newSite(t)
		own, sibling, theirs, _ := s.sets()
		before := s.dump(t, s.Umbra.ID)
		done := 0
		for _, w := range s.ways() {
			if w.method == http.MethodGet || w.name == "account.archive" || w.name == "account.delete" || w.name == "account.merge" {
				continue
			}
			for _, ids := range []things{own, sibling, theirs} {
				r, used, said := w.request(ids, ids, -2, false)
				a := s.ask(t, who, r)
				s.clean(t, who, said, a, used)
				if a.status < 400 {
					done++
				}
			}
		}
		for _, diff := range differ(before, s.dump(t, s.Umbra.ID)) {
			t.Errorf("%s changed Umbra: %s", who, diff)
		}
		t.Logf("%q: %d requests were granted", who, done)
	}
}
