package learning

import (
	"time"

	"provost/internal/action/learning"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func uploadRoutes(s *shell.Server) {
	s.Get("/templates/upload", learning.ListTemplatePlaces, uploadTemplates)
	s.Post("/templates/upload", shell.Submit(learning.BeginUpload, "/uploads/{id}").On(uploadTemplates))
	s.Get("/courses/{course}/upload", learning.ShowOutline, uploadLessons)
	s.Post("/courses/{course}/upload", shell.Submit(learning.BeginUpload, "/uploads/{id}").On(uploadLessons))
	s.Get("/uploads/sample", learning.SampleUpload, shell.Download(learning.SampleUpload))
	s.Get("/uploads/{upload}", learning.ShowUpload, showUpload)
	s.PostTo("/uploads/{upload}", learning.TakeUpload, takeUpload, shell.UpTo(15*time.Minute))
}

// uploadTemplates asks for templates as a table and an archive.
func uploadTemplates(q *shell.Req) error {
	places, err := shell.RunWith(q, learning.ListTemplatePlaces, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Upload templates")
	org := place(q, places.Items)
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Templates"), Href: "/templates"}, page.Link{Label: title}),
		page.Header(title, v.T("Nothing is made before you have seen what would be."), page.LinkButton(v.T("A table to start from"), "/uploads/sample")), uploadForm(q, "/templates/upload", org).Node(v), uploadHelp(v, true))
}

// uploadLessons asks for lessons of a course as a table and an archive.
func uploadLessons(q *shell.Req) error {
	out, err := outlineToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Upload lessons")
	return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: title}),
		page.Header(title, v.T("Nothing is made before you have seen what would be."), page.LinkButton(v.T("A table to start from"), "/uploads/sample")),
		uploadForm(q, "/courses/"+out.Course.ID.String()+"/upload", page.Hidden("course", out.Course.ID.String())).Node(v), uploadHelp(v, false))
}

func uploadForm(q *shell.Req, to string, of g.Node) page.Form {
	v := q.View
	table, archive := q.Field("table", v.T("Table"), ""), q.Field("archive", v.T("Archive of the files"), "")
	table.Hint = v.T("CSV or Excel, a lesson in each line: {lines} lines of {courses} courses, 32 MB at most.", "lines", learning.MaxUploadLines, "courses", learning.MaxUploadCourses)
	archive.Hint = v.T("ZIP, 256 MB at most, 25 MB for each file. Without a table each file becomes a lesson, and each folder a section.")
	form := q.Form(to, page.Button(v.T("Upload and check")), of, page.File(v, table, ".csv,.tsv,.txt,.xlsx"), page.File(v, archive, ".zip"))
	form.Files = true
	return form
}

// uploadHelp says what the columns of a table are.
func uploadHelp(v page.View, templates bool) g.Node {
	lines := [][2]string{
		{"section", v.T("The section that the lesson is at the end of. It is made where the course has none of this title.")},
		{"title", v.T("What the lesson is called: once in each section.")},
		{"text", v.T("As Markdown. A picture of the archive stands in it as ![what it shows](its name).")},
		{"video", v.T("The address of a film, with https://.")},
		{"file", v.T("Where the file of the lesson lies in the archive, such as week-1/plan.pdf.")},
		{"alt", v.T("What a picture shows, for those who do not see it.")},
		{"opens", v.T("The day from which learners may open it, as 2026-03-02.")},
		{"after", v.T("The title of the lesson that a learner does first: one that stands before it.")},
	}
	if templates {
		lines = append([][2]string{
			{"course", v.T("The code. Where there is a template or a course with it that you may write, the lessons go into that; else a template is made.")},
			{"name", v.T("What a template that is made is called: in its first line.")},
			{"about", v.T("What it is about: in its first line.")},
		}, lines...)
	}
	rows := make([]page.Row, len(lines))
	for i, l := range lines {
		rows[i] = page.Row{Cells: []g.Node{h.Code(g.Text(l[0])), g.Text(l[1])}}
	}
	return page.Section(v.T("The columns of the table"), page.Table{Caption: v.T("The columns of the table"), Columns: []page.Column{{Title: v.T("Column")}, {Title: v.T("What it says"), Wide: true}}, Rows: rows}.Node(v))
}

// showUpload is what an upload would make, or has made, and what has to be corrected before.
func showUpload(q *shell.Req) error {
	out, err := shell.Run(q, learning.ShowUpload)
	if err != nil {
		return err
	}
	v := q.View
	again, crumbs := "/templates/upload", page.Crumbs(v, page.Link{Label: v.T("Templates"), Href: "/templates"}, page.Link{Label: v.T("Upload")})
	if out.Course != nil {
		again, crumbs = "/courses/"+out.Course.ID.String()+"/upload", courseCrumbs(v, *out.Course, page.Link{Label: v.T("Upload")})
	}
	left, lessons := 0, 0
	for _, x := range out.Courses {
		if x.Made == nil {
			left, lessons = left+1, lessons+x.Lessons
		}
	}
	body := []g.Node{crumbs, page.Header(v.T("What the upload makes"), fileNames(out), page.LinkButton(v.T("Upload something else"), again))}
	if q.Message != "" {
		body = append(body, page.Notice(page.Bad, g.Text(q.Message)))
	}
	switch {
	case out.FaultCount > 0:
		body = append(body, page.Notice(page.Bad, g.Text(v.N("One thing has to be corrected before anything is made. Correct the files, and upload them again.",
			"{n} things have to be corrected before anything is made. Correct the files, and upload them again.", out.FaultCount))), uploadFaults(v, out))
	case left == 0:
		body = append(body, page.Notice(page.Good, g.Text(v.T("All of it is made."))))
	default:
		body = append(body, page.Notice(page.Info, g.Text(v.N("One lesson would be made. Each course is made whole or not at all.", "{n} lessons would be made. Each course is made whole or not at all.", lessons))),
			page.Inline(page.Post("/uploads/"+out.ID.String(), page.Button(v.T("Make it")))))
	}
	return q.Show(v.T("What the upload makes"), append(body, uploadCourses(v, out), uploadLines(v, out), unusedFiles(v, out))...)
}

