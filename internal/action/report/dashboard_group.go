package report

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/report"
)

// groups tells the figures of each course and of each organization.
func (d *dashboard) groups() error {
	courses, err := report.MeasureByCourse(d, d.Tx, d.read, d.measure)
	if err != nil {
		return err
	}
	orgs, err := report.MeasureByOrg(d, d.Tx, d.read, d.measure)
	if err != nil {
		return err
	}
	d.out.Courses, err = d.named(courses, access.Course, func(f store.Figure) db.ID { return f.Course })
	if err != nil {
		return err
	}
	d.out.Courses.Rows = d.link("participation", "by", "course")
	d.out.Organizations, err = d.named(orgs, access.Organization, func(f store.Figure) db.ID { return f.Org })
	d.out.Organizations.Rows = d.link("participation", "by", "organization")
	return err
}

// named are the first figures with the names of what they are of.
func (d *dashboard) named(figures []store.Figure, kind access.Kind, of func(store.Figure) db.ID) (GroupFigures, error) {
	out := GroupFigures{Items: []GroupFigure{}, More: max(0, len(figures)-dashboardGroups)}
	figures = figures[:min(len(figures), dashboardGroups)]
	names := map[access.Place]string{}
	for _, f := range figures {
		names[access.Place{Kind: kind, ID: of(f)}] = ""
	}
	if err := store.NamePlaces(d, d.Tx, names); err != nil {
		return out, err
	}
	for _, f := range figures {
		id := of(f)
		more := []string{"dated", "enrolled", kind.String(), id.String()}
		if kind == access.Organization {
			more = append(more, "only", "true")
		}
		out.Items = append(out.Items, GroupFigure{id, names[access.Place{Kind: kind, ID: id}], f.Enrolled, f.BeganCompleted, f.Completion(), f.MeanProgress(),
			d.link("course-enrolment", more...)})
	}
	return out, nil
}

// teams tells the figures of some of the teams that one oversees.
func (d *dashboard) teams() error {
	list := d.May(access.TeamList)
	d.out.Teams = GroupFigures{Items: []GroupFigure{}, Rows: d.link("participation", "by", "team")}
	which := []db.ID{d.measure.Team}
	if d.measure.Team == 0 {
		var err error
		if which, err = report.OverseenTeams(d, d.Tx, list, d.read, dashboardTeams+1); err != nil {
			return err
		}
	}
	if len(which) > dashboardTeams {
		d.out.Teams.More, which = 1, which[:dashboardTeams]
	}
	rows, err := report.MeasureByTeam(d, d.Tx, d.read, list, d.measure, which)
	for _, r := range rows {
		d.out.Teams.Items = append(d.out.Teams.Items, GroupFigure{r.ID, r.Name, r.Rows, r.Completed, r.Completion(), r.MeanProgress(),
			d.link("course-enrolment", "dated", "enrolled", "team", r.ID.String())})
	}
	return err
}

// attention lists some learners whom somebody should look after, each once for a course.
func (d *dashboard) attention() error {
	d.out.Attention = []AttentionItem{}
	list, err := report.ListAttention(d, d.Tx, d.read, d.measure, d.Now, dashboardAttention)
	seen := map[[2]db.ID]bool{}
	for _, a := range list {
		if key := [2]db.ID{a.Account, a.Course}; !seen[key] {
			seen[key] = true
			d.out.Attention = append(d.out.Attention, d.attend(a))
		}
	}
	last := d.Now.Add(-report.IdleAfter).AddDate(0, 0, -1)
	d.out.AttentionRows = d.link("learner-progress", "status", "active", "dated", "active", "period", "range", "from", "", "to", last.Format("2006-01-02"))
	return err
}

func (d *dashboard) attend(a report.Attention) AttentionItem {
	item := AttentionItem{Account: a.Account, Learner: a.Learner, Organization: a.Org, Course: a.CourseName, Reason: "idle",
		Rows: d.link("learner-progress", "q", a.Learner, "course", a.Course.String(), "period", "all")}
	switch {
	case a.Failing:
		item.Reason, item.Score = "failing", a.Score
	case a.Active.IsZero():
		item.Reason, item.Days = "never", int(d.Now.Sub(a.Enrolled).Hours()/24)
	default:
		item.Days = int(d.Now.Sub(a.Active).Hours() / 24)
	}
	return item
}
