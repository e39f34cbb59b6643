package identity_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// typed is an account that holds one account type, in the root organization or in North.
type typed struct {
	name string
	role access.RoleID
	root bool
	id   db.ID
}

// everyType is an account of each type in each organization that it can be held in; the super administrator is Sam.
func everyType(t *testing.T, w *worldtest.Test) (out []typed) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, role := range access.AccountTypes {
			if access.OnlyTransferred.Has(role) {
				out = append(out, typed{"super at Acme", role, true, w.People["Sam"].ID})
				continue
			}
			for _, org := range []string{"Acme", "North"} {
				place := w.Orgs[org].PlaceThing()
				if !access.Builtin(role).MayBeAt(place.Kind) {
					continue
				}
				username := string(role) + "-" + strings.ToLower(org)
				a, err := store.CreateAccount(t.Context(), tx, w.Orgs[org], store.NewAccount{Name: username, Username: username, Email: username + "@acme.test"}, w.Clock.Now())
				if err != nil {
					return err
				}
				if err := store.Begin(t.Context(), tx, store.NewGrant{Account: a.ID, Role: role, At: place, Since: w.Clock.Now()}); err != nil {
					return err
				}
				out = append(out, typed{string(role) + " at " + org, role, org == "Acme", a.ID})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// grid is what grid.csv fixes: permission, account type, cell.
func grid(t *testing.T) map[string]map[access.RoleID]string {
	t.Helper()
	f, err := os.Open("../../access/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[access.RoleID]string{}
	for _, line := range lines[1:] {
		out[line[2]] = map[access.RoleID]string{}
		for i := 4; i < len(line); i++ {
			out[line[2]][access.RoleID(lines[0][i])] = line[i]
		}
	}
	return out
}

// has tells whether an account type holds a permission: by grid.csv, or where that leaves it open, by its declaration.
func has(cells map[string]map[access.RoleID]string, role access.RoleID, p *access.Permission) bool {
	switch cells[p.Key][role] {
	case "always", "yes":
		return true
	case "never", "off":
		return false
	}
	return role == access.Super || p.Yes.Has(role)
}

// may is the rule PT-1 once more, by sets alone: one holds the permission where the other is, and whatever the other may do,
// and where, one may do too.
func may(cells map[string]map[access.RoleID]string, p *access.Permission, a, b typed) bool {
	if !has(cells, a.role, p) || !a.root && b.root {
		return false
	}
	at := access.Portal
	if !b.root {
		at = access.Organization
	}
	for _, q := range access.Table() {
		if !q.Own && access.LiesIn(q.On, at) && has(cells, b.role, q) && !has(cells, a.role, q) {
			return false
		}
	}
	return true
}

// PT-1, SA-3, XA-3, OA-1: all ordered pairs of account types, in the portal and in an organization, for logging in as, issuing a
// password, editing, deleting, merging and seeing login details: who may is who holds it there and may do all that the other may.
func TestPairs_PT1(t *testing.T) {
	w := worldtest.New(t)
	all := everyType(t, w)
	cells := grid(t)
	victim := all[len(all)-1]
	deeds := map[string]struct {
		p  *access.Permission
		do func(op.Who, db.ID) error
	}{
		"log in as": {access.AccountLogInAs, func(who op.Who, id db.ID) error {
			_, _, err := identity.LogInAs.Preview(t.Context(), w.Env, who, identity.AsWhom{Account: id, Reason: "x"})
			return err
		}},
		"reset": {access.AccountResetPassword, func(who op.Who, id db.ID) error {
			_, _, err := action.IssuePassword.Preview(t.Context(), w.Env, who, action.PasswordReset{Account: id})
			return err
		}},
		"edit": {access.AccountEdit, func(who op.Who, id db.ID) error {
			_, _, err := action.EditAccount.Preview(t.Context(), w.Env, who, action.PersonChange{Account: id, Name: "N", Username: new("n")})
			return err
		}},
		"delete": {access.AccountDelete, func(who op.Who, id db.ID) error {
			_, _, err := identity.DeleteAccount.Preview(t.Context(), w.Env, who, identity.AccountRef{Account: id})
			return err
		}},
		"login details": {access.AccountViewLogin, func(who op.Who, id db.ID) error {
			_, err := action.ViewLogin.Run(t.Context(), w.Env, who, action.AccountID{Account: id})
			return err
		}},
		"merge": {access.AccountMerge, func(who op.Who, id db.ID) error {
			_, _, err := identity.MergeAccounts.Preview(t.Context(), w.Env, who, identity.Merger{Account: victim.id, Other: id})
			return err
		}},
	}
	asked, allowed := 0, 0
	for _, a := range all {
		for _, b := range all {
			if a.id == b.id || testing.Short() && asked%3 == 1 && b.role != access.Super {
				asked++
				continue
			}
			for name, d := range deeds {
				if name == "merge" && (b.id == victim.id || !may(cells, d.p, a, victim)) {
					continue
				}
				want := may(cells, d.p, a, b)
				err := d.do(op.Who{Portal: w.Acme.ID, Account: a.id, Session: 1}, b.id)
				asked++
				if err == nil {
					allowed++
				}
				if (err == nil) != want || err != nil && !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound) {
					t.Errorf("%s: %s to %s: %v, want %v", name, a.name, b.name, err, want)
				}
				if err == nil && (b.role == access.Super || access.FullTypes.Has(b.role) && !has(cells, a.role, access.AccountSetFull)) {
					t.Errorf("%s: %s to %s is allowed", name, a.name, b.name)
				}
			}
		}
	}
	t.Logf("%d asked, %d allowed", asked, allowed)
	if allowed < 100 {
		t.Error("hardly anything is allowed")
	}
	sound(t, w)
}
