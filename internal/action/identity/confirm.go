package identity

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// mostFailures is how often one may enter a wrong password within store.AttemptWindow, as at signing in.
const mostFailures = 10

// Surely is what is asked again before something that cannot be taken back lightly: who one is, and what it is about.
type Surely struct {
	Name     string `json:"name" doc:"The portal's name, typed once more."`
	Password string `json:"password" doc:"Your password, entered once more."`

	// was is the stored hash that the password was verified against.
	was string
}

// check bounds what is hashed.
func (in Surely) check(wrong *fail.Fields) {
	if in.Name == "" || len(in.Name) > 4000 {
		wrong.Add("name", "Type the portal's name.")
	}
	if in.Password == "" || len(in.Password) > 4000 {
		wrong.Add("password", "Enter your password.")
	}
}

// confirm verifies, outside of any transaction, that it is still the person themselves who asks, and that they type the
// portal's name: for who holds the permission at all. Failures count as failures to sign in do.
func confirm(c *op.Call, p *access.Permission, in *Surely) error {
	var login store.Login
	var portal store.Portal
	subject := "account:" + c.Who.Account.String()
	err := c.Read(func(tx *db.Tx) (err error) {
		if c.Who.Behind != 0 {
			c.Actor, err = c.Env.Cache.LoadActing(c, tx, c.Who.Portal, c.Who.Account, c.Who.Behind, c.Now)
		} else {
			c.Actor, err = c.Env.Cache.LoadActor(c, tx, c.Who.Portal, c.Who.Account, c.Now)
		}
		if err != nil {
			return err
		}
		if c.Who.Limit != nil {
			c.Actor = c.Actor.Limit(*c.Who.Limit)
		}
		if portal, err = store.FindPortal(c, tx, c.May(p)); err != nil {
			return err
		}
		if login, err = store.LoginBy(c, tx, c.Who.Portal, c.Who.Account); err != nil {
			return err
		}
		failed, again, err := store.Attempts(c, tx, c.Who.Portal, subject, c.Now)
		if err == nil && failed >= mostFailures {
			return &fail.Error{Kind: fail.Busy, Message: "That failed too often. Please wait a while, then try again.", RetryAfter: again.Sub(c.Now)}
		}
		return err
	})
	if err != nil {
		return err
	}
	if form.Tidy(in.Name) != form.Tidy(portal.Name) {
		return fail.Wrong("name", "This is not the portal's name.")
	}
	right, err := c.Env.Hasher.Verify(c, login.Password, in.Password)
	if err != nil {
		return err
	}
	if !right {
		err := c.Env.DB.Write(c, func(tx *db.Tx) error { return store.AddAttempt(c, tx, c.Who.Portal, subject, c.Now) })
		if err != nil {
			return err
		}
		return fail.Wrong("password", "This is not your password.")
	}
	in.was = login.Password
	return nil
}

// sure is the portal, and the account that acts, where what was confirmed still holds within the transaction.
func sure(c *op.Call, p *access.Permission, in Surely) (portal store.Portal, me store.Account, err error) {
	if portal, err = store.FindPortal(c, c.Tx, c.May(p)); err != nil {
		return portal, me, err
	}
	if me, err = store.FindAccount(c, c.Tx, c.May(access.AccountList), c.Who.Account); err != nil {
		return portal, me, err
	}
	login, err := store.LoginBy(c, c.Tx, c.Who.Portal, me.ID)
	if err == nil && (login.Password != in.was || login.Archived) {
		err = fail.New(fail.Conflict, "The password was changed meanwhile.")
	}
	return portal, me, err
}
