package work

import (
	"net/http"
	"strconv"

	"provost/internal/action/work"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func quizRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}/attempts"
	questionRoutes(s)
	s.Get(at, work.ListAttempts, listAttempts)
	s.Post(at, shell.Submit(work.BeginAttempt, at+"/{id}").On(showAssessment))
	s.Get(at+"/{attempt}", work.ShowAttempt, showAttempt)
	s.PostTo(at+"/{attempt}", work.SubmitAttempt, handIn)
	s.PostTo(at+"/{attempt}/answers", work.SaveAnswers, keepAnswers)
	s.Post(at+"/{attempt}/end", shell.Submit(work.EndAttempt, at+"/{attempt}").Says(page.Say("It is handed in.")))
	set := shell.Submit(work.ScoreAttempt, at+"/{attempt}").Says(page.Say("The score is saved.")).On(showAttempt)
	s.PostTo(at+"/{attempt}/score", work.ScoreAttempt, func(q *shell.Req) error {
		if err := q.Parse(); err != nil {
			return err
		}
		if q.R.PostForm.Get("score") == "" {
			q.R.PostForm.Del("score") // nothing is not 0
		}
		return set.Serve(q)
	})
}

func attemptAt(course, assessment work.Ref, id string) string {
	return assessmentAt(course.ID, assessment.ID) + "/attempts/" + id
}

// quizActions are what who teaches can open of a quiz.
func quizActions(v page.View, x work.Quiz) (out []g.Node) {
	at := assessmentAt(x.Course.ID, x.Assessment.ID)
	if x.MayEdit {
		out = append(out, page.LinkButton(v.T("Questions"), at+"/questions"))
	}
	if x.MayGrade {
		out = append(out, page.LinkButton(v.T("Attempts"), at+"/attempts"))
	}
	return out
}

// quizPart is how a quiz is taken, the way in, and the attempts of who looks.
func quizPart(q *shell.Req, x work.Quiz) g.Node {
	v := q.View
	to := assessmentAt(x.Course.ID, x.Assessment.ID) + "/attempts"
	lines := []page.KV{{Key: v.T("Questions"), Value: g.Text(v.Num(x.Questions))}, {Key: v.T("Time"), Value: g.Text(minutes(v, x.Minutes))}}
	if len(x.Items) > 0 || x.MayBegin {
		counts := v.T("The best attempt counts.")
		if x.Counts == "last" {
			counts = v.T("The last attempt counts.")
		}
		lines = append(lines, page.KV{Key: v.T("Result"), Value: g.Text(counts)})
	}
	body := []g.Node{page.KeyValues(lines...)}
	if q.Message != "" {
		body = append(body, page.Notice(page.Warn, g.Text(q.Message)))
	}
	switch {
	case x.Open != nil:
		body = append(body, h.P(page.PrimaryLink(v.T("Go on with your attempt"), attemptAt(x.Course, x.Assessment, x.Open.ID.String()))))
	case x.MayBegin:
		label := v.T("Begin")
		if len(x.Items) > 0 {
			label = v.T("Try again")
		}
		if x.Minutes > 0 {
			body = append(body, page.Muted(v.T("The time runs from when you begin, and what you answered is handed in when it is over.")))
		}
		body = append(body, page.Post(to, page.Button(label)))
	case x.MayEdit && x.Questions == 0:
		body = append(body, page.Empty(v.T("There are no questions yet."), "", page.PrimaryLink(v.T("Write questions"), assessmentAt(x.Course.ID, x.Assessment.ID)+"/questions")))
	case !x.MayEdit && !x.MayGrade:
		body = append(body, page.Notice(page.Info, g.Text(v.T(x.Why))))
	}
	if len(x.Items) > 0 {
		rows := make([]page.Row, len(x.Items))
		for i, a := range x.Items {
			rows[i] = page.Row{Href: attemptAt(x.Course, x.Assessment, a.ID.String()), Cells: page.Cells(v.T("Attempt {n}", "n", int(a.Number)), v.DateTime(a.Started), state(v, a), score(v, a))}
		}
		body = append(body, page.Table{Caption: v.T("Your attempts"), ShowCaption: true, Rows: rows, Columns: []page.Column{{Title: v.T("Attempt"), Wide: true}, {Title: v.T("Begun"), NoWrap: true},
			{Title: v.T("Handed in"), NoWrap: true}, {Title: v.T("Score"), Align: page.End}}}.Node(v))
	}
	return page.Stack(body...)
}

func minutes(v page.View, n int64) string {
	if n == 0 {
		return v.T("No limit")
	}
	return v.N("One minute", "{n} minutes", int(n))
}

func state(v page.View, a work.AttemptItem) string {
	if a.Submitted == nil {
		return v.T("Not yet")
	}
	return v.DateTime(*a.Submitted)
}

func score(v page.View, a work.AttemptItem) string {
	switch {
	case a.Score != nil:
		return v.T("{percent} %", "percent", v.Decimal(*a.Score, 2))
	case a.Submitted != nil:
		return v.T("Not shown yet")
	}
	return ""
}

