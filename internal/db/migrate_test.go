package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"provost/internal/db"
	"provost/internal/db/dbtest"
)

func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

const (
	makeX = "CREATE TABLE x (\n\tid BIGINT PRIMARY KEY,\n\tok BOOLEAN NOT NULL DEFAULT FALSE, -- a BOOLEAN?\n\tkind TEXT NOT NULL DEFAULT 'BIGINT'\n);\nCREATE INDEX x_kind ON x (kind);\n"
	makeY = "ALTER TABLE x ADD COLUMN y DOUBLE PRECISION;\nINSERT INTO x (id, y) VALUES (1, 0.5);\n"
)

// blank is a database that was never migrated.
func blank(t *testing.T) string {
	t.Helper()
	if !dbtest.Postgres() {
		return filepath.Join(t.TempDir(), "blank.db")
	}
	dsn := dbtest.DSN(t)
	d := openAt(t, dsn)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL("DROP SCHEMA public CASCADE"))
		check(t, err)
		_, err = tx.Exec(ctx, db.SQL("CREATE SCHEMA public"))
		return err
	}))
	return dsn
}

// Four nodes of a new version start at once: each step happens once.
func TestMigrateAtOnce(t *testing.T) {
	dsn := blank(t)
	steps := files("0001_x.sql", makeX, "0002_y.sql", makeY)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			d, err := db.Open(ctx, dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			if err := db.MigrateFrom(ctx, d, steps); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d := openAt(t, dsn)
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		if n, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM x WHERE y = 0.5 AND kind = 'BIGINT' AND NOT ok")); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
		if n, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM schema_migrations WHERE applied_at > 0")); n != 2 || err != nil {
			t.Errorf("%d steps, %v", n, err)
		}
		return nil
	}))
}

func TestMigrateRefuses(t *testing.T) {
	d := openAt(t, blank(t))
	check(t, db.MigrateFrom(ctx, d, files("0002_x.sql", makeX, "0004_y.sql", makeY)))
	for want, steps := range map[string]fstest.MapFS{
		"newer than this program":         files("0002_x.sql", makeX),
		"was changed after":               files("0002_x.sql", makeX+"\n", "0004_y.sql", makeY),
		"where this program has 0003":     files("0002_x.sql", makeX, "0003_z.sql", "SELECT 1;", "0004_y.sql", makeY),
		"step 0002_x.sql where":           files("0004_y.sql", makeY, "0005_z.sql", "SELECT 1;"),
		"have the number 0002":            files("0002_x.sql", makeX, "0002_y.sql", makeY),
		"not the name of a migration":     files("2_x.sql", makeX),
		"count from 0001":                 files("0000_x.sql", makeX),
		"the database is newer than this": files(),
	} {
		if err := db.MigrateFrom(ctx, d, steps); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("wanted %q, got %v", want, err)
		}
	}
	check(t, db.MigrateFrom(ctx, d, files("0002_x.sql", makeX, "0004_y.sql", makeY, "0005_z.sql", "CREATE TABLE z (id BIGINT)")))
}

// A failing step takes the steps before it along.
func TestMigrateIsWhole(t *testing.T) {
	d := openAt(t, blank(t))
	err := db.MigrateFrom(ctx, d, files("0001_x.sql", makeX, "0002_bad.sql", "CREATE TABLE z (id BIGINT); INSERT INTO nowhere VALUES (1);"))
	if err == nil || !strings.Contains(err.Error(), "0002_bad.sql") {
		t.Errorf("%v", err)
	}
	check(t, db.MigrateFrom(ctx, d, files("0001_x.sql", makeX, "0002_y.sql", makeY)))
}

func TestMigratePairs(t *testing.T) {
	d := openAt(t, blank(t))
	steps := files("0001_x.sqlite.sql", "CREATE TABLE x (id INTEGER PRIMARY KEY, made TEXT DEFAULT 'sqlite');",
		"0001_x.postgres.sql", "CREATE TABLE x (id BIGINT PRIMARY KEY, made TEXT DEFAULT 'postgres');",
		"0002_row.sql", "INSERT INTO x (id) VALUES (1);", "README.md", "no step")
	check(t, db.MigrateFrom(ctx, d, steps))
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		if made, err := db.Val[string](ctx, tx, db.SQL("SELECT made FROM x")); made != d.Dialect().String() || made != tx.Dialect().String() || err != nil {
			t.Errorf("made for %q, %v", made, err)
		}
		return nil
	}))
}

func TestToSQLite(t *testing.T) {
	in := "CREATE TABLE x (\n\tid BIGINT PRIMARY KEY, b BOOLEAN, d DOUBLE PRECISION, r BYTEA, t TEXT DEFAULT 'BIGINT; it''s'\n);\nSELECT (1\n  );"
	want := "CREATE TABLE x (\n\tid INTEGER PRIMARY KEY, b INTEGER, d REAL, r BLOB, t TEXT DEFAULT 'BIGINT; it''s'\n) STRICT;\nSELECT (1\n  );"
	if got := db.ToSQLite(in); got != want {
		t.Errorf("%s", got)
	}
}

// The embedded steps apply, and on SQLite make STRICT tables only: a number in a text column must fail there as on PostgreSQL.
func TestSchema(t *testing.T) {
	d := dbtest.New(t)
	check(t, d.Migrate(ctx))
	if d.Dialect() != db.SQLite {
		return
	}
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		loose, err := db.All(ctx, tx, db.SQL("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
			func(s db.Scanner) (name string, err error) { return name, s.Scan(&name) })
		if len(loose) > 0 || err != nil {
			t.Errorf("not STRICT: %v (does the definition end with \");\" on a line of its own?), %v", loose, err)
		}
		return nil
	}))
}

func TestBackup(t *testing.T) {
	d := things(t, 100)
	path := filepath.Join(t.TempDir(), "copy.db")
	if d.Dialect() == db.Postgres {
		if err := d.Backup(ctx, path); err == nil || !strings.Contains(err.Error(), "pg_dump") {
			t.Errorf("%v", err)
		}
		return
	}
	// Beside a writer that has not committed.
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		check(t, insert(tx, 500, "uncommitted"))
		return d.Backup(ctx, path)
	}))
	back := openAt(t, path)
	if got := names(t, back); !strings.Contains(got, "thing 99") || strings.Contains(got, "uncommitted") {
		t.Errorf("%q", got)
	}
	if err := d.Backup(ctx, path); err == nil {
		t.Error("a backup replaced a file")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := d.Backup(gone, path+"2"); err == nil {
		t.Error("a backup after the end")
	}
	if left, _ := filepath.Glob(path + "2*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "text.db"), []byte(strings.Repeat("no database ", 100)), 0o600))
	for _, dsn := range []string{"", "sqlite:", ":memory:", "a.db?mode=memory", filepath.Join(dir, "no", "x.db"), filepath.Join(dir, "text.db"), dir,
		"postgres://nobody@127.0.0.1:1/none", "host=" + dir + " dbname=none", "host=x bad"} {
		if d, err := db.Open(ctx, dsn); err == nil {
			_ = d.Close()
			t.Errorf("%q was opened", dsn)
		}
	}
	d := openAt(t, "sqlite:"+filepath.Join(dir, "a %41#.db"))
	check(t, d.Migrate(ctx))
	if _, err := os.Stat(filepath.Join(dir, "a %41#.db")); err != nil {
		t.Error(err)
	}
}
