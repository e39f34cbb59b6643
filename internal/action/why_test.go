package action_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

func why(t *testing.T, w *worldtest.Test, who string, in action.WhyQuery) action.WhyAnswer {
	t.Helper()
	out, err := action.Explain.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s asks %+v: %v", who, in, err)
	}
	return out
}

// BE-1: the answer names the grant, role, group and policy that decide, or what is missing and who could give it.
func TestBE1Why(t *testing.T) {
	w := worldtest.New(t)
	for what, s := range map[string]struct {
		who     string
		in      action.WhyQuery
		allowed bool
		says    []string
	}{
		"by group and policy": {"Ana", action.WhyQuery{Account: "leo", Permission: "account.list", Thing: "sue"}, true,
			[]string{"Yes. Leo Manager may do this", "“List Users” at Acme", "Through the group “Learner management”, which the policy “Learner management: see people” is bound to."}},
		"by creation": {"Ana", action.WhyQuery{Account: "leo", Permission: "team.add_member", Thing: "Reds"}, true, []string{"“Team owner” at Reds"}},
		"missing": {"Ana", action.WhyQuery{Account: "leo", Permission: "team.add_member", Thing: "blues"}, false,
			[]string{"No. Leo Manager may not do this", "“Team owner” at Reds. The role holds this permission, but what is asked about does not lie there.",
				"“Read Teams” at Acme", "“Edit Team” at Blues would allow it. Could be given by: Ana Full, Pia Partial, Sam Super, Tess Tenant."}},
		"in a whole team": {"Ana", action.WhyQuery{Account: "bea@acme.test", Permission: "analytics.read", Kind: "team", Thing: "Company A Team"}, true,
			[]string{"“Analytics Reader” at Company A Team", "By the policy “Company A: read figures”."}},
		"not everywhere": {"Ana", action.WhyQuery{Account: "Bea Account", Permission: "analytics.read"}, false,
			[]string{"in the whole portal", "Being in the group “Learner management” would allow it."}},
		"PT-1":    {"Sam", action.WhyQuery{Account: "pia", Permission: "account.reset_password", Thing: "ana"}, false, []string{"Protected", "Ana Full may “"}},
		"oneself": {"Lin", action.WhyQuery{Permission: "account.edit_own", Thing: "lin"}, true, []string{"Everybody may do this with their own account"}},
		"never":   {"Ana", action.WhyQuery{Account: "mo", Permission: "team.edit", Thing: "Reds"}, false, []string{"“Monitor” at Acme. It reaches there, but this role can never do this."}},
	} {
		got := why(t, w, s.who, s.in)
		text := got.Text()
		if got.Allowed != s.allowed {
			t.Errorf("%s: allowed %v", what, got.Allowed)
		}
		for _, want := range s.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", what, want, text)
			}
		}
	}
}

