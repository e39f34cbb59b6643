package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Crumbs is the way from the portal to this page; the last link needs no address.
func Crumbs(v View, links ...Link) g.Node {
	items := g.Group{}
	for i, l := range links {
		if l.Href == "" || i == len(links)-1 {
			items = append(items, h.Li(h.Span(g.If(i == len(links)-1, h.Aria("current", "page")), g.Text(l.Label))))
			continue
		}
		items = append(items, h.Li(h.A(h.Href(l.Href), g.Text(l.Label))))
	}
	return h.Nav(h.Class("crumbs"), h.Aria("label", v.T("You are here")), h.Ol(items))
}

// Header is the page's heading, with a line beneath it (may be empty) and what can be done here at its end.
func Header(title, subtitle string, actions ...g.Node) g.Node {
	return h.Div(h.Class("head"),
		h.Div(h.Class("head-text"), h.H1(g.Text(title)), g.If(subtitle != "", h.P(g.Text(subtitle)))),
		g.If(len(actions) > 0, h.Div(h.Class("actions"), g.Group(actions))))
}

// Tab is one of several pages on the same thing.
type Tab struct {
	Label, Href string
	Current     bool
	// Count is shown behind the label; empty is nothing.
	Count string
}

// Tabs are links to the pages on one thing; the label names the row for screen readers.
func Tabs(label string, tabs ...Tab) g.Node {
	items := g.Group{}
	for _, t := range tabs {
		items = append(items, h.Li(h.A(h.Href(t.Href), g.If(t.Current, h.Aria("current", "page")),
			g.Text(t.Label), g.If(t.Count != "", h.Span(h.Class("nav-count"), g.Text(t.Count))))))
	}
	return h.Nav(h.Class("tabs"), h.Aria("label", label), h.Ul(items))
}

// Section is a part of a page under a second heading.
func Section(title string, body ...g.Node) g.Node {
	return h.Section(h.Class("section"), h.H2(g.Text(title)), g.Group(body))
}

// SectionWith is a Section with actions beside its heading.
func SectionWith(title string, actions []g.Node, body ...g.Node) g.Node {
	return h.Section(h.Class("section"),
		h.Div(h.Class("section-head"), h.H2(g.Text(title)), h.Div(h.Class("actions"), g.Group(actions))), g.Group(body))
}

// Scope is the line under a heading of figures or a report: whose rows these are, by which rule, as of when.
func Scope(parts ...string) g.Node {
	items := g.Group{}
	for _, p := range parts {
		items = append(items, h.Li(g.Text(p)))
	}
	return h.Ul(h.Class("scope"), items)
}

// SideBySide puts its children side by side where there is room for them.
func SideBySide(children ...g.Node) g.Node {
	return h.Div(h.Class("columns"), g.Group(children))
}

// Stack puts its children below one another with even space between.
func Stack(children ...g.Node) g.Node {
	return h.Div(h.Class("stack"), g.Group(children))
}

// Inline puts small things side by side, wrapping.
func Inline(children ...g.Node) g.Node {
	return h.Div(h.Class("inline"), g.Group(children))
}

// P is a paragraph of plain text.
func P(text string) g.Node { return h.P(g.Text(text)) }

// Muted is text that matters less than its surroundings.
func Muted(text string) g.Node { return h.Span(h.Class("muted"), g.Text(text)) }
