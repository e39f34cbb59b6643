package attack_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"provost/internal/world"
)

// cookieOf is the session's cookie that an answer sets.
func cookieOf(a answer) string {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "provost" {
			return c.Value
		}
	}
	return ""
}

// QUALITY, sessions: somebody knows the token of Lou's session. Lou changes the password: all other sessions end, this one goes
// on under a new token, and the old token opens nothing.
func TestPasswordChangeRotates(t *testing.T) {
	s := newSite(t)
	elsewhere := s.cookie(t, "Lou")
	delete(s.cookies, "Lou")
	stolen := s.cookie(t, "Lou")
	fresh := "twelve purple lanterns"
	a := s.ask(t, "Lou", page("POST", "/account/password", url.Values{"current": {world.Password}, "password": {fresh}, "again": {fresh}}))
	now := cookieOf(a)
	if a.status != http.StatusSeeOther || now == "" || now == stolen {
		t.Fatalf("%d, a new token: %v", a.status, now != stolen && now != "")
	}
	for name, token := range map[string]string{"the stolen token": stolen, "another browser": elsewhere} {
		s.cookies["Lou"] = token
		if a := s.ask(t, "Lou", page("GET", "/account", nil)); a.status != http.StatusSeeOther {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	s.cookies["Lou"] = now
	if a := s.ask(t, "Lou", page("GET", "/account", nil)); a.status != http.StatusOK || strings.Count(a.body, "this browser") != 1 {
		t.Errorf("the browser in which it was changed: %d", a.status)
	}
}
