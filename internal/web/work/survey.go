package work

import (
	"slices"
	"strings"

	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func surveyRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}/survey"
	s.PostTo(at, work.AnswerSurvey, answerSurvey)
	s.Post(at+"/settings", shell.Submit(work.SaveSurvey, "/courses/{course}/assessments/{assessment}/questions").Says(page.Say("{name} is saved.")).On(showQuestions))
	s.Get(at+"/results", work.ShowSurveyResults, showSurveyResults)
	s.Get(at+"/results/{question}", work.ListSaid, showSaid)
	s.Get(at+"/file", work.DownloadSurvey, shell.Download(work.DownloadSurvey), shell.UpTo(fileLimit))
}

// surveyQuery asks for the form of a survey in the section that is chosen.
func surveyQuery(q *shell.Req) string {
	values := q.QueryBut()
	values.Set("kind", work.KindSurvey)
	return values.Encode()
}

// newSurvey asks what a survey is called, and whether it is anonymous.
func newSurvey(q *shell.Req, out work.Assessments, x work.Assessment, section g.Node) error {
	v, to := q.View, courseAt(out.Course.ID)
	title := v.T("Add a survey")
	return q.Show(title, crumbs(v, out.Course, page.Link{Label: title}), page.Header(title, v.T("A survey asks what learners think. It has no points, and stands in no gradebook.")),
		assessmentForm(q, to+"/assessments", to+"/outline", out, x, g.Group{page.Hidden("kind", work.KindSurvey), page.Hidden("points", "0"), page.Hidden("weight", "0"), section, anonymousField(q, true)}))
}

func anonymousField(q *shell.Req, now bool) g.Node {
	f := q.Field("anonymous", q.T("Anonymous: nobody learns who answered what"), "")
	f.Hint = q.T("Learners are told so before they answer. Once somebody has answered, this stays.")
	return page.Checkbox(f, q.Ticked("anonymous", now))
}

// surveyForm asks whether a survey is anonymous, until somebody has answered.
func surveyForm(q *shell.Req, x work.Questions) g.Node {
	v := q.View
	if x.Attempts > 0 {
		return page.P(surveyKind(v, x.Anonymous))
	}
	return q.Form(assessmentAt(x.Course.ID, x.Assessment.ID)+"/survey/settings", page.Secondary(v.T("Save")), anonymousField(q, x.Anonymous)).Node(v)
}

// surveyPromise tells who will see what somebody answers.
func surveyPromise(v page.View, anonymous bool) string {
	if anonymous {
		return v.T("This survey is anonymous. That you answered is recorded; your answers are kept apart from it, without your name. They are shown only together with those of at least two others, and you cannot change them.")
	}
	return v.T("Whoever grades in this course sees your name beside your answers. You can change them until the survey closes.")
}

// surveyKind tells those who teach who sees what learners answer.
func surveyKind(v page.View, anonymous bool) string {
	if anonymous {
		return v.T("This survey is anonymous: answers are shown without names, and only those of three people or more together.")
	}
	return v.T("Whoever grades in this course sees learners' names beside their answers.")
}

func surveyActions(v page.View, x work.Survey) (out []g.Node) {
	at := assessmentAt(x.Course.ID, x.Assessment.ID)
	if x.MayEdit {
		out = append(out, page.LinkButton(v.T("Questions"), at+"/questions"))
	}
	if x.MayGrade {
		out = append(out, page.LinkButton(v.T("Results"), at+"/survey/results"))
	}
	return out
}

// surveyPart is what a survey asks, to be answered, or how it looks to those who do not.
func surveyPart(q *shell.Req, x work.Survey, closed bool) g.Node {
	v := q.View
	body := []g.Node{}
	if x.Answered != nil {
		body = append(body, page.Notice(page.Good, g.Text(v.T("You answered on {day}.", "day", v.DateTime(*x.Answered)))))
	}
	switch {
	case closed:
	case x.MayAnswer:
		body = append(body, page.Notice(page.Info, g.Text(surveyPromise(v, x.Anonymous))), surveyAnswerForm(q, x))
	case len(x.Questions) == 0 && x.MayEdit:
		body = append(body, page.Empty(v.T("There are no questions yet."), "", page.PrimaryLink(v.T("Write questions"), assessmentAt(x.Course.ID, x.Assessment.ID)+"/questions")))
	case x.MayEdit || x.MayGrade:
		body = append(body, page.Muted(surveyKind(v, x.Anonymous)), page.Section(v.T("What is asked"), h.Ol(g.Map(x.Questions, func(item work.AskedQuestion) g.Node { return h.Li(page.Markdown(item.Prompt)) }))))
	default:
		body = append(body, page.Notice(page.Info, g.Text(v.T(x.Why))))
	}
	return page.Stack(body...)
}

func surveyAnswerForm(q *shell.Req, x work.Survey) g.Node {
	v := q.View
	fields := g.Group{}
	typed, _ := answersOf(q.Typed) // what cannot be read was refused
	for i, item := range x.Questions {
		if at := slices.IndexFunc(typed, func(a work.GivenAnswer) bool { return a.Question == item.ID }); at >= 0 {
			item.Answer = typed[at].Answer
		}
		fields = append(fields, h.FieldSet(h.Class("question"), h.Legend(g.Text(v.T("Question {n}", "n", i+1))), page.Markdown(item.Prompt), page.Hidden("asked", item.ID.String()), surveyField(q, i, item)))
	}
	label := v.T("Send your answers")
	if x.Answered != nil && !x.Anonymous {
		label = v.T("Change your answers")
	}
	return q.Form(assessmentAt(x.Course.ID, x.Assessment.ID)+"/survey", page.Button(label), fields).Node(v)
}

