package store

import (
	"context"
	"time"

	"provost/internal/db"
)

// PortalKept is how long a deleted portal can be restored (SA-2).
const PortalKept = 30 * 24 * time.Hour

// FinalAt is when a deleted portal, and all that is in it, is gone for ever.
func (p Portal) FinalAt() time.Time { return p.Deleted.Add(PortalKept) }

// PortalDeleted tells whether a portal was deleted.
func PortalDeleted(ctx context.Context, tx *db.Tx, portal db.ID) (bool, error) {
	return db.Val[bool](ctx, tx, db.SQL(`SELECT deleted_at <> 0 FROM portals WHERE id = ?`, portal))
}
