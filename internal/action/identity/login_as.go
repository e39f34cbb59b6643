package identity

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/identity"
)

// actingLasts is the longest that one acts as another, however busy one is.
const actingLasts = 8 * time.Hour

// AsWhom says as whom somebody wants to act, and why.
type AsWhom struct {
	Account db.ID  `path:"account" doc:"The person."`
	Reason  string `json:"reason" doc:"Why: the person is told, and the audit keeps it."`
}

// Check asks for a reason.
func (in AsWhom) Check() error {
	var wrong fail.Fields
	if strings.TrimSpace(in.Reason) == "" {
		wrong.Add("reason", "Say why: the person is told.")
	}
	form.Line(&wrong, "reason", in.Reason, 300)
	return wrong.Err()
}

// ActingBegun is a session in which somebody acts as another. Token is for the browser's cookie alone.
type ActingBegun struct {
	Token string `json:"-"`
	Until time.Time
	ID    db.ID
	Name  string
}

// LogInAs opens a session in which one acts as another, with what both may do (CO-4). It hangs on one's own session, and the
// person is told.
var LogInAs = &op.Op[AsWhom, ActingBegun]{
	Name:     "account.login_as",
	Route:    "POST /accounts/{account}/log-in-as",
	Doc:      "Logs in as another person, with what both may do; the person is told.",
	Needs:    []*access.Permission{access.AccountLogInAs},
	PageOnly: true,
	Do: func(c *op.Call, in AsWhom) (out ActingBegun, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountLogInAs), in.Account)
		if err != nil {
			return out, err
		}
		reason := form.Tidy(in.Reason)
		c.Audit(a.Thing(), a.Name, map[string]any{"reason": reason})
		switch {
		case c.Who.Session == 0 || c.Who.Limit != nil:
			return out, fail.New(fail.NotAllowed, "One logs in as another from a browser that one is signed in with.")
		case a.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "You are this person already.")
		case !a.Archived.IsZero():
			return out, fail.New(fail.Conflict, "They are archived: nobody logs in as them.")
		}
		if err := store.EndActings(c, c.Tx, c.Who.Session); err != nil {
			return out, err
		}
		token, hash := secret.NewToken(secret.Session)
		s := store.Session{ID: db.NewID(), Portal: c.Who.Portal, Account: a.ID, Behind: c.Who.Account, BehindName: c.Actor.Name, Parent: c.Who.Session,
			Kind: store.ActingSession, Created: c.Now, Until: c.Now.Add(actingLasts)}
		if err := identity.BeginActing(c, c.Tx, s, hash, reason); err != nil {
			return out, err
		}
		return ActingBegun{token, s.Until, s.ID, a.Name}, tellActing(c, a, reason)
	},
}

// tellActing tells the person by mail, where they have an address; their account page tells them anyway.
func tellActing(c *op.Call, a store.Account, reason string) error {
	if a.Email == "" {
		return nil
	}
	portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	body := "Hello " + a.Name + ",\n\n" + c.Actor.Name + " logged in as you at " + portal.Shown() + " on " + c.Now.UTC().Format("2 January 2006, 15:04") +
		" UTC, for this reason:\n\n" + reason + "\n\nThey do no more than both of you may, and cannot reach your password, your tokens or your sessions. " +
		"Everything that they do is written down under both names. Your account page lists each time:\n\n" + c.Env.PortalURL(portal) + "/account\n"
	return store.Enqueue(c, c.Tx, c.Who.Portal, a.Email, c.Actor.Name+" logged in as you at "+portal.Shown(), body, c.Now)
}

// StopActing ends the session in which one acts as another: one is oneself again.
var StopActing = &op.Op[struct{}, struct{}]{
	Name:     "account.stop_acting",
	Route:    "DELETE /session/acting",
	Doc:      "Stops acting as another person.",
	Open:     "to stop asks no right",
	PageOnly: true,
	Do: func(c *op.Call, _ struct{}) (out struct{}, err error) {
		if c.Who.Behind == 0 {
			return out, fail.New(fail.Conflict, "You act as nobody else.")
		}
		c.Audit(access.Thing{Kind: access.Account, ID: c.Who.Account, Portal: c.Who.Portal}, c.Actor.Name, nil)
		_, err = identity.EndActing(c, c.Tx, c.Who.Portal, c.Who.Session, c.Now)
		return out, err
	},
}

// ActedAs is one time that somebody logged in as oneself. Times are in UTC.
type ActedAs struct {
	By     string    `json:"by" doc:"Who it was, as they were called then."`
	Reason string    `json:"reason"`
	Began  time.Time `json:"began"`
	Last   time.Time `json:"last" doc:"When something was last done by it, to a minute."`
}

// ActedAsList are the times that somebody logged in as oneself, the last first.
type ActedAsList struct {
	Items []ActedAs `json:"items"`
}

// ListActings tells who logged in as oneself in the last year (CO-4).
var ListActings = &op.Op[struct{}, ActedAsList]{
	Name:  "account.list_log_ins_as",
	Route: "GET /account/log-ins-as",
	Doc:   "Lists who logged in as you in the last year, and why.",
	Needs: []*access.Permission{access.SessionManage},
	Do: func(c *op.Call, _ struct{}) (ActedAsList, error) {
		out := ActedAsList{Items: []ActedAs{}}
		me, err := store.FindAccount(c, c.Tx, c.May(access.SessionManage), c.Who.Account)
		if err != nil {
			return out, err
		}
		list, err := identity.ListActings(c, c.Tx, me, c.Now)
		for _, a := range list {
			out.Items = append(out.Items, ActedAs{a.BehindName, a.Reason, a.Began, a.Last})
		}
		return out, err
	},
}
