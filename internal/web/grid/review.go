package grid

import (
	"fmt"

	"provost/internal/access"
	"provost/internal/action/grid"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// draft is what a form asks for: cells to change. Without a script a cell and its lock stand in one value.
func draft(q *shell.Req) (in grid.Change, err error) {
	if err := q.Parse(); err != nil {
		return in, err
	}
	if to := q.R.PostForm.Get("cells.0.to"); to == "allow_locked" || to == "deny_locked" {
		q.R.PostForm.Set("cells.0.to", to[:len(to)-len("_locked")])
		q.R.PostForm.Set("cells.0.lock", "true")
	}
	return in, q.Fill(&in)
}

// foreseen is who would gain and lose by a draft.
func foreseen(q *shell.Req, in grid.Change) (op.Effects, error) {
	if in.Reason == "" {
		in.Reason = "-" // it is asked for when the change is saved
	}
	_, effects, err := grid.ChangeCells.Preview(q.Ctx(), q.Env(), q.Who, in)
	return effects, err
}

// previewDraft says in one line how many people a draft concerns, for the bar of the script.
func previewDraft(q *shell.Req) error {
	in, err := draft(q)
	if err != nil {
		return err
	}
	v := q.View
	n := v.N("{n} change", "{n} changes", len(in.Cells))
	effects, err := foreseen(q, in)
	switch {
	case fail.Is(err, fail.Conflict), fail.Is(err, fail.NotAllowed), fail.Is(err, fail.Invalid):
		return q.JSON(map[string]any{"text": n + " – " + q.Sentence(err), "ok": false})
	case err != nil:
		return err
	}
	return q.JSON(map[string]any{"text": n + ", " + v.N("{n} person affected", "{n} people affected", effects.Affected), "ok": true})
}

// review shows a draft before it is saved: every cell, who gains and loses what, and a field for the reason.
func review(q *shell.Req) error {
	in, err := draft(q)
	if err != nil {
		return err
	}
	if err := in.Check(); err != nil && len(in.Cells) == 0 {
		return err
	}
	table := q.R.PathValue("table")
	if tableNames[table] == "" {
		return shell.NotFound
	}
	shown, err := show(q, grid.Query{Organization: in.Organization, Table: table})
	if err != nil {
		return err
	}
	v := q.View
	effects, err := foreseen(q, in)
	var told g.Node
	switch {
	case err == nil:
		told = shell.EffectsOf(effects).Node(v)
	case fail.Is(err, fail.Conflict), fail.Is(err, fail.NotAllowed), fail.Is(err, fail.Invalid):
		told = page.Notice(page.Warn, g.Text(q.Sentence(err)))
	default:
		return err
	}
	fields := []g.Node{page.Hidden("organization", in.Organization.String())}
	for i, e := range in.Cells {
		name := func(of string) string { return fmt.Sprintf("cells.%d.%s", i, of) }
		fields = append(fields, page.Hidden(name("role"), string(e.Role)), page.Hidden(name("permission"), e.Permission), page.Hidden(name("to"), e.To))
		if e.Lock {
			fields = append(fields, page.Hidden(name("lock"), "true"))
		}
	}
	reason := q.Field("reason", v.T("Reason"), "")
	reason.Required, reason.Hint = true, v.T("A sentence for those who look this up later.")
	form := q.Form(at+"/in/"+table+"/change", page.Button(v.T("Save")), append(fields, page.Input(v, reason))...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Back to the grid"), link("/"+table, orgOf(shown))))
	heading := v.N("Review {n} change", "Review {n} changes", len(in.Cells))
	return q.Show(heading, crumbs(v, shown, page.Link{Label: v.T(tableNames[table]), Href: link("/"+table, orgOf(shown))}, page.Link{Label: v.T("Review")}),
		page.Header(heading, v.T("Nothing is saved yet. It counts from everybody's next click after you save.")), changeTable(v, shown, in.Cells),
		page.Section(v.N("{n} person affected", "{n} people affected", effects.Affected), told), form.Node(v))
}

// changeTable is a draft as a table: the permission, the role, what it is and what it shall be.
func changeTable(v page.View, shown grid.Grid, cells []grid.Edit) g.Node {
	words := wordsOf(v, shown)
	var rows []page.Row
	for _, e := range cells {
		is, row, col := find(shown, e.Role, e.Permission)
		word := e.To
		if e.Lock {
			word += "_locked"
		}
		rows = append(rows, page.Row{Cells: []g.Node{page.Named(row, e.Permission), g.Text(col), g.Text(words.cell(is)), h.Strong(g.Text(made(v, word, shown.Portal)))}})
	}
	return page.Table{Caption: v.T("What changes"), Columns: []page.Column{{Title: v.T("Permission"), Wide: true}, {Title: v.T("Role")}, {Title: v.T("Now")}, {Title: v.T("Then")}}, Rows: rows}.Node(v)
}

// find is a cell of a table with the titles of its row and column; their keys where there is none.
func find(shown grid.Grid, role access.RoleID, key string) (is grid.CellState, row, column string) {
	row, column = key, string(role)
	for i, c := range shown.Columns {
		for _, r := range shown.Rows {
			if c.Role == role && r.Key == key {
				return r.Cells[i], r.Title, c.Title
			}
		}
	}
	return is, row, column
}
