package store

import (
	"context"

	"provost/internal/access"
	"provost/internal/db"
)

// Unprotected tells which of some people a permission reaches without its protection forbidding it (PT-1): for a list
// that shows part of each row only, and says where.
func Unprotected(ctx context.Context, tx *db.Tx, within access.Within, people []Account) (map[db.ID]bool, error) {
	out := make(map[db.ID]bool, len(people))
	var ask []db.ID
	for _, a := range people {
		if thing := a.Thing(); within.Has(&thing) != nil {
			out[a.ID] = true
			ask = append(ask, a.ID)
		}
	}
	actor := within.Actor()
	if len(ask) == 0 || !within.Permission().Protected || actor.Cause != "" {
		return out, nil
	}
	if actor.Lacks(access.Super, access.Thing{Kind: access.Portal, ID: within.Portal(), Portal: within.Portal(), Org: within.Portal()}) == nil {
		return out, nil // whoever may do everything is kept from nobody
	}
	others, err := LoadActors(ctx, tx, actor.Rules(), ask, db.Time(actor.Now()))
	for _, o := range others {
		out[o.Account] = actor.Protects(within.Permission(), o) == nil
	}
	return out, err
}
