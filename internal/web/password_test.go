package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/webtest"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

const fresh = "violet otter juggles bricks"

// mailed are the messages to an address, the last one last.
func mailed(t *testing.T, w *worldtest.Test, to string) (bodies []string) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		bodies, err = db.All(t.Context(), tx, db.SQL(`SELECT body FROM outbox WHERE recipient = ? ORDER BY id`, to),
			func(s db.Scanner) (x string, err error) { return x, s.Scan(&x) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}

var link = regexp.MustCompile(`(http://[^/\s]+)(/reset/pvr_\S+)`)

// resetLink asks for a link and reads it from the mail.
func resetLink(t *testing.T, site *webtest.Site, c *webtest.Client, email string) string {
	t.Helper()
	p := c.Submit(c.Get("/forgot"), "form[action='/forgot']", "email", email)
	if p.Status != http.StatusOK || !strings.Contains(p.Text("h1"), "mail") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	mails := mailed(t, site.Test, email)
	if len(mails) == 0 {
		t.Fatal("no mail")
	}
	m := link.FindStringSubmatch(mails[len(mails)-1])
	if m == nil || m[1] != "http://acme.test" {
		t.Fatal("no link to the portal's own address:", mails[len(mails)-1])
	}
	return m[2]
}

func TestResetPassword(t *testing.T) {
	site := webtest.New(t)
	elsewhere := site.As(t, "Leo")
	c := site.Visit(t)
	c.Host = "evil.test" // what a request calls the host is not where the link leads
	at := resetLink(t, site, c, "leo@acme.test")
	p := c.Get(at)
	if p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Leo Manager") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = c.Submit(p, "form[action^='/reset/']", "password", "password1234", "again", "password1234")
	if p.Status != http.StatusUnprocessableEntity || p.Text(".error") == "" {
		t.Fatalf("an easy password: %d %s", p.Status, p.Text("main"))
	}
	p = c.Submit(p, "form[action^='/reset/']", "password", fresh, "again", fresh+"!")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("two different ones: %d", p.Status)
	}
	p = c.Submit(p, "form[action^='/reset/']", "password", fresh, "again", fresh)
	if p.Path != "/sign-in" || p.Text("#flash") == "" {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	if p = elsewhere.Get("/"); p.Path != "/sign-in" {
		t.Fatal("a session outlives the reset")
	}
	if p = c.Get(at); p.Status != http.StatusNotFound {
		t.Fatalf("used, the link opens: %d", p.Status)
	}
	if p = c.Post(at, "password", fresh+" 2", "again", fresh+" 2"); p.Status != http.StatusNotFound {
		t.Fatalf("used twice: %d", p.Status)
	}
	if p = c.Post("/sign-in", "login", "leo", "password", world.Password); p.Status != http.StatusUnprocessableEntity {
		t.Fatal("the old password counts")
	}
	if p = c.Post("/sign-in", "login", "leo", "password", fresh); p.Path != "/" {
		t.Fatal("the new password does not count")
	}
	if n, text := audited(t, site, "password.reset", "done"); n != 1 || !strings.Contains(text, "Leo Manager") || strings.Contains(text, "pvr_") {
		t.Fatalf("%d %s", n, text)
	}
}

// Of many uses of one link at once, one counts.
func TestResetInParallel(t *testing.T) {
	site := webtest.New(t)
	at := resetLink(t, site, site.Visit(t), "leo@acme.test")
	var good, gone atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		c := site.Visit(t)
		password := fresh + strings.Repeat(" more", i)
		all.Go(func() {
			switch p := c.Post(at, "password", password, "again", password); {
			case p.Path == "/sign-in":
				good.Add(1)
			case p.Status == http.StatusNotFound:
				gone.Add(1)
			}
		})
	}
	all.Wait()
	if good.Load() != 1 || gone.Load() != 7 {
		t.Fatalf("%d set it, %d found the link used", good.Load(), gone.Load())
	}
}

