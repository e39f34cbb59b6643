package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// FieldError is what is wrong with one field of a form.
type FieldError struct {
	Name, Message string
}

// Errors is what is wrong with a form.
type Errors []FieldError

// For is what is wrong with the field of a name, or empty.
func (e Errors) For(name string) string {
	for _, one := range e {
		if one.Name == name {
			return one.Message
		}
	}
	return ""
}

// Form is a form with its errors gathered at the top, each a link to its field.
type Form struct {
	// Method is "post" when empty.
	Method, Action string
	// ID is needed where fields stand outside of the form.
	ID string
	// Errors are shown at the top; each field shows its own by Field.Error too. Message heads them.
	Errors  Errors
	Message string
	// Files lets the form send files.
	Files bool
	// Preview is an address to which the form is posted while it is filled in; the answer, a fragment of HTML, is shown
	// in PreviewOut(), which must be in the Body. Without scripts, give a button with formaction of the same address.
	Preview string
	Body    []g.Node
	// Submit are the buttons at the end.
	Submit []g.Node
}

// Node is the form.
func (f Form) Node(v View) g.Node {
	method := f.Method
	if method == "" {
		method = "post"
	}
	return h.Form(h.Class("form"), h.Method(method), h.Action(f.Action), g.Attr("novalidate"),
		g.If(f.ID != "", h.ID(f.ID)),
		g.If(f.Files, h.EncType("multipart/form-data")),
		g.If(f.Preview != "", h.Data("preview", f.Preview)),
		f.summary(v), g.Group(f.Body),
		g.If(len(f.Submit) > 0, h.Div(h.Class("form-end"), g.Group(f.Submit))))
}

func (f Form) summary(v View) g.Node {
	if len(f.Errors) == 0 && f.Message == "" {
		return none
	}
	items, marked := g.Group{}, 0
	for _, e := range f.Errors {
		if e.Name == "" {
			items = append(items, h.Li(g.Text(e.Message)))
			continue
		}
		marked++
		items = append(items, h.Li(h.A(h.Href("#"+FieldID(e.Name)), g.Text(e.Message))))
	}
	text := f.Message
	if text == "" && marked > 0 {
		text = v.N("Please correct what is marked.", "Please correct the {n} things that are marked.", marked)
	}
	return h.Div(h.Class("notice bad summary"), h.Role("alert"), h.TabIndex("-1"), h.AutoFocus(),
		Icon("warn"), h.Div(g.If(text != "", h.Strong(g.Text(text))), g.If(len(items) > 0, h.Ul(items))))
}

// PreviewOut is where a form's preview is shown; it holds what there is before anything changes.
func PreviewOut(v View, now ...g.Node) g.Node {
	return h.Div(h.Class("preview"), g.Attr("data-preview-out"), h.Role("region"), h.Aria("live", "polite"), h.Aria("label", v.T("What this would change")), g.Group(now))
}

// Two puts fields side by side where there is room.
func Two(fields ...g.Node) g.Node { return h.Div(h.Class("two"), g.Group(fields)) }

// Button is the main button of a form: one on a page.
func Button(label string, attrs ...g.Node) g.Node {
	return h.Button(h.Class("button primary"), h.Type("submit"), g.Group(attrs), g.Text(label))
}

// Secondary is a button beside the main one.
func Secondary(label string, attrs ...g.Node) g.Node {
	return h.Button(h.Class("button"), h.Type("submit"), g.Group(attrs), g.Text(label))
}

// Danger is a button that takes something away.
func Danger(label string, attrs ...g.Node) g.Node {
	return h.Button(h.Class("button danger"), h.Type("submit"), g.Group(attrs), g.Text(label))
}

// LinkButton is a link that looks like a Secondary button; PrimaryLink like the main one.
func LinkButton(label, href string, attrs ...g.Node) g.Node {
	return h.A(h.Class("button"), h.Href(href), g.Group(attrs), g.Text(label))
}

// PrimaryLink is a link that looks like the main button.
func PrimaryLink(label, href string, attrs ...g.Node) g.Node {
	return h.A(h.Class("button primary"), h.Href(href), g.Group(attrs), g.Text(label))
}

// Unavailable is a button that cannot be used, with the reason beneath the pointer and for screen readers.
func Unavailable(label, reason string) g.Node {
	return h.Span(h.Class("unavailable"), h.Button(h.Class("button"), h.Type("button"), h.Aria("disabled", "true"), g.Text(label)),
		h.Span(h.Class("reason"), g.Text(reason)))
}

// Post is a form of one button, with hidden values in pairs of a name and a value.
func Post(action string, button g.Node, pairs ...string) g.Node {
	fields := g.Group{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = append(fields, Hidden(pairs[i], pairs[i+1]))
	}
	return h.Form(h.Class("post"), h.Method("post"), h.Action(action), fields, button)
}
