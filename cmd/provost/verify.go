package main

import (
	"context"
	"fmt"
	"time"

	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/store"
	"provost/internal/store/files"
)

// wholeLimit is how long a command may take that reads the whole database.
const wholeLimit = 6 * time.Hour

type verifyCommand struct{}

// Run tells every fault of the database, and fails where there is one.
func (v *verifyCommand) Run(ctx context.Context, c *config) error {
	d, err := c.existing(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	return verify(ctx, d, c.folder())
}

// verify prints what is wrong with a database and the files that it names, a line for each fault.
func verify(ctx context.Context, d *db.DB, kept *file.Folder) error {
	ctx, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	return d.Read(ctx, func(tx *db.Tx) error {
		faults, err := store.Verify(ctx, tx)
		if err != nil {
			return err
		}
		var names map[db.ID]string
		if len(faults) == 0 || faults[0].Portal != 0 { // of a damaged file nothing else is read
			if names, err = store.PortalNames(ctx, tx); err != nil {
				return err
			}
		}
		for _, f := range faults {
			who := "The database"
			if f.Portal != 0 {
				who = fmt.Sprintf("The portal %q (%s)", names[f.Portal], f.Portal)
			}
			fmt.Printf("%s %s.\n", who, f.What)
		}
		if len(faults) == 0 || faults[0].Portal != 0 {
			lost, err := verifyFiles(ctx, tx, kept)
			if err != nil {
				return err
			}
			faults = append(faults, lost...)
		}
		if len(faults) > 0 {
			return fmt.Errorf("verify: %d faults", len(faults))
		}
		portals, err := store.Portals(ctx, tx)
		deleted := 0
		for _, p := range portals {
			if !p.Deleted.IsZero() {
				deleted++
			}
		}
		if deleted > 0 {
			fmt.Printf("Verified: %d portals, %d of them deleted, no fault.\n", len(portals), deleted)
			return err
		}
		fmt.Printf("Verified: %d portals, no fault.\n", len(names))
		return err
	})
}

// verifyFiles reads the bytes of every file, and tells which are not what was kept.
func verifyFiles(ctx context.Context, tx *db.Tx, kept *file.Folder) (out []store.Fault, err error) {
	for b, err := range files.EachBlob(ctx, tx) {
		if err != nil {
			return nil, err
		}
		if wrong := kept.Check(ctx, file.Blob(b)); wrong != "" {
			fmt.Printf("The file %s in %s %s.\n", b.Hash, kept.Path(), wrong)
			out = append(out, store.Fault{What: "names a file that " + wrong})
		}
	}
	return out, ctx.Err()
}
