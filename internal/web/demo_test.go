package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/web"
	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// A portal that is served has no page on which one signs in without a password, under no name that leads to it, and the
// API has no such operation.
func TestNoDemoInServe(t *testing.T) {
	site := webtest.New(t)
	visitor := site.Visit(t)
	for _, path := range []string{"/demo", "/demo/mail"} {
		if p := visitor.Get(path); p.Status != http.StatusNotFound {
			t.Errorf("GET %s answers %d", path, p.Status)
		}
	}
	if p := visitor.Post("/demo", "username", "sam"); p.Status != http.StatusNotFound && p.Status != http.StatusMethodNotAllowed || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("POST /demo answers %d with %q", p.Status, p.Header.Get("Set-Cookie"))
	}
	for _, o := range action.All {
		if o.Meta().Name == action.DemoSignIn.Name {
			t.Error("the operation of the demo is mounted everywhere")
		}
	}
}

// The demo lets one in as anybody, by a form of its own pages and a name of this machine; by nothing else.
func TestDemo(t *testing.T) {
	w := worldtest.New(t)
	mails := func() []web.DemoMail {
		return []web.DemoMail{{To: "lin@acme.test", Subject: "A link", Text: "Here:\n\nhttp://127.0.0.1/reset/abc?x=1\n\n<script>alert(1)</script>\n", At: w.Clock.Now()}}
	}
	s, err := web.New(w.Env, web.Config{Demo: &web.Demo{People: []web.DemoPerson{{Username: "leo", Name: "Leo Manager", What: "Leads."}}, Mails: mails}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	send := func(host, origin, method, path string, form url.Values) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if r.Host = host; origin != "" {
			r.Header.Set("Sec-Fetch-Site", origin)
		}
		jar, _ := cookiejar.New(nil)
		res, err := (&http.Client{Jar: jar}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
	leo := url.Values{"username": {"leo"}}
	if res, body := send("", "", "GET", "/demo", nil); res.StatusCode != 200 || !strings.Contains(body, "Leo Manager") {
		t.Errorf("/demo answers %d: %s", res.StatusCode, body)
	}
	if _, body := send("", "", "GET", "/demo/mail", nil); !strings.Contains(body, `href="/reset/abc?x=1"`) || strings.Contains(body, "<script>alert") {
		t.Errorf("/demo/mail: %s", body)
	}
	if res, body := send("", "same-origin", "POST", "/demo", leo); res.StatusCode != 200 || !strings.Contains(body, "Welcome, Leo Manager") {
		t.Errorf("signing in leads to %s, %d", res.Request.URL, res.StatusCode)
	}
	for _, c := range []struct {
		host, origin string
		form         url.Values
		want         int
	}{
		{"evil.test", "same-origin", leo, 404}, // a name that was made to lead here
		{"", "cross-site", leo, 403},
		{"", "same-origin", url.Values{"username": {"nobody"}}, 404},
	} {
		if res, body := send(c.host, c.origin, "POST", "/demo", c.form); res.StatusCode != c.want || strings.Contains(body, "Welcome") {
			t.Errorf("%+v: %d", c, res.StatusCode)
		}
	}
}
