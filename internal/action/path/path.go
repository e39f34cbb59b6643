package path

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

var pathOps = []op.Any{ListPaths, ListPathPlaces, SearchCourses, SearchPaths, CreatePath, ShowPath, EditPath, AddGoal, OrderGoals}

// OnePath names a path.
type OnePath struct {
	Path db.ID `path:"path" doc:"The path."`
}

// ListQuery asks for a part of a list.
type ListQuery struct {
	Query  string `query:"q" doc:"A part of the name."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

func (in ListQuery) page() store.Page {
	return store.Page{After: in.After, Before: in.Before, Size: in.Size}
}

// PathItem is a path in a list.
type PathItem struct {
	ID           db.ID  `json:"id"`
	Name         string `json:"name"`
	About        string `json:"about"`
	Organization Ref    `json:"organization"`
	InOrder      bool   `json:"in_order" doc:"A goal is due when those before it are reached; otherwise all are at once."`
	Open         bool   `json:"open" doc:"Whoever is in its organization, or below it, may enrol themselves."`
	Archived     bool   `json:"archived" doc:"Nothing comes due any more, and nobody is enrolled."`
}

func pathItem(p path.Path) PathItem {
	return PathItem{p.ID, p.Name, p.About, Ref{p.Org, p.OrgName}, p.InOrder, p.Open, !p.Archived.IsZero()}
}

// ListedPath is a path with how many goals and learners it has.
type ListedPath struct {
	PathItem
	Goals    int `json:"goals"`
	Learners int `json:"learners"`
}

// PathList is a part of the paths.
type PathList struct {
	Items []ListedPath `json:"items"`
	Next  string       `json:"next,omitempty"`
	Prev  string       `json:"prev,omitempty"`
	Total int          `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListPaths are the paths that one may see, by name.
var ListPaths = &op.Op[ListQuery, PathList]{
	Name:  "path.list",
	Route: "GET /paths",
	Doc:   "Lists learning paths, by name.",
	Needs: []*access.Permission{access.PathList},
	Do: func(c *op.Call, in ListQuery) (PathList, error) {
		list, err := path.ListPaths(c, c.Tx, c.May(access.PathList), in.Query, in.page())
		out := PathList{Items: make([]ListedPath, len(list.Items)), Next: list.Next, Prev: list.Prev, Total: list.Total}
		for i, p := range list.Items {
			out.Items[i] = ListedPath{pathItem(p.Path), p.Goals, p.Learners}
		}
		return out, err
	},
}

// Refs are things by name.
type Refs struct {
	Items []Ref `json:"items"`
}

// ListPathPlaces are the organizations that one may create paths in, by name, 200 at most.
var ListPathPlaces = &op.Op[struct{}, Refs]{
	Name:  "path.list_places",
	Route: "GET /path-places",
	Doc:   "Lists the organizations in which you may create learning paths, by name, 200 at most.",
	Needs: []*access.Permission{access.PathCreate},
	Do: func(c *op.Call, _ struct{}) (Refs, error) {
		list, err := store.ListOrganizations(c, c.Tx, c.May(access.PathCreate), store.OrganizationFilter{}, store.Page{Size: 200})
		out := Refs{make([]Ref, len(list.Items))}
		for i, o := range list.Items {
			out.Items[i] = Ref{o.ID, o.Name}
		}
		return out, err
	},
}

// SearchCourses are courses that one may enrol people in: those that one may put on a path, or require of people.
var SearchCourses = &op.Op[ListQuery, Refs]{
	Name:  "path.search_courses",
	Route: "GET /path-courses",
	Doc:   "Lists courses in which you may enrol people, by name or id: those that you may put on a path, require, or invite to.",
	Needs: []*access.Permission{access.CourseEnrollOthers},
	Do: func(c *op.Call, in ListQuery) (Refs, error) {
		if _, err := db.ParseID(in.Query); err == nil {
			if found, err := path.CoursesCalled(c, c.Tx, c.May(access.CourseEnrollOthers), in.Query); err != nil || len(found) > 0 {
				return refsOf(found), err
			}
		}
		list, err := store.ListCourses(c, c.Tx, c.May(access.CourseEnrollOthers), store.CourseFilter{Query: in.Query}, in.page())
		out := Refs{make([]Ref, len(list.Items))}
		for i, x := range list.Items {
			out.Items[i] = Ref{x.ID, x.Name}
		}
		return out, err
	},
}

func refsOf(list []path.Carried) Refs {
	out := Refs{make([]Ref, len(list))}
	for i, x := range list {
		out.Items[i] = Ref{x.ID, x.Name}
	}
	return out
}

// SearchPaths are paths that one may enrol people in.
var SearchPaths = &op.Op[ListQuery, Refs]{
	Name:  "path.search",
	Route: "GET /path-choices",
	Doc:   "Lists learning paths in which you may enrol people, by name or id.",
	Needs: []*access.Permission{access.PathEnrollOthers},
	Do: func(c *op.Call, in ListQuery) (Refs, error) {
		if _, err := db.ParseID(in.Query); err == nil {
			if found, err := path.PathsCalled(c, c.Tx, c.May(access.PathEnrollOthers), in.Query); err != nil || len(found) > 0 {
				return refsOf(found), err
			}
		}
		list, err := path.ListPaths(c, c.Tx, c.May(access.PathEnrollOthers), in.Query, in.page())
		out := Refs{[]Ref{}}
		for _, x := range list.Items {
			if x.Archived.IsZero() {
				out.Items = append(out.Items, Ref{x.ID, x.Name})
			}
		}
		return out, err
	},
}

// PathFields are what is said of a path.
type PathFields struct {
	Name    string `json:"name"`
	About   string `json:"about,omitempty" doc:"What it is for."`
	InOrder bool   `json:"in_order,omitempty" doc:"A goal is due when those before it are reached; otherwise all are at once."`
	Open    bool   `json:"open,omitempty" doc:"Whoever is in its organization, or below it, may enrol themselves."`
}

// Check tells which fields have to be corrected.
func (in PathFields) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	if len(in.About) > 10_000 {
		wrong.Add("about", "This is too long.")
	}
	return wrong.Err()
}

