package page

import (
	"errors"
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Align is where a column's cells stand.
type Align string

// The alignments: Start for words, End for figures.
const (
	Start  Align = ""
	End    Align = "end"
	Center Align = "center"
)

// Column is a column of a Table.
type Column struct {
	Title string
	Align Align
	// Sort is the address of the page sorted by this column; empty is no link.
	Sort string
	// Sorted is how the column is sorted now: "ascending", "descending" or empty.
	Sorted string
	// Quiet hides the title from the eye, for a column of menus.
	Quiet bool
	// Wide lets the column take the room that is left.
	Wide bool
	// NoWrap keeps each cell in one line, for dates and states.
	NoWrap bool
}

// Row is a row of a Table. The first cell is its heading.
type Row struct {
	Cells []g.Node
	// Href makes the first cell a link to the row's own page, which a click anywhere in the row follows.
	Href string
	// Value and Name are what a ticked row submits and what its tick box is called; see Table.Select.
	Value, Name string
	// Chosen ticks the box.
	Chosen bool
	// Muted greys the row, for what is archived or suspended; a word or badge in it must say why.
	Muted bool
}

// Table is a table with real headings that scrolls sideways by itself on a narrow screen.
type Table struct {
	// Caption names the table to screen readers, and to everybody with ShowCaption.
	Caption     string
	ShowCaption bool
	Columns     []Column
	Rows        []Row
	// Foot is a row of totals; nil is none.
	Foot []g.Node
	// Empty stands in place of a table without rows; nil is a plain sentence.
	Empty g.Node
	// Select is the field name of tick boxes before the rows (with Form as the id of the form they belong to).
	Select, Form string
	// Dense makes low rows, for figures.
	Dense bool
	// Boxed lets the table scroll in a box of its own, both ways, with headings that stay; for very many columns.
	Boxed bool
}

// Node is the table.
func (t Table) Node(v View) g.Node {
	if len(t.Rows) == 0 {
		if t.Empty != nil {
			return t.Empty
		}
		return Empty(v.T("Nothing here yet"), "")
	}
	class := "table"
	if t.Dense {
		class += " dense"
	}
	caption := "sr"
	if t.ShowCaption {
		caption = "caption"
	}
	return h.Div(h.Class(either(t.Boxed, "table-scroll boxed", "table-scroll")), h.Role("region"), h.Aria("label", t.Caption), h.TabIndex("0"),
		h.Table(h.Class(class),
			h.Caption(h.Class(caption), g.Text(t.Caption)),
			h.THead(h.Tr(t.selectAll(v), g.Map(t.Columns, func(c Column) g.Node { return c.node(v) }))),
			h.TBody(t.body(v)),
			g.Iff(t.Foot != nil, t.foot)))
}

func (c Column) class() string {
	class := string(c.Align)
	if !c.Wide && !c.NoWrap {
		return class
	}
	if c.Wide {
		class += " wide"
	}
	if c.NoWrap {
		class += " nowrap"
	}
	return class
}

func (c Column) node(v View) g.Node {
	title := g.Node(g.Text(c.Title))
	if c.Quiet {
		title = h.Span(h.Class("sr"), title)
	}
	if c.Sort != "" {
		icon := map[string]string{"ascending": "up", "descending": "down"}[c.Sorted]
		if icon == "" {
			icon = "sort"
		}
		title = h.A(h.Class("sort"), h.Href(c.Sort), title, h.Span(h.Class("sr"), g.Text(", "+v.T("sort"))), Icon(icon))
	}
	return h.Th(h.Scope("col"), class(c.class()), g.If(c.Sorted != "", h.Aria("sort", c.Sorted)), title)
}

func (t Table) selectAll(v View) g.Node {
	if t.Select == "" {
		return none
	}
	return h.Td(h.Class("tick"), h.Input(h.Type("checkbox"), h.Data("tick-all", t.Select), g.Attr("hidden"),
		h.Aria("label", v.T("Choose all on this page"))))
}

// body are the rows, written one by one.
func (t *Table) body(v View) g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		for i := range t.Rows {
			if err := t.row(w, &v, &t.Rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Table) row(w io.Writer, v *View, r *Row) error {
	if err := put(w, either(r.Muted, `<tr class="muted-row">`, `<tr>`)); err != nil {
		return err
	}
	if t.Select != "" {
		if err := t.tick(v, r).Render(w); err != nil {
			return err
		}
	}
	for i, c := range r.Cells {
		open, shut := t.cell(i, r)
		if err := put(w, open...); err != nil {
			return err
		}
		if c != nil {
			if err := c.Render(w); err != nil {
				return err
			}
		}
		if err := put(w, shut); err != nil {
			return err
		}
	}
	return put(w, `</tr>`)
}

// cell is what stands before the content of cell i of a row, as parts for put, and behind it.
func (t *Table) cell(i int, r *Row) (open []string, shut string) {
	class := ""
	if i < len(t.Columns) {
		class = t.Columns[i].class()
	}
	switch {
	case i > 0:
		return []string{`<td class="`, class, `">`}, `</td>`
	case r.Href == "":
		return []string{`<th scope="row" class="`, class, `">`}, `</th>`
	}
	return []string{`<th scope="row" class="`, class, `"><a class="row-link" href="`, r.Href, `">`}, `</a></th>`
}

// tick is the box that chooses a row.
func (t *Table) tick(v *View, r *Row) g.Node {
	return h.Td(h.Class("tick"), g.Iff(r.Value != "", func() g.Node {
		return h.Input(h.Type("checkbox"), h.Name(t.Select), h.Value(r.Value), g.If(t.Form != "", h.FormAttr(t.Form)),
			g.If(r.Chosen, h.Checked()), h.Aria("label", v.T("Choose {name}", "name", r.Name)))
	}))
}

func (t Table) foot() g.Node {
	cells := g.Group{}
	if t.Select != "" {
		cells = append(cells, h.Td())
	}
	for i, c := range t.Foot {
		align := class(t.Columns[i].class())
		if i == 0 {
			cells = append(cells, h.Th(h.Scope("row"), align, c))
			continue
		}
		cells = append(cells, h.Td(align, c))
	}
	return h.TFoot(h.Tr(cells))
}

// class is a class attribute, or nothing for an empty one.
func class(names string) g.Node {
	if names == "" {
		return none
	}
	return h.Class(names)
}

// Cells makes a row's cells of plain texts.
func Cells(texts ...string) []g.Node {
	cells := make([]g.Node, len(texts))
	for i, t := range texts {
		cells[i] = g.Text(t)
	}
	return cells
}

// Named is a cell with a name and a smaller line beneath it (an e-mail address, an organization).
func Named(name, detail string) g.Node {
	if detail == "" {
		return fused(`<span class="named"><span class="named-name">`, name, `</span></span>`)
	}
	return fused(`<span class="named"><span class="named-name">`, name, `</span><span class="named-detail">`, detail, `</span></span>`)
}

// Person is Named with an avatar before it.
func Person(name, detail string) g.Node {
	face, named := Avatar(name), Named(name, detail)
	return g.NodeFunc(func(w io.Writer) error {
		return errors.Join(put(w, `<span class="person">`), face.Render(w), named.Render(w), put(w, `</span>`))
	})
}

// Pager leads to the next and the previous page of a list that is read by key, so there are no page numbers.
type Pager struct {
	// Prev and Next are addresses; empty is the end.
	Prev, Next string
	// Shown is the number of rows on this page; Total of all, or negative when it is not counted.
	Shown, Total int
}

// Node is the pager, or nothing for an empty list.
func (p Pager) Node(v View) g.Node {
	if p.Shown == 0 && p.Prev == "" {
		return none
	}
	text := v.N("{n} shown", "{n} shown", p.Shown)
	if p.Total >= 0 {
		text = v.T("{n} of {total}", "n", p.Shown, "total", p.Total)
	}
	return h.Nav(h.Class("pager"), h.Aria("label", v.T("Pages")),
		h.Span(h.Class("muted"), g.Text(text)),
		h.Span(h.Class("actions"),
			pageLink(p.Prev, "prev", Icon("left"), g.Text(v.T("Previous"))),
			pageLink(p.Next, "next", g.Text(v.T("Next")), Icon("right"))))
}

func pageLink(href, rel string, body ...g.Node) g.Node {
	if href == "" {
		return none
	}
	return h.A(h.Class("button"), h.Href(href), h.Rel(rel), g.Group(body))
}
