// Package dbtest gives each test a database of its own: a SQLite file, or a database of a PostgreSQL server
// when PROVOST_TEST_DATABASE is "postgres". That server is PROVOST_TEST_PG_DSN's, else one started for this process.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"provost/internal/db"
)

// New is an empty, migrated database, gone after the test.
func New(t testing.TB) *db.DB {
	t.Helper()
	return open(t, DSN(t))
}

// DSN is what db.Open takes for an empty, migrated database, gone after the test: for the real program, or for several nodes.
func DSN(t testing.TB) string {
	t.Helper()
	return CloneDSN(t, "", func(*db.DB) error { return nil })
}

// Clone is a copy of the database that build makes of an empty, migrated one. It is built once per process and key.
func Clone(t testing.TB, key string, build func(*db.DB) error) *db.DB {
	t.Helper()
	return open(t, CloneDSN(t, key, build))
}

// CloneDSN is what db.Open takes for a copy as Clone makes it.
func CloneDSN(t testing.TB, key string, build func(*db.DB) error) string {
	t.Helper()
	made := templateOf(key)
	made.once.Do(func() { made.err = fmt.Errorf("a build that panicked"); made.err = made.make(build) })
	if made.err != nil {
		t.Fatalf("dbtest: template %q: %v", key, made.err)
	}
	if Postgres() {
		return made.copyPostgres(t)
	}
	dir, err := os.MkdirTemp(shelf(), "provost-test-")
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "test.db")
	if err := os.WriteFile(path, made.file, 0o600); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return path
}

// Postgres tells whether the tests run on PostgreSQL.
func Postgres() bool { return os.Getenv("PROVOST_TEST_DATABASE") == "postgres" }

func open(t testing.TB, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// template is a database to copy: the bytes of a SQLite file, or the name of a database on the server.
type template struct {
	once sync.Once
	err  error
	file []byte
	name string
}

var (
	templatesLock sync.Mutex
	templates     = map[string]*template{}
)

func templateOf(key string) *template {
	templatesLock.Lock()
	defer templatesLock.Unlock()
	if templates[key] == nil {
		templates[key] = &template{}
	}
	return templates[key]
}

func (m *template) make(build func(*db.DB) error) error {
	if Postgres() {
		return m.makePostgres(build)
	}
	dir, err := os.MkdirTemp(shelf(), "provost-template-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := fill(path, build); err != nil {
		return err
	}
	m.file, err = os.ReadFile(path) // Close has put the write-ahead log into it
	return err
}

// fill makes, migrates and builds a database.
func fill(dsn string, build func(*db.DB) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	d, err := db.Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() {
		if closed := d.Close(); err == nil {
			err = closed
		}
	}()
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	return build(d)
}
