package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers "sqlite"

	"provost/internal/fail"
)

// Dialect is which of the two databases is behind a DB.
type Dialect int

const (
	// SQLite is one file, for one node.
	SQLite Dialect = iota
	// Postgres is a server, for many nodes.
	Postgres
)

// String is the dialect as it stands in the names of migrations: "sqlite" or "postgres".
func (d Dialect) String() string { return [...]string{"sqlite", "postgres"}[d] }

// patience is the deadline of every wait, statement and commit whose context has none.
const patience = 30 * time.Second

// DB is an open database. It may be used by many goroutines.
type DB struct {
	dialect Dialect
	path    string // of SQLite's file
	reader  *sql.DB
	writer  *sql.DB
}

// Open opens a database: "portal.db" or "sqlite:portal.db" is a file, made if need be; "postgres://..." and
// "host=... dbname=..." are a server. Migrate it before use.
func Open(ctx context.Context, dsn string) (*DB, error) {
	open := openSQLite
	if isPostgres(dsn) {
		open = openPostgres
	}
	d, err := open(dsn)
	if err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	// The writer first: it makes SQLite's file and puts it in WAL mode.
	if err := errors.Join(ping(ctx, d.writer), ping(ctx, d.reader)); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("db: open: %w", judged(err))
	}
	return d, nil
}

// ping connects. SQLite does not wait its turn when several processes put a new file in WAL mode, so it is asked again.
func ping(ctx context.Context, pool *sql.DB) error {
	for {
		if err := pool.PingContext(ctx); !locked(err) || !pause(ctx, 5*time.Millisecond) {
			return err
		}
	}
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") ||
		strings.Contains(dsn, "host=") || strings.Contains(dsn, "dbname=")
}

// openSQLite keeps one connection that writes, always BEGIN IMMEDIATE, and some that cannot.
// synchronous=FULL: NORMAL loses acknowledged commits when the power fails.
func openSQLite(dsn string) (*DB, error) {
	path := strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite:"), "file:")
	if path == "" || strings.ContainsAny(path, "?\x00") || strings.HasPrefix(path, ":memory:") {
		return nil, fmt.Errorf("db: %q is not the name of a database file", dsn)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	if dir := filepath.Dir(path); !isDir(dir) {
		return nil, fmt.Errorf("db: there is no folder %s for the database", dir)
	}
	d := &DB{dialect: SQLite, path: path}
	d.writer = d.pool("&_pragma=busy_timeout(200)&_pragma=journal_size_limit(67108864)&_pragma=analysis_limit(10000)&_txlock=immediate")
	d.writer.SetMaxOpenConns(1)
	d.reader = d.pool("&_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	readers := max(4, runtime.NumCPU())
	d.reader.SetMaxOpenConns(readers)
	d.reader.SetMaxIdleConns(readers)
	return d, nil
}

func (d *DB) pool(more string) *sql.DB {
	name := "file:" + (&url.URL{Path: d.path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-16384)" + more
	return sql.OpenDB(remembering{name})
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// openPostgres keeps few connections: writers wait for one another anyway, and a node needs no more readers than it has work for.
func openPostgres(dsn string) (*DB, error) {
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = 5 * time.Second
	}
	// A node that vanished must not keep the writers' lock: the server looks for it and lets go.
	defaults := map[string]string{"application_name": "provost", "timezone": "UTC", "idle_in_transaction_session_timeout": "300000",
		"tcp_keepalives_idle": "15", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
	for name, value := range defaults {
		if _, set := conf.RuntimeParams[name]; !set {
			conf.RuntimeParams[name] = value
		}
	}
	d := &DB{dialect: Postgres, reader: stdlib.OpenDB(*conf), writer: stdlib.OpenDB(*conf)}
	for _, pool := range []*sql.DB{d.reader, d.writer} {
		pool.SetMaxOpenConns(4)
		pool.SetMaxIdleConns(4)
		pool.SetConnMaxIdleTime(5 * time.Minute)
	}
	return d, nil
}

// Close closes every connection, after the transactions that still run.
func (d *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{d.reader, d.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return judged(d.reader.PingContext(ctx))
}

// Dialect is which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Backup writes a whole, consistent copy of a SQLite database to a new file, while others read and write; Save is for both databases.
// On PostgreSQL it refuses, as Invalid: the server's own tools do that.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.dialect != SQLite {
		return fail.New(fail.Invalid, "Back up a PostgreSQL database with pg_dump or pg_basebackup.")
	}
	if _, err := os.Lstat(path); err == nil {
		return fail.New(fail.Conflict, "There is a file "+path+" already.")
	}
	pool := d.pool("&_pragma=busy_timeout(5000)")
	defer pool.Close()
	part := path + ".part"
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		_ = os.Remove(part)
		return fmt.Errorf("db: backup: %w", err)
	}
	if err := settle(part, path); err != nil {
		return fmt.Errorf("db: backup: %w", err)
	}
	return nil
}

// Analyze tells the database what its tables hold, so that it plans queries well: after a large import. It is one writing transaction.
func (d *DB) Analyze(ctx context.Context) error {
	return d.Write(ctx, func(t *Tx) error {
		_, err := t.Exec(ctx, SQL("ANALYZE"))
		return err
	})
}

// settle gives a finished file its name once its bytes are on the disk, so that a file of that name is always whole.
func settle(part, path string) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// bounded is ctx with a deadline.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, patience)
}

// discard throws a connection away, with whatever it may still hold.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}
