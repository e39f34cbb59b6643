package action

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// CourseParts are the parts of a course that are open to who asks.
type CourseParts struct {
	Content    bool `json:"content" doc:"Its lessons and assessments, who teaches it, and when it is completed."`
	Writing    bool `json:"writing" doc:"You write it: its lessons, assessments and their weights."`
	Learners   bool `json:"learners" doc:"Its record, with those of its learners whom you may see."`
	Grading    bool `json:"grading" doc:"You grade in it."`
	Grades     bool `json:"grades" doc:"Your own grades in it, unless they are closed to its learners."`
	Discussion bool `json:"discussion"`
	Help       bool `json:"help" doc:"Which of its learners need help."`
}

// ShowCourseParts tells which parts of a course are open to who asks, for the links between its pages.
var ShowCourseParts = &op.Op[OneCourse, CourseParts]{
	Name:  "course.parts",
	Route: "GET /courses/{course}/parts",
	Doc:   "Tells which parts of a course are open to you.",
	Needs: []*access.Permission{access.CourseView, access.CourseList, access.CourseAddContent, access.CourseGrade, access.CourseCollaborate, access.CourseReport, access.EnrolmentList, access.CourseOwnGrades},
	Do: func(c *op.Call, in OneCourse) (CourseParts, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course)
		if fail.Is(err, fail.NotFound) || fail.Is(err, fail.NotAllowed) {
			course, err = store.FindCourse(c, c.Tx, c.May(access.CourseList), in.Course)
		}
		if err != nil {
			return CourseParts{}, err
		}
		thing := course.Thing()
		may := func(p *access.Permission) bool { return c.May(p).Has(&thing) != nil }
		listed := may(access.CourseList)
		own := access.Thing{Kind: access.Enrolment, Portal: course.Portal, Org: course.Org, Course: course.ID, Account: c.Who.Account}
		return CourseParts{Content: may(access.CourseView), Writing: may(access.CourseAddContent), Learners: listed && c.May(access.EnrolmentList).Any(), Grading: may(access.CourseGrade),
			Grades: may(access.CourseView) && c.May(access.CourseOwnGrades).Has(&own) != nil, Discussion: may(access.CourseCollaborate), Help: listed && c.May(access.CourseReport).Any()}, nil
	},
}
