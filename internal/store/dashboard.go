package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Measure says what a dashboard sums: the enrolments of a course, of an organization with those below it, of a team's
// people, or of all that lie within reach.
type Measure struct {
	Course, Org, Team db.ID
	// From and To are beginnings of days, To left out itself; both zero for all time.
	From, To time.Time
}

// Before is the period of the same length before it.
func (m Measure) Before() Measure {
	m.From, m.To = m.From.Add(-m.To.Sub(m.From)), m.From
	return m
}

// ByMonth tells whether the measure's course over time is told in months.
func (m Measure) ByMonth() bool { return m.From.IsZero() || DayOf(m.To)-DayOf(m.From) > MaxDays }

func (m Measure) filter() ReportFilter {
	return ReportFilter{Course: m.Course, Org: m.Org, Team: m.Team, From: m.From, To: m.To}
}

// Kept tells whether the measure is read from kept totals, whose cost does not grow with enrolments. Scopes of teams and
// of single people are summed from the enrolments of those people alone (LM-9).
func (m Measure) Kept(within access.Within, byCourse bool) bool {
	return m.Team == 0 && FiguresFit(within, FigureFilter{Course: m.Course, ByCourse: byCourse})
}

// pieces are the kept totals that a period is made of: days, with whole months in the middle of a long one.
func (m Measure) pieces() []FigureFilter {
	base := FigureFilter{Course: m.Course, Org: m.Org}
	piece := func(grain Grain, from, to int64) FigureFilter {
		f := base
		f.Grain, f.From, f.To = grain, from, to
		return f
	}
	if m.From.IsZero() {
		return []FigureFilter{piece(AllTime, 0, 0)}
	}
	first, last := DayOf(m.From), DayOf(m.To)
	if !m.ByMonth() {
		return []FigureFilter{piece(ByDay, first, last)}
	}
	from, to := MonthOf(m.From), MonthOf(m.To)
	if MonthStart(from).Before(m.From) {
		from++
	}
	all := []FigureFilter{piece(ByDay, first, DayOf(MonthStart(from))), piece(ByMonth, from, to), piece(ByDay, DayOf(MonthStart(to)), last)}
	return slices.DeleteFunc(all, func(f FigureFilter) bool { return f.From >= f.To })
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

// Completion is the share of the enrolments that began in the period which is completed, Progress their mean progress,
// both in percent; 0 of none.
func (f Figure) Completion() float64 { return meanOf(100*100*f.BeganCompleted, f.Enrolled) }

// MeanProgress is the mean progress of the enrolments that began in the period, in percent.
func (f Figure) MeanProgress() float64 { return meanOf(f.Progress, f.Enrolled) }

// MeasureAll sums everything in the period, and tells how many people there are to take part.
func MeasureAll(ctx context.Context, tx *db.Tx, within access.Within, m Measure) (out Figure, err error) {
	if !m.Kept(within, false) {
		return liveFigure(ctx, tx, within, m)
	}
	pieces := m.pieces()
	if !m.From.IsZero() { // who there is to take part is kept of all time alone
		all := Measure{Course: m.Course, Org: m.Org}
		people, err := SumFigures(ctx, tx, []access.Within{within}, all.pieces()[0])
		if err != nil {
			return out, err
		}
		out.Learners = people[0].Learners
	}
	for _, piece := range pieces {
		rows, err := SumFigures(ctx, tx, []access.Within{within}, piece)
		if err != nil {
			return out, err
		}
		for _, row := range rows {
			out.Add(row)
		}
	}
	return out, nil
}

// MeasureByCourse and MeasureByOrg sum the enrolments that began in the period for each course, and for each organization
// without those below it; the most enrolments first.
func MeasureByCourse(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]Figure, error) {
	if !m.Kept(within, true) {
		return liveBy(ctx, tx, within, m, "e.course_id, 0")
	}
	return keptBy(ctx, tx, within, m, func(f *FigureFilter) { f.ByCourse = f.Course == 0 },
		func(f Figure) Figure { return Figure{Course: cmp.Or(f.Course, m.Course)} })
}

// MeasureByOrg is described at MeasureByCourse.
func MeasureByOrg(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]Figure, error) {
	if !m.Kept(within, false) {
		return liveBy(ctx, tx, within, m, "0, e.org_id")
	}
	return keptBy(ctx, tx, within, m, func(f *FigureFilter) { f.ByOrg = true }, func(f Figure) Figure { return Figure{Org: f.Org} })
}

// MeasureOverTime sums what happened on each day or in each month of the period, in time: enrolments, completions, and
// works handed in. Buckets in which nothing happened are left out.
func MeasureOverTime(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]Figure, error) {
	var out []Figure
	var err error
	if m.Kept(within, false) {
		out, err = keptOverTime(ctx, tx, within, m)
	} else {
		out, err = liveOverTime(ctx, tx, within, m)
	}
	slices.SortFunc(out, func(a, b Figure) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return out, err
}

// keptBy gathers the pieces of a period by a key.
func keptBy(ctx context.Context, tx *db.Tx, within access.Within, m Measure, by func(*FigureFilter), key func(Figure) Figure) ([]Figure, error) {
	sums := map[Figure]*Figure{}
	for _, piece := range m.pieces() {
		by(&piece)
		rows, err := SumFigures(ctx, tx, []access.Within{within}, piece)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			k := key(row)
			sum := sums[k]
			if sum == nil {
				sum = &Figure{Course: k.Course, Org: k.Org}
				sums[k] = sum
			}
			sum.Add(row)
		}
	}
	return ranked(sums), nil
}

// ranked are the figures with enrolments, the most first.
func ranked(sums map[Figure]*Figure) []Figure {
	out := make([]Figure, 0, len(sums))
	for _, f := range sums {
		if f.Enrolled > 0 {
			out = append(out, *f)
		}
	}
	slices.SortFunc(out, func(a, b Figure) int {
		return cmp.Or(cmp.Compare(b.Enrolled, a.Enrolled), cmp.Compare(a.Course, b.Course), cmp.Compare(a.Org, b.Org))
	})
	return out
}

func keptOverTime(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]Figure, error) {
	pieces := m.pieces()
	if m.From.IsZero() {
		pieces[0].Grain = ByMonth
	}
	sums := map[int64]*Figure{}
	for _, piece := range pieces {
		piece.ByBucket = true
		rows, err := SumFigures(ctx, tx, []access.Within{within}, piece)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if m.ByMonth() && piece.Grain == ByDay {
				row.Bucket = MonthOf(DayStart(row.Bucket))
			}
			addBucket(sums, row)
		}
	}
	return bucketList(sums), nil
}

func addBucket(sums map[int64]*Figure, f Figure) {
	if sums[f.Bucket] == nil {
		sums[f.Bucket] = &Figure{Bucket: f.Bucket}
	}
	sums[f.Bucket].Add(f)
}

func bucketList(sums map[int64]*Figure) []Figure {
	out := make([]Figure, 0, len(sums))
	for _, f := range sums {
		if f.Enrolled+f.Completed+f.Submissions > 0 {
			out = append(out, *f)
		}
	}
	return out
}
