package work

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func questionRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}/questions"
	s.Get(at, work.ShowQuestions, showQuestions)
	s.Get(at+"/new", work.ShowQuestions, newQuestion)
	s.Post(at, shell.Submit(work.AddQuestion, at).Says(page.Say("“{name}” is added.")).On(newQuestion))
	s.PostTo(at+"/preview", work.SaveQuestion, previewQuestion)
	s.PostTo(at+"/order", work.ArrangeQuestions, arrangeQuestions)
	s.Get(at+"/{question}/edit", work.ShowQuestions, editQuestion)
	s.Post(at+"/{question}", shell.Submit(work.SaveQuestion, at).Says(page.Say("“{name}” is saved.")).On(editQuestion))
	s.Get(at+"/{question}/delete", work.ShowQuestions, confirmDropQuestion)
	s.Post(at+"/{question}/delete", shell.Submit(work.DropQuestion, at).Says(page.Say("“{name}” is deleted.")).On(confirmDropQuestion))
	s.Post("/courses/{course}/assessments/{assessment}/quiz", shell.Submit(work.SaveQuiz, at).Says(page.Say("{name} is saved.")).On(showQuestions))
}

func questionsAt(x work.Questions) string {
	return assessmentAt(x.Course.ID, x.Assessment.ID) + "/questions"
}

// questionKinds are the kinds of question, in order, and what they are called.
var questionKinds = []struct{ kind, name string }{{"single", page.Say("Single choice")}, {"multiple", page.Say("Multiple choice")}, {"number", page.Say("Number")},
	{"text", page.Say("Short text")}, {"order", page.Say("Ordering")}}

// surveyKinds are those of a survey.
var surveyKinds = []struct{ kind, name string }{{"single", page.Say("Single choice")}, {"multiple", page.Say("Multiple choice")}, {"scale", page.Say("Scale from 1 to 5")}, {"text", page.Say("Text")}}

func kindsOf(x work.Questions) []struct{ kind, name string } {
	if x.Survey {
		return surveyKinds
	}
	return questionKinds
}

func questionKind(v page.View, x work.Questions, kind string) string {
	for _, k := range kindsOf(x) {
		if k.kind == kind {
			return v.T(k.name)
		}
	}
	return kind
}

func questionCrumbs(v page.View, x work.Questions, more ...page.Link) g.Node {
	links := []page.Link{{Label: x.Assessment.Name, Href: assessmentAt(x.Course.ID, x.Assessment.ID)}, {Label: v.T("Questions")}}
	if len(more) > 0 {
		links[1].Href = questionsAt(x)
	}
	return crumbs(v, x.Course, append(links, more...)...)
}

// showQuestions is what a quiz asks, in order, and how.
func showQuestions(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowQuestions)
	if err != nil {
		return err
	}
	v, at := q.View, questionsAt(x)
	add := []g.Node{}
	for _, k := range kindsOf(x) {
		add = append(add, page.LinkButton(v.T(k.name), at+"/new?kind="+k.kind))
	}
	lines := make([]page.LessonLine, len(x.Items))
	for i, item := range x.Items {
		note := questionKind(v, x, item.Kind)
		if !x.Survey {
			note += " · " + v.T("Points: {points}", "points", v.Decimal(item.Points, 2))
		}
		if item.Pool != "" {
			note += " · " + v.T("Pool: {name}", "name", item.Pool)
		}
		to := at + "/" + item.ID.String()
		lines[i] = page.LessonLine{ID: item.ID.String(), Title: short(item.Prompt), Href: to + "/edit", Note: note,
			Menu: page.Menu(v.T("Actions for {name}", "name", short(item.Prompt)), questionMenu(v, at, to, item.ID, i, len(x.Items))...)}
	}
	list := page.Outline{Arrange: at + "/order", Sections: []page.LessonSection{{ID: x.Assessment.ID.String(), Title: v.T("What is asked"), Lessons: lines,
		Empty: v.T("No questions yet. Choose a kind to write the first one.")}}}
	return q.Show(v.T("Questions"), questionCrumbs(v, x), page.Header(v.T("Questions"), x.Assessment.Name), taken(v, x),
		page.Section(v.T("Add a question"), page.Inline(add...)), list.Node(v), page.Section(v.T("How they are asked"), askedForm(q, x)))
}

