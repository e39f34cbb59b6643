package work

import (
	"provost/internal/action/files"
	"provost/internal/action/work"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func submissionRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}"
	s.Post(at+"/submission", shell.Submit(work.HandIn, at).Says(page.Say("{name} is handed in.")).On(showAssessment))
	s.Post(at+"/submission/draft", shell.Submit(work.SaveDraft, at).Says(page.Say("Your draft is kept.")).On(showAssessment))
	s.PostTo(at+"/submission/preview", work.SaveDraft, previewAssessment)
	s.Get(at+"/submission/files/{file}", work.OwnFile, shell.Download(work.OwnFile), shell.UpTo(fileLimit))
}

// ownWork is what a learner has of an assessment: the grade, what they handed in, and the form for more.
func ownWork(q *shell.Req, x work.Assessment) ([]g.Node, error) {
	in := work.OneAssessment{Assessment: x.ID}
	in.Course = x.Course.ID
	own, err := shell.RunWith(q, work.ShowOwnWork, in)
	if err != nil {
		return nil, err
	}
	v := q.View
	var body []g.Node
	if own.Grade != nil {
		body = append(body, page.Section(v.T("Your grade"), gradeFacts(v, own.Grade, x.GradesAt != nil, ownFiles(x))))
	}
	switch {
	case x.Kind == work.KindQuiz:
	case own.Takes:
		body = append(body, handInForm(q, x, own))
	case own.Over:
		body = append(body, page.Notice(page.Info, g.Text(v.T("This is closed: nothing is taken any more."))))
	case own.UsedUp:
		body = append(body, page.Notice(page.Info, g.Text(v.T("You have handed in as often as you may."))))
	}
	if len(own.Attempts) > 0 {
		body = append(body, page.Section(v.T("What you handed in"), attempts(v, own.Attempts, ownFiles(x))))
	}
	return body, nil
}

// gradeFacts is a grade with its feedback.
func gradeFacts(v page.View, x *work.GradeItem, held bool, at string) g.Node {
	state := v.T("Not graded yet")
	switch {
	case x.Excused:
		state = v.T("Not asked of you")
	case x.Points != nil:
		state = v.T("{points} of {of} points", "points", v.Decimal(*x.Points, 2), "of", v.Decimal(x.Of, 2))
	case x.Held && held:
		state = v.T("Grades are not shown yet")
	}
	lines := []page.KV{{Key: v.T("Grade"), Value: h.Strong(g.Text(state))}}
	if x.LateOff > 0 {
		lines = append(lines, page.KV{Key: v.T("Taken off for being late"), Value: g.Text(v.Decimal(x.LateOff, 2))})
	}
	if x.Waits && x.Points != nil {
		lines = append(lines, page.KV{Key: v.T("State"), Value: g.Text(v.T("What you handed in last is not graded yet"))})
	}
	if x.Graded != nil {
		lines = append(lines, page.KV{Key: v.T("Graded"), Value: g.Text(v.DateTime(*x.Graded))})
	}
	return page.Stack(page.KeyValues(lines...), judged(v, x.Judged), g.Iff(x.Feedback != "" || len(x.Files) > 0, func() g.Node {
		return page.Card(v.T("Feedback"), page.Markdown(x.Feedback), fileList(v, at, x.Files))
	}))
}

// ownFiles is where the files of one's own work are.
func ownFiles(x work.Assessment) string {
	return assessmentAt(x.Course.ID, x.ID) + "/submission/files/"
}

// fileList are files to be saved; nothing where there are none.
func fileList(v page.View, at string, list []files.Item) g.Node {
	if len(list) == 0 {
		return nil
	}
	lines := make([]page.FileLine, len(list))
	for i, f := range list {
		lines[i] = page.FileLine{Name: f.Name, Href: at + f.ID.String(), Size: f.Size}
	}
	return page.Files(v, v.T("Files"), lines)
}

// filesToChange lets files be added, and those that are there be taken away.
func filesToChange(q *shell.Req, at string, list []files.Item) g.Node {
	v := q.View
	add := q.Field("files", v.T("Files"), "")
	add.Attrs, add.Hint = []g.Node{g.Attr("multiple")}, v.T("25 MB each at most.")
	if len(list) == 0 {
		return page.File(v, add, "")
	}
	options := make([]page.Option, len(list))
	for i, f := range list {
		options[i] = page.Option{Value: f.ID.String(), Label: v.T("Remove {name}", "name", f.Name)}
	}
	return page.Stack(fileList(v, at, list), page.CheckGroup(v, q.Field("remove", v.T("Take files away"), ""), options), page.File(v, add, ""))
}

// attempts are what was handed in, the last first, each to be opened.
func attempts(v page.View, list []work.Handed, at string) g.Node {
	out := []g.Node{}
	for i, w := range list {
		title := v.T("Attempt {n}, {day}", "n", w.Attempt, "day", v.DateTime(w.At))
		if w.DaysLate > 0 {
			title += " · " + v.N("{n} day late", "{n} days late", w.DaysLate)
		}
		if i == 0 {
			out = append(out, page.Card(title, page.Markdown(w.Text), fileList(v, at, w.Files)))
			continue
		}
		out = append(out, page.Details(title, page.Markdown(w.Text), fileList(v, at, w.Files)))
	}
	return page.Stack(out...)
}

func handInForm(q *shell.Req, x work.Assessment, own work.OwnWork) g.Node {
	v := q.View
	at := assessmentAt(x.Course.ID, x.ID) + "/submission"
	written, held := "", []files.Item{}
	if own.Draft != nil {
		written, held = own.Draft.Text, own.Draft.Files
	}
	text := q.Field("text", v.T("Your text"), written)
	text.Hint = v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	form := q.Form(at, page.Button(v.T("Hand in")), h.Div(h.Class("write"), page.Textarea(v, text, 14), page.LivePreview(v.T("How it will look"), page.Markdown(q.Value("text", written)))),
		filesToChange(q, ownFiles(x), held))
	form.Files = true
	form.Preview = at + "/preview"
	form.Submit = append(form.Submit, page.Secondary(v.T("Save draft"), h.FormAction(at+"/draft")))
	if own.Draft != nil {
		form.Submit = append(form.Submit, page.Muted(v.T("Draft kept {time}", "time", v.DateTime(own.Draft.Saved))))
	}
	title := v.T("Hand in")
	if len(own.Attempts) > 0 {
		title = v.T("Hand in again")
	}
	return page.Section(title, form.Node(v))
}
