package path

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/path"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func complianceRoutes(s *shell.Server) {
	s.Get("/compliance", path.ListCompliance, listCompliance)
	s.Get("/compliance/new", path.ListCompliance, newRequirement)
	s.PostTo("/compliance", path.Require, require)
	s.Get("/compliance/{requirement}", path.ShowRequirement, showRequirement)
	s.Get("/compliance/{requirement}/end", path.ShowRequirement, confirmEndRequirement)
	s.Post("/compliance/{requirement}/end", shell.Submit(path.EndRequirement, "/compliance").Says(page.Say("{name} is not required any more.")))
	s.Get("/required", path.ListOwnRequired, ownRequired)
	s.Post("/required/{requirement}/again", shell.Submit(path.TakeAgain, "/courses/{id}/outline").Says(page.Say("You begin {name} once more.")))
}

// stateWords are what the states of a requirement are called, and their tones.
var stateWords = map[path.State]struct {
	text string
	kind page.Kind
}{
	path.StateOverdue: {page.Say("Overdue"), page.Bad},
	path.StateDue:     {page.Say("Due"), page.Warn},
	path.StateRenew:   {page.Say("To renew"), page.Warn},
	path.StateDone:    {page.Say("Done for now"), page.Good},
}

// StateWord is what a state of a requirement is called, StateBadge shows it.
func StateWord(v page.View, s path.State) string { return v.T(stateWords[s].text) }

// StateBadge is described at StateWord.
func StateBadge(v page.View, s path.State) g.Node {
	return page.Badge(stateWords[s].kind, StateWord(v, s))
}

// ofWhom says of whom a course is required.
func ofWhom(v page.View, r path.RequirementItem) string {
	text := r.Organization.Name
	if r.Team != nil {
		text += " › " + r.Team.Name
	}
	if role := access.Builtin(r.Role); role != nil {
		text += " · " + v.T(role.Title)
	}
	return text
}

// listCompliance are the courses that are required, with how many people are overdue.
func listCompliance(q *shell.Req) error {
	out, err := shell.Run(q, path.ListCompliance)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, r := range out.Items {
		late := g.Node(g.Text("–"))
		if r.Overdue > 0 {
			late = page.Badge(page.Bad, v.N("{n} overdue", "{n} overdue", r.Overdue))
		}
		rows[i] = page.Row{Href: "/compliance/" + r.ID.String(), Cells: []g.Node{page.Named(r.Course.Name, ofWhom(v, r)), g.Text(validity(v, r)), g.Text(v.Num(r.People)), late}}
	}
	var actions []g.Node
	if q.May(access.ReportCompliance) {
		actions = append(actions, page.LinkButton(v.T("Report"), "/reports/compliance-status"), page.LinkButton(v.T("Summary"), "/reports/compliance-summary"))
	}
	if q.May(access.ComplianceSet) {
		actions = append(actions, page.PrimaryLink(v.T("Require a course"), "/compliance/new"))
	}
	return q.Show(v.T("Compliance"), page.Header(v.T("Compliance"), v.T("Courses that people have to complete, and how they stand, as far as you may see them."), actions...),
		page.Table{Caption: v.T("Compliance"), Columns: []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("Counts")}, {Title: v.T("People"), Align: page.End}, {Title: v.T("Overdue")}}, Rows: rows,
			Empty: page.Empty(v.T("Nothing is required"), v.T("Courses that are required of people whom you may see stand here."))}.Node(v))
}

// validity says for how long it counts to have done it.
func validity(v page.View, r path.RequirementItem) string {
	if r.ValidDays == 0 {
		return v.T("for ever")
	}
	return v.N("for {n} day", "for {n} days", r.ValidDays)
}

