package identity

import (
	"context"
	"time"

	"provost/internal/db"
)

// Tidy takes for good what can no longer be restored, so many rows of a kind at most, and tells whether there may be more.
func Tidy(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	more, err = PurgePortals(ctx, tx, most, now)
	if err != nil {
		return false, err
	}
	erased, err := eraseDue(ctx, tx, max(1, most/10), now)
	return more || erased, err
}
