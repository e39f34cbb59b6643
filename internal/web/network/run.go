package network

import (
	"provost/internal/action"
	"provost/internal/action/network"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func runRoutes(s *shell.Server) {
	s.Get("/networks/{network}", network.Show, showNetwork)
	s.Get("/networks/{network}/edit", network.Show, rename)
	s.Post("/networks/{network}/edit", shell.Submit(network.Rename, "/networks/{network}").Says(page.Say("The network is called {name} now.")).On(rename))
	s.Get("/networks/{network}/password", network.Show, setPassword)
	s.Post("/networks/{network}/password", shell.Submit(network.SetPassword, "/networks/{network}").Says(page.Say("Portals join with the new password from now on.")).On(setPassword))
	s.Get("/networks/{network}/end", network.Show, askEnd)
	s.Post("/networks/{network}/end", shell.Submit(network.End, "/networks").Says(page.Say("{name} has ended.")))
	s.Get("/networks/{network}/administrators", network.Show, newAdmin)
	s.PostTo("/networks/{network}/administrators", network.AddAdministrator, addAdmin)
	s.Post("/networks/{network}/administrators/{account}/remove", shell.Submit(network.RemoveAdministrator, "/networks/{network}").
		Says(page.Say("{name} does not administer this network any more.")).On(showNetwork))
	s.Get("/networks/{network}/portals/{portal}/remove", network.Show, askRemove)
	s.Post("/networks/{network}/portals/{portal}/remove", shell.Submit(network.RemovePortal, "/networks/{network}").Says(page.Say("{name} is out of the network.")))
}

// shown is the network of the page, and the way to it.
func shown(q *shell.Req, title string) (out network.NetworkShown, to string, head g.Node, err error) {
	var in network.Ref
	if err = q.Fill(&in); err != nil {
		return out, "", nil, err
	}
	if out, err = shell.RunWith(q, network.Show, in); err != nil {
		return out, "", nil, err
	}
	to = "/networks/" + out.ID.String()
	links := []page.Link{{Label: out.Name}}
	if title != "" {
		links = []page.Link{{Label: out.Name, Href: to}, {Label: title}}
	}
	return out, to, crumbs(q, links...), nil
}

// showNetwork is a network for those who administer it.
func showNetwork(q *shell.Req) error {
	out, to, head, err := shown(q, "")
	if err != nil {
		return err
	}
	v := q.View
	warn := g.Node(g.Text(""))
	if q.Message != "" {
		warn = page.Notice(page.Warn, g.Text(q.Message))
	}
	return q.Show(out.Name, head, page.Header(out.Name, v.T("A network that this portal runs."), page.LinkButton(v.T("Rename"), to+"/edit"),
		page.LinkButton(v.T("New password"), to+"/password"), page.LinkButton(v.T("End the network"), to+"/end")), warn,
		page.Section(v.T("Portals"), portalTable(q, out, to)),
		page.Section(v.T("How a portal joins"), page.P(v.T("A full administrator of that portal opens Networks, Join a network there, and enters this code and the password.")),
			page.CopyBox(v, v.T("Code"), out.ID.String()), page.P(v.T("The password was set {when}. It is kept as a hash: nobody can look it up.", "when", v.Ago(q.Now(), out.Changed)))),
		page.SectionWith(v.T("Administrators"), []g.Node{page.LinkButton(v.T("Add an administrator"), to+"/administrators")}, adminTable(q, out, to)))
}

func portalTable(q *shell.Req, out network.NetworkShown, to string) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Portals))
	for i, x := range out.Portals {
		at := to + "/portals/" + x.ID.String()
		var enter g.Node
		if out.MayEnter {
			enter = page.LinkButton(v.T("Enter"), at+"/enter", h.Aria("label", v.T("Enter {name}", "name", x.Name)))
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(x.Name, x.URL), g.Text(v.Date(x.Since)),
			page.Inline(enter, page.LinkButton(v.T("Remove"), at+"/remove", h.Aria("label", v.T("Remove {name}", "name", x.Name))))}}
	}
	return page.Table{Caption: v.T("Portals"), Columns: []page.Column{{Title: v.T("Portal"), Wide: true}, {Title: v.T("In it since"), NoWrap: true}, {Title: v.T("Actions"), Quiet: true, NoWrap: true}}, Rows: rows,
		Empty: page.Empty(v.T("No portal has joined yet"), v.T("Give the code below, and the password, to an administrator of each portal that shall join."))}.Node(v)
}