// newRequirement asks what is to be required of whom.
func newRequirement(q *shell.Req) error {
	v := q.View
	org := q.OrganizationField("organization", v.T("Of the people of"), action.Named{})
	org.Field.Required = true
	types := []page.Option{{Value: "", Label: v.T("All account types")}}
	for _, r := range access.AccountTypes {
		if access.FullTypes.Has(r) && !q.Actor.May(access.AccountSetFull).Everywhere() {
			continue
		}
		types = append(types, page.Option{Value: string(r), Label: v.T(access.Builtin(r).Title)})
	}
	teams, err := shell.RunWith(q, action.ListTeams, action.TeamQuery{Size: 200})
	if err != nil && !fail.Is(err, fail.NotAllowed) {
		return err
	}
	options := []page.Option{{Value: "", Label: v.T("Everybody there")}}
	for _, t := range teams.Items {
		options = append(options, page.Option{Value: t.ID.String(), Label: t.Name})
	}
	number := func(name, label, hint string, now int) g.Node {
		f := q.Field(name, label, strconv.Itoa(now))
		f.Type, f.Hint = "number", hint
		return page.Input(v, f)
	}
	due, until := q.Field("due", v.T("Or on a day for all"), ""), q.Field("until", v.T("Required until"), "")
	until.Hint = v.T("Empty for ever.")
	title := v.T("Require a course")
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Compliance"), Href: "/compliance"}, page.Link{Label: title}),
		page.Header(title, v.T("Whoever it is required of is enrolled at once, and whoever comes later too.")),
		q.WithPreview("/compliance", title, "/compliance", courseField(q), org.Node(v),
			page.Two(page.Select(v, q.Field("team", v.T("In the team"), ""), options), page.Select(v, q.Field("role", v.T("Who are"), ""), types)),
			page.Two(number("due_days", v.T("Due after so many days"), v.T("From when it is required of somebody."), 30), page.Date(v, due)),
			page.Two(number("valid_days", v.T("Counts for so many days"), v.T("0 for ever. After that it is to be done again."), 0),
				number("remind_days", v.T("Remind so many days before"), v.T("By mail, once; and once when it is overdue."), 7)),
			page.Date(v, until)))
}

func require(q *shell.Req) error {
	if err := chooseCourse(q); err != nil {
		return err
	}
	if err := q.ChooseOrganization("organization"); err != nil {
		return err
	}
	return shell.Submit(path.Require, "/compliance/{id}").Says(page.Say("It is required now.")).On(newRequirement).Serve(q)
}

// showRequirement is how people stand with a requirement.
func showRequirement(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowRequirement)
	if err != nil {
		return err
	}
	v := q.View
	to := "/compliance/" + out.ID.String()
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		rows[i] = page.Row{Href: "/people/" + x.Person.ID.String(), Cells: append([]g.Node{page.Person(x.Person.Name, x.Organization)}, standingCells(v, x)...)}
	}
	var actions []g.Node
	if q.May(access.ReportCompliance) {
		actions = append(actions, page.LinkButton(v.T("Report"), "/reports/compliance-status?course="+out.Course.ID.String()))
	}
	if out.MayEnd {
		actions = append(actions, page.LinkButton(v.T("Require it no more…"), to+"/end"))
	}
	states := []page.Option{{Value: "", Label: v.T("All states")}}
	for _, s := range path.States {
		states = append(states, page.Option{Value: string(s), Label: StateWord(v, s)})
	}
	facts := []page.KV{{Key: v.T("Of whom"), Value: g.Text(ofWhom(v, out.RequirementItem))}, {Key: v.T("Counts"), Value: g.Text(validity(v, out.RequirementItem))}}
	if out.Due != nil {
		facts = append(facts, page.KV{Key: v.T("Due"), Value: g.Text(v.Date(*out.Due))})
	} else {
		facts = append(facts, page.KV{Key: v.T("Due"), Value: g.Text(v.N("after {n} day", "after {n} days", out.DueDays))})
	}
	if out.Until != nil {
		facts = append(facts, page.KV{Key: v.T("Required until"), Value: g.Text(v.Date(*out.Until))})
	}
	state := q.R.URL.Query().Get("state")
	return q.Show(out.Course.Name, page.Crumbs(v, page.Link{Label: v.T("Compliance"), Href: "/compliance"}, page.Link{Label: out.Course.Name}), page.Header(out.Course.Name, v.T("Required"), actions...),
		page.KeyValues(facts...), page.Section(v.T("How people stand"),
			page.Filters{Action: to, SearchName: "q", SearchLabel: v.T("Search people by name"), Query: q.R.URL.Query().Get("q"),
				Fields: []g.Node{page.SmallSelect(page.Field{Name: "state", Label: v.T("State"), Value: state}, states)}}.Node(v),
			page.Table{Caption: v.T("How people stand"), Columns: append([]page.Column{{Title: v.T("Name"), Wide: true}}, standingColumns(v)...), Rows: rows,
				Empty: page.Empty(v.T("Nobody here"), v.T("Nobody whom you may see stands so."))}.Node(v),
			q.Pager(out.Prev, out.Next, len(out.Items), out.Total)))
}

