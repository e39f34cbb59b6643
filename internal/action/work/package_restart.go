package work

import (
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/work"
)

// mayRestart tells whether a learner may begin another attempt at a package: one was begun, and it is not the last that is allowed.
func mayRestart(a *work.Assessment, states map[string]work.State, attempt int64) bool {
	return len(states) > 0 && (a.Attempts == 0 || attempt < a.Attempts)
}

// RestartPackage lets one start a package again that one takes, as often as it may be handed in (CO-1).
var RestartPackage = &op.Op[OneAssessment, Ref]{
	Name:  "package.restart",
	Route: "POST /courses/{course}/assessments/{assessment}/package/attempts",
	Doc:   "Starts a package again that you take, where it may be handed in more often than you did. What you reached stays on record, the best result counts; where you were in it is forgotten.",
	Needs: submitNeeds,
	Do: func(c *op.Call, in OneAssessment) (Ref, error) {
		x, err := playing(c, in, "")
		if err != nil {
			return Ref{}, err
		}
		if x.own == nil {
			return Ref{}, fail.New(fail.Conflict, "You do not take this course.")
		}
		states, err := work.StatesOf(c, c.Tx, x.is, x.own.Enrolment)
		if err != nil {
			return Ref{}, err
		}
		if len(states) > 0 && !mayRestart(&x.is, states, x.attempt) {
			return Ref{}, fail.New(fail.Conflict, "You cannot start it again: it may be handed in {n} times.", "n", x.is.Attempts)
		}
		return restart(c, x.course, x.is, x.own.Enrolment, x.attempt)
	},
}

// RestartLearnerPackage lets a learner start a package again, however often they did.
var RestartLearnerPackage = &op.Op[OneLearnerWork, Ref]{
	Name:  "package.restart_learner",
	Route: "POST /courses/{course}/assessments/{assessment}/learners/{enrolment}/package/attempts",
	Doc:   "Lets a learner start a package again, however often they did. What they reached stays on record, and so does their result.",
	Needs: gradeNeeds,
	Do: func(c *op.Call, in OneLearnerWork) (Ref, error) {
		x, err := findGraded(c, in)
		if err != nil {
			return Ref{}, err
		}
		if own(c, x.of.Account) {
			return Ref{}, fail.New(fail.NotAllowed, "This is your own work: somebody else grades it.")
		}
		attempt, err := work.PackageAttempt(c, c.Tx, x.is, x.of)
		if err != nil {
			return Ref{}, err
		}
		return restart(c, x.course, x.is, x.of, attempt)
	},
}

func restart(c *op.Call, course store.Course, a work.Assessment, of store.Enrolment, attempt int64) (Ref, error) {
	c.Audit(course.Thing(), course.Name, map[string]any{"assessment": a.Title, "learner": of.Learner, "attempt": attempt})
	return Ref{a.ID, a.Title}, work.RestartPackage(c, c.Tx, a, of, c.By(), c.Now)
}

// again refuses what comes of an attempt that is over: a player that stayed open would bring back what was forgotten.
func (x *played) again(attempt int64) error {
	if attempt != 0 && attempt != x.attempt {
		return fail.New(fail.Conflict, "This was started again. Please open it anew.")
	}
	return nil
}
