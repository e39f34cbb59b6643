package attack_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/report"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// give begins a grant that a test starts from.
func (s *site) give(t *testing.T, who string, role access.RoleID, at access.Thing) {
	t.Helper()
	err := s.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		return store.Begin(t.Context(), tx, store.NewGrant{Account: s.People[who].ID, Role: role, At: at, Since: s.Clock.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// PT-2: Otto administers North, and may do no more in South than edit the people there. He moves Nia from South into North,
// where he isnias passwords, and signs in as her: the move is refused.
func TestMovingSomebodyUnderOnesOwnRule_PT2(t *testing.T) {
	s := newSite(t)
	editor := must[action.RoleItem](t)(action.CreateRole.Run(t.Context(), s.Env, s.As("Ana"), action.NewRole{RoleDraft: action.RoleDraft{Name: "Editor",
		Permissions: []string{"account.list", "account.edit"}}}))
	s.give(t, "Otto", editor.ID, s.Orgs["South"].PlaceThing())
	nia := must[action.PersonAdded](t)(action.AddAccount.Run(t.Context(), s.Env, s.As("Ana"), action.NewPerson{Name: "Nia South", Username: "nia", Organization: s.Orgs["South"].ID})).ID
	if _, err := action.EditAccount.Run(t.Context(), s.Env, s.As("Otto"), action.PersonChange{Account: nia, Name: "Nia", Username: new("nia")}); err != nil {
		t.Fatal("Otto does not edit her", err)
	}
	_, err := action.MoveAccount.Run(t.Context(), s.Env, s.As("Otto"), action.AccountMove{Account: nia, Organization: s.Orgs["North"].ID})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Otto moves her under his own rule: %v", err)
	}
	if _, err := action.IssuePassword.Run(t.Context(), s.Env, s.As("Otto"), action.PasswordReset{Account: nia}); err == nil {
		t.Error("and has her password")
	}
	if _, err := action.MoveAccount.Run(t.Context(), s.Env, s.As("Otto"), action.AccountMove{Account: s.People["Max"].ID, Organization: s.Orgs["North"].ID}); err != nil {
		t.Errorf("Otto moves nobody even within North: %v", err)
	}
}

// LM-6, LM-9: who may only create teams previews the end of a team of theirs, to which others are bound by policies: the preview counts
// those who would lose, and names none whom the asker may not see.
func TestPreviewNamesNobodyHidden(t *testing.T) {
	s := newSite(t)
	s.give(t, "Lou", access.CreateTeams, s.Acme.Thing())
	team := must[action.Named](t)(action.CreateTeam.Run(t.Context(), s.Env, s.As("Lou"), action.NewTeam{TeamFields: action.TeamFields{Name: "Mine"}, Org: s.Orgs["North"].ID}))
	var at action.PlaceRef
	if err := at.UnmarshalText([]byte("team:" + team.ID.String())); err != nil {
		t.Fatal(err)
	}
	must[action.PolicyItem](t)(action.CreatePolicy.Run(t.Context(), s.Env, s.As("Ana"), action.PolicyBinding{Name: "Watch", Role: access.AnalyticsReader,
		Places: []action.PlaceRef{at}, Lines: []string{"gus"}}))
	_, effects, err := action.DeleteTeam.Preview(t.Context(), s.Env, s.As("Lou"), action.TeamEnd{Team: team.ID, Confirm: true})
	if err != nil || effects.Losing != 2 {
		t.Fatalf("%+v: %v", effects, err)
	}
	for _, p := range effects.People {
		if strings.Contains(p.Name, "Gus") {
			t.Error("the preview names Gus, whom Lou may not see")
		}
	}
}

// PT-2: an invitation promises no more than its inviter may give at the moment it is accepted, whatever was true when it was sent.
func TestInvitationOfTheFallen_PT2(t *testing.T) {
	s := newSite(t)
	sent := must[action.InvitationsSent](t)(action.SendInvitations.Run(t.Context(), s.Env, s.As("Otto"), action.NewInvitations{Rows: []action.InvitationRow{
		{Email: "friend@acme.test", Organization: s.Orgs["North"].ID.String(), Types: []access.RoleID{access.OrgAdmin}}}}))
	if sent.Sent != 1 {
		t.Fatal(sent)
	}
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Otto"].ID, Types: []access.RoleID{access.Learner}}))
	_, err := action.AcceptInvitation.Run(t.Context(), s.Env, op.Who{Portal: s.Acme.ID}, action.InvitationAnswer{Token: s.linkOf(t, "friend@acme.test", "/invitations/"), Name: "Friend", Username: "friend", Password: "a wholly new pass-word 7"})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("accepted: %v", err)
	}
}

// linkOf is the token of the link that was mailed to an address last.
func (s *site) linkOf(t *testing.T, address, before string) (token string) {
	t.Helper()
	err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		body, err := db.Val[string](t.Context(), tx, db.SQL(`SELECT body FROM outbox WHERE recipient = ? ORDER BY id DESC LIMIT 1`, address))
		_, token, _ = strings.Cut(body, before)
		token, _, _ = strings.Cut(token, "\n")
		return err
	})
	if err != nil || token == "" {
		t.Fatal("no link", err)
	}
	return token
}

