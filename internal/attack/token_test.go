package attack_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
)

// tokenOf makes a token of somebody's for some permissions, by their browser.
func (s *site) tokenOf(t *testing.T, who string, days int, permissions ...string) string {
	t.Helper()
	return must[action.TokenMade](t)(action.CreateToken.Run(t.Context(), s.Env, s.As(who), action.NewToken{Name: "a program", Permissions: permissions, Days: days})).Token
}

// with sends a request with a token.
func (s *site) with(t *testing.T, token string, r *http.Request) answer {
	t.Helper()
	r.Header.Set("Authorization", "Bearer "+token)
	return s.ask(t, "", r)
}

// PT-2: a token that may reset passwords, or edit accounts, is stolen. It sets its owner's own password, or the address that
// links to set one are mailed to, and its thief signs in with all of the owner's rights: refused.
func TestTokenTakesNotItsOwner_PT2(t *testing.T) {
	s := newSite(t)
	ana := "/accounts/" + s.People["Ana"].ID.String()
	token := s.tokenOf(t, "Ana", 1, "account.list", "account.edit", "account.view_login", "account.reset_password", "account.archive")
	for _, r := range []*http.Request{
		call("POST", api.Prefix+ana+"/password", map[string]any{}),
		call("PUT", api.Prefix+ana, map[string]any{"name": "Ana Full", "username": "ana", "email": "thief@acme.test"}),
	} {
		if a := s.with(t, token, r); a.status != http.StatusForbidden {
			t.Errorf("%s %s: %d %.200s", r.Method, r.URL.Path, a.status, a.body)
		}
	}
	// Max may do nothing that the token may not: for him it stays of use.
	if a := s.with(t, token, call("POST", api.Prefix+"/accounts/"+s.People["Max"].ID.String()+"/password", map[string]any{})); a.status != http.StatusOK {
		t.Errorf("Max: %d %.200s", a.status, a.body)
	}
	if _, err := action.IssuePassword.Run(t.Context(), s.Env, s.As("Ana"), action.PasswordReset{Account: s.People["Ana"].ID}); !fail.Is(err, fail.Conflict) {
		t.Errorf("Ana has a new password without the present one: %v", err)
	}
}

// PT-2: a token of the super administrator's that may only change the grid gives learners what it may not do itself: refused.
func TestTokenChangesNoCell_PT2(t *testing.T) {
	s := newSite(t)
	token := s.tokenOf(t, "Sam", 1, "permission.edit_grid", "organization.list")
	cell := api.Prefix + "/organizations/" + s.Acme.ID.String() + "/permissions/learner/team.list"
	if a := s.with(t, token, call("PUT", cell, map[string]any{"allow": true})); a.status != http.StatusForbidden {
		t.Errorf("set: %d %.200s", a.status, a.body)
	}
	token = s.tokenOf(t, "Sam", 1, "permission.edit_grid", "organization.list", "team.list")
	if a := s.with(t, token, call("PUT", cell, map[string]any{"allow": true})); a.status != http.StatusOK {
		t.Errorf("with what it gives: %d %.200s", a.status, a.body)
	}
}

// PT-2: a token makes another one, which lasts no longer than it does.
func TestTokenOutlivesNone_PT2(t *testing.T) {
	s := newSite(t)
	token := s.tokenOf(t, "Ana", 2, "token.manage", "team.list")
	a := s.with(t, token, call("POST", api.Prefix+"/me/tokens", map[string]any{"name": "child", "permissions": []string{"team.list"}, "days": 366}))
	var made struct {
		Token string
		Until time.Time
	}
	if err := json.Unmarshal([]byte(a.body), &made); err != nil || a.status != http.StatusOK || !made.Until.Equal(s.Clock.Now().AddDate(0, 0, 2)) {
		t.Fatalf("%d %.200s", a.status, a.body)
	}
	list := func() int { return s.with(t, made.Token, call("GET", api.Prefix+"/teams", nil)).status }
	if got := list(); got != http.StatusOK {
		t.Errorf("the child: %d", got)
	}
	s.Clock.Move(49 * time.Hour)
	if got := list(); got != http.StatusUnauthorized {
		t.Errorf("the child goes on: %d", got)
	}
	a = s.with(t, s.tokenOf(t, "Ana", 2, "token.manage"), call("POST", api.Prefix+"/me/tokens", map[string]any{"name": "child", "permissions": []string{"team.list"}, "days": 1}))
	if a.status != http.StatusForbidden {
		t.Errorf("a child that may do more: %d", a.status)
	}
}

