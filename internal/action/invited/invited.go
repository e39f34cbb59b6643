// Package invited holds what invitations carry beside an account (LM-1): courses and learning paths that whoever accepts is enrolled in, by the rights
// that their inviter has then.
package invited

import (
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
	"provost/internal/store/path"
)

// Ref names a thing.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Carried are the courses and learning paths of an invitation.
type Carried struct {
	Courses []Ref `json:"courses,omitempty" doc:"Courses that they are enrolled in."`
	Paths   []Ref `json:"paths,omitempty" doc:"Learning paths that they are enrolled in."`
}

// most is how many courses, and how many paths, an invitation carries.
const most = 20

// Needs are the permissions that operations ask which promise courses and paths.
var Needs = []*access.Permission{access.CourseEnrollOthers, access.PathEnrollOthers}

// split are the names of a text, with a semicolon between them.
func split(text string) (names []string) {
	for name := range strings.SplitSeq(text, ";") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Named is what two texts name: courses and learning paths in which the actor may enrol people. What is wrong with a text is the second result, by the
// names courses and paths.
func Named(c *op.Call, courses, paths string) (list []path.Carried, wrong fail.Fields, err error) {
	for _, x := range []struct {
		field, text   string
		called        func(string) ([]path.Carried, error)
		none, several fail.Text
	}{
		{"courses", courses, func(name string) ([]path.Carried, error) {
			return path.CoursesCalled(c, c.Tx, c.May(access.CourseEnrollOthers), name)
		}, fail.Say("There is no course called “{name}” in which you may enrol people."), fail.Say("Several courses are called “{name}”: write the code instead.")},
		{"paths", paths, func(name string) ([]path.Carried, error) {
			return path.PathsCalled(c, c.Tx, c.May(access.PathEnrollOthers), name)
		}, fail.Say("There is no learning path called “{name}” in which you may enrol people."), fail.Say("Several learning paths are called “{name}”.")},
	} {
		names := split(x.text)
		if len(names) > most {
			wrong.Add(x.field, "At most {n} of them at once.", "n", most)
			continue
		}
		for _, name := range names {
			found, err := x.called(name)
			switch {
			case err != nil:
				return nil, nil, err
			case len(found) == 1:
				list = append(list, found[0])
			case len(found) == 0:
				wrong.Add(x.field, x.none.English, "name", name)
			default:
				wrong.Add(x.field, x.several.English, "name", name)
			}
		}
	}
	return list, wrong, nil
}

// Of is what an invitation carries, to show it.
func Of(list []path.Carried) (out Carried) {
	for _, x := range list {
		if x.Kind == access.Course {
			out.Courses = append(out.Courses, Ref{x.ID, x.Name})
		} else {
			out.Paths = append(out.Paths, Ref{x.ID, x.Name})
		}
	}
	return out
}

// Lines are what an invitation carries, for its mail: nothing where it carries nothing.
func Lines(list []path.Carried) string {
	if len(list) == 0 {
		return ""
	}
	out := "You will be enrolled in:\n"
	for _, x := range list {
		out += "- " + x.Name + "\n"
	}
	return out + "\n"
}

// Check tells whether somebody may enrol people, at this moment, in all that an invitation carries (PT-2).
func Check(c *op.Call, who *access.Actor, list []path.Carried) error {
	for _, x := range list {
		var err error
		if x.Kind == access.Course {
			_, err = store.FindCourse(c, c.Tx, who.May(access.CourseEnrollOthers), x.ID)
		} else {
			_, err = path.FindPath(c, c.Tx, who.May(access.PathEnrollOthers), x.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Came is what became of what an invitation carried.
type Came struct {
	// Waiting are courses in which they wait for a seat, LeftOut what they are not enrolled in: the inviter may not enrol people there any more, or nobody may.
	Waiting []string `json:"waiting,omitempty" doc:"Courses in which you wait for a seat."`
	LeftOut []string `json:"left_out,omitempty" doc:"What you are not enrolled in, since that cannot be given any more, or has no seat."`
}

// Enrol enrols who accepted an invitation in what it carries, as its inviter, where that person may at this moment, and there is a seat.
func Enrol(c *op.Call, inviter *access.Actor, list []path.Carried, who store.Account) (came Came, err error) {
	d := store.NewDeltas()
	for _, x := range list {
		in := false
		if x.Kind == access.Course {
			var waits bool
			if in, waits, err = enrolIn(c, d, inviter, x, who); waits {
				came.Waiting, in = append(came.Waiting, x.Name), true
			}
		} else {
			in, err = leadAlong(c, inviter, x, who)
		}
		if err != nil {
			return came, err
		}
		if !in {
			came.LeftOut = append(came.LeftOut, x.Name)
		}
	}
	return came, d.Flush(c, c.Tx)
}

func gone(err error) bool { return fail.Is(err, fail.NotAllowed) || fail.Is(err, fail.NotFound) }

func enrolIn(c *op.Call, d *store.Deltas, inviter *access.Actor, x path.Carried, who store.Account) (in, waits bool, err error) {
	course, err := store.FindCourse(c, c.Tx, inviter.May(access.CourseEnrollOthers), x.ID)
	if gone(err) || err == nil && course.Template {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	room, err := learning.RoomIn(c, c.Tx, course, c.Now)
	switch {
	case err != nil || room.Over || room.Full && !room.Waits:
		return false, false, err
	case room.Full:
		return false, true, learning.Wait(c, c.Tx, course, who.ID, c.Now)
	}
	_, err = store.Enrol(c, c.Tx, d, course, who, inviter.Account, c.Now)
	return err == nil, false, err
}

func leadAlong(c *op.Call, inviter *access.Actor, x path.Carried, who store.Account) (in bool, err error) {
	p, err := path.FindPath(c, c.Tx, inviter.May(access.PathEnrollOthers), x.ID)
	if gone(err) || err == nil && !p.Archived.IsZero() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = path.Enrol(c, c.Tx, p, []store.Account{who}, false, inviter.Account, c.Now)
	return err == nil, err
}
