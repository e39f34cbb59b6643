package web

import (
	"net/http"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// statusWords are what the states of an enrolment are called, and their tones.
var statusWords = map[store.Status]struct {
	text string
	kind page.Kind
}{
	store.Enrolled:  {page.Say("Not started"), page.Plain},
	store.Active:    {page.Say("In progress"), page.Info},
	store.Completed: {page.Say("Completed"), page.Good},
	store.Failed:    {page.Say("Not passed"), page.Bad},
	store.Withdrawn: {page.Say("Withdrawn"), page.Warn},
}

func statusBadge(v page.View, s store.Status) g.Node {
	return page.Badge(statusWords[s].kind, v.T(statusWords[s].text))
}

// courseLearners are a course's figures, each leading to the rows behind it, and the list of its learners.
func courseLearners(q *shell.Req, course action.CourseRecord) ([]g.Node, error) {
	in := action.CourseEnrolmentQuery{}
	if err := q.Fill(&in); err != nil {
		return nil, err
	}
	out, err := shell.RunWith(q, action.ListCourseEnrolments, in)
	if err != nil {
		return nil, err
	}
	v := q.View
	to := "/courses/" + course.ID.String()
	all := int64(0)
	for _, n := range course.Enrolments {
		all += n
	}
	tiles := []page.Tile{{Label: v.T("Learners"), Value: v.Num(int(all)), Href: to}}
	for _, s := range []store.Status{store.Active, store.Completed, store.Withdrawn} {
		n := course.Enrolments[s]
		tile := page.Tile{Label: v.T(statusWords[s].text), Value: v.Num(int(n)), Href: to + "?status=" + string(s)}
		if all > 0 {
			tile.Trend = v.T("{share} of all", "share", v.Percent(float64(n)/float64(all)))
		}
		tiles = append(tiles, tile)
	}
	rows := make([]page.Row, len(out.Items))
	for i, e := range out.Items {
		rows[i] = learnerRow(v, e, to, course.MayEnrol)
	}
	columns := append([]page.Column{{Title: v.T("Learner"), Wide: true}}, progressColumns(v)...)
	if course.MayEnrol {
		columns = append(columns, page.Column{Title: v.T("Actions"), Quiet: true})
	}
	empty := page.Empty(v.T("Nobody here"), v.T("Learners whom you may see stand here when they are enrolled."))
	return []g.Node{page.Tiles(tiles...), page.Section(v.T("Learners"), learnerFilters(q, in.EnrolmentQuery, to, out.Total),
		page.Table{Caption: v.T("Learners of {name}", "name", course.Name), Columns: columns, Rows: rows, Empty: empty}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))}, nil
}

func progressColumns(v page.View) []page.Column {
	return []page.Column{{Title: v.T("State"), NoWrap: true}, {Title: v.T("Progress")}, {Title: v.T("Score"), Align: page.End},
		{Title: v.T("Enrolled"), NoWrap: true}, {Title: v.T("Last active"), NoWrap: true}}
}

// progressCells are the cells of progressColumns.
func progressCells(v page.View, e action.EnrolmentItem) []g.Node {
	state := statusBadge(v, e.Status)
	if !e.Open && e.Status != store.Withdrawn {
		state = page.Badges(state, page.Badge(page.Warn, v.T("Left")))
	}
	score := "–"
	if e.Score != nil {
		score = v.Decimal(*e.Score, 1)
	}
	return []g.Node{state, page.ProgressBar(v, e.Progress/100), g.Text(score), g.Text(dateOr(v, e.Enrolled)), g.Text(dateOr(v, e.LastActive))}
}

func dateOr(v page.View, at *time.Time) string {
	if at == nil {
		return "–"
	}
	return v.Date(*at)
}

