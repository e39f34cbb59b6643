// Package work holds the pages on which work is set, handed in and graded.
package work

import (
	"net/http"
	"strconv"
	"time"

	"provost/internal/access"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Routes are the pages of this area.
func Routes(s *shell.Server) {
	s.Get("/courses/{course}/assessments", work.ListAssessments, listAssessments)
	s.Get("/courses/{course}/assessments/new", work.ListAssessments, newAssessment)
	s.Post("/courses/{course}/assessments", shell.Submit(work.AddAssessment, "/courses/{course}/assessments/{id}").Says(page.Say("{name} is added.")).On(newAssessment))
	s.PostTo("/courses/{course}/assessments/preview", work.SaveAssessment, previewAssessment)
	s.Get("/courses/{course}/assessments/{assessment}", work.ShowAssessment, showAssessment)
	s.Get("/courses/{course}/assessments/{assessment}/edit", work.ShowAssessment, editAssessment)
	s.Post("/courses/{course}/assessments/{assessment}", shell.Submit(work.SaveAssessment, "/courses/{course}/assessments/{assessment}").Says(page.Say("{name} is saved.")).On(editAssessment))
	s.Get("/courses/{course}/assessments/{assessment}/delete", work.ShowAssessment, confirmDrop)
	s.Post("/courses/{course}/assessments/{assessment}/delete", shell.Submit(work.DropAssessment, "/courses/{course}/outline").Says(page.Say("{name} is deleted.")).On(confirmDrop))
	submissionRoutes(s)
	gradingRoutes(s)
	quizRoutes(s)
	discussionRoutes(s)
	gradebookRoutes(s)
	packageRoutes(s)
	rubricRoutes(s)
	surveyRoutes(s)
	weightRoutes(s)
}

func courseAt(course db.ID) string { return "/courses/" + course.String() }

func assessmentAt(course, assessment db.ID) string {
	return courseAt(course) + "/assessments/" + assessment.String()
}

func crumbs(v page.View, course work.Ref, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Home"), Href: "/"}, {Label: course.Name, Href: courseAt(course.ID) + "/outline"}}, more...)...)
}

func moment(v page.View, t *time.Time) string {
	if t == nil {
		return ""
	}
	return v.DateTime(*t)
}

// listAssessments are a course's assessments, with what each counts.
func listAssessments(q *shell.Req) error {
	out, err := shell.Run(q, work.ListAssessments)
	if err != nil {
		return err
	}
	v := q.View
	var actions []g.Node
	if len(out.Sections) > 0 {
		actions = append(actions, page.LinkButton(v.T("Weights"), courseAt(out.Course.ID)+"/weights"), page.LinkButton(v.T("Add a survey"), courseAt(out.Course.ID)+"/assessments/new?kind=survey"), page.PrimaryLink(v.T("Add an assessment"), courseAt(out.Course.ID)+"/assessments/new"))
	}
	rows := make([]page.Row, len(out.Items))
	for i, a := range out.Items {
		weight, points := v.Decimal(a.Weight, 2), v.Decimal(a.Points, 2)
		if a.Survey {
			weight, points = "", ""
		}
		rows[i] = page.Row{Href: assessmentAt(out.Course.ID, a.ID), Cells: page.Cells(a.Title, shell.WorkKind(v, a.Kind), moment(v, a.Due), weight, points)}
	}
	return q.Show(v.T("Assessments"), crumbs(v, out.Course, page.Link{Label: v.T("Assessments")}), page.Header(v.T("Assessments"), out.Course.Name, actions...), q.CourseTabs(),
		page.Table{Caption: v.T("Assessments"), Rows: rows, Empty: page.Empty(v.T("Nothing is asked here yet"), v.T("Assignments, quizzes, surveys and packages stand here.")),
			Columns: []page.Column{{Title: v.T("Title"), Wide: true}, {Title: v.T("Kind")}, {Title: v.T("Due"), NoWrap: true}, {Title: v.T("Weight"), Align: page.End}, {Title: v.T("Points"), Align: page.End}}}.Node(v))
}

// showAssessment is what is asked, and what one can do about it.
func showAssessment(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowAssessment)
	if err != nil {
		return err
	}
	v := q.View
	at := assessmentAt(x.Course.ID, x.ID)
	var actions []g.Node
	if x.MayGrade && x.Kind != work.KindQuiz && !x.Survey {
		actions = append(actions, page.LinkButton(v.T("Grade what is handed in"), gradingAt+"?assessment="+x.ID.String()))
	}
	if x.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Edit"), at+"/edit"))
	}
	if !x.Closed && x.Kind != work.KindQuiz && !x.Survey && (x.HasRubric || x.MayEdit) {
		actions = append(actions, page.LinkButton(v.T("Rubric"), at+"/rubric"))
	}
	var taken []g.Node
	if x.Kind == work.KindQuiz && !x.Closed {
		quiz, err := shell.Run(q, work.ShowQuiz)
		if err != nil {
			return err
		}
		actions, taken = append(quizActions(v, quiz), actions...), []g.Node{quizPart(q, quiz)}
	}
	if x.Survey {
		survey, err := shell.Run(q, work.ShowSurvey)
		if err != nil {
			return err
		}
		actions, taken = append(surveyActions(v, survey), actions...), []g.Node{surveyPart(q, survey, x.Closed)}
	}
	body := append([]g.Node{crumbs(v, x.Course, page.Link{Label: x.Title}), page.Header(x.Title, shell.WorkKind(v, x.Kind), actions...), rules(v, x), asked(v, x)}, taken...)
	if x.Kind == work.KindPackage && !x.Closed {
		plays, err := packagePart(q, x)
		if err != nil {
			return err
		}
		body = append(body, plays...)
	}
	if x.Takes && !x.Closed && !x.Survey {
		mine, err := ownWork(q, x)
		if err != nil {
			return err
		}
		body = append(body, mine...)
	}
	return q.Show(x.Title, body...)
}

