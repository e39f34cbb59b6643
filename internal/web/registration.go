package web

import (
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func registrationRoutes(s *shell.Server) {
	s.Get("/register", shell.Open("who registers has no account yet"), showRegister)
	s.PostTo("/register", action.RequestRegistration, askRegistration)
	s.Get("/register/{token}", action.ReadRegistration, showRegistration)
	s.PostTo("/register/{token}", action.Register, register)
}

// showRegister asks for the address that a link is mailed to; where registration is off there is no such page.
func showRegister(q *shell.Req) error {
	v, rules := q.View, q.Portal.Settings.Registration
	if !rules.On || !q.Portal.Deleted.IsZero() {
		return shell.NotFound
	}
	email := q.Field("email", v.T("E-mail address"), "")
	email.Type, email.Required, email.Autocomplete = "email", true, "email"
	if len(rules.Domains) > 0 {
		email.Hint = v.T("An address of {domains}.", "domains", strings.Join(rules.Domains, ", "))
	}
	return q.ShowNarrow(v.T("Make an account at {portal}", "portal", v.Portal),
		h.P(g.Text(v.T("We mail a link to you, with which you choose a name and a password within a day."))),
		q.Form("/register", page.Button(v.T("Mail me a link")), page.Input(v, email)).Node(v),
		h.P(h.A(h.Href("/sign-in"), g.Text(v.T("Back to sign in")))))
}

// askRegistration answers alike, and after the same time, whether the address is somebody's already or not.
func askRegistration(q *shell.Req) error {
	settled := time.After(answerAfter)
	if err := q.Try(); err != nil {
		return err
	}
	var in action.RegistrationRequest
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Address = q.Address()
	who := q.Who
	who.Account, who.Behind, who.Session = 0, 0, 0
	_, err := action.RequestRegistration.Run(q.Ctx(), q.Env(), who, in)
	select {
	case <-settled:
	case <-q.Ctx().Done():
	}
	switch {
	case shell.Again(err):
		return q.Again(err, showRegister)
	case err != nil:
		return err
	}
	return q.ShowNarrow(q.T("Look into your mail"),
		h.P(g.Text(q.T("A link is on its way to {email}. It lasts a day. If you have an account here already, the mail says so.", "email", in.Email))),
		h.P(h.A(h.Href("/sign-in"), g.Text(q.T("Back to sign in")))))
}

// showRegistration asks whoever follows a link for a name and a password; it uses nothing up.
func showRegistration(q *shell.Req) error {
	out, err := shell.RunOpen(q, action.ReadRegistration)
	if fail.Is(err, fail.NotFound) {
		return registrationEnded(q, err)
	}
	if err != nil {
		return err
	}
	v := q.View
	name := q.Field("name", v.T("Name"), "")
	name.Required, name.Autocomplete = true, "name"
	return q.ShowNarrow(v.T("Make an account at {portal}", "portal", out.Portal),
		h.P(g.Text(v.T("You sign in with your address, {email}.", "email", out.Email))),
		q.Form(q.R.URL.Path, page.Button(v.T("Make my account")), username(out.Email), page.Input(v, name), newPassword(q)).Node(v))
}

func registrationEnded(q *shell.Req, err error) error {
	q.Status = q.StatusOf(err)
	nodes := []g.Node{h.P(g.Text(q.Sentence(err)))}
	if q.Portal.Settings.Registration.On {
		nodes = append(nodes, page.PrimaryLink(q.T("Mail me a new link"), "/register"))
	}
	return q.ShowNarrow(q.T("This link does not work any more"), append(nodes, page.LinkButton(q.T("Sign in"), "/sign-in"))...)
}

func register(q *shell.Req) error {
	if err := q.Try(); err != nil {
		return err
	}
	out, err := shell.RunOpen(q, action.Register)
	switch {
	case fail.Is(err, fail.NotFound):
		return registrationEnded(q, err)
	case err != nil && shell.Again(err):
		return q.Again(err, showRegistration)
	case err != nil:
		return err
	}
	return q.Redirect("/sign-in", page.Good, q.T("Welcome, {name}. Sign in as {username} now.", "name", out.Name, "username", out.Username))
}

// registrationForm is the switch of registration in the settings.
func registrationForm(q *shell.Req, out action.PortalSettings) g.Node {
	v := q.View
	checked := out.Registration.On
	domains := page.Field{Name: "domains", Label: v.T("Only addresses of these domains"), Value: strings.Join(out.Registration.Domains, "\n"), Error: q.Wrong("domains"),
		Hint: v.T("One a line, as example.com. Of all where the list is empty.")}
	if q.Typed != nil {
		checked, domains.Value = q.Typed.Get("on") != "", q.Typed.Get("domains_text")
	}
	domains.ID, domains.Name = page.FieldID("domains"), "domains_text"
	on := page.Checkbox(page.Field{Name: "on", Label: v.T("People may make their own account"),
		Hint: v.T("They prove their address by a link that is mailed to it, and become learners of the default organization, nothing else.")}, checked)
	return q.Form("/settings/registration", page.Button(v.T("Save registration")), on, page.Textarea(v, domains, 3)).Node(v)
}

// setRegistration takes the lines of the domains.
func setRegistration(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	q.R.PostForm["domains"] = page.Lines(q.R.PostForm.Get("domains_text"))
	return shell.Submit(action.SetRegistration, "/settings").Says(page.Say("The settings are saved.")).On(showSettings).Serve(q)
}
