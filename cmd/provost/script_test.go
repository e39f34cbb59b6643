package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/world"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"provost": main})
}

// The scripts run the real program. $PROVOST_DATABASE is an empty database, $OTHER a second one, $WORLD one that holds the
// world, each a SQLite file or, when the tests run on PostgreSQL, a database there; $FILE is a SQLite file in any case.
// $ADDR and $ADDR2 are addresses to listen on.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{Files: []string{file}, Setup: func(e *testscript.Env) error { return setup(t, e) }, Condition: condition,
				Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready, "web": webCommand, "as": as, "host": hostCommand, "capture": capture, "web-until": webUntil, "damage": damage, "write-load": writeLoad, "stop-load": stopLoad}})
		})
	}
}

// visit is what a script does at the portal: one browser for each of those whom it acts as.
type visit struct {
	http *http.Client
	jars map[string]http.CookieJar
	last []byte
	load func() error
	// host is asked for instead of the address, where it is set.
	host string
}

// hostCommand asks for a host from now on, or for the address again: host [NAME].
func hostCommand(ts *testscript.TestScript, neg bool, args []string) {
	ts.Value("visit").(*visit).host = strings.Join(args, "")
}

// as goes on in the browser of a name: as NAME.
func as(ts *testscript.TestScript, neg bool, args []string) {
	v := ts.Value("visit").(*visit)
	if v.jars[args[0]] == nil {
		jar, err := cookiejar.New(nil)
		ts.Check(err)
		v.jars[args[0]] = jar
	}
	v.http = &http.Client{Jar: v.jars[args[0]], Timeout: 20 * time.Second}
}

// capture keeps what a pattern's group finds in the last answer: capture VARIABLE PATTERN.
func capture(ts *testscript.TestScript, neg bool, args []string) {
	found := regexp.MustCompile(args[1]).FindSubmatch(ts.Value("visit").(*visit).last)
	if found == nil {
		ts.Fatalf("the last answer has nothing like %s", args[1])
	}
	ts.Setenv(args[0], string(found[1]))
}

func setup(t *testing.T, e *testscript.Env) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	e.Values["visit"] = &visit{http: &http.Client{Jar: jar, Timeout: 20 * time.Second}, jars: map[string]http.CookieJar{}}
	e.Setenv("PROVOST_DATABASE", filepath.Join(e.WorkDir, "provost.db"))
	e.Setenv("OTHER", filepath.Join(e.WorkDir, "other.db"))
	if dbtest.Postgres() {
		e.Setenv("PROVOST_DATABASE", dbtest.DSN(t))
		e.Setenv("OTHER", dbtest.DSN(t))
	}
	e.Setenv("FILE", filepath.Join(e.WorkDir, "file.db"))
	e.Setenv("WORLD", worldDSN(t))
	for _, name := range []string{"ADDR", "ADDR2"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close() // after both: so that they differ
		e.Setenv(name, l.Addr().String())
	}
	return nil
}

// worldDSN is a database that holds the world, as of now.
func worldDSN(t *testing.T) string {
	return dbtest.CloneDSN(t, "scripts", func(d *db.DB) error {
		env := &op.Env{DB: d, Hasher: secret.NewHasher(secret.Fast, 0, 0), Cache: store.NewCache(), Now: time.Now, URL: "http://acme.test"}
		password, err := env.Hasher.Hash(context.Background(), world.Password)
		if err != nil {
			return err
		}
		_, err = world.Build(context.Background(), env, password)
		return err
	})
}

func condition(name string) (bool, error) {
	switch name {
	case "postgres":
		return dbtest.Postgres(), nil
	case "short":
		return testing.Short(), nil
	}
	return false, fmt.Errorf("no condition %q", name)
}

// ready waits until the server at $ADDR, or at the given address, answers.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	at := ts.Getenv("ADDR")
	if len(args) > 0 {
		at = args[0]
	}
	for range 600 {
		if res, err := http.Get("http://" + at + "/healthz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	ts.Fatalf("the server at %s does not get ready", at)
}

var tags = regexp.MustCompile(`(?s)(<[^>]*>|\s)+`)

// webUntil opens a page until it says something: web-until PATH PATTERN.
func webUntil(ts *testscript.TestScript, neg bool, args []string) {
	pattern := regexp.MustCompile(args[1])
	for range 200 {
		res, err := ts.Value("visit").(*visit).http.Get("http://" + ts.Getenv("ADDR") + args[0])
		ts.Check(err)
		body, err := io.ReadAll(res.Body)
		ts.Check(errors.Join(err, res.Body.Close()))
		if pattern.Match(body) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s never says %s", args[0], args[1])
}

// webCommand is a browser: web METHOD PATH [name=value...]. It writes the status, the last address and the text. Its
// cookies last for the script. "! web" expects a status of 400 or more.
func webCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: web METHOD PATH [name=value...]")
	}
	form := url.Values{}
	for _, pair := range args[2:] {
		name, value, _ := strings.Cut(pair, "=")
		form.Add(name, value)
	}
	at := args[1]
	if strings.HasPrefix(at, "/") {
		at = "http://" + ts.Getenv("ADDR") + at
	}
	r, err := http.NewRequest(args[0], at, strings.NewReader(form.Encode()))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Host = ts.Value("visit").(*visit).host
	res, err := ts.Value("visit").(*visit).http.Do(r)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	ts.Value("visit").(*visit).last = body
	fmt.Fprintf(ts.Stdout(), "%d %s\n%s\n", res.StatusCode, res.Request.URL.RequestURI(), tags.ReplaceAll(body, []byte(" ")))
	if neg != (res.StatusCode >= 400) {
		ts.Fatalf("%s %s answers %d", args[0], at, res.StatusCode)
	}
}

// damage runs a statement on a database behind the program's back: damage DATABASE STATEMENT.
func damage(ts *testscript.TestScript, neg bool, args []string) {
	d, err := db.Open(context.Background(), args[0])
	ts.Check(err)
	defer d.Close()
	ts.Check(d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), db.SQL(args[1]))
		return err
	}))
}

// writeLoad signs people in, as fast as one can, until stop-load, and fails the script where one is not let in.
func writeLoad(ts *testscript.TestScript, neg bool, args []string) {
	at := "http://" + ts.Getenv("ADDR") + "/sign-in"
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	errs := make(chan error, 100)
	var many sync.Map
	for _, name := range []string{"lin", "lou", "leo"} {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				jar, _ := cookiejar.New(nil)
				client := &http.Client{Jar: jar, Timeout: 20 * time.Second}
				res, err := client.PostForm(at, url.Values{"login": {name}, "password": {world.Password}})
				if err == nil {
					_ = res.Body.Close()
					if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusTooManyRequests {
						err = fmt.Errorf("%s is answered %d", name, res.StatusCode)
					}
				}
				if err != nil {
					errs <- err
					return
				}
				many.Store(name, n+1)
			}
		})
	}
	ts.Value("visit").(*visit).load = func() error {
		stop()
		all.Wait()
		close(errs)
		done := 0
		many.Range(func(_, n any) bool { done += n.(int); return true })
		if done == 0 {
			return errors.New("nothing was written")
		}
		return <-errs
	}
	time.Sleep(200 * time.Millisecond)
}

func stopLoad(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(ts.Value("visit").(*visit).load())
}
