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

// Reports on what is required of people (CO-5), for whoever sees how they stand (MG-1), and on learning paths (CO-2).
var (
	requiredNeeds = append([]*access.Permission{access.ReportCompliance, access.AnalyticsRead, access.AccountViewIDs, access.AccountSetFull}, filterThings...)
	requiredMust  = []*access.Permission{access.ReportCompliance}
	requiredHeeds = []string{"course", "organization", "team", "type", "state", "q"}
)

func requiredReach(c *op.Call) []access.Within {
	return []access.Within{c.May(access.ReportCompliance)}
}

// full tells whether the caller may see who is a full or a partial administrator (XA-3).
func full(c *op.Call) bool { return c.May(access.AccountSetFull).Everywhere() }

// typeTitle is what an account type is called; empty for none.
func typeTitle(c *op.Call, id access.RoleID) string {
	if id == "" {
		return ""
	}
	return roleTitle(c, id)
}

// endCell is a time as a sheet takes it; none for never, and where it has not happened.
func endCell(micros int64) any {
	if micros == db.Never {
		return nil
	}
	return dateCell(micros)
}

var complianceStatus = newReport(&Report{
	Name: "compliance-status", Title: "Compliance status", About: "Who has to complete which course, by when, and how they stand: overdue, due, to renew or done.",
	Filters: requiredHeeds, needs: requiredNeeds, must: requiredMust, reach: requiredReach, totals: requiredTotals,
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "course", Title: "Course"}, sheet.Column{Key: "state", Title: "State"}, sheet.Column{Key: "due", Title: "Due", Type: sheet.Day},
		sheet.Column{Key: "done", Title: "Last done", Type: sheet.Day}, sheet.Column{Key: "progress", Title: "Progress", Type: sheet.Percent},
		sheet.Column{Key: "since", Title: "Required since", Type: sheet.Day}, sheet.Column{Key: "of_organization", Title: "Required of"}, sheet.Column{Key: "of_team", Title: "Team"},
		sheet.Column{Key: "role", Title: "Account type"}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		rows := report.EachRequiredRow(c, c.Tx, c.May(access.ReportCompliance), c.May(access.AccountViewIDs), full(c), r.Filter, part)
		return counted(rows, footer, func(row []any, x *report.RequiredRow) []any {
			return append(row, x.Learner, x.Code, x.Org, x.Course, string(x.State), endCell(x.Due), dateCell(x.Done), x.Progress, dateCell(x.Since), x.OfOrg, x.OfTeam, typeTitle(c, x.OfType))
		})
	},
})

func requiredTotals(c *op.Call, r *run) ([]ReportTotal, error) {
	s, err := report.SumRequired(c, c.Tx, c.May(access.ReportCompliance), full(c), r.Filter)
	return []ReportTotal{total("rows", "Required", s.Rows), total("people", "People", s.People), total("overdue", "Overdue", s.Overdue), total("due", "Due", s.Due),
		total("renew", "To renew", s.Renew), total("done", "Done for now", s.Done), {"compliant", "Compliant", "percent", s.InOrder()}}, err
}

var complianceSummary = newReport(&Report{
	Name: "compliance-summary", Title: "Compliance summary", About: "How many are overdue, due, to renew and done: by course, organization, team or account type.",
	Filters: append([]string{"per"}, requiredHeeds...), needs: requiredNeeds, must: requiredMust, reach: requiredReach, totals: requiredTotals,
	columns: func(r *run) []sheet.Column {
		title := map[report.Per]string{report.PerRequiredCourse: "Course", report.PerPeoplesOrg: "Organization", report.PerPeoplesTeam: "Team", report.PerRequiredType: "Account type"}[r.per]
		return []sheet.Column{{Key: "name", Title: title}, {Key: "required", Title: "Required", Type: sheet.Int}, {Key: "people", Title: "People", Type: sheet.Int},
			{Key: "overdue", Title: "Overdue", Type: sheet.Int}, {Key: "due", Title: "Due", Type: sheet.Int}, {Key: "renew", Title: "To renew", Type: sheet.Int},
			{Key: "done", Title: "Done for now", Type: sheet.Int}, {Key: "compliant", Title: "Compliant", Type: sheet.Percent}}
	},
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return func(yield func([]any, error) bool) {
			var sums report.RequiredSums
			row := make([]any, 0, 8)
			for g, err := range report.EachRequiredGroup(c, c.Tx, c.May(access.ReportCompliance), c.May(access.TeamList), full(c), r.Filter, r.per, part) {
				if err != nil {
					yield(nil, err)
					return
				}
				sums.Add(g.RequiredSums)
				name := g.Name
				if r.per == report.PerRequiredType {
					name = either(g.Type != "", typeTitle(c, g.Type), "All account types")
				}
				if row = append(row[:0], name, g.Rows, g.People, g.Overdue, g.Due, g.Renew, g.Done, g.InOrder()); !yield(row, nil) {
					return
				}
			}
			if r.per != report.PerPeoplesTeam { // who is in several teams would count twice
				footer[1], footer[3], footer[4], footer[5], footer[6], footer[7] = sums.Rows, sums.Overdue, sums.Due, sums.Renew, sums.Done, sums.InOrder()
			}
		}
	},
})

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

var learningPaths = newReport(&Report{
	Name: "learning-paths", Title: "Learning paths", About: "Who is on which learning path, how many of its goals they have reached, what is next, and from when.",
	Filters: []string{"path", "organization", "team", "stage", "q"}, needs: append(slices.Clone(learnerNeeds), access.PathList), must: learnerMust, reach: learnerReach,
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "path", Title: "Learning path"}, sheet.Column{Key: "status", Title: "Status"}, sheet.Column{Key: "enrolled", Title: "Enrolled", Type: sheet.Day},
		sheet.Column{Key: "reached", Title: "Goals reached", Type: sheet.Int}, sheet.Column{Key: "goals", Title: "Goals", Type: sheet.Int},
		sheet.Column{Key: "progress", Title: "Progress", Type: sheet.Percent}, sheet.Column{Key: "next", Title: "Next goal"}, sheet.Column{Key: "opens", Title: "Due from", Type: sheet.Day},
		sheet.Column{Key: "completed", Title: "Completed", Type: sheet.Day}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(report.EachOnPathRow(c, c.Tx, r.reach, c.May(access.AccountViewIDs), r.Filter, part), footer, func(row []any, x *report.OnPathRow) []any {
			var next, opens any
			if x.Status == store.Active && x.Next != "" {
				next, opens = x.Next, dateCell(x.Opens)
			}
			return append(row, x.Learner, x.Code, x.Org, x.Path, string(x.Status), dateCell(x.Enrolled), x.Reached, x.Goals, store.MeanOf(100*100*x.Reached, x.Goals), next, opens, dateCell(x.Completed))
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		s, err := report.SumOnPaths(c, c.Tx, r.reach, r.Filter)
		return []ReportTotal{total("rows", "Places on paths", s.Rows), total("people", "People", s.People), total("active", "In progress", s.Active),
			total("completed", "Completed", s.Completed), total("withdrawn", "Withdrawn", s.Withdrawn)}, err
	},
})
