package web_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// PA-1, OA-1: administrators of the portal change the tree on its pages; the others see what is theirs.
func TestPA1OrganizationPages(t *testing.T) {
	site := webtest.New(t)
	at := func(name string) string { return "/manage/organizations/" + site.Orgs[name].ID.String() }
	ana := site.As(t, "Ana")
	p := ana.Get("/manage/organizations")
	if p.Status != http.StatusOK || p.Text("h1") != "Acme" || p.Find("tbody tr").Length() != 2 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(ana.Get(at("Acme")+"/new"), "form[action$='/new']", "name", "")
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no name: %d", p.Status)
	}
	p = ana.Submit(p, "form[action$='/new']", "name", "East", "code", "E1")
	if p.Text("h1") != "East" || !strings.Contains(p.Text("main"), "E1") {
		t.Fatal(p.Text("main"))
	}
	east := p.Path
	p = ana.Submit(ana.Get(east+"/move"), "form[action$='/move']", "parent_text", "Lab")
	if p.Path != east || !strings.Contains(p.Text("main"), "Acme › North › Lab") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(ana.Get(east+"/delete"), "form[action$='/delete']")
	if p.Path != "/manage/organizations" || strings.Contains(p.Text("tbody"), "East") {
		t.Error(p.Text("main"))
	}
	if p = ana.Get(at("South") + "/delete"); p.Has("form[action$='/delete']") || !strings.Contains(p.Text("main"), "People") {
		t.Error(p.Text("main"))
	}
	otto := site.As(t, "Otto")
	for path, want := range map[string]int{"/manage/organizations": 200, at("Lab"): 200, at("North") + "/edit": 200, at("North") + "/new": 403, at("Lab") + "/move": 403,
		at("Lab") + "/delete": 403, at("South"): 404, at("South") + "/edit": 404, at("Dusk"): 404} {
		if p = otto.Get(path); p.Status != want {
			t.Errorf("Otto opens %s: %d, want %d", path, p.Status, want)
		}
	}
	if p = site.As(t, "Lin").Get("/manage/organizations"); p.Status != http.StatusForbidden {
		t.Errorf("Lin: %d", p.Status)
	}
}
