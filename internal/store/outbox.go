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

// notDeleted leaves out what waited when its portal was deleted: it is sent when the portal is restored, or never.
const notDeleted = `NOT EXISTS (SELECT 1 FROM portals p WHERE p.id = o.portal_id AND p.deleted_at > o.created_at)`

// Outgoing is a message of the outbox that somebody has claimed in order to send it.
type Outgoing struct {
	ID, Portal        db.ID
	To, Subject, Body string
	Created           time.Time
	// Saved is the saved report that it brings, to Account; zero for none.
	Saved, Account db.ID
	// FromName and From are the sender of the portal's own brand (SignOutbox); empty for the server's.
	FromName, From string
	// Try counts the claims; who claimed it once more than another has taken it over.
	Try int
}

func scanOutgoing(s db.Scanner) (m Outgoing, err error) {
	var created int64
	err = s.Scan(&m.ID, &m.Portal, &m.To, &m.Subject, &m.Body, &created, &m.Try, &m.Saved, &m.Account)
	m.Created = db.Time(created)
	return m, err
}

// OutboxDue tells whether any message is to be sent now.
func OutboxDue(ctx context.Context, tx *db.Tx, now time.Time) (bool, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM outbox o WHERE o.sent_at = 0 AND o.due_at <= ? AND `+notDeleted+` LIMIT 1) one`, db.Micros(now)))
	return n > 0, err
}

// ClaimOutbox takes messages that are due, so many at most, for the time of a lease: nobody else sends them until it ends.
// Writers wait for one another, so two nodes never claim the same.
func ClaimOutbox(ctx context.Context, tx *db.Tx, most int, lease time.Duration, now time.Time) ([]Outgoing, error) {
	return db.All(ctx, tx, db.SQL(`UPDATE outbox SET due_at = ?, tries = tries + 1 WHERE id IN
		(SELECT o.id FROM outbox o WHERE o.sent_at = 0 AND o.due_at <= ? AND `+notDeleted+` ORDER BY o.due_at, o.id LIMIT ?)
		RETURNING id, portal_id, recipient, subject, body, created_at, tries, saved_id, account_id`, db.Micros(now.Add(lease)), db.Micros(now), most), scanOutgoing)
}

// SignOutbox fills in the senders of messages, as the portals that they come from have them now.
func SignOutbox(ctx context.Context, tx *db.Tx, list []Outgoing) error {
	known := map[db.ID]Portal{}
	for i := range list {
		m := &list[i]
		p, ok := known[m.Portal]
		if !ok {
			var err error
			if p, err = PortalOf(ctx, tx, m.Portal); err != nil {
				return err
			}
			known[m.Portal] = p
		}
		m.FromName, m.From = p.Sender()
	}
	return nil
}

// OutboxSent notes that a claimed message was taken by its server. Its text is forgotten: it may hold a link that still counts.
func OutboxSent(ctx context.Context, tx *db.Tx, m Outgoing, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE outbox SET sent_at = ?, failed = '', body = '' WHERE id = ? AND tries = ?`, db.Micros(now), m.ID, m.Try))
	return err
}

// OutboxLater lets a claimed message wait, and says why.
func OutboxLater(ctx context.Context, tx *db.Tx, m Outgoing, due time.Time, why string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE outbox SET due_at = ?, failed = ? WHERE id = ? AND tries = ?`, db.Micros(due), why, m.ID, m.Try))
	return err
}

// OutboxFailed gives a claimed message up, and says why.
func OutboxFailed(ctx context.Context, tx *db.Tx, m Outgoing, why string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE outbox SET due_at = ?, failed = ?, body = '' WHERE id = ? AND tries = ?`, db.Never, why, m.ID, m.Try))
	return err
}
