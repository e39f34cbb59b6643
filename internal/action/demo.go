package action

import (
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// DemoLogin is whom one becomes in a demo.
type DemoLogin struct {
	Username string `json:"username" doc:"The user name."`
	// Agent is the browser, Old the token of the session that this one replaces.
	Agent string `json:"-"`
	Old   string `json:"-"`
}

// DemoSignIn opens a session as anybody of a demo, without a password. It is not one of All: only the pages of
// `provost demo` run it, over a database that the demo made itself.
var DemoSignIn = &op.Op[DemoLogin, SignedIn]{
	Name:     "session.demo",
	Route:    "POST /demo",
	Doc:      "Signs in as somebody of the demo.",
	Open:     "everybody in a demo is invented",
	PageOnly: true,
	Do: func(c *op.Call, in DemoLogin) (out SignedIn, err error) {
		login, err := store.LoginOf(c, c.Tx, c.Who.Portal, in.Username)
		if err != nil {
			return out, err
		}
		if login.Account == 0 || login.Archived {
			return out, fail.Missing("person")
		}
		return openSession(c, login, in.Agent, in.Old)
	},
}
