// Package network has the pages of networks: running one, joining and leaving, entering the portals that are in it, and who came.
package network

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action/network"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Routes registers the pages.
func Routes(s *shell.Server) {
	s.Get("/networks", network.List, showNetworks)
	s.Get("/networks/new", network.List, newNetwork)
	s.Post("/networks/new", shell.Submit(network.Create, "/networks/{id}").Says(page.Say("{name} is made. Give its code and its password to the portals that shall join.")).On(newNetwork))
	s.Get("/networks/join", network.List, askJoin)
	s.PostTo("/networks/join/look", network.Look, look)
	s.Post("/networks/join", shell.Submit(network.Join, "/networks").Says(page.Say("The portal is in {name} now.")).On(askJoin))
	s.Get("/networks/{network}/leave", network.List, askLeave)
	s.Post("/networks/{network}/leave", shell.Submit(network.Leave, "/networks").Says(page.Say("The portal has left {name}. Nobody comes by it any more.")))
	runRoutes(s)
	visitRoutes(s)
}

func crumbs(q *shell.Req, more ...page.Link) g.Node {
	return page.Crumbs(q.View, append([]page.Link{{Label: q.T("Networks"), Href: "/networks"}}, more...)...)
}

// showNetworks is which networks concern the portal, who may come by them, and who came.
func showNetworks(q *shell.Req) error {
	out, err := shell.RunWith(q, network.List, struct{}{})
	if err != nil {
		return err
	}
	visits, err := shell.Run(q, network.ListVisits)
	if err != nil {
		return err
	}
	v := q.View
	var actions []g.Node
	if out.MayJoin {
		actions = append(actions, page.LinkButton(v.T("Join a network"), "/networks/join"))
	}
	if out.MayCreate {
		actions = append(actions, page.PrimaryLink(v.T("Create a network"), "/networks/new"))
	}
	body := []g.Node{page.Header(v.T("Networks"), v.T("Portals that belong together. Whoever administers a network may enter the portals that are in it, as an administrator."), actions...),
		page.Section(v.T("Networks that this portal is in"), inTable(q, out)), page.Section(v.T("Who came"), visitTable(q, visits))}
	if len(out.Runs) > 0 || out.MayCreate {
		body = append(body, page.Section(v.T("Networks that you run"), runTable(q, out)))
	}
	return q.Show(v.T("Networks"), body...)
}

func inTable(q *shell.Req, out network.NetworkOverview) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.In))
	for i, x := range out.In {
		end := g.Node(g.Text(""))
		if out.MayJoin {
			end = page.LinkButton(v.T("Leave"), "/networks/"+x.ID.String()+"/leave", h.Aria("label", v.T("Leave {name}", "name", x.Name)))
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(x.Name, v.T("run by {portal}", "portal", x.Home)), g.Text(whoText(v, x.Who)), g.Text(v.Date(x.Since)), end}}
	}
	return page.Table{Caption: v.T("Networks that this portal is in"), Columns: []page.Column{{Title: v.T("Network")}, {Title: v.T("Who may come")},
		{Title: v.T("Since"), NoWrap: true}, {Title: ""}}, Rows: rows,
		Empty: page.Empty(v.T("This portal is in no network"), v.T("Nobody comes from another portal. Who runs a network gives you its code and its password to join it."))}.Node(v)
}

// whoText are names in a row; nobody where there is none.
func whoText(v page.View, names []string) string {
	if len(names) == 0 {
		return v.T("Nobody now")
	}
	return strings.Join(names, ", ")
}

func runTable(q *shell.Req, out network.NetworkOverview) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Runs))
	for i, x := range out.Runs {
		rows[i] = page.Row{Cells: []g.Node{page.TextLink(x.Name, "/networks/"+x.ID.String()), g.Text(v.Num(x.Portals))}}
	}
	return page.Table{Caption: v.T("Networks that you run"), Columns: []page.Column{{Title: v.T("Network"), Wide: true}, {Title: v.T("Portals"), Align: page.End}}, Rows: rows,
		Empty: page.Empty(v.T("You run no network"), v.T("Create one to look after several portals from here. Each joins by itself, sees what you do there, and can leave at any moment."))}.Node(v)
}

func visitTable(q *shell.Req, out network.NetworkVisits) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		did := g.Node(g.Text(""))
		if q.May(access.AuditView) {
			did = page.LinkTo(v.T("What they did"), "/audit?person="+x.Account.String())
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(x.Person, v.T("from {portal}, by {network}", "portal", x.Home, "network", x.Network)), g.Text(v.DateTime(x.Began)), lasted(v, x),
			g.Text(x.Reason), did}}
	}
	table := page.Table{Caption: v.T("Who came"), Columns: []page.Column{{Title: v.T("Who")}, {Title: v.T("When"), NoWrap: true}, {Title: v.T("How long"), NoWrap: true}, {Title: v.T("Why"), Wide: true}, {Title: v.T("Actions"), Quiet: true, NoWrap: true}},
		Rows: rows, Empty: page.Empty(v.T("Nobody came in the last year"), v.T("Each visit stands here, with who it was, why, and what they did."))}.Node(v)
	return g.Group{table, g.Iff(out.Next != "", func() g.Node { return q.Pager("", out.Next, len(rows), -1) })}
}