// PT-2: a token never exceeds its owner: not after the owner loses a right, nor by rights that they get instead.
func TestTokenFallsWithItsOwner_PT2(t *testing.T) {
	s := newSite(t)
	token := s.tokenOf(t, "Otto", 9, "team.list", "team.view", "account.reset_password")
	teams := func() int {
		return s.with(t, token, call("GET", api.Prefix+"/teams/"+s.Teams["Reds"].ID.String(), nil)).status
	}
	if got := teams(); got != http.StatusOK {
		t.Fatalf("Otto's token: %d", got)
	}
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Otto"].ID, Types: access.Roles{access.Learner}}))
	if got := teams(); got != http.StatusNotFound {
		t.Errorf("Otto fell, his token did not: %d", got)
	}
	s.give(t, "Otto", access.Manager, s.Orgs["North"].PlaceThing()) // which lists people
	if got := s.with(t, token, call("GET", api.Prefix+"/accounts/"+s.People["Lin"].ID.String(), nil)).status; got != http.StatusNotFound {
		t.Errorf("his token sees by what it was not made for: %d", got)
	}
}

// PT-2, Q-6: a token that may do next to nothing asks every operation of the API: what comes back names nobody and nothing
// of the portal but its owner, and nothing is changed.
func TestTokenOfNextToNothing_PT2(t *testing.T) {
	s := newSite(t)
	own, _, _, _ := s.sets()
	token := s.tokenOf(t, "Ana", 1, "portal.set_policies")
	before := s.dump(t, 0)
	hidden := secrets("acme")
	for first, p := range s.People {
		if first != "Ana" {
			hidden = append(hidden, p.Name)
		}
	}
	hidden = append(hidden, "Reds", "Blues", "Company A Team", "First aid", "attackers")
	for _, w := range s.ways() {
		if w.page || strings.HasPrefix(w.name, "portal.") {
			continue
		}
		for _, dry := range []bool{true, false} {
			r, used, said := w.request(own, own, -2, dry)
			a := s.with(t, token, r)
			text := mask(a.text(), used)
			for _, word := range hidden {
				if strings.Contains(text, word) && !strings.Contains(said, word) {
					t.Errorf("%s says %q: %.300s", said, word, a.body)
				}
			}
			if w.method != http.MethodGet && a.status < 400 {
				t.Errorf("%s (preview %v): %d %.200s", said, dry, a.status, a.body)
			}
		}
	}
	for _, diff := range differ(before, s.dump(t, 0)) {
		t.Errorf("changed: %s", diff)
	}
}

// CO-8: a refused preview is a refused attempt, and stands in the audit.
func TestRefusedPreviewsAreWritten_CO8(t *testing.T) {
	s := newSite(t)
	count := func() int64 {
		var n int64
		err := s.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			n, err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM audit WHERE outcome = 'refused' AND actor_id = ?`, s.People["Leo"].ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	blues := "/teams/" + s.Teams["Blues"].ID.String() + "/members"
	for i, r := range []*http.Request{call("POST", api.Prefix+blues+"?preview=true", map[string]any{"account": s.People["Lin"].ID.String()})} {
		if a := s.ask(t, "Leo", r); a.status != http.StatusForbidden {
			t.Fatalf("%d %.200s", a.status, a.body)
		}
		if got := count(); got != int64(i+1) {
			t.Errorf("%d rows", got)
		}
	}
	_, _, err := action.DeleteTeam.Preview(t.Context(), s.Env, s.As("Leo"), action.TeamEnd{Team: s.Teams["Blues"].ID, Confirm: true})
	if !fail.Is(err, fail.NotAllowed) || count() != 2 {
		t.Errorf("%v, %d rows", err, count())
	}
	if _, _, err := action.DeleteTeam.Preview(t.Context(), s.Env, op.Who{Portal: s.Acme.ID}, action.TeamEnd{Team: s.Teams["Blues"].ID}); !fail.Is(err, fail.SignIn) {
		t.Error(err)
	}
}
