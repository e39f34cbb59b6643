package store

import (
	"context"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
)

// CoursesCalled are a portal's courses with any of these codes. Because a code is taken whoever has it, it finds those
// that the actor may not see too: nothing of them may be shown.
func CoursesCalled(ctx context.Context, tx *db.Tx, within access.Within, codes []string) ([]Course, error) {
	var out []Course
	for part := range slices.Chunk(codes, 500) {
		found, err := db.All(ctx, tx, db.SQL(`SELECT `+courseColumns+courseTables+`WHERE c.portal_id = ? AND c.code IN ?`, within.Portal(), part), scanCourse)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
