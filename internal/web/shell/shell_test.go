package shell

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/world"
	"provost/internal/world/worldtest"

	g "maragu.dev/gomponents"
)

// tried is a server with the routes of a test.
func tried(t *testing.T, w *worldtest.Test, more func(*Server)) http.Handler {
	t.Helper()
	s := New(w.Env, nil)
	more(s)
	if err := s.Ready(); err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func ask(h http.Handler, method, path, cookie string, values url.Values, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", cookie)
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// signInAs is the cookie of somebody who is signed in.
func signInAs(t *testing.T, w *worldtest.Test, login string) string {
	t.Helper()
	out, err := action.SignIn.Run(t.Context(), w.Env, op.Who{Portal: w.Acme.ID}, action.Credentials{Login: login, Password: world.Password})
	if err != nil {
		t.Fatal(err)
	}
	return sessionCookie + "=" + out.Token
}

// addTo is a page with a form that adds a person to a team, as a noun of its own would have.
func addTo(s *Server) {
	form := func(q *Req) error {
		f := q.Field("account", "Account", "")
		return q.Show("Add", q.Preview(), q.Form(q.R.URL.Path, page.Button("Add"), page.Input(q.View, f)).Node(q.View))
	}
	s.Get("/try/{team}", action.ListTeams, form)
	s.Post("/try/{team}", Submit(action.AddTeamMember, "/try/{team}?added={id}").Says(page.Say("{name} is in.")).On(form))
	s.Post("/bare/{team}", Submit(action.AddTeamMember, "/"))
}

// A form that is sent leads on and says what happened; one that cannot be is shown again; one that may not be is refused.
func TestSubmit(t *testing.T) {
	w := worldtest.New(t)
	h := tried(t, w, addTo)
	leo, at := signInAs(t, w, "leo"), "/try/"+w.Teams["Reds"].ID.String()
	lou := url.Values{"account": {w.People["Lou"].ID.String()}}

	part := ask(h, "POST", at, leo, lou, "X-Preview", "1")
	if part.Code != 200 || !strings.Contains(part.Body.String(), "Lou Learner") || strings.Contains(part.Body.String(), "<html") {
		t.Fatalf("the preview: %d %s", part.Code, part.Body)
	}
	whole := ask(h, "POST", at, leo, url.Values{"account": lou["account"], "_preview": {"1"}})
	if whole.Code != 200 || !strings.Contains(whole.Body.String(), "Lou Learner") || !strings.Contains(whole.Body.String(), `value="`+lou.Get("account")+`"`) {
		t.Fatalf("the preview without scripts: %d %s", whole.Code, whole.Body)
	}
	done := ask(h, "POST", at, leo, lou)
	if done.Code != 303 || done.Header().Get("Location") != at+"?added="+lou.Get("account") {
		t.Fatalf("%d %s", done.Code, done.Header().Get("Location"))
	}
	flash := strings.Split(done.Header().Get("Set-Cookie"), ";")[0]
	if next := ask(h, "GET", at, leo+"; "+flash, nil); !strings.Contains(next.Body.String(), "Lou Learner is in.") || !strings.Contains(next.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Fatalf("nothing is said: %s", next.Body)
	}
	if next := ask(h, "GET", at, leo+"; flash=eyJLaW5kIjoiYmFkIiwiVGV4dCI6IlBheSBtZSJ9.AAAA", nil); strings.Contains(next.Body.String(), "Pay me") {
		t.Fatal("a forged flash is said")
	}
	twice := ask(h, "POST", at, leo, lou)
	if twice.Code != 409 || !strings.Contains(twice.Body.String(), "They are that already.") || !strings.Contains(twice.Body.String(), lou.Get("account")) {
		t.Fatalf("twice: %d %s", twice.Code, twice.Body)
	}
	if bare := ask(h, "POST", "/bare/"+w.Teams["Reds"].ID.String(), leo, lou); bare.Code != 409 {
		t.Fatalf("twice without a page: %d", bare.Code)
	}
	refused := ask(h, "POST", "/try/"+w.Teams["Blues"].ID.String(), leo, url.Values{"account": {w.People["Lin"].ID.String()}})
	if refused.Code != 403 || !strings.Contains(refused.Body.String(), "Add people to a team") {
		t.Fatalf("Blues: %d %s", refused.Code, refused.Body)
	}
	if nobody := ask(h, "POST", at, "", lou, "Referer", "http://example.com/try/x?y=1"); nobody.Header().Get("Location") != "/sign-in?next=%2Ftry%2Fx%3Fy%3D1" {
		t.Fatalf("nobody: %d %s", nobody.Code, nobody.Header().Get("Location"))
	}
	if nobody := ask(h, "POST", at, "", lou, "Referer", "http://evil.test/x"); nobody.Header().Get("Location") != "/sign-in" {
		t.Fatalf("nobody: %d %s", nobody.Code, nobody.Header().Get("Location"))
	}
}

// Each kind of error has its status, and a fault tells nothing of itself.
func TestAnswers(t *testing.T) {
	w := worldtest.New(t)
	var now error
	h := tried(t, w, func(s *Server) {
		s.Get("/fails", Open("a test"), func(*Req) error { return now })
		s.Get("/panics", Open("a test"), func(*Req) error { panic("the secret of a fault") })
	})
	for _, c := range []struct {
		err    error
		status int
		retry  string
	}{
		{fail.Missing("team"), 404, ""}, {fail.New(fail.NotAllowed, "Because."), 403, ""}, {fail.Wrong("name", "Bad."), 422, ""},
		{fail.New(fail.Conflict, "Twice."), 409, ""}, {fail.New(fail.Busy, "Later."), 503, "1"},
		{&fail.Error{Kind: fail.Busy, Message: "Later.", RetryAfter: 1500 * time.Millisecond}, 429, "2"},
		{errors.New("the secret of a fault"), 500, ""}, {fail.New(fail.SignIn, ""), 303, ""},
	} {
		now = c.err
		got := ask(h, "GET", "/fails", "", nil)
		if got.Code != c.status || got.Header().Get("Retry-After") != c.retry || strings.Contains(got.Body.String(), "secret") {
			t.Errorf("%v: %d, retry after %q: %s", c.err, got.Code, got.Header().Get("Retry-After"), got.Body)
		}
		script := ask(h, "GET", "/fails", "", nil, "Accept", "application/json")
		if c.status != 303 && (script.Code != c.status || script.Header().Get("Content-Type") != "application/problem+json") {
			t.Errorf("%v, to a script: %d %s", c.err, script.Code, script.Header().Get("Content-Type"))
		}
	}
	if got := ask(h, "GET", "/panics", "", nil); got.Code != 500 || strings.Contains(got.Body.String(), "secret") {
		t.Errorf("a panic: %d %s", got.Code, got.Body)
	}
}

// LM-14: only pages meant for it are framed, and only by the sites that the portal lists.
func TestFraming(t *testing.T) {
	w := worldtest.New(t)
	h := tried(t, w, func(s *Server) {
		s.Get("/embed/try", Open("a test"), func(q *Req) error { return q.Show("Try", g.Text("x")) })
		s.Get("/try", Open("a test"), func(q *Req) error { return q.Show("Try", g.Text("x")) })
	})
	ancestors := func(path string) string {
		_, list, _ := strings.Cut(ask(h, "GET", path, "", nil).Header().Get("Content-Security-Policy"), "frame-ancestors ")
		return list
	}
	if got := ancestors("/embed/try"); got != "'none'" {
		t.Errorf("no site is listed: %s", got)
	}
	acme := w.Acme
	acme.Settings = store.Settings{EmbedOrigins: []string{"https://hr.example.com"}}
	if err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error { return store.SavePortal(t.Context(), tx, acme) }); err != nil {
		t.Fatal(err)
	}
	if got := ancestors("/embed/try"); got != "https://hr.example.com" {
		t.Errorf("one site is listed: %s", got)
	}
	if got := ancestors("/try"); got != "'none'" {
		t.Errorf("another page: %s", got)
	}
}

// A flood from one address is stopped before it costs a hash or a write.
func TestFlood(t *testing.T) {
	w := worldtest.New(t)
	h := tried(t, w, func(s *Server) { s.PostTo("/try", Open("a test"), func(q *Req) error { return q.Try() }) })
	codes := map[int]int{}
	for range burst + 20 {
		codes[ask(h, "POST", "/try", "", nil).Code]++
	}
	if codes[429] != 20 {
		t.Fatalf("%v", codes)
	}
}

// No portal at a host, no page: nothing of another is shown.
func TestNoPortalAtHost(t *testing.T) {
	w := worldtest.New(t)
	h := tried(t, w, func(s *Server) { s.Get("/", SignedIn("a test"), func(q *Req) error { return q.Show("Home") }) })
	if err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), db.SQL(`UPDATE portals SET host = 'acme.test' WHERE id = ?`, w.Acme.ID))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = "ACME.test:8080"
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	if out.Code != 303 {
		t.Errorf("by its host: %d", out.Code)
	}
	r.Host = "nowhere.test"
	out = httptest.NewRecorder()
	h.ServeHTTP(out, r)
	if out.Code != http.StatusMisdirectedRequest || strings.Contains(out.Body.String(), "Acme") {
		t.Errorf("elsewhere: %d %s", out.Code, out.Body)
	}
}
