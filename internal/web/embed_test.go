package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/browser"
	"provost/internal/web/webtest"
	"provost/internal/world"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
)

func list(t *testing.T, site *webtest.Site, origins ...string) {
	t.Helper()
	if _, err := action.ConfigurePortal.Run(t.Context(), site.Env, site.Test.As("Ana"), action.PortalChange{Name: "Acme", EmbedOrigins: origins}); err != nil {
		t.Fatal(err)
	}
}

// LM-14: embedded pages have no chrome, keep their links under /embed, and lack what asks for a password, accounts and signing out.
func TestLM14EmbeddedPages(t *testing.T) {
	site := webtest.New(t)
	list(t, site, "https://hr.example.com")
	leo := site.As(t, "Leo")
	for _, name := range action.EmbedPages {
		p := leo.Get("/embed/" + name)
		if p.Status != http.StatusOK || p.Has("nav.side") || p.Has("header.top") || !p.Has("body.embedded") {
			t.Errorf("%s: %d", name, p.Status)
		}
		if csp := p.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors https://hr.example.com") || p.Header.Get("X-Frame-Options") != "" ||
			p.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", name, p.Header)
		}
		for _, to := range append(p.Find("a[href]").Map(attr("href")), p.Find("form[action]").Map(attr("action"))...) {
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/embed/") {
				t.Errorf("%s leads out to %s", name, to)
			}
		}
	}
	reds := "/embed/teams/" + site.Teams["Reds"].ID.String()
	if p := leo.Submit(leo.Get(reds+"/add"), "form.form", "accounts_text", "Lou Learner"); p.Path != reds || p.Find("tbody tr").Length() != 3 {
		t.Errorf("adding in a frame: %d at %s", p.Status, p.Path)
	}
	if p := leo.Submit(leo.Get("/embed/teams/new"), "form.form", "name", "Greens", "organization_text", "south"); p.Text("h1") != "Greens" || !strings.HasPrefix(p.Path, "/embed/teams/") {
		t.Errorf("creating in a frame: %d at %s", p.Status, p.Path)
	}
	lin := "/people/" + site.People["Lin"].ID.String()
	for _, path := range []string{"/account", "/account/password", "/sign-in", "/settings", "/manage/policies", "/manage/groups", lin + "/password", lin + "/login", lin + "/types", lin + "/edit", "/api/v1/teams", "/embed/teams", "/"} {
		if p := leo.Get("/embed" + path); p.Status != http.StatusNotFound {
			t.Errorf("/embed%s: %d", path, p.Status)
		}
	}
	for _, path := range []string{"/sign-out", "/account/sessions/end", lin + "/password", lin + "/archive"} {
		if p := leo.Post("/embed" + path); p.Status != http.StatusNotFound {
			t.Errorf("POST /embed%s: %d", path, p.Status)
		}
	}
	if p := leo.Get("/manage/teams"); p.Header.Get("X-Frame-Options") != "DENY" || !strings.HasSuffix(p.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("elsewhere: %v", p.Header)
	}
	if p := site.Visit(t).Get("/embed/teams"); p.Status != http.StatusUnauthorized || !p.Has(`a[target="_blank"][href="/sign-in"]`) {
		t.Errorf("nobody: %d %s", p.Status, p.Text("main"))
	}
}

// LM-14, PT-2: a token opens its page once, as its person, with part of their rights, for its minutes.
func TestLM14Token(t *testing.T) {
	site := webtest.New(t)
	ask := func(who string, in action.EmbedAsk, want fail.Kind) string {
		t.Helper()
		out, err := action.CreateEmbedToken.Run(t.Context(), site.Env, site.Test.As(who), in)
		if want == -1 && err != nil || want != -1 && fail.Of(err) != want {
			t.Fatalf("%v", err)
		}
		u, _ := url.Parse(out.URL)
		return u.RequestURI()
	}
	ask("Ana", action.EmbedAsk{Page: "teams", Minutes: 61}, fail.Invalid)
	ask("Ana", action.EmbedAsk{Page: "settings", Minutes: 5}, fail.Invalid)
	to := ask("Ana", action.EmbedAsk{Page: "people", Minutes: 10}, -1)
	c := site.Visit(t)
	p := c.Get(to)
	if p.Status != http.StatusOK || p.Path != "/embed/people" || strings.Contains(p.Path, "token") || p.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	if strings.Contains(p.Body, "lin@acme.test") {
		t.Error("login details are not among what a token opens")
	}
	if p = site.Visit(t).Get(to); p.Status != http.StatusUnauthorized {
		t.Errorf("used twice: %d", p.Status)
	}
	if p = c.Get("/manage/users"); p.Path == "/manage/users" {
		t.Error("the session of a frame opens the portal")
	}
	other := ask("Ana", action.EmbedAsk{Page: "teams", Minutes: 10}, -1)
	umbra := site.Visit(t)
	umbra.Host = site.Umbra.Host
	if p = umbra.Get(other); p.Status != http.StatusUnauthorized {
		t.Errorf("at another portal: %d", p.Status)
	}
	if p = site.Visit(t).Get(strings.Replace(other, "token=", "token=A", 1)); p.Status != http.StatusUnauthorized {
		t.Errorf("changed: %d", p.Status)
	}
	site.Clock.Move(11 * time.Minute)
	if p = site.Visit(t).Get(other); p.Status != http.StatusUnauthorized {
		t.Errorf("late: %d", p.Status)
	}
	if p = c.Get("/embed/people"); p.Status != http.StatusUnauthorized {
		t.Errorf("the session outlives its token: %d", p.Status)
	}
}

func attr(name string) func(int, *goquery.Selection) string {
	return func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") }
}

// LM-14: a browser shows the page in the frame of a listed site, and refuses it in that of another.
func TestLM14FramesInBrowser(t *testing.T) {
	b := browser.Open(t)
	site := webtest.New(t)
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>HR</title><link rel="icon" href="data:,"><iframe width=900 height=600 src="` + site.URL + `/embed/teams"></iframe>`))
	}))
	t.Cleanup(outer.Close)
	list(t, site, outer.URL)
	b.Go(site.URL + "/sign-in")
	b.Do(chromedp.SendKeys(chromedp.CSS("#f-login"), "leo"), chromedp.SendKeys(chromedp.CSS("#f-password"), world.Password+"\r"))
	b.Until(`location.pathname === "/"`)
	b.Console()
	b.Go(outer.URL)
	if said := b.Console(); len(said) > 0 {
		t.Errorf("a listed site: %v", said)
	}
	b.Shot("embed-listed")
	b.Go(strings.Replace(outer.URL, "127.0.0.1", "localhost", 1))
	for range 40 {
		if said := strings.Join(b.Console(), " "); strings.Contains(said, "frame-ancestors") || strings.Contains(said, "Framing") {
			b.Shot("embed-refused")
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("another site frames it")
}
