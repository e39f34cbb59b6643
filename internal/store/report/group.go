package report

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Grouping is what a report on participation gives a row for each of.
type Grouping string

// The groupings; a period is a day, or a month where there would be more than MaxDays days.
const (
	PerCourse       Grouping = "course"
	PerOrganization Grouping = "organization"
	PerTeam         Grouping = "team"
	PerPeriod       Grouping = "period"
)

// Groupings are all of them, in order.
var Groupings = []Grouping{PerCourse, PerOrganization, PerTeam, PerPeriod}

// MaxDays is up to how many days are shown day by day.
const MaxDays = 92

// GroupRow is the totals over the enrolments of one course, organization (without those below it), team or period.
type GroupRow struct {
	// ID is zero for a period. Name is of a period its day or month: 2026-03-02, 2026-03.
	ID         db.ID
	Name, Code string
	LearnerSums
}

func scanGroupRow(s db.Scanner) (r GroupRow, err error) {
	return r, s.Scan(append(r.LearnerSums.dest(), &r.ID, &r.Name, &r.Code)...)
}

// EachGroup streams the totals for each course, organization, team within `teams`, or period, by name or in time. Who is
// in several teams counts in each.
func EachGroup(ctx context.Context, tx *db.Tx, withins []access.Within, teams access.Within, f Filter, by Grouping, part store.Part) iter.Seq2[GroupRow, error] {
	cond := enrolmentsOf(withins, f)
	switch by {
	case PerOrganization:
		return db.Each(ctx, tx, grouped("e.org_id", "organizations", "''", cond, part), scanGroupRow)
	case PerTeam:
		return db.Each(ctx, tx, perTeam(teams, db.SQL("1=1"), cond, part), scanGroupRow)
	case PerPeriod:
		return eachPeriod(ctx, tx, f, cond, part)
	}
	return db.Each(ctx, tx, grouped("e.course_id", "courses", "n.code", cond, part), scanGroupRow)
}

func grouped(key, table, code string, cond db.Frag, part store.Part) db.Frag {
	return db.SQL(`SELECT `+outerSums+`, n.id, n.name, `+code+` FROM (SELECT `+innerSums+`, `+key+` AS k FROM enrolments e WHERE ? GROUP BY `+key+`) g
		JOIN `+table+` n ON n.id = g.k ORDER BY n.name_key, n.id ?`, cond, part.Tail())
}

// perTeam sums for each team within the reach that fulfils a condition on `t`.
func perTeam(teams access.Within, which, cond db.Frag, part store.Part) db.Frag {
	at := teams.Actor().Now()
	return db.SQL(`SELECT `+outerSums+`, n.id, n.name, '' FROM (SELECT `+innerSums+`, m.place_id AS k
		FROM (SELECT DISTINCT m.place_id, m.account_id FROM teams t JOIN grants m ON m.place_kind = 'team' AND m.place_id = t.id
		WHERE t.deleted_at = 0 AND ? AND ? AND m.role IN ? AND m.since <= ? AND m.until > ?) m
		JOIN enrolments e ON e.account_id = m.account_id WHERE ? GROUP BY m.place_id) g JOIN teams n ON n.id = g.k ORDER BY n.name_key, n.id ?`,
		teams.Where("t"), which, teamRoles, at, at, cond, part.Tail())
}

// innerSums are learnerSums with names, for a subquery; outerSums are those names.
var innerSums, outerSums = aliased(learnerSums)

func aliased(columns string) (inner, outer string) {
	var in, out []string
	depth, from := 0, 0
	for i := 0; i <= len(columns); i++ {
		if i < len(columns) && columns[i] == '(' {
			depth++
		} else if i < len(columns) && columns[i] == ')' {
			depth--
		} else if i == len(columns) || (columns[i] == ',' && depth == 0) {
			name := "s" + strconv.Itoa(len(in))
			in, out = append(in, columns[from:i]+" AS "+name), append(out, "g."+name)
			from = i + 1
		}
	}
	return strings.Join(in, ","), strings.Join(out, ", ")
}

// bucket is a day or a month.
type bucket struct {
	name     string
	from, to time.Time
}

// maxBuckets bounds the months of a report: fifty years.
const maxBuckets = 600

func eachPeriod(ctx context.Context, tx *db.Tx, f Filter, cond db.Frag, part store.Part) iter.Seq2[GroupRow, error] {
	return func(yield func(GroupRow, error) bool) {
		column := datedColumns[f.Dated]
		if column == "" {
			column = datedColumns[DatedEnrolled]
		}
		list, err := bucketsOf(ctx, tx, f, column, cond)
		if err != nil {
			yield(GroupRow{}, err)
			return
		}
		if len(list) == 0 {
			return
		}
		for r, err := range db.Each(ctx, tx, perPeriod(list, column, cond, part), scanGroupRow) {
			if err == nil {
				r.ID, r.Name = 0, list[r.ID].name
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// perPeriod writes the buckets into the text: they are plain numbers, and PostgreSQL would take parameters there for text.
func perPeriod(list []bucket, column string, cond db.Frag, part store.Part) db.Frag {
	rows := make([]string, len(list))
	for i, b := range list {
		rows[i] = "(" + strconv.Itoa(i) + ", " + strconv.FormatInt(db.Micros(b.from), 10) + ", " + strconv.FormatInt(db.Micros(b.to), 10) + ")"
	}
	return db.SQL(`WITH b(k, lo, hi) AS (VALUES `+strings.Join(rows, ", ")+`) SELECT `+learnerSums+`, b.k, '', '' FROM b
		JOIN enrolments e ON `+column+` >= b.lo AND `+column+` < b.hi WHERE ? GROUP BY b.k ORDER BY b.k ?`, cond, part.Tail())
}

func bucketsOf(ctx context.Context, tx *db.Tx, f Filter, column string, cond db.Frag) ([]bucket, error) {
	span, err := db.One(ctx, tx, db.SQL(`SELECT coalesce(min(`+column+`), 0), coalesce(max(`+column+`), 0) FROM enrolments e WHERE ? AND `+column+` > 0`, cond),
		func(s db.Scanner) (v [2]int64, err error) { return v, s.Scan(&v[0], &v[1]) })
	if err != nil && !fail.Is(err, fail.NotFound) || span[1] == 0 {
		return nil, err
	}
	from, to := db.Time(span[0]), db.Time(span[1])
	if !f.From.IsZero() && !f.To.IsZero() && store.DayOf(f.To)-store.DayOf(f.From) <= MaxDays {
		from, to = f.From, f.To.Add(-time.Microsecond)
	}
	return buckets(from, to), nil
}

// buckets are the days from one moment to another, or the months where the days would be too many.
func buckets(from, to time.Time) []bucket {
	var out []bucket
	if first, last := store.DayOf(from), store.DayOf(to); last-first < MaxDays {
		for day := first; day <= last; day++ {
			out = append(out, bucket{store.DayStart(day).Format(time.DateOnly), store.DayStart(day), store.DayStart(day + 1)})
		}
		return out
	}
	last := store.MonthOf(to)
	for month := max(store.MonthOf(from), last-maxBuckets+1); month <= last; month++ {
		out = append(out, bucket{store.MonthStart(month).Format("2006-01"), store.MonthStart(month), store.MonthStart(month + 1)})
	}
	return out
}
