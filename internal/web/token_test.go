package web_test

import (
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// A token is made on one's own page, shown once, counts at the API within what it names, and ends there too.
func TestTokenPage(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	p := leo.Post("/account/tokens", "name", "", "days", "0")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "choose what the token may do") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if p.Has(`input[name=permissions][value="account.edit"]`) || !p.Has(`input[name=permissions][value="team.list"]`) {
		t.Error("the form offers what Leo does not hold, or not what he holds")
	}
	p = leo.Post("/account/tokens", "name", "The intranet", "days", "30", "permissions", "team.list")
	token := p.Text(".copybox pre, .copybox code")
	if p.Status != http.StatusOK || !strings.HasPrefix(token, "pvt_") {
		t.Fatalf("%d %q %s", p.Status, token, p.Text("main"))
	}
	if p = leo.Get("/account/tokens"); strings.Contains(p.Body, token) || !strings.Contains(p.Text("main"), "The intranet") {
		t.Error("a token is shown twice, or not in the list")
	}
	p = leo.Submit(p, "form[action$='/end']")
	if p.Status != http.StatusOK || strings.Contains(p.Text("table"), "The intranet") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
}
