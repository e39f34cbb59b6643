package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"provost/internal/action/intake"
	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

const killedMapping = `{"name": "Killed", "steps": [
	{"file": "orgs.csv", "into": "organizations", "fields": {"name": "{org}"}},
	{"file": "first.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}", "organization": "{org}"}},
	{"file": "second.csv", "into": "accounts", "fields": {"username": "{user}", "name": "{name}", "organization": "{org}"}},
	{"file": "enrolled.csv", "into": "enrolments", "fields": {"course": "{course}", "account": "{user}"}}]}`

// childImport is what the process that is killed is told, in its environment.
type childImport struct {
	DSN, Dir string
	Who      op.Who
}

// TestImportChild is no test: it is the process that TestImportKilled kills.
func TestImportChild(t *testing.T) {
	var in childImport
	if text := os.Getenv("PROVOST_IMPORT_CHILD"); text == "" || json.Unmarshal([]byte(text), &in) != nil {
		t.Skip("runs as a child of TestImportKilled")
	}
	env := killedEnv(t, in.DSN)
	imports := intake.NewImports(env)
	out, err := imports.Run(context.Background(), in.Who, killedImport(t, in.Dir))
	fmt.Println("ENDED", out.Problems.Total, err)
}

func killedEnv(t *testing.T, dsn string) *op.Env {
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return &op.Env{DB: d, Cache: store.NewCache(), Now: time.Now, Log: slog.New(slog.DiscardHandler), Key: []byte("a key for tests only, 32 bytes !!")}
}

func killedImport(t *testing.T, dir string) intake.Import {
	m, err := intake.ParseMapping([]byte(killedMapping))
	if err != nil {
		t.Fatal(err)
	}
	in := intake.Import{Mapping: m, Files: map[string]string{}}
	for _, name := range m.Files() {
		in.Files[name] = filepath.Join(dir, name)
	}
	return in
}

const killedRows = 6000

