package path

import (
	"slices"
	"strconv"
	"strings"

	"provost/internal/access"
	"provost/internal/action/path"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func pathRoutes(s *shell.Server) {
	s.Get("/courses/search", path.SearchCourses, searching(path.SearchCourses))
	s.Get("/paths/search", path.SearchPaths, searching(path.SearchPaths))
	s.Get("/manage/paths", path.ListPaths, listPaths)
	s.Get("/manage/paths/new", path.ListPathPlaces, newPath)
	s.Post("/manage/paths", shell.Submit(path.CreatePath, "/paths/{id}").Says(page.Say("{name} is created. Put goals on it now.")).On(newPath))
	s.Get("/paths/{path}", path.ShowPath, showPath)
	s.Get("/paths/{path}/edit", path.ShowPath, editPath)
	s.Post("/paths/{path}", shell.Submit(path.EditPath, "/paths/{path}").Says(page.Say("Saved.")).On(editPath))
	s.PostTo("/paths/{path}/goals", path.AddGoal, addGoal)
	s.PostTo("/paths/{path}/goals/order", path.OrderGoals, orderGoals)
	s.Get("/paths/{path}/goals/{goal}/remove", path.ShowPath, confirmRemoveGoal)
}

// searching is the source of pickers of courses, and of learning paths, in which one may enrol people.
func searching(o *op.Op[path.ListQuery, path.Refs]) shell.Handler {
	return func(q *shell.Req) error {
		var in path.ListQuery
		if err := q.Fill(&in); err != nil {
			return err
		}
		in.Size = 20
		out, err := shell.RunWith(q, o, in)
		if err != nil {
			return err
		}
		choices := make([]page.Choice, len(out.Items))
		for i, x := range out.Items {
			choices[i] = page.Choice{ID: x.ID.String(), Label: x.Name}
		}
		return q.JSON(choices)
	}
}

// chooseCourse puts the course that was typed by a whole name or code where a chosen one would be.
func chooseCourse(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName("course")))
	if text == "" || q.R.PostForm.Get("course") != "" {
		return nil
	}
	found, err := shell.RunWith(q, path.SearchCourses, path.ListQuery{Query: text, Size: 20})
	if err != nil {
		return err
	}
	same := slices.DeleteFunc(slices.Clone(found.Items), func(x path.Ref) bool { return db.Key(x.Name) != db.Key(text) })
	if len(same) == 0 {
		same = found.Items
	}
	if len(same) == 1 {
		q.R.PostForm.Set("course", same[0].ID.String())
	}
	return nil
}

func courseField(q *shell.Req) g.Node {
	f := q.Field("course", q.T("Course"), "")
	f.Required, f.Hint = true, q.T("The name or the code of a course in which you may enrol people.")
	p := page.Picker{Field: f, Source: "/courses/search"}
	if q.Typed != nil {
		p.Text = q.Typed.Get(page.TextName("course"))
	}
	return p.Node(q.View)
}

