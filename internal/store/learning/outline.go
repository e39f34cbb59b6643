// Package learning holds what courses are made of (CO-1): sections of lessons, in order, and which lessons a learner has done;
// copies of courses, and the catalog that offers them.
package learning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// MaxSections and MaxLessons bound a course's outline, which is read whole.
const (
	MaxSections = 200
	MaxLessons  = 1000
)

// Section is a heading of a course's outline, with lessons below it.
type Section struct {
	ID, Course db.ID
	Title      string
}

// Outline is what a course is made of, in the order in which it is read: the lessons and the works without their texts.
type Outline struct {
	Sections []Section
	Lessons  []Lesson
	// Works are those of the sections, then those of none, by due date.
	Works []Work
}

// Part is a lesson or a work in its place: one of the two.
type Part struct {
	Lesson *Lesson
	Work   *Work
}

// ID is that of the lesson or the work.
func (p Part) ID() db.ID {
	if p.Work != nil {
		return p.Work.ID
	}
	return p.Lesson.ID
}

func (p Part) position() int64 {
	if p.Work != nil {
		return p.Work.Position
	}
	return p.Lesson.Position
}

// In are the lessons and works of one section, in order.
func (o Outline) In(section db.ID) []Part {
	var out []Part
	for i := range o.Lessons {
		if o.Lessons[i].Section == section {
			out = append(out, Part{Lesson: &o.Lessons[i]})
		}
	}
	for i := range o.Works {
		if o.Works[i].Section == section {
			out = append(out, Part{Work: &o.Works[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.position(), b.position()), cmp.Compare(a.ID(), b.ID()))
	})
	return out
}

// Around are the lessons and works before and after one of them, in the order of the sections; nil where there is none.
func (o Outline) Around(id db.ID) (prev, next *Part) {
	var all []Part
	for _, s := range o.Sections {
		all = append(all, o.In(s.ID)...)
	}
	i := slices.IndexFunc(all, func(p Part) bool { return p.ID() == id })
	if i > 0 {
		prev = &all[i-1]
	}
	if i >= 0 && i+1 < len(all) {
		next = &all[i+1]
	}
	return prev, next
}

// Lesson is the lesson of an id; nil where there is none.
func (o Outline) Lesson(id db.ID) *Lesson {
	i := slices.IndexFunc(o.Lessons, func(l Lesson) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &o.Lessons[i]
}

// OutlineOf is what a course is made of, by three queries. The course was found before, within course.view.
func OutlineOf(ctx context.Context, tx *db.Tx, course store.Course) (out Outline, err error) {
	out.Sections, err = db.All(ctx, tx, db.SQL(`SELECT id, course_id, title FROM course_sections WHERE course_id = ? ORDER BY position, id LIMIT ?`, course.ID, MaxSections),
		func(s db.Scanner) (x Section, err error) { return x, s.Scan(&x.ID, &x.Course, &x.Title) })
	if err != nil {
		return out, err
	}
	if out.Works, err = worksOf(ctx, tx, course); err != nil || len(out.Sections) == 0 {
		return out, err
	}
	out.Lessons, err = db.All(ctx, tx, db.SQL(`SELECT `+lessonColumns+`, '' FROM lessons l JOIN course_sections s ON s.id = l.section_id
		WHERE l.course_id = ? ORDER BY s.position, s.id, l.position, l.id LIMIT ?`, course.ID, MaxLessons), scanLesson)
	return out, err
}

// FindSection is a section of a course.
func FindSection(ctx context.Context, tx *db.Tx, course store.Course, id db.ID) (Section, error) {
	s, err := db.One(ctx, tx, db.SQL(`SELECT id, course_id, title FROM course_sections WHERE id = ? AND course_id = ?`, id, course.ID),
		func(s db.Scanner) (x Section, err error) { return x, s.Scan(&x.ID, &x.Course, &x.Title) })
	if fail.Is(err, fail.NotFound) {
		return s, fail.Missing("section")
	}
	return s, err
}

// AddSection puts a section at the end of a course.
func AddSection(ctx context.Context, tx *db.Tx, course store.Course, title string) (Section, error) {
	s := Section{ID: db.NewID(), Course: course.ID, Title: title}
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM course_sections WHERE course_id = ?`, course.ID))
	if err != nil {
		return s, err
	}
	if n >= MaxSections {
		return s, fail.New(fail.Conflict, "A course holds {n} sections at most.", "n", MaxSections)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO course_sections (id, portal_id, course_id, title, position)
		SELECT ?, ?, ?, ?, coalesce(max(position), 0) + 1 FROM course_sections WHERE course_id = ?`, s.ID, course.Portal, course.ID, title, course.ID))
	return s, err
}

