package learning

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/learning"
)

var copyOps = []op.Any{ListTemplates, ListTemplatePlaces, CreateTemplate, ShowCopySource, CopyCourse}

// TemplateItem is a template that courses are made of (CA-1).
type TemplateItem struct {
	ID           db.ID  `json:"id"`
	Code         string `json:"code"`
	Name         string `json:"name"`
	About        string `json:"about,omitempty"`
	Organization Ref    `json:"organization"`
	Archived     bool   `json:"archived,omitempty" doc:"No course is made of it any more."`
	MayEdit      bool   `json:"may_edit"`
}

// Templates are those that one may make courses of, or edit.
type Templates struct {
	Items []TemplateItem `json:"items"`
	// MayUse: one may make courses; MayCreate: templates.
	MayUse    bool `json:"may_use"`
	MayCreate bool `json:"may_create"`
}

// ListTemplates are the templates that one may make courses of, or edit, by name.
var ListTemplates = &op.Op[struct{}, Templates]{
	Name:  "template.list",
	Route: "GET /templates",
	Doc:   "Lists the templates that you may make courses of, which are those of your organization and the ones above it, and those that you may edit: 200 at most.",
	Needs: []*access.Permission{access.TemplateCreate, access.CourseCreate},
	Do: func(c *op.Call, _ struct{}) (Templates, error) {
		list, err := learning.ListTemplates(c, c.Tx, c.May(access.CourseCreate), c.May(access.TemplateCreate))
		out := Templates{Items: make([]TemplateItem, len(list)), MayUse: c.May(access.CourseCreate).Any(), MayCreate: c.May(access.TemplateCreate).Any()}
		for i, t := range list {
			org := access.Thing{Kind: access.Organization, ID: t.Org, Portal: t.Portal, Org: t.Org}
			out.Items[i] = TemplateItem{t.ID, t.Code, t.Name, t.About, Ref{t.Org, t.OrgName}, !t.Archived.IsZero(), c.May(access.TemplateCreate).Has(&org) != nil}
		}
		return out, err
	},
}

// TemplatePlaces are the organizations that one may make templates in.
type TemplatePlaces struct {
	Items []Ref `json:"items"`
}

// ListTemplatePlaces are the organizations that one may make templates in, by name, 200 at most.
var ListTemplatePlaces = &op.Op[struct{}, TemplatePlaces]{
	Name:  "template.list_places",
	Route: "GET /template-places",
	Doc:   "Lists the organizations in which you may make templates, by name, 200 at most.",
	Needs: []*access.Permission{access.TemplateCreate},
	Do: func(c *op.Call, _ struct{}) (TemplatePlaces, error) {
		list, err := placesOf(c, c.May(access.TemplateCreate))
		return TemplatePlaces{list}, err
	},
}

// NewTemplate is a template that begins empty.
type NewTemplate struct {
	Organization db.ID  `json:"organization" doc:"Who makes courses in it, or below it, may use the template."`
	Code         string `json:"code" doc:"Unique in the portal." maxLength:"100"`
	Name         string `json:"name" doc:"What it is called." maxLength:"200"`
	About        string `json:"about,omitempty" doc:"What it is about, in a few sentences." maxLength:"2000"`
}

// Check tells which fields have to be corrected.
func (in NewTemplate) Check() error {
	var wrong fail.Fields
	checkNamed(&wrong, in.Code, in.Name)
	form.Line(&wrong, "about", inOneLine(in.About), 2000)
	return wrong.Err()
}

// inOneLine is a text of several lines as one.
func inOneLine(text string) string { return strings.NewReplacer("\r", "", "\n", " ").Replace(text) }

func checkNamed(wrong *fail.Fields, code, name string) {
	form.Name(wrong, "name", name)
	if strings.TrimSpace(code) == "" {
		wrong.Add("code", "A course needs a code.")
	}
	form.Line(wrong, "code", code, 100)
}

// CreateTemplate makes a template that begins empty. Who may edit the templates of its organization writes it.
var CreateTemplate = &op.Op[NewTemplate, Ref]{
	Name:  "template.create",
	Route: "POST /templates",
	Doc:   "Makes a template, to make courses of. It is written as a course is; nobody takes it.",
	Needs: []*access.Permission{access.TemplateCreate},
	Do: func(c *op.Call, in NewTemplate) (Ref, error) {
		org, err := store.FindOrganization(c, c.Tx, c.May(access.TemplateCreate), in.Organization)
		if err != nil {
			return Ref{}, err
		}
		made, err := store.CreateCourse(c, c.Tx, org, store.NewCourse{Code: strings.TrimSpace(in.Code), Name: form.Tidy(in.Name), About: strings.TrimSpace(in.About)}, c.Now)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(made.Thing(), made.Name, in)
		return Ref{made.ID, made.Name}, learning.MakeTemplate(c, c.Tx, made)
	},
}

// CopySource is a course or a template that may be copied, and where to.
type CopySource struct {
	Course   Ref    `json:"course"`
	Code     string `json:"code"`
	Template bool   `json:"template" doc:"It is a template."`
	// Starts is its first day, as 2026-03-02: the days in it move along with it.
	Starts string `json:"starts,omitempty"`
	// Courses and Templates are the organizations in which one may make a course, or a template, of it.
	Courses   []Ref `json:"courses"`
	Templates []Ref `json:"templates"`
}

