package report

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// during is the condition that a date lies in the measure's period; of all time, also one that is not known.
func (m Measure) during(column string) db.Frag {
	if m.From.IsZero() {
		return db.SQL("1=1")
	}
	return db.SQL(column+" >= ? AND "+column+" < ?", db.Micros(m.From), db.Micros(m.To))
}

// scope is the condition on the enrolments `e` that the measure is about, whenever they began.
func (m Measure) scope(within access.Within) db.Frag {
	return enrolmentsOf([]access.Within{within}, Filter{Course: m.Course, Org: m.Org, Team: m.Team})
}

// liveSums are the columns of store.Figure that enrolments alone give.
func (m Measure) liveSums() db.Frag {
	began := m.during("e.enrolled_at")
	return db.SQL(`count(*) FILTER (WHERE ?), count(*) FILTER (WHERE e.status = 'completed' AND ?), count(*) FILTER (WHERE e.status = 'failed' AND ?),
		count(*) FILTER (WHERE e.status = 'withdrawn' AND ?), count(*) FILTER (WHERE e.status = 'completed' AND ?), count(*) FILTER (WHERE e.status = 'failed' AND ?),
		count(*) FILTER (WHERE e.status = 'withdrawn' AND ?), count(*) FILTER (WHERE `+startedEnrolment+` AND ?),
		CAST(coalesce(sum(CAST(round(e.progress * 100) AS BIGINT)) FILTER (WHERE ?), 0) AS BIGINT), count(e.score) FILTER (WHERE ?),
		CAST(coalesce(sum(CAST(round(e.score * 100) AS BIGINT)) FILTER (WHERE ?), 0) AS BIGINT)`,
		began, m.during("e.completed_at"), m.during("e.completed_at"), m.during("e.withdrawn_at"), began, began, began, began, began, began, began)
}

func live(f *store.Figure) []any {
	return []any{&f.Enrolled, &f.Completed, &f.Failed, &f.Withdrawn, &f.BeganCompleted, &f.BeganFailed, &f.BeganWithdrawn, &f.Started,
		&f.Progress, &f.Scored, &f.Score}
}

func scanLive(s db.Scanner) (f store.Figure, err error) {
	return f, s.Scan(append(live(&f), &f.Course, &f.Org)...)
}

