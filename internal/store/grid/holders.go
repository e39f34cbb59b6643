// Package grid holds the queries of the permission grid: who has a role, where, and beside what.
package grid

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store/past"
)

// HolderPlace is a place at which people hold a role themselves: how many grants there are, and the place's organization.
type HolderPlace struct {
	Place  access.Place
	Org    db.ID
	Grants int
}

// heldNow are the open grants g of one role that accounts hold themselves, said so that an index serves it.
func heldNow(portal db.ID, role access.RoleID, now time.Time) db.Frag {
	at := db.Micros(now)
	held := db.SQL(`g.portal_id = ? AND g.role = ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?`, portal, string(role), at, at)
	switch {
	case unindexed.Has(role):
		return db.And(held, db.SQL(manyRoles))
	case !unkept.Has(role):
		return db.And(held, db.SQL(indexedRoles))
	}
	return held
}

// HolderPlaces are the places at which accounts hold a role themselves.
func HolderPlaces(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, now time.Time) ([]HolderPlace, error) {
	return db.All(ctx, tx, db.SQL(`SELECT g.place_kind, g.place_id, g.n, coalesce(t.org_id, c.org_id, pa.org_id, CASE WHEN g.place_kind = 'organization' THEN g.place_id ELSE ? END)
		FROM (SELECT g.place_kind AS place_kind, g.place_id AS place_id, count(*) AS n FROM grants g WHERE ? GROUP BY g.place_kind, g.place_id) g LEFT JOIN teams t ON g.place_kind = 'team' AND t.id = g.place_id
		LEFT JOIN courses c ON g.place_kind = 'course' AND c.id = g.place_id LEFT JOIN accounts pa ON g.place_kind = 'account' AND pa.id = g.place_id`,
		portal, heldNow(portal, role, now)), func(s db.Scanner) (h HolderPlace, err error) {
		var kind string
		err = s.Scan(&kind, &h.Place.ID, &h.Grants, &h.Org)
		h.Place.Kind, _ = access.KindOf(kind)
		return h, err
	})
}

// MixedHolders are the accounts that hold a role more than once, at an account, or through an access group; and those that hold
// it beside one of some other roles, themselves at a place of some kinds, or through an access group. What such a person may
// do is not told by one grant alone.
func MixedHolders(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, others []access.RoleID, kinds []string, now time.Time) ([]db.ID, error) {
	at, held := db.Micros(now), heldNow(portal, role, now)
	also := db.SQL(`EXISTS (SELECT 1 FROM grants y WHERE y.account_id = x.account_id AND y.role = ? AND y.since <= ? AND y.until > ?)`, string(role), at, at)
	open := db.SQL(`x.portal_id = ? AND x.role IN ? AND x.account_id IS NOT NULL AND x.since <= ? AND x.until > ? AND x.place_kind IN ?`, portal, others, at, at, kinds)
	beside := db.SQL(`SELECT x.account_id FROM grants x WHERE ? AND x.role NOT IN ('course_learner', 'team_member', 'learner') AND ?
		UNION SELECT x.account_id FROM grants x WHERE ? AND x.role IN ('team_member', 'learner') AND ?`, open, also, open, also)
	if !unindexed.Has(role) && !unkept.Has(role) {
		beside = db.SQL(`SELECT x.account_id FROM grants g CROSS JOIN grants x WHERE ? AND x.account_id = g.account_id AND ?`, held, open)
	}
	atPeople := db.SQL(`SELECT 0 WHERE 1=0`)
	if slices.Contains(kinds, access.Account.String()) {
		atPeople = db.SQL(`SELECT g.account_id FROM grants g WHERE ? AND g.place_kind = 'account'`, held)
	}
	return db.All(ctx, tx, db.SQL(`SELECT g.account_id FROM grants g WHERE ? GROUP BY g.account_id HAVING count(*) > 1
		UNION ? UNION SELECT account_id FROM (?) beside
		UNION SELECT x.account_id FROM grants h CROSS JOIN grants x WHERE h.portal_id = ? AND h.group_id IS NOT NULL AND h.role IN ? AND h.since <= ? AND h.until > ?
		AND x.place_kind = 'access_group' AND x.place_id = h.group_id AND x.role = 'access_group_member' AND x.since <= ? AND x.until > ? AND (h.role = ? OR ?)`,
		held, atPeople, beside, portal, append([]access.RoleID{role}, others...), at, at, at, at, string(role), also), db.ScanID)
}

