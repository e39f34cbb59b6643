package web

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func organizationRoutes(s *shell.Server) {
	s.Get("/organizations/search", action.ListOrganizations, searchOrganizations)
	s.Get("/manage/organizations", action.ListOrganizations, listOrganizations)
	at := "/manage/organizations/{organization}"
	s.Get(at, action.ShowOrganization, showOrganization)
	s.Get(at+"/new", action.ShowOrganization, newOrganization)
	s.Post(at+"/new", shell.Submit(action.CreateOrganization, "/manage/organizations/{id}").Says(page.Say("{name} is made.")).On(newOrganization))
	s.Get(at+"/edit", action.ShowOrganization, editOrganization)
	s.Post(at+"/edit", shell.Submit(action.RenameOrganization, at).Says(page.Say("{name} is saved.")).On(editOrganization))
	s.Get(at+"/move", action.ShowOrganization, moveOrganization)
	s.PostTo(at+"/move", action.MoveOrganization, shell.Choosing("parent",
		shell.Submit(action.MoveOrganization, at).Says(page.Say("{name} is moved.")).On(moveOrganization)))
	s.Get(at+"/delete", action.ShowOrganization, confirmDeleteOrganization)
	s.Post(at+"/delete", shell.Submit(action.DeleteOrganization, "/manage/organizations").Says(page.Say("The organization is deleted.")).On(confirmDeleteOrganization))
}

// searchOrganizations is the source of pickers of organizations.
func searchOrganizations(q *shell.Req) error {
	var in action.OrganizationQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Size = searchSize
	out, err := shell.RunWith(q, action.ListOrganizations, in)
	if err != nil {
		return err
	}
	choices := make([]page.Choice, len(out.Items))
	for i, o := range out.Items {
		choices[i] = page.Choice{ID: o.ID.String(), Label: o.Name, Detail: shell.PathText(o.Path)}
	}
	return q.JSON(choices)
}

// organizationTable is a list of organizations, each with the way to it.
func organizationTable(q *shell.Req, out action.OrganizationPage, caption string, empty g.Node) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, o := range out.Items {
		rows[i] = page.Row{Href: "/manage/organizations/" + o.ID.String(),
			Cells: []g.Node{page.Named(o.Name, shell.PathText(o.Path)), g.Text(o.Code), g.Text(v.Num(o.Children))}}
	}
	return g.Group{page.Table{Caption: caption, Columns: []page.Column{{Title: v.T("Organization"), Wide: true}, {Title: v.T("Code")},
		{Title: v.T("Below it"), Align: page.End}}, Rows: rows, Empty: empty}.Node(v), q.Pager(out.Prev, out.Next, len(out.Items), out.Total)}
}

// listOrganizations is the top of the tree, or what a search of it finds.
func listOrganizations(q *shell.Req) error {
	var in action.OrganizationQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListOrganizations, in)
	if err != nil {
		return err
	}
	if len(out.Items) == 1 && in == (action.OrganizationQuery{}) {
		return showOneOrganization(q, out.Items[0].ID.String())
	}
	v := q.View
	return q.Show(v.T("Organizations"), page.Header(v.T("Organizations"), v.T("The parts of the portal, in a tree.")), searchBar(q, in.Query),
		organizationTable(q, out, v.T("Organizations"), page.Empty(v.T("Nothing found"), v.T("No organization that you may see is called so."))))
}

func searchBar(q *shell.Req, query string) g.Node {
	return page.Filters{Action: "/manage/organizations", SearchName: "q", SearchLabel: q.T("Search organizations"), Query: query}.Node(q.View)
}

func onOrganization(q *shell.Req) (action.OrganizationShown, error) {
	return shell.Run(q, action.ShowOrganization)
}

func showOrganization(q *shell.Req) error {
	return showOneOrganization(q, q.R.PathValue("organization"))
}

