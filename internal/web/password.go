package web

import (
	"net/http"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func passwordRoutes(s *shell.Server) {
	s.Get("/forgot", shell.Open("who forgot their password cannot sign in"), showForgot)
	s.PostTo("/forgot", action.RequestReset, forgot)
	s.Get("/reset/{token}", action.CheckReset, showReset)
	s.PostTo("/reset/{token}", action.SetPassword, reset)
}

// showForgot asks for the address that a link is mailed to.
func showForgot(q *shell.Req) error {
	v := q.View
	email := q.Field("email", v.T("E-mail address"), "")
	email.Type, email.Required, email.Autocomplete = "email", true, "email"
	return q.ShowNarrow(v.T("Set a new password"),
		h.P(g.Text(v.T("We mail a link to you, with which you set a new password within one hour."))),
		q.Form("/forgot", page.Button(v.T("Mail me a link")), page.Input(v, email)).Node(v),
		h.P(h.A(h.Href("/sign-in"), g.Text(v.T("Back to sign in")))))
}

// answerAfter is how long the answer to a request for a link takes, whether the address is somebody's or not.
const answerAfter = 300 * time.Millisecond

// forgot answers alike, and after the same time, whether the address is somebody's or not.
func forgot(q *shell.Req) error {
	settled := time.After(answerAfter)
	if err := q.Try(); err != nil {
		return err
	}
	var in action.ResetRequest
	if err := q.Fill(&in); err != nil {
		return err
	}
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	_, err := action.RequestReset.Run(q.Ctx(), q.Env(), who, in)
	select {
	case <-settled:
	case <-q.Ctx().Done():
	}
	if shell.Again(err) {
		return q.Again(err, showForgot)
	}
	if err != nil {
		return err
	}
	return q.ShowNarrow(q.T("Look into your mail"),
		h.P(g.Text(q.T("If somebody has this address here, a link to set a new password is on its way to it. It lasts one hour."))),
		h.P(h.A(h.Href("/sign-in"), g.Text(q.T("Back to sign in")))))
}

// showReset asks whoever follows a link for a new password; it uses nothing up.
func showReset(q *shell.Req) error {
	out, err := shell.Run(q, action.CheckReset)
	if fail.Is(err, fail.NotFound) {
		return ended(q)
	}
	if err != nil {
		return err
	}
	v := q.View
	return q.ShowNarrow(v.T("Set a new password"),
		h.P(g.Text(v.T("For {name}, who signs in as {username}.", "name", out.Name, "username", out.Username))),
		q.Form(q.R.URL.Path, page.Button(v.T("Set the password")),
			username(out.Username),
			newPassword(q), newPasswordAgain(q)).Node(v))
}

// username tells a keeper of passwords whose password this is.
func username(name string) g.Node {
	return h.Input(h.Type("text"), h.Name("username"), h.Value(name), h.AutoComplete("username"), g.Attr("hidden"), g.Attr("readonly"))
}

// newPassword and newPasswordAgain are the fields of a new password.
func newPassword(q *shell.Req) g.Node {
	least := action.PasswordRules(q.Portal).MinLength
	if least == 0 {
		least = 12
	}
	return page.Input(q.View, page.Field{Name: "password", Label: q.T("New password"), Type: "password", Required: true, Autocomplete: "new-password",
		Error: q.Wrong("password"), Hint: q.T("At least {n} characters. Some words that have nothing to do with each other are good.", "n", least)})
}

func newPasswordAgain(q *shell.Req) g.Node {
	return page.Input(q.View, page.Field{Name: "again", Label: q.T("New password again"), Type: "password", Required: true, Autocomplete: "new-password",
		Error: q.Wrong("again")})
}

// ended answers a link that is none, was used, or has ended: all alike.
func ended(q *shell.Req) error {
	q.Status = http.StatusNotFound
	return q.ShowNarrow(q.T("This link does not work any more"),
		h.P(g.Text(q.T("It was used, or has ended, or a newer one was mailed since."))),
		page.PrimaryLink(q.T("Mail me a new link"), "/forgot"))
}

// reset sets the password and leads to sign in with it.
func reset(q *shell.Req) error {
	if err := q.Try(); err != nil {
		return err
	}
	var in action.NewPassword
	if err := q.Fill(&in); err != nil {
		return err
	}
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	_, err := action.SetPassword.Run(q.Ctx(), q.Env(), who, in)
	switch {
	case fail.Is(err, fail.NotFound):
		return ended(q)
	case shell.Again(err):
		return q.Again(err, showReset)
	case err != nil:
		return err
	}
	q.DropSession()
	return q.Redirect("/sign-in", page.Good, q.T("Your new password is set. Sign in with it."))
}