func fileNames(out learning.UploadShown) string {
	if out.Table == "" || out.Archive == "" {
		return out.Table + out.Archive
	}
	return out.Table + ", " + out.Archive
}

func uploadFaults(v page.View, out learning.UploadShown) g.Node {
	rows := make([]page.Row, len(out.Faults))
	for i, f := range out.Faults {
		line := ""
		if f.Line > 0 {
			line = v.Num(f.Line)
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(line), h.Code(g.Text(f.Name)), g.Text(v.Tell(f))}}
	}
	note := g.Node(g.Group{})
	if more := out.FaultCount - len(out.Faults); more > 0 {
		note = page.Muted(v.N("One more is not shown.", "{n} more are not shown.", more))
	}
	title := v.T("To be corrected")
	return page.Section(title, page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Line")}, {Title: v.T("Column")}, {Title: v.T("What is wrong"), Wide: true}}, Rows: rows}.Node(v), note)
}

func uploadCourses(v page.View, out learning.UploadShown) g.Node {
	rows := make([]page.Row, len(out.Courses))
	for i, x := range out.Courses {
		state := page.Badge(page.Info, v.T("New template"))
		switch {
		case x.Made != nil:
			state = page.Badge(page.Good, v.T("Made"))
			rows[i].Href = "/courses/" + x.Made.ID.String() + "/outline"
		case x.Into != nil:
			state = page.Badge(page.Plain, v.T("Goes into it"))
			rows[i].Href = "/courses/" + x.Into.ID.String() + "/outline"
		}
		rows[i].Cells = []g.Node{page.Named(x.Name, x.Code), state, g.Text(v.Num(x.Sections)), g.Text(v.Num(x.Lessons)), g.Text(v.Num(x.Files))}
	}
	if len(rows) == 0 {
		return g.Group{}
	}
	title := v.T("Courses and templates")
	return page.Section(title, page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("State")}, {Title: v.T("Sections")}, {Title: v.T("Lessons")}, {Title: v.T("Files")}}, Rows: rows}.Node(v))
}

func uploadLines(v page.View, out learning.UploadShown) g.Node {
	rows := make([]page.Row, len(out.Lessons))
	for i, l := range out.Lessons {
		line, text, about := "", "", l.File
		if l.Line > 0 {
			line = v.Num(l.Line)
		}
		if l.Characters > 0 {
			text = v.N("One character", "{n} characters", l.Characters)
		}
		if about == "" {
			about = l.Video
		}
		release := l.Opens
		if l.After != "" {
			release = v.T("After {name}", "name", l.After)
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(line), page.Named(l.Title, l.Section), g.Text(l.Course), g.Text(text), page.Truncate(about), g.Text(release)}}
	}
	if len(rows) == 0 {
		return g.Group{}
	}
	title := v.T("Lessons")
	return page.Section(title, page.Table{Caption: title, Dense: true, Columns: []page.Column{{Title: v.T("Line")}, {Title: v.T("Lesson"), Wide: true}, {Title: v.T("Course")}, {Title: v.T("Text")}, {Title: v.T("File or film")}, {Title: v.T("Opens")}}, Rows: rows}.Node(v),
		g.If(len(rows) == 200, page.Muted(v.T("These are the first 200."))))
}

// unusedFiles are those that no line names: they are left out.
func unusedFiles(v page.View, out learning.UploadShown) g.Node {
	if len(out.Unused) == 0 {
		return g.Group{}
	}
	rows := make([]page.Row, len(out.Unused))
	for i, name := range out.Unused {
		rows[i] = page.Row{Cells: page.Cells(name)}
	}
	title := v.T("Files that no line names")
	return page.Section(title, page.Muted(v.T("They are left out.")), page.Table{Caption: title, Dense: true, Columns: []page.Column{{Title: v.T("File"), Wide: true}}, Rows: rows}.Node(v),
		g.If(out.UnusedMore > 0, page.Muted(v.N("One more is not shown.", "{n} more are not shown.", out.UnusedMore))))
}

// takeUpload makes what is left of an upload, course by course. What was made before one that cannot be stays.
func takeUpload(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	out, err := shell.Run(q, learning.ShowUpload)
	if err != nil {
		return err
	}
	made := 0
	for _, x := range out.Courses {
		if x.Made != nil {
			continue
		}
		in := learning.UploadPart{OneUpload: learning.OneUpload{Upload: out.ID}, Code: x.Code}
		if _, err := shell.RunWith(q, learning.TakeUpload, in); err != nil {
			if shell.Again(err) {
				return q.Again(err, showUpload)
			}
			return err
		}
		made += x.Lessons
	}
	return q.Redirect("/uploads/"+out.ID.String(), page.Good, q.View.N("One lesson is made.", "{n} lessons are made.", made))
}
