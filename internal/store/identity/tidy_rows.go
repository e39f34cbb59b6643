package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// How long messages of the outbox are kept: those that were sent or given up.
const outboxKept = 30 * 24 * time.Hour

// toldKept is how long it is kept, after a work was due, who was told of it.
const toldKept = 30 * 24 * time.Hour

// tidyRows deletes what counts no more: sessions that ended, links to set a password that are over, failures to sign in that
// are no longer counted, who was told of what was due, and messages that were sent or given up long ago. It deletes so many of each at most, so that
// nobody waits for it, and tells whether there may be more.
func tidyRows(ctx context.Context, tx *db.Tx, most int, now time.Time) (more bool, err error) {
	at := db.Micros(now)
	for _, part := range []struct {
		table, key, where string
		args              []any
	}{
		{"sessions", "id", "until <= ?", []any{at}},
		{"sessions", "id", "kind = 'browser' AND seen_at <= ?", []any{db.Micros(now.Add(-store.SessionIdle))}},
		{"sessions", "id", "kind IN ('acting', 'visit') AND seen_at <= ?", []any{db.Micros(now.Add(-store.ActingIdle))}},
		{"actings", "id", "began_at <= ?", []any{db.Micros(now.Add(-store.ActingsKept))}},
		{"visits", "id", "began_at <= ?", []any{db.Micros(now.Add(-store.ActingsKept))}},
		{"password_resets", "id", "until <= ?", []any{at}},
		{"attempts", "(portal_id, subject)", "since <= ?", []any{db.Micros(now.Add(-store.AttemptWindow))}},
		{"due_told", "(account_id, thing_id)", "due_at > ? AND due_at <= ? AND NOT EXISTS (SELECT 1 FROM requirements r WHERE r.id = due_told.thing_id)", // those of requirements count on
			[]any{db.Micros(now.Add(-3 * toldKept)), db.Micros(now.Add(-toldKept))}},
		{"outbox", "id", "created_at <= ? AND (sent_at <> 0 OR due_at = ?)", []any{db.Micros(now.Add(-outboxKept)), db.Never}},
	} {
		n, err := tx.Exec(ctx, db.SQL(fmt.Sprintf(`DELETE FROM %s WHERE %s IN (SELECT %s FROM %s WHERE %s LIMIT %d)`,
			part.table, part.key, strings.Trim(part.key, "()"), part.table, part.where, most), part.args...))
		if err != nil {
			return false, fmt.Errorf("tidy %s: %w", part.table, err)
		}
		more = more || n == int64(most)
	}
	n, err := tx.Exec(ctx, db.SQL(`UPDATE lessons SET body = '', video = '' WHERE id IN (SELECT l.id FROM courses c JOIN lessons l ON l.course_id = c.id
		WHERE c.deleted_at <> 0 AND c.deleted_at <= ? AND (l.body <> '' OR l.video <> '') LIMIT ?)`, db.Micros(now.Add(-courseKept)), most))
	return more || n == int64(most), err
}

// courseKept is how long the lessons of a deleted course are kept, for who runs the server to bring back what was deleted by mistake.
const courseKept = 30 * 24 * time.Hour

// Restored makes a database that was filled from a backup safe to serve: sessions and links to set a password that have
// ended since are not open again, and messages that were sent since are not sent twice.
func Restored(ctx context.Context, tx *db.Tx) error {
	for _, q := range []db.Frag{
		db.SQL(`DELETE FROM sessions WHERE kind NOT IN ('token', 'embed_link', 'embed')`),
		db.SQL(`DELETE FROM password_resets`),
		db.SQL(`UPDATE outbox SET due_at = ?, body = '', failed = 'not sent: restored from a backup' WHERE sent_at = 0 AND due_at < ?`, db.Never, db.Never),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
