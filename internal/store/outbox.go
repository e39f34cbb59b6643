package store

import (
	"context"
	"time"

	"provost/internal/db"
)

// Enqueue writes a message to the outbox, in the transaction of what causes it: it is sent when that counts, and only then.
// The body is plain text. What follows a token in it is shown to nobody but the one it is sent to.
func Enqueue(ctx context.Context, tx *db.Tx, portal db.ID, to, subject, body string, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO outbox (id, portal_id, recipient, subject, body, created_at, due_at, tries, sent_at, failed)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, '')`, db.NewID(), portal, to, subject, body, db.Micros(now), db.Micros(now)))
	return err
}
