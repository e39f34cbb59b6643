package path

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

var complianceOps = []op.Any{ListCompliance, ShowRequirement, Require, EndRequirement, ListOwnRequired, TakeAgain}

// RequirementItem is a course that is required of people.
type RequirementItem struct {
	ID           db.ID         `json:"id"`
	Course       Ref           `json:"course"`
	Organization Ref           `json:"organization" doc:"It is required of its people, and of those below it."`
	Team         *Ref          `json:"team,omitempty" doc:"Only of this team's."`
	Role         access.RoleID `json:"role,omitempty" doc:"Only of this account type."`
	DueDays      int           `json:"due_days" doc:"How many days people have, from when it is required of them."`
	Due          *time.Time    `json:"due_at,omitempty" doc:"A day for all, instead."`
	ValidDays    int           `json:"valid_days" doc:"For how long it counts to have done it; 0 for ever."`
	RemindDays   int           `json:"remind_days" doc:"How long before people are reminded."`
	Until        *time.Time    `json:"until,omitempty" doc:"When it is required no more."`
	People       int           `json:"people" doc:"Of how many people it is required, whom you may see."`
	Overdue      int           `json:"overdue" doc:"How many of them are overdue."`
}

func requirementItem(r path.Requirement) RequirementItem {
	out := RequirementItem{ID: r.ID, Course: Ref{r.Course, r.CourseName}, Organization: Ref{r.Org, r.OrgName}, Role: r.Role, DueDays: r.DueDays, Due: known(r.Due), ValidDays: r.ValidDays,
		RemindDays: r.RemindDays, Until: known(r.Until), People: r.People, Overdue: r.Late}
	if r.Team != 0 {
		out.Team = &Ref{r.Team, r.TeamName}
	}
	return out
}

// Compliance is what is required.
type Compliance struct {
	Items []RequirementItem `json:"items"`
}

// full tells whether the caller may see who is a full or a partial administrator: others are not told what is required of these alone (XA-3).
func full(c *op.Call) bool { return c.May(access.AccountSetFull).Everywhere() }

// ListCompliance is what is required in one's organizations, and of the people whose standing one may see (MG-1).
var ListCompliance = &op.Op[struct{}, Compliance]{
	Name:  "compliance.list",
	Route: "GET /compliance",
	Doc:   "Lists which courses are required of people, and how many of those whom you may see are overdue.",
	Needs: []*access.Permission{access.ReportCompliance, access.ComplianceSet, access.AccountSetFull},
	Do: func(c *op.Call, _ struct{}) (Compliance, error) {
		list, err := path.ListRequirements(c, c.Tx, c.May(access.ComplianceSet), c.May(access.ReportCompliance), full(c), c.Now)
		out := Compliance{make([]RequirementItem, len(list))}
		for i, r := range list {
			out.Items[i] = requirementItem(r)
		}
		return out, err
	},
}

// State is how somebody stands with what is required of them.
type State = path.State

// The states, and all of them in order.
const (
	StateDone    = path.Done
	StateRenew   = path.Renew
	StateDue     = path.Due
	StateOverdue = path.Overdue
)

// States are all states, in order.
var States = path.States

// StandingQuery asks how people stand with a requirement.
type StandingQuery struct {
	Requirement db.ID `path:"requirement" doc:"The requirement."`
	State       State `query:"state" doc:"Only those who are overdue, due, renew or done."`
	ListQuery
}

// Check tells which fields have to be corrected.
func (in StandingQuery) Check() error {
	if in.State != "" && !slices.Contains(States, in.State) {
		return fail.Wrong("state", "There is no such state.")
	}
	return nil
}

// Standing is how somebody stands with a requirement.
type Standing struct {
	Requirement  db.ID      `json:"requirement"`
	Person       Ref        `json:"person"`
	Organization string     `json:"organization"`
	Course       Ref        `json:"course"`
	Progress     float64    `json:"progress" doc:"In the course, in percent."`
	Enrolled     bool       `json:"enrolled" doc:"They are in the course."`
	Done         *time.Time `json:"done_at,omitempty" doc:"When they last did it."`
	Due          *time.Time `json:"due_at,omitempty" doc:"When they have to have done it, or have to again; left out for never."`
	State        State      `json:"state"`
}

func standings(list []path.Standing) []Standing {
	out := make([]Standing, len(list))
	for i, x := range list {
		out[i] = Standing{x.Requirement, Ref{x.Account, x.Name}, x.OrgName, Ref{x.Course, x.CourseName}, x.Progress, x.Enrolled, known(x.Done), known(x.Due), x.State}
	}
	return out
}

