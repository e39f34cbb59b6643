package work

import (
	"provost/internal/action/work"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func discussionRoutes(s *shell.Server) {
	const at = "/courses/{course}/discussion"
	s.Get(at, work.ListThreads, listThreads)
	s.Get(at+"/new", work.ListThreads, newThread)
	s.Post(at, shell.Submit(work.BeginThread, at+"/{id}").Says(page.Say("“{name}” is begun.")).On(newThread))
	s.PostTo(at+"/preview", work.BeginThread, previewAssessment)
	s.Get(at+"/{thread}", work.ShowThread, showThread)
	s.Post(at+"/{thread}/posts", shell.Submit(work.Reply, at+"/{thread}").Says(page.Say("Your reply is there.")).On(showThread))
	s.Get(at+"/{thread}/posts/{post}/edit", work.ShowThread, editPost)
	s.Post(at+"/{thread}/posts/{post}", shell.Submit(work.SavePost, at+"/{thread}").Says(page.Say("Your text is saved.")).On(editPost))
	s.Post(at+"/{thread}/posts/{post}/hidden", shell.Submit(work.HidePost, at+"/{thread}").Says(page.Say("That is saved.")))
	s.Get(at+"/{thread}/posts/{post}/delete", work.ShowThread, confirmDropPost)
	s.Post(at+"/{thread}/posts/{post}/delete", shell.Submit(work.DropPost, at+"/{thread}").Says(page.Say("The reply is deleted.")).On(confirmDropPost))
	s.Post(at+"/{thread}/closed", shell.Submit(work.CloseThread, at+"/{thread}").Says(page.Say("That is saved.")))
	s.Get(at+"/{thread}/delete", work.ShowThread, confirmDropThread)
	s.Post(at+"/{thread}/delete", shell.Submit(work.DropThread, at).Says(page.Say("“{name}” is deleted.")))
}

func discussionAt(course work.Ref) string { return courseAt(course.ID) + "/discussion" }

func threadAt(x work.ThreadShown) string { return discussionAt(x.Course) + "/" + x.ID.String() }

// listThreads is what is discussed in a course, and announced to it.
func listThreads(q *shell.Req) error {
	x, err := shell.Run(q, work.ListThreads)
	if err != nil {
		return err
	}
	v := q.View
	var actions []g.Node
	if !x.Archived {
		actions = append(actions, page.PrimaryLink(v.T("Begin a thread"), discussionAt(x.Course)+"/new"))
	}
	rows := make([]page.Row, len(x.Items))
	for i, t := range x.Items {
		rows[i] = page.Row{Href: discussionAt(x.Course) + "/" + t.ID.String(), Cells: []g.Node{g.Text(t.Title), threadState(v, t), g.Text(t.Author), g.Text(v.Num(int(t.Posts - 1))), g.Text(v.DateTime(t.Last))}}
	}
	next := ""
	if x.Next != nil {
		next = x.Next.String()
	}
	return q.Show(v.T("Discussion"), crumbs(v, x.Course, page.Link{Label: v.T("Discussion")}), page.Header(v.T("Discussion"), x.Course.Name, actions...), q.CourseTabs(),
		page.Table{Caption: v.T("Discussion"), Rows: rows, Empty: page.Empty(v.T("Nothing is discussed here yet"), v.T("Whoever takes or teaches the course can begin a thread.")),
			Columns: []page.Column{{Title: v.T("Title"), Wide: true}, {Title: v.T("State")}, {Title: v.T("Begun by")}, {Title: v.T("Replies"), Align: page.End}, {Title: v.T("Last post"), NoWrap: true}}}.Node(v),
		q.Pager("", next, len(rows), int(x.Total)))
}

func threadState(v page.View, t work.ThreadItem) g.Node {
	switch {
	case t.Announcement:
		return page.Badge(page.Info, v.T("Announcement"))
	case t.Closed:
		return page.Badge(page.Plain, v.T("Closed"))
	}
	return g.Text("")
}

// postField asks for a text, with how it will look beside it.
func postField(q *shell.Req, label, now string) g.Node {
	v := q.View
	text := q.Field("text", label, now)
	text.Required, text.Hint = true, v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	return h.Div(h.Class("write"), page.Textarea(v, text, 6), page.LivePreview(v.T("How it will look"), page.Markdown(q.Value("text", now))))
}

func newThread(q *shell.Req) error {
	x, err := shell.Run(q, work.ListThreads)
	if err != nil {
		return err
	}
	v := q.View
	title := q.Field("title", v.T("Title"), "")
	title.Required = true
	fields := []g.Node{page.Input(v, title), postField(q, v.T("Text"), "")}
	if x.MayTend {
		f := q.Field("announcement", v.T("Announcement"), "")
		f.Hint = v.T("It is for reading: nobody replies.")
		fields = append(fields, page.Checkbox(f, q.Ticked("announcement", false)))
	}
	form := q.Form(discussionAt(x.Course), page.Button(v.T("Begin")), fields...)
	form.Preview = discussionAt(x.Course) + "/preview"
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), discussionAt(x.Course)))
	heading := v.T("Begin a thread")
	return q.Show(heading, crumbs(v, x.Course, page.Link{Label: v.T("Discussion"), Href: discussionAt(x.Course)}, page.Link{Label: heading}), page.Header(heading, x.Course.Name), form.Node(v))
}

