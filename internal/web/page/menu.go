package page

import (
	"errors"
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// MenuItem is one line of a menu: a link (Href) or a form of one button (Post, with Pairs as its hidden values).
type MenuItem struct {
	Label, Icon string
	Href, Post  string
	Pairs       []string
	// Danger colours what takes something away; such an item should lead to a confirmation.
	Danger bool
	// Reason says why the line cannot be used; it is then shown without an address.
	Reason string
}

func (m MenuItem) node() g.Node {
	class := "menu-item"
	if m.Danger {
		class += " danger"
	}
	switch {
	case m.Reason != "":
		return h.Li(h.Span(h.Class("menu-item off"), Icon(m.Icon), h.Span(g.Text(m.Label), h.Small(g.Text(m.Reason)))))
	case m.Post != "":
		return h.Li(Post(m.Post, h.Button(h.Type("submit"), h.Class(class), Icon(m.Icon), h.Span(g.Text(m.Label))), m.Pairs...))
	}
	return fused(`<li><a class="`, class, `" href="`, m.Href, `">`+drawnText[m.Icon]+`<span>`, m.Label, `</span></a></li>`)
}

// Menu is what can be done with one thing, behind three dots. The label names the thing: "Actions for Reds".
// It works without scripts; with them it closes by Escape and by a click elsewhere.
func Menu(label string, items ...MenuItem) g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		err := put(w, `<details class="menu"><summary class="icon-button" aria-label="`, label, `">`+drawnText["more"]+`</summary><ul class="menu-list">`)
		for _, item := range items {
			err = errors.Join(err, item.node().Render(w))
		}
		return errors.Join(err, put(w, `</ul></details>`))
	})
}

// MenuButton is a Menu behind a button with words.
func MenuButton(label string, items ...MenuItem) g.Node {
	return h.Details(h.Class("menu"),
		h.Summary(h.Class("button"), g.Text(label), Icon("down")),
		h.Ul(h.Class("menu-list"), g.Map(items, MenuItem.node)))
}

// Confirm asks before something is lost, and says what.
type Confirm struct {
	Title, Text string
	// Losses are what would be lost, one line each.
	Losses []string
	// Action is posted to with Pairs as hidden values (pairs of a name and a value).
	Action string
	Pairs  []string
	// Button says the deed: "Delete Reds".
	Button string
	// Cancel is the way back.
	Cancel string
	// Typed has to be typed into the field "typed" first; empty asks for nothing. Error is what was wrong with it.
	Typed, Error string
	// Fields are further questions, such as a password.
	Fields []g.Node
}

// Node is the panel; put it into Layout or Narrow.
func (c Confirm) Node(v View) g.Node {
	body := g.Group{g.If(c.Text != "", h.P(g.Text(c.Text)))}
	if len(c.Losses) > 0 {
		items := g.Group{}
		for _, l := range c.Losses {
			items = append(items, h.Li(Icon("minus"), h.Span(g.Text(l))))
		}
		body = append(body, h.Div(h.P(h.Strong(g.Text(v.T("This would be lost:")))), h.Ul(h.Class("losses"), items)))
	}
	for i := 0; i+1 < len(c.Pairs); i += 2 {
		body = append(body, Hidden(c.Pairs[i], c.Pairs[i+1]))
	}
	if c.Typed != "" {
		body = append(body, Input(v, Field{Name: "typed", Label: v.T("Type {text} to confirm", "text", c.Typed), Error: c.Error,
			Required: true, Autocomplete: "off"}))
	}
	return h.Section(h.Class("card confirm"), h.H2(g.Text(c.Title)),
		Form{Action: c.Action, Body: append(body, c.Fields...),
			Submit: []g.Node{Danger(c.Button), LinkButton(v.T("Cancel"), c.Cancel)}}.Node(v))
}
