package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// Assessment is a work that a course asks for.
type Assessment struct {
	ID     db.ID
	Portal db.ID
	Course db.ID
	// Code is what other systems call it; unique in the course.
	Code  string
	Title string
	// Kind is assignment, quiz, package or survey of one that was made here, and else what the source calls it: TMA, CMA, Exam.
	Kind string
	// Due is zero where it has no date.
	Due time.Time
	// Weight is its part of the score; only its relation to those of the other assessments counts.
	Weight float64
	// Made: it was made here, in a section of its course, and not taken over from elsewhere.
	Made bool
	// Survey: it asks what learners think, and is not graded.
	Survey bool
}

const assessmentColumns = `s.id, s.portal_id, s.course_id, s.code, s.title, s.kind, s.due_at, s.weight, s.section_id <> 0, s.survey`

func scanAssessment(s db.Scanner) (a Assessment, err error) {
	var due int64
	err = s.Scan(&a.ID, &a.Portal, &a.Course, &a.Code, &a.Title, &a.Kind, &due, &a.Weight, &a.Made, &a.Survey)
	a.Due = db.TimeOrZero(due)
	return a, err
}

// AssessmentsByCode are a portal's assessments with these codes, of whichever course: one code may name several.
func AssessmentsByCode(ctx context.Context, tx *db.Tx, portal db.ID, codes []string) ([]Assessment, error) {
	var out []Assessment
	for part := range slices.Chunk(codes, 500) {
		found, err := db.All(ctx, tx, db.SQL(`SELECT `+assessmentColumns+` FROM assessments s WHERE s.portal_id = ? AND s.code IN ? ORDER BY s.code, s.id`, portal, part), scanAssessment)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Did is what writing a row came to.
type Did int

// What writing a row came to.
const (
	Same Did = iota
	Created
	Updated
)

// SaveAssessment makes an assessment of a course, or changes the one of that code. Where one is made, or its weight changes,
// RegradeCourse brings progress and scores up to it.
func SaveAssessment(ctx context.Context, tx *db.Tx, course Course, in Assessment) (Assessment, Did, error) {
	kept, err := db.One(ctx, tx, db.SQL(`SELECT `+assessmentColumns+` FROM assessments s WHERE s.course_id = ? AND s.code = ?`, course.ID, in.Code), scanAssessment)
	in.Portal, in.Course = course.Portal, course.ID
	if fail.Is(err, fail.NotFound) {
		in.ID = db.NewID()
		_, err = tx.Exec(ctx, db.SQL(`INSERT INTO assessments (id, portal_id, course_id, code, title, kind, due_at, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			in.ID, in.Portal, in.Course, in.Code, in.Title, in.Kind, db.MicrosOrZero(in.Due), in.Weight))
		return in, Created, err
	}
	if err != nil {
		return in, Same, err
	}
	in.ID = kept.ID
	if kept.Title == in.Title && kept.Kind == in.Kind && kept.Due.Equal(in.Due) && kept.Weight == in.Weight {
		return kept, Same, nil
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE assessments SET title = ?, kind = ?, due_at = ?, weight = ? WHERE id = ?`, in.Title, in.Kind, db.MicrosOrZero(in.Due), in.Weight, in.ID))
	return in, Updated, err
}

// RegradeCourse brings progress and score of all enrolments of a course up to its assessments and results.
func RegradeCourse(ctx context.Context, tx *db.Tx, d *Deltas, course db.ID) error {
	ids, err := db.All(ctx, tx, db.SQL(`SELECT id FROM enrolments WHERE course_id = ? ORDER BY id`, course), db.ScanID)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 2000) {
		if err := Regrade(ctx, tx, d, course, part); err != nil {
			return err
		}
	}
	return nil
}
