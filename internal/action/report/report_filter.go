package report

import (
	"slices"

	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
	"provost/internal/store/report"
)

// statusWords are the states of an enrolment in words.
var statusWords = map[store.Status]fail.Text{store.Enrolled: fail.Say("not started"), store.Active: fail.Say("in progress"),
	store.Completed: fail.Say("completed"), store.Failed: fail.Say("failed"), store.Withdrawn: fail.Say("withdrawn")}

// datedWords say which date a period is about.
var datedWords = map[report.Dated]fail.Term{report.DatedEnrolled: fail.Term("enrolled"), report.DatedCompleted: fail.Term("completed"), report.DatedActive: fail.Term("last active")}

// filter reads the filters that the report heeds. A thing that the asker may not see is not there.
func (r *Report) filter(c *op.Call, in ReportQuery) (*run, error) {
	one := &run{reach: r.reach(c), reads: r.readsBy()}
	var err error
	if one.period, err = periodOf(in.Period, in.From, in.To, c.Now); err != nil {
		return nil, err
	}
	for _, name := range r.Filters {
		if err := one.heed(c, name, in); err != nil {
			return nil, err
		}
	}
	return one, nil
}

func (r *Report) readsBy() *access.Permission {
	if r.reads == nil {
		return access.AnalyticsRead
	}
	return r.reads
}

func (o *run) chip(name, value string, label fail.Text) {
	o.chips = append(o.chips, ReportChip{Name: name, Value: value, Label: label.String(), Text: label})
}

// heed reads one filter.
func (o *run) heed(c *op.Call, name string, in ReportQuery) (err error) {
	switch name {
	case "course", "organization", "team", "path":
		return o.things(c, name, in)
	case "type", "state", "stage", "per":
		return o.required(c, name, in)
	case "status":
		return o.status(in.Status)
	case "q":
		if o.Query = in.Q; in.Q != "" {
			o.chip("q", in.Q, fail.Say("named “{q}”", "q", in.Q))
		}
	case "period":
		o.From, o.To = o.period.From, o.period.To
		if o.period.Key != "all" {
			o.chip("period", o.period.Key, o.period.Words())
		}
	case "dated":
		return o.dated(in.Dated)
	case "by":
		o.by = report.Grouping(in.By)
		if in.By == "" {
			o.by = report.PerCourse
		}
		if !slices.Contains(report.Groupings, o.by) {
			return fail.Wrong("by", "Choose course, organization, team or period.")
		}
	case "audit":
		return o.auditFilter(c, in)
	}
	return nil
}

func (o *run) things(c *op.Call, name string, in ReportQuery) error {
	read := c.May(o.reads)
	var found report.Choice
	var err error
	switch {
	case name == "course" && in.Course != 0:
		found, err = report.FindCourse(c, c.Tx, c.May(access.CourseList), read, in.Course)
		o.Course = found.ID
	case name == "organization" && in.Organization != 0:
		found, err = report.FindOrg(c, c.Tx, c.May(access.OrganizationList), read, in.Organization)
		o.Org, o.OrgOnly = found.ID, in.Only
	case name == "team" && in.Team != 0:
		found, err = report.FindTeam(c, c.Tx, c.May(access.TeamList), in.Team)
		o.Team = found.ID
	case name == "path" && in.Path != 0:
		found, err = report.FindPath(c, c.Tx, c.May(access.PathList), read, in.Path)
		o.Path = found.ID
	default:
		return nil
	}
	o.chip(name, found.ID.String(), thingText(name, found.Name, in.Only))
	return err
}

func thingText(kind, name string, only bool) fail.Text {
	switch {
	case kind == "course":
		return fail.Say("course {name}", "name", name)
	case kind == "path":
		return fail.Say("learning path {name}", "name", name)
	case kind == "team":
		return fail.Say("team {name}", "name", name)
	case only:
		return fail.Say("organization {name} alone", "name", name)
	}
	return fail.Say("organization {name}", "name", name)
}

func (o *run) status(status string) error {
	if status == "" {
		return nil
	}
	o.Status = store.Status(status)
	if !slices.Contains(store.Statuses, o.Status) {
		return fail.Wrong("status", "Choose enrolled, active, completed, failed or withdrawn.")
	}
	o.chip("status", status, statusWords[o.Status])
	return nil
}

// stateWords are how people stand with what is required of them, in words.
var stateWords = map[path.State]fail.Text{path.Overdue: fail.Say("overdue"), path.Due: fail.Say("due"), path.Renew: fail.Say("to renew"), path.Done: fail.Say("done for now")}

// stages are how somebody may be on a learning path.
var stages = []store.Status{store.Active, store.Completed, store.Withdrawn}

