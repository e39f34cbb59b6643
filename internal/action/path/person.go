package path

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

var personOps = []op.Any{ListPathsOf, ShowPathOf}

// PersonPath is a path that somebody is, or was, in.
type PersonPath struct {
	PathItem
	In        bool       `json:"in" doc:"They are in it now."`
	Enrolled  time.Time  `json:"enrolled_at"`
	Goals     int        `json:"goals"`
	Reached   int        `json:"reached" doc:"How many of its goals they have reached."`
	Completed *time.Time `json:"completed_at,omitempty"`
}

func personPath(o path.Own) PersonPath {
	return PersonPath{pathItem(o.Path), o.Learner.Open, o.Learner.Enrolled, o.Goals, o.Learner.Reached, known(o.Learner.Completed)}
}

// PersonPaths are the paths of somebody.
type PersonPaths struct {
	Person Ref          `json:"person"`
	Items  []PersonPath `json:"items"`
}

// OnePerson names a person.
type OnePerson struct {
	Account db.ID `path:"account" doc:"The person."`
}

// ListPathsOf are the paths of a person whose courses one may see: of one's child, of whom one manages or mentors (PR-1, MG-1, ME-1).
var ListPathsOf = &op.Op[OnePerson, PersonPaths]{
	Name:  "path.list_of_person",
	Route: "GET /accounts/{account}/paths",
	Doc:   "Lists the learning paths of a person, where you may see their courses: none otherwise.",
	Needs: []*access.Permission{access.AccountList, access.EnrolmentList},
	Do: func(c *op.Call, in OnePerson) (out PersonPaths, err error) {
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		list, err := path.PathsOf(c, c.Tx, c.May(access.EnrolmentList), who.ID, c.Now)
		out = PersonPaths{Ref{who.ID, who.Name}, make([]PersonPath, len(list))}
		for i, o := range list {
			out.Items[i] = personPath(o)
		}
		return out, err
	},
}

// OnePersonPath names a path of a person.
type OnePersonPath struct {
	OnePerson
	Path db.ID `path:"path" doc:"The path."`
}

// PersonSteps is a path of somebody with its goals, as they stand for them.
type PersonSteps struct {
	PersonPath
	Person Ref    `json:"person"`
	Steps  []Step `json:"steps"`
}

// ShowPathOf is a path of a person with its goals, as they stand for them. One that one may not see is not there.
var ShowPathOf = &op.Op[OnePersonPath, PersonSteps]{
	Name:  "path.show_of_person",
	Route: "GET /accounts/{account}/paths/{path}",
	Doc:   "Shows how far a person is along a learning path, goal by goal, where you may see their courses.",
	Needs: []*access.Permission{access.AccountList, access.EnrolmentList},
	Do: func(c *op.Call, in OnePersonPath) (out PersonSteps, err error) {
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		o, err := path.FindPathOf(c, c.Tx, c.May(access.EnrolmentList), who.ID, in.Path, c.Now)
		if err != nil {
			return out, err
		}
		steps, err := path.StepsOf(c, c.Tx, o.Path, o.Learner, c.Now)
		return PersonSteps{personPath(o), Ref{who.ID, who.Name}, stepsShown(c, steps, true)}, err
	},
}

// stepsShown are goals as they stand for a learner; of nobody in particular where there is none.
func stepsShown(c *op.Call, steps []path.Step, learner bool) []Step {
	out := make([]Step, len(steps))
	for i, s := range steps {
		out[i] = Step{ID: s.ID, Course: Ref{s.Course, s.CourseName}, Certificate: s.Certificate, AfterDays: s.AfterDays}
		if !learner {
			continue
		}
		out[i].Reached, out[i].Opened, out[i].Waits = s.Reached, s.Opened, s.Waits
		if s.Opens.After(c.Now) {
			out[i].Opens = &s.Opens
		}
	}
	return out
}
