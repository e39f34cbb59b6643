package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// FileLine is a file in a list.
type FileLine struct {
	Name, Href string
	// Size is in bytes.
	Size int64
	// Picture is the address of a small view of it, and Alt what it shows; empty for what is no picture.
	Picture, Alt string
	// Write is how a text calls it, where one writes that text.
	Write string
	// Note stands behind the size.
	Note string
	Menu g.Node
}

// Files is a list of files, each to be saved or looked at.
func Files(v View, label string, lines []FileLine) g.Node {
	items := g.Group{}
	for _, f := range lines {
		note := v.Bytes(f.Size)
		if f.Note != "" {
			note += " · " + f.Note
		}
		items = append(items, h.Li(g.If(f.Picture != "", h.Img(h.Class("thumb"), h.Src(f.Picture), h.Alt(f.Alt), h.Loading("lazy"))),
			h.Div(h.Class("file-text"), h.A(h.Href(f.Href), g.Text(f.Name)), h.Small(g.Text(note)),
				g.If(f.Write != "", h.Code(g.Text(f.Write)))),
			g.Iff(f.Menu != nil, func() g.Node { return f.Menu })))
	}
	return h.Ul(h.Class("files"), h.Aria("label", label), items)
}
