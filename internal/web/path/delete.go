package path

import (
	"provost/internal/action/path"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func deleteRoutes(s *shell.Server) {
	s.Get("/paths/{path}/delete", path.ForeseePathEnd, confirmDelete)
	s.Post("/paths/{path}/delete", shell.Submit(path.DeletePath, "/manage/paths").Says(page.Say("The path is deleted.")).On(confirmDelete))
}

// confirmDelete says what ends with a path and what stays, and asks for its name.
func confirmDelete(q *shell.Req) error {
	out, err := shell.Run(q, path.ForeseePathEnd)
	if err != nil {
		return err
	}
	v, to := q.View, "/paths/"+out.Path.ID.String()
	var losses []string
	for _, line := range []struct {
		n    int
		text string
	}{{out.Learners, v.N("{n} learner is off it.", "{n} learners are off it.", out.Learners)}, {out.Goals, v.N("{n} goal is gone.", "{n} goals are gone.", out.Goals)},
		{out.Admins, v.N("{n} person administers it no more.", "{n} people administer it no more.", out.Admins)}, {out.Policies, v.N("{n} policy is bound to it no more.", "{n} policies are bound to it no more.", out.Policies)}} {
		if line.n > 0 {
			losses = append(losses, line.text)
		}
	}
	title := v.T("Delete {name}?", "name", out.Path.Name)
	name := q.Field("name", v.T("The path's name"), "")
	name.Required, name.Autocomplete = true, "off"
	name.Hint = v.T("Type it: {name}", "name", out.Path.Name)
	body := []g.Node{pathCrumbs(q, out.Path, page.Link{Label: v.T("Delete")}), page.Header(title, "")}
	if !out.Archived {
		body = append(body, page.Notice(page.Info, g.Text(v.T("To keep it, archive it instead: that can be taken back.")+" "), page.TextLink(v.T("Edit"), to+"/edit")))
	}
	stays := v.T("This cannot be undone. Courses that it opened stay open, with progress and certificates.")
	if out.Records > 0 {
		stays += " " + v.N("How far {n} person came along it stays in reports.", "How far {n} people came along it stays in reports.", out.Records)
	}
	return q.Show(title, append(body, page.Confirm{Title: title, Text: stays, Losses: losses, Action: to + "/delete", Button: v.T("Delete {name}", "name", out.Path.Name),
		Cancel: to, Fields: []g.Node{page.Input(v, name)}}.Node(v))...)
}
