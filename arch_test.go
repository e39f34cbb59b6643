package provost

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// arrows are, for each package of the product, the packages of the product that it may import. Under web/* stand all areas of
// pages that are packages of their own, under action/* all areas of verbs: they never import each other.
var arrows = map[string][]string{
	"fail":            {},
	"sheet":           {"fail"},
	"secret":          {"fail"},
	"mail":            {"fail"},
	"file":            {"fail"},
	"db":              {"fail"},
	"db/dbtest":       {"db", "fail"},
	"access":          {"db", "fail"},
	"store/known":     {"access", "db", "fail"},
	"store/past":      {"access", "db"},
	"store":           {"store/known", "store/past", "access", "db", "fail"},
	"store/identity":  {"store", "store/past", "access", "db", "fail"},
	"store/grid":      {"store", "store/past", "access", "db", "fail"},
	"store/report":    {"store", "store/path", "access", "db", "fail"},
	"store/asking":    {"store", "access", "db", "fail"},
	"store/tenant":    {"store", "store/past", "access", "db", "fail"},
	"store/network":   {"store", "access", "db", "fail", "form"},
	"store/imports":   {"store", "access", "db", "fail"},
	"store/named":     {"store", "access", "db", "fail"},
	"store/kin":       {"store", "access", "db", "fail"},
	"op":              {"store", "store/grid", "store/path", "store/tenant", "access", "db", "fail", "file", "secret", "sheet"},
	"store/files":     {"store", "access", "db", "fail"},
	"action/files":    {"op", "store", "store/files", "access", "db", "fail", "form"},
	"store/learning":  {"store", "store/files", "store/past", "access", "db", "fail"},
	"pack":            {"fail"},
	"store/work":      {"store", "pack", "store/files", "access", "db", "fail"},
	"form":            {"fail"},
	"action/invited":  {"op", "store", "store/learning", "store/path", "access", "db", "fail"},
	"action/shown":    {"op", "store", "access", "db", "fail"},
	"action/identity": {"action/shown", "op", "store", "store/identity", "store/network", "access", "db", "fail", "form", "secret"},
	"action/grid":     {"op", "store", "store/grid", "store/past", "access", "db", "fail", "form", "sheet"},
	"action/network":  {"op", "store", "store/network", "access", "db", "fail", "form", "secret"},
	"action/people":   {"action/shown", "op", "store", "store/kin", "access", "db", "fail", "form"},
	"action/intake":   {"action/shown", "op", "store", "store/imports", "store/learning", "access", "db", "fail", "form", "sheet"},
	"action/learning": {"action/files", "pack", "op", "store", "store/learning", "store/files", "access", "db", "fail", "form", "sheet"},
	"action/work":     {"action/files", "pack", "op", "store", "store/work", "store/files", "access", "db", "fail", "form", "secret", "sheet"},
	"store/path":      {"store", "store/files", "access", "db", "fail"},
	"action/path":     {"action/files", "op", "store", "store/named", "store/path", "store/files", "access", "db", "fail", "form"},
	"store/notice":    {"store", "access", "db", "fail"},
	"action/notice":   {"op", "store", "store/notice", "store/path", "access", "db", "fail"},
	"action/asking":   {"op", "store", "store/asking", "store/known", "access", "db", "fail", "form", "sheet"},
	"action/report":   {"op", "store", "store/path", "store/report", "access", "db", "fail", "form", "sheet"},
	"action":          {"action/*", "op", "store", "store/named", "store/asking", "store/past", "store/path", "access", "db", "fail", "form", "secret", "sheet"},
	"action/tenant":   {"op", "store", "store/tenant", "access", "db", "fail", "form"},
	"web/static":      {},
	"web/page":        {"web/static"},
	"web/shell":       {"action", "op", "store", "access", "db", "fail", "secret", "web/page", "web/static"},
	"web/*":           {"action", "action/*", "op", "store", "access", "db", "fail", "secret", "sheet", "file", "pack", "web/shell", "web/page", "web/static"},
	"web":             {"action", "action/*", "op", "store", "access", "db", "fail", "secret", "sheet", "file", "web/*", "web/shell", "web/page"},
	"api":             {"action", "action/*", "op", "store", "access", "db", "fail", "secret", "sheet"},
	"job":             {"action", "action/*", "op", "store", "store/files", "store/identity", "store/tenant", "access", "db", "fail", "mail", "file", "sheet"},
	"world":           {"action", "action/learning", "op", "store", "store/learning", "store/path", "store/tenant", "store/network", "access", "db", "fail", "secret"},
	"world/worldtest": {"world", "file", "action", "action/learning", "op", "store", "store/path", "store/tenant", "store/network", "access", "db", "db/dbtest", "fail", "secret"},
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./internal/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, "provost/internal/")
		may, known := arrows[listedAs(name)]
		if !known {
			if name == "attack" || name == "bench" || name == "web/browser" || name == "web/webtest" || name == "db/dbtest/pgserver" {
				continue
			}
			t.Errorf("package %s is not in DESIGN's list of folders", name)
			continue
		}
		for _, imported := range p.Imports {
			rest, ours := strings.CutPrefix(imported, "provost/internal/")
			area := strings.HasPrefix(rest, "action/") && slices.Contains(may, "action/*")
			if ours && !area && !slices.Contains(may, listedAs(rest)) {
				t.Errorf("%s imports %s: arrows point down only", name, rest)
			}
		}
	}
}

