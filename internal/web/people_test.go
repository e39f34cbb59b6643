package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// LM-1, LM-6, OA-1: the Users tab lists whom one may see; e-mail addresses that one may not see look hidden.
func TestLM6UsersPage(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	p := leo.Get("/manage/users")
	if p.Status != http.StatusOK || p.Find("tbody tr").Length() != 14 || strings.Count(p.Body, "@acme.test") != 1 || strings.Contains(p.Body, "Una") {
		t.Fatalf("%d, %d rows", p.Status, p.Find("tbody tr").Length())
	}
	p = leo.Get("/manage/users?q=learn&organization=" + site.Orgs["South"].ID.String())
	if got := p.Find("tbody tr").Length(); got != 2 || !strings.Contains(p.Text(".chips"), "South") {
		t.Errorf("%d rows, chips %s", got, p.Text(".chips"))
	}
	if p = leo.Get("/manage/users?q=nobody"); p.Status != http.StatusOK || !p.Has(".empty") {
		t.Errorf("no empty state: %s", p.Text("main"))
	}
	if p = leo.Get("/manage/users?organization=" + site.Orgs["Dusk"].ID.String()); p.Status != http.StatusNotFound {
		t.Errorf("an organization of another portal: %d", p.Status)
	}
	if p = site.As(t, "Lin").Get("/manage/users"); p.Status != http.StatusForbidden {
		t.Errorf("Lin opens Users: %d", p.Status)
	}
	otto := site.As(t, "Otto").Get("/manage/users")
	if otto.Find("tbody tr").Length() != 5 {
		t.Errorf("Otto: %s", otto.Text("tbody"))
	}
}

// The source of pickers finds by beginnings of words, and by the whole of a name; not by an address that one may not see (MO-1).
func TestPeopleSearch(t *testing.T) {
	site := webtest.New(t)
	leo := site.As(t, "Leo")
	for query, want := range map[string]string{"lea": "Lin", "lou@acme.test": "[]", "lou learner": "Lou", "una": "[]", "una@umbra.test": "[]", "": "Ana"} {
		p := leo.Get("/people/search?q=" + url.QueryEscape(query))
		if p.Status != http.StatusOK || !strings.Contains(p.Body, want) || strings.Contains(strings.ReplaceAll(p.Body, "leo@", ""), "@") {
			t.Errorf("%q: %d %s", query, p.Status, p.Body)
		}
	}
	if p := leo.Get("/organizations/search?q=la"); !strings.Contains(p.Body, "Acme › North") {
		t.Error(p.Body)
	}
}
