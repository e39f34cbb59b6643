// Package grid is the pages of the permission grid: its tables, changes of many cells that are reviewed before they are saved,
// what was changed and why, and the account types that a portal makes of its own.
package grid

import (
	"net/url"
	"slices"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

const at = "/permissions"

// Routes registers the pages.
func Routes(s *shell.Server) {
	s.Get("/permissions", grid.Show, overview)
	s.Get("/permissions/{table}", grid.Show, showTable)
	s.Get("/permissions/file", grid.Export, shell.Download(grid.Export))
	s.Get("/permissions/cell", grid.Show, showCell)
	s.Get("/permissions/history", grid.ListChanges, history)
	s.Get("/permissions/who", grid.Who, showWho)
	s.Get("/permissions/about/{permission}", grid.Show, aboutPermission)
	s.Get("/permissions/roles/{role}", grid.Show, aboutRole)
	s.PostTo("/permissions/in/{table}/preview", grid.ChangeCells, previewDraft)
	s.PostTo("/permissions/in/{table}/review", grid.ChangeCells, review)
	s.Post("/permissions/in/{table}/change", shell.Submit(grid.ChangeCells, "/permissions/history?organization={organization}").
		Says(page.Say("Saved: {cells}. It counts from everybody's next click. Here it can be undone.")).On(review))
	s.Post("/permissions/changes/{change}/undo", shell.Submit(grid.UndoChange, "/permissions/history?organization={organization}").
		Says(page.Say("The change is undone. It counts from everybody's next click.")).On(history))
	s.Get("/permissions/types/new", grid.Show, newType)
	s.Post("/permissions/types", shell.Submit(grid.CreateType, "/permissions/business").Says(page.Say("The account type {title} is there, as a copy of its parent.")).On(newType))
	s.Get("/permissions/types/{role}", grid.Show, editType)
	s.Post("/permissions/types/{role}", shell.Submit(grid.EditType, "/permissions/roles/{role}").Says(page.Say("{title} is saved.")).On(editType))
	s.PostTo("/permissions/types/{role}/delete", grid.DeleteType, deleteType)
}

// tableNames are what the tables are called.
var tableNames = map[string]string{grid.Business: page.Say("Business"), grid.Courses: page.Say("Courses"), grid.Teams: page.Say("Teams"),
	grid.Management: page.Say("Roles of policies")}

var tableAbouts = map[string]string{
	grid.Business:   page.Say("What each account type may do, in the whole portal or in an organization."),
	grid.Courses:    page.Say("What a role in a course may do there, and to what lies in it."),
	grid.Teams:      page.Say("What a role in a team may do there, and to the people in it."),
	grid.Management: page.Say("What the roles that policies give may do, where they are given."),
}

// link is an address of these pages that keeps the organization.
func link(path string, org db.ID, pairs ...string) string {
	values := url.Values{}
	if org != 0 {
		values.Set("organization", org.String())
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return at + path
	}
	return at + path + "?" + values.Encode()
}

// orgOf is the organization as a link names it: the portal is left out.
func orgOf(shown grid.Grid) db.ID {
	if shown.Portal {
		return 0
	}
	return shown.Organization.ID
}

func tabs(v page.View, org db.ID, current string) g.Node {
	list := []page.Tab{{Label: v.T("Overview"), Href: link("", org), Current: current == ""}}
	for _, t := range grid.Tables {
		list = append(list, page.Tab{Label: v.T(tableNames[t]), Href: link("/"+t, org), Current: current == t})
	}
	return page.Tabs(v.T("Permissions"), append(list, page.Tab{Label: v.T("History"), Href: link("/history", org), Current: current == "history"})...)
}

func crumbs(v page.View, shown grid.Grid, more ...page.Link) g.Node {
	links := []page.Link{{Label: v.T("Permissions"), Href: at}}
	if !shown.Portal {
		links = append(links, page.Link{Label: shown.Organization.Name, Href: link("", shown.Organization.ID)})
	}
	return page.Crumbs(v, append(links, more...)...)
}

func title(v page.View, shown grid.Grid) string {
	if shown.Portal {
		return v.T("Permissions")
	}
	return v.T("Permissions in {name}", "name", shown.Organization.Name)
}

// query is what the address asks for.
func query(q *shell.Req, table string) (in grid.Query, err error) {
	if err := q.Fill(&in); err != nil {
		return in, err
	}
	in.Table = table
	if table != "" && !slices.Contains(grid.Tables, table) {
		return in, shell.NotFound
	}
	return in, nil
}

// overview says what the kinds of permission are, and who may change them.
func overview(q *shell.Req) error {
	in, err := query(q, "")
	if err != nil {
		return err
	}
	shown, err := show(q, in)
	if err != nil {
		return err
	}
	v, org := q.View, orgOf(shown)
	var doors []page.Door
	icons := map[string]string{grid.Business: "users", grid.Courses: "course", grid.Teams: "team", grid.Management: "role"}
	for _, t := range grid.Tables {
		doors = append(doors, page.Door{Label: v.T(tableNames[t]), Href: link("/"+t, org), Icon: icons[t], Text: v.T(tableAbouts[t])})
	}
	body := []g.Node{crumbs(v, shown), page.Header(title(v, shown), v.T("A permission is one thing that can be done. A role holds permissions; what a role holds can differ from one organization to the next.")),
		tabs(v, org, ""), page.Notice(page.Info, g.Text(whoChanges(v, shown))), page.Doors(doors...),
		page.Section(v.T("Two kinds of permission"), page.PlainList(
			g.Text(v.T("Business permissions count where an account lives: in the root organization for the whole portal, elsewhere for that organization and those below it.")),
			g.Text(v.T("Course permissions count in one course: they come with a role in it, such as its owner or a learner.")),
			g.Text(v.T("Nobody forbids: whoever holds several roles may do what any of them may. Only five protections stand above all roles.")))),
		page.Section(v.T("What a cell can be"), legend(v))}
	if shown.Whole {
		body = append(body, openSwitch(q, shown))
	}
	return q.Show(title(v, shown), append(body, chooser(q, shown))...)
}

// whoChanges is the line that says who can change this.
func whoChanges(v page.View, shown grid.Grid) string {
	switch {
	case shown.Whole:
		return v.T("You are the super administrator: you change the portal's permissions, and those of every organization.")
	case shown.MayChange:
		return v.T("You may change this organization's permissions, but none that you do not hold here yourself. What the portal locked stays.")
	case shown.Super != "" && shown.Open && !shown.Portal:
		return v.T("This is to be read only. The super administrator, {name}, and the administrators of this organization can change it.", "name", shown.Super)
	case shown.Super != "":
		return v.T("This is to be read only. Only the super administrator, {name}, can change it.", "name", shown.Super)
	}
	return v.T("This is to be read only. Only the super administrator can change it.")
}

// openSwitch lets the administrators of organizations change their tables, or no more: it is a cell of the grid (GR-4).
func openSwitch(q *shell.Req, shown grid.Grid) g.Node {
	v := q.View
	text, button, to := v.T("Administrators of organizations only read their permissions."), v.T("Let them change their own"), grid.Allow
	if shown.Open {
		text, button, to = v.T("Administrators of organizations may change their own permissions, within what they hold themselves."), v.T("Let them only read"), grid.Deny
	}
	if !shown.Portal && shown.Open {
		text = v.T("Administrators of this organization may change its permissions, within what they hold themselves.")
	} else if !shown.Portal {
		text = v.T("Administrators of this organization only read its permissions.")
	}
	return page.Section(v.T("Organizations' own permissions"), page.P(text),
		page.Inline(page.Post(at+"/in/business/review", page.Secondary(button), "organization", shown.Organization.ID.String(), "cells.0.role", "org_admin",
			"cells.0.permission", "permission.edit_organization", "cells.0.to", to)))
}

// chooser leads to the permissions of another organization.
func chooser(q *shell.Req, shown grid.Grid) g.Node {
	v := q.View
	links := []g.Node{page.LinkTo(v.T("Organizations, each with its permissions"), "/manage/organizations")}
	if !shown.Portal {
		links = append(links, page.LinkTo(v.T("The permissions of the whole portal"), at))
	}
	return page.Section(v.T("Elsewhere"), page.PlainList(links...))
}

// show is a table, its permissions and built-in roles in the reader's words.
func show(q *shell.Req, in grid.Query) (grid.Grid, error) {
	shown, err := shell.RunWith(q, grid.Show, in)
	v := q.View
	for i := range shown.Rows {
		row := &shown.Rows[i]
		row.Title, row.Section = v.T(row.Title), v.T(row.Section)
	}
	for i := range shown.Columns {
		c := &shown.Columns[i]
		if access.Builtin(c.Role) != nil {
			c.Title, c.About = v.T(c.Title), v.T(c.About)
		}
		c.ParentTitle = v.T(c.ParentTitle)
	}
	return shown, err
}
