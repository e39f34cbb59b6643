package web_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-4: an administrator adds a person by the form; the password is shown once, and they sign in with it.
func TestCO4AddPersonPage(t *testing.T) {
	site := webtest.New(t)
	ana := site.As(t, "Ana")
	p := ana.Get("/manage/users/new")
	p = ana.Submit(p, "form[action='/manage/users/new']", "name", "", "username", "lin", "organization", "", "organization_text", "north")
	if p.Status != http.StatusUnprocessableEntity || p.Find("#f-name[aria-invalid=true], [name=name][aria-invalid=true]").Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(p, "form[action='/manage/users/new']", "name", "Nora <b>New</b>", "username", "nora", "email", "nora@acme.test")
	password := p.Text(".copy code, .copybox code, code")
	if p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Nora <b>New</b>") || len(password) < 12 {
		t.Fatalf("%d %q %s", p.Status, password, p.Text("main"))
	}
	nora := site.Visit(t)
	if p = nora.Post("/sign-in", "login", "nora@acme.test", "password", password); p.Path != "/account/password" {
		t.Fatalf("Nora is at %s", p.Path)
	}
	if p = ana.Get("/manage/users?q=nora"); !strings.Contains(p.Text("tbody"), "North") {
		t.Error(p.Text("tbody"))
	}
	for _, who := range []string{"Leo", "Tess", "Mo", "Lin"} {
		if p = site.As(t, who).Get("/manage/users/new"); p.Status != http.StatusForbidden {
			t.Errorf("%s opens the form: %d", who, p.Status)
		}
	}
}

// LM-6, PT-1, XA-3: a person's page shows what may be done and why not; a refused deed is refused at its address too.
func TestPT1PersonPage(t *testing.T) {
	site := webtest.New(t)
	id := func(name string) string { return "/people/" + site.People[name].ID.String() }
	leo := site.As(t, "Leo")
	p := leo.Get(id("Lin"))
	if p.Status != http.StatusOK || strings.Contains(p.Body, "@acme.test") || strings.Contains(p.Text("main"), "Issue a new password") || !strings.Contains(p.Text("main"), "Company A Team") {
		t.Errorf("Leo sees %s", p.Text("main"))
	}
	for _, deed := range []string{"/edit", "/types", "/move", "/password", "/archive", "/login"} {
		if p = leo.Get(id("Lin") + deed); p.Status != http.StatusForbidden {
			t.Errorf("Leo opens %s: %d", deed, p.Status)
		}
		if p = leo.Get(id("Una") + deed); p.Status != http.StatusNotFound {
			t.Errorf("Leo opens Una's %s: %d", deed, p.Status)
		}
	}
	pia := site.As(t, "Pia")
	if p = pia.Get(id("Ana")); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "They may do what you may not") || strings.Contains(p.Text("main"), "Administrator") {
		t.Errorf("Pia sees of Ana %s", p.Text("main"))
	}
	for _, deed := range []string{"/edit", "/types", "/move", "/password", "/archive"} {
		if p = pia.Post(id("Ana")+deed, "name", "x", "username", "x", "organization", site.Orgs["North"].ID.String()); p.Status != http.StatusForbidden {
			t.Errorf("Pia posts %s to Ana: %d", deed, p.Status)
		}
	}
	ana := site.As(t, "Ana")
	for _, tab := range []string{"", "/teams", "/login", "/enrolments", "/edit", "/types", "/move", "/password", "/archive"} {
		if p = ana.Get(id("Lin") + tab); p.Status != http.StatusOK || !p.Has("h1") {
			t.Errorf("Ana opens %q: %d", tab, p.Status)
		}
	}
	otto := site.As(t, "Otto") // who may not be Lin, since she is in a team with people of South, and may help her
	if p = otto.Get(id("Lin")); p.Has("a[href$='/password']") || !strings.Contains(p.Text("main"), "They may do what you may not, in Reds") {
		t.Errorf("Otto sees of Lin %s", p.Text("main"))
	}
	if p = otto.Submit(p, "form[action$='/reset-link']"); p.Status != http.StatusOK || !strings.Contains(p.Text("body"), "a link to set a new password is on its way") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = leo.Get(id("Lin")); p.Has("form[action$='/reset-link']") {
		t.Error("Leo has links mailed")
	}
	p = ana.Get(id("Lou") + "/archive")
	if p = ana.Submit(p, "form[action$='/archive']"); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Lou Learner is archived") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = ana.Get("/manage/users?archived=on"); p.Find("tbody tr").Length() != 1 {
		t.Error(p.Text("tbody"))
	}
	p = ana.Submit(ana.Get(id("Lin")+"/move"), "form[action$='/move']", "organization_text", "South")
	if !strings.Contains(p.Text("main"), "South") || p.Path != id("Lin") {
		t.Errorf("%s %s", p.Path, p.Text("main"))
	}
	p = ana.Submit(ana.Get(id("Lin")+"/edit"), "form[action$='/edit']", "name", "Lina Learner")
	if p.Text("h1") != "Lina Learner" {
		t.Error(p.Text("main"))
	}
}

// BE-8, CO-4: a person who is archived, or gets a new password, is signed out at their next click.
func TestBE8ClosedAtOnce(t *testing.T) {
	site := webtest.New(t)
	ana, lou, sue := site.As(t, "Ana"), site.As(t, "Lou"), site.As(t, "Sue")
	if p := ana.Post("/people/" + site.People["Lou"].ID.String() + "/archive"); p.Status != http.StatusOK {
		t.Fatal(p.Status)
	}
	if p := lou.Get("/"); !strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("Lou is at %s", p.Path)
	}
	p := ana.Submit(ana.Get("/people/"+site.People["Sue"].ID.String()+"/password"), "form[action$='/password']")
	password := p.Text("code")
	if p.Status != http.StatusOK || len(password) < 12 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if p = sue.Get("/"); !strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("Sue is at %s", p.Path)
	}
	if p = sue.Post("/sign-in", "login", "sue", "password", "correct horse battery"); p.Path != "/sign-in" {
		t.Errorf("the old password leads to %s", p.Path)
	}
	if p = sue.Post("/sign-in", "login", "sue", "password", password); strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("the new password leads to %s", p.Path)
	}
}
