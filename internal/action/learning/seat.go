package learning

import (
	"context"
	"errors"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var seatOps = []op.Any{GiveSeats}

// fillSeats enrols those who wait for a seat in a course while there are seats, and tells each of them by mail.
func fillSeats(c *op.Call, course store.Course) (names []string, err error) {
	may := func(who store.Account) (bool, error) {
		actor, err := c.Env.Cache.LoadActor(c, c.Tx, course.Portal, who.ID, c.Now)
		if err == nil {
			_, err = learning.FindEntry(c, c.Tx, actor.May(access.CourseEnrollSelf), course.ID)
		}
		if fail.Is(err, fail.NotFound) || fail.Is(err, fail.SignIn) {
			return false, nil
		}
		return err == nil, err
	}
	seated, err := learning.FillSeats(c, c.Tx, course, may, c.Now)
	if err != nil || len(seated) == 0 {
		return nil, err
	}
	portal, err := store.PortalOf(c, c.Tx, course.Portal)
	if err != nil {
		return nil, err
	}
	at := c.Env.PortalURL(portal) + "/courses/" + course.ID.String() + "/outline"
	for _, who := range seated {
		names = append(names, who.Name)
		if who.Email == "" {
			continue
		}
		body := "Hello " + who.Name + ",\n\na seat became free in " + course.Name + ", and you waited for it: you take the course now.\n\n" + at +
			"\n\nIf you do not want to take it any more, leave it in the catalog, so that somebody else can.\n"
		if err := store.Enqueue(c, c.Tx, course.Portal, who.Email, "You have a seat in "+course.Name, body, c.Now); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Seated are those who got a seat.
type Seated struct {
	Names []string `json:"names"`
}

// GiveSeats enrols those who wait in a course where a seat is free, as they asked for (LE-1).
var GiveSeats = &op.Op[OneCourse, Seated]{
	Name:     "course.give_seats",
	Route:    "POST /courses/{course}/seats",
	Doc:      "Enrols those who wait for a seat in a course, while there are seats, and tells them by mail. This happens by itself.",
	Needs:    []*access.Permission{access.CourseEnrollOthers},
	PageOnly: true, Limit: time.Minute,
	Do: func(c *op.Call, in OneCourse) (out Seated, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)
		if err != nil {
			return out, err
		}
		out.Names, err = fillSeats(c, course)
		c.Audit(course.Thing(), course.Name, map[string]any{"learners": out.Names})
		return out, err
	},
}

// mostSeats is in how many courses seats are given in one round.
const mostSeats = 50

// GiveFree gives the seats that are free in courses of any portal to those who wait, and tells whether there may be more. Where it
// cannot be done in one, it is in the others.
func GiveFree(ctx context.Context, env *op.Env) (more bool, err error) {
	var free []store.Course
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // mostly there is none
		free, err = learning.FreeSeats(ctx, tx, mostSeats, env.Now())
		return err
	})
	for _, course := range free {
		_, failed := GiveSeats.Run(ctx, env, op.Who{Portal: course.Portal, System: "the waiting list"}, OneCourse{course.ID})
		err = errors.Join(err, failed)
	}
	return err == nil && len(free) == mostSeats, err
}
