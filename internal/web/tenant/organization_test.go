package tenant_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// SPEC 9 on the pages, without scripts: an organization that is not empty leads to closing it, which asks where everything goes,
// shows who gains and loses, and does it.
func TestCloseOrganizationPage(t *testing.T) {
	site := webtest.New(t)
	ana, otto := site.As(t, "Ana"), site.As(t, "Otto")
	at := "/manage/organizations/" + site.Orgs["North"].ID.String()
	if p := ana.Get(at + "/delete"); !p.Has(`a[href="` + at + `/close"]`) {
		t.Errorf("%s", p.Text("main"))
	}
	if p := otto.Get(at + "/admin"); p.Status != http.StatusOK || p.Has("form[action$='/admin']") || !strings.Contains(p.Text("main"), "Otto North") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	if p := otto.Get(at + "/close"); p.Status != http.StatusForbidden {
		t.Errorf("%d", p.Status)
	}
	marked := ana.Submit(ana.Get(at+"/admin"), "form[action$='/admin']", "external", "on", "hidden", "on")
	if marked.Status != http.StatusOK || marked.Find("input[name=external][checked], input[name=hidden][checked]").Length() != 2 {
		t.Errorf("%d: %s", marked.Status, marked.Text("main"))
	}
	form := ana.Get(at + "/close")
	seen := ana.Submit(form, "form[action$='/close']", "into_text", "South", "_preview", "1")
	if seen.Status != http.StatusOK || !strings.Contains(seen.Text(".preview"), "Otto North") {
		t.Errorf("%d: %s", seen.Status, seen.Text("main"))
	}
	if p := ana.Submit(form, "form[action$='/close']"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d", p.Status)
	}
	if p := ana.Submit(form, "form[action$='/close']", "into_text", "South"); p.Status != http.StatusOK || !strings.Contains(p.Text(".flash"), "North is closed") {
		t.Errorf("%d: %s", p.Status, p.Text("body"))
	}
	if p := ana.Get(at); p.Status != http.StatusNotFound {
		t.Errorf("%d", p.Status)
	}
	move := "/manage/organizations/" + site.Orgs["Lab"].ID.String() + "/move"
	if p := ana.Submit(ana.Get(move), "form[action$='/move']", "parent_text", "Acme", "_preview", "1"); p.Status != http.StatusOK || !p.Has(".preview") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
}
