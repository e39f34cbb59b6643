package web

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/store"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

func (s *Server) organizationRoutes() {
	s.get("/organizations/search", action.ListOrganizations, searchOrganizations)
	s.get("/manage/organizations", action.ListOrganizations, listOrganizations)
	at := "/manage/organizations/{organization}"
	s.get(at, action.ShowOrganization, showOrganization)
	s.get(at+"/new", action.ShowOrganization, newOrganization)
	s.post(at+"/new", submit(action.CreateOrganization, "/manage/organizations/{id}").says(page.Say("{name} is made.")).on(newOrganization))
	s.get(at+"/edit", action.ShowOrganization, editOrganization)
	s.post(at+"/edit", submit(action.RenameOrganization, at).says(page.Say("{name} is saved.")).on(editOrganization))
	s.get(at+"/move", action.ShowOrganization, moveOrganization)
	s.postTo(at+"/move", action.MoveOrganization, choosing("parent",
		submit(action.MoveOrganization, at).says(page.Say("{name} is moved.")).on(moveOrganization)))
	s.get(at+"/delete", action.ShowOrganization, confirmDeleteOrganization)
	s.post(at+"/delete", submit(action.DeleteOrganization, "/manage/organizations").says(page.Say("The organization is deleted.")).on(confirmDeleteOrganization))
}

// searchOrganizations is the source of pickers of organizations.
func searchOrganizations(q *Req) error {
	var in action.OrganizationQuery
	if err := q.fill(&in); err != nil {
		return err
	}
	in.Size = searchSize
	out, err := runWith(q, action.ListOrganizations, in)
	if err != nil {
		return err
	}
	choices := make([]page.Choice, len(out.Items))
	for i, o := range out.Items {
		choices[i] = page.Choice{ID: o.ID.String(), Label: o.Name, Detail: pathText(o.Path)}
	}
	return q.json(choices)
}

// organizationTable is a list of organizations, each with the way to it.
func organizationTable(q *Req, out action.OrganizationPage, caption string, empty g.Node) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, o := range out.Items {
		rows[i] = page.Row{Href: "/manage/organizations/" + o.ID.String(),
			Cells: []g.Node{page.Named(o.Name, pathText(o.Path)), g.Text(o.Code), g.Text(v.Num(o.Children))}}
	}
	return g.Group{page.Table{Caption: caption, Columns: []page.Column{{Title: v.T("Organization"), Wide: true}, {Title: v.T("Code")},
		{Title: v.T("Below it"), Align: page.End}}, Rows: rows, Empty: empty}.Node(v), q.pager(out.Prev, out.Next, len(out.Items), shownTotal(out.Total))}
}

// listOrganizations is the top of the tree, or what a search of it finds.
func listOrganizations(q *Req) error {
	var in action.OrganizationQuery
	if err := q.fill(&in); err != nil {
		return err
	}
	out, err := runWith(q, action.ListOrganizations, in)
	if err != nil {
		return err
	}
	if len(out.Items) == 1 && in == (action.OrganizationQuery{}) {
		return showOneOrganization(q, out.Items[0].ID.String())
	}
	v := q.View
	return q.show(v.T("Organizations"), page.Header(v.T("Organizations"), v.T("The parts of the portal, in a tree.")), searchBar(q, in.Query),
		organizationTable(q, out, v.T("Organizations"), page.Empty(v.T("Nothing found"), v.T("No organization that you may see is called so."))))
}

func searchBar(q *Req, query string) g.Node {
	return page.Filters{Action: "/manage/organizations", SearchName: "q", SearchLabel: q.T("Search organizations"), Query: query}.Node(q.View)
}

func onOrganization(q *Req) (action.OrganizationShown, error) {
	return run(q, action.ShowOrganization)
}

func showOrganization(q *Req) error { return showOneOrganization(q, q.R.PathValue("organization")) }

