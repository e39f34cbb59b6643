package path

import (
	"context"
	"time"

	"provost/internal/db"
)

// Waits is a course, a path or a requirement in which something is due by itself.
type Waits struct{ Portal, ID db.ID }

func scanWaits(s db.Scanner) (w Waits, err error) { return w, s.Scan(&w.Portal, &w.ID) }

// there is that a portal is.
const there = `EXISTS (SELECT 1 FROM portals o WHERE o.deleted_at = 0 AND o.id = `

// LateCourses are courses of any portal, so many at most, that owe certificates which nobody knew of: to learners who were imported as completed.
func LateCourses(ctx context.Context, tx *db.Tx, most int) ([]Waits, error) {
	return db.All(ctx, tx, db.SQL(`SELECT c.portal_id, c.id FROM courses c WHERE c.certificate = 'completion' AND c.deleted_at = 0 AND `+there+`c.portal_id)
		AND EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = c.id AND `+lacking+`) LIMIT ?`, most), scanWaits)
}

// WaitingPaths are paths of any portal, so many at most, with learners who are Waiting.
func WaitingPaths(ctx context.Context, tx *db.Tx, most int, now time.Time) ([]Waits, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT w.portal_id, w.path_id FROM (SELECT l.portal_id, l.path_id `+due+` UNION SELECT l.portal_id, l.path_id FROM path_learners l WHERE ?) w
		WHERE `+there+`w.portal_id) LIMIT ?`, at, at, ended(at), most), scanWaits)
}

// Unsynced are requirements of any portal, so many at most, for which Sync has something to do.
func Unsynced(ctx context.Context, tx *db.Tx, most int, now time.Time) ([]Waits, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT r.portal_id, r.id FROM requirements r WHERE `+there+`r.portal_id) AND (`+unknown+` OR `+gone+` OR `+did+` OR r.until > ? AND
		EXISTS (SELECT 1 FROM requirement_people q JOIN courses c ON c.id = r.course_id WHERE q.requirement_id = r.id AND c.archived_at = 0 AND c.deleted_at = 0 AND NOT c.template AND `+outside+`)) LIMIT ?`,
		at, at, at, at, at, at, at, at, at, at, at, most), scanWaits)
}
