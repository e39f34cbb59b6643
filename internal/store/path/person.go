package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// PathsOf are the paths that a person is, or was, in, by name, where a permission over enrolments reaches the person: who sees somebody's courses
// sees their paths. Who sees them in one course alone does not.
func PathsOf(ctx context.Context, tx *db.Tx, within access.Within, person db.ID, now time.Time) ([]Own, error) {
	return placesOf(ctx, tx, within, db.SQL(`l.account_id = ?`, person), now)
}

// FindPathOf is one of PathsOf.
func FindPathOf(ctx context.Context, tx *db.Tx, within access.Within, person, id db.ID, now time.Time) (Own, error) {
	list, err := placesOf(ctx, tx, within, db.SQL(`l.account_id = ? AND l.path_id = ?`, person, id), now)
	if err == nil && len(list) == 0 {
		err = fail.Missing("path")
	}
	if err != nil {
		return Own{}, err
	}
	return list[0], nil
}

func placesOf(ctx context.Context, tx *db.Tx, within access.Within, which db.Frag, now time.Time) ([]Own, error) {
	return db.All(ctx, tx, db.SQL(`SELECT (SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = p.id), l.id, l.account_id, l.is_open, l.enrolled_at, l.completed_at,
		(SELECT count(*) FROM `+GoalsThere+` g WHERE g.path_id = l.path_id AND `+Reached+`), `+pathColumns+`JOIN path_learners l ON l.path_id = p.id JOIN accounts a ON a.id = l.account_id
		WHERE p.deleted_at = 0 AND ? AND ? ORDER BY p.name_key, p.id LIMIT 500`, db.Micros(now), which, within.WhereOf(access.Account, "a")), func(s db.Scanner) (o Own, err error) {
		var enrolled, completed int64
		l := &o.Learner
		o.Path, err = scanPath(before{s, []any{&o.Goals, &l.ID, &l.Account, &l.Open, &enrolled, &completed, &l.Reached}})
		l.Enrolled, l.Completed = db.Time(enrolled), db.TimeOrZero(completed)
		return o, err
	})
}
