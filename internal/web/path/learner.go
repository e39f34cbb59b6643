package path

import (
	"provost/internal/access"
	"provost/internal/action/path"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func learnerRoutes(s *shell.Server) {
	s.Get("/paths/{path}/learners", path.ListPathLearners, listLearners)
	s.PostTo("/paths/{path}/learners", path.EnrolInPath, enrolLearners)
	s.Get("/paths/{path}/learners/{learner}/end", path.ListPathLearners, confirmEndLearner)
	s.Post("/paths/{path}/learners/{learner}/end", shell.Submit(path.EndPathLearner, "/paths/{path}/learners").Says(page.Say("{name} is not in the path any more.")))
	s.Get("/paths/{path}/administrators", path.ListPathAdmins, listAdmins)
	s.PostTo("/paths/{path}/administrators", path.AddPathAdmin, addAdmin)
	s.Get("/paths/{path}/administrators/{administrator}/end", path.ListPathAdmins, confirmEndAdmin)
	s.Post("/paths/{path}/administrators/{administrator}/end", shell.Submit(path.EndPathAdmin, "/manage/paths").Says(page.Say("{name} does not administer the path any more.")))
	s.Get("/paths", path.ListOwnPaths, ownPaths)
	s.Post("/paths/{path}/join", shell.Submit(path.JoinPath, "/paths/{path}").Says(page.Say("You are in the path {name} now.")))
	s.Get("/paths/{path}/leave", path.ShowPath, confirmLeave)
	s.Post("/paths/{path}/leave", shell.Submit(path.LeavePath, "/paths").Says(page.Say("You have left the path {name}.")))
}

// listLearners are those who are in a path, with how far they are, and the way to enrol others.
func listLearners(q *shell.Req) error {
	out, err := shell.Run(q, path.ListPathLearners)
	if err != nil {
		return err
	}
	v := q.View
	to := "/paths/" + out.Path.ID.String()
	rows := make([]page.Row, len(out.Items))
	for i, l := range out.Items {
		state := page.Inline(page.ProgressBar(v, float64(l.Reached)/float64(max(1, out.Goals))), page.Muted(v.T("{reached} of {goals}", "reached", l.Reached, "goals", out.Goals)))
		if l.Completed != nil {
			state = page.Badge(page.Good, v.T("Completed on {date}", "date", v.Date(*l.Completed)))
		}
		rows[i] = page.Row{Href: "/people/" + l.Learner.ID.String(), Cells: []g.Node{page.Person(l.Learner.Name, ""), g.Text(v.Date(l.Enrolled)), state,
			page.LinkButton(v.T("Take out…"), to+"/learners/"+l.ID.String()+"/end?q="+urlText(l.Learner.Name), g.Attr("aria-label", v.T("Take {name} out of the path", "name", l.Learner.Name)))}}
	}
	title := v.T("Learners of {name}", "name", out.Path.Name)
	body := []g.Node{pathCrumbs(q, out.Path, page.Link{Label: v.T("Learners")}), page.Header(title, "")}
	if out.MayChange {
		people, err := q.People("accounts")
		if err != nil {
			return err
		}
		people.Field.Label, people.Field.Required = v.T("People"), true
		body = append(body, page.Section(v.T("Enrol people"), page.P(v.T("The courses of the path open for them as they come due.")),
			q.WithPreview(to+"/learners", v.T("Enrol"), to, people.Node(v))))
	}
	return q.Show(title, append(body, page.Section(v.T("In the path"),
		page.Filters{Action: to + "/learners", SearchName: "q", SearchLabel: v.T("Search learners by name"), Query: q.R.URL.Query().Get("q")}.Node(v),
		page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Enrolled"), NoWrap: true}, {Title: v.T("Goals")}, {Title: v.T("Actions"), Quiet: true}}, Rows: rows,
			Empty: page.Empty(v.T("Nobody here"), v.T("Whoever is enrolled in the path stands here."))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total)))...)
}

