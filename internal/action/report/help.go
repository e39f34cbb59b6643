package report

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/report"
)

// HelpQuery asks who of a course may need help.
type HelpQuery struct {
	Course db.ID `path:"course"`
	Page   int   `query:"page" doc:"Which page of 50, from 1 to 20."`
}

// NeedsHelp is a learner who may need help. The reasons are each true or false, or how much of it there is.
type NeedsHelp struct {
	Enrolment    db.ID   `json:"enrolment"`
	Learner      string  `json:"learner"`
	Organization string  `json:"organization"`
	Progress     float64 `json:"progress"`
	// Score is 0 to 100; nil where there is none.
	Score *float64 `json:"score"`
	// Active is when they were last active; nil for never.
	Active  *time.Time `json:"active"`
	Late    int64      `json:"late" doc:"Works that are due and not handed in."`
	Quiet   bool       `json:"quiet" doc:"Began, and was not active for two weeks."`
	Unbegun bool       `json:"unbegun" doc:"Has not begun within a week."`
	Low     bool       `json:"low" doc:"The score does not pass."`
}

// HelpShown is who of a course may need help, and how many for which reason.
type HelpShown struct {
	Course  FilterChoice `json:"course"`
	Items   []NeedsHelp  `json:"items"`
	Total   int64        `json:"total"`
	Late    int64        `json:"late"`
	Quiet   int64        `json:"quiet"`
	Unbegun int64        `json:"unbegun"`
	Low     int64        `json:"low"`
	Page    int          `json:"page"`
	More    bool         `json:"more"`
}

// ShowHelp tells who of a course may need help, and why: the instructor's dashboard.
var ShowHelp = &op.Op[HelpQuery, HelpShown]{
	Name:  "report.help",
	Route: "GET /courses/{course}/help",
	Doc:   "Shows which learners of a course may need help, and why.",
	Needs: []*access.Permission{access.CourseReport, access.CourseList},
	Do: func(c *op.Call, in HelpQuery) (out HelpShown, err error) {
		within := c.May(access.CourseReport)
		if !within.Any() {
			return out, store.NotAllowed(within)
		}
		course, err := report.FindCourse(c, c.Tx, c.May(access.CourseList), within, in.Course)
		if err != nil {
			return out, err
		}
		out = HelpShown{Course: FilterChoice{course.ID.String(), course.Name}, Page: max(in.Page, 1), Items: []NeedsHelp{}}
		if out.Page > reportPages {
			return out, fail.Wrong("page", "Only the first 20 pages are shown.")
		}
		list, err := report.ListNeedsHelp(c, c.Tx, within, course.ID, store.Part{Skip: (out.Page - 1) * reportPageSize, Take: reportPageSize + 1})
		if err != nil {
			return out, err
		}
		if out.More = len(list) > reportPageSize; out.More {
			list, out.More = list[:reportPageSize], out.Page < reportPages
		}
		for _, n := range list {
			item := NeedsHelp{Enrolment: n.Enrolment, Learner: n.Learner, Organization: n.Org, Progress: n.Progress, Late: n.Late, Quiet: n.Quiet, Unbegun: n.Unbegun, Low: n.Low}
			if n.Score >= 0 {
				item.Score = &n.Score
			}
			if !n.Active.IsZero() {
				item.Active = &n.Active
			}
			out.Items = append(out.Items, item)
		}
		all, reasons, err := report.CountNeedsHelp(c, c.Tx, within, course.ID)
		out.Total, out.Late, out.Quiet, out.Unbegun, out.Low = all, reasons[0], reasons[1], reasons[2], reasons[3]
		return out, err
	},
}
