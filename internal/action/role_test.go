package action_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// LM-2, LM-4: a new portal has the roles, and the group already tied to them by policies.
func TestLM2RolesOfANewPortal(t *testing.T) {
	w := worldtest.New(t)
	for _, who := range []string{"Sam", "Urs"} {
		list, err := action.ListRoles.Run(t.Context(), w.Env, w.As(who), action.RoleQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, r := range list.Items {
			titles = append(titles, r.Title)
		}
		want := []string{"Analytics Viewer", "Analytics Reader", "List Teams", "List Users", "Create Teams", "Read Teams", "Download Analytics Reports",
			"Enrollment Manager", "Inviter", "Edit Team", "Tenant Admin", "Payment provider"}
		if !slices.Equal(titles, want) {
			t.Errorf("%s sees %v", who, titles)
		}
	}
	got, err := action.ShowRole.Run(t.Context(), w.Env, w.As("Ana"), action.RolePath{Role: access.AnalyticsViewer})
	if err != nil || got.People != 2 || got.Policies != 2 || len(got.UsedBy) != 2 || got.MayEdit || len(got.Rights) == 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func makeRole(t *testing.T, w *worldtest.Test, who, name string, keys ...string) action.RoleItem {
	t.Helper()
	made, err := action.CreateRole.Run(t.Context(), w.Env, w.As(who), action.NewRole{RoleDraft: action.RoleDraft{Name: name, Permissions: keys}})
	if err != nil {
		t.Fatalf("%s makes %s: %v", who, name, err)
	}
	return made
}

// LM-3, LM-12, PT-2, PT-5: roles are made within what one holds oneself; built-in ones are copied only.
func TestLM3PT2Roles(t *testing.T) {
	w := worldtest.New(t)
	try := func(who string, keys ...string) error {
		_, err := action.CreateRole.Run(t.Context(), w.Env, w.As(who), action.NewRole{RoleDraft: action.RoleDraft{Name: "R " + strings.Join(keys, "+"), Permissions: keys}})
		return err
	}
	wantKind(t, "Tess, what she holds", try("Tess", "account.list", "team.view"), -1)
	wantKind(t, "Tess, account.edit", try("Tess", "account.edit"), fail.NotAllowed)
	wantKind(t, "Tess, portal.configure", try("Tess", "account.list", "portal.configure"), fail.NotAllowed)
	wantKind(t, "Tess, audit.view", try("Tess", "audit.view"), fail.NotAllowed)
	wantKind(t, "Pia, report.all", try("Pia", "report.all"), fail.NotAllowed)
	wantKind(t, "Ana, the super administrator's", try("Ana", "permission.edit_grid"), fail.Invalid)
	wantKind(t, "Sam, the super administrator's", try("Sam", "permission.edit_grid"), fail.Invalid)
	wantKind(t, "Sam, over oneself", try("Sam", "token.manage"), fail.Invalid)
	wantKind(t, "Sam, none such", try("Sam", "no.such"), fail.Invalid)
	for who, want := range map[string]fail.Kind{"Leo": fail.NotAllowed, "Lin": fail.NotAllowed, "Otto": fail.NotAllowed, "Mo": fail.NotAllowed} {
		wantKind(t, who, try(who, "account.list"), want)
	}
	copied, err := action.CreateRole.Run(t.Context(), w.Env, w.As("Tess"), action.NewRole{RoleDraft: action.RoleDraft{Name: "My readers", Permissions: []string{"team.view"}}, CopyOf: access.ListUsers})
	if err != nil || copied.Rights != access.Builtin(access.ListUsers).Set.Len()+1 {
		t.Errorf("a copy: %+v, %v", copied, err)
	}
	_, err = action.CreateRole.Run(t.Context(), w.Env, w.As("Tess"), action.NewRole{RoleDraft: action.RoleDraft{Name: "Mine"}, CopyOf: access.Admin})
	wantKind(t, "Tess copies the administrator", err, fail.NotAllowed)
	for _, id := range []access.RoleID{access.TenantAdmin, access.Admin} {
		_, err = action.EditRole.Run(t.Context(), w.Env, w.As("Sam"), action.RoleChange{Role: id, RoleDraft: action.RoleDraft{Name: "X"}})
		wantKind(t, "editing "+string(id), err, fail.NotAllowed)
		_, err = action.DeleteRole.Run(t.Context(), w.Env, w.As("Sam"), action.RoleEnd{Role: id, Confirm: true})
		wantKind(t, "deleting "+string(id), err, fail.NotAllowed)
	}
	mine := makeRole(t, w, "Ana", "Watchers", "account.list")
	_, err = action.EditRole.Run(t.Context(), w.Env, w.As("Urs"), action.RoleChange{Role: mine.ID, RoleDraft: action.RoleDraft{Name: "X"}})
	wantKind(t, "another portal's role", err, fail.NotFound)
	_, err = action.ShowRole.Run(t.Context(), w.Env, w.As("Urs"), action.RolePath{Role: mine.ID})
	wantKind(t, "another portal's role, shown", err, fail.NotFound)
}

// PT-2, BE-2: a role in use is not edited upward by who does not hold it all; an edit shows who gains and loses.
func TestPT2EditRoleInUse(t *testing.T) {
	w := worldtest.New(t)
	role := makeRole(t, w, "Ana", "Watchers", "account.list")
	_, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyBinding{Name: "Tess and Sue watch", Role: role.ID,
		Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{accountRef(w.People["Tess"]), accountRef(w.People["Sue"])}})
	wantKind(t, "a policy", err, -1)
	edit := func(keys ...string) action.RoleChange {
		return action.RoleChange{Role: role.ID, RoleDraft: action.RoleDraft{Name: "Watchers", Permissions: keys}}
	}
	_, err = action.EditRole.Run(t.Context(), w.Env, w.As("Tess"), edit("account.list", "account.reset_password"))
	wantKind(t, "Tess raises her own role", err, fail.NotAllowed)
	_, _, err = action.EditRole.Preview(t.Context(), w.Env, w.As("Tess"), edit("account.list", "audit.view"))
	wantKind(t, "a preview is refused as the deed", err, fail.NotAllowed)
	_, effects, err := action.EditRole.Preview(t.Context(), w.Env, w.As("Ana"), edit("team.list", "audit.view"))
	if err != nil || effects.Gaining != 2 || effects.Losing != 1 {
		t.Fatalf("%+v, %v", effects, err)
	}
	for _, p := range effects.People {
		if p.Name == "Tess Tenant" && (len(p.Gains) != 1 || len(p.Loses) != 0) || p.Name == "Sue Learner" && (len(p.Gains) != 2 || len(p.Loses) != 1) {
			t.Errorf("%+v", p)
		}
	}
	_, err = action.EditRole.Run(t.Context(), w.Env, w.As("Ana"), edit("team.list", "audit.view"))
	wantKind(t, "Ana edits it", err, -1)
	if n := people(t, w, "Sue", action.AccountQuery{}).Total; n > 3 {
		t.Errorf("Sue still sees %d people", n)
	}
}

// LM-12: a role in use says what would be lost, and is deleted whole, with its policies.
func TestLM12DeleteRoleInUse(t *testing.T) {
	w := worldtest.New(t)
	role := makeRole(t, w, "Ana", "Watchers", "account.list")
	policy, err := action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyBinding{Name: "Sue watches", Role: role.ID,
		Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{accountRef(w.People["Sue"]), groupRef(w.Management.ID)}})
	wantKind(t, "a policy", err, -1)
	_, err = action.DeleteRole.Run(t.Context(), w.Env, w.As("Ana"), action.RoleEnd{Role: role.ID})
	wantKind(t, "without confirming", err, fail.Conflict)
	if err == nil || !strings.Contains(err.Error(), "2 people") || !strings.Contains(err.Error(), "Sue watches") {
		t.Errorf("%v does not say what would be lost", err)
	}
	if n := people(t, w, "Sue", action.AccountQuery{}).Total; n < 14 {
		t.Errorf("half of it was done: Sue sees %d people", n)
	}
	_, err = action.DeleteRole.Run(t.Context(), w.Env, w.As("Ana"), action.RoleEnd{Role: role.ID, Confirm: true})
	wantKind(t, "confirmed", err, -1)
	if n := people(t, w, "Sue", action.AccountQuery{}).Total; n > 3 {
		t.Errorf("Sue still sees %d people", n)
	}
	_, err = action.ShowPolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyID{Policy: policy.ID})
	wantKind(t, "its policy", err, fail.NotFound)
	if left := inRead(t, w, func(tx *db.Tx) (int64, error) {
		return db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM grants WHERE role = ? AND until > ?`, string(role.ID), db.Micros(w.Clock.Now())))
	}); left != 0 {
		t.Errorf("%d grants are left", left)
	}
}