// taken says that somebody was asked these already.
func taken(v page.View, x work.Questions) g.Node {
	switch {
	case x.Attempts == 0:
		return g.Text("")
	case x.Survey:
		return page.Notice(page.Info, g.Text(v.T("Somebody has answered already. What was asked stays as it is.")))
	}
	return page.Notice(page.Info, g.Text(v.N("One attempt was begun. What was handed in is scored anew when you change a question.", "{n} attempts were begun. What was handed in is scored anew when you change a question.", int(x.Attempts))))
}

func questionMenu(v page.View, at, to string, id db.ID, i, all int) []page.MenuItem {
	out := []page.MenuItem{{Label: v.T("Edit"), Icon: "edit", Href: to + "/edit"}}
	if i > 0 {
		out = append(out, page.MenuItem{Label: v.T("Move up"), Icon: "up", Post: at + "/order", Pairs: []string{"question", id.String(), "to", "up"}})
	}
	if i < all-1 {
		out = append(out, page.MenuItem{Label: v.T("Move down"), Icon: "down", Post: at + "/order", Pairs: []string{"question", id.String(), "to", "down"}})
	}
	return append(out, page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: to + "/delete", Danger: true})
}

// short is the beginning of a prompt, for a list.
func short(prompt string) string {
	if r := []rune(prompt); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return prompt
}

// askedForm asks how the questions of a quiz or a survey are asked.
func askedForm(q *shell.Req, x work.Questions) g.Node {
	if x.Survey {
		return surveyForm(q, x)
	}
	return quizForm(q, x)
}

// quizForm asks how the questions are asked.
func quizForm(q *shell.Req, x work.Questions) g.Node {
	v, s := q.View, x.Settings
	minutes := q.Field("minutes", v.T("Minutes"), strconv.FormatInt(s.Minutes, 10))
	minutes.Hint, minutes.Attrs = v.T("How long an attempt may take; 0 for as long as one likes."), []g.Node{g.Attr("inputmode", "numeric")}
	counts, reveals := q.Field("counts", v.T("Which attempt counts"), s.Counts), q.Field("reveals", v.T("What learners see afterwards"), s.Reveals)
	counts.Required, reveals.Required = true, true
	fields := []g.Node{page.Two(page.Input(v, minutes), page.Select(v, counts, []page.Option{{Value: "best", Label: v.T("The best one")}, {Value: "last", Label: v.T("The last one")}})),
		page.Select(v, reveals, []page.Option{{Value: "score", Label: v.T("Their score")}, {Value: "marks", Label: v.T("Also which answers were right, and the feedback")},
			{Value: "closed", Label: v.T("Also the right answers, once nobody can hand in any more")}, {Value: "answers", Label: v.T("Also the right answers, at once")}}),
		page.Checkbox(q.Field("shuffled", v.T("Questions come in another order each time"), ""), q.Ticked("shuffled", s.Shuffled)),
		page.Checkbox(q.Field("choices_shuffled", v.T("Choices come in another order each time"), ""), q.Ticked("choices_shuffled", s.ChoicesShuffled))}
	pools := []string{}
	for name := range x.Pools {
		pools = append(pools, name)
	}
	slices.Sort(pools)
	for i, name := range pools {
		draw := x.Pools[name]
		for _, p := range s.Pools {
			if p.Name == name {
				draw = int(p.Draw)
			}
		}
		row := "pools." + strconv.Itoa(i)
		f := q.Field(row+".draw", v.T("Questions drawn of the pool {name}", "name", name), strconv.Itoa(draw))
		f.Hint, f.Attrs = v.N("There is one.", "There are {n}.", x.Pools[name]), []g.Node{g.Attr("inputmode", "numeric")}
		fields = append(fields, page.Hidden(row+".name", name), page.Input(v, f))
	}
	return q.Form(assessmentAt(x.Course.ID, x.Assessment.ID)+"/quiz", page.Secondary(v.T("Save")), fields...).Node(v)
}

func newQuestion(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowQuestions)
	if err != nil {
		return err
	}
	v := q.View
	kind := q.Value("kind", q.R.URL.Query().Get("kind"))
	if questionKind(v, x, kind) == kind {
		kind = "single"
	}
	title := v.T("Add a question")
	return q.Show(title, questionCrumbs(v, x, page.Link{Label: title}), page.Header(title, questionKind(v, x, kind)),
		questionForm(q, x, questionsAt(x), work.Question{Kind: kind, QuestionFields: work.QuestionFields{Points: 1}}, page.Hidden("kind", kind)))
}

