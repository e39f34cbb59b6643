package attack_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/db/dbtest"
)

// hush gives everybody of Acme login details and an ID that nothing else holds, after who looks has signed in.
func (s *site) hush(t *testing.T, who ...string) {
	t.Helper()
	for _, w := range who {
		s.cookie(t, w)
	}
	for first, a := range s.People {
		if a.Portal != s.Acme.ID {
			continue
		}
		user, mail := "hush-"+strings.ToLower(first), "hush-"+strings.ToLower(first)+"@kept.test"
		as := s.As("Sam")
		must[action.Named](t)(action.EditAccount.Run(t.Context(), s.Env, as,
			action.PersonChange{Account: a.ID, Name: a.Name, Username: &user, Email: &mail, Code: "HID-" + strings.ToLower(first)}))
	}
}

// MO-1, XA-3, SA-3, IN-2, LM-8: no page, no answer of the API, no file and no preview tells a monitor or a learner manager how
// anybody else signs in, a partial administrator how a full one does, nor a full one how the super administrator does; and a
// monitor sees no learner's ID.
func TestNobodyReadsLoginDetails_MO1_XA3_IN2(t *testing.T) {
	if dbtest.Postgres() {
		t.Skip("what a page shows of what was found is the same on every database")
	}
	s := newSite(t)
	lookers := []string{"Mo", "Leo", "Pia", "Ana"}
	s.hush(t, lookers...)
	own, _, _, _ := s.sets()
	for _, who := range lookers {
		secret := func(first string) bool {
			switch who {
			case "Pia":
				return first == "Ana" || first == "Sam"
			case "Ana":
				return first == "Sam"
			}
			return first != who
		}
		var words []string
		for first, a := range s.People {
			if a.Portal == s.Acme.ID && secret(first) {
				words = append(words, "hush-"+strings.ToLower(first)+"@", "hush-"+strings.ToLower(first)+`"`, "hush-"+strings.ToLower(first)+"<", "hush-"+strings.ToLower(first)+",")
				if who == "Mo" {
					words = append(words, "HID-"+strings.ToLower(first))
				}
			}
		}
		asked, told := 0, 0
		for _, first := range []string{"Lin", "Ana", "Sam"} {
			ids := things{}
			for kind, id := range own {
				ids[kind] = id
			}
			ids["account"] = s.People[first].ID.String()
			for _, w := range s.ways() {
				r, _, said := w.request(ids, ids, -1, true)
				requests := []*http.Request{r}
				if w.method == http.MethodGet { // whole lists, as well as those that are narrowed
					whole, _, _ := w.request(ids, ids, -1, true)
					whole.URL.RawQuery = ""
					requests = append(requests, whole)
				}
				for _, r := range requests {
					a := s.ask(t, who, r)
					if asked++; a.status == http.StatusOK {
						told++
					}
					for _, word := range words {
						if at := strings.Index(a.body, word); at >= 0 {
							t.Errorf("%s, about %s: %s says %q: …%s…", who, first, said, word, a.body[max(0, at-120):min(len(a.body), at+40)])
						}
					}
				}
			}
		}
		if told < 60 {
			t.Errorf("%s was told of %d things in %d requests: the crawl has missed the portal", who, told, asked)
		}
	}
}

// MO-1, XA-3, IN-2: what one may not see one does not find people by either, by a prefix or by the whole of it.
func TestNobodyIsFoundByWhatIsHidden_MO1_XA3_IN2(t *testing.T) {
	s := newSite(t)
	s.hush(t)
	for _, x := range []struct {
		who, text, first string
		found            bool
	}{
		{"Mo", "hush-lin", "Lin", false}, {"Mo", "hush-lin@kept.test", "Lin", false}, {"Mo", "hid-lin", "Lin", false}, {"Mo", "Lin", "Lin", true},
		{"Leo", "hush-lin", "Lin", false}, {"Leo", "HID-lin", "Lin", true}, {"Leo", "Lin Learner", "Lin", true},
		{"Pia", "hush-ana", "Ana", false}, {"Pia", "hush-ana@kept.test", "Ana", false}, {"Pia", "hush-lin", "Lin", true},
		{"Ana", "hush-sam", "Sam", false}, {"Ana", "hush-pia@kept.test", "Pia", true}, {"Sam", "hush-ana@kept.test", "Ana", true}, {"Mo", "hush-mo", "Mo", true},
	} {
		is := func(items []action.AccountItem) bool {
			return slices.ContainsFunc(items, func(a action.AccountItem) bool { return a.ID == s.People[x.first].ID })
		}
		list := must[action.AccountPage](t)(action.ListAccounts.Run(t.Context(), s.Env, s.As(x.who), action.AccountQuery{Query: x.text}))
		pasted := must[action.PeopleResolved](t)(action.ResolveAccounts.Run(t.Context(), s.Env, s.As(x.who), action.PeopleLines{Lines: []string{x.text}}))
		if is(list.Items) != x.found || (x.text != "Lin" && is(pasted.Found) != x.found) {
			t.Errorf("%s finds %s by %q: listed %v, pasted %v, want %v", x.who, x.first, x.text, is(list.Items), is(pasted.Found), x.found)
		}
	}
}
