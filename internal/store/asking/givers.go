package asking

import (
	"context"
	"fmt"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Giving asks who holds one of some roles at one of some places.
type Giving struct {
	Roles  []access.RoleID
	Places []db.ID
}

// Givers are, for each of some questions, accounts that hold one of its roles at one of its places, themselves or through an
// access group: limit of them at most for each, by id, and one query for all. It is for telling who could give something, and
// asks no permission.
func Givers(ctx context.Context, tx *db.Tx, portal db.ID, list []Giving, limit int, now time.Time) ([][]db.ID, error) {
	out := make([][]db.ID, len(list))
	if len(list) == 0 {
		return out, nil
	}
	at := db.Micros(now)
	parts := make([]db.Frag, len(list))
	for i, q := range list {
		held := db.SQL(`g.portal_id = ? AND g.role IN ? AND g.role NOT IN ('course_learner', 'team_member', 'learner') AND g.place_id IN ? AND g.since <= ? AND g.until > ?`,
			portal, q.Roles, q.Places, at, at)
		parts[i] = db.SQL(fmt.Sprintf(`SELECT %d, id FROM (SELECT DISTINCT who.id AS id FROM (
			SELECT g.account_id AS id FROM grants g WHERE ? AND g.account_id IS NOT NULL
			UNION ALL SELECT m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
			AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ? WHERE ? AND g.group_id IS NOT NULL) who
			JOIN accounts a ON a.id = who.id AND a.archived_at = 0 ORDER BY who.id LIMIT ?) givers`, i), held, at, at, held, limit)
	}
	type found struct {
		question int
		id       db.ID
	}
	rows, err := db.All(ctx, tx, db.SQL(`? ORDER BY 1, 2`, db.Join(" UNION ALL ", parts...)), func(s db.Scanner) (f found, err error) { return f, s.Scan(&f.question, &f.id) })
	for _, f := range rows {
		out[f.question] = append(out[f.question], f.id)
	}
	return out, err
}
