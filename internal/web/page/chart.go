package page

import (
	"hash/fnv"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Charts are SVG drawn on the server. Widths are percentages of the place a chart stands in and heights are pixels, so
// text keeps its size on a phone; the lines alone lie in an inner picture that is stretched. Series differ in colour and
// in dash or pattern. Colours are classes s1 … s6 of the style sheet, which knows light and dark.

// Series is one line or one set of bars; a value that is not a number is a gap.
type Series struct {
	Name   string
	Values []float64
}

// What a chart of time has in common: a title, a sentence that tells what one sees, labels along the bottom.
type frame struct {
	title, desc string
	labels      []string
	series      []Series
	format      func(float64) string
	id          string
	step, top   float64
}

const (
	chartTop    = 10  // above the plot: half of the topmost figure
	chartPlot   = 176 // the plot
	chartHeight = chartTop + chartPlot + 26
)

func newFrame(v View, title, desc string, labels []string, series []Series, format func(float64) string, high float64) frame {
	if format == nil {
		format = func(f float64) string { return v.Decimal(f, 1) }
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(title + desc))
	f := frame{title: title, desc: desc, labels: labels, series: series, format: format,
		id: "c" + strconv.FormatUint(uint64(sum.Sum32()), 36)}
	f.step, f.top = niceTicks(high, whole(series))
	return f
}

// niceTicks is a step of 1, 2, 2.5 or 5 times a power of ten that divides up to high into about four, and the top above high.
func niceTicks(high float64, whole bool) (step, top float64) {
	if high <= 0 || math.IsInf(high, 0) {
		return 1, 1
	}
	power := math.Pow(10, math.Floor(math.Log10(high/4)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step = m * power; high/step <= 4.5 {
			break
		}
	}
	if whole && step < 1 {
		step = 1
	}
	return step, step * math.Ceil(high/step-1e-9)
}

func whole(series []Series) bool {
	for _, s := range series {
		for _, x := range s.Values {
			if x != math.Trunc(x) {
				return false
			}
		}
	}
	return true
}

func highest(series []Series) float64 {
	high := 0.0
	for _, s := range series {
		for _, x := range s.Values {
			if x > high { // also leaves out what is no number
				high = x
			}
		}
	}
	return high
}

// y is where a value lies, in pixels from the top of the plot.
func (f frame) y(value float64) float64 { return chartPlot * (1 - value/f.top) }

// figure puts heading, legend, the figures at the side and the picture together.
func (f frame) figure(body string) g.Node {
	var out, side strings.Builder
	wide := f.grid(&out, &side)
	height := strconv.Itoa(chartHeight)
	return h.Figure(h.Class("chart"),
		h.FigCaption(h.Strong(g.Text(f.title)), f.legend()),
		h.Div(h.Class("plot-row"), g.Attr("dir", "ltr"),
			g.Raw(`<svg class="plot-y" width="`+strconv.Itoa(wide)+`" height="`+height+`" aria-hidden="true">`+side.String()+`</svg>`),
			g.Raw(`<svg class="plot" width="100%" height="`+height+`" role="img" aria-labelledby="`+f.id+`-t `+f.id+`-d"><title id="`+f.id+`-t">`+
				html.EscapeString(f.title)+`</title><desc id="`+f.id+`-d">`+html.EscapeString(f.desc)+`</desc>`+out.String()+body+`</svg>`)))
}

// grid draws the lines across and, into another picture, their figures; it answers how wide that picture has to be.
func (f frame) grid(out, side *strings.Builder) int {
	longest, texts := 0, []string{}
	for value := 0.0; value <= f.top+f.step/2; value += f.step {
		y := px(chartTop + f.y(value))
		out.WriteString(`<line class="` + either(value == 0, "axis", "grid") + `" x1="0" x2="100%" y1="` + y + `" y2="` + y + `"/>`)
		texts = append(texts, f.format(value))
		longest = max(longest, utf8.RuneCountInString(f.format(value)))
	}
	wide := 7*longest + 8
	for i, text := range texts {
		side.WriteString(`<text class="tick" text-anchor="end" x="` + strconv.Itoa(wide-8) + `" y="` + px(chartTop+f.y(float64(i)*f.step)+4) + `">` + html.EscapeString(text) + `</text>`)
	}
	return wide
}

// bottom writes labels below the plot: every nth, and of these every other is left out where there is little room.
func (f frame) bottom(out *strings.Builder, at func(i int) float64) {
	n := len(f.labels)
	every := max(1, (n+6)/7)
	for i := 0; i < n; i += every {
		anchor, class := "middle", "tick"
		x := at(i)
		if x < 4 {
			anchor = "start"
		} else if x > 96 {
			anchor = "end"
		}
		if n > 4 && (i/every)%2 == 1 {
			class += " minor"
		}
		out.WriteString(`<text class="` + class + `" text-anchor="` + anchor + `" x="` + pct(x) + `" y="` + strconv.Itoa(chartHeight-8) + `">` + html.EscapeString(f.labels[i]) + `</text>`)
	}
}

// tip is what the pointer shows over the column i of a chart.
func (f frame) tip(i int) string {
	var out strings.Builder
	out.WriteString(f.labels[i])
	for _, s := range f.series {
		if i < len(s.Values) && !math.IsNaN(s.Values[i]) {
			out.WriteString("\n" + either(s.Name == "", "", s.Name+": ") + f.format(s.Values[i]))
		}
	}
	return html.EscapeString(out.String())
}

func (f frame) legend() g.Node {
	if len(f.series) < 2 {
		return none
	}
	items := g.Group{}
	for i, s := range f.series {
		items = append(items, h.Li(swatch(f.id, i), g.Text(s.Name)))
	}
	return h.Ul(h.Class("legend"), items)
}

// swatch is the small picture of a series in a legend.
func swatch(id string, i int) g.Node {
	id += "-k"
	return g.Raw(`<svg class="swatch" width="14" height="14" aria-hidden="true">` + patterns(id, i) +
		`<rect width="14" height="14" rx="3" ` + fill(id, i) + `/></svg>`)
}

// patterns defines what fill refers to: from the second series on a colour has lines or dots, too.
func patterns(id string, i int) string {
	color := "s" + strconv.Itoa(i%6+1)
	turn := []string{"", "45", "-45", "0", "90", "45"}[i%6]
	if turn == "" {
		return ""
	}
	mark := `<rect class="over" width="2" height="6"/>`
	if i%6 == 3 {
		mark = `<circle class="over" cx="3" cy="3" r="1.3"/>`
	}
	return `<pattern id="` + id + `-p` + strconv.Itoa(i) + `" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(` + turn + `)"><rect class="` + color + `" width="6" height="6"/>` + mark + `</pattern>`
}

func fill(id string, i int) string {
	if i%6 == 0 {
		return `class="s1"`
	}
	return `fill="url(#` + id + `-p` + strconv.Itoa(i) + `)"`
}

func px(f float64) string  { return strconv.FormatFloat(f, 'f', 1, 64) }
func pct(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

// emptyChart stands in place of a chart without data.
func emptyChart(v View, title, text string) g.Node {
	if text == "" {
		text = v.T("There is nothing to show for this choice yet.")
	}
	return h.Figure(h.Class("chart"), h.FigCaption(h.Strong(g.Text(title))), Empty(v.T("No data"), text))
}

// ChartWithTable is a chart with its figures in a table that opens beneath it.
func ChartWithTable(v View, chart g.Node, t Table) g.Node {
	t.Dense = true
	return h.Div(h.Class("card chart-card"), chart, Details(v.T("Show as a table"), t.Node(v)))
}
