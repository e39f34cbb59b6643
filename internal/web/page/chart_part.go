package page

import (
	"math"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// BarItem is one bar of a BarList, or one part of a StackBar, or one stage of a Funnel.
type BarItem struct {
	Label string
	Value float64
	// Detail stands behind the figure, such as "of 340".
	Detail string
	// Href leads to the rows behind the figure.
	Href string
}

func (b BarItem) label() g.Node {
	if b.Href == "" {
		return g.Text(b.Label)
	}
	return h.A(h.Href(b.Href), g.Text(b.Label))
}

// BarList shows named values as bars that lie, the longest filling the width: courses, organizations, teams.
type BarList struct {
	Title  string
	Items  []BarItem
	Format func(float64) string
	// Full is the value that fills the width; 0 is the largest. A share is best given 1.
	Full  float64
	Empty string
}

// Node is the list: real text with a bar, so it needs no further table for a screen reader.
func (b BarList) Node(v View) g.Node {
	full := b.Full
	for _, i := range b.Items {
		if b.Full == 0 {
			full = max(full, i.Value)
		}
	}
	if len(b.Items) == 0 {
		return emptyChart(v, b.Title, b.Empty)
	}
	items := g.Group{}
	for _, i := range b.Items {
		items = append(items, h.Li(
			h.Span(h.Class("hbar-label"), i.label()),
			hbar(i.Value/full),
			h.Span(h.Class("hbar-value"), h.Strong(g.Text(format(v, b.Format, i.Value))), g.If(i.Detail != "", h.Small(g.Text(i.Detail))))))
	}
	return h.Figure(h.Class("chart"), h.FigCaption(h.Strong(g.Text(b.Title))), h.Ul(h.Class("hbars"), items))
}

func format(v View, f func(float64) string, value float64) string {
	if f != nil {
		return f(value)
	}
	return v.Decimal(value, 1)
}

// hbar is a bar of a share of 1 in a track.
func hbar(share float64) g.Node {
	if math.IsNaN(share) || share < 0 {
		share = 0
	}
	return g.Raw(`<svg class="hbar" width="100%" height="14" aria-hidden="true"><rect class="bar-rest" width="100%" height="14" rx="3"/><rect class="s1" width="` +
		pct(100*min(share, 1)) + `" height="14" rx="3"/></svg>`)
}

// Funnel shows how many of those who began came how far: enrolled, started, completed.
type Funnel struct {
	Title  string
	Stages []BarItem
	Empty  string
}

// Node is the funnel: each stage with its share of the first.
func (f Funnel) Node(v View) g.Node {
	if len(f.Stages) == 0 || f.Stages[0].Value <= 0 {
		return emptyChart(v, f.Title, f.Empty)
	}
	first := f.Stages[0].Value
	items := g.Group{}
	for i, s := range f.Stages {
		share := s.Value / first
		detail := g.Node(none)
		if i > 0 {
			detail = h.Small(g.Text(v.T("{share} of {stage}", "share", v.Percent(share), "stage", f.Stages[0].Label)))
		}
		items = append(items, h.Li(
			h.Div(h.Class("funnel-head"), h.Span(h.Class("hbar-label"), s.label()), h.Strong(g.Text(v.Decimal(s.Value, 0)))),
			g.Raw(`<svg class="hbar" width="100%" height="28" aria-hidden="true"><rect class="bar-rest" width="100%" height="28" rx="4"/><rect class="s1 f`+strconv.Itoa(min(i, 3))+`" width="`+pct(100*min(share, 1))+`" height="28" rx="4"/></svg>`),
			detail))
	}
	return h.Figure(h.Class("chart"), h.FigCaption(h.Strong(g.Text(f.Title))), h.Ol(h.Class("funnel"), items))
}

// StackBar shows the parts of a whole as one bar, with a legend that has the figures; up to six parts.
type StackBar struct {
	Title string
	Parts []BarItem
	Empty string
}

// Node is the bar and its legend.
func (s StackBar) Node(v View) g.Node {
	total := 0.0
	for _, p := range s.Parts {
		total += max(p.Value, 0)
	}
	if total == 0 {
		return emptyChart(v, s.Title, s.Empty)
	}
	id := newFrame(v, s.Title, "stack", nil, nil, nil, 1).id
	var out strings.Builder
	out.WriteString(`<svg class="stackbar" width="100%" height="28" aria-hidden="true">`)
	legend, x := g.Group{}, 0.0
	for i, p := range s.Parts {
		if p.Value > 0 {
			width := 100 * p.Value / total
			out.WriteString(patterns(id, i) + `<rect ` + fill(id, i) + ` x="` + pct(x) + `" width="` + pct(max(width-.3, .2)) + `" height="28" rx="3"/>`)
			x += width
		}
		legend = append(legend, h.Li(swatch(id, i), h.Span(p.label()), h.Strong(g.Text(v.Decimal(p.Value, 0))), h.Small(g.Text(v.Percent(p.Value/total)))))
	}
	out.WriteString(`</svg>`)
	return h.Figure(h.Class("chart"), h.FigCaption(h.Strong(g.Text(s.Title))), g.Raw(out.String()), h.Ul(h.Class("legend figures"), legend))
}
