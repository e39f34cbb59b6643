// Package learning holds the pages on which courses are written and taken.
package learning

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action/learning"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// Routes are the pages of this area.
func Routes(s *shell.Server) {
	s.Get("/courses/{course}/outline", learning.ShowOutline, showOutline, shell.Kept)
	s.PostTo("/courses/{course}/outline", learning.Arrange, arrange)
	s.Post("/courses/{course}/sections", shell.Submit(learning.AddSection, "/courses/{course}/outline").Says(page.Say("{title} is added.")).On(showOutline))
	s.Get("/courses/{course}/sections/{section}/edit", learning.ShowOutline, renameSection)
	s.Post("/courses/{course}/sections/{section}", shell.Submit(learning.RenameSection, "/courses/{course}/outline").Says(page.Say("{name} is saved.")).On(renameSection))
	s.Get("/courses/{course}/sections/{section}/delete", learning.ShowOutline, confirmDropSection)
	s.Post("/courses/{course}/sections/{section}/delete", shell.Submit(learning.DropSection, "/courses/{course}/outline").Says(page.Say("{name} is deleted.")))
	lessonRoutes(s)
	fileRoutes(s)
	staffRoutes(s)
	lifeRoutes(s)
	copyRoutes(s)
	catalogRoutes(s)
	areaRoutes(s)
	uploadRoutes(s)
}

// showOutline is what a course is made of: a learner goes on from here, and who writes the course arranges it.
func showOutline(q *shell.Req) error {
	out, err := shell.Run(q, learning.ShowOutline)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	sections := page.Outline{}
	if out.MayEdit {
		sections.Arrange = at + "/outline"
	}
	for i, s := range out.Sections {
		if len(s.Order) == 0 && !out.MayEdit {
			continue
		}
		sections.Sections = append(sections.Sections, outlineSection(v, out, i))
	}
	body := []g.Node{courseCrumbs(v, out.Course), page.Header(out.Course.Name, out.About, goOn(v, out)...), q.CourseTabs()}
	if out.Archived {
		body = append(body, archivedNotice(v))
	}
	if out.Own != nil {
		body = append(body, ownWay(v, *out.Own, out.Lessons))
	}
	if len(sections.Sections) == 0 && len(out.Works) == 0 {
		text := v.T("Nothing has been written yet. What is taught appears here.")
		if out.MayEdit {
			text = v.T("Begin with a section, such as “Week 1”. Lessons stand in sections.")
		}
		body = append(body, page.Empty(v.T("This course is empty"), text))
	} else {
		body = append(body, sections.Node(v))
	}
	if len(out.Works) > 0 {
		body = append(body, page.Section(v.T("Assessments"), page.Muted(v.T("These were taken over from another system.")), page.Outline{Sections: []page.LessonSection{otherWorks(v, out)}}.Node(v)))
	}
	if out.MayEdit {
		title := q.Field("title", v.T("New section"), "")
		title.Required = true
		body = append(body, q.Form(at+"/sections", page.Secondary(v.T("Add the section")), page.Input(v, title)).Node(v),
			page.Inline(page.LinkButton(v.T("Upload lessons"), at+"/upload")))
	}
	return q.Show(out.Course.Name, body...)
}

func courseCrumbs(v page.View, course learning.Ref, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Home"), Href: "/"}, {Label: course.Name, Href: "/courses/" + course.ID.String() + "/outline"}}, more...)...)
}

// goOn leads a learner on.
func goOn(v page.View, out learning.Outline) []g.Node {
	if out.Own == nil || out.Own.Next == nil {
		return nil
	}
	label := v.T("Go on: {name}", "name", out.Own.Next.Name)
	if out.Own.Done == 0 {
		label = v.T("Begin: {name}", "name", out.Own.Next.Name)
	}
	return []g.Node{page.PrimaryLink(label, stepAt(out.Course.ID, *out.Own.Next))}
}

// ownWay says how far a learner has come.
func ownWay(v page.View, own learning.OwnWay, lessons int) g.Node {
	text := v.T("{done} of {lessons} lessons done", "done", own.Done, "lessons", lessons)
	if own.Status == "completed" {
		text = v.T("You have completed this course.")
	}
	return page.Inline(page.Muted(text), page.ProgressBar(v, own.Progress/100))
}

func lessonAt(course, lesson db.ID) string {
	return "/courses/" + course.String() + "/lessons/" + lesson.String()
}

func workAt(course, work db.ID) string {
	return "/courses/" + course.String() + "/assessments/" + work.String()
}

// stepAt is the page of a lesson or a work.
func stepAt(course db.ID, x learning.Step) string {
	if x.Work {
		return workAt(course, x.ID)
	}
	return lessonAt(course, x.ID)
}

// otherWorks are the works that stand in no section.
func otherWorks(v page.View, out learning.Outline) page.LessonSection {
	line := page.LessonSection{ID: "others"}
	for _, w := range out.Works {
		line.Lessons = append(line.Lessons, workLine(v, out, w))
	}
	return line
}

