// Package notice holds the verbs of what people are told of by themselves: what is due for them, and what of theirs was graded.
package notice

import (
	"cmp"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store/notice"
	"provost/internal/store/path"
)

// Ops are the operations of this area.
var Ops = []op.Any{ListDue, TellDue, ListGraded, TellGraded, ShowMail, SetMail}

// Ref names a thing.
type Ref struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// State is what a day means that somebody has before them.
type State string

// The states of what has a day.
const (
	// Overdue: it was to be done before, and can be done still.
	Overdue State = "overdue"
	// ToDo: it is to be done by then.
	ToDo State = "due"
	// Opens: it can be begun from then on.
	Opens State = "opens"
)

// The kinds of what has a day, beside those of assessments.
const (
	Lesson      = "lesson"
	Course      = "course"
	Goal        = "goal"
	Requirement = "requirement"
)

// DueItem is something with a day that one has before oneself.
type DueItem struct {
	Kind  string    `json:"kind" doc:"assignment, quiz or another kind of assessment; lesson, course, goal of a learning path, or requirement."`
	ID    db.ID     `json:"id"`
	Title string    `json:"title"`
	State State     `json:"state" doc:"overdue, due by then, or opens then."`
	At    time.Time `json:"at"`
	// Course is where it is; of a course, a goal and a requirement it is the course itself.
	Course Ref `json:"course"`
	// Path is a goal's learning path.
	Path *Ref `json:"path,omitempty"`
}

// DueQuery asks for what is due.
type DueQuery struct {
	Days int `query:"days" doc:"Only what is due, or opens, in so many days, and what is overdue; all if left out." minimum:"0" maximum:"3650"`
}

// DueList is what is due for somebody, by its day.
type DueList struct {
	Items []DueItem `json:"items"`
	More  bool      `json:"more,omitempty" doc:"There is more, later than these."`
}

// MaxDue is how much that is due is listed at once.
const MaxDue = 200

var dueNeeds = []*access.Permission{access.CourseView, access.CourseSubmit, access.PathView}

// ListDue is what is overdue and due for oneself over all that one takes, by its day (CO-1, CO-2, CO-5): at the same cost however many courses that are.
var ListDue = &op.Op[DueQuery, DueList]{
	Name:  "due.list_own",
	Route: "GET /me/due",
	Doc: "Lists what is overdue and due for you in all your courses, and opens there, in your learning paths and of what is required of you, by its day. What you handed in, or can hand in no more, " +
		"is left out, and so is what is overdue for more than 60 days.",
	Needs: dueNeeds,
	Do: func(c *op.Call, in DueQuery) (DueList, error) {
		until := db.Time(db.Never)
		if in.Days > 0 {
			until = c.Now.AddDate(0, 0, in.Days)
		}
		return dueFor(c, c.Actor, until)
	},
}

// dueFor is what is due for a person, as they may see it themselves.
func dueFor(c *op.Call, who *access.Actor, until time.Time) (out DueList, err error) {
	works, err := notice.DueOf(c, c.Tx, who.May(access.CourseView), who.May(access.CourseSubmit), who.Account, until, MaxDue+1, c.Now)
	if err != nil {
		return out, err
	}
	goals, err := path.GoalsAhead(c, c.Tx, who.May(access.PathView), who.Account, until, MaxDue+1, c.Now)
	if err != nil {
		return out, err
	}
	required, err := path.OwnStandings(c, c.Tx, who.Account, c.Now)
	if err != nil {
		return out, err
	}
	out.Items = []DueItem{}
	for _, d := range works {
		out.Items = append(out.Items, workItem(d, c.Now))
	}
	for _, g := range goals {
		out.Items = append(out.Items, DueItem{Kind: Goal, ID: g.Goal, Title: g.CourseName, State: Opens, At: g.Opens, Course: Ref{g.Course, g.CourseName}, Path: &Ref{g.Path, g.PathName}})
	}
	for _, s := range required {
		if s.State != path.Done && !s.Due.IsZero() && (!s.Due.After(until) || s.State == path.Renew) {
			out.Items = append(out.Items, DueItem{Kind: Requirement, ID: s.Requirement, Title: s.CourseName, State: stateAt(s.Due, c.Now), At: s.Due, Course: Ref{s.Course, s.CourseName}})
		}
	}
	slices.SortStableFunc(out.Items, func(a, b DueItem) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	if len(out.Items) > MaxDue {
		out.Items, out.More = out.Items[:MaxDue], true
	}
	return out, nil
}

func workItem(d notice.Due, now time.Time) DueItem {
	out := DueItem{Kind: d.Kind, ID: d.ID, Title: d.Title, State: stateAt(d.At, now), At: d.At, Course: Ref{d.Course, d.CourseName}}
	switch d.Kind {
	case Lesson:
		out.State = Opens
	case Course: // it ends with its last day
		out.State = ToDo
	}
	return out
}

func stateAt(due, now time.Time) State {
	if due.After(now) {
		return ToDo
	}
	return Overdue
}
