package path

import (
	"cmp"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/named"
	"provost/internal/store/path"
)

var learnerOps = []op.Any{ListPathLearners, EnrolInPath, EndPathLearner, ListPathAdmins, AddPathAdmin, EndPathAdmin, ListOwnPaths, JoinPath, LeavePath}

// PathQuery asks for a part of what belongs to a path.
type PathQuery struct {
	OnePath
	ListQuery
}

// PathLearner is somebody who is in a path.
type PathLearner struct {
	ID        db.ID      `json:"id" doc:"Of their place in the path."`
	Learner   Ref        `json:"learner"`
	Enrolled  time.Time  `json:"enrolled_at"`
	Completed *time.Time `json:"completed_at,omitempty"`
	Reached   int        `json:"reached" doc:"How many goals they have reached."`
}

// PathLearners are those who are in a path.
type PathLearners struct {
	Path      Ref           `json:"path"`
	Goals     int           `json:"goals" doc:"How many goals the path has."`
	MayChange bool          `json:"may_change"`
	Items     []PathLearner `json:"items"`
	Next      string        `json:"next,omitempty"`
	Prev      string        `json:"prev,omitempty"`
	Total     int           `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListPathLearners are those who are in a path, with how far they are, by name.
var ListPathLearners = &op.Op[PathQuery, PathLearners]{
	Name:  "path.list_learners",
	Route: "GET /paths/{path}/learners",
	Doc:   "Lists who is in a learning path, with how many of its goals they have reached.",
	Needs: []*access.Permission{access.PathEnrollOthers},
	Do: func(c *op.Call, in PathQuery) (out PathLearners, err error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathEnrollOthers), in.Path)
		if err != nil {
			return out, err
		}
		goals, err := path.GoalsOf(c, c.Tx, p)
		if err != nil {
			return out, err
		}
		list, err := path.ListLearners(c, c.Tx, p, in.Query, in.page(), c.Now)
		out = PathLearners{Path: Ref{p.ID, p.Name}, Goals: len(goals), MayChange: p.Archived.IsZero(), Items: make([]PathLearner, len(list.Items)), Next: list.Next, Prev: list.Prev, Total: list.Total}
		for i, l := range list.Items {
			out.Items[i] = PathLearner{l.ID, Ref{l.Account, l.Name}, l.Enrolled, known(l.Completed), l.Reached}
		}
		return out, err
	},
}

// NewLearners are people for a path.
type NewLearners struct {
	OnePath
	Accounts []db.ID  `json:"accounts,omitempty" doc:"People, by id."`
	Lines    []string `json:"lines,omitempty" doc:"People, by user name, e-mail address, code or whole name, one a line. A line that is not one person's is named, and then nobody is enrolled."`
}

// Check tells which fields have to be corrected.
func (in NewLearners) Check() error {
	switch {
	case len(in.Accounts) == 0 && strings.TrimSpace(strings.Join(in.Lines, "")) == "":
		return fail.Wrong("accounts", "Choose at least one person.")
	case len(in.Accounts)+len(in.Lines) > named.MaxLines:
		return fail.Wrong("accounts", "These are too many people at once.")
	}
	return nil
}

// Enrolled is how many people were enrolled.
type Enrolled struct {
	Enrolled int `json:"enrolled" doc:"How many people were enrolled; the others were in the path already."`
}

// EnrolInPath enrols people in a path; its courses open for them as they come due. Nobody enrols themselves by it, since staff would read by it
// what they may not open.
var EnrolInPath = &op.Op[NewLearners, Enrolled]{
	Name:  "path.enrol",
	Route: "POST /paths/{path}/learners",
	Doc:   "Enrols people in a learning path. Its courses open for them as they come due.",
	Needs: []*access.Permission{access.PathEnrollOthers, access.AccountList},
	Do: func(c *op.Call, in NewLearners) (out Enrolled, err error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathEnrollOthers), in.Path)
		if err != nil {
			return out, err
		}
		people, err := store.FindAccounts(c, c.Tx, c.May(access.AccountList), in.Accounts)
		if err != nil {
			return out, err
		}
		pasted, problems, err := named.People(c, c.Tx, c.May(access.AccountList), in.Lines)
		if err != nil {
			return out, err
		}
		if err := fail.Fields(problems).Err(); err != nil {
			return out, err
		}
		people = append(people, pasted...)
		for _, a := range people {
			if a.ID == c.Who.Account || a.ID == c.By() {
				return out, fail.New(fail.NotAllowed, "Nobody enrols themselves like this.")
			}
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"people": len(people)})
		out.Enrolled, err = path.Enrol(c, c.Tx, p, people, false, c.By(), c.Now)
		return out, err
	},
}

// OnePathLearner names somebody's place in a path.
type OnePathLearner struct {
	OnePath
	Learner db.ID `path:"learner" doc:"Their place in the path."`
}

// EndPathLearner takes somebody out of a path. Courses that were opened stay open.
var EndPathLearner = &op.Op[OnePathLearner, Ref]{
	Name:  "path.end_learner",
	Route: "DELETE /paths/{path}/learners/{learner}",
	Doc:   "Takes somebody out of a learning path. Courses that were opened for them stay open.",
	Needs: []*access.Permission{access.PathEnrollOthers},
	Do: func(c *op.Call, in OnePathLearner) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathEnrollOthers), in.Path)
		if err != nil {
			return Ref{}, err
		}
		l, err := path.FindLearner(c, c.Tx, p, in.Learner, c.Now)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"learner": l.Name})
		return Ref{l.Account, l.Name}, path.Leave(c, c.Tx, p, l, c.By(), c.Now)
	},
}

// PathAdmin is somebody who administers a path.
type PathAdmin struct {
	ID      db.ID     `json:"id" doc:"Of the grant."`
	Account Ref       `json:"account"`
	Since   time.Time `json:"since"`
}

// PathAdmins are those who administer a path.
type PathAdmins struct {
	Path  Ref         `json:"path"`
	Items []PathAdmin `json:"items"`
}

// ListPathAdmins are those who administer a path, by name (RT-2).
var ListPathAdmins = &op.Op[OnePath, PathAdmins]{
	Name:  "path.list_administrators",
	Route: "GET /paths/{path}/administrators",
	Doc:   "Lists who administers a learning path.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in OnePath) (out PathAdmins, err error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return out, err
		}
		list, err := path.AdminsOf(c, c.Tx, p, c.Now)
		out = PathAdmins{Ref{p.ID, p.Name}, make([]PathAdmin, len(list))}
		for i, x := range list {
			out.Items[i] = PathAdmin{x.Grant, Ref{x.Account, x.Name}, x.Since}
		}
		return out, err
	},
}

// NewPathAdmin is somebody who shall administer a path.
type NewPathAdmin struct {
	OnePath
	Account db.ID `json:"account" doc:"The person."`
}

// Check tells which fields have to be corrected.
func (in NewPathAdmin) Check() error {
	if in.Account == 0 {
		return fail.Wrong("account", "Choose a person.")
	}
	return nil
}

// AddPathAdmin makes somebody an administrator of a path. Nobody gives by it what they do not hold there (PT-2).
var AddPathAdmin = &op.Op[NewPathAdmin, Ref]{
	Name:  "path.add_administrator",
	Route: "POST /paths/{path}/administrators",
	Doc:   "Makes somebody an administrator of a learning path.",
	Needs: []*access.Permission{access.PathConfigure, access.AccountList},
	Do: func(c *op.Call, in NewPathAdmin) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return Ref{}, err
		}
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return Ref{}, err
		}
		list, err := path.AdminsOf(c, c.Tx, p, c.Now)
		if err != nil {
			return Ref{}, err
		}
		if len(list) >= path.MaxAdmins {
			return Ref{}, fail.New(fail.Conflict, "At most {n} people administer a path.", "n", path.MaxAdmins)
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"administrator": who.Name})
		return Ref{who.ID, who.Name}, store.Begin(c, c.Tx, store.NewGrant{Account: who.ID, Role: access.PathAdmin, At: p.Thing(), Since: c.Now, By: c.By()})
	},
}

// OnePathAdmin names an administrator of a path.
type OnePathAdmin struct {
	OnePath
	Admin db.ID `path:"administrator" doc:"The grant."`
}

// EndPathAdmin takes an administrator from a path.
var EndPathAdmin = &op.Op[OnePathAdmin, Ref]{
	Name:  "path.end_administrator",
	Route: "DELETE /paths/{path}/administrators/{administrator}",
	Doc:   "Takes an administrator from a learning path.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in OnePathAdmin) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return Ref{}, err
		}
		list, err := path.AdminsOf(c, c.Tx, p, c.Now)
		if err != nil {
			return Ref{}, err
		}
		for _, x := range list {
			if x.Grant != in.Admin {
				continue
			}
			c.Audit(p.Thing(), p.Name, map[string]any{"administrator": x.Name})
			_, err := store.End(c, c.Tx, store.GrantFilter{Portal: p.Portal, ID: x.Grant, Roles: access.Roles{access.PathAdmin}, Place: access.Place{Kind: access.Path, ID: p.ID}, Direct: true}, c.By(), c.Now)
			return Ref{x.Account, x.Name}, err
		}
		return Ref{}, fail.Missing("person")
	},
}

// OwnPath is a path that one is in, or may enrol in.
type OwnPath struct {
	PathItem
	In        bool       `json:"in" doc:"You are in it; otherwise you may enrol."`
	Goals     int        `json:"goals"`
	Reached   int        `json:"reached" doc:"How many of its goals you have reached."`
	Completed *time.Time `json:"completed_at,omitempty"`
}

// OwnPaths are the paths that one is in, or may enrol in.
type OwnPaths struct {
	Items []OwnPath `json:"items"`
}

// ListOwnPaths are the paths that one is in, and those that one may enrol in, by name.
var ListOwnPaths = &op.Op[struct{}, OwnPaths]{
	Name:  "path.list_own",
	Route: "GET /me/paths",
	Doc:   "Lists the learning paths that you are in, and those that you may enrol in.",
	Needs: []*access.Permission{access.PathEnrollSelf},
	Do: func(c *op.Call, _ struct{}) (out OwnPaths, err error) {
		me, err := store.FindAccount(c, c.Tx, c.May(access.PathEnrollSelf), c.Who.Account)
		if err != nil {
			return out, err
		}
		list, err := path.OwnPaths(c, c.Tx, me, c.Now)
		out.Items = make([]OwnPath, len(list))
		for i, p := range list {
			out.Items[i] = OwnPath{pathItem(p.Path), p.Learner.Open, p.Goals, p.Learner.Reached, known(p.Learner.Completed)}
		}
		return out, err
	},
}

// JoinPath enrols oneself in an open path of one's organization, or one above it.
var JoinPath = &op.Op[OnePath, Ref]{
	Name:  "path.enrol_self",
	Route: "POST /paths/{path}/join",
	Doc:   "Enrols you in a learning path that is open to you. Its courses open as they come due.",
	Needs: []*access.Permission{access.PathEnrollSelf, access.PathConfigure, access.CourseEnrollOthers, access.CourseView},
	Do: func(c *op.Call, in OnePath) (Ref, error) {
		me, err := store.FindAccount(c, c.Tx, c.May(access.PathEnrollSelf), c.Who.Account)
		if err != nil {
			return Ref{}, err
		}
		p, err := path.FindOpen(c, c.Tx, me, in.Path)
		if err != nil {
			return Ref{}, err
		}
		if err := mayTake(c, p); err != nil {
			return Ref{}, err
		}
		c.Audit(p.Thing(), p.Name, nil)
		n, err := path.Enrol(c, c.Tx, p, []store.Account{me}, true, c.By(), c.Now)
		if err == nil && n == 0 {
			err = fail.New(fail.Conflict, "You are in this path already.")
		}
		return Ref{p.ID, p.Name}, err
	},
}

// mayTake refuses who shapes a path, or could enrol others in a course of it, and may not open that course: they would read by the
// path what is kept from them when they enrol themselves (LM-8, PT-2).
func mayTake(c *op.Call, p path.Path) error {
	goals, err := path.GoalsOf(c, c.Tx, p)
	if err != nil {
		return err
	}
	may := func(perm *access.Permission, course db.ID) (bool, error) {
		_, err := store.FindCourse(c, c.Tx, c.May(perm), course)
		if fail.Is(err, fail.NotFound) || fail.Is(err, fail.NotAllowed) {
			return false, nil
		}
		return err == nil, err
	}
	thing := p.Thing()
	shapes := c.May(access.PathConfigure).Has(&thing) != nil
	for _, g := range goals {
		gives, err := may(access.CourseEnrollOthers, g.Course)
		if err != nil || !shapes && !gives {
			return err
		}
		if opens, err := may(access.CourseView, g.Course); err != nil || !opens {
			return cmp.Or(err, store.NotAllowed(c.May(access.CourseView)))
		}
	}
	return nil
}

// LeavePath takes oneself out of a path. Courses that were opened stay open.
var LeavePath = &op.Op[OnePath, Ref]{
	Name:  "path.leave",
	Route: "POST /paths/{path}/leave",
	Doc:   "Takes you out of a learning path. Courses that were opened for you stay open.",
	Needs: []*access.Permission{access.PathView},
	Do: func(c *op.Call, in OnePath) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathView), in.Path)
		if err != nil {
			return Ref{}, err
		}
		l, err := path.FindOwn(c, c.Tx, c.Who.Account, p, c.Now)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(p.Thing(), p.Name, nil)
		return Ref{p.ID, p.Name}, path.Leave(c, c.Tx, p, l, c.By(), c.Now)
	},
}