func learnerRow(v page.View, e action.EnrolmentItem, course string, mayEnd bool) page.Row {
	row := page.Row{Href: "/people/" + e.Learner.ID.String(), Muted: !e.Open,
		Cells: append([]g.Node{page.Person(e.Learner.Name, e.Organization.Name)}, progressCells(v, e)...)}
	if !mayEnd {
		return row
	}
	if !e.Open {
		row.Cells = append(row.Cells, g.Text(""))
		return row
	}
	row.Cells = append(row.Cells, page.Menu(v.T("Actions for {name}", "name", e.Learner.Name),
		page.MenuItem{Label: v.T("Take out of the course"), Icon: "minus", Href: course + "/enrolments/" + e.ID.String() + "/end", Danger: true}))
	return row
}

// learnerFilters is the bar above a list of learners.
func learnerFilters(q *shell.Req, in action.EnrolmentQuery, to string, total int) g.Node {
	v := q.View
	options := []page.Option{{Value: "", Label: v.T("All states")}}
	for _, s := range store.Statuses {
		options = append(options, page.Option{Value: string(s), Label: v.T(statusWords[s].text)})
	}
	f := page.Filters{Action: to, SearchName: "q", SearchLabel: v.T("Search learners by name"), Query: in.Query, Keep: map[string]string{},
		Fields:  []g.Node{page.SmallSelect(page.Field{Name: "status", Label: v.T("State"), Value: in.Status}, options)},
		Summary: counted(v, total)}
	for name, id := range map[string]db.ID{"organization": in.Org, "team": in.Team} {
		if id != 0 {
			f.Keep[name] = id.String()
		}
	}
	if in.Status != "" {
		f.Chips = []page.Chip{{Label: v.T(statusWords[store.Status(in.Status)].text), Remove: without(q, "status")}}
		f.Clear = to
	}
	return f.Node(v)
}

// enrolPage asks whom to enrol, by picker or by a pasted list, and shows what that would do (LM-5, BE-2).
func enrolPage(q *shell.Req) error {
	var in action.OneCourse
	if err := q.Fill(&in); err != nil {
		return err
	}
	course, err := shell.RunWith(q, action.ShowCourse, action.OneCourse{Course: in.Course})
	if err != nil {
		return err
	}
	if !course.MayEnrol {
		return store.NotAllowed(q.Actor.May(access.CourseEnrollOthers))
	}
	people, err := q.People("accounts")
	if err != nil {
		return err
	}
	v := q.View
	people.Field.Label, people.Field.Required = v.T("People"), true
	to := "/courses/" + course.ID.String()
	form := q.Form(to+"/enrol", page.Button(v.T("Enrol")), people.Node(v), q.Preview())
	form.Preview = to + "/enrol"
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), to))
	others := []g.Node{page.Muted(v.T("You find those whom you may see. Others enrol themselves where the course is in the catalog.") + " ")}
	if course.MayConfigure {
		others = append(others, page.TextLink(v.T("In the catalog"), to+"/listing"))
	}
	return q.Show(v.T("Enrol people in {name}", "name", course.Name), courseCrumbs(v, course, page.Link{Label: v.T("Enrol people")}),
		page.Header(v.T("Enrol people in {name}", "name", course.Name), v.T("People who have accounts. Nobody is enrolled unless every line is somebody.")), form.Node(v), g.Group(others))
}

// enrolPeople takes the picker's text as the lines of a pasted list.
func enrolPeople(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	q.R.PostForm["lines"] = page.Lines(q.R.PostForm.Get(page.TextName("accounts")))
	if q.R.Header.Get("X-Preview") != "" || q.R.PostForm.Has("_preview") {
		return foreseeEnrol(q)
	}
	return shell.Submit(action.EnrolPeople, "/courses/{course}").Says(page.Say("They are enrolled.")).On(enrolPage).Serve(q)
}

