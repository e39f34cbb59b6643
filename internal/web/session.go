package web

import (
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func sessionRoutes(s *shell.Server) {
	s.Get("/sign-in", shell.Open("who signs in is nobody yet"), showSignIn)
	s.PostTo("/sign-in", action.SignIn, signIn)
	s.PostTo("/sign-out", shell.SignedIn("whoever is signed in may sign out, also while they act as another"), signOut)
}

// showSignIn asks for a name and a password.
func showSignIn(q *shell.Req) error {
	next := shell.LocalPath(q.R.URL.Query().Get("next"))
	if q.Typed != nil {
		next = shell.LocalPath(q.Typed.Get("next"))
	} else if q.Actor != nil {
		return q.Redirect(next, page.Plain, "")
	}
	v := q.View
	login := q.Field("login", v.T("User name or e-mail address"), "")
	login.Required, login.Autocomplete = true, "username"
	login.Attrs = []g.Node{g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false"), g.If(q.Typed == nil, h.AutoFocus())}
	password := page.Field{Name: "password", Label: v.T("Password"), Type: "password", Required: true, Autocomplete: "current-password", Error: q.Wrong("password")}
	form := q.Form("/sign-in", page.Button(v.T("Sign in")), page.Hidden("next", next), page.Input(v, login), page.Input(v, password))
	title := v.T("Sign in to {portal}", "portal", v.Portal)
	if !q.Portal.Deleted.IsZero() {
		return q.ShowNarrow(title, page.Notice(page.Warn, g.Text(v.T("This portal was deleted. Its super administrator, and nobody else, can sign in and restore it until {time}.",
			"time", v.DateTime(q.Portal.FinalAt())))), form.Node(v))
	}
	return q.ShowNarrow(title, form.Node(v), h.P(h.A(h.Href("/forgot"), g.Text(v.T("I forgot my password")))),
		g.If(q.Portal.Settings.Registration.On, h.P(h.A(h.Href("/register"), g.Text(v.T("Make an account"))))))
}

// signIn opens a session under a new token, and leads to where the person wanted to go.
func signIn(q *shell.Req) error {
	if err := q.Try(); err != nil {
		return err
	}
	var in action.Credentials
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Address, in.Agent, in.Old = q.Address(), q.R.UserAgent(), q.SessionToken()
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0 // who signs in is nobody yet, whoever was signed in here before
	out, err := action.SignIn.Run(q.Ctx(), q.Env(), who, in)
	switch {
	case fail.Is(err, fail.NotAllowed):
		return q.Again(fail.As(fail.Invalid, err), showSignIn)
	case fail.Is(err, fail.Invalid):
		return q.Again(err, showSignIn)
	case err != nil:
		return err
	}
	q.KeepSession(out.Token, out.Until)
	if out.Issued {
		return q.Redirect("/account/password", page.Warn, q.T("Your password was chosen by somebody else. Please change it."))
	}
	return q.Redirect(shell.LocalPath(q.R.PostForm.Get("next")), page.Plain, "")
}

// signOut ends the session, here and in the browser.
func signOut(q *shell.Req) error {
	if _, err := action.SignOut.Run(q.Ctx(), q.Env(), q.Self, struct{}{}); err != nil && !fail.Is(err, fail.NotFound) {
		return err
	}
	q.DropSession()
	return q.Redirect("/sign-in", page.Good, q.T("You are signed out."))
}
