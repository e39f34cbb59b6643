package web

import (
	"provost/internal/action/path"
	pages "provost/internal/web/path"
	"provost/internal/web/shell"
)

func personPathRoutes(s *shell.Server) {
	s.Get("/people/{account}/paths", path.ListPathsOf, showPersonPaths)
	s.Get("/people/{account}/paths/{path}", path.ShowPathOf, showPersonPath)
}

// showPersonPaths are the learning paths of a person whose courses the actor may see.
func showPersonPaths(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	out, err := shell.Run(q, path.ListPathsOf)
	if err != nil {
		return err
	}
	return q.Show(a.Name, personFrame(q, a, "paths"), pages.PathsOf(q.View, out, "/people/"+a.ID.String()+"/paths"))
}

// showPersonPath is one of them, goal by goal.
func showPersonPath(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	out, err := shell.Run(q, path.ShowPathOf)
	if err != nil {
		return err
	}
	return q.Show(a.Name, personFrame(q, a, "paths"), pages.StepsOf(q.View, out))
}
