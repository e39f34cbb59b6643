package store

import (
	"context"

	"provost/internal/db"
)

// RenameAccount writes a person's name, and what they are found by.
func RenameAccount(ctx context.Context, tx *db.Tx, a Account) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET name = ?, name_key = ? WHERE id = ?`, a.Name, db.Key(a.Name), a.ID)); err != nil {
		return err
	}
	return IndexAccount(ctx, tx, a)
}
