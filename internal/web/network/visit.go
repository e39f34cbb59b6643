package network

import (
	"provost/internal/action/network"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func visitRoutes(s *shell.Server) {
	s.Get("/networks/{network}/portals/{portal}/enter", network.Show, askEnter)
	s.PostTo("/networks/{network}/portals/{portal}/enter", network.Enter, enter)
	s.Get("/visit/{token}", network.CheckVisit, askArrive)
	s.PostTo("/visit/{token}", network.Arrive, arrive)
	s.PostTo("/stop-visit", network.StopVisit, stopVisit)
}

// limits say what a visitor should know, before they come.
func limits(v page.View) g.Node {
	return h.Ul(h.Li(g.Text(v.T("You may do what its administrators may, but nothing to its super administrator and its full administrators."))),
		h.Li(g.Text(v.T("All that you do stands in its audit, with your name and that of your portal; its administrators see that you came, and why."))),
		h.Li(g.Text(v.T("It ends when you press Stop, when you sign out at home, and after 15 minutes in which you do nothing."))))
}

// askEnter says what entering a portal means, and asks why.
func askEnter(q *shell.Req) error {
	out, to, head, err := shown(q, q.T("Enter a portal"))
	if err != nil {
		return err
	}
	x, err := portalOf(q, out)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Enter {name}", "name", x.Name)
	reason := q.Field("reason", v.T("Why?"), "")
	reason.Required, reason.Hint = true, v.T("The administrators of {name} see it.", "name", x.Name)
	form := q.Form(to+"/portals/"+x.ID.String()+"/enter", page.Button(title), page.Input(v, reason))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(title, head, page.Header(title, v.T("By the network {name}.", "name", out.Name)), limits(v), form.Node(v))
}

// enter hands one over. The way leads to another site, to which no form of this one may lead: so it is a page.
func enter(q *shell.Req) error {
	out, err := shell.Run(q, network.Enter)
	if err != nil && shell.Again(err) {
		return q.Again(err, askEnter)
	}
	if err != nil {
		return err
	}
	v := q.View
	q.W.Header().Set("Refresh", "0; url="+out.URL)
	return q.ShowNarrow(v.T("On the way to {name}", "name", out.Name), page.P(v.T("The way in is open for a minute, once.")), h.P(page.PrimaryLink(v.T("Continue to {name}", "name", out.Name), out.URL)))
}

// askArrive greets who comes by a link: nothing happens until they say so.
func askArrive(q *shell.Req) error {
	in, err := shell.RunOpen(q, network.CheckVisit)
	if fail.Is(err, fail.NotFound) {
		return linkEnded(q)
	}
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Enter {name}", "name", v.Portal)
	return q.ShowNarrow(title, page.P(v.T("You come from {home}, as {name}.", "home", in.Home, "name", in.Name)), limits(v),
		page.Post(q.R.URL.Path, page.Button(title)))
}

// linkEnded tells that a link opens nothing, whatever the reason.
func linkEnded(q *shell.Req) error {
	v := q.View
	q.Status = 404
	return q.ShowNarrow(v.T("This link opens nothing"), page.P(v.T("It was used, or its minute is over. Go back to your own portal, and enter from there again.")), h.P(page.TextLink(v.T("To the start"), "/")))
}

// arrive begins the visit.
func arrive(q *shell.Req) error {
	out, err := shell.RunOpen(q, network.Arrive)
	if fail.Is(err, fail.NotFound) {
		return linkEnded(q)
	}
	if err != nil {
		return err
	}
	q.KeepVisit(out.Token, out.Until)
	return q.Redirect("/", page.Plain, "")
}

// stopVisit ends it, and leads back home.
func stopVisit(q *shell.Req) error {
	out, err := shell.RunWith(q, network.StopVisit, struct{}{})
	q.DropVisit()
	if fail.Is(err, fail.Conflict) {
		return q.Redirect("/", page.Plain, "")
	}
	if err != nil {
		return err
	}
	v := q.View
	v.ActingAs, v.Account, v.Nav = "", page.Account{}, nil
	portal := v.Portal
	q.View = v
	return q.ShowNarrow(v.T("You have left {name}", "name", portal), page.P(v.T("You do nothing there any more as its administrator.")), h.P(page.PrimaryLink(v.T("Back to {name}", "name", out.Home), out.URL)))
}
