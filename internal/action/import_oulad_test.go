package action_test

import (
	"os"
	"path/filepath"
	"testing"

	"provost/internal/action"
	"provost/internal/world/worldtest"
)

// oulad is the folder of the data set: PROVOST_OULAD, or beside the repository.
func oulad(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes the whole data set in")
	}
	dir := os.Getenv("PROVOST_OULAD")
	if dir == "" {
		dir = "../../../shared/data/oulad"
	}
	if _, err := os.Stat(filepath.Join(dir, "courses.csv")); err != nil {
		t.Skipf("the OULAD tables are not at %s: set PROVOST_OULAD to their folder", dir)
	}
	return dir
}

func ouladImport(t testing.TB, dir string) action.Import {
	t.Helper()
	text, err := os.ReadFile("../../examples/oulad/mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	m, err := action.ParseMapping(text)
	if err != nil {
		t.Fatal(err)
	}
	in := action.Import{Mapping: m, Files: map[string]string{}}
	for _, name := range m.Files() {
		in.Files[name] = filepath.Join(dir, name)
	}
	return in
}

func TestOULAD(t *testing.T) {
	dir := oulad(t)
	w := worldtest.New(t)
	in := ouladImport(t, dir)
	for _, dry := range []bool{true, false, false} {
		in.Dry = dry
		out, err := action.RunImport(t.Context(), w.Env, w.As("Sam"), in)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", out)
	}
}
