package action

import (
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

var passwordOps = []op.Any{RequestReset, MailReset, CheckReset, SetPassword, ChangePassword}

// PasswordRules are what a portal asks of passwords.
func PasswordRules(p store.Portal) secret.Policy {
	return secret.Policy{MinLength: p.Settings.PasswordMin}
}

// ResetRequest asks for a link to set a new password.
type ResetRequest struct {
	Email string `json:"email" doc:"The e-mail address of the account."`
}

// Check bounds the address.
func (in ResetRequest) Check() error {
	if !strings.Contains(in.Email, "@") || len(in.Email) > 320 {
		return fail.Wrong("email", "Enter an e-mail address.")
	}
	return nil
}

// mostResets is how many links may be asked for an address in store.AttemptWindow, whether somebody has it or not.
const mostResets = 5

// RequestReset mails a link with which a new password can be set, where the address is somebody's. The answer is the same
// where it is nobody's.
var RequestReset = &op.Op[ResetRequest, struct{}]{
	Name:     "password.request_reset",
	Route:    "POST /password/reset",
	Doc:      "Mails a link to set a new password to an address, if it is somebody's.",
	Open:     "who forgot their password cannot sign in",
	PageOnly: true,
	Do: func(c *op.Call, in ResetRequest) (out struct{}, err error) {
		if err := countReset(c, in.Email); err != nil {
			return out, err
		}
		who, err := store.Mailbox(c, c.Tx, c.Who.Portal, in.Email)
		if err != nil || who.Account == 0 {
			c.Audit(access.Thing{}, "", map[string]any{"address": foldedHash(in.Email)})
			return out, err
		}
		c.Audit(who.Thing(c.Who.Portal), who.Name, nil)
		return out, mailReset(c, who)
	},
}

// countReset counts the links that are asked for an address, and refuses when they are too many.
func countReset(c *op.Call, email string) error {
	return countAsked(c, "reset:"+foldedHash(email), mostResets)
}

// countAsked counts what is asked for a subject, and refuses when it is asked too often.
func countAsked(c *op.Call, subject string, most int) error {
	failed, again, err := store.Attempts(c, c.Tx, c.Who.Portal, subject, c.Now)
	if err != nil {
		return err
	}
	if failed >= most {
		return &fail.Error{Kind: fail.Busy, Message: "That was asked for too often. Please wait a while.", RetryAfter: again.Sub(c.Now)}
	}
	return store.AddAttempt(c, c.Tx, c.Who.Portal, subject, c.Now)
}

// MailReset has a link to set a new password mailed to a person, by who resets passwords there. It is what anybody has done who
// knows the address: who asks sees no link and sets nothing, so that it is open over people too whom PT-1 protects, and an
// organization's administrator can help a learner who is in a team elsewhere. The answer is the same where they have no address.
var MailReset = &op.Op[AccountID, Named]{
	Name:  "account.mail_reset",
	Route: "POST /accounts/{account}/reset-link",
	Doc:   "Mails a person, at their own address, a link to set a new password. Nobody else sees the link.",
	Needs: []*access.Permission{access.AccountResetPassword, access.AccountList},
	Do: func(c *op.Call, in AccountID) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, nil)
		if thing := a.Thing(); c.May(access.AccountResetPassword).Has(&thing) == nil {
			return out, store.NotAllowed(c.May(access.AccountResetPassword))
		}
		switch out = (Named{a.ID, a.Name}); {
		case a.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "Change your own password on the page of your account, where it asks for the present one.")
		case !a.Archived.IsZero():
			return out, fail.New(fail.Conflict, "They are archived. Restore them first.")
		}
		if err := countReset(c, "account:"+a.ID.String()); err != nil || a.Email == "" {
			return out, err
		}
		who, err := store.Mailbox(c, c.Tx, c.Who.Portal, a.Email)
		if err != nil || who.Account != a.ID {
			return out, err
		}
		return out, mailReset(c, who)
	},
}

func mailReset(c *op.Call, who store.Reset) error {
	portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	token, hash := secret.NewToken(secret.Reset)
	if err := store.BeginReset(c, c.Tx, c.Who.Portal, who.Account, hash, c.Now); err != nil {
		return err
	}
	body := "Hello " + who.Name + ",\n\nsomebody asked for a new password for your account at " + portal.Shown() + ". If it was you, set it here within one hour:\n\n" +
		c.Env.PortalURL(portal) + "/reset/" + token + "\n\nYou sign in as " + who.Username + ". If it was not you, do nothing: your password stays as it is.\n"
	return store.Enqueue(c, c.Tx, c.Who.Portal, who.Email, "Set a new password for "+portal.Shown(), body, c.Now)
}

