package learning

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/files"
)

// Lesson is a page of a course.
type Lesson struct {
	ID, Course, Section db.ID
	Title               string
	// Body is its text, as Markdown; only where one lesson was asked for.
	Body string
	// Video is the address of a film that belongs to it; empty for none.
	Video string
	// Opens is when learners may open it; zero for at once.
	Opens time.Time
	// After is the lesson that a learner must have done before; 0 for none.
	After   db.ID
	Changed time.Time
	// Position is its place among the lessons and works of its section.
	Position int64
}

const lessonColumns = `l.id, l.course_id, l.section_id, l.title, l.video, l.opens_at, l.after_id, l.changed_at, l.position`

func scanLesson(s db.Scanner) (l Lesson, err error) {
	var opens, changed int64
	err = s.Scan(&l.ID, &l.Course, &l.Section, &l.Title, &l.Video, &opens, &l.After, &changed, &l.Position, &l.Body)
	l.Opens, l.Changed = db.TimeOrZero(opens), db.Time(changed)
	return l, err
}

// FindLesson is a lesson of a course with its text. The course was found before, within a permission.
func FindLesson(ctx context.Context, tx *db.Tx, course store.Course, id db.ID) (Lesson, error) {
	l, err := db.One(ctx, tx, db.SQL(`SELECT `+lessonColumns+`, l.body FROM lessons l WHERE l.id = ? AND l.course_id = ?`, id, course.ID), scanLesson)
	if fail.Is(err, fail.NotFound) {
		return l, fail.Missing("lesson")
	}
	return l, err
}

// AddLesson puts a lesson at the end of its section. What follows from it for learners' progress is the caller's: see
// store.RegradeCourse.
func AddLesson(ctx context.Context, tx *db.Tx, course store.Course, l Lesson, now time.Time) (Lesson, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM lessons WHERE course_id = ?`, course.ID))
	if err != nil {
		return l, err
	}
	if n >= MaxLessons {
		return l, fail.New(fail.Conflict, "A course holds {n} lessons at most.", "n", MaxLessons)
	}
	l.ID, l.Course, l.Changed = db.NewID(), course.ID, now
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO lessons (id, portal_id, course_id, section_id, title, body, video, opens_at, after_id, position, changed_at)
		SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max(position), 0) + 1, ?
		FROM (SELECT position FROM lessons WHERE course_id = ? AND section_id = ? UNION ALL SELECT position FROM assessments WHERE course_id = ? AND section_id = ?) there`,
		l.ID, course.Portal, course.ID, l.Section, l.Title, l.Body, l.Video, db.MicrosOrZero(l.Opens), l.After, db.Micros(now), course.ID, l.Section, course.ID, l.Section))
	return l, err
}

// SaveLesson writes what a lesson says, and when it opens.
func SaveLesson(ctx context.Context, tx *db.Tx, l Lesson, now time.Time) (Lesson, error) {
	l.Changed = now
	_, err := tx.Exec(ctx, db.SQL(`UPDATE lessons SET title = ?, body = ?, video = ?, opens_at = ?, after_id = ?, changed_at = ? WHERE id = ?`,
		l.Title, l.Body, l.Video, db.MicrosOrZero(l.Opens), l.After, db.Micros(now), l.ID))
	return l, err
}

// DropLesson takes a lesson away, and what learners did of it.
func DropLesson(ctx context.Context, tx *db.Tx, l Lesson) error {
	return dropLessons(ctx, tx, l.Course, []db.ID{l.ID})
}

func dropLessons(ctx context.Context, tx *db.Tx, course db.ID, ids []db.ID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := files.DropOf(ctx, tx, files.OfLesson, ids); err != nil {
		return err
	}
	for _, q := range []db.Frag{
		db.SQL(`DELETE FROM lessons_done WHERE lesson_id IN ?`, ids),
		db.SQL(`UPDATE lessons SET after_id = 0 WHERE course_id = ? AND after_id IN ?`, course, ids),
		db.SQL(`UPDATE assessments SET after_id = 0 WHERE course_id = ? AND after_id IN ?`, course, ids),
		db.SQL(`DELETE FROM lessons WHERE id IN ?`, ids),
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// Mark notes that a learner has done a lesson, or has not, and brings their progress up to it.
func Mark(ctx context.Context, tx *db.Tx, e store.Enrolment, l Lesson, done bool, now time.Time) error {
	q := db.SQL(`DELETE FROM lessons_done WHERE enrolment_id = ? AND lesson_id = ?`, e.ID, l.ID)
	if done {
		q = db.SQL(`INSERT INTO lessons_done (enrolment_id, lesson_id, done_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, e.ID, l.ID, db.Micros(now))
	}
	if _, err := tx.Exec(ctx, q); err != nil {
		return err
	}
	deltas := store.NewDeltas()
	if err := store.Regrade(ctx, tx, deltas, e.Course, []db.ID{e.ID}); err != nil {
		return err
	}
	return deltas.Flush(ctx, tx)
}
