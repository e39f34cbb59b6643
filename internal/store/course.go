package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Course is a course as the record that enrolments and reports need.
type Course struct {
	ID      db.ID
	Portal  db.ID
	Org     db.ID
	OrgName string
	// Code is what other systems call it; unique in the portal.
	Code string
	Name string
	// Module is what several courses present, each at its time; empty where there is none.
	Module string
	About  string
	// Starts and Ends are zero where it has no dates.
	Starts, Ends, Created time.Time
	// Archived is when it was archived, and so is read-only; zero where it is not.
	Archived time.Time
	// Template: it is there to make courses of (CA-1).
	Template bool
	// SelfPaced: everybody takes it at their own pace, and nothing in it is due on a day; else it is led by who teaches it (CO-1).
	SelfPaced bool
}

// Thing is the course as a thing that permissions are asked about, and as a place.
func (c Course) Thing() access.Thing {
	return access.Thing{Kind: access.Course, ID: c.ID, Portal: c.Portal, Org: c.Org}
}

const courseColumns = `c.id, c.portal_id, c.org_id, o.name, c.code, c.name, c.module, c.about, c.starts_at, c.ends_at, c.created_at, c.archived_at, c.template, c.self_paced`
const courseTables = ` FROM courses c JOIN organizations o ON o.id = c.org_id `

func scanCourse(s db.Scanner) (c Course, err error) {
	var starts, ends, created, archived int64
	err = s.Scan(&c.ID, &c.Portal, &c.Org, &c.OrgName, &c.Code, &c.Name, &c.Module, &c.About, &starts, &ends, &created, &archived, &c.Template, &c.SelfPaced)
	c.Starts, c.Ends, c.Created = db.TimeOrZero(starts), db.TimeOrZero(ends), db.Time(created)
	c.Archived = db.TimeOrZero(archived)
	return c, err
}

// FindCourse is one course within what a permission reaches.
func FindCourse(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Course, error) {
	c, err := db.One(ctx, tx, db.SQL(`SELECT `+courseColumns+courseTables+`WHERE c.id = ? AND c.deleted_at = 0 AND ?`, id, within.Where("c")), scanCourse)
	if !fail.Is(err, fail.NotFound) {
		return c, err
	}
	listed, open := within.Actor().May(access.CourseList), within.Actor().May(access.CourseView)
	err = missing(ctx, tx, within, "course", db.SQL(`SELECT 1 FROM courses c WHERE c.id = ? AND c.deleted_at = 0 AND (? OR ?)`, id, listed.Where("c"), open.Where("c")))
	if fail.Is(err, fail.NotAllowed) && !within.Permission().InArchive && within.Actor().Rules().Courses[id].Archived {
		err = fail.New(fail.NotAllowed, "This course is archived. It can be read, and nothing in it is changed until it is restored.")
	}
	return c, err
}

// CourseFilter narrows courses; what is zero does not.
type CourseFilter struct {
	// Query is matched with any part of the name, and with the beginning of the code.
	Query string
	// Org keeps the courses of an organization and those below it.
	Org db.ID
	// Archived keeps those that are archived, and else those that are not; Templates the templates, and else the courses.
	Archived, Templates bool
}

func (f CourseFilter) where() db.Frag {
	parts := []db.Frag{db.SQL("c.deleted_at = 0 AND (c.archived_at <> 0) = ? AND c.template = ?", f.Archived, f.Templates)}
	if f.Query != "" {
		parts = append(parts, db.SQL(`(c.name_key LIKE ? ESCAPE '\' OR c.code = ?)`, "%"+likeText.Replace(db.Key(cut(f.Query, 200)))+"%", f.Query))
	}
	if f.Org != 0 {
		parts = append(parts, db.SQL(`c.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)`, f.Org))
	}
	return db.And(parts...)
}

