package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// SeenEvery is how exact the last use of a session is kept: a write for each request would be too much.
const SeenEvery = 5 * time.Minute

// Arrival is what a request comes to: the portal of its host, and the session and person of its token.
type Arrival struct {
	Portal Portal
	// Session is zero where there is none for the token; it may have ended.
	Session Session
	// Actor has all rights of the session's person; nil where nobody may act by it.
	Actor *access.Actor
	// Moment is the portal's last row of audit; Turn is when something changes there by itself.
	Moment int64
	Turn   time.Time

	version int64
	at      time.Time
}

type arrivalKey struct {
	portal db.ID
	kind   SessionKind
	hash   string
}

// stand is how far a portal has come: every change bumps one of the two.
type stand struct {
	portal          db.ID
	version, moment int64
}

// Arrive finds who comes to a host with a token's hash; an empty hash is nobody's. It asks one query where nothing in the
// portal changed since the same session came before: who may do what is as current as that query (BE-8).
// NotFound says that no portal is served there.
func (c *Cache) Arrive(ctx context.Context, tx *db.Tx, host string, kind SessionKind, hash []byte, now time.Time) (a Arrival, err error) {
	at, err := db.One(ctx, tx, db.SQL(`SELECT p.id, p.version, coalesce((SELECT max(u.seq) FROM audit u WHERE u.portal_id = p.id), 0) FROM portals p
		WHERE p.host IN (?, '') ORDER BY p.host DESC LIMIT 1`, host),
		func(s db.Scanner) (x stand, err error) { return x, s.Scan(&x.portal, &x.version, &x.moment) })
	if err != nil {
		return a, err
	}
	key := arrivalKey{at.portal, kind, string(hash)}
	if a, ok := c.arrival(key, at, now); ok {
		return a, nil
	}
	if a, err = c.findArrival(ctx, tx, key, now); err != nil {
		return a, err
	}
	a.Moment, a.version, a.at = at.moment, at.version, now
	if a.Actor != nil && kind != VisitSession { // which hangs on another portal too
		c.keepArrival(key, a)
	}
	return a, nil
}

func (c *Cache) findArrival(ctx context.Context, tx *db.Tx, key arrivalKey, now time.Time) (a Arrival, err error) {
	if a.Portal, err = PortalOf(ctx, tx, key.portal); err != nil || key.hash == "" {
		return a, err
	}
	a.Session, err = SessionAt(ctx, tx, key.portal, key.kind, []byte(key.hash))
	if fail.Is(err, fail.NotFound) {
		return Arrival{Portal: a.Portal}, nil
	}
	if err != nil || !a.Session.Open(now) {
		return a, err
	}
	actor, grants, err := c.loadActor(ctx, tx, key.portal, a.Session.Account, now)
	if a.Session.Behind != 0 && err == nil {
		actor, err = c.LoadActing(ctx, tx, key.portal, a.Session.Account, a.Session.Behind, now)
	}
	if fail.Is(err, fail.SignIn) || fail.Is(err, fail.NotAllowed) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if a.Turn, err = NextTurn(ctx, tx, key.portal, now); err != nil {
		return a, err
	}
	for _, g := range grants {
		if since := db.Time(g.Since); since.After(now) && since.Before(a.Turn) {
			a.Turn = since
		}
	}
	a.Actor = actor
	return a, nil
}

func (c *Cache) arrival(key arrivalKey, at stand, now time.Time) (Arrival, bool) {
	c.mu.Lock()
	a, ok := c.arrivals[key]
	c.mu.Unlock()
	return a, ok && a.version == at.version && a.Moment == at.moment && !now.Before(a.at) && now.Before(a.Turn) &&
		now.Before(a.Session.Seen.Add(a.Session.SeenEvery())) && a.Session.Open(now)
}

func (c *Cache) keepArrival(key arrivalKey, a Arrival) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.arrivals) >= maxCached {
		clear(c.arrivals)
	}
	c.arrivals[key] = a
}