func writeKilled(t *testing.T, dir string) {
	var orgs, first, second, enrolled strings.Builder
	orgs.WriteString("org\nPlant\n")
	first.WriteString("user,name,org\n")
	second.WriteString("user,name,org\n")
	enrolled.WriteString("course,user\n")
	for i := range killedRows {
		fmt.Fprintf(&first, "first%d,First %d,Plant\n", i, i)
		fmt.Fprintf(&second, "second%d,Second %d,Plant\n", i, i)
		fmt.Fprintf(&enrolled, "go,first%d\n", i)
	}
	for name, b := range map[string]*strings.Builder{"orgs.csv": &orgs, "first.csv": &first, "second.csv": &second, "enrolled.csv": &enrolled} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that is killed in the midst of an import leaves each file whole or not at all; the import is found and marked
// as failed, and importing again completes it.
func TestImportKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	var w *world.World
	dsn := dbtest.CloneDSN(t, "import killed", func(d *db.DB) (err error) {
		env := &op.Env{DB: d, Cache: store.NewCache(), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		w, err = world.Build(context.Background(), env, "")
		return err
	})
	in := childImport{DSN: dsn, Dir: t.TempDir(), Who: op.Who{Portal: w.Acme.ID, Account: w.People["Ana"].ID}}
	writeKilled(t, in.Dir)
	env := killedEnv(t, dsn)
	killed := 0
	for round := 0; round < 12 && killed < 6; round++ {
		if killChild(t, in, time.Duration(50+rand.IntN(1500))*time.Millisecond) {
			killed++
		}
		checkWhole(t, env)
	}
	if killed == 0 {
		t.Error("no process was killed in time")
	}
	imports := intake.NewImports(env)
	imports.Sweep(t.Context())
	list, err := intake.ListImports.Run(t.Context(), env, in.Who, struct{}{})
	if err != nil || len(list.Items) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, one := range list.Items {
		if one.Ended == nil || one.State == store.ImportRunning {
			t.Errorf("an import of a killed process is %s", one.State)
		}
	}
	if out, err := imports.Run(t.Context(), in.Who, killedImport(t, in.Dir)); err != nil || out.Problems.Total != 0 {
		t.Fatalf("again: %v, %+v", err, out)
	}
	if first, second, enrolled := counts(t, env); first != killedRows || second != killedRows || enrolled != killedRows {
		t.Errorf("%d, %d and %d rows of %d after all", first, second, enrolled, killedRows)
	}
	checkWhole(t, env)
}

// killChild starts the child and kills it after a while; false where it had ended by then.
func killChild(t *testing.T, in childImport, after time.Duration) bool {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestImportChild$", "-test.v")
	child.Env = append(os.Environ(), "PROVOST_IMPORT_CHILD="+string(text))
	var said strings.Builder
	child.Stdout, child.Stderr = &said, &said
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = child.Process.Kill()
	_ = child.Wait()
	return !strings.Contains(said.String(), "ENDED")
}

func counts(t *testing.T, env *op.Env) (first, second, enrolled int64) {
	t.Helper()
	err := env.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, c := range []struct {
			into  *int64
			query string
		}{
			{&first, `SELECT count(*) FROM accounts WHERE username LIKE 'first%'`}, {&second, `SELECT count(*) FROM accounts WHERE username LIKE 'second%'`},
			{&enrolled, `SELECT count(*) FROM enrolments e JOIN accounts a ON a.id = e.account_id WHERE a.username LIKE 'first%'`},
		} {
			n, err := db.Val[int64](t.Context(), tx, db.SQL(c.query))
			if err != nil {
				return err
			}
			*c.into = n
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return first, second, enrolled
}

func checkWhole(t *testing.T, env *op.Env) {
	t.Helper()
	first, second, enrolled := counts(t, env)
	for _, n := range []int64{first, second, enrolled} {
		if n != 0 && n != killedRows {
			t.Errorf("%d rows of a file of %d", n, killedRows)
		}
	}
	err := env.DB.Read(t.Context(), func(tx *db.Tx) error {
		faults, err := store.Verify(t.Context(), tx)
		for _, f := range faults {
			t.Errorf("verify: %+v", f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A portal that stops gives up the file that is being taken, whole, and says so; files that are done stay.
func TestImportsClose(t *testing.T) {
	w := worldtest.New(t)
	dir := t.TempDir()
	writeKilled(t, dir)
	imports := intake.NewImports(w.Env)
	cleared := make(chan struct{})
	id, err := imports.Start(t.Context(), w.As("Ana"), killedImport(t, dir), func() { close(cleared) })
	if err != nil {
		t.Fatal(err)
	}
	for p, ok := imports.Progress(id); ok; p, ok = imports.Progress(id) {
		if step, rows, total := p.Now(); step == 2 && rows > 0 && rows < total {
			break
		}
		time.Sleep(time.Millisecond)
	}
	imports.Close()
	<-cleared
	out, err := intake.ShowImport.Run(t.Context(), w.Env, w.As("Ana"), intake.ImportID{Import: id})
	if err != nil || out.Ended == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	if out.State == store.ImportFailed && !strings.Contains(out.Problem, "The portal was stopped") {
		t.Errorf("says %q", out.Problem)
	}
	checkWhole(t, w.Env)
	if _, err := intake.ShowImport.Run(t.Context(), w.Env, w.As("Otto"), intake.ImportID{Import: id}); !fail.Is(err, fail.NotFound) {
		t.Errorf("Otto sees Ana's import: %v", err)
	}
}

// Rights are folded again for each file: who loses them while an import runs takes no further file in (BE-8).
func TestImportLosesRights(t *testing.T) {
	w := worldtest.New(t)
	dir := t.TempDir()
	writeKilled(t, dir)
	in := killedImport(t, dir)
	in.Mapping.Steps = in.Mapping.Steps[1:3]
	for i := range in.Mapping.Steps {
		in.Mapping.Steps[i].Fields["organization"] = intake.Expr{Text: "North"}
	}
	in.Progress = &intake.Progress{}
	revoked := make(chan error, 1)
	go func() {
		for step := 0; step < 1; step, _, _ = in.Progress.Now() {
			time.Sleep(time.Millisecond)
		}
		revoked <- w.Env.DB.Write(context.Background(), func(tx *db.Tx) error { // waits for the first file
			_, err := store.End(context.Background(), tx, store.GrantFilter{Portal: w.Acme.ID, Account: w.People["Otto"].ID}, 0, w.Env.Now())
			return err
		})
	}()
	out, err := intake.RunImport(t.Context(), w.Env, w.As("Otto"), in)
	if err := <-revoked; err != nil {
		t.Fatal(err)
	}
	if err != nil || len(out.Files) != 2 || !out.Files[0].Done || out.Files[1].Done || out.Problems.Total == 0 {
		t.Fatalf("%+v, %v", out.Files, err)
	}
	if first, second, _ := counts(t, w.Env); first != killedRows || second != 0 {
		t.Errorf("%d and %d rows, where the rights were lost after the first file", first, second)
	}
	checkWhole(t, w.Env)
}
