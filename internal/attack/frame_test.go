package attack_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/api"
)

// LM-14: an address for a frame is opened by twenty at once: one gets in. What it opens is no session of the portal and no token
// of the API, ends with its person's sessions, and is framed by the sites that are listed at that moment.
func TestFramesAndTheirTokens_LM14(t *testing.T) {
	s := newSite(t)
	must[action.PortalSettings](t)(action.ConfigurePortal.Run(t.Context(), s.Env, s.As("Ana"), action.PortalChange{Name: "Acme", EmbedOrigins: []string{"https://hr.example.com"}}))
	made := must[action.EmbedMade](t)(action.CreateEmbedToken.Run(t.Context(), s.Env, s.As("Ana"), action.EmbedAsk{Page: "teams", Minutes: 30}))
	to, err := url.Parse(made.URL)
	if err != nil {
		t.Fatal(err)
	}
	token := to.Query().Get("token")
	var mu sync.Mutex
	var cookies []*http.Cookie
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			a := s.ask(t, "", page("GET", to.RequestURI(), nil))
			mu.Lock()
			defer mu.Unlock()
			cookies = append(cookies, (&http.Response{Header: a.header}).Cookies()...)
		})
	}
	all.Wait()
	if len(cookies) != 1 {
		t.Fatalf("%d got in", len(cookies))
	}
	frame := func(path string) answer {
		r := page("GET", path, nil)
		r.AddCookie(cookies[0])
		return s.ask(t, "", r)
	}
	if a := frame("/embed/teams"); a.status != http.StatusOK || !strings.HasSuffix(a.header.Get("Content-Security-Policy"), "frame-ancestors https://hr.example.com") {
		t.Errorf("the frame: %d %s", a.status, a.header.Get("Content-Security-Policy"))
	}
	for _, bearer := range []string{token, cookies[0].Value, s.cookie(t, "Lin")} {
		if a := s.with(t, bearer, call("GET", api.Prefix+"/teams", nil)); a.status != http.StatusUnauthorized {
			t.Errorf("as a token of the API: %d", a.status)
		}
	}
	for _, stolen := range []string{token, cookies[0].Value, s.tokenOf(t, "Ana", 1, "team.list")} {
		s.cookies["thief"] = stolen
		if a := s.ask(t, "thief", page("GET", "/account", nil)); a.status != http.StatusSeeOther {
			t.Errorf("as a browser's session: %d", a.status)
		}
	}
	must[action.PortalSettings](t)(action.ConfigurePortal.Run(t.Context(), s.Env, s.As("Ana"), action.PortalChange{Name: "Acme"}))
	if a := frame("/embed/teams"); a.header.Get("X-Frame-Options") != "DENY" || !strings.HasSuffix(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("no site is listed any more: %v", a.header)
	}
	late := must[action.EmbedMade](t)(action.CreateEmbedToken.Run(t.Context(), s.Env, s.As("Ana"), action.EmbedAsk{Page: "teams", Minutes: 30}))
	must[action.PasswordIssued](t)(action.IssuePassword.Run(t.Context(), s.Env, s.As("Sam"), action.PasswordReset{Account: s.People["Ana"].ID}))
	if a := frame("/embed/teams"); a.status != http.StatusUnauthorized {
		t.Errorf("the person's sessions ended, the frame's did not: %d", a.status)
	}
	to, _ = url.Parse(late.URL)
	if a := s.ask(t, "", page("GET", to.RequestURI(), nil)); a.status != http.StatusUnauthorized {
		t.Errorf("an address outlives them: %d", a.status)
	}
}

// pages that are kept are given to nobody else, in no other language, not after signing out, and not to who may see
// less meanwhile.
func TestKeptPagesOfOthers(t *testing.T) {
	s := newSite(t)
	ask := func(who, lang string) answer {
		r := page("GET", "/manage/users", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Accept-Language", lang)
		return s.ask(t, who, r)
	}
	ana, german := ask("Ana", "en"), ask("Ana", "de")
	for _, who := range []string{"Otto", "Leo", "Bea"} {
		if a := ask(who, "en"); a.status != http.StatusOK || a.body == ana.body {
			t.Errorf("%s gets Ana's page: %d", who, a.status)
		}
	}
	if german.body == ana.body || german.header.Get("Content-Encoding") != "gzip" {
		t.Error("the page of another language")
	}
	otto := ask("Otto", "en")
	must[action.Named](t)(action.SetAccountTypes.Run(t.Context(), s.Env, s.As("Ana"), action.AccountTypesChange{Account: s.People["Otto"].ID, Types: []access.RoleID{access.Learner}}))
	if a := ask("Otto", "en"); a.body == otto.body {
		t.Error("Otto fell, and gets the page that he had")
	}
	first := s.cookie(t, "Leo")
	before := ask("Leo", "en")
	s.ask(t, "Leo", page("POST", "/sign-out", url.Values{}))
	if a := ask("Leo", "en"); a.status != http.StatusSeeOther {
		t.Errorf("after signing out: %d", a.status)
	}
	delete(s.cookies, "Leo")
	if again := ask("Leo", "en"); again.status != http.StatusOK || s.cookies["Leo"] == first || before.status != http.StatusOK {
		t.Errorf("signed in again: %d", again.status)
	}
	s.Clock.Move(13 * time.Hour)
	if a := ask("Leo", "en"); a.status != http.StatusSeeOther {
		t.Errorf("idle for 13 hours: %d", a.status)
	}
}
