package report

import (
	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/store/report"
)

const (
	// mostTaught is how many courses a teacher's dashboard has.
	mostTaught = 10
	// mostHelped is up to how many learners of a course it is counted who may need help: beyond, the course's own page tells.
	mostHelped = 1000
)

// Taught is a course that one teaches or assists in.
type Taught struct {
	Course   FilterChoice `json:"course"`
	Code     string       `json:"code"`
	Learners int64        `json:"learners" doc:"Who is in it now, whom you may see."`
	Waits    int64        `json:"waits" doc:"How many works wait for you to grade them."`
	// Help is left out where it is not counted, or not one's to see.
	Help    *int64 `json:"help,omitempty" doc:"How many learners may need help."`
	Late    int64  `json:"late" doc:"How many of them are late with a work."`
	Quiet   int64  `json:"quiet" doc:"How many of them were not active for two weeks."`
	Unbegun int64  `json:"unbegun" doc:"How many of them have not begun within a week."`
	Low     int64  `json:"low" doc:"How many of them have a score that does not pass."`
}

// Teaching is a teacher's dashboard.
type Teaching struct {
	Items []Taught `json:"items"`
	More  bool     `json:"more" doc:"There are more courses than these."`
}

// ListTeaching is what whoever teaches looks at first: their courses, what waits to be graded, and how many learners may need help, and why (RE-1, RT-1).
var ListTeaching = &op.Op[struct{}, Teaching]{
	Name:  "report.teaching",
	Route: "GET /me/teaching",
	Doc:   "Lists the courses that you teach or assist in, with what waits to be graded, and how many learners may need help, and why.",
	Needs: []*access.Permission{access.CourseGrade, access.CourseAllGrades, access.CourseReport, access.EnrolmentList, access.CourseList},
	Do: func(c *op.Call, _ struct{}) (out Teaching, err error) {
		out.Items = []Taught{}
		if c.Who.Account == 0 {
			return out, nil
		}
		list, err := report.ListTaught(c, c.Tx, c.May(access.CourseList), c.May(access.EnrolmentList), c.May(access.CourseGrade), c.May(access.CourseAllGrades), c.Who.Account, mostTaught+1)
		if err != nil {
			return out, err
		}
		if out.More = len(list) > mostTaught; out.More {
			list = list[:mostTaught]
		}
		within := c.May(access.CourseReport)
		for _, x := range list {
			item := Taught{Course: FilterChoice{x.Course.String(), x.Name}, Code: x.Code, Learners: x.Learners, Waits: x.Waits}
			if within.Any() && x.Learners <= mostHelped {
				all, why, err := report.CountNeedsHelp(c, c.Tx, within, x.Course)
				if err != nil {
					return out, err
				}
				item.Help, item.Late, item.Quiet, item.Unbegun, item.Low = &all, why[0], why[1], why[2], why[3]
			}
			out.Items = append(out.Items, item)
		}
		return out, nil
	},
}
