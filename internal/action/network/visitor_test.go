package network_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/action/network"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world"
)

// SA-3, PT-1: whatever an administrator from another portal tries on the super administrator, and on full administrators, who may
// do what visitors may not, is refused; the same on a learner is done.
func TestVisitorAndSuper_SA3_PT1(t *testing.T) {
	r := joined(t)
	who := r.visiting()
	ctx := t.Context()
	deeds := map[string]func(id db.ID) error{
		"archive": func(id db.ID) error {
			_, err := action.ArchiveAccount.Run(ctx, r.Env, who, action.AccountID{Account: id})
			return err
		},
		"restore": func(id db.ID) error {
			_, err := action.RestoreAccount.Run(ctx, r.Env, who, action.AccountID{Account: id})
			return err
		},
		"edit": func(id db.ID) error {
			name := db.NewID().String()
			_, err := action.EditAccount.Run(ctx, r.Env, who, action.PersonChange{Account: id, Name: "Changed", Username: &name})
			return err
		},
		"reset the password": func(id db.ID) error {
			_, err := action.IssuePassword.Run(ctx, r.Env, who, action.PasswordReset{Account: id})
			return err
		},
		"set types": func(id db.ID) error {
			_, err := action.SetAccountTypes.Run(ctx, r.Env, who, action.AccountTypesChange{Account: id, Types: []access.RoleID{access.Learner, access.Affiliate}})
			return err
		},
		"move": func(id db.ID) error {
			_, err := action.MoveAccount.Run(ctx, r.Env, who, action.AccountMove{Account: id, Organization: r.Orgs["Umbra"].ID})
			return err
		},
		"merge": func(id db.ID) error {
			made, err := action.AddAccount.Run(ctx, r.Env, who, action.NewPerson{Name: "Double", Username: db.NewID().String(), Organization: r.Orgs["Dusk"].ID})
			if err == nil {
				_, err = identity.MergeAccounts.Run(ctx, r.Env, who, identity.Merger{Account: id, Other: made.ID})
			}
			return err
		},
		"delete": func(id db.ID) error {
			_, err := identity.DeleteAccount.Run(ctx, r.Env, who, identity.AccountRef{Account: id})
			return err
		},
	}
	order := []string{"edit", "reset the password", "set types", "move", "merge", "archive", "restore", "delete"}
	for _, person := range []string{"Ulf", "Urs"} {
		before := count(t, r.Test, `SELECT count(*) FROM grants WHERE account_id = ? AND until = ?`, r.People[person].ID, db.Never)
		for what, do := range deeds {
			want(t, what+" "+person, do(r.People[person].ID), fail.NotAllowed)
		}
		_, err := action.ViewLogin.Run(ctx, r.Env, who, action.AccountID{Account: r.People[person].ID})
		want(t, "login details of "+person, err, fail.NotAllowed)
		if n := count(t, r.Test, `SELECT count(*) FROM grants WHERE account_id = ? AND until = ?`, r.People[person].ID, db.Never); n != before {
			t.Errorf("%s held %d, and %d now", person, before, n)
		}
	}
	for _, what := range order {
		want(t, what+" Una", deeds[what](r.People["Una"].ID), -1)
	}
	for _, person := range []string{"Ulf", "Urs", "Una"} {
		_, err := identity.LogInAs.Run(ctx, r.Env, who, identity.AsWhom{Account: r.People[person].ID, Reason: "x"})
		if err == nil {
			t.Errorf("the visitor logs in as %s", person)
		}
	}
	_, err := identity.DeletePortal.Run(ctx, r.Env, who, identity.PortalEnd{Surely: identity.Surely{Name: "Umbra", Password: world.Password}})
	want(t, "delete the portal", err, fail.NotAllowed)
	_, err = identity.TransferSuper.Run(ctx, r.Env, who, identity.Handover{Account: r.People["Urs"].ID, Surely: identity.Surely{Name: "Umbra", Password: world.Password}})
	want(t, "transfer the status", err, fail.NotAllowed)
	_, err = identity.TransferSuper.Run(ctx, r.Env, r.As("Ulf"), identity.Handover{Account: who.Account, Surely: identity.Surely{Name: "Umbra", Password: world.Password}})
	want(t, "Ulf hands the status to the visitor", err, fail.Invalid)
	owner, err := identity.ShowOwner.Run(ctx, r.Env, r.As("Ulf"), struct{}{})
	if err != nil || len(owner.Candidates) != 1 {
		t.Errorf("Ulf may hand over to %+v, %v", owner.Candidates, err)
	}
	verify(t, r.Test)
}

