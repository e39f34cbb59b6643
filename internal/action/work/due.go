package work

import (
	"context"
	"errors"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store/work"
)

// ReleaseGrades shows the grades of an assessment that were held back, once their time has come.
var ReleaseGrades = &op.Op[OneAssessment, Ref]{
	Name:     "grade.release",
	Route:    "POST /courses/{course}/assessments/{assessment}/grades/release",
	Doc:      "Shows the grades of an assessment that were held back, once their time has come: 409 before. The learners' scores follow. This happens by itself.",
	Needs:    []*access.Permission{access.CourseGrade},
	PageOnly: true, Limit: time.Minute,
	Do: func(c *op.Call, in OneAssessment) (Ref, error) {
		course, a, err := find(c, in, access.CourseGrade)
		if err != nil {
			return Ref{}, err
		}
		if a.Holds(c.Now) {
			return Ref{}, fail.New(fail.Conflict, "The grades of {name} are held back for now.", "name", a.Title)
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title})
		if err := work.Settle(c, c.Tx, a, c.Now); err != nil {
			return Ref{}, err
		}
		return Ref{a.ID, a.Title}, regrade(c, course)
	},
}

// Release shows the grades of some assessments whose time has come, of any portal, and tells whether there may be more.
func Release(ctx context.Context, env *op.Env) (more bool, err error) {
	return eachDue(ctx, env, work.DueGrades, ReleaseGrades.Run, "the release of grades")
}

// ScoreWaiting scores what waits of some quizzes, of any portal, and tells whether there may be more.
func ScoreWaiting(ctx context.Context, env *op.Env) (more bool, err error) {
	return eachDue(ctx, env, work.WaitingQuizzes, ScoreQuiz.Run, "the scoring of quizzes")
}

// eachDue runs an operation for each assessment that is due, one after the other, whichever of them fail, and tells whether there may be more.
// It fails where all do.
func eachDue[Out any](ctx context.Context, env *op.Env, find func(context.Context, *db.Tx, time.Time) ([]work.Due, error),
	run func(context.Context, *op.Env, op.Who, OneAssessment) (Out, error), as string) (more bool, err error) {
	var due []work.Due
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // mostly there is none
		due, err = find(ctx, tx, env.Now())
		return err
	})
	if err != nil {
		return false, err
	}
	var failed []error
	for _, x := range due {
		in := OneAssessment{Assessment: x.Assessment}
		in.Course = x.Course
		if _, err := run(ctx, env, op.Who{Portal: x.Portal, System: as}, in); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) < len(due) {
		return true, nil
	}
	return false, errors.Join(failed...)
}
