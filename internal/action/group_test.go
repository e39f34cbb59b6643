package action_test

import (
	"slices"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// wantKind fails the test where an error is not of a kind; -1 is no error at all.
func wantKind(t *testing.T, what string, err error, want fail.Kind) {
	t.Helper()
	if want == -1 && err != nil || want != -1 && (err == nil || fail.Of(err) != want) {
		t.Errorf("%s: %v, want kind %d", what, err, want)
	}
}

// LM-5: open Groups, choose the group, add people, Save. What each gains is shown before; it counts at the next request of
// somebody who is signed in already, and so does removal.
func TestLM5AddToGroup(t *testing.T) {
	w := worldtest.New(t)
	lists := func() error {
		_, err := action.ListAccounts.Run(t.Context(), w.Env, w.As("Max"), action.AccountQuery{})
		return err
	}
	teams := func() int {
		n := 0
		if p, err := action.ListAccounts.Run(t.Context(), w.Env, w.As("Max"), action.AccountQuery{}); err == nil {
			n = p.Total
		}
		return n
	}
	if before := teams(); before != 1 {
		t.Fatalf("Max sees %d people at first, want himself only (%v)", before, lists())
	}
	in := action.GroupMembers{Group: w.Management.ID, Lines: []string{"max", "", "Bea Account", "lin@acme.test"}}
	_, effects, err := action.AddGroupMembers.Preview(t.Context(), w.Env, w.As("Ana"), in)
	if err != nil || effects.Affected != 3 || effects.Gaining != 3 || effects.Losing != 0 {
		t.Fatalf("preview: %+v, %v", effects, err)
	}
	var titles []string
	for _, p := range effects.People {
		for _, g := range p.Gains {
			if p.Name == "Max Lab" {
				titles = append(titles, g.Permission+" "+g.PlaceName)
			}
		}
	}
	for _, want := range []string{"account.list Acme", "team.create Acme", "report.certain Acme", "course.enroll_others Acme"} {
		if !slices.Contains(titles, want) {
			t.Errorf("Max gains %v, want %q among it", titles, want)
		}
	}
	if teams() != 1 {
		t.Fatal("the preview counted already")
	}
	out, err := action.AddGroupMembers.Run(t.Context(), w.Env, w.As("Ana"), in)
	if err != nil || len(out.Added) != 3 {
		t.Fatalf("%+v, %v", out, err)
	}
	if teams() < 14 {
		t.Errorf("Max sees %d people after it", teams())
	}
	_, err = action.AddGroupMembers.Run(t.Context(), w.Env, w.As("Ana"), in)
	wantKind(t, "the same people again", err, fail.Conflict)

	_, err = action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMember{Group: w.Management.ID, Account: w.People["Max"].ID})
	wantKind(t, "taking Max out", err, -1)
	if teams() != 1 {
		t.Errorf("Max sees %d people at his next request", teams())
	}
	_, err = action.RemoveGroupMember.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMember{Group: w.Management.ID, Account: w.People["Max"].ID})
	wantKind(t, "taking Max out twice", err, fail.NotFound)
}

// LM-5: a pasted list is taken whole or not at all, and each wrong line is named.
func TestLM5PastedListIsWholeOrNot(t *testing.T) {
	w := worldtest.New(t)
	_, err := action.AddGroupMembers.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMembers{Group: w.Management.ID, Lines: []string{"max", "nobody", "una"}})
	wantKind(t, "a list with strangers", err, fail.Invalid)
	for _, want := range []string{"line 2", "line 3"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	got, err := action.ShowGroup.Run(t.Context(), w.Env, w.As("Ana"), action.GroupPeople{Group: w.Management.ID})
	if err != nil || got.People != 1 || len(got.Items) != 1 || got.Items[0].Name != "Leo Manager" || len(got.Policies) != 8 {
		t.Errorf("after it: %+v, %v", got, err)
	}
	for _, p := range got.Policies {
		if len(p.Places) != 1 || p.Places[0].Name != "Acme" || len(p.Holders) != 1 || p.Holders[0].Name != "Learner management" || p.People != 1 {
			t.Errorf("LM-3: a policy shows its places by name: %+v", p)
		}
	}
}

