package store

import (
	"context"
	"encoding/hex"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// SessionKind says how somebody came in.
type SessionKind string

// The kinds of session: a browser's, which ends by itself when it is not used, and another program's token.
const (
	BrowserSession SessionKind = "browser"
	TokenSession   SessionKind = "token"
	// EmbedLink is the address of an embedded page that has not been opened yet, EmbedSession what it opens (LM-14).
	EmbedLink    SessionKind = "embed_link"
	EmbedSession SessionKind = "embed"
	// ActingSession is one in which somebody acts as another (CO-4). It hangs on a browser's session of their own.
	ActingSession SessionKind = "acting"
	// VisitLink hands somebody over to another portal of a network, once; VisitSession is their visit there. It hangs on their
	// browser's session at home, and is called after the portal that they come from (NA-1).
	VisitLink    SessionKind = "visit_link"
	VisitSession SessionKind = "visit"
)

// SessionIdle is how long a browser's session lasts unused.
const SessionIdle = 12 * time.Hour

// Session is one way in that is open: the hash of its token stands in the database, the token itself nowhere.
type Session struct {
	ID, Portal, Account db.ID
	// Org is the person's organization; AccountName and OrgName are what the two are called.
	Org                  db.ID
	AccountName, OrgName string
	// Behind is who acts as Account; zero where it is the person themselves.
	Behind db.ID
	// BehindName is what who acts is called, Parent their own session.
	BehindName string
	Parent     db.ID
	Kind       SessionKind
	// Permissions are the keys that a token is limited to, by spaces; empty for a browser, which has all of them.
	Permissions string
	// Name is what a token is called, Agent the browser that the session began in.
	Name, Agent          string
	Created, Seen, Until time.Time
}

// Open tells whether the session counts at a moment.
func (s Session) Open(now time.Time) bool {
	switch s.Kind {
	case BrowserSession:
		return now.Before(s.Until) && now.Before(s.Seen.Add(SessionIdle))
	case ActingSession, VisitSession:
		return now.Before(s.Until) && now.Before(s.Seen.Add(ActingIdle))
	}
	return now.Before(s.Until)
}

// SeenEvery is how exact the last use of the session is kept.
func (s Session) SeenEvery() time.Duration {
	if s.Kind == ActingSession || s.Kind == VisitSession {
		return time.Minute
	}
	return SeenEvery
}

const sessionColumns = `s.id, s.portal_id, s.account_id, o.id, a.name, o.name, s.behind_id, coalesce(b.name, ''), s.parent_id, s.kind, s.permissions, s.name, s.agent, s.created_at, s.seen_at, s.until
	FROM sessions s JOIN accounts a ON a.id = s.account_id JOIN organizations o ON o.id = a.org_id LEFT JOIN accounts b ON b.id = s.behind_id `

func scanSession(s db.Scanner) (x Session, err error) {
	var created, seen, until int64
	err = s.Scan(&x.ID, &x.Portal, &x.Account, &x.Org, &x.AccountName, &x.OrgName, &x.Behind, &x.BehindName, &x.Parent, &x.Kind, &x.Permissions, &x.Name, &x.Agent, &created, &seen, &until)
	x.Created, x.Seen, x.Until = db.Time(created), db.Time(seen), db.Time(until)
	return x, err
}

// SessionAt is the session of a token's hash in a portal, open or not. It asks no permission: it is who asks.
func SessionAt(ctx context.Context, tx *db.Tx, portal db.ID, kind SessionKind, hash []byte) (Session, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+sessionColumns+`WHERE s.hash = ? AND s.portal_id = ? AND s.kind = ?`,
		hex.EncodeToString(hash), portal, string(kind)), scanSession)
}

// ListSessions are a person's own open sessions of a kind, the last used first.
func ListSessions(ctx context.Context, tx *db.Tx, who Account, kind SessionKind, now time.Time) ([]Session, error) {
	idle := int64(0)
	if kind == BrowserSession {
		idle = db.Micros(now.Add(-SessionIdle))
	}
	return db.All(ctx, tx, db.SQL(`SELECT `+sessionColumns+`WHERE s.account_id = ? AND s.kind = ? AND s.until > ? AND s.seen_at > ?
		ORDER BY s.seen_at DESC, s.id LIMIT 200`, who.ID, string(kind), db.Micros(now), idle), scanSession)
}

// BeginSession opens a session; what is left of the person's sessions that have ended goes with it.
func BeginSession(ctx context.Context, tx *db.Tx, s Session, hash []byte) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE account_id = ? AND (until <= ? OR (kind = 'browser' AND seen_at <= ?))`,
		s.Account, db.Micros(s.Created), db.Micros(s.Created.Add(-SessionIdle)))); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO sessions (id, portal_id, account_id, behind_id, kind, hash, permissions, name, agent, created_at, seen_at, until, parent_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.ID, s.Portal, s.Account, s.Behind, string(s.Kind), hex.EncodeToString(hash), s.Permissions,
		s.Name, s.Agent, db.Micros(s.Created), db.Micros(s.Created), db.Micros(s.Until), s.Parent))
	return err
}

// SeeSession notes that a session was used.
func SeeSession(ctx context.Context, tx *db.Tx, id db.ID, now time.Time) error {
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE sessions SET seen_at = ? WHERE id = ? AND seen_at < ?`, db.Micros(now), id, db.Micros(now))); err != nil {
		return err
	}
	return SeeActing(ctx, tx, id, now)
}

