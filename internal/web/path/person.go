package path

import (
	"provost/internal/action/path"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// PathsOf are the paths of a person, each leading to its goals at an address below `to`.
func PathsOf(v page.View, out path.PersonPaths, to string) g.Node {
	rows := make([]page.Row, len(out.Items))
	for i, p := range out.Items {
		rows[i] = page.Row{Href: to + "/" + p.ID.String(), Muted: !p.In, Cells: []g.Node{page.Named(p.Name, p.Organization.Name), placeState(v, p),
			g.Text(v.T("{reached} of {goals}", "reached", p.Reached, "goals", p.Goals)), page.ProgressBar(v, along(p)), g.Text(v.Date(p.Enrolled))}}
	}
	return page.Table{Caption: v.T("Learning paths of {name}", "name", out.Person.Name), Rows: rows,
		Columns: []page.Column{{Title: v.T("Path"), Wide: true}, {Title: v.T("State"), NoWrap: true}, {Title: v.T("Goals"), NoWrap: true}, {Title: v.T("Progress")}, {Title: v.T("Enrolled"), NoWrap: true}},
		Empty:   page.Empty(v.T("On no learning path"), v.T("{name} is on no learning path that you may see.", "name", out.Person.Name))}.Node(v)
}

// along is how far somebody is along a path, from 0 to 1.
func along(p path.PersonPath) float64 { return float64(p.Reached) / float64(max(1, p.Goals)) }

func placeState(v page.View, p path.PersonPath) g.Node {
	switch {
	case p.Completed != nil:
		return page.Badge(page.Good, v.T("Completed"))
	case p.In:
		return page.Badge(page.Info, v.T("In progress"))
	}
	return page.Badge(page.Plain, v.T("Withdrawn"))
}

// StepsOf are the goals of a path of a person, as they stand for them.
func StepsOf(v page.View, out path.PersonSteps) g.Node {
	rows := make([]page.Row, len(out.Steps))
	for i, s := range out.Steps {
		rows[i] = stepAlone(v, i, s, true, out.InOrder)
	}
	head := page.Inline(page.Muted(v.T("{reached} of {goals} goals reached", "reached", out.Reached, "goals", out.Goals)), page.ProgressBar(v, along(out.PersonPath)))
	if out.Completed != nil {
		head = page.Notice(page.Good, g.Text(v.T("{name} came to the end of this path on {date}.", "name", out.Person.Name, "date", v.Date(*out.Completed))))
	}
	return page.Section(out.Name, head, page.Table{Caption: v.T("Goals of {name}", "name", out.Name), Columns: []page.Column{{Title: v.T("Goal"), Wide: true}, {Title: v.T("State")}}, Rows: rows,
		Empty: page.Empty(v.T("No goals yet"), v.T("Goals appear here when they are put on the path."))}.Node(v))
}
