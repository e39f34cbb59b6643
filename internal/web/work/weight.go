package work

import (
	"strconv"

	"provost/internal/action/work"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func weightRoutes(s *shell.Server) {
	const at = "/courses/{course}/weights"
	s.Get(at, work.ListAssessments, editWeights)
	s.Post(at, shell.Submit(work.SaveWeights, at).Says(page.Say("The weights are saved.")).On(editWeights))
}

// editWeights asks what each graded assessment counts, with what all of them come to.
func editWeights(q *shell.Req) error {
	out, err := listToEdit(q)
	if err != nil {
		return err
	}
	v, fields, sum := q.View, g.Group{}, 0.0
	for _, a := range out.Items {
		if !a.Survey {
			sum += a.Weight
		}
	}
	i := 0
	for _, a := range out.Items {
		if a.Survey {
			continue
		}
		row := "weights." + strconv.Itoa(i)
		i++
		f := q.Field(row+".weight", a.Title, strconv.FormatFloat(a.Weight, 'f', -1, 64))
		f.Attrs = []g.Node{g.Attr("inputmode", "decimal")}
		if f.Required = true; sum > 0 {
			f.Hint = v.T("{kind}, {percent} of the score now", "kind", shell.WorkKind(v, a.Kind), "percent", v.Percent(a.Weight/sum))
		}
		fields = append(fields, page.Hidden(row+".assessment", a.ID.String()), page.Input(v, f))
	}
	title, at := v.T("Weights"), courseAt(out.Course.ID)
	head := []g.Node{crumbs(v, out.Course, page.Link{Label: v.T("Assessments"), Href: at + "/assessments"}, page.Link{Label: title}),
		page.Header(title, v.T("What each assessment counts beside the others. Where all are 0, all count the same."))}
	if len(fields) == 0 {
		return q.Show(title, append(head, page.Empty(v.T("Nothing is asked here yet"), v.T("Assignments that learners hand in appear here.")))...)
	}
	form := q.Form(at+"/weights", page.Button(v.T("Save")), fields, page.P(v.T("Sum now: {sum}", "sum", v.Decimal(sum, 2))))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at+"/assessments"))
	return q.Show(title, append(head, form.Node(v))...)
}