// rules are by when, how often and for how much.
func rules(v page.View, x work.Assessment) g.Node {
	lines := []page.KV{}
	add := func(on bool, label, text string) {
		if on {
			lines = append(lines, page.KV{Key: label, Value: g.Text(text)})
		}
	}
	add(x.Opens != nil, v.T("Opens"), moment(v, x.Opens))
	add(x.Due != nil, v.T("Due"), moment(v, x.Due))
	add(x.Closes != nil, v.T("Closes"), moment(v, x.Closes))
	add(!x.Survey, v.T("Points"), v.Decimal(x.Points, 2))
	add(x.LatePercent > 0, v.T("Late"), v.T("{percent} % less for each day", "percent", v.Decimal(x.LatePercent, 2)))
	add(x.Attempts > 0 && !x.Survey, v.T("Attempts"), v.Num(int(x.Attempts)))
	return page.KeyValues(lines...)
}

// asked is what the assessment asks, or why it is closed.
func asked(v page.View, x work.Assessment) g.Node {
	if x.Closed {
		var way []g.Node
		text := ""
		if x.Opens != nil {
			text = v.T("Opens on {day}", "day", moment(v, x.Opens))
		}
		if x.After != nil {
			text = v.T("After {name}", "name", x.After.Name)
			way = append(way, page.LinkButton(v.T("Go to {name}", "name", x.After.Name), courseAt(x.Course.ID)+"/lessons/"+x.After.ID.String()))
		}
		return page.Empty(v.T("This is not open yet"), text, way...)
	}
	if x.Text == "" {
		if x.Kind == work.KindQuiz || x.Survey {
			return g.Text("")
		}
		return page.Muted(v.T("Nothing more is written about it."))
	}
	return page.Markdown(x.Text)
}

// previewAssessment shows a text as the assessment will, while it is written.
func previewAssessment(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	return q.Part(http.StatusOK, page.Markdown(q.R.PostForm.Get("text")))
}

// listToEdit is what a course has, for who may write it.
func listToEdit(q *shell.Req) (work.Assessments, error) {
	out, err := shell.Run(q, work.ListAssessments)
	if err == nil && !out.MayEdit {
		err = store.NotAllowed(q.Actor.May(access.CourseAddContent))
	}
	return out, err
}

func newAssessment(q *shell.Req) error {
	out, err := listToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	section := q.Field("section", v.T("Section"), q.R.URL.Query().Get("section"))
	kind := q.Field("kind", v.T("Kind"), "assignment")
	section.Required, kind.Required = true, true
	to := courseAt(out.Course.ID)
	x := work.Assessment{Course: out.Course, AssessmentItem: work.AssessmentItem{Points: 100, Weight: 1}}
	if q.Value("kind", q.R.URL.Query().Get("kind")) == work.KindSurvey {
		x.Survey = true
		return newSurvey(q, out, x, page.Select(v, section, named(out.Sections)))
	}
	options := []page.Option{}
	for _, k := range work.Kinds {
		if k != work.KindSurvey {
			options = append(options, page.Option{Value: k, Label: shell.WorkKind(v, k)})
		}
	}
	title := v.T("Add an assessment")
	return q.Show(title, crumbs(v, out.Course, page.Link{Label: title}), page.Header(title, "", page.LinkButton(v.T("Add a survey"), to+"/assessments/new?"+surveyQuery(q))),
		assessmentForm(q, to+"/assessments", to+"/outline", out, x,
			page.Two(page.Select(v, kind, options), page.Select(v, section, named(out.Sections)))))
}

