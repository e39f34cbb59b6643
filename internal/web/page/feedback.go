package page

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

var kindIcon = map[Kind]string{Plain: "info", Info: "info", Good: "check", Warn: "warn", Bad: "warn"}

// Notice is a box that says something about the page. The kind gives colour and icon; the words must do without both.
func Notice(kind Kind, body ...g.Node) g.Node {
	return h.Div(h.Class("notice "+string(kind)), Icon(kindIcon[kind]), h.Div(g.Group(body)))
}

// Empty stands where a list or figure would be: what would appear, and what can be done or who can do it.
func Empty(title, text string, actions ...g.Node) g.Node {
	return h.Div(h.Class("empty"), h.Div(h.Class("empty-mark"), h.Aria("hidden", "true"), Icon("inbox")),
		h.P(h.Class("empty-title"), g.Text(title)),
		g.If(text != "", h.P(g.Text(text))),
		g.If(len(actions) > 0, h.Div(h.Class("actions"), g.Group(actions))))
}

// Badge is a word about a thing: pending, archived, outside. It has a dot in the tone of its kind.
func Badge(kind Kind, text string) g.Node {
	return fused(`<span class="badge `, string(kind), `">`, text, `</span>`)
}

// Badges puts badges side by side.
func Badges(badges ...g.Node) g.Node { return h.Span(h.Class("badges"), g.Group(badges)) }

// Masked stands for a value that the reader may not see: it is not empty data.
func Masked(v View) g.Node {
	return h.Span(h.Class("masked"), Icon("lock"), g.Text(v.T("hidden for your role")))
}

// Truncate is a text that is cut with an ellipsis where there is no room; the whole shows under the pointer.
func Truncate(text string) g.Node {
	return h.Span(h.Class("truncate"), h.Title(text), g.Text(text))
}

// Avatar is a disc with the initials of a name, in one of six tones that the name decides.
func Avatar(name string) g.Node { return avatar("", name) }

var avatarOpen = [6]string{
	`<span class="avatar tone-0" aria-hidden="true">`, `<span class="avatar tone-1" aria-hidden="true">`, `<span class="avatar tone-2" aria-hidden="true">`,
	`<span class="avatar tone-3" aria-hidden="true">`, `<span class="avatar tone-4" aria-hidden="true">`, `<span class="avatar tone-5" aria-hidden="true">`,
}

func avatar(letters, name string) g.Node {
	if letters == "" {
		letters = initials(name, 2)
	}
	sum := 0
	for _, r := range name {
		sum = (sum*7 + int(r)) % 6007
	}
	return fused(avatarOpen[sum%6], letters, `</span>`)
}

// Card is a box with a heading of its own.
func Card(title string, body ...g.Node) g.Node {
	return h.Section(h.Class("card"), g.If(title != "", h.H2(g.Text(title))), g.Group(body))
}

// KV is a line of KeyValues.
type KV struct {
	Key   string
	Value g.Node
}

// KeyValues is a list of facts about one thing.
func KeyValues(lines ...KV) g.Node {
	items := g.Group{}
	for _, l := range lines {
		items = append(items, h.Div(h.Dt(g.Text(l.Key)), h.Dd(l.Value)))
	}
	return h.Dl(h.Class("facts"), items)
}

// Tile is one figure of a dashboard; Href leads to the rows behind it.
type Tile struct {
	Label, Value string
	// Trend is such as "+12% to the 30 days before"; TrendKind its tone, Up whether it rises (1), falls (-1) or stays (0).
	Trend     string
	TrendKind Kind
	Up        int
	Href      string
	// Chart is a small picture beneath, made by Sparkline; nil is none.
	Chart g.Node
}

func (t Tile) node() g.Node {
	value := g.Node(h.Span(h.Class("tile-value"), g.Text(t.Value)))
	label := g.Node(h.Span(g.Text(t.Label)))
	if t.Href != "" {
		label = h.A(h.Class("row-link"), h.Href(t.Href), g.Text(t.Label))
	}
	icon := map[int]string{1: "up", -1: "down"}[t.Up]
	return h.Li(h.Class("tile"), h.Div(h.Class("tile-label"), label), value,
		g.If(t.Trend != "", h.Span(h.Class("trend "+string(t.TrendKind)), Icon(icon), g.Text(t.Trend))),
		g.Iff(t.Chart != nil, func() g.Node { return t.Chart }))
}

// Tiles is the row of figures at the top of a dashboard.
func Tiles(tiles ...Tile) g.Node {
	return h.Ul(h.Class("tiles"), g.Map(tiles, Tile.node))
}

// Progress shows how far a job is. While it runs, a script reads Poll, a JSON object {"value": 40, "max": 100, "text": "…",
// "done": false, "failed": false, "href": "…"}, every other second, and goes to href when it is done.
type Progress struct {
	Label string
	// Value of Max; a Max of 0 is a length not known yet.
	Value, Max int
	Text       string
	Poll       string
}

// Node is the bar; without scripts it has a link to look again.
func (p Progress) Node(v View) g.Node {
	bar := h.Progress(h.Aria("label", p.Label), g.If(p.Max > 0, g.Group{h.Value(strconv.Itoa(p.Value)), h.Max(strconv.Itoa(p.Max))}))
	return h.Div(h.Class("progress"), g.If(p.Poll != "", h.Data("poll", p.Poll)),
		h.Div(h.Class("progress-label"), h.Strong(g.Text(p.Label)), h.Span(g.Attr("data-poll-text"), h.Role("status"), g.Text(p.Text))), bar,
		g.If(p.Poll != "", h.NoScript(h.A(h.Href(v.Path), g.Text(v.T("Look again"))))))
}

// ProgressBar is a small bar in a table: a share of 1, with its figure beside it.
func ProgressBar(v View, share float64) g.Node {
	width := strconv.FormatFloat(100*min(max(share, 0), 1), 'f', 1, 64) + "%"
	return h.Span(h.Class("bar-cell"),
		g.Raw(`<svg class="bar" width="100%" height="6" aria-hidden="true"><rect class="bar-rest" width="100%" height="6" rx="3"/><rect class="bar-fill" width="`+width+`" height="6" rx="3"/></svg>`),
		h.Span(g.Text(v.Percent(share))))
}

// CopyBox is a text to take away, with a button that copies it.
func CopyBox(v View, label, text string) g.Node {
	return h.Div(h.Class("copybox"), g.Attr("data-copybox"),
		h.Div(h.Class("copybox-head"), h.Strong(g.Text(label)),
			h.Button(h.Type("button"), h.Class("button small"), g.Attr("data-copy"), g.Attr("hidden"), Icon("copy"), h.Span(g.Text(v.T("Copy"))))),
		h.Pre(h.TabIndex("0"), h.Role("region"), h.Aria("label", label), h.Code(g.Text(text))))
}

// Details is a part that opens on demand.
func Details(summary string, body ...g.Node) g.Node {
	return h.Details(h.Class("more"), h.Summary(Icon("right"), g.Text(summary)), h.Div(h.Class("more-body"), g.Group(body)))
}
