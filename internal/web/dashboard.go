package web

import (
	"math"
	"strconv"
	"time"

	"provost/internal/action/report"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func dashboardRoutes(s *shell.Server) {
	s.Get("/analytics", report.ShowDashboard, showDashboard)
}

// The words of a dashboard's figures, which come with them.
var _ = []string{page.Say("Active learners"), page.Say("Average progress"), page.Say("Participation"), page.Say("Enrolments")}

// showDashboard is the figures of the people that one oversees, each leading to the rows behind it.
func showDashboard(q *shell.Req) error {
	var in report.DashboardQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	d, err := shell.RunWith(q, report.ShowDashboard, in)
	if err != nil {
		return err
	}
	v := q.View
	head := page.Header(v.T("Dashboard"), v.T("Enrolments, participation and completion of the people that you oversee."))
	if !d.Readable {
		return q.Show(v.T("Dashboard"), head, page.Empty(v.T("You oversee nobody yet"),
			v.T("The figures of the people whom you look after would appear here. It needs the permission “{permission}”, which the role Analytics Reader holds: who may edit policies, an administrator say, can bind you to it.", "permission", v.T(d.Missing))))
	}
	choices, err := shell.RunWith(q, report.ListFilterChoices, report.FilterChoicesOf{})
	if err != nil {
		return err
	}
	top := g.Group{head, page.Scope(v.Tell(d.Whose.Scope), v.Tell(d.Whose.Rule), v.T("As of {time}", "time", v.DateTime(d.At))), periodSwitch(q, d.Period), dashboardFilters(q, d, in, choices)}
	if d.Empty {
		return q.Show(v.T("Dashboard"), top, page.Empty(v.T("No data yet"),
			v.T("Nobody within your scope, by these filters, is enrolled in anything. Figures appear here with the first enrolment; who may enrol learners in courses can make one.")))
	}
	return q.Show(v.T("Dashboard"), top, tiles(q, d), overTime(v, d), works(v, d),
		page.SideBySide(funnel(v, d), attention(v, d)),
		page.SideBySide(groupChart(v, v.T("By course"), v.T("Course"), d.Courses), groupChart(v, v.T("By organization"), v.T("Organization"), d.Organizations)),
		groupChart(v, v.T("By team"), v.T("Team"), d.Teams))
}

// periodSwitch are links to the same page over other periods.
func periodSwitch(q *shell.Req, now report.Period) g.Node {
	v := q.View
	tabs := []page.Tab{}
	for _, p := range [][2]string{{"today", v.T("Today")}, {"7", v.T("7 days")}, {"30", v.T("30 days")}, {"90", v.T("90 days")}, {"all", v.T("All time")}, {"range", v.T("From day to day")}} {
		values := q.QueryBut("period", "from", "to")
		values.Set("period", p[0])
		if p[0] == "range" && !now.From.IsZero() {
			values.Set("from", now.From.Format(time.DateOnly))
			values.Set("to", now.To.AddDate(0, 0, -1).Format(time.DateOnly))
		}
		tabs = append(tabs, page.Tab{Label: p[1], Href: "/analytics?" + values.Encode(), Current: p[0] == now.Key})
	}
	return page.Period(v.T("Period"), tabs...)
}

func dashboardFilters(q *shell.Req, d report.Dashboard, in report.DashboardQuery, choices report.FilterChoices) g.Node {
	v := q.View
	f := page.Filters{Action: "/analytics", Clear: "/analytics?period=" + d.Period.Key, Chips: filterChips(q, d.Filters), Keep: map[string]string{"period": d.Period.Key}}
	f.Fields = []g.Node{choose("course", v.T("Course"), v.T("All courses"), in.Course, choices.Courses),
		choose("organization", v.T("Organization"), v.T("All organizations"), in.Organization, choices.Organizations),
		choose("team", v.T("Team"), v.T("All teams"), in.Team, choices.Teams)}
	if d.Period.Key == "range" {
		f.Fields = append(f.Fields, page.SmallInput(page.Field{Name: "from", Label: v.T("From"), Type: "date", Value: d.Period.From.Format(time.DateOnly)}),
			page.SmallInput(page.Field{Name: "to", Label: v.T("to"), Type: "date", Value: d.Period.To.AddDate(0, 0, -1).Format(time.DateOnly)}))
	}
	return f.Node(v)
}

func tiles(q *shell.Req, d report.Dashboard) g.Node {
	v := q.View
	series := map[string][]float64{}
	for _, p := range d.Times {
		series["enrolments"] = append(series["enrolments"], float64(p.Enrolled))
		series["works"] = append(series["works"], float64(p.Works))
	}
	tiles := make([]page.Tile, len(d.Tiles))
	for i, t := range d.Tiles {
		tiles[i] = page.Tile{Label: v.T(t.Title), Value: numberOf(v, t.Type, t.Value), Href: t.Rows}
		tiles[i].Trend, tiles[i].TrendKind, tiles[i].Up = trend(v, t)
		if s := series[t.Key]; len(s) > 1 {
			tiles[i].Chart = page.Sparkline(v.T(t.Title), s)
		}
	}
	return page.Tiles(tiles...)
}

// trend compares a figure with that of the period before: shares in points, numbers in percent.
func trend(v page.View, t report.Tile) (text string, kind page.Kind, up int) {
	if t.Before == nil {
		return "", page.Plain, 0
	}
	change := t.Value - *t.Before
	switch {
	case math.Abs(change) < 0.05:
		return v.T("as in the period before"), page.Plain, 0
	case t.Type == "percent":
		text = v.T("{n} points to the period before", "n", signed(v, change))
	case *t.Before == 0:
		text = v.T("none in the period before")
	default:
		text = v.T("{n}% to the period before", "n", signed(v, 100*change / *t.Before))
	}
	if change > 0 {
		return text, page.Good, 1
	}
	return text, page.Warn, -1
}

func signed(v page.View, f float64) string {
	if f > 0 {
		return "+" + v.Decimal(f, 1)
	}
	return v.Decimal(f, 1)
}

// pointLabels are the days or months of a dashboard, as the reader writes them.
func pointLabels(v page.View, d report.Dashboard) []string {
	v.Zone = nil
	out := make([]string, len(d.Times))
	for i, p := range d.Times {
		if at, err := time.Parse("2006-01", p.Label); err == nil {
			out[i] = v.Month(at)
		} else if at, err := time.Parse(time.DateOnly, p.Label); err == nil {
			out[i] = v.Date(at)
		}
	}
	return out
}

func overTime(v page.View, d report.Dashboard) g.Node {
	labels := pointLabels(v, d)
	enrolled, completed := page.Series{Name: v.T("Enrolled")}, page.Series{Name: v.T("Completed")}
	var rows []page.Row
	for i, p := range d.Times {
		enrolled.Values, completed.Values = append(enrolled.Values, float64(p.Enrolled)), append(completed.Values, float64(p.Completed))
		rows = append(rows, page.Row{Cells: page.Cells(labels[i], v.Num(int(p.Enrolled)), v.Num(int(p.Completed)), v.Num(int(p.Works)))})
	}
	title := v.T("Enrolments and completions over time")
	chart := page.LineChart{Title: title, Desc: v.T("How many enrolments began and how many were completed, over time."), Labels: labels,
		Series: []page.Series{enrolled, completed}, Area: true, Empty: v.T("Nobody was enrolled, and nobody completed a course, in this period.")}
	return page.ChartWithTable(v, chart.Node(v), page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Period")}, {Title: v.T("Enrolled"), Align: page.End},
		{Title: v.T("Completed"), Align: page.End}, {Title: v.T("Works handed in"), Align: page.End}}, Rows: rows})
}