func workLine(v page.View, out learning.Outline, w learning.WorkItem) page.LessonLine {
	return page.LessonLine{ID: w.ID.String(), Title: w.Title, Href: workAt(out.Course.ID, w.ID), Note: workNote(v, w), Done: w.Done, Closed: w.Closed, Taken: out.Own != nil,
		Here: out.Own != nil && out.Own.Next != nil && out.Own.Next.ID == w.ID}
}

// workNote says what kind of work it is, when it opens and is due.
func workNote(v page.View, w learning.WorkItem) string {
	notes := []string{shell.WorkKind(v, w.Kind)}
	if w.Closed && w.Opens != nil {
		notes = append(notes, v.T("Opens on {day}", "day", v.DateTime(*w.Opens)))
	}
	if w.Due != nil {
		notes = append(notes, v.T("Due {day}", "day", v.DateTime(*w.Due)))
	}
	if w.After != nil && !w.Done {
		notes = append(notes, v.T("After {name}", "name", w.After.Name))
	}
	return strings.Join(slices.DeleteFunc(notes, func(n string) bool { return n == "" }), " · ")
}

func outlineSection(v page.View, out learning.Outline, i int) page.LessonSection {
	s := out.Sections[i]
	at := "/courses/" + out.Course.ID.String()
	line := page.LessonSection{ID: s.ID.String(), Title: s.Title, Empty: v.T("No lessons yet.")}
	for j, id := range s.Order {
		x := partLine(v, out, s, id)
		if out.MayEdit {
			first, last := i == 0 && j == 0, i == len(out.Sections)-1 && j == len(s.Order)-1
			x.Menu = page.Menu(v.T("Actions for {name}", "name", x.Title), append([]page.MenuItem{{Label: v.T("Edit"), Icon: "edit", Href: x.Href + "/edit"}},
				append(moves(v, at, "lesson", id, first, last), page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: x.Href + "/delete", Danger: true})...)...)
		}
		line.Lessons = append(line.Lessons, x)
	}
	if out.MayEdit {
		to := at + "/sections/" + s.ID.String()
		line.Actions = []g.Node{page.LinkButton(v.T("Add a lesson"), at+"/lessons/new?section="+s.ID.String()),
			page.LinkButton(v.T("Add an assessment"), at+"/assessments/new?section="+s.ID.String()),
			page.Menu(v.T("Actions for {name}", "name", s.Title), append([]page.MenuItem{{Label: v.T("Rename"), Icon: "edit", Href: to + "/edit"}},
				append(moves(v, at, "section", s.ID, i == 0, i == len(out.Sections)-1), page.MenuItem{Label: v.T("Delete"), Icon: "trash", Href: to + "/delete", Danger: true})...)...)}
	}
	return line
}

// partLine is the lesson or the work of an id in a section.
func partLine(v page.View, out learning.Outline, s learning.SectionItem, id db.ID) page.LessonLine {
	for _, w := range s.Works {
		if w.ID == id {
			return workLine(v, out, w)
		}
	}
	for _, l := range s.Lessons {
		if l.ID == id {
			return page.LessonLine{ID: l.ID.String(), Title: l.Title, Href: lessonAt(out.Course.ID, l.ID), Note: lessonNote(v, l), Done: l.Done != nil, Closed: l.Closed, Taken: out.Own != nil,
				Here: out.Own != nil && out.Own.Next != nil && out.Own.Next.ID == l.ID}
		}
	}
	return page.LessonLine{}
}

// moves are the lines of a menu that put a section or a lesson one place up or down.
func moves(v page.View, at, what string, id db.ID, first, last bool) (out []page.MenuItem) {
	if !first {
		out = append(out, page.MenuItem{Label: v.T("Move up"), Icon: "up", Post: at + "/outline", Pairs: []string{what, id.String(), "to", "up"}})
	}
	if !last {
		out = append(out, page.MenuItem{Label: v.T("Move down"), Icon: "down", Post: at + "/outline", Pairs: []string{what, id.String(), "to", "down"}})
	}
	return out
}

// lessonNote says when a lesson opens to learners.
func lessonNote(v page.View, l learning.LessonItem) string {
	var notes []string
	if l.Video {
		notes = append(notes, v.T("Film"))
	}
	if l.Opens != nil {
		day := v
		day.Zone = nil // a day is the same day everywhere
		notes = append(notes, v.T("Opens on {day}", "day", day.Date(*l.Opens)))
	}
	if l.After != nil && l.Done == nil {
		notes = append(notes, v.T("After {name}", "name", l.After.Name))
	}
	return strings.Join(notes, " · ")
}

