package catalog

import (
	"net/url"
	"strings"

	"provost/internal/access"
	"provost/internal/action/people"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func catalogRoutes(s *shell.Server) {
	s.Get("/people", people.Catalog, browse, shell.Kept)
}

// browse is the Users catalog.
func browse(q *shell.Req) error {
	var in people.CatalogQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, people.Catalog, in)
	if err != nil {
		return err
	}
	v := q.View
	about := v.T("Everybody whom your account type lets you see.")
	if out.View == people.RestrictedView {
		about = v.T("The people whom you may see. What your role may not see of them is hidden.")
	}
	body := g.Group{page.Header(v.T("Users catalog"), about)}
	if len(out.Views) > 1 {
		body = append(body, page.Tabs(v.T("Users catalog"), page.Tab{Label: v.T("Full"), Href: "/people?view=full", Current: out.View == people.FullView},
			page.Tab{Label: v.T("Restricted"), Href: "/people?view=restricted", Current: out.View == people.RestrictedView}))
	}
	body = append(body, typeTiles(q, in, out), catalogFilters(q, in, out), catalogTable(v, v.T("People"), out.Items).Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
	if len(out.Administrators) > 0 {
		body = append(body, page.Section(v.T("Administrators"), catalogTable(v, v.T("Administrators"), out.Administrators).Node(v)))
	}
	return q.Show(v.T("Users catalog"), body)
}

// typeTiles are the account types, with how many hold each; the one that is chosen leads back to all.
func typeTiles(q *shell.Req, in people.CatalogQuery, out people.CatalogPage) g.Node {
	v := q.View
	tiles := make([]page.Tile, len(out.Tiles))
	for i, t := range out.Tiles {
		n := v.Num(t.Count)
		if t.More {
			n = v.T("{n} or more", "n", n)
		}
		tiles[i] = page.Tile{Label: v.T(t.Title), Value: n, Href: address(in, out.View, "type", t.Type)}
	}
	if len(tiles) == 0 {
		return g.Group(nil)
	}
	return page.Tiles(tiles...)
}

// address is that of the catalog with one filter changed.
func address(in people.CatalogQuery, view, name, value string) string {
	values := url.Values{"view": {view}}
	set := func(k, x string) {
		if x != "" {
			values.Set(k, x)
		}
	}
	set("q", in.Query)
	set("type", in.Type)
	if in.Org != 0 {
		set("organization", in.Org.String())
	}
	if values.Del(name); value != "" {
		values.Set(name, value)
	}
	return "/people?" + values.Encode()
}

func catalogFilters(q *shell.Req, in people.CatalogQuery, out people.CatalogPage) g.Node {
	v := q.View
	f := page.Filters{Action: "/people", SearchName: "q", SearchLabel: v.T("Search people"), Query: in.Query, Keep: map[string]string{"view": out.View}}
	types := []page.Option{{Value: "", Label: v.T("Any account type")}}
	for _, t := range out.Tiles {
		types = append(types, page.Option{Value: t.Type, Label: v.T(t.Title)})
		if t.Type == in.Type {
			f.Chips = append(f.Chips, page.Chip{Label: v.T(t.Title), Remove: address(in, out.View, "type", "")})
		}
	}
	f.Fields = append(f.Fields, page.SmallSelect(page.Field{Name: "type", Label: v.T("Account type"), Value: in.Type}, types))
	if out.Organization != nil {
		f.Keep["organization"] = out.Organization.ID.String()
		f.Chips = append(f.Chips, page.Chip{Label: v.T("In {organization}", "organization", out.Organization.Name), Remove: address(in, out.View, "organization", "")})
	}
	if len(f.Chips) > 0 {
		f.Clear = "/people?view=" + out.View
	}
	f.Summary = v.N("{n} person", "{n} people", max(out.Total, 0))
	if out.Total >= 1000 || out.Total < 0 {
		f.Summary = v.T("More than {n} people", "n", 999)
	}
	return f.Node(v)
}

func catalogTable(v page.View, caption string, list []people.CatalogPerson) page.Table {
	rows := make([]page.Row, len(list))
	for i, p := range list {
		under := make([]string, len(p.Administers))
		for j, name := range p.Administers {
			under[j] = v.T("Administers {organization}", "organization", name)
		}
		name := page.Person(p.Name, strings.Join(under, ", "))
		if len(p.Relations) > 0 {
			said := g.Group{name}
			for _, r := range p.Relations {
				said = append(said, page.Badge(page.Info, yours(v, r)))
			}
			name = said
		}
		rows[i] = page.Row{Cells: []g.Node{name, g.Text(p.Organization.Name), masked(v, p.LoginHidden, p.Username), masked(v, p.LoginHidden, p.Email), masked(v, p.CodeHidden, p.Code)}}
		if p.Open {
			rows[i].Href = "/people/" + p.ID.String()
		}
	}
	return page.Table{Caption: caption, Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Organization")}, {Title: v.T("User name")}, {Title: v.T("E-mail")}, {Title: v.T("Learner ID")}},
		Rows: rows, Empty: page.Empty(v.T("Nobody found"), v.T("Nobody whom you may see fits."))}
}

// yours says what somebody is to the reader.
func yours(v page.View, relation access.RoleID) string {
	return map[access.RoleID]string{access.ParentOf: v.T("Your child"), access.ManagerOf: v.T("Your direct report"), access.MentorOf: v.T("Your mentee"),
		access.FriendOf: v.T("Your friend")}[relation]
}

// masked is a value, or the word that one's role hides it.
func masked(v page.View, hidden bool, text string) g.Node {
	switch {
	case hidden:
		return page.Masked(v)
	case text == "":
		return g.Text("–")
	}
	return g.Text(text)
}

func searchRoutes(s *shell.Server) {
	s.Get("/search", people.Search, search)
	s.Get("/admin", people.OpenAdmin, openAdmin)
}

// search shows what the site holds by a name, of what one may see.
func search(q *shell.Req) error {
	var in people.SearchQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, people.Search, in)
	if err != nil {
		return err
	}
	q.View.Search.Query = in.Query
	v := q.View
	titles := map[string]string{"person": v.T("People"), "team": v.T("Teams"), "course": v.T("Courses"), "access_group": v.T("Groups"), "organization": v.T("Organizations")}
	at := map[string]string{"person": "/people/", "team": "/teams/", "course": "/courses/", "access_group": "/manage/groups/", "organization": "/manage/organizations/"}
	more := map[string]string{"person": "/people?q=", "team": "/manage/teams?q=", "course": "/manage/courses?q=", "access_group": "/manage/groups?q=", "organization": "/manage/organizations?q="}
	body := g.Group{page.Header(v.T("Search"), v.T("People, teams, courses, groups and organizations that you may see.")),
		page.Filters{Action: "/search", SearchName: "q", SearchLabel: v.T("Search the site"), Query: in.Query}.Node(v)}
	for _, k := range out.Kinds {
		lines := make([]g.Node, len(k.Items))
		for i, x := range k.Items {
			lines[i] = g.Group{h.A(h.Href(at[k.Kind]+x.ID.String()), g.Text(x.Name)), g.If(x.Detail != "", page.Muted(" · "+x.Detail))}
		}
		if k.More {
			lines = append(lines, page.LinkTo(v.T("More …"), more[k.Kind]+url.QueryEscape(in.Query)))
		}
		body = append(body, page.Section(titles[k.Kind], page.PlainList(lines...)))
	}
	if len(out.Kinds) == 0 && strings.TrimSpace(in.Query) != "" {
		body = append(body, page.Empty(v.T("Nothing found"), v.T("Nothing that you may see is called so.")))
	}
	return q.Show(v.T("Search"), body)
}

