package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/web/webtest"
)

// LM-5: Ana opens Groups, chooses the group, adds people, and saves; what they gain is shown before. Somebody who is signed
// in already has the tabs at the next click; taken out, the next click is refused and says why.
func TestLM5GiveAccessByGroup(t *testing.T) {
	site := webtest.New(t)
	ana, max := site.As(t, "Ana"), site.As(t, "Max")
	if p := max.Get("/manage/teams"); p.Status != http.StatusForbidden {
		t.Fatalf("Max opens Teams at first: %d", p.Status)
	}
	list := ana.Get("/manage/groups")
	href, _ := list.Find("tbody a.row-link").First().Attr("href")
	if list.Status != http.StatusOK || list.Text("tbody .named-name") != "Learner management" {
		t.Fatalf("%d %s", list.Status, list.Text("tbody"))
	}
	group := ana.Get(href)
	if group.Status != http.StatusOK || !strings.Contains(group.Text(".card"), "Enrollment Manager") || !strings.Contains(group.Text("main"), "Leo Manager") {
		t.Fatalf("%d %s", group.Status, group.Text("main"))
	}
	form := `form[action="` + href + `/members"]`
	shown := ana.Submit(group, form, "accounts_text", "max", "_preview", "1")
	if shown.Status != http.StatusOK || !strings.Contains(shown.Text(".gain"), "Max Lab") || !strings.Contains(shown.Text(".gain"), "Create teams") {
		t.Fatalf("preview: %d %s", shown.Status, shown.Text(".effects"))
	}
	if p := max.Get("/manage/teams"); p.Status != http.StatusForbidden {
		t.Error("the preview counted")
	}
	wrong := ana.Submit(group, form, "accounts_text", "max\nnobody at all")
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Text(".field.wrong"), "nobody at all") {
		t.Errorf("a wrong line: %d %s", wrong.Status, wrong.Text(".field.wrong"))
	}
	saved := ana.Submit(group, form, "accounts_text", "max")
	if saved.Status != http.StatusOK || !strings.Contains(saved.Text("tbody"), "Max Lab") {
		t.Fatalf("%d %s", saved.Status, saved.Text("main"))
	}
	if p := max.Get("/manage/teams"); p.Status != http.StatusOK || !slices.Contains(p.Texts(".side .nav-label"), "Users") || slices.Contains(p.Texts(".side .nav-label"), "Groups") {
		t.Errorf("LM-1: Max, at his next click: %d %v", p.Status, p.Texts(".side .nav-label"))
	}
	site.Clock.Move(time.Hour)
	at := href + "/members/" + site.People["Max"].ID.String() + "/remove"
	ask := ana.Get(at)
	if ask.Status != http.StatusOK || !strings.Contains(ask.Text(".lose"), "Max Lab") {
		t.Fatalf("%d %s", ask.Status, ask.Text("main"))
	}
	if done := ana.Submit(ask, `form[action="`+at+`"]`); done.Status != http.StatusOK || strings.Contains(done.Text("tbody"), "Max Lab") {
		t.Errorf("%d %s", done.Status, done.Text("main"))
	}
	p := max.Get("/manage/teams")
	if p.Status != http.StatusForbidden || !strings.Contains(p.Text("main"), "Learner management") || !strings.Contains(p.Text("main"), "when Ana Full ended that") {
		t.Errorf("taken out: %d %s", p.Status, p.Text("main"))
	}
	if why := max.Get("/why?permission=team.list"); why.Status != http.StatusOK || !why.Has(".verdict.no") || !strings.Contains(why.Text(".steps"), "Learner management") {
		t.Errorf("%d %s", why.Status, why.Text("main"))
	}
}

