package past

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

type courseState struct {
	id                 db.ID
	archived, template bool
	closed             string
}

func scanCourse(s db.Scanner) (r courseState, err error) {
	return r, s.Scan(&r.id, &r.archived, &r.template, &r.closed)
}

// Courses are a portal's courses of which something is said that changes what may be done in them: archived as they are now, closed
// where a condition on the rows holds.
func Courses(ctx context.Context, tx *db.Tx, portal db.ID, counts db.Frag) (map[db.ID]access.CourseState, error) {
	out := map[db.ID]access.CourseState{}
	for r, err := range db.Each(ctx, tx, db.SQL(`SELECT id, archived_at <> 0, template, '' FROM courses WHERE portal_id = ? AND (archived_at <> 0 OR template)
		UNION ALL SELECT c.id, c.archived_at <> 0, c.template, x.permission FROM course_closed x JOIN courses c ON c.id = x.course_id WHERE x.portal_id = ? AND ?`,
		portal, portal, counts), scanCourse) {
		if err != nil {
			return nil, err
		}
		state := out[r.id]
		state.Archived, state.Template = r.archived, r.template
		if p, ok := access.PermissionOf(r.closed); ok {
			state.Closed.Add(p)
		}
		out[r.id] = state
	}
	return out, nil
}

// Reopen makes of a portal's rules those of a moment in microseconds, in what is kept here: its tree of organizations, and which
// courses were archived.
func Reopen(ctx context.Context, tx *db.Tx, rules *access.Rules, at int64) error {
	changed, err := read(ctx, tx, db.SQL(`portal_id = ? AND kind = 'course'`, rules.Portal), at)
	if err != nil {
		return err
	}
	for place, was := range changed {
		state := rules.Courses[place.ID]
		state.Archived = was.Marked
		rules.Courses[place.ID] = state
	}
	return Regrow(ctx, tx, rules.Portal, &rules.Tree, at)
}
