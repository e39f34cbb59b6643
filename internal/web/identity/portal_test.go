package identity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"provost/internal/web/webtest"
	"provost/internal/world"
)

// SA-2: a newcomer finds in the browser who may delete the portal, and why a partial administrator may not.
func TestWhoMayDelete_SA2(t *testing.T) {
	s := webtest.New(t)
	for who, want := range map[string]string{"Pia": "your role does not show", "Ana": "Sam Super"} {
		c := s.As(t, who)
		p := c.Get(c.Get("/").Find(`nav a[href="/portal"]`).AttrOr("href", "/nowhere"))
		main := p.Text("main")
		if p.Status != http.StatusOK || !strings.Contains(main, "Only the super administrator may") || !strings.Contains(main, want) || p.Has("main a.button, main button") {
			t.Errorf("%s reads: %d %s", who, p.Status, main)
		}
		if who == "Pia" && strings.Contains(main, "Sam") {
			t.Error("Pia is told who is the super administrator")
		}
		p = c.Get(p.Find(`main a[href*="portal.delete"]`).AttrOr("href", "/nowhere"))
		if !strings.Contains(p.Text("main"), "may not do this: “Delete the portal”") || !strings.Contains(p.Text("main"), "can never do this") {
			t.Errorf("%s is told why: %s", who, p.Text("main"))
		}
		for _, path := range []string{"/portal/delete", "/portal/transfer"} {
			if p := c.Get(path); p.Has(`form[action^="/portal"]`) || !strings.Contains(p.Text("main"), "Only the super administrator may") {
				t.Errorf("%s opens %s", who, path)
			}
			if p := c.Post(path, "name", "Acme", "password", world.Password, "account", s.People["Ana"].ID.String()); p.Status != http.StatusForbidden {
				t.Errorf("%s posts %s: %d", who, path, p.Status)
			}
		}
	}
	if p := s.As(t, "Lin").Get("/portal"); p.Status != http.StatusForbidden {
		t.Errorf("Lin opens it: %d", p.Status)
	}
}

// SA-1, SA-2: Sam hands the status over on the page, with the name and his password; then Ana has the buttons, and he has not.
func TestTransferPages_SA2(t *testing.T) {
	s := webtest.New(t)
	sam := s.As(t, "Sam")
	form := sam.Get("/portal/transfer")
	if got := form.Texts("main select option"); len(got) != 2 || got[1] != "Ana Full" {
		t.Errorf("it may go to %v", got)
	}
	ana := s.People["Ana"].ID.String()
	for field, pairs := range map[string][]string{
		"name":     {"account", ana, "name", "Akme", "password", world.Password},
		"password": {"account", ana, "name", "Acme", "password", "wrong"},
		"account":  {"name", "Acme", "password", world.Password},
	} {
		if p := sam.Submit(form, "main form", pairs...); p.Status != http.StatusUnprocessableEntity || !p.Has("#f-"+field+"[aria-invalid]") || strings.Contains(p.Body, world.Password) {
			t.Errorf("without the right %s: %d", field, p.Status)
		}
	}
	p := sam.Submit(form, "main form", "account", ana, "name", "Acme", "password", world.Password)
	if p.Path != "/portal" || !strings.Contains(p.Text(".flash"), "Ana Full is the super administrator now") || p.Has("main a.button") {
		t.Errorf("%s %s", p.Path, p.Text(".flash"))
	}
	if p := s.As(t, "Ana").Get("/portal"); p.Find("main a.button").Length() != 2 {
		t.Error("Ana has no buttons")
	}
}

// SA-2: a deleted portal answers nobody, on no page and in no form, but its super administrator, who restores it.
func TestDeletePages_SA2(t *testing.T) {
	s := webtest.New(t)
	sam, ana, nobody := s.As(t, "Sam"), s.As(t, "Ana"), s.Visit(t)
	p := sam.Submit(sam.Get("/portal/delete"), "main form", "name", "Acme", "password", world.Password)
	if p.Path != "/portal/deleted" || !strings.Contains(p.Text("main"), "It answers nobody but you") {
		t.Fatalf("%d %s: %s", p.Status, p.Path, p.Text("main"))
	}
	if p := sam.Get("/manage/users"); p.Path != "/portal/deleted" {
		t.Errorf("Sam is at %s", p.Path)
	}
	for _, r := range s.Web.Routes() {
		path := strings.NewReplacer("{account}", s.People["Lin"].ID.String(), "{team}", s.Teams["Reds"].ID.String(), "{token}", "x").Replace(r.Pattern)
		if strings.HasPrefix(path, "/sign-") {
			continue
		}
		for who, c := range map[string]*webtest.Client{"ana": ana, "nobody": nobody} {
			p := c.Do(c.Request(r.Method, path, nil))
			if p.Status != http.StatusMisdirectedRequest && !strings.HasPrefix(p.Path, "/sign-in?next=%2Fportal%2Fdeleted") && !(strings.HasPrefix(path, "/portal/re") && strings.HasPrefix(p.Path, "/sign-in")) {
				t.Errorf("%s: %s %s answers %d at %s", who, r.Method, path, p.Status, p.Path)
			}
			if strings.Contains(p.Body, "Lin Learner") || strings.Contains(p.Body, "Reds") {
				t.Errorf("%s: %s says something", who, path)
			}
		}
	}
	if p := s.Visit(t).Post("/sign-in", "login", "ana", "password", world.Password); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("Ana signs in: %d", p.Status)
	}
	again := s.Visit(t)
	p = again.Post("/sign-in", "login", "sam", "password", world.Password)
	if p.Path != "/portal/deleted" {
		t.Fatalf("Sam signs in and is at %s", p.Path)
	}
	s.Clock.Move(29 * 24 * time.Hour)
	p = again.Post("/sign-in", "login", "sam", "password", world.Password)
	p = again.Submit(p, `form[action="/portal/restore"]`)
	if p.Path != "/portal" || !strings.Contains(p.Text(".flash"), "Acme is restored") {
		t.Errorf("restored: %d %s", p.Status, p.Path)
	}
	if p := s.As(t, "Lin").Get("/"); p.Status != http.StatusOK {
		t.Error("Lin is not back")
	}
}
