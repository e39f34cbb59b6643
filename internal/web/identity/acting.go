package identity

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func actingRoutes(s *shell.Server) {
	s.Get("/people/{account}/log-in-as", action.ShowAccount, askLogInAs)
	s.PostTo("/people/{account}/log-in-as", identity.LogInAs, logInAs)
	s.PostTo("/stop-acting", identity.StopActing, stopActing)
}

// onPerson is the person of the page, where the actor may do this to them; else why not, before the work begins.
func onPerson(q *shell.Req, p *access.Permission) (action.AccountShown, error) {
	a, err := shell.Run(q, action.ShowAccount)
	if err != nil {
		return a, err
	}
	for _, d := range a.May {
		if d.Permission == p.Key && !d.Allowed {
			return a, fail.New(fail.NotAllowed, d.Text.English, d.Text.Args...)
		}
	}
	if !a.Allows(p) {
		return a, fail.New(fail.NotAllowed, "You may not do this: it needs the permission “{permission}”.", "permission", fail.Term(p.Title))
	}
	return a, nil
}

// personHead is the way to a page on a person, and its heading.
func personHead(q *shell.Req, a action.AccountShown, title, subtitle string) g.Node {
	v := q.View
	crumbs := []page.Link{{Label: a.Name, Href: "/people/" + a.ID.String()}, {Label: title}}
	if q.Opens("/manage/users") {
		crumbs = append([]page.Link{{Label: v.T("Users"), Href: "/manage/users"}}, crumbs...)
	}
	return g.Group{page.Crumbs(v, crumbs...), page.Header(title, subtitle)}
}

// askLogInAs says as whom, within which limits, and asks why (UX: acting as another).
func askLogInAs(q *shell.Req) error {
	a, err := onPerson(q, access.AccountLogInAs)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	reason := q.Field("reason", v.T("Why?"), "")
	reason.Required, reason.Hint = true, v.T("{name} is told, with your name, and the audit keeps it.", "name", a.Name)
	form := q.Form(to+"/log-in-as", page.Button(v.T("Log in as {name}", "name", a.Name)), page.Input(v, reason))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Log in as {name}", "name", a.Name), personHead(q, a, v.T("Log in as {name}", "name", a.Name), a.Organization.Name),
		h.Ul(h.Li(g.Text(v.T("You may then do what both of you may, and nothing more."))),
			h.Li(g.Text(v.T("Passwords, tokens, sessions and logging in as somebody else are closed meanwhile."))),
			h.Li(g.Text(v.T("All that you do is written down under both names."))),
			h.Li(g.Text(v.T("It ends when you press Stop, when you sign out, and after 15 minutes in which you do nothing.")))),
		form.Node(v))
}

// logInAs opens the session, beside one's own.
func logInAs(q *shell.Req) error {
	out, err := shell.Run(q, identity.LogInAs)
	if fail.Is(err, fail.Invalid) || fail.Is(err, fail.Conflict) {
		return q.Again(err, askLogInAs)
	}
	if err != nil {
		return err
	}
	q.KeepActing(out.Token, out.Until)
	return q.Redirect("/", page.Plain, "")
}

// stopActing ends it: one is oneself again, on the page of whom one acted as.
func stopActing(q *shell.Req) error {
	person := q.Who.Account
	if _, err := shell.Run(q, identity.StopActing); err != nil && !fail.Is(err, fail.Conflict) {
		return err
	}
	q.DropActing()
	if q.Who.Behind == 0 {
		return q.Redirect("/", page.Plain, "")
	}
	return q.Redirect("/people/"+person.String(), page.Good, q.T("You are yourself again."))
}
