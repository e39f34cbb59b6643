package learning

import (
	"provost/internal/action/learning"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func areaRoutes(s *shell.Server) {
	s.Get("/courses/{course}/areas", learning.ShowAreas, editAreas)
	s.Post("/courses/{course}/areas", shell.Submit(learning.SaveAreas, "/courses/{course}/areas").Says(page.Say("{name} is saved.")).On(editAreas))
}

// areaNames are what can be closed, as learners know it.
var areaNames = map[string]string{"course.view": page.Say("Lessons and assessments: the whole course"), "course.submit": page.Say("Handing in: assignments, quizzes and surveys"),
	"course.collaborate": page.Say("Discussion and announcements"), "course.view_own_grades": page.Say("Own grades and feedback")}

// editAreas closes parts of a course to its learners.
func editAreas(q *shell.Req) error {
	out, err := shell.Run(q, learning.ShowAreas)
	if err != nil {
		return err
	}
	v := q.View
	fields := []g.Node{}
	for _, a := range out.Items {
		field := q.Field("closed", v.T(areaNames[a.Key]), a.Key)
		field.Value, field.ID = a.Key, "f-closed-"+a.Key
		fields = append(fields, page.Checkbox(field, a.Closed))
	}
	title := v.T("Close areas of {name}", "name", out.Course.Name)
	return q.Show(title, courseCrumbs(v, out.Course, page.Link{Label: v.T("Areas")}),
		page.Header(title, v.T("What is ticked is closed to the learners at their next click. Those who teach the course go on, and progress and grades stay.")),
		q.Form("/courses/"+out.Course.ID.String()+"/areas", page.Button(v.T("Save")), fields...).Node(v))
}