// NA-1, PT-2: a visitor makes no lasting way in, and goes no further: no password, no token, no frame, no network, no full
// administrator beside them.
func TestVisitorStaysSmall_NA1_PT2(t *testing.T) {
	r := joined(t)
	who := r.visiting()
	ctx := t.Context()
	own, err := network.List.Run(ctx, r.Env, who, struct{}{})
	if err != nil || own.MayCreate || own.MayJoin || len(own.Runs) != 0 || len(own.In) != 1 {
		t.Errorf("the visitor finds %+v, %v", own, err)
	}
	umbras := db.ID(count(t, r.Test, `SELECT id FROM networks WHERE portal_id = ?`, r.Umbra.ID))
	for what, do := range map[string]func() error{
		"a token": func() error {
			_, err := action.CreateToken.Run(ctx, r.Env, who, action.NewToken{Name: "t", Permissions: []string{"account.list"}, Days: 7})
			return err
		},
		"a frame": func() error {
			_, err := action.CreateEmbedToken.Run(ctx, r.Env, who, action.EmbedAsk{Page: "people", Minutes: 60})
			return err
		},
		"a password": func() error {
			_, err := action.ChangePassword.Run(ctx, r.Env, who, action.PasswordChange{Current: "x", Password: password, Again: password})
			return err
		},
		"sessions": func() error {
			_, err := action.EndOtherSessions.Run(ctx, r.Env, who, struct{}{})
			return err
		},
		"a network": func() error {
			_, err := network.Create.Run(ctx, r.Env, who, network.NewNetwork{Name: "Mine", Password: network.Password{Password: password, Again: password}})
			return err
		},
		"joining": func() error {
			_, err := network.Look.Run(ctx, r.Env, who, network.Knock{Code: r.id.String(), Password: password})
			return err
		},
		"leaving": func() error {
			_, err := network.Leave.Run(ctx, r.Env, who, network.Ref{Network: r.id})
			return err
		},
		"a network that Umbra runs": func() error {
			_, err := network.Show.Run(ctx, r.Env, who, network.Ref{Network: umbras})
			return err
		},
		"the network of home, from here": func() error {
			_, err := network.Show.Run(ctx, r.Env, who, network.Ref{Network: r.id})
			return err
		},
		"a full administrator": func() error {
			_, err := action.AddAccount.Run(ctx, r.Env, who, action.NewPerson{Name: "Mole", Username: "mole", Organization: r.Umbra.ID, Types: []access.RoleID{access.Admin}})
			return err
		},
		"a full administrator of Una": func() error {
			_, err := action.SetAccountTypes.Run(ctx, r.Env, who, action.AccountTypesChange{Account: r.People["Una"].ID, Types: []access.RoleID{access.Admin}})
			return err
		},
	} {
		if err := do(); !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) && !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := count(t, r.Test, `SELECT count(*) FROM sessions WHERE account_id = ? AND kind <> 'visit'`, who.Account); n != 0 {
		t.Errorf("the visitor has %d sessions besides", n)
	}
	if n := count(t, r.Test, `SELECT count(*) FROM accounts WHERE id = ? AND password <> ''`, who.Account); n != 0 {
		t.Error("the visitor has a password")
	}
	verify(t, r.Test)
}

// NA-1: nobody in the portal makes an account of its own of a visitor's: not its administrators, nor its super administrator.
func TestVisitorIsNobodysAccount_NA1(t *testing.T) {
	r := joined(t)
	who := r.visiting()
	ctx := t.Context()
	for _, admin := range []string{"Urs", "Ulf"} {
		as := r.As(admin)
		for what, do := range map[string]func() error{
			"restore": func() error {
				_, err := action.RestoreAccount.Run(ctx, r.Env, as, action.AccountID{Account: who.Account})
				return err
			},
			"issue a password": func() error {
				_, err := action.IssuePassword.Run(ctx, r.Env, as, action.PasswordReset{Account: who.Account})
				return err
			},
			"edit": func() error {
				mail, name := "visitor@umbra.test", "visitor"
				_, err := action.EditAccount.Run(ctx, r.Env, as, action.PersonChange{Account: who.Account, Name: "V", Username: &name, Email: &mail})
				return err
			},
			"set types": func() error {
				_, err := action.SetAccountTypes.Run(ctx, r.Env, as, action.AccountTypesChange{Account: who.Account, Types: []access.RoleID{access.Admin, access.Learner}})
				return err
			},
			"log in as": func() error {
				session, _ := r.signIn(admin)
				_, err := identity.LogInAs.Run(ctx, r.Env, session, identity.AsWhom{Account: who.Account, Reason: "x"})
				return err
			},
			"merge": func() error {
				_, err := identity.MergeAccounts.Run(ctx, r.Env, as, identity.Merger{Account: r.People["Una"].ID, Other: who.Account})
				return err
			},
			"delete": func() error {
				_, err := identity.DeleteAccount.Run(ctx, r.Env, as, identity.AccountRef{Account: who.Account})
				return err
			},
			"name them for Umbra's network": func() error {
				n := db.ID(count(t, r.Test, `SELECT id FROM networks WHERE portal_id = ?`, r.Umbra.ID))
				_, err := network.AddAdministrator.Run(ctx, r.Env, as, network.NewAdmin{Network: n, Account: who.Account})
				return err
			},
		} {
			if err := do(); !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) && !fail.Is(err, fail.Invalid) {
				t.Errorf("%s, %s: %v", admin, what, err)
			}
		}
	}
	name := ""
	err := r.Env.DB.Read(ctx, func(tx *db.Tx) (err error) {
		name, err = db.Val[string](ctx, tx, db.SQL(`SELECT username FROM accounts WHERE id = ?`, who.Account))
		return err
	})
	want(t, "the user name", err, -1)
	for _, guess := range []string{"", "x", world.Password} {
		_, err := action.SignIn.Run(ctx, r.Env, op.Who{Portal: r.Umbra.ID}, action.Credentials{Login: name, Password: guess})
		if err == nil {
			t.Error("the visitor signs in by a password")
		}
	}
	people, err := action.ListAccounts.Run(ctx, r.Env, r.As("Urs"), action.AccountQuery{Query: "Ana"})
	if err != nil || len(people.Items) != 0 {
		t.Errorf("the visitor stands among the people of Umbra: %+v, %v", people.Items, err)
	}
	if _, ended := r.comes(r.Env); ended {
		t.Error("the visit has ended by it")
	}
	verify(t, r.Test)
}

