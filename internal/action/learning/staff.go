package learning

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var staffOps = []op.Any{ListStaff, AddStaff, EndStaff, HandOver}

// StaffMember is somebody who teaches a course, or assists in it.
type StaffMember struct {
	ID      db.ID         `json:"id" doc:"Of the grant."`
	Account Ref           `json:"account"`
	Role    access.RoleID `json:"role" doc:"course_owner, co_instructor or course_assistant."`
	Title   string        `json:"title" doc:"What the role is called."`
	Since   time.Time     `json:"since"`
	Until   *time.Time    `json:"until,omitempty"`
}

func staffMember(s learning.Staff) StaffMember {
	return StaffMember{s.Grant, Ref{s.Account, s.Name}, s.Role, access.Builtin(s.Role).Title, s.Since, known(s.Until)}
}

// Staff is who teaches a course.
type Staff struct {
	Course      Ref           `json:"course"`
	Items       []StaffMember `json:"items"`
	MayAdd      bool          `json:"may_add"`
	MayHandOver bool          `json:"may_hand_over"`
}

// ListStaff is who teaches a course, its owner first (RT-1).
var ListStaff = &op.Op[OneCourse, Staff]{
	Name:  "staff.list",
	Route: "GET /courses/{course}/staff",
	Doc:   "Lists who teaches a course: its owner, co-instructors and assistants.",
	Needs: []*access.Permission{access.CourseView, access.CourseAddInstructor, access.CourseHandOver},
	Do: func(c *op.Call, in OneCourse) (Staff, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseView), in.Course)
		if err != nil {
			return Staff{}, err
		}
		list, err := learning.StaffOf(c, c.Tx, course, c.Now)
		thing := course.Thing()
		out := Staff{Course: Ref{course.ID, course.Name}, Items: make([]StaffMember, len(list)),
			MayAdd: c.May(access.CourseAddInstructor).Has(&thing) != nil, MayHandOver: c.May(access.CourseHandOver).Has(&thing) != nil}
		for i, s := range list {
			out.Items[i] = staffMember(s)
		}
		return out, err
	},
}

// NewStaff is somebody who shall teach a course, or assist in it.
type NewStaff struct {
	OneCourse
	Account db.ID         `json:"account" doc:"The person."`
	Role    access.RoleID `json:"role" doc:"co_instructor or course_assistant."`
}

// Check tells which fields have to be corrected.
func (in NewStaff) Check() error {
	var wrong fail.Fields
	if in.Account == 0 {
		wrong.Add("account", "Choose a person.")
	}
	if !access.CourseHelpers.Has(in.Role) {
		wrong.Add("role", "Choose co-instructor or assistant.")
	}
	return wrong.Err()
}

// AddStaff makes somebody a co-instructor or an assistant of a course. Nobody gives by it what they do not hold there (PT-2).
var AddStaff = &op.Op[NewStaff, Ref]{
	Name:  "staff.add",
	Route: "POST /courses/{course}/staff",
	Doc:   "Makes somebody a co-instructor or an assistant of a course.",
	Needs: []*access.Permission{access.CourseAddInstructor, access.AccountList},
	Do: func(c *op.Call, in NewStaff) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddInstructor), in.Course)
		if err != nil {
			return Ref{}, err
		}
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"account": who.Name, "role": in.Role})
		return Ref{who.ID, who.Name}, learning.AddStaff(c, c.Tx, course, who, in.Role, time.Time{}, c.By(), c.Now)
	},
}

// OneStaff names what somebody is in a course.
type OneStaff struct {
	OneCourse
	Staff db.ID `path:"staff" doc:"The grant."`
}

// EndStaff takes a co-instructor or an assistant out of a course. An owner hands it over instead.
var EndStaff = &op.Op[OneStaff, Ref]{
	Name:  "staff.end",
	Route: "DELETE /courses/{course}/staff/{staff}",
	Doc:   "Takes a co-instructor or an assistant out of a course. Its owner is changed by handing it over.",
	Needs: []*access.Permission{access.CourseAddInstructor},
	Do: func(c *op.Call, in OneStaff) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddInstructor), in.Course)
		if err != nil {
			return Ref{}, err
		}
		list, err := learning.StaffOf(c, c.Tx, course, c.Now)
		if err != nil {
			return Ref{}, err
		}
		for _, s := range list {
			switch {
			case s.Grant != in.Staff:
				continue
			case !access.CourseHelpers.Has(s.Role):
				return Ref{}, fail.New(fail.Conflict, "{name} owns the course. Hand it over to somebody else first.", "name", s.Name)
			}
			c.Audit(course.Thing(), course.Name, map[string]any{"account": s.Name, "role": s.Role})
			return Ref{s.Account, s.Name}, learning.EndStaff(c, c.Tx, course, s, c.By(), c.Now)
		}
		return Ref{}, fail.Missing("person")
	},
}

// NewOwner is who shall own a course.
type NewOwner struct {
	OneCourse
	Account db.ID `json:"account" doc:"The person."`
}

// Check tells which fields have to be corrected.
func (in NewOwner) Check() error {
	if in.Account == 0 {
		return fail.Wrong("account", "Choose a person.")
	}
	return nil
}

// HandOver makes somebody the owner of a course; who owned it teaches it on as a co-instructor.
var HandOver = &op.Op[NewOwner, Ref]{
	Name:  "course.hand_over",
	Route: "PUT /courses/{course}/owner",
	Doc:   "Hands a course over: somebody else owns it, and who owned it teaches it on as a co-instructor.",
	Needs: []*access.Permission{access.CourseHandOver, access.AccountList},
	Do: func(c *op.Call, in NewOwner) (Ref, error) {
		course, err := store.FindCourse(c, c.Tx, c.May(access.CourseHandOver), in.Course)
		if err != nil {
			return Ref{}, err
		}
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(course.Thing(), course.Name, map[string]any{"owner": who.Name})
		return Ref{who.ID, who.Name}, learning.HandOver(c, c.Tx, course, who, c.By(), c.Now)
	},
}
