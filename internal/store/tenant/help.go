package tenant

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// HelpPage is what a portal's administrators wrote into one item of the Help center, as Markdown.
type HelpPage struct {
	Item, Body string
	Changed    time.Time
}

// HelpPages are the pages that a portal's administrators wrote, by item. Which of them somebody may open is asked by item.
func HelpPages(ctx context.Context, tx *db.Tx, portal db.ID) (map[string]HelpPage, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT item, body, changed_at FROM help_pages WHERE portal_id = ?`, portal), func(s db.Scanner) (p HelpPage, err error) {
		var at int64
		err = s.Scan(&p.Item, &p.Body, &at)
		p.Changed = db.Time(at)
		return p, err
	})
	out := make(map[string]HelpPage, len(rows))
	for _, p := range rows {
		out[p.Item] = p
	}
	return out, err
}

// SaveHelpPage writes one item of a portal's Help center.
func SaveHelpPage(ctx context.Context, tx *db.Tx, p store.Portal, item, body string, by db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO help_pages (portal_id, item, body, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (portal_id, item) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		p.ID, item, body, db.Micros(now), by))
	return err
}
