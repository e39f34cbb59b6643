package web

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func teamRoutes(s *shell.Server) {
	s.Get("/manage/teams", action.ListTeams, listTeams)
	s.Get("/teams/new", action.TeamOrganizations, newTeam)
	s.Get("/teams/organizations/search", action.TeamOrganizations, searchTeamOrganizations)
	s.PostTo("/teams", action.CreateTeam, createTeam)
	s.Get("/teams/{team}", action.ShowTeam, showTeam)
	s.Get("/teams/{team}/edit", action.ShowTeam, editTeam)
	s.Post("/teams/{team}/edit", shell.Submit(action.EditTeam, "/teams/{team}").Says(page.Say("The team is saved.")).On(editTeam))
	s.Get("/teams/{team}/delete", action.ForeseeTeamEnd, confirmTeamEnd)
	s.PostTo("/teams/{team}/delete", action.DeleteTeam, endTeam)
	s.Get("/teams/{team}/add", action.ShowTeam, addToTeam)
	s.PostTo("/teams/{team}/add", action.AddTeamMembers, addPeople)
	s.Get("/teams/{team}/members/{account}", action.ShowTeam, showTeamRoles)
	s.Post("/teams/{team}/members/{account}", shell.Submit(action.SetTeamRoles, "/teams/{team}").Says(page.Say("{name} has these roles now.")).On(showTeamRoles))
	s.Get("/teams/{team}/members/{account}/remove", action.ShowTeam, confirmRemove)
	s.Post("/teams/{team}/members/{account}/remove", shell.Submit(action.RemoveTeamMember, "/teams/{team}").Says(page.Say("{name} is out of the team.")).On(confirmRemove))
	shareRoutes(s)
}