// listedAs is the name in arrows of a package: an area of the pages is web/*.
func listedAs(name string) string {
	if _, own := arrows[name]; !own && strings.HasPrefix(name, "web/") && name != "web/browser" && name != "web/webtest" {
		return "web/*"
	}
	return name
}

// eachSource calls do with every Go file of the product that is not a test.
func eachSource(t *testing.T, do func(path string)) {
	t.Helper()
	for _, root := range []string{"internal", "cmd"} {
		if _, err := os.Stat(root); err != nil {
			continue
		}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				do(filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSizes(t *testing.T) {
	lines := map[string]int{}
	eachSource(t, func(path string) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		n := fset.Position(f.End()).Line
		lines[filepath.Dir(path)] += n
		if n > 400 {
			t.Errorf("%s has %d lines, at most 400", path, n)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > 60 {
					t.Errorf("%s: %s has %d lines, at most 60", path, fn.Name.Name, n)
				}
			}
		}
	})
	for dir, n := range lines {
		if n > 8000 {
			t.Errorf("%s has %d lines, at most 8,000", dir, n)
		}
	}
}

// lawful lists patterns that may stand only in some folders.
var lawful = []struct {
	what    string
	pattern *regexp.Regexp
	only    []string
}{
	{"SQL", regexp.MustCompile("(?i)[`\"](select|insert into|update|delete from|with) [a-z_(]"), []string{"internal/store/", "internal/access/kinds.go", "internal/access/where.go", "internal/db/", "internal/bench/"}},
	{"a role compared", regexp.MustCompile(`(?i)\brole(ID)?\s*(==|!=)\s*(access\.|"[a-z])`), []string{"internal/access/"}},
	{"a role compared", roleCompared, []string{"internal/access/"}},
	{"the wall clock", regexp.MustCompile(`\btime\.Now\(`), []string{"cmd/", "internal/db/", "internal/bench/"}},
	{"a store noun made elsewhere", regexp.MustCompile(`(^|[^\]\w])store\.(Account|Team|Course|AccessGroup|Enrolment)\{[^}]`), []string{"internal/store/"}},
}

// roleCompared finds a role's name compared, whatever stands beside it, chosen in a switch, or in a list made for the comparison.
var roleCompared = func() *regexp.Regexp {
	text, err := os.ReadFile("internal/access/roles.go")
	if err != nil {
		panic(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s+RoleID = `).FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	role := `access\.(` + strings.Join(names, "|") + `)\b`
	return regexp.MustCompile(`(==|!=)\s*` + role + `|` + role + `\s*(==|!=)|\bcase ` + role + `\s*[,:]|\baccess\.Roles\{[^}]*\}\)?\.Has\(`)
}()

func TestLawful(t *testing.T) {
	eachSource(t, func(path string) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		scan := bufio.NewScanner(f)
		for n := 1; scan.Scan(); n++ {
			line := scan.Text()
			if strings.HasPrefix(strings.TrimSpace(line), "//") {
				continue
			}
			for _, l := range lawful {
				if l.pattern.MatchString(line) && !slices.ContainsFunc(l.only, func(dir string) bool { return strings.HasPrefix(path, dir) }) {
					t.Errorf("%s:%d: %s has no place here: %s", path, n, l.what, strings.TrimSpace(line))
				}
			}
		}
	})
}

// Every exported name of the product says what it does.
func TestComments(t *testing.T) {
	eachSource(t, func(path string) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || exportedRecv(d)) {
					t.Errorf("%s: %s has no comment", fset.Position(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
						t.Errorf("%s: %s has no comment", fset.Position(ts.Pos()), ts.Name.Name)
					}
				}
			}
		}
	})
}

func exportedRecv(d *ast.FuncDecl) bool {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// BE-3: whatever changes where a thing lies, which organizations are hidden or who is archived, keeps what was before (docs/decisions/as-of.md).
func TestPastIsKept(t *testing.T) {
	change := regexp.MustCompile("(?s)UPDATE (accounts|teams|courses|organizations) (?:AS [a-z]+ )?SET (.*?) (?:WHERE|`)")
	column := regexp.MustCompile(`\b(org_id|parent_id|hidden|archived_at) = `)
	found := 0
	eachSource(t, func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			body := string(text[fset.Position(fn.Pos()).Offset:fset.Position(fn.End()).Offset])
			for _, m := range change.FindAllStringSubmatch(body, -1) {
				if !column.MatchString(m[2]) {
					continue
				}
				if found++; !strings.Contains(body, "past.Leave(") {
					t.Errorf("%s: %s changes %s of %s without past.Leave", path, fn.Name.Name, m[2], m[1])
				}
			}
		}
	})
	if found < 8 {
		t.Errorf("only %d such changes were found", found)
	}
}