// required reads the filters of what is required of people, and of learning paths.
func (o *run) required(c *op.Call, name string, in ReportQuery) error {
	switch {
	case name == "per":
		o.per = report.Per(either(in.By == "", string(report.PerRequiredCourse), in.By))
		if !slices.Contains(report.Pers, o.per) {
			return fail.Wrong("by", "Choose course, organization, team or type.")
		}
	case name == "state" && in.State != "":
		o.State = path.State(in.State)
		if !slices.Contains(path.States, o.State) {
			return fail.Wrong("state", "Choose overdue, due, renew or done.")
		}
		o.chip("state", in.State, stateWords[o.State])
	case name == "stage" && in.Status != "":
		o.Status = store.Status(in.Status)
		if !slices.Contains(stages, o.Status) {
			return fail.Wrong("status", "Choose active, completed or withdrawn.")
		}
		o.chip("status", in.Status, statusWords[o.Status])
	case name == "type" && in.Type != "":
		o.Type = access.RoleID(in.Type)
		if !access.AccountTypes.Has(o.Type) {
			return fail.Wrong("type", "There is no such account type.")
		}
		o.chip("type", in.Type, fail.Say("required of {type}", "type", fail.Term(roleTitle(c, o.Type))))
	}
	return nil
}

func (o *run) dated(dated string) error {
	o.Dated = report.Dated(dated)
	if dated == "" {
		o.Dated = report.DatedEnrolled
	}
	if datedWords[o.Dated] == "" {
		return fail.Wrong("dated", "Choose enrolled, completed or active.")
	}
	if dated != "" && (o.period.Key != "all" || o.Dated != report.DatedEnrolled) {
		o.chip("dated", dated, fail.Say("by the date {date}", "date", datedWords[o.Dated]))
	}
	return nil
}

func (o *run) auditFilter(c *op.Call, in ReportQuery) error {
	o.audit = store.AuditFilter{Operation: in.Operation, Outcome: in.Outcome, Query: in.Q, Person: in.Person, From: o.period.From, To: o.period.To}
	if in.Outcome != "" {
		if in.Outcome != "done" && in.Outcome != "refused" {
			return fail.Wrong("outcome", "Choose done or refused.")
		}
		o.chip("outcome", in.Outcome, map[string]fail.Text{"done": fail.Say("done"), "refused": fail.Say("refused")}[in.Outcome])
	}
	if in.Operation != "" {
		o.chip("operation", in.Operation, fail.Say("operation {operation}", "operation", in.Operation))
	}
	if in.Person != 0 {
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Person)
		if err != nil {
			return err
		}
		o.chip("person", in.Person.String(), fail.Say("by {name}", "name", who.Name))
	}
	return nil
}

// FilterChoice is something that a report or a dashboard may be filtered by.
type FilterChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// FilterChoices are what reports and dashboards may be filtered by: by name, 200 of each at most.
type FilterChoices struct {
	Courses       []FilterChoice `json:"courses"`
	Organizations []FilterChoice `json:"organizations"`
	Teams         []FilterChoice `json:"teams"`
	Paths         []FilterChoice `json:"paths"`
}

const maxChoices = 200

// FilterChoicesOf names the report whose filters are chosen; empty for those of the dashboards and most reports.
type FilterChoicesOf struct {
	Report string `query:"report" doc:"The report; without it, what dashboards may be filtered by."`
}

// ListFilterChoices lists the courses, organizations and teams that one's reports and dashboards may be filtered by.
var ListFilterChoices = &op.Op[FilterChoicesOf, FilterChoices]{
	Name:  "report.choices",
	Route: "GET /reports/choices",
	Doc:   "Lists the courses, organizations and teams that one's reports and dashboards may be filtered by.",
	Needs: []*access.Permission{access.AnalyticsRead, access.CourseReport, access.CourseList, access.OrganizationList, access.TeamList, access.PathList},
	Do: func(c *op.Call, in FilterChoicesOf) (out FilterChoices, err error) {
		read := c.May(access.AnalyticsRead)
		if slices.ContainsFunc(Reports, func(r *Report) bool { return r.Name == in.Report && r.reads == access.CourseReport }) {
			read = c.May(access.CourseReport)
		}
		courses, err := report.Courses(c, c.Tx, c.May(access.CourseList), read, maxChoices)
		if err != nil {
			return out, err
		}
		orgs, err := report.Orgs(c, c.Tx, c.May(access.OrganizationList), read, maxChoices)
		if err != nil {
			return out, err
		}
		teams, err := report.Teams(c, c.Tx, c.May(access.TeamList), maxChoices)
		out = FilterChoices{choices(courses), choices(orgs), choices(teams), []FilterChoice{}}
		if err == nil && in.Report == learningPaths.Name {
			var paths []report.Choice
			paths, err = report.Paths(c, c.Tx, c.May(access.PathList), read, maxChoices)
			out.Paths = choices(paths)
		}
		return out, err
	},
}

func choices(list []report.Choice) []FilterChoice {
	out := make([]FilterChoice, len(list))
	for i, c := range list {
		out[i] = FilterChoice{c.ID.String(), c.Name}
	}
	return out
}
