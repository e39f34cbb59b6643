package learning

import (
	"provost/internal/action/learning"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func lifeRoutes(s *shell.Server) {
	s.Get("/courses/{course}/archive", learning.ForeseeArchive, confirmArchive)
	s.Post("/courses/{course}/archive", shell.Submit(learning.ArchiveCourse, "/courses/{id}").Says(page.Say("{name} is archived: it is read-only.")).On(confirmArchive))
	s.Post("/courses/{course}/restore", shell.Submit(learning.RestoreCourse, "/courses/{id}").Says(page.Say("{name} is restored.")))
	s.Get("/courses/{course}/delete", learning.ForeseeCourseEnd, confirmDelete)
	s.Post("/courses/{course}/delete", shell.Submit(learning.DeleteCourse, "/").Says(page.Say("{name} is deleted.")).On(confirmDelete))
}

// recordCrumbs lead back to a course's record.
func recordCrumbs(v page.View, name, to, here string) g.Node {
	return page.Crumbs(v, page.Link{Label: v.T("Home"), Href: "/"}, page.Link{Label: name, Href: to}, page.Link{Label: here})
}

// confirmArchive says what archiving does before it is done.
func confirmArchive(q *shell.Req) error {
	out, err := shell.Run(q, learning.ForeseeArchive)
	if err != nil {
		return err
	}
	v, to := q.View, "/courses/"+out.Course.ID.String()
	title := v.T("Archive {name}?", "name", out.Course.Name)
	var losses []string
	if out.Learners > 0 {
		losses = append(losses, v.N("{n} learner can only read it.", "{n} learners can only read it.", out.Learners))
	}
	return q.Show(title, recordCrumbs(v, out.Course.Name, to, v.T("Archive")), page.Header(title, ""),
		page.Confirm{Title: title, Losses: losses, Text: v.T("Nobody changes anything in it, enrols in it or hands anything in any more, and it leaves the catalog. Whoever could open it reads it on, and it stays in reports. It can be restored at any time."),
			Action: to + "/archive", Button: v.T("Archive {name}", "name", out.Course.Name), Cancel: to}.Node(v))
}

// confirmDelete says what ends with a course and what stays, and asks for its name.
func confirmDelete(q *shell.Req) error {
	out, err := shell.Run(q, learning.ForeseeCourseEnd)
	if err != nil {
		return err
	}
	v, to := q.View, "/courses/"+q.R.PathValue("course")
	var losses []string
	for _, line := range []struct {
		n    int
		text string
	}{{out.Learners, v.N("{n} learner is out of it.", "{n} learners are out of it.", out.Learners)}, {out.Staff, v.N("{n} person teaches it no more.", "{n} people teach it no more.", out.Staff)},
		{out.Lessons, v.N("{n} lesson is gone.", "{n} lessons are gone.", out.Lessons)}, {out.Policies, v.N("{n} policy is bound to it no more.", "{n} policies are bound to it no more.", out.Policies)}} {
		if line.n > 0 {
			losses = append(losses, line.text)
		}
	}
	title := v.T("Delete {name}?", "name", out.Name)
	name := q.Field("name", v.T("The course's name"), "")
	name.Required, name.Autocomplete = true, "off"
	name.Hint = v.T("Type it: {name}", "name", out.Name)
	body := []g.Node{recordCrumbs(v, out.Name, to, v.T("Delete")), page.Header(title, "")}
	if !out.Archived {
		body = append(body, page.Notice(page.Info, g.Text(v.T("To keep it for reading, archive it instead: that can be taken back.")+" "), page.TextLink(v.T("Archive"), to+"/archive")))
	}
	stays := v.T("This cannot be undone.")
	if out.Records > 0 {
		stays += " " + v.N("The record of {n} learner, with their progress and results, stays in reports.", "The records of {n} learners, with their progress and results, stay in reports.", out.Records)
	}
	return q.Show(title, append(body, page.Confirm{Title: title, Text: stays, Losses: losses, Action: to + "/delete", Button: v.T("Delete {name}", "name", out.Name),
		Cancel: to, Fields: []g.Node{page.Input(v, name)}}.Node(v))...)
}

// archivedNotice says that a course is read-only.
func archivedNotice(v page.View) g.Node {
	return page.Notice(page.Info, g.Text(v.T("This course is archived: it can be read, and nothing in it is changed.")))
}
