package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Rule says when a course is completed (CO-5).
type Rule string

// The rules of completion.
const (
	// ByWork: all lessons are done, and each work is handed in.
	ByWork Rule = "work"
	// ByLessons: all lessons are done.
	ByLessons Rule = "lessons"
	// ByGrade: each work is graded, and the score is a passing one.
	ByGrade Rule = "grade"
	// ByBoth: as ByLessons and ByGrade.
	ByBoth Rule = "both"
	// ByHand: staff say so.
	ByHand Rule = "hand"
)

// Rules are all rules of completion, in order.
var Rules = []Rule{ByWork, ByLessons, ByGrade, ByBoth, ByHand}

// Completion is when a course is completed: Pass is the lowest passing score, 0 to 100.
type Completion struct {
	Rule Rule
	Pass float64
}

// CompletionOf is when a course is completed.
func CompletionOf(ctx context.Context, tx *db.Tx, course Course) (Completion, error) {
	has, err := partsOf(ctx, tx, course.ID)
	return has.Completion, err
}

// SetCompletion changes when a course is completed, and completes those who meet it now. Who has completed it before stays so.
func SetCompletion(ctx context.Context, tx *db.Tx, d *Deltas, course Course, to Completion) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET completion = ?, pass_score = ? WHERE id = ?`, string(to.Rule), to.Pass, course.ID)); err != nil {
		return err
	}
	return RegradeCourse(ctx, tx, d, course.ID)
}

// parts is how many works and lessons a course has, and when it is completed.
type parts struct {
	works, lessons int
	// graded are those of the works that are.
	graded int
	Completion
}

func partsOf(ctx context.Context, tx *db.Tx, course db.ID) (parts, error) {
	return db.One(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM assessments WHERE course_id = c.id), (SELECT count(*) FROM assessments WHERE course_id = c.id AND NOT survey),
		(SELECT count(*) FROM lessons WHERE course_id = c.id), c.completion, c.pass_score
		FROM courses c WHERE c.id = ?`, course), func(s db.Scanner) (p parts, err error) {
		return p, s.Scan(&p.works, &p.graded, &p.lessons, &p.Rule, &p.Pass)
	})
}

// met tells whether a learner has done what completes the course. What is not there completes nothing.
func (p parts) met(e *Enrolment, g graded) bool {
	lessons, works := g.lessons >= p.lessons, g.fresh >= p.works
	passed := g.settled >= p.graded && p.graded > 0 && e.Score != nil && *e.Score >= p.Pass
	switch p.Rule {
	case ByLessons:
		return lessons && p.lessons > 0
	case ByGrade:
		return passed
	case ByBoth:
		return passed && lessons
	case ByHand:
		return false
	}
	return lessons && works && p.lessons > 0
}

// NowCompleted notes, in its transaction, that somebody completed a course: what follows from it is done before it ends.
type NowCompleted struct{ Enrolment }

// CompleteByHand completes a course that is completed by hand. The figures are in the caller's hands.
func CompleteByHand(ctx context.Context, tx *db.Tx, d *Deltas, e Enrolment, now time.Time) (Enrolment, error) {
	switch {
	case !e.Open:
		return e, fail.New(fail.Conflict, "{name} is not enrolled any more.", "name", e.Learner)
	case e.Status == Completed:
		return e, fail.New(fail.Conflict, "{name} has completed the course already.", "name", e.Learner)
	}
	d.Remove(&e)
	e.Status, e.Completed, e.Progress = Completed, now, 100
	d.Add(&e)
	tx.Note(NowCompleted{e})
	return e, updateEnrolment(ctx, tx, &e)
}

// EnrolmentsOf are some enrolments within what a permission reaches, by learner, so many at most.
func EnrolmentsOf(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID, most int) ([]Enrolment, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+enrolmentColumns+` FROM enrolments e`+enrolmentJoins+`JOIN courses c ON c.id = e.course_id
		WHERE e.id IN ? AND ? ORDER BY e.learner_key, e.id LIMIT ?`, ids, within.Where("e"), most), scanEnrolment)
}
