package tenant_test

import (
	"context"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

func closing(w *worldtest.Test, org, into string, carry bool) tenant.OrganizationClosing {
	return tenant.OrganizationClosing{OrganizationPath: tenant.OrganizationPath{Organization: w.Orgs[org].ID}, Into: w.Orgs[into].ID, Carry: carry}
}

func orgOf(t *testing.T, w *worldtest.Test, person string) string {
	t.Helper()
	return try(t, w, "Sam", action.ShowAccount, action.AccountID{Account: w.People[person].ID}, done).Organization.Name
}

func gains(effects op.Effects, name string) (gains, loses int) {
	for _, p := range effects.People {
		if p.Name == name {
			return len(p.Gains), len(p.Loses)
		}
	}
	return 0, 0
}

// SPEC 9: deleting an organization first asks where its accounts and courses go; nothing is deleted along with it. Roles given
// in it end, before which the preview names who loses them.
func TestCloseOrganization(t *testing.T) {
	w := worldtest.New(t)
	north := closing(w, "North", "South", false)
	_, effects, err := tenant.CloseOrganization.Preview(t.Context(), w.Env, w.As("Ana"), north)
	if _, loses := gains(effects, "Otto North"); err != nil || loses == 0 {
		t.Fatalf("the preview does not say what Otto loses: %+v, %v", effects, err)
	}
	for _, who := range []string{"Otto", "Tess", "Leo", "Mo"} {
		if _, err := tenant.CloseOrganization.Run(t.Context(), w.Env, w.As(who), north); err == nil {
			t.Errorf("%s closes North", who)
		}
	}
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "North", "Lab", false), fail.Invalid)
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "North", "North", false), fail.Invalid)
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "Acme", "South", false), fail.Conflict)
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "North", "Dusk", false), fail.NotFound)
	out := try(t, w, "Ana", tenant.CloseOrganization, north, done)
	if out.People != 4 || out.Into.Name != "South" {
		t.Errorf("%+v", out)
	}
	for person, want := range map[string]string{"Otto": "South", "Lin": "South", "Gus": "South", "Max": "Lab", "Leo": "Acme"} {
		if got := orgOf(t, w, person); got != want {
			t.Errorf("%s is in %s now, want %s", person, got, want)
		}
	}
	try(t, w, "Sam", action.ShowOrganization, action.OrganizationID{Organization: w.Orgs["North"].ID}, fail.NotFound)
	lab := try(t, w, "Sam", action.ShowOrganization, action.OrganizationID{Organization: w.Orgs["Lab"].ID}, done)
	if lab.Path[len(lab.Path)-1].Name != "South" {
		t.Errorf("the Lab lies below %+v", lab.Path)
	}
	if a := try(t, w, "Sam", action.ShowAccount, action.AccountID{Account: w.People["Otto"].ID}, done); len(a.Types) != 1 || a.Types[0].ID != access.Learner {
		t.Errorf("Otto is %+v", a.Types)
	}
	team := try(t, w, "Leo", action.ShowTeam, action.TeamPeople{Team: w.Teams["Reds"].ID}, done)
	if team.Organization != "South" {
		t.Errorf("Reds are of %+v", team.Organization)
	}
	verify(t, w)
}

func verify(t *testing.T, w *worldtest.Test) {
	t.Helper()
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		found, err := store.Verify(ctx, tx)
		if len(found) > 0 {
			t.Errorf("verify finds %+v", found)
		}
		return err
	})
}

// SPEC 9: two organizations are merged, with the roles that are held in the one; PT-2: nobody who lacks these does it.
func TestMergeOrganizations(t *testing.T) {
	w := worldtest.New(t)
	_, effects, err := tenant.CloseOrganization.Preview(t.Context(), w.Env, w.As("Ana"), closing(w, "North", "South", true))
	if more, _ := gains(effects, "Otto North"); err != nil || more == 0 {
		t.Fatalf("the preview does not say what Otto gains: %+v, %v", effects, err)
	}
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "North", "South", true), done)
	try(t, w, "Otto", action.ShowAccount, action.AccountID{Account: w.People["Sue"].ID}, done)
	try(t, w, "Otto", action.AddAccount, action.NewPerson{Name: "New One", Username: "new.one", Organization: w.Orgs["South"].ID}, done)
	verify(t, w)
}

