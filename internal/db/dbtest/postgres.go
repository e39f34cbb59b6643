package dbtest

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"

	"provost/internal/db"
)

// server is the PostgreSQL server of this process's tests, with one connection pool to make and drop databases.
var server = sync.OnceValues(func() (admin, error) {
	on := admin{dsn: os.Getenv("PROVOST_TEST_PG_DSN")}
	var err error
	if on.dsn == "" {
		if on.own, err = StartServer(); err != nil {
			return admin{}, err
		}
		on.dsn = on.own.DSN()
	}
	on.pool, err = sql.Open("pgx", on.dsn)
	return on, err
})

type admin struct {
	dsn  string
	pool *sql.DB
	own  *Server // held, for the server goes with its leash
}

// database is the dsn of another database on the same server.
func (a admin) database(name string) string {
	if u, err := url.Parse(a.dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		u.Path = "/" + name
		return u.String()
	}
	return a.dsn + " dbname=" + name // of two, the last counts
}

// newName cannot meet another process's names on a shared server.
func newName(kind string) string {
	return fmt.Sprintf("%s_%d_%s", kind, os.Getpid(), strings.ToLower(rand.Text()[:10]))
}

func (m *template) makePostgres(build func(*db.DB) error) error {
	on, err := server()
	if err != nil {
		return err
	}
	m.name = newName("template")
	// template0, and C.UTF-8: then ORDER BY sorts as SQLite does.
	if _, err := on.pool.Exec("CREATE DATABASE " + m.name + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"); err != nil {
		return err
	}
	return fill(on.database(m.name), build)
}

func (m *template) copyPostgres(t testing.TB) string {
	t.Helper()
	on, err := server()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	name := newName("test")
	if _, err := on.pool.Exec("CREATE DATABASE " + name + " TEMPLATE " + m.name + " STRATEGY FILE_COPY"); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _, _ = on.pool.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	return on.database(name)
}

// PGServer is a PostgreSQL server of the test's own, to stop and start. It is gone after the test.
func PGServer(t testing.TB) *Server {
	t.Helper()
	s, err := StartServer()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}
