package intake_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/world/worldtest"
)

// importOf makes an import of a mapping's text and of files by their content.
func importOf(t testing.TB, mapping string, files map[string]string) intake.Import {
	t.Helper()
	m, err := intake.ParseMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	in := intake.Import{Mapping: m, Files: map[string]string{}}
	dir := t.TempDir()
	for name, text := range files {
		in.Files[name] = filepath.Join(dir, name)
		if err := os.WriteFile(in.Files[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

const peopleMapping = `{"name": "People", "steps": [{"file": "people.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}",
	"email": "{mail}", "organization": "{org}", "type": "{type}"}, "attributes": {"floor": "{floor}"}}]}`

func runImport(t testing.TB, w *worldtest.Test, who string, in intake.Import) intake.ImportResult {
	t.Helper()
	out, err := intake.RunImport(t.Context(), w.Env, w.As(who), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// told is what an import told, line by line.
func told(out intake.ImportResult) string {
	var b strings.Builder
	for _, p := range out.Problems.List {
		fmt.Fprintf(&b, "%d %s: %s\n", p.Line, p.Column, p.Message)
	}
	return b.String()
}

// count is how many rows a query finds.
func count(t testing.TB, w *worldtest.Test, query string, args ...any) (n int64) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Val[int64](t.Context(), tx, db.SQL(query, args...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// CO-4: a file is taken whole or not at all, its errors are told by line and column, and again changes nothing.
func TestImportAccounts(t *testing.T) {
	w := worldtest.New(t)
	before := count(t, w, `SELECT count(*) FROM accounts`)
	bad := "user,name,mail,org,type,floor\nann,Ann Able,ann@acme.test,North,,1\nbob,,bob@acme.test,North,,\nlin,Lin Two,,North,,\n" +
		"cy,Cy,not an address,Nowhere,,\nann,Ann Other,ann@acme.test,North,,1\nsu per,Su,,South,Super administrator,\n"
	out := runImport(t, w, "Ana", importOf(t, peopleMapping, map[string]string{"people.csv": bad}))
	want := []string{"3 name: is empty", "5 mail: This is not an e-mail address.", "5 org: There is no organization “Nowhere”.", "6 user: line 2 says something else",
		"7 user: A user name has no blanks", "7 type: There is no account type"}
	for _, line := range want {
		if !strings.Contains(told(out), line) {
			t.Errorf("does not tell %q in:\n%s", line, told(out))
		}
	}
	if n := count(t, w, `SELECT count(*) FROM accounts`); n != before {
		t.Fatalf("%d people of a file that was refused stay", n-before)
	}
	good := "user;name;mail;org;type;floor\r\nann;Ann Able;ann@acme.test;North;;1\r\nbob;\"Bob; Baker\";;South;instructor;\r\nann;Ann Able;ann@acme.test;North;;1\r\n"
	in := importOf(t, peopleMapping, map[string]string{"people.csv": good})
	in.Dry = true
	if out = runImport(t, w, "Ana", in); out.Files[0].Created != 2 || out.Files[0].Repeated != 1 || count(t, w, `SELECT count(*) FROM accounts`) != before {
		t.Fatalf("dry: %+v", out)
	}
	in.Dry = false
	if out = runImport(t, w, "Ana", in); out.Files[0].Created != 2 || !out.Files[0].Done || count(t, w, `SELECT count(*) FROM accounts`) != before+2 {
		t.Fatalf("first: %+v", out)
	}
	if out = runImport(t, w, "Ana", in); out.Files[0].Unchanged != 2 || out.Files[0].Created+out.Files[0].Changed != 0 {
		t.Fatalf("again: %+v", out)
	}
	if n := count(t, w, `SELECT count(*) FROM accounts WHERE attributes = '{"floor":"1"}' AND username = 'ann'`); n != 1 {
		t.Error("Ann's floor is not kept")
	}
	if n := count(t, w, `SELECT count(*) FROM account_words WHERE word IN ('able', 'ann@acme.test', 'baker')`); n != 3 {
		t.Errorf("%d of 3 words are indexed", n)
	}
	changed := importOf(t, peopleMapping, map[string]string{"people.csv": "user,name,mail,org,type,floor\nann,Ann Zed,,,,2\n"})
	if out = runImport(t, w, "Ana", changed); out.Files[0].Changed != 1 {
		t.Fatalf("changed: %+v", out)
	}
	if n := count(t, w, `SELECT count(*) FROM accounts WHERE username = 'ann' AND name = 'Ann Zed' AND email = 'ann@acme.test' AND attributes = '{"floor":"2"}'`); n != 1 {
		t.Error("Ann is not as the file says, or her address is gone")
	}
}

// Otto administers North: his import into South, over Ana, or of an account type that he does not hold is refused by line
// (PT-1, PT-2), and what is of another portal is unknown (PT-4).
func TestImportWithin(t *testing.T) {
	w := worldtest.New(t)
	head := "user,name,mail,org,type,floor\n"
	for _, c := range []struct{ who, row, want string }{
		{"Otto", "new,New,,North,learner,", ""},
		{"Otto", "new2,New,,Lab,learner,", ""},
		{"Otto", "new3,New,,South,learner,", "2 org: "},
		{"Otto", "new4,New,,,learner,", "2 org: You may not do this"},
		{"Otto", "new5,New,,North,partial,", "2 type: This account type is held in the portal itself"},
		{"Tess", "new5,New,,North,instructor,", "2 org: You may not do this"},
		{"Otto", "new6,New,,Dusk,learner,", "2 org: There is no organization “Dusk”."},
		{"Otto", "sue,Sue Changed,,North,learner,", "2 user: Somebody else has"},
		{"Pia", "ana,Ana Changed,,,learner,", "2 user: You may not do this to someone"},
		{"Pia", "new7,New,,,administrator,", "2 type: You may not give"},
		{"Ana", "new8,New,,,super,", "2 type: There is no account type"},
		{"Ana", "una,Una Again,,South,learner,", ""},
		{"Leo", "new9,New,,North,learner,", "2 org: "},
		{"Otto", "max,Max Lab,,North,,", ""},
		{"Otto", "max,Max Lab,,South,,", "2 org: "},
		{"Ana", "lou,Lou Learner,,North,,", ""},
		{"Ana", "pia,Pia Partial,,North,,", "2 org: Partial administrator is held in the whole portal only."},
		{"Ana", "lou@acme.test,Lou Two,,North,,", "2 user: Somebody else signs in with"},
		{"Ana", "new10,New,sam@acme.test,North,,", "2 mail: Somebody else signs in with"},
		{"Lin", "new9,New,,North,learner,", "2 org: "},
	} {
		out, err := intake.RunImport(t.Context(), w.Env, w.As(c.who), importOf(t, peopleMapping, map[string]string{"people.csv": head + c.row + "\n"}))
		if err != nil {
			t.Errorf("%s, %s: %v", c.who, c.row, err)
		} else if got := told(out); (c.want == "") != (got == "") || !strings.HasPrefix(got, c.want) || (c.want == "") != out.Files[0].Done {
			t.Errorf("%s, %s: %q, want %q", c.who, c.row, got, c.want)
		}
	}
	if n := count(t, w, `SELECT count(*) FROM enrolments e JOIN accounts a ON a.id = e.account_id WHERE e.org_id <> a.org_id`); n != 0 {
		t.Errorf("%d enrolments did not move with their learners", n)
	}
	verify(t, w)
	if n := count(t, w, `SELECT count(*) FROM grants WHERE role = ?`, string(access.Super)); n != 2 {
		t.Errorf("%d super administrators in two portals", n)
	}
	if n := count(t, w, `SELECT count(*) FROM audit WHERE operation = 'import.file' AND outcome = 'refused'`); n == 0 {
		t.Error("no refusal is in the audit (Q-3)")
	}
}

func TestParseMapping(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"steps\": [}": "line 2, column 12",
		`{"steps": []}`:     "steps: ",
		`{"stops": []}`:     `unknown field "stops"`,
		`{"steps": [{"file": "../x.csv", "into": "accounts", "fields": {"username": "{a}", "name": "{a}"}}]}`:                      "steps[0].file",
		`{"steps": [{"file": "x.csv", "into": "acounts", "fields": {}}]}`:                                                          "steps[0].into",
		`{"steps": [{"file": "x.csv", "into": "accounts", "fields": {"username": "{a", "name": "{a}"}}]}`:                          "steps[0].fields.username",
		`{"steps": [{"file": "x.csv", "into": "accounts", "fields": {"username": "{a}"}}]}`:                                        `need the field “name”`,
		`{"steps": [{"file": "x.csv", "into": "accounts", "fields": {"username": "{a}", "name": "{a}", "password": "{a}"}}]}`:      "steps[0].fields.password",
		`{"steps": [{"file": "x.csv", "into": "courses", "fields": {"code": "{a}", "name": {"text": "{a}", "after": "starts"}}}]}`: "steps[0].fields.name",
		`{"steps": [{"file": "x.csv", "into": "courses", "fields": {"code": "{a}", "name": 7}}]}`:                                  "a number cannot be here",
	} {
		_, err := intake.ParseMapping([]byte(text))
		if !fail.Is(err, fail.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	m, err := intake.ParseMapping([]byte(peopleMapping))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := intake.ParseMapping(text); err != nil || fmt.Sprint(again) != fmt.Sprint(m) {
		t.Errorf("%s: %v", text, err)
	}
}

// files of any shape get an error that names the line, or are read.
func TestImportCorpus(t *testing.T) {
	w := worldtest.New(t)
	mapping := `{"steps": [{"file": "f.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}"}}]}`
	utf16 := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	for name, c := range map[string]struct{ text, want string }{
		"byte-order mark":   {"\xef\xbb\xbfuser,name\nmark,Mark\n", ""},
		"UTF-16":            {utf16("user,name\r\nutf,Łukasz\r\n"), ""},
		"a guarded formula": {"user,name\nformula,'=1+2\n", ""},
		"NUL":               {"user,name\nnul,N\x00l\n", "2 : holds a NUL"},
		"ragged":            {"user,name\nok,Ok\nragged\n", "3 : has 1 cells"},
		"two titles":        {"user,name,Name\na,b,c\n", "1 : columns 2 and 3"},
		"no such column":    {"user,nom\na,b\n", "1 name: There is no such column"},
		"empty":             {"", "file"},
		"only titles":       {"user,name\n", ""},
		"no UTF-8":          {"user,name\nlatin,\xe9\n", "2 : is not UTF-8"},
		"an open quote":     {"user,name\n\"open,Open\n", "2 : has a quote"},
		"a very long cell":  {"user,name\nlong," + strings.Repeat("x", 100_000) + "\n", "2 : has a cell"},
		"a long name":       {"user,name\nlong," + strings.Repeat("x", 300) + "\n", "2 name: is longer"},
		"a line break":      {"user,name\nbreak,\"a\nb\"\n", "2 name: has a line break"},
	} {
		out, err := intake.RunImport(t.Context(), w.Env, w.As("Ana"), importOf(t, mapping, map[string]string{"f.csv": c.text}))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := told(out)
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) && c.want != "file" {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if n := count(t, w, `SELECT count(*) FROM accounts WHERE username IN ('mark', 'utf', 'formula', 'nul', 'ok', 'latin', 'long')`); n != 3 {
		t.Errorf("%d people, want 3", n)
	}
}

// Errors are told one by one up to a limit; the rest are counted.
func TestImportManyProblems(t *testing.T) {
	w := worldtest.New(t)
	text := "user,name,mail,org,type,floor\n" + strings.Repeat("x,,,,,\n", intake.MaxProblems+500)
	out := runImport(t, w, "Ana", importOf(t, peopleMapping, map[string]string{"people.csv": text}))
	if len(out.Problems.List) != intake.MaxProblems || out.Problems.Total != intake.MaxProblems+500 {
		t.Errorf("%d told of %d", len(out.Problems.List), out.Problems.Total)
	}
}

// dump is the content of every table, each as one sum, but for those that tell of imports.
func dump(t testing.TB, w *worldtest.Test) map[string]string {
	t.Helper()
	out := map[string]string{}
	text := func(s db.Scanner) (v string, err error) { return v, s.Scan(&v) }
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		list := db.SQL(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
		if tx.Dialect() == db.Postgres {
			list = db.SQL(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
		}
		tables, err := db.All(t.Context(), tx, list, text)
		if err != nil {
			return err
		}
		for _, name := range tables {
			if name == "audit" || name == "imports" {
				continue
			}
			row := name + "::text"
			if tx.Dialect() == db.SQLite {
				columns, err := db.All(t.Context(), tx, db.SQL(`SELECT 'quote("' || name || '")' FROM pragma_table_info(?)`, name), text)
				if err != nil {
					return err
				}
				row = strings.Join(columns, "||','||")
			}
			sum := sha256.New()
			for line, err := range db.Each(t.Context(), tx, db.SQL(`SELECT `+row+` FROM `+name+` ORDER BY 1`), text) {
				if err != nil {
					return err
				}
				fmt.Fprintln(sum, line)
			}
			out[name] = hex.EncodeToString(sum.Sum(nil))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// same tells which tables differ.
func same(t testing.TB, before, after map[string]string) {
	t.Helper()
	if len(before) < 20 {
		t.Fatalf("only %d tables", len(before))
	}
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("the table %s has changed", name)
		}
	}
}

// Importing again changes nothing, in any table; nor does an import that is refused, or tried only.
func TestImportAgain(t *testing.T) {
	w := worldtest.New(t)
	before := dump(t, w)
	mapping := `{"name": "All", "steps": [
		{"file": "f.csv", "into": "organizations", "fields": {"name": "{org}"}},
		{"file": "f.csv", "into": "courses", "fields": {"code": "{course}", "name": "{course}", "starts": "2026-01-05", "ends": {"text": "10", "after": "starts"}}},
		{"file": "f.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}", "organization": "{org}"}, "attributes": {"size": "{size}"}},
		{"file": "f.csv", "into": "enrolments", "fields": {"course": "{course}", "account": "{user}", "status": "{status}",
			"enrolled": {"text": "{day}", "after": "course.starts"}, "withdrawn": {"text": "{day}", "after": "enrolled"}}},
		{"file": "f.csv", "into": "assessments", "fields": {"course": "{course}", "code": "{work}", "weight": "{score}", "due": {"text": "-1", "after": "course.ends"}}},
		{"file": "f.csv", "into": "results", "fields": {"assessment": "{work}", "account": "{user}", "score": "{score}", "submitted": {"text": "DD.MM.YYYY", "format": "YYYY"}}},
		{"file": "f.csv", "into": "materials", "fields": {"course": "{course}", "code": "{work}", "week_from": "{score}"}}]}`
	mapping = strings.Replace(mapping, `{"text": "DD.MM.YYYY", "format": "YYYY"}`, `{"text": "{at}", "format": "DD.MM.YYYY"}`, 1)
	head := "org,course,user,name,size,status,day,work,score,at\n"
	good := head + "Plant,c1,u1,Uta One,L,active,1,w1,50,07.01.2026\nPlant,c2,u2,Ulla Two,,withdrawn,2,w2,,\nDepot,c3,u3,Udo Three,S,,0,w3,100,08.01.2026\n"
	in := importOf(t, mapping, map[string]string{"f.csv": good})
	in.Dry = true
	if out := runImport(t, w, "Ana", in); out.Problems.Total != 0 || len(out.Files) != 7 {
		t.Fatalf("%s", told(out))
	}
	same(t, before, dump(t, w))
	bad := importOf(t, mapping, map[string]string{"f.csv": strings.Replace(good, "Udo Three", "", 1)})
	bad.Mapping.Steps = bad.Mapping.Steps[2:3]
	bad.Mapping.Steps[0].Fields = maps.Clone(bad.Mapping.Steps[0].Fields)
	delete(bad.Mapping.Steps[0].Fields, "organization")
	if out := runImport(t, w, "Ana", bad); out.Problems.Total != 1 || out.Files[0].Done {
		t.Fatalf("%+v", out)
	}
	same(t, before, dump(t, w))
	in.Dry = false
	out := runImport(t, w, "Ana", in)
	if out.Problems.Total != 0 {
		t.Fatal(told(out))
	}
	for i, f := range out.Files {
		if want := []int{2, 3, 3, 3, 3, 3, 3}[i]; f.Created != want || f.Changed != 0 {
			t.Errorf("%+v, want %d created", f, want)
		}
	}
	after := dump(t, w)
	for _, f := range runImport(t, w, "Ana", in).Files {
		if f.Created+f.Changed != 0 {
			t.Errorf("again: %+v", f)
		}
	}
	same(t, after, dump(t, w))
	verify(t, w)
}

// The documentation names every noun and every field that a mapping may fill.
func TestImportsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/imports.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, noun := range intake.ImportNouns() {
		_, part, ok := strings.Cut(string(text), "**"+noun+"**")
		part, _, _ = strings.Cut(part, "\n\n")
		for _, f := range intake.ImportFields(noun) {
			if !ok || !strings.Contains(part, "`"+f.Name+"`") {
				t.Errorf("docs/imports.md does not tell the field %s of %s", f.Name, noun)
			}
		}
	}
}