func adminTable(q *shell.Req, out network.NetworkShown, to string) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Administrators))
	for i, x := range out.Administrators {
		how, end := v.T("Named, while a full administrator of this portal"), g.Node(g.Text(""))
		if x.Named {
			end = page.Post(to+"/administrators/"+x.ID.String()+"/remove", page.Secondary(v.T("Remove"), h.Aria("label", v.T("Remove {name}", "name", x.Name))))
		} else {
			how = v.T("Super administrator of this portal")
		}
		rows[i] = page.Row{Cells: []g.Node{page.Person(x.Name, how), end}}
	}
	return page.Table{Caption: v.T("Administrators"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Actions"), Quiet: true}}, Rows: rows}.Node(v)
}

// rename asks for another name.
func rename(q *shell.Req) error {
	title := q.T("Rename")
	out, to, head, err := shown(q, title)
	if err != nil {
		return err
	}
	v := q.View
	name := q.Field("name", v.T("Name"), out.Name)
	name.Required = true
	form := q.Form(to+"/edit", page.Button(v.T("Save")), page.Input(v, name))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(title, head, page.Header(v.T("Rename {name}", "name", out.Name), v.T("The portals that are in it see the new name.")), form.Node(v))
}

// setPassword asks for another password.
func setPassword(q *shell.Req) error {
	title := q.T("New password")
	out, to, head, err := shown(q, title)
	if err != nil {
		return err
	}
	v := q.View
	form := q.Form(to+"/password", page.Button(v.T("Set the password")), passwordFields(q))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(title, head, page.Header(v.T("New password for {name}", "name", out.Name), v.T("The one before joins no portal any more. Those that are in the network stay.")), form.Node(v))
}

// askEnd asks before a network ends.
func askEnd(q *shell.Req) error {
	out, to, head, err := shown(q, q.T("End the network"))
	if err != nil {
		return err
	}
	v := q.View
	ask := page.Confirm{Title: v.T("End {name}", "name", out.Name), Text: v.T("These portals leave it, every visit by it ends at once, and their administrators are told. It cannot be undone."),
		Action: to + "/end", Button: v.T("End {name}", "name", out.Name), Cancel: to}
	for _, x := range out.Portals {
		ask.Losses = append(ask.Losses, x.Name)
	}
	if len(out.Portals) == 0 {
		ask.Text = v.T("No portal is in it. It cannot be undone.")
	}
	return q.Show(ask.Title, head, page.Header(ask.Title, ""), ask.Node(v))
}

// portalOf is the portal of a page that is about one in a network.
func portalOf(q *shell.Req, out network.NetworkShown) (network.MemberPortal, error) {
	id, err := db.ParseID(q.R.PathValue("portal"))
	for _, x := range out.Portals {
		if err == nil && x.ID == id {
			return x, nil
		}
	}
	return network.MemberPortal{}, shell.NotFound
}

// askRemove asks before a portal is taken out.
func askRemove(q *shell.Req) error {
	out, to, head, err := shown(q, q.T("Remove a portal"))
	if err != nil {
		return err
	}
	x, err := portalOf(q, out)
	if err != nil {
		return err
	}
	v := q.View
	ask := page.Confirm{Title: v.T("Remove {name}", "name", x.Name), Text: v.T("You and the other administrators of {network} do not come into it any more, and its administrators are told. It joins again with the code and the password, if it wants to.", "network", out.Name),
		Action: to + "/portals/" + x.ID.String() + "/remove", Button: v.T("Remove {name}", "name", x.Name), Cancel: to}
	return q.Show(ask.Title, head, page.Header(ask.Title, ""), ask.Node(v))
}

// newAdmin is the form to name a further administrator, with what they gain.
func newAdmin(q *shell.Req) error {
	title := q.T("Add an administrator")
	out, to, head, err := shown(q, title)
	if err != nil {
		return err
	}
	v := q.View
	who := page.Picker{Field: q.Field("account", v.T("Who"), ""), Source: "/people/search"}
	if q.Typed != nil {
		who.Text = q.Typed.Get(page.TextName("account"))
	}
	who.Field.Required, who.Field.Hint = true, v.T("A full administrator of this portal. It counts while they are one.")
	return q.Show(title, head, page.Header(title, out.Name), page.P(v.T("They may do all that you may: run the network, and enter the portals that are in it.")),
		q.WithPreview(to+"/administrators", v.T("Add"), to, who.Node(v)))
}

// addAdmin names the person who was chosen, or typed by name or address.
func addAdmin(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	lines := page.Lines(q.R.PostForm.Get(page.TextName("account")))
	if len(lines) == 1 && q.R.PostForm.Get("account") == "" {
		found, err := shell.RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: lines})
		if err != nil && !shell.Again(err) {
			return err
		}
		if err == nil && len(found.Found) == 1 {
			q.R.PostForm.Set("account", found.Found[0].ID.String())
			q.R.PostForm.Del(page.TextName("account"))
		}
	}
	return shell.Submit(network.AddAdministrator, "/networks/{network}").Says(page.Say("{name} administers this network now.")).On(newAdmin).Serve(q)
}
