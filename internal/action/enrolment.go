package action

import (
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/named"
)

// EnrolmentQuery narrows a list of enrolments.
type EnrolmentQuery struct {
	Query  string `query:"q" doc:"The beginning of the learner's name."`
	Org    db.ID  `query:"organization" doc:"Only learners of this organization and those below it."`
	Team   db.ID  `query:"team" doc:"Only learners of this team."`
	Status string `query:"status" doc:"One of enrolled, active, completed, failed, withdrawn."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// Check tells which fields have to be corrected.
func (in EnrolmentQuery) Check() error {
	if in.Status != "" && !slices.Contains(store.Statuses, store.Status(in.Status)) {
		return fail.Wrong("status", "There is no such status.")
	}
	return nil
}

// EnrolmentItem is a learner in a course.
type EnrolmentItem struct {
	ID      db.ID `json:"id"`
	Learner Named `json:"learner"`
	shown.Details
	Organization Named        `json:"organization"`
	Course       Named        `json:"course"`
	CourseCode   string       `json:"course_code"`
	Status       store.Status `json:"status"`
	Outcome      string       `json:"outcome,omitempty" doc:"What the source calls the result."`
	Progress     float64      `json:"progress" doc:"In percent."`
	Score        *float64     `json:"score,omitempty" doc:"The weighted mean of the results, 0 to 100."`
	Works        int          `json:"works" doc:"How many works have a result."`
	Open         bool         `json:"open" doc:"The learner is in the course now."`
	Enrolled     *time.Time   `json:"enrolled_at,omitempty"`
	Completed    *time.Time   `json:"completed_at,omitempty"`
	Withdrawn    *time.Time   `json:"withdrawn_at,omitempty"`
	LastActive   *time.Time   `json:"last_active_at,omitempty"`
}

// enrolmentItems shows enrolments, with what of their learners the actor may see.
func enrolmentItems(c *op.Call, list ...store.Enrolment) ([]EnrolmentItem, error) {
	ids := make([]db.ID, len(list))
	for i, e := range list {
		ids[i] = e.Account
	}
	slices.Sort(ids)
	details, err := shown.ByID(c, slices.Compact(ids))
	out := make([]EnrolmentItem, len(list))
	for i, e := range list {
		out[i] = enrolmentItem(e, details[e.Account])
	}
	return out, err
}

func oneEnrolment(c *op.Call, e store.Enrolment) (EnrolmentItem, error) {
	items, err := enrolmentItems(c, e)
	return items[0], err
}

func enrolmentItem(e store.Enrolment, d shown.Details) EnrolmentItem {
	return EnrolmentItem{ID: e.ID, Learner: Named{e.Account, e.Learner}, Details: d, Organization: Named{e.Org, e.OrgName},
		Course: Named{e.Course, e.CourseName}, CourseCode: e.CourseCode, Status: e.Status, Outcome: e.Outcome, Progress: e.Progress, Score: e.Score,
		Works: e.Works, Open: e.Open, Enrolled: known(e.Enrolled), Completed: known(e.Completed), Withdrawn: known(e.Withdrawn), LastActive: known(e.LastActive)}
}

// known is a time that is left out where it is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// EnrolmentPage is a part of a list of enrolments.
type EnrolmentPage struct {
	Items []EnrolmentItem `json:"items"`
	Next  string          `json:"next,omitempty"`
	Prev  string          `json:"prev,omitempty"`
	Total int             `json:"total" doc:"How many there are; counting stops at 1000."`
}

// listEnrolments lists within a permission, for one course, one account or all.
func listEnrolments(c *op.Call, within access.Within, in EnrolmentQuery, filter store.EnrolmentFilter) (EnrolmentPage, error) {
	filter.Query, filter.Org, filter.Team, filter.Status = in.Query, in.Org, in.Team, store.Status(in.Status)
	if in.Org != 0 {
		if _, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Org); err != nil {
			return EnrolmentPage{}, err
		}
	}
	if in.Team != 0 {
		if _, err := store.FindTeam(c, c.Tx, c.May(access.TeamList), in.Team); err != nil {
			return EnrolmentPage{}, err
		}
	}
	list, err := store.ListEnrolments(c, c.Tx, within, filter, store.Page{After: in.After, Before: in.Before, Size: in.Size})
	if err != nil {
		return EnrolmentPage{}, err
	}
	out := EnrolmentPage{Next: list.Next, Prev: list.Prev, Total: list.Total}
	out.Items, err = enrolmentItems(c, list.Items...)
	return out, err
}

var enrolmentNeeds = shown.And(access.EnrolmentList, access.CourseList, access.OrganizationList, access.TeamList)

// CourseEnrolmentQuery asks for the enrolments of a course.
type CourseEnrolmentQuery struct {
	Course db.ID `path:"course" doc:"The course."`
	EnrolmentQuery
}

// ListCourseEnrolments are those of a course that one may see, a page at a time. Who may see learners of it, but not the
// course among courses, gets the learners all the same.
var ListCourseEnrolments = &op.Op[CourseEnrolmentQuery, EnrolmentPage]{
	Name:  "enrolment.list_course",
	Route: "GET /courses/{course}/enrolments",
	Doc:   "Lists who is, or was, enrolled in a course, by name.",
	Needs: enrolmentNeeds,
	Do: func(c *op.Call, in CourseEnrolmentQuery) (EnrolmentPage, error) {
		within := c.May(access.EnrolmentList)
		_, err := store.FindCourse(c, c.Tx, c.May(access.CourseList), in.Course)
		if err != nil {
			some, counting := store.CountEnrolments(c, c.Tx, []access.Within{within}, store.EnrolmentFilter{Course: in.Course})
			if counting != nil || len(some) == 0 {
				return EnrolmentPage{}, err
			}
		}
		return listEnrolments(c, within, in.EnrolmentQuery, store.EnrolmentFilter{Course: in.Course})
	},
}

// AnyEnrolmentQuery asks for enrolments in all courses.
type AnyEnrolmentQuery struct {
	Account db.ID `query:"account" doc:"Only those of this person."`
	EnrolmentQuery
}

// ListEnrolments are those in all courses that one may see, a page at a time.
var ListEnrolments = &op.Op[AnyEnrolmentQuery, EnrolmentPage]{
	Name:  "enrolment.list",
	Route: "GET /enrolments",
	Doc:   "Lists who is, or was, enrolled in which course, by name.",
	Needs: enrolmentNeeds,
	Do: func(c *op.Call, in AnyEnrolmentQuery) (EnrolmentPage, error) {
		return listEnrolments(c, c.May(access.EnrolmentList), in.EnrolmentQuery, store.EnrolmentFilter{Account: in.Account})
	},
}

// MyEnrolmentQuery asks for one's own.
type MyEnrolmentQuery struct {
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// ListMyEnrolments are one's own, with one's progress and grades.
var ListMyEnrolments = &op.Op[MyEnrolmentQuery, EnrolmentPage]{
	Name:  "enrolment.list_own",
	Route: "GET /me/enrolments",
	Doc:   "Lists the courses that you are, or were, enrolled in, with your progress and grades.",
	Needs: shown.And(access.EnrolmentOwn, access.CourseOwnGrades),
	Do: func(c *op.Call, in MyEnrolmentQuery) (EnrolmentPage, error) {
		query := EnrolmentQuery{After: in.After, Before: in.Before, Size: in.Size}
		out, err := listEnrolments(c, c.May(access.EnrolmentOwn), query, store.EnrolmentFilter{Account: c.Who.Account})
		for i := range out.Items {
			if item := &out.Items[i]; !seesGrades(c, item) {
				item.Score = nil
			}
		}
		return out, err
	},
}

// seesGrades tells whether somebody may see their own grades in a course: not while these are closed to its learners (LE-2).
func seesGrades(c *op.Call, item *EnrolmentItem) bool {
	thing := access.Thing{Kind: access.Enrolment, ID: item.ID, Portal: c.Who.Portal, Org: item.Organization.ID, Course: item.Course.ID, Account: item.Learner.ID}
	return c.May(access.CourseOwnGrades).Has(&thing) != nil
}

// EnrolInput names people for a course.
type EnrolInput struct {
	Course   db.ID    `path:"course" doc:"The course."`
	Accounts []db.ID  `json:"accounts,omitempty" doc:"People, by id."`
	Lines    []string `json:"lines,omitempty" doc:"People, by user name, e-mail address, code or whole name, one a line. A line that is not one person's is named, and then nobody is enrolled."`
}

// Check tells which fields have to be corrected.
func (in EnrolInput) Check() error {
	if len(in.Accounts) == 0 && strings.TrimSpace(strings.Join(in.Lines, "")) == "" {
		return fail.Wrong("accounts", "Choose at least one person.")
	}
	if len(in.Accounts) > named.MaxLines {
		return fail.Wrong("accounts", "These are too many people at once.")
	}
	return nil
}

// EnrolOutput tells who was enrolled, and who was already.
type EnrolOutput struct {
	Enrolled []Named `json:"enrolled"`
	Already  []Named `json:"already" doc:"Those who were enrolled before, and stay so."`
}

// EnrolPeople enrols existing accounts in a course (LM-5). A line that names nobody whom one may see, or several people,
// is told by its number, and nothing is half done.
var EnrolPeople = &op.Op[EnrolInput, EnrolOutput]{
	Name:  "enrolment.create",
	Route: "POST /courses/{course}/enrolments",
	Doc:   "Enrols people who have accounts in a course.",
	Needs: []*access.Permission{access.CourseEnrollOthers, access.AccountList},
	Do: func(c *op.Call, in EnrolInput) (EnrolOutput, error) {
		out := EnrolOutput{Enrolled: []Named{}, Already: []Named{}}
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)
		if err != nil {
			return out, err
		}
		people, err := peopleOf(c, in.Accounts, in.Lines)
		if err != nil {
			return out, err
		}
		deltas := store.NewDeltas()
		for _, who := range people {
			_, err := store.Enrol(c, c.Tx, deltas, course, who, c.By(), c.Now)
			switch {
			case fail.Is(err, fail.Conflict):
				out.Already = append(out.Already, Named{who.ID, who.Name})
			case err != nil:
				return out, err
			default:
				out.Enrolled = append(out.Enrolled, Named{who.ID, who.Name})
			}
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"enrolled": names(out.Enrolled), "already": len(out.Already)})
		if len(out.Enrolled) == 0 {
			return out, fail.New(fail.Conflict, "They are enrolled already.")
		}
		return out, deltas.Flush(c, c.Tx)
	},
}

// maxNames bounds how many names an audit row keeps; it counts them all elsewhere.
const maxNames = 50

func names(list []Named) []string {
	out := []string{}
	for _, n := range list[:min(len(list), maxNames)] {
		out = append(out, n.Name)
	}
	return out
}

// OneEnrolment names an enrolment of a course.
type OneEnrolment struct {
	Course    db.ID `path:"course" doc:"The course."`
	Enrolment db.ID `path:"enrolment" doc:"The enrolment."`
}

// ShowEnrolment is one learner's record in a course.
var ShowEnrolment = &op.Op[OneEnrolment, EnrolmentItem]{
	Name:  "enrolment.show",
	Route: "GET /courses/{course}/enrolments/{enrolment}",
	Doc:   "Shows a learner's record in a course.",
	Needs: shown.And(access.EnrolmentList),
	Do: func(c *op.Call, in OneEnrolment) (EnrolmentItem, error) {
		e, err := store.FindEnrolment(c, c.Tx, c.May(access.EnrolmentList), in.Enrolment)
		if err == nil && e.Course != in.Course {
			err = fail.Missing("enrolment")
		}
		if err != nil {
			return EnrolmentItem{}, err
		}
		return oneEnrolment(c, e)
	},
}

// Unenrol takes a learner out of a course (LM-5). What they did stays in the reports.
var Unenrol = &op.Op[OneEnrolment, EnrolmentItem]{
	Name:  "enrolment.end",
	Route: "DELETE /courses/{course}/enrolments/{enrolment}",
	Doc:   "Takes a learner out of a course; what they did stays in the reports.",
	Needs: shown.And(access.CourseEnrollOthers, access.EnrolmentList),
	Do: func(c *op.Call, in OneEnrolment) (EnrolmentItem, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseEnrollOthers), in.Course)
		if err != nil {
			return EnrolmentItem{}, err
		}
		e, err := store.FindEnrolment(c, c.Tx, c.May(access.EnrolmentList), in.Enrolment)
		if err != nil {
			return EnrolmentItem{}, err
		}
		if e.Course != course.ID {
			return EnrolmentItem{}, fail.Missing("enrolment")
		}
		c.Audit(e.Thing(), e.Learner, map[string]any{"course": course.Name})
		deltas := store.NewDeltas()
		if e, err = store.Unenrol(c, c.Tx, deltas, e, c.By(), c.Now); err != nil {
			return EnrolmentItem{}, err
		}
		if err := deltas.Flush(c, c.Tx); err != nil {
			return EnrolmentItem{}, err
		}
		return oneEnrolment(c, e)
	},
}

var enrolmentOps = []op.Any{ListCourseEnrolments, ListEnrolments, ListMyEnrolments, ShowEnrolment, EnrolPeople, Unenrol}
