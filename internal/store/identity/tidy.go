package identity

import (
	"context"
	"time"

	"provost/internal/db"
)

// Tidy deletes what counts no more, and takes for good what can no longer be restored: so many rows of a kind at most. It tells
// whether there may be more.
func Tidy(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	if more, err = tidyRows(ctx, tx, most, now); err != nil {
		return false, err
	}
	gone, err := PurgePortals(ctx, tx, most, now)
	if err != nil {
		return false, err
	}
	erased, err := eraseDue(ctx, tx, max(1, most/10), now)
	return more || gone || erased, err
}