// foreseeEnrol tells who would be enrolled, who is already, and who would gain what by it.
func foreseeEnrol(q *shell.Req) error {
	var in action.EnrolInput
	if err := q.Fill(&in); err != nil {
		return err
	}
	part := q.R.Header.Get("X-Preview") != ""
	out, effects, err := action.EnrolPeople.Preview(q.Ctx(), q.Env(), q.Who, in)
	switch {
	case err != nil && !shell.Again(err):
		return err
	case err != nil && part:
		return q.Part(q.StatusOf(err), page.Notice(page.Warn, g.Text(q.Sentence(err))))
	case err != nil:
		return q.Again(err, enrolPage)
	}
	v := q.View
	said := []g.Node{page.Notice(page.Info, g.Text(v.N("{n} person would be enrolled: {names}", "{n} people would be enrolled: {names}", len(out.Enrolled), "names", namesOf(out.Enrolled))))}
	if len(out.Already) > 0 {
		said = append(said, page.Notice(page.Plain, g.Text(v.N("{n} person is enrolled already: {names}", "{n} people are enrolled already: {names}", len(out.Already), "names", namesOf(out.Already)))))
	}
	if effects.Affected > 0 {
		said = append(said, shell.EffectsOf(effects).Node(v))
	}
	q.Effects = g.Group(said)
	if part {
		return q.Part(http.StatusOK, q.Effects)
	}
	q.Typed = q.R.PostForm
	return enrolPage(q)
}

// shownNames is how many names a sentence lists.
const shownNames = 20

func namesOf(list []action.Named) string {
	var out []string
	for _, n := range list[:min(len(list), shownNames)] {
		out = append(out, n.Name)
	}
	if len(list) > shownNames {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

// confirmUnenrol asks before a learner is taken out of a course.
func confirmUnenrol(q *shell.Req) error {
	var in action.OneEnrolment
	if err := q.Fill(&in); err != nil {
		return err
	}
	course, err := shell.RunWith(q, action.ShowCourse, action.OneCourse{Course: in.Course})
	if err != nil {
		return err
	}
	if !course.MayEnrol {
		return store.NotAllowed(q.Actor.May(access.CourseEnrollOthers))
	}
	e, err := shell.RunWith(q, action.ShowEnrolment, in)
	if err != nil {
		return err
	}
	v := q.View
	to := "/courses/" + course.ID.String()
	return q.Show(v.T("Take {name} out of {course}?", "name", e.Learner.Name, "course", course.Name), courseCrumbs(v, course, page.Link{Label: e.Learner.Name}),
		page.Header(e.Learner.Name, course.Name),
		page.Confirm{Title: v.T("Take {name} out of {course}?", "name", e.Learner.Name, "course", course.Name),
			Text:   v.T("Results and progress stay in the reports, and come back when {name} is enrolled again.", "name", e.Learner.Name),
			Losses: []string{v.T("{name} cannot open the course any more, from the next click.", "name", e.Learner.Name)},
			Action: to + "/enrolments/" + e.ID.String() + "/end", Button: v.T("Take out of the course"), Cancel: to}.Node(v))
}

// myCourses are the courses of the person who is signed in, for the home page; nothing for who has none.
func myCourses(q *shell.Req) (g.Node, error) {
	out, err := shell.RunWith(q, action.ListMyEnrolments, action.MyEnrolmentQuery{Size: 200})
	if err != nil || len(out.Items) == 0 {
		return nil, err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, e := range out.Items {
		href := ""
		if e.Open {
			href = "/courses/" + e.Course.ID.String() + "/outline"
		}
		cells := progressCells(v, e) // fewer than where others are listed, so that a phone shows them all
		rows[i] = page.Row{Muted: !e.Open, Href: href, Cells: []g.Node{page.Named(e.Course.Name, e.CourseCode), page.LinesOf(cells[1], cells[0]), cells[2]}}
	}
	columns := []page.Column{{Title: v.T("Course"), Wide: true}, {Title: v.T("Progress"), NoWrap: true}, {Title: v.T("Score"), Align: page.End}}
	return page.SectionWith(v.T("My courses"), []g.Node{page.LinkButton(v.T("My certificates"), "/certificates")}, page.Table{Caption: v.T("My courses"), Columns: columns, Rows: rows}.Node(v)), nil
}
