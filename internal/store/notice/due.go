// Package notice holds what people are told of by themselves: what is due for them, and what of theirs was graded.
package notice

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// LateKept is for how long what is overdue is still told of.
const LateKept = 60 * 24 * time.Hour

// Due is something with a day that somebody has before them in a course: a work to hand in, a lesson that opens, or the course's end.
type Due struct {
	// Kind is an assessment's, or lesson or course.
	Kind       string
	ID, Course db.ID
	// Title is the course's name where Kind is course.
	Title, CourseName string
	At                time.Time
}

// dueWorks are the works of an account's courses that can be handed in and were not; its parameters are the account and twice the time.
const dueWorks = `FROM enrolments e JOIN assessments s ON s.course_id = e.course_id WHERE e.account_id = ? AND e.is_open AND s.section_id <> 0 AND s.due_at > 0 AND s.opens_at <= ?
	AND (s.closes_at = 0 OR s.closes_at > ?) AND ` + notHanded

// notHanded: nothing is there of assessment s in enrolment e: neither handed in, nor graded, nor excused from.
const notHanded = `NOT EXISTS (SELECT 1 FROM results r WHERE r.assessment_id = s.id AND r.enrolment_id = e.id) AND NOT EXISTS
	(SELECT 1 FROM quiz_attempts t WHERE t.assessment_id = s.id AND t.enrolment_id = e.id AND t.submitted_at > 0)`

// goesOn: course c can be taken; its parameter is the time. It ends with its last day.
const goesOn = `c.archived_at = 0 AND c.deleted_at = 0 AND NOT c.template AND (c.ends_at = 0 OR c.ends_at + 86400000000 > ?)`

// DueOf is what an account has before it until a time in the courses that it takes, and what of that is overdue, by its day: by one query,
// so many at most. Courses are those that it may open, works those that it may hand in.
func DueOf(ctx context.Context, tx *db.Tx, opens, submits access.Within, account db.ID, until time.Time, most int, now time.Time) ([]Due, error) {
	at, late, end := db.Micros(now), db.Micros(now.Add(-LateKept)), db.Micros(until)
	return db.All(ctx, tx, db.SQL(`SELECT x.kind, x.id, x.title, c.id, c.name, x.at FROM (
		SELECT s.kind AS kind, s.id AS id, s.title AS title, s.course_id AS course_id, s.due_at AS at `+dueWorks+` AND s.due_at > ? AND s.due_at <= ? AND ?
		UNION ALL SELECT 'lesson', l.id, l.title, l.course_id, l.opens_at FROM enrolments e JOIN lessons l ON l.course_id = e.course_id
			WHERE e.account_id = ? AND e.is_open AND l.opens_at > ? AND l.opens_at <= ? AND NOT EXISTS (SELECT 1 FROM lessons_done d WHERE d.lesson_id = l.id AND d.enrolment_id = e.id)
		UNION ALL SELECT 'course', k.id, k.name, k.id, k.ends_at FROM enrolments e JOIN courses k ON k.id = e.course_id
			WHERE e.account_id = ? AND e.is_open AND e.status <> 'completed' AND k.ends_at + 86400000000 > ? AND k.ends_at > 0 AND k.ends_at <= ?) x
		JOIN courses c ON c.id = x.course_id WHERE `+goesOn+` AND ? ORDER BY x.at, x.id LIMIT ?`,
		account, at, at, late, end, submits.Where("e"), account, at, end, account, at, end, at, opens.Where("c"), most),
		func(s db.Scanner) (d Due, err error) {
			var when int64
			err = s.Scan(&d.Kind, &d.ID, &d.Title, &d.Course, &d.CourseName, &when)
			d.At = db.Time(when)
			return d, err
		})
}
