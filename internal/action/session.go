package action

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

var sessionOps = []op.Any{SignIn, SignOut, ListSessions, EndSession, EndOtherSessions}

const (
	// sessionLasts is how long a browser's session lasts, however much it is used.
	sessionLasts = 30 * 24 * time.Hour
	// mostFailures by one account or name, and from one address (an office may share it), in store.AttemptWindow.
	mostFailures, mostFromAddress = 10, 300
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Login    string `json:"login" doc:"The user name or the e-mail address."`
	Password string `json:"password" doc:"The password."`
	// Address is where the request comes from, Agent the browser, Old the token of the session that this one replaces.
	Address string `json:"-"`
	Agent   string `json:"-"`
	Old     string `json:"-"`

	login store.Login
	// anew is the password's hash at today's cost, where the stored one cost less.
	anew string
}

// Check bounds what is hashed.
func (in Credentials) Check() error {
	var wrong fail.Fields
	if in.Login == "" {
		wrong.Add("login", "Enter your user name or e-mail address.")
	}
	if in.Password == "" {
		wrong.Add("password", "Enter your password.")
	}
	if len(in.Login) > 400 || len(in.Password) > 4000 {
		wrong.Add("login", "That is too long.")
	}
	return wrong.Err()
}

// SignedIn is a session that was opened. Token is for the browser's cookie alone.
type SignedIn struct {
	Token string `json:"-"`
	Until time.Time
	Name  string
	// Issued: the password is one that somebody else chose, and should be changed.
	Issued bool
}

// SignIn opens a session for who knows a name and its password. Nothing tells which of the two was wrong, or whether there
// is such a name: it costs the same (QUALITY).
var SignIn = &op.Op[Credentials, SignedIn]{
	Name:     "session.sign_in",
	Route:    "POST /session",
	Doc:      "Signs in with a user name or an e-mail address and a password.",
	Open:     "who signs in is nobody yet",
	PageOnly: true,
	Prepare:  verify,
	Do:       signIn,
	// In a portal that was deleted its super administrator signs in, to restore it, and nobody else.
	WhenDeleted: true,
}

func verify(c *op.Call, in *Credentials) error {
	err := c.Read(func(tx *db.Tx) (err error) {
		if in.login, err = store.LoginOf(c, tx, c.Who.Portal, in.Login); err != nil {
			return err
		}
		if in.login, err = onlySuper(c, tx, in.login); err != nil {
			return err
		}
		return tooMany(c, tx, *in)
	})
	if err != nil {
		return err
	}
	right, err := c.Env.Hasher.Verify(c, in.login.Password, in.Password)
	if err != nil {
		return err
	}
	if !right || in.login.Archived || in.login.Account == 0 {
		return refuseSignIn(c, *in)
	}
	if c.Env.Hasher.Stale(in.login.Password) {
		in.anew, err = c.Env.Hasher.Hash(c, in.Password)
	}
	return err
}

// onlySuper is a login as it is, but in a portal that was deleted: there only the super administrator's is open.
func onlySuper(c *op.Call, tx *db.Tx, login store.Login) (store.Login, error) {
	deleted, err := store.PortalDeleted(c, tx, c.Who.Portal)
	if err != nil || !deleted {
		return login, err
	}
	super, err := store.SuperOf(c, tx, c.Who.Portal)
	login.Archived = login.Archived || login.Account != super
	return login, err
}

// subject is who failures are counted for: the account, or the name where there is no such account.
func (in Credentials) subject() string {
	if in.login.Account != 0 {
		return "account:" + in.login.Account.String()
	}
	return "name:" + foldedHash(in.Login)
}

func foldedHash(name string) string {
	sum := sha256.Sum256([]byte(db.Key(name)))
	return hex.EncodeToString(sum[:12])
}

func tooMany(c *op.Call, tx *db.Tx, in Credentials) error {
	for _, s := range []struct {
		subject string
		most    int
	}{{in.subject(), mostFailures}, {"address:" + in.Address, mostFromAddress}} {
		failed, again, err := store.Attempts(c, tx, c.Who.Portal, s.subject, c.Now)
		if err != nil {
			return err
		}
		if failed >= s.most {
			return &fail.Error{Kind: fail.Busy, Message: "That failed too often. Please wait a while, then try again.", RetryAfter: again.Sub(c.Now)}
		}
	}
	return nil
}

// refuseSignIn counts the failure, and says who it was about in the audit only where that is known.
func refuseSignIn(c *op.Call, in Credentials) error {
	if in.login.Account != 0 {
		c.Audit(in.login.Thing(c.Who.Portal), in.login.Name, nil)
	} else {
		c.Audit(access.Thing{}, "", map[string]any{"name": foldedHash(in.Login)})
	}
	err := c.Env.DB.Write(c, func(tx *db.Tx) error {
		if err := store.AddAttempt(c, tx, c.Who.Portal, in.subject(), c.Now); err != nil {
			return err
		}
		return store.AddAttempt(c, tx, c.Who.Portal, "address:"+in.Address, c.Now)
	})
	if err != nil {
		return err
	}
	return fail.New(fail.NotAllowed, "This name and password do not belong together.")
}

