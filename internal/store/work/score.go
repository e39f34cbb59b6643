package work

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/store"
)

// Due is an assessment of which something is to be done by itself.
type Due struct{ Portal, Course, Assessment db.ID }

func scanDue(s db.Scanner) (x Due, err error) { return x, s.Scan(&x.Portal, &x.Course, &x.Assessment) }

const (
	// mostDue is how many are found at once, so that one which fails keeps no other waiting.
	mostDue = 50
	// dueJoins leave out assessments `a` of a portal or course that is deleted, or of a course that is archived.
	dueJoins = ` JOIN portals p ON p.id = a.portal_id AND p.deleted_at = 0 JOIN courses c ON c.id = a.course_id AND c.deleted_at = 0 AND c.archived_at = 0 `
)

// WaitingQuizzes are assessments, of any portal, with attempts that wait to be scored, or whose time is over. Courses that are archived are
// left as they are.
func WaitingQuizzes(ctx context.Context, tx *db.Tx, now time.Time) ([]Due, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.portal_id, a.course_id, a.id FROM assessments a`+dueJoins+`JOIN
		(SELECT assessment_id FROM quiz_attempts WHERE waits UNION SELECT assessment_id FROM quiz_attempts WHERE submitted_at = 0 AND until < ?) t ON t.assessment_id = a.id
		ORDER BY a.id LIMIT ?`, db.Micros(now.Add(-Grace)), mostDue), scanDue)
}

// Score scores so many attempts at an assessment that wait for it, and makes the ones that count their learners' grades. What a person
// gave for the whole stays. It tells how many it scored. The figures are in the caller's hands.
func Score(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, q Quiz, questions []Question, most int, now time.Time) (n int, err error) {
	waiting, err := db.All(ctx, tx, db.SQL(`SELECT `+attemptWhole+` FROM quiz_attempts t WHERE t.assessment_id = ? AND t.waits ORDER BY t.id LIMIT ?`, a.ID, most),
		func(s db.Scanner) (Attempt, error) { return scanWhole(s) })
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	batch, err := tx.Batch(ctx, `UPDATE quiz_attempts SET score = ?, waits = FALSE WHERE id = ?`)
	if err != nil {
		return 0, err
	}
	learners := make([]db.ID, len(waiting))
	for i := range waiting {
		x := &waiting[i]
		_, _, x.Score = x.Mark(questions)
		if err := batch.Exec(x.Score, x.ID); err != nil {
			return 0, err
		}
		learners[i] = x.Enrolment
	}
	if err := batch.Close(); err != nil {
		return 0, err
	}
	return len(waiting), grade(ctx, tx, d, a, q, learners, now)
}

// grade makes the attempts that count the grades of learners.
func grade(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, q Quiz, learners []db.ID, now time.Time) error {
	counts, err := counting(ctx, tx, a, q, learners)
	if err != nil {
		return err
	}
	kept, err := gradesOf(ctx, tx, a, learners)
	if err != nil {
		return err
	}
	results, err := store.NewResultWriter(ctx, tx, d)
	if err != nil {
		return err
	}
	grades := make([]Grade, len(counts))
	for i, x := range counts {
		g := kept[x.Enrolment]
		if g.Submitted = x.Submitted; g.GradedBy == 0 {
			g.Given, g.GivenFor, g.Graded, g.Score = x.Counted(), x.Submitted, now, nil
			if !a.Holds(now) {
				g.Score = g.Reached(&a)
			}
		}
		grades[i] = g
		if err := results.Write(store.ResultRow{Assessment: a.Assessment, Account: x.Account, Result: store.Result{Submitted: g.Submitted, Score: g.Score, Banked: g.Banked}}); err != nil {
			return err
		}
	}
	if err := results.Close(); err != nil {
		return err
	}
	batch, err := tx.Batch(ctx, saveGrade)
	if err != nil {
		return err
	}
	for i, x := range counts {
		if err := batch.Exec(grades[i].saved(a.ID, x.Enrolment)...); err != nil {
			return err
		}
	}
	if err := batch.Close(); err != nil || !a.Holds(now) {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`UPDATE assessments SET held = TRUE WHERE id = ?`, a.ID))
	return err
}

// counting are the attempts that count for learners.
func counting(ctx context.Context, tx *db.Tx, a Assessment, q Quiz, learners []db.ID) ([]AttemptRow, error) {
	list, err := db.All(ctx, tx, db.SQL(`SELECT `+attemptColumns+`, e.account_id FROM quiz_attempts t JOIN enrolments e ON e.id = t.enrolment_id
		WHERE t.assessment_id = ? AND t.enrolment_id IN ? AND t.submitted_at > 0 ORDER BY t.enrolment_id, t.number`, a.ID, learners),
		func(s db.Scanner) (x AttemptRow, err error) {
			x.Attempt, err = scanAttempt(s, &x.Account)
			return x, err
		})
	out := []AttemptRow{}
	for _, x := range list {
		last := len(out) - 1
		switch {
		case last < 0 || out[last].Enrolment != x.Enrolment:
			out = append(out, x)
		case q.Counts == CountsLast || out[last].reached(a) < x.reached(a):
			out[last] = x
		}
	}
	return out, err
}

// gradesOf are what learners have of an assessment.
func gradesOf(ctx context.Context, tx *db.Tx, a Assessment, learners []db.ID) (map[db.ID]Grade, error) {
	list, err := db.All(ctx, tx, db.SQL(`SELECT `+gradeColumns+`, r.feedback FROM results r WHERE r.assessment_id = ? AND r.enrolment_id IN ?`, a.ID, learners), func(s db.Scanner) (Grade, error) {
		var feedback string
		g, err := scanGrade(s, &feedback)
		g.Feedback = feedback
		return g, err
	})
	out := map[db.ID]Grade{}
	for _, g := range list {
		out[g.Enrolment] = g
	}
	return out, err
}
