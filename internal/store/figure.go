package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"provost/internal/db"
)

// Grain is how long the bucket of a figure is.
type Grain string

// The grains: a day of UTC, a month of UTC, and all time.
const (
	ByDay   Grain = "day"
	ByMonth Grain = "month"
	AllTime Grain = "all"
)

// The columns of figures, in their order in the table.
const (
	// What happened in the bucket: enrolments that began; that were completed, failed or withdrawn; works handed in, and
	// works carried over from an earlier course.
	figEnrolled = iota
	figCompleted
	figFailed
	figWithdrawn
	figSubmissions
	figBanked
	// People whose last activity lies in the bucket; in all time, people who were ever active.
	figActive
	// People with an enrolment: in all time only.
	figLearners
	// Of the enrolments that began in the bucket: how many are completed, failed, withdrawn; the sum of their progress, in
	// hundredths of a percent; how many have a score, and the sum of those in hundredths.
	figBeganCompleted
	figBeganFailed
	figBeganWithdrawn
	figBeganProgress
	figBeganScored
	figBeganScore
	// Of these, how many have handed something in, and how many are Enrolled, not begun.
	figBeganStarted
	figBeganWaiting
	figCount
)

var figureColumns = [figCount]string{"enrolled", "completed", "failed", "withdrawn", "submissions", "banked", "active", "learners",
	"enrolled_completed", "enrolled_failed", "enrolled_withdrawn", "enrolled_progress", "enrolled_scored", "enrolled_score",
	"enrolled_started", "enrolled_waiting"}

type counts [figCount]int64

// FigureKey is which total: of an organization alone, without those below it, in a course or (zero) in all courses.
type FigureKey struct {
	Portal, Org, Course db.ID
	Grain               Grain
	Bucket              int64
}

// Deltas gathers, in memory, how totals change with the rows that they sum; Flush writes them in the transaction of the change.
type Deltas struct {
	rows     map[FigureKey]*counts
	accounts map[db.ID]bool
}

// NewDeltas is an empty one.
func NewDeltas() *Deltas {
	return &Deltas{rows: map[FigureKey]*counts{}, accounts: map[db.ID]bool{}}
}

const dayMicros = 24 * 60 * 60 * 1_000_000

// DayOf is a moment's day since 1970, UTC.
func DayOf(t time.Time) int64 {
	at := db.Micros(t)
	day := at / dayMicros
	if at%dayMicros < 0 {
		day--
	}
	return day
}

// MonthOf is a moment's month, UTC, counted from the year 0.
func MonthOf(t time.Time) int64 {
	t = t.UTC()
	return int64(t.Year())*12 + int64(t.Month()) - 1
}

// DayStart is when a day of DayOf begins.
func DayStart(day int64) time.Time { return db.Time(day * dayMicros) }

