package identity_test

import (
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	stored "provost/internal/store/identity"
	"provost/internal/world/worldtest"
)

func people(t *testing.T, w *worldtest.Test, who string, in action.AccountQuery) (names []string) {
	t.Helper()
	out, err := action.ListAccounts.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range out.Items {
		names = append(names, a.Name)
	}
	return names
}

func tidy(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := stored.Tidy(t.Context(), tx, 100, w.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// CO-4, SA-3, PT-1: a deleted person is out at once and can be restored for 30 days; then they are erased by themselves.
func TestDeleteAccount_CO4_SA3(t *testing.T) {
	w := worldtest.New(t)
	del := func(who, whom string) error {
		_, err := identity.DeleteAccount.Run(t.Context(), w.Env, w.As(who), identity.AccountRef{Account: w.People[whom].ID})
		return err
	}
	want(t, "Ana deletes Sam", del("Ana", "Sam"), fail.NotAllowed)
	want(t, "Pia deletes Ana", del("Pia", "Ana"), fail.NotAllowed)
	want(t, "Leo deletes Lin", del("Leo", "Lin"), fail.NotAllowed)
	want(t, "Otto deletes Lou", del("Otto", "Lou"), fail.NotFound)
	want(t, "Sam deletes himself", del("Sam", "Sam"), fail.Conflict)
	want(t, "Otto deletes Max", del("Otto", "Max"), -1)
	want(t, "twice", del("Otto", "Max"), fail.Conflict)
	_, err := action.ListTeams.Run(t.Context(), w.Env, w.As("Max"), action.TeamQuery{})
	want(t, "Max acts", err, fail.SignIn)
	w.Clock.Move(store.AccountKept - time.Second)
	tidy(t, w)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Otto"), action.AccountID{Account: w.People["Max"].ID})
	want(t, "Otto restores", err, -1)
	if _, err := action.ListTeams.Run(t.Context(), w.Env, w.As("Max"), action.TeamQuery{}); err != nil {
		t.Error("Max is not back", err)
	}
	want(t, "and deletes again", del("Otto", "Max"), -1)
	w.Clock.Move(store.AccountKept)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Otto"), action.AccountID{Account: w.People["Max"].ID})
	want(t, "too late", err, fail.Conflict)
	tidy(t, w)
	w.Clock.Move(-48 * time.Hour)
	_, err = action.RestoreAccount.Run(t.Context(), w.Env, w.As("Otto"), action.AccountID{Account: w.People["Max"].ID})
	want(t, "when the clock goes back", err, fail.Conflict)
	if n := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'account.erase' AND actor_name = 'housekeeping'`); n != 1 {
		t.Errorf("%d rows of audit", n)
	}
	sound(t, w)
}

// CO-4: nothing of an erased person is left in any table but the audit, which is never changed; their records are all there.
func TestEraseAccount_CO4(t *testing.T) {
	w := worldtest.New(t)
	lou := w.People["Lou"]
	enrolments := count(t, w, `SELECT count(*) FROM enrolments WHERE account_id = ?`, lou.ID)
	grants := count(t, w, `SELECT count(*) FROM grants WHERE account_id = ? AND until = ?`, lou.ID, db.Never)
	erase := func(who, name string) error {
		_, err := identity.EraseAccount.Run(t.Context(), w.Env, w.As(who), identity.Erasure{Account: lou.ID, Username: name})
		return err
	}
	want(t, "Leo erases", erase("Leo", "lou"), fail.NotAllowed)
	want(t, "by a wrong name", erase("Ana", "sue"), fail.Invalid)
	want(t, "Ana erases", erase("Ana", "LOU"), -1)
	want(t, "twice", erase("Ana", "lou"), fail.Conflict)
	_, err := identity.EraseAccount.Run(t.Context(), w.Env, w.As("Ana"), identity.Erasure{Account: w.People["Sam"].ID, Username: "sam"})
	want(t, "Ana erases Sam", err, fail.NotAllowed)
	for q, found := range map[string]int{"lou": 0, "erased": 0} {
		if got := people(t, w, "Ana", action.AccountQuery{Query: q}); len(got) != found {
			t.Errorf("%q finds %v", q, got)
		}
	}
	err = w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := db.Tables(t.Context(), tx)
		if err != nil {
			return err
		}
		for _, x := range tables {
			for _, column := range x.Columns {
				n, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM `+x.Name+` WHERE lower(CAST(`+column+` AS TEXT)) LIKE '%lou learner%' OR lower(CAST(`+column+` AS TEXT)) LIKE '%lou@acme%'`))
				if err != nil {
					return err
				}
				if n > 0 && x.Name != "audit" {
					t.Errorf("%d rows of %s.%s know Lou", n, x.Name, column)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, w, `SELECT count(*) FROM enrolments WHERE account_id = ?`, lou.ID); n != enrolments || n == 0 {
		t.Errorf("%d enrolments of %d are left", n, enrolments)
	}
	if n := count(t, w, `SELECT count(*) FROM grants WHERE account_id = ? AND until = ?`, lou.ID, db.Never); n != grants {
		t.Errorf("%d grants of %d are left", n, grants)
	}
	shown, err := action.ShowAccount.Run(t.Context(), w.Env, w.As("Ana"), action.AccountID{Account: lou.ID})
	if err != nil || !strings.HasPrefix(shown.Name, "Erased person ") || shown.Erased.IsZero() || shown.Email != "" {
		t.Errorf("%+v %v", shown, err)
	}
	_, err = action.AddAccount.Run(t.Context(), w.Env, w.As("Ana"), action.NewPerson{Name: "Lou Again", Username: "lou", Email: "lou@acme.test", Organization: w.Orgs["South"].ID})
	want(t, "the name is free again", err, -1)
	sound(t, w)
}

