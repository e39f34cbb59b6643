package path

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store/path"
)

var deleteOps = []op.Any{ForeseePathEnd, DeletePath}

// PathLosses is what ends with a path, and what stays of it.
type PathLosses struct {
	Path     Ref  `json:"path"`
	Archived bool `json:"archived"`
	Learners int  `json:"learners" doc:"Who is on it now, and would be off it."`
	Records  int  `json:"records" doc:"Whose way along it stays in reports."`
	Admins   int  `json:"administrators"`
	Goals    int  `json:"goals"`
	Policies int  `json:"policies" doc:"How many policies are bound to it."`
}

func lossesOf(c *op.Call, p path.Path) (PathLosses, error) {
	l, err := path.LossesOf(c, c.Tx, p, c.Now)
	return PathLosses{Ref{p.ID, p.Name}, !p.Archived.IsZero(), l.Learners, l.Records, l.Admins, l.Goals, l.Policies}, err
}

// ForeseePathEnd says what deleting a path would take away, before it is done.
var ForeseePathEnd = &op.Op[OnePath, PathLosses]{
	Name:  "path.losses",
	Route: "GET /paths/{path}/losses",
	Doc:   "Says what deleting a learning path would take away, and what stays of it.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in OnePath) (PathLosses, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return PathLosses{}, err
		}
		return lossesOf(c, p)
	},
}

// PathEnd asks to delete a path.
type PathEnd struct {
	OnePath
	Name string `json:"name" doc:"The path's name, typed once more."`
}

// DeletePath takes a path away for good (RT-2). Courses that it opened and certificates stay.
var DeletePath = &op.Op[PathEnd, PathLosses]{
	Name:  "path.delete",
	Route: "DELETE /paths/{path}",
	Doc:   "Deletes a learning path, for which its name is typed. Nobody opens it any more, and every role in it ends. Courses that it opened, progress and certificates stay.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in PathEnd) (PathLosses, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return PathLosses{}, err
		}
		if form.Tidy(in.Name) != form.Tidy(p.Name) {
			return PathLosses{}, fail.Wrong("name", "This is not the path's name.")
		}
		lost, err := lossesOf(c, p)
		if err != nil {
			return lost, err
		}
		c.Audit(p.Thing(), p.Name, lost)
		return lost, path.Delete(c, c.Tx, p, c.By(), c.Now)
	},
}