// BE-1, Q-6: everybody asks about themselves; about others, only who may explain them, and about things that they see.
func TestBE1WhoMayAskWhy(t *testing.T) {
	w := worldtest.New(t)
	for _, s := range []struct {
		who  string
		in   action.WhyQuery
		want fail.Kind
	}{
		{"Lin", action.WhyQuery{Permission: "account.list"}, -1},
		{"Lin", action.WhyQuery{Account: "Lou Learner", Permission: "account.list"}, fail.NotAllowed},
		{"Lin", action.WhyQuery{Account: "Leo Manager", Permission: "account.list"}, fail.NotFound},
		{"Lin", action.WhyQuery{Account: "Max Lab", Permission: "account.list"}, fail.NotFound},
		{"Lin", action.WhyQuery{Account: w.People["Una"].ID.String(), Permission: "account.list"}, fail.NotFound},
		{"Lin", action.WhyQuery{Permission: "team.view", Thing: "Blues"}, fail.NotFound},
		{"Lin", action.WhyQuery{Permission: "team.view", Thing: w.Teams["Shades"].ID.String()}, fail.NotFound},
		{"Lin", action.WhyQuery{Permission: "team.view", Thing: "Reds"}, -1},
		{"Leo", action.WhyQuery{Account: "Lin Learner", Permission: "team.view"}, fail.NotAllowed},
		{"Otto", action.WhyQuery{Account: "max", Permission: "team.view"}, -1},
		{"Otto", action.WhyQuery{Account: "sue", Permission: "team.view"}, fail.NotFound},
		{"Tess", action.WhyQuery{Account: "Ana Full", Permission: "team.view"}, fail.NotAllowed},
		{"Tess", action.WhyQuery{Account: "Lin Learner", Permission: "team.view", Thing: "Shades"}, fail.NotFound},
		{"Tess", action.WhyQuery{Account: "Lin Learner", Permission: "no.such"}, fail.Invalid},
		{"Tess", action.WhyQuery{Account: "Lin Learner", Permission: "team.view", Kind: "course", Thing: "Go"}, fail.Invalid},
	} {
		_, err := action.Explain.Run(t.Context(), w.Env, w.As(s.who), s.in)
		wantKind(t, s.who+" asks "+s.in.Account+" "+s.in.Permission+" "+s.in.Thing, err, s.want)
	}
	got := why(t, w, "Otto", action.WhyQuery{Account: "max", Permission: "team.view", Thing: "Reds"})
	for _, way := range got.Ways {
		if way.Group != nil {
			t.Errorf("Otto, who sees no groups, is told of %s", way.Group.Name)
		}
	}
}

// LM-5, BE-1, BE-8: what a group gave is gone at the next request, and the answer names the group, when it ended and by whom.
func TestBE1LostByLeavingAGroup(t *testing.T) {
	w := worldtest.New(t)
	in := action.WhyQuery{Permission: "team.create"}
	if got := why(t, w, "Leo", in); !got.Allowed || got.By.Group == nil {
		t.Fatalf("%+v", got)
	}
	_, err := action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Tess"), action.GroupMember{Group: w.Management.ID, Account: w.People["Leo"].ID})
	wantKind(t, "taking Leo out", err, -1)
	got := why(t, w, "Leo", in)
	if got.Allowed || got.Lost == nil || got.Lost.Group == nil || got.Lost.Group.Name != "Learner management" || got.Lost.EndedBy != "Tess Tenant" {
		t.Fatalf("%+v", got)
	}
	if text := got.Text(); !strings.Contains(text, "by Tess Tenant") || !strings.Contains(text, "Through the group “Learner management”") {
		t.Error(text)
	}
}

// BE-1: an override that decides is named.
func TestBE1WhyOverride(t *testing.T) {
	w := worldtest.New(t)
	_, err := grid.SetCell.Run(t.Context(), w.Env, w.As("Sam"), grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["North"].ID,
		Role: access.OrgAdmin, Permission: "account.edit"}})
	wantKind(t, "an override", err, -1)
	got := why(t, w, "Otto", action.WhyQuery{Permission: "account.edit", Thing: "max"})
	if got.Allowed || len(got.Near) != 1 || got.Near[0].OffIn != "North" || !strings.Contains(got.Text(), "switches this off for the role in North") {
		t.Errorf("%+v\n%s", got, got.Text())
	}
	_, err = grid.SetCell.Run(t.Context(), w.Env, w.As("Sam"), grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs["Lab"].ID,
		Role: access.OrgAdmin, Permission: "account.edit"}, Allow: true})
	wantKind(t, "an override in the Lab", err, -1)
	if got = why(t, w, "Otto", action.WhyQuery{Permission: "account.edit", Thing: "max"}); !got.Allowed || got.SwitchedIn != "Lab" {
		t.Errorf("%+v", got)
	}
}

