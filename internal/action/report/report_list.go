package report

import (
	"iter"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/report"
)

// Reports are the portal's reports, in the order of the catalogue.
var Reports = []*Report{courseEnrolment, learnerProgress, participation, courseCompletion, gradebook, complianceStatus, complianceSummary, learningPaths, usersReport, membersReport, loginsReport,
	accessReport, auditReport}

// Ops is every operation of reports, dashboards and the audit.
var Ops = slices.Concat(reportOps, savedOps, dashboardOps, auditOps)

var reportOps = func() []op.Any {
	out := []op.Any{ListReports, ListFilterChoices, ShowHelp, ListTeaching}
	for _, r := range Reports {
		out = append(out, r.Show, r.File)
	}
	return out
}()

var (
	filterThings = []*access.Permission{access.CourseList, access.OrganizationList, access.TeamList}
	learnerNeeds = append([]*access.Permission{access.ReportCertain, access.AnalyticsRead, access.AccountViewIDs}, filterThings...)
	learnerMust  = []*access.Permission{access.AnalyticsRead, access.ReportCertain}
	learnerHeeds = []string{"course", "organization", "team", "status", "q", "period", "dated"}
)

// learnerReach is what reports on courses and learners hold: what one may read figures of, and run reports on.
func learnerReach(c *op.Call) []access.Within {
	return []access.Within{c.May(access.AnalyticsRead), c.May(access.ReportCertain)}
}

func columns(list ...sheet.Column) func(*run) []sheet.Column {
	return func(*run) []sheet.Column { return list }
}

var courseEnrolment = newReport(&Report{
	Name: "course-enrolment", Title: "Course enrolment", About: "Who is enrolled in which course, since when, and how it stands.",
	Filters: learnerHeeds, needs: learnerNeeds, must: learnerMust, reach: learnerReach, totals: learnerTotals,
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "course", Title: "Course"}, sheet.Column{Key: "course_code", Title: "Course code"}, sheet.Column{Key: "status", Title: "Status"},
		sheet.Column{Key: "outcome", Title: "Outcome"}, sheet.Column{Key: "enrolled", Title: "Enrolled", Type: sheet.Day},
		sheet.Column{Key: "completed", Title: "Completed", Type: sheet.Day}, sheet.Column{Key: "withdrawn", Title: "Withdrawn", Type: sheet.Day},
		sheet.Column{Key: "progress", Title: "Progress", Type: sheet.Percent}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return learnerStream(c, r, part, func(row []any, l *report.LearnerRow) []any {
			return append(row, l.Learner, l.Code, l.Org, l.CourseName, l.CourseCode, string(l.Status), l.Outcome, dateCell(l.Enrolled), dateCell(l.Completed), dateCell(l.Withdrawn), l.Progress)
		}, func(s report.LearnerSums) { footer[0], footer[10] = s.Rows, s.MeanProgress() })
	},
})

var learnerProgress = newReport(&Report{
	Name: "learner-progress", Title: "Learner progress", About: "How far each learner has come in each course, with what result, and when they were last active.",
	Filters: learnerHeeds, needs: learnerNeeds, must: learnerMust, reach: learnerReach, totals: learnerTotals,
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "course", Title: "Course"}, sheet.Column{Key: "status", Title: "Status"}, sheet.Column{Key: "progress", Title: "Progress", Type: sheet.Percent},
		sheet.Column{Key: "score", Title: "Mean score", Type: sheet.Float}, sheet.Column{Key: "works", Title: "Works handed in", Type: sheet.Int},
		sheet.Column{Key: "last_active", Title: "Last active", Type: sheet.Day}, sheet.Column{Key: "enrolled", Title: "Enrolled", Type: sheet.Day}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return learnerStream(c, r, part, func(row []any, l *report.LearnerRow) []any {
			return append(row, l.Learner, l.Code, l.Org, l.CourseName, string(l.Status), l.Progress, scoreCell(l.Score), l.Works, dateCell(l.Active), dateCell(l.Enrolled))
		}, func(s report.LearnerSums) {
			footer[0], footer[5], footer[6], footer[7] = s.Rows, s.MeanProgress(), scoreCell(s.MeanScore()), s.Works
		})
	},
})

// learnerStream turns enrolments into rows, and sums them while they pass, so that the totals in a file are those of its rows.
func learnerStream(c *op.Call, r *run, part store.Part, fill func([]any, *report.LearnerRow) []any, end func(report.LearnerSums)) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		var sums report.LearnerSums
		row := make([]any, 0, 16)
		for l, err := range report.EachLearnerRow(c, c.Tx, r.reach, c.May(access.AccountViewIDs), r.Filter, part) {
			if err != nil {
				yield(nil, err)
				return
			}
			sums.AddRow(&l)
			if row = fill(row[:0], &l); !yield(row, nil) {
				return
			}
		}
		end(sums)
	}
}