// liveFigure sums from the enrolments in scope, as the kept totals would have it.
func liveFigure(ctx context.Context, tx *db.Tx, within access.Within, m Measure) (store.Figure, error) {
	scope := m.scope(within)
	out, err := db.One(ctx, tx, db.SQL(`SELECT ?, 0, 0 FROM enrolments e WHERE ?`, m.liveSums(), scope), scanLive)
	if err != nil {
		return out, err
	}
	people, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(*) FILTER (WHERE p.at > 0 AND ?) FROM
		(SELECT e.account_id, max(e.last_active_at) AS at FROM enrolments e WHERE ? GROUP BY e.account_id) p`, m.during("p.at"), scope), scanPair)
	if err != nil {
		return out, err
	}
	out.Learners, out.Active = people[0], people[1]
	works, err := db.One(ctx, tx, db.SQL(`SELECT count(*) FILTER (WHERE NOT r.banked AND ?), count(*) FILTER (WHERE r.banked AND ?)
		FROM enrolments e JOIN results r ON r.enrolment_id = e.id WHERE ?`, m.during("r.submitted_at"), m.during("r.submitted_at"), scope), scanPair)
	out.Submissions, out.Banked = works[0], works[1]
	return out, err
}

func scanPair(s db.Scanner) (p [2]int64, err error) { return p, s.Scan(&p[0], &p[1]) }

// liveBy sums from the enrolments in scope by two columns, course and organization, of which one is 0.
func liveBy(ctx context.Context, tx *db.Tx, within access.Within, m Measure, columns string) ([]store.Figure, error) {
	rows, err := db.All(ctx, tx, db.SQL(`SELECT ?, `+columns+` FROM enrolments e WHERE ? GROUP BY e.course_id, e.org_id`, m.liveSums(), m.scope(within)), scanLive)
	sums := map[store.Figure]*store.Figure{}
	for _, row := range rows {
		key := store.Figure{Course: row.Course, Org: row.Org}
		if sums[key] == nil {
			sums[key] = &store.Figure{Course: row.Course, Org: row.Org}
		}
		sums[key].Add(row)
	}
	return ranked(sums), err
}

// liveOverTime counts what happened day by day in the scope, and folds the days into months where there would be too many.
func liveOverTime(ctx context.Context, tx *db.Tx, within access.Within, m Measure) ([]store.Figure, error) {
	scope := m.scope(within)
	sums := map[int64]*store.Figure{}
	for _, q := range []struct {
		query db.Frag
		field func(*store.Figure) *int64
	}{
		{perDay("e.enrolled_at", "enrolments e", db.And(m.during("e.enrolled_at"), scope)), func(f *store.Figure) *int64 { return &f.Enrolled }},
		{perDay("e.completed_at", "enrolments e", db.And(db.SQL("e.status = 'completed'"), m.during("e.completed_at"), scope)), func(f *store.Figure) *int64 { return &f.Completed }},
		{perDay("r.submitted_at", "enrolments e JOIN results r ON r.enrolment_id = e.id", db.And(db.SQL("NOT r.banked"), m.during("r.submitted_at"), scope)),
			func(f *store.Figure) *int64 { return &f.Submissions }},
	} {
		days, err := db.All(ctx, tx, q.query, scanPair)
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			f := store.Figure{Bucket: day[0]}
			if m.ByMonth() {
				f.Bucket = store.MonthOf(store.DayStart(day[0]))
			}
			*q.field(&f) = day[1]
			addBucket(sums, f)
		}
	}
	return bucketList(sums), nil
}

func perDay(column, tables string, cond db.Frag) db.Frag {
	return db.SQL(`SELECT `+column+` / 86400000000, count(*) FROM `+tables+` WHERE `+column+` > 0 AND ? GROUP BY `+column+` / 86400000000`, cond)
}

// MeasureByTeam sums the enrolments that began in the period for some of the teams within a reach; who is in several
// counts in each. It reads those people's enrolments alone.
func MeasureByTeam(ctx context.Context, tx *db.Tx, within, teams access.Within, m Measure, which []db.ID) ([]GroupRow, error) {
	if len(which) == 0 {
		return nil, nil
	}
	cond := enrolmentsOf([]access.Within{within}, m.filter())
	return db.All(ctx, tx, perTeam(teams, db.SQL("t.id IN ?", which), cond, store.Part{}), scanGroupRow)
}

// Attention is a learner in a course whom somebody should look after.
type Attention struct {
	Account, Course          db.ID
	Learner, Org, CourseName string
	// Failing: the mean of what they handed in is below the mark. Otherwise they have not been active for long.
	Failing bool
	Score   float64
	// Active is when they last were, zero for never; Enrolled when they began.
	Active, Enrolled time.Time
}

// IdleAfter is how long a learner is away before somebody should look after them, PassMark the mean below which they fail.
const (
	IdleAfter = 30 * 24 * time.Hour
	PassMark  = 40
)

// ListAttention are learners who need attention, some of each kind: those who were away for IdleAfter, the last to leave
// first, and those who fail, the worst first.
func ListAttention(ctx context.Context, tx *db.Tx, within access.Within, m Measure, now time.Time, some int) ([]Attention, error) {
	since := db.Micros(now.Add(-IdleAfter))
	var out []Attention
	for _, q := range []struct{ cond, order db.Frag }{
		{db.SQL("e.score < ?", PassMark), db.SQL("e.score, e.id")},
		{db.SQL("e.last_active_at < ? AND e.enrolled_at < ?", since, since), db.SQL("e.last_active_at DESC, e.id DESC")},
	} {
		rows, err := db.All(ctx, tx, db.SQL(`SELECT e.account_id, e.course_id, a.name, o.name, c.name, coalesce(e.score, -1), e.last_active_at, e.enrolled_at
			FROM enrolments e`+enrolmentJoins+`JOIN courses c ON c.id = e.course_id
			WHERE e.portal_id = ? AND e.is_open AND e.status IN ('enrolled', 'active') AND ? AND ? ORDER BY ? LIMIT ?`,
			within.Portal(), q.cond, m.scope(within), q.order, some), scanAttention)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func scanAttention(s db.Scanner) (a Attention, err error) {
	var active, enrolled int64
	err = s.Scan(&a.Account, &a.Course, &a.Learner, &a.Org, &a.CourseName, &a.Score, &active, &enrolled)
	a.Failing = a.Score >= 0 && a.Score < PassMark
	a.Active, a.Enrolled = db.TimeOrZero(active), db.TimeOrZero(enrolled)
	return a, err
}