// What a person holds: by name, through which group and policy; the ended ones on request; of others, only what one may see.
func TestShowAccess(t *testing.T) {
	w := worldtest.New(t)
	show := func(who, person string, ended bool) []string {
		t.Helper()
		list, err := action.ShowAccess.Run(t.Context(), w.Env, w.As(who), action.AccessQuery{Account: w.People[person].ID, Ended: ended})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, h := range list.Items {
			name := h.Place.Name
			if h.Place.Hidden {
				name = "hidden"
			}
			out = append(out, h.Role.Title+" at "+name)
		}
		slices.Sort(out)
		return out
	}
	if got := show("Lin", "Lin", false); !slices.Contains(got, "Learner at North") || !slices.Contains(got, "Team member at Company A Team") || !slices.Contains(got, "Team member at Reds") {
		t.Errorf("%v", got)
	}
	if got := show("Leo", "Leo", false); len(got) != 11 || !slices.Contains(got, "List Users at Acme") || !slices.Contains(got, "Member of an access group at Learner management") {
		t.Errorf("%v", got)
	}
	if got := show("Ana", "Leo", true); len(got) != 0 {
		t.Errorf("%v", got)
	}
	_, err := action.ShowAccess.Run(t.Context(), w.Env, w.As("Tess"), action.AccessQuery{Account: w.People["Ana"].ID})
	wantKind(t, "PT-1: Tess looks at Ana", err, fail.NotAllowed)
	_, err = action.ShowAccess.Run(t.Context(), w.Env, w.As("Leo"), action.AccessQuery{Account: w.People["Lin"].ID})
	wantKind(t, "Leo looks at Lin", err, fail.NotAllowed)
	_, err = action.ShowAccess.Run(t.Context(), w.Env, w.As("Tess"), action.AccessQuery{Account: w.People["Una"].ID})
	wantKind(t, "another portal's", err, fail.NotFound)
	_, err = action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMember{Group: w.Management.ID, Account: w.People["Leo"].ID})
	wantKind(t, "taking Leo out", err, -1)
	if got := show("Ana", "Leo", true); len(got) != 9 {
		t.Errorf("%v", got)
	}
}

// BE-5: the table of permissions is what the server enforces, for those who may see the grid.
func TestBE5ListPermissions(t *testing.T) {
	w := worldtest.New(t)
	got, err := action.ListPermissions.Run(t.Context(), w.Env, w.As("Otto"), action.Nothing{})
	if err != nil || len(got.Items) != len(access.Table()) {
		t.Fatalf("%d, %v", len(got.Items), err)
	}
	_, err = action.ListPermissions.Run(t.Context(), w.Env, w.As("Leo"), action.Nothing{})
	wantKind(t, "Leo", err, fail.NotAllowed)
}

// LM-8: a learner manager adds nobody, invites nobody, and touches no course, whatever they are asked by.
func TestLM8WhatLearnerManagersNeverHold(t *testing.T) {
	w := worldtest.New(t)
	for _, key := range []string{"account.add", "account.invite", "account.edit", "account.reset_password", "invitation.list", "course.create", "course.configure",
		"course.grade", "access_group.list", "access_group.add_member", "role.edit", "policy.edit", "audit.view", "portal.configure"} {
		if got := why(t, w, "Leo", action.WhyQuery{Permission: key}); got.Allowed {
			t.Errorf("Leo may %s: %s", key, got.Text())
		}
	}
	for _, key := range []string{"account.list", "team.list", "team.view", "team.create", "analytics.view", "analytics.read", "report.certain", "course.enroll_others"} {
		if got := why(t, w, "Leo", action.WhyQuery{Permission: key}); !got.Allowed {
			t.Errorf("LM-6: Leo may not %s: %s", key, got.Text())
		}
	}
}

// BE-1: the command line asks for the portal itself, about anybody, of roles that the portal made too.
func TestBE1WhyAsSystem(t *testing.T) {
	w := worldtest.New(t)
	role := makeRole(t, w, "Ana", "Watchers", "account.list")
	_, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyBinding{Name: "Sue watches", Role: role.ID,
		Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{accountRef(w.People["Sue"])}})
	wantKind(t, "a policy", err, -1)
	got, err := action.Explain.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID, System: "provost why"}, action.WhyQuery{Account: "sue", Permission: "account.list", Thing: "ana"})
	if err != nil || !got.Allowed || !strings.Contains(got.Text(), "“Watchers” at Acme. Since") {
		t.Errorf("%v\n%s", err, got.Text())
	}
}
