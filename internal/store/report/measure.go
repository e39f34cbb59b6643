package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
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
func (m Measure) ByMonth() bool {
	return m.From.IsZero() || store.DayOf(m.To)-store.DayOf(m.From) > MaxDays
}

func (m Measure) filter() Filter {
	return Filter{Course: m.Course, Org: m.Org, Team: m.Team, From: m.From, To: m.To}
}

// Kept tells whether the measure is read from kept totals, whose cost does not grow with enrolments. Scopes of teams and
// of single people are summed from the enrolments of those people alone (LM-9).
func (m Measure) Kept(within access.Within, byCourse bool) bool {
	return m.Team == 0 && store.FiguresFit(within, store.FigureFilter{Course: m.Course, ByCourse: byCourse})
}

// piece is a part of a period, of one grain of the kept totals: added up or, being part of a month but not of the period,
// taken away again.
type piece struct {
	store.FigureFilter
	minus bool
}

// sum adds a figure up, or takes it away.
func (p piece) sum(to *store.Figure, f store.Figure) {
	if p.minus {
		f = f.Negative()
	}
	to.Add(f)
}

// pieces are the kept totals that a period is made of: months, and at its ends the days of a month that are in it, or those
// that are not, whichever are fewer; days alone where the measure is told day by day.
func (m Measure) pieces(daily bool) []piece {
	var all []piece
	add := func(grain store.Grain, from, to int64, minus bool) {
		if from < to {
			all = append(all, piece{store.FigureFilter{Course: m.Course, Org: m.Org, Grain: grain, From: from, To: to}, minus})
		}
	}
	if m.From.IsZero() {
		return []piece{{store.FigureFilter{Course: m.Course, Org: m.Org, Grain: store.AllTime}, false}}
	}
	first, last := store.DayOf(m.From), store.DayOf(m.To)
	from, to := store.MonthOf(m.From), store.MonthOf(m.To)
	if store.MonthStart(from).Before(m.From) {
		from++
	}
	if from > to || (daily && !m.ByMonth()) {
		add(store.ByDay, first, last, false)
		return all
	}
	day := func(month int64) int64 { return store.DayOf(store.MonthStart(month)) }
	if in := day(from) - first; in > first-day(from-1) {
		from--
		add(store.ByDay, day(from), first, true)
	} else {
		add(store.ByDay, first, day(from), false)
	}
	if in := last - day(to); in > day(to+1)-last {
		to++
		add(store.ByDay, last, day(to), true)
	} else {
		add(store.ByDay, day(to), last, false)
	}
	add(store.ByMonth, from, to, false)
	return all
}

// MeasureAll sums everything in the period, and tells how many people there are to take part.
func MeasureAll(ctx context.Context, tx *db.Tx, within access.Within, m Measure) (out store.Figure, err error) {
	if !m.Kept(within, false) {
		return liveFigure(ctx, tx, within, m)
	}
	pieces := m.pieces(false)
	if !m.From.IsZero() { // who there is to take part is kept of all time alone
		all := Measure{Course: m.Course, Org: m.Org}
		people, err := store.SumFigures(ctx, tx, []access.Within{within}, all.pieces(false)[0].FigureFilter)
		if err != nil {
			return out, err
		}
		out.Learners = people[0].Learners
	}
	for _, piece := range pieces {
		rows, err := store.SumFigures(ctx, tx, []access.Within{within}, piece.FigureFilter)
		if err != nil {
			return out, err
		}
		for _, row := range rows {
			piece.sum(&out, row)
		}
	}
	return out, nil
}

// MeasureByCourse and MeasureByOrg sum the enrolments that began in the period for each course, and for each organization
// without those below it; the most enrolments first.
func MeasureByCourse(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]store.Figure, error) {
	if !m.Kept(within, true) {
		return liveBy(ctx, tx, within, m, "e.course_id, 0")
	}
	return keptBy(ctx, tx, within, m, "f.course_id")
}

// MeasureByOrg is described at MeasureByCourse.
func MeasureByOrg(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]store.Figure, error) {
	if !m.Kept(within, false) {
		return liveBy(ctx, tx, within, m, "0, e.org_id")
	}
	return keptBy(ctx, tx, within, m, "f.org_id")
}

