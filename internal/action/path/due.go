package path

import (
	"context"

	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store/path"
)

// mostDue is how much of a kind is done at once.
const mostDue = 2000

// Due does what is due by itself, in all portals, and tells whether there may be more: it gives the certificates and opens the
// courses that nobody was there to give and to open, and finds out of whom courses are required.
func Due(ctx context.Context, env *op.Env) (more bool, err error) {
	var late, waiting []db.ID
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to do
		if late, err = path.Late(ctx, tx, mostDue); err != nil {
			return err
		}
		waiting, err = path.Waiting(ctx, tx, mostDue, env.Now())
		return err
	})
	if err == nil && len(late)+len(waiting) > 0 {
		err = env.DB.Write(ctx, func(tx *db.Tx) error {
			if err := path.GiveDue(ctx, tx, late, env.Now()); err != nil {
				return err
			}
			return path.AdvanceOf(ctx, tx, waiting, env.Now())
		})
	}
	if err != nil {
		return false, err
	}
	return max(len(late), len(waiting)) == mostDue, sync(ctx, env)
}

// sync brings of whom what is required, and what they have done of it, up to now.
func sync(ctx context.Context, env *op.Env) error {
	now := env.Now()
	unsynced := false
	err := env.DB.Read(ctx, func(tx *db.Tx) (err error) { // reading first
		unsynced, err = path.Unsynced(ctx, tx, now)
		return err
	})
	if err != nil || !unsynced {
		return err
	}
	return env.DB.Write(ctx, func(tx *db.Tx) error { return path.SyncAll(ctx, tx, now) })
}
