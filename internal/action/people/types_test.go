package people_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/people"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func wantKind(t *testing.T, what string, err error, want fail.Kind) {
	t.Helper()
	if want == -1 && err != nil || want != -1 && (err == nil || fail.Of(err) != want) {
		t.Errorf("%s: %v, want kind %d", what, err, want)
	}
}

func try[In, Out any](t *testing.T, w *worldtest.Test, who string, o *op.Op[In, Out], in In) (Out, error) {
	t.Helper()
	return o.Run(t.Context(), w.Env, w.As(who), in)
}

func switchType(t *testing.T, w *worldtest.Test, who string, role access.RoleID, on bool) error {
	t.Helper()
	_, err := try(t, w, who, people.SwitchType, people.TypeSwitch{Type: role, On: on})
	return err
}

// Account types are switched by the super administrator alone, but for those that are always on; while one is off its grants
// hold nothing, why says so, and nobody is given it by form, invitation or API (SPEC 3).
func TestTypesSwitched(t *testing.T) {
	w := worldtest.New(t)
	for _, who := range []string{"Ana", "Pia", "Otto", "Mo"} {
		wantKind(t, who+" switches", switchType(t, w, who, access.Monitor, false), fail.NotAllowed)
	}
	for _, role := range access.AlwaysOn {
		wantKind(t, string(role)+" is always on", switchType(t, w, "Sam", role, false), fail.Conflict)
	}
	wantKind(t, "no such type", switchType(t, w, "Sam", "wizard", false), fail.NotFound)
	wantKind(t, "on already", switchType(t, w, "Sam", access.Monitor, true), fail.Conflict)

	_, effects, err := people.SwitchType.Preview(t.Context(), w.Env, w.As("Sam"), people.TypeSwitch{Type: access.OrgAdmin})
	if err != nil || effects.Losing != 1 || effects.Gaining != 0 || effects.People[0].Name != "Otto North" {
		t.Fatalf("BE-2: %+v, %v", effects, err)
	}
	list := func() int {
		out, err := try(t, w, "Otto", action.ListAccounts, action.AccountQuery{})
		wantKind(t, "Otto lists", err, -1)
		return len(out.Items)
	}
	before := list()
	wantKind(t, "off", switchType(t, w, "Sam", access.OrgAdmin, false), -1)
	if got := list(); got != 1 || before < 2 {
		t.Errorf("Otto lists %d people while his type is off, %d before", got, before)
	}
	why, err := try(t, w, "Sam", action.Explain, action.WhyQuery{Account: "otto", Permission: "account.edit", Thing: "lin"})
	if err != nil || why.Allowed || !strings.Contains(why.Text(), "switched off in this portal") {
		t.Errorf("why: %v\n%s", err, why.Text())
	}
	for _, way := range why.Ways {
		if way.Role.ID == access.OrgAdmin {
			t.Error("why proposes a type that is switched off")
		}
	}
	north := w.Orgs["North"].ID
	give, err := try(t, w, "Sam", action.ListAccountTypes, action.TypesQuery{Organization: north})
	for _, x := range give.Types {
		if x.ID == access.OrgAdmin {
			t.Error("the form offers a type that is switched off")
		}
	}
	wantKind(t, "types", err, -1)
	_, err = try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Lin"].ID, Types: []access.RoleID{access.OrgAdmin}})
	wantKind(t, "given by form", err, fail.Conflict)
	_, err = try(t, w, "Sam", action.AddAccount, action.NewPerson{Name: "New", Username: "new.one", Organization: north, Types: []access.RoleID{access.OrgAdmin}})
	wantKind(t, "given to a new person", err, fail.Conflict)
	_, err = try(t, w, "Sam", action.SendInvitations, action.NewInvitations{Rows: []action.InvitationRow{{Email: "new@acme.test", Organization: "North", Types: []access.RoleID{access.OrgAdmin}}}})
	wantKind(t, "given by invitation", err, fail.Invalid)
	_, err = try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Otto"].ID, Types: []access.RoleID{access.OrgAdmin, access.Learner}})
	wantKind(t, "kept while off", err, -1)
	_, err = try(t, w, "Sam", action.MoveAccount, action.AccountMove{Account: w.People["Otto"].ID, Organization: w.Orgs["South"].ID})
	wantKind(t, "moves along while off", err, -1)
	wantKind(t, "on again", switchType(t, w, "Sam", access.OrgAdmin, true), -1)
	if got := list(); got < 3 {
		t.Errorf("Otto lists %d people of South", got)
	}
}

// XA-1: switching partial administrators off makes each a full administrator, after saying so.
func TestXA1PartialBecomeFull(t *testing.T) {
	w := worldtest.New(t)
	out, effects, err := people.SwitchType.Preview(t.Context(), w.Env, w.As("Sam"), people.TypeSwitch{Type: access.Partial})
	if err != nil || out.MadeFull != 1 || len(effects.People) != 1 || effects.People[0].Name != "Pia Partial" || len(effects.People[0].Gains) == 0 || len(effects.People[0].Loses) != 0 {
		t.Fatalf("%+v, %+v, %v", out, effects, err)
	}
	wantKind(t, "off", switchType(t, w, "Sam", access.Partial, false), -1)
	err = w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		types, err := store.AccountTypes(t.Context(), tx, w.People["Pia"], w.Clock.Now())
		if len(types) != 1 || types[0] != access.Admin {
			t.Errorf("Pia holds %v", types)
		}
		return err
	})
	wantKind(t, "types", err, -1)
	_, err = try(t, w, "Sam", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Ana"].ID, Types: []access.RoleID{access.Partial}})
	wantKind(t, "given while off", err, fail.Conflict)
	wantKind(t, "on again", switchType(t, w, "Sam", access.Partial, true), -1)
}