// Standings is how people stand with a requirement.
type Standings struct {
	RequirementItem
	MayEnd bool       `json:"may_end"`
	Items  []Standing `json:"standings"`
	Next   string     `json:"next,omitempty"`
	Prev   string     `json:"prev,omitempty"`
	Total  int        `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ShowRequirement is how the people whom one may see stand with a requirement, by name (MG-1).
var ShowRequirement = &op.Op[StandingQuery, Standings]{
	Name:  "compliance.show",
	Route: "GET /compliance/{requirement}",
	Doc:   "Shows how people stand with a course that is required of them, those whom you may see.",
	Needs: []*access.Permission{access.ReportCompliance, access.ComplianceSet, access.AccountSetFull},
	Do: func(c *op.Call, in StandingQuery) (out Standings, err error) {
		people := c.May(access.ReportCompliance)
		r, err := path.FindRequirement(c, c.Tx, c.May(access.ComplianceSet), &people, full(c), in.Requirement, c.Now)
		if err != nil {
			return out, err
		}
		list, err := path.ListStandings(c, c.Tx, people, r, in.State, in.Query, in.page(), c.Now)
		thing := r.Thing()
		return Standings{requirementItem(r), c.May(access.ComplianceSet).Has(&thing) != nil, standings(list.Items), list.Next, list.Prev, list.Total}, err
	},
}

// NewRequirement is a course to require of people.
type NewRequirement struct {
	Course       db.ID         `json:"course" doc:"A course in which you may enrol people."`
	Organization db.ID         `json:"organization" doc:"Of its people, and of those below it."`
	Team         db.ID         `json:"team,omitempty" doc:"Only of this team's."`
	Role         access.RoleID `json:"role,omitempty" doc:"Only of this account type."`
	DueDays      int           `json:"due_days,omitempty" doc:"How many days people have, from when it is required of them." minimum:"0" maximum:"3650"`
	Due          string        `json:"due,omitempty" doc:"A day for all instead, as 2026-12-31."`
	ValidDays    int           `json:"valid_days,omitempty" doc:"For how long it counts to have done it; 0 for ever." minimum:"0" maximum:"3650"`
	RemindDays   int           `json:"remind_days,omitempty" doc:"How long before people are reminded." minimum:"0" maximum:"365"`
	Until        string        `json:"until,omitempty" doc:"The day from which it is required no more, as 2026-12-31."`
}

// Check tells which fields have to be corrected.
func (in NewRequirement) Check() error {
	var wrong fail.Fields
	if in.Course == 0 {
		wrong.Add("course", "Choose a course.")
	}
	if in.Organization == 0 {
		wrong.Add("organization", "Choose an organization.")
	}
	if in.Role != "" && !access.AccountTypes.Has(in.Role) {
		wrong.Add("role", "There is no such account type.")
	}
	for name, n := range map[string]int{"due_days": in.DueDays, "valid_days": in.ValidDays, "remind_days": in.RemindDays} {
		if n < 0 || n > 3650 {
			wrong.Add(name, "Write a number of days, up to 3650.")
		}
	}
	if in.ValidDays > 0 && in.RemindDays >= in.ValidDays {
		wrong.Add("remind_days", "Fewer days than it counts.")
	}
	for name, text := range map[string]string{"due": in.Due, "until": in.Until} {
		if _, err := day(text); err != nil {
			wrong.Add(name, "Write a day as 2026-12-31.")
		}
	}
	return wrong.Err()
}

// day reads a day, at its end; zero for none.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	return at.AddDate(0, 0, 1), err
}

// Require requires a course of people, who are enrolled in it at once; whoever comes to them later is too.
var Require = &op.Op[NewRequirement, RequirementItem]{
	Name:  "compliance.require",
	Route: "POST /compliance",
	Doc:   "Requires a course of the people of an organization, of a team or an account type there. They are enrolled in it, and whoever comes to them later is too.",
	Needs: []*access.Permission{access.ComplianceSet, access.CourseEnrollOthers, access.TeamList, access.AccountSetFull},
	Do: func(c *op.Call, in NewRequirement) (RequirementItem, error) {
		if access.FullTypes.Has(in.Role) && !full(c) {
			return RequirementItem{}, store.NotAllowed(c.May(access.AccountSetFull))
		}
		org, err := store.FindOrganization(c, c.Tx, c.May(access.ComplianceSet), in.Organization)
		if err != nil {
			return RequirementItem{}, err
		}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)
		if err != nil {
			return RequirementItem{}, err
		}
		due, _ := day(in.Due)     // as Check
		until, _ := day(in.Until) // as Check
		r := path.Requirement{Portal: org.Portal, Course: course.ID, CourseName: course.Name, Org: org.ID, OrgName: org.Name, Role: in.Role, DueDays: in.DueDays, Due: due, ValidDays: in.ValidDays,
			RemindDays: in.RemindDays, Until: until}
		if in.Team != 0 {
			team, err := store.FindTeam(c, c.Tx, c.May(access.TeamList), in.Team)
			if err != nil {
				return RequirementItem{}, err
			}
			r.Team, r.TeamName = team.ID, team.Name
		}
		c.Audit(org.PlaceThing(), org.Name, in)
		r, err = path.Require(c, c.Tx, r, c.Now)
		return requirementItem(r), err
	},
}

// OneRequirement names a requirement.
type OneRequirement struct {
	Requirement db.ID `path:"requirement" doc:"The requirement."`
}

// EndRequirement ends a requirement. Enrolments stay.
var EndRequirement = &op.Op[OneRequirement, Ref]{
	Name:  "compliance.end",
	Route: "DELETE /compliance/{requirement}",
	Doc:   "Requires a course no more. Enrolments stay.",
	Needs: []*access.Permission{access.ComplianceSet, access.AccountSetFull},
	Do: func(c *op.Call, in OneRequirement) (Ref, error) {
		r, err := path.FindRequirement(c, c.Tx, c.May(access.ComplianceSet), nil, full(c), in.Requirement, c.Now)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(r.Thing(), r.OrgName, map[string]any{"course": r.CourseName})
		return Ref{r.ID, r.CourseName}, path.EndRequirement(c, c.Tx, r, c.Now)
	},
}

// OwnRequired is what is required of oneself.
type OwnRequired struct {
	Items []Standing `json:"items"`
}

// ListOwnRequired is what is required of oneself, what is due first.
var ListOwnRequired = &op.Op[struct{}, OwnRequired]{
	Name:  "compliance.list_own",
	Route: "GET /me/compliance",
	Doc:   "Lists what is required of you, what is due first.",
	Needs: []*access.Permission{access.EnrolmentOwn},
	Do: func(c *op.Call, _ struct{}) (OwnRequired, error) {
		if !c.May(access.EnrolmentOwn).Any() {
			return OwnRequired{Items: []Standing{}}, nil
		}
		list, err := path.OwnStandings(c, c.Tx, c.Who.Account, c.Now)
		return OwnRequired{standings(list)}, err
	},
}

// TakeAgain begins a course once more that one has to renew.
var TakeAgain = &op.Op[OneRequirement, Ref]{
	Name:  "compliance.take_again",
	Route: "POST /me/compliance/{requirement}/again",
	Doc:   "Begins a course once more that you have to do again. Your certificates and results stay.",
	Needs: []*access.Permission{access.EnrolmentOwn, access.CourseView, access.AccountEditOwn},
	Do: func(c *op.Call, in OneRequirement) (Ref, error) {
		list, err := path.OwnStandings(c, c.Tx, c.Who.Account, c.Now)
		if err != nil {
			return Ref{}, err
		}
		i := slices.IndexFunc(list, func(x path.Standing) bool { return x.Requirement == in.Requirement })
		switch {
		case i < 0:
			return Ref{}, fail.Missing("requirement")
		case list[i].Done.IsZero() || list[i].State == StateDone:
			return Ref{}, fail.New(fail.Conflict, "This need not be done again yet.")
		}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), list[i].Course)
		if err != nil {
			return Ref{}, err
		}
		mine, err := store.ListEnrolments(c, c.Tx, c.May(access.EnrolmentOwn), store.EnrolmentFilter{Course: course.ID, Account: c.Who.Account, Status: store.Completed, Open: true}, store.Page{})
		if err == nil && len(mine.Items) == 0 {
			err = fail.New(fail.Conflict, "You have begun this course again already.")
		}
		if err != nil {
			return Ref{}, err
		}
		me, err := store.FindAccount(c, c.Tx, c.May(access.AccountEditOwn), c.Who.Account)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, nil)
		return Ref{course.ID, course.Name}, path.Again(c, c.Tx, mine.Items[0], course, me, c.Now)
	},
}
