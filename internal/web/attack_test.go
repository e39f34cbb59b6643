package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/webtest"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

func cookieOf(t *testing.T, site *webtest.Site, c *webtest.Client, name string) string {
	t.Helper()
	u, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range c.HTTP.Jar.Cookies(u) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

func setCookie(t *testing.T, site *webtest.Site, c *webtest.Client, name, value string) {
	t.Helper()
	u, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// An attacker plants a session of their own, or any value, in the victim's browser: signing in there makes a new token,
// and the planted one is worth nothing.
func TestSessionFixation(t *testing.T) {
	site := webtest.New(t)
	attacker := site.As(t, "Sue")
	planted := cookieOf(t, site, attacker, "provost")
	victim := site.Visit(t)
	for _, value := range []string{planted, "pvs_chosen-by-the-attacker", ""} {
		setCookie(t, site, victim, "provost", value)
		p := victim.Post("/sign-in", "login", "leo", "password", world.Password)
		got := cookieOf(t, site, victim, "provost")
		if p.Path != "/" || got == value || !strings.HasPrefix(got, "pvs_") {
			t.Fatalf("%q: at %s with %q", value, p.Path, got)
		}
	}
	if p := attacker.Get("/"); p.Path != "/sign-in" {
		t.Fatalf("the planted session still counts: %s", p.Text("h1"))
	}
}

// What a browser has after signing out is worth nothing, and tokens stand hashed in the database.
func TestSignedOutTokenIsWorthless(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Leo")
	token := cookieOf(t, site, c, "provost")
	kept := 0
	err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		n, err := db.Val[int](t.Context(), tx, db.SQL(`SELECT count(*) FROM sessions WHERE hash LIKE ?`, "%"+token[4:20]+"%"))
		kept = n
		return err
	})
	if err != nil || kept != 0 {
		t.Fatal("the token itself is in the database", err)
	}
	c.Post("/sign-out")
	setCookie(t, site, c, "provost", token)
	if p := c.Get("/"); p.Path != "/sign-in" {
		t.Fatalf("at %s", p.Path)
	}
}

// A session ends unused after 12 hours and used after 30 days; a clock that goes back does not bring it back.
func TestSessionEndsByItself(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Leo")
	site.Clock.Move(11 * time.Hour)
	if p := c.Get("/"); p.Path != "/" {
		t.Fatal("ended too soon")
	}
	site.Clock.Move(13 * time.Hour)
	if p := c.Get("/"); p.Path != "/sign-in" {
		t.Fatal("did not end unused")
	}
	site.Clock.Move(-13 * time.Hour)
	if p := c.Get("/"); p.Path != "/sign-in" {
		t.Fatal("came back")
	}
	c = site.As(t, "Leo")
	for range 71 {
		site.Clock.Move(10 * time.Hour)
		if p := c.Get("/"); p.Path != "/" {
			t.Fatal("ended while it was used")
		}
	}
	site.Clock.Move(11 * time.Hour)
	if p := c.Get("/"); p.Path != "/sign-in" {
		t.Fatal("lasts for ever")
	}
}

// BE-8: what is revoked counts at the next request: a session ended elsewhere, an archived account.
func TestRevokedAtNextRequest(t *testing.T) {
	site := webtest.New(t)
	here, there := site.As(t, "Leo"), site.As(t, "Leo")
	p := here.Get("/account")
	if n := p.Find("form[action^='/account/sessions/'][action$='/end']").Length(); n != 2 {
		t.Fatalf("%d forms to end sessions", n)
	}
	p = here.Submit(p, "td form[action^='/account/sessions/']")
	if p.Path != "/account" || !strings.Contains(p.Text("#flash"), "signed out") {
		t.Fatalf("%s: %s", p.Path, p.Text("main"))
	}
	if p = there.Get("/"); p.Path != "/sign-in" {
		t.Fatal("an ended session counts")
	}
	there = site.As(t, "Leo")
	if p = here.Post("/account/sessions/end"); p.Path != "/account" {
		t.Fatal(p.Path)
	}
	if p = there.Get("/"); p.Path != "/sign-in" {
		t.Fatal("another ended session counts")
	}
	if _, err := action.ArchiveAccount.Run(t.Context(), site.Env, site.Test.As("Ana"), action.AccountID{Account: site.People["Leo"].ID}); err != nil {
		t.Fatal(err)
	}
	if p = here.Get("/"); p.Path != "/sign-in" {
		t.Fatal("an archived account is in")
	}
	if p = here.Post("/sign-in", "login", "leo", "password", world.Password); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("an archived account gets in: %d", p.Status)
	}
}

