package tenant_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/action/tenant"
	"provost/internal/web/webtest"
)

// BC-1 on the pages: a billing contact of an organization opens Plans and nothing else of the Administration; without scripts
// one is chosen by name.
func TestBC1PlanPages(t *testing.T) {
	site := webtest.New(t)
	ana, otto, pia := site.As(t, "Ana"), site.As(t, "Otto"), site.As(t, "Pia")
	if p := otto.Get("/plans"); p.Status != http.StatusForbidden || otto.Get("/").Has(`nav a[href="/plans"]`) {
		t.Errorf("%d", p.Status)
	}
	if p := pia.Get("/plans"); p.Status != http.StatusForbidden {
		t.Errorf("%d", p.Status)
	}
	north := site.Orgs["North"].ID.String()
	form := ana.Get("/plans/contacts?organization=" + north)
	wrong := ana.Submit(form, `form[action="/plans/contacts"]`, "account_text", "Lin Learner")
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Text("main"), "administrators of the organization") {
		t.Errorf("%d: %s", wrong.Status, wrong.Text("main"))
	}
	seen := ana.Submit(form, `form[action="/plans/contacts"]`, "account_text", "Otto North", "_preview", "1")
	if seen.Status != http.StatusOK || !strings.Contains(seen.Text(".preview"), "Open Plans") {
		t.Errorf("%d: %s", seen.Status, seen.Text("main"))
	}
	if p := ana.Submit(form, `form[action="/plans/contacts"]`, "account_text", "Otto North"); p.Status != http.StatusOK || p.Path != "/plans" {
		t.Errorf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	if _, err := tenant.RaiseAlert.Run(t.Context(), site.Env, site.Test.As("Sam"), tenant.NewAlert{Title: "<b>Refused</b>", Organization: site.Orgs["North"].ID}); err != nil {
		t.Fatal(err)
	}
	p := otto.Get("/plans")
	if p.Status != http.StatusOK || !strings.Contains(p.Text(".notice.warn"), "<b>Refused</b>") || p.Has("form[action*=settle]") || !otto.Get("/").Has(`nav a[href="/plans"]`) {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	for _, at := range []string{"/settings", "/settings/brand", "/plans/contacts?organization=" + site.Acme.ID.String()} {
		if p := otto.Get(at); p.Status == http.StatusOK {
			t.Errorf("a billing contact opens %s", at)
		}
	}
	if p := ana.Get("/plans?organization=" + north); !strings.Contains(p.Text("main"), "Otto North") {
		t.Errorf("%s", p.Text("main"))
	}
	if p := ana.Submit(ana.Get("/plans?organization="+north), `form[action$="/remove"]`); p.Status != http.StatusOK || otto.Get("/plans").Status != http.StatusForbidden {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
}

// XA-3, CO-7 on the pages: the Help center shows each the items that they may open; what is written is shown as text.
func TestXA3CO7HelpPages(t *testing.T) {
	site := webtest.New(t)
	ana, pia, lin := site.As(t, "Ana"), site.As(t, "Pia"), site.As(t, "Lin")
	items := []string{"guides", "how_to_videos", "support_forum", "discussion_forum", "suggestions", "roadmap"}
	for _, item := range items {
		if a, p, l := ana.Get("/help/"+item), pia.Get("/help/"+item), lin.Get("/help/"+item); a.Status != http.StatusOK || p.Status != http.StatusForbidden || l.Status != http.StatusForbidden {
			t.Errorf("%s: %d %d %d", item, a.Status, p.Status, l.Status)
		}
	}
	if n := ana.Get("/help").Find(`main a[href^="/help/"]`).Length(); n < len(items) {
		t.Errorf("Ana is led to %d items", n)
	}
	if pia.Get("/help").Has(`main a[href="/help/guides"]`) || !pia.Get("/").Has(`nav a[href="/help"]`) {
		t.Error("Pia is led to what she may not open, or not to the Help center")
	}
	p := pia.Submit(pia.Get("/help/start/edit"), `form[action="/help/start/edit"]`, "text", "# Hello\n\n<script>alert(1)</script> [x](javascript:alert(1))")
	if p.Status != http.StatusOK {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	if p := lin.Get("/help"); p.Text("main h2") != "Hello" || strings.Contains(p.Body, "alert(1)</script>") || strings.Contains(p.Body, "javascript:") || p.Has(`a[href$="/edit"]`) {
		t.Errorf("%s", p.Body)
	}
	if p := lin.Get("/help/start/edit"); p.Status != http.StatusForbidden {
		t.Errorf("%d", p.Status)
	}
}