func listPaths(q *shell.Req) error {
	out, err := shell.Run(q, path.ListPaths)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, p := range out.Items {
		rows[i] = page.Row{Href: "/paths/" + p.ID.String(), Muted: p.Archived, Cells: []g.Node{page.Named(p.Name, p.Organization.Name), g.Text(v.Num(p.Goals)), g.Text(v.Num(p.Learners)), pathState(v, p.PathItem)}}
	}
	var actions []g.Node
	if reports(q) {
		actions = append(actions, page.LinkButton(v.T("Report"), "/reports/learning-paths"))
	}
	if q.May(access.PathCreate) {
		actions = append(actions, page.PrimaryLink(v.T("Create a path"), "/manage/paths/new"))
	}
	return q.Show(v.T("Learning paths"), page.Header(v.T("Learning paths"), v.T("Courses and certificates in an order that people are led along."), actions...),
		page.Filters{Action: "/manage/paths", SearchName: "q", SearchLabel: v.T("Search paths"), Query: q.R.URL.Query().Get("q")}.Node(v),
		page.Table{Caption: v.T("Learning paths"), Columns: []page.Column{{Title: v.T("Path"), Wide: true}, {Title: v.T("Goals"), Align: page.End}, {Title: v.T("Learners"), Align: page.End}, {Title: v.T("State")}},
			Rows: rows, Empty: page.Empty(v.T("No paths"), v.T("Nothing that you may see is here yet, or fits the search."))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

// reports tells whether the reader may run the report on learning paths over anybody.
func reports(q *shell.Req) bool { return q.May(access.AnalyticsRead) && q.May(access.ReportCertain) }

func pathState(v page.View, p path.PathItem) g.Node {
	switch {
	case p.Archived:
		return page.Badge(page.Warn, v.T("Archived"))
	case p.Open:
		return page.Badge(page.Good, v.T("Open to enrol in"))
	}
	return page.Badge(page.Plain, v.T("By enrolment"))
}

// pathFields are the fields of a new and a known path.
func pathFields(q *shell.Req, now path.PathItem) []g.Node {
	v := q.View
	name := q.Field("name", v.T("Name"), now.Name)
	name.Required = true
	order := page.Field{Name: "in_order", Label: v.T("In order"), Hint: v.T("A goal is due when those before it are reached. Otherwise all are due at once.")}
	open := page.Field{Name: "open", Label: v.T("Open to enrol in"), Hint: v.T("Whoever is in its organization, or below it, may enrol themselves.")}
	return []g.Node{page.Input(v, name), page.Textarea(v, q.Field("about", v.T("About"), now.About), 4), page.Checkbox(order, q.Ticked("in_order", now.InOrder)), page.Checkbox(open, q.Ticked("open", now.Open))}
}

func newPath(q *shell.Req) error {
	places, err := shell.RunWith(q, path.ListPathPlaces, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	options := make([]page.Option, len(places.Items))
	for i, o := range places.Items {
		options[i] = page.Option{Value: o.ID.String(), Label: o.Name}
	}
	org := q.Field("organization", v.T("Organization"), "")
	org.Required = true
	return q.Show(v.T("Create a path"), page.Crumbs(v, page.Link{Label: v.T("Learning paths"), Href: "/manage/paths"}, page.Link{Label: v.T("Create a path")}),
		page.Header(v.T("Create a path"), v.T("You will administer it.")),
		q.Form("/manage/paths", page.Button(v.T("Create the path")), append([]g.Node{page.Select(v, org, options)}, pathFields(q, path.PathItem{InOrder: true})...)...).Node(v))
}

// pathCrumbs lead to where one came from: the paths that one manages, or one's own.
func pathCrumbs(q *shell.Req, p path.Ref, more ...page.Link) g.Node {
	v := q.View
	first := page.Link{Label: v.T("My learning paths"), Href: "/paths"}
	if q.Opens("/manage/paths") {
		first = page.Link{Label: v.T("Learning paths"), Href: "/manage/paths"}
	}
	return page.Crumbs(v, append([]page.Link{first, {Label: p.Name, Href: "/paths/" + p.ID.String()}}, more...)...)
}

func editPath(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowPath)
	if err != nil {
		return err
	}
	if !out.MayChange {
		return store.NotAllowed(q.Actor.May(access.PathConfigure))
	}
	v := q.View
	to := "/paths/" + out.ID.String()
	archived := page.Field{Name: "archived", Label: v.T("Archived"), Hint: v.T("Nothing comes due any more, and nobody is enrolled. Courses that were opened stay open.")}
	form := q.Form(to, page.Button(v.T("Save")), append(pathFields(q, out.PathItem), page.Checkbox(archived, q.Ticked("archived", out.Archived)))...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	title := v.T("Edit {name}", "name", out.Name)
	return q.Show(title, pathCrumbs(q, path.Ref{ID: out.ID, Name: out.Name}, page.Link{Label: v.T("Edit")}), page.Header(title, ""), form.Node(v))
}

// showPath is a path with its goals: as they stand for who is in it, and to change for who administers it.
func showPath(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowPath)
	if err != nil {
		return err
	}
	v := q.View
	to := "/paths/" + out.ID.String()
	var actions []g.Node
	if reports(q) {
		actions = append(actions, page.LinkButton(v.T("Report"), "/reports/learning-paths?path="+out.ID.String()))
	}
	if out.MayEnrol {
		actions = append(actions, page.LinkButton(v.T("Learners"), to+"/learners"))
	}
	if out.MayChange {
		actions = append(actions, page.LinkButton(v.T("Administrators"), to+"/administrators"), page.LinkButton(v.T("Edit"), to+"/edit"), page.LinkButton(v.T("Delete…"), to+"/delete"))
	}
	if out.In {
		actions = append(actions, page.LinkButton(v.T("Leave…"), to+"/leave"))
	}
	body := []g.Node{pathCrumbs(q, path.Ref{ID: out.ID, Name: out.Name}), page.Header(out.Name, out.Organization.Name, actions...)}
	if out.Archived {
		body = append(body, page.Notice(page.Warn, g.Text(v.T("This path is archived: nothing comes due any more, and nobody is enrolled."))))
	}
	if out.About != "" {
		body = append(body, page.P(out.About))
	}
	if out.In {
		body = append(body, ownSteps(v, out))
	}
	rows := make([]page.Row, len(out.Steps))
	for i, s := range out.Steps {
		rows[i] = stepRow(v, out, i, s)
	}
	columns := []page.Column{{Title: v.T("Goal"), Wide: true}, {Title: v.T("State")}}
	if out.MayChange {
		columns = append(columns, page.Column{Title: v.T("Actions"), Quiet: true, NoWrap: true})
	}
	text := v.T("Goals appear here when they are put on the path.")
	body = append(body, page.Section(v.T("Goals"), page.Table{Caption: v.T("Goals of {name}", "name", out.Name), Columns: columns, Rows: rows, Empty: page.Empty(v.T("No goals yet"), text)}.Node(v)))
	if out.MayChange && !out.Archived && q.May(access.CourseEnrollOthers) {
		body = append(body, page.Section(v.T("Add a goal"), goalForm(q, to)))
	}
	return q.Show(out.Name, body...)
}

// ownSteps says how far one is along a path.
func ownSteps(v page.View, out path.Shown) g.Node {
	reached := 0
	for _, s := range out.Steps {
		if s.Reached {
			reached++
		}
	}
	if out.Completed != nil {
		return page.Notice(page.Good, g.Text(v.T("You came to the end of this path on {date}.", "date", v.Date(*out.Completed))))
	}
	return page.Inline(page.Muted(v.T("{reached} of {goals} goals reached", "reached", reached, "goals", len(out.Steps))), page.ProgressBar(v, float64(reached)/float64(max(1, len(out.Steps)))))
}

func stepRow(v page.View, out path.Shown, i int, s path.Step) page.Row {
	row := stepAlone(v, i, s, out.In, out.InOrder)
	if out.In && s.Opened {
		row.Href = "/courses/" + s.Course.ID.String() + "/outline"
	}
	if out.MayChange {
		row.Cells = append(row.Cells, stepMenu(v, out, i))
	}
	return row
}

// stepAlone is a goal as it stands for a learner; of nobody in particular where there is none.
func stepAlone(v page.View, i int, s path.Step, learner, inOrder bool) page.Row {
	what := v.T("Complete the course")
	if s.Certificate {
		what = v.T("Hold a certificate of the course")
	}
	if s.AfterDays > 0 {
		what += " · " + v.N("due after {n} day at the earliest", "due after {n} days at the earliest", s.AfterDays)
	}
	state := page.Badge(page.Plain, v.T("All at once"))
	switch {
	case s.Reached:
		state = page.Badge(page.Good, v.T("Reached"))
	case learner && s.Opened:
		state = page.Badge(page.Info, v.T("Open"))
	case s.Waits:
		state = page.Badge(page.Warn, v.T("After the goals before it"))
	case s.Opens != nil:
		state = page.Badge(page.Warn, v.T("From {date}", "date", v.Date(*s.Opens)))
	case learner:
		state = page.Badge(page.Warn, v.T("Not open"))
	case inOrder:
		state = page.Badge(page.Plain, v.T("Goal {n}", "n", i+1))
	}
	return page.Row{Cells: []g.Node{page.Named(s.Course.Name, what), state}}
}

// stepMenu moves a goal up and down, and removes it.
func stepMenu(v page.View, out path.Shown, i int) g.Node {
	to := "/paths/" + out.ID.String() + "/goals"
	move := func(with int, label, name string) g.Node {
		if with < 0 || with >= len(out.Steps) {
			return g.Text("")
		}
		ids := make([]string, len(out.Steps))
		for k, s := range out.Steps {
			ids[k] = s.ID.String()
		}
		ids[i], ids[with] = ids[with], ids[i]
		return page.Post(to+"/order", page.Secondary(label, g.Attr("aria-label", name)), "order", strings.Join(ids, " "))
	}
	name := out.Steps[i].Course.Name
	return page.Inline(move(i-1, v.T("Up"), v.T("Move {name} up", "name", name)), move(i+1, v.T("Down"), v.T("Move {name} down", "name", name)),
		page.LinkButton(v.T("Remove…"), to+"/"+out.Steps[i].ID.String()+"/remove", g.Attr("aria-label", v.T("Remove {name}", "name", name))))
}

func goalForm(q *shell.Req, to string) g.Node {
	v := q.View
	days := q.Field("after_days", v.T("Due after so many days"), "0")
	days.Type, days.Hint = "number", v.T("Counted from when somebody is enrolled in the path.")
	certificate := page.Field{Name: "certificate", Label: v.T("The goal is to hold a certificate of the course")}
	return page.Stack(page.P(v.T("Whoever is in the path is enrolled in the course when the goal is due.")),
		q.WithPreview(to+"/goals", v.T("Add the goal"), to, courseField(q), page.Checkbox(certificate, q.Ticked("certificate", false)), page.Input(v, days)))
}

func addGoal(q *shell.Req) error {
	if err := chooseCourse(q); err != nil {
		return err
	}
	return shell.Submit(path.AddGoal, "/paths/{path}").Says(page.Say("{name} is on the path now.")).On(showPath).Serve(q)
}

func orderGoals(q *shell.Req) error {
	var in path.OnePath
	if err := q.Fill(&in); err != nil {
		return err
	}
	order := path.GoalOrder{OnePath: in}
	for _, text := range strings.Fields(q.R.PostForm.Get("order")) {
		id, err := db.ParseID(text)
		if err != nil {
			return fail.Wrong("order", "These are not goals of the path.")
		}
		order.Goals = append(order.Goals, id)
	}
	if _, err := shell.RunWith(q, path.OrderGoals, order); err != nil {
		return err
	}
	return q.Redirect("/paths/"+in.Path.String(), page.Good, q.T("The goals are in their new order."))
}

func confirmRemoveGoal(q *shell.Req) error {
	out, err := shell.Run(q, path.ShowPath)
	if err != nil {
		return err
	}
	if !out.MayChange {
		return store.NotAllowed(q.Actor.May(access.PathConfigure))
	}
	v := q.View
	to := "/paths/" + out.ID.String()
	var rest []string
	gone := -1
	for i, s := range out.Steps {
		if s.ID.String() == q.R.PathValue("goal") {
			gone = i
			continue
		}
		rest = append(rest, s.ID.String())
	}
	if gone < 0 {
		return fail.Missing("goal")
	}
	title := v.T("Remove {name} from the path?", "name", out.Steps[gone].Course.Name)
	return q.Show(title, pathCrumbs(q, path.Ref{ID: out.ID, Name: out.Name}, page.Link{Label: v.T("Remove")}), page.Header(title, ""),
		page.Confirm{Title: title, Text: v.T("Learners for whom the course was opened stay in it. Goals after it come due without it."), Action: to + "/goals/order", Pairs: []string{"order", strings.Join(rest, " ")},
			Button: v.T("Remove the goal {n}", "n", strconv.Itoa(gone+1)), Cancel: to}.Node(v))
}
