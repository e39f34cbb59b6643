package shell

import (
	"provost/internal/action"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// CourseTabs are links to the parts of the address's course that are open to who asks; none where there is one at most.
func (q *Req) CourseTabs() g.Node {
	parts, err := Run(q, action.ShowCourseParts)
	if err != nil {
		return nil
	}
	v, at := q.View, "/courses/"+q.R.PathValue("course")
	var tabs []page.Tab
	add := func(open bool, label, part string) {
		if open {
			tabs = append(tabs, page.Tab{Label: label, Href: at + part, Current: q.R.URL.Path == at+part})
		}
	}
	add(parts.Content, v.T("Content"), "/outline")
	add(parts.Writing, v.T("Assessments"), "/assessments")
	add(parts.Learners, v.T("Learners"), "")
	add(parts.Grading, v.T("Gradebook"), "/gradebook")
	add(parts.Grades && !parts.Grading, v.T("Grades"), "/grades")
	add(parts.Discussion, v.T("Discussion"), "/discussion")
	add(parts.Help, v.T("Who needs help"), "/help")
	add(parts.Content, v.T("Completion"), "/completion")
	add(parts.Content, v.T("Who teaches it"), "/staff")
	if len(tabs) < 2 {
		return nil
	}
	return page.Tabs(v.T("Parts of the course"), tabs...)
}