// ResetToken is a link to set a new password.
type ResetToken struct {
	Token string `path:"token" doc:"The token of the link."`
}

// ResetFor is who a link is for.
type ResetFor struct {
	Name     string `json:"name"`
	Username string `json:"username"`
}

// errLink is the one answer for a link that is none, was used, or has ended.
var errLink = fail.New(fail.NotFound, "This link was used, or has ended.")

// CheckReset tells who a link is for, and uses nothing up.
var CheckReset = &op.Op[ResetToken, ResetFor]{
	Name:     "password.check_reset",
	Route:    "GET /password/reset/{token}",
	Doc:      "Tells whom a link to set a new password is for.",
	Open:     "who forgot their password cannot sign in",
	PageOnly: true,
	Do: func(c *op.Call, in ResetToken) (ResetFor, error) {
		r, err := findReset(c, c.Tx, in.Token)
		return ResetFor{r.Name, r.Username}, err
	},
}

func findReset(c *op.Call, tx *db.Tx, token string) (store.Reset, error) {
	r, err := store.ResetAt(c, tx, c.Who.Portal, secret.HashToken(token))
	if fail.Is(err, fail.NotFound) || err == nil && (r.Archived || !c.Now.Before(r.Until)) {
		return store.Reset{}, errLink
	}
	return r, err
}

// NewPassword is a new password for the account of a link.
type NewPassword struct {
	Token    string `path:"token" doc:"The token of the link."`
	Password string `json:"password" doc:"The new password."`
	Again    string `json:"again" doc:"The same again."`

	hash string
}

// Check compares the two.
func (in NewPassword) Check() error { return twice(in.Password, in.Again) }

func twice(password, again string) error {
	switch {
	case password == "":
		return fail.Wrong("password", "Choose a password.")
	case len(password) > 4000:
		return fail.Wrong("password", "That is too long.")
	case password != again:
		return fail.Wrong("again", "This is not the same as above.")
	}
	return nil
}

// SetPassword sets a new password by a link, once, and ends every session of the account.
var SetPassword = &op.Op[NewPassword, struct{}]{
	Name:     "password.reset",
	Route:    "POST /password/reset/{token}",
	Doc:      "Sets a new password by a link that was mailed.",
	Open:     "the link proves that one reads the account's mail",
	PageOnly: true,
	Prepare: func(c *op.Call, in *NewPassword) (err error) {
		var who store.Reset
		var portal store.Portal
		err = c.Read(func(tx *db.Tx) error {
			if who, err = findReset(c, tx, in.Token); err != nil {
				return err
			}
			portal, err = store.PortalOf(c, tx, c.Who.Portal)
			return err
		})
		if err != nil {
			return spent(c, in.Token, err)
		}
		if err := rules(portal, in.Password, who.Name, who.Username, who.Email); err != nil {
			return err
		}
		in.hash, err = c.Env.Hasher.Hash(c, in.Password)
		return err
	},
	Do: func(c *op.Call, in NewPassword) (out struct{}, err error) {
		who, err := findReset(c, c.Tx, in.Token)
		if err != nil {
			return out, err
		}
		taken, err := store.TakeReset(c, c.Tx, c.Who.Portal, secret.HashToken(in.Token))
		if err != nil || !taken {
			return out, orLink(err)
		}
		c.Who.Account = who.Account
		if c.Actor, err = c.Env.Cache.LoadActor(c, c.Tx, c.Who.Portal, who.Account, c.Now); err != nil {
			return out, err
		}
		me, err := store.FindAccount(c, c.Tx, c.Actor.May(access.AccountEditOwn), who.Account)
		if err != nil {
			return out, err
		}
		ended, err := store.EndSessions(c, c.Tx, me, 0)
		if err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"sessions_ended": ended})
		if err := store.ClearAttempts(c, c.Tx, c.Who.Portal, "account:"+me.ID.String(), c.Now); err != nil {
			return out, err
		}
		return out, store.SetPassword(c, c.Tx, me.ID, in.hash, false, c.Now)
	},
}

