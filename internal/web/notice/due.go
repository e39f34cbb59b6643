// Package notice shows people what they are told of by themselves: what is due for them, and what of theirs was graded.
package notice

import (
	"provost/internal/action/notice"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// Routes are the pages of this area.
func Routes(s *shell.Server) {
	s.Get("/due", notice.ListDue, showDue)
	s.Post("/account/mail", shell.Submit(notice.SetMail, "/account").Says(page.Say("Saved.")))
}

const (
	// homeDays is how far ahead the home page looks, homeMost how much of that it shows.
	homeDays, homeMost = 14, 8
)

// Home is what is overdue and due soon for the person who is signed in; nil where that is nothing.
func Home(q *shell.Req) (g.Node, error) {
	out, err := shell.RunWith(q, notice.ListDue, notice.DueQuery{Days: homeDays})
	if err != nil || len(out.Items) == 0 {
		return nil, err
	}
	v := q.View
	more := page.LinkButton(v.T("All that is due"), "/due")
	list := out.Items
	if len(list) > homeMost {
		more = page.LinkButton(v.N("All that is due ({n})", "All that is due ({n})", len(list)), "/due")
		list = list[:homeMost]
	}
	return page.SectionWith(v.T("What is due"), []g.Node{more}, dueTable(v, list)), nil
}

func showDue(q *shell.Req) error {
	out, err := shell.Run(q, notice.ListDue)
	if err != nil {
		return err
	}
	v := q.View
	title := v.T("What is due")
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: title}),
		page.Header(title, v.T("Over all your courses, by the day. What you handed in is not here any more."), page.LinkButton(v.T("All that is required"), "/required")),
		dueTable(v, out.Items), g.If(out.More, page.Notice(page.Plain, g.Text(v.T("There is more, later than these.")))))
}

// stateWords are what the states of what has a day are called, and their tones.
var stateWords = map[notice.State]struct {
	text string
	kind page.Kind
}{
	notice.Overdue: {page.Say("Overdue"), page.Bad},
	notice.ToDo:    {page.Say("Due"), page.Warn},
	notice.Opens:   {page.Say("Opens"), page.Plain},
}

func dueTable(v page.View, list []notice.DueItem) g.Node {
	rows := make([]page.Row, len(list))
	for i, d := range list {
		word := stateWords[d.State]
		state := v.T(word.text)
		if d.Kind == notice.Course {
			state = v.T("Ends")
		}
		rows[i] = page.Row{Href: hrefOf(d), Cells: []g.Node{page.Named(d.Title, whatIs(v, d)), page.LinesOf(g.Text(dayOf(v, d)), page.Badge(word.kind, state))}}
	}
	title := v.T("What is due")
	return page.Table{Caption: title, Columns: []page.Column{{Title: v.T("What"), Wide: true}, {Title: v.T("When"), NoWrap: true}}, Rows: rows,
		Empty: page.Empty(v.T("Nothing is due"), v.T("What you have to hand in or to complete by a day stands here."))}.Node(v)
}

// dayOf is the day, with the time where that counts.
func dayOf(v page.View, d notice.DueItem) string {
	if d.Kind == notice.Course || d.Kind == notice.Goal || d.Kind == notice.Requirement {
		return v.Date(d.At)
	}
	return v.DateTime(d.At)
}

func whatIs(v page.View, d notice.DueItem) string {
	switch d.Kind {
	case notice.Lesson:
		return v.T("Lesson") + " · " + d.Course.Name
	case notice.Course:
		return v.T("Course")
	case notice.Goal:
		return v.T("Learning path") + " · " + d.Path.Name
	case notice.Requirement:
		return v.T("Required of me")
	}
	return shell.WorkKind(v, d.Kind) + " · " + d.Course.Name
}

// hrefOf is where one does it.
func hrefOf(d notice.DueItem) string {
	course := "/courses/" + d.Course.ID.String()
	switch d.Kind {
	case notice.Lesson:
		return course + "/outline"
	case notice.Course:
		return course + "/outline"
	case notice.Goal:
		return "/paths/" + d.Path.ID.String()
	case notice.Requirement:
		return "/required"
	}
	return course + "/assessments/" + d.ID.String()
}
