package grid

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// look is what of a table is looked at.
type look struct {
	q         string
	roles     []string
	differ    bool
	sensitive bool
	at        string
}

func lookOf(q *shell.Req) look {
	values := q.R.URL.Query()
	return look{strings.TrimSpace(values.Get("q")), values["role"], values.Get("differences") != "", values.Get("sensitive") != "", values.Get("at")}
}

// keeps tells whether a column is looked at.
func (l look) keeps(role string) bool { return len(l.roles) == 0 || slices.Contains(l.roles, role) }

// hides tells whether a row is not looked at.
func (l look) hides(row grid.Row, columns []grid.Column) bool {
	if l.q != "" && !strings.Contains(db.Key(row.Title+" "+row.Key+" "+row.Section), db.Key(l.q)) {
		return true
	}
	if l.sensitive && !row.Sensitive {
		return true
	}
	return l.differ && !slices.ContainsFunc(row.Cells, func(c grid.CellState) bool { return c.Moved() })
}

// showTable is one table of the grid.
func showTable(q *shell.Req) error {
	in, err := query(q, q.R.PathValue("table"))
	if err != nil {
		return err
	}
	shown, err := show(q, in)
	if err != nil {
		return err
	}
	v, org, l := q.View, orgOf(shown), lookOf(q)
	t := table{v: v, shown: shown, look: l}
	body := []g.Node{crumbs(v, shown, page.Link{Label: v.T(tableNames[in.Table])}), page.Header(title(v, shown), v.T(tableAbouts[in.Table]), tableActions(q, shown)...),
		tabs(v, org, in.Table)}
	if shown.At != nil {
		body = append(body, page.Notice(page.Warn, g.Text(v.T("These are the cells as they were at the end of {day}. Names are those of today.", "day", v.Date(*shown.At)))), keptSince(v, shown.KeptSince))
	} else {
		body = append(body, h.P(h.Class("pg-who"), page.Icon("lock"), g.Text(whoChanges(v, shown))))
	}
	return q.Show(title(v, shown), append(body, t.filters(q), page.Details(v.T("What a cell can be"), legend(v)), t.node())...)
}

func tableActions(q *shell.Req, shown grid.Grid) []g.Node {
	v, org, day := q.View, orgOf(shown), q.R.URL.Query().Get("at")
	out := []g.Node{page.MenuButton(v.T("Download"), page.MenuItem{Label: "CSV", Icon: "download", Href: link("/file", org, "table", shown.Table, "format", "csv", "at", day)},
		page.MenuItem{Label: "XLSX", Icon: "download", Href: link("/file", org, "table", shown.Table, "format", "xlsx", "at", day)})}
	if shown.MayMakeTypes && shown.Table == grid.Business {
		out = append(out, page.LinkButton(v.T("New account type"), at+"/types/new"))
	}
	return out
}

// filters narrow the rows and the columns: at once by the script, and by the form without it.
func (t table) filters(q *shell.Req) g.Node {
	v, l := t.v, t.look
	keep := map[string]string{}
	if org := orgOf(t.shown); org != 0 {
		keep["organization"] = org.String()
	}
	var roles []g.Node
	for _, c := range t.shown.Columns {
		roles = append(roles, h.Label(h.Class("pg-chip"), h.Input(h.Type("checkbox"), h.Name("role"), h.Value(string(c.Role)), g.If(slices.Contains(l.roles, string(c.Role)), h.Checked())),
			h.Span(g.Text(c.Title))))
	}
	box := func(name, label string, on bool) g.Node {
		return h.Label(h.Class("pg-chip"), h.Input(h.Type("checkbox"), h.Name(name), h.Value("1"), g.If(on, h.Checked())), h.Span(g.Text(label)))
	}
	return h.Div(h.Class("pg-filters"), h.Data("pg-filters", ""), page.Filters{Action: at + "/" + t.shown.Table, SearchName: "q", SearchLabel: v.T("Search permissions"), Query: l.q, Keep: keep,
		Fields: []g.Node{box("differences", v.T("Only differences"), l.differ), box("sensitive", v.T("Only sensitive"), l.sensitive),
			page.SmallInput(page.Field{Name: "at", Label: v.T("As of"), Type: "date", Value: l.at}),
			h.FieldSet(h.Class("pg-chips"), h.Legend(g.Text(v.T("Only these roles"))), g.Group(roles))},
		Summary: v.N("{n} permission", "{n} permissions", t.count())}.Node(v))
}