// HeldByThese are how many grants of a role some accounts hold themselves, at each place.
func HeldByThese(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, accounts []db.ID, now time.Time) (map[access.Place]int, error) {
	at := db.Micros(now)
	type count struct {
		place access.Place
		n     int
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT g.place_kind, g.place_id, count(*) FROM grants g WHERE g.account_id IN ? AND g.portal_id = ? AND g.role = ? AND g.since <= ? AND g.until > ?
		GROUP BY g.place_kind, g.place_id`, accounts, portal, string(role), at, at), func(s db.Scanner) (c count, err error) {
		var kind string
		err = s.Scan(&kind, &c.place.ID, &c.n)
		c.place.Kind, _ = access.KindOf(kind)
		return c, err
	})
	out := make(map[access.Place]int, len(rows))
	for _, r := range rows {
		out[r.place] = r.n
	}
	return out, err
}

// NamedHolder is somebody who holds a role at a place.
type NamedHolder struct {
	ID    db.ID
	Name  string
	Place access.Place
}

// NamedHolders are who holds a role themselves at some places, the first of them by name, less who is archived.
func NamedHolders(ctx context.Context, tx *db.Tx, portal db.ID, role access.RoleID, places []db.ID, few bool, limit int, now time.Time) ([]NamedHolder, error) {
	from := `accounts a CROSS JOIN grants g`
	if few { // then it is quicker to sort them than to go over everybody by name
		from = `grants g CROSS JOIN accounts a`
	}
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name, g.place_kind, g.place_id FROM `+from+` WHERE ? AND g.account_id = a.id AND g.place_id IN ?
		AND a.portal_id = ? AND a.archived_at = 0 ORDER BY a.name_key, a.id LIMIT ?`, heldNow(portal, role, now), places, portal, limit),
		func(s db.Scanner) (h NamedHolder, err error) {
			var kind string
			err = s.Scan(&h.ID, &h.Name, &kind, &h.Place.ID)
			h.Place.Kind, _ = access.KindOf(kind)
			return h, err
		})
}

// The conditions of the indexes grants_role and grants_many, said in a query so that the index serves it; unindexed are the
// roles that the first leaves out and the second has, unkept those that neither has.
const (
	indexedRoles = `g.role NOT IN ('course_learner', 'team_member', 'learner')`
	manyRoles    = `g.role IN ('team_member', 'learner')`
)

var (
	unindexed = access.Roles{access.TeamMember, access.Learner}
	unkept    = access.Roles{access.CourseLearn}
)

// Candidates are people behind an id, by id, within a permission, that held one of some roles at one of some places at a moment,
// themselves or through an access group: limit of them at most. Who was archived then is left out.
func Candidates(ctx context.Context, tx *db.Tx, within access.Within, roles []access.RoleID, places []db.ID, after db.ID, limit int, when time.Time) ([]db.ID, error) {
	portal, at := within.Portal(), db.Micros(when)
	return db.All(ctx, tx, db.SQL(`SELECT a.id FROM accounts a WHERE a.id > ? AND NOT ? AND ? AND a.id IN (
		SELECT g.account_id FROM grants g WHERE g.portal_id = ? AND g.role IN ? AND g.place_id IN ? AND g.account_id IS NOT NULL AND g.since <= ? AND g.until > ?
		UNION ALL SELECT m.account_id FROM grants g JOIN grants m ON m.place_kind = 'access_group' AND m.place_id = g.group_id
		AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ?
		WHERE g.portal_id = ? AND g.role IN ? AND g.place_id IN ? AND g.group_id IS NOT NULL AND g.since <= ? AND g.until > ?) ORDER BY a.id LIMIT ?`,
		after, past.Archived("a", at), within.Where("a"), portal, roles, places, at, at, at, at, portal, roles, places, at, at, limit), db.ScanID)
}