// listTeams is the Teams tab of Management: the teams that one may see (LM-1, LM-6).
func listTeams(q *shell.Req) error {
	var in action.TeamQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListTeams, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, t := range out.Items {
		rows[i] = page.Row{Cells: []g.Node{page.Named(t.Name, t.About), g.Text(t.Organization), g.Text(leadersText(v, t.Leaders)), g.Text(v.Num(t.Members))}}
		if t.MayView {
			rows[i].Href = "/teams/" + t.ID.String()
		}
	}
	empty := page.Empty(v.T("No teams"), v.T("No team that you may see is called so."))
	if in.Query == "" && in.Org == 0 {
		empty = page.Empty(v.T("No teams yet"), v.T("Teams that you create, that are shared with you or that you are in stand here."))
	}
	var actions []g.Node
	if q.May(access.TeamCreate) {
		actions = append(actions, page.PrimaryLink(v.T("Create a team"), "/teams/new"))
	}
	return q.Show(v.T("Teams"),
		page.Header(v.T("Teams"), v.T("People who are gathered to be led and measured."), actions...), teamFilters(q, in, out),
		page.Table{Caption: v.T("Teams"), Columns: []page.Column{{Title: v.T("Team"), Wide: true}, {Title: v.T("Organization")},
			{Title: v.T("Leaders")}, {Title: v.T("People"), Align: page.End}}, Rows: rows, Empty: empty}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

func leadersText(v page.View, leaders []string) string {
	if len(leaders) > 2 {
		return v.T("{first} and {n} more", "first", leaders[0], "n", len(leaders)-1)
	}
	return strings.Join(leaders, ", ")
}

func teamFilters(q *shell.Req, in action.TeamQuery, out action.Teams) g.Node {
	v := q.View
	f := page.Filters{Action: "/manage/teams", SearchName: "q", SearchLabel: v.T("Search teams"), Query: in.Query, Keep: map[string]string{},
		Summary: v.N("{n} team", "{n} teams", out.Total)}
	if out.Total >= shell.MaxCounted {
		f.Summary = v.T("More than {n} teams", "n", shell.MaxCounted-1)
	}
	if out.Organization != nil {
		f.Keep["organization"], f.Clear = in.Org.String(), "/manage/teams"
		f.Chips = []page.Chip{{Label: v.T("In {organization}", "organization", out.Organization.Name), Remove: without(q, "organization")}}
		return f.Node(v)
	}
	orgs, err := shell.RunWith(q, action.ListOrganizations, action.OrganizationQuery{Whole: true, Size: 200})
	if err != nil || len(orgs.Items) == 0 {
		return f.Node(v)
	}
	options := []page.Option{{Value: "", Label: v.T("All organizations")}}
	for _, o := range orgs.Items {
		options = append(options, page.Option{Value: o.ID.String(), Label: shell.PathText(append(o.Path, action.Named{Name: o.Name}))})
	}
	f.Fields = []g.Node{page.SmallSelect(page.Field{Name: "organization", Label: v.T("Organization")}, options)}
	return f.Node(v)
}

func teamCrumbs(v page.View, t action.TeamShown, more ...page.Link) g.Node {
	links := append([]page.Link{{Label: v.T("Teams"), Href: "/manage/teams"}, {Label: t.Name, Href: "/teams/" + t.ID.String()}}, more...)
	return page.Crumbs(v, links...)
}

// findTeam is the team of the route.
func findTeam(q *shell.Req) (action.TeamShown, error) {
	id, err := db.ParseID(q.R.PathValue("team"))
	if err != nil {
		return action.TeamShown{}, shell.NotFound
	}
	return shell.RunWith(q, action.ShowTeam, action.TeamPeople{Team: id, Size: 1})
}

// showTeam opens a team: its people by role, read-only for those who may only read (LM-6).
func showTeam(q *shell.Req) error {
	t, err := shell.Run(q, action.ShowTeam)
	if err != nil {
		return err
	}
	v := q.View
	body := g.Group{teamCrumbs(v, t), page.Header(t.Name, teamLine(v, t), teamActions(v, t)...)}
	if len(t.May) == 0 {
		body = append(body, page.Notice(page.Info, g.Text(v.T("You may read this team. Its owners and administrators change it."))))
	}
	if t.About != "" {
		body = append(body, page.P(t.About))
	}
	body = append(body, page.Section(v.T("People"), peopleOfTeam(q, t)))
	if len(t.Invited) > 0 {
		body = append(body, page.Section(v.T("Invited"), invitedTable(v, t)))
	}
	return q.Show(t.Name, body)
}

func teamLine(v page.View, t action.TeamShown) string {
	line := t.Organization + " · " + v.N("{n} person takes part", "{n} people take part", t.Members)
	if t.LeadersReport {
		line += " · " + v.T("leaders run reports")
	}
	return line
}

func teamActions(v page.View, t action.TeamShown) []g.Node {
	var out []g.Node
	to := "/teams/" + t.ID.String()
	for _, a := range []struct {
		perm      *access.Permission
		label, to string
	}{{access.TeamShare, v.T("Share"), "/shares"}, {access.TeamChange, v.T("Edit"), "/edit"}, {access.TeamDelete, v.T("Delete"), "/delete"}} {
		if t.Allows(a.perm) {
			out = append(out, page.LinkButton(a.label, to+a.to))
		}
	}
	if t.Allows(access.TeamAddMember) {
		out = append(out, page.PrimaryLink(v.T("Add people"), to+"/add"))
	}
	return out
}

// roleWords are what the roles in a team are called on a chip, the highest first.
var roleWords = []struct {
	role access.RoleID
	text string
	hint string
}{
	{access.TeamOwner, page.Say("Owner"), page.Say("Everything in the team, also deleting it.")},
	{access.TeamAdmin, page.Say("Administrator"), page.Say("As the owner.")},
	{access.TeamLeader, page.Say("Leader"), page.Say("Takes part and leads.")},
	{access.TeamMember, page.Say("Member"), page.Say("Takes part.")},
}

func roleChips(v page.View, roles []action.InTeam) g.Node {
	var chips []page.Chip
	for _, w := range roleWords {
		for _, r := range roles {
			if w.role == r.ID {
				chips = append(chips, page.Chip{Label: v.T(w.text)})
			}
		}
	}
	return page.Chips(v, chips...)
}

func peopleOfTeam(q *shell.Req, t action.TeamShown) g.Node {
	v, query := q.View, q.R.URL.Query()
	to := "/teams/" + t.ID.String()
	options := []page.Option{{Value: "", Label: v.T("All roles")}}
	for _, w := range roleWords {
		options = append(options, page.Option{Value: string(w.role), Label: v.T(w.text)})
	}
	filters := page.Filters{Action: to, SearchName: "q", SearchLabel: v.T("Search people"), Query: query.Get("q"), Summary: counted(v, t.Total),
		Fields: []g.Node{page.SmallSelect(page.Field{Name: "role", Label: v.T("Role"), Value: query.Get("role")}, options)}}
	columns := []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Organization")}, {Title: v.T("Roles")}}
	menus := t.Allows(access.TeamSetRole) || t.Allows(access.TeamRemoveMember)
	if menus {
		columns = append(columns, page.Column{Title: v.T("Actions"), Quiet: true})
	}
	rows := make([]page.Row, len(t.People))
	for i, p := range t.People {
		name := page.Person(p.Name, p.Tell())
		if p.Archived {
			name = g.Group{name, page.Badge(page.Warn, v.T("Archived"))}
		}
		rows[i] = page.Row{Href: "/people/" + p.ID.String(), Muted: p.Archived, Cells: []g.Node{name, g.Text(p.Organization), roleChips(v, p.Roles)}}
		if menus {
			rows[i].Cells = append(rows[i].Cells, memberMenu(v, t, p))
		}
	}
	empty := page.Empty(v.T("Nobody here"), v.T("People of this team whom you may see stand here."))
	return g.Group{filters.Node(v), page.Table{Caption: v.T("People of {name}", "name", t.Name), Columns: columns, Rows: rows, Empty: empty}.Node(v),
		q.Pager(t.Prev, t.Next, len(t.People), t.Total)}
}

func memberMenu(v page.View, t action.TeamShown, p action.TeamPerson) g.Node {
	to := "/teams/" + t.ID.String() + "/members/" + p.ID.String()
	var items []page.MenuItem
	if t.Allows(access.TeamSetRole) {
		items = append(items, page.MenuItem{Label: v.T("Change roles"), Icon: "role", Href: to})
	}
	if t.Allows(access.TeamRemoveMember) {
		items = append(items, page.MenuItem{Label: v.T("Take out of the team"), Icon: "minus", Href: to + "/remove", Danger: true})
	}
	return page.Menu(v.T("Actions for {name}", "name", p.Name), items...)
}

func invitedTable(v page.View, t action.TeamShown) g.Node {
	rows := make([]page.Row, len(t.Invited))
	for i, p := range t.Invited {
		name := p.Name
		if name == "" {
			name = p.Email
		}
		rows[i] = page.Row{Cells: []g.Node{page.Person(name, p.Email), page.Badge(page.Warn, v.T("Pending")), g.Text(v.Date(p.Sent)), g.Text(v.Date(p.Until))}}
	}
	return page.Table{Caption: v.T("Invited"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("State")}, {Title: v.T("Sent"), NoWrap: true},
		{Title: v.T("Until"), NoWrap: true}}, Rows: rows}.Node(v)
}
