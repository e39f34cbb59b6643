package work

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/files"
)

// CourseOf is a course some of whose learners a permission reaches, for those who see them and not the course (PR-1). Only its
// name and places are known.
func CourseOf(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (store.Course, error) {
	c, err := db.One(ctx, tx, db.SQL(`SELECT c.id, c.portal_id, c.org_id, c.name FROM courses c
		WHERE c.id = ? AND c.deleted_at = 0 AND EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = c.id AND ?)`, id, within.Where("e")),
		func(s db.Scanner) (c store.Course, err error) { return c, s.Scan(&c.ID, &c.Portal, &c.Org, &c.Name) })
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("course")
	}
	return c, err
}

// Columns are some assessments of a course, in its order: those from one on, or the first where that is none of them; with where the
// parts before and after begin, 0 for none, and how many there are.
type Columns struct {
	Items      []Assessment
	Prev, Next db.ID
	Total      int
}

// ListColumns are so many graded assessments of a course from one on.
func ListColumns(ctx context.Context, tx *db.Tx, course store.Course, from db.ID, size int) (out Columns, err error) {
	ids, err := db.All(ctx, tx, db.SQL(`SELECT s.id FROM assessments s LEFT JOIN course_sections x ON x.id = s.section_id
		WHERE s.course_id = ? AND NOT s.survey ORDER BY CASE WHEN x.id IS NULL THEN 1 ELSE 0 END, x.position, x.id, s.position, s.due_at, s.id LIMIT ?`, course.ID, MaxAssessments), db.ScanID)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	first := max(0, slices.Index(ids, from))
	last := min(first+size, len(ids))
	out.Total = len(ids)
	if first > 0 {
		out.Prev = ids[max(0, first-size)]
	}
	if last < len(ids) {
		out.Next = ids[last]
	}
	out.Items, err = db.All(ctx, tx, db.SQL(`SELECT `+assessmentColumns+`, '' FROM assessments s WHERE s.id IN ?`, ids[first:last]), scanAssessment)
	slices.SortFunc(out.Items, func(a, b Assessment) int {
		return slices.Index(ids[first:last], a.ID) - slices.Index(ids[first:last], b.ID)
	})
	return out, err
}

// Cell is a place in a gradebook: an assessment, and an enrolment.
type Cell struct{ Assessment, Enrolment db.ID }

// GradesAt are the grades of some learners, without feedback, in some assessments. The enrolments were found before, within a permission.
func GradesAt(ctx context.Context, tx *db.Tx, assessments []Assessment, learners []store.Enrolment) (map[Cell]Grade, error) {
	return gradesAt(ctx, tx, assessments, learners, `''`)
}

func gradesAt(ctx context.Context, tx *db.Tx, assessments []Assessment, learners []store.Enrolment, feedback string) (map[Cell]Grade, error) {
	out := make(map[Cell]Grade, len(assessments)*len(learners))
	if len(assessments) == 0 || len(learners) == 0 {
		return out, nil
	}
	works, accounts := make([]db.ID, len(assessments)), make([]db.ID, len(learners))
	for i := range assessments {
		works[i] = assessments[i].ID
	}
	for i := range learners {
		accounts[i] = learners[i].Account
	}
	for g, err := range db.Each(ctx, tx, db.SQL(`SELECT `+gradeColumns+`, `+feedback+` FROM results r WHERE r.assessment_id IN ? AND r.account_id IN ?`, works, accounts),
		func(s db.Scanner) (Grade, error) {
			var feedback string
			g, err := scanGrade(s, &feedback)
			g.Feedback = feedback
			return g, err
		}) {
		if err != nil {
			return nil, err
		}
		out[Cell{g.Assessment, g.Enrolment}] = g
	}
	return out, nil
}

// LearnersOf are enrolments of a course by id, within what a permission reaches, with what a grade needs of them: others are left out.
func LearnersOf(ctx context.Context, tx *db.Tx, within access.Within, course store.Course, ids []db.ID) (map[db.ID]store.Enrolment, error) {
	out := make(map[db.ID]store.Enrolment, len(ids))
	for part := range slices.Chunk(ids, 500) {
		for e, err := range db.Each(ctx, tx, db.SQL(`SELECT e.id, e.portal_id, e.org_id, e.account_id, e.course_id, a.name FROM enrolments e JOIN accounts a ON a.id = e.account_id
			WHERE e.course_id = ? AND e.id IN ? AND ?`, course.ID, part, within.Where("e")), func(s db.Scanner) (e store.Enrolment, err error) {
			return e, s.Scan(&e.ID, &e.Portal, &e.Org, &e.Account, &e.Course, &e.Learner)
		}) {
			if err != nil {
				return nil, err
			}
			out[e.ID] = e
		}
	}
	return out, nil
}

