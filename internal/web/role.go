package web

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

const rolesAt = "/manage/roles"

func roleRoutes(s *shell.Server) {
	s.Get("/manage/roles", action.ListRoles, listRoles)
	s.Get("/manage/roles/new", action.ListRights, newRole)
	s.Post("/manage/roles", shell.Submit(action.CreateRole, "/manage/roles/{id}").Says(page.Say("The role {title} is there. Policies give it to people.")).On(newRole))
	s.Get("/manage/roles/{role}", action.ShowRole, showRole)
	s.Get("/manage/roles/{role}/edit", action.ShowRole, editRole)
	s.Post("/manage/roles/{role}", shell.Submit(action.EditRole, "/manage/roles/{role}").Says(page.Say("{title} is saved. It counts from everybody's next click.")).On(editRole))
	s.Get("/manage/roles/{role}/delete", action.ShowRole, confirmRoleEnd)
	s.PostTo("/manage/roles/{role}/delete", action.DeleteRole, deleteRole)
}

// listRoles is the Roles tab of Management.
func listRoles(q *shell.Req) error {
	out, err := shell.Run(q, action.ListRoles)
	if err != nil {
		return err
	}
	v, query := q.View, q.R.URL.Query().Get("q")
	rows := make([]page.Row, len(out.Items))
	for i, r := range out.Items {
		rows[i] = page.Row{Href: rolesAt + "/" + string(r.ID), Cells: []g.Node{page.Named(v.T(r.Title), v.T(r.About)), builtinBadge(v, r.Builtin),
			g.Text(v.Num(r.Rights)), g.Text(v.Num(r.Policies)), g.Text(v.Num(r.People))}}
	}
	var actions []g.Node
	if q.May(access.RoleEdit) {
		actions = append(actions, page.PrimaryLink(v.T("New role"), rolesAt+"/new"))
	}
	return q.Show(v.T("Roles"),
		page.Header(v.T("Roles"), v.T("A role is a set of permissions. Policies give it to people, at places."), actions...),
		page.Filters{Action: rolesAt, SearchName: "q", SearchLabel: v.T("Search roles"), Query: query, Summary: v.N("{n} role", "{n} roles", len(out.Items))}.Node(v),
		page.Table{Caption: v.T("Roles"), Columns: []page.Column{{Title: v.T("Role"), Wide: true}, {Title: v.T("Kind")}, {Title: v.T("Permissions"), Align: page.End},
			{Title: v.T("Policies"), Align: page.End}, {Title: v.T("People"), Align: page.End}}, Rows: rows,
			Empty: page.Empty(v.T("No role found"), v.T("No role is called so."))}.Node(v))
}

func roleCrumbs(v page.View, r action.RoleItem, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Roles"), Href: rolesAt}, {Label: r.Title, Href: rolesAt + "/" + string(r.ID)}}, more...)...)
}

// showRole is a role: what it holds, and which policies give it.
func showRole(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowRole)
	if err != nil {
		return err
	}
	v, at := q.View, rolesAt+"/"+string(out.ID)
	var actions []g.Node
	if out.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Edit"), at+"/edit"), page.LinkButton(v.T("Delete"), at+"/delete"))
	}
	if q.May(access.RoleEdit) {
		actions = append(actions, page.LinkButton(v.T("Copy"), rolesAt+"/new?copy_of="+string(out.ID)))
	}
	if q.May(access.PolicyEdit) {
		actions = append(actions, page.PrimaryLink(v.T("Give this role"), policiesAt+"/new?role="+string(out.ID)))
	}
	kinds := make([]string, len(out.At))
	for i, k := range out.At {
		kinds[i] = kindWord(v, k)
	}
	facts := page.KeyValues(page.KV{Key: v.T("Kind"), Value: builtinBadge(v, out.Builtin)},
		page.KV{Key: v.T("May be given at"), Value: g.Text(strings.Join(kinds, ", "))},
		page.KV{Key: v.T("People who have it now"), Value: g.Text(v.Num(out.People))})
	return q.Show(v.T(out.Title), roleCrumbs(v, out.RoleItem), page.Header(v.T(out.Title), v.T(out.About), actions...),
		page.Card("", facts),
		page.Section(v.T("What it allows"), rightsByGroup(v, out.Rights)),
		page.Section(v.T("Policies that give it"), policyTable(v, out.UsedBy, v.T("No policy gives this role yet."))))
}

func rightsByGroup(v page.View, rights []action.Right) g.Node {
	var groups []page.RightGroup
	for _, r := range rights {
		if len(groups) == 0 || groups[len(groups)-1].Title != v.T(r.Section) {
			groups = append(groups, page.RightGroup{Title: v.T(r.Section)})
		}
		last := &groups[len(groups)-1]
		last.Rights = append(last.Rights, v.T(r.Title))
	}
	if len(groups) == 0 {
		return page.Empty(v.T("Nothing"), v.T("This role allows nothing yet."))
	}
	return page.Rights(groups...)
}

