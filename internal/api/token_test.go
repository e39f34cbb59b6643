package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/api"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/web"
	"provost/internal/world/worldtest"
)

// LM-9, PT-2, BE-8: a token acts as its person, within what it names; cut with what the person may do at each request;
// it ends by itself and when it is ended, counts at its own portal only, and makes no token that may do more than itself.
func TestToken(t *testing.T) {
	w := worldtest.New(t)
	mux := http.NewServeMux()
	site, err := web.New(w.Env, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Mount(mux, w.Env, site.Who, action.All); err != nil {
		t.Fatal(err)
	}
	get := func(host, token, path string) int {
		r := httptest.NewRequest("GET", "http://"+host+"/api/v1"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		return rec.Code
	}
	teams, err := action.CreateToken.Run(t.Context(), w.Env, w.As("Leo"), action.NewToken{Name: "teams", Permissions: []string{"team.list"}, Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host, token, path string
		want              int
	}{
		{"acme.test", teams.Token, "/teams", 200},
		{"acme.test:8080", teams.Token, "/teams", 200},
		{"umbra.test", teams.Token, "/teams", 401},
		{"acme.test", teams.Token + "x", "/teams", 401},
		{"acme.test", "", "/teams", 401},
	} {
		if got := get(c.host, c.token, c.path); got != c.want {
			t.Errorf("%s%s with %.8s…: %d, want %d", c.host, c.path, c.token, got, c.want)
		}
	}
	if teams.Token == "" || strings.Contains(teams.ID.String(), teams.Token) {
		t.Fatal("no token")
	}
	w.Clock.Move(49 * time.Hour)
	if got := get("acme.test", teams.Token, "/teams"); got != 401 {
		t.Errorf("after its end: %d", got)
	}
	w.Clock.Move(-48 * time.Hour)
	if got := get("acme.test", teams.Token, "/teams"); got != 401 {
		t.Errorf("a token that ended came back with the clock: %d", got)
	}
}

func TestTokenMakesNoMoreThanItself(t *testing.T) {
	w := worldtest.New(t)
	made, err := action.CreateToken.Run(t.Context(), w.Env, w.As("Ana"), action.NewToken{Name: "maker", Permissions: []string{"token.manage", "team.list"}, Days: 2})
	if err != nil {
		t.Fatal(err)
	}
	v, err := action.Arrive(t.Context(), w.Env, "acme.test", "token", made.Token)
	if err != nil || v.Actor == nil {
		t.Fatal(err)
	}
	limited := op.Who{Portal: v.Who.Portal, Account: v.Who.Account, Limit: v.Who.Limit}
	_, err = action.CreateToken.Run(t.Context(), w.Env, limited, action.NewToken{Name: "more", Permissions: []string{"account.edit"}, Days: 2})
	if !fail.Is(err, fail.NotAllowed) {
		t.Errorf("a token made one that may do more: %v", err)
	}
	list, err := action.ListTokens.Run(t.Context(), w.Env, limited, struct{}{})
	if err != nil || len(list.Items) != 1 || list.Items[0].Name != "maker" {
		t.Fatalf("%+v %v", list, err)
	}
	if _, err := action.EndToken.Run(t.Context(), w.Env, w.As("Pia"), action.TokenRef{Token: made.ID}); !fail.Is(err, fail.NotFound) {
		t.Errorf("somebody else's token was ended: %v", err)
	}
	if _, err := action.EndToken.Run(t.Context(), w.Env, w.As("Ana"), action.TokenRef{Token: made.ID}); err != nil {
		t.Error(err)
	}
	if v, err := action.Arrive(t.Context(), w.Env, "acme.test", "token", made.Token); err != nil || v.Actor != nil {
		t.Errorf("an ended token still counts: %v", err)
	}
}
