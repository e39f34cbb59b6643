package network_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"provost/internal/web/webtest"
)

const password = "many portals, one gate"

// browsers are Ana's at Acme, and the one in which she comes to Umbra, which has nothing of the first but the link.
type browsers struct {
	*webtest.Site
	ana, there, urs *webtest.Client
	// at is the network's page.
	at string
}

// joined is a network that Ana makes by its pages, and Urs joins by his.
func joined(t *testing.T) browsers {
	t.Helper()
	s := webtest.New(t)
	b := browsers{Site: s, ana: s.As(t, "Ana"), there: s.Visit(t), urs: s.As(t, "Urs")}
	b.there.Host = s.Umbra.Host
	if p := b.ana.Get("/networks"); !strings.Contains(p.Text("main"), "You run no network") || !strings.Contains(p.Text("main"), "This portal is in no network") {
		t.Errorf("the empty page says %q", p.Text("main"))
	}
	form := b.ana.Get("/networks/new")
	if p := b.ana.Submit(form, `form[action="/networks/new"]`, "name", "Northern Ring", "password", "short", "again", "other"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("with two passwords: %d", p.Status)
	}
	p := b.ana.Submit(form, `form[action="/networks/new"]`, "name", "Northern Ring", "password", password, "again", password)
	if b.at = p.Path; p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "No portal has joined yet") {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	code := strings.TrimPrefix(b.at, "/networks/")
	if !strings.Contains(p.Body, code) {
		t.Error("the page does not show the code")
	}
	form = b.urs.Get("/networks/join")
	if p := b.urs.Submit(form, "main form", "code", code, "password", "zebra crossing"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "do not belong together") || strings.Contains(p.Body, "zebra") {
		t.Errorf("a wrong password: %d %s", p.Status, p.Text("main"))
	}
	p = b.urs.Submit(form, "main form", "code", code, "password", password)
	if main := p.Text("main"); !strings.Contains(main, "Ana Full") || !strings.Contains(main, "Sam Super") || !strings.Contains(main, "Acme") || strings.Contains(p.Body, password) {
		t.Errorf("Urs sees %q", main)
	}
	if p := b.urs.Get("/networks"); strings.Contains(p.Text("main"), "Northern Ring") {
		t.Error("Umbra is in it before he says so")
	}
	p = b.urs.Submit(p, `form[action="/networks/join"]`)
	if p.Path != "/networks" || !strings.Contains(p.Text("main"), "Northern Ring") {
		t.Fatalf("he joins: %s %s", p.Path, p.Text("main"))
	}
	return b
}

// link lets Ana go to Umbra, and is the path that her browser is led to.
func (b browsers) link(t *testing.T) string {
	t.Helper()
	enter := b.at + "/portals/" + b.Umbra.ID.String() + "/enter"
	form := b.ana.Get(enter)
	if p := b.ana.Submit(form, `form[action="`+enter+`"]`); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.Status)
	}
	p := b.ana.Submit(form, `form[action="`+enter+`"]`, "reason", "to help")
	to, err := url.Parse(p.Find("main a").AttrOr("href", ""))
	if err != nil || p.Status != http.StatusOK || to.Host != b.Umbra.Host || !strings.HasSuffix(p.Header.Get("Refresh"), to.String()) {
		t.Fatalf("%d, she is led to %s, %s", p.Status, to, p.Header.Get("Refresh"))
	}
	return to.Path
}

