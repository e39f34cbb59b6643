package web

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func courseRoutes(s *shell.Server) {
	s.Get("/manage/courses", action.ListCourses, listCourses)
	s.Get("/manage/courses/new", action.ListCoursePlaces, newCourse)
	s.Post("/manage/courses", shell.Submit(action.CreateCourse, "/courses/{id}").Says(page.Say("{name} is made.")).On(newCourse))
	s.Get("/courses/{course}", action.ShowCourse, showCourse)
	s.Get("/courses/{course}/edit", action.ShowCourse, editCourse)
	s.Post("/courses/{course}", shell.Submit(action.EditCourse, "/courses/{course}").Says(page.Say("{name} is saved.")).On(editCourse))
	s.Get("/courses/{course}/enrol", action.ShowCourse, enrolPage)
	s.PostTo("/courses/{course}/enrol", action.EnrolPeople, enrolPeople)
	s.Get("/courses/{course}/enrolments/{enrolment}/end", action.ShowEnrolment, confirmUnenrol)
	s.Post("/courses/{course}/enrolments/{enrolment}/end", shell.Submit(action.Unenrol, "/courses/{course}").Says(page.Say("The learner is out of the course.")))
}

// listCourses is the Courses tab of Management: the records, never their content.
func listCourses(q *shell.Req) error {
	var in action.CourseQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListCourses, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, c := range out.Items {
		learners := "–"
		if c.Learners != nil {
			learners = v.Num(int(*c.Learners))
		}
		rows[i] = page.Row{Href: "/courses/" + c.ID.String(),
			Cells: []g.Node{page.Named(c.Name, c.Code), g.Text(c.Organization.Name), g.Text(shell.Days(v, c.Starts, c.Ends)), g.Text(learners)}}
	}
	empty := page.Empty(v.T("No courses"), v.T("Courses appear here when they are made or imported into a place that you may see."))
	if in.Query != "" {
		empty = page.Empty(v.T("No course found"), v.T("No course that you may see is called so."))
	}
	var actions []g.Node
	if q.May(access.CourseCreate) {
		actions = append(actions, page.PrimaryLink(v.T("Make a course"), "/manage/courses/new"))
	}
	return q.Show(v.T("Courses"),
		page.Header(v.T("Courses"), v.T("The courses that you may see, as records: who is enrolled, and when."), actions...),
		page.Filters{Action: "/manage/courses", SearchName: "q", SearchLabel: v.T("Search courses"), Query: in.Query,
			Fields:  []g.Node{page.SmallSelect(page.Field{Name: "archived", Label: v.T("Show"), Value: archivedChoice(in.Archived)}, []page.Option{{Value: "false", Label: v.T("Courses")}, {Value: "true", Label: v.T("Archived courses")}})},
			Summary: v.N("{n} course", "{n} courses", out.Total)}.Node(v),
		page.Table{Caption: v.T("Courses"), Columns: []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("Organization")},
			{Title: v.T("Time"), NoWrap: true}, {Title: v.T("Learners"), Align: page.End}}, Rows: rows, Empty: empty}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

// courseFields are the fields that a new and a known course have.
func courseFields(q *shell.Req, now action.CourseRecord) []g.Node {
	v := q.View
	name, code := q.Field("name", v.T("Name"), now.Name), q.Field("code", v.T("Code"), now.Code)
	name.Required, code.Required = true, true
	code.Hint = v.T("What other systems call the course; no other course may have it.")
	module := q.Field("module", v.T("Module"), now.Module)
	module.Hint = v.T("What several courses present, each at its own time.")
	pace := q.Field("self_paced", v.T("Everybody takes it at their own pace"), "")
	pace.Hint = v.T("Nothing in it is due on a day then.")
	return []g.Node{page.Input(v, name), page.Two(page.Input(v, code), page.Input(v, module)),
		page.Two(page.Date(v, q.Field("starts", v.T("First day"), now.Starts)), page.Date(v, q.Field("ends", v.T("Last day"), now.Ends))),
		page.Checkbox(pace, q.Ticked("self_paced", now.SelfPaced)), page.Textarea(v, q.Field("about", v.T("About"), now.About), 4)}
}

