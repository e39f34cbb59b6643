package action_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// want compares an error with a kind; -1 is none.
func want(t *testing.T, what string, err error, kind fail.Kind) {
	t.Helper()
	if kind == -1 && err != nil || kind != -1 && !fail.Is(err, kind) {
		t.Errorf("%s: %v, want kind %d", what, err, kind)
	}
}

// PT-1, SA-3, XA-3: who may touch whose account; every deed that is protected answers alike.
func TestPT1Deeds(t *testing.T) {
	for _, c := range []struct {
		who, whom string
		want      fail.Kind
	}{
		{"Pia", "Ana", fail.NotAllowed},
		{"Pia", "Sam", fail.NotAllowed},
		{"Ana", "Sam", fail.NotAllowed},
		{"Pia", "Mo", fail.NotAllowed}, // the monitor reads the audit, a partial administrator does not
		{"Otto", "Lou", fail.NotFound},
		{"Otto", "Ana", fail.NotFound},
		{"Leo", "Lin", fail.NotAllowed},
		{"Tess", "Lin", fail.NotAllowed},
		{"Mo", "Lin", fail.NotAllowed},
		{"Gus", "Lin", fail.NotAllowed},
		{"Bea", "Lin", fail.NotAllowed},
		{"Lin", "Lou", fail.NotAllowed}, // in one team
		{"Lin", "Max", fail.NotFound},
		{"Ana", "Una", fail.NotFound},
		{"Urs", "Lin", fail.NotFound},
		{"Sam", "Ana", -1},
		{"Ana", "Pia", -1},
		{"Pia", "Lin", -1},
		{"Otto", "Max", -1},
	} {
		w := worldtest.New(t)
		who, id := w.As(c.who), w.People[c.whom].ID
		name := c.who + " to " + c.whom
		_, err := action.ViewLogin.Run(t.Context(), w.Env, who, action.AccountID{Account: id})
		want(t, name+": login details", err, c.want)
		email := "new@acme.test"
		_, err = action.EditAccount.Run(t.Context(), w.Env, who, action.PersonChange{Account: id, Name: "New", Username: new("new"), Email: &email})
		want(t, name+": edit", err, c.want)
		_, err = action.SetAccountTypes.Run(t.Context(), w.Env, who, action.AccountTypesChange{Account: id, Types: []access.RoleID{access.Learner}})
		want(t, name+": types", err, c.want)
		_, err = action.IssuePassword.Run(t.Context(), w.Env, who, action.PasswordReset{Account: id})
		want(t, name+": reset", err, c.want)
		_, err = action.ArchiveAccount.Run(t.Context(), w.Env, who, action.AccountID{Account: id})
		want(t, name+": archive", err, c.want)
		if c.want == -1 {
			continue
		}
		_, err = action.MoveAccount.Run(t.Context(), w.Env, who, action.AccountMove{Account: id, Organization: w.Orgs["Lab"].ID})
		want(t, name+": move", err, c.want)
		if a := account(t, w, id); a.Name != w.People[c.whom].Name || !a.Archived.IsZero() || a.Org != w.People[c.whom].Org || a.PasswordIssued {
			t.Errorf("%s left something: %+v", name, a)
		}
	}
}

