package learning

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Staff is somebody who teaches a course, or assists in it: a grant at the course (RT-1).
type Staff struct {
	Grant, Account db.ID
	Name           string
	Role           access.RoleID
	Since          time.Time
	// Until is zero where it has no end.
	Until time.Time
}

// MaxStaff is how many people teach a course at most; they are listed whole.
const MaxStaff = 200

var staffOrder = `CASE g.role WHEN 'course_owner' THEN 0 WHEN 'co_instructor' THEN 1 ELSE 2 END`

// StaffOf are those who teach a course, its owner first. The course was found before, within a permission.
func StaffOf(ctx context.Context, tx *db.Tx, course store.Course, now time.Time) ([]Staff, error) {
	at, roles := db.Micros(now), staffRoles()
	return db.All(ctx, tx, db.SQL(`SELECT g.id, g.account_id, a.name, g.role, g.since, g.until FROM grants g JOIN accounts a ON a.id = g.account_id
		WHERE g.place_kind = 'course' AND g.place_id = ? AND g.role IN ? AND g.since <= ? AND g.until > ? AND a.archived_at = 0 AND a.deleted_at = 0
		ORDER BY `+staffOrder+`, a.name_key, g.id LIMIT ?`, course.ID, roles, at, at, MaxStaff), func(s db.Scanner) (x Staff, err error) {
		var since, until int64
		err = s.Scan(&x.Grant, &x.Account, &x.Name, &x.Role, &since, &until)
		x.Since = db.Time(since)
		if until != db.Never {
			x.Until = db.Time(until)
		}
		return x, err
	})
}

// AddStaff makes somebody teach a course, or assist in it. Who does so already is a Conflict: they get another role by
// leaving the one that they have.
func AddStaff(ctx context.Context, tx *db.Tx, course store.Course, who store.Account, role access.RoleID, until time.Time, by db.ID, now time.Time) error {
	staff, err := StaffOf(ctx, tx, course, now)
	if err != nil {
		return err
	}
	for _, s := range staff {
		if s.Account == who.ID {
			return fail.New(fail.Conflict, "{name} teaches this course already.", "name", who.Name)
		}
	}
	if len(staff) >= MaxStaff {
		return fail.New(fail.Conflict, "At most {n} people teach a course.", "n", MaxStaff)
	}
	return store.Begin(ctx, tx, store.NewGrant{Account: who.ID, Role: role, At: course.Thing(), Since: now, Until: until, By: by})
}

// EndStaff ends what somebody is in a course.
func EndStaff(ctx context.Context, tx *db.Tx, course store.Course, s Staff, by db.ID, now time.Time) error {
	_, err := store.End(ctx, tx, store.GrantFilter{Portal: course.Portal, ID: s.Grant, Place: placeOf(course), Direct: true}, by, now)
	return err
}

func placeOf(course store.Course) access.Place {
	return access.Place{Kind: access.Course, ID: course.ID}
}

// HandOver makes somebody the course's owner; those who owned it teach it on as co-instructors.
func HandOver(ctx context.Context, tx *db.Tx, course store.Course, to store.Account, by db.ID, now time.Time) error {
	staff, err := StaffOf(ctx, tx, course, now)
	if err != nil {
		return err
	}
	for _, s := range staff {
		owns := !access.CourseHelpers.Has(s.Role)
		switch {
		case s.Account == to.ID && owns:
			return fail.New(fail.Conflict, "{name} owns this course already.", "name", to.Name)
		case s.Account != to.ID && !owns:
			continue
		}
		if err := EndStaff(ctx, tx, course, s, by, now); err != nil {
			return err
		}
		if s.Account == to.ID {
			continue
		}
		if err := store.Begin(ctx, tx, store.NewGrant{Account: s.Account, Role: access.CoInstructor, At: course.Thing(), Since: now, By: by}); err != nil {
			return err
		}
	}
	return store.Begin(ctx, tx, store.NewGrant{Account: to.ID, Role: access.CourseOwner, At: course.Thing(), Since: now, By: by})
}
