package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/store/files"
)

// saveWithFiles writes a backup, and the files that it names into a folder beside it. Files are copied before the database, and
// once more after it: what is swept away while this runs was there before, and what comes meanwhile is not swept away. So all
// that the backup names is found.
func saveWithFiles(ctx context.Context, d *db.DB, kept *file.Folder, path string) (err error) {
	to := filesOf(path)
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(to.Path()))
		}
	}()
	err = d.Read(ctx, func(tx *db.Tx) error { return copyFiles(ctx, tx, kept, to, true) })
	if err != nil {
		return err
	}
	if err := d.Save(ctx, path); err != nil {
		return err
	}
	saved, err := db.Open(ctx, path)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	err = saved.Read(ctx, func(tx *db.Tx) error {
		for b, err := range files.EachBlob(ctx, tx) {
			if err != nil {
				return err
			}
			named[b.Hash] = true
		}
		return copyFiles(ctx, tx, kept, to, false)
	})
	if err = errors.Join(err, saved.Close()); err != nil {
		return err
	}
	return to.Each(ctx, time.Now().Add(time.Hour), func(b file.Blob) error {
		if named[b.Hash] {
			return nil
		}
		return to.Remove(b.Hash) // no file of the backup has these bytes
	})
}

// copyFiles copies the bytes of every file that a database names. One that is gone may be so where more will be looked for.
func copyFiles(ctx context.Context, tx *db.Tx, from, to *file.Folder, mayBeGone bool) error {
	for b, err := range files.EachBlob(ctx, tx) {
		if err != nil {
			return err
		}
		if to.Has(b.Hash) {
			continue
		}
		if err := to.Copy(ctx, from, file.Blob(b)); err != nil && (!mayBeGone || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return nil
}

// loadFiles copies the files beside a backup to where this portal keeps its own. Those that no database names, because the
// backup is not taken, are swept away later.
func loadFiles(ctx context.Context, path string, to *file.Folder) error {
	from := filesOf(path)
	if from.Path() == to.Path() {
		return nil
	}
	return from.Each(ctx, time.Now().Add(time.Hour), func(b file.Blob) error {
		if to.Has(b.Hash) {
			return nil
		}
		return to.Copy(ctx, from, b)
	})
}