func merge(t *testing.T, w *worldtest.Test, who, from, to string) (identity.Merged, error) {
	t.Helper()
	return identity.MergeAccounts.Run(t.Context(), w.Env, w.As(who), identity.Merger{Account: w.People[to].ID, Other: w.People[from].ID})
}

// CO-4, PT-1, PT-2, SA-3: a merge moves enrolments with their results, teams, groups, roles and policies; its preview says the same
// and changes nothing; what one may not do to both accounts is refused whole; and every total still sums.
func TestMerge_CO4_PT1_SA3(t *testing.T) {
	w := worldtest.New(t)
	for _, c := range []struct {
		who, from, to string
		want          fail.Kind
	}{
		{"Ana", "Sam", "Lou", fail.NotAllowed},
		{"Ana", "Lou", "Sam", fail.NotAllowed},
		{"Pia", "Ana", "Lou", fail.NotAllowed},
		{"Pia", "Lou", "Ana", fail.NotAllowed},
		{"Otto", "Lou", "Max", fail.NotFound},
		{"Leo", "Lou", "Sue", fail.NotAllowed},
		{"Ana", "Una", "Lou", fail.NotFound},
		{"Ana", "Ana", "Lou", fail.Conflict},
		{"Sam", "Sam", "Lou", fail.Conflict},
		{"Sam", "Lou", "Lou", fail.Invalid},
	} {
		_, err := merge(t, w, c.who, c.from, c.to)
		want(t, c.who+" merges "+c.from+" into "+c.to, err, c.want)
	}
	lou, bea := w.People["Lou"], w.People["Bea"]
	grades := count(t, w, `SELECT count(*) FROM results WHERE account_id IN (?, ?)`, lou.ID, bea.ID)
	rows := count(t, w, `SELECT count(*) FROM enrolments WHERE account_id IN (?, ?)`, lou.ID, bea.ID)
	could := fold(t, w, "Bea")
	before, effects, err := identity.MergeAccounts.Preview(t.Context(), w.Env, w.As("Ana"), identity.Merger{Account: lou.ID, Other: bea.ID})
	if err != nil || effects.Affected != 2 || effects.Gaining == 0 || effects.Losing == 0 {
		t.Fatalf("%+v %+v %v", before, effects, err)
	}
	if n := count(t, w, `SELECT count(*) FROM accounts WHERE deleted_at <> 0`); n != 0 {
		t.Fatal("the preview has done it")
	}
	out, err := merge(t, w, "Ana", "Bea", "Lou")
	if err != nil || out != before || out.Policies != 3 {
		t.Fatalf("%+v, previewed as %+v: %v", out, before, err)
	}
	for _, g := range access.Difference(fold(t, w, "Lou"), could) {
		if g.Place.ID != w.Acme.ID && g.Place.ID != bea.ID { // the account type of another organization
			t.Errorf("lost: %s at %v", g.Perm.Key, g.Place)
		}
	}
	if n := count(t, w, `SELECT count(*) FROM grants WHERE account_id = ? AND until = ?`, bea.ID, db.Never); n != 0 {
		t.Errorf("Bea has %d grants left", n)
	}
	if n := count(t, w, `SELECT count(*) FROM results WHERE account_id IN (?, ?)`, lou.ID, bea.ID); n != grades {
		t.Errorf("%d results of %d", n, grades)
	}
	if n := count(t, w, `SELECT count(*) FROM enrolments WHERE account_id IN (?, ?)`, lou.ID, bea.ID); n != rows {
		t.Errorf("%d enrolments of %d", n, rows)
	}
	sound(t, w)
	_, err = merge(t, w, "Ana", "Bea", "Lou")
	want(t, "twice", err, fail.Conflict)
	out, err = merge(t, w, "Ana", "Lin", "Lou") // both in Company A Team and perhaps in courses; of different organizations
	if err != nil || out.Had == 0 || out.Teams == 0 || out.Ended != 1 || out.Enrolments+out.Doubled == 0 {
		t.Errorf("%+v %v", out, err)
	}
	sound(t, w)
	if out, err = merge(t, w, "Ana", "Max", "Sue"); err != nil || out.Enrolments != 1 || out.Doubled != 0 { // nothing is left with Max
		t.Errorf("%+v %v", out, err)
	}
	sound(t, w)
}

func fold(t *testing.T, w *worldtest.Test, who string) (a *access.Actor) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		rules, err := store.LoadRules(t.Context(), tx, w.Acme.ID)
		if err != nil {
			return err
		}
		list, err := store.LoadActors(t.Context(), tx, rules, []db.ID{w.People[who].ID}, w.Clock.Now())
		a = list[0]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
