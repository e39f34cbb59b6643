package web_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// LM-6, LM-11: Leo creates a team, adds people by a pasted list of which nothing half is done, changes a role and hands it over.
func TestLM6TeamPages(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	p := leo.Get("/manage/teams")
	if p.Find("tbody tr").Length() != 3 || !p.Has(`a[href="/teams/new"]`) || strings.Contains(p.Body, "Shades") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	if p = leo.Get("/manage/teams?organization=" + site.Orgs["North"].ID.String()); p.Find("tbody tr").Length() != 1 {
		t.Errorf("teams of North: %s", p.Text("tbody"))
	}
	p = leo.Submit(leo.Get("/teams/new"), "form.form", "name", "Greens", "organization_text", "south")
	if p.Status != http.StatusOK || p.Text("h1") != "Greens" || p.Text("tbody .chips") != "Owner" {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	team := p.Path
	if p = leo.Submit(leo.Get("/teams/new"), "form.form", "name", "", "organization_text", "nowhere"); p.Status != http.StatusUnprocessableEntity || p.Find(".field.wrong").Length() != 2 {
		t.Errorf("%d %s", p.Status, p.Text(".summary"))
	}
	add := leo.Get(team + "/add")
	if p = leo.Submit(add, "form.form", "accounts_text", "Lou Learner\nuna@umbra.test"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".field .error"), "Line 2") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = leo.Submit(p, "form.form", "accounts_text", "Lou Learner, Lin Learner", "_preview", "1"); !strings.Contains(p.Text(".effects"), "2 people gain") {
		t.Errorf("%d %s", p.Status, p.Text("form"))
	}
	if p = leo.Submit(add, "form.form", "accounts_text", "Lou Learner, Lin Learner"); p.Path != team || p.Find("tbody tr").Length() != 3 {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = leo.Get(team + "?role=team_member&q=lo"); p.Find("tbody tr").Length() != 1 {
		t.Errorf("filtered: %s", p.Text("tbody"))
	}
	roles := team + "/members/" + site.People["Lin"].ID.String()
	p = leo.Submit(leo.Get(roles), "form.form", "roles", "team_owner")
	if p.Status != http.StatusUnprocessableEntity || !p.Has(`input[name=confirm]`) {
		t.Fatalf("it did not ask twice: %d %s", p.Status, p.Text("main"))
	}
	if p = leo.Submit(p, "form.form", "confirm", "on"); p.Path != team || !strings.Contains(p.Text("tbody"), "Lin LearnerNorthOwner") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	remove := team + "/members/" + site.People["Lou"].ID.String() + "/remove"
	if p = leo.Submit(leo.Get(remove), ".confirm form"); p.Path != team || p.Find("tbody tr").Length() != 2 {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = leo.Get(remove); p.Status != http.StatusNotFound {
		t.Errorf("Lou is not in it: %d", p.Status)
	}
	if p = leo.Submit(leo.Get(team+"/delete"), ".confirm form", "typed", "Reds"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	if p = leo.Submit(leo.Get(team+"/delete"), ".confirm form", "typed", "Greens"); p.Path != "/manage/teams" || p.Find("tbody tr").Length() != 3 {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
}

// LM-6: a team of others opens read-only and says so; its forms answer 403, and 404 to whom the team is nothing.
func TestLM6ReadOnlyTeam(t *testing.T) {
	site := webtest.New(t)
	blues, shades := "/teams/"+site.Teams["Blues"].ID.String(), "/teams/"+site.Teams["Shades"].ID.String()
	leo, lin, sue := site.As(t, "Leo"), site.As(t, "Lin"), site.As(t, "Sue")
	if p := leo.Get(blues); p.Status != http.StatusOK || !strings.Contains(p.Text(".notice"), "You may read this team") || p.Has("main form[method=post]") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := sue.Get(blues); p.Status != http.StatusOK || p.Find("tbody tr").Length() != 2 {
		t.Errorf("a member: %d %s", p.Status, p.Text("tbody"))
	}
	for _, path := range []string{"/edit", "/delete", "/add", "/shares", "/share", "/members/" + site.People["Lou"].ID.String()} {
		for _, one := range []struct {
			c    *webtest.Client
			team string
			want int
		}{{leo, blues, http.StatusForbidden}, {lin, blues, http.StatusNotFound}, {leo, shades, http.StatusNotFound}} {
			if p := one.c.Get(one.team + path); p.Status != one.want {
				t.Errorf("GET %s: %d, want %d", one.team+path, p.Status, one.want)
			}
			if path == "/shares" {
				continue
			}
			if p := one.c.Post(one.team+path, "name", "Mine", "typed", "Blues", "accounts_text", "leo", "roles", "team_owner", "confirm", "on", "read", "on"); p.Status != one.want {
				t.Errorf("POST %s: %d, want %d", one.team+path, p.Status, one.want)
			}
		}
	}
}

// LM-10: Leo shares Reds with Sue, whose Teams tab shows itself with that team at her next request, until he ends it.
func TestLM10SharePages(t *testing.T) {
	site := webtest.New(t)
	reds := "/teams/" + site.Teams["Reds"].ID.String()
	leo, sue := site.As(t, "Leo"), site.As(t, "Sue")
	if p := sue.Get("/manage/teams"); p.Status != http.StatusForbidden {
		t.Errorf("before: %d", p.Status)
	}
	form := leo.Get(reds + "/share")
	if p := leo.Submit(form, "form.form", "accounts_text", "Sue Learner", "_preview", "1"); !strings.Contains(p.Text(".effects"), "1 person gains") {
		t.Errorf("%s", p.Text("main"))
	}
	if p := leo.Submit(form, "form.form", "accounts_text", "Sue Learner", "notify", "on"); p.Path != reds+"/shares" || p.Text("tbody .chips") != "ReadNotify" {
		t.Errorf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	p := sue.Get("/manage/teams")
	if p.Status != http.StatusOK || !p.Has(`a[href="`+reds+`"]`) || !p.Has(`nav.side a[href="/manage/teams"]`) {
		t.Errorf("after: %d %s", p.Status, p.Text("main"))
	}
	if p = sue.Get(reds); p.Find("tbody tr").Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
	if p = leo.Submit(leo.Get(reds+"/shares"), "tbody form"); p.Status != http.StatusOK || p.Has("tbody") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = sue.Get(reds); p.Status != http.StatusNotFound {
		t.Errorf("ended: %d", p.Status)
	}
}
