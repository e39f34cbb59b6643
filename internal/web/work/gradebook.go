package work

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func gradebookRoutes(s *shell.Server) {
	const at = "/courses/{course}"
	s.Get(at+"/grades", work.ShowOwnGrades, showGrades)
	s.Get(at+"/gradebook", work.ShowGradebook, showGradebook)
	s.Get(at+"/gradebook/edit", work.ShowGradebook, editGradebook)
	s.PostTo(at+"/gradebook/edit", work.SaveGradebook, saveGradebook)
	s.Get(at+"/gradebook/file", work.DownloadGradebook, shell.Download(work.DownloadGradebook), shell.UpTo(fileLimit))
	s.Get(at+"/gradebook/upload", work.ShowGradebook, askGrades)
	s.PostTo(at+"/gradebook/upload", work.UploadGradebook, uploadGrades, shell.Body(maxUpload), shell.UpTo(fileLimit))
	s.Get(at+"/gradebook/scale", work.ShowScale, showScale)
	s.Post(at+"/gradebook/scale", shell.Submit(work.SaveScale, at+"/gradebook").Says(page.Say("The letters are saved.")).On(showScale))
	s.Get(at+"/gradebook/{enrolment}", work.ShowLearnerGrades, showLearnerGrades)
}

func bookAt(course db.ID) string { return courseAt(course) + "/gradebook" }

// showGrades is one's own grades, for a learner of the course, and the gradebook for everybody else.
func showGrades(q *shell.Req) error {
	own, err := shell.Run(q, work.ShowOwnGrades)
	if course, wrong := db.ParseID(q.R.PathValue("course")); wrong == nil && fail.Is(err, fail.NotFound) {
		return q.Redirect(bookAt(course), page.Good, "")
	}
	if err != nil {
		return err
	}
	var actions []g.Node
	if q.May(access.CourseAllGrades) {
		in := work.GradebookQuery{Size: 1}
		in.Course = own.Course.ID
		if _, err := shell.RunWith(q, work.ShowGradebook, in); err == nil {
			actions = append(actions, page.LinkButton(q.T("Gradebook"), bookAt(own.Course.ID)))
		}
	}
	return q.Show(q.T("Your grades"), crumbs(q.View, own.Course, page.Link{Label: q.T("Your grades")}), page.Header(q.T("Your grades"), own.Course.Name, actions...), q.CourseTabs(), learnerGrades(q.View, own))
}

// showLearnerGrades are the grades of one learner.
func showLearnerGrades(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowLearnerGrades)
	if err != nil {
		return err
	}
	v := q.View
	return q.Show(x.Learner.Name, page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: v.T("Gradebook"), Href: bookAt(x.Course.ID)}, page.Link{Label: x.Learner.Name}),
		page.Header(x.Learner.Name, x.Course.Name), learnerGrades(v, x))
}

// total is a score in percent with its letter.
func total(v page.View, score *float64, letter string) string {
	if score == nil {
		return ""
	}
	text := v.Decimal(*score, 2) + " %"
	if letter != "" {
		text = letter + " · " + text
	}
	return text
}

func learnerGrades(v page.View, x work.LearnerGrades) g.Node {
	facts := []page.KV{{Key: v.T("Progress"), Value: page.ProgressBar(v, x.Progress/100)}}
	if x.Score != nil {
		facts = append(facts, page.KV{Key: v.T("Score"), Value: h.Strong(g.Text(total(v, x.Score, x.Letter)))})
	}
	rows := make([]page.Row, len(x.Items))
	words := g.Group{}
	for i, a := range x.Items {
		about := shell.WorkKind(v, a.Kind)
		if due := moment(v, a.Due); due != "" {
			about += " · " + v.T("Due {day}", "day", due)
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(a.Title, about), g.Text(v.Decimal(a.Weight, 2)), g.Text(gradeText(v, a.Grade))}} // few, so that a phone shows them all
		switch {
		case x.Own:
			rows[i].Href = assessmentAt(x.Course.ID, a.ID)
		case x.MayGrade:
			rows[i].Href = workAt(x.Course.ID, a.ID, x.Enrolment)
		}
		if a.Grade != nil && a.Grade.Feedback != "" {
			words = append(words, page.Card(v.T("Feedback on {name}", "name", a.Title), page.Markdown(a.Grade.Feedback)))
		}
	}
	return page.Stack(page.KeyValues(facts...), page.Table{Caption: v.T("Grades"), Rows: rows, Empty: page.Empty(v.T("Nothing is asked here yet"), v.T("Grades appear here as works are graded.")),
		Columns: []page.Column{{Title: v.T("Title"), Wide: true}, {Title: v.T("Weight"), Align: page.End}, {Title: v.T("Points"), Align: page.End, NoWrap: true}}}.Node(v), words)
}

