package page

import (
	"maps"
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Field is one thing that a form asks for.
type Field struct {
	Name, Label, Value string
	// Hint is a line beneath the label; Error is what is wrong now. Both are read with the field.
	Hint, Error string
	Required    bool
	// Type is the input's type; empty is "text".
	Type string
	// Autocomplete is the purpose of the input ("email", "current-password"), which browsers and readers need.
	Autocomplete string
	// Attrs are further attributes of the input.
	Attrs []g.Node
	// ID is made of the name when it is empty; see FieldID.
	ID string
}

// FieldID is the id of the field with a name, which the error summary links to.
func FieldID(name string) string { return "f-" + name }

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return FieldID(f.Name)
}

// control are the attributes that every control has: name, id, and what describes it.
func (f Field) control() g.Node {
	described := ""
	if f.Hint != "" {
		described = f.id() + "-hint"
	}
	if f.Error != "" {
		described += " " + f.id() + "-error"
	}
	return g.Group{h.ID(f.id()), h.Name(f.Name),
		g.If(described != "", h.Aria("describedby", described)),
		g.If(f.Error != "", h.Aria("invalid", "true")),
		g.If(f.Required, h.Required()),
		g.If(f.Autocomplete != "", h.AutoComplete(f.Autocomplete)),
		g.Group(f.Attrs)}
}

// wrap puts label, hint and error around a control.
func (f Field) wrap(v View, control g.Node) g.Node {
	return h.Div(class(either(f.Error != "", "field wrong", "field")),
		h.Label(h.For(f.id()), g.Text(f.Label), f.optional(v)), f.hint(), control, f.wrong())
}

func (f Field) optional(v View) g.Node {
	return g.If(!f.Required, h.Span(h.Class("optional"), g.Text(" "+v.T("(optional)"))))
}

func (f Field) hint() g.Node {
	return g.If(f.Hint != "", h.P(h.Class("hint"), h.ID(f.id()+"-hint"), g.Text(f.Hint)))
}

func (f Field) wrong() g.Node {
	return g.If(f.Error != "", h.P(h.Class("error"), h.ID(f.id()+"-error"), Icon("warn"), g.Text(f.Error)))
}

// Input is a field of one line.
func Input(v View, f Field) g.Node {
	kind := f.Type
	if kind == "" {
		kind = "text"
	}
	return f.wrap(v, h.Input(h.Type(kind), g.If(kind != "password", h.Value(f.Value)), f.control()))
}

// Date is a field for a day; its value is 2026-11-05.
func Date(v View, f Field) g.Node {
	f.Type = "date"
	return Input(v, f)
}

// File is a field for a file; accept is such as ".csv,text/csv".
func File(v View, f Field, accept string) g.Node {
	return f.wrap(v, h.Input(h.Type("file"), g.If(accept != "", h.Accept(accept)), f.control()))
}

// Textarea is a field of several lines.
func Textarea(v View, f Field, rows int) g.Node {
	return f.wrap(v, h.Textarea(h.Rows(strconv.Itoa(rows)), f.control(), g.Text("\n"+f.Value)))
}

// Option is one of several answers. Disabled needs a Hint that says why.
type Option struct {
	Value, Label, Hint string
	Chosen, Disabled   bool
	// Group heads the options of a Select that follow one another with the same Group.
	Group string
}

// Select is a list to choose one of. The option whose Value is the field's, or that is Chosen, is chosen.
func Select(v View, f Field, options []Option) g.Node {
	return f.wrap(v, h.Div(h.Class("select"), h.Select(f.control(), selectOptions(f.Value, options)), Icon("down")))
}

func selectOptions(value string, options []Option) g.Node {
	out, at := g.Group{}, 0
	for at < len(options) {
		group, one := options[at].Group, g.Group{}
		for at < len(options) && options[at].Group == group {
			o := options[at]
			one = append(one, h.Option(h.Value(o.Value), g.If(o.Chosen || (value != "" && o.Value == value), h.Selected()),
				g.If(o.Disabled, h.Disabled()), g.Text(o.Label)))
			at++
		}
		if group == "" {
			out = append(out, one)
			continue
		}
		out = append(out, h.OptGroup(g.Attr("label", group), one))
	}
	return out
}

// SmallSelect is a Select for Filters: its label is before it, in one line.
func SmallSelect(f Field, options []Option) g.Node {
	return h.Div(h.Class("small-field"), h.Label(h.For(f.id()), g.Text(f.Label)),
		h.Div(h.Class("select"), h.Select(f.control(), selectOptions(f.Value, options)), Icon("down")))
}

// Checkbox is a single yes or no; a ticked box submits the field's Value, or "on".
func Checkbox(f Field, checked bool) g.Node {
	value := f.Value
	if value == "" {
		value = "on"
	}
	return h.Div(class(either(f.Error != "", "field check wrong", "field check")),
		h.Input(h.Type("checkbox"), h.Value(value), g.If(checked, h.Checked()), f.control()),
		h.Div(h.Label(h.For(f.id()), g.Text(f.Label)), f.hint(), f.wrong()))
}

// CheckGroup is a set of tick boxes of one name.
func CheckGroup(v View, f Field, options []Option) g.Node {
	return choices(v, f, "checkbox", options)
}

// RadioGroup is a set of which one is chosen.
func RadioGroup(v View, f Field, options []Option) g.Node {
	return choices(v, f, "radio", options)
}

func choices(v View, f Field, kind string, options []Option) g.Node {
	items := g.Group{}
	for i, o := range options {
		id := f.id() + "-" + strconv.Itoa(i)
		if i == 0 {
			id = f.id() // where the error summary leads
		}
		items = append(items, h.Div(h.Class("check"),
			h.Input(h.Type(kind), h.ID(id), h.Name(f.Name), h.Value(o.Value), g.Group(f.Attrs),
				g.If(o.Chosen || (f.Value != "" && o.Value == f.Value), h.Checked()), g.If(o.Disabled, h.Disabled()),
				g.If(o.Hint != "", h.Aria("describedby", id+"-says"))),
			h.Div(h.Label(h.For(id), g.Text(o.Label)), g.If(o.Hint != "", h.P(h.Class("hint"), h.ID(id+"-says"), g.Text(o.Hint))))))
	}
	described := f.id() + "-hint"
	if f.Error != "" {
		described += " " + f.id() + "-error"
	}
	return h.FieldSet(class(either(f.Error != "", "field choices wrong", "field choices")),
		g.If(f.Hint != "" || f.Error != "", h.Aria("describedby", described)),
		h.Legend(g.Text(f.Label), f.optional(v)), f.hint(), items, f.wrong())
}

// Hidden is a value that the form carries along.
func Hidden(name, value string) g.Node {
	return h.Input(h.Type("hidden"), h.Name(name), h.Value(value))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
