package store

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// AccountsPlan is how a list of people would be read: by the words of its search, or by its organizations, which sizes tells.
func AccountsPlan(ctx context.Context, tx *db.Tx, within access.Within, f AccountFilter) (byWords bool, sizes db.Frag, err error) {
	if err := followIndexes(ctx, tx); err != nil {
		return false, db.Frag{}, err
	}
	l, err := planAccounts(ctx, tx, within, f)
	if err != nil {
		return false, db.Frag{}, err
	}
	return l.dense, l.sizes(), nil
}
