package action

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// CourseQuery asks for a part of the list of courses.
type CourseQuery struct {
	Query  string `query:"q" doc:"Part of the name, or the whole code."`
	Org    db.ID  `query:"organization" doc:"Only courses of this organization and those below it."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
	// Archived asks for those that are archived; they are left out else.
	Archived bool `query:"archived" doc:"Only courses that are archived; those are left out else."`
}

// CourseItem is a course as a record.
type CourseItem struct {
	ID           db.ID  `json:"id"`
	Code         string `json:"code"`
	Name         string `json:"name"`
	Module       string `json:"module,omitempty" doc:"What several courses present, each at its time."`
	Organization Named  `json:"organization"`
	// Starts and Ends are days, as 2026-03-02; empty where it has none.
	Starts string `json:"starts,omitempty"`
	Ends   string `json:"ends,omitempty"`
	// Learners are those who are, or were, enrolled and whom one may see; only in lists, and left out where one may see
	// only single people.
	Learners *int64 `json:"learners,omitempty"`
	// Archived is when it was archived, since when it is read-only.
	Archived *time.Time `json:"archived_at,omitempty"`
	Template bool       `json:"template,omitempty" doc:"It is there to make courses of."`
}

func courseItem(c store.Course) CourseItem {
	return CourseItem{ID: c.ID, Code: c.Code, Name: c.Name, Module: c.Module, Organization: Named{c.Org, c.OrgName}, Starts: dayText(c.Starts), Ends: dayText(c.Ends), Archived: known(c.Archived), Template: c.Template}
}

const dayForm = "2006-01-02"

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(dayForm)
}

// CoursePage is a part of the list of courses.
type CoursePage struct {
	Items []CourseItem `json:"items"`
	Next  string       `json:"next,omitempty"`
	Prev  string       `json:"prev,omitempty"`
	Total int          `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListCourses are the courses that one may see, a page at a time.
var ListCourses = &op.Op[CourseQuery, CoursePage]{
	Name:  "course.list",
	Route: "GET /courses",
	Doc:   "Lists the courses that you may see, by name.",
	Needs: []*access.Permission{access.CourseList, access.OrganizationList, access.EnrolmentList},
	Do: func(c *op.Call, in CourseQuery) (CoursePage, error) {
		if in.Org != 0 {
			if _, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Org); err != nil {
				return CoursePage{}, err
			}
		}
		list, err := store.ListCourses(c, c.Tx, c.May(access.CourseList), store.CourseFilter{Query: in.Query, Org: in.Org, Archived: in.Archived},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return CoursePage{}, err
		}
		out := CoursePage{Items: make([]CourseItem, len(list.Items)), Next: list.Next, Prev: list.Prev, Total: list.Total}
		for i, course := range list.Items {
			out.Items[i] = courseItem(course)
		}
		return out, countLearners(c, out.Items)
	},
}

// countLearners fills in how many learners of each course one may see, where the kept totals can tell.
func countLearners(c *op.Call, items []CourseItem) error {
	within := c.May(access.EnrolmentList)
	filter := store.FigureFilter{Grain: store.AllTime, ByCourse: true}
	for _, item := range items {
		filter.Courses = append(filter.Courses, item.ID)
	}
	if len(items) == 0 || !within.Any() || !store.FiguresFit(within, filter) {
		return nil
	}
	sums, err := store.SumFigures(c, c.Tx, []access.Within{within}, filter)
	counts := map[db.ID]int64{}
	for _, f := range sums {
		counts[f.Course] = f.Learners
	}
	for i := range items {
		n := counts[items[i].ID]
		items[i].Learners = &n
	}
	return err
}

// OneCourse names a course.
type OneCourse struct {
	Course db.ID `path:"course" doc:"The course."`
}

// CourseRecord is what one may know of a course without opening it: never its content.
type CourseRecord struct {
	CourseItem
	About     string `json:"about,omitempty"`
	SelfPaced bool   `json:"self_paced,omitempty" doc:"Everybody takes it at their own pace; else it is led by who teaches it."`
	// Enrolments are how many one may see, by status; absent where one may see none of them.
	Enrolments map[store.Status]int64 `json:"enrolments,omitempty"`
	// MayOpen, MayConfigure and MayEnrol say what one may do with it.
	MayOpen      bool `json:"may_open" doc:"You may see its content."`
	MayConfigure bool `json:"may_configure"`
	MayEnrol     bool `json:"may_enrol"`
	MayArchive   bool `json:"may_archive"`
	MayDelete    bool `json:"may_delete"`
	MayCopy      bool `json:"may_copy"`
}

