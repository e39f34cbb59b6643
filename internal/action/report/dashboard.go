package report

import (
	"net/url"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/report"
)

var dashboardOps = []op.Any{ShowDashboard}

// DashboardQuery chooses what a dashboard is about.
type DashboardQuery struct {
	Course       db.ID  `query:"course" doc:"Only this course."`
	Organization db.ID  `query:"organization" doc:"Only the people of this organization and those below it."`
	Team         db.ID  `query:"team" doc:"Only the people of this team."`
	Period       string `query:"period" doc:"today, 7, 30, 90, all, or range (with from and to); if left out, the last 90 days or, where nothing happened in them, all time."`
	From         string `query:"from" doc:"The first day of the range, as 2026-03-02."`
	To           string `query:"to" doc:"The last day of the range."`
}

// Tile is one figure. Rows leads to the rows behind it, in the report of that address; empty for who may not run it.
type Tile struct {
	Key   string  `json:"key"`
	Title string  `json:"title"`
	Type  string  `json:"type" doc:"int or percent."`
	Value float64 `json:"value"`
	// Before is the figure of the period before; nil where there is none to compare with.
	Before *float64 `json:"before,omitempty"`
	Rows   string   `json:"rows,omitempty"`
}

// TimePoint is what happened on a day, or in a month.
type TimePoint struct {
	// Label is 2026-03-02 or 2026-03.
	Label     string `json:"label"`
	Enrolled  int64  `json:"enrolled"`
	Completed int64  `json:"completed"`
	Works     int64  `json:"works"`
}

// GroupFigure is the enrolments that began in the period, of a course, an organization (alone) or a team.
type GroupFigure struct {
	ID         db.ID   `json:"id"`
	Name       string  `json:"name"`
	Enrolled   int64   `json:"enrolled"`
	Completed  int64   `json:"completed"`
	Completion float64 `json:"completion"`
	Progress   float64 `json:"progress"`
	Rows       string  `json:"rows,omitempty"`
}

// GroupFigures are the first of some groups, and how many more there are.
type GroupFigures struct {
	Items []GroupFigure `json:"items"`
	More  int           `json:"more"`
	Rows  string        `json:"rows,omitempty"`
}

// AttentionItem is a learner in a course whom somebody should look after.
type AttentionItem struct {
	Account      db.ID  `json:"account"`
	Learner      string `json:"learner"`
	Organization string `json:"organization"`
	Course       string `json:"course"`
	// Reason is failing, idle or never: with Score, the days that they were away, or the days since they enrolled.
	Reason string  `json:"reason"`
	Score  float64 `json:"score,omitempty"`
	Days   int     `json:"days,omitempty"`
	Rows   string  `json:"rows,omitempty"`
}

// Dashboard is figures, with whose they are, by which rule, and of when.
type Dashboard struct {
	Scope string    `json:"scope"`
	Rule  string    `json:"rule"`
	Whose Whose     `json:"-"`
	At    time.Time `json:"at"`
	// Readable is false for who opens the pages and reads nobody's figures; Missing says then what is needed.
	Readable bool   `json:"readable"`
	Missing  string `json:"missing,omitempty"`
	// Empty: nobody in scope is enrolled in anything.
	Empty   bool         `json:"empty"`
	Period  Period       `json:"period"`
	Filters []ReportChip `json:"filters"`
	Tiles   []Tile       `json:"tiles"`
	Funnel  []Tile       `json:"funnel"`
	// Grain is day or month.
	Grain         string          `json:"grain"`
	Times         []TimePoint     `json:"times"`
	Courses       GroupFigures    `json:"courses"`
	Organizations GroupFigures    `json:"organizations"`
	Teams         GroupFigures    `json:"teams"`
	Attention     []AttentionItem `json:"attention"`
	AttentionRows string          `json:"attention_rows,omitempty"`
}

const (
	dashboardGroups    = 12
	dashboardTeams     = 10
	dashboardAttention = 4
)

// ShowDashboard shows the figures of the people that one oversees (RE-1, LM-9).
var ShowDashboard = &op.Op[DashboardQuery, Dashboard]{
	Name:  "analytics.view",
	Route: "GET /analytics",
	Doc:   "Shows figures of enrolments, participation and completion, of the people in one's scope.",
	Needs: append([]*access.Permission{access.AnalyticsView, access.AnalyticsRead, access.ReportCertain}, filterThings...),
	Do:    showDashboard,
}

// dashboard is one run: what is measured, and where its rows are.
type dashboard struct {
	*op.Call
	out     *Dashboard
	read    access.Within
	measure report.Measure
	// query are the filters, as the reports behind the figures take them; rows: the asker may run reports.
	query url.Values
	rows  bool
	all   store.Figure
}

func showDashboard(c *op.Call, in DashboardQuery) (out Dashboard, err error) {
	view, read := c.May(access.AnalyticsView), c.May(access.AnalyticsRead)
	if !view.Any() {
		return out, store.NotAllowed(view)
	}
	out = Dashboard{At: c.Now, Readable: read.Any(), Filters: []ReportChip{}}
	if !out.Readable {
		out.Missing = access.AnalyticsRead.Title
		out.Scope, out.Period = "Nobody", Period{Key: "all"}
		return out, nil
	}
	d := &dashboard{Call: c, out: &out, read: read, query: url.Values{}, rows: c.May(access.ReportCertain).Any()}
	if err := d.choose(in); err != nil {
		return out, err
	}
	for _, step := range []func() error{d.say, d.tiles, d.overTime, d.groups, d.teams, d.attention} {
		if err := step(); err != nil {
			return out, err
		}
		if out.Empty {
			break
		}
	}
	return out, nil
}