// newCourse asks what a course is called and where it belongs.
func newCourse(q *shell.Req) error {
	places, err := shell.RunWith(q, action.ListCoursePlaces, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	options := make([]page.Option, len(places.Items))
	for i, o := range places.Items {
		options[i] = page.Option{Value: o.ID.String(), Label: o.Name}
	}
	org := q.Field("organization", v.T("Organization"), "")
	org.Required = true
	fields := append([]g.Node{page.Select(v, org, options)}, courseFields(q, action.CourseRecord{})...)
	return q.Show(v.T("Make a course"),
		page.Crumbs(v, page.Link{Label: v.T("Courses"), Href: "/manage/courses"}, page.Link{Label: v.T("Make a course")}),
		page.Header(v.T("Make a course"), v.T("Its record: what it is called, where it belongs, when it is. You will own it.")),
		page.Muted(v.T("It begins empty.")+" "), page.TextLink(v.T("Start from a template"), "/templates"),
		q.Form("/manage/courses", page.Button(v.T("Make the course")), fields...).Node(v))
}

// editCourse changes a course's record.
func editCourse(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowCourse)
	if err != nil {
		return err
	}
	if !out.MayConfigure {
		return store.NotAllowed(q.Actor.May(access.CourseConfigure))
	}
	v := q.View
	to := "/courses/" + out.ID.String()
	form := q.Form(to, page.Button(v.T("Save")), courseFields(q, out)...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Edit {name}", "name", out.Name), courseCrumbs(v, out, page.Link{Label: v.T("Edit")}),
		page.Header(v.T("Edit {name}", "name", out.Name), ""), form.Node(v))
}

func courseCrumbs(v page.View, c action.CourseRecord, more ...page.Link) g.Node {
	list := page.Link{Label: v.T("Courses"), Href: "/manage/courses"}
	if c.Template {
		list = page.Link{Label: v.T("Templates"), Href: "/templates"}
	}
	links := []page.Link{list, {Label: c.Name, Href: "/courses/" + c.ID.String()}}
	return page.Crumbs(v, append(links, more...)...)
}

// showCourse is a course's record: facts, figures, and who is or was enrolled. Its content is no part of it (LM-7).
func showCourse(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowCourse)
	if err != nil {
		return err
	}
	v := q.View
	to := "/courses/" + out.ID.String()
	var actions []g.Node
	if out.MayConfigure {
		actions = append(actions, page.LinkButton(v.T("Edit"), to+"/edit"))
	}
	actions = append(actions, lifeActions(v, out, to)...)
	if out.MayEnrol {
		actions = append(actions, page.PrimaryLink(v.T("Enrol people"), to+"/enrol"))
	}
	facts := []page.KV{{Key: v.T("Code"), Value: g.Text(out.Code)}, {Key: v.T("Organization"), Value: g.Text(out.Organization.Name)}}
	for _, f := range []struct{ key, value string }{{v.T("Module"), out.Module}, {v.T("Time"), shell.Days(v, out.Starts, out.Ends)}, {v.T("How it is taken"), shell.Pace(v, out.SelfPaced)}, {v.T("About"), out.About}} {
		if f.value != "" {
			facts = append(facts, page.KV{Key: f.key, Value: g.Text(f.value)})
		}
	}
	body := []g.Node{courseCrumbs(v, out), page.Header(out.Name, recordOf(v, out), actions...), q.CourseTabs(), archivedNotice(v, out), page.KeyValues(facts...)}
	if q.May(access.EnrolmentList) {
		list, err := courseLearners(q, out)
		if err != nil {
			return err
		}
		body = append(body, list...)
	}
	return q.Show(out.Name, body...)
}

func recordOf(v page.View, out action.CourseRecord) string {
	if out.Template {
		return v.T("Template: courses are made of it.")
	}
	return v.T("Course record")
}

func archivedChoice(archived bool) string {
	if archived {
		return "true"
	}
	return "false"
}

// lifeActions archive, restore and delete a course, for who may.
func lifeActions(v page.View, out action.CourseRecord, to string) []g.Node {
	var items []page.MenuItem
	switch {
	case out.MayArchive && out.Archived == nil:
		items = append(items, page.MenuItem{Label: v.T("Archive"), Icon: "lock", Href: to + "/archive"})
	case out.MayArchive:
		items = append(items, page.MenuItem{Label: v.T("Restore"), Icon: "up", Post: to + "/restore"})
	}
	if out.MayConfigure && !out.Template {
		items = append(items, page.MenuItem{Label: v.T("In the catalog"), Icon: "star", Href: to + "/listing"}, page.MenuItem{Label: v.T("Close areas"), Icon: "lock", Href: to + "/areas"})
	}
	if out.MayCopy {
		items = append(items, page.MenuItem{Label: v.T("Copy"), Icon: "course", Href: to + "/copy"})
	}
	if out.MayDelete {
		items = append(items, page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: to + "/delete", Danger: true})
	}
	if len(items) == 0 {
		return nil
	}
	return []g.Node{page.Menu(v.T("Actions for {name}", "name", out.Name), items...)}
}

func archivedNotice(v page.View, out action.CourseRecord) g.Node {
	if out.Archived == nil {
		return nil
	}
	return page.Notice(page.Info, g.Text(v.T("Archived on {day}: it can be read, and nothing in it is changed until it is restored.", "day", v.Date(*out.Archived))))
}
