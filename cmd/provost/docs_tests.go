package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// specID is an id of a requirement, a protection or a promise, in a comment or, without its dash, in a test's name.
	specID = regexp.MustCompile(`\b(LM|PT|SA|PA|OA|XA|CA|IN|TA|LE|PR|MG|ME|MO|AF|NA|BC|RT|GR|CO|RE|BE|Q)-(\d+)\b`)
	nameID = regexp.MustCompile(`(LM|PT|SA|PA|OA|XA|CA|TA|LE|PR|MG|MO|AF|NA|BC|RT|GR|CO|RE|BE|Q)_?(\d+)`)
	idSpan = regexp.MustCompile(`\b([A-Z]{1,2})-(\d+) to ([A-Z]{1,2})-(\d+)\b`)
)

// testsPage is the table of ids against the tests that carry them, from the sources below a folder.
func testsPage(root string) (string, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && strings.HasPrefix(name, ".") {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case strings.HasSuffix(path, "_test.go"):
			return testsIn(path, rel, found)
		case strings.HasSuffix(path, ".txt") && strings.Contains(rel, "cmd/provost/testdata/"):
			return scriptIn(path, rel, found)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString("# Requirements and their tests\n\nThe ids of the specification against the tests that carry them in their name or first comment. " +
		"Scripts are tests through the real program.\n\n| id | tests |\n| --- | --- |\n")
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareIDs)
	for _, id := range ids {
		tests := found[id]
		slices.Sort(tests)
		fmt.Fprintf(&out, "| %s | %s |\n", id, strings.Join(slices.Compact(tests), "<br>"))
	}
	return out.String(), nil
}

func testsIn(path, rel string, found map[string][]string) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") && !strings.HasPrefix(fn.Name.Name, "Fuzz") && !strings.HasPrefix(fn.Name.Name, "Benchmark") {
			continue
		}
		ids := idsIn(fn.Doc.Text())
		for _, m := range nameID.FindAllStringSubmatch(fn.Name.Name, -1) {
			ids = append(ids, m[1]+"-"+m[2])
		}
		for _, id := range ids {
			found[id] = append(found[id], "`"+fn.Name.Name+"` in "+filepath.ToSlash(filepath.Dir(rel)))
		}
	}
	return nil
}

// scriptIn reads the comment that a script begins with.
func scriptIn(path, rel string, found map[string][]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		for _, id := range idsIn(line) {
			found[id] = append(found[id], "`"+filepath.Base(rel)+"` in "+filepath.ToSlash(filepath.Dir(rel)))
		}
	}
	return nil
}

// idsIn are the ids in a text, those between two that are joined by "to" among them.
func idsIn(text string) (out []string) {
	for _, m := range specID.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1]+"-"+m[2])
	}
	for _, m := range idSpan.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[2]) // digits, as matched
		to, _ := strconv.Atoi(m[4])
		for n := from + 1; m[1] == m[3] && n < to && n < from+20; n++ {
			out = append(out, fmt.Sprintf("%s-%d", m[1], n))
		}
	}
	return out
}

// idAreas are the letters of ids in the order of the specification.
var idAreas = []string{"PT", "LM", "SA", "PA", "OA", "XA", "CA", "IN", "TA", "LE", "PR", "MG", "ME", "MO", "AF", "NA", "BC", "RT", "GR", "CO", "RE", "BE", "Q"}

func compareIDs(a, b string) int {
	areaA, numA, _ := strings.Cut(a, "-")
	areaB, numB, _ := strings.Cut(b, "-")
	if areaA != areaB {
		return slices.Index(idAreas, areaA) - slices.Index(idAreas, areaB)
	}
	x, _ := strconv.Atoi(numA) // digits, as matched
	y, _ := strconv.Atoi(numB)
	return x - y
}