// One's own session of one portal is nothing in another, nor can one end somebody else's.
func TestSessionOfAnother(t *testing.T) {
	site := webtest.New(t)
	c, sue := site.As(t, "Leo"), site.As(t, "Sue")
	form := sue.Get("/account").Find("td form").AttrOr("action", "")
	sue2 := site.As(t, "Sue")
	form = sue2.Get("/account").Find("td form").AttrOr("action", form)
	if form == "" {
		t.Fatal("Sue has no other session")
	}
	if p := c.Post(form); p.Status != http.StatusNotFound {
		t.Fatalf("%d", p.Status)
	}
	if p := sue.Get("/"); p.Path != "/" {
		t.Fatal("Sue's session is gone")
	}
	c.Host = "umbra.test"
	if p := c.Get("/"); p.Path != "/sign-in" || p.Text(".brand-name") != "Umbra" {
		t.Fatalf("at %s of %s", p.Path, p.Text(".brand-name"))
	}
}

// Forms that another site sends are refused, whatever they are; so are those of another host of the same site.
func TestCrossOriginPost(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Leo")
	for _, headers := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.test"}, {"Origin": "null"},
	} {
		for _, path := range []string{"/sign-out", "/account", "/api/v1/teams", "/theme"} {
			r := c.Request(http.MethodPost, path, strings.NewReader("name=Stolen"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for k, v := range headers {
				r.Header.Set(k, v)
			}
			if p := c.Do(r); p.Status != http.StatusForbidden {
				t.Errorf("%v to %s: %d", headers, path, p.Status)
			}
		}
	}
	if p := c.Get("/"); p.Path != "/" || p.Text("h1") != "Welcome, Leo Manager" {
		t.Fatalf("at %s: %s", p.Path, p.Text("h1"))
	}
}

// Signing in leads nowhere but into this site.
func TestOpenRedirect(t *testing.T) {
	site := webtest.New(t)
	for _, next := range []string{"//evil.test/", "https://evil.test/", `/\evil.test`, "/%2fevil.test", "javascript:alert(1)", "/\t/evil.test"} {
		c := site.Visit(t)
		p := c.Get("/sign-in?next=" + url.QueryEscape(next))
		if v := p.Find("input[name=next]").AttrOr("value", ""); v != "/" {
			t.Errorf("the form keeps %q", v)
		}
		if p = c.Post("/sign-in", "login", "leo", "password", world.Password, "next", next); p.Path != "/" {
			t.Errorf("%q leads to %s", next, p.Path)
		}
		if p = c.Get("/sign-in?next=" + url.QueryEscape(next)); p.Path != "/" {
			t.Errorf("signed in, %q leads to %s", next, p.Path)
		}
		if p = c.Post("/theme", "theme", "dark", "back", next); p.Path != "/" {
			t.Errorf("the theme's %q leads to %s", next, p.Path)
		}
	}
}

var inline = regexp.MustCompile(`<script(?: [^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)

// Every answer forbids inline code and framing; no page needs either.
func TestHeaders(t *testing.T) {
	site := webtest.New(t)
	for _, c := range []*webtest.Client{site.Visit(t), site.As(t, "Ana")} {
		for _, path := range []string{"/", "/sign-in", "/forgot", "/reset/none", "/account", "/manage/teams", "/nothing", "/healthz", "/api/v1/teams"} {
			p := c.Get(path)
			csp := p.Header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "script-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'") ||
				strings.Contains(csp, "unsafe") || p.Header.Get("X-Content-Type-Options") != "nosniff" || p.Header.Get("Referrer-Policy") == "" ||
				p.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", path, p.Header)
			}
			if bad := inline.FindString(p.Body); bad != "" {
				t.Errorf("%s has inline code: %s", path, bad)
			}
		}
	}
}

// Behind https the cookie belongs to this host alone, and browsers are told to stay with https.
func TestSecureCookie(t *testing.T) {
	w := worldtest.New(t)
	w.Env.URL = "https://acme.test"
	site := webtest.Serve(t, w)
	c := site.Visit(t)
	r := c.Request(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"login": {"leo"}, "password": {world.Password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	k := res.Cookies()
	if len(k) != 1 || k[0].Name != "__Host-provost" || !k[0].Secure || !k[0].HttpOnly || k[0].SameSite != http.SameSiteLaxMode || k[0].Path != "/" || k[0].Domain != "" {
		t.Fatalf("%v", k)
	}
	if res.Header.Get("Strict-Transport-Security") == "" {
		t.Fatal("no HSTS")
	}
}

// A guesser is stopped after ten failures, for known and unknown names alike; the right password waits too.
func TestTooManySignIns(t *testing.T) {
	site := webtest.New(t)
	for _, name := range []string{"leo", "nobody"} {
		c := site.Visit(t)
		var first string
		for i := range 10 {
			p := c.Post("/sign-in", "login", name, "password", fmt.Sprint("wrong ", i))
			if p.Status != http.StatusUnprocessableEntity || strings.Contains(p.Body, "wrong "+fmt.Sprint(i)) {
				t.Fatalf("%s, try %d: %d", name, i, p.Status)
			}
			if body := strings.ReplaceAll(p.Body, name, ""); first == "" {
				first = body
			} else if body != first {
				t.Fatal("the answers differ")
			}
		}
		p := c.Post("/sign-in", "login", name, "password", world.Password)
		if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") != "900" {
			t.Fatalf("%s: %d %s", name, p.Status, p.Header.Get("Retry-After"))
		}
	}
	site.Clock.Move(store.AttemptWindow)
	site.As(t, "Leo")
}

// The same words for a wrong password as for an unknown name, at the same cost: each is hashed.
func TestSignInTellsNothing(t *testing.T) {
	site := webtest.New(t)
	var answers []string
	for _, login := range []string{"leo", "leo@acme.test", "nobody", "una", "nobody@acme.test"} {
		p := site.Visit(t).Post("/sign-in", "login", login, "password", "wrong horse")
		answers = append(answers, strings.ReplaceAll(p.Body, `value="`+login+`"`, ""))
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Fatalf("%s\n%s", answers[0], a)
		}
	}
}

func audited(t *testing.T, site *webtest.Site, operation, outcome string) (rows int, detail string) {
	t.Helper()
	err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list, err := db.All(t.Context(), tx, db.SQL(`SELECT actor_id || ' ' || actor_name || ' ' || target_id || ' ' || detail FROM audit WHERE operation = ? AND outcome = ? ORDER BY seq`, operation, outcome),
			func(s db.Scanner) (x string, err error) { return x, s.Scan(&x) })
		rows, detail = len(list), strings.Join(list, "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, detail
}

// CO-8: who signs in, fails to and signs out is audited, without what was typed.
func TestSignInIsAudited(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Leo")
	c.Post("/sign-in", "login", "leo", "password", "hunter2hunter2")
	c.Post("/sign-in", "login", "My Secret Typed Here", "password", "hunter2hunter2")
	c = site.As(t, "Leo")
	c.Post("/sign-out")
	if n, text := audited(t, site, "session.sign_in", "done"); n != 2 || !strings.Contains(text, "Leo Manager") {
		t.Errorf("%d: %s", n, text)
	}
	if n, text := audited(t, site, "session.sign_in", "refused"); n != 2 || strings.Contains(text, "unter") || strings.Contains(strings.ToLower(text), "secret") ||
		!strings.Contains(text, fmt.Sprint(int64(site.People["Leo"].ID))) {
		t.Errorf("%d: %s", n, text)
	}
	if n, text := audited(t, site, "session.sign_out", "done"); n != 1 || !strings.Contains(text, "Leo Manager") {
		t.Errorf("%d: %s", n, text)
	}
}

// LM-1, LM-5: what is not open to somebody is not in the navigation, and is refused with the reason and an audit row.
func TestClosedArea(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Sue")
	p := c.Get("/")
	if p.Has(`nav.side a[href^="/manage"]`) || p.Has(`nav.side a[href="/reports"]`) {
		t.Fatalf("Sue sees %s", p.Text("nav.side"))
	}
	p = c.Get("/manage/teams")
	if p.Status != http.StatusForbidden || !strings.Contains(p.Text(".lead"), "See which teams there are") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if n, _ := audited(t, site, "team.list", "refused"); n != 1 {
		t.Fatal("no audit row")
	}
	add := func(do func(context.Context, *db.Tx) error) {
		if err := site.Env.DB.Write(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	add(func(ctx context.Context, tx *db.Tx) error {
		return store.AddGroupMember(ctx, tx, site.Management, site.People["Sue"], 0, site.Clock.Now())
	})
	if p = c.Get("/manage/teams"); p.Status != http.StatusOK || !strings.Contains(p.Text("nav.side"), "Teams") {
		t.Fatalf("a learner manager gets %d", p.Status)
	}
	site.Clock.Move(time.Second)
	add(func(ctx context.Context, tx *db.Tx) error {
		_, err := store.End(ctx, tx, store.GrantFilter{Portal: site.Acme.ID, Account: site.People["Sue"].ID, Place: access.Place{Kind: access.AccessGroup, ID: site.Management.ID}}, 0, site.Clock.Now())
		return err
	})
	if p = c.Get("/manage/teams"); p.Status != http.StatusForbidden {
		t.Fatalf("taken out of the group, %d", p.Status)
	}
}
