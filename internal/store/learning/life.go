package learning

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/past"
)

// Archive makes a course read-only for everybody, or lets it be changed again.
func Archive(ctx context.Context, tx *db.Tx, course store.Course, archived bool, now time.Time) error {
	if err := past.Leave(ctx, tx, access.Course, db.SQL(`id = ?`, course.ID), now); err != nil {
		return err
	}
	var at time.Time
	if archived {
		at = now
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET archived_at = ? WHERE id = ?`, db.MicrosOrZero(at), course.ID)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, course.Portal)
}

// MakeTemplate makes a course a template, to make courses of (CA-1). It is one for ever.
func MakeTemplate(ctx context.Context, tx *db.Tx, course store.Course) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET template = TRUE WHERE id = ?`, course.ID)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, course.Portal)
}

// Close closes exactly these permissions to the learners of a course, and opens all others again (LE-2).
func Close(ctx context.Context, tx *db.Tx, course store.Course, closed access.Set, now time.Time) error {
	at := db.Micros(now)
	was, err := Closed(ctx, tx, course)
	if err != nil {
		return err
	}
	for p := range was.All() {
		if closed.Has(p) {
			continue
		}
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE course_closed SET until = ? WHERE course_id = ? AND permission = ? AND until = ?`, at, course.ID, p.Key, db.Never)); err != nil {
			return err
		}
	}
	for p := range closed.All() {
		if was.Has(p) {
			continue
		}
		if _, err := tx.Exec(ctx, db.SQL(`INSERT INTO course_closed (course_id, permission, portal_id, since, until) VALUES (?, ?, ?, ?, ?)`, course.ID, p.Key, course.Portal, at, db.Never)); err != nil {
			return err
		}
	}
	return store.Changed(ctx, tx, course.Portal)
}

// Closed are the permissions that are closed to the learners of a course.
func Closed(ctx context.Context, tx *db.Tx, course store.Course) (out access.Set, err error) {
	for key, err := range db.Each(ctx, tx, db.SQL(`SELECT permission FROM course_closed WHERE course_id = ? AND until = ?`, course.ID, db.Never),
		func(s db.Scanner) (key string, err error) { return key, s.Scan(&key) }) {
		if err != nil {
			return out, err
		}
		if p, ok := access.PermissionOf(key); ok {
			out.Add(p)
		}
	}
	return out, nil
}

// Losses is what ends with a course.
type Losses struct {
	// Learners are those who take it now, Records all who are or were enrolled: their records stay.
	Learners, Records int
	Staff             int
	Sections, Lessons int
	// Policies are bound to it.
	Policies int
}

// LossesOf is what would end with a course.
func LossesOf(ctx context.Context, tx *db.Tx, course store.Course, now time.Time) (Losses, error) {
	at, roles := db.Micros(now), staffRoles()
	return db.One(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM enrolments WHERE course_id = ? AND is_open), (SELECT count(*) FROM enrolments WHERE course_id = ?),
		(SELECT count(*) FROM grants WHERE place_kind = 'course' AND place_id = ? AND role IN ? AND since <= ? AND until > ?),
		(SELECT count(*) FROM course_sections WHERE course_id = ?), (SELECT count(*) FROM lessons WHERE course_id = ?),
		(SELECT count(*) FROM policy_places WHERE place_kind = 'course' AND place_id = ?)`,
		course.ID, course.ID, course.ID, roles, at, at, course.ID, course.ID, course.ID), func(s db.Scanner) (l Losses, err error) {
		return l, s.Scan(&l.Learners, &l.Records, &l.Staff, &l.Sections, &l.Lessons, &l.Policies)
	})
}

// Delete takes a course away: every grant at it ends, no policy is bound to it, nobody finds it any more. What learners did in it
// stays on record, as in every course that they left.
func Delete(ctx context.Context, tx *db.Tx, course store.Course, by db.ID, now time.Time) error {
	if err := store.Unbind(ctx, tx, course.Thing(), by, now); err != nil {
		return err
	}
	if err := store.LeaveAll(ctx, tx, course.ID, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET deleted_at = ? WHERE id = ?`, db.Micros(now), course.ID)); err != nil {
		return err
	}
	return store.Changed(ctx, tx, course.Portal)
}

func staffRoles() []string {
	out := make([]string, len(access.CourseStaff))
	for i, r := range access.CourseStaff {
		out[i] = string(r)
	}
	return out
}