func named(list []work.Ref) []page.Option {
	out := make([]page.Option, len(list))
	for i, x := range list {
		out[i] = page.Option{Value: x.ID.String(), Label: x.Name}
	}
	return out
}

func editAssessment(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowAssessment)
	if err != nil {
		return err
	}
	out, err := listToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	title, at, was := v.T("Edit {name}", "name", x.Title), assessmentAt(x.Course.ID, x.ID), ""
	if !x.Changed.IsZero() {
		was = x.Changed.Format(time.RFC3339Nano)
	}
	return q.Show(title, crumbs(v, x.Course, page.Link{Label: x.Title, Href: at}, page.Link{Label: v.T("Edit")}), page.Header(title, "", page.LinkButton(v.T("Delete"), at+"/delete")),
		assessmentForm(q, at, at, out, x, page.Hidden("was", q.Value("was", was))))
}

// assessmentForm asks what an assessment asks, and by which rules.
func assessmentForm(q *shell.Req, to, cancel string, out work.Assessments, x work.Assessment, more g.Node) g.Node {
	v := q.View
	title, text := q.Field("title", v.T("Title"), x.Title), q.Field("text", v.T("What is asked"), x.Text)
	if x.Survey {
		text.Label = v.T("What it is for")
	}
	title.Required = true
	text.Hint = v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	number := func(name, label, hint string, now float64) g.Node {
		f := q.Field(name, label, strconv.FormatFloat(now, 'f', -1, 64))
		f.Hint, f.Attrs = hint, []g.Node{g.Attr("inputmode", "decimal")}
		return page.Input(v, f)
	}
	at := func(name, label string, now *time.Time) g.Node {
		value := ""
		if now != nil {
			value = now.UTC().Format("2006-01-02T15:04")
		}
		f := q.Field(name, label, value)
		f.Type = "datetime-local"
		return page.Input(v, f)
	}
	after := ""
	if x.After != nil {
		after = x.After.ID.String()
	}
	first := page.Select(v, q.Field("after", v.T("Only after"), after), append([]page.Option{{Label: v.T("None")}}, named(out.Lessons)...))
	graded := g.Group{page.Two(number("late_percent", v.T("Late"), v.T("Percent taken off for each day."), x.LatePercent), number("attempts", v.T("Attempts"), v.T("How often something may be handed in; 0 for any number."), float64(x.Attempts)))}
	points := page.Two(number("points", v.T("Points"), v.T("The most that can be reached."), x.Points), number("weight", v.T("Weight"), v.T("Its part of the course's score, beside the others."), x.Weight))
	shown := at("grades_at", v.T("Grades are shown from"), x.GradesAt)
	if x.Survey {
		graded, points, shown = nil, nil, nil
	}
	form := q.Form(to, page.Button(v.T("Save")), more, page.Input(v, title),
		h.Div(h.Class("write"), page.Textarea(v, text, 12), page.LivePreview(v.T("How it will look"), page.Markdown(q.Value("text", x.Text)))),
		points,
		page.Muted(v.T("Times are in UTC.")),
		page.Two(at("due", v.T("Due"), x.Due), at("closes", v.T("Closes"), x.Closes)),
		graded, page.Two(at("opens", v.T("Opens"), x.Opens), first), shown)
	form.Preview = courseAt(x.Course.ID) + "/assessments/preview"
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), cancel))
	return form.Node(v)
}

func confirmDrop(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowAssessment)
	if err != nil {
		return err
	}
	if !x.MayEdit {
		return store.NotAllowed(q.Actor.May(access.CourseAddContent))
	}
	v := q.View
	at := assessmentAt(x.Course.ID, x.ID)
	title := v.T("Delete {name}?", "name", x.Title)
	body := []g.Node{crumbs(v, x.Course, page.Link{Label: x.Title, Href: at}, page.Link{Label: v.T("Delete")}), page.Header(title, "")}
	if q.Message != "" {
		body = append(body, page.Notice(page.Bad, g.Text(q.Message)))
	}
	return q.Show(title, append(body, page.Confirm{Title: v.T("This cannot be undone"), Text: v.T("The learners' progress is counted anew without it. A course that was completed stays so."),
		Losses: []string{x.Title}, Action: at + "/delete", Button: v.T("Delete {name}", "name", x.Title), Cancel: at}.Node(v))...)
}
