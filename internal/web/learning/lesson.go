package learning

import (
	"net/http"
	"time"

	"provost/internal/access"
	"provost/internal/action/learning"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// fileLimit is how long a file may take to be read.
const fileLimit = 10 * time.Minute

func lessonRoutes(s *shell.Server) {
	s.Get("/courses/{course}/lessons/new", learning.ShowOutline, newLesson)
	s.Post("/courses/{course}/lessons", shell.Submit(learning.AddLesson, "/courses/{course}/lessons/{id}").Says(page.Say("{name} is added.")).On(newLesson))
	s.PostTo("/courses/{course}/lessons/preview", learning.SaveLesson, previewLesson)
	s.Get("/courses/{course}/lessons/{lesson}", learning.ShowLesson, showLesson, shell.Kept)
	s.Get("/courses/{course}/lessons/{lesson}/edit", learning.ShowLesson, editLesson)
	s.Post("/courses/{course}/lessons/{lesson}", shell.Submit(learning.SaveLesson, "/courses/{course}/lessons/{lesson}").Says(page.Say("{name} is saved.")).On(editLesson))
	s.Get("/courses/{course}/lessons/{lesson}/delete", learning.ShowLesson, confirmDropLesson)
	s.Post("/courses/{course}/lessons/{lesson}/delete", shell.Submit(learning.DropLesson, "/courses/{course}/outline").Says(page.Say("{name} is deleted.")))
	s.PostTo("/courses/{course}/lessons/{lesson}/done", learning.MarkLesson, markLesson)
}

// showLesson is a lesson to read, with the way on.
func showLesson(q *shell.Req) error {
	x, err := shell.Run(q, learning.ShowLesson)
	if err != nil {
		return err
	}
	v := q.View
	at := lessonAt(x.Course.ID, x.ID)
	var actions []g.Node
	if x.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Files and pictures"), at+"/files"), page.LinkButton(v.T("Edit"), at+"/edit"))
	}
	place := v.T("Lesson {number} of {lessons}", "number", x.Number, "lessons", x.Lessons)
	if x.Done != nil {
		place += " · " + v.T("Done")
	}
	body := []g.Node{courseCrumbs(v, x.Course, page.Link{Label: x.Title}), page.Header(x.Title, place, actions...)}
	if x.Archived {
		body = append(body, archivedNotice(v))
	}
	if x.Own != nil {
		body = append(body, ownWay(v, *x.Own, x.Lessons))
	}
	return q.Show(x.Title, append(body, lessonBody(v, x), wayOn(v, x, at))...)
}

// lessonBody is what the lesson says, or why it is closed.
func lessonBody(v page.View, x learning.Lesson) g.Node {
	if x.Closed {
		var way []g.Node
		if x.After != nil {
			way = append(way, page.LinkButton(v.T("Go to {name}", "name", x.After.Name), lessonAt(x.Course.ID, x.After.ID)))
		}
		return page.Empty(v.T("This lesson is not open yet"), lessonNote(v, x.LessonItem), way...)
	}
	if x.Text == "" && x.VideoURL == "" && len(x.Files) == 0 {
		return page.Empty(v.T("Nothing is written here yet"), v.T("Whoever teaches the course writes it."))
	}
	return page.Stack(g.If(x.VideoURL != "", h.P(h.A(h.Class("button"), h.Href(x.VideoURL), h.Rel("noreferrer noopener"), h.Target("_blank"), page.Icon("external"), g.Text(v.T("Watch the film (opens a new tab)"))))),
		lessonText(x, x.Text), attachments(v, x))
}

// wayOn leads to the lessons around this one, and lets a learner say that it is done.
func wayOn(v page.View, x learning.Lesson, at string) g.Node {
	var prev, next, deed g.Node
	if x.Prev != nil {
		prev = page.LinkButton("← "+x.Prev.Name, stepAt(x.Course.ID, *x.Prev), h.Rel("prev"))
	}
	if x.Next != nil {
		next = page.LinkButton(x.Next.Name+" →", stepAt(x.Course.ID, *x.Next), h.Rel("next"))
	}
	switch {
	case x.Own == nil || x.Closed || x.Archived:
	case x.Done != nil:
		deed = page.Post(at+"/done", page.Secondary(v.T("Not done after all")), "done", "false")
	default:
		deed = page.Post(at+"/done", page.Button(v.T("Done, go on")), "done", "true")
	}
	return page.PrevNext(v.T("The lessons around this one"), prev, deed, next)
}

// markLesson notes that a lesson is done and leads on to the next.
func markLesson(q *shell.Req) error {
	out, err := shell.Run(q, learning.MarkLesson)
	if err != nil {
		return err
	}
	course := "/courses/" + q.R.PathValue("course")
	switch {
	case q.R.PostForm.Get("done") != "true":
		return q.Redirect(course+"/lessons/"+out.Lesson.ID.String(), page.Good, q.T("{name} is not done.", "name", out.Lesson.Name))
	case out.Next != nil:
		return q.Redirect(course+map[bool]string{false: "/lessons/", true: "/assessments/"}[out.Next.Work]+out.Next.ID.String(), page.Good, q.T("{name} is done.", "name", out.Lesson.Name))
	case out.Status == store.Completed:
		return q.Redirect(course+"/outline", page.Good, q.T("{name} is done, and with it the whole course. Well done!", "name", out.Lesson.Name))
	}
	return q.Redirect(course+"/outline", page.Good, q.T("{name} is done.", "name", out.Lesson.Name))
}