// showOneOrganization is one organization with what lies directly below it.
func showOneOrganization(q *Req, text string) error {
	var id action.OrganizationID
	if err := id.Organization.UnmarshalText([]byte(text)); err != nil {
		return notFound
	}
	o, err := runWith(q, action.ShowOrganization, id)
	if err != nil {
		return err
	}
	list := action.OrganizationQuery{Parent: o.ID, After: q.R.URL.Query().Get("after"), Before: q.R.URL.Query().Get("before")}
	below, err := runWith(q, action.ListOrganizations, list)
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
	body := []g.Node{organizationCrumbs(v, o), page.Header(o.Name, pathText(o.Path), organizationActions(q, o)...), searchBar(q, "")}
	if len(facts) > 0 {
		body = append(body, page.KeyValues(facts...))
	}
	empty := page.Empty(v.T("Nothing below it"), v.T("Departments or customers that lie below this organization stand here."))
	return q.show(o.Name, append(body, page.Section(v.T("Below it"), organizationTable(q, below, v.T("Below {name}", "name", o.Name), empty)))...)
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

func organizationActions(q *Req, o action.OrganizationShown) []g.Node {
	v, to := q.View, "/manage/organizations/"+o.ID.String()
	out := []g.Node{page.LinkButton(v.T("People"), "/manage/users?organization="+o.ID.String())}
	var items []page.MenuItem
	if o.MayEdit && !o.Root {
		items = append(items, page.MenuItem{Label: v.T("Rename"), Icon: "edit", Href: to + "/edit"})
	}
	if o.MayMove {
		items = append(items, page.MenuItem{Label: v.T("Move"), Icon: "org", Href: to + "/move"},
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
func organizationForm(q *Req, p *access.Permission, may func(action.OrganizationShown) bool, title string, fields func(o action.OrganizationShown) page.Form) error {
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
	return q.show(title, organizationCrumbs(v, o, page.Link{Label: title}), page.Header(title, o.Name), form.Node(v))
}

func organizationFields(q *Req, name, code string) []g.Node {
	v := q.View
	n, c := q.field("name", v.T("Name"), name), q.field("code", v.T("Code"), code)
	n.Required = true
	c.Hint = v.T("What another system calls it.")
	return []g.Node{page.Input(v, n), page.Input(v, c)}
}

func newOrganization(q *Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayCreate }
	return organizationForm(q, access.OrganizationCreate, may, q.T("Add an organization"), func(o action.OrganizationShown) page.Form {
		return q.form("/manage/organizations/"+o.ID.String()+"/new", page.Button(q.T("Add")),
			append(organizationFields(q, "", ""), page.Hidden("parent", o.ID.String()))...)
	})
}

func editOrganization(q *Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayEdit }
	return organizationForm(q, access.OrganizationAdminister, may, q.T("Rename"), func(o action.OrganizationShown) page.Form {
		return q.form("/manage/organizations/"+o.ID.String()+"/edit", page.Button(q.T("Save")), organizationFields(q, o.Name, o.Code)...)
	})
}

func moveOrganization(q *Req) error {
	may := func(o action.OrganizationShown) bool { return o.MayMove }
	return organizationForm(q, access.OrganizationCreate, may, q.T("Move"), func(o action.OrganizationShown) page.Form {
		parent := q.organizationField("parent", q.T("Below which organization"), action.Named{})
		parent.Field.Required = true
		return q.form("/manage/organizations/"+o.ID.String()+"/move", page.Button(q.T("Move")),
			page.P(q.T("Everything in it moves along. Who administers an organization above its new place administers it too, from the next click.")), parent.Node(q.View))
	})
}

// confirmDeleteOrganization asks before an organization is deleted, or says what is still in it.
func confirmDeleteOrganization(q *Req) error {
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
		return q.show(title, organizationCrumbs(v, o, page.Link{Label: v.T("Delete")}), page.Confirm{Title: title, Text: v.T("Nothing lies in it."),
			Action: to + "/delete", Button: v.T("Delete {name}", "name", o.Name), Cancel: to}.Node(v))
	}
	var facts []page.KV
	for _, c := range o.Contents {
		facts = append(facts, page.KV{Key: v.T(contentWords[c.Kind]), Value: g.Text(countedTo(v, c.Count))})
	}
	return q.show(title, organizationCrumbs(v, o, page.Link{Label: v.T("Delete")}), page.Header(v.T("{name} cannot be deleted yet", "name", o.Name), ""),
		page.Notice(page.Warn, g.Text(v.T("Only an empty organization is deleted. Move or delete what lies in it first."))), page.KeyValues(facts...), page.LinkButton(v.T("Back"), to))
}
