// Package path holds the pages of what leads to the end of a course and beyond it: completion, certificates, learning paths and
// what people have to complete.
package path

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/path"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// Routes are the pages of this area.
func Routes(s *shell.Server) {
	certificateRoutes(s)
	pathRoutes(s)
	learnerRoutes(s)
	deleteRoutes(s)
	complianceRoutes(s)
	s.Get("/courses/{course}/completion", path.ShowCompletion, showCompletion)
	s.PostTo("/courses/{course}/completion", path.SetCompletion, setCompletion)
	s.Get("/courses/{course}/enrolments/{enrolment}/completion", action.ShowEnrolment, confirmCompletion)
	s.Post("/courses/{course}/enrolments/{enrolment}/completion", shell.Submit(path.CompleteLearner, "/courses/{course}/completion").
		Says(page.Say("{name} has completed the course now.")).On(confirmCompletion))
}

// ruleWords are what the rules of completion are called.
var ruleWords = map[store.Rule][2]string{
	store.ByWork:    {page.Say("All lessons and works"), page.Say("Every lesson is done, and every work is handed in.")},
	store.ByLessons: {page.Say("All lessons"), page.Say("Every lesson is done.")},
	store.ByGrade:   {page.Say("A passing grade"), page.Say("Every work is graded, and the score is a passing one.")},
	store.ByBoth:    {page.Say("All lessons and a passing grade"), page.Say("Every lesson is done, every work is graded, and the score is a passing one.")},
	store.ByHand:    {page.Say("By hand"), page.Say("Those who teach the course say who has completed it.")},
}

func courseCrumbs(v page.View, course path.Ref, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Home"), Href: "/"}, {Label: course.Name, Href: "/courses/" + course.ID.String() + "/outline"}}, more...)...)
}

// showCompletion says when a course is completed, lets it be changed, and completes it for learners where that is done by hand.
func showCompletion(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowCompletion)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String() + "/completion"
	body := []g.Node{courseCrumbs(v, out.Course, page.Link{Label: v.T("Completion")}), page.Header(v.T("When {name} is completed", "name", out.Course.Name), "", page.LinkButton(v.T("Certificates"), "/courses/"+out.Course.ID.String()+"/certificates")), q.CourseTabs()}
	if out.MayChange {
		rule := q.Field("rule", v.T("It is completed by"), string(out.Rule))
		rule.Required = true
		options := make([]page.Option, len(store.Rules))
		for i, r := range store.Rules {
			options[i] = page.Option{Value: string(r), Label: v.T(ruleWords[r][0]), Hint: v.T(ruleWords[r][1])}
		}
		pass := q.Field("pass", v.T("Passing score"), strconv.FormatFloat(out.Pass, 'f', -1, 64))
		pass.Type, pass.Hint = "number", v.T("From 0 to 100. It counts where a grade is asked for.")
		body = append(body, q.Form(at, page.Button(v.T("See who completes it by this")), page.RadioGroup(v, rule, options), page.Input(v, pass)).Node(v))
	} else {
		text := v.T(ruleWords[out.Rule][1])
		if out.Rule == store.ByGrade || out.Rule == store.ByBoth {
			text += " " + v.T("Passing score: {score}.", "score", v.Decimal(out.Pass, 1))
		}
		body = append(body, page.P(text))
	}
	if out.MayComplete && out.Rule == store.ByHand && q.May(access.EnrolmentList) {
		list, err := completeByHand(q, out)
		if err != nil {
			return err
		}
		body = append(body, list)
	}
	return q.Show(v.T("When {name} is completed", "name", out.Course.Name), body...)
}