func threadCrumbs(v page.View, x work.ThreadShown, more ...page.Link) g.Node {
	link := page.Link{Label: x.Title}
	if len(more) > 0 {
		link.Href = threadAt(x)
	}
	return crumbs(v, x.Course, append([]page.Link{{Label: v.T("Discussion"), Href: discussionAt(x.Course)}, link}, more...)...)
}

// showThread is a thread with its posts, and the form to reply.
func showThread(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowThread)
	if err != nil {
		return err
	}
	v, at := q.View, threadAt(x)
	var actions []g.Node
	if x.MayTend {
		label, to := v.T("Close the thread"), "true"
		if x.Closed {
			label, to = v.T("Open the thread again"), "false"
		}
		actions = append(actions, page.Post(at+"/closed", page.Secondary(label), "closed", to), page.LinkButton(v.T("Delete"), at+"/delete"))
	}
	body := []g.Node{threadCrumbs(v, x), page.Header(x.Title, x.Author, actions...), threadState(v, x.ThreadItem)}
	for _, p := range x.Items {
		body = append(body, postShown(v, x, p))
	}
	next := ""
	if x.Next != nil {
		next = x.Next.String()
		body = append(body, q.Pager("", next, len(x.Items), int(x.Posts)))
	}
	switch {
	case x.MayReply:
		form := q.Form(at+"/posts", page.Button(v.T("Reply")), postField(q, v.T("Your reply"), ""))
		form.Preview = discussionAt(x.Course) + "/preview"
		body = append(body, page.Section(v.T("Reply"), form.Node(v)))
	case x.Closed:
		body = append(body, page.Notice(page.Info, g.Text(v.T("This thread is closed. Nobody replies any more."))))
	}
	return q.Show(x.Title, body...)
}