func standingColumns(v page.View) []page.Column {
	return []page.Column{{Title: v.T("State"), NoWrap: true}, {Title: v.T("Due"), NoWrap: true}, {Title: v.T("Last done"), NoWrap: true}, {Title: v.T("Progress")}}
}

func standingCells(v page.View, x path.Standing) []g.Node {
	due, done := "–", "–"
	if x.Due != nil {
		due = v.Date(*x.Due)
	}
	if x.Done != nil {
		done = v.Date(*x.Done)
	}
	return []g.Node{StateBadge(v, x.State), g.Text(due), g.Text(done), page.ProgressBar(v, x.Progress/100)}
}

func confirmEndRequirement(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowRequirement)
	if err != nil {
		return err
	}
	v := q.View
	to := "/compliance/" + out.ID.String()
	title := v.T("Require {name} no more?", "name", out.Course.Name)
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Compliance"), Href: "/compliance"}, page.Link{Label: out.Course.Name, Href: to}), page.Header(title, ""),
		page.Confirm{Title: title, Text: v.T("Nobody is asked for it or reminded of it any more, and how people stand with it is not kept. Enrolments, progress and certificates stay."),
			Losses: []string{v.N("{n} person need not do it any more.", "{n} people need not do it any more.", out.People)}, Action: to + "/end", Button: v.T("Require it no more"), Cancel: to}.Node(v))
}

// ownRequired is what is required of oneself.
func ownRequired(q *shell.Req) error {
	out, err := shell.Run(q, path.ListOwnRequired)
	if err != nil {
		return err
	}
	v := q.View
	return q.Show(v.T("Required of me"), page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: v.T("Required of me")}), page.Header(v.T("Required of me"), ""),
		ownRequiredTable(v, out.Items))
}

func ownRequiredTable(v page.View, list []path.Standing) g.Node {
	rows := make([]page.Row, len(list))
	for i, x := range list {
		deed, href := g.Node(g.Text("")), ""
		if x.Enrolled {
			href = "/courses/" + x.Course.ID.String() + "/outline"
		}
		if x.Enrolled && x.Done != nil && x.State != path.StateDone && x.Progress == 100 {
			deed = page.Post("/required/"+x.Requirement.String()+"/again", page.Secondary(v.T("Do it again"), g.Attr("aria-label", v.T("Do {name} again", "name", x.Course.Name))))
		}
		rows[i] = page.Row{Href: href, Cells: append(append([]g.Node{page.Named(x.Course.Name, "")}, standingCells(v, x)...), deed)}
	}
	return page.Table{Caption: v.T("Required of me"), Columns: append(append([]page.Column{{Title: v.T("Course"), Wide: true}}, standingColumns(v)...), page.Column{Title: v.T("Actions"), Quiet: true}), Rows: rows,
		Empty: page.Empty(v.T("Nothing is required of you"), v.T("Courses that you have to complete stand here, with their day."))}.Node(v)
}
