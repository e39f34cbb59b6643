package web_test

import (
	"net/http"
	"testing"

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
