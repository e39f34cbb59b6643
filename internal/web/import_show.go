package web

import (
	"provost/internal/action/intake"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showImport is one import: how far it is, and what came of it.
func (m *imports) showImport(q *shell.Req) error {
	out, err := m.lookedAt(q)
	if err != nil {
		return err
	}
	v := q.View
	title := importName(v, out.ImportItem)
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Imports"), Href: "/imports"}, page.Link{Label: title}),
		page.Header(title, v.T("By {name}, {time}", "name", out.By, "time", v.DateTime(out.Started)), importState(v, out.ImportItem))}
	if out.Ended == nil {
		value, most, text := m.importRows(q, out)
		body = append(body, page.Progress{Label: v.T("Importing"), Value: value, Max: most, Text: text, Poll: "/imports/progress/" + out.ID.String()}.Node(v))
		return q.Show(title, body...)
	}
	if out.Problem != "" {
		body = append(body, page.Notice(page.Bad, g.Text(v.T(out.Problem))))
	}
	body = append(body, m.importOutcome(q, out), importFiles(v, out), problemTable(v, out.Result.Problems))
	return q.Show(title, body...)
}

// lookedAt is the import of the address; one whose process is gone is marked so first.
func (m *imports) lookedAt(q *shell.Req) (intake.ImportShown, error) {
	out, err := shell.Run(q, intake.ShowImport)
	if err != nil || out.Ended != nil {
		return out, err
	}
	if _, mine := m.runs.Progress(out.ID); mine {
		return out, nil
	}
	m.runs.Sweep(q.Ctx())
	return shell.Run(q, intake.ShowImport)
}

// importOutcome says what happened, and what can be done next.
func (m *imports) importOutcome(q *shell.Req, out intake.ImportShown) g.Node {
	v := q.View
	d, err := m.drafts.triedBy(q.Who, out.ID)
	again := page.Inline(page.LinkButton(v.T("Upload again"), "/imports/new"))
	switch {
	case out.Dry && out.State == store.ImportDone && err == nil:
		return g.Group{page.Notice(page.Good, g.Text(v.T("There is no problem. Nothing was taken in yet."))),
			page.Inline(page.Post(draftPath(d)+"/run", page.Button(v.T("Import"))))}
	case out.Dry && out.State == store.ImportDone:
		return g.Group{page.Notice(page.Info, g.Text(v.T("There was no problem, and nothing was taken in. The files are no longer here."))), again}
	case out.Dry:
		return g.Group{page.Notice(page.Warn, g.Text(v.T("Nothing was taken in. Correct the files and upload them again."))), again}
	case out.State == store.ImportFailed:
		return g.Group{page.Notice(page.Warn, g.Text(v.T("Of the last file nothing was taken in; what files before it brought is there. Importing all again changes nothing twice."))), again}
	}
	return page.Notice(page.Good, g.Text(v.T("All files were taken in.")))
}

var nounLinks = map[string]string{"organizations": "/manage/organizations", "courses": "/manage/courses", "accounts": "/manage/users",
	"enrolments": "/manage/courses", "assessments": "/manage/courses", "results": "/manage/courses", "materials": "/manage/courses", "members": "/manage/teams"}

// importFiles is what each file brought, with links to where it is now.
func importFiles(v page.View, out intake.ImportShown) g.Node {
	rows := make([]page.Row, len(out.Result.Files))
	for i, f := range out.Result.Files {
		state := page.Badge(page.Good, v.T("Taken in"))
		switch {
		case out.Dry:
			state = page.Badge(page.Info, v.T("Tried"))
		case !f.Done:
			state = page.Badge(page.Bad, v.T("Not taken in"))
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(f.File), g.El("a", g.Attr("href", nounLinks[f.Into]), g.Text(nounTitle(v, f.Into))), state, g.Text(v.Num(f.Rows)),
			g.Text(v.Num(f.Created)), g.Text(v.Num(f.Changed)), g.Text(v.Num(f.Unchanged)), g.Text(v.Num(f.Repeated))}}
	}
	if len(rows) == 0 {
		return g.Group(nil)
	}
	return page.Section(v.T("Files"), page.Table{Caption: v.T("Files"), Dense: true, Columns: []page.Column{{Title: v.T("File"), Wide: true}, {Title: v.T("Into")}, {Title: v.T("State")},
		{Title: v.T("Rows"), Align: page.End}, {Title: v.T("New"), Align: page.End}, {Title: v.T("Changed"), Align: page.End}, {Title: v.T("Unchanged"), Align: page.End},
		{Title: v.T("Said again"), Align: page.End}}, Rows: rows}.Node(v))
}

// stepUnits is the length of each step on the bar, whatever its rows.
const stepUnits = 1000

// importRows is how far an import is: of this process' from memory, of another's as far as it wrote down.
func (m *imports) importRows(q *shell.Req, out intake.ImportShown) (value, most int, text string) {
	v := q.View
	most = out.Steps * stepUnits
	p, mine := m.runs.Progress(out.ID)
	if !mine {
		return out.Step * stepUnits, most, v.T("{n} of {all} files are done.", "n", out.Step, "all", out.Steps)
	}
	step, rows, total := p.Now()
	if step == 0 {
		return 0, most, v.T("Reading the files")
	}
	value = (step - 1) * stepUnits
	if total > 0 {
		value += rows * stepUnits / total
	}
	return value, most, v.T("File {n} of {all}: {rows} of {total} rows", "n", step, "all", out.Steps, "rows", v.Num(rows), "total", v.Num(total))
}

// importProgress is what the bar reads.
func (m *imports) importProgress(q *shell.Req) error {
	out, err := m.lookedAt(q)
	if err != nil {
		return err
	}
	value, most, text := m.importRows(q, out)
	return q.JSON(map[string]any{"value": value, "max": most, "text": text, "done": out.Ended != nil, "failed": false, "href": "/imports/" + out.ID.String()})
}
