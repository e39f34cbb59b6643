// Package work holds what a course asks of its learners (CO-1): its assessments with their questions, what is handed in for them,
// how it is graded, and what is discussed.
package work

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/files"
)

// MaxAssessments bounds those of one course.
const MaxAssessments = 1000

// Assessment is a part of a course, with all that is said of it. One that was imported has no section.
type Assessment struct {
	store.Assessment
	Section db.ID
	// Body is what is asked, as Markdown.
	Body string
	// Opens is when learners may open it, Closes when nothing is taken any more; zero for at once, and for never.
	Opens, Closes time.Time
	// After is the lesson that a learner must have done before; 0 for none.
	After db.ID
	// Points is the most that can be reached.
	Points float64
	// LatePercent is taken off for each day, begun, that something comes after its due date.
	LatePercent float64
	// Attempts is how often a learner may hand something in; 0 for any number.
	Attempts int64
	// GradesAt is when learners see their grades; zero for at once.
	GradesAt time.Time
	// Changed is zero for one that was imported.
	Changed time.Time
}

// Columns of an alias `s`.
const assessmentColumns = `s.id, s.portal_id, s.course_id, s.code, s.title, s.kind, s.due_at, s.weight, s.section_id, s.opens_at, s.closes_at, s.after_id,
	s.points, s.late_percent, s.attempts, s.grades_at, s.changed_at, s.survey`

func scanAssessment(s db.Scanner) (a Assessment, err error) {
	var due, opens, closes, grades, changed int64
	err = s.Scan(&a.ID, &a.Portal, &a.Course, &a.Code, &a.Title, &a.Kind, &due, &a.Weight, &a.Section, &opens, &closes, &a.After,
		&a.Points, &a.LatePercent, &a.Attempts, &grades, &changed, &a.Survey, &a.Body)
	a.Due, a.Opens, a.Closes = db.TimeOrZero(due), db.TimeOrZero(opens), db.TimeOrZero(closes)
	a.GradesAt, a.Changed = db.TimeOrZero(grades), db.TimeOrZero(changed)
	return a, err
}

// FindAssessment is an assessment of a course with its text. The course was found before, within a permission.
func FindAssessment(ctx context.Context, tx *db.Tx, course store.Course, id db.ID) (Assessment, error) {
	a, err := db.One(ctx, tx, db.SQL(`SELECT `+assessmentColumns+`, s.body FROM assessments s WHERE s.id = ? AND s.course_id = ?`, id, course.ID), scanAssessment)
	if fail.Is(err, fail.NotFound) {
		return a, fail.Missing("assessment")
	}
	return a, err
}

// AddAssessment puts an assessment at the end of its section, which must be one of the course. What follows from it for learners'
// progress is the caller's: see store.RegradeCourse.
func AddAssessment(ctx context.Context, tx *db.Tx, course store.Course, a Assessment, now time.Time) (Assessment, error) {
	if err := fits(ctx, tx, course, a); err != nil {
		return a, err
	}
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM assessments WHERE course_id = ?`, course.ID))
	if err != nil {
		return a, err
	}
	if n >= MaxAssessments {
		return a, fail.New(fail.Conflict, "A course holds {n} assessments at most.", "n", MaxAssessments)
	}
	a.ID, a.Portal, a.Course, a.Changed = db.NewID(), course.Portal, course.ID, now
	a.Code = a.ID.String()
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO assessments (id, portal_id, course_id, code, title, kind, due_at, weight, section_id, opens_at, closes_at, after_id, body,
			points, late_percent, attempts, grades_at, changed_at, survey, position)
		SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BOOLEAN), coalesce(max(position), 0) + 1
		FROM (SELECT position FROM lessons WHERE course_id = ? AND section_id = ? UNION ALL SELECT position FROM assessments WHERE course_id = ? AND section_id = ?) there`,
		a.ID, a.Portal, a.Course, a.Code, a.Title, a.Kind, db.MicrosOrZero(a.Due), a.Weight, a.Section, db.MicrosOrZero(a.Opens), db.MicrosOrZero(a.Closes), a.After, a.Body,
		a.Points, a.LatePercent, a.Attempts, db.MicrosOrZero(a.GradesAt), db.Micros(now), a.Survey, course.ID, a.Section, course.ID, a.Section))
	return a, err
}

// fits tells whether the section, and the lesson that comes first, are of the course.
func fits(ctx context.Context, tx *db.Tx, course store.Course, a Assessment) error {
	if found, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM course_sections WHERE id = ? AND course_id = ?`, a.Section, course.ID)); err != nil {
		return err
	} else if found == 0 && (a.Section != 0 || a.ID == 0) {
		return fail.Wrong("section", "Choose a section of this course.")
	}
	if course.SelfPaced && !a.Due.IsZero() {
		return fail.Wrong("due", "Everybody takes this course at their own pace: nothing in it is due on a day.")
	}
	if a.After == 0 {
		return nil
	}
	found, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM lessons WHERE id = ? AND course_id = ?`, a.After, course.ID))
	if err == nil && found == 0 {
		err = fail.Wrong("after", "Choose a lesson of this course.")
	}
	return err
}