// PT-2, PT-4: who may manage groups is put into none that gives more than they hold, not by themselves either; learner
// managers and learners manage no groups; another portal's group and people are not there.
func TestPT2GroupAttacks(t *testing.T) {
	w := worldtest.New(t)
	made, err := action.CreateGroup.Run(t.Context(), w.Env, w.As("Ana"), action.NewGroup{Name: "Deputies"})
	wantKind(t, "Ana makes a group", err, -1)
	role, err := action.CreateRole.Run(t.Context(), w.Env, w.As("Ana"), action.NewRole{RoleDraft: action.RoleDraft{Name: "Deputy", Permissions: []string{"account.edit", "portal.configure"}}})
	wantKind(t, "Ana makes a role", err, -1)
	_, err = action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyBinding{Name: "Deputies", Role: role.ID,
		Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{groupRef(made.ID)}})
	wantKind(t, "Ana makes a policy", err, -1)
	for _, s := range []struct {
		who, person string
		group       db.ID
		want        fail.Kind
	}{
		{"Tess", "Tess", made.ID, fail.NotAllowed},
		{"Tess", "Lin", made.ID, fail.NotAllowed},
		{"Tess", "Lin", w.Management.ID, -1},
		{"Leo", "Leo", made.ID, fail.NotFound},
		{"Leo", "Lou", w.Management.ID, fail.NotFound},
		{"Mo", "Mo", made.ID, fail.NotAllowed},
		{"Urs", "Urs", made.ID, fail.NotFound},
		{"Urs", "Lin", w.Management.ID, fail.NotFound},
		{"Ana", "Una", made.ID, fail.NotFound},
		{"Pia", "Pia", made.ID, -1},
	} {
		_, err := action.AddGroupMembers.Run(t.Context(), w.Env, w.As(s.who), action.GroupMembers{Group: s.group, Accounts: []db.ID{w.People[s.person].ID}})
		wantKind(t, s.who+" adds "+s.person, err, s.want)
	}
}

// LM-12: a group that every portal has is kept; another says what would be lost, and is deleted whole.
func TestLM12DeleteGroup(t *testing.T) {
	w := worldtest.New(t)
	_, err := action.DeleteGroup.Run(t.Context(), w.Env, w.As("Sam"), action.GroupEnd{Group: w.Management.ID, Confirm: true})
	wantKind(t, "the internal group", err, fail.NotAllowed)
	_, err = action.RenameGroup.Run(t.Context(), w.Env, w.As("Sam"), action.GroupChange{Group: w.Management.ID, Name: "Other"})
	wantKind(t, "the internal group's name", err, fail.NotAllowed)

	made, _ := action.CreateGroup.Run(t.Context(), w.Env, w.As("Ana"), action.NewGroup{Name: "Account teams"})
	_, err = action.CreateGroup.Run(t.Context(), w.Env, w.As("Ana"), action.NewGroup{Name: "account TEAMS"})
	wantKind(t, "the same name", err, fail.Conflict)
	_, err = action.CreatePolicy.Run(t.Context(), w.Env, w.As("Ana"), action.PolicyBinding{Name: "See people", Role: "list_users",
		Places: []action.PlaceRef{portalRef(w)}, Holders: []action.PlaceRef{groupRef(made.ID)}})
	wantKind(t, "a policy", err, -1)
	_, err = action.AddGroupMembers.Run(t.Context(), w.Env, w.As("Ana"), action.GroupMembers{Group: made.ID, Lines: []string{"sue", "lou"}})
	wantKind(t, "people", err, -1)
	_, err = action.DeleteGroup.Run(t.Context(), w.Env, w.As("Ana"), action.GroupEnd{Group: made.ID})
	wantKind(t, "without confirming", err, fail.Conflict)
	if err == nil || !strings.Contains(err.Error(), "2 people") || !strings.Contains(err.Error(), "See people") {
		t.Errorf("%v does not say what would be lost", err)
	}
	_, effects, err := action.DeleteGroup.Preview(t.Context(), w.Env, w.As("Ana"), action.GroupEnd{Group: made.ID, Confirm: true})
	if err != nil || effects.Losing != 2 {
		t.Errorf("preview: %+v, %v", effects, err)
	}
	lost, err := action.DeleteGroup.Run(t.Context(), w.Env, w.As("Ana"), action.GroupEnd{Group: made.ID, Confirm: true})
	if err != nil || lost.People != 2 || len(lost.Policies) != 1 {
		t.Errorf("%+v, %v", lost, err)
	}
	if n := people(t, w, "Sue", action.AccountQuery{}).Total; n > 3 {
		t.Errorf("Sue still sees %d people", n)
	}
	_, err = action.ShowGroup.Run(t.Context(), w.Env, w.As("Ana"), action.GroupPeople{Group: made.ID})
	wantKind(t, "the deleted group", err, fail.NotFound)
	left := inRead(t, w, func(tx *db.Tx) (int64, error) {
		return db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM grants WHERE (group_id = ? OR place_id = ?) AND until > ?`, made.ID, made.ID, db.Micros(w.Clock.Now())))
	})
	if left != 0 {
		t.Errorf("%d grants are left", left)
	}
}

func inRead[T any](t *testing.T, w *worldtest.Test, do func(*db.Tx) (T, error)) (out T) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) { out, err = do(tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ref(text string) (r action.PlaceRef) {
	if err := r.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return r
}

func portalRef(w *worldtest.Test) action.PlaceRef { return ref("portal:" + w.Acme.ID.String()) }
func groupRef(id db.ID) action.PlaceRef           { return ref("access_group:" + id.String()) }
func teamRef(t store.Team) action.PlaceRef        { return ref("team:" + t.ID.String()) }
func accountRef(a store.Account) action.PlaceRef  { return ref("account:" + a.ID.String()) }
