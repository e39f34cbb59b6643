package tenant

import (
	"context"
	"slices"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

// Limit is how many of a kind a plan has room for; Kind is in words: "people".
type Limit struct {
	Kind fail.Term
	Most int64
}

// counting says, for each of Kinds, what people call it and what is counted now. Invitations that are open are people to come.
var counting = map[string]struct {
	word fail.Term
	rows func(portal db.ID, now int64) db.Frag
}{
	"accounts": {fail.Term("people"), func(portal db.ID, _ int64) db.Frag {
		return db.SQL(`SELECT 1 FROM accounts WHERE portal_id = ? AND archived_at = 0`, portal)
	}},
	"invitations": {fail.Term("people"), func(portal db.ID, now int64) db.Frag {
		return db.SQL(`SELECT 1 FROM accounts WHERE portal_id = ? AND archived_at = 0 UNION ALL
			SELECT 1 FROM invitations WHERE portal_id = ? AND accepted_at = 0 AND withdrawn_at = 0 AND until > ?`, portal, portal, now)
	}},
	"organizations": {fail.Term("organizations"), func(portal db.ID, _ int64) db.Frag {
		return db.SQL(`SELECT 1 FROM organizations WHERE portal_id = ? AND deleted_at = 0 AND parent_id IS NOT NULL`, portal)
	}},
	"teams": {fail.Term("teams"), func(portal db.ID, _ int64) db.Frag {
		return db.SQL(`SELECT 1 FROM teams WHERE portal_id = ? AND deleted_at = 0`, portal)
	}},
	"courses": {fail.Term("courses"), func(portal db.ID, _ int64) db.Frag {
		return db.SQL(`SELECT 1 FROM courses WHERE portal_id = ? AND deleted_at = 0`, portal)
	}},
	"enrolments": {fail.Term("enrolments"), func(portal db.ID, _ int64) db.Frag {
		return db.SQL(`SELECT 1 FROM enrolments WHERE portal_id = ?`, portal)
	}},
}

// Full is the limit of a portal's plan that what grew goes beyond, as things are in the transaction; nil for none. Without a
// plan it costs one row; with one, counting stops behind the limit.
func Full(ctx context.Context, tx *db.Tx, portal db.ID, grew []string, now time.Time) (*Limit, error) {
	plan, err := PlanOf(ctx, tx, portal)
	if err != nil || len(plan.Limits) == 0 {
		return nil, err
	}
	slices.Sort(grew)
	for _, kind := range slices.Compact(grew) {
		limited := kind
		if kind == "invitations" {
			limited = "accounts"
		}
		most, ok := plan.Limits[limited]
		what, known := counting[kind]
		if !ok || !known {
			continue
		}
		n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM (?) counted LIMIT ?) few`, what.rows(portal, db.Micros(now)), most+1))
		if err != nil {
			return nil, err
		}
		if n > most {
			return &Limit{what.word, most}, nil
		}
	}
	return nil, nil
}
