package work

import (
	"time"

	"provost/internal/action/files"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

const gradingAt = "/grading"

func gradingRoutes(s *shell.Server) {
	const at = "/courses/{course}/assessments/{assessment}/learners/{enrolment}"
	s.Get(gradingAt, work.ListWaiting, listWaiting)
	s.Get(at, work.ShowLearnerWork, showLearnerWork)
	s.PostTo(at, work.MarkWork, markWork)
	s.Get(at+"/files/{file}", work.LearnerFile, shell.Download(work.LearnerFile), shell.UpTo(fileLimit))
}

func workAt(course, assessment, enrolment db.ID) string {
	return assessmentAt(course, assessment) + "/learners/" + enrolment.String()
}

// listWaiting is what waits to be graded, the longest first.
func listWaiting(q *shell.Req) error {
	out, err := shell.Run(q, work.ListWaiting)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, w := range out.Items {
		due := ""
		if w.Due != nil {
			due = moment(v, w.Due)
		}
		rows[i] = page.Row{Href: workAt(w.Course.ID, w.Assessment.ID, w.Enrolment), Cells: page.Cells(w.Learner, w.Assessment.Name, w.Course.Name, v.DateTime(w.Since), due)}
	}
	var actions []g.Node
	if len(out.Items) > 0 {
		actions = append(actions, page.PrimaryLink(v.T("Begin to grade"), rows[0].Href))
	}
	narrowed := q.R.URL.Query().Get("course") != "" || q.R.URL.Query().Get("assessment") != ""
	return q.Show(v.T("Grading"), page.Header(v.T("Grading"), v.T("What waits for you to grade it, the longest first."), actions...),
		g.If(narrowed, page.Inline(page.TextLink(v.T("Show everything that waits"), gradingAt))),
		page.Table{Caption: v.T("What waits to be graded"), Rows: rows, Empty: page.Empty(v.T("Nothing waits"), v.T("What learners hand in appears here.")),
			Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Assessment"), Wide: true}, {Title: v.T("Course")}, {Title: v.T("Handed in"), NoWrap: true}, {Title: v.T("Due"), NoWrap: true}}}.Node(v),
		g.If(int(out.Total) > len(rows), page.Muted(v.T("{n} more wait; they appear as these are graded.", "n", v.Num(int(out.Total)-len(rows))))))
}

// showLearnerWork is one work with the form to grade it. The points have the focus, Enter saves and leads to what waits next.
func showLearnerWork(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowLearnerWork)
	if err != nil {
		return err
	}
	v := q.View
	at := assessmentAt(x.Course.ID, x.ID)
	title := x.Title + " · " + x.Learner
	body := []g.Node{crumbs(v, x.Course, page.Link{Label: x.Title, Href: at}, page.Link{Label: x.Learner}),
		page.Header(x.Learner, x.Title, page.LinkButton(v.T("All that waits"), gradingAt+"?assessment="+x.ID.String()))}
	asked, handed := g.Group{}, page.Empty(v.T("Nothing was handed in"), v.T("You can still give points, or note that it is not asked of this learner."))
	if len(x.Attempts) > 0 {
		handed = attempts(v, x.Attempts, learnerFiles(q, x))
	} else if x.Grade != nil && x.Grade.Handed != nil {
		handed = page.Muted(v.T("Handed in elsewhere, {day}", "day", moment(v, x.Grade.Handed)))
	}
	if x.Kind == work.KindPackage && x.MayGrade {
		asked = append(asked, page.Post(workAt(x.Course.ID, x.ID, enrolmentOf(q))+"/restart", page.Secondary(v.T("Let the learner start again"))),
			page.Muted(v.T("What was reached stays on record; where the learner is in it is forgotten.")))
	}
	body = append(body, page.SideBySide(page.Stack(handed, asked, page.Details(v.T("What is asked"), rules(v, learnerAsked(x)), page.Markdown(x.Text))), markForm(q, x)))
	if x.Prev == 0 && x.Next == 0 {
		return q.Show(title, body...)
	}
	var prev, next g.Node
	if x.Prev != 0 {
		prev = page.LinkButton("← "+v.T("Previous learner"), workAt(x.Course.ID, x.ID, x.Prev), h.Rel("prev"), h.Data("go", "prev"))
	}
	if x.Next != 0 {
		next = page.LinkButton(v.T("Next learner")+" →", workAt(x.Course.ID, x.ID, x.Next), h.Rel("next"), h.Data("go", "next"))
	}
	return q.Show(title, append(body, page.PrevNext(v.T("The learners around this one"), prev, page.Muted(v.T("Alt with Page Up and Page Down does the same.")), next))...)
}

// learnerFiles is where the files of a learner's work are.
func learnerFiles(q *shell.Req, x work.LearnerWork) string {
	return workAt(x.Course.ID, x.ID, enrolmentOf(q)) + "/files/"
}

func learnerAsked(x work.LearnerWork) work.Assessment {
	return work.Assessment{AssessmentItem: x.AssessmentItem, Course: x.Course}
}

func markForm(q *shell.Req, x work.LearnerWork) g.Node {
	v := q.View
	if !x.MayGrade {
		return page.Notice(page.Info, g.Text(v.T("This is your own work: somebody else grades it.")))
	}
	points, feedback, was := q.Field("points", v.T("Points of {of}", "of", v.Decimal(x.Points, 2)), x.Given), "", ""
	points.Hint = v.T("A number, or x where it is not asked of this learner.")
	if len(x.Rubric) > 0 {
		points.Hint += " " + v.T("Left empty, or as it is, it follows from the rubric.")
	}
	points.Attrs = []g.Node{g.Attr("inputmode", "decimal"), g.Attr("autocomplete", "off"), g.If(len(q.Errs) == 0 && q.Message == "", h.AutoFocus())}
	var held []files.Item
	if x.Grade != nil {
		feedback, held = x.Grade.Feedback, x.Grade.Files
	}
	if !x.Changed.IsZero() {
		was = x.Changed.Format(time.RFC3339Nano)
	}
	text := q.Field("feedback", v.T("Feedback"), feedback)
	text.Hint = v.T("The learner reads it, as Markdown.")
	form := q.Form(workAt(x.Course.ID, x.ID, enrolmentOf(q)), page.Button(v.T("Save, go on")), page.Hidden("was", q.Value("was", was)), rubricFields(q, x), page.Input(v, points), page.Textarea(v, text, 8), filesToChange(q, learnerFiles(q, x), held))
	form.Files = true
	form.Submit = append(form.Submit, page.Secondary(v.T("Save, stay here"), h.Name("stay"), h.Value("on")))
	facts := []page.KV{}
	add := func(on bool, key, text string) {
		if on {
			facts = append(facts, page.KV{Key: key, Value: g.Text(text)})
		}
	}
	if s := x.Grade; s != nil {
		add(s.LateOff > 0, v.T("Taken off for being late"), v.Decimal(s.LateOff, 2))
		add(s.Graded != nil && x.Grader != "", v.T("Graded by"), x.Grader)
		add(s.Graded != nil, v.T("Graded"), moment(v, s.Graded))
		add(s.Held, v.T("Grades are shown from"), moment(v, x.GradesAt))
	}
	add(x.Total > 0, v.T("Still to grade"), v.Num(int(x.Total)))
	return page.Card(v.T("Grade"), form.Node(v), g.If(len(facts) > 0, page.KeyValues(facts...)))
}

func enrolmentOf(q *shell.Req) db.ID {
	id, _ := db.ParseID(q.R.PathValue("enrolment")) // the operation found it
	return id
}

// markWork grades and leads to what waits next, or to the list where nothing does.
func markWork(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	out, err := shell.Run(q, work.MarkWork)
	if shell.Again(err) {
		return q.Again(err, showLearnerWork)
	}
	if err != nil {
		return err
	}
	text := q.T("{learner} is graded.", "learner", out.Learner)
	switch {
	case q.R.PostForm.Get("stay") != "":
		return q.Redirect(q.R.URL.Path, page.Good, text)
	case out.Next != nil:
		return q.Redirect(workAt(out.Next.Course.ID, out.Next.Assessment.ID, out.Next.Enrolment), page.Good, text)
	}
	return q.Redirect(gradingAt, page.Good, text+" "+q.T("Nothing waits any more."))
}
