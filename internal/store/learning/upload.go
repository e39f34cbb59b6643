package learning

import (
	"context"
	"encoding/json"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// UploadLasts is how long an upload can be made something of: no longer than the bytes are kept that nothing refers to.
const UploadLasts = 20 * time.Hour

// Upload is lessons that somebody sent as a table, an archive of files, or both (CA-1): a hash is empty where one of them did not
// come. It is its sender's alone.
type Upload struct {
	ID, Portal, Account db.ID
	// Course is the one that they are for; 0 where the table names each. Org is where templates are made that are not there yet.
	Course, Org          db.ID
	Table, TableHash     string
	Archive, ArchiveHash string
	// Made are the courses that came of it already, by their codes.
	Made  map[string]db.ID
	Added time.Time
}

// AddUpload writes an upload down. Those of the same person that are over are forgotten.
func AddUpload(ctx context.Context, tx *db.Tx, u Upload, now time.Time) (Upload, error) {
	u.ID, u.Added, u.Made = db.NewID(), now, map[string]db.ID{}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM uploads WHERE account_id = ? AND added_at < ?`, u.Account, db.Micros(now.Add(-UploadLasts)))); err != nil {
		return u, err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO uploads (id, portal_id, account_id, course_id, org_id, table_name, table_hash, archive_name, archive_hash, made, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', ?)`,
		u.ID, u.Portal, u.Account, u.Course, u.Org, u.Table, u.TableHash, u.Archive, u.ArchiveHash, db.Micros(now)))
	return u, err
}

// FindUpload is somebody's own upload that is not over yet.
func FindUpload(ctx context.Context, tx *db.Tx, portal, account, id db.ID, now time.Time) (Upload, error) {
	u, err := db.One(ctx, tx, db.SQL(`SELECT id, portal_id, account_id, course_id, org_id, table_name, table_hash, archive_name, archive_hash, made, added_at FROM uploads
		WHERE id = ? AND portal_id = ? AND account_id = ? AND added_at >= ?`, id, portal, account, db.Micros(now.Add(-UploadLasts))), func(s db.Scanner) (u Upload, err error) {
		var made string
		var added int64
		if err := s.Scan(&u.ID, &u.Portal, &u.Account, &u.Course, &u.Org, &u.Table, &u.TableHash, &u.Archive, &u.ArchiveHash, &made, &added); err != nil {
			return u, err
		}
		u.Added = db.Time(added)
		return u, json.Unmarshal([]byte(made), &u.Made)
	})
	if fail.Is(err, fail.NotFound) {
		return u, fail.Missing("upload")
	}
	return u, err
}

// UploadMade notes which course came of a code of an upload.
func UploadMade(ctx context.Context, tx *db.Tx, u Upload, code string, course db.ID) error {
	u.Made[code] = course
	made, err := json.Marshal(u.Made)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE uploads SET made = ? WHERE id = ?`, string(made), u.ID))
	return err
}
