package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// SmallInput is an Input for Filters, such as a day: its label is before it, in one line.
func SmallInput(f Field) g.Node {
	kind := f.Type
	if kind == "" {
		kind = "text"
	}
	return h.Div(h.Class("small-field"), h.Label(h.For(f.id()), g.Text(f.Label)), h.Input(h.Type(kind), h.Value(f.Value), f.control()))
}

// PlainList is short texts below one another.
func PlainList(lines ...g.Node) g.Node {
	items := g.Group{}
	for _, l := range lines {
		items = append(items, h.Li(l))
	}
	return h.Ul(h.Class("plain"), items)
}

// LinkTo is a link in a text or a table; without an address it is the text alone.
func LinkTo(label, href string) g.Node {
	if href == "" {
		return g.Text(label)
	}
	return h.A(h.Href(href), g.Text(label))
}
