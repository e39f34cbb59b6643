package grid

import (
	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// history is what was changed: when, by whom, why, and what each cell was; a change is undone here in one click.
func history(q *shell.Req) error {
	var in grid.HistoryQuery
	if q.R.Method == "GET" {
		if err := q.Fill(&in); err != nil {
			return err
		}
	}
	list, err := shell.RunWith(q, grid.ListChanges, in)
	if err != nil {
		return err
	}
	v := q.View
	shown := grid.Grid{Organization: list.Organization, Portal: list.Organization.ID == q.Portal.ID}
	body := []g.Node{crumbs(v, shown, page.Link{Label: v.T("History")}), page.Header(title(v, shown), v.T("What was changed here, by whom, and why.")), tabs(v, orgOf(shown), "history")}
	if q.Message != "" {
		body = append(body, page.Notice(page.Bad, g.Text(v.T(q.Message))))
	}
	body = append(body, changesTable(q, list, true))
	if list.Next != "" {
		body = append(body, page.LinkButton(v.T("Older changes"), link("/history", orgOf(shown), "after", list.Next, "role", string(in.Role), "permission", in.Permission)))
	}
	return q.Show(title(v, shown), body...)
}

// changesTable lists changes of the grid.
func changesTable(q *shell.Req, list grid.History, undo bool) g.Node {
	v := q.View
	var rows []page.Row
	for _, c := range list.Items {
		portal := c.Organization.ID == q.Portal.ID
		cells := g.Group{}
		for _, cell := range c.Cells[:min(len(c.Cells), 10)] {
			cells = append(cells, h.Li(h.Strong(g.Text(v.T(cell.RoleTitle))), g.Text(", "+v.T(cell.Title)+": "+v.T("{was}, then {now}", "was", made(v, cell.Was, portal), "now", made(v, cell.Now, portal)))))
		}
		if more := len(c.Cells) - 10; more > 0 {
			cells = append(cells, h.Li(h.Class("muted"), g.Text(v.N("and {n} more cell", "and {n} more cells", more))))
		}
		state := g.Node(g.Text(""))
		switch {
		case c.UndoneBy != 0:
			state = page.Badge(page.Plain, v.T("undone"))
		case undo && c.MayUndo:
			state = page.Post(at+"/changes/"+c.ID.String()+"/undo", page.Secondary(v.T("Undo"), h.Aria("label", v.T("Undo: {reason}", "reason", c.Reason))))
		}
		reason := c.Reason
		if c.Undoes != 0 {
			reason = v.T("Undone: {reason}", "reason", c.Reason)
		}
		rows = append(rows, page.Row{Cells: []g.Node{page.Named(reason, c.Organization.Name), h.Ul(h.Class("plain"), cells), g.Text(c.By), g.Text(v.DateTime(c.At)), state}})
	}
	return page.Table{Caption: v.T("Changes"), Columns: []page.Column{{Title: v.T("Why")}, {Title: v.T("Cells"), Wide: true}, {Title: v.T("By")}, {Title: v.T("When"), NoWrap: true}, {Title: v.T("Undo"), Quiet: true}},
		Rows: rows, Empty: page.Empty(v.T("No changes"), v.T("Here the grid is as it was when the portal was made."))}.Node(v)
}

// storeRefusal refuses whoever may not make account types.
func storeRefusal(q *shell.Req) error { return store.NotAllowed(q.Actor.May(access.RoleCreateType)) }

// deleteType asks first where people have the account type, and deletes it then.
func deleteType(q *shell.Req) error {
	var in grid.TypeEnd
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Confirm = q.R.PostForm.Get("confirm") != ""
	v := q.View
	_, err := shell.RunWith(q, grid.DeleteType, in)
	if !fail.Is(err, fail.Conflict) {
		if err != nil {
			return err
		}
		return q.Redirect(at+"/business", page.Good, v.T("The account type is deleted."))
	}
	shown, showErr := show(q, grid.Query{Table: grid.Business})
	if showErr != nil {
		return showErr
	}
	in.Confirm = true
	_, effects, previewErr := grid.DeleteType.Preview(q.Ctx(), q.Env(), q.Who, in)
	if previewErr != nil {
		return previewErr
	}
	to := at + "/types/" + string(in.Role)
	return q.Show(v.T("Delete the account type?"), crumbs(v, shown, page.Link{Label: v.T("Delete")}), page.Header(v.T("Delete the account type?"), q.Sentence(err)),
		shell.EffectsOf(effects).Node(v), page.Inline(page.Post(to+"/delete", page.Danger(v.T("Delete the account type")), "confirm", "1"), page.LinkButton(v.T("Cancel"), at+"/roles/"+string(in.Role))))
}
