package identity_test

import (
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	stored "provost/internal/store/identity"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

func surely() identity.Surely { return identity.Surely{Name: "Acme", Password: world.Password} }

func transfer(t *testing.T, w *worldtest.Test, who op.Who, to string) error {
	t.Helper()
	_, err := identity.TransferSuper.Run(t.Context(), w.Env, who, identity.Handover{Account: w.People[to].ID, Surely: surely()})
	return err
}

func superOf(t *testing.T, w *worldtest.Test) (id db.ID) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		id, err = store.SuperOf(t.Context(), tx, w.Acme.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func sound(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		faults, err := store.Verify(t.Context(), tx)
		for _, f := range faults {
			t.Error("verify:", f.What)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// SA-1, SA-2, PT-3: only the super administrator hands the status over, to a full administrator who is there, with the
// password and the name; the former holder stays a full administrator, and cannot take it back.
func TestTransfer_SA1_SA2_PT3(t *testing.T) {
	w := worldtest.New(t)
	for _, who := range []string{"Ana", "Pia", "Otto", "Mo", "Leo", "Tess", "Lin"} {
		want(t, who+" hands it over", transfer(t, w, w.As(who), "Ana"), fail.NotAllowed)
	}
	sam := w.As("Sam")
	for _, to := range []string{"Pia", "Mo", "Otto", "Lin"} {
		want(t, "to "+to, transfer(t, w, sam, to), fail.Invalid)
	}
	want(t, "to Una", transfer(t, w, sam, "Una"), fail.NotFound)
	want(t, "to himself", transfer(t, w, sam, "Sam"), fail.Conflict)
	wrong := identity.Handover{Account: w.People["Ana"].ID, Surely: identity.Surely{Name: "Acme", Password: "wrong"}}
	_, err := identity.TransferSuper.Run(t.Context(), w.Env, sam, wrong)
	want(t, "with a wrong password", err, fail.Invalid)
	if got := superOf(t, w); got != w.People["Sam"].ID {
		t.Fatal("it went somewhere")
	}
	want(t, "to Ana", transfer(t, w, sam, "Ana"), -1)
	want(t, "Sam again", transfer(t, w, sam, "Ana"), fail.NotAllowed)
	want(t, "back", transfer(t, w, w.As("Ana"), "Sam"), -1)
	want(t, "and to Ana for good", transfer(t, w, sam, "Ana"), -1)
	if n := count(t, w, `SELECT count(*) FROM grants WHERE account_id = ? AND role = 'administrator' AND until = ?`, w.People["Sam"].ID, db.Never); n != 1 {
		t.Errorf("Sam is a full administrator %d times", n)
	}
	if n := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'portal.transfer_super' AND outcome = 'done' AND detail LIKE '%Sam Super%'`); n != 3 {
		t.Errorf("%d rows of audit", n)
	}
	want(t, "Sam deletes the portal", end(t, w, sam), fail.NotAllowed)
	sound(t, w)
}

func end(t *testing.T, w *worldtest.Test, who op.Who) error {
	t.Helper()
	_, err := identity.DeletePortal.Run(t.Context(), w.Env, who, identity.PortalEnd{Surely: surely()})
	return err
}

// SA-2: ten wrong passwords close the way for a while, as at signing in.
func TestConfirmIsCounted_SA2(t *testing.T) {
	w := worldtest.New(t)
	in := identity.PortalEnd{Surely: identity.Surely{Name: "Acme", Password: "wrong"}}
	for range 10 {
		_, err := identity.DeletePortal.Run(t.Context(), w.Env, w.As("Sam"), in)
		want(t, "wrong", err, fail.Invalid)
	}
	want(t, "then the right one", end(t, w, w.As("Sam")), fail.Busy)
	w.Clock.Move(16 * time.Minute)
	want(t, "later", end(t, w, w.As("Sam")), -1)
}

// SA-2: a deleted portal answers nothing, to nobody, in no operation, but to be restored by its super administrator, within 30
// days, with all that is in it.
func TestDeletePortal_SA2(t *testing.T) {
	w := worldtest.New(t)
	for _, who := range []string{"Ana", "Pia", "Otto", "Lin"} {
		want(t, who+" deletes", end(t, w, w.As(who)), fail.NotAllowed)
	}
	made, err := action.CreateToken.Run(t.Context(), w.Env, w.As("Ana"), action.NewToken{Name: "x", Permissions: []string{"team.list"}, Days: 60})
	if err != nil {
		t.Fatal(err)
	}
	ana := signIn(t, w, "Ana")
	want(t, "Sam deletes", end(t, w, w.As("Sam")), -1)
	sound(t, w)
	for _, who := range []string{"Sam", "Ana", "Lin"} {
		_, err := action.ListTeams.Run(t.Context(), w.Env, w.As(who), action.TeamQuery{})
		want(t, who+" reads", err, fail.NotFound)
		_, err = action.CreateTeam.Run(t.Context(), w.Env, w.As(who), action.NewTeam{TeamFields: action.TeamFields{Name: "T"}, Org: w.Acme.ID})
		want(t, who+" writes", err, fail.NotFound)
		_, _, err = action.CreateTeam.Preview(t.Context(), w.Env, w.As(who), action.NewTeam{TeamFields: action.TeamFields{Name: "T"}, Org: w.Acme.ID})
		want(t, who+" previews", err, fail.NotFound)
	}
	_, err = action.RequestReset.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.ResetRequest{Email: "lin@acme.test"})
	want(t, "nobody asks for a link", err, fail.NotFound)
	_, err = action.SignIn.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.Credentials{Login: "ana", Password: world.Password})
	want(t, "Ana signs in", err, fail.NotAllowed)
	_, err = identity.RestorePortal.Run(t.Context(), w.Env, w.As("Ana"), struct{}{})
	want(t, "Ana restores", err, fail.NotAllowed)
	if v, _ := ana.arrive(); v.Actor != nil {
		t.Error("Ana is still in")
	}
	signIn(t, w, "Sam")
	w.Clock.Move(store.PortalKept - time.Second)
	_, err = identity.RestorePortal.Run(t.Context(), w.Env, w.As("Sam"), struct{}{})
	want(t, "Sam restores", err, -1)
	_, err = identity.RestorePortal.Run(t.Context(), w.Env, w.As("Sam"), struct{}{})
	want(t, "twice", err, fail.Conflict)
	if _, err := action.ListTeams.Run(t.Context(), w.Env, w.As("Lin"), action.TeamQuery{}); err != nil {
		t.Error("Lin", err)
	}
	if v, err := action.Arrive(t.Context(), w.Env, "acme.test", store.TokenSession, made.Token); err != nil || v.Actor == nil {
		t.Error("the token is lost", err)
	}
	_, err = action.ListTeams.Run(t.Context(), w.Env, w.As("Urs"), action.TeamQuery{})
	want(t, "Umbra goes on", err, -1)
}

// SA-2: after 30 days it is final: whatever the clock does then, and housekeeping takes every row of it away, and none of
// another portal.
func TestPurge_SA2(t *testing.T) {
	w := worldtest.New(t)
	b := signIn(t, w, "Ana")
	want(t, "Ana as Leo", b.logInAs("Leo"), -1)
	rows := func(portal db.ID) (out map[string]int64) {
		out = map[string]int64{}
		err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			tables, err := db.Tables(t.Context(), tx)
			if err != nil {
				return err
			}
			for _, x := range tables {
				where := db.SQL("1=1")
				if x.Has("portal_id") {
					where = db.SQL("portal_id = ?", portal)
				}
				n, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM `+x.Name+` WHERE ?`, where))
				if err != nil {
					return err
				}
				if out[x.Name] = n; len(x.Key) == 0 {
					t.Errorf("%s has no primary key to be purged by", x.Name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	tidy := func(most int) (more bool) {
		err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
			more, err = stored.Tidy(t.Context(), tx, most, w.Clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return more
	}
	want(t, "Sam deletes", end(t, w, w.As("Sam")), -1)
	before := rows(w.Umbra.ID)
	for tidy(500) {
	}
	w.Clock.Move(store.PortalKept)
	_, err := identity.RestorePortal.Run(t.Context(), w.Env, w.As("Sam"), struct{}{})
	want(t, "too late", err, fail.Conflict)
	tidy(3)
	w.Clock.Move(-24 * time.Hour)
	_, err = identity.RestorePortal.Run(t.Context(), w.Env, w.As("Sam"), struct{}{})
	if err == nil {
		t.Error("restored when the clock went back")
	}
	sound(t, w)
	rounds := 0
	for tidy(3) {
		if rounds++; rounds > 2000 {
			t.Fatal("it does not end")
		}
	}
	sound(t, w)
	for table, n := range rows(w.Acme.ID) {
		if table == "schema_migrations" || table == "signing_keys" || table == "portals" || table == "org_under" || table[:5] == "polic" || table[:4] == "role" {
			continue // not by portal: below
		}
		if n != 0 && !(before[table] == n) {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	for table, n := range rows(w.Umbra.ID) {
		if n != before[table] && table != "portals" && table != "org_under" && table != "role_permissions" && table[:6] != "policy" && table != "role_permissions_kept" {
			t.Errorf("Umbra has %d rows in %s, and had %d", n, table, before[table])
		}
	}
	for _, orphan := range []string{`SELECT count(*) FROM org_under u LEFT JOIN organizations o ON o.id = u.org_id WHERE o.id IS NULL`,
		`SELECT count(*) FROM policy_places x LEFT JOIN policies p ON p.id = x.policy_id WHERE p.id IS NULL`, `SELECT count(*) - 1 FROM portals`} {
		if n := count(t, w, orphan); n != 0 {
			t.Errorf("%s: %d", orphan, n)
		}
	}
}

// SA-3, PT-1: nobody else edits, archives, moves, demotes, resets, looks into or logs in as the super administrator, nor gives the
// status away, by any operation; a policy, a role, an override and an import give nobody the way.
func TestSuperIsProtected_SA3(t *testing.T) {
	w := worldtest.New(t)
	ctx, sam := t.Context(), w.People["Sam"].ID
	for _, who := range []string{"Ana", "Pia", "Otto", "Tess", "Leo", "Mo", "Lin"} {
		as := w.As(who)
		as.Session = 7
		email := "taken@acme.test"
		for name, do := range map[string]func() error{
			"edit": func() error {
				_, err := action.EditAccount.Run(ctx, w.Env, as, action.PersonChange{Account: sam, Name: "New", Username: new("new"), Email: &email})
				return err
			},
			"archive": func() error {
				_, err := action.ArchiveAccount.Run(ctx, w.Env, as, action.AccountID{Account: sam})
				return err
			},
			"restore": func() error {
				_, err := action.RestoreAccount.Run(ctx, w.Env, as, action.AccountID{Account: sam})
				return err
			},
			"reset": func() error {
				_, err := action.IssuePassword.Run(ctx, w.Env, as, action.PasswordReset{Account: sam})
				return err
			},
			"login details": func() error {
				_, err := action.ViewLogin.Run(ctx, w.Env, as, action.AccountID{Account: sam})
				return err
			},
			"types": func() error {
				_, err := action.SetAccountTypes.Run(ctx, w.Env, as, action.AccountTypesChange{Account: sam, Types: []access.RoleID{access.Learner}})
				return err
			},
			"move": func() error {
				_, err := action.MoveAccount.Run(ctx, w.Env, as, action.AccountMove{Account: sam, Organization: w.Orgs["North"].ID})
				return err
			},
			"log in as": func() error {
				_, err := identity.LogInAs.Run(ctx, w.Env, as, identity.AsWhom{Account: sam, Reason: "x"})
				return err
			},
		} {
			if err := do(); !fail.Is(err, fail.NotAllowed) && !(fail.Is(err, fail.NotFound) && (who == "Otto" || who == "Lin")) {
				t.Errorf("%s: %s: %v", who, name, err)
			}
		}
	}
	_, err := action.AddAccount.Run(ctx, w.Env, w.As("Sam"), action.NewPerson{Name: "Two", Username: "two", Organization: w.Acme.ID, Types: []access.RoleID{access.Super}})
	want(t, "a second one is added", err, fail.Invalid)
	_, err = action.SetAccountTypes.Run(ctx, w.Env, w.As("Sam"), action.AccountTypesChange{Account: sam, Types: []access.RoleID{access.Admin}})
	want(t, "Sam lays it down", err, fail.Conflict)
	_, err = action.ArchiveAccount.Run(ctx, w.Env, w.As("Sam"), action.AccountID{Account: sam})
	want(t, "Sam archives himself", err, fail.Conflict)
	var n int
	err = w.Env.DB.Write(ctx, func(tx *db.Tx) (err error) { // whatever an operation may end of an account, it never ends this
		n, err = store.End(ctx, tx, store.GrantFilter{Portal: w.Acme.ID, Account: sam}, 0, w.Clock.Now())
		return err
	})
	if err != nil || n != 0 || superOf(t, w) != sam {
		t.Errorf("%d grants ended, %v", n, err)
	}
	for name, do := range map[string]func(*db.Tx) error{
		"delete": func(tx *db.Tx) error { return stored.DeleteAccount(ctx, tx, w.People["Sam"], 0, w.Clock.Now()) },
		"erase": func(tx *db.Tx) error {
			_, err := stored.EraseAccount(ctx, tx, w.People["Sam"], w.Clock.Now())
			return err
		},
		"merge": func(tx *db.Tx) error {
			_, err := stored.Merge(ctx, tx, w.People["Sam"], w.People["Ana"], 0, w.Clock.Now())
			return err
		},
	} {
		want(t, name+", whoever asks", w.Env.DB.Write(ctx, do), fail.NotAllowed)
	}
	for name, do := range map[string]func() error{
		"delete": func() error {
			_, err := identity.DeleteAccount.Run(ctx, w.Env, w.As("Ana"), identity.AccountRef{Account: sam})
			return err
		},
		"erase": func() error {
			_, err := identity.EraseAccount.Run(ctx, w.Env, w.As("Ana"), identity.Erasure{Account: sam, Username: "sam"})
			return err
		},
		"merge": func() error { _, err := merge(t, w, "Ana", "Sam", "Ana"); return err },
		"into":  func() error { _, err := merge(t, w, "Ana", "Lin", "Sam"); return err },
	} {
		want(t, name+" by Ana", do(), fail.NotAllowed)
	}
	sound(t, w)
}

// SA-2: who may not is refused before a password is hashed, whatever they type, and learns nothing of it.
func TestWhoMayConfirm_SA2(t *testing.T) {
	w := worldtest.New(t)
	for _, in := range []identity.Surely{{Name: "Acme", Password: "wrong"}, {Name: "Nothing", Password: world.Password}, surely()} {
		_, err := identity.DeletePortal.Run(t.Context(), w.Env, w.As("Ana"), identity.PortalEnd{Surely: in})
		want(t, "Ana", err, fail.NotAllowed)
	}
	if n := count(t, w, `SELECT count(*) FROM attempts`); n != 0 {
		t.Errorf("%d attempts are counted", n)
	}
	if n := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'portal.delete' AND outcome = 'refused' AND actor_name = 'Ana Full'`); n != 3 {
		t.Errorf("%d refusals are written", n)
	}
}
