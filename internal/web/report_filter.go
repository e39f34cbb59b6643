package web

import (
	"provost/internal/access"
	"provost/internal/action/path"
	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/web/page"
	pages "provost/internal/web/path"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// reportFilters is the bar above a report: a field for each filter that it heeds, and those that count as chips.
func reportFilters(q *shell.Req, to string, heeds []string, in report.ReportQuery, chips []report.ReportChip, choices report.FilterChoices) page.Filters {
	v := q.View
	f := page.Filters{Action: to, Clear: to, Chips: filterChips(q, chips), Keep: map[string]string{}}
	for _, name := range heeds {
		switch name {
		case "q":
			f.SearchName, f.SearchLabel, f.Query = "q", v.T("Search by name"), in.Q
		case "course":
			f.Fields = append(f.Fields, choose("course", v.T("Course"), v.T("All courses"), in.Course, choices.Courses))
		case "organization":
			f.Fields = append(f.Fields, choose("organization", v.T("Organization"), v.T("All organizations"), in.Organization, choices.Organizations))
			if in.Only {
				f.Keep["only"] = "true"
			}
		case "team":
			f.Fields = append(f.Fields, choose("team", v.T("Team"), v.T("All teams"), in.Team, choices.Teams))
		case "status":
			f.Fields = append(f.Fields, page.SmallSelect(page.Field{Name: "status", Label: v.T("Status"), Value: in.Status}, []page.Option{{Label: v.T("Any")},
				{Value: "enrolled", Label: v.T("Not started")}, {Value: "active", Label: v.T("In progress")}, {Value: "completed", Label: v.T("Completed")},
				{Value: "failed", Label: v.T("Failed")}, {Value: "withdrawn", Label: v.T("Withdrawn")}}))
		case "by":
			f.Fields = append(f.Fields, page.SmallSelect(page.Field{Name: "by", Label: v.T("A row for each"), Value: in.By}, []page.Option{
				{Value: "course", Label: v.T("Course")}, {Value: "organization", Label: v.T("Organization")}, {Value: "team", Label: v.T("Team")},
				{Value: "period", Label: v.T("Period")}}))
		case "path":
			f.Fields = append(f.Fields, choose("path", v.T("Learning path"), v.T("All learning paths"), in.Path, choices.Paths))
		case "type", "state", "stage", "per":
			f.Fields = append(f.Fields, requiredField(v, name, in))
		case "period":
			f.Fields = append(f.Fields, periodFields(q, in.Period, in.From, in.To)...)
		case "dated":
			f.Fields = append(f.Fields, page.SmallSelect(page.Field{Name: "dated", Label: v.T("By the date"), Value: in.Dated}, []page.Option{
				{Value: "enrolled", Label: v.T("Enrolled")}, {Value: "completed", Label: v.T("Completed")}, {Value: "active", Label: v.T("Last active")}}))
		}
	}
	return f
}

// requiredField is a filter of what is required of people, or of learning paths.
func requiredField(v page.View, name string, in report.ReportQuery) g.Node {
	switch name {
	case "type":
		types := []page.Option{{Label: v.T("Any")}}
		for _, id := range access.AccountTypes {
			types = append(types, page.Option{Value: string(id), Label: v.T(access.Builtin(id).Title)})
		}
		return page.SmallSelect(page.Field{Name: "type", Label: v.T("Required of the type"), Value: in.Type}, types)
	case "state":
		states := []page.Option{{Label: v.T("All states")}}
		for _, s := range path.States {
			states = append(states, page.Option{Value: string(s), Label: pages.StateWord(v, s)})
		}
		return page.SmallSelect(page.Field{Name: "state", Label: v.T("State"), Value: in.State}, states)
	case "stage":
		return page.SmallSelect(page.Field{Name: "status", Label: v.T("Status"), Value: in.Status}, []page.Option{{Label: v.T("Any")}, {Value: "active", Label: v.T("In progress")},
			{Value: "completed", Label: v.T("Completed")}, {Value: "withdrawn", Label: v.T("Withdrawn")}})
	}
	return page.SmallSelect(page.Field{Name: "by", Label: v.T("A row for each"), Value: in.By}, []page.Option{{Value: "course", Label: v.T("Course")},
		{Value: "organization", Label: v.T("Organization")}, {Value: "team", Label: v.T("Team")}, {Value: "type", Label: v.T("Account type")}})
}

func choose(name, label, all string, chosen db.ID, list []report.FilterChoice) g.Node {
	options := []page.Option{{Label: all}}
	for _, c := range list {
		options = append(options, page.Option{Value: c.ID, Label: c.Name})
	}
	value := ""
	if chosen != 0 {
		value = chosen.String()
	}
	return page.SmallSelect(page.Field{Name: name, Label: label, Value: value}, options)
}

// periodFields choose a period, and the days of a range.
func periodFields(q *shell.Req, period, from, to string) []g.Node {
	v := q.View
	if period == "" && (from != "" || to != "") {
		period = "range"
	}
	out := []g.Node{page.SmallSelect(page.Field{Name: "period", Label: v.T("Period"), Value: period}, []page.Option{{Value: "all", Label: v.T("All time")},
		{Value: "today", Label: v.T("Today")}, {Value: "7", Label: v.T("7 days")}, {Value: "30", Label: v.T("30 days")}, {Value: "90", Label: v.T("90 days")},
		{Value: "range", Label: v.T("From day to day")}})}
	if period == "range" {
		out = append(out, page.SmallInput(page.Field{Name: "from", Label: v.T("From"), Type: "date", Value: from}),
			page.SmallInput(page.Field{Name: "to", Label: v.T("to"), Type: "date", Value: to}))
	}
	return out
}

// filterChips are the filters that count, each with the address of the page without it.
func filterChips(q *shell.Req, list []report.ReportChip) []page.Chip {
	out := make([]page.Chip, len(list))
	for i, c := range list {
		without := []string{c.Name, "page", "after", "before"}
		switch c.Name {
		case "period":
			without = append(without, "from", "to")
		case "organization":
			without = append(without, "only")
		}
		out[i] = page.Chip{Label: q.View.Tell(c.Text), Remove: q.R.URL.Path + "?" + q.QueryBut(without...).Encode()}
	}
	return out
}