// account is a person as the database has them.
func account(t *testing.T, w *worldtest.Test, id db.ID) (a store.Account) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		system := access.System(w.Acme.ID, "test", w.Clock.Now())
		a, err = store.FindAccount(t.Context(), tx, system.May(access.AccountList), id)
		if fail.Is(err, fail.NotFound) {
			a, err = store.FindAccount(t.Context(), tx, access.System(w.Umbra.ID, "test", w.Clock.Now()).May(access.AccountList), id)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// CO-4: the password is issued once and works; the account is in its organization with its types; nothing of it is in the audit.
func TestCO4AddAccount(t *testing.T) {
	w := worldtest.New(t)
	out, err := action.AddAccount.Run(t.Context(), w.Env, w.As("Otto"), action.NewPerson{Name: " Nora  New ", Username: "nora", Email: "nora@acme.test",
		Organization: w.Orgs["Lab"].ID, Types: []access.RoleID{access.Learner, access.Instructor}})
	if err != nil || out.Name != "Nora New" || len(out.Password) < 12 {
		t.Fatal(out, err)
	}
	if _, err := action.SignIn.Run(t.Context(), w.Env, op0(w), action.Credentials{Login: "Nora@acme.test", Password: out.Password}); err != nil {
		t.Error(err)
	}
	if got := firstNames(people(t, w, "Otto", action.AccountQuery{Query: "nora"})); got != "Nora" {
		t.Errorf("found %q", got)
	}
	shown, err := action.ShowAccount.Run(t.Context(), w.Env, w.As("Otto"), action.AccountID{Account: out.ID})
	if err != nil || len(shown.Types) != 2 || !shown.Allows(access.AccountEdit) {
		t.Errorf("%+v %v", shown, err)
	}
	if strings.Contains(auditText(t, w), out.Password) {
		t.Error("the password is in the audit")
	}
}

func TestAddAccountErrors(t *testing.T) {
	w := worldtest.New(t)
	good := action.NewPerson{Name: "Nora", Username: "nora", Email: "nora@acme.test", Organization: w.Orgs["Lab"].ID}
	for _, c := range []struct {
		field string
		spoil func(*action.NewPerson)
	}{
		{"name", func(p *action.NewPerson) { p.Name = " " }},
		{"name", func(p *action.NewPerson) { p.Name = strings.Repeat("ä", 201) }},
		{"name", func(p *action.NewPerson) { p.Name = "Nora\r\nBcc: all@acme.test" }},
		{"username", func(p *action.NewPerson) { p.Username = "" }},
		{"username", func(p *action.NewPerson) { p.Username = "no ra" }},
		{"username", func(p *action.NewPerson) { p.Username = "LIN" }},
		{"username", func(p *action.NewPerson) { p.Username = "lin@acme.test" }},
		{"email", func(p *action.NewPerson) { p.Email = "nora" }},
		{"email", func(p *action.NewPerson) { p.Email = "Nora <nora@acme.test>" }},
		{"email", func(p *action.NewPerson) { p.Email = "a@acme.test,b@acme.test" }},
		{"email", func(p *action.NewPerson) { p.Email = "Lin@ACME.test" }},
		{"types", func(p *action.NewPerson) { p.Types = []access.RoleID{"super"} }},
		{"types", func(p *action.NewPerson) { p.Types = []access.RoleID{"team_owner"} }},
		{"types", func(p *action.NewPerson) { p.Types = []access.RoleID{access.Admin} }},
	} {
		in := good
		c.spoil(&in)
		_, err := action.AddAccount.Run(t.Context(), w.Env, w.As("Ana"), in)
		if e, ok := err.(*fail.Error); !ok || e.Kind != fail.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != c.field {
			t.Errorf("%+v: %v, want %s to be wrong", in, err, c.field)
		}
	}
}

// PT-2, XA-3, OA-1: nobody gives an account type that they do not hold there, and partial administrators make no administrators.
func TestPT2AddAccountTypes(t *testing.T) {
	w := worldtest.New(t)
	for _, c := range []struct {
		who, org string
		give     access.RoleID
		want     fail.Kind
	}{
		{"Ana", "Acme", access.Admin, -1},
		{"Ana", "Acme", access.Partial, -1},
		{"Pia", "Acme", access.Admin, fail.NotAllowed},
		{"Pia", "Acme", access.Partial, fail.NotAllowed},
		{"Pia", "Acme", access.Monitor, fail.NotAllowed},
		{"Pia", "North", access.OrgAdmin, -1},
		{"Otto", "Lab", access.OrgAdmin, -1},
		{"Otto", "Lab", access.Manager, -1},
		{"Otto", "South", access.Learner, fail.NotFound},
		{"Otto", "Acme", access.Learner, fail.NotFound},
		{"Otto", "Dusk", access.Learner, fail.NotFound},
		{"Leo", "North", access.Learner, fail.NotAllowed},
		{"Tess", "North", access.Learner, fail.NotAllowed},
		{"Mo", "North", access.Learner, fail.NotAllowed},
	} {
		name := db.NewID().String()
		_, err := action.AddAccount.Run(t.Context(), w.Env, w.As(c.who), action.NewPerson{Name: "N", Username: name, Organization: w.Orgs[c.org].ID, Types: []access.RoleID{c.give}})
		want(t, c.who+" adds "+string(c.give)+" to "+c.org, err, c.want)
		if c.want != -1 && len(people(t, w, "Sam", action.AccountQuery{Query: name}).Items) > 0 {
			t.Errorf("%s left an account", c.who)
		}
	}
	for who, types := range map[string]string{
		"Pia":  "org_admin content_admin instructor assistant learner parent manager mentor affiliate",
		"Otto": "org_admin content_admin instructor assistant learner parent manager mentor monitor affiliate",
		"Ana":  "administrator partial org_admin content_admin instructor assistant learner parent manager mentor monitor affiliate",
	} {
		out, err := action.ListAccountTypes.Run(t.Context(), w.Env, w.As(who), action.TypesQuery{})
		var got []string
		for _, x := range out.Types {
			got = append(got, string(x.ID))
		}
		if err != nil || strings.Join(got, " ") != types {
			t.Errorf("%s may give %v, %v; want %s", who, got, err, types)
		}
	}
}

// Moving takes the account types along; into an organization that the actor may not add to, or with a type of the portal's, it is refused.
func TestMoveAccount(t *testing.T) {
	w := worldtest.New(t)
	move := func(who, whom, to string) error {
		_, err := action.MoveAccount.Run(t.Context(), w.Env, w.As(who), action.AccountMove{Account: w.People[whom].ID, Organization: w.Orgs[to].ID})
		return err
	}
	want(t, "Otto moves Max out", move("Otto", "Max", "South"), fail.NotFound)
	want(t, "Ana moves Max to Umbra", move("Ana", "Max", "Dusk"), fail.NotFound)
	want(t, "Ana moves Pia", move("Ana", "Pia", "North"), fail.Conflict)
	want(t, "Sam moves himself", move("Sam", "Sam", "North"), fail.Conflict)
	want(t, "Ana moves Otto", move("Ana", "Otto", "South"), -1)
	if got := firstNames(people(t, w, "Otto", action.AccountQuery{})); got != "Lou Otto Sue" {
		t.Errorf("Otto of South sees %s", got)
	}
	want(t, "twice", move("Ana", "Otto", "South"), fail.Conflict)
	want(t, "Ana moves Ivy to the root", move("Ana", "Ivy", "Acme"), -1)
}

// CO-4, BE-8: an archived person is out at the next request, is found in the archive alone, and comes back whole.
func TestCO4Archive(t *testing.T) {
	w := worldtest.New(t)
	id := action.AccountID{Account: w.People["Lou"].ID}
	if _, err := action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), id); err != nil {
		t.Fatal(err)
	}
	_, err := action.ListAccounts.Run(t.Context(), w.Env, w.As("Lou"), action.AccountQuery{})
	want(t, "Lou acts", err, fail.SignIn)
	if got := firstNames(people(t, w, "Leo", action.AccountQuery{Query: "lou"})) + firstNames(people(t, w, "Leo", action.AccountQuery{Archived: true})); got != "Lou" {
		t.Errorf("found %s", got)
	}
	_, err = action.ArchiveAccount.Run(t.Context(), w.Env, w.As("Ana"), id)
	want(t, "twice", err, fail.Conflict)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Leo"), id)
	want(t, "Leo restores", err, fail.NotAllowed)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Ana"), id)
	want(t, "Ana restores", err, -1)
	for _, who := range []string{"Sam", "Ana"} {
		_, err = action.ArchiveAccount.Run(t.Context(), w.Env, w.As(who), action.AccountID{Account: w.People[who].ID})
		want(t, who+" archives themselves", err, fail.Conflict)
	}
	if got := firstNames(people(t, w, "Lou", action.AccountQuery{Query: "lou"})); got != "Lou" {
		t.Errorf("restored: %s", got)
	}
}