// GradesToChange are as GradesAt, with their feedback, so that they can be saved again.
func GradesToChange(ctx context.Context, tx *db.Tx, assessments []Assessment, learners []store.Enrolment) (map[Cell]Grade, error) {
	out := map[Cell]Grade{}
	for part := range slices.Chunk(learners, 500) {
		some, err := gradesAt(ctx, tx, assessments, part, `r.feedback`)
		if err != nil {
			return nil, err
		}
		for at, g := range some {
			out[at] = g
		}
	}
	return out, nil
}

// GradesOf are all grades of one learner with their feedback, by assessment. The enrolment was found before, within a permission.
func GradesOf(ctx context.Context, tx *db.Tx, e store.Enrolment) (map[db.ID]Grade, error) {
	out := map[db.ID]Grade{}
	for g, err := range db.Each(ctx, tx, db.SQL(`SELECT `+gradeColumns+`, r.feedback FROM results r WHERE r.enrolment_id = ?`, e.ID), func(s db.Scanner) (Grade, error) {
		var feedback string
		g, err := scanGrade(s, &feedback)
		g.Feedback = feedback
		return g, err
	}) {
		if err != nil {
			return nil, err
		}
		out[g.Assessment] = g
	}
	return out, nil
}

// Marking is a grade that is to be given.
type Marking struct {
	Assessment *Assessment
	Enrolment  store.Enrolment
	Grade      Grade
}

// MarkAll grades many works at once. The figures are in the caller's hands.
func MarkAll(ctx context.Context, tx *db.Tx, d *store.Deltas, list []Marking, by db.ID, now time.Time) error {
	held := map[db.ID]bool{}
	for i := range list {
		m := &list[i]
		m.Grade.mark(m.Assessment, by, now)
		if m.Assessment.Holds(now) && m.Grade.Given != nil && !held[m.Assessment.ID] {
			held[m.Assessment.ID] = true
			if _, err := tx.Exec(ctx, db.SQL(`UPDATE assessments SET held = TRUE WHERE id = ?`, m.Assessment.ID)); err != nil {
				return err
			}
		}
	}
	return saveAll(ctx, tx, d, list)
}

// saveAll writes grades as they are; what is left empty of all is taken away.
func saveAll(ctx context.Context, tx *db.Tx, d *store.Deltas, list []Marking) error {
	w, err := store.NewResultWriter(ctx, tx, d)
	if err != nil {
		return err
	}
	for i := range list {
		m := &list[i]
		if m.Grade.empty() {
			if err := files.DropOf(ctx, tx, files.OfFeedback, []db.ID{m.Grade.ID}); err != nil {
				return err
			}
			if err := store.DropResult(ctx, tx, d, m.Assessment.ID, m.Enrolment); err != nil {
				return err
			}
			continue
		}
		row := store.ResultRow{Assessment: m.Assessment.Assessment, Account: m.Enrolment.Account,
			Result: store.Result{Submitted: m.Grade.Submitted, Score: m.Grade.Score, Banked: m.Grade.Banked}}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, saveGrade)
	if err != nil {
		return err
	}
	for i := range list {
		if m := &list[i]; !m.Grade.empty() {
			if err := batch.Exec(m.Grade.saved(m.Assessment.ID, m.Enrolment.ID)...); err != nil {
				return err
			}
		}
	}
	return batch.Close()
}

// ScaleOf is the letters that a course's scores are shown as: "A 90" a line, the highest first; empty for none.
func ScaleOf(ctx context.Context, tx *db.Tx, course store.Course) (string, error) {
	return db.Val[string](ctx, tx, db.SQL(`SELECT grade_scale FROM courses WHERE id = ?`, course.ID))
}

// SaveScale writes them.
func SaveScale(ctx context.Context, tx *db.Tx, course store.Course, scale string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET grade_scale = ? WHERE id = ?`, scale, course.ID))
	return err
}

// CourseIn is the course of an enrolment that was found within a permission. Only its name and portal are known.
func CourseIn(e store.Enrolment) store.Course {
	return store.Course{ID: e.Course, Portal: e.Portal, Name: e.CourseName}
}