func works(v page.View, d report.Dashboard) g.Node {
	labels := pointLabels(v, d)
	series := page.Series{Name: v.T("Works handed in")}
	var rows []page.Row
	for i, p := range d.Times {
		series.Values = append(series.Values, float64(p.Works))
		rows = append(rows, page.Row{Cells: page.Cells(labels[i], v.Num(int(p.Works)))})
	}
	title := v.T("Participation over time")
	chart := page.BarChart{Title: title, Desc: v.T("How many works were handed in, over time."), Labels: labels, Series: []page.Series{series},
		Empty: v.T("Nothing was handed in in this period.")}
	return page.ChartWithTable(v, chart.Node(v), page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Period")}, {Title: v.T("Works handed in"), Align: page.End}}, Rows: rows})
}

func funnel(v page.View, d report.Dashboard) g.Node {
	f := page.Funnel{Title: v.T("From enrolment to completion"), Empty: v.T("Nobody was enrolled in this period.")}
	var rows []page.Row
	for _, t := range d.Funnel {
		f.Stages = append(f.Stages, page.BarItem{Label: v.T(t.Title), Value: t.Value, Href: t.Rows})
		rows = append(rows, page.Row{Cells: page.Cells(v.T(t.Title), v.Num(int(t.Value)))})
	}
	return page.ChartWithTable(v, f.Node(v), page.Table{Caption: f.Title, Columns: []page.Column{{Title: v.T("Stage")}, {Title: v.T("Enrolments"), Align: page.End}}, Rows: rows})
}

// groupChart is bars of enrolments with the share that is completed, and a table of it all.
func groupChart(v page.View, title, what string, groups report.GroupFigures) g.Node {
	list := page.BarList{Title: title, Format: func(f float64) string { return v.Decimal(f, 0) }, Empty: v.T("There is nothing to show for this choice yet.")}
	var rows []page.Row
	for _, i := range groups.Items {
		list.Items = append(list.Items, page.BarItem{Label: i.Name, Value: float64(i.Enrolled), Href: i.Rows,
			Detail: v.T("{share} completed", "share", v.Percent(i.Completion/100))})
		rows = append(rows, page.Row{Href: i.Rows, Cells: []g.Node{g.Text(i.Name), g.Text(v.Num(int(i.Enrolled))), g.Text(v.Num(int(i.Completed))),
			g.Text(v.Percent(i.Completion / 100)), g.Text(v.Percent(i.Progress / 100))}})
	}
	table := page.Table{Caption: title, Columns: []page.Column{{Title: what, Wide: true}, {Title: v.T("Enrolled"), Align: page.End}, {Title: v.T("Completed"), Align: page.End},
		{Title: v.T("Completion rate"), Align: page.End}, {Title: v.T("Mean progress"), Align: page.End}}, Rows: rows}
	chart := g.Group{list.Node(v)}
	if groups.Rows != "" && len(groups.Items) > 0 {
		chart = append(chart, page.LinkTo(v.T("All of them, as a report"), groups.Rows))
	}
	return page.ChartWithTable(v, chart, table)
}

// attention is who needs attention, with the reason.
func attention(v page.View, d report.Dashboard) g.Node {
	var rows []page.Row
	for _, a := range d.Attention {
		var why g.Node
		switch a.Reason {
		case "failing":
			why = page.Badge(page.Bad, v.T("mean of {score} so far", "score", v.Decimal(a.Score, 0)))
		case "never":
			why = page.Badge(page.Warn, v.N("not started in {n} day", "not started in {n} days", a.Days))
		default:
			why = page.Badge(page.Warn, v.N("no activity for {n} day", "no activity for {n} days", a.Days))
		}
		rows = append(rows, page.Row{Href: a.Rows, Cells: []g.Node{page.Named(a.Learner, a.Organization), g.Text(a.Course), why}})
	}
	table := page.Table{Caption: v.T("People who need attention"), Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Course")}, {Title: v.T("Why")}},
		Rows: rows, Empty: page.Empty(v.T("Nobody"), v.T("Learners show here who were not active for {n} days, or whose mean is below {mark}.", "n", strconv.Itoa(30), "mark", strconv.Itoa(40)))}
	more := g.Node(g.Group(nil))
	if d.AttentionRows != "" && len(rows) > 0 {
		more = page.LinkTo(v.T("All who were away for 30 days"), d.AttentionRows)
	}
	return page.Card(v.T("People who need attention"), table.Node(v), more)
}