// theQuestion is the question of the address.
func theQuestion(q *shell.Req) (x work.Questions, item work.Question, err error) {
	if x, err = shell.Run(q, work.ShowQuestions); err != nil {
		return x, item, err
	}
	for _, item := range x.Items {
		if item.ID.String() == q.R.PathValue("question") {
			return x, item, nil
		}
	}
	return x, item, fail.Missing("question")
}

func editQuestion(q *shell.Req) error {
	x, item, err := theQuestion(q)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Edit a question")
	return q.Show(title, questionCrumbs(v, x, page.Link{Label: title}), page.Header(title, questionKind(v, x, item.Kind), page.LinkButton(v.T("Delete"), questionsAt(x)+"/"+item.ID.String()+"/delete")),
		questionForm(q, x, questionsAt(x)+"/"+item.ID.String(), item, nil))
}

// previewQuestion shows a prompt as learners will see it, while it is written.
func previewQuestion(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	return q.Part(http.StatusOK, page.Markdown(q.R.PostForm.Get("prompt")))
}

// questionForm asks what a question asks, and what is right.
func questionForm(q *shell.Req, x work.Questions, to string, item work.Question, more g.Node) g.Node {
	v := q.View
	prompt := q.Field("prompt", v.T("What is asked"), item.Prompt)
	prompt.Required, prompt.Hint = true, v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	fields := []g.Node{g.If(more != nil, more),
		h.Div(h.Class("write"), page.Textarea(v, prompt, 5), page.LivePreview(v.T("How it will look"), page.Markdown(q.Value("prompt", item.Prompt))))}
	decimal := func(name, label, hint string, now float64) g.Node {
		f := q.Field(name, label, strconv.FormatFloat(now, 'f', -1, 64))
		f.Hint, f.Attrs = hint, []g.Node{g.Attr("inputmode", "decimal")}
		return page.Input(v, f)
	}
	switch {
	case x.Survey && (item.Kind == "scale" || item.Kind == "text"):
	case x.Survey:
		fields = append(fields, choiceFields(q, item, false))
	case item.Kind == "single" || item.Kind == "multiple" || item.Kind == "order":
		fields = append(fields, choiceFields(q, item, item.Kind != "order"))
	case item.Kind == "number":
		fields = append(fields, page.Two(decimal("number", v.T("Right answer"), "", item.Number), decimal("tolerance", v.T("Tolerance"), v.T("How far off it still is right."), item.Tolerance)))
	default:
		fields = append(fields, acceptedFields(q, item))
	}
	if !x.Survey {
		fields = append(fields, scoringFields(q, item, decimal("points", v.T("Points"), "", item.Points)))
	}
	form := q.Form(to, page.Button(v.T("Save")), fields...)
	form.Preview = questionsAt(x) + "/preview"
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), questionsAt(x)))
	return form.Node(v)
}

// scoringFields ask what a question counts, of which pool it is, and what is said of it afterwards.
func scoringFields(q *shell.Req, item work.Question, points g.Node) g.Node {
	v := q.View
	pool, feedback := q.Field("pool", v.T("Pool"), item.Pool), q.Field("feedback", v.T("Feedback"), item.Feedback)
	pool.Hint, feedback.Hint = v.T("Of questions in one pool, so many are drawn as you say."), v.T("What a learner reads of it afterwards, as Markdown.")
	return g.Group{page.Two(points, page.Input(v, pool)), page.Textarea(v, feedback, 3)}
}

// spareRows are the empty rows beneath those that are filled.
const spareRows = 3