// PT-2, XA-3: Ana invites a partial administrator, and becomes one herself before it is accepted. She holds all that the
// invitation promises, but says no more who is an administrator: it is refused.
func TestInvitationToWhatOneSetsNoMore_PT2(t *testing.T) {
	s := newSite(t)
	must[action.InvitationsSent](t)(action.SendInvitations.Run(t.Context(), s.Env, s.As("Ana"), action.NewInvitations{Rows: []action.InvitationRow{
		{Email: "friend@acme.test", Types: []access.RoleID{access.Partial}}}}))
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Sam"), action.AccountTypesChange{Account: s.People["Ana"].ID, Types: []access.RoleID{access.Partial}}))
	_, err := action.AcceptInvitation.Run(t.Context(), s.Env, op.Who{Portal: s.Acme.ID}, action.InvitationAnswer{Token: s.linkOf(t, "friend@acme.test", "/invitations/"),
		Name: "Friend", Username: "friend", Password: "a wholly new pass-word 7"})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("accepted: %v", err)
	}
}

// PT-2: Gus may issue passwords to the people of one team, and add people to it. He adds Max to reach his account: refused.
func TestBringingSomebodyIntoReach_PT2(t *testing.T) {
	s := newSite(t)
	team := s.Teams["Company A Team"]
	helper := must[action.RoleItem](t)(action.CreateRole.Run(t.Context(), s.Env, s.As("Ana"), action.NewRole{RoleDraft: action.RoleDraft{Name: "Helper",
		Permissions: []string{"account.list", "account.reset_password"}}}))
	s.give(t, "Gus", helper.ID, team.Thing())
	s.give(t, "Gus", access.EditTeam, team.Thing())
	_, err := action.AddTeamMember.Run(t.Context(), s.Env, s.As("Gus"), action.TeamMember{Team: team.ID, Account: s.People["Max"].ID})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Gus brings Max into his reach: %v", err)
	}
}

// PT-2: Gus may add people to Blues, and nothing else there. He adds himself, and would see who is in it: refused. That he adds
// others, who take part, is what he may.
func TestJoiningATeam_PT2(t *testing.T) {
	s := newSite(t)
	team := s.Teams["Blues"]
	adder := must[action.RoleItem](t)(action.CreateRole.Run(t.Context(), s.Env, s.As("Ana"), action.NewRole{RoleDraft: action.RoleDraft{Name: "Adder", Permissions: []string{"team.add_member"}}}))
	s.give(t, "Gus", adder.ID, team.Thing())
	if _, err := action.AddTeamMember.Run(t.Context(), s.Env, s.As("Gus"), action.TeamMember{Team: team.ID, Account: s.People["Gus"].ID}); !fail.Is(err, fail.NotAllowed) {
		t.Errorf("Gus joins: %v", err)
	}
	must[action.Member](t)(action.AddTeamMember.Run(t.Context(), s.Env, s.As("Gus"), action.TeamMember{Team: team.ID, Account: s.People["Lin"].ID}))
}

// BE-8: a browser that was open when its account was archived stays closed when the account is restored.
func TestRestoredWithoutSessions_BE8(t *testing.T) {
	s := newSite(t)
	s.cookie(t, "Lou")
	lou := action.AccountID{Account: s.People["Lou"].ID}
	must[action.Named](t)(action.ArchiveAccount.Run(t.Context(), s.Env, s.As("Ana"), lou))
	must[action.Named](t)(action.RestoreAccount.Run(t.Context(), s.Env, s.As("Ana"), lou))
	if a := s.ask(t, "Lou", page(http.MethodGet, "/account", nil)); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sign-in") {
		t.Errorf("Lou is in again: %d", a.status)
	}
}

// PT-2: a token that may list teams does no more, although its owner may do everything.
func TestTokenStaysSmall_PT2(t *testing.T) {
	s := newSite(t)
	made := must[action.TokenMade](t)(action.CreateToken.Run(t.Context(), s.Env, s.As("Ana"), action.NewToken{Name: "small", Permissions: []string{"team.list"}, Days: 1}))
	for path, want := range map[string]int{"GET /teams": 200, "GET /accounts/" + s.People["Lin"].ID.String(): 404, "POST /teams": 404} {
		method, path, _ := strings.Cut(path, " ")
		r := call(method, api.Prefix+path, map[string]any{"name": "Taken", "organization": s.Acme.ID.String()})
		r.Header.Set("Authorization", "Bearer "+made.Token)
		if a := s.ask(t, "", r); a.status != want {
			t.Errorf("%s %s: %d %.200s", method, path, a.status, a.body)
		}
	}
}

// Every refused attempt stands in the audit.
func TestRefusalsAreWritten(t *testing.T) {
	s := newSite(t)
	_, err := action.AddTeamMember.Run(t.Context(), s.Env, s.As("Leo"), action.TeamMember{Team: s.Teams["Blues"].ID, Account: s.People["Lin"].ID})
	if !fail.Is(err, fail.NotAllowed) {
		t.Fatal(err)
	}
	list := must[report.AuditPage](t)(report.ListAudit.Run(t.Context(), s.Env, s.As("Sam"), report.AuditQuery{Outcome: "refused", Person: s.People["Leo"].ID}))
	if len(list.Items) != 1 || list.Items[0].Operation != "team.add_member" {
		t.Errorf("%+v", list.Items)
	}
}
