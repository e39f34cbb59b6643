package job

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/store/files"
)

const (
	// sweepEvery is how often it is looked for files that nobody refers to any more.
	sweepEvery = time.Hour
	// sweepAfter is how long such bytes stay: longer than a form with files takes to be filled in and sent.
	sweepAfter = 24 * time.Hour
	// sweepBatch is how many bytes are asked about in one transaction.
	sweepBatch = 200
)

// Sweep deletes the bytes of files that no file refers to, a day after they last came. They go within a writing transaction, as
// whoever refers to bytes asks whether they are there within one: so nobody refers to bytes that are going.
func (r *Runner) Sweep(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	var batch []string
	sweep := func() error {
		defer func() { batch = batch[:0] }()
		var unused []string
		err := r.env.DB.Read(ctx, func(tx *db.Tx) (err error) { // most of what is kept is used: look before keeping others from writing
			unused, err = files.Unused(ctx, tx, batch)
			return err
		})
		if err != nil || len(unused) == 0 {
			return err
		}
		return r.env.DB.Write(ctx, func(tx *db.Tx) error {
			unused, err := files.Unused(ctx, tx, unused)
			if err != nil {
				return err
			}
			for _, hash := range unused {
				if r.env.Files.Fresh(hash, r.before()) { // it came again meanwhile
					continue
				}
				if err := r.env.Files.Remove(hash); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = r.env.Files.Each(ctx, r.before(), func(b file.Blob) error {
		if batch = append(batch, b.Hash); len(batch) < sweepBatch {
			return nil
		}
		return sweep()
	})
	if err == nil {
		err = sweep()
	}
	return false, err
}

func (r *Runner) before() time.Time { return r.env.Now().Add(-sweepAfter) }