// choose finds the filters within what the asker may see, and the period.
func (d *dashboard) choose(in DashboardQuery) (err error) {
	one := &run{reads: access.AnalyticsRead}
	asked := ReportQuery{Course: in.Course, Organization: in.Organization, Team: in.Team}
	for _, name := range []string{"course", "organization", "team"} {
		if err := one.heed(d.Call, name, asked); err != nil {
			return err
		}
	}
	for _, chip := range one.chips {
		d.query.Set(chip.Name, chip.Value)
	}
	d.out.Filters = append(d.out.Filters, one.chips...)
	d.measure = report.Measure{Course: one.Course, Org: one.Org, Team: one.Team}
	if in.Period == "" && in.From == "" && in.To == "" {
		in.Period = "90"
		if d.out.Period, err = periodOf("90", "", "", d.Now); err != nil {
			return err
		}
		d.measure.From, d.measure.To = d.out.Period.From, d.out.Period.To
		if d.all, err = report.MeasureAll(d, d.Tx, d.read, d.measure); err != nil {
			return err
		}
		if d.all.Enrolled+d.all.Completed+d.all.Submissions+d.all.Active == 0 {
			in.Period = "all"
		}
	}
	if d.out.Period, err = periodOf(in.Period, in.From, in.To, d.Now); err != nil {
		return err
	}
	d.measure.From, d.measure.To = d.out.Period.From, d.out.Period.To
	d.query.Set("period", d.out.Period.Key)
	if d.out.Period.Key == "range" {
		d.query.Set("from", d.measure.From.Format(time.DateOnly))
		d.query.Set("to", d.measure.To.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return nil
}

// link leads to the rows of a report with the dashboard's filters and some more.
func (d *dashboard) link(name string, more ...string) string {
	if !d.rows {
		return ""
	}
	q := url.Values{}
	for name, values := range d.query {
		q[name] = values
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/reports/" + name + "?" + q.Encode()
}

func (d *dashboard) say() (err error) {
	d.out.Whose, err = whoseOf(d.Call, d.out.Filters, d.read)
	d.out.Scope, d.out.Rule = d.out.Whose.Scope.String(), d.out.Whose.Rule.String()
	return err
}

func (d *dashboard) tiles() (err error) {
	if d.all, err = report.MeasureAll(d, d.Tx, d.read, d.measure); err != nil {
		return err
	}
	f := d.all
	if f.Learners == 0 {
		d.out.Empty = true
		return nil
	}
	share := 100 * float64(f.Active) / float64(f.Learners)
	d.out.Tiles = []Tile{
		{"enrolments", "Enrolments", "int", float64(f.Enrolled), nil, d.link("course-enrolment", "dated", "enrolled")},
		{"active", "Active learners", "int", float64(f.Active), nil, d.link("learner-progress", "dated", "active")},
		{"completion", "Completion rate", "percent", f.Completion(), nil, d.link("course-enrolment", "dated", "enrolled", "status", "completed")},
		{"progress", "Average progress", "percent", f.MeanProgress(), nil, d.link("learner-progress", "dated", "enrolled")},
		{"participation", "Participation", "percent", share, nil, d.link("participation", "by", "course")},
		{"works", "Works handed in", "int", float64(f.Submissions), nil, d.link("learner-progress", "dated", "active")},
	}
	d.out.Funnel = []Tile{
		{"enrolled", "Enrolled", "int", float64(f.Enrolled), nil, d.link("course-enrolment", "dated", "enrolled")},
		{"started", "Started", "int", float64(f.Started), nil, d.link("learner-progress", "dated", "enrolled")},
		{"completed", "Completed", "int", float64(f.BeganCompleted), nil, d.link("course-enrolment", "dated", "enrolled", "status", "completed")},
	}
	if d.measure.From.IsZero() {
		return nil
	}
	if !d.measure.To.After(d.Now) {
		// Kept is when people were last active: of a period that is over, it does not tell who was active in it.
		d.out.Tiles = slices.DeleteFunc(d.out.Tiles, func(t Tile) bool { return t.Key == "active" || t.Key == "participation" })
	}
	return d.before()
}

// before adds what the period before came to.
func (d *dashboard) before() error {
	before, err := report.MeasureAll(d, d.Tx, d.read, d.measure.Before())
	for key, value := range map[string]float64{"enrolments": float64(before.Enrolled), "completion": before.Completion(), "progress": before.MeanProgress(),
		"works": float64(before.Submissions)} {
		for i := range d.out.Tiles {
			if t := &d.out.Tiles[i]; t.Key == key && (before.Enrolled > 0 || t.Type == "int") {
				t.Before = &value
			}
		}
	}
	return err
}

// overTime fills in the days, or months, of the period; of all time, those from the first to the last in which something happened.
func (d *dashboard) overTime() error {
	d.out.Times, d.out.Grain = []TimePoint{}, "day"
	if d.measure.ByMonth() {
		d.out.Grain = "month"
	}
	figures, err := report.MeasureOverTime(d, d.Tx, d.read, d.measure)
	if err != nil || len(figures) == 0 {
		return err
	}
	from, to := figures[0].Bucket, figures[len(figures)-1].Bucket
	label := func(b int64) string { return store.MonthStart(b).Format("2006-01") }
	if d.out.Grain == "day" {
		from, to = store.DayOf(d.measure.From), store.DayOf(d.measure.To)-1
		label = func(b int64) string { return store.DayStart(b).Format(time.DateOnly) }
	}
	at := 0
	for b := from; b <= to; b++ {
		p := TimePoint{Label: label(b)}
		if at < len(figures) && figures[at].Bucket == b {
			p.Enrolled, p.Completed, p.Works = figures[at].Enrolled, figures[at].Completed, figures[at].Submissions
			at++
		}
		d.out.Times = append(d.out.Times, p)
	}
	return nil
}
