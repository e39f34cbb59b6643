package learning

import (
	"slices"

	"provost/internal/action/learning"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func copyRoutes(s *shell.Server) {
	s.Get("/templates", learning.ListTemplates, listTemplates)
	s.Get("/templates/new", learning.ListTemplatePlaces, newTemplate)
	s.Post("/templates", shell.Submit(learning.CreateTemplate, "/courses/{id}/outline").Says(page.Say("{name} is made.")).On(newTemplate))
	s.Get("/courses/{course}/copy", learning.ShowCopySource, newCopy)
	s.Post("/courses/{course}/copy", shell.Submit(learning.CopyCourse, "/courses/{id}/outline").Says(page.Say("{name} is made.")).On(newCopy))
}

// listTemplates are the templates to make courses of, and for who keeps them, to edit.
func listTemplates(q *shell.Req) error {
	out, err := shell.RunWith(q, learning.ListTemplates, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, t := range out.Items {
		to := "/courses/" + t.ID.String()
		var deed g.Node = g.Text(v.T("Archived"))
		switch {
		case t.Archived:
		case out.MayUse:
			deed = page.LinkButton(v.T("Make a course of it"), to+"/copy")
		default:
			deed = page.LinkButton(v.T("Copy"), to+"/copy")
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(t.Name, t.Code), g.Text(t.About), g.Text(t.Organization.Name), deed}}
		if t.MayEdit {
			rows[i].Href = to
		}
	}
	var actions []g.Node
	if out.MayCreate {
		actions = append(actions, page.LinkButton(v.T("Upload templates"), "/templates/upload"), page.PrimaryLink(v.T("Make a template"), "/templates/new"))
	}
	return q.Show(v.T("Templates"), page.Header(v.T("Templates"), v.T("Courses are made of them, with all that they hold. A course that was made stays as it is when its template changes."), actions...),
		page.Table{Caption: v.T("Templates"), Columns: []page.Column{{Title: v.T("Template"), Wide: true}, {Title: v.T("About"), Wide: true}, {Title: v.T("Organization")}, {Title: v.T("Use")}}, Rows: rows,
			Empty: page.Empty(v.T("No templates"), v.T("Content administrators make them. A course can also be copied, from the menu of its record."))}.Node(v))
}

func newTemplate(q *shell.Req) error {
	places, err := shell.RunWith(q, learning.ListTemplatePlaces, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	name, code := q.Field("name", v.T("Name"), ""), q.Field("code", v.T("Code"), "")
	name.Required, code.Required = true, true
	title := v.T("Make a template")
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Templates"), Href: "/templates"}, page.Link{Label: title}),
		page.Header(title, v.T("It begins empty, and is written as a course is. To make one of a course, copy the course.")),
		q.Form("/templates", page.Button(title), place(q, places.Items), page.Two(page.Input(v, name), page.Input(v, code)), page.Textarea(v, q.Field("about", v.T("About"), ""), 4)).Node(v))
}

// place asks for one of some organizations.
func place(q *shell.Req, from []learning.Ref) g.Node {
	options := make([]page.Option, len(from))
	for i, o := range from {
		options[i] = page.Option{Value: o.ID.String(), Label: o.Name}
	}
	org := q.Field("organization", q.T("Organization"), "")
	org.Required = true
	return page.Select(q.View, org, options)
}

// newCopy asks what shall be made of a course or a template.
func newCopy(q *shell.Req) error {
	from, err := shell.Run(q, learning.ShowCopySource)
	if err != nil {
		return err
	}
	v, to := q.View, "/courses/"+from.Course.ID.String()
	places := from.Courses
	var what g.Node
	switch template := q.Field("template", v.T("What to make"), "false"); {
	case len(from.Courses)+len(from.Templates) == 0:
		return fail.New(fail.NotAllowed, "You may make no course and no template of it.")
	case len(from.Templates) == 0:
	case len(from.Courses) == 0:
		places, what = from.Templates, page.Hidden("template", "true")
	default:
		what = page.RadioGroup(v, template, []page.Option{{Value: "false", Label: v.T("A course, which you will own")}, {Value: "true", Label: v.T("A template, to make courses of")}})
		places = joined(from.Courses, from.Templates)
	}
	name, code := q.Field("name", v.T("Name"), from.Course.Name), q.Field("code", v.T("Code"), from.Code+"-2")
	name.Required, code.Required = true, true
	starts := q.Field("starts", v.T("First day"), "")
	starts.Hint = v.T("Days for opening and handing in are left out, since what is copied has no first day.")
	if from.Starts != "" {
		starts.Hint = v.T("Days for opening and handing in move along with it; it was {day}. Without one they are left out.", "day", shell.Day(v, from.Starts))
	}
	title := v.T("Copy {name}", "name", from.Course.Name)
	form := q.Form(to+"/copy", page.Button(v.T("Copy")), what, place(q, places), page.Two(page.Input(v, name), page.Input(v, code)), page.Two(page.Date(v, starts), page.Date(v, q.Field("ends", v.T("Last day"), ""))))
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: title}),
		page.Header(title, v.T("Its rules, sections, lessons, assessments and files come along. Nobody's work does.")), form.Node(v))
}

// joined are the organizations of either list, each once.
func joined(a, b []learning.Ref) []learning.Ref {
	out := append([]learning.Ref{}, a...)
	for _, o := range b {
		if !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}