// LM-12: groups of one's own are made, renamed and deleted, with what would be lost; the one that every portal has is kept.
func TestLM12GroupPages(t *testing.T) {
	site := webtest.New(t)
	ana := site.As(t, "Ana")
	form := ana.Get("/manage/groups/new")
	if again := ana.Submit(form, `form[action="/manage/groups"]`, "name", " "); again.Status != http.StatusUnprocessableEntity || !again.Has(".field.wrong #f-name") {
		t.Errorf("%d %s", again.Status, again.Text("main"))
	}
	if again := ana.Submit(form, `form[action="/manage/groups"]`, "name", "learner MANAGEMENT"); again.Status != http.StatusConflict {
		t.Errorf("the same name: %d", again.Status)
	}
	made := ana.Submit(form, `form[action="/manage/groups"]`, "name", "Deputies", "about", "They stand in.")
	if made.Status != http.StatusOK || !strings.Contains(made.Text("h1"), "Deputies") {
		t.Fatalf("%d %s", made.Status, made.Text("main"))
	}
	if p := ana.Submit(ana.Get(made.Path+"/edit"), `main form[action="`+made.Path+`"]`, "name", "Stand-ins"); p.Status != http.StatusOK || p.Text("h1") != "Stand-ins" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	ask := ana.Get(made.Path + "/delete")
	if p := ana.Submit(ask, `form[action="`+made.Path+`/delete"]`); p.Status != http.StatusOK || p.Path != "/manage/groups" || strings.Contains(p.Text("tbody"), "Stand-ins") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	kept := "/manage/groups/" + site.Management.ID.String()
	for _, path := range []string{"/edit", "/delete"} {
		if p := ana.Get(kept + path); p.Status != http.StatusForbidden {
			t.Errorf("%s of the built-in group: %d", path, p.Status)
		}
	}
	for who, want := range map[string]int{"Leo": 403, "Lin": 403, "Otto": 403, "Mo": 200, "Tess": 200, "Urs": 404} {
		if p := site.As(t, who).Get(kept); p.Status != want {
			t.Errorf("%s opens the group: %d, want %d", who, p.Status, want)
		}
	}
}

// LM-3, PT-2: roles are lists of permissions; Tess may tick what she holds, and a forged form is refused.
func TestLM3RolePages(t *testing.T) {
	site := webtest.New(t)
	tess := site.As(t, "Tess")
	list := tess.Get("/manage/roles")
	if list.Status != http.StatusOK || list.Find("tbody tr").Length() != 12 {
		t.Fatalf("%d, %d roles", list.Status, list.Find("tbody tr").Length())
	}
	form := tess.Get("/manage/roles/new?copy_of=list_users")
	if !form.Has(`input[value="account.list"][checked]`) || !form.Has(`input[value="account.edit"][disabled]`) || form.Has(`input[value="permission.edit_grid"]`) {
		t.Errorf("%s", form.Text("main"))
	}
	made := tess.Submit(form, `form[action="/manage/roles"]`, "name", "Lookers")
	if made.Status != http.StatusOK || made.Text("h1") != "Lookers" || !strings.Contains(made.Text(".rights"), "See people") {
		t.Fatalf("%d %s", made.Status, made.Text("main"))
	}
	forged := tess.PostForm("/manage/roles", url.Values{"name": {"Kings"}, "permissions": {"account.edit"}})
	if forged.Status != http.StatusForbidden || !strings.Contains(forged.Text("main"), "Edit accounts") {
		t.Errorf("forged: %d %s", forged.Status, forged.Text("main"))
	}
	edit := tess.Get(made.Path + "/edit")
	if p := tess.Submit(edit, `main form[action="`+made.Path+`"]`, "name", "Lookers on"); p.Status != http.StatusOK || p.Text("h1") != "Lookers on" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := tess.Submit(tess.Get(made.Path+"/delete"), `form[action="`+made.Path+`/delete"]`); p.Status != http.StatusOK || p.Path != "/manage/roles" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := tess.Get("/manage/roles/tenant_admin/edit"); p.Status != http.StatusForbidden {
		t.Errorf("a built-in role: %d", p.Status)
	}
}