// SaveAssessment writes what an assessment asks, and by which rules. Its section stays.
func SaveAssessment(ctx context.Context, tx *db.Tx, course store.Course, a Assessment, now time.Time) (Assessment, error) {
	if err := fits(ctx, tx, course, a); err != nil {
		return a, err
	}
	a.Changed = now
	_, err := tx.Exec(ctx, db.SQL(`UPDATE assessments SET title = ?, due_at = ?, weight = ?, opens_at = ?, closes_at = ?, after_id = ?, body = ?,
		points = ?, late_percent = ?, attempts = ?, grades_at = ?, changed_at = ? WHERE id = ?`,
		a.Title, db.MicrosOrZero(a.Due), a.Weight, db.MicrosOrZero(a.Opens), db.MicrosOrZero(a.Closes), a.After, a.Body,
		a.Points, a.LatePercent, a.Attempts, db.MicrosOrZero(a.GradesAt), db.Micros(now), a.ID))
	if err != nil || a.Closes.IsZero() {
		return a, err
	}
	closes := db.Micros(a.Closes) // an attempt that was begun ends then, too: answers may be shown from then on
	_, err = tx.Exec(ctx, db.SQL(`UPDATE quiz_attempts SET until = ? WHERE assessment_id = ? AND submitted_at = 0 AND until > ?`, closes, a.ID, closes))
	return a, err
}

// SaveWeight writes what an assessment counts. What follows for the learners is the caller's: see store.RegradeCourse.
func SaveWeight(ctx context.Context, tx *db.Tx, a Assessment, weight float64, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE assessments SET weight = ?, changed_at = ? WHERE id = ?`, weight, db.Micros(now), a.ID))
	return err
}

// Handed is how many learners have a result of an assessment.
func Handed(ctx context.Context, tx *db.Tx, a Assessment) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM results WHERE assessment_id = ?`, a.ID))
}

// DropAssessment takes an assessment away that nobody has a result of, with what was only drafted for it: any other is a Conflict,
// since its grades would be lost.
func DropAssessment(ctx context.Context, tx *db.Tx, a Assessment) error {
	n, err := Handed(ctx, tx, a)
	if err != nil {
		return err
	}
	if n > 0 {
		return fail.New(fail.Conflict, "{n} learners have a result of {name}. It stays, with what they did.", "n", n, "name", a.Title)
	}
	if err := DropQuiz(ctx, tx, a); err != nil {
		return err
	}
	if err := dropSurvey(ctx, tx, a); err != nil {
		return err
	}
	if err := dropPackage(ctx, tx, a); err != nil {
		return err
	}
	drafts, err := db.All(ctx, tx, db.SQL(`SELECT id FROM submissions WHERE assessment_id = ?`, a.ID), db.ScanID)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(drafts, 500) {
		if err := files.DropOf(ctx, tx, files.OfSubmission, part); err != nil {
			return err
		}
	}
	for _, q := range []db.Frag{db.SQL(`DELETE FROM submissions WHERE assessment_id = ?`, a.ID), db.SQL(`DELETE FROM assessments WHERE id = ?`, a.ID)} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// ListAssessments are a course's assessments without their texts, in order; those of no section last, by due date.
func ListAssessments(ctx context.Context, tx *db.Tx, course store.Course) ([]Assessment, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+assessmentColumns+`, '' FROM assessments s LEFT JOIN course_sections x ON x.id = s.section_id
		WHERE s.course_id = ? ORDER BY CASE WHEN x.id IS NULL THEN 1 ELSE 0 END, x.position, x.id, s.position, s.due_at, s.id LIMIT ?`, course.ID, MaxAssessments), scanAssessment)
}

// ListGraded are ListAssessments without those that are not graded.
func ListGraded(ctx context.Context, tx *db.Tx, course store.Course) ([]Assessment, error) {
	list, err := ListAssessments(ctx, tx, course)
	return slices.DeleteFunc(list, func(a Assessment) bool { return a.Survey }), err
}

// Named is a thing by name.
type Named struct {
	ID   db.ID
	Name string
}

func scanNamed(s db.Scanner) (n Named, err error) { return n, s.Scan(&n.ID, &n.Name) }

// PlacesIn are the sections of a course, in which assessments stand, and its lessons, which can come before one.
func PlacesIn(ctx context.Context, tx *db.Tx, course store.Course) (sections, lessons []Named, err error) {
	if sections, err = db.All(ctx, tx, db.SQL(`SELECT id, title FROM course_sections WHERE course_id = ? ORDER BY position, id`, course.ID), scanNamed); err != nil {
		return nil, nil, err
	}
	lessons, err = db.All(ctx, tx, db.SQL(`SELECT l.id, l.title FROM lessons l JOIN course_sections s ON s.id = l.section_id
		WHERE l.course_id = ? ORDER BY s.position, s.id, l.position, l.id`, course.ID), scanNamed)
	return sections, lessons, err
}

// LessonName is what a lesson of a course is called.
func LessonName(ctx context.Context, tx *db.Tx, course store.Course, lesson db.ID) (string, error) {
	return db.Val[string](ctx, tx, db.SQL(`SELECT title FROM lessons WHERE id = ? AND course_id = ?`, lesson, course.ID))
}

// Own is a learner's own way to an assessment.
type Own struct {
	Enrolment store.Enrolment
	// First is the lesson that they have to do before; its ID is 0 where there is none.
	First Named
}

// OwnOf is an account's way to an assessment; nil where they are no learner of its course now.
func OwnOf(ctx context.Context, tx *db.Tx, within access.Within, course store.Course, a Assessment, account db.ID) (*Own, error) {
	list, err := store.ListEnrolments(ctx, tx, within, store.EnrolmentFilter{Course: course.ID, Account: account, Open: true}, store.Page{Size: 1})
	if err != nil || len(list.Items) == 0 {
		return nil, err
	}
	own := &Own{Enrolment: list.Items[0]}
	if a.After == 0 {
		return own, nil
	}
	own.First, err = db.One(ctx, tx, db.SQL(`SELECT l.id, l.title FROM lessons l WHERE l.id = ? AND NOT EXISTS
		(SELECT 1 FROM lessons_done d WHERE d.lesson_id = l.id AND d.enrolment_id = ?)`, a.After, own.Enrolment.ID), scanNamed)
	if fail.Is(err, fail.NotFound) {
		err = nil
	}
	return own, err
}
