package action

import (
	"context"
	"net"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// seenEvery is how exact the last use of a session is kept: a write for each request would be too much.
const seenEvery = 5 * time.Minute

// Visitor is who sends a request, as a face found them.
type Visitor struct {
	Portal store.Portal
	// Session is zero where nobody is signed in.
	Session store.Session
	Who     op.Who
	// Actor is nil where nobody is signed in.
	Actor *access.Actor
	// Moment is how far the portal had come when they arrived; Turn is when something changes there by itself.
	Moment int64
	Turn   time.Time
}

// HostName is the name in a request's Host header, without its port, in small letters.
func HostName(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// Arrive finds the portal of a host name, and who comes with a token: nobody, where it is none or has ended. NotFound
// says that no portal is served there.
func Arrive(ctx context.Context, env *op.Env, host string, kind store.SessionKind, token string) (v Visitor, err error) {
	now, hash := env.Now(), secret.HashToken(token)
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		v = Visitor{}
		if v.Portal, err = store.PortalAt(ctx, tx, host); err != nil {
			return err
		}
		v.Who.Portal = v.Portal.ID
		if token == "" {
			return nil
		}
		v.Session, err = store.SessionAt(ctx, tx, v.Portal.ID, kind, hash)
		if fail.Is(err, fail.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return v.enter(ctx, env, tx, now)
	})
	if err == nil && v.Session.ID != 0 {
		v.settle(ctx, env, hash, now)
	}
	return v, err
}

// enter folds the actor of an open session. A token has the part of the rights that it names.
func (v *Visitor) enter(ctx context.Context, env *op.Env, tx *db.Tx, now time.Time) error {
	if !v.Session.Open(now) {
		return nil
	}
	actor, err := env.Cache.LoadActor(ctx, tx, v.Portal.ID, v.Session.Account, now)
	if fail.Is(err, fail.SignIn) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Who.Account, v.Who.Behind, v.Who.Session = v.Session.Account, v.Session.Behind, v.Session.ID
	if v.Who.Behind != 0 {
		actor = actor.ActedBy(v.Who.Behind)
	}
	if v.Session.Kind != store.BrowserSession {
		limit := access.Set{}
		for _, key := range strings.Fields(v.Session.Permissions) {
			if p, ok := access.PermissionOf(key); ok {
				limit.Add(p)
			}
		}
		v.Who.Limit, actor = &limit, actor.Limit(limit)
	}
	v.Actor = actor
	if v.Moment, err = store.Moment(ctx, tx, v.Portal.ID); err != nil {
		return err
	}
	v.Turn, err = store.NextTurn(ctx, tx, v.Portal.ID, now)
	return err
}

// settle notes a use now and then, and drops a session that has ended, so that it stays so whatever the clock does.
// It waits for no other writer for long: what it does is done at the next request else.
func (v *Visitor) settle(ctx context.Context, env *op.Env, hash []byte, now time.Time) {
	if v.Actor != nil && now.Sub(v.Session.Seen) < seenEvery {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 250*time.Millisecond)
	defer cancel()
	err := env.DB.Write(ctx, func(tx *db.Tx) error {
		if v.Actor != nil {
			return store.SeeSession(ctx, tx, v.Session.ID, now)
		}
		return store.DropSession(ctx, tx, v.Portal.ID, hash)
	})
	if v.Actor == nil {
		v.Session = store.Session{}
	}
	if err != nil && env.Log != nil {
		env.Log.DebugContext(ctx, "a session's use is not noted", "error", err.Error())
	}
}