// A change of name is found by its new words and no longer by the old.
func TestEditAccountSearch(t *testing.T) {
	w := worldtest.New(t)
	_, err := action.EditAccount.Run(t.Context(), w.Env, w.As("Ana"), action.PersonChange{Account: w.People["Lou"].ID, Name: "Anne-Marie O’Hara", Username: new("amo"), Code: "X-77"})
	if err != nil {
		t.Fatal(err)
	}
	for q, found := range map[string]int{"learner": 2, "lou": 0, "amo": 0, "anne": 1, "marie": 1, "hara": 1, "o’h": 1, "x-7": 1, "77": 1, "marie-": 0} {
		if got := people(t, w, "Leo", action.AccountQuery{Query: q}).Total; got != found {
			t.Errorf("%q finds %d, want %d", q, got, found)
		}
	}
	if got := people(t, w, "Ana", action.AccountQuery{Query: "amo"}).Total; got != 1 {
		t.Errorf("Ana, who sees user names, finds %d by one", got)
	}
	if got := account(t, w, w.People["Lou"].ID).Email; got != "lou@acme.test" {
		t.Errorf("the address was left out, and is %q", got)
	}
}

// PT-1: what is shown of a person says what may be done, and why not; XA-3: who is an administrator is hidden.
func TestXA3ShowAccount(t *testing.T) {
	w := worldtest.New(t)
	show := func(who, whom string) action.AccountShown {
		out, err := action.ShowAccount.Run(t.Context(), w.Env, w.As(who), action.AccountID{Account: w.People[whom].ID})
		if err != nil {
			t.Fatalf("%s sees %s: %v", who, whom, err)
		}
		return out
	}
	if a := show("Pia", "Ana"); !a.TypesHidden || a.Allows(access.AccountEdit) || !a.LoginHidden || len(a.May) == 0 || a.May[0].Reason == "" {
		t.Errorf("Pia sees of Ana %+v", a)
	}
	if a := show("Ana", "Pia"); a.TypesHidden || len(a.Types) != 1 || !a.Allows(access.AccountEdit) {
		t.Errorf("Ana sees of Pia %+v", a)
	}
	if a := show("Leo", "Lin"); !a.TypesHidden || !a.LoginHidden || len(a.Teams) != 2 || a.Allows(access.AccountEdit) {
		t.Errorf("Leo sees of Lin %+v", a)
	}
}
