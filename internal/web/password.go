package web

import (
	"net/http"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func (s *Server) passwordRoutes() {
	s.get("/forgot", open("who forgot their password cannot sign in"), showForgot)
	s.postTo("/forgot", action.RequestReset, forgot)
	s.get("/reset/{token}", action.CheckReset, showReset)
	s.postTo("/reset/{token}", action.SetPassword, reset)
}

// showForgot asks for the address that a link is mailed to.
func showForgot(q *Req) error {
	v := q.View
	email := q.field("email", v.T("E-mail address"), "")
	email.Type, email.Required, email.Autocomplete = "email", true, "email"
	return q.showNarrow(v.T("Set a new password"),
		h.P(g.Text(v.T("We mail a link to you, with which you set a new password within one hour."))),
		q.form("/forgot", page.Button(v.T("Mail me a link")), page.Input(v, email)).Node(v),
		h.P(h.A(h.Href("/sign-in"), g.Text(v.T("Back to sign in")))))
}

// answerAfter is how long the answer to a request for a link takes, whether the address is somebody's or not.
const answerAfter = 300 * time.Millisecond

// forgot answers alike, and after the same time, whether the address is somebody's or not.
func forgot(q *Req) error {
	settled := time.After(answerAfter)
	if err := q.s.limits.take(q.s.addressOf(q.R), q.now()); err != nil {
		return err
	}
	var in action.ResetRequest
	if err := q.fill(&in); err != nil {
		return err
	}
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	_, err := action.RequestReset.Run(q.ctx(), q.s.env, who, in)
	select {
	case <-settled:
	case <-q.ctx().Done():
	}
	if again(err) {
		return q.again(err, showForgot)
	}
	if err != nil {
		return err
	}
	return q.showNarrow(q.T("Look into your mail"),
		h.P(g.Text(q.T("If somebody has this address here, a link to set a new password is on its way to it. It lasts one hour."))),
		h.P(h.A(h.Href("/sign-in"), g.Text(q.T("Back to sign in")))))
}

// showReset asks whoever follows a link for a new password; it uses nothing up.
func showReset(q *Req) error {
	out, err := run(q, action.CheckReset)
	if fail.Is(err, fail.NotFound) {
		return ended(q)
	}
	if err != nil {
		return err
	}
	v := q.View
	return q.showNarrow(v.T("Set a new password"),
		h.P(g.Text(v.T("For {name}, who signs in as {username}.", "name", out.Name, "username", out.Username))),
		q.form(q.R.URL.Path, page.Button(v.T("Set the password")),
			username(out.Username),
			q.newPassword(), q.newPasswordAgain()).Node(v))
}

// username tells a keeper of passwords whose password this is.
func username(name string) g.Node {
	return h.Input(h.Type("text"), h.Name("username"), h.Value(name), h.AutoComplete("username"), g.Attr("hidden"), g.Attr("readonly"))
}

// newPassword and newPasswordAgain are the fields of a new password.
func (q *Req) newPassword() g.Node {
	least := action.PasswordRules(q.Portal).MinLength
	if least == 0 {
		least = 12
	}
	return page.Input(q.View, page.Field{Name: "password", Label: q.T("New password"), Type: "password", Required: true, Autocomplete: "new-password",
		Error: q.wrong("password"), Hint: q.T("At least {n} characters. Some words that have nothing to do with each other are good.", "n", least)})
}

func (q *Req) newPasswordAgain() g.Node {
	return page.Input(q.View, page.Field{Name: "again", Label: q.T("New password again"), Type: "password", Required: true, Autocomplete: "new-password",
		Error: q.wrong("again")})
}

// ended answers a link that is none, was used, or has ended: all alike.
func ended(q *Req) error {
	q.status = http.StatusNotFound
	return q.showNarrow(q.T("This link does not work any more"),
		h.P(g.Text(q.T("It was used, or has ended, or a newer one was mailed since."))),
		page.PrimaryLink(q.T("Mail me a new link"), "/forgot"))
}

// reset sets the password and leads to sign in with it.
func reset(q *Req) error {
	if err := q.s.limits.take(q.s.addressOf(q.R), q.now()); err != nil {
		return err
	}
	var in action.NewPassword
	if err := q.fill(&in); err != nil {
		return err
	}
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	_, err := action.SetPassword.Run(q.ctx(), q.s.env, who, in)
	switch {
	case fail.Is(err, fail.NotFound):
		return ended(q)
	case again(err):
		return q.again(err, showReset)
	case err != nil:
		return err
	}
	http.SetCookie(q.W, q.s.cookie(sessionCookie, "", 0))
	return q.redirect("/sign-in", page.Good, q.T("Your new password is set. Sign in with it."))
}