func (in PathFields) fields(archived bool) path.Fields {
	return path.Fields{Name: form.Tidy(in.Name), About: in.About, InOrder: in.InOrder, Open: in.Open, Archived: archived}
}

// NewPath is a path to be created, and where.
type NewPath struct {
	Organization db.ID `json:"organization" doc:"The organization that it belongs to."`
	PathFields
}

// CreatePath creates a path; its creator administers it (RT-2).
var CreatePath = &op.Op[NewPath, PathItem]{
	Name:  "path.create",
	Route: "POST /paths",
	Doc:   "Creates a learning path in an organization. You administer it.",
	Needs: []*access.Permission{access.PathCreate},
	Do: func(c *op.Call, in NewPath) (PathItem, error) {
		org, err := store.FindOrganization(c, c.Tx, c.May(access.PathCreate), in.Organization)
		if err != nil {
			return PathItem{}, err
		}
		p, err := path.Create(c, c.Tx, org, in.fields(false), c.Now)
		if err != nil {
			return PathItem{}, err
		}
		c.Audit(p.Thing(), p.Name, in.PathFields)
		if c.Who.Account == 0 {
			return pathItem(p), nil
		}
		return pathItem(p), store.Begin(c, c.Tx, store.NewGrant{Account: c.Who.Account, Role: access.PathAdmin, At: p.Thing(), Since: c.Now, By: c.By(), ByCreation: true})
	},
}

// Step is a goal of a path, as it stands for oneself where one is in it.
type Step struct {
	ID          db.ID `json:"id"`
	Course      Ref   `json:"course"`
	Certificate bool  `json:"certificate" doc:"The goal is to hold a certificate of the course; otherwise to complete it."`
	AfterDays   int   `json:"after_days" doc:"How many days after somebody is enrolled in the path it is due at the earliest."`
	Reached     bool  `json:"reached"`
	Opened      bool  `json:"opened" doc:"You are in its course."`
	Waits       bool  `json:"waits" doc:"It waits for the goals before it."`
	// Opens is left out where it is due already.
	Opens *time.Time `json:"opens_at,omitempty" doc:"When it is due at the earliest, where that is yet to come."`
}

// Shown is a path with its goals, and how far one is along it.
type Shown struct {
	PathItem
	Steps []Step `json:"goals"`
	// In: one is in the path.
	In        bool       `json:"in"`
	Completed *time.Time `json:"completed_at,omitempty"`
	MayChange bool       `json:"may_change"`
	MayEnrol  bool       `json:"may_enrol"`
}

