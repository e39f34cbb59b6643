package intake

import (
	"cmp"
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var courseImport = &importKind{
	name: "courses",
	doc:  "Courses, as records that enrolments and reports need. One is known by its code.",
	fields: []importField{
		{name: "code", doc: "What other systems call it.", required: true, most: 100},
		{name: "name", doc: "Its name.", required: true},
		{name: "organization", doc: "The code or the name of its organization; the portal itself where it is empty."},
		{name: "module", doc: "What the course is a run of."},
		{name: "about", doc: "What it is about.", most: 2000},
		{name: "starts", doc: "When it starts.", is: dateField},
		{name: "ends", doc: "When it ends.", is: dateField},
	},
	bases: []string{"starts"},
	take:  func(in *intake) taker { return courseTaker{in} },
}

type courseTaker struct{ *intake }

func (in courseTaker) take(rows []*importRow) error {
	if _, err := in.refs.organizations(); err != nil {
		return err
	}
	if err := in.loadCourses(rows, "code"); err != nil {
		return err
	}
	for _, r := range rows {
		if err := in.one(r); err != nil {
			return err
		}
	}
	return nil
}

func (in courseTaker) one(r *importRow) error {
	if in.repeated(r, in.get(r, "code")) {
		return nil
	}
	org := in.organization(r, "organization")
	starts := in.date(r, "starts", noBase)
	ends := in.date(r, "ends", func(string) int64 { return starts })
	if starts != 0 && ends != 0 && ends < starts {
		in.wrong(r, "ends", "It ends before it starts.")
	}
	if r.bad || org == nil {
		return nil
	}
	want := store.NewCourse{Code: in.get(r, "code"), Name: in.get(r, "name"), Module: in.get(r, "module"), About: in.get(r, "about"),
		Starts: db.TimeOrZero(starts), Ends: db.TimeOrZero(ends)}
	if kept := in.refs.courses[want.Code]; kept != nil {
		return in.change(r, kept, org, want)
	}
	if !in.allowed(access.CourseCreate, org.Thing()) {
		in.refused(r, "organization", access.CourseCreate)
		return nil
	}
	made, err := store.CreateCourse(in.c, in.c.Tx, *org, want, in.c.Now)
	if err != nil {
		return in.failed(r, "code", err)
	}
	in.refs.courses[made.Code] = &made
	in.result.Created++
	if in.c.Who.Account == 0 {
		return nil
	}
	return store.Begin(in.c, in.c.Tx, store.NewGrant{Account: in.c.Who.Account, Role: access.CourseOwner, At: made.Thing(), Since: in.c.Now, By: in.c.By(), ByCreation: true})
}

func (in courseTaker) change(r *importRow, kept *store.Course, org *store.Organization, want store.NewCourse) error {
	was := store.NewCourse{Code: kept.Code, Name: kept.Name, Module: kept.Module, About: kept.About, Starts: kept.Starts, Ends: kept.Ends, SelfPaced: kept.SelfPaced}
	want.SelfPaced = was.SelfPaced
	want.Module, want.About = cmp.Or(want.Module, was.Module), cmp.Or(want.About, was.About)
	if want.Starts.IsZero() {
		want.Starts = was.Starts
	}
	if want.Ends.IsZero() {
		want.Ends = was.Ends
	}
	dates := want.Starts.Equal(was.Starts) && want.Ends.Equal(was.Ends)
	switch {
	case !in.allowed(access.CourseList, kept.Thing()):
		in.wrong(r, "code", "This code is taken.")
	case in.get(r, "organization") != "" && kept.Org != org.ID:
		in.wrong(r, "organization", "The course belongs to another organization: an import moves none.")
	case dates && want.Name == was.Name && want.Module == was.Module && want.About == was.About:
		in.result.Unchanged++
	case !in.allowed(access.CourseConfigure, kept.Thing()):
		in.refused(r, "code", access.CourseConfigure)
	default:
		in.result.Changed++
		now, _, err := store.SaveCourse(in.c, in.c.Tx, *kept, want)
		*kept = now
		return err
	}
	return nil
}

func noBase(string) int64 { return 0 }