var copyNeeds = []*access.Permission{access.CourseAddContent, access.CourseCreate, access.TemplateCreate}

// copySource is what one may copy: what one writes, and the templates that are there for where one makes courses.
func copySource(c *op.Call, id db.ID) (store.Course, error) {
	course, err := store.FindCourse(c, c.Tx, c.May(access.CourseAddContent), id)
	if err == nil {
		return course, nil
	}
	if t, missing := learning.FindTemplate(c, c.Tx, c.May(access.CourseCreate), id); missing == nil {
		return t, nil
	}
	return course, err
}

// ShowCopySource is what copying a course would start from.
var ShowCopySource = &op.Op[OneCourse, CopySource]{
	Name:  "course.copy_source",
	Route: "GET /courses/{course}/copy",
	Doc:   "Shows a course or a template that you may copy, and the organizations in which you may make a course or a template of it.",
	Needs: copyNeeds,
	Do: func(c *op.Call, in OneCourse) (out CopySource, err error) {
		course, err := copySource(c, in.Course)
		if err != nil {
			return out, err
		}
		out = CopySource{Course: Ref{course.ID, course.Name}, Code: course.Code, Template: course.Template, Starts: dayText(course.Starts)}
		if out.Courses, err = placesOf(c, c.May(access.CourseCreate)); err != nil {
			return out, err
		}
		out.Templates, err = placesOf(c, c.May(access.TemplateCreate))
		return out, err
	},
}

// placesOf are the organizations within a permission, by name, 200 at most.
func placesOf(c *op.Call, within access.Within) ([]Ref, error) {
	list, err := store.ListOrganizations(c, c.Tx, within, store.OrganizationFilter{}, store.Page{Size: 200})
	out := make([]Ref, len(list.Items))
	for i, o := range list.Items {
		out[i] = Ref{o.ID, o.Name}
	}
	return out, err
}

// NewCopy is the course, or the template, that shall be made of another.
type NewCopy struct {
	OneCourse
	Organization db.ID  `json:"organization" doc:"Where it shall be."`
	Code         string `json:"code" doc:"What other systems call it; unique in the portal." maxLength:"100"`
	Name         string `json:"name" doc:"What it is called." maxLength:"200"`
	Starts       string `json:"starts,omitempty" doc:"Its first day, as 2026-03-02: the days in it move along. Empty for none: the days in it are left out."`
	Ends         string `json:"ends,omitempty" doc:"Its last day; empty for none."`
	Template     bool   `json:"template,omitempty" doc:"Make a template, no course."`
}

const dayForm = "2006-01-02"

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(dayForm)
}

func (in NewCopy) fields(wrong *fail.Fields) store.NewCourse {
	out := store.NewCourse{Code: strings.TrimSpace(in.Code), Name: form.Tidy(in.Name)}
	for field, day := range map[string]struct {
		text string
		to   *time.Time
	}{"starts": {in.Starts, &out.Starts}, "ends": {in.Ends, &out.Ends}} {
		var err error
		if *day.to, err = parseDay(day.text); err != nil {
			wrong.Add(field, "Write a day as 2026-03-02.")
		}
	}
	if !out.Starts.IsZero() && !out.Ends.IsZero() && out.Ends.Before(out.Starts) {
		wrong.Add("ends", "It cannot end before it starts.")
	}
	return out
}

// Check tells which fields have to be corrected.
func (in NewCopy) Check() error {
	var wrong fail.Fields
	checkNamed(&wrong, in.Code, in.Name)
	in.fields(&wrong)
	return wrong.Err()
}

// CopyCourse makes a course of another, or of a template; or a template of either (CA-1).
var CopyCourse = &op.Op[NewCopy, Ref]{
	Name:  "course.copy",
	Route: "POST /courses/{course}/copies",
	Doc:   "Makes a course of another or of a template, with its rules, sections, lessons, assessments and files, or a template of it. Nobody's work goes along. Who makes a course owns it.",
	Needs: copyNeeds,
	Do: func(c *op.Call, in NewCopy) (Ref, error) {
		from, err := copySource(c, in.Course)
		if err != nil {
			return Ref{}, err
		}
		making := c.May(access.CourseCreate)
		if in.Template {
			making = c.May(access.TemplateCreate)
		}
		org, err := store.FindOrganization(c, c.Tx, making, in.Organization)
		if err != nil {
			return Ref{}, err
		}
		made, err := store.CreateCourse(c, c.Tx, org, in.fields(&fail.Fields{}), c.Now)
		if err != nil {
			return Ref{}, err
		}
		c.Audit(made.Thing(), made.Name, map[string]any{"of": from.Name, "of_id": from.ID, "template": in.Template})
		if err := learning.Copy(c, c.Tx, from, made, c.Now); err != nil {
			return Ref{}, err
		}
		switch {
		case in.Template:
			err = learning.MakeTemplate(c, c.Tx, made)
		case c.Who.Account != 0:
			err = store.Begin(c, c.Tx, store.NewGrant{Account: c.Who.Account, Role: access.CourseOwner, At: made.Thing(), Since: c.Now, By: c.By(), ByCreation: true})
		}
		return Ref{made.ID, made.Name}, err
	},
}
