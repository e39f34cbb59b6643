package web

import (
	"net/http"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

const sessionCookie = "provost"

func (s *Server) sessionRoutes() {
	s.get("/sign-in", open("who signs in is nobody yet"), showSignIn)
	s.postTo("/sign-in", action.SignIn, signIn)
	s.postTo("/sign-out", action.SignOut, signOut)
}

// sessionToken is the token of the session's cookie; empty for none.
func (s *Server) sessionToken(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(sessionCookie))
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}

// showSignIn asks for a name and a password.
func showSignIn(q *Req) error {
	next := localPath(q.R.URL.Query().Get("next"))
	if q.typed != nil {
		next = localPath(q.typed.Get("next"))
	} else if q.Actor != nil {
		return q.redirect(next, page.Plain, "")
	}
	v := q.View
	login := q.field("login", v.T("User name or e-mail address"), "")
	login.Required, login.Autocomplete = true, "username"
	login.Attrs = []g.Node{g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false"), g.If(q.typed == nil, h.AutoFocus())}
	password := page.Field{Name: "password", Label: v.T("Password"), Type: "password", Required: true, Autocomplete: "current-password", Error: q.wrong("password")}
	form := q.form("/sign-in", page.Button(v.T("Sign in")), page.Hidden("next", next), page.Input(v, login), page.Input(v, password))
	return q.showNarrow(v.T("Sign in to {portal}", "portal", v.Portal), form.Node(v), h.P(h.A(h.Href("/forgot"), g.Text(v.T("I forgot my password")))))
}

// signIn opens a session under a new token, and leads to where the person wanted to go.
func signIn(q *Req) error {
	if err := q.s.limits.take(q.s.addressOf(q.R), q.now()); err != nil {
		return err
	}
	var in action.Credentials
	if err := q.fill(&in); err != nil {
		return err
	}
	in.Address, in.Agent, in.Old = q.s.addressOf(q.R), q.R.UserAgent(), q.s.sessionToken(q.R)
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0 // who signs in is nobody yet, whoever was signed in here before
	out, err := action.SignIn.Run(q.ctx(), q.s.env, who, in)
	switch {
	case fail.Is(err, fail.NotAllowed):
		return q.again(fail.New(fail.Invalid, sentence(err)), showSignIn)
	case fail.Is(err, fail.Invalid):
		return q.again(err, showSignIn)
	case err != nil:
		return err
	}
	http.SetCookie(q.W, q.s.cookie(sessionCookie, out.Token, out.Until.Sub(q.now())))
	if out.Issued {
		return q.redirect("/account/password", page.Warn, q.T("Your password was chosen by somebody else. Please change it."))
	}
	return q.redirect(localPath(q.R.PostForm.Get("next")), page.Plain, "")
}

// signOut ends the session, here and in the browser.
func signOut(q *Req) error {
	if _, err := run(q, action.SignOut); err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	http.SetCookie(q.W, q.s.cookie(sessionCookie, "", 0))
	return q.redirect("/sign-in", page.Good, q.T("You are signed out."))
}
