package store

import (
	"context"
	"encoding/hex"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// ResetLasts is how long the link to set a new password lasts.
const ResetLasts = time.Hour

// Reset is the right to set a new password once: whoever holds its token has read the person's mail.
type Reset struct {
	Account               db.ID
	Name, Username, Email string
	Until                 time.Time
	// Archived: the account is closed since.
	Archived bool
}

// Thing is the account that the password is of.
func (r Reset) Thing(portal db.ID) access.Thing {
	return access.Thing{Kind: access.Account, ID: r.Account, Portal: portal}
}

func scanReset(s db.Scanner) (r Reset, err error) {
	var until int64
	err = s.Scan(&r.Account, &r.Name, &r.Username, &r.Email, &r.Archived, &until)
	r.Until = db.Time(until)
	return r, err
}

// Mailbox is who has an e-mail address in a portal; the zero Reset where nobody, or somebody archived, does.
func Mailbox(ctx context.Context, tx *db.Tx, portal db.ID, email string) (Reset, error) {
	key := db.Key(email)
	if key == "" {
		return Reset{}, nil
	}
	r, err := db.One(ctx, tx, db.SQL(`SELECT a.id, a.name, a.username, a.email, FALSE, 0 FROM accounts a
		WHERE a.portal_id = ? AND a.email_key = ? AND a.email_key <> '' AND a.archived_at = 0`, portal, key), scanReset)
	if fail.Is(err, fail.NotFound) {
		return Reset{}, nil
	}
	return r, err
}

// BeginReset keeps the hash of a new link, and forgets the links before it.
func BeginReset(ctx context.Context, tx *db.Tx, portal, account db.ID, hash []byte, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM password_resets WHERE account_id = ?`, account)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO password_resets (id, portal_id, account_id, hash, created_at, until) VALUES (?, ?, ?, ?, ?, ?)`,
		db.NewID(), portal, account, hex.EncodeToString(hash), db.Micros(now), db.Micros(now.Add(ResetLasts))))
	return err
}

// ResetAt is what a link of a portal is for, whether it still counts or not.
func ResetAt(ctx context.Context, tx *db.Tx, portal db.ID, hash []byte) (Reset, error) {
	return db.One(ctx, tx, db.SQL(`SELECT a.id, a.name, a.username, a.email, a.archived_at <> 0, r.until FROM password_resets r
		JOIN accounts a ON a.id = r.account_id WHERE r.hash = ? AND r.portal_id = ?`, hex.EncodeToString(hash), portal), scanReset)
}

// TakeReset uses a link up: of two at once, one finds it.
func TakeReset(ctx context.Context, tx *db.Tx, portal db.ID, hash []byte) (found bool, err error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM password_resets WHERE hash = ? AND portal_id = ?`, hex.EncodeToString(hash), portal))
	return n == 1, err
}

// NamesOf are a person's own names, which their password may not be made of.
func NamesOf(ctx context.Context, tx *db.Tx, portal, account db.ID) (Reset, error) {
	return db.One(ctx, tx, db.SQL(`SELECT a.id, a.name, a.username, a.email, a.archived_at <> 0, 0 FROM accounts a
		WHERE a.portal_id = ? AND a.id = ?`, portal, account), scanReset)
}
