package grid_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"provost/internal/web/webtest"
)

// GR-1, GR-3, GR-4: without scripts, the super administrator changes a cell by plain forms: the cell, the review with who gains,
// the reason, and undoes it; everybody else reads, and is told who can change it.
func TestGR4WithoutScripts(t *testing.T) {
	site := webtest.New(t)
	sam, ana, otto := site.As(t, "Sam"), site.As(t, "Ana"), site.As(t, "Otto")
	p := sam.Get("/permissions/business")
	if p.Status != http.StatusOK || p.Find(".pg-table thead th").Length() != 14 || p.Find(`.pg-cell[data-own]`).Length() < 100 {
		t.Fatalf("%d, %d columns, %d cells to change", p.Status, p.Find(".pg-table thead th").Length(), p.Find(`.pg-cell[data-own]`).Length())
	}
	cell := `/permissions/cell?table=business&organization=` + site.Acme.ID.String() + `&cell=instructor+team.list`
	p = sam.Get(cell)
	asked := sam.Submit(p, `form[action$="/review"]`, "cells.0.to", "allow_locked")
	if asked.Status != http.StatusOK || !strings.Contains(asked.Text(".gain"), "Ivy Instructor") || !strings.Contains(asked.Text("tbody"), "locked for all organizations") {
		t.Fatalf("the review: %d %s", asked.Status, asked.Text("main"))
	}
	if wrong := sam.Submit(asked, `form[action$="/change"]`, "reason", " "); wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Text(".field.wrong"), "Say why") {
		t.Errorf("without a reason: %d %s", wrong.Status, wrong.Text("main"))
	}
	saved := sam.Submit(asked, `form[action$="/change"]`, "reason", "They ask for it")
	if saved.Status != http.StatusOK || !strings.HasPrefix(saved.Path, "/permissions/history") || !strings.Contains(saved.Text("tbody"), "They ask for it") {
		t.Fatalf("saved: %d at %s: %s", saved.Status, saved.Path, saved.Text("main"))
	}
	lab := otto.Get("/permissions/business?organization=" + site.Orgs["Lab"].ID.String())
	name, _ := lab.Find(`.pg-cell[value="instructor team.list"]`).Attr("aria-label")
	if lab.Status != http.StatusOK || name != "Allowed, locked by the portal, from Acme, See which teams there are, Instructor" {
		t.Errorf("Otto, in the Lab: %d %q", lab.Status, name)
	}
	if lab.Has(".pg-cell[data-own]") || !strings.Contains(lab.Text(".pg-who"), "Only the super administrator") {
		t.Errorf("Otto may change cells, or is not told who can: %s", lab.Text(".pg-who"))
	}
	if p := otto.Get("/permissions/business?organization=" + site.Orgs["South"].ID.String()); p.Status != http.StatusNotFound {
		t.Errorf("Otto opens South's: %d", p.Status)
	}
	if p := ana.Get("/permissions"); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Sam Super") || p.Has(`main form[method="post"]`) {
		t.Errorf("Ana: %d %s", p.Status, p.Text("main"))
	}
	if p := ana.Post("/permissions/in/business/change", "organization", site.Acme.ID.String(), "reason", "x", "cells.0.role", "learner", "cells.0.permission", "team.list", "cells.0.to", "allow"); p.Status != http.StatusForbidden {
		t.Errorf("Ana posts a change: %d", p.Status)
	}
	undone := sam.Submit(saved, `form[action$="/undo"]`)
	if undone.Status != http.StatusOK || !strings.Contains(undone.Text("tbody"), "Undone: They ask for it") {
		t.Errorf("undone: %d %s", undone.Status, undone.Text("main"))
	}
	if p := site.As(t, "Lin").Get("/permissions"); p.Status != http.StatusForbidden {
		t.Errorf("Lin opens the grid: %d", p.Status)
	}
}

// GR-4: the super administrator lets organizations' administrators change their own table; then Otto's cells can be changed.
func TestGR4Switch(t *testing.T) {
	site := webtest.New(t)
	sam, otto := site.As(t, "Sam"), site.As(t, "Otto")
	asked := sam.Submit(sam.Get("/permissions"), `form[action$="/review"]`)
	if asked.Status != http.StatusOK || !strings.Contains(asked.Text(".gain"), "Otto North") {
		t.Fatalf("%d %s", asked.Status, asked.Text("main"))
	}
	sam.Submit(asked, `form[action$="/change"]`, "reason", "They know best")
	p := otto.Get("/permissions/business")
	if p.Status != http.StatusOK || !p.Has(".pg-cell[data-own]") || p.Has(`.pg-cell[data-own][value^="administrator "]`) || !strings.Contains(p.Text(".pg-who"), "You may change") {
		t.Fatalf("%d %s", p.Status, p.Text(".pg-who"))
	}
	cell := otto.Get("/permissions/cell?table=business&organization=" + site.Orgs["North"].ID.String() + "&cell=instructor+team.list")
	saved := otto.Submit(otto.Submit(cell, `form[action$="/review"]`, "cells.0.to", "allow"), `form[action$="/change"]`, "reason", "Their teams")
	if saved.Status != http.StatusOK || !strings.Contains(saved.Text("tbody"), "Their teams") {
		t.Errorf("Otto saves: %d %s", saved.Status, saved.Text("main"))
	}
}

// GR-5: an account type is added from the grid, is a column of it, and is given to a person on their page.
func TestGR5Pages(t *testing.T) {
	site := webtest.New(t)
	sam := site.As(t, "Sam")
	made := sam.Submit(sam.Get("/permissions/types/new"), `form[action="/permissions/types"]`, "name", "Coach", "about", "Looks after people", "parent", "instructor")
	if made.Status != http.StatusOK || !strings.Contains(made.Text("thead"), "Coach") {
		t.Fatalf("%d %s", made.Status, made.Text("main"))
	}
	role, _ := made.Find(`thead th`).Last().Attr("data-role")
	if p := sam.Get("/permissions/roles/" + role); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Instructor") {
		t.Errorf("the panel of the type: %d %s", p.Status, p.Text("main"))
	}
	if p := site.As(t, "Ana").Get("/permissions/types/new"); p.Status != http.StatusForbidden {
		t.Errorf("Ana: %d", p.Status)
	}
	deleted := sam.Submit(sam.Get("/permissions/roles/"+role), `form[action$="/delete"]`)
	if deleted.Status != http.StatusOK || strings.Contains(deleted.Text("thead"), "Coach") {
		t.Errorf("deleted: %d %s", deleted.Status, deleted.Text("main"))
	}
}

// BE-3: the grid, who could do something, a person's access and why are looked at as of a past day, and say that names are those of today.
func TestBE3PagesAsOf(t *testing.T) {
	site := webtest.New(t)
	day := site.Clock.Now().Format("2006-01-02")
	site.Clock.Move(72 * time.Hour)
	sam := site.As(t, "Sam")
	for at, want := range map[string]string{"/permissions/business?at=" + day: "Names are those of today", "/permissions/who?permission=account.edit&at=" + day: "Pia Partial",
		"/people/" + site.People["Leo"].ID.String() + "/access?at=" + day: "held at the end of", "/why?account=leo&permission=account.list&at=" + day: "Names are those of today"} {
		if p := sam.Get(at); p.Status != http.StatusOK || !strings.Contains(p.Text("main"), want) {
			t.Errorf("%s: %d %s", at, p.Status, p.Text("main"))
		}
	}
	if p := sam.Get("/permissions/business?at=" + day); p.Has(".pg-cell[data-own]") {
		t.Error("the past may be changed")
	}
}
