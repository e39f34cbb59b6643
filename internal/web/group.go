package web

import (
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

const groupsAt = "/manage/groups"

func groupRoutes(s *shell.Server) {
	s.Get("/manage/groups", action.ListGroups, listGroups)
	s.Get("/manage/groups/new", action.ListGroups, newGroup)
	s.Post("/manage/groups", shell.Submit(action.CreateGroup, "/manage/groups/{id}").Says(page.Say("The group {name} is there. Now add people to it.")).On(newGroup))
	s.Get("/manage/groups/{group}", action.ShowGroup, showGroup)
	s.Get("/manage/groups/{group}/edit", action.ShowGroup, editGroup)
	s.Post("/manage/groups/{group}", shell.Submit(action.RenameGroup, "/manage/groups/{group}").Says(page.Say("{name} is saved.")).On(editGroup))
	s.PostTo("/manage/groups/{group}/members", action.AddGroupMembers, addToGroup)
	s.Get("/manage/groups/{group}/members/{account}/remove", action.ShowGroup, confirmRemoval)
	s.Post("/manage/groups/{group}/members/{account}/remove", shell.Submit(action.RemoveGroupMember, "/manage/groups/{group}").
		Says(page.Say("{name} is out of the group. It counts from their next click.")))
	s.Get("/manage/groups/{group}/delete", action.ShowGroup, confirmGroupEnd)
	s.PostTo("/manage/groups/{group}/delete", action.DeleteGroup, deleteGroup)
}

// listGroups is the Groups tab of Management.
func listGroups(q *shell.Req) error {
	var in action.GroupQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListGroups, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, group := range out.Items {
		name := page.Named(group.Name, group.About)
		rows[i] = page.Row{Href: groupsAt + "/" + group.ID.String(), Cells: []g.Node{name, builtinBadge(v, group.Internal), g.Text(v.Num(group.People))}}
	}
	empty := page.Empty(v.T("No groups"), v.T("A group is people who receive policies together. Make one, bind policies to it, and add people."))
	if in.Query != "" {
		empty = page.Empty(v.T("No group found"), v.T("No group that you may see is called so."))
	}
	var actions []g.Node
	if q.May(access.GroupCreate) {
		actions = append(actions, page.PrimaryLink(v.T("New group"), groupsAt+"/new"))
	}
	return q.Show(v.T("Groups"),
		page.Header(v.T("Groups"), v.T("People who receive policies together: to give access, add people to a group."), actions...),
		page.Filters{Action: groupsAt, SearchName: "q", SearchLabel: v.T("Search groups"), Query: in.Query, Summary: v.N("{n} group", "{n} groups", out.Total)}.Node(v),
		page.Table{Caption: v.T("Groups"), Columns: []page.Column{{Title: v.T("Group"), Wide: true}, {Title: v.T("Kind")}, {Title: v.T("People"), Align: page.End}},
			Rows: rows, Empty: empty}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

// builtinBadge marks what every portal has.
func builtinBadge(v page.View, builtin bool) g.Node {
	if builtin {
		return page.Badge(page.Info, v.T("Built in"))
	}
	return page.Badge(page.Plain, v.T("Your own"))
}

func groupFields(q *shell.Req, name, about string) []g.Node {
	v := q.View
	title := q.Field("name", v.T("Name"), name)
	title.Required = true
	text := q.Field("about", v.T("What it is for"), about)
	return []g.Node{page.Input(v, title), page.Textarea(v, text, 2)}
}

func newGroup(q *shell.Req) error {
	v := q.View
	if !q.May(access.GroupCreate) {
		return store.NotAllowed(q.Actor.May(access.GroupCreate))
	}
	form := q.Form(groupsAt, page.Button(v.T("Create the group")), groupFields(q, "", "")...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), groupsAt))
	return q.Show(v.T("New group"), page.Crumbs(v, page.Link{Label: v.T("Groups"), Href: groupsAt}, page.Link{Label: v.T("New group")}),
		page.Header(v.T("New group"), v.T("It begins without people and policies.")), form.Node(v))
}

func groupCrumbs(v page.View, group action.GroupItem, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Groups"), Href: groupsAt}, {Label: group.Name, Href: groupsAt + "/" + group.ID.String()}}, more...)...)
}

// showGroup is a group: adding people with what they would gain, who is in it, and what its policies give (LM-5).
func showGroup(q *shell.Req) error {
	out, err := groupOf(q)
	if err != nil {
		return err
	}
	v, at := q.View, groupsAt+"/"+out.ID.String()
	var actions []g.Node
	if out.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Edit"), at+"/edit"), page.LinkButton(v.T("Delete"), at+"/delete"))
	}
	add, err := groupAdd(q, out, at)
	if err != nil {
		return err
	}
	return q.Show(out.Name, groupCrumbs(v, out.GroupItem), page.Header(out.Name, out.About, actions...),
		page.SideBySide(add, page.Card(v.T("What its people get"), groupGives(q, out))),
		page.Section(v.T("People"), groupPeople(q, out, at)...))
}

