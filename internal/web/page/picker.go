package page

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Choice is something that a Picker has chosen or could choose; its JSON is what a Picker's source answers.
type Choice struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Detail string `json:"detail,omitempty"`
	Badge  string `json:"badge,omitempty"`
}

// Picker chooses people or things by name.
//
// The form submits Name once for each chosen id, and Name_text: lines that were typed or pasted and are not resolved yet
// (names, user names or e-mail addresses, one a line or divided by commas). The server resolves Name_text
// and shows the page again with Unknown for what it did not find. Without scripts that text is the whole picker; with
// them, Source is asked for "?q=" from two letters on (or "?q=" and a whole pasted line) and answers a JSON list of Choice.
type Picker struct {
	Field    Field
	Source   string
	Multiple bool
	Chosen   []Choice
	// Text is what is in Name_text again, after an error.
	Text string
	// Unknown are the lines of the text that were not found.
	Unknown []string
}

// TextName is the name of the field of lines that goes with a picker.
func TextName(name string) string { return name + "_text" }

// Lines are the entries of a picker's text: by line, comma or semicolon, without blanks and repetitions.
func Lines(text string) []string {
	seen, out := map[string]bool{}, []string{}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == '\t' }) {
		if p := strings.TrimSpace(part); p != "" && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// Node is the picker.
func (p Picker) Node(v View) g.Node {
	f := p.Field
	if f.Hint == "" {
		f.Hint = v.T("Names or e-mail addresses, one a line. A pasted list is welcome.")
		if !p.Multiple {
			f.Hint = v.T("A name or an e-mail address.")
		}
	}
	if len(p.Unknown) > 0 && f.Error == "" {
		f.Error = v.T("Not found: {names}", "names", strings.Join(p.Unknown, ", "))
	}
	mode := either(p.Multiple, "many", "one")
	chosen := g.Group{}
	for _, c := range p.Chosen {
		chosen = append(chosen, p.token(v, c))
	}
	text := Field{Name: TextName(f.Name), ID: f.id(), Hint: f.Hint, Error: f.Error, Attrs: []g.Node{g.Attr("data-picker-text")}}
	if f.ID == "" {
		text.ID = FieldID(f.Name)
	}
	control := h.Textarea(h.Rows(either(p.Multiple, "4", "1")), text.control(), g.Text("\n"+p.Text))
	return h.Div(class(either(f.Error != "", "field wrong", "field")),
		h.Data("picker", mode), h.Data("source", p.Source), h.Data("name", f.Name), h.Data("prompt", v.T("Type to search")),
		h.Label(h.For(text.ID), h.ID(text.ID+"-label"), g.Text(f.Label), f.optional(v)), text.hint(),
		h.Ul(h.Class("tokens"), h.Aria("label", v.T("Chosen")), g.Attr("data-tokens"), g.If(len(p.Chosen) == 0, g.Attr("hidden")), chosen),
		control, text.wrong())
}

// token is a chosen thing: a ticked box, that unticks without scripts and has a cross with them.
func (p Picker) token(v View, c Choice) g.Node {
	return h.Li(h.Class("token"), h.Label(
		h.Input(h.Type("checkbox"), h.Name(p.Field.Name), h.Value(c.ID), h.Checked()),
		h.Span(g.Text(c.Label)), g.If(c.Detail != "", h.Small(g.Text(c.Detail))), g.If(c.Badge != "", Badge(Warn, c.Badge))))
}