// signIn opens the session. The account is read again: it may have changed while the password was verified.
func signIn(c *op.Call, in Credentials) (out SignedIn, err error) {
	login, err := store.LoginBy(c, c.Tx, c.Who.Portal, in.login.Account)
	if err != nil {
		return out, err
	}
	if login, err = onlySuper(c, c.Tx, login); err != nil {
		return out, err
	}
	if login.Archived || login.Password != in.login.Password {
		return out, fail.New(fail.NotAllowed, "This name and password do not belong together.")
	}
	if err := tooMany(c, c.Tx, in); err != nil {
		return out, err
	}
	if in.anew != "" {
		if err := store.Rehash(c, c.Tx, login.Account, in.anew); err != nil {
			return out, err
		}
	}
	if err := store.ClearAttempts(c, c.Tx, c.Who.Portal, in.subject(), c.Now); err != nil {
		return out, err
	}
	return openSession(c, login, in.Agent, in.Old)
}

// openSession opens a browser's session in place of an old one, under a new token: nobody can fix it beforehand.
func openSession(c *op.Call, login store.Login, agent, old string) (out SignedIn, err error) {
	if old != "" {
		if err := store.DropSession(c, c.Tx, c.Who.Portal, secret.HashToken(old)); err != nil {
			return out, err
		}
	}
	token, hash := secret.NewToken(secret.Session)
	s := store.Session{ID: db.NewID(), Portal: c.Who.Portal, Account: login.Account, Kind: store.BrowserSession, Agent: clip(agent, 300),
		Created: c.Now, Until: c.Now.Add(sessionLasts)}
	if err := store.BeginSession(c, c.Tx, s, hash); err != nil {
		return out, err
	}
	if err := store.SignedIn(c, c.Tx, login.Account, c.Now); err != nil {
		return out, err
	}
	if c.Actor, err = c.Env.Cache.LoadActor(c, c.Tx, c.Who.Portal, login.Account, c.Now); err != nil {
		return out, err
	}
	c.Who.Account, c.Who.Session = login.Account, s.ID
	c.Audit(login.Thing(c.Who.Portal), login.Name, nil)
	return SignedIn{Token: token, Until: s.Until, Name: login.Name, Issued: login.Issued}, nil
}

// clip cuts a text to a number of bytes, at a whole character.
func clip(s string, most int) string {
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

// SignOut ends the session that one came with.
var SignOut = &op.Op[struct{}, struct{}]{
	Name:     "session.sign_out",
	Route:    "DELETE /session",
	Doc:      "Signs out.",
	Needs:    []*access.Permission{access.SessionManage},
	PageOnly: true,
	// One signs out of a portal that was deleted too.
	WhenDeleted: true,
	Do: func(c *op.Call, _ struct{}) (out struct{}, err error) {
		me, err := own(c, access.SessionManage)
		if err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, nil)
		return out, store.EndSession(c, c.Tx, me, c.Who.Session)
	},
}

// own is the account that acts.
func own(c *op.Call, p *access.Permission) (store.Account, error) {
	return store.FindAccount(c, c.Tx, c.May(p), c.Who.Account)
}

// OpenSession is one of one's own sessions. Times are in UTC.
type OpenSession struct {
	ID    db.ID     `json:"id"`
	Agent string    `json:"agent" doc:"The browser, as it names itself."`
	Since time.Time `json:"since"`
	Seen  time.Time `json:"seen" doc:"When it was last used, to some minutes."`
	Until time.Time `json:"until"`
	// Current: it is the one that asks.
	Current bool `json:"current"`
}

// Sessions are one's own sessions.
type Sessions struct {
	Items []OpenSession `json:"items"`
}

// ListSessions lists one's own sessions.
var ListSessions = &op.Op[struct{}, Sessions]{
	Name:  "session.list",
	Route: "GET /account/sessions",
	Doc:   "Lists one's own sessions in browsers, the last used first.",
	Needs: []*access.Permission{access.SessionManage},
	Do: func(c *op.Call, _ struct{}) (out Sessions, err error) {
		me, err := own(c, access.SessionManage)
		if err != nil {
			return out, err
		}
		list, err := store.ListSessions(c, c.Tx, me, store.BrowserSession, c.Now)
		out.Items = make([]OpenSession, len(list))
		for i, s := range list {
			out.Items[i] = OpenSession{s.ID, s.Agent, s.Created, s.Seen, s.Until, s.ID == c.Who.Session}
		}
		return out, err
	},
}

// SessionID names a session.
type SessionID struct {
	Session db.ID `path:"session" doc:"The session."`
}

// EndSession ends one of one's own sessions.
var EndSession = &op.Op[SessionID, struct{}]{
	Name:  "session.end",
	Route: "DELETE /account/sessions/{session}",
	Doc:   "Ends one of one's own sessions.",
	Needs: []*access.Permission{access.SessionManage},
	Do: func(c *op.Call, in SessionID) (out struct{}, err error) {
		me, err := own(c, access.SessionManage)
		if err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"session": in.Session})
		return out, store.EndSession(c, c.Tx, me, in.Session)
	},
}

// EndedSessions is how many sessions ended.
type EndedSessions struct {
	Ended int `json:"ended"`
}

// EndOtherSessions ends all of one's own sessions in browsers but the one that asks.
var EndOtherSessions = &op.Op[struct{}, EndedSessions]{
	Name:  "session.end_others",
	Route: "DELETE /account/sessions",
	Doc:   "Ends all of one's own sessions in browsers but the one that asks.",
	Needs: []*access.Permission{access.SessionManage},
	Do: func(c *op.Call, _ struct{}) (out EndedSessions, err error) {
		me, err := own(c, access.SessionManage)
		if err != nil {
			return out, err
		}
		out.Ended, err = store.EndBrowsers(c, c.Tx, me, c.Who.Session)
		c.Audit(me.Thing(), me.Name, map[string]any{"ended": out.Ended})
		return out, err
	},
}
