package db

import (
	"context"
	"io/fs"
)

// MigrateFrom is Migrate with other files than the embedded ones.
func MigrateFrom(ctx context.Context, d *DB, files fs.FS) error {
	known, err := readMigrations(files, ".", d.dialect)
	if err != nil {
		return err
	}
	return d.migrate(ctx, known)
}

// Numbered is the text as PostgreSQL gets it.
func Numbered(text string) string { return numbered(text) }

// DDL is a migration's text as the database gets it.
func (d *DB) DDL(text string) string { return d.ddl(text) }

// ToSQLite is a migration's text as SQLite gets it.
func ToSQLite(text string) string { return toSQLite(text) }
