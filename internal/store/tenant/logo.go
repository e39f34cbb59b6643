// Package tenant holds the nouns of a tenant's own: its logo, its Help center, its plan, and what becomes of organizations.
package tenant

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// AddLogo keeps a portal's logo, a PNG, under the hash of its bytes, and forgets those before it.
func AddLogo(ctx context.Context, tx *db.Tx, p store.Portal, hash string, body []byte, now time.Time) error {
	if err := DropLogos(ctx, tx, p); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO logos (portal_id, hash, body, added_at) VALUES (?, ?, ?, ?)`, p.ID, hash, body, db.Micros(now)))
	return err
}

// DropLogos forgets a portal's logo.
func DropLogos(ctx context.Context, tx *db.Tx, p store.Portal) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM logos WHERE portal_id = ?`, p.ID))
	return err
}

// LogoOf is the PNG of a portal's logo, for anybody who reaches the portal: NotFound where there is none of the hash.
func LogoOf(ctx context.Context, tx *db.Tx, portal db.ID, hash string) ([]byte, error) {
	return db.One(ctx, tx, db.SQL(`SELECT body FROM logos WHERE portal_id = ? AND hash = ?`, portal, hash),
		func(s db.Scanner) (body []byte, err error) { return body, s.Scan(&body) })
}