// PT-4: a network crosses nothing by itself. At home nothing of the member is to be found but its name, by those who run the
// network; in the member nothing of home; and a session counts in its own portal alone.
func TestNetworkCrossesNothing_PT4(t *testing.T) {
	r := joined(t)
	who := r.visiting()
	ctx := t.Context()
	ana, foreign := r.As("Ana"), r.People["Una"].ID
	_, err := action.ShowAccount.Run(ctx, r.Env, ana, action.AccountID{Account: foreign})
	want(t, "Ana opens Una from home", err, fail.NotFound)
	_, err = action.ShowAccount.Run(ctx, r.Env, who, action.AccountID{Account: r.People["Lin"].ID})
	want(t, "the visitor opens Lin of home", err, fail.NotFound)
	_, err = action.ShowAccount.Run(ctx, r.Env, ana, action.AccountID{Account: who.Account})
	want(t, "Ana opens herself as a visitor", err, fail.NotFound)
	_, err = network.RemovePortal.Run(ctx, r.Env, r.As("Urs"), network.MemberRef{Network: r.id, Portal: r.Umbra.ID})
	want(t, "Urs runs the network of Acme", err, fail.NotFound)
	_, err = network.RemovePortal.Run(ctx, r.Env, ana, network.MemberRef{Network: r.id, Portal: db.NewID()})
	want(t, "a portal that is not in it", err, fail.NotFound)
	cross := who
	cross.Portal = r.Acme.ID
	if _, err = action.ListAccounts.Run(ctx, r.Env, cross, action.AccountQuery{}); err == nil {
		t.Error("the visitor acts at home by the account of the member")
	}
	v, _, err := action.ArriveVisiting(ctx, r.Env, "acme.test", r.visit)
	if err != nil || v.Actor != nil {
		t.Errorf("the visit counts in Acme: %+v, %v", v.Actor, err)
	}
	for _, kind := range []store.SessionKind{store.BrowserSession, store.TokenSession, store.ActingSession, store.EmbedSession} {
		if v, err := action.Arrive(ctx, r.Env, r.Umbra.Host, kind, r.visit); err != nil || v.Actor != nil {
			t.Errorf("the visit counts as %s: %v", kind, err)
		}
	}
	seen, err := network.List.Run(ctx, r.Env, r.As("Mo"), struct{}{})
	if err != nil || len(seen.Runs) != 0 || len(seen.In) != 0 {
		t.Errorf("Mo, who runs nothing, sees %+v, %v", seen, err)
	}
	in, err := network.List.Run(ctx, r.Env, r.As("Urs"), struct{}{})
	if err != nil || len(in.In) != 1 || strings.Join(in.In[0].Who, ", ") != "Ana Full, Sam Super" || len(in.Runs) != 1 {
		t.Errorf("Urs sees %+v, %v", in, err)
	}
}

// NA-1, PT-4: whoever visits has an account that is archived from the first, and stands in no list: not in that of the archived
// either, where everybody who sees people would read who came. They are told by the portal's visits, to those who may see them.
func TestVisitorsStandInNoList_PT4(t *testing.T) {
	r := joined(t)
	r.visiting()
	for _, who := range []string{"Ulf", "Urs"} {
		for _, query := range []string{"", "sam", "ana", "acme"} {
			for _, archived := range []bool{false, true} {
				out, err := action.ListAccounts.Run(t.Context(), r.Env, r.As(who), action.AccountQuery{Query: query, Archived: archived})
				if err != nil {
					t.Fatal(err)
				}
				for _, a := range out.Items {
					if strings.Contains(a.Name, "(Acme)") {
						t.Errorf("%s finds %s among the archived (%v) by %q", who, a.Name, archived, query)
					}
				}
			}
		}
	}
}
