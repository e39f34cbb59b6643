package report

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// After so long without a sign of them, learners may need help: those who have begun, and those who have not.
const (
	quietAfter  = 14 * 24 * time.Hour
	unbegunTill = 7 * 24 * time.Hour
)

// NeedsHelp is a learner of a course who may need help, and why.
type NeedsHelp struct {
	Account, Enrolment db.ID
	Learner, Org       string
	Progress           float64
	// Score is 0 to 100; negative where there is none.
	Score float64
	// Active is when they were last active, zero for never.
	Active time.Time
	// Late is how many works are due and not handed in.
	Late int64
	// Quiet: they began, and nothing was heard of them for two weeks. Unbegun: they have not begun in a week. Low: their score does not pass.
	Quiet, Unbegun, Low bool
}

func scanNeedsHelp(s db.Scanner) (n NeedsHelp, err error) {
	var active, quiet, unbegun, low int64
	err = s.Scan(&n.Account, &n.Enrolment, &n.Learner, &n.Org, &n.Progress, &n.Score, &active, &n.Late, &quiet, &unbegun, &low)
	n.Active, n.Quiet, n.Unbegun, n.Low = db.TimeOrZero(active), quiet > 0, unbegun > 0, low > 0
	return n, err
}

// helpRows are the learners of a course within a reach who have not completed it, with what speaks for their needing help.
func helpRows(within access.Within, course db.ID) db.Frag {
	at := db.Micros(db.Time(within.Actor().Now()))
	return db.SQL(`(SELECT e.account_id, e.id AS enrolment_id, a.name, a.name_key, o.name AS org, e.progress, coalesce(e.score, -1) AS score, e.last_active_at,
		(SELECT count(*) FROM assessments x WHERE x.course_id = e.course_id AND x.due_at > 0 AND x.due_at < ?
			AND NOT EXISTS (SELECT 1 FROM results r WHERE r.assessment_id = x.id AND r.account_id = e.account_id)) AS late,
		CASE WHEN e.last_active_at > 0 AND e.last_active_at < ? THEN 1 ELSE 0 END AS quiet,
		CASE WHEN e.last_active_at = 0 AND e.enrolled_at < ? THEN 1 ELSE 0 END AS unbegun,
		CASE WHEN e.score < c.pass_score THEN 1 ELSE 0 END AS low
		FROM enrolments e JOIN courses c ON c.id = e.course_id `+enrolmentJoins+`
		WHERE e.course_id = ? AND e.is_open AND e.status IN ('enrolled', 'active') AND ?) h WHERE h.late + h.quiet + h.unbegun + h.low > 0`,
		at, at-quietAfter.Microseconds(), at-unbegunTill.Microseconds(), course, within.Where("e"))
}

// ListNeedsHelp are the learners of a course within a reach who may need help: those with most reasons first.
func ListNeedsHelp(ctx context.Context, tx *db.Tx, within access.Within, course db.ID, part store.Part) ([]NeedsHelp, error) {
	return db.All(ctx, tx, db.SQL(`SELECT h.account_id, h.enrolment_id, h.name, h.org, h.progress, h.score, h.last_active_at, h.late, h.quiet, h.unbegun, h.low FROM ?
		ORDER BY CASE WHEN h.late > 0 THEN 1 ELSE 0 END + h.quiet + h.unbegun + h.low DESC, h.late DESC, h.name_key, h.enrolment_id ?`, helpRows(within, course), part.Tail()), scanNeedsHelp)
}

// CountNeedsHelp is how many ListNeedsHelp tells of, and for which reasons: late, quiet, unbegun, low.
func CountNeedsHelp(ctx context.Context, tx *db.Tx, within access.Within, course db.ID) (all int64, reasons [4]int64, err error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(*) FILTER (WHERE h.late > 0), count(*) FILTER (WHERE h.quiet > 0), count(*) FILTER (WHERE h.unbegun > 0),
		count(*) FILTER (WHERE h.low > 0) FROM ?`, helpRows(within, course)),
		func(s db.Scanner) (v [5]int64, err error) { return v, s.Scan(&v[0], &v[1], &v[2], &v[3], &v[4]) })
	return n[0], [4]int64(n[1:]), err
}
