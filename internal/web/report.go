package web

import (
	"slices"
	"strconv"
	"time"

	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/store"
	"provost/internal/web/page"
	pages "provost/internal/web/path"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// downloadLimit is how long a whole report may take to reach the reader.
const downloadLimit = 30 * time.Minute

func reportRoutes(s *shell.Server) {
	s.Get("/reports", report.ListReports, listReports)
	savedRoutes(s)
	s.Get("/courses/{course}/help", report.ShowHelp, showHelp)
	for _, r := range report.Reports {
		s.Get("/reports/"+r.Name, r.Show, showReport(r))
		s.Get("/reports/"+r.Name+"/file", r.File, shell.Download(r.File), shell.UpTo(downloadLimit))
	}
}

// listReports is the catalogue: the reports that one may run.
func listReports(q *shell.Req) error {
	out, err := shell.Run(q, report.ListReports)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, r := range out.Items {
		files := g.Group{}
		for _, format := range r.Formats {
			files = append(files, page.LinkTo(formatName[format], "/reports/"+r.Name+"/file?format="+format))
		}
		rows[i] = page.Row{Href: "/reports/" + r.Name, Cells: []g.Node{page.Named(v.T(r.Title), v.T(r.About)), page.Inline(files...)}}
	}
	return q.Show(v.T("Reports"),
		page.Header(v.T("Reports"), v.T("Each holds exactly the rows that you may see now, and says so."), page.LinkButton(v.T("Saved reports"), "/reports/saved")),
		page.Table{Caption: v.T("Reports"), Columns: []page.Column{{Title: v.T("Report"), Wide: true}, {Title: v.T("Download everything")}}, Rows: rows,
			Empty: page.Empty(v.T("No reports"), v.T("There is no report that you may run. Who may edit policies can bind you to a role that runs reports."))}.Node(v))
}

var formatName = map[string]string{"csv": "CSV", "xlsx": "Excel", "json": "JSON"}

// showReport is a report's page: whose rows these are, its filters, its totals, and its first rows.
func showReport(r *report.Report) shell.Handler {
	return func(q *shell.Req) error {
		var in report.ReportPage
		if err := q.Fill(&in); err != nil {
			return err
		}
		out, err := shell.RunWith(q, r.Show, in)
		if err != nil {
			return err
		}
		choices, err := filterChoices(q, r)
		if err != nil {
			return err
		}
		v := q.View
		return q.Show(v.T(out.Title),
			page.Crumbs(v, page.Link{Label: v.T("Reports"), Href: "/reports"}, page.Link{Label: v.T(out.Title)}),
			page.Header(v.T(out.Title), v.T(out.About), append(fileLinks(q, "/reports/"+r.Name+"/file"), page.LinkButton(v.T("Save"), saveAddress(q, r)))...),
			page.Scope(v.Tell(out.Whose.Scope), v.Tell(out.Whose.Rule), v.T("As of {time}", "time", v.DateTime(out.At))),
			reportFilters(q, "/reports/"+r.Name, r.Filters, in.ReportQuery, out.Filters, choices).Node(v),
			totalTiles(v, out.Totals),
			reportTable(v, out),
			reportPager(q, out))
	}
}

// saveAddress is the form that saves a report with the filters of the address.
func saveAddress(q *shell.Req, r *report.Report) string {
	values := q.QueryBut("page", "after", "before")
	values.Set("report", r.Name)
	return "/reports/saved/new?" + values.Encode()
}

// filterChoices are what the report may be filtered by, where it heeds such filters.
func filterChoices(q *shell.Req, r *report.Report) (out report.FilterChoices, err error) {
	if !slices.Contains(r.Filters, "organization") {
		return out, nil
	}
	return shell.RunWith(q, report.ListFilterChoices, report.FilterChoicesOf{Report: r.Name})
}

// fileLinks download everything, with the filters of the address.
func fileLinks(q *shell.Req, to string) []g.Node {
	var out []g.Node
	for _, format := range []string{"csv", "xlsx", "json"} {
		values := q.QueryBut("page", "after", "before")
		values.Set("format", format)
		out = append(out, page.LinkButton(q.T("Download {format}", "format", formatName[format]), to+"?"+values.Encode()))
	}
	return out
}

func totalTiles(v page.View, totals []report.ReportTotal) g.Node {
	tiles := make([]page.Tile, len(totals))
	for i, t := range totals {
		tiles[i] = page.Tile{Label: v.T(t.Title), Value: numberOf(v, t.Type, t.Value)}
	}
	return page.Tiles(tiles...)
}

// numberOf is a figure of a report or a dashboard, as the reader writes it.
func numberOf(v page.View, kind string, value float64) string {
	if kind == "percent" {
		return v.Percent(value / 100)
	}
	return v.Decimal(value, 1)
}

func reportTable(v page.View, out report.ReportView) g.Node {
	t := page.Table{Caption: v.T(out.Title), Dense: true, Boxed: len(out.Columns) > 7,
		Empty: page.Empty(v.T("No rows"), v.T("Nobody within your scope fits these filters. Rows appear here as soon as there are any."))}
	for _, c := range out.Columns {
		col := page.Column{Title: v.T(c.Title), NoWrap: c.Type != "text" || c.Key == "code"}
		if c.Type == "int" || c.Type == "float" || c.Type == "percent" {
			col.Align = page.End
		}
		t.Columns = append(t.Columns, col)
	}
	for _, row := range out.Rows {
		cells := make([]g.Node, len(row))
		for i, value := range row {
			cells[i] = reportCell(v, out.Columns[i], value)
		}
		t.Rows = append(t.Rows, page.Row{Cells: cells})
	}
	return t.Node(v)
}

// worded are the columns whose values are the portal's own words, which no person chose.
var worded = []string{"role", "place_kind", "target_kind", "outcome"}

func reportCell(v page.View, c report.ReportColumn, value any) g.Node {
	switch x := value.(type) {
	case string:
		if c.Key == "status" {
			return statusBadge(v, store.Status(x))
		}
		if c.Key == "state" {
			return pages.StateBadge(v, path.State(x))
		}
		if slices.Contains(worded, c.Key) {
			return g.Text(v.T(x))
		}
		if len(x) > 80 {
			return page.Truncate(x)
		}
		return g.Text(x)
	case int64:
		return g.Text(v.Num(int(x)))
	case float64:
		return g.Text(numberOf(v, c.Type, x))
	case time.Time:
		if c.Type == "time" {
			return g.Text(v.DateTime(x))
		}
		v.Zone = nil // a day is the same day everywhere
		return g.Text(v.Date(x))
	}
	return g.Group(nil)
}

// reportPager leads to the pages around this one: the first 20 are shown, the whole is in the file.
func reportPager(q *shell.Req, out report.ReportView) g.Node {
	to := func(n int) string {
		values := q.QueryBut("page")
		values.Set("page", strconv.Itoa(n))
		return q.R.URL.Path + "?" + values.Encode()
	}
	p := page.Pager{Shown: len(out.Rows), Total: -1}
	if out.Page > 1 {
		p.Prev = to(out.Page - 1)
	}
	if out.More {
		p.Next = to(out.Page + 1)
	}
	return p.Node(q.View)
}
