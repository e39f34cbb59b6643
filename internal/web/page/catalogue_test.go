package page

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// What a page says: the English texts in the sources of the web and of what it shows, N's under its second text.
func spoken(t *testing.T) map[string]bool {
	t.Helper()
	texts := map[string]bool{} // true for a text that depends on a number
	for _, layer := range []string{"web", "action", "store", "op", "access", "form", "secret", "sheet", "file", "pack", "fail"} {
		err := filepath.WalkDir("../../"+layer, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.CallExpr:
					collect(texts, x)
				case *ast.KeyValueExpr:
					collectNamed(texts, filepath.Dir(path), x)
				case *ast.CompositeLit:
					collectRows(texts, x)
				case *ast.ValueSpec:
					if x.Names[0].Name == "kindNames" {
						collectAll(texts, x)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// collect takes what calls say: T, Say, Term and N, and the messages of errors but those of faults, which nobody is shown.
func collect(texts map[string]bool, call *ast.CallExpr) {
	switch name := last(call.Fun); {
	case name == "T" || name == "Say" || name == "Term" || name == "N":
		at := map[string]int{"N": 1}[name]
		if len(call.Args) > at {
			if text, ok := literal(call.Args[at]); ok {
				texts[text] = texts[text] || name == "N"
			}
		}
	case len(call.Args) < 2:
	case name == "New" && of(call.Fun) == "fail" && last(call.Args[0]) != "Fault", name == "Wrong" && of(call.Fun) == "fail",
		name == "Add" && (of(call.Fun) == "wrong" || of(call.Fun) == "problems"):
		if _, ok := literal(call.Args[1]); !ok && joined(call.Args[1]) {
			texts["put the values of this message into braces, so that it can be translated: "+pieces(call.Args[1])] = false
		}
		collectAll(texts, call.Args[1])
	case name == "total" && len(call.Args) == 3:
		collectAll(texts, call.Args[1])
	}
}

// joined tells whether an expression puts literals and values together.
func joined(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.CallExpr:
		return last(x.Fun) == "Sprintf"
	}
	return false
}

func pieces(e ast.Expr) string {
	var out strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			out.WriteString(lit.Value)
		}
		return true
	})
	return out.String()
}

// named are the fields of literals that are shown, by the packages that declare them.
var named = map[string][]string{
	"../../access":        {"Title", "Section", "Doc"},
	"../../action/report": {"Title", "About"},
}

func collectNamed(texts map[string]bool, dir string, x *ast.KeyValueExpr) {
	if key, ok := x.Key.(*ast.Ident); ok && slices.Contains(append(named[dir], "Message"), key.Name) {
		if text, ok := literal(x.Value); ok {
			texts[text] = texts[text] || false
		}
	}
}

// collectRows takes the titles, which stand second, of tables of figures.
func collectRows(texts map[string]bool, x *ast.CompositeLit) {
	list, ok := x.Type.(*ast.ArrayType)
	if !ok || last(list.Elt) != "Tile" && last(list.Elt) != "ReportTotal" {
		return
	}
	for _, e := range x.Elts {
		if row, ok := e.(*ast.CompositeLit); ok && len(row.Elts) > 1 {
			if _, keyed := row.Elts[1].(*ast.KeyValueExpr); !keyed {
				collectAll(texts, row.Elts[1])
			}
		}
	}
}

// collectAll takes the literals within an expression that say something by themselves.
func collectAll(texts map[string]bool, within ast.Node) {
	ast.Inspect(within, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if text, ok := literal(e); ok {
				if strings.ContainsFunc(values.ReplaceAllString(text, ""), unicode.IsLetter) {
					texts[text] = texts[text] || false
				}
				return false
			}
		}
		return true
	})
}

var values = regexp.MustCompile(`\{\w+\}`)

// last is the last name of an expression such as a.b.c, of the one before it.
func last(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func of(e ast.Expr) string {
	if x, ok := e.(*ast.SelectorExpr); ok {
		return last(x.X)
	}
	return ""
}

// literal is the value of a string literal, or of several joined by +.
func literal(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, err == nil && x.Kind == token.STRING
	case *ast.BinaryExpr:
		a, ok := literal(x.X)
		b, also := literal(x.Y)
		return a + b, ok && also && x.Op == token.ADD
	}
	return "", false
}

// TestCatalogueIsWhole: every language says everything, and nothing that no page says. With PROVOST_LANG_UPDATE=1 it
// writes the files anew: missing texts empty, for the translator; texts that nobody says any more gone.
func TestCatalogueIsWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("translations are made after the pages")
	}
	texts := spoken(t)
	if len(texts) < 50 {
		t.Fatalf("only %d texts found", len(texts))
	}
	files, _ := filepath.Glob("lang/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]any{}
		if err := json.Unmarshal(raw, &have); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if os.Getenv("PROVOST_LANG_UPDATE") != "" {
			rewrite(t, file, texts, have)
			continue
		}
		for _, text := range slices.Sorted(maps.Keys(texts)) {
			if !said(have[text], texts[text]) {
				t.Errorf("%s: not translated: %q", file, text)
			}
		}
		for text := range have {
			if _, ok := texts[text]; !ok {
				t.Errorf("%s: nobody says %q", file, text)
			}
		}
	}
}

// said tells whether an entry is whole: a text, or its forms for one and for others.
func said(entry any, plural bool) bool {
	if forms, ok := entry.(map[string]any); ok && plural {
		return forms["one"] != "" && forms["one"] != nil && forms["other"] != "" && forms["other"] != nil
	}
	text, _ := entry.(string)
	return text != "" && !plural
}

func rewrite(t *testing.T, file string, texts map[string]bool, have map[string]any) {
	t.Helper()
	next := map[string]any{}
	for text, plural := range texts {
		switch entry, ok := have[text]; {
		case ok:
			next[text] = entry
		case plural:
			next[text] = map[string]string{"one": "", "other": ""}
		default:
			next[text] = ""
		}
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(next); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