// previewLesson shows a text as the lesson will, while it is written.
func previewLesson(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	text := q.R.PostForm.Get("text")
	lesson, err := db.ParseID(q.R.URL.Query().Get("lesson"))
	if err != nil { // one that is not there yet
		return q.Part(http.StatusOK, page.Markdown(text))
	}
	in := learning.OneLesson{Lesson: lesson}
	if in.Course, err = db.ParseID(q.R.PathValue("course")); err != nil {
		return shell.NotFound
	}
	x, err := shell.RunWith(q, learning.ShowLesson, in)
	if err != nil {
		return err
	}
	return q.Part(http.StatusOK, lessonText(x, text))
}

func newLesson(q *shell.Req) error {
	out, err := outlineToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	sections := make([]page.Option, len(out.Sections))
	for i, s := range out.Sections {
		sections[i] = page.Option{Value: s.ID.String(), Label: s.Title}
	}
	section := q.Field("section", v.T("Section"), q.R.URL.Query().Get("section"))
	section.Required = true
	to := "/courses/" + out.Course.ID.String()
	return q.Show(v.T("Add a lesson"), courseCrumbs(v, out.Course, page.Link{Label: v.T("Add a lesson")}), page.Header(v.T("Add a lesson"), ""),
		lessonForm(q, to+"/lessons", to+"/outline", out, learning.Lesson{Course: out.Course}, page.Select(v, section, sections)))
}

func editLesson(q *shell.Req) error {
	x, err := shell.Run(q, learning.ShowLesson)
	if err != nil {
		return err
	}
	out, err := outlineToEdit(q)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Edit {name}", "name", x.Title)
	return q.Show(title, courseCrumbs(v, x.Course, page.Link{Label: x.Title, Href: lessonAt(x.Course.ID, x.ID)}, page.Link{Label: v.T("Edit")}), page.Header(title, ""),
		lessonForm(q, lessonAt(x.Course.ID, x.ID), lessonAt(x.Course.ID, x.ID), out, x, page.Hidden("was", q.Value("was", x.Changed.Format(time.RFC3339Nano)))))
}

// lessonForm asks what a lesson says, with how it will look beside it.
func lessonForm(q *shell.Req, to, cancel string, out learning.Outline, x learning.Lesson, more g.Node) g.Node {
	v := q.View
	title, text, video := q.Field("title", v.T("Title"), x.Title), q.Field("text", v.T("Text"), x.Text), q.Field("video", v.T("Film"), x.VideoURL)
	title.Required = true
	text.Hint = v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	video.Hint, video.Type = v.T("The address of a film on another site; empty for none."), "url"
	opens, after := "", ""
	if x.Opens != nil {
		opens = x.Opens.Format(time.DateOnly)
	}
	if x.After != nil {
		after = x.After.ID.String()
	}
	others := []page.Option{{Value: "", Label: v.T("None")}}
	for _, s := range out.Sections {
		for _, l := range s.Lessons {
			if l.ID != x.ID {
				others = append(others, page.Option{Value: l.ID.String(), Label: l.Title})
			}
		}
	}
	shown := q.Value("text", x.Text)
	form := q.Form(to, page.Button(v.T("Save")), more, page.Input(v, title),
		h.Div(h.Class("write"), page.Textarea(v, text, 18), page.LivePreview(v.T("How it will look"), lessonText(x, shown))), page.Input(v, video),
		page.Two(page.Date(v, q.Field("opens", v.T("Opens on"), opens)), page.Select(v, q.Field("after", v.T("Only after"), after), others)))
	form.Preview = "/courses/" + x.Course.ID.String() + "/lessons/preview"
	if x.ID != 0 {
		form.Preview += "?lesson=" + x.ID.String()
		form.Submit = append(form.Submit, page.LinkButton(v.T("Files and pictures"), lessonAt(x.Course.ID, x.ID)+"/files"))
	}
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), cancel))
	return form.Node(v)
}

func confirmDropLesson(q *shell.Req) error {
	x, err := shell.Run(q, learning.ShowLesson)
	if err != nil {
		return err
	}
	if !x.MayEdit {
		return store.NotAllowed(q.Actor.May(access.CourseAddContent))
	}
	v := q.View
	at := lessonAt(x.Course.ID, x.ID)
	title := v.T("Delete {name}?", "name", x.Title)
	return q.Show(title, courseCrumbs(v, x.Course, page.Link{Label: x.Title, Href: at}, page.Link{Label: v.T("Delete")}), page.Header(title, ""),
		page.Confirm{Title: v.T("This cannot be undone"), Text: v.T("The learners' progress is counted anew without it. A course that was completed stays so."),
			Losses: []string{v.T("{name}, and which learners have done it", "name", x.Title)}, Action: at + "/delete",
			Button: v.T("Delete {name}", "name", x.Title), Cancel: at}.Node(v))
}