// listAttempts are those of a quiz's learners, for who grades.
func listAttempts(q *shell.Req) error {
	x, err := shell.Run(q, work.ListAttempts)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(x.Items))
	for i, a := range x.Items {
		s := score(v, a.AttemptItem)
		if a.Set {
			s = v.T("{score}, set by hand", "score", s)
		}
		rows[i] = page.Row{Href: attemptAt(x.Course, x.Assessment, a.ID.String()), Cells: page.Cells(a.Learner, v.Num(int(a.Number)), v.DateTime(a.Started), state(v, a.AttemptItem), s)}
	}
	next := ""
	if x.Next != nil {
		next = x.Next.String()
	}
	return q.Show(v.T("Attempts"), crumbs(v, x.Course, page.Link{Label: x.Assessment.Name, Href: assessmentAt(x.Course.ID, x.Assessment.ID)}, page.Link{Label: v.T("Attempts")}),
		page.Header(v.T("Attempts"), x.Assessment.Name),
		page.Table{Caption: v.T("Attempts"), Rows: rows, Empty: page.Empty(v.T("Nobody has begun yet"), v.T("What learners answer appears here.")),
			Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Attempt"), Align: page.End}, {Title: v.T("Begun"), NoWrap: true}, {Title: v.T("Handed in"), NoWrap: true},
				{Title: v.T("Score"), Align: page.End}}}.Node(v),
		q.Pager("", next, len(rows), int(x.Total)))
}

// showAttempt is an attempt to be answered, or what became of it.
func showAttempt(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowAttempt)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Attempt {n}", "n", int(x.Number))
	subtitle := x.Assessment.Name
	if !x.Own {
		subtitle += " · " + x.Learner
	}
	body := []g.Node{crumbs(v, x.Course, page.Link{Label: x.Assessment.Name, Href: assessmentAt(x.Course.ID, x.Assessment.ID)}, page.Link{Label: title}), page.Header(title, subtitle)}
	switch {
	case x.Submitted != nil:
		body = append(body, attemptResult(q, x)...)
	case x.Own && !x.Over:
		body = append(body, answerForm(q, x))
	case x.Over:
		body = append(body, page.Empty(v.T("The time is over"), v.T("What was saved is being handed in."), page.LinkButton(v.T("Look again"), attemptAt(x.Course, x.Assessment, x.ID.String()))))
	default:
		body = append(body, page.Notice(page.Info, g.Text(v.T("This attempt was not handed in yet."))), endButton(v, x))
		body = append(body, answered(v, x)...)
	}
	return q.Show(title, body...)
}

// endButton hands a learner's attempt in for them.
func endButton(v page.View, x work.Attempt) g.Node {
	if !x.MayGrade {
		return g.Text("")
	}
	return page.Post(attemptAt(x.Course, x.Assessment, x.ID.String())+"/end", page.Secondary(v.T("Hand it in as it is")))
}

// attemptResult is what became of an attempt, question by question.
func attemptResult(q *shell.Req, x work.Attempt) []g.Node {
	v := q.View
	s := score(v, x.AttemptItem)
	if x.Set {
		s = v.T("{score}, set by hand", "score", s)
	}
	out := []g.Node{page.KeyValues(page.KV{Key: v.T("Score"), Value: g.Text(s)}, page.KV{Key: v.T("Begun"), Value: g.Text(v.DateTime(x.Started))}, page.KV{Key: v.T("Handed in"), Value: g.Text(v.DateTime(*x.Submitted))})}
	if x.MayGrade && !x.Own {
		now := ""
		if x.Set && x.Score != nil {
			now = strconv.FormatFloat(*x.Score, 'f', -1, 64)
		}
		f := q.Field("score", v.T("Score set by hand"), now)
		f.Hint, f.Attrs = v.T("0 to 100, where an answer was right that nobody foresaw; empty, and what the answers come to counts."), []g.Node{g.Attr("inputmode", "decimal")}
		out = append(out, page.Details(v.T("Set the score"), q.Form(attemptAt(x.Course, x.Assessment, x.ID.String())+"/score", page.Secondary(v.T("Save")), page.Input(v, f)).Node(v)))
	}
	out = append(out, answered(v, x)...)
	return append(out, h.P(page.LinkButton(v.T("Back to {name}", "name", x.Assessment.Name), assessmentAt(x.Course.ID, x.Assessment.ID))))
}

// keepAnswers saves what a script sends while somebody answers.
func keepAnswers(q *shell.Req) error {
	in, err := answersIn(q)
	if err != nil {
		return err
	}
	out, err := shell.RunWith(q, work.SaveAnswers, in)
	if err != nil {
		return err
	}
	return q.JSON(out)
}

// handIn saves the answers of the form, and hands them in where that was asked for: once more, where some are missing.
func handIn(q *shell.Req) error {
	in, err := answersIn(q)
	if err != nil {
		return err
	}
	do, to := q.R.PostForm.Get("do"), q.R.URL.Path
	if do != "surely" {
		if _, err := shell.RunWith(q, work.SaveAnswers, in); err != nil {
			return backTo(q, to, err)
		}
	}
	switch do {
	case "surely":
	case "submit":
		x, err := shell.Run(q, work.ShowAttempt)
		if err != nil {
			return err
		}
		missing := 0
		for _, item := range x.Questions {
			if len(item.Answer) == 0 {
				missing++
			}
		}
		if missing > 0 {
			q.Status = http.StatusUnprocessableEntity
			q.Message = q.View.N("One question has no answer. All others are saved.", "{n} questions have no answer. All others are saved.", missing)
			return showAttempt(q)
		}
	default:
		return q.Redirect(to, page.Good, q.T("Your answers are saved."))
	}
	if _, err := shell.RunWith(q, work.SubmitAttempt, in); err != nil {
		return backTo(q, to, err)
	}
	return q.Redirect(to, page.Good, q.T("It is handed in."))
}

// backTo shows the attempt as it stands, where it was handed in elsewhere or its time is over.
func backTo(q *shell.Req, to string, err error) error {
	if !fail.Is(err, fail.Conflict) {
		return err
	}
	return q.Redirect(to, page.Warn, q.Sentence(err))
}
