package web_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/web/shell"
	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// The crawler is made of the server's own routes: what a new page adds is opened from the day it is there. What a route says of
// another portal's things is asked in internal/attack.

var (
	param  = regexp.MustCompile(`\{(\w+)\}`)
	actors = []string{"", "Sue", "Leo", "Otto", "Tess", "Bea", "Mo", "Pam", "Cora", "Ana", "Sam"}
	// canaries are words of the other portal.
	canaries = []string{"Umbra", "Una Other", "Urs Full", "Ulf Super", "Shades", "Dusk", "Night shift", "umbra.test"}
)

// at is a route's address, its parameters what id gives for their names.
func at(r shell.Route, id func(name string) string) string {
	return param.ReplaceAllStringFunc(r.Pattern, func(m string) string { return id(m[1 : len(m)-1]) })
}

// things are of Acme, by the name of a route's parameter.
func things(site *webtest.Site) func(name string) string {
	return func(name string) string {
		switch name {
		case "team":
			return site.Teams["Reds"].ID.String()
		case "account", "person":
			return site.People["Lin"].ID.String()
		case "course":
			return site.Courses["Go"].ID.String()
		case "organization", "org":
			return site.Orgs["North"].ID.String()
		case "group":
			return site.Management.ID.String()
		}
		return db.NewID().String()
	}
}

func browsers(t *testing.T, site *webtest.Site) map[string]*webtest.Client {
	out := map[string]*webtest.Client{}
	for _, who := range actors {
		if who == "" {
			out[who] = site.Visit(t)
			continue
		}
		out[who] = site.As(t, who)
	}
	return out
}

func check(t *testing.T, who string, r shell.Route, p *webtest.Page) {
	t.Helper()
	if p.Status >= 500 {
		t.Errorf("%s %s %s: %d", who, r.Method, r.Pattern, p.Status)
	}
	for _, word := range canaries {
		if strings.Contains(p.Body, word) {
			t.Errorf("%s %s %s says %q", who, r.Method, r.Pattern, word)
		}
	}
	if bad := inline.FindString(p.Body); bad != "" && strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%s %s %s has inline code: %s", who, r.Method, r.Pattern, bad)
	}
}

// No page changes anything by being opened, none fails for anybody, and none shows a word of another portal.
func TestGetChangesNothing(t *testing.T) {
	site := webtest.Serve(t, worldtest.WithKin(t))
	clients := browsers(t, site)
	before := rows(t, site)
	for who, c := range clients {
		for _, r := range site.Web.Routes() {
			if r.Method != http.MethodGet {
				continue
			}
			p := c.Get(at(r, things(site)))
			check(t, who, r, p)
			if who == "" && r.Meta.Open == "" && !strings.HasPrefix(p.Path, "/sign-in") {
				t.Errorf("nobody gets to %s: %d", r.Pattern, p.Status)
			}
		}
	}
	for table, n := range rows(t, site) {
		if n != before[table] && table != "audit" {
			t.Errorf("%s: %d, now %d", table, before[table], n)
		}
	}
}

// A malformed id answers as a missing one.
func TestMalformedIDs(t *testing.T) {
	site := webtest.Serve(t, worldtest.WithKin(t))
	c := site.As(t, "Ana")
	for _, r := range site.Web.Routes() {
		if r.Method != http.MethodGet || !strings.Contains(r.Pattern, "{") || strings.Contains(r.Pattern, "{token}") {
			continue
		}
		for _, bad := range []string{"reds", "0", "%00", "-1", "zzzzzzzzzzzzz", "%F0%9F%98%80", strings.Repeat("a", 4000)} {
			if p := c.Get(at(r, func(string) string { return bad })); p.Status != http.StatusNotFound {
				t.Errorf("%s with %.20s: %d", r.Pattern, bad, p.Status)
			}
		}
	}
}

// rows are how many rows each table has, and how often rights changed.
func rows(t *testing.T, site *webtest.Site) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list := `SELECT name FROM sqlite_master WHERE type = 'table'`
		if tx.Dialect() == db.Postgres {
			list = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
		}
		tables, err := db.All(t.Context(), tx, db.SQL(list), func(s db.Scanner) (x string, err error) { return x, s.Scan(&x) })
		if err != nil {
			return err
		}
		for _, table := range tables {
			if out[table], err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM `+table)); err != nil {
				return err
			}
		}
		out["versions"], err = db.Val[int64](t.Context(), tx, db.SQL(`SELECT CAST(sum(version) AS BIGINT) FROM portals`))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A body, a head or an address beyond its limit is refused, and costs nothing more.
func TestHugeRequests(t *testing.T) {
	site := webtest.Serve(t, worldtest.WithKin(t))
	c := site.As(t, "Leo")
	if p := c.Post("/account", "name", strings.Repeat("x", 2<<20)); p.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge form: %d", p.Status)
	}
	r := c.Request(http.MethodPost, "/account", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n"+strings.Repeat("x", 2<<20)+"\r\n--x--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if p := c.Do(r); p.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge multipart form: %d", p.Status)
	}
	r = c.Request(http.MethodGet, "/", nil)
	r.Header.Set("X-Long", strings.Repeat("x", 64<<10))
	if p := c.Do(r); p.Status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a huge head: %d", p.Status)
	}
	if p := c.Post("/account", "name", strings.Repeat("x", 900<<10)); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a long name: %d", p.Status)
	}
	for _, text := range []string{"\x00", "\xff\xfe"} {
		if p := c.Post("/account", "name", text+"name"); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", text, p.Status)
		}
	}
}

// Peers that send nothing, or an endless head, lose their connection.
func TestSlowPeer(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the limit")
	}
	site := webtest.Serve(t, worldtest.WithKin(t))
	for name, say := range map[string]string{"silent": "", "half a head": "GET / HTTP/1.1\r\nHost: acme.test\r\nX-"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(site.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			began := time.Now()
			_ = conn.SetReadDeadline(began.Add(20 * time.Second))
			_, _ = fmt.Fprint(conn, say)
			if _, err := bufio.NewReader(conn).ReadString(0); err == nil || time.Since(began) > 15*time.Second {
				t.Fatalf("the connection lives after %s: %v", time.Since(began), err)
			}
		})
	}
}

// The answer for an address that is not there is the same for everybody's sake, whatever is asked for.
func TestNotFound(t *testing.T) {
	site := webtest.Serve(t, worldtest.WithKin(t))
	c := site.As(t, "Lin")
	a, b := c.Get("/nothing"), c.Get("/some/where?else=1")
	if a.Status != http.StatusNotFound || a.Body != b.Body {
		t.Fatalf("%d %d", a.Status, b.Status)
	}
	if p := c.Post("/nothing"); p.Status != http.StatusNotFound {
		t.Fatalf("%d", p.Status)
	}
	c.Host = "nowhere.test"
	if p := c.Get("/"); p.Text(".brand-name") != "Acme" {
		t.Fatal("the portal that is served on any host is not")
	}
}
