package action_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store/named"
	"provost/internal/world/worldtest"
)

func people(t *testing.T, w *worldtest.Test, who string, in action.AccountQuery) action.AccountPage {
	t.Helper()
	out, err := action.ListAccounts.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s lists people: %v", who, err)
	}
	return out
}

func firstNames(p action.AccountPage) string {
	var out []string
	for _, a := range p.Items {
		first, _, _ := strings.Cut(a.Name, " ")
		out = append(out, first)
	}
	return strings.Join(out, " ")
}

// LM-6, LM-9, OA-1, PT-4: everybody lists exactly the people whom they may see, and counts no others.
func TestLM6ListAccounts(t *testing.T) {
	w := worldtest.New(t)
	everybody := "Ana Bea Gus Ivy Leo Lin Lou Max Mo Otto Pia Sam Sue Tess"
	for who, want := range map[string]string{
		"Sam": everybody, "Ana": everybody, "Pia": everybody, "Leo": everybody, "Tess": everybody, "Mo": everybody,
		"Otto": "Gus Ivy Lin Max Otto",
		"Gus":  "Gus Ivy Lin Max Otto",
		"Bea":  "Bea Lin Lou",
		"Urs":  "Ulf Una Urs",
	} {
		got := people(t, w, who, action.AccountQuery{})
		a, b := strings.Fields(firstNames(got)), strings.Fields(want)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) || got.Total != len(b) {
			t.Errorf("%s lists %v (%d), want %v", who, a, got.Total, b)
		}
	}
}

// LM-8, PT-1: e-mail addresses are shown, and found, only where login details may be seen. Otto does not see Lin's: she
// is in a team of the whole portal, and may see people there whom he may not. Pia does not see Mo's, who reads the audit.
func TestPT1LoginHidden(t *testing.T) {
	w := worldtest.New(t)
	for who, want := range map[string]string{
		"Leo": "Leo", "Mo": "Mo", "Otto": "Gus Ivy Max Otto", "Pia": "Bea Gus Ivy Leo Lin Lou Max Otto Pia Sue Tess", "Sam": "Ana Bea Gus Ivy Leo Lin Lou Max Mo Otto Pia Sam Sue Tess",
	} {
		var seen []string
		for _, a := range people(t, w, who, action.AccountQuery{}).Items {
			first, _, _ := strings.Cut(a.Name, " ")
			if !a.LoginHidden {
				seen = append(seen, first)
			} else if a.Email != "" {
				t.Errorf("%s gets the hidden address %s", who, a.Email)
			}
			found := people(t, w, who, action.AccountQuery{Query: strings.ToLower(first) + "@acme"})
			if (len(found.Items) == 1) != !a.LoginHidden || found.Total != len(found.Items) {
				t.Errorf("%s finds %d people by the address of %s, hidden %v", who, len(found.Items), first, a.LoginHidden)
			}
		}
		slices.Sort(seen)
		if got := strings.Join(seen, " "); got != want {
			t.Errorf("%s sees the addresses of %s, want %s", who, got, want)
		}
	}
}

func TestLM6Search(t *testing.T) {
	w := worldtest.New(t)
	org := func(name string) db.ID { return w.Orgs[name].ID }
	for _, c := range []struct {
		who  string
		in   action.AccountQuery
		want string
	}{
		{"Leo", action.AccountQuery{Query: "l"}, "Leo Lin Lou Max Sue"},
		{"Leo", action.AccountQuery{Query: "lea l"}, "Lin Lou Sue"},
		{"Leo", action.AccountQuery{Query: "LIN learn"}, "Lin"},
		{"Leo", action.AccountQuery{Query: "Learner lou"}, "Lou"},
		{"Leo", action.AccountQuery{Query: "%"}, ""},
		{"Leo", action.AccountQuery{Query: "_"}, ""},
		{"Leo", action.AccountQuery{Query: "una"}, ""},
		{"Otto", action.AccountQuery{Query: "l"}, "Lin Max"},
		{"Leo", action.AccountQuery{Org: org("North")}, "Gus Ivy Lin Max Otto"},
		{"Leo", action.AccountQuery{Org: org("Acme"), Query: "su"}, "Sam Sue"},
		{"Leo", action.AccountQuery{Org: org("Lab")}, "Max"},
		{"Leo", action.AccountQuery{Team: w.Teams["Company A Team"].ID}, "Lin Lou"},
		{"Leo", action.AccountQuery{Team: w.Teams["Company A Team"].ID, Org: org("South")}, "Lou"},
		{"Leo", action.AccountQuery{Archived: true}, ""},
	} {
		if got := people(t, w, c.who, c.in); firstNames(got) != c.want || got.Total != len(got.Items) {
			t.Errorf("%s lists %+v: %s (%d), want %s", c.who, c.in, firstNames(got), got.Total, c.want)
		}
	}
	for _, in := range []action.AccountQuery{{Org: org("Dusk")}, {Team: w.Teams["Shades"].ID}, {Org: 1}} {
		if _, err := action.ListAccounts.Run(t.Context(), w.Env, w.As("Leo"), in); !fail.Is(err, fail.NotFound) {
			t.Errorf("%+v: %v, want not found", in, err)
		}
	}
}

// The teams of a person are named only to those who know of the teams (LM-9).
func TestLM9TeamsOfPeople(t *testing.T) {
	w := worldtest.New(t)
	for _, a := range people(t, w, "Bea", action.AccountQuery{}).Items {
		for _, team := range a.Teams {
			if team.Name != "Company A Team" {
				t.Errorf("Bea sees that %s is in %s", a.Name, team.Name)
			}
		}
	}
}

// Pages forwards and back hold everybody once, in order.
func TestListAccountsPages(t *testing.T) {
	w := worldtest.New(t)
	for _, who := range []string{"Leo", "Otto", "Bea"} {
		all := firstNames(people(t, w, who, action.AccountQuery{}))
		var forth []string
		page := people(t, w, who, action.AccountQuery{Size: 2})
		for {
			forth = append(forth, firstNames(page))
			if page.Next == "" {
				break
			}
			page = people(t, w, who, action.AccountQuery{Size: 2, After: page.Next})
		}
		if got := strings.Join(forth, " "); got != all {
			t.Errorf("%s pages forth through %s, want %s", who, got, all)
		}
		back := []string{firstNames(page)}
		for page.Prev != "" {
			page = people(t, w, who, action.AccountQuery{Size: 2, Before: page.Prev})
			back = append([]string{firstNames(page)}, back...)
		}
		if got := strings.Join(back, " "); got != all {
			t.Errorf("%s pages back through %s, want %s", who, got, all)
		}
	}
}

func TestResolvePeople(t *testing.T) {
	w := worldtest.New(t)
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		leo, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Leo"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		found, problems, err := named.People(t.Context(), tx, leo.May(access.AccountList), []string{"lin learner", " LOU LEARNER ", "", "Sue  learner", "Lin Learner", "lin", "lin@acme.test", "%"})
		if err != nil {
			return err
		}
		var names []string
		for _, a := range found {
			names = append(names, a.Name)
		}
		if got := strings.Join(names, ", "); got != "Lin Learner, Lou Learner, Sue Learner" {
			t.Errorf("found %s", got)
		}
		var at []string
		for _, p := range problems {
			at = append(at, p.Name)
		}
		if got := strings.Join(at, ", "); got != "line 5, line 6, line 7, line 8" {
			t.Errorf("problems %v", problems)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