func enrolLearners(q *shell.Req) error {
	if err := q.TakeLines("accounts"); err != nil {
		return err
	}
	return shell.Submit(path.EnrolInPath, "/paths/{path}/learners").Says(page.Say("They are enrolled.")).On(listLearners).Serve(q)
}

func confirmEndLearner(q *shell.Req) error {
	out, err := shell.Run(q, path.ListPathLearners)
	if err != nil {
		return err
	}
	v := q.View
	to := "/paths/" + out.Path.ID.String() + "/learners"
	for _, l := range out.Items {
		if l.ID.String() != q.R.PathValue("learner") {
			continue
		}
		title := v.T("Take {name} out of the path?", "name", l.Learner.Name)
		return q.Show(title, pathCrumbs(q, out.Path, page.Link{Label: v.T("Learners"), Href: to}, page.Link{Label: l.Learner.Name}), page.Header(title, ""),
			page.Confirm{Title: title, Text: v.T("No further course of it opens for them. Courses that were opened stay open."), Action: to + "/" + l.ID.String() + "/end",
				Button: v.T("Take out of the path"), Cancel: to}.Node(v))
	}
	return fail.Missing("learner")
}

// listAdmins are those who administer a path, and the way to add others.
func listAdmins(q *shell.Req) error {
	out, err := shell.Run(q, path.ListPathAdmins)
	if err != nil {
		return err
	}
	v := q.View
	to := "/paths/" + out.Path.ID.String() + "/administrators"
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		rows[i] = page.Row{Cells: []g.Node{page.Person(x.Account.Name, ""), g.Text(v.Date(x.Since)),
			page.LinkButton(v.T("Remove…"), to+"/"+x.ID.String()+"/end", g.Attr("aria-label", v.T("Remove {name}", "name", x.Account.Name)))}}
	}
	title := v.T("Who administers {name}", "name", out.Path.Name)
	return q.Show(title, pathCrumbs(q, out.Path, page.Link{Label: v.T("Administrators")}), page.Header(title, v.T("They have full rights in the path: its goals, administrators and learners.")),
		page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Since"), NoWrap: true}, {Title: v.T("Actions"), Quiet: true}}, Rows: rows,
			Empty: page.Empty(v.T("Nobody in particular"), v.T("Whoever administers its organization may change it."))}.Node(v),
		page.Section(v.T("Add somebody"), page.P(v.T("You find those whom you may see.")), q.WithPreview(to, v.T("Add"), "/paths/"+out.Path.ID.String(), q.OnePerson("account", v.T("Who")))))
}

func addAdmin(q *shell.Req) error {
	if err := q.ChoosePerson("account"); err != nil {
		return err
	}
	return shell.Submit(path.AddPathAdmin, "/paths/{path}/administrators").Says(page.Say("{name} administers the path now.")).On(listAdmins).Serve(q)
}

func confirmEndAdmin(q *shell.Req) error {
	out, err := shell.Run(q, path.ListPathAdmins)
	if err != nil {
		return err
	}
	v := q.View
	to := "/paths/" + out.Path.ID.String() + "/administrators"
	for _, x := range out.Items {
		if x.ID.String() == q.R.PathValue("administrator") {
			title := v.T("Remove {name}?", "name", x.Account.Name)
			return q.Show(title, pathCrumbs(q, out.Path, page.Link{Label: v.T("Administrators"), Href: to}, page.Link{Label: x.Account.Name}), page.Header(title, ""),
				page.Confirm{Title: title, Text: v.T("They may not change the path any more, from the next click."), Action: to + "/" + x.ID.String() + "/end",
					Button: v.T("Remove {name}", "name", x.Account.Name), Cancel: to}.Node(v))
		}
	}
	return fail.Missing("person")
}