func surveyField(q *shell.Req, i int, item work.AskedQuestion) g.Node {
	v := q.View
	f := page.Field{Name: "a." + item.ID.String(), Label: v.T("Your answer to question {n}", "n", i+1)}
	if i == 0 {
		f.ID, f.Error = page.FieldID("answers"), q.Wrong("answers")
	}
	options := make([]page.Option, len(item.Choices))
	for j, c := range item.Choices {
		options[j] = page.Option{Value: c.ID, Label: c.Text, Chosen: slices.Contains(item.Answer, c.ID)}
	}
	if len(item.Answer) == 1 {
		f.Value = item.Answer[0]
	}
	switch item.Kind {
	case "multiple":
		f.Value, f.Hint = "", v.T("Tick all that fit.")
		return page.CheckGroup(v, f, options)
	case "scale":
		f.Hint = v.T("From 1, the least, to 5, the most.")
		return page.RadioGroup(v, f, options)
	case "single":
		return page.RadioGroup(v, f, options)
	}
	f.Attrs = []g.Node{h.MaxLength("4000")}
	return page.Textarea(v, f, 4)
}

// answerSurvey keeps what a form answers.
func answerSurvey(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	in := work.SurveyAnswers{}
	for name, id := range map[string]*db.ID{"course": &in.Course, "assessment": &in.Assessment} {
		if id.UnmarshalText([]byte(q.R.PathValue(name))) != nil {
			return fail.Missing("assessment")
		}
	}
	list, err := answersOf(q.R.PostForm)
	if in.Answers = list; err == nil {
		_, err = shell.RunWith(q, work.AnswerSurvey, in)
	}
	switch {
	case err == nil:
		return q.Redirect(assessmentAt(in.Course, in.Assessment), page.Good, q.T("Thank you. Your answers are kept."))
	case shell.Again(err):
		return q.Again(err, showAssessment)
	}
	return err
}

func surveyCrumbs(v page.View, course, assessment work.Ref, more ...page.Link) g.Node {
	at := assessmentAt(course.ID, assessment.ID)
	links := []page.Link{{Label: assessment.Name, Href: at}, {Label: v.T("Results")}}
	if len(more) > 0 {
		links[1].Href = at + "/survey/results"
	}
	return crumbs(v, course, append(links, more...)...)
}

// showSurveyResults counts what was answered, question by question.
func showSurveyResults(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowSurveyResults)
	if err != nil {
		return err
	}
	v, at := q.View, assessmentAt(x.Course.ID, x.Assessment.ID)+"/survey"
	var actions []g.Node
	body := []g.Node{surveyCrumbs(v, x.Course, x.Assessment)}
	if x.Shown > 0 {
		actions = []g.Node{page.LinkButton(v.T("Download CSV"), at+"/file?format=csv"), page.LinkButton(v.T("Download XLSX"), at+"/file?format=xlsx")}
	}
	body = append(body, page.Header(v.T("Results"), x.Assessment.Name, actions...))
	if x.Wait > 0 {
		body = append(body, page.Notice(page.Info, g.Text(v.N("One more has answered. Answers to an anonymous survey appear once there are three new ones, so that none can be told to be somebody's.",
			"{n} more have answered. Answers to an anonymous survey appear once there are three new ones, so that none can be told to be somebody's.", int(x.Wait)))))
	}
	if x.Shown == 0 {
		return q.Show(v.T("Results"), append(body, page.Empty(v.T("Nothing is shown yet"), v.T("What learners answer appears here.")))...)
	}
	body = append(body, page.Muted(v.N("Answers of one learner.", "Answers of {n} learners.", int(x.Shown))))
	for i, item := range x.Items {
		body = append(body, page.Section(v.T("Question {n}", "n", i+1), page.Markdown(item.Prompt), surveyCounts(v, at, item, x.Shown)))
	}
	return q.Show(v.T("Results"), body...)
}

func surveyCounts(v page.View, at string, item work.SurveyResult, all int64) g.Node {
	if item.Kind == "text" {
		if item.Texts == 0 {
			return page.Muted(v.T("No answer"))
		}
		return h.P(page.LinkButton(v.N("Read one answer", "Read {n} answers", int(item.Texts)), at+"/results/"+item.ID.String()))
	}
	rows := make([]page.Row, len(item.Choices))
	for i, c := range item.Choices {
		rows[i] = page.Row{Cells: []g.Node{g.Text(c.Text), g.Text(v.Num(int(c.N))), page.ProgressBar(v, float64(c.N)/float64(all))}}
	}
	table := page.Table{Caption: v.T("Answers"), Rows: rows, Columns: []page.Column{{Title: v.T("Answer"), Wide: true}, {Title: v.T("How many"), Align: page.End}, {Title: v.T("Of those who answered")}}}.Node(v)
	if item.Mean != nil {
		return g.Group{table, page.Muted(v.T("Mean: {mean}", "mean", v.Decimal(*item.Mean, 2)))}
	}
	return table
}

// showSaid are the texts that were written to a question.
func showSaid(q *shell.Req) error {
	x, err := shell.Run(q, work.ListSaid)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("What was written")
	body := []g.Node{surveyCrumbs(v, x.Course, x.Assessment, page.Link{Label: title}), page.Header(title, x.Assessment.Name), page.Markdown(x.Prompt)}
	if len(x.Items) == 0 {
		body = append(body, page.Empty(v.T("Nothing is shown yet"), v.T("What learners answer appears here.")))
	}
	for _, item := range x.Items {
		body = append(body, page.Card(item.Learner, g.Map(strings.Split(item.Text, "\n"), func(line string) g.Node { return page.P(line) })))
	}
	if x.Next != nil {
		body = append(body, h.P(page.LinkButton(v.T("More"), "?after="+x.Next.String())))
	}
	return q.Show(title, body...)
}
