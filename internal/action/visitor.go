package action

import (
	"context"
	"net"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// Visitor is who sends a request, as a face found them.
type Visitor struct {
	Portal store.Portal
	// Session is zero where nobody is signed in.
	Session store.Session
	Who     op.Who
	// Self is Who, but for one who acts as another: it is who they are themselves.
	Self op.Who
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
	now := env.Now()
	var hash []byte
	if token != "" {
		hash = secret.HashToken(token)
	}
	var a store.Arrival
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		a, err = env.Cache.Arrive(ctx, tx, host, kind, hash, now)
		return err
	})
	if err != nil {
		return v, err
	}
	v = Visitor{Portal: a.Portal, Session: a.Session, Moment: a.Moment, Turn: a.Turn}
	v.Who.Portal = a.Portal.ID
	if a.Actor != nil {
		v.enter(a.Actor)
	}
	if v.Session.ID != 0 {
		v.settle(ctx, env, hash, now)
	}
	return v, nil
}

// ArriveBrowser is Arrive for a browser: with the token of its session and, where it has one, that of the session in which its
// person acts as another (CO-4). That counts only beside the very session that it was begun in. Ended says that it counts no
// more: what was asked for is then not to be done as oneself, who was asked as another.
func ArriveBrowser(ctx context.Context, env *op.Env, host, token, acting string) (v Visitor, ended bool, err error) {
	v, err = Arrive(ctx, env, host, store.BrowserSession, token)
	if err != nil || acting == "" {
		return v, false, err
	}
	as, err := Arrive(ctx, env, host, store.ActingSession, acting)
	if err != nil || as.Actor == nil || v.Actor == nil || as.Session.Parent != v.Session.ID || as.Session.Behind != v.Session.Account {
		return v, true, err
	}
	as.Self = v.Who
	return as, false, nil
}

// enter makes the visitor the person of their session. A token has the part of the rights that it names.
func (v *Visitor) enter(actor *access.Actor) {
	v.Who.Account, v.Who.Behind, v.Who.Session = v.Session.Account, v.Session.Behind, v.Session.ID
	v.Self = v.Who
	switch v.Session.Kind {
	case store.BrowserSession, store.ActingSession, store.VisitSession:
	default:
		limit := access.Set{}
		for _, key := range strings.Fields(v.Session.Permissions) {
			if p, ok := access.PermissionOf(key); ok {
				limit.Add(p)
			}
		}
		v.Who.Limit, actor = &limit, actor.Limit(limit)
		v.Self.Limit = &limit
	}
	v.Actor = actor
}

// ArriveVisiting is Arrive for a browser with the token of a visit from another portal of a network (NA-1). Ended says that the
// visit counts no more: what was asked for is then not to be done as anybody else.
func ArriveVisiting(ctx context.Context, env *op.Env, host, token string) (v Visitor, ended bool, err error) {
	v, err = Arrive(ctx, env, host, store.VisitSession, token)
	return v, err == nil && v.Actor == nil, err
}

// settle notes a use now and then, and drops a session that has ended, so that it stays so whatever the clock does.
// It waits for no other writer for long: what it does is done at the next request else.
func (v *Visitor) settle(ctx context.Context, env *op.Env, hash []byte, now time.Time) {
	if v.Actor != nil && now.Sub(v.Session.Seen) < v.Session.SeenEvery() {
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