// showOneOrganization is one organization with what lies directly below it.
func showOneOrganization(q *shell.Req, text string) error {
	var id action.OrganizationID
	if err := id.Organization.UnmarshalText([]byte(text)); err != nil {
		return shell.NotFound
	}
	o, err := shell.RunWith(q, action.ShowOrganization, id)
	if err != nil {
		return err
	}
	list := action.OrganizationQuery{Parent: o.ID, After: q.R.URL.Query().Get("after"), Before: q.R.URL.Query().Get("before")}
	below, err := shell.RunWith(q, action.ListOrganizations, list)
	if err != nil {
		return err
	}
	v := q.View
	var facts []page.KV
	if o.Code != "" {
		facts = append(facts, page.KV{Key: v.T("Code"), Value: g.Text(o.Code)})
	}
	for _, c := range o.Contents {
		facts = append(facts, page.KV{Key: v.T(contentWords[c.Kind]), Value: g.Text(countedTo(v, c.Count))})
	}
	body := []g.Node{organizationCrumbs(v, o), page.Header(o.Name, shell.PathText(o.Path), organizationActions(q, o)...), searchBar(q, "")}
	if len(facts) > 0 {
		body = append(body, page.KeyValues(facts...))
	}
	empty := page.Empty(v.T("Nothing below it"), v.T("Departments or customers that lie below this organization stand here."))
	return q.Show(o.Name, append(body, page.Section(v.T("Below it"), organizationTable(q, below, v.T("Below {name}", "name", o.Name), empty)))...)
}

func countedTo(v page.View, n int) string {
	if n >= store.CountLimit {
		return v.T("{n} or more", "n", n)
	}
	return v.Num(n)
}

// contentWords are what the contents of an organization are called.
var contentWords = map[string]string{"organizations": page.Say("Organizations"), "people": page.Say("People"), "teams": page.Say("Teams"), "courses": page.Say("Courses"),
	"invitations": page.Say("Invitations"), "roles given": page.Say("Roles given"), "policies": page.Say("Policies"), "changed permissions": page.Say("Changed permissions")}

func organizationCrumbs(v page.View, o action.OrganizationShown, more ...page.Link) g.Node {
	links := []page.Link{{Label: v.T("Organizations"), Href: "/manage/organizations"}}
	for _, p := range o.Path {
		links = append(links, page.Link{Label: p.Name, Href: "/manage/organizations/" + p.ID.String()})
	}
	last := page.Link{Label: o.Name}
	if len(more) > 0 {
		last.Href = "/manage/organizations/" + o.ID.String()
	}
	return page.Crumbs(v, append(append(links, last), more...)...)
}

func organizationActions(q *shell.Req, o action.OrganizationShown) []g.Node {
	v, to := q.View, "/manage/organizations/"+o.ID.String()
	out := []g.Node{page.LinkButton(v.T("People"), "/manage/users?organization="+o.ID.String())}
	if q.Can(access.PermissionViewGrid, access.Thing{Kind: access.Organization, ID: o.ID, Portal: q.Who.Portal, Org: o.ID}) {
		out = append(out, page.LinkButton(v.T("Permissions"), "/permissions?organization="+o.ID.String()))
	}
	if o.MayEdit {
		out = append(out, page.LinkButton(v.T("Admin"), to+"/admin"))
	}
	var items []page.MenuItem
	if o.MayEdit && !o.Root {
		items = append(items, page.MenuItem{Label: v.T("Rename"), Icon: "edit", Href: to + "/edit"})
	}
	if o.MayMove {
		items = append(items, page.MenuItem{Label: v.T("Move"), Icon: "org", Href: to + "/move"},
			page.MenuItem{Label: v.T("Close or merge"), Icon: "import", Href: to + "/close"},
			page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: to + "/delete", Danger: true})
	}
	if len(items) > 0 {
		out = append(out, page.MenuButton(v.T("Actions"), items...))
	}
	if o.MayCreate {
		out = append(out, page.PrimaryLink(v.T("Add an organization below"), to+"/new"))
	}
	return out
}

