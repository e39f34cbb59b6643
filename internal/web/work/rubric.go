package work

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action/work"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func rubricRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}/rubric"
	s.Get(at, work.ShowRubric, showRubric)
	s.Get(at+"/edit", work.ShowRubric, editRubric)
	s.Post(at, shell.Submit(work.SaveRubric, at).Says(page.Say("The rubric of {name} is saved.")).On(editRubric))
}

// showRubric is how the works of an assessment are judged.
func showRubric(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowRubric)
	if err != nil {
		return err
	}
	of := work.OneAssessment{Assessment: x.Assessment.ID}
	of.Course = x.Course.ID
	a, err := shell.RunWith(q, work.ShowAssessment, of)
	if err != nil {
		return err
	}
	v, at := q.View, assessmentAt(x.Course.ID, x.Assessment.ID)
	var actions []g.Node
	if a.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Edit"), at+"/rubric/edit"))
	}
	title := v.T("Rubric")
	body := []g.Node{crumbs(v, x.Course, page.Link{Label: x.Assessment.Name, Href: at}, page.Link{Label: title}), page.Header(title, x.Assessment.Name, actions...)}
	if len(x.Criteria) == 0 {
		body = append(body, page.Empty(v.T("There is no rubric"), v.T("What a work is judged by stands here, once somebody who teaches the course writes it.")))
	}
	for _, c := range x.Criteria {
		rows := make([]page.Row, len(c.Levels))
		for i, l := range c.Levels {
			rows[i] = page.Row{Cells: page.Cells(l.Text, v.Decimal(l.Points, 2))}
		}
		body = append(body, page.Section(c.Title, page.Table{Caption: c.Title, Rows: rows, Columns: []page.Column{{Title: v.T("Level"), Wide: true}, {Title: v.T("Points"), Align: page.End}}}.Node(v)))
	}
	return q.Show(title, body...)
}

// editRubric asks for a rubric as text.
func editRubric(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowRubric)
	if err != nil {
		return err
	}
	of := work.OneAssessment{Assessment: x.Assessment.ID}
	of.Course = x.Course.ID
	if a, err := shell.RunWith(q, work.ShowAssessment, of); err != nil || !a.MayEdit {
		if err == nil {
			err = store.NotAllowed(q.Actor.May(access.CourseAddContent))
		}
		return err
	}
	v, at := q.View, assessmentAt(x.Course.ID, x.Assessment.ID)
	title := v.T("Edit the rubric")
	text := q.Field("rubric", v.T("Rubric"), x.Text)
	text.Hint = v.T("A criterion a line. Below it its levels, a line each, beginning with their points: 4 Clear and complete. Empty for no rubric.")
	form := q.Form(at+"/rubric", page.Button(v.T("Save")), page.Textarea(v, text, 16))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at+"/rubric"))
	return q.Show(title, crumbs(v, x.Course, page.Link{Label: x.Assessment.Name, Href: at}, page.Link{Label: v.T("Rubric"), Href: at + "/rubric"}, page.Link{Label: v.T("Edit")}),
		page.Header(title, x.Assessment.Name), form.Node(v))
}

// rubricFields let a level of each criterion be chosen, by keyboard too.
func rubricFields(q *shell.Req, x work.LearnerWork) g.Node {
	out := g.Group{}
	for i, c := range x.Rubric {
		chosen := ""
		if x.Grade != nil && i < len(x.Grade.Judged) && x.Grade.Judged[i].Criterion == c.Title {
			for n, l := range c.Levels {
				if l.Text == x.Grade.Judged[i].Level && l.Points == x.Grade.Judged[i].Points {
					chosen = strconv.Itoa(n)
				}
			}
		}
		options := make([]page.Option, len(c.Levels))
		for n, l := range c.Levels {
			options[n] = page.Option{Value: strconv.Itoa(n), Label: q.View.Decimal(l.Points, 2) + " · " + l.Text}
		}
		out = append(out, page.RadioGroup(q.View, q.Field("levels."+strconv.Itoa(i), c.Title, chosen), options))
	}
	return out
}

// judged is what was chosen in the rubric; nothing where that is nothing.
func judged(v page.View, list []work.Judged) g.Node {
	if len(list) == 0 {
		return nil
	}
	rows := make([]page.Row, len(list))
	for i, x := range list {
		rows[i] = page.Row{Cells: page.Cells(x.Criterion, x.Level, v.T("{points} of {of}", "points", v.Decimal(x.Points, 2), "of", v.Decimal(x.Of, 2)))}
	}
	return page.Table{Caption: v.T("Rubric"), Rows: rows, Columns: []page.Column{{Title: v.T("Criterion")}, {Title: v.T("Level"), Wide: true}, {Title: v.T("Points"), Align: page.End}}}.Node(v)
}
