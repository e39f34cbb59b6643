package path

import (
	"context"
	"math"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// required tells of whom a requirement r is required; its parameters are four times the time.
const required = `a.portal_id = r.portal_id AND a.archived_at = 0 AND a.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = r.org_id)
	AND (r.team_id = 0 OR EXISTS (SELECT 1 FROM grants m WHERE m.account_id = a.id AND m.place_kind = 'team' AND m.place_id = r.team_id AND m.since <= ? AND m.until > ? AND m.role IN ('team_leader', 'team_member')))
	AND (r.role = '' OR EXISTS (SELECT 1 FROM grants m WHERE m.account_id = a.id AND m.portal_id = r.portal_id AND m.role = r.role AND m.since <= ? AND m.until > ?))`

// Sync has something to do for requirement r where one of these is so: it is required of somebody of whom it is not known, is known of somebody of
// whom it is required no more, somebody did it since, or is to be enrolled. The first two take 5 times each.
const (
	unknown = `EXISTS (SELECT 1 FROM accounts a WHERE ` + required + ` AND r.until > ?
		AND NOT EXISTS (SELECT 1 FROM requirement_people q WHERE q.requirement_id = r.id AND q.account_id = a.id))`
	gone = `EXISTS (SELECT 1 FROM requirement_people q LEFT JOIN accounts a ON a.id = q.account_id AND ` + required + ` WHERE q.requirement_id = r.id AND (a.id IS NULL OR r.until <= ?))`
	did  = `EXISTS (SELECT 1 FROM requirement_people q JOIN enrolments e ON e.course_id = r.course_id AND e.account_id = q.account_id
		WHERE q.requirement_id = r.id AND e.status = 'completed' AND e.completed_at > q.done_at)`
	outside = `NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = r.course_id AND e.account_id = q.account_id AND (e.is_open OR e.status = 'completed' OR e.withdrawn_at >= q.since))`
)

// Synced is what Sync changed: how many people it is required of now, and no more, how many were found to have done it, and were enrolled.
type Synced struct{ Begun, Ended, Did, Enrolled int }

// All tells whether so many of a kind were changed that there may be more.
func (s Synced) All(most int) bool { return max(s.Begun, s.Ended, s.Did, s.Enrolled) >= most }

// SyncOne is Sync of all people of a requirement at once.
func SyncOne(ctx context.Context, tx *db.Tx, id db.ID, now time.Time) error {
	_, err := Sync(ctx, tx, id, math.MaxInt32, now)
	return err
}

// Sync brings of whom a course is required, and what they have done, up to now, and enrols them in it: so many people of each kind at most. Whoever has
// done it before, for long enough, need not again.
func Sync(ctx context.Context, tx *db.Tx, id db.ID, most int, now time.Time) (out Synced, err error) {
	at := db.Micros(now)
	for _, step := range []struct {
		n   *int
		sql db.Frag
	}{
		{&out.Ended, db.SQL(`DELETE FROM requirement_people WHERE requirement_id = ? AND account_id IN (SELECT q.account_id FROM requirement_people q WHERE q.requirement_id = ? AND NOT EXISTS
			(SELECT 1 FROM requirements r JOIN accounts a ON `+required+` WHERE r.id = q.requirement_id AND r.until > ? AND a.id = q.account_id) LIMIT ?)`, id, id, at, at, at, at, at, most)},
		{&out.Begun, db.SQL(`INSERT INTO requirement_people (requirement_id, account_id, portal_id, since, done_at, told_at, late_told_at) SELECT r.id, a.id, r.portal_id, CAST(? AS BIGINT), 0, 0, 0
			FROM requirements r JOIN accounts a ON `+required+` WHERE r.id = ? AND r.until > ? AND NOT EXISTS (SELECT 1 FROM requirement_people q WHERE q.requirement_id = r.id AND q.account_id = a.id) LIMIT ?`,
			at, at, at, at, at, id, at, most)},
		{&out.Did, db.SQL(`UPDATE requirement_people SET done_at = (SELECT max(e.completed_at) FROM requirements r JOIN enrolments e ON e.course_id = r.course_id
			WHERE r.id = requirement_people.requirement_id AND e.account_id = requirement_people.account_id AND e.status = 'completed') WHERE requirement_id = ? AND account_id IN
			(SELECT q.account_id FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN enrolments e ON e.course_id = r.course_id AND e.account_id = q.account_id
			WHERE r.id = ? AND e.status = 'completed' AND e.completed_at > q.done_at LIMIT ?)`, id, id, most)},
	} {
		n, err := tx.Exec(ctx, step.sql)
		if err != nil {
			return out, err
		}
		*step.n = int(n)
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT c.id, c.portal_id, c.org_id, a.id, a.org_id, a.name FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id
		JOIN courses c ON c.id = r.course_id JOIN accounts a ON a.id = q.account_id WHERE r.id = ? AND r.until > ? AND c.archived_at = 0 AND c.deleted_at = 0 AND NOT c.template AND `+outside+` LIMIT ?`,
		id, at, most), scanRow)
	out.Enrolled = len(rows)
	if err != nil {
		return out, err
	}
	return out, enrol(ctx, tx, rows, now)
}

// FindSynced is a requirement within what a permission reaches, whether it counts or has ended.
func FindSynced(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Requirement, error) {
	r, err := db.One(ctx, tx, db.SQL(`SELECT `+requirementColumns+`WHERE r.id = ? AND ?`, id, within.Where("o")), scanRequirement)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("requirement")
	}
	return r, err
}
