package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"provost/internal/action"
	"provost/internal/web/webtest"
)

func TestSignInAndOut(t *testing.T) {
	site := webtest.New(t)
	c := site.Visit(t)
	p := c.Get("/manage/teams?q=Re")
	if p.Path != "/sign-in?next=%2Fmanage%2Fteams%3Fq%3DRe" || !p.Has("input[name=password]") {
		t.Fatalf("nobody is at %s", p.Path)
	}
	p = c.Submit(p, "form[action='/sign-in']", "login", "leo@ACME.test", "password", "wrong horse battery")
	if p.Status != http.StatusUnprocessableEntity || p.Text(".summary") == "" || p.Find("input[name=login]").AttrOr("value", "") != "leo@ACME.test" {
		t.Fatalf("%d %s", p.Status, p.Body)
	}
	p = c.Submit(p, "form[action='/sign-in']", "password", "correct horse battery")
	if p.Status != http.StatusOK || p.Path != "/manage/teams?q=Re" || p.Text("tbody th") != "Reds" {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	p = c.Submit(p, "form[action='/sign-out']")
	if p.Path != "/sign-in" || p.Text("#flash") == "" {
		t.Fatalf("%s %s", p.Path, p.Text("main"))
	}
	if p = c.Get("/"); p.Path != "/sign-in" {
		t.Fatalf("still in, at %s", p.Path)
	}
}

// A flood of tries to sign in is stopped before it costs a hash or a write.
func TestSignInFlood(t *testing.T) {
	site := webtest.New(t)
	h, codes := site.Web.Handler(), map[int]int{}
	for i := range 120 {
		r := httptest.NewRequest("POST", "/sign-in", strings.NewReader(url.Values{"login": {"nobody" + strconv.Itoa(i)}, "password": {"x"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		out := httptest.NewRecorder()
		h.ServeHTTP(out, r)
		codes[out.Code]++
	}
	if codes[429] != 20 {
		t.Fatalf("%v", codes)
	}
}

func TestHealth(t *testing.T) {
	site := webtest.New(t)
	if got := site.Visit(t).Get("/healthz"); got.Status != 200 || got.Body != "ok\n" {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	_ = site.Env.DB.Close()
	if got := site.Visit(t).Get("/healthz"); got.Status != 503 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
}

// Somebody who was given a password is led to choose one of their own.
func TestIssuedPassword(t *testing.T) {
	site := webtest.New(t)
	out, err := action.IssuePassword.Run(t.Context(), site.Env, site.Test.As("Ana"), action.PasswordReset{Account: site.People["Lou"].ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := site.Visit(t).Post("/sign-in", "login", "lou", "password", out.Password); got.Path != "/account/password" {
		t.Fatalf("%d %s", got.Status, got.Path)
	}
}
