package report

import (
	"context"
	"iter"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// GradeRow is one learner's grade in one assessment of a course of theirs. The times are microseconds, 0 for none.
type GradeRow struct {
	Learner, Code, Org, Course, Assessment string
	Due, Submitted                         int64
	// Score is 0 to 100; negative where there is none.
	Score   float64
	Excused bool
}

func scanGradeRow(s db.Scanner) (r GradeRow, err error) {
	return r, s.Scan(&r.Learner, &r.Code, &r.Org, &r.Course, &r.Assessment, &r.Due, &r.Submitted, &r.Score, &r.Excused)
}

// gradeTables hold a row for each assessment of the course of an enrolment `e`, handed in or not.
const gradeTables = ` FROM enrolments e JOIN assessments x ON x.course_id = e.course_id AND NOT x.survey LEFT JOIN results r ON r.assessment_id = x.id AND r.account_id = e.account_id `

// EachGradeRow streams the grades of the enrolments within all of the reach, course by course, learner by learner, in the order
// in which a course has its assessments. Learners' IDs are left empty but within ids.
func EachGradeRow(ctx context.Context, tx *db.Tx, withins []access.Within, ids access.Within, f Filter, part store.Part) iter.Seq2[GradeRow, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT a.name, ?, o.name, c.name, x.title, x.due_at, coalesce(r.submitted_at, 0), coalesce(r.score, -1), coalesce(r.excused, false)`+
		gradeTables+`JOIN courses c ON c.id = e.course_id`+enrolmentJoins+`WHERE ? ORDER BY c.name_key, c.id, e.learner_key, e.id, x.section_id, x.position, x.id ?`,
		codeWithin(ids), enrolmentsOf(withins, f), part.Tail()), scanGradeRow)
}

// CountGrades is how many rows EachGradeRow streams, and how many of them have a score.
func CountGrades(ctx context.Context, tx *db.Tx, withins []access.Within, f Filter) (rows, graded int64, err error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(r.score)`+gradeTables+`WHERE ?`, enrolmentsOf(withins, f)),
		func(s db.Scanner) (v [2]int64, err error) { return v, s.Scan(&v[0], &v[1]) })
	return n[0], n[1], err
}

// LoginRow is one attempt of a person to sign in: when (microseconds), and whether it was done or refused.
type LoginRow struct {
	At                 int64
	Name, Org, Outcome string
}

func scanLoginRow(s db.Scanner) (r LoginRow, err error) {
	return r, s.Scan(&r.At, &r.Name, &r.Org, &r.Outcome)
}

// loginsOf are the attempts `l`, as the audit kept them, of the people `a` within a reach.
func loginsOf(list access.Within, f Filter) db.Frag {
	parts := []db.Frag{db.SQL("l.portal_id = ? AND l.operation IN ('session.sign_in', 'session.demo') AND l.target_kind = 'account'", list.Portal()), list.Where("a")}
	parts = append(parts, f.people("a.id", "a.org_id", list.Actor().Now())...)
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	if !f.From.IsZero() {
		parts = append(parts, db.SQL("l.at >= ?", db.Micros(f.From)))
	}
	if !f.To.IsZero() {
		parts = append(parts, db.SQL("l.at < ?", db.Micros(f.To)))
	}
	return db.SQL(` FROM audit l JOIN accounts a ON a.id = l.target_id JOIN organizations o ON o.id = a.org_id WHERE ?`, db.And(parts...))
}

// EachLoginRow streams the attempts to sign in of the people within a reach, the last first.
func EachLoginRow(ctx context.Context, tx *db.Tx, list access.Within, f Filter, part store.Part) iter.Seq2[LoginRow, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT l.at, a.name, o.name, l.outcome ? ORDER BY l.seq DESC ?`, loginsOf(list, f), part.Tail()), scanLoginRow)
}

// CountLogins is how many rows EachLoginRow streams, and how many people they are about.
func CountLogins(ctx context.Context, tx *db.Tx, list access.Within, f Filter) (rows, people int64, err error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(DISTINCT a.id) ?`, loginsOf(list, f)),
		func(s db.Scanner) (v [2]int64, err error) { return v, s.Scan(&v[0], &v[1]) })
	return n[0], n[1], err
}
