package learning_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// CO-1, LE-2 on the pages: a course is put into the catalog, found, enrolled in and left; its areas are closed; it is copied,
// archived and deleted.
func TestCO1LE2CatalogPages(t *testing.T) {
	site := webtest.New(t)
	record := strings.TrimSuffix(write(t, site), "/outline")
	ivy, max := site.As(t, "Ivy"), site.As(t, "Max")
	for _, way := range []string{"/listing", "/areas", "/copy", "/archive", "/delete"} {
		if ivy.Get(record).Find(`a[href="`+record+way+`"]`).Length() == 0 {
			t.Errorf("the record has no way to %s", way)
		}
	}
	if p := ivy.Submit(ivy.Get(record+"/listing"), "main form.form", "listed", "on", "category", "Data", "seats", "9", "code", "sesame"); p.Status != 200 || p.Path != record+"/listing" {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	p := max.Get(max.Get("/").Find(`a[href="/catalog"]`).AttrOr("href", ""))
	p = max.Get(p.Find("tbody a:contains('SQL')").AttrOr("href", ""))
	p = max.Submit(p, "main form.form", "code", "wrong!")
	if p.Status != 422 || !strings.Contains(p.Text("main"), "This is not the access code") {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	if p = max.Submit(p, "main form.form", "code", "sesame"); p.Path != record+"/outline" {
		t.Fatalf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := ivy.Submit(ivy.Get(record+"/areas"), "main form.form", "closed", "course.view"); p.Status != 200 || !p.Has(`[value="course.view"][checked]`) {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	if p := max.Get(record + "/outline"); p.Status != 403 || !strings.Contains(p.Text("main"), "has closed it") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	entry := "/catalog" + strings.TrimPrefix(record, "/courses")
	if p := max.Submit(max.Get(max.Get(entry).Find(`a[href$="/leave"]`).AttrOr("href", "")), `form[action$="/leave"]`); p.Status != 200 || p.Path != entry || p.Has(`a[href$="/leave"]`) {
		t.Errorf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := ivy.Submit(ivy.Get(record+"/copy"), "main form.form", "organization", site.Orgs["North"].ID.String(), "code", "sql-2"); !strings.HasSuffix(p.Path, "/outline") || !strings.Contains(p.Text("main"), "Keys") {
		t.Errorf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
	if p := ivy.Get("/templates"); p.Status != 200 {
		t.Error(p.Status, p.Text("main"))
	}
	ivy.Post(record + "/archive")
	if p := ivy.Post(record+"/delete", "name", "SQL"); p.Path != "/" {
		t.Errorf("%d %s %s", p.Status, p.Path, p.Text("main"))
	}
}