// A link lasts one hour, counts in its own portal only, and a newer one takes its place; GET uses nothing up.
func TestResetLinkEnds(t *testing.T) {
	site := webtest.New(t)
	c := site.Visit(t)
	use := func(c *webtest.Client, at string) int {
		return c.Post(at, "password", fresh, "again", fresh).Status
	}
	first := resetLink(t, site, c, "leo@acme.test")
	second := resetLink(t, site, c, "leo@acme.test")
	if got := use(c, first); got != http.StatusNotFound {
		t.Fatalf("an older link: %d", got)
	}
	other := site.Visit(t)
	other.Host = "umbra.test"
	if got := use(other, second); got != http.StatusNotFound || other.Get(second).Status != http.StatusNotFound {
		t.Fatalf("at another portal's host: %d", got)
	}
	for range 3 {
		if p := c.Get(second); p.Status != http.StatusOK {
			t.Fatal("opening the link used it up")
		}
	}
	site.Clock.Move(store.ResetLasts)
	if got := use(c, second); got != http.StatusNotFound {
		t.Fatalf("after an hour: %d", got)
	}
	site.Clock.Move(-store.ResetLasts)
	if got := use(c, second); got != http.StatusNotFound {
		t.Fatalf("the clock went back, and the link with it: %d", got)
	}
	if p := c.Get("/reset/none"); p.Status != http.StatusNotFound || p.Text("h1") != c.Get(second).Text("h1") {
		t.Fatal("a link that never was answers otherwise")
	}
}

// The answer to a request is the same for nobody's address, after the same time, and asking too often is refused alike.
func TestResetTellsNothing(t *testing.T) {
	site := webtest.New(t)
	c := site.Visit(t)
	ask := func(email string) *webtest.Page {
		began := time.Now()
		p := c.Post("/forgot", "email", email)
		if took := time.Since(began); took < 300*time.Millisecond && p.Status == http.StatusOK {
			t.Errorf("%s: after %s", email, took)
		}
		return p
	}
	known := ask("sue@acme.test")
	for _, email := range []string{"nobody@acme.test", "una@umbra.test"} {
		if p := ask(email); p.Body != known.Body || p.Status != known.Status || len(mailed(t, site.Test, email)) != 0 {
			t.Errorf("%s: %d %s", email, p.Status, p.Text("main"))
		}
	}
	for _, email := range []string{"lin@acme.test", "nobody2@acme.test"} {
		last := 0
		for range 6 {
			last = ask(email).Status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("%s: %d", email, last)
		}
	}
	if p := c.Post("/forgot", "email", "nonsense"); p.Status != http.StatusUnprocessableEntity || p.Text(".error") == "" {
		t.Errorf("%d", p.Status)
	}
}

func TestChangePassword(t *testing.T) {
	site := webtest.New(t)
	c, elsewhere := site.As(t, "Leo"), site.As(t, "Leo")
	p := c.Get("/account/password")
	p = c.Submit(p, "form[action='/account/password']", "current", "wrong", "password", fresh, "again", fresh)
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".error"), "present") || strings.Contains(p.Body, fresh) {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = c.Submit(p, "form[action='/account/password']", "current", world.Password, "password", "leo manager acme", "again", "leo manager acme")
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("made of one's own names: %d", p.Status)
	}
	p = c.Submit(p, "form[action='/account/password']", "current", world.Password, "password", fresh, "again", fresh)
	if p.Path != "/account" || p.Status != http.StatusOK || !strings.Contains(p.Text("#flash"), "changed") {
		t.Fatalf("%d at %s: %s", p.Status, p.Path, p.Text("main"))
	}
	if p = elsewhere.Get("/"); p.Path != "/sign-in" {
		t.Fatal("another browser is still in")
	}
	for range 10 {
		c.Post("/account/password", "current", "wrong", "password", fresh, "again", fresh)
	}
	if p = c.Post("/account/password", "current", fresh, "password", fresh, "again", fresh); p.Status != http.StatusTooManyRequests {
		t.Fatalf("guessing it from a stolen session: %d", p.Status)
	}
}

func TestRenameOneself(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "Leo")
	p := c.Submit(c.Get("/account"), "form[action='/account']", "name", "  ")
	if p.Status != http.StatusUnprocessableEntity || p.Text(".error") == "" {
		t.Fatalf("%d", p.Status)
	}
	p = c.Submit(p, "form[action='/account']", "name", "Leo <b>Löwe</b>")
	if p.Status != http.StatusOK || p.Text(".account-name span") != "Leo <b>Löwe</b>" || p.Text("#flash") == "" {
		t.Fatalf("%d %s", p.Status, p.Text("header"))
	}
	if p = c.Get("/account"); p.Text("#flash") != "" {
		t.Fatal("said twice")
	}
}
