package store

import (
	"context"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
)

// CoursesByCode are a portal's courses with any of these codes. Because a code is taken whoever has it, it finds those
// that the actor may not see too: nothing of them may be shown.
func CoursesByCode(ctx context.Context, tx *db.Tx, within access.Within, codes []string) ([]Course, error) {
	var out []Course
	for part := range slices.Chunk(codes, 500) {
		found, err := db.All(ctx, tx, db.SQL(`SELECT c.id, c.portal_id, c.org_id, o.name, c.code, c.name, c.starts_at, c.ends_at, c.created_at
			FROM courses c JOIN organizations o ON o.id = c.org_id WHERE c.portal_id = ? AND c.code IN ?`, within.Portal(), part), scanBulkCourse)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func scanBulkCourse(s db.Scanner) (c Course, err error) {
	var starts, ends, created int64
	err = s.Scan(&c.ID, &c.Portal, &c.Org, &c.OrgName, &c.Code, &c.Name, &starts, &ends, &created)
	c.Starts, c.Ends, c.Created = timeOrZero(starts), timeOrZero(ends), db.Time(created)
	return c, err
}

// ChangeCourse writes a course's name and dates as they are now.
func ChangeCourse(ctx context.Context, tx *db.Tx, c Course) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET name = ?, name_key = ?, starts_at = ?, ends_at = ? WHERE id = ?`,
		c.Name, db.Key(c.Name), microsOrZero(c.Starts), microsOrZero(c.Ends), c.ID))
	return err
}
