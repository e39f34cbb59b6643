package learning

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// Work is an assessment as it stands in its course's outline.
type Work struct {
	// Section is 0 for one that was imported.
	ID, Section db.ID
	Title, Kind string
	// Opens and Due are zero for at once, and for never.
	Opens, Due time.Time
	// After is the lesson that a learner must have done before; 0 for none.
	After db.ID
	// Position is its place among the lessons and works of its section.
	Position int64
}

// worksOf are the assessments of a course.
func worksOf(ctx context.Context, tx *db.Tx, course store.Course) ([]Work, error) {
	return db.All(ctx, tx, db.SQL(`SELECT w.id, w.section_id, w.title, w.kind, w.opens_at, w.due_at, w.after_id, w.position
		FROM assessments w WHERE w.course_id = ? ORDER BY w.due_at, w.id LIMIT ?`, course.ID, MaxLessons),
		func(s db.Scanner) (w Work, err error) {
			var opens, due int64
			err = s.Scan(&w.ID, &w.Section, &w.Title, &w.Kind, &opens, &due, &w.After, &w.Position)
			w.Opens, w.Due = db.TimeOrZero(opens), db.TimeOrZero(due)
			return w, err
		})
}