func (t table) count() (n int) {
	for _, row := range t.shown.Rows {
		if !t.look.hides(row, t.shown.Columns) {
			n++
		}
	}
	return n
}

// table writes a table of the grid.
type table struct {
	v     page.View
	shown grid.Grid
	look  look
	// cols are the columns that are looked at, as numbers; words are what cells say.
	cols  []int
	words words
}

func (t table) node() g.Node {
	v, shown := t.v, t.shown
	for i, c := range shown.Columns {
		if t.look.keeps(string(c.Role)) {
			t.cols = append(t.cols, i)
		}
	}
	t.words = wordsOf(v, shown)
	if t.count() == 0 {
		return page.Empty(v.T("Nothing found"), v.T("No permission of this table is so."))
	}
	said, _ := json.Marshal(t.words.script(v)) // texts only: cannot fail
	head := h.THead(h.Tr(h.Th(h.Scope("col"), h.Class("pg-corner"), g.Text(v.T("Permission"))), g.Map(t.cols, t.column)))
	return h.Div(h.Class("pg"), h.Data("pg", string(said)), h.Data("table", shown.Table), h.Data("organization", shown.Organization.ID.String()),
		g.If(shown.MayChange, h.Data("may", "1")), g.If(shown.Portal, h.Data("portal", "1")),
		t.oneRole(),
		h.Div(h.Class("pg-over"), g.Attr("hidden"), h.Aria("hidden", "true"), h.TabIndex("-1"), h.Div()),
		h.Form(h.Class("pg-box"), h.Method("get"), h.Action(at+"/cell"), page.Hidden("organization", shown.Organization.ID.String()), page.Hidden("table", shown.Table),
			g.If(t.look.at != "", page.Hidden("at", t.look.at)), sprite(),
			h.Table(h.Class("pg-table"), h.Caption(h.Class("sr"), g.Text(v.T(tableNames[shown.Table]))), head, g.NodeFunc(t.body))),
		h.Div(h.Class("pg-draft"), g.Attr("hidden"), h.Role("region"), h.Aria("label", v.T("Changes that are not saved")), h.P(h.Role("status")),
			h.Form(h.Method("post"), h.Action(at+"/in/"+shown.Table+"/review"), page.Button(v.T("Review"))),
			page.Secondary(v.T("Discard"), h.Type("button"))),
		h.Aside(h.Class("pg-panel"), g.Attr("hidden"), h.Aria("label", v.T("Details")), h.Button(h.Type("button"), h.Class("icon-button"), h.Aria("label", v.T("Close")), page.Icon("close")),
			h.Div(h.Class("pg-panel-body"), h.TabIndex("-1"))))
}

// Table is a table of the grid as HTML, with all of its rows and columns.
func Table(v page.View, shown grid.Grid) g.Node { return table{v: v, shown: shown}.node() }

// oneRole is the choice of one role, for narrow screens, where the table is a list of its cells.
func (t table) oneRole() g.Node {
	return h.Div(h.Class("pg-one"), h.Label(h.For("pg-one"), g.Text(t.v.T("Role"))), h.Select(h.ID("pg-one"), g.Map(t.cols, func(i int) g.Node {
		return h.Option(h.Value(string(t.shown.Columns[i].Role)), g.Text(t.shown.Columns[i].Title))
	})))
}

func (t table) column(i int) g.Node {
	c := t.shown.Columns[i]
	return h.Th(h.Scope("col"), h.Data("role", string(c.Role)), h.A(h.Href(link("/roles/"+string(c.Role), orgOf(t.shown), "table", t.shown.Table)), g.Text(c.Title)),
		g.Iff(c.People != nil, func() g.Node {
			n := t.v.N("{n} person", "{n} people", *c.People)
			if c.Many {
				n = t.v.T("more than {n} people", "n", *c.People)
			}
			return h.Small(g.Text(n))
		}), g.If(c.Off, h.Small(h.Class("pg-off"), g.Text(t.v.T("switched off")))))
}

