package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// visit is by which network, and from which portal, an account visits as whom; zero for everybody who lives in the portal.
type visit struct{ network, home, person db.ID }

// Visiting says why nobody touches the account of a visitor.
var Visiting = fail.Say("They visit from another portal of a network, which looks after their account. Leave the network to keep them out.")

// visiting folds somebody who visits by a network (NA-1): while a visit of theirs is open that hangs on their session at home,
// the portal is in the network, and they may still enter by it at home. All of it is asked anew in this transaction (BE-8).
func (c *Cache) visiting(ctx context.Context, tx *db.Tx, actor *access.Actor, v visit, now time.Time) (*access.Actor, error) {
	at := db.Micros(now)
	open, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM network_portals m JOIN networks n ON n.id = m.network_id JOIN portals h ON h.id = n.portal_id
		WHERE m.network_id = ? AND m.portal_id = ? AND m.until > ? AND n.ended_at = 0 AND n.portal_id = ? AND h.deleted_at = 0
		AND EXISTS (SELECT 1 FROM sessions s JOIN sessions o ON o.id = s.parent_id WHERE s.account_id = ? AND s.kind = 'visit' AND s.until > ? AND s.seen_at > ?
		AND o.account_id = ? AND o.kind = 'browser' AND o.until > ? AND o.seen_at > ?)`, v.network, actor.Portal, at, v.home,
		actor.Account, at, db.Micros(now.Add(-ActingIdle)), v.person, at, db.Micros(now.Add(-SessionIdle))))
	if err != nil {
		return nil, err
	}
	home, err := c.LoadActor(ctx, tx, v.home, v.person, now)
	if err != nil {
		return nil, err
	}
	network := access.Thing{Kind: access.Network, ID: v.network, Portal: v.home, Org: v.home}
	if open == 0 || !home.Can(access.NetworkEnter, &network) {
		return nil, fail.New(fail.SignIn, "Please sign in.")
	}
	actor = actor.Visiting()
	actor.Visits = true
	return actor, nil
}
