package grid_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// PT-5, GR-4: overrides are the super administrator's to set, never where a cell is not available; the nearest one above a
// thing counts, and lists and counts agree with decisions.
func TestPT5Overrides(t *testing.T) {
	w := worldtest.New(t)
	cell := func(org string, role access.RoleID, key string) grid.CellPath {
		return grid.CellPath{Organization: w.Orgs[org].ID, Role: role, Permission: key}
	}
	set := func(who, org string, role access.RoleID, key string, allow bool) error {
		_, err := grid.SetCell.Run(t.Context(), w.Env, w.As(who), grid.CellChange{CellPath: cell(org, role, key), Allow: allow})
		return err
	}
	for _, s := range []struct {
		who, org string
		role     access.RoleID
		key      string
		want     fail.Kind
	}{
		{"Ana", "North", access.OrgAdmin, "account.list", fail.NotAllowed},
		{"Otto", "North", access.OrgAdmin, "account.list", fail.NotAllowed},
		{"Lin", "North", access.OrgAdmin, "account.list", fail.NotFound},
		{"Sam", "Dusk", access.OrgAdmin, "account.list", fail.NotFound},
		{"Sam", "North", access.Super, "account.list", fail.NotAllowed},
		{"Sam", "North", access.Learner, "account.edit", fail.NotAllowed},
		{"Sam", "North", access.Admin, "permission.edit_grid", fail.NotAllowed},
		{"Sam", "North", access.Self, "account.list", fail.NotAllowed},
		{"Sam", "North", "none", "account.list", fail.NotFound},
		{"Sam", "North", access.OrgAdmin, "no.such", fail.NotFound},
	} {
		wantKind(t, s.who+" "+s.org+" "+string(s.role)+" "+s.key, set(s.who, s.org, s.role, s.key, false), s.want)
	}
	_, effects, err := grid.SetCell.Preview(t.Context(), w.Env, w.As("Sam"), grid.CellChange{CellPath: cell("North", access.OrgAdmin, "account.list")})
	if err != nil || effects.Losing != 1 || effects.People[0].Name != "Otto North" {
		t.Errorf("BE-2: %+v, %v", effects, err)
	}
	sees := func(want string) {
		t.Helper()
		got := people(t, w, "Otto")
		if firstNames(got) != want || got.Total != len(got.Items) {
			t.Errorf("Otto lists %s (%d), want %s", firstNames(got), got.Total, want)
		}
	}
	sees("Gus Ivy Lin Max Otto")
	wantKind(t, "off in North", set("Sam", "North", access.OrgAdmin, "account.list", false), -1)
	sees("Otto")
	wantKind(t, "on again in the Lab", set("Sam", "Lab", access.OrgAdmin, "account.list", true), -1)
	sees("Max Otto")
	_, err = grid.ClearCell.Run(t.Context(), w.Env, w.As("Sam"), cell("North", access.OrgAdmin, "account.list"))
	wantKind(t, "cleared", err, -1)
	sees("Gus Ivy Lin Max Otto")
	wantKind(t, "off in the portal, the Lab's stays", set("Sam", "Acme", access.OrgAdmin, "account.list", false), -1)
	sees("Max Otto")
	_, err = grid.ClearCell.Run(t.Context(), w.Env, w.As("Sam"), cell("South", access.OrgAdmin, "account.list"))
	wantKind(t, "none to clear", err, fail.NotFound)
}