// ShowCourse is one course's record.
var ShowCourse = &op.Op[OneCourse, CourseRecord]{
	Name:  "course.show",
	Route: "GET /courses/{course}",
	Doc:   "Shows a course's record: what it is called, when it is, and how many are enrolled. It shows no content.",
	Needs: []*access.Permission{access.CourseList, access.CourseView, access.CourseConfigure, access.CourseEnrollOthers, access.CourseArchive, access.CourseDelete, access.CourseAddContent, access.CourseCreate, access.TemplateCreate, access.EnrolmentList},
	Do: func(c *op.Call, in OneCourse) (out CourseRecord, err error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseList), in.Course)
		if err != nil {
			return out, err
		}
		thing := course.Thing()
		out = CourseRecord{CourseItem: courseItem(course), About: course.About, SelfPaced: course.SelfPaced, MayOpen: c.May(access.CourseView).Has(&thing) != nil,
			MayConfigure: c.May(access.CourseConfigure).Has(&thing) != nil, MayEnrol: c.May(access.CourseEnrollOthers).Has(&thing) != nil,
			MayArchive: c.May(access.CourseArchive).Has(&thing) != nil, MayDelete: c.May(access.CourseDelete).Has(&thing) != nil,
			MayCopy: c.May(access.CourseAddContent).Has(&thing) != nil && (c.May(access.CourseCreate).Any() || c.May(access.TemplateCreate).Any())}
		out.Enrolments, err = countStatuses(c, course)
		return out, err
	},
}

// countStatuses counts by the kept totals where the reach fits them, and row by row where it does not.
func countStatuses(c *op.Call, course store.Course) (map[store.Status]int64, error) {
	within := c.May(access.EnrolmentList)
	if !within.Any() {
		return nil, nil
	}
	filter := store.FigureFilter{Grain: store.AllTime, Course: course.ID}
	if !store.FiguresFit(within, filter) {
		return store.CountEnrolments(c, c.Tx, []access.Within{within}, store.EnrolmentFilter{Course: course.ID})
	}
	sums, err := store.SumFigures(c, c.Tx, []access.Within{within}, filter)
	if err != nil {
		return nil, err
	}
	out := map[store.Status]int64{}
	for _, f := range sums {
		for status, n := range map[store.Status]int64{store.Completed: f.Completed, store.Failed: f.Failed, store.Withdrawn: f.Withdrawn,
			store.Enrolled: f.Waiting, store.Active: f.Enrolled - f.Completed - f.Failed - f.Withdrawn - f.Waiting} {
			if n != 0 {
				out[status] = n
			}
		}
	}
	return out, nil
}

// CourseFields are what a person says of a course.
type CourseFields struct {
	Code   string `json:"code" doc:"What other systems call it; unique in the portal." maxLength:"100"`
	Name   string `json:"name" doc:"What it is called." maxLength:"200"`
	Module string `json:"module,omitempty" doc:"What several courses present, each at its time." maxLength:"100"`
	About  string `json:"about,omitempty" doc:"What it is about, in a few sentences." maxLength:"2000"`
	Starts string `json:"starts,omitempty" doc:"Its first day, as 2026-03-02; empty for none."`
	Ends   string `json:"ends,omitempty" doc:"Its last day, as 2026-06-30; empty for none."`
	// SelfPaced: it is taken without who teaches it.
	SelfPaced bool `json:"self_paced,omitempty" doc:"Everybody takes it at their own pace, and nothing in it is due on a day; else it is led by who teaches it."`
}

// Check tells which fields have to be corrected.
func (in CourseFields) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	if strings.TrimSpace(in.Code) == "" {
		wrong.Add("code", "A course needs a code.")
	}
	form.Line(&wrong, "code", in.Code, 100)
	form.Line(&wrong, "module", in.Module, 100)
	form.Line(&wrong, "about", strings.NewReplacer("\r", "", "\n", " ").Replace(in.About), 2000)
	starts, badStart := ParseDay(in.Starts)
	ends, badEnd := ParseDay(in.Ends)
	if badStart != nil {
		wrong.Add("starts", "Write a day as 2026-03-02.")
	}
	if badEnd != nil {
		wrong.Add("ends", "Write a day as 2026-03-02.")
	}
	if badStart == nil && badEnd == nil && !starts.IsZero() && !ends.IsZero() && ends.Before(starts) {
		wrong.Add("ends", "It cannot end before it starts.")
	}
	return wrong.Err()
}

