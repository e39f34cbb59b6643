package learning

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// Room is whether somebody can be enrolled in a course who did not choose it themselves.
type Room struct {
	// Over: its last day has passed. Full: every seat is taken, or others wait for the next one; Waits: who comes later may wait too.
	Over, Full, Waits bool
}

// RoomIn is whether a course that was found before has room.
func RoomIn(ctx context.Context, tx *db.Tx, course store.Course, now time.Time) (Room, error) {
	return db.One(ctx, tx, db.SQL(`SELECT c.ends_at > 0 AND c.ends_at + 86400000000 <= ?, c.seats > 0 AND (c.seats <= (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.is_open)
		OR EXISTS (SELECT 1 FROM course_waiting w WHERE w.course_id = c.id)), c.waits FROM courses c WHERE c.id = ?`, db.Micros(now), course.ID), func(s db.Scanner) (r Room, err error) {
		return r, s.Scan(&r.Over, &r.Full, &r.Waits)
	})
}
