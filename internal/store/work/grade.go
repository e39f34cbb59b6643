package work

import (
	"context"
	"math"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Grade is what a learner has of an assessment, with how it was graded.
type Grade struct {
	store.Result
	// Given is what a person, or a quiz, gave in percent of the points, before what being late takes off; nil where nobody did, as
	// for what was imported. Score is what counts: nil while grades are held back.
	Given *float64
	// GivenFor is when what was graded had been handed in; zero for something that never was.
	GivenFor time.Time
	// Excused: it is not asked of this learner, and counts neither for nor against them.
	Excused  bool
	Feedback string
	// Graded and GradedBy are when, and by whom; zero for nobody.
	Graded   time.Time
	GradedBy db.ID
	Grader   string
	// Waits is since when something waits to be graded; zero for nothing.
	Waits time.Time
}

// DaysLate is how many days, begun, something handed in then comes after the due date.
func (a *Assessment) DaysLate(handed time.Time) int {
	if a.Due.IsZero() || !handed.After(a.Due) {
		return 0
	}
	return int(math.Ceil(handed.Sub(a.Due).Hours() / 24))
}

// Reached is what a learner has in percent, less what being late takes off, whether it is shown to them yet or not; nil for nothing.
func (g *Grade) Reached(a *Assessment) *float64 {
	if g.Excused || g.Given == nil {
		return g.Score
	}
	reached := max(0, *g.Given-a.LatePercent*float64(a.DaysLate(g.GivenFor)))
	return &reached
}

// InPoints is a percentage in points of the assessment, to two decimals.
func (a *Assessment) InPoints(percent float64) float64 { return math.Round(percent*a.Points) / 100 }

// Holds tells whether grades of the assessment are held back.
func (a *Assessment) Holds(now time.Time) bool { return a.GradesAt.After(now) }

const gradeColumns = `r.id, r.portal_id, r.assessment_id, r.enrolment_id, r.account_id, r.submitted_at, r.score, r.banked,
	r.given, r.given_for, r.excused, r.graded_at, r.graded_by, r.waits_at`

// scanGrade reads gradeColumns and what stands behind them.
func scanGrade(s db.Scanner, more ...any) (g Grade, err error) {
	var submitted, givenFor, graded, waits int64
	err = s.Scan(append([]any{&g.ID, &g.Portal, &g.Assessment, &g.Enrolment, &g.Account, &submitted, &g.Score, &g.Banked,
		&g.Given, &givenFor, &g.Excused, &graded, &g.GradedBy, &waits}, more...)...)
	g.Submitted, g.GivenFor, g.Graded, g.Waits = db.TimeOrZero(submitted), db.TimeOrZero(givenFor), db.TimeOrZero(graded), db.TimeOrZero(waits)
	return g, err
}

// FindGrade is what a learner has of an assessment; its ID is 0 where that is nothing. The enrolment was found before, within a
// permission.
func FindGrade(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment) (Grade, error) {
	g, err := db.One(ctx, tx, db.SQL(`SELECT `+gradeColumns+`, r.feedback, coalesce(b.name, '') FROM results r LEFT JOIN accounts b ON b.id = r.graded_by
		WHERE r.assessment_id = ? AND r.enrolment_id = ?`, a.ID, e.ID), func(s db.Scanner) (Grade, error) {
		var feedback, grader string
		g, err := scanGrade(s, &feedback, &grader)
		g.Feedback, g.Grader = feedback, grader
		return g, err
	})
	if fail.Is(err, fail.NotFound) {
		err = nil
	}
	return g, err
}

// SaveGrade writes what a learner has of an assessment, as it is given; their progress, score and the figures follow. What is left
// empty of all is taken away. The figures are in the caller's hands.
func SaveGrade(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, e store.Enrolment, g Grade) error {
	return saveAll(ctx, tx, d, []Marking{{&a, e, g}})
}

func (g *Grade) empty() bool {
	return g.Submitted.IsZero() && g.Given == nil && g.Score == nil && !g.Excused && g.Feedback == ""
}

const saveGrade = `UPDATE results SET given = ?, given_for = ?, excused = ?, feedback = ?, graded_at = ?, graded_by = ?, waits_at = ? WHERE assessment_id = ? AND enrolment_id = ?`

func (g *Grade) saved(assessment, enrolment db.ID) []any {
	var given any
	if g.Given != nil {
		given = *g.Given
	}
	return []any{given, db.MicrosOrZero(g.GivenFor), g.Excused, g.Feedback, db.MicrosOrZero(g.Graded), g.GradedBy, db.MicrosOrZero(g.Waits), assessment, enrolment}
}

// mark notes who grades a work, and what it comes to: at once, or from GradesAt on.
func (g *Grade) mark(a *Assessment, by db.ID, now time.Time) {
	g.Graded, g.GradedBy, g.Waits, g.GivenFor, g.Score = now, by, time.Time{}, g.Submitted, nil
	if g.Excused {
		g.Given = nil
	}
	if !a.Holds(now) {
		g.Score = g.Reached(a)
	}
}

// Mark grades what a learner has: Given and Excused, by somebody, or 0 for a quiz. The figures are in the caller's hands.
func Mark(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, e store.Enrolment, g Grade, by db.ID, now time.Time) error {
	return MarkAll(ctx, tx, d, []Marking{{&a, e, g}}, by, now)
}

// Settle brings the scores of an assessment's graded works up to its rules: its due date, what being late takes off, and when grades
// are shown. What follows for the learners is the caller's: see store.RegradeCourse.
func Settle(ctx context.Context, tx *db.Tx, a Assessment, now time.Time) error {
	graded, err := db.All(ctx, tx, db.SQL(`SELECT `+gradeColumns+` FROM results r WHERE r.assessment_id = ? AND r.given IS NOT NULL`, a.ID),
		func(s db.Scanner) (Grade, error) { return scanGrade(s) })
	if err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, `UPDATE results SET score = ? WHERE id = ?`)
	if err != nil {
		return err
	}
	hold := a.Holds(now)
	for i := range graded {
		var score any
		if reached := graded[i].Reached(&a); !hold {
			score = *reached
		}
		if err := batch.Exec(score, graded[i].ID); err != nil {
			return err
		}
	}
	if err := batch.Close(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE assessments SET held = ? WHERE id = ?`, hold && len(graded) > 0, a.ID))
	return err
}

// DueGrades are assessments, of any portal, whose grades were held back until now, the longest first. Courses that are archived are
// left as they are.
func DueGrades(ctx context.Context, tx *db.Tx, now time.Time) ([]Due, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.portal_id, a.course_id, a.id FROM assessments a`+dueJoins+`WHERE a.held AND a.grades_at <= ? ORDER BY a.grades_at, a.id LIMIT ?`,
		db.Micros(now), mostDue), scanDue)
}