func postShown(v page.View, x work.ThreadShown, p work.PostItem) g.Node {
	at := threadAt(x) + "/posts/" + p.ID.String()
	when := v.DateTime(p.Made)
	if p.Changed != nil {
		when += " · " + v.T("changed {time}", "time", v.DateTime(*p.Changed))
	}
	var menu []page.MenuItem
	if p.Own && !x.Closed && !p.Hidden && (x.MayReply || x.MayTend) {
		menu = append(menu, page.MenuItem{Label: v.T("Edit"), Icon: "edit", Href: at + "/edit"})
	}
	if x.MayTend {
		item := page.MenuItem{Label: v.T("Hide from learners"), Icon: "lock", Post: at + "/hidden", Pairs: []string{"hidden", "true"}}
		if p.Hidden {
			item = page.MenuItem{Label: v.T("Show again"), Icon: "check", Post: at + "/hidden", Pairs: []string{"hidden", "false"}}
		}
		menu = append(menu, item)
	}
	if !p.Opening && (x.MayTend || p.Own && x.MayReply) {
		menu = append(menu, page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: at + "/delete", Danger: true})
	}
	text := page.Markdown(p.Text)
	switch {
	case p.Hidden && p.Text == "":
		text = h.P(page.Muted(v.T("Hidden by who looks after this discussion.")))
	case p.Hidden:
		text = page.Stack(page.Badge(page.Warn, v.T("Hidden from learners")), text)
	}
	return h.Article(h.Class("card post-shown"), h.ID("post-"+p.ID.String()),
		h.Div(h.Class("post-head"), page.Avatar(p.Author), h.Strong(g.Text(p.Author)), h.Small(h.Class("muted"), g.Text(when)),
			g.Iff(len(menu) > 0, func() g.Node { return page.Menu(v.T("Actions for {name}", "name", p.Author), menu...) })), text)
}

// thePost is the post of the address, wherever in its thread it stands.
func thePost(q *shell.Req) (x work.ThreadShown, p work.PostItem, err error) {
	var in work.PostQuery
	if err = q.Fill(&in); err != nil {
		return x, p, err
	}
	var id db.ID
	if id.UnmarshalText([]byte(q.R.PathValue("post"))) != nil || id == 0 {
		return x, p, fail.Missing("post")
	}
	in.After = id - 1
	if x, err = shell.RunWith(q, work.ShowThread, in); err != nil {
		return x, p, err
	}
	if len(x.Items) == 0 || x.Items[0].ID != id {
		return x, p, fail.Missing("post")
	}
	return x, x.Items[0], nil
}

func editPost(q *shell.Req) error {
	x, p, err := thePost(q)
	if err != nil {
		return err
	}
	if !p.Own {
		return fail.New(fail.NotAllowed, "This was written by somebody else.")
	}
	v := q.View
	form := q.Form(threadAt(x)+"/posts/"+p.ID.String(), page.Button(v.T("Save")), postField(q, v.T("Text"), p.Text))
	form.Preview = discussionAt(x.Course) + "/preview"
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), threadAt(x)))
	title := v.T("Edit your text")
	return q.Show(title, threadCrumbs(v, x, page.Link{Label: v.T("Edit")}), page.Header(title, x.Title), form.Node(v))
}

func confirmDropPost(q *shell.Req) error {
	x, p, err := thePost(q)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Delete this reply?")
	body := []g.Node{threadCrumbs(v, x, page.Link{Label: v.T("Delete")}), page.Header(title, x.Title)}
	if q.Message != "" {
		body = append(body, page.Notice(page.Bad, g.Text(q.Message)))
	}
	return q.Show(title, append(body, page.Confirm{Title: v.T("This cannot be undone"), Text: v.T("What {name} wrote is gone.", "name", p.Author), Losses: []string{short(p.Text)},
		Action: threadAt(x) + "/posts/" + p.ID.String() + "/delete", Button: v.T("Delete the reply"), Cancel: threadAt(x)}.Node(v))...)
}

func confirmDropThread(q *shell.Req) error {
	x, err := shell.Run(q, work.ShowThread)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("Delete {name}?", "name", x.Title)
	return q.Show(title, threadCrumbs(v, x, page.Link{Label: v.T("Delete")}), page.Header(title, ""),
		page.Confirm{Title: v.T("This cannot be undone"), Text: v.N("It holds one post.", "It holds {n} posts.", int(x.Posts)), Losses: []string{x.Title},
			Action: threadAt(x) + "/delete", Button: v.T("Delete {name}", "name", x.Title), Cancel: threadAt(x)}.Node(v))
}
