package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// RolePeople are how many people have each of some roles: all of the portal, where the permission reaches everybody and the
// organization is the root; otherwise those of the organization and below it whom the permission reaches. Counting learners
// stops just past CountLimit, and those of courses are not counted.
func RolePeople(ctx context.Context, tx *db.Tx, within access.Within, roles []access.RoleID, org Organization, now time.Time) (map[access.RoleID]int, error) {
	at := db.Micros(now)
	out := map[access.RoleID]int{}
	if org.Parent == 0 && within.Everywhere() {
		uses, err := RoleUses(ctx, tx, org.Portal, roles, now)
		for _, r := range roles {
			if r == access.CourseLearn {
				continue
			}
			out[r] = uses[r].People
			if err == nil && unindexed.Has(r) {
				var n int64
				n, err = db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT DISTINCT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role = ?
					AND `+manyRoles+` AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ? LIMIT ?) few`,
					org.Portal, string(r), at, at, CountLimit+1))
				out[r] = int(n)
			}
		}
		return out, err
	}
	counts, err := countsBy[access.RoleID](ctx, tx, db.SQL(`SELECT role, count(*) FROM (SELECT DISTINCT g.role AS role, g.account_id FROM accounts a
		JOIN grants g ON g.account_id = a.id AND g.since <= ? AND g.until > ? WHERE a.portal_id = ? AND a.archived_at = 0
		AND a.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?) AND ? AND g.role IN ? LIMIT 20000) held GROUP BY role`,
		at, at, org.Portal, org.ID, within.Where("a"), roles))
	for _, r := range roles {
		out[r] = counts[r]
	}
	return out, err
}

// unindexed are the roles that the index grants_many has, and grants_role leaves out; manyRoles is its condition.
var unindexed = access.Roles{access.TeamMember, access.Learner}

const manyRoles = `g.role IN ('team_member', 'learner')`
