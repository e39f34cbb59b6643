package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Ahead is a goal of a path that opens for somebody on a day to come.
type Ahead struct {
	Goal         db.ID
	Course, Path db.ID
	CourseName   string
	PathName     string
	Opens        time.Time
}

// GoalsAhead are the goals of the paths that an account is in, and may open, that open for it by a time by themselves, the next first: those that
// wait for other goals have no day yet.
func GoalsAhead(ctx context.Context, tx *db.Tx, within access.Within, account db.ID, until time.Time, most int, now time.Time) ([]Ahead, error) {
	at := db.Micros(now)
	const opens = `l.enrolled_at + g.after_days * 86400000000`
	return db.All(ctx, tx, db.SQL(`SELECT g.id, c.id, c.name, p.id, p.name, `+opens+` FROM path_learners l JOIN paths p ON p.id = l.path_id JOIN `+GoalsThere+` g ON g.path_id = p.id
		JOIN courses c ON c.id = g.course_id WHERE l.account_id = ? AND l.is_open AND p.archived_at = 0 AND c.archived_at = 0 AND NOT c.template AND `+opens+` > ? AND `+opens+` <= ? AND ?
		AND NOT EXISTS (SELECT 1 FROM enrolments x WHERE x.course_id = g.course_id AND x.account_id = l.account_id AND (x.is_open OR x.status = 'completed'))
		AND (NOT p.in_order OR NOT EXISTS (SELECT 1 FROM `+GoalsThere+` b WHERE b.path_id = p.id AND (b.position < g.position OR b.position = g.position AND b.id < g.id) AND NOT `+reachedB+`))
		ORDER BY `+opens+`, g.id LIMIT ?`, account, at, db.Micros(until), within.Where("p"), at, most), func(s db.Scanner) (x Ahead, err error) {
		var when int64
		err = s.Scan(&x.Goal, &x.Course, &x.CourseName, &x.Path, &x.PathName, &when)
		x.Opens = db.Time(when)
		return x, err
	})
}