// body are the rows, a section each with its heading.
func (t table) body(w io.Writer) error {
	section := ""
	for i := range t.shown.Rows {
		row := &t.shown.Rows[i]
		if t.look.hides(*row, t.shown.Columns) {
			continue
		}
		if row.Section != section {
			if section != "" {
				if _, err := io.WriteString(w, `</tbody>`); err != nil {
					return err
				}
			}
			section = row.Section
			if err := t.section(w, section); err != nil {
				return err
			}
		}
		if err := t.row(w, row); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, `</tbody>`)
	return err
}

// section is the heading of a section, with how many of its cells each role has: all, some or none.
func (t table) section(w io.Writer, name string) error {
	if _, err := io.WriteString(w, `<tbody><tr class="pg-section">`); err != nil {
		return err
	}
	heading := h.Th(h.Scope("rowgroup"), h.Span(g.Text(name)))
	cells := g.Group{}
	for _, i := range t.cols {
		all, on := 0, 0
		for _, row := range t.shown.Rows {
			if row.Section != name || t.look.hides(row, t.shown.Columns) || row.Cells[i].State == "never" {
				continue
			}
			all++
			if row.Cells[i].State != "denied" {
				on++
			}
		}
		mark := "some"
		switch on {
		case all:
			mark = "yes"
		case 0:
			mark = "no"
		}
		if all == 0 {
			mark = "never"
		}
		cells = append(cells, h.Td(h.Span(h.Class("pg-sum "+mark), use(mark), h.Span(h.Class("sr"), g.Text(t.v.T("{on} of {all} allowed, {role}", "on", on, "all", all, "role", t.shown.Columns[i].Title))))))
	}
	if err := (g.Group{heading, cells}).Render(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, `</tr>`)
	return err
}

func (t table) row(w io.Writer, row *grid.Row) error {
	var out strings.Builder
	out.Grow(200 * (len(t.cols) + 1))
	out.WriteString(`<tr data-text="`)
	escape(&out, db.Key(row.Title+" "+row.Key))
	out.WriteString(`"`)
	if row.Sensitive {
		out.WriteString(` data-sensitive=""`)
	}
	out.WriteString(`><th scope="row"><a href="`)
	escape(&out, link("/about/"+row.Key, orgOf(t.shown), "table", t.shown.Table))
	out.WriteString(`">`)
	escape(&out, row.Title)
	out.WriteString(`</a>`)
	if row.Sensitive {
		out.WriteString(`<small>` + t.words.sensitive + `</small>`)
	}
	out.WriteString(`</th>`)
	for _, i := range t.cols {
		t.cell(&out, row, i)
	}
	out.WriteString(`</tr>`)
	_, err := io.WriteString(w, out.String())
	return err
}

// cell is a button that opens what can be done with it; its name says all that its looks do.
func (t table) cell(out *strings.Builder, row *grid.Row, i int) {
	c, col := row.Cells[i], &t.shown.Columns[i]
	mark := marks[c.State]
	out.WriteString(`<td><button class="pg-cell ` + mark)
	switch {
	case c.Own != "" && !c.Asleep:
		out.WriteString(` own`)
	case c.From != 0:
		out.WriteString(` from`)
	}
	if c.Moved() {
		out.WriteString(` moved`)
	}
	out.WriteString(`" name="cell" value="`)
	escape(out, string(col.Role)+" "+row.Key)
	out.WriteString(`" aria-label="`)
	escape(out, t.words.cell(c)+", "+row.Title+", "+col.Title)
	out.WriteString(`"`)
	if c.MayChange {
		out.WriteString(` data-own="` + c.Own + `"`)
		if c.Default {
			out.WriteString(` data-default=""`)
		}
	}
	out.WriteString(`>` + useText[mark])
	if c.Locked {
		out.WriteString(useText["lock"])
	}
	out.WriteString(`<span class="pg-say">`)
	escape(out, t.words.state[c.State])
	out.WriteString(`</span></button></td>`)
}

// marks are the pictures of the states.
var marks = map[string]string{"allowed": "yes", "denied": "no", "never": "never", "always": "yes"}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func escape(out *strings.Builder, text string) { _, _ = escaper.WriteString(out, text) }
