package path

import (
	"context"
	"errors"
	"fmt"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

var dueOps = []op.Any{GiveLate, AdvancePath, SyncRequirement}

const (
	// mostDue is how many people of a kind one transaction does something for, so that others may write between.
	mostDue = 500
	// mostPlaces is how many courses, paths and requirements are looked after in one round.
	mostPlaces = 50
)

// DueDone is how much of what was due by itself is done.
type DueDone struct {
	People int `json:"people" doc:"How many people something was done for."`
	// more: there may be more.
	more bool
}

// Due does what is due by itself, in all portals, and tells whether there may be more: it gives the certificates and opens the
// courses that nobody was there to give and to open, and finds out of whom courses are required. What fails does not keep the rest.
func Due(ctx context.Context, env *op.Env) (more bool, err error) {
	var late, waiting, unsynced []path.Waits
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to do
		if late, err = path.LateCourses(ctx, tx, mostPlaces); err != nil {
			return err
		}
		if waiting, err = path.WaitingPaths(ctx, tx, mostPlaces, env.Now()); err != nil {
			return err
		}
		unsynced, err = path.Unsynced(ctx, tx, mostPlaces, env.Now())
		return err
	})
	if err != nil {
		return false, err
	}
	done := &round{ctx: ctx, env: env}
	each(done, GiveLate, "certificates that are due", late, func(id db.ID) OneCourse { return OneCourse{id} })
	each(done, AdvancePath, "what comes due on paths", waiting, func(id db.ID) OnePath { return OnePath{id} })
	each(done, SyncRequirement, "what is required of people", unsynced, func(id db.ID) OneRequirement { return OneRequirement{id} })
	return done.more, errors.Join(done.failed...)
}

// round is one round of what is due.
type round struct {
	ctx    context.Context
	env    *op.Env
	more   bool
	failed []error
}

// each runs an operation for each that waits, as its portal itself. One that is refused, by a portal's plan say, is logged as any operation is, and waits for
// another round; another error is told when all were tried.
func each[In any](r *round, o *op.Op[In, DueDone], why string, list []path.Waits, in func(db.ID) In) {
	r.more = r.more || len(list) == mostPlaces
	for _, w := range list {
		out, err := o.Run(r.ctx, r.env, op.Who{Portal: w.Portal, System: why}, in(w.ID))
		switch {
		case err == nil:
			r.more = r.more || out.more
		case !fail.Is(err, fail.Conflict) && !fail.Is(err, fail.NotAllowed) && !fail.Is(err, fail.NotFound):
			r.failed = append(r.failed, fmt.Errorf("%s in %s: %w", o.Name, w.ID, err))
		}
	}
}

// GiveLate gives the certificates that a course owes to learners who were imported as completed (CO-1).
var GiveLate = &op.Op[OneCourse, DueDone]{
	Name:     "certificate.give_due",
	Route:    "POST /courses/{course}/certificates/due",
	Doc:      "Gives the certificates that a course owes to learners who completed it when nobody was there to give them. This happens by itself.",
	Needs:    []*access.Permission{access.CourseCertify},
	PageOnly: true,
	Do: func(c *op.Call, in OneCourse) (out DueDone, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseCertify), in.Course)
		if err != nil {
			return out, err
		}
		n, err := path.GiveCourse(c, c.Tx, course, mostDue, c.Now)
		c.Audit(course.Thing(), course.Name, map[string]any{"certificates": n})
		return DueDone{n, n == mostDue}, err
	},
}

// AdvancePath opens what has come due on a path by time alone, or by an import, and notes who has come to its end (CO-2).
var AdvancePath = &op.Op[OnePath, DueDone]{
	Name:     "path.advance",
	Route:    "POST /paths/{path}/advance",
	Doc:      "Opens the courses that have come due on a learning path, and notes who has come to its end. This happens by itself.",
	Needs:    []*access.Permission{access.PathEnrollOthers},
	PageOnly: true,
	Do: func(c *op.Call, in OnePath) (out DueDone, err error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathEnrollOthers), in.Path)
		if err != nil {
			return out, err
		}
		people, err := path.Waiting(c, c.Tx, p, mostDue, c.Now)
		for _, id := range people {
			c.Tx.Note(path.Advanced{Account: id})
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"learners": len(people)})
		return DueDone{len(people), len(people) == mostDue}, err
	},
}

// SyncRequirement brings of whom a course is required up to now: people come and go, and did it elsewhere (CO-5).
var SyncRequirement = &op.Op[OneRequirement, DueDone]{
	Name:     "compliance.sync",
	Route:    "POST /compliance/{requirement}/sync",
	Doc:      "Brings of whom a course is required, and who did it, up to now, and enrols them in it. This happens by itself.",
	Needs:    []*access.Permission{access.ComplianceSet},
	PageOnly: true,
	Do: func(c *op.Call, in OneRequirement) (out DueDone, err error) {
		r, err := path.FindSynced(c, c.Tx, c.May(access.ComplianceSet), in.Requirement)
		if err != nil {
			return out, err
		}
		did, err := path.Sync(c, c.Tx, r.ID, mostDue, c.Now)
		c.Audit(r.Thing(), r.OrgName, map[string]any{"course": r.CourseName, "begun": did.Begun, "ended": did.Ended, "did": did.Did, "enrolled": did.Enrolled})
		return DueDone{did.Begun + did.Ended, did.All(mostDue)}, err
	},
}
