package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// Losses is what ends with a path.
type Losses struct {
	// Learners are those who are on it now, Records all who are or were: their records stay.
	Learners, Records int
	Admins, Goals     int
	// Policies are bound to it.
	Policies int
}

// LossesOf is what would end with a path.
func LossesOf(ctx context.Context, tx *db.Tx, p Path, now time.Time) (Losses, error) {
	at := db.Micros(now)
	return db.One(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM path_learners WHERE path_id = ? AND is_open), (SELECT count(*) FROM path_learners WHERE path_id = ?),
		(SELECT count(*) FROM grants WHERE place_kind = 'path' AND place_id = ? AND role = ? AND since <= ? AND until > ?), (SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = ?),
		(SELECT count(*) FROM policy_places WHERE place_kind = 'path' AND place_id = ?)`, p.ID, p.ID, p.ID, string(access.PathAdmin), at, at, p.ID, p.ID), func(s db.Scanner) (l Losses, err error) {
		return l, s.Scan(&l.Learners, &l.Records, &l.Admins, &l.Goals, &l.Policies)
	})
}

// Delete takes a path away: every grant at it ends, no policy is bound to it, nobody finds it any more. Courses that it opened stay open, certificates
// stay, and who was on it stays in reports.
func Delete(ctx context.Context, tx *db.Tx, p Path, by db.ID, now time.Time) error {
	if err := store.Unbind(ctx, tx, p.Thing(), by, now); err != nil {
		return err
	}
	for _, q := range []db.Frag{db.SQL(`UPDATE path_learners SET is_open = FALSE WHERE path_id = ? AND is_open`, p.ID), db.SQL(`UPDATE paths SET deleted_at = ? WHERE id = ?`, db.Micros(now), p.ID)} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return store.Changed(ctx, tx, p.Portal)
}
