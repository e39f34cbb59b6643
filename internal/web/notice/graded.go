package notice

import (
	"provost/internal/action/notice"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// mostGraded is how many new grades the home page shows.
const mostGraded = 5

// Graded is what of the works of the person who is signed in was graded of late, for the home page; nil where that is nothing.
func Graded(q *shell.Req) (g.Node, error) {
	out, err := shell.RunWith(q, notice.ListGraded, struct{}{})
	if err != nil || len(out.Items) == 0 {
		return nil, err
	}
	v := q.View
	var rows []page.Row
	for _, x := range out.Items[:min(len(out.Items), mostGraded)] {
		rows = append(rows, page.Row{Href: "/courses/" + x.Course.ID.String() + "/grades", Cells: []g.Node{page.Named(x.Assessment.Name, x.Course.Name), g.Text(v.Ago(q.Now(), x.At))}})
	}
	title := v.T("New grades")
	return page.Section(title, page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Work"), Wide: true}, {Title: v.T("When"), NoWrap: true}}, Rows: rows}.Node(v),
		g.If(len(out.Items) > mostGraded, page.P(v.N("and {n} more", "and {n} more", len(out.Items)-mostGraded)))), nil
}

// Mail is the section of one's own account on mail that tells what is due and graded.
func Mail(q *shell.Req) (g.Node, error) {
	now, err := shell.RunWith(q, notice.ShowMail, struct{}{})
	if err != nil {
		return nil, err
	}
	v := q.View
	on := page.Field{Name: "on", Label: v.T("Tell me by mail what is due and graded"), Hint: v.T("One mail a day at most of what is due in {n} days and overdue, and one when works of yours were graded.", "n", notice.SoonDays)}
	return page.Section(v.T("Mail"), q.Form("/account/mail", page.Button(v.T("Save")), page.Checkbox(on, now.On)).Node(v)), nil
}
