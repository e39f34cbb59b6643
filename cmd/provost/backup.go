package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store/identity"
)

type backupCommand struct {
	File string `arg:"" help:"The file to write; it must not exist yet." type:"path"`
}

// Run writes the backup. The file has its name only once it is whole and on the disk.
func (b *backupCommand) Run(ctx context.Context, c *config) error {
	d, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	ctx, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	if _, err := os.Lstat(filesOf(b.File).Path()); err == nil {
		return fmt.Errorf("there is a folder %s already", filesOf(b.File).Path())
	}
	if err := saveWithFiles(ctx, d, c.folder(), b.File); err != nil {
		return err
	}
	info, err := os.Stat(b.File)
	if err != nil {
		return err
	}
	fmt.Printf("Wrote %s, %.1f MB.\n", b.File, float64(info.Size())/1e6)
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"A file that provost backup wrote." type:"existingfile"`
}

// Run fills the database, which must hold nothing yet, and verifies it. Whole or nothing.
func (r *restoreCommand) Run(ctx context.Context, c *config) error {
	if path, ok := db.File(c.Database); ok && same(path, r.File) {
		return errors.New("the backup and the database are the same file")
	}
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	ctx, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	if err := loadFiles(ctx, r.File, c.folder()); err != nil {
		return err
	}
	err = d.Load(ctx, r.File, func(tx *db.Tx) error { return identity.Restored(ctx, tx) })
	if fail.Is(err, fail.Conflict) {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	if err != nil {
		return err
	}
	if err := d.Analyze(ctx); err != nil {
		return err
	}
	fmt.Println("Restored. Everybody signs in again; mail that was waiting is not sent.")
	return verify(ctx, d, c.folder())
}

func same(a, b string) bool {
	a, errA := filepath.Abs(a)
	b, errB := filepath.Abs(b)
	return errA == nil && errB == nil && a == b
}