func learnerTotals(c *op.Call, r *run) ([]ReportTotal, error) {
	s, err := report.SumLearners(c, c.Tx, r.reach, r.Filter)
	return []ReportTotal{
		{"rows", "Enrolments", "int", float64(s.Rows)}, {"learners", "Learners", "int", float64(s.Learners)},
		{"completed", "Completed", "int", float64(s.Completed)}, {"completion", "Completion rate", "percent", s.Completion()},
		{"progress", "Mean progress", "percent", s.MeanProgress()}, {"works", "Works handed in", "int", float64(s.Works)}}, err
}

var participation = newReport(&Report{
	Name: "participation", Title: "Participation and completion", About: "How many take part, started and completed: by course, organization, team or period.",
	Filters: append([]string{"by"}, learnerHeeds...), needs: learnerNeeds, must: learnerMust, reach: learnerReach, totals: learnerTotals,
	columns: func(r *run) []sheet.Column {
		title := map[report.Grouping]string{report.PerCourse: "Course", report.PerOrganization: "Organization", report.PerTeam: "Team", report.PerPeriod: "Period"}[r.by]
		return []sheet.Column{{Key: "name", Title: title}, {Key: "enrolments", Title: "Enrolments", Type: sheet.Int},
			{Key: "learners", Title: "Learners", Type: sheet.Int}, {Key: "started", Title: "Started", Type: sheet.Int}, {Key: "completed", Title: "Completed", Type: sheet.Int},
			{Key: "failed", Title: "Failed", Type: sheet.Int}, {Key: "withdrawn", Title: "Withdrawn", Type: sheet.Int},
			{Key: "completion", Title: "Completion rate", Type: sheet.Percent}, {Key: "progress", Title: "Mean progress", Type: sheet.Percent},
			{Key: "score", Title: "Mean score", Type: sheet.Float}, {Key: "works", Title: "Works handed in", Type: sheet.Int}}
	},
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return func(yield func([]any, error) bool) {
			var sums report.LearnerSums
			row := make([]any, 0, 16)
			for g, err := range report.EachGroup(c, c.Tx, r.reach, c.May(access.TeamList), r.Filter, r.by, part) {
				if err != nil {
					yield(nil, err)
					return
				}
				sums.Add(g.LearnerSums)
				row = append(row[:0], nameAndCode(g), g.Rows, g.Learners, g.Started, g.Completed, g.Failed, g.Withdrawn,
					g.Completion(), g.MeanProgress(), scoreCell(g.MeanScore()), g.Works)
				if !yield(row, nil) {
					return
				}
			}
			if r.by != report.PerTeam { // who is in several teams would count twice
				footer[1], footer[3], footer[4], footer[5], footer[6] = sums.Rows, sums.Started, sums.Completed, sums.Failed, sums.Withdrawn
				footer[7], footer[8], footer[9], footer[10] = sums.Completion(), sums.MeanProgress(), scoreCell(sums.MeanScore()), sums.Works
			}
		}
	},
})

// nameAndCode tells courses of one name apart.
func nameAndCode(g report.GroupRow) string {
	if g.Code == "" || g.Code == g.Name {
		return g.Name
	}
	return g.Name + " (" + g.Code + ")"
}

// ReportItem is a report that one may run.
type ReportItem struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	About   string   `json:"about"`
	Filters []string `json:"filters"`
	Formats []string `json:"formats"`
}

// ReportItems are the reports that one may run.
type ReportItems struct {
	Items []ReportItem `json:"items"`
}

// ListReports lists the reports that one may run.
var ListReports = &op.Op[struct{}, ReportItems]{
	Name:  "report.list",
	Route: "GET /reports",
	Doc:   "Lists the reports that one may run.",
	Needs: []*access.Permission{access.ReportCertain, access.AnalyticsRead, access.CourseReport, access.CourseAllGrades, access.ReportCompliance, access.AccountList, access.TeamView, access.ReportAll, access.AuditView},
	Do: func(c *op.Call, _ struct{}) (out ReportItems, err error) {
		out.Items = []ReportItem{}
		for _, r := range Reports {
			if r.open(c) == nil {
				out.Items = append(out.Items, ReportItem{r.Name, r.Title, r.About, r.Filters, []string{"csv", "xlsx", "json"}})
			}
		}
		return out, nil
	},
}

// untilCell is the end of a grant as a sheet takes it; none for never.
func untilCell(micros int64) any {
	if micros == db.Never {
		return nil
	}
	return db.Time(micros)
}
