package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations
var migrations embed.FS

type migration struct {
	version  int64
	name     string
	text     string
	checksum string
}

// Migrate brings the database to the newest form that this binary knows, all steps in one transaction.
// Several nodes may do so at once. It refuses a database that is newer than the binary, or whose applied steps differ from the binary's.
func (d *DB) Migrate(ctx context.Context) error {
	known, err := readMigrations(migrations, "migrations", d.dialect)
	if err != nil {
		return err
	}
	return d.migrate(ctx, known)
}

// Current tells, by an error, where the database is not in the form that this binary knows.
func (d *DB) Current(ctx context.Context) error {
	known, err := readMigrations(migrations, "migrations", d.dialect)
	if err != nil {
		return err
	}
	return d.Read(ctx, func(t *Tx) error {
		applied, err := All(ctx, t, SQL("SELECT version, name, checksum FROM schema_migrations ORDER BY version"), scanMigration)
		if err != nil {
			return fmt.Errorf("db: the database was never migrated: %w", err)
		}
		pending, err := compare(known, applied)
		if err == nil && len(pending) > 0 {
			err = fmt.Errorf("db: the database is older than this program: it lacks step %s", pending[0].name)
		}
		return err
	})
}

func (d *DB) migrate(ctx context.Context, known []migration) error {
	if _, has := ctx.Deadline(); !has {
		// Rebuilding a large table takes its time.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Hour)
		defer cancel()
	}
	err := d.Write(ctx, func(t *Tx) error {
		_, err := t.Exec(ctx, SQL(d.ddl(`CREATE TABLE IF NOT EXISTS schema_migrations (
	version BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	checksum TEXT NOT NULL,
	applied_at BIGINT NOT NULL
);`)))
		if err != nil {
			return err
		}
		applied, err := All(ctx, t, SQL("SELECT version, name, checksum FROM schema_migrations ORDER BY version"), scanMigration)
		if err != nil {
			return err
		}
		pending, err := compare(known, applied)
		if err != nil {
			return err
		}
		for _, m := range pending {
			if err := t.apply(ctx, m); err != nil {
				return fmt.Errorf("migration %s: %w", m.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("db: migrate: %w", err)
	}
	return nil
}

func scanMigration(row Scanner) (m migration, err error) {
	return m, row.Scan(&m.version, &m.name, &m.checksum)
}

// compare is what has still to be applied.
func compare(known, applied []migration) ([]migration, error) {
	for i, a := range applied {
		switch {
		case i >= len(known):
			return nil, fmt.Errorf("the database is newer than this program: it has step %s, the program ends before it", a.name)
		case known[i].version != a.version:
			return nil, fmt.Errorf("the database has step %s where this program has %s", a.name, known[i].name)
		case known[i].checksum != a.checksum:
			return nil, fmt.Errorf("step %s was changed after it had been applied to this database", a.name)
		}
	}
	return known[len(applied):], nil
}

func (t *Tx) apply(ctx context.Context, m migration) error {
	// Straight to the driver: a step is many statements, and a '?' in it is no placeholder.
	if _, err := t.tx.ExecContext(ctx, m.text); err != nil {
		return t.spoil(ctx, err)
	}
	now := Micros(epoch.Add(time.Since(epoch)))
	_, err := t.Exec(ctx, SQL("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)", m.version, m.name, m.checksum, now))
	return err
}

var fileName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+(\.sqlite|\.postgres)?\.sql$`)

// readMigrations reads the steps for one database in their order: 0042_x.sql for both, or 0042_x.sqlite.sql beside 0042_x.postgres.sql.
func readMigrations(files fs.FS, dir string, dialect Dialect) ([]migration, error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	var out []migration
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".sql") {
			continue
		}
		parts := fileName.FindStringSubmatch(e.Name())
		if parts == nil {
			return nil, fmt.Errorf("db: %s is not the name of a migration", e.Name())
		}
		if parts[2] != "" && parts[2] != "."+dialect.String() {
			continue
		}
		m, err := readMigration(files, path.Join(dir, e.Name()), parts, dialect)
		if err != nil {
			return nil, err
		}
		if n := len(out); n > 0 && out[n-1].version == m.version {
			return nil, fmt.Errorf("db: two migrations have the number %s", parts[1])
		}
		out = append(out, m)
	}
	return out, nil
}

func readMigration(files fs.FS, name string, parts []string, dialect Dialect) (migration, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return migration{}, fmt.Errorf("db: %w", err)
	}
	version, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || version == 0 {
		return migration{}, errors.New("db: migrations count from 0001")
	}
	text := string(raw)
	if parts[2] == "" && dialect == SQLite {
		text = toSQLite(text)
	}
	sum := sha256.Sum256(raw)
	return migration{version, path.Base(name), text, hex.EncodeToString(sum[:])}, nil
}

func (d *DB) ddl(text string) string {
	if d.dialect == SQLite {
		return toSQLite(text)
	}
	return text
}

var (
	pgTypes     = regexp.MustCompile(`(?s)'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|\b(?:BIGINT|BOOLEAN|DOUBLE PRECISION|BYTEA)\b`)
	tableEnd    = regexp.MustCompile(`(?m)^\);`)
	sqliteTypes = map[string]string{"BIGINT": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE PRECISION": "REAL", "BYTEA": "BLOB"}
)

// toSQLite turns PostgreSQL's types into SQLite's, and each table whose definition ends with ");" on a line of its own into a STRICT one.
// BIGINT PRIMARY KEY becomes INTEGER PRIMARY KEY, which is the row's own number: the fastest key SQLite has.
func toSQLite(text string) string {
	text = pgTypes.ReplaceAllStringFunc(text, func(s string) string {
		if to, ok := sqliteTypes[s]; ok {
			return to
		}
		return s
	})
	return tableEnd.ReplaceAllString(text, ") STRICT;")
}