func choiceFields(q *shell.Req, item work.Question, right bool) g.Node {
	v := q.View
	rows := max(len(item.Choices)+spareRows, 4)
	for q.Typed.Has("choices." + strconv.Itoa(rows) + ".text") {
		rows++
	}
	hint := v.T("Tick what is right. Empty lines are left out; save to get more.")
	switch {
	case item.Kind == "order":
		hint = v.T("In their right order. Learners see them shuffled. Empty lines are left out; save to get more.")
	case !right:
		hint = v.T("Empty lines are left out; save to get more.")
	}
	lines := g.Group{}
	for i := range min(rows, 50) {
		var now work.Choice
		if i < len(item.Choices) {
			now = item.Choices[i]
		}
		row := "choices." + strconv.Itoa(i)
		text := q.Field(row+".text", v.T("Answer {n}", "n", i+1), now.Text)
		text.Required = i < 2
		if i == 0 {
			text.ID, text.Error = page.FieldID("choices"), q.Wrong("choices")
		}
		var tick g.Node
		if right {
			tick = page.Checkbox(q.Field(row+".right", v.T("Right"), ""), q.Ticked(row+".right", now.Right))
		}
		lines = append(lines, h.Div(h.Class("choice-row"), page.Hidden(row+".id", q.Value(row+".id", now.ID)), page.Input(v, text), g.If(right, tick)))
	}
	return h.FieldSet(h.Class("field choices"), h.Legend(g.Text(v.T("Answers"))), h.P(h.Class("hint"), g.Text(hint)), lines)
}

func acceptedFields(q *shell.Req, item work.Question) g.Node {
	v := q.View
	now := q.Values("accepted", item.Accepted)
	lines := g.Group{}
	for i := range min(max(len(now)+1, 3), 50) {
		f := page.Field{Name: "accepted", Label: v.T("Right answer {n}", "n", i+1), ID: page.FieldID("accepted"), Required: i == 0}
		if i < len(now) {
			f.Value = now[i]
		}
		if i == 0 {
			f.Error, f.Hint = q.Wrong("accepted"), v.T("Capitals and spaces do not count. Empty lines are left out; save to get more.")
		} else {
			f.ID += "-" + strconv.Itoa(i)
		}
		lines = append(lines, page.Input(v, f))
	}
	return lines
}

func confirmDropQuestion(q *shell.Req) error {
	x, item, err := theQuestion(q)
	if err != nil {
		return err
	}
	v, at := q.View, questionsAt(x)
	title := v.T("Delete this question?")
	body := []g.Node{questionCrumbs(v, x, page.Link{Label: v.T("Delete")}), page.Header(title, questionKind(v, x, item.Kind)), taken(v, x)}
	if q.Message != "" {
		body = append(body, page.Notice(page.Bad, g.Text(q.Message)))
	}
	return q.Show(title, append(body, page.Confirm{Title: v.T("This cannot be undone"), Text: v.T("What learners answered to it counts no more."), Losses: []string{short(item.Prompt)},
		Action: at + "/" + item.ID.String() + "/delete", Button: v.T("Delete the question"), Cancel: at}.Node(v))...)
}

// arrangeQuestions takes a whole new order, or one step of a question.
func arrangeQuestions(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	x, err := shell.Run(q, work.ShowQuestions)
	if err != nil {
		return err
	}
	in := work.QuestionOrder{OneAssessment: work.OneAssessment{OneCourse: work.OneCourse{Course: x.Course.ID}, Assessment: x.Assessment.ID}}
	form, to := q.R.PostForm, questionsAt(x)
	if order := form.Get("order"); order != "" {
		in.Questions, err = readOrder(order)
	} else {
		in.Questions, err = stepOf(x, form.Get("question"), form.Get("to"))
		to += "#lesson-" + form.Get("question")
	}
	if err != nil {
		return err
	}
	if _, err := shell.RunWith(q, work.ArrangeQuestions, in); err != nil {
		return err
	}
	return q.Redirect(to, page.Good, q.T("The order is saved."))
}

// stepOf is the order in which a question stands one place further up or down.
func stepOf(x work.Questions, question, to string) (out []db.ID, err error) {
	at, by := -1, map[string]int{"up": -1, "down": 1}[to]
	for i, item := range x.Items {
		out = append(out, item.ID)
		if item.ID.String() == question {
			at = i
		}
	}
	if next := at + by; at < 0 || next < 0 || next >= len(out) {
		return nil, fail.Missing("question")
	}
	out[at], out[at+by] = out[at+by], out[at]
	return out, nil
}

// readOrder reads what the script sends: section:question,question…
func readOrder(text string) (out []db.ID, err error) {
	_, list, _ := strings.Cut(text, ":")
	for id := range strings.SplitSeq(list, ",") {
		var one db.ID
		if err := one.UnmarshalText([]byte(id)); err != nil {
			return nil, fail.Wrong("order", "This order cannot be read.")
		}
		out = append(out, one)
	}
	return out, nil
}
