package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/web/webtest"
)

var registerLink = regexp.MustCompile(`/register/[\w.-]+`)

// CO-4: registration is off until an administrator switches it on in the settings; then whoever proves an address of a listed
// domain becomes a learner of the default organization, and nothing else; a link is for one account, and for a day.
func TestCO4RegistrationPages(t *testing.T) {
	site := webtest.New(t)
	guest, ana := site.Visit(t), site.As(t, "Ana")
	for _, p := range []*webtest.Page{guest.Get("/register"), guest.Post("/register", "email", "nia@new.test"), guest.Get("/register/x.y")} {
		if p.Status != http.StatusNotFound {
			t.Errorf("off: %d at %s", p.Status, p.Path)
		}
	}
	if guest.Get("/sign-in").Has(`a[href="/register"]`) || len(mailed(t, site.Test, "nia@new.test")) > 0 {
		t.Error("offered while it is off")
	}
	if p := site.As(t, "Otto").Post("/settings/registration", "on", "on"); p.Status != http.StatusForbidden {
		t.Errorf("Otto switches it on: %d", p.Status)
	}
	p := ana.Submit(ana.Get("/settings"), `form[action="/settings/registration"]`, "on", "on", "domains_text", "not a domain")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Write each domain as example.com") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(ana.Get("/settings"), `form[action="/settings/registration"]`, "on", "on", "domains_text", "New.test\nacme.test")
	if p.Status != http.StatusOK || p.Find("textarea[name=domains_text]").Text() != "new.test\nacme.test" || !p.Has("[name=on][checked]") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	in := tenant.Marking{OrganizationPath: tenant.OrganizationPath{Organization: site.Orgs["South"].ID}, MarkFields: tenant.MarkFields{Default: true}}
	if _, err := tenant.MarkOrganization.Run(t.Context(), site.Env, site.Test.As("Ana"), in); err != nil {
		t.Fatal(err)
	}
	if p = guest.Submit(guest.Get("/register"), `form[action="/register"]`, "email", "nia@else.test"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "new.test, acme.test") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = guest.Submit(guest.Get("/sign-in"), "main form"); p.Find(`a[href="/register"]`).Length() != 1 {
		t.Error("not offered at the sign-in")
	}
	p = guest.Submit(guest.Get("/register"), `form[action="/register"]`, "email", "nia@new.test")
	known := guest.Submit(guest.Get("/register"), `form[action="/register"]`, "email", "ana@acme.test")
	if p.Status != http.StatusOK || known.Status != p.Status || strings.ReplaceAll(known.Text("main"), "ana@acme.test", "nia@new.test") != p.Text("main") {
		t.Errorf("the answers differ: %d %s, %d %s", p.Status, p.Text("main"), known.Status, known.Text("main"))
	}
	if mail := mailed(t, site.Test, "ana@acme.test"); len(mail) != 1 || registerLink.MatchString(mail[0]) || !strings.Contains(mail[0], "There is one already") {
		t.Errorf("%v", mail)
	}
	link := registerLink.FindString(mailed(t, site.Test, "nia@new.test")[0])
	p = guest.Submit(guest.Get(link), "main form", "name", "Nia New", "password", "short")
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a short password: %d", p.Status)
	}
	p = guest.Submit(p, "main form", "name", "Nia New", "password", "violet umbrella stairs")
	if p.Path != "/sign-in" || !strings.Contains(p.Text("#flash"), "Sign in as nia@new.test") {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	for _, again := range []*webtest.Page{guest.Get(link), guest.Post(link, "name", "Nia Two", "password", "violet umbrella stairs"), guest.Get(link[:len(link)-2] + "AA")} {
		if again.Status != http.StatusNotFound {
			t.Errorf("a second time: %d", again.Status)
		}
	}
	list, err := action.ListAccounts.Run(t.Context(), site.Env, site.Test.As("Sam"), action.AccountQuery{Query: "nia"})
	if err != nil || len(list.Items) != 1 || list.Items[0].Organization.Name != "South" || list.Items[0].Email != "nia@new.test" {
		t.Fatalf("%+v, %v", list, err)
	}
	shown, err := action.ShowAccount.Run(t.Context(), site.Env, site.Test.As("Sam"), action.AccountID{Account: list.Items[0].ID})
	if err != nil || !slices.Equal([]access.RoleID{access.Learner}, []access.RoleID{shown.Types[0].ID}) || len(shown.Types) != 1 {
		t.Errorf("%+v, %v", shown.Types, err)
	}
	if p = guest.Submit(guest.Get("/sign-in"), "main form", "login", "nia@new.test", "password", "violet umbrella stairs"); p.Path != "/" || p.Status != http.StatusOK {
		t.Errorf("signs in: %d at %s", p.Status, p.Path)
	}
}

// CO-4: links are not to be had without end for one address; one that is a day old, or of another portal, is worth nothing.
func TestCO4RegistrationLimits(t *testing.T) {
	site := webtest.New(t)
	if _, err := action.SetRegistration.Run(t.Context(), site.Env, site.Test.As("Pia"), action.RegistrationRules{On: true}); err != nil {
		t.Fatal(err)
	}
	guest := site.Visit(t)
	for range 5 {
		if p := guest.Post("/register", "email", "nia@new.test"); p.Status != http.StatusOK {
			t.Fatalf("%d", p.Status)
		}
	}
	if p := guest.Post("/register", "email", "NIA@new.test"); p.Status != http.StatusTooManyRequests && p.Status != http.StatusServiceUnavailable || len(mailed(t, site.Test, "nia@new.test")) != 5 {
		t.Errorf("a sixth: %d", p.Status)
	}
	link := registerLink.FindString(mailed(t, site.Test, "nia@new.test")[0])
	if p := guest.Get(link); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "nia@new.test") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	umbra := site.Visit(t)
	umbra.Host = site.Umbra.Host
	if p := umbra.Get(link); p.Status != http.StatusNotFound {
		t.Errorf("in another portal: %d", p.Status)
	}
	site.Clock.Move(25 * time.Hour)
	if p := guest.Get(link); p.Status != http.StatusNotFound {
		t.Errorf("after a day: %d", p.Status)
	}
}