func gradeText(v page.View, x *work.GradeItem) string {
	switch {
	case x == nil:
		return ""
	case x.Excused:
		return v.T("Excused")
	case x.Points != nil:
		return v.T("{points} of {of}", "points", v.Decimal(*x.Points, 2), "of", v.Decimal(x.Of, 2))
	case x.Held:
		return v.T("Not shown yet")
	}
	return v.T("Not graded yet")
}

// showGradebook is a part of a course's gradebook: learners by assessments.
func showGradebook(q *shell.Req) error {
	b, err := shell.Run(q, work.ShowGradebook)
	if err != nil {
		return err
	}
	v, at := q.View, bookAt(b.Course.ID)
	actions := []g.Node{page.LinkButton(v.T("Download CSV"), at+"/file?"+q.QueryBut("after", "before", "works", "q", "size").Encode())}
	if b.MayConfigure {
		actions = append(actions, page.LinkButton(v.T("Letters"), at+"/scale"))
	}
	if b.MayGrade {
		actions = append(actions, page.LinkButton(v.T("Take in a file"), at+"/upload"), page.LinkButton(v.T("What waits"), gradingAt+"?course="+b.Course.ID.String()))
		if len(b.Items) > 0 && len(b.Works) > 0 {
			actions = append(actions, page.PrimaryLink(v.T("Edit these grades"), at+"/edit?"+q.R.URL.Query().Encode()))
		}
	}
	left := q.Field("left", v.T("Also who left"), "")
	return q.Show(v.T("Gradebook"), bookCrumbs(v, b.Course, v.T("Gradebook")), page.Header(v.T("Gradebook"), b.Course.Name, actions...), q.CourseTabs(),
		page.Filters{Action: at, SearchName: "q", SearchLabel: v.T("Search learners by name"), Query: q.R.URL.Query().Get("q"), Keep: map[string]string{"works": q.R.URL.Query().Get("works")},
			Fields: []g.Node{page.Checkbox(left, q.R.URL.Query().Get("left") != "")}}.Node(v),
		worksPager(q, b), bookTable(v, b, func(r *work.GradebookRow, i int) g.Node { return viewCell(v, b, r, i) }), q.Pager(b.Prev, b.Next, len(b.Items), b.Total))
}

// bookCrumbs lead back to the course, or home for those who may not open it.
func bookCrumbs(v page.View, course work.Ref, here string) g.Node {
	return page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: course.Name, Href: courseAt(course.ID) + "/outline"}, page.Link{Label: here})
}

// worksPager leads to the assessments before and after these.
func worksPager(q *shell.Req, b work.Gradebook) g.Node {
	if b.WorksPrev == 0 && b.WorksNext == 0 {
		return nil
	}
	to := func(id db.ID, label, rel string) g.Node {
		if id == 0 {
			return nil
		}
		query := q.QueryBut("works")
		query.Set("works", id.String())
		return page.LinkButton(label, q.R.URL.Path+"?"+query.Encode(), h.Rel(rel))
	}
	v := q.View
	return page.PrevNext(v.T("Assessments"), to(b.WorksPrev, "← "+v.T("Assessments before"), "prev"), page.Muted(v.T("{n} of {total} assessments", "n", len(b.Works), "total", b.WorksTotal)), to(b.WorksNext, v.T("Assessments after")+" →", "next"))
}

func bookTable(v page.View, b work.Gradebook, cell func(*work.GradebookRow, int) g.Node) g.Node {
	columns := []page.Column{{Title: v.T("Learner"), NoWrap: true}, {Title: v.T("Score"), Align: page.End, NoWrap: true}}
	for _, a := range b.Works {
		columns = append(columns, page.Column{Title: a.Title + " (" + v.Decimal(a.Points, 2) + ")", Align: page.End})
	}
	rows := make([]page.Row, len(b.Items))
	for i := range b.Items {
		r := &b.Items[i]
		cells := make([]g.Node, 0, len(columns))
		cells = append(cells, g.Text(r.Learner.Name), g.Text(total(v, r.Score, r.Letter)))
		for j := range r.Cells {
			cells = append(cells, cell(r, j))
		}
		rows[i] = page.Row{Href: bookAt(b.Course.ID) + "/" + r.Enrolment.String(), Cells: cells, Muted: r.Left}
		if r.Left {
			cells[0] = g.Text(r.Learner.Name + " · " + v.T("left"))
		}
	}
	return page.Table{Caption: v.T("Gradebook"), Columns: columns, Rows: rows, Dense: true, Boxed: true,
		Empty: page.Empty(v.T("Nobody to grade"), v.T("Learners of the course whose grades you may see stand here."))}.Node(v)
}