// BE-2, PT-2: the preview of a move names who gains and who loses by it, and whoever would gain is not lifted by somebody who
// holds less.
func TestMoveOrganizationPreview(t *testing.T) {
	w := worldtest.New(t)
	try(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Lou"].ID, Types: []access.RoleID{access.OrgAdmin}}, done)
	in := action.OrganizationMove{Organization: w.Orgs["Lab"].ID, Parent: w.Orgs["South"].ID}
	_, effects, err := action.MoveOrganization.Preview(t.Context(), w.Env, w.As("Ana"), in)
	if err != nil {
		t.Fatal(err)
	}
	if more, less := gains(effects, "Lou Learner"); more == 0 || less != 0 {
		t.Errorf("Lou gains %d and loses %d", more, less)
	}
	if more, less := gains(effects, "Otto North"); more != 0 || less == 0 {
		t.Errorf("Otto gains %d and loses %d", more, less)
	}
	for _, person := range []string{"Gus Boss", "Ivy Instructor"} { // the manager and the instructor of North
		if _, less := gains(effects, person); less == 0 {
			t.Errorf("%s loses nothing", person)
		}
	}
	if orgs := try(t, w, "Ana", action.ShowOrganization, action.OrganizationID{Organization: w.Orgs["Lab"].ID}, done); orgs.Path[len(orgs.Path)-1].Name != "North" {
		t.Error("the preview moved it")
	}
}

// An organization is marked by those who create organizations; there is one default, where people go who are put nowhere.
func TestMarkOrganization(t *testing.T) {
	w := worldtest.New(t)
	mark := func(who, org string, f tenant.MarkFields, want fail.Kind) tenant.OrganizationAdmin {
		t.Helper()
		return try(t, w, who, tenant.MarkOrganization, tenant.Marking{OrganizationPath: tenant.OrganizationPath{Organization: w.Orgs[org].ID}, MarkFields: f}, want)
	}
	if out := mark("Pia", "South", tenant.MarkFields{External: true, Default: true}, done); !out.External || !out.Default || out.Hidden {
		t.Errorf("%+v", out)
	}
	mark("Otto", "North", tenant.MarkFields{External: true}, fail.NotAllowed)
	mark("Ana", "Acme", tenant.MarkFields{Hidden: true}, fail.Conflict)
	mark("Ana", "Dusk", tenant.MarkFields{Hidden: true}, fail.NotFound)
	made := try(t, w, "Ana", action.AddAccount, action.NewPerson{Name: "New One", Username: "new.one"}, done)
	if a := try(t, w, "Ana", action.ShowAccount, action.AccountID{Account: made.ID}, done); a.Organization.Name != "South" {
		t.Errorf("a new person is in %s", a.Organization.Name)
	}
	try(t, w, "Otto", action.AddAccount, action.NewPerson{Name: "New Two", Username: "new.two"}, fail.Invalid)
	mark("Ana", "North", tenant.MarkFields{Default: true}, done)
	if out := try(t, w, "Ana", tenant.ShowOrganizationAdmin, tenant.OrganizationPath{Organization: w.Orgs["South"].ID}, done); out.Default || !out.External {
		t.Errorf("%+v", out)
	}
	lab := try(t, w, "Otto", tenant.ShowOrganizationAdmin, tenant.OrganizationPath{Organization: w.Orgs["Lab"].ID}, done)
	if len(lab.Administrators) != 1 || lab.Administrators[0].Name != "Otto North" || lab.Administrators[0].Of.Name != "North" || lab.MayMark {
		t.Errorf("%+v", lab)
	}
	for _, who := range []string{"Lin", "Sue"} {
		if _, err := tenant.ShowOrganizationAdmin.Run(t.Context(), w.Env, w.As(who), tenant.OrganizationPath{Organization: w.Orgs["North"].ID}); err == nil {
			t.Errorf("%s sees the administrators of North", who)
		}
	}
	try(t, w, "Ana", tenant.CloseOrganization, closing(w, "North", "South", false), done)
	if out := try(t, w, "Ana", tenant.ShowOrganizationAdmin, tenant.OrganizationPath{Organization: w.Orgs["South"].ID}, done); !out.Default || !strings.EqualFold(out.Name, "south") {
		t.Errorf("the default is lost: %+v", out)
	}
}

// SPEC 9: organizations of a portal can be hidden from each other: what an account type gives in the portal does not reach into a
// hidden one, but for those who administer or monitor; what a policy gives does; and the preview names who loses what.
func TestHiddenOrganization(t *testing.T) {
	w := worldtest.New(t)
	try(t, w, "Ana", action.SetAccountTypes, action.AccountTypesChange{Account: w.People["Bea"].ID, Types: []access.RoleID{access.Manager}}, done)
	sees := func(who, person string, want fail.Kind) {
		t.Helper()
		try(t, w, who, action.ShowAccount, action.AccountID{Account: w.People[person].ID}, want)
	}
	in := tenant.Marking{OrganizationPath: tenant.OrganizationPath{Organization: w.Orgs["North"].ID}, MarkFields: tenant.MarkFields{Hidden: true}}
	sees("Bea", "Max", done)
	_, effects, err := tenant.MarkOrganization.Preview(t.Context(), w.Env, w.As("Ana"), in)
	if _, loses := gains(effects, "Bea Account"); err != nil || loses == 0 || effects.Gaining != 0 {
		t.Errorf("%+v, %v", effects, err)
	}
	try(t, w, "Ana", tenant.MarkOrganization, in, done)
	sees("Bea", "Max", fail.NotFound)  // in the Lab, below North
	sees("Bea", "Otto", fail.NotFound) // of North itself
	sees("Bea", "Sue", done)
	sees("Bea", "Lin", done) // by the policies over Company A Team, in which Lin is
	for _, who := range []string{"Sam", "Ana", "Pia", "Mo", "Leo", "Tess", "Otto", "Gus"} {
		sees(who, "Max", done)
	}
	list := try(t, w, "Bea", action.ListOrganizations, action.OrganizationQuery{Query: "North"}, done)
	if len(list.Items) != 0 {
		t.Errorf("Bea finds %+v", list.Items)
	}
	people := try(t, w, "Bea", action.ListAccounts, action.AccountQuery{Size: 200}, done)
	for _, a := range people.Items {
		if a.Organization.Name == "Lab" || a.Name == "Otto North" {
			t.Errorf("Bea lists %s of %s", a.Name, a.Organization.Name)
		}
	}
	why := try(t, w, "Sam", action.Explain, action.WhyQuery{Account: "bea", Permission: "account.list", Thing: "max"}, done)
	if why.Allowed {
		t.Error("why says that Bea sees Max")
	}
	verify(t, w)
	in.Hidden = false
	_, effects, err = tenant.MarkOrganization.Preview(t.Context(), w.Env, w.As("Ana"), in)
	if more, _ := gains(effects, "Bea Account"); err != nil || more == 0 {
		t.Errorf("%+v, %v", effects, err)
	}
	try(t, w, "Ana", tenant.MarkOrganization, in, done)
	sees("Bea", "Max", done)
}
