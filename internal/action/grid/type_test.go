package grid_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// GR-4: the portal locks a cell for all organizations: what theirs say does not count until it is unlocked, and none is set.
func TestGR4Lock(t *testing.T) {
	w := worldtest.New(t)
	set := func(who, org string, allow, lock bool) error {
		_, err := grid.SetCell.Run(t.Context(), w.Env, w.As(who), grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs[org].ID, Role: access.OrgAdmin, Permission: "account.list"},
			Allow: allow, Lock: lock})
		return err
	}
	sees := func(want string) {
		t.Helper()
		if got := firstNames(people(t, w, "Otto")); got != want {
			t.Errorf("Otto lists %s, want %s", got, want)
		}
	}
	wantKind(t, "off in North", set("Sam", "North", false, false), -1)
	sees("Otto")
	wantKind(t, "no organization locks", set("Sam", "North", true, true), fail.Invalid)
	wantKind(t, "on and locked in the portal", set("Sam", "Acme", true, true), -1)
	sees("Gus Ivy Lin Max Otto")
	wantKind(t, "locked", set("Sam", "Lab", false, false), fail.Conflict)
	wantKind(t, "so already", set("Sam", "Acme", true, true), fail.Conflict)
	wantKind(t, "unlocked", set("Sam", "Acme", true, false), -1)
	sees("Otto")
}

// GR-5, PT-5: an account type of the portal's own starts as a copy of its parent, is given where that is, and never holds what
// that can never hold, neither by an override nor by what is written in the database.
func TestGR5CustomTypes(t *testing.T) {
	w := worldtest.New(t)
	in := grid.NewType{Name: "Coach", About: "Teaches, and looks after people.", Parent: access.Instructor}
	for who, want := range map[string]fail.Kind{"Ana": fail.NotAllowed, "Otto": fail.NotAllowed, "Lin": fail.NotAllowed} {
		_, err := grid.CreateType.Run(t.Context(), w.Env, w.As(who), in)
		wantKind(t, who+" makes a type", err, want)
	}
	_, err := grid.CreateType.Run(t.Context(), w.Env, w.As("Sam"), grid.NewType{Name: "Boss", Parent: access.Super})
	wantKind(t, "of the super administrator", err, fail.Invalid)
	coach, err := grid.CreateType.Run(t.Context(), w.Env, w.As("Sam"), in)
	wantKind(t, "made", err, -1)
	role := func() *access.Role {
		return inRead(t, w, func(tx *db.Tx) (*access.Role, error) {
			rules, err := store.LoadRules(t.Context(), tx, w.Acme.ID)
			return rules.Role(coach.ID), err
		})
	}
	if r := role(); r == nil || r.Set != access.Builtin(access.Instructor).Set || !r.MayBeAt(access.Organization) || r.Policy {
		t.Fatalf("the type is %+v", r)
	}
	set := func(key string) error {
		_, err := grid.SetCell.Run(t.Context(), w.Env, w.As("Sam"), grid.CellChange{CellPath: grid.CellPath{Organization: w.Acme.ID, Role: coach.ID, Permission: key}, Allow: true})
		return err
	}
	wantKind(t, "what an instructor never holds", set("account.edit"), fail.NotAllowed)
	wantKind(t, "what an instructor may hold", set("account.list"), -1)
	err = w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		made, _ := access.CustomID(coach.ID)
		_, err := tx.Exec(t.Context(), db.SQL(`INSERT INTO role_permissions (id, role_id, permission, since, until) VALUES (1, ?, 'account.edit', 0, ?)`, made, db.Never))
		if err != nil {
			return err
		}
		return store.Changed(t.Context(), tx, w.Acme.ID)
	})
	if err != nil || role().Set.Has(access.AccountEdit) {
		t.Errorf("what stands in the database counts although it is never: %v", err)
	}
	types := func(who string, id db.ID, types ...access.RoleID) error {
		_, err := action.SetAccountTypes.Run(t.Context(), w.Env, w.As(who), action.AccountTypesChange{Account: id, Types: types})
		return err
	}
	wantKind(t, "PT-2: Otto holds what a coach does, in North", types("Otto", w.People["Ivy"].ID, coach.ID), -1)
	if got := firstNames(people(t, w, "Ivy")); got != "Gus Ivy Lin Max Otto" {
		t.Errorf("Ivy, a coach, lists %s", got)
	}
	wantKind(t, "not a type", types("Ana", w.People["Ivy"].ID, access.CustomRoleID(db.NewID())), fail.Invalid)
	_, err = grid.DeleteType.Run(t.Context(), w.Env, w.As("Sam"), grid.TypeEnd{Role: coach.ID})
	wantKind(t, "somebody has it", err, fail.Conflict)
	_, err = grid.DeleteType.Run(t.Context(), w.Env, w.As("Sam"), grid.TypeEnd{Role: coach.ID, Confirm: true})
	wantKind(t, "deleted", err, -1)
	if got := firstNames(people(t, w, "Ivy")); got != "Ivy" {
		t.Errorf("Ivy, a coach no more, lists %s", got)
	}
}