// spent forgets a link that has ended, so that it stays so whatever the clock does.
func spent(c *op.Call, token string, because error) error {
	if because != errLink {
		return because
	}
	err := c.Env.DB.Write(c, func(tx *db.Tx) error {
		_, err := store.TakeReset(c, tx, c.Who.Portal, secret.HashToken(token))
		return err
	})
	if err != nil {
		return err
	}
	return because
}

func orLink(err error) error {
	if err == nil {
		err = errLink
	}
	return err
}

// rules is what is wrong with a password by the portal's policy.
func rules(portal store.Portal, password string, context ...string) error {
	wrong := PasswordRules(portal).Check(password, append(context, portal.Name, portal.Shown())...)
	if len(wrong) == 0 {
		return nil
	}
	return fail.Wrong("password", "{problems}", "problems", fail.Several{Between: " ", Texts: wrong})
}

// PasswordChange is a new password in place of the current one.
type PasswordChange struct {
	Current  string `json:"current" doc:"The password that counts now."`
	Password string `json:"password" doc:"The new password."`
	Again    string `json:"again" doc:"The same again."`

	was, hash string
}

// Check compares the two new ones.
func (in PasswordChange) Check() error {
	if in.Current == "" || len(in.Current) > 4000 {
		return fail.Wrong("current", "Enter your present password.")
	}
	return twice(in.Password, in.Again)
}

// PasswordChanged is how many sessions ended, and the new token of the one that goes on: for the browser's cookie alone.
type PasswordChanged struct {
	Ended int    `json:"ended"`
	Token string `json:"-"`
}

// ChangePassword changes one's own password, and ends one's sessions in other browsers. The session that asks goes on under
// a new token: who had found out the old one is out too.
var ChangePassword = &op.Op[PasswordChange, PasswordChanged]{
	Name:     "password.change",
	Route:    "PUT /account/password",
	Doc:      "Changes one's own password, which asks for the current one, and ends one's sessions in other browsers.",
	Needs:    []*access.Permission{access.AccountEditOwn},
	PageOnly: true,
	Prepare:  preparePassword,
	Do: func(c *op.Call, in PasswordChange) (out PasswordChanged, err error) {
		me, err := own(c, access.AccountEditOwn)
		if err != nil {
			return out, err
		}
		login, err := store.LoginBy(c, c.Tx, c.Who.Portal, me.ID)
		if err != nil {
			return out, err
		}
		if login.Password != in.was {
			return out, fail.New(fail.Conflict, "The password was changed meanwhile.")
		}
		if out.Ended, err = store.EndBrowsers(c, c.Tx, me, c.Who.Session); err != nil {
			return out, err
		}
		if err := store.DropResets(c, c.Tx, me); err != nil {
			return out, err
		}
		var hash []byte
		out.Token, hash = secret.NewToken(secret.Session)
		if err := store.RenewSession(c, c.Tx, me, c.Who.Session, hash); err != nil {
			return out, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"sessions_ended": out.Ended})
		return out, store.SetPassword(c, c.Tx, me.ID, in.hash, false, c.Now)
	},
}

// preparePassword verifies the current password, counting failures as signing in does, and hashes the new one.
func preparePassword(c *op.Call, in *PasswordChange) error {
	if c.Who.Behind != 0 {
		return fail.New(fail.NotAllowed, "You may not change the password of someone you act as.")
	}
	var login store.Login
	var portal store.Portal
	var who store.Reset
	err := c.Read(func(tx *db.Tx) (err error) {
		if login, err = store.LoginBy(c, tx, c.Who.Portal, c.Who.Account); err != nil {
			return err
		}
		if who, err = store.NamesOf(c, tx, c.Who.Portal, c.Who.Account); err != nil {
			return err
		}
		if portal, err = store.PortalOf(c, tx, c.Who.Portal); err != nil {
			return err
		}
		return tooMany(c, tx, Credentials{login: login})
	})
	if err != nil {
		return err
	}
	right, err := c.Env.Hasher.Verify(c, login.Password, in.Current)
	if err != nil {
		return err
	}
	if !right {
		if err := c.Env.DB.Write(c, func(tx *db.Tx) error {
			return store.AddAttempt(c, tx, c.Who.Portal, Credentials{login: login}.subject(), c.Now)
		}); err != nil {
			return err
		}
		return fail.Wrong("current", "This is not your present password.")
	}
	if err := rules(portal, in.Password, who.Name, who.Username, who.Email); err != nil {
		return err
	}
	in.was = login.Password
	in.hash, err = c.Env.Hasher.Hash(c, in.Password)
	return err
}
