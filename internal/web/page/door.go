package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Door is a place to go, with a line that says what is there.
type Door struct {
	Label, Href, Icon, Text string
}

// Doors are the places that a page leads to, side by side where there is room.
func Doors(doors ...Door) g.Node {
	return h.Ul(h.Class("doors"), g.Map(doors, func(d Door) g.Node {
		return h.Li(h.Class("door"), h.Span(h.Class("door-icon"), Icon(d.Icon)),
			h.Div(h.A(h.Class("row-link"), h.Href(d.Href), g.Text(d.Label)), g.If(d.Text != "", h.P(g.Text(d.Text)))))
	}))
}
