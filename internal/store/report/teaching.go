package report

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// Taught is a course that somebody teaches or assists in.
type Taught struct {
	Course     db.ID
	Name, Code string
	// Learners are those who are in it now, Waits how many works of it wait to be graded.
	Learners, Waits int64
}

// ListTaught are the courses that an account teaches or assists in and a permission reaches, so many at most, by name: learners are
// counted within another, works of courses and of learners that two others reach.
func ListTaught(ctx context.Context, tx *db.Tx, courses, learners, grade, grades access.Within, account db.ID, most int) ([]Taught, error) {
	at := learners.Actor().Now()
	staff := make([]string, len(access.CourseStaff))
	for i, r := range access.CourseStaff {
		staff[i] = string(r)
	}
	return db.All(ctx, tx, db.SQL(`SELECT c.id, c.name, c.code, (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.is_open AND ?),
		CASE WHEN ? THEN (SELECT count(*) FROM results r JOIN enrolments e ON e.id = r.enrolment_id WHERE r.portal_id = c.portal_id AND r.waits_at > 0 AND r.account_id <> ? AND e.course_id = c.id AND ?) ELSE 0 END
		FROM courses c WHERE c.portal_id = ? AND c.archived_at = 0 AND c.deleted_at = 0 AND NOT c.template AND ? AND c.id IN (SELECT g.place_id FROM grants g
		WHERE g.account_id = ? AND g.place_kind = 'course' AND g.role IN ? AND g.since <= ? AND g.until > ?) ORDER BY c.name_key, c.id LIMIT ?`,
		learners.Where("e"), grade.Where("c"), account, grades.Where("e"), learners.Portal(), courses.Where("c"), account, staff, at, at, most), func(s db.Scanner) (x Taught, err error) {
		return x, s.Scan(&x.Course, &x.Name, &x.Code, &x.Learners, &x.Waits)
	})
}
