package learning

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action/files"
	"provost/internal/action/learning"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func fileRoutes(s *shell.Server) {
	at := "/courses/{course}/lessons/{lesson}/files"
	s.Get(at, learning.ShowLesson, lessonFiles)
	s.Post(at, shell.Submit(learning.AddLessonFiles, at).Says(page.Say("{name} is added.")).On(lessonFiles))
	s.Get(at+"/{file}", learning.LessonFile, shell.Download(learning.LessonFile), shell.UpTo(fileLimit))
	s.Get(at+"/{file}/edit", learning.ShowLesson, describeFile)
	s.Post(at+"/{file}", shell.Submit(learning.DescribeLessonFile, at).Says(page.Say("{name} is saved.")).On(describeFile))
	s.Post(at+"/{file}/delete", shell.Submit(learning.DropLessonFile, at).Says(page.Say("{name} is removed.")))
}

// lessonText is what a lesson says, with its pictures and files in their places.
func lessonText(x learning.Lesson, text string) g.Node {
	return page.MarkdownWith(text, func(name string) (string, bool) {
		if f := files.ByName(x.Files, name); f != nil {
			return fileAt(x, *f), f.Picture
		}
		return "", false
	})
}

func fileAt(x learning.Lesson, f files.Item) string {
	return lessonAt(x.Course.ID, x.ID) + "/files/" + f.ID.String()
}

// attachments are the files of a lesson that do not stand in its text.
func attachments(v page.View, x learning.Lesson) g.Node {
	var lines []page.FileLine
	for _, f := range x.Files {
		if !strings.Contains(x.Text, "]("+inMarkdown(f.Name)+")") {
			lines = append(lines, page.FileLine{Name: f.Name, Href: fileAt(x, f), Size: f.Size})
		}
	}
	if len(lines) == 0 {
		return g.Group{}
	}
	return page.Section(v.T("Files"), page.Files(v, v.T("Files"), lines))
}

// inMarkdown is how a file is called within Markdown.
func inMarkdown(name string) string {
	if strings.ContainsAny(name, " ()") {
		return "<" + name + ">"
	}
	return name
}

// lessonToEdit is a lesson that one may write.
func lessonToEdit(q *shell.Req) (learning.Lesson, error) {
	x, err := shell.Run(q, learning.ShowLesson)
	if err == nil && !x.MayEdit {
		err = store.NotAllowed(q.Actor.May(access.CourseAddContent))
	}
	return x, err
}

// lessonFiles is where files and pictures are put into a lesson.
func lessonFiles(q *shell.Req) error {
	x, err := lessonToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	at := lessonAt(x.Course.ID, x.ID)
	title := v.T("Files of {name}", "name", x.Title)
	lines := make([]page.FileLine, len(x.Files))
	for i, f := range x.Files {
		lines[i] = fileToEdit(v, x, f)
	}
	chosen, alt := q.Field("files", v.T("Files"), ""), q.Field("alt", v.T("What the picture shows"), "")
	chosen.Required, chosen.Attrs = true, []g.Node{g.Attr("multiple")}
	chosen.Hint = v.T("25 MB each at most. PNG, JPEG and GIF are shown in the text; anything else is saved by who reads the lesson.")
	alt.Hint = v.T("For a picture: said to those who do not see it. Pictures come one by one.")
	form := q.Form(at+"/files", page.Button(v.T("Add")), page.File(v, chosen, ""), page.Input(v, alt))
	form.Files = true
	list := page.Empty(v.T("No files yet"), v.T("Pictures stand in the text; other files are listed below it."))
	if len(lines) > 0 {
		list = page.Files(v, title, lines)
	}
	return q.Show(title, courseCrumbs(v, x.Course, page.Link{Label: x.Title, Href: at}, page.Link{Label: v.T("Files")}),
		page.Header(title, "", page.LinkButton(v.T("Edit the text"), at+"/edit")), list, page.Section(v.T("Add files"), form.Node(v)))
}

// fileToEdit is a file's line with what can be done with it, and how the text calls it.
func fileToEdit(v page.View, x learning.Lesson, f files.Item) page.FileLine {
	at := fileAt(x, f)
	line := page.FileLine{Name: f.Name, Href: at, Size: f.Size, Write: "[" + v.T("words") + "](" + inMarkdown(f.Name) + ")"}
	menu := []page.MenuItem{{Label: v.T("Remove"), Icon: "trash", Post: at + "/delete", Danger: true}}
	if f.Picture {
		line.Picture, line.Alt = at, f.Alt
		line.Write = "![" + strings.NewReplacer("[", "", "]", "").Replace(f.Alt) + "](" + inMarkdown(f.Name) + ")"
		menu = append([]page.MenuItem{{Label: v.T("What it shows"), Icon: "edit", Href: at + "/edit"}}, menu...)
	}
	line.Menu = page.Menu(v.T("Actions for {name}", "name", f.Name), menu...)
	return line
}

// describeFile asks what a picture shows.
func describeFile(q *shell.Req) error {
	x, err := lessonToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	for _, f := range x.Files {
		if f.ID.String() != q.R.PathValue("file") {
			continue
		}
		at := fileAt(x, f)
		files := lessonAt(x.Course.ID, x.ID) + "/files"
		alt := q.Field("alt", v.T("What the picture shows"), f.Alt)
		alt.Required = true
		form := q.Form(at, page.Button(v.T("Save")), h.Img(h.Class("thumb"), h.Src(at), h.Alt(f.Alt)), page.Input(v, alt))
		form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), files))
		return q.Show(f.Name, courseCrumbs(v, x.Course, page.Link{Label: x.Title, Href: lessonAt(x.Course.ID, x.ID)}, page.Link{Label: v.T("Files"), Href: files}, page.Link{Label: f.Name}),
			page.Header(f.Name, ""), form.Node(v))
	}
	return shell.NotFound
}