// ownPaths are the paths that one is in, and those that one may enrol in.
func ownPaths(q *shell.Req) error {
	out, err := shell.Run(q, path.ListOwnPaths)
	if err != nil {
		return err
	}
	v := q.View
	var in, open []page.Row
	for _, p := range out.Items {
		if p.In {
			in = append(in, ownPathRow(v, p))
			continue
		}
		open = append(open, page.Row{Cells: []g.Node{page.Named(p.Name, p.Organization.Name), g.Text(v.Num(p.Goals)),
			page.Post("/paths/"+p.ID.String()+"/join", page.Secondary(v.T("Enrol"), g.Attr("aria-label", v.T("Enrol in {name}", "name", p.Name))))}})
	}
	return q.Show(v.T("My learning paths"), page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: v.T("My learning paths")}), page.Header(v.T("My learning paths"), ""),
		page.Table{Caption: v.T("My learning paths"), Columns: ownPathColumns(v), Rows: in,
			Empty: page.Empty(v.T("You are in no path"), v.T("A path leads along courses and certificates. Enrol in one below, or ask who looks after your courses."))}.Node(v),
		page.Section(v.T("Open to you"), page.Table{Caption: v.T("Open to you"), Columns: []page.Column{{Title: v.T("Path"), Wide: true}, {Title: v.T("Goals"), Align: page.End}, {Title: v.T("Enrol"), Quiet: true}}, Rows: open,
			Empty: page.Empty(v.T("Nothing to enrol in"), v.T("Paths that your organization opens to everybody stand here."))}.Node(v)))
}

func ownPathColumns(v page.View) []page.Column {
	return []page.Column{{Title: v.T("Path"), Wide: true}, {Title: v.T("Progress")}, {Title: v.T("State")}}
}

func ownPathRow(v page.View, p path.OwnPath) page.Row {
	state := page.Badge(page.Info, v.T("{reached} of {goals} goals reached", "reached", p.Reached, "goals", p.Goals))
	if p.Completed != nil {
		state = page.Badge(page.Good, v.T("Completed"))
	}
	return page.Row{Href: "/paths/" + p.ID.String(), Muted: p.Archived, Cells: []g.Node{page.Named(p.Name, p.Organization.Name), page.ProgressBar(v, float64(p.Reached)/float64(max(1, p.Goals))), state}}
}

// Home are the paths that the person who is signed in is in, for the home page; nothing for who is in none and may enrol in none.
func Home(q *shell.Req) (g.Node, error) {
	if !q.May(access.PathEnrollSelf) {
		return nil, nil
	}
	out, err := shell.RunWith(q, path.ListOwnPaths, struct{}{})
	if err != nil || len(out.Items) == 0 {
		return nil, err
	}
	v := q.View
	var rows []page.Row
	for _, p := range out.Items {
		if p.In {
			rows = append(rows, ownPathRow(v, p))
		}
	}
	all := page.LinkButton(v.T("All paths"), "/paths")
	if len(rows) == 0 {
		return page.SectionWith(v.T("My learning paths"), []g.Node{all}, page.P(v.N("{n} path is open to you.", "{n} paths are open to you.", len(out.Items)))), nil
	}
	return page.SectionWith(v.T("My learning paths"), []g.Node{all}, page.Table{Caption: v.T("My learning paths"), Columns: ownPathColumns(v), Rows: rows}.Node(v)), nil
}

func confirmLeave(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowPath)
	if err != nil {
		return err
	}
	if !out.In {
		return fail.New(fail.Conflict, "You are not in this path.")
	}
	v := q.View
	to := "/paths/" + out.ID.String()
	title := v.T("Leave the path {name}?", "name", out.Name)
	return q.Show(title, pathCrumbs(q, path.Ref{ID: out.ID, Name: out.Name}, page.Link{Label: v.T("Leave")}), page.Header(title, ""),
		page.Confirm{Title: title, Text: v.T("No further course of it opens for you. Courses that were opened stay open."), Action: to + "/leave", Button: v.T("Leave the path"), Cancel: to}.Node(v))
}