// RenewSession puts one of a person's sessions under the hash of another token; the one before opens nothing any more.
func RenewSession(ctx context.Context, tx *db.Tx, who Account, id db.ID, hash []byte) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE sessions SET hash = ? WHERE id = ? AND account_id = ?`, hex.EncodeToString(hash), id, who.ID))
	return err
}

// DropSession removes a session that its token was shown for, or that has ended.
func DropSession(ctx context.Context, tx *db.Tx, portal db.ID, hash []byte) error {
	_, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE portal_id = ? AND hash = ?`, portal, hex.EncodeToString(hash)))
	return err
}

// EndSession ends one of a person's sessions.
func EndSession(ctx context.Context, tx *db.Tx, who Account, id db.ID) error {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE id = ? AND account_id = ?`, id, who.ID))
	if err == nil && n == 0 {
		return fail.Missing("session")
	}
	if err != nil {
		return err
	}
	return EndActings(ctx, tx, id)
}

// EndSessions ends every session of a person, tokens and those in which they act as somebody else too, but one; zero for
// every one. It tells how many there were.
func EndSessions(ctx context.Context, tx *db.Tx, who Account, but db.ID) (int, error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE (account_id = ? OR behind_id = ?) AND id <> ?`, who.ID, who.ID, but))
	return int(n), err
}

// EndBrowsers is EndSessions for browsers alone, tokens staying as they are.
func EndBrowsers(ctx context.Context, tx *db.Tx, who Account, but db.ID) (int, error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM sessions WHERE (account_id = ? OR behind_id = ?) AND kind <> 'token' AND id <> ?`, who.ID, who.ID, but))
	return int(n), err
}

// Login is what signing in compares: it is for Prepare of signing in alone, and shown to nobody.
type Login struct {
	Account db.ID
	Name    string
	// Password is the stored hash; empty where the person cannot sign in by password.
	Password string
	// Issued: somebody else chose the password.
	Issued   bool
	Archived bool
}

// Thing is the account as the thing that an audit row is about.
func (l Login) Thing(portal db.ID) access.Thing {
	return access.Thing{Kind: access.Account, ID: l.Account, Portal: portal}
}

// LoginOf is who signs in with a user name or an e-mail address; the zero Login where nobody does. A text with an @ is an
// address first, so that nobody takes another's by choosing it as a user name.
func LoginOf(ctx context.Context, tx *db.Tx, portal db.ID, text string) (Login, error) {
	key := db.Key(text)
	if key == "" {
		return Login{}, nil
	}
	order := "CASE WHEN a.username_key = ? THEN 0 ELSE 1 END"
	for _, r := range key {
		if r == '@' {
			order = "CASE WHEN a.email_key = ? THEN 0 ELSE 1 END"
		}
	}
	l, err := db.One(ctx, tx, db.SQL(`SELECT a.id, a.name, a.password, a.password_issued, a.archived_at <> 0 FROM accounts a
		WHERE a.portal_id = ? AND (a.username_key = ? OR (a.email_key = ? AND a.email_key <> '')) ORDER BY `+order+` LIMIT 1`, portal, key, key, key), scanLogin)
	if fail.Is(err, fail.NotFound) {
		return Login{}, nil
	}
	return l, err
}

// LoginBy is the Login of a known account.
func LoginBy(ctx context.Context, tx *db.Tx, portal, account db.ID) (Login, error) {
	return db.One(ctx, tx, db.SQL(`SELECT a.id, a.name, a.password, a.password_issued, a.archived_at <> 0 FROM accounts a WHERE a.portal_id = ? AND a.id = ?`,
		portal, account), scanLogin)
}

func scanLogin(s db.Scanner) (l Login, err error) {
	return l, s.Scan(&l.Account, &l.Name, &l.Password, &l.Issued, &l.Archived)
}

// SignedIn notes the moment of a sign-in.
func SignedIn(ctx context.Context, tx *db.Tx, account db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET signed_in_at = ? WHERE id = ?`, db.Micros(now), account))
	return err
}

// SetPassword keeps the hash of a new password; issued says that somebody else chose it.
func SetPassword(ctx context.Context, tx *db.Tx, account db.ID, hash string, issued bool, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET password = ?, password_issued = ?, password_at = ? WHERE id = ?`, hash, issued, db.Micros(now), account))
	return err
}

// Rehash keeps another hash of the same password.
func Rehash(ctx context.Context, tx *db.Tx, account db.ID, hash string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET password = ? WHERE id = ?`, hash, account))
	return err
}
