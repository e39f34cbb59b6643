package grid

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showCell is one cell on a page of its own: what it is, why, what it was, and a plain form to change it.
func showCell(q *shell.Req) error {
	values := q.R.URL.Query()
	role, key, ok := strings.Cut(values.Get("cell"), " ")
	table := values.Get("table")
	in, err := query(q, table)
	if err != nil || !ok {
		return shell.NotFound
	}
	shown, err := show(q, in)
	if err != nil {
		return err
	}
	c, row, column := find(shown, access.RoleID(role), key)
	if c.State == "" {
		return shell.NotFound
	}
	v, org := q.View, orgOf(shown)
	past, err := shell.RunWith(q, grid.ListChanges, grid.HistoryQuery{Organization: shown.Organization.ID, Role: access.RoleID(role), Permission: key, Above: true, Size: 20})
	if err != nil {
		return err
	}
	asIs := v.T("denied")
	if c.Default {
		asIs = v.T("allowed")
	}
	body := []g.Node{crumbs(v, shown, page.Link{Label: v.T(tableNames[table]), Href: link("/"+table, org)}, page.Link{Label: row}),
		page.Header(row, v.T("As {role}, in {place}", "role", column, "place", shown.Organization.Name)),
		page.Card("", page.KeyValues(page.KV{Key: v.T("Here"), Value: g.Text(wordsOf(v, shown).cell(c))},
			page.KV{Key: v.T("The role itself, before any change"), Value: g.Text(asIs)},
			page.KV{Key: v.T("Permission"), Value: page.LinkTo(key, link("/about/"+key, org, "table", table))},
			page.KV{Key: v.T("Role"), Value: page.LinkTo(column, link("/roles/"+role, org, "table", table))}))}
	if c.MayChange {
		body = append(body, page.Section(v.T("Change it"), cellForm(q, shown, c, access.RoleID(role), key)))
	} else {
		body = append(body, page.Notice(page.Info, g.Text(whyNot(v, shown, c))))
	}
	return q.Show(row, append(body, page.Section(v.T("What it was"), changesTable(q, past, false)))...)
}

// whyNot says why the reader does not change a cell.
func whyNot(v page.View, shown grid.Grid, c grid.CellState) string {
	switch {
	case c.State == "always":
		return v.T("The super administrator may do everything, always.")
	case c.State == "never":
		return v.T("This cell is not available: nobody can switch it on for this role.")
	case shown.At != nil:
		return v.T("What was is not changed.")
	case c.Locked && shown.MayChange:
		return v.T("The portal locked this cell for all organizations.")
	case shown.MayChange:
		return v.T("You do not hold this here yourself, or it is the portal's alone to change.")
	}
	return whoChanges(v, shown)
}

// choices are what a cell can be made.
func choices(v page.View, portal bool, c grid.CellState) []page.Option {
	list := []string{"allow", "deny"}
	if portal {
		list = append(list, "allow_locked", "deny_locked")
	}
	var out []page.Option
	for _, word := range append(list, "default") {
		out = append(out, page.Option{Value: word, Label: made(v, word, portal), Chosen: word == c.Own || (word == "default" && c.Own == "")})
	}
	return out
}

func cellForm(q *shell.Req, shown grid.Grid, c grid.CellState, role access.RoleID, key string) g.Node {
	v := q.View
	form := q.Form(at+"/in/"+shown.Table+"/review", page.Button(v.T("Review")), page.Hidden("organization", shown.Organization.ID.String()),
		page.Hidden("cells.0.role", string(role)), page.Hidden("cells.0.permission", key),
		page.RadioGroup(v, page.Field{Name: "cells.0.to", Label: v.T("This cell is to be")}, choices(v, shown.Portal, c)))
	return form.Node(v)
}

// aboutPermission says what a permission is, who holds it here, and what asks for it.
func aboutPermission(q *shell.Req) error {
	in, err := query(q, tableAsked(q))
	if err != nil {
		return err
	}
	shown, err := show(q, in)
	if err != nil {
		return err
	}
	key := q.R.PathValue("permission")
	p, ok := access.PermissionOf(key)
	at := slices.IndexFunc(shown.Rows, func(r grid.Row) bool { return r.Key == key })
	if !ok || at < 0 {
		return shell.NotFound
	}
	v, row := q.View, shown.Rows[at]
	var with, without, never []string
	for i, c := range row.Cells {
		switch c.State {
		case "never":
			never = append(never, shown.Columns[i].Title)
		case "denied":
			without = append(without, shown.Columns[i].Title)
		default:
			with = append(with, shown.Columns[i].Title)
		}
	}
	past, err := shell.RunWith(q, grid.ListChanges, grid.HistoryQuery{Organization: shown.Organization.ID, Permission: key, Above: true, Size: 5})
	if err != nil {
		return err
	}
	facts := []page.KV{{Key: v.T("Key"), Value: g.Text(key)}, {Key: v.T("It is on"), Value: g.Text(kindWord(v, p.On))},
		{Key: v.T("Roles with it"), Value: g.Text(joined(v, with))}, {Key: v.T("Roles without it"), Value: g.Text(joined(v, without))},
		{Key: v.T("Roles that never have it"), Value: g.Text(joined(v, never))}, {Key: v.T("Asked for by"), Value: page.LinesOf(askers(p)...)}}
	if p.Protected {
		facts = append(facts, page.KV{Key: v.T("Sensitive"), Value: g.Text(v.T("It is not done to an account that may do what one may not."))})
	}
	who := "/permissions/who?permission=" + key
	if !shown.Portal {
		who += "&kind=organization&thing=" + shown.Organization.ID.String()
	}
	links := g.Node(g.Group{})
	if q.May(access.PermissionExplain) {
		links = page.Inline(page.LinkButton(v.T("Who may do this, and who could"), who))
	}
	return panel(q, shown, row.Title, row.Section, links, page.KeyValues(facts...), page.Section(v.T("Last changes"), changesTable(q, past, false)))
}

func tableAsked(q *shell.Req) string {
	if t := q.R.URL.Query().Get("table"); t != "" {
		return t
	}
	return grid.Business
}

func joined(v page.View, list []string) string {
	if len(list) == 0 {
		return v.T("none")
	}
	return strings.Join(list, ", ")
}

// panel is a page, or for the script the part of it that stands at the side of the grid.
func panel(q *shell.Req, shown grid.Grid, title, subtitle string, body ...g.Node) error {
	if q.R.Header.Get("X-Preview") != "" {
		return q.Part(200, g.Group(append([]g.Node{page.Header(title, subtitle)}, body...)))
	}
	v := q.View
	head := []g.Node{crumbs(v, shown, page.Link{Label: v.T(tableNames[shown.Table]), Href: link("/"+shown.Table, orgOf(shown))}, page.Link{Label: title}), page.Header(title, subtitle)}
	return q.Show(title, append(head, body...)...)
}