var adminIcons = map[string]string{"settings": "settings", "types": "user", "permissions": "lock", "people": "users", "users": "users", "organizations": "org",
	"roles": "role", "policies": "policy", "groups": "group", "import": "import", "plans": "report", "brand": "star", "super": "lock", "reports": "report", "audit": "audit"}

// openAdmin is the Admin area: what of it is open to the reader.
func openAdmin(q *shell.Req) error {
	out, err := shell.RunWith(q, people.OpenAdmin, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	var doors []page.Door
	for _, item := range out.Items {
		if q.Serves(item.Path) {
			doors = append(doors, page.Door{Label: v.T(item.Title), Href: item.Path, Icon: adminIcons[item.Key], Text: v.T(item.About)})
		}
	}
	body := g.Group{page.Header(v.T("Admin"), v.T("What of the portal you may look after."))}
	if !q.May(access.PortalConfigure) {
		body = append(body, page.Notice(page.Info, g.Text(v.T("You may open these pages. What you may not change in them shows no button."))))
	}
	if len(doors) == 0 {
		return q.Show(v.T("Admin"), body, page.Empty(v.T("Nothing is open to you here yet"), v.T("What you are given to look after shows itself here.")))
	}
	return q.Show(v.T("Admin"), body, page.Doors(doors...))
}