// LM-3, LM-9: a policy is a sentence of names; its form shows what it would do.
func TestLM3PolicyPages(t *testing.T) {
	site := webtest.New(t)
	ana := site.As(t, "Ana")
	list := ana.Get("/manage/policies")
	if list.Status != http.StatusOK || list.Find("tbody tr").Length() != 12 || strings.Contains(list.Text("tbody"), site.Acme.ID.String()) {
		t.Fatalf("%d, %d policies", list.Status, list.Find("tbody tr").Length())
	}
	form := ana.Get("/manage/policies/new?role=list_users&group=" + site.Management.ID.String())
	if !form.Has(`input[name="groups"][checked]`) || !form.Has(`option[value="list_users"][selected]`) {
		t.Errorf("%s", form.Text("main"))
	}
	const at = `form[action="/manage/policies"]`
	values := []string{"name", "Max sees Reds", "accounts_text", "max", "places_text", "reds", "until", "2026-12-31"}
	form = ana.Get("/manage/policies/new")
	if empty := ana.Submit(form, at); empty.Status != http.StatusUnprocessableEntity || empty.Find(".summary a").Length() != 4 {
		t.Errorf("nothing filled in: %d %s", empty.Status, empty.Text(".summary"))
	}
	if p := ana.Submit(form, at, append(values, "role", "list_users", "places_text", "nowhere")...); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".field.wrong"), "nowhere") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	shown := ana.Submit(form, at, append(values, "role", "list_users", "_preview", "1")...)
	if shown.Status != http.StatusOK || !strings.Contains(shown.Text(".gain"), "Max Lab") || !strings.Contains(shown.Text(".gain"), "Reds") {
		t.Errorf("%d %s", shown.Status, shown.Text(".preview"))
	}
	made := ana.Submit(form, at, append(values, "role", "list_users")...)
	if made.Status != http.StatusOK || !strings.Contains(made.Text(".sentence"), "Max Lab") || !strings.Contains(made.Text(".sentence"), "Team in Acme › North") ||
		!strings.Contains(made.Text(".sentence"), "31 Dec 2026") {
		t.Fatalf("%d %s", made.Status, made.Text("main"))
	}
	edit := ana.Get(made.Path + "/edit")
	if !strings.Contains(edit.Text(".tokens"), "Max Lab") || !strings.Contains(edit.Text(".tokens"), "Reds") || !edit.Has(`input[name="until"][value="2026-12-31"]`) {
		t.Errorf("%s", edit.Text("main"))
	}
	if p := ana.Submit(edit, `main form[action="`+made.Path+`"]`, "name", "Max looks at Reds"); p.Status != http.StatusOK || p.Text("h1") != "Max looks at Reds" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := ana.Submit(ana.Get(made.Path+"/delete"), `form[action="`+made.Path+`/delete"]`); p.Status != http.StatusOK || p.Path != "/manage/policies" {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := ana.Get("/places/search?q=red&role=edit_team"); p.Status != http.StatusOK || !strings.Contains(p.Body, `"label":"Reds"`) || !strings.Contains(p.Body, "team:") {
		t.Error(p.Body)
	}
}

// BE-1: why, and what a person holds, on pages; a thing that one may not see is not there.
func TestBE1WhyPages(t *testing.T) {
	site := webtest.New(t)
	ana, lin := site.As(t, "Ana"), site.As(t, "Lin")
	p := ana.Get("/why?account=leo&permission=team.add_member&kind=team&thing=Blues")
	if p.Status != http.StatusOK || !p.Has(".verdict.no") || !strings.Contains(p.Text(".ways"), "Tess Tenant") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = ana.Get("/why?account=leo&permission=account.list"); !p.Has(".verdict.yes") || !strings.Contains(p.Text(".rung.decisive"), "Learner management") {
		t.Errorf("%s", p.Text("main"))
	}
	if p = lin.Get("/why?permission=team.view&thing=Blues"); p.Status != http.StatusOK || p.Has(".verdict") {
		t.Errorf("%s", p.Text("main"))
	}
	if p = lin.Get("/why"); p.Status != http.StatusOK {
		t.Errorf("Lin opens /why: %d", p.Status)
	}
	if p = lin.Get("/people/" + site.People["Lin"].ID.String() + "/access"); p.Status != http.StatusOK || !strings.Contains(p.Text("tbody"), "Team member") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p = lin.Get("/people/" + site.People["Leo"].ID.String() + "/access"); p.Status != http.StatusNotFound {
		t.Errorf("Leo's: %d", p.Status)
	}
	leo := "/people/" + site.People["Leo"].ID.String() + "/access"
	if p = ana.Get(leo + "?permission=team.delete&kind=team&thing=Reds"); p.Status != http.StatusOK || !p.Has(".verdict.yes") || !strings.Contains(p.Text("tbody"), "Group Learner management") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
}