// RenameSection gives a section another title.
func RenameSection(ctx context.Context, tx *db.Tx, s Section, title string) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE course_sections SET title = ? WHERE id = ?`, title, s.ID))
	return err
}

// DropSection takes a section away with its lessons, and what learners did of them. One with works is a Conflict.
func DropSection(ctx context.Context, tx *db.Tx, s Section) error {
	if works, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM assessments WHERE course_id = ? AND section_id = ?`, s.Course, s.ID)); err != nil {
		return err
	} else if works > 0 {
		return fail.New(fail.Conflict, "This section holds assessments. Move them to another section, or delete them first.")
	}
	lessons, err := db.All(ctx, tx, db.SQL(`SELECT id FROM lessons WHERE course_id = ? AND section_id = ?`, s.Course, s.ID), db.ScanID)
	if err != nil {
		return err
	}
	if err := dropLessons(ctx, tx, s.Course, lessons); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`DELETE FROM course_sections WHERE id = ?`, s.ID))
	return err
}

// Arrange puts the sections, lessons and works of a course into an order: each section once, each lesson and work once below one
// of them; those works of no section are not named. Anything else is a Conflict, since somebody changed the outline meanwhile.
func Arrange(ctx context.Context, tx *db.Tx, was Outline, order []Arranged) error {
	if !was.sameParts(order) {
		return fail.New(fail.Conflict, "The course was changed meanwhile. Open it again, and arrange it anew.")
	}
	for i, a := range order {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE course_sections SET position = ? WHERE id = ? AND position <> ?`, i+1, a.Section, i+1)); err != nil {
			return err
		}
		for j, id := range a.Parts {
			query := db.SQL(`UPDATE assessments SET section_id = ?, position = ? WHERE id = ? AND (section_id <> ? OR position <> ?)`, a.Section, j+1, id, a.Section, j+1)
			if was.Lesson(id) != nil {
				query = db.SQL(`UPDATE lessons SET section_id = ?, position = ? WHERE id = ? AND (section_id <> ? OR position <> ?)`, a.Section, j+1, id, a.Section, j+1)
			}
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameParts tells whether an order names each section, lesson and work of the sections exactly once, and nothing else.
func (o Outline) sameParts(order []Arranged) bool {
	left := map[db.ID]bool{}
	for _, s := range o.Sections {
		left[s.ID] = true
		for _, p := range o.In(s.ID) {
			left[p.ID()] = false
		}
	}
	take := func(id db.ID, section bool) bool {
		is, there := left[id]
		delete(left, id)
		return there && is == section
	}
	for _, a := range order {
		if !take(a.Section, true) {
			return false
		}
		for _, id := range a.Parts {
			if !take(id, false) {
				return false
			}
		}
	}
	return len(left) == 0
}

// Arranged is a section with its lessons and works, in order.
type Arranged struct {
	Section db.ID
	Parts   []db.ID
}

// Taking is a learner's own way through a course.
type Taking struct {
	Enrolment store.Enrolment
	// Done is when each lesson was done.
	Done map[db.ID]time.Time
	// Handed are the works that the learner has a result of: handed in, graded or excused from.
	Handed map[db.ID]bool
}

// TakingOf is an account's way through a course; nil where they are no learner of it now.
func TakingOf(ctx context.Context, tx *db.Tx, within access.Within, course store.Course, account db.ID) (*Taking, error) {
	list, err := store.ListEnrolments(ctx, tx, within, store.EnrolmentFilter{Course: course.ID, Account: account, Open: true}, store.Page{Size: 1})
	if err != nil || len(list.Items) == 0 {
		return nil, err
	}
	out := &Taking{list.Items[0], map[db.ID]time.Time{}, map[db.ID]bool{}}
	type done struct{ lesson, at db.ID }
	rows, err := db.All(ctx, tx, db.SQL(`SELECT lesson_id, done_at FROM lessons_done WHERE enrolment_id = ?`, out.Enrolment.ID),
		func(s db.Scanner) (d done, err error) { return d, s.Scan(&d.lesson, &d.at) })
	for _, d := range rows {
		out.Done[d.lesson] = db.Time(int64(d.at))
	}
	if err != nil {
		return out, err
	}
	handed, err := db.All(ctx, tx, db.SQL(`SELECT assessment_id FROM results WHERE enrolment_id = ?`, out.Enrolment.ID), db.ScanID)
	for _, id := range handed {
		out.Handed[id] = true
	}
	return out, err
}

// Closed tells whether a learner cannot open a part yet: before its day, or before another lesson is done.
func (t *Taking) Closed(o Outline, opens time.Time, after db.ID, now time.Time) bool {
	return opens.After(now) || after != 0 && t.Done[after].IsZero() && o.Lesson(after) != nil
}
