package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// LessonLine is a line of a course's outline: a lesson, with its state in words as well as in a sign.
type LessonLine struct {
	ID, Title, Href string
	// Note stands behind the title: when it opens, or what comes first.
	Note string
	// Taken: the reader is a learner of the course. Done and Closed say how far they are; Here marks where to go on.
	Taken, Done, Closed, Here bool
	Menu                      g.Node
}

func (l LessonLine) node(v View) g.Node {
	icon, state := "", v.T("Not done yet")
	switch {
	case l.Done:
		icon, state = "check", v.T("Done")
	case l.Closed:
		icon, state = "lock", v.T("Not open yet")
	}
	class := "lesson"
	if l.Done {
		class += " done"
	}
	if l.Here {
		class += " here"
	}
	return h.Li(h.Class(class), h.ID("lesson-"+l.ID), h.Data("lesson", l.ID),
		g.If(l.Taken, h.Span(h.Class("lesson-mark"), Icon(icon), h.Span(h.Class("sr"), g.Text(state)))),
		h.Div(h.Class("lesson-text"), h.A(h.Href(l.Href), g.Text(l.Title)), g.If(l.Note != "", h.Small(g.Text(l.Note)))),
		g.Iff(l.Menu != nil, func() g.Node { return l.Menu }))
}

// LessonSection is a section of a course's outline, with what can be done with it beside its title.
type LessonSection struct {
	ID, Title string
	Actions   []g.Node
	Lessons   []LessonLine
	// Empty is said of a section without lessons.
	Empty string
}

// Outline is a course's sections and lessons. Where Arrange is not empty, lessons can be dragged, and their new order is posted
// there as "order": section:lesson,lesson;section:… The menus of the lines do the same by keyboard.
type Outline struct {
	Sections []LessonSection
	Arrange  string
}

// Node is the outline.
func (o Outline) Node(v View) g.Node {
	sections := g.Group{}
	for _, s := range o.Sections {
		lines := g.Group{}
		for _, l := range s.Lessons {
			lines = append(lines, l.node(v))
		}
		sections = append(sections, h.Section(h.Class("section"), h.ID("section-"+s.ID),
			h.Div(h.Class("section-head"), h.H2(g.Text(s.Title)), h.Div(h.Class("actions"), g.Group(s.Actions))),
			h.Ol(h.Class("lessons"), h.Data("section", s.ID), h.Aria("label", s.Title), lines),
			g.If(len(s.Lessons) == 0, h.P(h.Class("muted"), g.Text(s.Empty)))))
	}
	return h.Div(h.Class("outline"), g.If(o.Arrange != "", h.Data("arrange", o.Arrange)), sections,
		g.If(o.Arrange != "", h.Form(h.Method("post"), h.Action(o.Arrange), Hidden("order", ""))))
}

// LivePreview is where a form's Preview is shown, where it is no change of access but how something will look.
func LivePreview(label string, now ...g.Node) g.Node {
	return h.Div(h.Class("live"), h.H2(g.Text(label)), h.Div(h.Class("live-out"), g.Attr("data-preview-out"), h.Role("region"), h.Aria("label", label), h.TabIndex("0"), g.Group(now)))
}

// PrevNext are the ways to what is before and after this page, with a deed between them.
func PrevNext(label string, prev, deed, next g.Node) g.Node {
	return h.Nav(h.Class("prev-next"), h.Aria("label", label), h.Div(prev), h.Div(deed), h.Div(next))
}