// GR-4, PT-2: an organization's administrators change its table where the super administrator switched that on, only what
// they hold there themselves, and never who may change tables, nor what full administrators may.
func TestGR4OrganizationsAdministrators(t *testing.T) {
	w := worldtest.New(t)
	set := func(who, org string, role access.RoleID, key string, allow bool) error {
		_, err := grid.SetCell.Run(t.Context(), w.Env, w.As(who), grid.CellChange{CellPath: grid.CellPath{Organization: w.Orgs[org].ID, Role: role, Permission: key}, Allow: allow})
		return err
	}
	for _, s := range []struct {
		who, org string
		role     access.RoleID
		key      string
		allow    bool
		want     fail.Kind
	}{
		{"Otto", "North", access.Instructor, "account.list", true, fail.NotAllowed},
		{"Ana", "North", access.OrgAdmin, "permission.edit_organization", true, fail.NotAllowed},
		{"Sam", "Acme", access.OrgAdmin, "permission.edit_organization", true, -1},
		{"Otto", "North", access.Instructor, "account.list", true, -1},
		{"Otto", "Lab", access.Instructor, "account.list", false, -1},
		{"Otto", "South", access.Instructor, "account.list", true, fail.NotFound},
		{"Otto", "Acme", access.Instructor, "account.list", true, fail.NotFound},
		{"Otto", "North", access.Instructor, "account.edit", true, fail.NotAllowed},
		{"Otto", "North", access.Monitor, "permission.edit_organization", true, fail.NotAllowed},
		{"Otto", "Lab", access.OrgAdmin, "permission.edit_organization", false, fail.NotAllowed},
		{"Otto", "North", access.Admin, "account.list", false, fail.NotAllowed},
		{"Sam", "Acme", access.OrgAdmin, "report.certain", false, -1},
		{"Otto", "North", access.Instructor, "report.certain", true, fail.NotAllowed},
		{"Otto", "North", access.OrgAdmin, "report.certain", true, fail.NotAllowed},
		{"Otto", "North", access.Manager, "report.certain", false, fail.NotAllowed},
		{"Sam", "Lab", access.OrgAdmin, "team.edit", false, -1},
		{"Otto", "North", access.Manager, "team.edit", true, fail.NotAllowed}, // not held in the Lab
		{"Sam", "Acme", access.OrgAdmin, "permission.edit_organization", false, -1},
		{"Otto", "North", access.Instructor, "account.list", false, fail.NotAllowed},
	} {
		wantKind(t, s.who+" "+s.org+" "+string(s.role)+" "+s.key, set(s.who, s.org, s.role, s.key, s.allow), s.want)
	}
	if got := firstNames(people(t, w, "Ivy")); got != "Gus Ivy Lin Otto" {
		t.Errorf("Ivy lists %s", got)
	}
}
