package work

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// MaxAttempts bounds what one learner hands in for one assessment, where its rules do not.
const MaxAttempts = 100

// Submission is what a learner wrote for an assessment: one for each attempt. The last may be a draft.
type Submission struct {
	ID      db.ID
	Attempt int64
	Text    string
	Saved   time.Time
	// Submitted is zero for a draft.
	Submitted time.Time
}

const submissionColumns = `w.id, w.attempt, w.body, w.saved_at, w.submitted_at`

func scanSubmission(s db.Scanner) (w Submission, err error) {
	var saved, submitted int64
	err = s.Scan(&w.ID, &w.Attempt, &w.Text, &saved, &submitted)
	w.Saved, w.Submitted = db.Time(saved), db.TimeOrZero(submitted)
	return w, err
}

// ListSubmissions is what a learner wrote for an assessment, the last first. The enrolment was found before, within a permission.
func ListSubmissions(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment) ([]Submission, error) {
	return db.All(ctx, tx, db.SQL(`SELECT `+submissionColumns+` FROM submissions w WHERE w.enrolment_id = ? AND w.assessment_id = ? ORDER BY w.attempt DESC`,
		e.ID, a.ID), scanSubmission)
}

// Write keeps a text as a learner's draft, or hands it in where that is what they want: then it waits to be graded.
// The figures are in the caller's hands.
func Write(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, e store.Enrolment, text string, handIn bool, now time.Time) (Submission, error) {
	list, err := ListSubmissions(ctx, tx, a, e)
	if err != nil {
		return Submission{}, err
	}
	w := Submission{ID: db.NewID(), Attempt: 1}
	if len(list) > 0 {
		w.Attempt = list[0].Attempt + 1
		if list[0].Submitted.IsZero() {
			w = list[0]
		}
	}
	most := a.Attempts
	if most == 0 {
		most = MaxAttempts
	}
	if w.Attempt > most {
		return w, fail.New(fail.Conflict, "You have handed in as often as you may.")
	}
	w.Text, w.Saved = text, now
	if handIn {
		w.Submitted = now
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO submissions (id, portal_id, assessment_id, enrolment_id, attempt, body, saved_at, submitted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at, submitted_at = excluded.submitted_at`,
		w.ID, e.Portal, a.ID, e.ID, w.Attempt, w.Text, db.Micros(now), db.MicrosOrZero(w.Submitted)))
	if err != nil || !handIn {
		return w, err
	}
	g, err := FindGrade(ctx, tx, a, e)
	if err != nil {
		return w, err
	}
	g.Submitted, g.Waits = now, now
	return w, SaveGrade(ctx, tx, d, a, e, g)
}

// Waiting is something that waits to be graded.
type Waiting struct {
	Course, Assessment Named
	Enrolment          db.ID
	Learner            string
	Since, Due         time.Time
}

// WaitingFilter narrows what waits; what is zero does not.
type WaitingFilter struct {
	Course, Assessment db.ID
}

// ListWaiting is what waits to be graded in the courses that one permission reaches, of the learners that another does, and not of
// the one who asks: the longest first, and how many there are, counted to store.CountLimit.
func ListWaiting(ctx context.Context, tx *db.Tx, courses, learners access.Within, f WaitingFilter, most int) ([]Waiting, int64, error) {
	cond := db.And(db.SQL(`r.waits_at > 0 AND r.portal_id = ? AND r.account_id <> ?`, courses.Portal(), courses.Actor().Account), courses.Where("c"), learners.Where("e"))
	if f.Course != 0 {
		cond = db.And(cond, db.SQL(`e.course_id = ?`, f.Course))
	}
	if f.Assessment != 0 {
		cond = db.And(cond, db.SQL(`r.assessment_id = ?`, f.Assessment))
	}
	from := db.SQL(` FROM results r JOIN enrolments e ON e.id = r.enrolment_id JOIN courses c ON c.id = e.course_id WHERE ?`, cond)
	list, err := db.All(ctx, tx, db.SQL(`SELECT few.course_id, few.course, s.id, s.title, few.enrolment_id, a.name, few.waits_at, s.due_at
		FROM (SELECT e.course_id, c.name AS course, r.assessment_id, r.enrolment_id, r.account_id, r.waits_at, r.id ? ORDER BY r.waits_at, r.id LIMIT ?) few
		JOIN assessments s ON s.id = few.assessment_id JOIN accounts a ON a.id = few.account_id ORDER BY few.waits_at, few.id`, from, most),
		func(s db.Scanner) (w Waiting, err error) {
			var since, due int64
			err = s.Scan(&w.Course.ID, &w.Course.Name, &w.Assessment.ID, &w.Assessment.Name, &w.Enrolment, &w.Learner, &since, &due)
			w.Since, w.Due = db.Time(since), db.TimeOrZero(due)
			return w, err
		})
	if err != nil {
		return nil, 0, err
	}
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 ? LIMIT ?) few`, from, store.CountLimit))
	return list, total, err
}

// Beside are the enrolments of the learners before and after one, by name, who have something of an assessment; 0 for none.
func Beside(ctx context.Context, tx *db.Tx, within access.Within, a Assessment, e store.Enrolment) (before, after db.ID, err error) {
	one := func(is, order string) (db.ID, error) {
		id, err := db.Val[db.ID](ctx, tx, db.SQL(`SELECT e.id FROM enrolments e WHERE e.course_id = ? AND (e.learner_key, e.id) `+is+` (?, ?) AND ?
			AND EXISTS (SELECT 1 FROM results r WHERE r.assessment_id = ? AND r.account_id = e.account_id) ORDER BY e.learner_key `+order+`, e.id `+order+` LIMIT 1`,
			e.Course, db.Key(e.Learner), e.ID, within.Where("e"), a.ID))
		if fail.Is(err, fail.NotFound) {
			err = nil
		}
		return id, err
	}
	if before, err = one("<", "DESC"); err != nil {
		return 0, 0, err
	}
	after, err = one(">", "ASC")
	return before, after, err
}
