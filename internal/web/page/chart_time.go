package page

import (
	"html"
	"math"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
)

// LineChart shows up to three series over time.
type LineChart struct {
	Title string
	// Desc is a sentence for those who do not see it: "Rises from 12 in March to 340 in November."
	Desc   string
	Labels []string
	Series []Series
	// Area fills below the first series.
	Area bool
	// Format writes a value; nil writes a number with at most one digit behind the point.
	Format func(float64) string
	// Empty is said when there is no value above zero; empty is a plain sentence.
	Empty string
}

// Node is the chart, at the width of its place.
func (c LineChart) Node(v View) g.Node {
	high := highest(c.Series)
	if high == 0 || len(c.Labels) == 0 {
		return emptyChart(v, c.Title, c.Empty)
	}
	f := newFrame(v, c.Title, c.Desc, c.Labels, c.Series, c.Format, high)
	var out strings.Builder
	at := func(i int) float64 { return pointAt(i, len(c.Labels)) }
	out.WriteString(`<svg class="stretch" x="0" y="` + strconv.Itoa(chartTop) + `" width="100%" height="` + strconv.Itoa(chartPlot) + `" viewBox="0 0 1000 ` + strconv.Itoa(chartPlot) + `" preserveAspectRatio="none">`)
	for i, s := range c.Series {
		if c.Area && i == 0 {
			out.WriteString(`<path class="area s1" d="` + f.path(s, true) + `"/>`)
		}
		out.WriteString(`<path class="line l` + strconv.Itoa(i%6+1) + `" d="` + f.path(s, false) + `"/>`)
	}
	out.WriteString(`</svg>`)
	f.dots(&out, at)
	f.bottom(&out, at)
	band := 100 / float64(len(c.Labels))
	for i := range c.Labels {
		x := pct(at(i))
		out.WriteString(`<g class="hit"><line class="guide" x1="` + x + `" x2="` + x + `" y1="` + strconv.Itoa(chartTop) + `" y2="` + strconv.Itoa(chartTop+chartPlot) + `"/><rect x="` + pct(at(i)-band/2) + `" width="` + pct(band) + `" y="0" height="` + strconv.Itoa(chartHeight) + `"><title>` + f.tip(i) + `</title></rect></g>`)
	}
	return f.figure(out.String())
}

// pointAt is where the point i of n lies, in percent: from 1 to 99, so that the dots at the ends are whole.
func pointAt(i, n int) float64 {
	if n == 1 {
		return 50
	}
	return 1 + 98*float64(i)/float64(n-1)
}

// path is a series in the inner picture; closed down to the axis for an area. A gap begins a new stroke.
func (f frame) path(s Series, closed bool) string {
	var out strings.Builder
	pen, first, last := "M", "", ""
	shut := func() {
		if closed && first != "" {
			out.WriteString("L" + last + " " + strconv.Itoa(chartPlot) + "L" + first + " " + strconv.Itoa(chartPlot) + "Z")
		}
		pen, first = "M", ""
	}
	for i, value := range s.Values {
		if math.IsNaN(value) || i >= len(f.labels) {
			shut()
			continue
		}
		x := px(10 * pointAt(i, len(f.labels)))
		out.WriteString(pen + x + " " + px(f.y(value)))
		pen, last = "L", x
		if first == "" {
			first = x
		}
	}
	shut()
	return out.String()
}

// dots marks the points of a short series, and the last point of a long one.
func (f frame) dots(out *strings.Builder, at func(int) float64) {
	for n, s := range f.series {
		for i, value := range s.Values {
			if math.IsNaN(value) || i >= len(f.labels) || (len(f.labels) > 16 && i != len(s.Values)-1) {
				continue
			}
			out.WriteString(`<circle class="dot l` + strconv.Itoa(n%6+1) + `" r="3.2" cx="` + pct(at(i)) + `" cy="` + px(chartTop+f.y(value)) + `"/>`)
		}
	}
}

// BarChart shows one to three series as upright bars, beside or on top of one another.
type BarChart struct {
	Title, Desc string
	Labels      []string
	Series      []Series
	Stacked     bool
	Format      func(float64) string
	Empty       string
}

// Node is the chart, at the width of its place.
func (c BarChart) Node(v View) g.Node {
	high := highest(c.Series)
	if c.Stacked {
		high = highestSum(c.Series)
	}
	if high == 0 || len(c.Labels) == 0 {
		return emptyChart(v, c.Title, c.Empty)
	}
	f := newFrame(v, c.Title, c.Desc, c.Labels, c.Series, c.Format, high)
	var out strings.Builder
	for i := range c.Series {
		out.WriteString(patterns(f.id, i))
	}
	band := 100 / float64(len(c.Labels))
	at := func(i int) float64 { return band * (float64(i) + .5) }
	for i := range c.Labels {
		out.WriteString(`<g class="hit"><rect x="` + pct(band*float64(i)) + `" width="` + pct(band) + `" y="0" height="` + strconv.Itoa(chartHeight) + `"/>`)
		c.bars(&out, f, i, at(i), min(band*.66, 12))
		out.WriteString(`<title>` + f.tip(i) + `</title></g>`)
	}
	f.bottom(&out, at)
	return f.figure(out.String())
}

// bars draws the bars of one label around the middle, in percent.
func (c BarChart) bars(out *strings.Builder, f frame, i int, middle, width float64) {
	n := float64(len(c.Series))
	floor := 0.0
	for s, series := range c.Series {
		if i >= len(series.Values) || !(series.Values[i] > 0) {
			continue
		}
		value, x, w := series.Values[i], middle-width/2, width
		if !c.Stacked {
			w = width / n
			x += w * float64(s)
			w *= either(n > 1, .92, 1.0)
		}
		top := f.y(floor + value)
		height := f.y(floor) - top
		if c.Stacked {
			floor += value
			height = max(height-1, .5) // a hair of room between the parts
		}
		out.WriteString(`<rect ` + fill(f.id, s) + ` rx="2" x="` + pct(x) + `" width="` + pct(w) + `" y="` + px(chartTop+top) + `" height="` + px(height) + `"/>`)
	}
}

func highestSum(series []Series) float64 {
	sums := map[int]float64{}
	high := 0.0
	for _, s := range series {
		for i, x := range s.Values {
			if x > 0 {
				sums[i] += x
			}
			high = max(high, sums[i])
		}
	}
	return high
}

// Sparkline is a small line without axes, for a Tile; the label says what it shows.
func Sparkline(label string, values []float64) g.Node {
	high := highest([]Series{{Values: values}})
	if len(values) < 2 || high == 0 {
		return none
	}
	var d strings.Builder
	for i, x := range values {
		d.WriteString(either(i == 0, "M", "L") + px(100*float64(i)/float64(len(values)-1)) + " " + px(29-27*x/high))
	}
	return g.Raw(`<svg class="spark" role="img" aria-label="` + html.EscapeString(label) + `" width="100%" height="32" viewBox="0 0 100 32" preserveAspectRatio="none"><path class="area s1" d="` +
		d.String() + `L100 32L0 32Z"/><path class="line l1" d="` + d.String() + `"/></svg>`)
}
