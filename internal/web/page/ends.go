package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Ends asks when something that is given ends by itself: after a usual span, or after a last day. Span and last are fields of
// the names "for" and "until"; a span counts before a day.
func Ends(v View, span, last Field) g.Node {
	span.Label, last.Label = v.T("Ends"), v.T("Last day")
	span.Hint = v.T("A usual span, or a day of your own.")
	last.Hint = v.T("Empty: it has no end.")
	return Two(Select(v, span, []Option{
		{Value: "", Label: v.T("After the last day, if one is named")},
		{Value: "1d", Label: v.T("After 1 day")},
		{Value: "2w", Label: v.T("After 2 weeks")},
		{Value: "3m", Label: v.T("After 3 months")},
	}), Date(v, last))
}

// EndsOn says when something ends by itself, where it does.
func EndsOn(v View, last string, soon bool) g.Node {
	if soon {
		return h.Span(h.Class("badges"), Badge(Warn, v.T("ends on {day}", "day", last)))
	}
	return g.Text(v.T("ends on {day}", "day", last))
}
