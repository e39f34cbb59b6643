package work

import (
	"net/url"
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

// answersIn reads the answers of a form: "asked" are the questions that it holds, a.<question> what was answered to one, and
// p.<question>.<choice> the place that a choice was given.
func answersIn(q *shell.Req) (in work.GivenAnswers, err error) {
	if err := q.Parse(); err != nil {
		return in, err
	}
	for name, id := range map[string]*db.ID{"course": &in.Course, "assessment": &in.Assessment, "attempt": &in.Attempt} {
		if id.UnmarshalText([]byte(q.R.PathValue(name))) != nil {
			return in, fail.Missing("attempt")
		}
	}
	in.Answers, err = answersOf(q.R.PostForm)
	return in, err
}

func answersOf(form url.Values) (out []work.GivenAnswer, err error) {
	for _, asked := range form["asked"] {
		given := work.GivenAnswer{Answer: []string{}}
		if err := given.Question.UnmarshalText([]byte(asked)); err != nil {
			return nil, fail.Wrong("answers", "An answer does not fit its question.")
		}
		places := map[string]int{}
		for _, choice := range form["c."+asked] {
			if place, err := strconv.Atoi(form.Get("p." + asked + "." + choice)); err == nil {
				places[choice] = place
				given.Answer = append(given.Answer, choice)
			}
		}
		slices.SortStableFunc(given.Answer, func(a, b string) int { return places[a] - places[b] })
		for _, answer := range form["a."+asked] {
			if answer != "" {
				given.Answer = append(given.Answer, answer)
			}
		}
		out = append(out, given)
	}
	return out, nil
}

// answerForm is what an attempt asks. A script saves each answer as it is given, and hands in when the time is over; without it the
// buttons do. Enter in a field saves.
func answerForm(q *shell.Req, x work.Attempt) g.Node {
	v := q.View
	at := attemptAt(x.Course, x.Assessment, x.ID.String())
	fields := g.Group{}
	for i, item := range x.Questions {
		fields = append(fields, h.FieldSet(h.Class("question"), h.Data("question", item.ID.String()), questionHead(v, i, item),
			page.Hidden("asked", item.ID.String()), answerField(v, i, item)))
	}
	clock := g.Node(g.Text(""))
	if x.Left != nil && x.Until != nil {
		clock = h.Strong(h.Class("clock"), h.Data("left", strconv.FormatInt(*x.Left, 10)), h.Data("soon", v.T("{n} minutes left")),
			g.Text(v.T("Handed in by itself at {time}", "time", v.DateTime(*x.Until))))
	}
	saved := v.T("Each answer is saved as you give it.")
	if x.Saved != nil {
		saved = v.T("Saved {time}", "time", v.DateTime(*x.Saved))
	}
	notice := g.Node(g.Text(""))
	if q.Message != "" {
		notice = h.Div(page.Notice(page.Warn, g.Text(q.Message), page.Secondary(v.T("Hand in all the same"), h.Name("do"), h.Value("surely"))))
	}
	return h.Form(h.Class("form quiz"), h.Method("post"), h.Action(at), g.Attr("novalidate"), h.Data("quiz", at+"/answers"),
		h.Data("saving", v.T("Saving …")), h.Data("saved", v.T("Saved.")), h.Data("unsaved", v.T("Not saved yet. It is tried again.")),
		h.Div(h.Class("quiz-state"), clock, h.Span(h.Class("muted"), g.Attr("data-quiz-state"), h.Role("status"), g.Text(saved)), page.Secondary(v.T("Save and stay"), h.Name("do"), h.Value("save"))), fields, notice,
		h.Div(h.Class("form-end"), page.Button(v.T("Hand in"), h.Name("do"), h.Value("submit"))))
}

func questionHead(v page.View, i int, item work.AskedQuestion) g.Node {
	return g.Group{h.Legend(g.Text(v.T("Question {n}", "n", i+1)), h.Span(h.Class("optional"), g.Text(" · "+v.T("Points: {points}", "points", v.Decimal(item.Points, 2))))), page.Markdown(item.Prompt)}
}

func answerField(v page.View, i int, item work.AskedQuestion) g.Node {
	name := "a." + item.ID.String()
	f := page.Field{Name: name, Label: v.T("Your answer to question {n}", "n", i+1), Required: true}
	options := make([]page.Option, len(item.Choices))
	for j, c := range item.Choices {
		options[j] = page.Option{Value: c.ID, Label: c.Text, Chosen: slices.Contains(item.Answer, c.ID)}
	}
	if len(item.Answer) == 1 {
		f.Value = item.Answer[0]
	}
	switch item.Kind {
	case "single":
		return page.RadioGroup(v, f, options)
	case "multiple":
		f.Value, f.Hint = "", v.T("Tick all that are right.")
		return page.CheckGroup(v, f, options)
	case "number":
		f.Attrs = []g.Node{g.Attr("inputmode", "decimal"), g.Attr("autocomplete", "off")}
	case "order":
		return placesField(v, item)
	default:
		f.Attrs = []g.Node{g.Attr("autocomplete", "off"), h.MaxLength("1000")}
	}
	return page.Input(v, f)
}

// placesField gives each choice a place by a list of numbers, which works by keyboard and on a phone.
func placesField(v page.View, item work.AskedQuestion) g.Node {
	lines := g.Group{h.P(h.Class("hint"), g.Text(v.T("Give each its place, 1 for the first.")))}
	for _, c := range item.Choices {
		place := ""
		if at := slices.Index(item.Answer, c.ID); at >= 0 {
			place = strconv.Itoa(at + 1)
		}
		options := []page.Option{{Label: "–"}}
		for n := range item.Choices {
			options = append(options, page.Option{Value: strconv.Itoa(n + 1), Label: strconv.Itoa(n + 1)})
		}
		lines = append(lines, page.Hidden("c."+item.ID.String(), c.ID),
			page.SmallSelect(page.Field{Name: "p." + item.ID.String() + "." + c.ID, Label: c.Text, Value: place}, options))
	}
	return h.Div(h.Class("places"), lines)
}

// answered are the questions of an attempt with what was answered, and as much of what is right as one may know.
func answered(v page.View, x work.Attempt) (out []g.Node) {
	for i, item := range x.Questions {
		body := g.Group{questionHead(v, i, item), markOf(v, item)}
		said := saidTo(item)
		switch {
		case len(said) == 0:
			body = append(body, h.P(page.Muted(v.T("No answer"))))
		case item.Kind == "order":
			body = append(body, listOf(true, said))
		default:
			body = append(body, listOf(false, said))
		}
		if right := rightOf(v, item); len(right) > 0 {
			body = append(body, h.P(h.Class("hint"), g.Text(v.T("Right would be"))), listOf(item.Kind == "order", right))
		}
		if item.Feedback != "" {
			body = append(body, page.Notice(page.Info, page.Markdown(item.Feedback)))
		}
		out = append(out, h.FieldSet(h.Class("question"), body))
	}
	return out
}

func listOf(ordered bool, lines []string) g.Node {
	items := g.Map(lines, func(s string) g.Node { return h.Li(g.Text(s)) })
	if ordered {
		return h.Ol(h.Class("answers"), items)
	}
	return h.Ul(h.Class("answers"), items)
}

// markOf says how much of an answer was right, in words.
func markOf(v page.View, item work.AskedQuestion) g.Node {
	if item.Part == nil {
		return g.Text("")
	}
	points := v.T("{reached} of {points} points", "reached", v.Decimal(*item.Part*item.Points, 2), "points", v.Decimal(item.Points, 2))
	switch {
	case *item.Part >= 1:
		return h.P(page.Badge(page.Good, v.T("Right")), g.Text(" "+points))
	case *item.Part > 0:
		return h.P(page.Badge(page.Warn, v.T("Partly right")), g.Text(" "+points))
	}
	return h.P(page.Badge(page.Bad, v.T("Not right")), g.Text(" "+points))
}

// saidTo is what was answered, in words.
func saidTo(item work.AskedQuestion) (out []string) {
	for _, answer := range item.Answer {
		at := slices.IndexFunc(item.Choices, func(c work.AskedChoice) bool { return c.ID == answer })
		switch {
		case at >= 0:
			out = append(out, item.Choices[at].Text)
		case len(item.Choices) == 0:
			out = append(out, strings.TrimSpace(answer))
		}
	}
	return out
}

func rightOf(v page.View, item work.AskedQuestion) (out []string) {
	for _, c := range item.Choices {
		if c.Right != nil && *c.Right {
			out = append(out, c.Text)
		}
	}
	if item.Kind == "number" && item.Tolerance > 0 && len(item.Right) > 0 {
		return []string{v.T("{number}, at most {tolerance} off", "number", item.Right[0], "tolerance", strconv.FormatFloat(item.Tolerance, 'f', -1, 64))}
	}
	return append(out, item.Right...)
}