// MonthStart is when a month of MonthOf begins.
func MonthStart(month int64) time.Time {
	return time.Date(int(month/12), time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// add counts something of a course, and of all courses where both is set. What has no date counts in all time only.
func (d *Deltas) add(key FigureKey, both bool, at time.Time, column int, n int64) {
	if n == 0 {
		return
	}
	key.Grain, key.Bucket = AllTime, 0
	d.count(key, both, column, n)
	if at.IsZero() {
		return
	}
	key.Grain, key.Bucket = ByDay, DayOf(at)
	d.count(key, both, column, n)
	key.Grain, key.Bucket = ByMonth, MonthOf(at)
	d.count(key, both, column, n)
}

func (d *Deltas) count(key FigureKey, both bool, column int, n int64) {
	d.row(key)[column] += n
	if both {
		key.Course = 0
		d.row(key)[column] += n
	}
}

func (d *Deltas) row(key FigureKey) *counts {
	c := d.rows[key]
	if c == nil {
		c = new(counts)
		d.rows[key] = c
	}
	return c
}

// Hundredths is a value of two decimals as a whole number, which sums exactly.
func Hundredths(v float64) int64 { return int64(math.Round(v * 100)) }

// Add counts an enrolment as it is now, Remove takes away what it was.
func (d *Deltas) Add(e *Enrolment) { d.enrolment(e, 1) }

// Remove takes away what an enrolment was.
func (d *Deltas) Remove(e *Enrolment) { d.enrolment(e, -1) }

func (d *Deltas) enrolment(e *Enrolment, n int64) {
	key := FigureKey{Portal: e.Portal, Org: e.Org, Course: e.Course}
	d.accounts[e.Account] = true
	d.add(key, true, e.Enrolled, figEnrolled, n)
	d.add(key, true, e.Enrolled, figBeganProgress, n*Hundredths(e.Progress))
	if e.Score != nil {
		d.add(key, true, e.Enrolled, figBeganScored, n)
		d.add(key, true, e.Enrolled, figBeganScore, n*Hundredths(*e.Score))
	}
	if e.Works > 0 {
		d.add(key, true, e.Enrolled, figBeganStarted, n)
	}
	switch e.Status {
	case Enrolled:
		d.add(key, true, e.Enrolled, figBeganWaiting, n)
	case Completed:
		d.add(key, true, e.Completed, figCompleted, n)
		d.add(key, true, e.Enrolled, figBeganCompleted, n)
	case Failed:
		d.add(key, true, e.Completed, figFailed, n)
		d.add(key, true, e.Enrolled, figBeganFailed, n)
	case Withdrawn:
		d.add(key, true, e.Withdrawn, figWithdrawn, n)
		d.add(key, true, e.Enrolled, figBeganWithdrawn, n)
	}
	d.person(key, e.LastActive, n)
}

// person counts somebody among the learners of a course, or of all courses, and by the day of their last activity.
func (d *Deltas) person(key FigureKey, active time.Time, n int64) {
	d.add(key, false, time.Time{}, figLearners, n)
	if !active.IsZero() {
		d.add(key, false, active, figActive, n)
	}
}

// Work counts a result: handed in at a time, or carried over from an earlier course.
func (d *Deltas) Work(e *Enrolment, submitted time.Time, banked bool, n int64) {
	column := figSubmissions
	if banked {
		column = figBanked
	}
	d.add(FigureKey{Portal: e.Portal, Org: e.Org, Course: e.Course}, true, submitted, column, n)
}

// Flush writes the changed totals, one row each, and forgets them.
func (d *Deltas) Flush(ctx context.Context, tx *db.Tx) error {
	if err := d.countPeople(ctx, tx); err != nil {
		return err
	}
	keys := make([]FigureKey, 0, len(d.rows))
	for key, c := range d.rows {
		if *c != (counts{}) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, compareFigures)
	batch, err := tx.Batch(ctx, figureUpsert)
	if err != nil {
		return err
	}
	args := make([]any, 5+figCount)
	for _, key := range keys {
		args[0], args[1], args[2], args[3], args[4] = key.Portal, string(key.Grain), key.Course, key.Bucket, key.Org
		for i, n := range d.rows[key] {
			args[5+i] = n
		}
		if err := batch.Exec(args...); err != nil {
			return err
		}
	}
	*d = *NewDeltas()
	return batch.Close()
}

func compareFigures(a, b FigureKey) int {
	return cmp.Or(cmp.Compare(a.Portal, b.Portal), cmp.Compare(a.Grain, b.Grain), cmp.Compare(a.Course, b.Course),
		cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.Org, b.Org))
}

var figureUpsert = func() string {
	cols := strings.Join(figureColumns[:], ", ")
	sets := make([]string, figCount)
	for i, c := range figureColumns {
		sets[i] = c + " = figures." + c + " + excluded." + c
	}
	return `INSERT INTO figures (portal_id, grain, course_id, bucket, org_id, ` + cols + `) VALUES (?, ?, ?, ?, ?` + strings.Repeat(", ?", figCount) + `)
		ON CONFLICT (portal_id, grain, course_id, bucket, org_id) DO UPDATE SET ` + strings.Join(sets, ", ")
}()

type learner struct {
	account, portal, org db.ID
	enrolments           int64
	active               int64
}

// countPeople brings what is kept of the touched people up to their enrolments, and counts them once in all courses.
func (d *Deltas) countPeople(ctx context.Context, tx *db.Tx) error {
	accounts := make([]db.ID, 0, len(d.accounts))
	for id := range d.accounts {
		accounts = append(accounts, id)
	}
	slices.Sort(accounts)
	batch, err := tx.Batch(ctx, `INSERT INTO learners (account_id, portal_id, org_id, enrolments, last_active_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE SET org_id = excluded.org_id, enrolments = excluded.enrolments, last_active_at = excluded.last_active_at`)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(accounts, 2000) {
		kept, err := learnersKept(ctx, tx, part)
		if err != nil {
			return err
		}
		now, err := learnersNow(ctx, tx, part)
		if err != nil {
			return err
		}
		for id, was := range kept {
			if _, still := now[id]; !still && was.enrolments > 0 { // whose enrolments are another's now
				d.person(FigureKey{Portal: was.portal, Org: was.org}, db.TimeOrZero(was.active), -1)
				if err := batch.Exec(was.account, was.portal, was.org, int64(0), was.active); err != nil {
					return err
				}
			}
		}
		for id, is := range now {
			was, had := kept[id]
			if had && was == is {
				continue
			}
			if had && was.enrolments > 0 {
				d.person(FigureKey{Portal: was.portal, Org: was.org}, db.TimeOrZero(was.active), -1)
			}
			d.person(FigureKey{Portal: is.portal, Org: is.org}, db.TimeOrZero(is.active), 1)
			if err := batch.Exec(is.account, is.portal, is.org, is.enrolments, is.active); err != nil {
				return err
			}
		}
	}
	return batch.Close()
}

func learnersKept(ctx context.Context, tx *db.Tx, accounts []db.ID) (map[db.ID]learner, error) {
	return learnersBy(ctx, tx, db.SQL(`SELECT account_id, portal_id, org_id, enrolments, last_active_at FROM learners WHERE account_id IN ?`, accounts))
}

func learnersNow(ctx context.Context, tx *db.Tx, accounts []db.ID) (map[db.ID]learner, error) {
	return learnersBy(ctx, tx, db.SQL(`SELECT account_id, portal_id, org_id, count(*), max(last_active_at) FROM enrolments
		WHERE account_id IN ? GROUP BY account_id, portal_id, org_id`, accounts))
}

func learnersBy(ctx context.Context, tx *db.Tx, query db.Frag) (map[db.ID]learner, error) {
	out := map[db.ID]learner{}
	for l, err := range db.Each(ctx, tx, query, scanLearner) {
		if err != nil {
			return nil, err
		}
		out[l.account] = l
	}
	return out, nil
}

func scanLearner(s db.Scanner) (l learner, err error) {
	return l, s.Scan(&l.account, &l.portal, &l.org, &l.enrolments, &l.active)
}
