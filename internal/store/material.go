package store

import (
	"context"

	"provost/internal/db"
	"provost/internal/fail"
)

// Material is a part of a course's content, as a record: what it is and when it is for, never what is in it.
type Material struct {
	ID     db.ID
	Portal db.ID
	Course db.ID
	// Code is what other systems call it; unique in the course.
	Code, Kind string
	// From and To are weeks of the course; nil where it is for all of them.
	From, To *int64
}

func scanMaterial(s db.Scanner) (m Material, err error) {
	return m, s.Scan(&m.ID, &m.Portal, &m.Course, &m.Code, &m.Kind, &m.From, &m.To)
}

const materialColumns = `m.id, m.portal_id, m.course_id, m.code, m.kind, m.week_from, m.week_to`

// CountMaterials is how many of each kind a course has.
func CountMaterials(ctx context.Context, tx *db.Tx, course Course) (map[string]int64, error) {
	out := map[string]int64{}
	type count struct {
		kind string
		n    int64
	}
	for c, err := range db.Each(ctx, tx, db.SQL(`SELECT kind, count(*) FROM materials WHERE course_id = ? GROUP BY kind`, course.ID),
		func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.kind, &c.n) }) {
		if err != nil {
			return nil, err
		}
		out[c.kind] = c.n
	}
	return out, nil
}

// SaveMaterial makes a material of a course, or changes the one of that code.
func SaveMaterial(ctx context.Context, tx *db.Tx, course Course, in Material) (Did, error) {
	kept, err := db.One(ctx, tx, db.SQL(`SELECT `+materialColumns+` FROM materials m WHERE m.course_id = ? AND m.code = ?`, course.ID, in.Code), scanMaterial)
	if fail.Is(err, fail.NotFound) {
		_, err = tx.Exec(ctx, db.SQL(`INSERT INTO materials (id, portal_id, course_id, code, kind, week_from, week_to) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			db.NewID(), course.Portal, course.ID, in.Code, in.Kind, in.From, in.To))
		return Created, err
	}
	if err != nil || kept.Kind == in.Kind && sameWeek(kept.From, in.From) && sameWeek(kept.To, in.To) {
		return Same, err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE materials SET kind = ?, week_from = ?, week_to = ? WHERE id = ?`, in.Kind, in.From, in.To, kept.ID))
	return Updated, err
}

func sameWeek(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
