package path

import (
	"context"

	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store/path"
)

// mostDue is how much of a kind is done at once.
const mostDue = 2000

// Due does what is due by itself, in all portals, and tells whether there may be more: it gives the certificates that nobody was there to give.
func Due(ctx context.Context, env *op.Env) (more bool, err error) {
	var late []db.ID
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to do
		late, err = path.Late(ctx, tx, mostDue)
		return err
	})
	if err == nil && len(late) > 0 {
		err = env.DB.Write(ctx, func(tx *db.Tx) error { return path.GiveDue(ctx, tx, late, env.Now()) })
	}
	return len(late) == mostDue, err
}
