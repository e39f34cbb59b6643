package store

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// atHome is the condition of a grant that is an account type: of the person themselves, where they live.
const atHome = `g.place_kind IN ('portal', 'organization') AND g.account_id IS NOT NULL AND g.policy_id IS NULL AND g.since <= ? AND g.until > ?`

// manyHold is the condition of the index grants_many, whose roles indexedRoles leaves out.
const manyHold = `g.role IN ('team_member', 'learner')`

var heldByMany = access.Roles{access.Learner}

// typed is the condition of holding one of the filter's account types.
func (f AccountFilter) typed(at int64) db.Frag {
	return db.SQL(`EXISTS (SELECT 1 FROM grants g WHERE g.account_id = a.id AND g.role IN ? AND `+atHome+`)`, roleTexts(f.Types), at, at)
}

// planTypes begins from the holders of the account types, where they are few.
func (l *accountList) planTypes(ctx context.Context, within access.Within, f AccountFilter) (few bool, err error) {
	if len(f.Types) == 0 {
		return false, nil
	}
	s, whole := scopeOf(within, f)
	holders := holdersIn(within.Portal(), f.Types, s, whole, within.Actor().Now())
	n, err := db.Val[int64](ctx, l.tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM (?) held LIMIT ?) few`, holders, fewPeople+1))
	if err != nil || n > fewPeople {
		return false, err
	}
	l.from, l.dense = db.SQL(`SELECT DISTINCT id FROM (?) held`, holders), false
	return true, nil
}

// holdersIn are the accounts that hold one of some account types, in a scope: by the role where that is the whole portal, and
// otherwise by the organizations, teams and people of the scope, so that the cost is that of the scope.
func holdersIn(portal db.ID, types access.Roles, s scope, whole bool, at int64) db.Frag {
	var parts []db.Frag
	var rare access.Roles
	for _, t := range types {
		if !heldByMany.Has(t) {
			rare = append(rare, t)
		}
	}
	roles := roleTexts(types)
	if whole {
		if len(rare) > 0 {
			parts = append(parts, db.SQL(`SELECT g.account_id AS id FROM grants g WHERE g.portal_id = ? AND g.role IN ? AND `+indexedRoles+` AND `+atHome,
				portal, roleTexts(rare), at, at))
		}
		if len(rare) < len(types) {
			parts = append(parts, db.SQL(`SELECT g.account_id AS id FROM grants g WHERE g.portal_id = ? AND g.role = 'learner' AND `+manyHold+` AND `+atHome, portal, at, at))
		}
		return db.Join(" UNION ALL ", parts...)
	}
	if len(s.orgs) > 0 {
		parts = append(parts, db.SQL(`SELECT g.account_id AS id FROM org_under u CROSS JOIN grants g WHERE u.ancestor_id IN ? AND g.place_kind = 'organization'
			AND g.place_id = u.org_id AND g.role IN ? AND `+atHome, s.orgs, roles, at, at))
	}
	if len(s.teams) > 0 {
		parts = append(parts, db.SQL(`SELECT g.account_id AS id FROM grants m CROSS JOIN grants g WHERE m.place_kind = 'team' AND m.place_id IN ? AND m.role IN ?
			AND m.since <= ? AND m.until > ? AND g.account_id = m.account_id AND g.role IN ? AND `+atHome, s.teams, teamRoles, at, at, roles, at, at))
	}
	if len(s.people) > 0 {
		parts = append(parts, db.SQL(`SELECT g.account_id AS id FROM grants g WHERE g.account_id IN ? AND g.role IN ? AND `+atHome, s.people, roles, at, at))
	}
	if len(parts) == 0 {
		return db.SQL(`SELECT g.account_id AS id FROM grants g WHERE 1=0`)
	}
	return db.Join(" UNION ALL ", parts...)
}

// CountTypes counts, for each of some sets of account types, the people within what a permission reaches who hold one of
// them: to CountLimit each, looking at maxLooked holders at most, so that the cost does not grow with the portal. -1 says
// that there may be more than were counted.
func CountTypes(ctx context.Context, tx *db.Tx, within access.Within, sets []access.Roles) ([]int, error) {
	if err := followIndexes(ctx, tx); err != nil {
		return nil, err
	}
	s, whole := scopeOf(within, AccountFilter{})
	out := make([]int, len(sets))
	type counted struct{ looked, found int64 }
	for i, types := range sets {
		holders := holdersIn(within.Portal(), types, s, whole, within.Actor().Now())
		n, err := db.One(ctx, tx, db.SQL(`WITH looked AS MATERIALIZED (SELECT id FROM (?) held LIMIT ?) SELECT (SELECT count(*) FROM looked),
			(SELECT count(*) FROM (SELECT DISTINCT a.id FROM looked CROSS JOIN accounts a WHERE a.id = looked.id AND a.archived_at = 0 AND ? LIMIT ?) few)`,
			holders, maxLooked, within.Where("a"), CountLimit), func(s db.Scanner) (c counted, err error) { return c, s.Scan(&c.looked, &c.found) })
		if err != nil {
			return nil, err
		}
		out[i] = int(n.found)
		if n.looked == maxLooked && n.found < CountLimit {
			out[i] = -1
		}
	}
	return out, nil
}