// newRole starts from nothing, or as a copy of another role.
func newRole(q *shell.Req) error {
	all, err := shell.RunWith(q, action.ListRights, action.Nothing{})
	if err != nil {
		return err
	}
	v := q.View
	name, about, held := "", "", map[string]bool{}
	if from := q.R.URL.Query().Get("copy_of"); from != "" && q.Typed == nil {
		role, err := shell.RunWith(q, action.ShowRole, action.RolePath{Role: access.RoleID(from)})
		if err != nil {
			return err
		}
		name, about = v.T("Copy of {name}", "name", role.Title), role.About
		for _, r := range role.Rights {
			held[r.Key] = true
		}
	}
	form := q.Form(rolesAt, page.Button(v.T("Create the role")), roleFields(q, name, about, all.Items, held)...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), rolesAt))
	copies, err := copyChoice(q)
	if err != nil {
		return err
	}
	return q.Show(v.T("New role"), page.Crumbs(v, page.Link{Label: v.T("Roles"), Href: rolesAt}, page.Link{Label: v.T("New role")}),
		page.Header(v.T("New role"), v.T("A name for a set of permissions. Where it counts, and for whom, a policy says.")), copies, form.Node(v))
}

// copyChoice lets a new role start as a copy of another.
func copyChoice(q *shell.Req) (g.Node, error) {
	v := q.View
	list, err := shell.RunWith(q, action.ListRoles, action.RoleQuery{})
	if fail.Is(err, fail.NotAllowed) {
		return g.Group{}, nil
	}
	options := []page.Option{{Value: "", Label: v.T("nothing")}}
	for _, r := range list.Items {
		options = append(options, page.Option{Value: string(r.ID), Label: v.T(r.Title)})
	}
	from := page.Field{Name: "copy_of", Label: v.T("Start as a copy of"), Value: q.R.URL.Query().Get("copy_of")}
	return page.Filters{Action: rolesAt + "/new", Fields: []g.Node{page.SmallSelect(from, options)}}.Node(v), err
}

// roleFields are a role's name, what it is for, and its permissions by section; what one may not give cannot be ticked.
func roleFields(q *shell.Req, name, about string, all []action.Right, held map[string]bool) []g.Node {
	v := q.View
	if q.Typed != nil {
		held = map[string]bool{}
		for _, key := range q.Typed["permissions"] {
			held[key] = true
		}
	}
	title := q.Field("name", v.T("Name"), name)
	title.Required = true
	out := []g.Node{page.Input(v, title), page.Textarea(v, q.Field("about", v.T("What it is for"), about), 2)}
	options, section, first := []page.Option{}, "", true
	flush := func() {
		if len(options) == 0 {
			return
		}
		f := page.Field{Name: "permissions", Label: v.T(section), Required: true, ID: "f-permissions-" + strings.ToLower(strings.ReplaceAll(section, " ", "-"))}
		if first {
			f.ID, f.Error, first = "", q.Wrong("permissions"), false
		}
		out = append(out, page.CheckGroup(v, f, options))
		options = nil
	}
	for _, r := range all {
		if r.Section != section {
			flush()
			section = r.Section
		}
		o := page.Option{Value: r.Key, Label: v.T(r.Title), Chosen: held[r.Key]}
		if !r.MayGive && !held[r.Key] {
			o.Disabled, o.Hint = true, v.T("You do not hold this in the whole portal, so you cannot give it.")
		}
		options = append(options, o)
	}
	flush()
	return []g.Node{out[0], out[1], page.Two(out[2:]...)}
}

// editRole changes a role of the portal's own, with who would gain and lose what.
func editRole(q *shell.Req) error {
	out, err := shell.RunWith(q, action.ShowRole, action.RolePath{Role: access.RoleID(q.R.PathValue("role"))})
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptRole(q, out)
	}
	all, err := shell.RunWith(q, action.ListRights, action.Nothing{})
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, r := range out.Rights {
		held[r.Key] = true
	}
	v, at := q.View, rolesAt+"/"+string(out.ID)
	form := q.Form(at, page.Button(v.T("Save")), append(roleFields(q, out.Title, out.About, all.Items, held), q.Preview())...)
	form.Preview = at
	form.Submit = append(form.Submit, previewButton(v), page.LinkButton(v.T("Cancel"), at))
	return q.Show(v.T("Edit {name}", "name", out.Title), roleCrumbs(v, out.RoleItem, page.Link{Label: v.T("Edit")}),
		page.Header(v.T("Edit {name}", "name", out.Title), v.N("{n} person has this role now.", "{n} people have this role now.", out.People)), form.Node(v))
}

// keptRole refuses to change a role that every portal has, or that is not one's to change.
func keptRole(q *shell.Req, out action.RoleDetail) error {
	if out.Builtin {
		return fail.New(fail.NotAllowed, page.Say("Every portal has this role: it is not edited or deleted. Copy it instead."))
	}
	return store.NotAllowed(q.Actor.May(access.RoleEdit))
}

func confirmRoleEnd(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowRole)
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptRole(q, out)
	}
	v, at := q.View, rolesAt+"/"+string(out.ID)
	return confirmEnd(q, action.DeleteRole, action.RoleEnd{Role: out.ID, Confirm: true}, roleCrumbs(v, out.RoleItem, page.Link{Label: v.T("Delete")}),
		page.Confirm{Title: v.T("Delete the role {name}?", "name", out.Title), Text: v.T("The policies that give it are deleted with it, whole."),
			Action: at + "/delete", Button: v.T("Delete the role"), Cancel: at})
}

// deleteRole deletes what confirmRoleEnd asked about.
func deleteRole(q *shell.Req) error {
	var in action.RoleEnd
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Confirm = true
	if _, err := shell.RunWith(q, action.DeleteRole, in); err != nil {
		return err
	}
	return q.Redirect(rolesAt, page.Good, q.T("The role is deleted."))
}
