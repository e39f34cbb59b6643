package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"provost/internal/db"
	"provost/internal/web"
	"provost/internal/world"
)

// Everything that can be set stands in the operators' guide, as it is set.
func TestOperatorsGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range flags(t) {
		if !strings.Contains(string(guide), "`"+flag+"`") {
			t.Errorf("docs/operators.md does not tell of %s", flag)
		}
	}
	known := strings.ReplaceAll(strings.Join(flags(t), " ")+" ", "--migrate ", "--migrate --no-migrate ")
	for _, m := range regexp.MustCompile("`(--[a-z-]+|PROVOST_[A-Z_]+)`").FindAllStringSubmatch(string(guide), -1) {
		if !strings.Contains(known, m[1]+" ") && !strings.HasPrefix(m[1], "PROVOST_TEST_") {
			t.Errorf("docs/operators.md tells of %s, which there is not", m[1])
		}
	}
}

// flags are all flags of all commands, and their environment variables.
func flags(t *testing.T) (out []string) {
	k, err := kong.New(&config{}, kong.Vars{"database": defaultDatabase})
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && !f.Hidden && f.Name != "help" {
			out = append(append(out, "--"+f.Name), f.Envs...)
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The commands of the integrators' guide do what it says, just as they stand there.
func TestIntegratorsGuide(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	guide, err := os.ReadFile("../../docs/integrators.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 3 {
		t.Fatal("hardly any commands in the guide")
	}
	portal := serveWorld(t)
	dir := t.TempDir()
	cookies(t, portal, "leo", filepath.Join(dir, "cookies.txt"))
	token := ""
	for _, block := range blocks {
		c := exec.Command("sh", "-e", "-c", "curl() { command curl --noproxy '*' --fail-with-body \"$@\"; echo; }\n"+block[1])
		c.Dir, c.Env = dir, append(os.Environ(), "PORTAL="+portal, "TOKEN="+token)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s\n%v: %s", block[1], err, out)
		}
		if made := regexp.MustCompile(`"token":"([^"]+)"`).FindSubmatch(out); made != nil {
			token = string(made[1])
		} else if !regexp.MustCompile(`"(items|answer|decision|evaluations|results|policy_decision_point)":`).Match(out) {
			t.Errorf("%s\nanswers %s", block[1], out)
		}
	}
}

// serveWorld serves the world as `provost serve` does.
func serveWorld(t *testing.T) (portal string) {
	t.Helper()
	c := config{}
	d, err := db.Open(t.Context(), worldDSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	env, err := c.env(t.Context(), d, "http://acme.test")
	if err != nil {
		t.Fatal(err)
	}
	env.Log = nil
	server, pages, err := new(serveCommand).handler(env, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pages.Close)
	site := httptest.NewUnstartedServer(nil)
	site.Config = server
	site.Start()
	t.Cleanup(site.Close)
	return site.URL
}

// cookies signs somebody in, and keeps the cookies as curl reads them.
func cookies(t *testing.T, portal, login, file string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Jar: jar}).PostForm(portal+"/sign-in", url.Values{"login": {login}, "password": {world.Password}})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	at, err := url.Parse(portal)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, c := range jar.Cookies(at) {
		lines.WriteString(strings.Join([]string{at.Hostname(), "FALSE", "/", "FALSE", "0", c.Name, c.Value}, "\t") + "\n")
	}
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
