package grid

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// RolePeople are how many people have each of some roles: all of the portal, where the permission reaches everybody and the
// organization is the root; otherwise those of the organization and below it whom the permission reaches. Counting learners
// stops just past CountLimit, and those of courses are not counted.
func RolePeople(ctx context.Context, tx *db.Tx, within access.Within, roles []access.RoleID, org store.Organization, now time.Time) (map[access.RoleID]int, error) {
	at := db.Micros(now)
	out := map[access.RoleID]int{}
	if org.Parent == 0 && within.Everywhere() {
		uses, err := store.RoleUses(ctx, tx, org.Portal, roles, now)
		for _, r := range roles {
			if unkept.Has(r) {
				continue
			}
			out[r] = uses[r].People
			if err == nil && unindexed.Has(r) {
				var n int64
				n, err = db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT DISTINCT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role = ?
					AND `+manyRoles+` AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ? LIMIT ?) few`,
					org.Portal, string(r), at, at, store.CountLimit+1))
				out[r] = int(n)
			}
		}
		return out, err
	}
	type count struct {
		role access.RoleID
		n    int64
	}
	counts, err := db.All(ctx, tx, db.SQL(`SELECT role, count(*) FROM (SELECT DISTINCT g.role AS role, g.account_id FROM accounts a
		JOIN grants g ON g.account_id = a.id AND g.since <= ? AND g.until > ? WHERE a.portal_id = ? AND a.archived_at = 0
		AND a.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?) AND ? AND g.role IN ? LIMIT 20000) held GROUP BY role`,
		at, at, org.Portal, org.ID, within.Where("a"), roles), func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.role, &c.n) })
	for _, r := range roles {
		out[r] = 0
	}
	for _, c := range counts {
		out[c.role] = int(c.n)
	}
	return out, err
}
