package shell

import (
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
)

// BE-5: a route that names no permission does not start, and a page does not run what changes something.
func TestRouteWithoutPermission(t *testing.T) {
	for name, o := range map[string]Need{
		"neither":  &op.Op[struct{}, struct{}]{Name: "x.y", Route: "GET /x"},
		"a change": &op.Op[struct{}, struct{}]{Name: "x.y", Route: "POST /x", Needs: []*access.Permission{access.TeamChange}},
	} {
		s := New(&op.Env{Now: time.Now}, nil)
		s.Get("/x", o, func(*Req) error { return nil })
		if err := s.Ready(); err == nil || !strings.Contains(err.Error(), "/x") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type row struct {
	Email string `json:"email"`
	Team  *db.ID `json:"team"`
}

type form struct {
	Team  db.ID     `path:"team"`
	Query string    `query:"q"`
	Size  int       `query:"size"`
	Name  string    `json:"name"`
	Yes   bool      `json:"yes"`
	Maybe *bool     `json:"maybe"`
	From  time.Time `json:"from"`
	Who   []db.ID   `json:"who"`
	Role  access.RoleID
	Rows  []row             `json:"rows"`
	Map   map[string]string `json:"map"`
	Share float64           `json:"share"`
	Deep  struct {
		Kind access.Kind `json:"-"`
		Text string      `json:"text"`
	} `json:"deep"`
	secret string
}

func request(method, query, body string) *Req {
	r := httptest.NewRequest(method, "/x?"+query, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return &Req{R: r, W: httptest.NewRecorder()}
}

func TestFill(t *testing.T) {
	a, b := db.NewID(), db.NewID()
	q := request("POST", "q=red+team&size=7&name=no", url.Values{"name": {"Ann\r\nB"}, "yes": {"off", "on"}, "from": {"2026-11-05"}, "who": {a.String(), "", b.String()},
		"rows.10.email": {"ten"}, "rows.2.email": {"two"}, "rows.2.team": {a.String()}, "rows.x.email": {"none"}, "rows.-1.email": {"none"}, "map.First name": {"name"},
		"share": {"0.5"}, "deep.text": {"down"}, "secret": {"no"}, "Role": {"no"}, "q": {"no"}}.Encode())
	q.R.SetPathValue("team", a.String())
	var in form
	if err := q.Fill(&in); err != nil {
		t.Fatal(err)
	}
	if in.Team != a || in.Query != "red team" || in.Size != 7 || in.Name != "Ann\nB" || !in.Yes || in.Maybe != nil || in.From.Day() != 5 ||
		len(in.Who) != 2 || in.Who[1] != b || len(in.Rows) != 2 || in.Rows[0].Email != "two" || *in.Rows[0].Team != a || in.Rows[1].Team != nil ||
		in.Map["First name"] != "name" || in.Share != 0.5 || in.Deep.Text != "down" || in.Role != "" || in.secret != "" {
		t.Fatalf("%+v", in)
	}
}

func TestFillRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		team, query, body string
		want              fail.Kind
	}{
		"an id that is none":         {"reds", "", "", fail.NotFound},
		"an id in the form":          {"", "", "who=reds", fail.NotFound},
		"an id in a row":             {"", "", "rows.1.team=reds", fail.NotFound},
		"no number":                  {"", "size=many", "", fail.Invalid},
		"a number too large":         {"", "size=99999999999999999999", "", fail.Invalid},
		"no day":                     {"", "", "from=tomorrow", fail.Invalid},
		"a broken form":              {"", "", "name=%zz", fail.Invalid},
		"a broken address":           {"", "q=%zz", "", fail.Invalid},
		"a semicolon in the address": {"", "q=1;size=2", "", fail.Invalid},
		"not a number":               {"", "", "share=NaN", fail.Invalid},
	} {
		q := request("POST", c.query, c.body)
		q.R.SetPathValue("team", c.team)
		if err := q.Fill(new(form)); !fail.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFillMultipart(t *testing.T) {
	var body strings.Builder
	w := multipart.NewWriter(&body)
	_ = w.WriteField("name", "Ann")
	_ = w.Close()
	r := httptest.NewRequest("POST", "/x", strings.NewReader(body.String()))
	r.Header.Set("Content-Type", w.FormDataContentType())
	var in form
	if err := (&Req{R: r}).Fill(&in); err != nil || in.Name != "Ann" {
		t.Fatal(in.Name, err)
	}
}

// Any form fills or is refused, within the input's own types, and in time.
func FuzzFill(f *testing.F) {
	f.Add("q=1", "rows.1.email=a&who=0000000000001")
	f.Add("size=-1", "rows.999999999.email=a&map.=x&deep.text=y")
	f.Fuzz(func(t *testing.T, query, body string) {
		r := &http.Request{Method: "POST", URL: &url.URL{Path: "/x", RawQuery: query}, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
			Body: http.NoBody}
		values, err := url.ParseQuery(body)
		if err != nil {
			t.Skip()
		}
		r.PostForm = values
		err = (&Req{R: r}).Fill(new(form))
		if err != nil && fail.Of(err) == fail.Fault {
			t.Fatal(err)
		}
	})
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/manage/teams?q=1": "/manage/teams?q=1", "": "/", "manage": "/", "//evil.test": "/", "/\\evil.test": "/", "\\\\evil.test": "/",
		"https://evil.test/": "/", "https:evil.test": "/", "javascript:alert(1)": "/", "/%2f/evil.test": "/", "/%2fevil.test": "/", "/%5cevil.test": "/",
		"///evil.test": "/", "/\t/evil.test": "/", "/a\r\nSet-Cookie: x": "/", "/../x": "/../x", "/a#b": "/a",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAddressOf(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	s := &Server{proxies: proxies}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"},
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:1", "6.6.6.6, rubbish", "10.0.0.1"},
		{"[2001:db8::7]:1", "", "2001:db8::"},
		{"nonsense", "", "unknown"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.addressOf(r); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// Slow and huge peers meet a limit each (QUALITY).
func TestServerLimits(t *testing.T) {
	h := new(Server).HTTP(nil)
	if h.ReadHeaderTimeout <= 0 || h.ReadTimeout <= 0 || h.WriteTimeout <= 0 || h.IdleTimeout <= 0 || h.MaxHeaderBytes <= 0 {
		t.Fatalf("%+v", h)
	}
}

func TestFillIn(t *testing.T) {
	path := func(name string) string { return map[string]string{"team": "t 1"}[name] }
	got := fillIn("/teams/{team}/x/{id}?a={name}", path, map[string]string{"id": "a/b", "team": "no"})
	if got != "/teams/t%201/x/a%2Fb?a=" {
		t.Fatal(got)
	}
	if v := outValues(action.Team{ID: 1, Name: "Reds", Members: 2}); v["name"] != "Reds" || v["members"] != "2" {
		t.Fatal(v)
	}
}
