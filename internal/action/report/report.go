package report

import (
	"io"
	"iter"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store"
	"provost/internal/store/report"
)

// ReportQuery chooses the rows of a report. Everything narrows what one may see; a report says what of it counts.
type ReportQuery struct {
	Course       db.ID  `query:"course" doc:"Only this course."`
	Organization db.ID  `query:"organization" doc:"Only the people of this organization and those below it."`
	Only         bool   `query:"only" doc:"Leave out the organizations below it."`
	Team         db.ID  `query:"team" doc:"Only the people of this team."`
	Path         db.ID  `query:"path" doc:"Only this learning path."`
	State        string `query:"state" doc:"overdue, due, renew or done: of what is required."`
	Type         string `query:"type" doc:"Only what is required of this account type."`
	Person       db.ID  `query:"person" doc:"Only what this person did: of the audit."`
	Status       string `query:"status" doc:"enrolled, active, completed, failed or withdrawn."`
	Q            string `query:"q" doc:"The beginning of a name, or of a word in it."`
	Period       string `query:"period" doc:"today, 7, 30, 90, all, or range (with from and to)."`
	From         string `query:"from" doc:"The first day of the range, as 2026-03-02."`
	To           string `query:"to" doc:"The last day of the range."`
	Dated        string `query:"dated" doc:"Which date the period is about: enrolled, completed or active."`
	By           string `query:"by" doc:"What there is a row for each of: course, organization, team, period or type."`
	Operation    string `query:"operation" doc:"The beginning of an operation's name: of the audit."`
	Outcome      string `query:"outcome" doc:"done or refused: of the audit."`
}

// ReportPage asks for the first rows of a report, to be shown.
type ReportPage struct {
	ReportQuery
	Page int `query:"page" doc:"Which page of 50 rows, from 1 to 20. The whole is in the file."`
}

// ReportFile asks for a whole report.
type ReportFile struct {
	ReportQuery
	Format string `query:"format" doc:"csv, xlsx or json; csv if left out."`
	// saved is the saved report that it is sent for; zero where it is downloaded.
	saved db.ID
}

const (
	reportPageSize = 50
	reportPages    = 20
	// reportLimit is how long a whole report may take.
	reportLimit = 30 * time.Minute
)

// ReportColumn is a column of a report; Type is text, int, float, percent, day, time or bool.
type ReportColumn struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Type  string `json:"type"`
}

// ReportTotal is a total over all of a report's rows, not only those shown.
type ReportTotal struct {
	Key   string  `json:"key"`
	Title string  `json:"title"`
	Type  string  `json:"type"`
	Value float64 `json:"value"`
}

// ReportChip is a filter that counts.
type ReportChip struct {
	Name  string `json:"name" doc:"The filter's name in the query."`
	Value string `json:"value"`
	Label string `json:"label"`
	// Text is the label before its values were put in.
	Text fail.Text `json:"-"`
}

// ReportView is the first rows of a report, with its totals and whose rows they are, by which rule, and when.
type ReportView struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	About   string         `json:"about"`
	Scope   string         `json:"scope"`
	Rule    string         `json:"rule"`
	Whose   Whose          `json:"-"`
	At      time.Time      `json:"at"`
	Columns []ReportColumn `json:"columns"`
	Rows    [][]any        `json:"rows"`
	Totals  []ReportTotal  `json:"totals"`
	Filters []ReportChip   `json:"filters"`
	Page    int            `json:"page"`
	More    bool           `json:"more" doc:"There are rows after these."`
}

// Report is one of the portal's reports: what it tells, and how it finds it.
type Report struct {
	Name, Title, About string
	// Filters are the names of the filters that it heeds.
	Filters []string
	// Show shows its first rows, File writes it whole.
	Show *op.Op[ReportPage, ReportView]
	File *op.Op[ReportFile, op.File]

	needs []*access.Permission
	// must are the permissions without which there is no report at all.
	must []*access.Permission
	// reads is the permission within which the courses and organizations lie that it may be filtered by; AnalyticsRead for nil.
	reads   *access.Permission
	columns func(*run) []sheet.Column
	// reach are the permissions within all of which its rows lie.
	reach  func(*op.Call) []access.Within
	rows   func(c *op.Call, r *run, part store.Part, footer []any) iter.Seq2[[]any, error]
	totals func(c *op.Call, r *run) ([]ReportTotal, error)
}

// run is one run of a report: its filters, found within what the asker may see.
type run struct {
	report.Filter
	period Period
	by     report.Grouping
	per    report.Per
	audit  store.AuditFilter
	chips  []ReportChip
	whose  Whose
	// reach is what the report's rows lie within, reads what its filters do.
	reach []access.Within
	reads *access.Permission
}