func (b browsers) enter(t *testing.T) {
	t.Helper()
	path := b.link(t)
	p := b.there.Get(path)
	if main := p.Text("main"); p.Status != http.StatusOK || !strings.Contains(main, "Ana Full (Acme)") || !strings.Contains(main, "Umbra") {
		t.Fatalf("%d: %s", p.Status, main)
	}
	if p = b.there.Submit(p, `form[action="`+path+`"]`); p.Path != "/" || p.Status != http.StatusOK {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
}

// NA-1: by the pages: made, joined, entered. The bar stands on every page there; Stop leads back; Umbra sees who came and what
// they did, and Acme's page has the portal.
func TestNetworkPages_NA1(t *testing.T) {
	b := joined(t)
	b.enter(t)
	for _, path := range []string{"/", "/manage/users", "/nothing", "/audit", "/networks"} {
		p := b.there.Get(path)
		if bar := p.Text(".acting"); !strings.Contains(bar, "You are in Umbra as an administrator from Acme.") || !strings.Contains(bar, "Stop") || p.Has(`a[href="/account"]`) {
			t.Errorf("%s: the bar says %q", path, bar)
		}
	}
	if p := b.there.Get("/networks"); p.Has(`a[href="/networks/new"]`) || p.Has(`a[href="/networks/join"]`) || p.Has(`a[href$="/leave"]`) {
		t.Error("the visitor finds ways to other networks")
	}
	for _, path := range []string{"/account", "/friends", "/networks/new-one", "/tokens"} {
		if p := b.there.Get(path); p.Status == http.StatusOK && !strings.HasPrefix(p.Path, "/networks") {
			t.Errorf("the visitor opens %s: %d", path, p.Status)
		}
	}
	if p := b.there.Post("/teams", "name", "By Ana", "organization", b.Orgs["Dusk"].ID.String()); p.Status != http.StatusOK {
		t.Errorf("she makes a team: %d %s", p.Status, p.Text("main"))
	}
	p := b.urs.Get("/networks")
	if main := p.Text("main"); !strings.Contains(main, "Ana Full") || !strings.Contains(main, "Here now") || !strings.Contains(main, "to help") {
		t.Errorf("Urs sees %q", main)
	}
	p = b.urs.Get(p.Find(`a[href^="/audit?person="]`).AttrOr("href", ""))
	if main := p.Text("main"); p.Status != http.StatusOK || !strings.Contains(main, "Ana Full (Acme)") || !strings.Contains(main, "By Ana") || strings.Contains(main, "Ulf Super") {
		t.Errorf("what she did: %d %q", p.Status, main)
	}
	if p := b.ana.Get(b.at); !strings.Contains(p.Text("main"), "Umbra") {
		t.Error("Ana does not see Umbra")
	}
	p = b.there.Submit(b.there.Get("/manage/teams"), `form[action="/stop-visit"]`)
	if back := p.Find("main a").AttrOr("href", ""); p.Status != http.StatusOK || p.Has(".acting") || back != "http://acme.test"+b.at {
		t.Errorf("Stop: %d %q", p.Status, back)
	}
	if p := b.there.Get("/manage/teams"); !strings.HasPrefix(p.Path, "/sign-in") {
		t.Errorf("after it she is at %s", p.Path)
	}
	if main := b.urs.Get("/networks").Text("main"); strings.Contains(main, "Here now") || !strings.Contains(main, "1 minute") {
		t.Errorf("Urs sees %q", main)
	}
}

// NA-1, BE-8: when it has ended, what was asked for is done by nobody: not by the visitor, nor by whoever else is signed in in
// that browser. A link that was used, or is none, opens nothing.
func TestVisitEndedPages_NA1_BE8(t *testing.T) {
	b := joined(t)
	b.there.Post("/sign-in", "login", "ulf", "password", "correct horse battery") // her own account there, say
	first := b.link(t)
	if p := b.there.Get(first); !strings.Contains(p.Text("main"), "Ana Full (Acme)") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := b.there.Post(first); p.Path != "/" || !p.Has(".acting") {
		t.Fatalf("%d at %s", p.Status, p.Path)
	}
	for _, path := range []string{first, "/visit/pvv_nothing"} {
		if p := b.Visit(t).Get(path); p.Status != http.StatusNotFound {
			t.Errorf("%s opens %d", path, p.Status)
		}
		if p := b.urs.Post(path); p.Status != http.StatusNotFound {
			t.Errorf("%s opens %d", path, p.Status)
		}
	}
	b.urs.Submit(b.urs.Get(b.at+"/leave"), "main form")
	p := b.there.Post("/teams", "name", "Late", "organization", b.Orgs["Dusk"].ID.String())
	if p.Status != http.StatusUnauthorized || !strings.Contains(p.Text("main"), "Nothing was done just now") {
		t.Errorf("a late form: %d %s", p.Status, p.Text("main"))
	}
	p = b.there.Get("/manage/teams")
	if p.Status != http.StatusOK || strings.Contains(p.Text("main"), "Late") || p.Has(".acting") {
		t.Errorf("the form was done as Ulf: %d", p.Status)
	}
	if p := b.ana.Get(b.at + "/portals/" + b.Umbra.ID.String() + "/enter"); p.Status != http.StatusNotFound {
		t.Errorf("Ana still goes there: %d", p.Status)
	}
	b.Clock.Move(time.Minute)
	if main := b.ana.Get(b.at).Text("main"); strings.Contains(main, "Umbra") {
		t.Error("Ana still sees Umbra")
	}
}

// NA-1, BE-2: who is named is shown first what they gain; renaming, a new password, taking a portal out and ending ask first.
func TestRunPages_NA1_BE2(t *testing.T) {
	b := joined(t)
	form := b.ana.Get(b.at + "/administrators")
	p := b.ana.Submit(form, `form[action="`+b.at+`/administrators"]`, "account", b.People["Leo"].ID.String(), "_preview", "1")
	if !strings.Contains(p.Text("main"), "full administrator") {
		t.Errorf("Leo: %d %s", p.Status, p.Text("main"))
	}
	p = b.ana.Submit(form, `form[action="`+b.at+`/administrators"]`, "account_text", "leo@acme.test")
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("Leo: %d %s", p.Status, p.Text("main"))
	}
	p = b.ana.Submit(form, `form[action="`+b.at+`/administrators"]`, "account", b.People["Sam"].ID.String())
	if p.Path != b.at || !strings.Contains(p.Text(".flash"), "Sam Super administers this network now.") {
		t.Errorf("Sam: %s %s", p.Path, p.Text("main"))
	}
	p = b.ana.Submit(p, `form[action$="/`+b.People["Sam"].ID.String()+`/remove"]`)
	if p.Path != b.at || !strings.Contains(p.Text(".flash"), "any more") {
		t.Errorf("Sam is out: %s %s", p.Path, p.Text("main"))
	}
	p = b.ana.Submit(p, `form[action$="/`+b.People["Ana"].ID.String()+`/remove"]`)
	if p.Status != http.StatusConflict || !strings.Contains(p.Text("main"), "Nobody would run this network any more") {
		t.Errorf("Ana is out: %d %s", p.Status, p.Text("main"))
	}
	p = b.ana.Submit(b.ana.Get(b.at+"/edit"), "main form", "name", "Southern Ring")
	if p.Path != b.at || p.Text("h1") != "Southern Ring" {
		t.Errorf("renamed: %s %s", p.Path, p.Text("h1"))
	}
	p = b.ana.Submit(b.ana.Get(b.at+"/password"), "main form", "password", password+" 2", "again", password+" 2")
	if p.Path != b.at {
		t.Errorf("a new password: %s %s", p.Path, p.Text("main"))
	}
	p = b.ana.Submit(b.ana.Get(b.at+"/portals/"+b.Umbra.ID.String()+"/remove"), "main form")
	if p.Path != b.at || strings.Contains(p.Text("main table"), "Umbra") {
		t.Errorf("taken out: %s %s", p.Path, p.Text("main"))
	}
	p = b.ana.Submit(b.ana.Get(b.at+"/end"), "main form")
	if p.Path != "/networks" || strings.Contains(p.Text("main table"), "Southern Ring") {
		t.Errorf("ended: %s %s", p.Path, p.Text("main"))
	}
}
