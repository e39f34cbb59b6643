package learning

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var lifeOps = []op.Any{ForeseeArchive, ArchiveCourse, RestoreCourse, ForeseeCourseEnd, DeleteCourse}

// Archiving is a course that may be archived.
type Archiving struct {
	Course Ref `json:"course"`
	// Learners take it now, and would only read it.
	Learners int `json:"learners"`
}

// ForeseeArchive says whom archiving a course concerns, before it is done.
var ForeseeArchive = &op.Op[OneCourse, Archiving]{
	Name:  "course.foresee_archive",
	Route: "GET /courses/{course}/archive",
	Doc:   "Says how many learners archiving a course would leave with reading it.",
	Needs: []*access.Permission{access.CourseArchive},
	Do: func(c *op.Call, in OneCourse) (Archiving, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseArchive), in.Course)
		if err != nil {
			return Archiving{}, err
		}
		l, err := learning.LossesOf(c, c.Tx, course, c.Now)
		return Archiving{Ref{course.ID, course.Name}, l.Learners}, err
	},
}

// ArchiveCourse makes a course read-only for everybody (CO-1).
var ArchiveCourse = &op.Op[OneCourse, Ref]{
	Name:  "course.archive",
	Route: "POST /courses/{course}/archive",
	Doc:   "Archives a course: whoever could open it reads it on, nobody changes anything in it, and it stays in reports.",
	Needs: []*access.Permission{access.CourseArchive},
	Do: func(c *op.Call, in OneCourse) (Ref, error) {
		return setArchived(c, in, true)
	},
}

// RestoreCourse lets an archived course be changed and taken again.
var RestoreCourse = &op.Op[OneCourse, Ref]{
	Name:  "course.restore",
	Route: "POST /courses/{course}/restore",
	Doc:   "Restores a course that was archived: everybody may do again in it what they could before.",
	Needs: []*access.Permission{access.CourseArchive},
	Do: func(c *op.Call, in OneCourse) (Ref, error) {
		return setArchived(c, in, false)
	},
}

func setArchived(c *op.Call, in OneCourse, archived bool) (Ref, error) {
	course, err := store.FindCourse(c, c.Tx, c.May(access.CourseArchive), in.Course)
	switch {
	case err != nil:
		return Ref{}, err
	case archived && !course.Archived.IsZero():
		return Ref{}, fail.New(fail.Conflict, "{name} is archived already.", "name", course.Name)
	case !archived && course.Archived.IsZero():
		return Ref{}, fail.New(fail.Conflict, "{name} is not archived.", "name", course.Name)
	}
	c.Audit(course.Thing(), course.Name, nil)
	return Ref{course.ID, course.Name}, learning.Archive(c, c.Tx, course, archived, c.Now)
}

// CourseLosses is what ends with a course, and what stays of it.
type CourseLosses struct {
	Name     string `json:"name"`
	Archived bool   `json:"archived"`
	// Learners take it now; the records of all who are or were enrolled stay in reports.
	Learners int `json:"learners" doc:"Who takes it now, and would be out of it."`
	Records  int `json:"records" doc:"Whose records stay in reports."`
	Staff    int `json:"staff" doc:"Who teaches it, and assists."`
	Sections int `json:"sections"`
	Lessons  int `json:"lessons"`
	Policies int `json:"policies" doc:"How many policies are bound to it."`
}

// ForeseeCourseEnd says what deleting a course would take away, before it is done.
var ForeseeCourseEnd = &op.Op[OneCourse, CourseLosses]{
	Name:  "course.losses",
	Route: "GET /courses/{course}/losses",
	Doc:   "Says what deleting a course would take away, and what stays of it.",
	Needs: []*access.Permission{access.CourseDelete},
	Do: func(c *op.Call, in OneCourse) (CourseLosses, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseDelete), in.Course)
		if err != nil {
			return CourseLosses{}, err
		}
		return lossesOf(c, course)
	},
}

func lossesOf(c *op.Call, course store.Course) (CourseLosses, error) {
	l, err := learning.LossesOf(c, c.Tx, course, c.Now)
	return CourseLosses{course.Name, !course.Archived.IsZero(), l.Learners, l.Records, l.Staff, l.Sections, l.Lessons, l.Policies}, err
}

// CourseEnd asks to delete a course.
type CourseEnd struct {
	OneCourse
	Name string `json:"name" doc:"The course's name, typed once more."`
}

// DeleteCourse takes a course away for good (RT-1). What learners did in it stays on record.
var DeleteCourse = &op.Op[CourseEnd, CourseLosses]{
	Name:  "course.delete",
	Route: "DELETE /courses/{course}",
	Doc:   "Deletes a course, for which its name is typed. Nobody opens it any more, and every role in it ends. What learners did in it stays in reports.",
	Needs: []*access.Permission{access.CourseDelete},
	Do: func(c *op.Call, in CourseEnd) (CourseLosses, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseDelete), in.Course)
		if err != nil {
			return CourseLosses{}, err
		}
		if form.Tidy(in.Name) != form.Tidy(course.Name) {
			return CourseLosses{}, fail.Wrong("name", "This is not the course's name.")
		}
		lost, err := lossesOf(c, course)
		if err != nil {
			return lost, err
		}
		c.Audit(course.Thing(), course.Name, lost)
		return lost, learning.Delete(c, c.Tx, course, c.By(), c.Now)
	},
}