// groupOf reads a group; after a form, without what the form said.
func groupOf(q *shell.Req) (action.GroupDetail, error) {
	var in action.GroupPeople
	if err := q.Fill(&in); err != nil {
		return action.GroupDetail{}, err
	}
	return shell.RunWith(q, action.ShowGroup, in)
}

// groupAdd is the form that adds people, with what each of them would gain.
func groupAdd(q *shell.Req, out action.GroupDetail, at string) (g.Node, error) {
	v := q.View
	if !out.MayAdd {
		return page.Card(v.T("Add people"), page.Unavailable(v.T("Add people"), v.T("You may see this group, but not change who is in it."))), nil
	}
	people, err := q.People("accounts")
	if err != nil {
		return nil, err
	}
	people.Field.Label, people.Field.Required = v.T("People"), true
	form := q.Form(at+"/members", page.Button(v.T("Save")), people.Node(v), q.Ends(""), q.Preview())
	form.Preview = at + "/members"
	form.Submit = append(form.Submit, previewButton(v))
	return page.Card(v.T("Add people"), form.Node(v)), nil
}

// previewButton shows a form's effects where there are no scripts.
func previewButton(v page.View) g.Node {
	return page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1"))
}

// groupGives lists what the policies of a group give.
func groupGives(q *shell.Req, out action.GroupDetail) g.Node {
	v := q.View
	if !q.May(access.PolicyList) {
		return page.Empty(v.T("Hidden"), v.T("You may not see policies, and so not what this group gives."))
	}
	if len(out.Policies) == 0 {
		text := v.T("No policy is bound to this group yet, so being in it gives nothing.")
		if q.May(access.PolicyEdit) {
			return page.Empty(v.T("Nothing yet"), text, page.LinkButton(v.T("New policy"), policiesAt+"/new?group="+out.ID.String()))
		}
		return page.Empty(v.T("Nothing yet"), text)
	}
	rows := make([]page.Row, len(out.Policies))
	for i, p := range out.Policies {
		rows[i] = page.Row{Cells: []g.Node{page.TextLink(v.T(p.Role.Title), policiesAt+"/"+p.ID.String()), placeLines(v, p.Places)}}
	}
	return page.Table{Caption: v.T("What its people get"), Columns: []page.Column{{Title: v.T("Role"), Wide: true}, {Title: v.T("Where")}}, Rows: rows, Dense: true}.Node(v)
}

func groupPeople(q *shell.Req, out action.GroupDetail, at string) []g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, p := range out.Items {
		cells := []g.Node{page.TextLink(p.Name, "/people/"+p.ID.String()+"/access"), g.Text(p.Organization), g.Text(v.Date(p.Since)), g.Text(untilText(v, p.Until)), g.Text(givenBy(v, p.By))}
		if out.MayAdd {
			cells = append(cells, page.Menu(v.T("Actions for {name}", "name", p.Name),
				page.MenuItem{Label: v.T("Take out of the group"), Icon: "minus", Href: at + "/members/" + p.ID.String() + "/remove", Danger: true}))
		}
		rows[i] = page.Row{Cells: cells}
	}
	columns := []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Organization")}, {Title: v.T("Since"), NoWrap: true}, {Title: v.T("Until"), NoWrap: true}, {Title: v.T("Added by"), NoWrap: true}}
	if out.MayAdd {
		columns = append(columns, page.Column{Title: v.T("Actions"), Quiet: true})
	}
	query := q.R.URL.Query().Get("q")
	empty := page.Empty(v.T("Nobody is in this group yet"), v.T("People appear here when they are added."))
	if query != "" {
		empty = page.Empty(v.T("Nobody found"), v.T("Nobody in this group is called so."))
	}
	body := []g.Node{page.Filters{Action: at, SearchName: "q", SearchLabel: v.T("Search people of the group"), Query: query, Summary: counted(v, out.Total)}.Node(v),
		page.Table{Caption: v.T("People in {name}", "name", out.Name), Columns: columns, Rows: rows, Empty: empty}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total)}
	if hidden := out.People - out.Total; hidden > 0 && query == "" && out.Total < shell.MaxCounted {
		body = append(body, page.Muted(v.N("and {n} person whom you may not see", "and {n} people whom you may not see", hidden)))
	}
	return body
}