func lasted(v page.View, x network.NetworkVisit) g.Node {
	if x.Open {
		return page.Badge(page.Warn, v.T("Here now"))
	}
	return g.Text(v.N("{n} minute", "{n} minutes", int(x.Last.Sub(x.Began).Minutes())+1))
}

// passwordFields ask for a network's password twice. What was typed is not shown again.
func passwordFields(q *shell.Req) g.Node {
	v := q.View
	one := page.Field{Name: "password", Label: v.T("Password"), Type: "password", Required: true, Autocomplete: "new-password", Error: q.Wrong("password"),
		Hint: v.T("Portals join with it. You pass it on, so it should be none of your own.")}
	again := page.Field{Name: "again", Label: v.T("The same again"), Type: "password", Required: true, Autocomplete: "new-password", Error: q.Wrong("again")}
	return g.Group{page.Input(v, one), page.Input(v, again)}
}

// newNetwork is the form to make a network.
func newNetwork(q *shell.Req) error {
	v := q.View
	name := q.Field("name", v.T("Name"), "")
	name.Required, name.Autocomplete = true, "off"
	title := v.T("Create a network")
	form := q.Form("/networks/new", page.Button(v.T("Create")), page.Input(v, name), passwordFields(q))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/networks"))
	return q.Show(title, crumbs(q, page.Link{Label: title}),
		page.Header(title, v.T("This portal runs it, and you are its administrator. You can name other full administrators of this portal later.")), form.Node(v))
}

// askJoin asks for a network's code and password. Nothing is joined by it yet.
func askJoin(q *shell.Req) error {
	v := q.View
	code := q.Field("code", v.T("Code"), "")
	code.Required, code.Autocomplete, code.Hint = true, "off", v.T("Thirteen letters and digits, from who runs the network.")
	password := page.Field{Name: "password", Label: v.T("Password of the network"), Type: "password", Required: true, Autocomplete: "off", Error: q.Wrong("password")}
	title := v.T("Join a network")
	form := q.Form("/networks/join/look", page.Button(v.T("See who could come")), page.Input(v, code), page.Input(v, password))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/networks"))
	return q.Show(title, crumbs(q, page.Link{Label: title}), page.Header(title, v.T("You see first who could come into this portal. It joins only when you say so then.")), form.Node(v))
}

// look shows who could come, and asks whether the portal shall join (BE-2).
func look(q *shell.Req) error {
	out, err := shell.Run(q, network.Look)
	if err != nil && shell.Again(err) {
		return q.Again(err, askJoin)
	}
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Join {name}", "name", out.Name)
	items := make([]g.Node, len(out.Who))
	for i, name := range out.Who {
		items[i] = page.Person(name, v.T("of {portal}", "portal", out.Home))
	}
	who := g.Node(page.PlainList(items...))
	if len(items) == 0 {
		who = page.P(v.T("Nobody now."))
	}
	form := q.Form("/networks/join", page.Button(v.T("Join {name}", "name", out.Name)), page.Hidden("ticket", out.Ticket))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/networks"))
	return q.Show(title, crumbs(q, page.Link{Label: title}), page.Header(title, v.T("The portal {portal} runs this network.", "portal", out.Home)),
		page.Section(v.T("Who could come into this portal, as its administrator"), who,
			page.P(v.T("And whoever {portal} names to administer the network later: the page of networks always says who.", "portal", out.Home))),
		page.Section(v.T("What they may do here"), h.Ul(
			h.Li(g.Text(v.T("What administrators of this portal may: see and change people, courses, settings and reports."))),
			h.Li(g.Text(v.T("Nothing to the super administrator and to full administrators, and nothing with networks or passwords of their own."))),
			h.Li(g.Text(v.T("All that they do stands in the audit, with their name and portal; each visit stands on the page of networks."))),
			h.Li(g.Text(v.T("You can leave at any moment: then they are out at once."))))), form.Node(v))
}

// askLeave asks before the portal leaves a network.
func askLeave(q *shell.Req) error {
	out, err := shell.RunWith(q, network.List, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	for _, x := range out.In {
		if x.ID.String() == q.R.PathValue("network") && out.MayJoin {
			title := v.T("Leave {name}", "name", x.Name)
			ask := page.Confirm{Title: title, Text: v.T("Whoever visits by it is out at once. The portal that runs it is told. To come back, its code and password are needed again."),
				Losses: x.Who, Action: "/networks/" + x.ID.String() + "/leave", Button: title, Cancel: "/networks"}
			return q.Show(title, crumbs(q, page.Link{Label: title}), page.Header(title, ""), ask.Node(v))
		}
	}
	return shell.NotFound
}
