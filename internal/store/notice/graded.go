package notice

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Graded is a work of somebody's that was graded, and whose grade they see.
type Graded struct {
	// Result is what they have of it.
	Result, Account, Assessment, Course db.ID
	Title, CourseName                   string
	// At is since when they see it.
	At time.Time
}

// gradeShown: what was given of result r of assessment s can be read by its learner; its parameter is the time. Grades that are held back have no score.
const gradeShown = `r.graded_at > 0 AND s.grades_at <= ? AND (r.score IS NOT NULL OR r.excused OR r.given IS NULL AND r.feedback <> '')`

// tells: somebody graded it, or it was held back until now: what a quiz scores at once its learner sees at once.
const tells = `(r.graded_by <> 0 OR s.grades_at > r.graded_at)`

// UntoldGraded are people with grades that they can read and were not told of, so many at most, of a portal each: where one was there to be read before a
// time, so that those which are given one after another come in one mail.
func UntoldGraded(ctx context.Context, tx *db.Tx, before time.Time, most int, now time.Time) ([]Told, error) {
	at := db.Micros(before)
	return db.All(ctx, tx, db.SQL(`SELECT DISTINCT r.portal_id, r.account_id FROM results r JOIN assessments s ON s.id = r.assessment_id JOIN portals p ON p.id = r.portal_id AND p.deleted_at = 0
		WHERE r.graded_at > r.told_at AND r.graded_at <= ? AND s.grades_at <= ? AND `+gradeShown+` ORDER BY r.portal_id, r.account_id LIMIT ?`, at, at, db.Micros(now), most), func(s db.Scanner) (x Told, err error) {
		return x, s.Scan(&x.Portal, &x.Account)
	})
}

// GradedOf is what of an account's works was graded since a time, or what it was not told of where that is zero, of those whose grades it may read: the last
// first. Courses that are archived or gone, or that it has left, are left out.
func GradedOf(ctx context.Context, tx *db.Tx, within access.Within, account db.ID, since time.Time, most int, now time.Time) ([]Graded, error) {
	at, which := db.Micros(now), db.SQL(`r.graded_at > r.told_at`)
	const shown = `(CASE WHEN s.grades_at > r.graded_at THEN s.grades_at ELSE r.graded_at END)`
	if !since.IsZero() {
		which = db.SQL(shown+` > ?`, db.Micros(since))
	}
	return db.All(ctx, tx, db.SQL(`SELECT r.id, r.account_id, s.id, c.id, s.title, c.name, `+shown+` FROM results r JOIN assessments s ON s.id = r.assessment_id
		JOIN enrolments e ON e.id = r.enrolment_id JOIN courses c ON c.id = e.course_id
		WHERE r.account_id = ? AND ? AND `+gradeShown+` AND `+tells+` AND e.is_open AND c.archived_at = 0 AND c.deleted_at = 0 AND ? ORDER BY `+shown+` DESC, r.id LIMIT ?`,
		account, which, at, within.Where("e"), most), func(s db.Scanner) (g Graded, err error) {
		var when int64
		err = s.Scan(&g.Result, &g.Account, &g.Assessment, &g.Course, &g.Title, &g.CourseName, &when)
		g.At = db.Time(when)
		return g, err
	})
}

// NoteGraded notes that people were told of all their grades that they can read.
func NoteGraded(ctx context.Context, tx *db.Tx, portal db.ID, people []db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE results SET told_at = graded_at WHERE id IN (SELECT r.id FROM results r JOIN assessments s ON s.id = r.assessment_id
		WHERE r.portal_id = ? AND r.account_id IN ? AND r.graded_at > r.told_at AND `+gradeShown+`)`, portal, people, db.Micros(now)))
	return err
}
