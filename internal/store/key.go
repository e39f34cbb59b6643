package store

import (
	"context"
	"encoding/hex"

	"provost/internal/db"
	"provost/internal/fail"
)

// SigningKey is the key of a name that every node of this database signs with; the first to ask keeps the one it brings.
func SigningKey(ctx context.Context, tx *db.Tx, name string, fresh []byte) ([]byte, error) {
	if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO signing_keys (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`,
		name, hex.EncodeToString(fresh))); err != nil {
		return nil, err
	}
	text, err := db.Val[string](ctx, tx, db.SQL(`SELECT value FROM signing_keys WHERE name = ?`, name))
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) < 32 {
		return nil, fail.New(fail.Fault, "The signing key in the database is broken.")
	}
	return key, nil
}
