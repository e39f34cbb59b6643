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

func orgNames(t *testing.T, w *worldtest.Test, who string, in action.OrganizationQuery) string {
	t.Helper()
	out, err := action.ListOrganizations.Run(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatalf("%s lists organizations: %v", who, err)
	}
	var names []string
	for _, o := range out.Items {
		name := o.Name
		for _, p := range o.Path {
			name += "<" + p.Name
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// OA-1, PT-4: the tree begins at the top of what one may see, and a search finds nothing beyond it.
func TestOA1ListOrganizations(t *testing.T) {
	w := worldtest.New(t)
	for _, c := range []struct {
		who  string
		in   action.OrganizationQuery
		want string
	}{
		{"Leo", action.OrganizationQuery{}, "Acme"},
		{"Leo", action.OrganizationQuery{Parent: w.Orgs["Acme"].ID}, "North<Acme South<Acme"},
		{"Leo", action.OrganizationQuery{Query: "la"}, "Lab<Acme<North"},
		{"Leo", action.OrganizationQuery{Query: "dusk"}, ""},
		{"Otto", action.OrganizationQuery{}, "North"},
		{"Otto", action.OrganizationQuery{Parent: w.Orgs["North"].ID}, "Lab<North"},
		{"Otto", action.OrganizationQuery{Query: "south"}, ""},
		{"Lin", action.OrganizationQuery{}, ""},
	} {
		if got := orgNames(t, w, c.who, c.in); got != c.want {
			t.Errorf("%s lists %+v: %q, want %q", c.who, c.in, got, c.want)
		}
	}
	for _, in := range []action.OrganizationQuery{{Parent: w.Orgs["South"].ID}, {Parent: w.Orgs["Dusk"].ID}, {Parent: 7}} {
		if _, err := action.ListOrganizations.Run(t.Context(), w.Env, w.As("Otto"), in); !fail.Is(err, fail.NotFound) {
			t.Errorf("Otto: %+v: %v", in, err)
		}
	}
}

// PA-1, OA-1: portal administrators create, rename, move and delete organizations; others are refused.
func TestPA1ChangeOrganizations(t *testing.T) {
	w := worldtest.New(t)
	create := func(who string, parent db.ID, name string) (action.Named, error) {
		return action.CreateOrganization.Run(t.Context(), w.Env, w.As(who), action.NewOrganization{Parent: parent, Name: name})
	}
	for who, want := range map[string]fail.Kind{"Otto": fail.NotAllowed, "Leo": fail.NotAllowed, "Lin": fail.NotFound, "Una": fail.NotFound, "Urs": fail.NotFound} {
		if _, err := create(who, w.Orgs["North"].ID, "East"); !fail.Is(err, want) {
			t.Errorf("%s creates: %v", who, err)
		}
	}
	east, err := create("Pia", w.Orgs["Acme"].ID, "  East  wing ")
	if err != nil || east.Name != "East wing" {
		t.Fatal(east, err)
	}
	if _, err := create("Ana", w.Orgs["Acme"].ID, "EAST WING"); !fail.Is(err, fail.Conflict) {
		t.Errorf("the same name again: %v", err)
	}
	for _, name := range []string{"", "  ", strings.Repeat("x", 201), "a\nb", "a\u202eb"} {
		if _, err := create("Ana", w.Orgs["Acme"].ID, name); !fail.Is(err, fail.Invalid) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	remove := func(who string, id db.ID) error {
		_, err := action.DeleteOrganization.Run(t.Context(), w.Env, w.As(who), action.OrganizationID{Organization: id})
		return err
	}
	if err := remove("Ana", w.Orgs["South"].ID); !fail.Is(err, fail.Conflict) || !strings.Contains(err.Error(), "2 people, 1 teams") {
		t.Errorf("South is not empty: %v", err)
	}
	if err := remove("Ana", w.Acme.ID); !fail.Is(err, fail.Conflict) {
		t.Errorf("the root: %v", err)
	}
	if err := remove("Otto", w.Orgs["Lab"].ID); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Otto deletes: %v", err)
	}
	if err := remove("Ana", east.ID); err != nil {
		t.Error(err)
	}
	if err := remove("Ana", east.ID); !fail.Is(err, fail.NotFound) {
		t.Errorf("twice: %v", err)
	}
	if _, err := create("Ana", w.Orgs["Acme"].ID, "East wing"); err != nil {
		t.Errorf("the name is free again: %v", err)
	}
}

func TestMoveOrganization(t *testing.T) {
	w := worldtest.New(t)
	move := func(who, org, to string) error {
		_, err := action.MoveOrganization.Run(t.Context(), w.Env, w.As(who), action.OrganizationMove{Organization: w.Orgs[org].ID, Parent: w.Orgs[to].ID})
		return err
	}
	if err := move("Otto", "Lab", "South"); err == nil {
		t.Error("Otto moves Lab to South, which is not his")
	}
	if err := move("Ana", "North", "Lab"); !fail.Is(err, fail.Invalid) {
		t.Errorf("below itself: %v", err)
	}
	if err := move("Ana", "North", "Dusk"); !fail.Is(err, fail.NotFound) {
		t.Errorf("PT-4, to another portal: %v", err)
	}
	if err := move("Ana", "Acme", "North"); !fail.Is(err, fail.Conflict) {
		t.Errorf("the root: %v", err)
	}
	if got := orgNames(t, w, "Otto", action.OrganizationQuery{Query: "south"}); got != "" {
		t.Error(got)
	}
	if err := move("Ana", "South", "Lab"); err != nil {
		t.Fatal(err)
	}
	// From the next request on, Otto's North holds South too.
	if got := orgNames(t, w, "Otto", action.OrganizationQuery{Query: "south"}); got != "South<North<Lab" {
		t.Error(got)
	}
	if got := firstNames(people(t, w, "Otto", action.AccountQuery{Org: w.Orgs["Lab"].ID})); got != "Lou Max Sue" {
		t.Error(got)
	}
	if err := move("Ana", "Lab", "Acme"); err != nil {
		t.Fatal(err)
	}
	if got := orgNames(t, w, "Otto", action.OrganizationQuery{Query: "a"}); got != "" {
		t.Errorf("Otto still sees %s", got)
	}
	checkTree(t, w)
}

// PT-2: nobody is given, by a move, rights over an organization that the mover does not hold there.
func TestPT2MoveGivesNothing(t *testing.T) {
	w := worldtest.New(t)
	// In South, partial administrators may not reset passwords; Otto of North may.
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		return store.SetOverride(t.Context(), tx, w.Orgs["South"], access.Partial, access.AccountResetPassword, false, w.Clock.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = action.MoveOrganization.Run(t.Context(), w.Env, w.As("Pia"), action.OrganizationMove{Organization: w.Orgs["South"].ID, Parent: w.Orgs["North"].ID})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Pia gives Otto what she may not do: %v", err)
	}
}

// checkTree compares the closure of the tree with the parents.
func checkTree(t *testing.T, w *worldtest.Test) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		wrong, err := db.Val[int64](t.Context(), tx, db.SQL(`WITH RECURSIVE up (org_id, ancestor_id) AS (
			SELECT id, id FROM organizations WHERE deleted_at = 0 UNION ALL SELECT up.org_id, o.parent_id FROM up JOIN organizations o ON o.id = up.ancestor_id WHERE o.parent_id IS NOT NULL)
			SELECT (SELECT count(*) FROM (SELECT * FROM up EXCEPT SELECT org_id, ancestor_id FROM org_under) a) + (SELECT count(*) FROM (SELECT org_id, ancestor_id FROM org_under EXCEPT SELECT * FROM up) b)`))
		if err == nil && wrong != 0 {
			t.Errorf("the tree's closure is wrong in %d places", wrong)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
