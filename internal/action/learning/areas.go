package learning

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var areaOps = []op.Any{ShowAreas, SaveAreas}

// closable are the permissions that a course can be closed by to its learners, as areas of it (LE-2).
var closable = []*access.Permission{access.CourseView, access.CourseSubmit, access.CourseCollaborate, access.CourseOwnGrades}

// Area is a part of a course that can be closed to its learners.
type Area struct {
	Key    string `json:"key" doc:"The permission that learners lose by it."`
	Closed bool   `json:"closed"`
}

// Areas are the parts of a course that can be closed to its learners.
type Areas struct {
	Course Ref    `json:"course"`
	Items  []Area `json:"items"`
}

// ShowAreas are the parts of a course that can be closed to its learners, and which are.
var ShowAreas = &op.Op[OneCourse, Areas]{
	Name:  "course.areas",
	Route: "GET /courses/{course}/areas",
	Doc:   "Shows what of a course can be closed to its learners, and what is.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in OneCourse) (Areas, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return Areas{}, err
		}
		closed, err := learning.Closed(c, c.Tx, course)
		out := Areas{Course: Ref{course.ID, course.Name}}
		for _, p := range closable {
			out.Items = append(out.Items, Area{p.Key, closed.Has(p)})
		}
		return out, err
	},
}

// ClosedAreas are the parts of a course that shall be closed to its learners.
type ClosedAreas struct {
	OneCourse
	Closed []string `json:"closed" doc:"Of course.view, course.submit, course.collaborate and course.view_own_grades, those that shall be closed; all others are open."`
}

func (in ClosedAreas) set() (out access.Set, known bool) {
	for _, key := range in.Closed {
		known := false
		for _, p := range closable {
			if p.Key == key {
				out.Add(p)
				known = true
			}
		}
		if !known {
			return out, false
		}
	}
	return out, true
}

// Check tells which fields have to be corrected.
func (in ClosedAreas) Check() error {
	if _, known := in.set(); !known {
		return fail.Wrong("closed", "There is no such area.")
	}
	return nil
}

// SaveAreas closes parts of a course to its learners, and opens the others (LE-2). It counts at their next click; who teaches goes on.
var SaveAreas = &op.Op[ClosedAreas, Ref]{
	Name:  "course.save_areas",
	Route: "PUT /courses/{course}/areas",
	Doc:   "Closes parts of a course to its learners, and opens the others. Those who teach it, and administer it, are not concerned.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in ClosedAreas) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"closed": in.Closed})
		closed, _ := in.set()
		return Ref{course.ID, course.Name}, learning.Close(c, c.Tx, course, closed, c.Now)
	},
}

// sayClosed is why a learner does not find their course: it is closed to them.
func sayClosed(c *op.Call, course db.ID, err error) error {
	state := c.Actor.Rules().Courses[course]
	if !state.Closed.Has(access.CourseView) {
		return err
	}
	list, failed := store.ListEnrolments(c, c.Tx, c.May(access.EnrolmentOwn), store.EnrolmentFilter{Course: course, Account: c.Who.Account, Open: true}, store.Page{Size: 1})
	if failed != nil || len(list.Items) == 0 {
		return err
	}
	return fail.New(fail.NotAllowed, "Whoever teaches this course has closed it to its learners for now.")
}
