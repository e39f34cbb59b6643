package report

import (
	"iter"

	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/report"
)

// Reports on courses, for who teaches them and who looks after their learners (MG-1).
var (
	courseNeeds = append([]*access.Permission{access.CourseReport, access.AccountViewIDs}, filterThings...)
	courseMust  = []*access.Permission{access.CourseReport}
)

func courseReach(c *op.Call) []access.Within { return []access.Within{c.May(access.CourseReport)} }

const microsOfDay = 24 * 3600 * 1e6

var courseCompletion = newReport(&Report{
	Name: "course-completion", Title: "Course completion", About: "Who has completed which course, when, in how many days and with what score; and who has not yet.",
	Filters: learnerHeeds, needs: courseNeeds, must: courseMust, reads: access.CourseReport, reach: courseReach, totals: learnerTotals,
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "course", Title: "Course"}, sheet.Column{Key: "status", Title: "Status"}, sheet.Column{Key: "enrolled", Title: "Enrolled", Type: sheet.Day},
		sheet.Column{Key: "completed", Title: "Completed", Type: sheet.Day}, sheet.Column{Key: "days", Title: "Days taken", Type: sheet.Int},
		sheet.Column{Key: "score", Title: "Mean score", Type: sheet.Float}, sheet.Column{Key: "progress", Title: "Progress", Type: sheet.Percent}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return learnerStream(c, r, part, func(row []any, l *report.LearnerRow) []any {
			var days any
			if l.Completed > 0 && l.Enrolled > 0 {
				days = max(l.Completed-l.Enrolled, 0) / microsOfDay
			}
			return append(row, l.Learner, l.Code, l.Org, l.CourseName, string(l.Status), dateCell(l.Enrolled), dateCell(l.Completed), days, scoreCell(l.Score), l.Progress)
		}, func(s report.LearnerSums) {
			footer[0], footer[8], footer[9] = s.Rows, scoreCell(s.MeanScore()), s.MeanProgress()
		})
	},
})

var gradebook = newReport(&Report{
	Name: "gradebook", Title: "Gradebook", About: "Each learner's grade in each assessment of their courses: handed in or not, and its score.",
	Filters: []string{"course", "organization", "team", "q"}, needs: append([]*access.Permission{access.CourseAllGrades}, courseNeeds...),
	must: []*access.Permission{access.CourseReport, access.CourseAllGrades}, reads: access.CourseReport,
	reach: func(c *op.Call) []access.Within {
		return []access.Within{c.May(access.CourseReport), c.May(access.CourseAllGrades)}
	},
	columns: columns(
		sheet.Column{Key: "learner", Title: "Learner"}, sheet.Column{Key: "code", Title: "Learner ID"}, sheet.Column{Key: "organization", Title: "Organization"},
		sheet.Column{Key: "course", Title: "Course"}, sheet.Column{Key: "assessment", Title: "Assessment"}, sheet.Column{Key: "due", Title: "Due", Type: sheet.Day},
		sheet.Column{Key: "submitted", Title: "Handed in", Type: sheet.Day}, sheet.Column{Key: "score", Title: "Score", Type: sheet.Float},
		sheet.Column{Key: "excused", Title: "Excused", Type: sheet.Bool}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(report.EachGradeRow(c, c.Tx, r.reach, c.May(access.AccountViewIDs), r.Filter, part), footer, func(row []any, g *report.GradeRow) []any {
			return append(row, g.Learner, g.Code, g.Org, g.Course, g.Assessment, dateCell(g.Due), dateCell(g.Submitted), scoreCell(g.Score), g.Excused)
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		n, graded, err := report.CountGrades(c, c.Tx, r.reach, r.Filter)
		return []ReportTotal{total("rows", "Assessments of learners", n), total("graded", "Graded", graded)}, err
	},
})

var loginsReport = newReport(&Report{
	Name: "logins", Title: "Logins", About: "Who signed in when, and who tried to with a wrong password.",
	Filters: []string{"organization", "team", "q", "period"},
	needs:   append([]*access.Permission{access.ReportAll, access.AccountList, access.AnalyticsRead}, filterThings...),
	must:    []*access.Permission{access.ReportAll, access.AccountList},
	reach:   func(c *op.Call) []access.Within { return []access.Within{c.May(access.AccountList)} },
	columns: columns(
		sheet.Column{Key: "at", Title: "Time", Type: sheet.Time}, sheet.Column{Key: "person", Title: "Person"},
		sheet.Column{Key: "organization", Title: "Organization"}, sheet.Column{Key: "outcome", Title: "Outcome"}),
	rows: func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error] {
		return counted(report.EachLoginRow(c, c.Tx, c.May(access.AccountList), r.Filter, part), footer, func(row []any, l *report.LoginRow) []any {
			return append(row, dateCell(l.At), l.Name, l.Org, l.Outcome)
		})
	},
	totals: func(c *op.Call, r *run) ([]ReportTotal, error) {
		rows, people, err := report.CountLogins(c, c.Tx, c.May(access.AccountList), r.Filter)
		return []ReportTotal{total("rows", "Attempts to sign in", rows), total("people", "People", people)}, err
	},
})
