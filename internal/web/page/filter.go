package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Filters is the bar above a list: a search box, further fields, and what is filtered now as chips that can be taken off.
type Filters struct {
	// Action is the list's own address.
	Action string
	// SearchName is the name of the search box ("q"); empty leaves it out. SearchLabel says what is searched.
	SearchName, SearchLabel, Query string
	// Fields are small fields: SelectField and the like.
	Fields []g.Node
	// Keep are hidden values that the form carries on, such as the sort order.
	Keep map[string]string
	// Chips are the filters that count now.
	Chips []Chip
	// Clear is the address without any filter; shown when there are chips.
	Clear string
	// Summary says what is found, such as "230 people"; it is announced.
	Summary string
}

// Chip is a small label; with Remove, the address of the same page without it.
type Chip struct {
	Label, Href, Remove string
	Current             bool
}

// Node is the bar.
func (f Filters) Node(v View) g.Node {
	return h.Div(h.Class("filters"),
		h.Form(h.Class("filter-form"), h.Method("get"), h.Action(f.Action), h.Role("search"), h.Aria("label", v.T("This list")),
			g.Iff(f.SearchName != "", func() g.Node { return f.search() }),
			g.Group(f.Fields), keep(f.Keep),
			h.Button(h.Class("button"), h.Type("submit"), g.Text(v.T("Apply")))),
		h.Div(h.Class("filter-state"),
			h.Span(h.Class("muted"), h.Role("status"), g.Text(f.Summary)),
			Chips(v, f.Chips...),
			g.If(len(f.Chips) > 0 && f.Clear != "", h.A(h.Href(f.Clear), g.Text(v.T("Clear all"))))))
}

func (f Filters) search() g.Node {
	return h.Div(h.Class("filter-search"), Icon("search"),
		h.Input(h.Type("search"), h.Name(f.SearchName), h.Value(f.Query), h.Aria("label", f.SearchLabel), h.Placeholder(f.SearchLabel)))
}

func keep(values map[string]string) g.Node {
	fields := g.Group{}
	for _, name := range sortedKeys(values) {
		fields = append(fields, Hidden(name, values[name]))
	}
	return fields
}

// Chips is a row of small labels.
func Chips(v View, chips ...Chip) g.Node {
	if len(chips) == 0 {
		return none
	}
	items := g.Group{}
	for _, c := range chips {
		text := g.Node(g.Text(c.Label))
		if c.Href != "" {
			text = h.A(h.Href(c.Href), g.If(c.Current, h.Aria("current", "true")), text)
		}
		items = append(items, h.Li(h.Class("chip"), text, g.Iff(c.Remove != "", func() g.Node {
			return h.A(h.Class("chip-x"), h.Href(c.Remove), h.Aria("label", v.T("Remove {name}", "name", c.Label)), Icon("close"))
		})))
	}
	return h.Ul(h.Class("chips"), items)
}

// Period is a row of choices of which one counts, such as 7, 30 or 90 days: links that look like one switch.
func Period(label string, choices ...Tab) g.Node {
	items := g.Group{}
	for _, c := range choices {
		items = append(items, h.Li(h.A(h.Href(c.Href), g.If(c.Current, h.Aria("current", strconv.FormatBool(true))), g.Text(c.Label))))
	}
	return h.Nav(h.Class("switch"), h.Aria("label", label), h.Ul(items))
}
