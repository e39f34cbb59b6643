package web

import (
	"net/url"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func peopleRoutes(s *shell.Server) {
	s.Get("/people/search", action.ListAccounts, searchPeople)
	s.Get("/manage/users", action.ListAccounts, listPeople, shell.Kept)
}

// searchSize is how many a picker offers at once.
const searchSize = 12

// searchPeople is the source of pickers of people: what begins so, or else whom the whole line names.
func searchPeople(q *shell.Req) error {
	var in action.AccountQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Size, in.Archived = searchSize, false
	out, err := shell.RunWith(q, action.ListAccounts, in)
	if err != nil {
		return err
	}
	if len(out.Items) == 0 && strings.TrimSpace(in.Query) != "" {
		one, err := shell.RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: []string{in.Query}})
		if err != nil {
			return err
		}
		out.Items = one.Found
	}
	choices := make([]page.Choice, len(out.Items))
	for i, a := range out.Items {
		choices[i] = shell.ChoiceOf(a)
	}
	return q.JSON(choices)
}

// listPeople is the Users tab of Management (LM-1, LM-6).
func listPeople(q *shell.Req) error {
	var in action.AccountQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListAccounts, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, a := range out.Items {
		rows[i] = personRow(q, a)
	}
	table := page.Table{Caption: v.T("People"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Organization")},
		{Title: v.T("Teams")}, {Title: v.T("E-mail")}}, Rows: rows, Empty: noPeople(v, in)}
	return q.Show(v.T("Users"),
		page.Header(v.T("Users"), v.T("People whom you may see, and the teams they are in."), peopleActions(q)...),
		peopleFilters(q, in, out), table.Node(v), q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

func personRow(q *shell.Req, a action.AccountItem) page.Row {
	v := q.View
	name := page.Person(a.Name, a.Tell())
	if a.Archived {
		name = g.Group{name, page.Badge(page.Warn, v.T("Archived"))}
	}
	email := g.Node(g.Text(a.Email))
	if a.LoginHidden {
		email = page.Masked(v)
	}
	return page.Row{Href: "/people/" + a.ID.String(), Muted: a.Archived,
		Cells: []g.Node{name, organizationLink(q, a.Organization), teamChips(v, a), email}}
}

// organizationLink narrows the list of people to an organization, for those who may know of it.
func organizationLink(q *shell.Req, o action.Named) g.Node {
	if !q.Can(access.OrganizationList, access.Thing{Kind: access.Organization, ID: o.ID, Portal: q.Portal.ID, Org: o.ID}) {
		return g.Text(o.Name)
	}
	return h.A(h.Href("/manage/users?organization="+o.ID.String()), g.Text(o.Name))
}

func noPeople(v page.View, in action.AccountQuery) g.Node {
	switch {
	case in.Query != "":
		return page.Empty(v.T("Nobody found"), v.T("Nobody whom you may see is called so. A search looks at the beginnings of names, and at user names and codes that you may see."))
	case in.Archived:
		return page.Empty(v.T("Nobody is archived"), v.T("People who are archived stand here; they can be restored."))
	}
	return page.Empty(v.T("Nobody here"), v.T("People appear here when they are added, invited or imported into a place that you may see."))
}

func peopleActions(q *shell.Req) []g.Node {
	var out []g.Node
	v := q.View
	if q.May(access.AccountInvite) && q.Serves("/manage/invitations/new") {
		out = append(out, page.LinkButton(v.T("Invite"), "/manage/invitations/new"))
	}
	if q.May(access.AccountAdd) && q.Serves("/manage/users/new") {
		out = append(out, page.PrimaryLink(v.T("Add a person"), "/manage/users/new"))
	}
	return out
}

// peopleFilters is the bar above the list, with the organization and the team that narrow it as chips.
func peopleFilters(q *shell.Req, in action.AccountQuery, out action.AccountPage) g.Node {
	v := q.View
	f := page.Filters{Action: "/manage/users", SearchName: "q", SearchLabel: v.T("Search people"), Query: in.Query, Keep: map[string]string{}}
	keep := func(name string, id db.ID, label string) {
		f.Keep[name] = id.String()
		f.Chips = append(f.Chips, page.Chip{Label: label, Remove: without(q, name)})
	}
	if out.Organization != nil {
		keep("organization", in.Org, v.T("In {organization}", "organization", out.Organization.Name))
	}
	if out.Team != nil {
		keep("team", in.Team, v.T("In the team {team}", "team", out.Team.Name))
	}
	archived := page.SmallSelect(page.Field{Name: "archived", Label: v.T("Show"), Value: map[bool]string{true: "on"}[in.Archived]},
		[]page.Option{{Value: "", Label: v.T("Active")}, {Value: "on", Label: v.T("Archived")}})
	f.Fields = append(f.Fields, archived)
	if len(f.Chips) > 0 {
		f.Clear = "/manage/users"
	}
	f.Summary = counted(v, out.Total)
	return f.Node(v)
}

// counted says how many people there are; counting stops somewhere.
func counted(v page.View, total int) string {
	if total >= shell.MaxCounted {
		return v.T("More than {n} people", "n", shell.MaxCounted-1)
	}
	return v.N("{n} person", "{n} people", total)
}

// without is this page's address without one of its filters.
func without(q *shell.Req, name string) string {
	values := url.Values{}
	for k, list := range q.R.URL.Query() {
		if k != name && k != "after" && k != "before" {
			values[k] = list
		}
	}
	if len(values) == 0 {
		return q.R.URL.Path
	}
	return q.R.URL.Path + "?" + values.Encode()
}