// arrange takes a whole new order, or one step of a section or a lesson.
func arrange(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	out, err := shell.Run(q, learning.ShowOutline)
	if err != nil {
		return err
	}
	form := q.R.PostForm
	in := learning.Order{OneCourse: learning.OneCourse{Course: out.Course.ID}}
	to := "/courses/" + out.Course.ID.String() + "/outline"
	if order := form.Get("order"); order != "" {
		in.Sections, err = readOrder(order)
	} else {
		in.Sections, err = step(out, form.Get("section"), form.Get("lesson"), form.Get("to"))
	}
	if err != nil {
		return err
	}
	if _, err := shell.RunWith(q, learning.Arrange, in); err != nil {
		return err
	}
	for _, what := range []string{"lesson", "section"} {
		if id := form.Get(what); id != "" {
			to += "#" + what + "-" + id
		}
	}
	return q.Redirect(to, page.Good, q.T("The order is saved."))
}

// readOrder reads what the script sends: section:lesson,lesson;section:…
func readOrder(text string) (out []learning.ArrangedSection, err error) {
	for part := range strings.SplitSeq(text, ";") {
		section, lessons, _ := strings.Cut(part, ":")
		var a learning.ArrangedSection
		if err := a.Section.UnmarshalText([]byte(section)); err != nil {
			return nil, fail.Wrong("order", "This order cannot be read.")
		}
		for id := range strings.SplitSeq(lessons, ",") {
			var l db.ID
			if err := l.UnmarshalText([]byte(id)); err != nil {
				return nil, fail.Wrong("order", "This order cannot be read.")
			}
			if l != 0 {
				a.Order = append(a.Order, l)
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// step is the order in which a section, or a lesson, stands one place further up or down; a lesson or work leaves its section at its ends.
func step(out learning.Outline, section, lesson, to string) ([]learning.ArrangedSection, error) {
	by := map[string]int{"up": -1, "down": 1}[to]
	order := make([]learning.ArrangedSection, len(out.Sections))
	i, j := -1, -1
	for s, x := range out.Sections {
		order[s].Section = x.ID
		if x.ID.String() == section {
			i = s
		}
		for n, id := range x.Order {
			order[s].Order = append(order[s].Order, id)
			if id.String() == lesson {
				i, j = s, n
			}
		}
	}
	if i < 0 || by == 0 {
		return nil, fail.Missing("lesson")
	}
	next := i + by
	inside := j >= 0 && j+by >= 0 && j+by < len(order[i].Order)
	switch {
	case inside:
		list := order[i].Order
		list[j], list[j+by] = list[j+by], list[j]
	case next < 0 || next >= len(order):
	case j < 0:
		order[i], order[next] = order[next], order[i]
	case by < 0:
		order[next].Order, order[i].Order = append(order[next].Order, order[i].Order[j]), order[i].Order[1:]
	default:
		order[next].Order, order[i].Order = append([]db.ID{order[i].Order[j]}, order[next].Order...), order[i].Order[:j]
	}
	return order, nil
}

// outlineToEdit is the course's outline, for who may write it.
func outlineToEdit(q *shell.Req) (learning.Outline, error) {
	out, err := shell.Run(q, learning.ShowOutline)
	if err == nil && !out.MayEdit {
		err = store.NotAllowed(q.Actor.May(access.CourseAddContent))
	}
	return out, err
}

// findSection is a section of the course, for who may write it.
func findSection(q *shell.Req) (out learning.Outline, s learning.SectionItem, err error) {
	if out, err = outlineToEdit(q); err != nil {
		return out, s, err
	}
	for _, s := range out.Sections {
		if s.ID.String() == q.R.PathValue("section") {
			return out, s, nil
		}
	}
	return out, s, fail.Missing("section")
}

func renameSection(q *shell.Req) error {
	out, s, err := findSection(q)
	if err != nil {
		return err
	}
	v := q.View
	title := q.Field("title", v.T("Title"), s.Title)
	title.Required = true
	to := "/courses/" + out.Course.ID.String()
	form := q.Form(to+"/sections/"+s.ID.String(), page.Button(v.T("Save")), page.Input(v, title))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to+"/outline"))
	return q.Show(v.T("Edit {name}", "name", s.Title), courseCrumbs(v, out.Course, page.Link{Label: s.Title}), page.Header(v.T("Edit {name}", "name", s.Title), ""), form.Node(v))
}

func confirmDropSection(q *shell.Req) error {
	out, s, err := findSection(q)
	if err != nil {
		return err
	}
	v := q.View
	at := "/courses/" + out.Course.ID.String()
	if len(s.Works) > 0 {
		return fail.New(fail.Conflict, "This section holds assessments. Move them to another section, or delete them first.")
	}
	losses := make([]string, len(s.Lessons))
	for i, l := range s.Lessons {
		losses[i] = v.T("{name}, and which learners have done it", "name", l.Title)
	}
	title := v.T("Delete {name}?", "name", s.Title)
	return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: s.Title}), page.Header(title, ""),
		page.Confirm{Title: v.T("This cannot be undone"), Text: v.T("The learners' progress is counted anew without it. A course that was completed stays so."), Losses: losses,
			Action: at + "/sections/" + s.ID.String() + "/delete", Button: v.T("Delete {name}", "name", s.Title), Cancel: at + "/outline"}.Node(v))
}
