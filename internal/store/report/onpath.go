package report

import (
	"context"
	"iter"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/path"
)

// OnPathRow is one person on one learning path. The times are microseconds, 0 for none.
type OnPathRow struct {
	Learner, Code, Org, Path string
	// Status is active, completed or withdrawn: of the path, not of a course.
	Status              store.Status
	Enrolled, Completed int64
	// Reached and Goals are how many goals they have reached, and how many there are.
	Reached, Goals int64
	// Next is the course of the first goal that is not reached, empty for none; it opens at Opens at the earliest.
	Next  string
	Opens int64
}

func scanOnPathRow(s db.Scanner) (r OnPathRow, err error) {
	return r, s.Scan(&r.Learner, &r.Code, &r.Org, &r.Path, &r.Status, &r.Enrolled, &r.Completed, &r.Reached, &r.Goals, &r.Next, &r.Opens)
}

// onPathStatus is OnPathRow.Status, as SQL.
const onPathStatus = `(CASE WHEN l.completed_at > 0 THEN 'completed' WHEN l.is_open THEN 'active' ELSE 'withdrawn' END)`

// onPathOf is the condition on the places `l` on paths of the people within all of the reach.
func onPathOf(withins []access.Within, f Filter) db.Frag {
	parts := []db.Frag{db.SQL("p.portal_id = ? AND a.archived_at = 0", withins[0].Portal())}
	for _, within := range withins {
		parts = append(parts, within.WhereOf(access.Account, "a"))
	}
	parts = append(parts, f.people("a.id", "a.org_id", withins[0].Actor().Now())...)
	if f.Path != 0 {
		parts = append(parts, db.SQL("l.path_id = ?", f.Path))
	}
	if f.Status != "" {
		parts = append(parts, db.SQL(onPathStatus+" = ?", string(f.Status)))
	}
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	return db.And(parts...)
}

const onPathTables = ` FROM path_learners l JOIN paths p ON p.id = l.path_id JOIN accounts a ON a.id = l.account_id `

// EachOnPathRow streams who of the people within all of the reach is on which path, and how far, by path, then by person. Those of a part are
// chosen before their goals are looked at. Learners' IDs are left empty but within ids.
func EachOnPathRow(ctx context.Context, tx *db.Tx, withins []access.Within, ids access.Within, f Filter, part store.Part) iter.Seq2[OnPathRow, error] {
	at := withins[0].Actor().Now()
	first := `FROM ` + path.GoalsThere + ` g JOIN courses k ON k.id = g.course_id WHERE g.path_id = l.path_id AND NOT ` + path.Reached + ` ORDER BY g.position, g.id LIMIT 1`
	return db.Each(ctx, tx, db.SQL(`SELECT a.name, ?, o.name, p.name, `+onPathStatus+`, l.enrolled_at, l.completed_at,
		(SELECT count(*) FROM `+path.GoalsThere+` g WHERE g.path_id = l.path_id AND `+path.Reached+`), (SELECT count(*) FROM `+path.GoalsThere+` g WHERE g.path_id = l.path_id),
		coalesce((SELECT k.name `+first+`), ''), coalesce((SELECT l.enrolled_at + g.after_days * 86400000000 `+first+`), 0)
		FROM (SELECT l.*`+onPathTables+`WHERE ? ORDER BY p.name_key, p.id, a.name_key, a.id ?) l JOIN paths p ON p.id = l.path_id JOIN accounts a ON a.id = l.account_id
		JOIN organizations o ON o.id = a.org_id ORDER BY p.name_key, p.id, a.name_key, a.id`, codeWithin(ids), at, at, at, onPathOf(withins, f), part.Tail()), scanOnPathRow)
}

// OnPathSums count places on paths.
type OnPathSums struct{ Rows, People, Active, Completed, Withdrawn int64 }

// SumOnPaths are the totals of what EachOnPathRow streams.
func SumOnPaths(ctx context.Context, tx *db.Tx, withins []access.Within, f Filter) (OnPathSums, error) {
	return db.One(ctx, tx, db.SQL(`SELECT count(*), count(DISTINCT a.id), count(*) FILTER (WHERE `+onPathStatus+` = 'active'), count(*) FILTER (WHERE `+onPathStatus+` = 'completed'),
		count(*) FILTER (WHERE `+onPathStatus+` = 'withdrawn')`+onPathTables+`WHERE ?`, onPathOf(withins, f)),
		func(s db.Scanner) (v OnPathSums, err error) {
			return v, s.Scan(&v.Rows, &v.People, &v.Active, &v.Completed, &v.Withdrawn)
		})
}