// viewCell is a grade to read; for who may grade, it leads to the work.
func viewCell(v page.View, b work.Gradebook, r *work.GradebookRow, i int) g.Node {
	cell, text := r.Cells[i], ""
	switch {
	case cell == nil && !b.MayGrade:
		return nil
	case cell == nil:
		text = "–"
	case cell.Excused:
		text = v.T("Excused")
	case cell.Points != nil:
		text = v.Decimal(*cell.Points, 2)
	case cell.Held && !b.MayGrade:
		text = v.T("Not shown yet")
	case !cell.Waits:
		text = v.T("No points")
	}
	if cell != nil && cell.Late {
		text += " · " + v.T("late")
	}
	if cell != nil && cell.Waits {
		text = strings.TrimPrefix(text+" · "+v.T("waits"), " · ")
	}
	if !b.MayGrade || r.Own {
		return g.Text(text)
	}
	return h.A(h.Class("grade"), h.Href(workAt(b.Course.ID, b.Works[i].ID, r.Enrolment)), g.Text(text))
}

func markName(b work.Gradebook, r *work.GradebookRow, i int) string {
	return "mark." + b.Works[i].ID.String() + "." + r.Enrolment.String()
}

// editGradebook is the same part with a field in each cell.
func editGradebook(q *shell.Req) error {
	b, err := shell.Run(q, work.ShowGradebook)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Edit grades")
	back := bookAt(b.Course.ID) + "?" + q.R.URL.Query().Encode()
	form := q.Form(bookAt(b.Course.ID)+"/edit?"+q.R.URL.Query().Encode(), page.Button(v.T("Save all")), bookTable(v, b, func(r *work.GradebookRow, i int) g.Node { return editCell(q, b, r, i) }))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), back))
	return q.Show(title, bookCrumbs(v, b.Course, title),
		page.Header(title, v.T("Points, or x where a work is not asked of a learner; empty for no grade. Arrow keys go from cell to cell.")), form.Node(v))
}

func editCell(q *shell.Req, b work.Gradebook, r *work.GradebookRow, i int) g.Node {
	mark := ""
	if r.Cells[i] != nil {
		mark = r.Cells[i].Mark
	}
	if r.Own {
		return g.Text(mark)
	}
	at := markName(b, r, i)
	name, wrong := at+"."+mark, q.Wrong(at)
	return h.Input(h.Class("cell"), h.Type("text"), h.ID(page.FieldID(at)), h.Name(name), h.Value(q.Value(name, mark)), g.Attr("inputmode", "decimal"), h.AutoComplete("off"), h.Data("cell", ""),
		h.Aria("label", q.T("{learner}, {work}", "learner", r.Learner.Name, "work", b.Works[i].Title)), g.If(wrong != "", h.Aria("invalid", "true")), g.If(wrong != "", h.Title(wrong)))
}

// saveGradebook gives the grades of the cells that were changed.
func saveGradebook(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	in, err := changesIn(q)
	if err != nil {
		return err
	}
	out, err := shell.RunWith(q, work.SaveGradebook, in)
	if shell.Again(err) {
		return q.Again(err, editGradebook)
	}
	if err != nil {
		return err
	}
	return q.Redirect(bookAt(in.Course)+"?"+q.R.URL.Query().Encode(), page.Good, q.View.N("{n} grade is changed.", "{n} grades are changed.", out.Changed))
}

// changesIn are the fields that hold something else than they were shown with: mark.assessment.enrolment.mark.
func changesIn(q *shell.Req) (in work.GradebookChanges, err error) {
	if in.Course, err = db.ParseID(q.R.PathValue("course")); err != nil {
		return in, fail.Missing("course")
	}
	for name, values := range q.R.PostForm {
		parts := strings.SplitN(name, ".", 4)
		if len(parts) != 4 || parts[0] != "mark" || strings.TrimSpace(values[0]) == parts[3] {
			continue
		}
		x := work.GradebookChange{Was: parts[3], Mark: values[0]}
		if x.Assessment, err = db.ParseID(parts[1]); err != nil {
			return in, fail.Missing("assessment")
		}
		if x.Enrolment, err = db.ParseID(parts[2]); err != nil {
			return in, fail.Missing("enrolment")
		}
		in.Changes = append(in.Changes, x)
	}
	return in, nil
}