// newReport declares a report's two operations.
func newReport(r *Report) *Report {
	r.Show = &op.Op[ReportPage, ReportView]{
		Name: "report." + underscored(r.Name), Route: "GET /reports/" + r.Name, Doc: "Shows the first rows of the report “" + r.Title + "”: " + r.About,
		Needs: r.needs, Do: r.show}
	r.File = &op.Op[ReportFile, op.File]{
		Name: "report." + underscored(r.Name) + ".download", Route: "GET /reports/" + r.Name + "/file", Doc: "Downloads the report “" + r.Title + "” as CSV, XLSX or JSON.",
		Needs: r.needs, Export: true, Limit: reportLimit, Do: r.file}
	return r
}

func underscored(name string) string {
	out := []byte(name)
	for i := range out {
		if out[i] == '-' {
			out[i] = '_'
		}
	}
	return string(out)
}

// open refuses whoever lacks one of the permissions without which there is no report.
func (r *Report) open(c *op.Call) error {
	for _, p := range r.must {
		if within := c.May(p); !within.Any() {
			return store.NotAllowed(within)
		}
	}
	return nil
}

func (r *Report) show(c *op.Call, in ReportPage) (out ReportView, err error) {
	if err := r.open(c); err != nil {
		return out, err
	}
	page := max(in.Page, 1)
	if page > reportPages {
		return out, fail.Wrong("page", "Only the first 20 pages are shown; the whole is in the file.")
	}
	t, one, err := r.table(c, in.ReportQuery)
	if err != nil {
		return out, err
	}
	out = ReportView{Name: r.Name, Title: r.Title, About: r.About, Scope: t.Scope, Rule: t.Rule, Whose: one.whose, At: t.At, Page: page, Filters: one.chips, Rows: [][]any{}}
	for _, col := range t.Columns {
		out.Columns = append(out.Columns, ReportColumn{col.Key, col.Title, col.Type.String()})
	}
	part := store.Part{Skip: (page - 1) * reportPageSize, Take: reportPageSize + 1}
	for row, err := range r.rows(c, one, part, make([]any, len(t.Columns))) {
		if err != nil {
			return out, err
		}
		if len(out.Rows) == reportPageSize {
			out.More = page < reportPages
			break
		}
		out.Rows = append(out.Rows, slices.Clone(row))
	}
	out.Totals, err = r.totals(c, one)
	return out, err
}

// file writes the whole report while the transaction is open. The audit keeps its name, filters and format before its
// first row is written, and afterwards how many there were.
func (r *Report) file(c *op.Call, in ReportFile) (op.File, error) {
	portal := portalThing(c)
	c.Audit(portal, r.Title, told(in, map[string]any{"format": in.Format}))
	if err := r.open(c); err != nil {
		return op.File{}, err
	}
	format, err := sheet.ParseFormat(in.Format)
	if err != nil {
		return op.File{}, err
	}
	t, one, err := r.table(c, in.ReportQuery)
	if err != nil {
		return op.File{}, err
	}
	c.Audit(portal, r.Title, told(in, map[string]any{"format": format, "filters": one.chips, "scope": t.Scope}))
	t.Footer = make([]any, len(t.Columns))
	t.Rows = r.rows(c, one, store.Part{}, t.Footer)
	write := func(w io.Writer) error {
		n, err := sheet.Write(w, format, t)
		if err != nil {
			return err
		}
		return c.Wrote("report.finished", told(in, map[string]any{"report": r.Name, "format": format, "rows": n}))
	}
	return op.File{Name: t.FileName(format), Type: format.ContentType(), Write: write}, nil
}

// told adds to what the audit keeps that it was sent by mail.
func told(in ReportFile, detail map[string]any) map[string]any {
	if in.saved != 0 {
		detail["saved"] = in.saved
	}
	return detail
}

// table is the report without its rows.
func (r *Report) table(c *op.Call, in ReportQuery) (t sheet.Table, one *run, err error) {
	if one, err = r.filter(c, in); err != nil {
		return t, nil, err
	}
	t = sheet.Table{Name: r.Name, Title: r.Title, At: c.Now, Columns: r.columns(one)}
	if one.whose, err = whoseOf(c, one.chips, one.reach...); err != nil {
		return t, nil, err
	}
	t.Scope, t.Rule = one.whose.Scope.String(), one.whose.Rule.String()
	return t, one, nil
}

// dateCell is a date of a row as a sheet takes it; the zero time where it has not happened.
func dateCell(micros int64) any {
	if micros == 0 {
		return nil
	}
	return db.Time(micros)
}

// scoreCell is a score as a sheet takes it; none where it is negative.
func scoreCell(v float64) any {
	if v < 0 {
		return nil
	}
	return v
}
