package tenant

import (
	"context"
	"time"

	"provost/internal/db"
)

// OutboxState is how a message of the outbox stands.
type OutboxState struct {
	To, Subject string
	Tries       int
	// Sent is when it was sent; zero for not yet. Due is when it is tried next; zero for never.
	Sent, Due time.Time
	// Failed is why it was not sent the last time; empty for no reason.
	Failed string
}

// ListOutbox is how the last messages of a portal stand, newest first, for those who run the server.
func ListOutbox(ctx context.Context, tx *db.Tx, portal db.ID, most int) ([]OutboxState, error) {
	return db.All(ctx, tx, db.SQL(`SELECT recipient, subject, tries, sent_at, due_at, failed FROM outbox WHERE portal_id = ? ORDER BY id DESC LIMIT ?`, portal, most),
		func(s db.Scanner) (o OutboxState, err error) {
			var sent, due int64
			err = s.Scan(&o.To, &o.Subject, &o.Tries, &sent, &due, &o.Failed)
			o.Sent, o.Due = db.TimeOrZero(sent), db.EndOrZero(due)
			return o, err
		})
}
