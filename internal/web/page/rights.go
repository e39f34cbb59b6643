package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// RightGroup is permissions of one section.
type RightGroup struct {
	Title  string
	Rights []string
}

// Rights are permissions, section by section.
func Rights(groups ...RightGroup) g.Node {
	cards := g.Group{}
	for _, one := range groups {
		items := g.Group{}
		for _, r := range one.Rights {
			items = append(items, h.Li(Icon("check"), h.Span(g.Text(r))))
		}
		cards = append(cards, h.Div(h.Class("right-group"), h.H3(g.Text(one.Title)), h.Ul(items)))
	}
	return h.Div(h.Class("rights"), cards)
}

// Slot is one part of a Sentence: what stands before it, and the things in it.
type Slot struct {
	Before string
	Things []g.Node
}

// Sentence is what a policy says: these people get this role on these things.
func Sentence(slots ...Slot) g.Node {
	parts := g.Group{}
	for _, s := range slots {
		things := g.Group{}
		for _, t := range s.Things {
			things = append(things, h.Li(t))
		}
		parts = append(parts, h.Div(h.Class("slot"), h.P(h.Class("slot-before"), g.Text(s.Before)), h.Ul(things)))
	}
	return h.Div(h.Class("sentence"), parts)
}

// Ways is a list of ways to something: what it is, and who could give it.
func Ways(items ...[2]string) g.Node {
	list := g.Group{}
	for _, i := range items {
		list = append(list, h.Li(h.Strong(g.Text(i[0])), g.If(i[1] != "", h.P(g.Text(i[1])))))
	}
	return h.Ul(h.Class("ways"), list)
}

// TextLink is a link within a text or a cell.
func TextLink(label, href string) g.Node { return h.A(h.Href(href), g.Text(label)) }

// LinesOf are short things below one another, in a cell.
func LinesOf(items ...g.Node) g.Node {
	out := g.Group{}
	for _, i := range items {
		out = append(out, h.Div(i))
	}
	return h.Div(h.Class("lines"), out)
}
