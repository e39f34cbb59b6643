package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"provost/internal/fail"
)

// File is the file of a database's address; ok is false where the address is a server's.
func File(dsn string) (path string, ok bool) {
	if isPostgres(dsn) {
		return "", false
	}
	return strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite:"), "file:"), true
}

// Save writes the whole database, as of one moment, into a new SQLite file, while others read and write. The file has
// its name only once it is whole.
func (d *DB) Save(ctx context.Context, path string) error {
	if d.dialect == SQLite {
		return d.Backup(ctx, path)
	}
	if _, err := os.Lstat(path); err == nil {
		return fail.New(fail.Conflict, "There is a file "+path+" already.")
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) { // of a backup that was killed
		return fmt.Errorf("db: backup: %w", err)
	}
	err := d.saveInto(ctx, part)
	if err == nil {
		err = settle(part, path)
	}
	if err != nil {
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(part + end)
		}
		return fmt.Errorf("db: backup: %w", err)
	}
	return nil
}

func (d *DB) saveInto(ctx context.Context, path string) error {
	to, err := Open(ctx, path)
	if err != nil {
		return err
	}
	if err := to.Migrate(ctx); err != nil {
		return errors.Join(err, to.Close())
	}
	return errors.Join(Copy(ctx, d, to), to.Close())
}

// Load fills a migrated database that holds nothing from a file that Save wrote, which an older version of this program
// may have done; change makes of it what is to be loaded, and the file stays as it is. Whole or nothing: what fails leaves
// the database empty.
func (d *DB) Load(ctx context.Context, path string, change func(*Tx) error) error {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return fail.New(fail.Conflict, path+" is the database of a running portal, not a backup: make one of it first.")
	}
	dir, err := os.MkdirTemp("", "provost-restore-")
	if err != nil {
		return fmt.Errorf("db: restore: %w", err)
	}
	defer os.RemoveAll(dir)
	work := filepath.Join(dir, "backup.db")
	if err := copyFile(path, work); err != nil {
		return fmt.Errorf("db: restore: %w", err)
	}
	from, err := Open(ctx, work)
	if err != nil {
		return fmt.Errorf("%s is not a backup: %w", path, err)
	}
	defer from.Close()
	if !from.migrated(ctx) {
		return fail.New(fail.Invalid, path+" is not a backup of Provost.")
	}
	if err := from.Migrate(ctx); err != nil {
		return err
	}
	if err := from.Write(ctx, change); err != nil {
		return err
	}
	return Copy(ctx, from, d)
}

// Damage is what SQLite finds wrong with the form of its file, so many things at most; PostgreSQL checks its own.
func Damage(ctx context.Context, t *Tx, most int) ([]string, error) {
	if t.dialect != SQLite {
		return nil, nil
	}
	said, err := All(ctx, t, SQL(fmt.Sprintf(`PRAGMA integrity_check(%d)`, most)), scanText)
	if len(said) == 1 && said[0] == "ok" {
		said = nil
	}
	return said, err
}

// migrated tells whether a database was ever migrated.
func (d *DB) migrated(ctx context.Context) bool {
	return d.Read(ctx, func(t *Tx) error {
		_, err := Val[int64](ctx, t, SQL(`SELECT count(*) FROM schema_migrations`))
		return err
	}) == nil
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
