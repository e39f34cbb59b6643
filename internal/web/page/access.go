package page

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// RungState is what one step of a decision came to.
type RungState string

// The states of a rung. Decisive is the grant or the rule that decided; Skipped did not matter.
const (
	Passed   RungState = "passed"
	Failed   RungState = "failed"
	Decisive RungState = "decisive"
	Skipped  RungState = "skipped"
)

// Rung is one step of Steps.
type Rung struct {
	State RungState
	Title string
	Text  string
	// More is anything further: a link to mend it, a list of who could.
	More g.Node
}

// Steps is a decision as a ladder: what was looked at, in order, and what decided (BE-1).
func Steps(v View, rungs ...Rung) g.Node {
	names := map[RungState]string{Passed: v.T("Passed"), Failed: v.T("Not met"), Decisive: v.T("Decided here"), Skipped: v.T("Did not count")}
	marks := map[RungState]string{Passed: "check", Failed: "cross", Decisive: "star", Skipped: "minus"}
	items := g.Group{}
	for _, r := range rungs {
		items = append(items, h.Li(h.Class("rung "+string(r.State)),
			h.Span(h.Class("rung-mark"), Icon(marks[r.State])),
			h.Div(h.Div(h.Class("rung-head"), h.Strong(g.Text(r.Title)), h.Span(h.Class("rung-state"), g.Text(names[r.State]))),
				g.If(r.Text != "", h.P(g.Text(r.Text))),
				g.Iff(r.More != nil, func() g.Node { return r.More }))))
	}
	return h.Ol(h.Class("steps"), items)
}

// Verdict is the answer above Steps, in one line: "Yes. Leo may add people to Reds."
func Verdict(allowed bool, text string) g.Node {
	if allowed {
		return h.Div(h.Class("verdict yes"), Icon("check"), h.P(g.Text(text)))
	}
	return h.Div(h.Class("verdict no"), Icon("cross"), h.P(g.Text(text)))
}

// Effect is what one person would gain or lose.
type Effect struct {
	Person, Detail string
	Items          []EffectItem
}

// EffectItem is a permission's title and the places where it is gained or lost.
type EffectItem struct {
	Title  string
	Places []string
}

// Effects is what a change of access would do, before it is saved (BE-2).
type Effects struct {
	Gains, Losses []Effect
	// GainPeople and LosePeople are how many people there are altogether, where only some are listed.
	GainPeople, LosePeople int
}

// Node is the two lists, or a sentence when nothing changes.
func (e Effects) Node(v View) g.Node {
	gains, losses := max(e.GainPeople, len(e.Gains)), max(e.LosePeople, len(e.Losses))
	if gains+losses == 0 {
		return h.Div(h.Class("effects"), Notice(Info, g.Text(v.T("Nobody gains or loses anything by this."))))
	}
	out := g.Group{}
	if gains > 0 {
		out = append(out, effectList(v, "gain", "plus", v.N("{n} person gains", "{n} people gain", gains), e.Gains, gains))
	}
	if losses > 0 {
		out = append(out, effectList(v, "lose", "minus", v.N("{n} person loses", "{n} people lose", losses), e.Losses, losses))
	}
	return h.Div(h.Class("effects"), out)
}

func effectList(v View, class, icon, title string, list []Effect, all int) g.Node {
	people := g.Group{}
	for _, e := range list {
		items := g.Group{}
		for _, i := range e.Items {
			items = append(items, h.Li(g.Text(v.T(i.Title)), g.If(len(i.Places) > 0,
				h.Span(h.Class("places"), g.Text(" "+v.T("in {places}", "places", strings.Join(i.Places, ", ")))))))
		}
		people = append(people, h.Li(h.Class("effect"), Person(e.Person, e.Detail), h.Ul(items)))
	}
	if rest := all - len(list); rest > 0 {
		people = append(people, h.Li(h.Class("muted"), g.Text(v.N("and {n} more person", "and {n} more people", rest))))
	}
	return h.Div(h.Class("effect-box "+class), h.P(h.Class("effect-title"), Icon(icon), h.Strong(g.Text(title))), h.Ul(h.Class("effect-people"), people))
}