// MeasureOverTime sums what happened on each day or in each month of the period, in time: enrolments, completions, and
// works handed in. Buckets in which nothing happened are left out.
func MeasureOverTime(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]store.Figure, error) {
	var out []store.Figure
	var err error
	if m.Kept(within, false) {
		out, err = keptOverTime(ctx, tx, within, m)
	} else {
		out, err = liveOverTime(ctx, tx, within, m)
	}
	slices.SortFunc(out, func(a, b store.Figure) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return out, err
}

// keptBy gathers the pieces of a period by course or by organization. It reads few columns, which one index holds.
func keptBy(ctx context.Context, tx *db.Tx, within access.Within, m Measure, column string) ([]store.Figure, error) {
	sums := map[store.Figure]*store.Figure{}
	for _, piece := range m.pieces(false) {
		conds := []db.Frag{db.SQL("f.portal_id = ? AND f.grain = ?", within.Portal(), string(piece.Grain)), within.WhereOf(access.Figure, "f")}
		if piece.Grain != store.AllTime {
			conds = append(conds, db.SQL("f.bucket >= ? AND f.bucket < ?", piece.From, piece.To))
		}
		switch {
		case m.Course != 0:
			conds = append(conds, db.SQL("f.course_id = ?", m.Course))
		case column == "f.course_id":
			conds = append(conds, db.SQL("f.course_id > 0"))
		default:
			conds = append(conds, db.SQL("f.course_id = 0"))
		}
		if m.Org != 0 {
			conds = append(conds, db.SQL("f.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)", m.Org))
		}
		rows, err := db.All(ctx, tx, db.SQL(`SELECT `+column+`, CAST(sum(f.enrolled) AS BIGINT), CAST(sum(f.enrolled_completed) AS BIGINT),
			CAST(sum(f.enrolled_progress) AS BIGINT) FROM figures f WHERE ? GROUP BY `+column, db.And(conds...)), scanGroup)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			k := store.Figure{Org: row.id}
			if column == "f.course_id" {
				k = store.Figure{Course: row.id}
			}
			if sums[k] == nil {
				sum := k
				sums[k] = &sum
			}
			piece.sum(sums[k], store.Figure{Enrolled: row.enrolled, BeganCompleted: row.completed, Progress: row.progress})
		}
	}
	return ranked(sums), nil
}

type group struct {
	id                            db.ID
	enrolled, completed, progress int64
}

func scanGroup(s db.Scanner) (g group, err error) {
	return g, s.Scan(&g.id, &g.enrolled, &g.completed, &g.progress)
}

// ranked are the figures with enrolments, the most first.
func ranked(sums map[store.Figure]*store.Figure) []store.Figure {
	out := make([]store.Figure, 0, len(sums))
	for _, f := range sums {
		if f.Enrolled > 0 {
			out = append(out, *f)
		}
	}
	slices.SortFunc(out, func(a, b store.Figure) int {
		return cmp.Or(cmp.Compare(b.Enrolled, a.Enrolled), cmp.Compare(a.Course, b.Course), cmp.Compare(a.Org, b.Org))
	})
	return out
}

func keptOverTime(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]store.Figure, error) {
	pieces := m.pieces(true)
	if m.From.IsZero() {
		pieces[0].Grain = store.ByMonth
	}
	sums := map[int64]*store.Figure{}
	for _, piece := range pieces {
		piece.ByBucket = true
		rows, err := store.SumFigures(ctx, tx, []access.Within{within}, piece.FigureFilter)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if m.ByMonth() && piece.Grain == store.ByDay {
				row.Bucket = store.MonthOf(store.DayStart(row.Bucket))
			}
			if sums[row.Bucket] == nil {
				sums[row.Bucket] = &store.Figure{Bucket: row.Bucket}
			}
			piece.sum(sums[row.Bucket], row)
		}
	}
	return bucketList(sums), nil
}

func addBucket(sums map[int64]*store.Figure, f store.Figure) {
	if sums[f.Bucket] == nil {
		sums[f.Bucket] = &store.Figure{Bucket: f.Bucket}
	}
	sums[f.Bucket].Add(f)
}

func bucketList(sums map[int64]*store.Figure) []store.Figure {
	out := make([]store.Figure, 0, len(sums))
	for _, f := range sums {
		if f.Enrolled+f.Completed+f.Submissions > 0 {
			out = append(out, *f)
		}
	}
	return out
}
