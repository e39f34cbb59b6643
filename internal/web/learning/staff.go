package learning

import (
	"provost/internal/access"
	"provost/internal/action/learning"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func staffRoutes(s *shell.Server) {
	s.Get("/courses/{course}/staff", learning.ListStaff, listStaff)
	s.PostTo("/courses/{course}/staff", learning.AddStaff, addStaff)
	s.Get("/courses/{course}/staff/{staff}/end", learning.ListStaff, confirmEndStaff)
	s.Post("/courses/{course}/staff/{staff}/end", shell.Submit(learning.EndStaff, "/courses/{course}/staff").Says(page.Say("{name} does not teach this course any more.")))
	s.Get("/courses/{course}/owner", learning.ListStaff, showOwner)
	s.PostTo("/courses/{course}/owner", learning.HandOver, handOver)
}

// listStaff is who teaches a course, and the way to change it.
func listStaff(q *shell.Req) error {
	out, err := shell.Run(q, learning.ListStaff)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	rows := make([]page.Row, len(out.Items))
	for i, s := range out.Items {
		end := g.Node(g.Text(""))
		if out.MayAdd && access.CourseHelpers.Has(s.Role) {
			end = page.LinkButton(v.T("Remove"), at+"/staff/"+s.ID.String()+"/end", g.Attr("aria-label", v.T("Remove {name}", "name", s.Account.Name)))
		}
		rows[i] = page.Row{Cells: []g.Node{page.Person(s.Account.Name, ""), g.Text(v.T(s.Title)), g.Text(v.Date(s.Since)), end}}
	}
	var actions []g.Node
	if out.MayHandOver {
		actions = append(actions, page.LinkButton(v.T("Hand the course over"), at+"/owner"))
	}
	body := []g.Node{courseCrumbs(v, out.Course, page.Link{Label: v.T("Who teaches it")}), page.Header(v.T("Who teaches {name}", "name", out.Course.Name), "", actions...), q.CourseTabs(),
		page.Table{Caption: v.T("Who teaches it"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Role")}, {Title: v.T("Since"), NoWrap: true}, {Title: v.T("Remove"), Quiet: true}},
			Rows: rows, Empty: page.Empty(v.T("Nobody teaches this course"), v.T("Whoever administers its organization can hand it over to somebody."))}.Node(v)}
	if out.MayAdd {
		role := q.Field("role", v.T("Shall be"), string(access.CoInstructor))
		role.Required = true
		options := []page.Option{}
		for _, r := range access.CourseHelpers {
			options = append(options, page.Option{Value: string(r), Label: v.T(access.Builtin(r).Title), Hint: v.T(access.Builtin(r).Doc)})
		}
		body = append(body, page.Section(v.T("Add somebody"), page.P(v.T("You find those whom you may see.")),
			q.WithPreview(at+"/staff", v.T("Add"), at+"/outline", q.OnePerson("account", v.T("Who")), page.RadioGroup(v, role, options))))
	}
	return q.Show(v.T("Who teaches {name}", "name", out.Course.Name), body...)
}

func addStaff(q *shell.Req) error {
	if err := q.ChoosePerson("account"); err != nil {
		return err
	}
	return shell.Submit(learning.AddStaff, "/courses/{course}/staff").Says(page.Say("{name} teaches this course now.")).On(listStaff).Serve(q)
}

func confirmEndStaff(q *shell.Req) error {
	out, err := shell.Run(q, learning.ListStaff)
	if err != nil {
		return err
	}
	if !out.MayAdd {
		return store.NotAllowed(q.Actor.May(access.CourseAddInstructor))
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String() + "/staff"
	for _, s := range out.Items {
		if s.ID.String() != q.R.PathValue("staff") {
			continue
		}
		title := v.T("Remove {name}?", "name", s.Account.Name)
		return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: v.T("Who teaches it"), Href: at}, page.Link{Label: v.T("Remove")}), page.Header(title, ""),
			page.Confirm{Title: v.T("{name} would be {role} no more", "name", s.Account.Name, "role", v.T(s.Title)), Text: v.T("What they wrote and graded stays."),
				Action: at + "/" + s.ID.String() + "/end", Button: v.T("Remove {name}", "name", s.Account.Name), Cancel: at}.Node(v))
	}
	return fail.Missing("person")
}

// showOwner asks who shall own the course.
func showOwner(q *shell.Req) error {
	out, err := shell.Run(q, learning.ListStaff)
	if err != nil {
		return err
	}
	if !out.MayHandOver {
		return store.NotAllowed(q.Actor.May(access.CourseHandOver))
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	title := v.T("Hand {name} over", "name", out.Course.Name)
	return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: v.T("Who teaches it"), Href: at + "/staff"}, page.Link{Label: v.T("Hand the course over")}),
		page.Header(title, v.T("Its new owner may do everything in it. Who owns it now teaches it on as a co-instructor.")),
		q.WithPreview(at+"/owner", v.T("Hand the course over"), at+"/staff", q.OnePerson("account", v.T("New owner"))))
}

func handOver(q *shell.Req) error {
	if err := q.ChoosePerson("account"); err != nil {
		return err
	}
	return shell.Submit(learning.HandOver, "/courses/{course}/staff").Says(page.Say("{name} owns this course now.")).On(showOwner).Serve(q)
}
