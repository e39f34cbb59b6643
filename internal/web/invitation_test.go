package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"provost/internal/db"
	"provost/internal/web/webtest"
)

var invitationLink = regexp.MustCompile(`/invitations/pvi_\S+`)

// mailedLink is the link in the last mail that was sent to somebody.
func mailedLink(t *testing.T, site *webtest.Site, to string) string {
	t.Helper()
	var body string
	err := site.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		body, err = db.Val[string](t.Context(), tx, db.SQL(`SELECT body FROM outbox WHERE recipient = ? ORDER BY id DESC LIMIT 1`, to))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return invitationLink.FindString(body)
}

// LM-13: invited by the form, sent again, accepted on the page, signed in; the first link is dead.
func TestLM13InvitationPages(t *testing.T) {
	site := webtest.New(t)
	tess := site.As(t, "Tess")
	p := tess.Get("/manage/invitations/new")
	p = tess.Submit(p, "form[action='/manage/invitations/new']", "rows.0.email", "nonsense", "rows.0.team", "Nobody")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "This is not an e-mail address") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = tess.Submit(p, "form[action='/manage/invitations/new']", "rows.0.email", "nora@acme.test", "rows.0.name", "Nora", "rows.0.team", "Company A Team",
		"rows.0.organization", "", "rows.0.organization_text", "South")
	if p.Path != "/manage/invitations" || !strings.Contains(p.Text("tbody"), "Pending") || !strings.Contains(p.Text("tbody"), "South") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	first := mailedLink(t, site, "nora@acme.test")
	p = tess.Submit(p, "form[action$='/resend']")
	if !strings.Contains(p.Text("#flash"), "nora@acme.test") {
		t.Error(p.Text("main"))
	}
	nora := site.Visit(t)
	if p = nora.Get(first); p.Status != http.StatusNotFound || p.Has("form[action^='/invitations']") {
		t.Errorf("the first link: %d", p.Status)
	}
	p = nora.Get(mailedLink(t, site, "nora@acme.test"))
	if p.Status != http.StatusOK || !strings.Contains(p.Text("main"), "Company A Team") || p.Find("[name=name]").AttrOr("value", "") != "Nora" {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = nora.Submit(p, "form[action^='/invitations']", "username", "lin", "password", "violet umbrella stairs")
	if p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a user name that is taken: %d", p.Status)
	}
	p = nora.Submit(p, "form[action^='/invitations']", "username", "nora", "password", "violet umbrella stairs")
	if p.Path != "/sign-in" {
		t.Fatalf("%s %s", p.Path, p.Text("main"))
	}
	if p = nora.Post("/sign-in", "login", "nora", "password", "violet umbrella stairs"); p.Path != "/" {
		t.Errorf("Nora is at %s", p.Path)
	}
	if p = tess.Get("/manage/invitations?status=accepted"); p.Find("tbody tr").Length() != 1 {
		t.Error(p.Text("main"))
	}
}

// LM-8: learner managers see no invitations, on any page.
func TestLM8NoInvitationPages(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	for _, path := range []string{"/manage/invitations", "/manage/invitations/new", "/manage/invitations/csv"} {
		if p := leo.Get(path); p.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, p.Status)
		}
	}
	for _, path := range []string{"/manage/invitations/new", "/manage/invitations/csv", "/manage/invitations/csv/send"} {
		if p := leo.Post(path, "rows.0.email", "x@acme.test", "text", "email\nx@acme.test"); p.Status != http.StatusForbidden {
			t.Errorf("post %s: %d", path, p.Status)
		}
	}
	if p := leo.Get("/manage/users"); strings.Contains(p.Body, "nvit") {
		t.Error("the Users tab names invitations")
	}
}

// LM-13, Q-2, Q-9: a file is shown as a table with its errors; mended, it is sent whole.
func TestLM13InvitationsFromFile(t *testing.T) {
	site := webtest.New(t)
	ana := site.As(t, "Ana")
	upload := func(text string) *webtest.Page {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		w, err := m.CreateFormFile("file", "people.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		_ = m.Close()
		r := ana.Request(http.MethodPost, "/manage/invitations/csv", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return ana.Do(r)
	}
	for _, text := range []string{"", "name\nNora\n", "\x00\x01", "email,email\na@acme.test,b@acme.test\n", "email\n" + strings.Repeat("a@acme.test\n", 1001)} {
		if p := upload(text); p.Status != http.StatusUnprocessableEntity || !p.Has("input[type=file]") {
			t.Errorf("%.20q: %d", text, p.Status)
		}
	}
	p := upload("\ufeffE-Mail;Organization;Team\nnora@acme.test;Lab;Reds\nlin@acme.test;North;\nx@acme.test;Nowhere;\n<b>@acme.test;;\n")
	if p.Status != http.StatusOK || p.Find(".csv-table tbody tr").Length() != 4 || p.Find("[aria-invalid=true]").Length() != 3 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(p, "form[action$='/csv/send']", "rows.1.leave_out", "on", "rows.2.organization", "South")
	if p.Status != http.StatusUnprocessableEntity || p.Find("[name='rows.3.email'][aria-invalid=true]").Length() != 1 || p.Find("[aria-invalid=true]").Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = ana.Submit(p, "form[action$='/csv/send']", "rows.3.leave_out", "on")
	if p.Path != "/manage/invitations" || p.Find("tbody tr").Length() != 2 {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
}
