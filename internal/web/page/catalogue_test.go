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
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What a page says: the English texts of calls of T, N and Say in the sources of the web, N's under its second text.
func spoken(t *testing.T) map[string]bool {
	t.Helper()
	texts := map[string]bool{} // true for a text that depends on a number
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				collect(texts, call)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func collect(texts map[string]bool, call *ast.CallExpr) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	switch at := map[string]int{"T": 0, "Say": 0, "N": 1}[name]; {
	case name != "T" && name != "Say" && name != "N", len(call.Args) <= at:
	default:
		if text, ok := literal(call.Args[at]); ok {
			texts[text] = texts[text] || name == "N"
		}
	}
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