// ParseDay reads a day, as 2026-03-02, in UTC; an empty text is the zero time.
func ParseDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(dayForm, text)
}

// fields are the input as the store takes it; days that are written as before keep their hour.
func (in CourseFields) fields(was store.Course) store.NewCourse {
	out := store.NewCourse{Code: strings.TrimSpace(in.Code), Name: form.Tidy(in.Name), Module: form.Tidy(in.Module), About: strings.TrimSpace(in.About), Starts: was.Starts, Ends: was.Ends, SelfPaced: in.SelfPaced}
	if in.Starts != dayText(was.Starts) {
		out.Starts, _ = ParseDay(in.Starts)
	}
	if in.Ends != dayText(was.Ends) {
		out.Ends, _ = ParseDay(in.Ends)
	}
	return out
}

// CoursePlaces are the organizations that one may make courses in.
type CoursePlaces struct {
	Items []Named `json:"items"`
}

// ListCoursePlaces are the organizations that one may make courses in, by name, 200 at most.
var ListCoursePlaces = &op.Op[struct{}, CoursePlaces]{
	Name:  "course.list_places",
	Route: "GET /course-places",
	Doc:   "Lists the organizations in which you may make courses, by name, 200 at most.",
	Needs: []*access.Permission{access.CourseCreate},
	Do: func(c *op.Call, _ struct{}) (CoursePlaces, error) {
		list, err := store.ListOrganizations(c, c.Tx, c.May(access.CourseCreate), store.OrganizationFilter{}, store.Page{Size: 200})
		out := CoursePlaces{Items: make([]Named, len(list.Items))}
		for i, o := range list.Items {
			out.Items[i] = Named{o.ID, o.Name}
		}
		return out, err
	},
}

// NewCourse is a course to be made, and where.
type NewCourse struct {
	Organization db.ID `json:"organization" doc:"The organization that it belongs to."`
	CourseFields
}

// CreateCourse makes a course's record; its creator owns it (RT-1).
var CreateCourse = &op.Op[NewCourse, CourseItem]{
	Name:  "course.create",
	Route: "POST /courses",
	Doc:   "Makes the record of a course in an organization.",
	Needs: []*access.Permission{access.CourseCreate},
	Do: func(c *op.Call, in NewCourse) (CourseItem, error) {
		org, err := store.FindOrganization(c, c.Tx, c.May(access.CourseCreate), in.Organization)
		if err != nil {
			return CourseItem{}, err
		}
		course, err := store.CreateCourse(c, c.Tx, org, in.fields(store.Course{}), c.Now)
		if err != nil {
			return CourseItem{}, err
		}
		c.Audit(course.Thing(), course.Name, in.CourseFields)
		if c.Who.Account == 0 {
			return courseItem(course), nil
		}
		return courseItem(course), store.Begin(c, c.Tx, store.NewGrant{Account: c.Who.Account, Role: access.CourseOwner, At: course.Thing(), Since: c.Now, By: c.By(), ByCreation: true})
	},
}

// ChangedCourse is a course with what is to be known of it.
type ChangedCourse struct {
	Course db.ID `path:"course" doc:"The course."`
	CourseFields
}

// EditCourse changes what a course is called and when it is.
var EditCourse = &op.Op[ChangedCourse, CourseItem]{
	Name:  "course.edit",
	Route: "PUT /courses/{course}",
	Doc:   "Changes the record of a course.",
	Needs: []*access.Permission{access.CourseConfigure},
	Do: func(c *op.Call, in ChangedCourse) (CourseItem, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseConfigure), in.Course)
		if err != nil {
			return CourseItem{}, err
		}
		c.Audit(course.Thing(), course.Name, in.CourseFields)
		course, _, err = store.SaveCourse(c, c.Tx, course, in.fields(course))
		return courseItem(course), err
	},
}

var courseOps = []op.Any{ListCourses, ShowCourse, ShowCourseParts, ListCoursePlaces, CreateCourse, EditCourse}
