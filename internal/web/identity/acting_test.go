package identity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"provost/internal/web/webtest"
)

// CO-4: from a person's page, with a reason; the bar with both names and Stop on every page; Stop leads back; a form that was
// open as another does nothing once that has ended.
func TestLogInAsPages_CO4(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "Ana")
	leo := "/people/" + s.People["Leo"].ID.String()
	if !c.Get(leo).Has(`a[href="` + leo + `/log-in-as"]`) {
		t.Error("no way from Leo's page")
	}
	form := c.Get(leo + "/log-in-as")
	if p := c.Submit(form, `form[action="`+leo+`/log-in-as"]`); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-reason[aria-invalid]") {
		t.Errorf("without a reason: %d", p.Status)
	}
	p := c.Submit(form, `form[action="`+leo+`/log-in-as"]`, "reason", "to help")
	if p.Status != http.StatusOK {
		t.Fatalf("with a reason: %d %s", p.Status, p.Text("main"))
	}
	for _, path := range []string{"/", "/manage/teams", "/nothing", "/audit", leo, "/embed/teams"} {
		p = c.Get(path)
		if bar := p.Text(".acting"); !strings.Contains(bar, "Leo Manager") || !strings.Contains(bar, "Ana Full") || !strings.Contains(bar, "Stop") {
			t.Errorf("%s: the bar says %q", path, bar)
		}
	}
	if p := c.Get("/audit"); p.Status != http.StatusForbidden {
		t.Errorf("as Leo she reads the audit: %d", p.Status)
	}
	if p := c.Get("/account"); p.Status != http.StatusForbidden {
		t.Errorf("as Leo she opens his account: %d", p.Status)
	}
	if p := c.Get("/manage/users"); p.Status != http.StatusOK || p.Has(`a[href="/account"]`) {
		t.Errorf("as Leo she sees users: %d", p.Status)
	}
	p = c.Submit(c.Get("/manage/teams"), "form[action='/stop-acting']")
	if p.Path != leo || p.Has(".acting") || !strings.Contains(p.Text(".flash"), "yourself again") {
		t.Errorf("Stop leads to %s", p.Path)
	}
	if p := c.Get("/audit"); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "acted by Ana Full") {
		t.Errorf("herself again: %d", p.Status)
	}

	c.Submit(c.Get(leo+"/log-in-as"), `form[action="`+leo+`/log-in-as"]`, "reason", "again")
	s.Clock.Move(16 * time.Minute)
	p = c.Post("/manage/teams/new", "name", "Late", "organization", s.Orgs["North"].ID.String())
	if p.Path != "/" || p.Has(".acting") || !strings.Contains(p.Text(".flash"), "no longer act") {
		t.Errorf("after it has ended: %s %q", p.Path, p.Text(".flash"))
	}
	if p := c.Get("/manage/teams"); strings.Contains(p.Text("main"), "Late") || p.Status != http.StatusOK {
		t.Error("the form was done as Ana")
	}
	if p := s.As(t, "Leo").Get("/account"); !strings.Contains(p.Text("main"), "Ana Full") || !strings.Contains(p.Text("main"), "again") {
		t.Error("Leo is not told on his account page")
	}
}

// CO-4: signing out while acting signs out oneself; partial administrators find no way there (XA-3), and are told why.
func TestLogInAsSignOut_CO4_XA3(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "Ana")
	leo := "/people/" + s.People["Leo"].ID.String()
	c.Post(leo+"/log-in-as", "reason", "to help")
	if p := c.Post("/sign-out"); !strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("signed out to %s", p.Path)
	}
	if p := c.Get("/"); !strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("and is at %s", p.Path)
	}
	pia := s.As(t, "Pia")
	if p := pia.Get(leo); p.Has(`a[href$="/log-in-as"]`) {
		t.Error("Pia finds a way")
	}
	if p := pia.Get(leo + "/log-in-as"); p.Status != http.StatusForbidden {
		t.Errorf("Pia opens it: %d", p.Status)
	}
	if p := pia.Post(leo+"/log-in-as", "reason", "x"); p.Status != http.StatusForbidden {
		t.Errorf("Pia posts it: %d", p.Status)
	}
	ana := s.As(t, "Ana")
	sam := "/people/" + s.People["Sam"].ID.String()
	if p := ana.Get(sam); p.Has(`a[href$="/log-in-as"]`) || !strings.Contains(p.Body, "They may do what you may not") {
		t.Error("Ana is not told why she may not log in as Sam")
	}
}
