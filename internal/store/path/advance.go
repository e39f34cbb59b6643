package path

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// Advanced notes, in its transaction, that goals of a path, or of an account in all its paths, may have come due: their courses are
// opened before it ends.
type Advanced struct{ Path, Account db.ID }

// due are the learners and goals whose courses are to be opened: the path counts, the goal is due, and the learner has not been in its course since they
// came to the path. Whoever was taken out of the course since is not put back. Its parameters are three times the time, the last one also that of reached.
const due = `FROM path_learners l JOIN paths p ON p.id = l.path_id JOIN ` + GoalsThere + ` g ON g.path_id = p.id JOIN accounts a ON a.id = l.account_id JOIN courses c ON c.id = g.course_id
	WHERE l.is_open AND p.archived_at = 0 AND p.deleted_at = 0 AND a.archived_at = 0 AND c.archived_at = 0 AND NOT c.template AND l.enrolled_at + g.after_days * 86400000000 <= ?
	AND NOT EXISTS (SELECT 1 FROM enrolments x WHERE x.course_id = g.course_id AND x.account_id = l.account_id AND (x.is_open OR x.status = 'completed' OR x.withdrawn_at >= l.enrolled_at))
	AND (NOT p.in_order OR NOT EXISTS (SELECT 1 FROM ` + GoalsThere + ` b WHERE b.path_id = p.id AND (b.position < g.position OR b.position = g.position AND b.id < g.id) AND NOT ` + reachedB + `))`

// reachedB is reached, of a goal b.
const reachedB = `EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = b.course_id AND e.account_id = l.account_id AND (b.kind = 'course' AND e.status = 'completed' OR
	b.kind = 'certificate' AND EXISTS (SELECT 1 FROM certificates t WHERE t.enrolment_id = e.id AND t.revoked_at = 0 AND t.until > ?)))`

// Waiting are learners of a path, so many at most, for whom a goal has come due, or the end has come, that nobody knew of: by time alone, or by an import.
func Waiting(ctx context.Context, tx *db.Tx, p Path, most int, now time.Time) ([]db.ID, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT l.account_id `+due+` AND l.path_id = ? UNION SELECT l.account_id FROM path_learners l WHERE ? AND l.path_id = ? LIMIT ?`,
		at, at, p.ID, ended(at), p.ID, most), db.ScanID)
}

// AdvanceOf opens what is due for some people, in all their paths; AdvancePath for all who are in a path.
func AdvanceOf(ctx context.Context, tx *db.Tx, people []db.ID, now time.Time) error {
	for part := range slices.Chunk(people, 2000) {
		if err := advance(ctx, tx, db.SQL(`l.account_id IN ?`, part), now); err != nil {
			return err
		}
	}
	return nil
}

// AdvancePath opens what is due for all who are in a path.
func AdvancePath(ctx context.Context, tx *db.Tx, path db.ID, now time.Time) error {
	return advance(ctx, tx, db.SQL(`l.path_id = ?`, path), now)
}

// advance enrols learners in the courses that are due, and notes who has come to the end: by three statements, however many they are.
// To complete a course that opens takes another transaction, so nothing follows from this one.
func advance(ctx context.Context, tx *db.Tx, which db.Frag, now time.Time) error {
	at := db.Micros(now)
	rows, err := db.All(ctx, tx, db.SQL(`SELECT DISTINCT c.id, c.portal_id, c.org_id, a.id, a.org_id, a.name `+due+` AND ?`, at, at, which), scanRow)
	if err != nil {
		return err
	}
	if err := enrol(ctx, tx, rows, now); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE path_learners SET completed_at = ? WHERE id IN (SELECT l.id FROM path_learners l WHERE ? AND ?)`, at, which, ended(at)))
	return err
}

// ended tells which learners have reached all goals, and are not known to have.
func ended(at int64) db.Frag {
	return db.SQL(`l.is_open AND l.completed_at = 0 AND EXISTS (SELECT 1 FROM `+GoalsThere+` g WHERE g.path_id = l.path_id)
		AND NOT EXISTS (SELECT 1 FROM `+GoalsThere+` b WHERE b.path_id = l.path_id AND NOT `+reachedB+`)`, at)
}

func scanRow(s db.Scanner) (r store.EnrolmentRow, err error) {
	return r, s.Scan(&r.Course.ID, &r.Course.Portal, &r.Course.Org, &r.Account.ID, &r.Account.Org, &r.Account.Name)
}

// enrol puts people into courses, as the portal itself: what opens them was decided before.
func enrol(ctx context.Context, tx *db.Tx, rows []store.EnrolmentRow, now time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	d := store.NewDeltas()
	w, err := store.NewEnrolmentWriter(ctx, tx, d, 0, now)
	if err != nil {
		return err
	}
	for _, row := range rows {
		row.Status, row.Enrolled = store.Enrolled, now
		if err := w.Write(row); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return d.Flush(ctx, tx)
}

// Admin is somebody who administers a path (RT-2).
type Admin struct {
	Grant, Account db.ID
	Name           string
	Since          time.Time
}

// MaxAdmins is how many people administer a path at most; they are listed whole.
const MaxAdmins = 100

// AdminsOf are those who administer a path that was found before, by name.
func AdminsOf(ctx context.Context, tx *db.Tx, p Path, now time.Time) ([]Admin, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT g.id, g.account_id, a.name, g.since FROM grants g JOIN accounts a ON a.id = g.account_id WHERE g.place_kind = 'path' AND g.place_id = ?
		AND g.role = ? AND g.since <= ? AND g.until > ? AND a.archived_at = 0 ORDER BY a.name_key, g.id LIMIT ?`, p.ID, string(access.PathAdmin), at, at, MaxAdmins), func(s db.Scanner) (x Admin, err error) {
		var since int64
		err = s.Scan(&x.Grant, &x.Account, &x.Name, &since)
		x.Since = db.Time(since)
		return x, err
	})
}