// setCompletion shows who would complete the course by a new rule, and changes it once that was confirmed.
func setCompletion(q *shell.Req) error {
	var in path.CompletionRule
	if err := q.Fill(&in); err != nil {
		return q.Again(err, showCompletion)
	}
	v := q.View
	at := "/courses/" + in.Course.String() + "/completion"
	if q.R.PostForm.Get("sure") != "" {
		out, err := shell.RunWith(q, path.SetCompletion, in)
		if err != nil {
			return err
		}
		return q.Redirect(at, page.Good, v.N("The rule is saved. {n} learner completed the course by it.", "The rule is saved. {n} learners completed the course by it.", out.Completes))
	}
	out, _, err := path.SetCompletion.Preview(q.Ctx(), q.Env(), q.Who, in)
	if shell.Again(err) {
		return q.Again(err, showCompletion)
	}
	if err != nil {
		return err
	}
	names := make([]g.Node, len(out.Learners))
	for i, l := range out.Learners {
		names[i] = page.TextLink(l.Name, "/people/"+l.ID.String())
	}
	if more := out.Completes - len(names); more > 0 {
		names = append(names, g.Text(v.N("and {n} more", "and {n} more", more)))
	}
	form := page.Form{Action: at, Body: []g.Node{page.Hidden("rule", string(in.Rule)), page.Hidden("pass", strconv.FormatFloat(in.Pass, 'f', -1, 64)), page.Hidden("sure", "yes")},
		Submit: []g.Node{page.Button(v.T("Save the rule")), page.LinkButton(v.T("Cancel"), at)}}
	text := v.N("{n} learner completes the course by it, at once and for good.", "{n} learners complete the course by it, at once and for good.", out.Completes)
	if out.Completes == 0 {
		text = v.T("Nobody whom you may see completes the course by it now.")
	}
	return q.Show(v.T("Before you save"), page.Header(v.T("Before you save"), v.T("{rule}. Who has completed the course already stays so.", "rule", v.T(ruleWords[in.Rule][0]))),
		page.Card(text, page.LinesOf(names...)), form.Node(v))
}

// completeByHand lists the learners of a course that is completed by hand.
func completeByHand(q *shell.Req, out path.Completion) (g.Node, error) {
	in := action.CourseEnrolmentQuery{Course: out.Course.ID}
	if err := q.Fill(&in.EnrolmentQuery); err != nil {
		return nil, err
	}
	list, err := shell.RunWith(q, action.ListCourseEnrolments, in)
	if err != nil {
		return nil, err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	rows := make([]page.Row, len(list.Items))
	for i, e := range list.Items {
		deed := g.Node(g.Text(""))
		switch {
		case e.Status == store.Completed:
			deed = page.Badge(page.Good, v.T("Completed"))
		case e.Open:
			deed = page.LinkButton(v.T("Complete…"), at+"/enrolments/"+e.ID.String()+"/completion", g.Attr("aria-label", v.T("Complete the course for {name}", "name", e.Learner.Name)))
		}
		rows[i] = page.Row{Cells: []g.Node{page.Person(e.Learner.Name, e.Organization.Name), page.ProgressBar(v, e.Progress/100), deed}}
	}
	return page.Section(v.T("Learners"),
		page.Filters{Action: at + "/completion", SearchName: "q", SearchLabel: v.T("Search learners by name"), Query: in.Query}.Node(v),
		page.Table{Caption: v.T("Learners of {name}", "name", out.Course.Name), Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Progress")}, {Title: v.T("Completion")}},
			Rows: rows, Empty: page.Empty(v.T("Nobody here"), v.T("Learners whom you may see stand here when they are enrolled."))}.Node(v),
		q.Pager(list.Prev, list.Next, len(list.Items), list.Total)), nil
}

func confirmCompletion(q *shell.Req) error {
	e, err := shell.Run(q, action.ShowEnrolment)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + e.Course.ID.String()
	title := v.T("Complete the course for {name}?", "name", e.Learner.Name)
	form := q.Form(at+"/enrolments/"+e.ID.String()+"/completion", page.Button(v.T("Complete the course")))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at+"/completion"))
	return q.Show(title, courseCrumbs(v, path.Ref{ID: e.Course.ID, Name: e.Course.Name}, page.Link{Label: v.T("Completion"), Href: at + "/completion"}),
		page.Header(title, v.T("A completion cannot be taken back.")), form.Node(v))
}
