// Package learning holds what courses are made of (CO-1): sections of lessons, in order, and which lessons a learner has done.
package learning

import (
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

// Outline is what a course is made of, in the order in which it is read: the lessons without their texts.
type Outline struct {
	Sections []Section
	Lessons  []Lesson
}

// In are the lessons of one section.
func (o Outline) In(section db.ID) []Lesson {
	var out []Lesson
	for _, l := range o.Lessons {
		if l.Section == section {
			out = append(out, l)
		}
	}
	return out
}

// Lesson is the lesson of an id with those before and after it; nil where there is none.
func (o Outline) Lesson(id db.ID) (prev, is, next *Lesson) {
	i := slices.IndexFunc(o.Lessons, func(l Lesson) bool { return l.ID == id })
	if i < 0 {
		return nil, nil, nil
	}
	if i > 0 {
		prev = &o.Lessons[i-1]
	}
	if i+1 < len(o.Lessons) {
		next = &o.Lessons[i+1]
	}
	return prev, &o.Lessons[i], next
}

// OutlineOf is what a course is made of, by two queries. The course was found before, within course.view.
func OutlineOf(ctx context.Context, tx *db.Tx, course store.Course) (out Outline, err error) {
	out.Sections, err = db.All(ctx, tx, db.SQL(`SELECT id, course_id, title FROM course_sections WHERE course_id = ? ORDER BY position, id LIMIT ?`, course.ID, MaxSections),
		func(s db.Scanner) (x Section, err error) { return x, s.Scan(&x.ID, &x.Course, &x.Title) })
	if err != nil || len(out.Sections) == 0 {
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

// DropSection takes a section away with its lessons, and what learners did of them.
func DropSection(ctx context.Context, tx *db.Tx, s Section) error {
	lessons, err := db.All(ctx, tx, db.SQL(`SELECT id FROM lessons WHERE section_id = ?`, s.ID), db.ScanID)
	if err != nil {
		return err
	}
	if err := dropLessons(ctx, tx, lessons); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`DELETE FROM course_sections WHERE id = ?`, s.ID))
	return err
}

// Arrange puts the sections and lessons of a course into an order: each section once, each lesson once below one of them.
// Anything else is a Conflict, since somebody changed the outline meanwhile.
func Arrange(ctx context.Context, tx *db.Tx, was Outline, order []Arranged) error {
	sections, lessons := map[db.ID]bool{}, map[db.ID]bool{}
	for _, a := range order {
		sections[a.Section] = true
		for _, l := range a.Lessons {
			lessons[l] = true
		}
	}
	changed := fail.New(fail.Conflict, "The course was changed meanwhile. Open it again, and arrange it anew.")
	if len(sections) != len(order) || len(sections) != len(was.Sections) || len(lessons) != len(was.Lessons) || countLessons(order) != len(lessons) ||
		slices.ContainsFunc(was.Sections, func(s Section) bool { return !sections[s.ID] }) || slices.ContainsFunc(was.Lessons, func(l Lesson) bool { return !lessons[l.ID] }) {
		return changed
	}
	for i, a := range order {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE course_sections SET position = ? WHERE id = ? AND position <> ?`, i+1, a.Section, i+1)); err != nil {
			return err
		}
		for j, l := range a.Lessons {
			if _, err := tx.Exec(ctx, db.SQL(`UPDATE lessons SET section_id = ?, position = ? WHERE id = ? AND (section_id <> ? OR position <> ?)`,
				a.Section, j+1, l, a.Section, j+1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Arranged is a section with its lessons, in order.
type Arranged struct {
	Section db.ID
	Lessons []db.ID
}

func countLessons(order []Arranged) (n int) {
	for _, a := range order {
		n += len(a.Lessons)
	}
	return n
}

// Taking is a learner's own way through a course.
type Taking struct {
	Enrolment store.Enrolment
	// Done is when each lesson was done.
	Done map[db.ID]time.Time
}

// TakingOf is an account's way through a course; nil where they are no learner of it now.
func TakingOf(ctx context.Context, tx *db.Tx, within access.Within, course store.Course, account db.ID) (*Taking, error) {
	list, err := store.ListEnrolments(ctx, tx, within, store.EnrolmentFilter{Course: course.ID, Account: account, Open: true}, store.Page{Size: 1})
	if err != nil || len(list.Items) == 0 {
		return nil, err
	}
	out := &Taking{list.Items[0], map[db.ID]time.Time{}}
	type done struct{ lesson, at db.ID }
	rows, err := db.All(ctx, tx, db.SQL(`SELECT lesson_id, done_at FROM lessons_done WHERE enrolment_id = ?`, out.Enrolment.ID),
		func(s db.Scanner) (d done, err error) { return d, s.Scan(&d.lesson, &d.at) })
	for _, d := range rows {
		out.Done[d.lesson] = db.Time(int64(d.at))
	}
	return out, err
}

// Closed tells why a learner cannot open a lesson yet: the moment it opens, or the lesson to be done first.
func (t *Taking) Closed(o Outline, l *Lesson, now time.Time) (opens time.Time, first *Lesson) {
	if l.Opens.After(now) {
		opens = l.Opens
	}
	if l.After != 0 && t.Done[l.After].IsZero() {
		_, first, _ = o.Lesson(l.After)
	}
	return opens, first
}
