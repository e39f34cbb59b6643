package store

import (
	"context"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
)

// Figure is a sum of kept totals.
type Figure struct {
	// Course, Org and Bucket say of what, where FigureFilter asks for them one by one. Bucket is a DayOf or a MonthOf.
	Course, Org db.ID
	Bucket      int64
	// In the period: enrolments that began, that were completed, failed and withdrawn, works handed in, and works carried over.
	Enrolled, Completed, Failed, Withdrawn, Submissions, Banked int64
	// Active are the people whose last activity lies in the period; for a period that ends now, those who were active in it.
	Active int64
	// Learners are the people with an enrolment; only of AllTime.
	Learners int64
	// Of the enrolments that began in the period, those that are completed, failed and withdrawn now.
	BeganCompleted, BeganFailed, BeganWithdrawn int64
	// Progress is the sum over the enrolments that began in the period, in hundredths of a percent.
	Progress int64
	// Scored of these enrolments have a score; Score is their sum in hundredths.
	Scored, Score int64
	// Started of them have handed something in; Waiting are Enrolled, with nothing handed in and nothing decided.
	Started, Waiting int64
}

// FigureFilter says which totals to sum.
type FigureFilter struct {
	Grain Grain
	// From and To bound the buckets, To left out; both zero for all of them.
	From, To int64
	// Course narrows to one; Org to one with those below it.
	Course, Org db.ID
	// Courses narrows ByCourse to some; empty for all.
	Courses []db.ID
	// ByCourse, ByOrg and ByBucket give one Figure for each.
	ByCourse, ByOrg, ByBucket bool
}

// FiguresFit tells whether kept totals hold exactly what a permission reaches: scopes of teams and people are summed live
// from enrolments instead, and so are several single courses, whose people would count twice.
func FiguresFit(within access.Within, filter FigureFilter) bool {
	if !within.Fits(access.Figure) {
		return false
	}
	return filter.Course != 0 || filter.ByCourse || overAllCourses(within)
}

func overAllCourses(within access.Within) bool {
	for _, p := range within.Places() {
		if p.Kind == access.Course {
			return false
		}
	}
	return true
}

// SumFigures sums the kept totals within all of the given permissions' reach, which FiguresFit. Its cost is that of the
// buckets, organizations and courses asked for, however many enrolments they count.
func SumFigures(ctx context.Context, tx *db.Tx, withins []access.Within, filter FigureFilter) ([]Figure, error) {
	conds := []db.Frag{db.SQL("f.portal_id = ? AND f.grain = ?", withins[0].Portal(), string(filter.Grain))}
	for _, within := range withins {
		conds = append(conds, within.WhereOf(access.Figure, "f"))
	}
	if filter.Grain != AllTime && (filter.From != 0 || filter.To != 0) {
		conds = append(conds, db.SQL("f.bucket >= ? AND f.bucket < ?", filter.From, filter.To))
	}
	switch {
	case filter.Course != 0:
		conds = append(conds, db.SQL("f.course_id = ?", filter.Course))
	case filter.ByCourse:
		conds = append(conds, db.SQL("f.course_id <> 0"))
		if len(filter.Courses) > 0 {
			conds = append(conds, db.SQL("f.course_id IN ?", filter.Courses))
		}
	default:
		conds = append(conds, db.SQL("f.course_id = 0"))
	}
	if filter.Org != 0 {
		conds = append(conds, db.SQL("f.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)", filter.Org))
	}
	columns, group := filter.groups()
	return db.All(ctx, tx, db.SQL(`SELECT `+columns+`, `+figureSums+` FROM figures f WHERE ?`+group, db.And(conds...)), scanFigure)
}

func (f FigureFilter) groups() (columns, group string) {
	cols := []string{"0", "0", "0"}
	var by []string
	for i, g := range []struct {
		on     bool
		column string
	}{{f.ByCourse, "f.course_id"}, {f.ByOrg, "f.org_id"}, {f.ByBucket, "f.bucket"}} {
		if g.on {
			cols[i] = g.column
			by = append(by, g.column)
		}
	}
	if len(by) > 0 {
		group = " GROUP BY " + strings.Join(by, ", ") + " ORDER BY " + strings.Join(by, ", ")
	}
	return strings.Join(cols, ", "), group
}

// PostgreSQL sums BIGINT to a number of another type.
var figureSums = func() string {
	sums := make([]string, figCount)
	for i, c := range figureColumns {
		sums[i] = "CAST(coalesce(sum(f." + c + "), 0) AS BIGINT)"
	}
	return strings.Join(sums, ", ")
}()

func scanFigure(s db.Scanner) (f Figure, err error) {
	return f, s.Scan(&f.Course, &f.Org, &f.Bucket, &f.Enrolled, &f.Completed, &f.Failed, &f.Withdrawn, &f.Submissions, &f.Banked, &f.Active,
		&f.Learners, &f.BeganCompleted, &f.BeganFailed, &f.BeganWithdrawn, &f.Progress, &f.Scored, &f.Score, &f.Started, &f.Waiting)
}

// Add sums two figures of the same thing over periods that do not overlap.
func (f *Figure) Add(g Figure) {
	f.Enrolled += g.Enrolled
	f.Completed += g.Completed
	f.Failed += g.Failed
	f.Withdrawn += g.Withdrawn
	f.Submissions += g.Submissions
	f.Banked += g.Banked
	f.Active += g.Active
	f.Learners += g.Learners
	f.BeganCompleted += g.BeganCompleted
	f.BeganFailed += g.BeganFailed
	f.BeganWithdrawn += g.BeganWithdrawn
	f.Started += g.Started
	f.Waiting += g.Waiting
	f.Progress += g.Progress
	f.Scored += g.Scored
	f.Score += g.Score
}

// Negative is the figure to take away where Add adds it.
func (f Figure) Negative() (n Figure) {
	n.Enrolled, n.Completed, n.Failed, n.Withdrawn = -f.Enrolled, -f.Completed, -f.Failed, -f.Withdrawn
	n.Submissions, n.Banked, n.Active, n.Learners = -f.Submissions, -f.Banked, -f.Active, -f.Learners
	n.BeganCompleted, n.BeganFailed, n.BeganWithdrawn = -f.BeganCompleted, -f.BeganFailed, -f.BeganWithdrawn
	n.Started, n.Waiting, n.Progress, n.Scored, n.Score = -f.Started, -f.Waiting, -f.Progress, -f.Scored, -f.Score
	return n
}

// Completion is the share of the enrolments that began in the period which is completed, Progress their mean progress,
// both in percent; 0 of none.
func (f Figure) Completion() float64 { return MeanOf(100*100*f.BeganCompleted, f.Enrolled) }

// MeanProgress is the mean progress of the enrolments that began in the period, in percent.
func (f Figure) MeanProgress() float64 { return MeanOf(f.Progress, f.Enrolled) }

// MeanOf is a sum in hundredths over a number, to two decimals; 0 of none.
func MeanOf(sum, n int64) float64 {
	if n == 0 {
		return 0
	}
	return toHundredths(float64(sum) / 100 / float64(n))
}