// ListCourses are courses within what a permission reaches, by name.
func ListCourses(ctx context.Context, tx *db.Tx, within access.Within, filter CourseFilter, page Page) (List[Course], error) {
	where, tail, err := page.Keyset("c.name_key", "c.id")
	if err != nil {
		return List[Course]{}, err
	}
	cond := db.And(within.Where("c"), filter.where())
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+courseColumns+courseTables+`WHERE ? AND ? ?`, cond, where, tail), scanCourse)
	if err != nil {
		return List[Course]{}, err
	}
	out := pageOf(page, rows, func(c Course) cursor { return cursor{db.Key(c.Name), c.ID} })
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM courses c WHERE ? LIMIT ?) few`, cond, CountLimit))
	out.Total = int(total)
	return out, err
}

// NewCourse is what is known of a course.
type NewCourse struct {
	Code, Name, Module, About string
	Starts, Ends              time.Time
	SelfPaced                 bool
}

// CreateCourse makes a course in an organization. A code that the portal has already is a Conflict.
func CreateCourse(ctx context.Context, tx *db.Tx, org Organization, in NewCourse, now time.Time) (Course, error) {
	c := Course{ID: db.NewID(), Portal: org.Portal, Org: org.ID, OrgName: org.Name, Created: now}
	in.fill(&c)
	tx.Note(Grew("courses"))
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO courses (id, portal_id, org_id, code, name, name_key, module, about, starts_at, ends_at, created_at, self_paced)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, c.Portal, c.Org, c.Code, c.Name, db.Key(c.Name), c.Module, c.About,
		db.MicrosOrZero(c.Starts), db.MicrosOrZero(c.Ends), db.Micros(now), c.SelfPaced))
	return c, codeTaken(err)
}

func (in NewCourse) fill(c *Course) {
	c.Code, c.Name, c.Module, c.About, c.Starts, c.Ends, c.SelfPaced = in.Code, in.Name, in.Module, in.About, in.Starts, in.Ends, in.SelfPaced
}

func codeTaken(err error) error {
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is a course with this code already.")
	}
	return err
}

// SaveCourse changes what is known of a course. Same where there is nothing to change.
func SaveCourse(ctx context.Context, tx *db.Tx, c Course, in NewCourse) (Course, Did, error) {
	was := NewCourse{c.Code, c.Name, c.Module, c.About, c.Starts, c.Ends, c.SelfPaced}
	if was.Code == in.Code && was.Name == in.Name && was.Module == in.Module && was.About == in.About && was.Starts.Equal(in.Starts) && was.Ends.Equal(in.Ends) && was.SelfPaced == in.SelfPaced {
		return c, Same, nil
	}
	if in.SelfPaced {
		if due, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM assessments WHERE course_id = ? AND due_at > 0`, c.ID)); err != nil {
			return c, Same, err
		} else if due > 0 {
			return c, Same, fail.Wrong("self_paced", "{n} of its assessments are due on a day. Take those days away first.", "n", due)
		}
	}
	in.fill(&c)
	_, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET code = ?, name = ?, name_key = ?, module = ?, about = ?, starts_at = ?, ends_at = ?, self_paced = ? WHERE id = ?`,
		c.Code, c.Name, db.Key(c.Name), c.Module, c.About, db.MicrosOrZero(c.Starts), db.MicrosOrZero(c.Ends), c.SelfPaced, c.ID))
	return c, Updated, codeTaken(err)
}

// CoursesCalled are a portal's courses with any of these codes. Because a code is taken whoever has it, it finds those
// that the actor may not see too: nothing of them may be shown.
func CoursesCalled(ctx context.Context, tx *db.Tx, within access.Within, codes []string) ([]Course, error) {
	var out []Course
	for part := range slices.Chunk(codes, 500) {
		found, err := db.All(ctx, tx, db.SQL(`SELECT `+courseColumns+courseTables+`WHERE c.portal_id = ? AND c.deleted_at = 0 AND c.code IN ?`, within.Portal(), part), scanCourse)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