// ShowPath is a path with its goals, as they stand for oneself where one is in it.
var ShowPath = &op.Op[OnePath, Shown]{
	Name:  "path.show",
	Route: "GET /paths/{path}",
	Doc:   "Shows a learning path with its goals, and how far you are along it.",
	Needs: []*access.Permission{access.PathView, access.PathConfigure, access.PathEnrollOthers},
	Do: func(c *op.Call, in OnePath) (out Shown, err error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathView), in.Path)
		if err != nil {
			return out, err
		}
		thing := p.Thing()
		out = Shown{PathItem: pathItem(p), MayChange: c.May(access.PathConfigure).Has(&thing) != nil, MayEnrol: c.May(access.PathEnrollOthers).Has(&thing) != nil}
		me, err := path.FindOwn(c, c.Tx, c.Who.Account, p, c.Now)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return out, err
		}
		out.In, out.Completed = err == nil, known(me.Completed)
		steps, err := path.StepsOf(c, c.Tx, p, me, c.Now)
		out.Steps = stepsShown(c, steps, out.In)
		return out, err
	},
}

// ChangedPath is a path with what is to be said of it.
type ChangedPath struct {
	OnePath
	PathFields
	Archived bool `json:"archived,omitempty" doc:"Nothing comes due any more, and nobody is enrolled."`
}

// EditPath changes what is said of a path, archives and restores it.
var EditPath = &op.Op[ChangedPath, PathItem]{
	Name:  "path.edit",
	Route: "PUT /paths/{path}",
	Doc:   "Changes a learning path, archives and restores it.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in ChangedPath) (PathItem, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return PathItem{}, err
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"fields": in.PathFields, "archived": in.Archived})
		p, err = path.Save(c, c.Tx, p, in.fields(in.Archived), c.Now)
		return pathItem(p), err
	},
}

// NewGoal is a goal to put at the end of a path.
type NewGoal struct {
	OnePath
	Course      db.ID `json:"course" doc:"A course in which you may enrol people."`
	Certificate bool  `json:"certificate,omitempty" doc:"The goal is to hold a certificate of the course; otherwise to complete it."`
	AfterDays   int   `json:"after_days,omitempty" doc:"How many days after somebody is enrolled in the path it is due at the earliest." minimum:"0" maximum:"3650"`
}

// Check tells which fields have to be corrected.
func (in NewGoal) Check() error {
	var wrong fail.Fields
	if in.Course == 0 {
		wrong.Add("course", "Choose a course.")
	}
	if in.AfterDays < 0 || in.AfterDays > 3650 {
		wrong.Add("after_days", "Write a number of days, up to 3650.")
	}
	return wrong.Err()
}

// AddGoal puts a goal at the end of a path. Whoever is in the path is enrolled in its course when it is due, and so the one who adds it
// must be one who may enrol people there (PT-2).
var AddGoal = &op.Op[NewGoal, Ref]{
	Name:  "path.add_goal",
	Route: "POST /paths/{path}/goals",
	Doc:   "Puts a goal at the end of a learning path: to complete a course, or to hold its certificate. Whoever is in the path is enrolled in the course when it is due.",
	Needs: []*access.Permission{access.PathConfigure, access.CourseEnrollOthers},
	Do: func(c *op.Call, in NewGoal) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return Ref{}, err
		}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"course": course.Name, "certificate": in.Certificate, "after_days": in.AfterDays})
		return Ref{course.ID, course.Name}, path.AddGoal(c, c.Tx, p, course, in.Certificate, in.AfterDays)
	},
}

// GoalOrder is the goals of a path in an order.
type GoalOrder struct {
	OnePath
	Goals []db.ID `json:"goals" doc:"The goals in their new order. One that is left out is removed."`
}

// OrderGoals orders the goals of a path, and removes those that are left out. Courses that were opened stay open.
var OrderGoals = &op.Op[GoalOrder, Ref]{
	Name:  "path.order_goals",
	Route: "PUT /paths/{path}/goals",
	Doc:   "Orders the goals of a learning path, and removes those that are left out. Courses that were opened stay open.",
	Needs: []*access.Permission{access.PathConfigure},
	Do: func(c *op.Call, in GoalOrder) (Ref, error) {
		p, err := path.FindPath(c, c.Tx, c.May(access.PathConfigure), in.Path)
		if err != nil {
			return Ref{}, err
		}
		now, err := path.GoalsOf(c, c.Tx, p)
		if err != nil {
			return Ref{}, err
		}
		seen := map[db.ID]bool{}
		for _, id := range in.Goals {
			if seen[id] || !slices.ContainsFunc(now, func(g path.Goal) bool { return g.ID == id }) {
				return Ref{}, fail.New(fail.Conflict, "The goals of this path have changed meanwhile. Look at them again.")
			}
			seen[id] = true
		}
		c.Audit(p.Thing(), p.Name, map[string]any{"goals": in.Goals})
		return Ref{p.ID, p.Name}, path.Order(c, c.Tx, p, in.Goals)
	},
}