// untilText is the last day of what ends by itself.
func untilText(v page.View, until time.Time) string {
	if until.IsZero() {
		return v.T("no end")
	}
	return v.Date(until.Add(-time.Microsecond))
}

// givenBy is who gave something; the portal itself where it came with it.
func givenBy(v page.View, name string) string {
	if name == "" {
		return v.T("the portal")
	}
	return name
}

// addToGroup takes the picker's text as the lines of a pasted list.
func addToGroup(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	q.R.PostForm["lines"] = page.Lines(q.R.PostForm.Get(page.TextName("accounts")))
	return shell.Submit(action.AddGroupMembers, "/manage/groups/{group}").Says(page.Say("They are in the group. What it gives counts from their next click.")).On(showGroup).Serve(q)
}

func editGroup(q *shell.Req) error {
	out, err := groupOf(q)
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptGroup(q, out)
	}
	v, at := q.View, groupsAt+"/"+out.ID.String()
	form := q.Form(at, page.Button(v.T("Save")), groupFields(q, out.Name, out.About)...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at))
	return q.Show(v.T("Edit {name}", "name", out.Name), groupCrumbs(v, out.GroupItem, page.Link{Label: v.T("Edit")}),
		page.Header(v.T("Edit {name}", "name", out.Name), ""), form.Node(v))
}

// keptGroup refuses to change a group that every portal has, or that is not one's to change.
func keptGroup(q *shell.Req, out action.GroupDetail) error {
	if out.Internal {
		return fail.New(fail.NotAllowed, page.Say("Every portal keeps this group: it is not renamed or deleted."))
	}
	return store.NotAllowed(q.Actor.May(access.GroupEdit))
}

func confirmRemoval(q *shell.Req) error {
	out, err := groupOf(q)
	if err != nil {
		return err
	}
	var in action.GroupMember
	if err := q.Fill(&in); err != nil {
		return err
	}
	done, effects, err := action.RemoveGroupMember.Preview(q.Ctx(), q.Env(), q.Who, in)
	if err != nil {
		return err
	}
	v, at := q.View, groupsAt+"/"+out.ID.String()
	title := v.T("Take {name} out of {group}?", "name", done.Name, "group", out.Name)
	return q.Show(title, groupCrumbs(v, out.GroupItem, page.Link{Label: done.Name}), page.Header(title, ""),
		page.Confirm{Title: v.T("Take out of the group"), Text: v.T("What the group gives is refused from their next click on."), Action: at + "/members/" + in.Account.String() + "/remove",
			Button: v.T("Take out of the group"), Cancel: at}.Node(v), shell.EffectsOf(effects).Node(v))
}

func confirmGroupEnd(q *shell.Req) error {
	out, err := groupOf(q)
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptGroup(q, out)
	}
	v := q.View
	return confirmEnd(q, action.DeleteGroup, action.GroupEnd{Group: out.ID, Confirm: true}, groupCrumbs(v, out.GroupItem, page.Link{Label: v.T("Delete")}),
		page.Confirm{Title: v.T("Delete the group {name}?", "name", out.Name), Text: v.T("The people and policies stay; they are bound by this group no longer."),
			Action: groupsAt + "/" + out.ID.String() + "/delete", Button: v.T("Delete the group"), Cancel: groupsAt + "/" + out.ID.String()})
}

// confirmEnd says what a deletion would take away, and from whom, before it is done (LM-12, BE-2).
func confirmEnd[In any](q *shell.Req, o *op.Op[In, action.Lost], in In, crumbs g.Node, c page.Confirm) error {
	lost, effects, err := o.Preview(q.Ctx(), q.Env(), q.Who, in)
	if err != nil {
		return err
	}
	v := q.View
	if lost.People > 0 {
		c.Losses = append(c.Losses, v.N("What it gives to {n} person", "What it gives to {n} people", lost.People))
	}
	for _, p := range lost.Policies {
		c.Losses = append(c.Losses, v.T("The policy “{name}”", "name", p.Name))
	}
	title := c.Title
	c.Title = v.T("This cannot be taken back")
	return q.Show(title, crumbs, page.Header(title, ""), c.Node(v), shell.EffectsOf(effects).Node(v))
}

// deleteGroup deletes what confirmGroupEnd asked about.
func deleteGroup(q *shell.Req) error {
	in := action.GroupEnd{Confirm: true}
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Confirm = true
	if _, err := shell.RunWith(q, action.DeleteGroup, in); err != nil {
		return err
	}
	return q.Redirect(groupsAt, page.Good, q.T("The group is deleted."))
}