// organizationForm shows a form on an organization, to those who may do what it does.
func organizationForm(q *shell.Req, p *access.Permission, may func(action.OrganizationShown) bool, title string, fields func(o action.OrganizationShown) page.Form) error {
	o, err := onOrganization(q)
	if err != nil {
		return err
	}
	if !may(o) {
		return store.NotAllowed(q.Actor.May(p))
	}
	v := q.View
	form := fields(o)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/organizations/"+o.ID.String()))
	return q.Show(title, organizationCrumbs(v, o, page.Link{Label: title}), page.Header(title, o.Name), form.Node(v))
}

func organizationFields(q *shell.Req, name, code string) []g.Node {
	v := q.View
	n, c := q.Field("name", v.T("Name"), name), q.Field("code", v.T("Code"), code)
	n.Required = true
	c.Hint = v.T("What another system calls it.")
	return []g.Node{page.Input(v, n), page.Input(v, c)}
}

func newOrganization(q *shell.Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayCreate }
	return organizationForm(q, access.OrganizationCreate, may, q.T("Add an organization"), func(o action.OrganizationShown) page.Form {
		return q.Form("/manage/organizations/"+o.ID.String()+"/new", page.Button(q.T("Add")),
			append(organizationFields(q, "", ""), page.Hidden("parent", o.ID.String()))...)
	})
}

func editOrganization(q *shell.Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayEdit }
	return organizationForm(q, access.OrganizationAdminister, may, q.T("Rename"), func(o action.OrganizationShown) page.Form {
		return q.Form("/manage/organizations/"+o.ID.String()+"/edit", page.Button(q.T("Save")), organizationFields(q, o.Name, o.Code)...)
	})
}

func moveOrganization(q *shell.Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayMove }
	return organizationForm(q, access.OrganizationCreate, may, q.T("Move"), func(o action.OrganizationShown) page.Form {
		parent := q.OrganizationField("parent", q.T("Below which organization"), action.Named{})
		parent.Field.Required = true
		form := q.Form("/manage/organizations/"+o.ID.String()+"/move", page.Button(q.T("Move")),
			page.P(q.T("Everything in it moves along. Who administers an organization above its new place administers it too, from the next click.")), parent.Node(q.View), q.Preview())
		form.Preview = "/manage/organizations/" + o.ID.String() + "/move"
		form.Submit = append(form.Submit, page.Secondary(q.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")))
		return form
	})
}

// confirmDeleteOrganization asks before an organization is deleted, or says what is still in it.
func confirmDeleteOrganization(q *shell.Req) error {
	o, err := onOrganization(q)
	if err != nil {
		return err
	}
	if !o.MayMove {
		return store.NotAllowed(q.Actor.May(access.OrganizationCreate))
	}
	v, to := q.View, "/manage/organizations/"+o.ID.String()
	title := v.T("Delete {name}?", "name", o.Name)
	if len(o.Contents) == 0 {
		return q.Show(title, organizationCrumbs(v, o, page.Link{Label: v.T("Delete")}), page.Confirm{Title: title, Text: v.T("Nothing lies in it."),
			Action: to + "/delete", Button: v.T("Delete {name}", "name", o.Name), Cancel: to}.Node(v))
	}
	var facts []page.KV
	for _, c := range o.Contents {
		facts = append(facts, page.KV{Key: v.T(contentWords[c.Kind]), Value: g.Text(countedTo(v, c.Count))})
	}
	return q.Show(title, organizationCrumbs(v, o, page.Link{Label: v.T("Delete")}), page.Header(v.T("{name} cannot be deleted yet", "name", o.Name), ""),
		page.Notice(page.Warn, g.Text(v.T("Only an empty organization is deleted. Close it instead: everything in it then goes into another."))), page.KeyValues(facts...),
		page.Inline(page.PrimaryLink(v.T("Close or merge"), to+"/close"), page.LinkButton(v.T("Back"), to)))
}
