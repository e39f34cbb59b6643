package attack_test

import (
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/action/tenant"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// holding is the open grant of a role that somebody holds, and until when.
func (s *site) holding(t *testing.T, who db.ID, role access.RoleID) (id db.ID, until int64) {
	t.Helper()
	type held struct {
		id    db.ID
		until int64
	}
	err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list, err := db.All(t.Context(), tx, db.SQL(`SELECT id, until FROM grants WHERE account_id = ? AND role = ? AND until > ?`, who, string(role), db.Micros(s.Clock.Now())),
			func(sc db.Scanner) (h held, err error) { return h, sc.Scan(&h.id, &h.until) })
		if len(list) > 0 {
			id, until = list[0].id, list[0].until
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, until
}

// BE-4, PT-2: Gus administers North for a week, while Otto is away, and may do all that Otto may: but none of it so that it lasts
// longer. He lets his own grant go on, makes himself another kind of administrator, the owner of a team that he administers for a
// day, and a member of a group for ever.
func TestNobodyProlongsTheirOwn_BE4_PT2(t *testing.T) {
	s := newSite(t)
	ctx, gus := t.Context(), s.People["Gus"].ID
	must[action.Named](t)(action.SetAccountTypes.Run(ctx, s.Env, s.As("Ana"), action.AccountTypesChange{Account: gus, Types: []access.RoleID{access.Manager, access.OrgAdmin}, For: "2w"}))
	grant, until := s.holding(t, s.People["Gus"].ID, access.OrgAdmin)
	if until == db.Never || grant == 0 {
		t.Fatal("it has no end")
	}
	end := func(who, last string) error {
		_, err := asking.SetGrantEnd.Run(ctx, s.Env, s.As(who), asking.GrantEnd{Grant: grant, For: last})
		return err
	}
	for _, last := range []string{"", "3m"} {
		if err := end("Gus", last); !fail.Is(err, fail.NotAllowed) {
			t.Errorf("Gus stays for %q: %v", last, err)
		}
	}
	team := s.Teams["Reds"].Thing()
	err := s.Env.DB.Write(ctx, func(tx *db.Tx) error {
		for _, role := range (access.Roles{access.TeamAdmin, access.TeamMember}) {
			if err := store.Begin(ctx, tx, store.NewGrant{Account: gus, Role: role, At: team, Since: s.Clock.Now(), Until: s.Clock.Now().Add(24 * time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = action.SetTeamRoles.Run(ctx, s.Env, s.As("Gus"), action.RolesOfMember{Team: team.ID, Account: gus, Roles: []access.RoleID{access.TeamOwner, access.TeamMember}, Confirm: true})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Gus owns the team for ever: %v", err)
	}
	var ref action.PlaceRef
	if err := ref.UnmarshalText([]byte("account:" + s.People["Bea"].ID.String())); err != nil {
		t.Fatal(err)
	}
	var portal action.PlaceRef
	if err := portal.UnmarshalText([]byte("portal:" + s.Acme.ID.String())); err != nil {
		t.Fatal(err)
	}
	policy := must[action.PolicyItem](t)(action.CreatePolicy.Run(ctx, s.Env, s.As("Ana"), action.PolicyBinding{Name: "For a week", Role: access.TenantAdmin, Places: []action.PlaceRef{portal}, Holders: []action.PlaceRef{ref}, For: "2w"}))
	held, _ := s.holding(t, s.People["Bea"].ID, access.TenantAdmin)
	if _, err := asking.SetGrantEnd.Run(ctx, s.Env, s.As("Bea"), asking.GrantEnd{Grant: held}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Bea lets the policy go on of which she is Tenant Admin: %v", err)
	}
	if _, err := action.AddGroupMembers.Run(ctx, s.Env, s.As("Bea"), action.GroupMembers{Group: s.Management.ID, Accounts: []db.ID{s.People["Bea"].ID}}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Bea joins the group for ever: %v", err)
	}
	must[action.GroupAdded](t)(action.AddGroupMembers.Run(ctx, s.Env, s.As("Bea"), action.GroupMembers{Group: s.Management.ID, Accounts: []db.ID{s.People["Bea"].ID}, For: "1d"}))
	if err := end("Ana", "3m"); err != nil {
		t.Errorf("Ana, who stays, cannot let it go on: %v", err)
	}
	s.Clock.Move(100 * 24 * time.Hour)
	if _, err := action.ListAccounts.Run(ctx, s.Env, s.As("Gus"), action.AccountQuery{}); err != nil {
		t.Error("Gus is a manager still", err)
	}
	if _, err := action.IssuePassword.Run(ctx, s.Env, s.As("Gus"), action.PasswordReset{Account: s.People["Max"].ID}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Gus administers after his time: %v", err)
	}
	if _, err := action.ShowPolicy.Run(ctx, s.Env, s.As("Bea"), action.PolicyID{Policy: policy.ID}); err == nil {
		t.Error("Bea reads policies after her time")
	}
}

// BE-4: whoever is moved to another organization, and whoever is made a full administrator since the brand is switched off, is that
// until when they would have been it, and not for ever.
func TestWhatEndsGoesOnToItsEnd_BE4_XA1(t *testing.T) {
	s := newSite(t)
	ctx := t.Context()
	must[action.Named](t)(action.SetAccountTypes.Run(ctx, s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Gus"].ID, Types: []access.RoleID{access.Manager, access.OrgAdmin}, For: "2w"}))
	_, was := s.holding(t, s.People["Gus"].ID, access.OrgAdmin)
	must[action.Named](t)(action.MoveAccount.Run(ctx, s.Env, s.As("Ana"), action.AccountMove{Account: s.People["Gus"].ID, Organization: s.Orgs["South"].ID}))
	if _, is := s.holding(t, s.People["Gus"].ID, access.OrgAdmin); is != was {
		t.Errorf("moved to South, Gus administers it until %v, and not %v", db.Time(is), db.Time(was))
	}
	if _, is := s.holding(t, s.People["Gus"].ID, access.Manager); is != db.Never {
		t.Errorf("what has no end ends on %v", db.Time(is))
	}
	nora := must[action.PersonAdded](t)(action.AddAccount.Run(ctx, s.Env, s.As("Ana"), action.NewPerson{Name: "Nora", Username: "nora", Organization: s.Acme.ID}))
	must[action.Named](t)(action.SetAccountTypes.Run(ctx, s.Env, s.As("Ana"), action.AccountTypesChange{Account: nora.ID, Types: []access.RoleID{access.Partial}, For: "1d"}))
	must[tenant.Brand](t)(tenant.SwitchBrand.Run(ctx, s.Env, s.As("Ana"), tenant.BrandSwitch{On: false}))
	if _, is := s.holding(t, nora.ID, access.Admin); is == db.Never || is == 0 {
		t.Errorf("Nora, a partial administrator for a day, is a full one until %v", db.Time(is))
	}
	if _, is := s.holding(t, s.People["Pia"].ID, access.Admin); is != db.Never {
		t.Errorf("Pia is a full one until %v", db.Time(is))
	}
}
