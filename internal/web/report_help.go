package web

import (
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/action/report"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showHelp is what whoever teaches a course looks at first: who may need help, and why.
func showHelp(q *shell.Req) error {
	out, err := shell.Run(q, report.ShowHelp)
	if err != nil {
		return err
	}
	v := q.View
	to := "/courses/" + out.Course.ID
	rows := make([]page.Row, len(out.Items))
	for i, n := range out.Items {
		active, score := v.T("Never"), "–"
		if n.Active != nil {
			active = v.Date(*n.Active)
		}
		if n.Score != nil {
			score = v.Decimal(*n.Score, 1)
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(n.Learner, n.Organization), helpReasons(v, n), g.Text(v.Percent(n.Progress / 100)), g.Text(score), g.Text(active)}}
	}
	tiles := []page.Tile{{Label: v.T("May need help"), Value: v.Num(int(out.Total))}, {Label: v.T("Late with a work"), Value: v.Num(int(out.Late))},
		{Label: v.T("Quiet for two weeks"), Value: v.Num(int(out.Quiet))}, {Label: v.T("Not begun in a week"), Value: v.Num(int(out.Unbegun))}, {Label: v.T("Score does not pass"), Value: v.Num(int(out.Low))}}
	pager := page.Pager{Shown: len(rows), Total: int(out.Total)}
	if out.Page > 1 {
		pager.Prev = to + "/help?page=" + strconv.Itoa(out.Page-1)
	}
	if out.More {
		pager.Next = to + "/help?page=" + strconv.Itoa(out.Page+1)
	}
	return q.Show(v.T("Who needs help"),
		page.Crumbs(v, page.Link{Label: v.T("Courses"), Href: "/manage/courses"}, page.Link{Label: out.Course.Name, Href: to}, page.Link{Label: v.T("Who needs help")}),
		page.Header(v.T("Who needs help in {name}", "name", out.Course.Name), v.T("Learners who have not completed it, and what speaks for their needing help: most reasons first."),
			page.LinkButton(v.T("Course completion"), "/reports/course-completion?course="+out.Course.ID)), q.CourseTabs(),
		page.Tiles(tiles...),
		page.Table{Caption: v.T("Who needs help"), Rows: rows, Columns: []page.Column{{Title: v.T("Learner"), Wide: true}, {Title: v.T("Why"), Wide: true}, {Title: v.T("Progress"), Align: page.End},
			{Title: v.T("Score"), Align: page.End}, {Title: v.T("Last active"), NoWrap: true}},
			Empty: page.Empty(v.T("Nobody needs help now"), v.T("Learners stand here who are late, were not heard of, have not begun, or do not pass."))}.Node(v),
		pager.Node(v))
}

func helpReasons(v page.View, n report.NeedsHelp) g.Node {
	out := g.Group{}
	if n.Late > 0 {
		out = append(out, page.Badge(page.Bad, v.N("One work late", "{n} works late", int(n.Late))))
	}
	for _, r := range []struct {
		is   bool
		text string
	}{{n.Quiet, v.T("Quiet for two weeks")}, {n.Unbegun, v.T("Not begun in a week")}, {n.Low, v.T("Score does not pass")}} {
		if r.is {
			out = append(out, page.Badge(page.Warn, r.text))
		}
	}
	return page.Inline(out...)
}

// teaching is what whoever teaches looks at first, for the home page: their courses, what waits to be graded, and who may need help; nothing for who teaches none.
func teaching(q *shell.Req) (g.Node, error) {
	if !q.May(access.CourseGrade) {
		return nil, nil
	}
	out, err := shell.RunWith(q, report.ListTeaching, struct{}{})
	if err != nil || len(out.Items) == 0 {
		return nil, err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		to := "/courses/" + x.Course.ID
		waits, help := g.Node(g.Text("–")), g.Node(g.Text("–"))
		if x.Waits > 0 {
			waits = page.TextLink(v.N("{n} to grade", "{n} to grade", int(x.Waits)), "/grading?course="+x.Course.ID)
		}
		if x.Help == nil && q.May(access.CourseReport) {
			help = page.TextLink(v.T("Who needs help"), to+"/help")
		} else if x.Help != nil && *x.Help > 0 {
			help = page.LinesOf(page.TextLink(v.N("{n} may need help", "{n} may need help", int(*x.Help)), to+"/help"), page.Muted(helpWhy(v, x)))
		}
		rows[i] = page.Row{Href: to + "/outline", Cells: []g.Node{page.Named(x.Course.Name, v.N("{n} learner", "{n} learners", int(x.Learners))), waits, help}}
	}
	return page.SectionWith(v.T("Courses that I teach"), []g.Node{page.LinkButton(v.T("All courses"), "/manage/courses")}, page.Table{Caption: v.T("Courses that I teach"), Rows: rows,
		Columns: []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("To grade"), NoWrap: true}, {Title: v.T("Help")}}}.Node(v)), nil
}

// helpWhy says how many learners of a course may need help for which reason.
func helpWhy(v page.View, x report.Taught) string {
	var out []string
	for _, r := range []struct {
		n    int64
		text string
	}{{x.Late, v.N("{n} late", "{n} late", int(x.Late))}, {x.Quiet, v.N("{n} quiet", "{n} quiet", int(x.Quiet))}, {x.Unbegun, v.N("{n} not begun", "{n} not begun", int(x.Unbegun))},
		{x.Low, v.N("{n} below the pass score", "{n} below the pass score", int(x.Low))}} {
		if r.n > 0 {
			out = append(out, r.text)
		}
	}
	return strings.Join(out, " · ")
}
