package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"provost/internal/sheet"
	"provost/internal/web/webtest"
)

// upload sends the form of a new import with files by their name and content.
func upload(t *testing.T, c *webtest.Client, how string, files ...string) *webtest.Page {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("how", how)
	for i := 0; i+1 < len(files); i += 2 {
		field := "files"
		if strings.HasSuffix(files[i], ".json") {
			field = "mapping"
		}
		part, err := w.CreateFormFile(field, files[i])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(files[i+1]))
	}
	_ = w.Close()
	r := c.Request(http.MethodPost, "/imports/new", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.Do(r)
}

// ended waits until an import's page shows what came of it.
func ended(t *testing.T, c *webtest.Client, p *webtest.Page) *webtest.Page {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); p.Has("progress"); p = c.Get(p.Path) {
		if time.Now().After(until) {
			t.Fatalf("%s does not end", p.Path)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return p
}

// CO-4 on the page: upload, say which column is what, try, see the errors by line, correct, import; the mapping is remembered.
func TestImportPages(t *testing.T) {
	s := webtest.New(t)
	ana := s.As(t, "Ana")
	if p := ana.Get("/imports"); p.Status != 200 || !p.Has(`a[href="/imports/new"]`) {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	bad := "Login;Full name;Department\nann;Ann Able;North\nbob;;North\ncy;Cy Cole;Nowhere\n"
	p := upload(t, ana, "into:accounts", "people.csv", bad)
	if p.Status != 200 || !strings.HasPrefix(p.Path, "/imports/drafts/") || p.Find(`select[name="column.username"] option[selected]`).AttrOr("value", "") != "Login" {
		t.Fatalf("%d %s: %s", p.Status, p.Path, p.Text("main"))
	}
	p = ana.Submit(p, "main form", "name", "Staff list")
	if !strings.Contains(p.Text("table"), "Ann Able") || !p.Has(`form[action$="/run"]`) {
		t.Fatalf("sample: %d %s", p.Status, p.Text("main"))
	}
	p = ended(t, ana, ana.Submit(p, `form[action$="/run"]`))
	if text := p.Text("main"); !strings.Contains(text, "2 problems") || !strings.Contains(text, "is empty: name is needed") ||
		!strings.Contains(text, "There is no organization “Nowhere”.") || p.Has(`form[action$="/run"]`) {
		t.Fatalf("tried: %s", text)
	}
	p = ana.Get("/imports/new")
	how := p.Find(`option:contains("Staff list")`).AttrOr("value", "")
	p = upload(t, ana, how, "november.csv", strings.ReplaceAll(strings.ReplaceAll(bad, "bob;;", "bob;Bob Bean;"), "Nowhere", "South"))
	p = ended(t, ana, ana.Submit(p, `form[action$="/run"]`))
	if !strings.Contains(p.Text(".notice"), "There is no problem") {
		t.Fatalf("tried again: %s", p.Text("main"))
	}
	p = ended(t, ana, ana.Submit(p, `form[action$="/run"]`))
	if !strings.Contains(p.Text(".notice"), "All files were taken in.") || !p.Has(`a[href="/manage/users"]`) {
		t.Fatalf("imported: %s", p.Text("main"))
	}
	if people := ana.Get("/manage/users?q=bean"); !strings.Contains(people.Text("main"), "Bob Bean") {
		t.Errorf("Bob is not there: %s", people.Text("main"))
	}
	if list := ana.Get("/imports"); list.Find("tbody tr").Length() < 3 || !strings.Contains(list.Text("main"), "Staff list") {
		t.Errorf("list: %s", list.Text("main"))
	}
}

// Uploads and imports are their owner's; what is wrong with an upload is said in the form, and nothing of it stays.
func TestImportPagesRefuse(t *testing.T) {
	s := webtest.New(t)
	ana, otto, lin := s.As(t, "Ana"), s.As(t, "Otto"), s.As(t, "Lin")
	p := upload(t, ana, "into:accounts", "people.csv", "user,name\na,A\n")
	if other := otto.Get(p.Path); other.Status != http.StatusNotFound {
		t.Errorf("Otto opens Ana's upload: %d", other.Status)
	}
	if no := lin.Get("/imports"); no.Status != http.StatusForbidden {
		t.Errorf("Lin opens imports: %d", no.Status)
	}
	if no := upload(t, lin, "into:accounts", "people.csv", "user,name\na,A\n"); no.Status != http.StatusForbidden {
		t.Errorf("Lin uploads: %d", no.Status)
	}
	for how, files := range map[string][]string{
		"into:accounts": nil, "into:nothing": {"a.csv", "x"}, "file": {"a.csv", "x"}, "none": {"a.csv", "x"},
	} {
		if p := upload(t, ana, how, files...); p.Status != http.StatusUnprocessableEntity || !p.Has("[aria-invalid]") {
			t.Errorf("%s %v: %d %s", how, files, p.Status, p.Text(".notice"))
		}
	}
	if p := upload(t, ana, "file", "a.csv", "x", "m.json", "{"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".summary"), "line 1") {
		t.Errorf("a broken mapping: %d %s", p.Status, p.Text("main"))
	}
	p = upload(t, otto, "into:accounts", "people.csv", "username,name,organization\nx,X,South\n")
	p = otto.Submit(p, "main form")
	p = ended(t, otto, otto.Submit(p, `form[action$="/run"]`))
	if !strings.Contains(p.Text("main"), "problem") {
		t.Errorf("Otto imports into South: %s", p.Text("main"))
	}
	if other := ana.Get(p.Path); other.Status != 200 { // she reads the audit
		t.Errorf("Ana does not see Otto's import: %d", other.Status)
	}
	if other := s.As(t, "Urs").Get(p.Path); other.Status != http.StatusNotFound {
		t.Errorf("Urs of another portal sees it: %d", other.Status)
	}
}

// A workbook comes in as a CSV file does; a cell that looks like a formula is text, and comes back as it was. What is larger than
// a form may be is refused.
func TestImportWorkbook(t *testing.T) {
	s := webtest.New(t)
	ana := s.As(t, "Ana")
	var book bytes.Buffer
	rows := func(yield func([]any, error) bool) {
		for _, r := range [][]any{{"w1", "=Wanda One", "North"}, {"w2", "Wim Two", "South"}} {
			if !yield(r, nil) {
				return
			}
		}
	}
	table := sheet.Table{Name: "people", Columns: []sheet.Column{{Key: "username"}, {Key: "name"}, {Key: "organization"}}, Rows: rows}
	if _, err := sheet.WriteXLSX(&book, table); err != nil {
		t.Fatal(err)
	}
	p := ana.Submit(upload(t, ana, "into:accounts", "people.xlsx", book.String()), "main form")
	p = ended(t, ana, ana.Submit(p, `form[action$="/run"]`))
	p = ended(t, ana, ana.Submit(p, `form[action$="/run"]`))
	if !strings.Contains(p.Text(".notice"), "All files were taken in.") {
		t.Fatalf("%s", p.Text("main"))
	}
	if people := ana.Get("/manage/users?q=w1"); !strings.Contains(people.Text("main"), "=Wanda One") {
		t.Errorf("a cell was changed: %s", people.Text("main"))
	}
	if p := upload(t, ana, "into:accounts", "large.csv", strings.Repeat("x", 301<<20)); p.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("301 MiB: %d", p.Status)
	}
}
