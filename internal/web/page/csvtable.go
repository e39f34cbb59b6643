package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// CSVTable is a file's rows as a table to mend before they are sent (LM-13). The form submits Prefix.<row>.<column>
// for each cell and Prefix.<row>.leave_out for each row that is to be left out; rows count from 0.
type CSVTable struct {
	// Prefix is "rows" when empty.
	Prefix  string
	Caption string
	Columns []CSVColumn
	Rows    []CSVRow
}

// CSVColumn is a column: its name in the form, its title, and an input type ("email") or the options of a list.
type CSVColumn struct {
	Name, Title, Type string
	Options           []Option
}

// CSVRow is a row: its values and what is wrong with them, by column name. Line is the line of the file, for the reader.
type CSVRow struct {
	Line     int
	Values   map[string]string
	Errors   map[string]string
	LeaveOut bool
}

// Node is the table, with a button to add a row where scripts run.
func (t CSVTable) Node(v View) g.Node {
	if t.Prefix == "" {
		t.Prefix = "rows"
	}
	head := g.Group{h.Th(h.Scope("col"), h.Class("end"), g.Text(v.T("Line")))}
	for _, c := range t.Columns {
		head = append(head, h.Th(h.Scope("col"), g.Text(c.Title)))
	}
	head = append(head, h.Th(h.Scope("col"), h.Class("center"), g.Text(v.T("Leave out"))))
	body := g.Group{}
	for i, r := range t.Rows {
		body = append(body, t.row(v, i, r))
	}
	return h.Div(h.Class("csv"), h.Data("csv", t.Prefix),
		h.Div(h.Class("table-scroll"), h.Role("region"), h.Aria("label", t.Caption), h.TabIndex("0"),
			h.Table(h.Class("table csv-table"), h.Caption(h.Class("sr"), g.Text(t.Caption)), h.THead(h.Tr(head)), h.TBody(body))),
		h.Template(g.Attr("data-csv-row"), t.row(v, -1, CSVRow{})),
		h.Button(h.Type("button"), h.Class("button small"), g.Attr("data-csv-add"), g.Attr("hidden"), Icon("plus"), h.Span(g.Text(v.T("Add a row")))))
}

func (t CSVTable) row(v View, i int, r CSVRow) g.Node {
	at, line := strconv.Itoa(i), strconv.Itoa(r.Line)
	if i < 0 {
		at, line = "NEW", "+" // the script puts the next number
	}
	cells := g.Group{h.Th(h.Scope("row"), h.Class("end muted"), g.Text(line))}
	for _, c := range t.Columns {
		cells = append(cells, t.cell(v, at, line, c, r))
	}
	name := t.Prefix + "." + at + ".leave_out"
	return h.Tr(class(either(len(r.Errors) > 0, "wrong", "")), cells,
		h.Td(h.Class("center"), h.Input(h.Type("checkbox"), h.Name(name), h.ID(FieldID(name)), h.Value("on"), g.If(r.LeaveOut, h.Checked()),
			h.Aria("label", v.T("Leave out line {line}", "line", line)))))
}

func (t CSVTable) cell(v View, at, line string, c CSVColumn, r CSVRow) g.Node {
	f := Field{Name: t.Prefix + "." + at + "." + c.Name, Error: r.Errors[c.Name], Value: r.Values[c.Name]}
	label := h.Aria("label", v.T("{column}, line {line}", "column", c.Title, "line", line))
	kind := c.Type
	if kind == "" {
		kind = "text"
	}
	control := h.Input(h.Type(kind), h.Value(f.Value), label, f.control())
	if c.Options != nil {
		control = h.Div(h.Class("select"), h.Select(label, f.control(), selectOptions(f.Value, c.Options)), Icon("down"))
	}
	return h.Td(control, f.wrong())
}
