package action_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// PT-2, PT-4, PT-5: Tess, Tenant Admin by a policy, binds nothing that she does not hold there, nothing of another portal,
// no account type, and no role where it is not given.
func TestPT2PolicyAttacks(t *testing.T) {
	w := worldtest.New(t)
	strong := makeRole(t, w, "Ana", "Editors", "account.edit")
	me, root := accountRef(w.People["Tess"]), portalRef(w)
	for what, s := range map[string]struct {
		who           string
		role          access.RoleID
		place, holder action.PlaceRef
		want          fail.Kind
	}{
		"what she holds":             {"Tess", access.ListUsers, root, accountRef(w.People["Lin"]), -1},
		"what she holds, on a team":  {"Tess", access.EditTeam, teamRef(w.Teams["Reds"]), accountRef(w.People["Lin"]), -1},
		"administrators' rights":     {"Tess", strong.ID, root, me, fail.NotAllowed},
		"administrators', on a team": {"Tess", strong.ID, teamRef(w.Teams["Reds"]), me, fail.NotAllowed},
		"by her group":               {"Tess", strong.ID, root, groupRef(w.Management.ID), fail.NotAllowed},
		"an account type":            {"Tess", access.Admin, root, me, fail.Invalid},
		"the super administrator":    {"Sam", access.Super, root, me, fail.Invalid},
		"a role on a thing":          {"Tess", access.TeamOwner, teamRef(w.Teams["Reds"]), me, fail.Invalid},
		"an unknown role":            {"Tess", "c0000000000000", root, me, fail.Invalid},
		"a foreign team":             {"Tess", access.EditTeam, teamRef(w.Teams["Shades"]), me, fail.NotFound},
		"a foreign portal":           {"Tess", access.ListUsers, ref("portal:" + w.Umbra.ID.String()), me, fail.NotFound},
		"a foreign person":           {"Tess", access.ListUsers, root, accountRef(w.People["Una"]), fail.NotFound},
		"on a foreign person":        {"Tess", access.ListUsers, accountRef(w.People["Una"]), me, fail.NotFound},
		"where it is not given":      {"Tess", access.CreateTeams, teamRef(w.Teams["Reds"]), me, fail.Invalid},
		"by a learner manager":       {"Leo", access.ListUsers, root, accountRef(w.People["Leo"]), fail.NotAllowed},
		"by who reads only":          {"Mo", access.ListUsers, root, accountRef(w.People["Mo"]), fail.NotAllowed},
		"by an organization's":       {"Otto", access.ListUsers, ref("organization:" + w.Orgs["North"].ID.String()), accountRef(w.People["Otto"]), fail.NotAllowed},
	} {
		_, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As(s.who), action.PolicyBinding{Name: what, Role: s.role,
			Places: []action.PlaceRef{s.place}, Holders: []action.PlaceRef{s.holder}})
		wantKind(t, what, err, s.want)
	}
	refused := inRead(t, w, func(tx *db.Tx) (int64, error) {
		return db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE operation = 'policy.create' AND outcome = 'refused'`))
	})
	if refused != 6 {
		t.Errorf("%d refusals in the audit, want 6 (CO-8)", refused)
	}
}

// LM-12: the policies that every portal has are not edited or deleted, by nobody.
func TestLM12InternalPolicies(t *testing.T) {
	w := worldtest.New(t)
	list, err := action.ListPolicies.Run(t.Context(), w.Env, w.As("Sam"), action.PolicyQuery{Query: "learner management"})
	if err != nil || len(list.Items) != 8 || list.Total != 8 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, p := range list.Items {
		_, err := action.DeletePolicy.Run(t.Context(), w.Env, w.As("Sam"), action.PolicyID{Policy: p.ID})
		wantKind(t, "deleting "+p.Name, err, fail.NotAllowed)
		_, err = action.EditPolicy.Run(t.Context(), w.Env, w.As("Sam"), action.PolicyChange{Policy: p.ID, PolicyBinding: action.PolicyBinding{Name: "X", Role: access.ListUsers,
			Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{accountRef(w.People["Sue"])}}})
		wantKind(t, "editing "+p.Name, err, fail.NotAllowed)
	}
}

// LM-3, LM-9, BE-2, BE-4: a policy on one team reaches that team's people; an edit moves it, with its effects shown first; it
// ends by itself.
func TestLM9PolicyOnATeam(t *testing.T) {
	w := worldtest.New(t)
	in := action.PolicyBinding{Name: "Sue reads Reds", Role: access.ListUsers, Places: []action.PlaceRef{teamRef(w.Teams["Reds"])}, Lines: []string{"max"}, Until: "2026-03-04"}
	made, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), in)
	if err != nil || made.Places[0].Name != "Reds" || strings.Join(made.Places[0].Path, " › ") != "Acme › North" || made.Holders[0].Name != "Max Lab" || made.People != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	sees := func() string { return firstNames(people(t, w, "Max", action.AccountQuery{})) }
	if got := sees(); got != "Lin Max" {
		t.Errorf("Max sees %s", got)
	}
	in.Places = []action.PlaceRef{teamRef(w.Teams["Blues"])}
	change := action.PolicyChange{Policy: made.ID, PolicyBinding: in}
	_, effects, err := action.EditPolicy.Preview(t.Context(), w.Env, w.As("Ana"), change)
	if err != nil || effects.Affected != 1 || effects.Gaining != 1 || effects.Losing != 1 {
		t.Errorf("%+v, %v", effects, err)
	}
	if _, err = action.EditPolicy.Run(t.Context(), w.Env, w.As("Ana"), change); err != nil {
		t.Fatal(err)
	}
	if got := sees(); got != "Lou Max Sue" {
		t.Errorf("then Max sees %s", got)
	}
	w.Clock.Move(3 * 24 * time.Hour)
	if got := sees(); got != "Max" {
		t.Errorf("when it has ended Max sees %s", got)
	}
	show, err := action.ShowPolicy.Run(t.Context(), w.Env, w.As("Tess"), action.PolicyID{Policy: made.ID})
	if err != nil || !show.Over || !show.MayEdit {
		t.Errorf("%+v, %v", show, err)
	}
	_, err = action.DeletePolicy.Run(t.Context(), w.Env, w.As("Tess"), action.PolicyID{Policy: made.ID})
	wantKind(t, "deleting it", err, -1)
}

// LM-12: what a team's policies would lose is known before it is deleted, and deleting it unbinds them whole.
func TestLM12PoliciesAtATeam(t *testing.T) {
	w := worldtest.New(t)
	team := w.Teams["Company A Team"].Thing()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		list, err := store.PoliciesAt(t.Context(), tx, team.Place())
		if err != nil || len(list) != 3 {
			t.Errorf("%v, %v", list, err)
		}
		return store.Unbind(t.Context(), tx, team, 0, w.Clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := firstNames(people(t, w, "Bea", action.AccountQuery{})); got != "Bea" {
		t.Errorf("Bea sees %s", got)
	}
}

// LM-3: places are found by name, those only at which the role may be given, and none that one may not see.
func TestLM3FindPlaces(t *testing.T) {
	w := worldtest.New(t)
	find := func(who string, in action.PlaceQuery) string {
		list, err := action.ListPlaces.Run(t.Context(), w.Env, w.As(who), in)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range list.Items {
			out = append(out, p.Kind+" "+strings.Join(append(p.Path, p.Name), " › "))
		}
		return strings.Join(out, "; ")
	}
	for _, s := range []struct {
		who  string
		in   action.PlaceQuery
		want string
	}{
		{"Tess", action.PlaceQuery{Query: "red"}, "team Acme › North › Reds"},
		{"Tess", action.PlaceQuery{Query: "LA"}, "organization Acme › North › Lab; account Acme › North › Lab › Max Lab"},
		{"Tess", action.PlaceQuery{Query: "acme"}, "portal Acme"},
		{"Tess", action.PlaceQuery{Query: "shades"}, ""},
		{"Tess", action.PlaceQuery{Query: "north", Role: string(access.EditTeam)}, "organization Acme › North"},
		{"Tess", action.PlaceQuery{Query: "lin", Role: string(access.CreateTeams)}, ""},
		{"Otto", action.PlaceQuery{Query: "s", Kind: "team"}, "team Acme › North › Reds"},
		{"Sue", action.PlaceQuery{Query: "red"}, ""},
		{"Tess", action.PlaceQuery{Query: "%"}, ""},
	} {
		if got := find(s.who, s.in); got != s.want {
			t.Errorf("%s finds %+v: %q, want %q", s.who, s.in, got, s.want)
		}
	}
}

// A policy keeps who is archived meanwhile when it is edited, and gives them nothing.
func TestPolicyKeepsWhoIsArchived(t *testing.T) {
	w := worldtest.New(t)
	in := action.PolicyBinding{Name: "Watch", Role: access.ListUsers, Places: []action.PlaceRef{portalRef(w)},
		Holders: []action.PlaceRef{accountRef(w.People["Sue"]), accountRef(w.People["Max"])}}
	made, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), in)
	wantKind(t, "a policy", err, -1)
	_, err = action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: w.People["Sue"].ID})
	wantKind(t, "archiving Sue", err, -1)
	in.Name = "Watchers"
	out, err := action.EditPolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyChange{Policy: made.ID, PolicyBinding: in})
	if err != nil || len(out.Holders) != 2 {
		t.Errorf("%+v, %v", out, err)
	}
	in.Name = "Others"
	_, err = action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), in)
	wantKind(t, "a new one with who is archived", err, fail.NotFound)
}
