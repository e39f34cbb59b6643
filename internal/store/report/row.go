package report

import (
	"context"
	"iter"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/path"
)

// Dated says which date of an enrolment a period is about.
type Dated string

// The dates of an enrolment: when it began, when it was completed, and when its learner was last active.
const (
	DatedEnrolled  Dated = "enrolled"
	DatedCompleted Dated = "completed"
	DatedActive    Dated = "active"
)

var datedColumns = map[Dated]string{DatedEnrolled: "e.enrolled_at", DatedCompleted: "e.completed_at", DatedActive: "e.last_active_at"}

// Filter narrows what a report holds; what is zero does not. Its IDs are those of things that the asker may see.
type Filter struct {
	Course db.ID
	// Org keeps the learners of an organization and, unless OrgOnly, of those below it.
	Org     db.ID
	OrgOnly bool
	// Team keeps the people of a team.
	Team   db.ID
	Status store.Status
	// Query is matched with the beginnings of the learners' names and of the words in them.
	Query string
	// From and To bound the date that Dated names (DatedEnrolled where it is empty); To is left out itself. What was never
	// completed, or active, has no such date and is left out by any period, all time too.
	From, To time.Time
	Dated    Dated
	// Path keeps those on a learning path; State and Type keep what is required, by how people stand and by the account type of whom it is.
	Path  db.ID
	State path.State
	Type  access.RoleID
}

// people are the conditions about the learner, over rows with the given columns of account and organization.
func (f Filter) people(account, org string, now int64) []db.Frag {
	var out []db.Frag
	switch {
	case f.Org != 0 && f.OrgOnly:
		out = append(out, db.SQL(org+" = ?", f.Org))
	case f.Org != 0:
		out = append(out, db.SQL(org+" IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)", f.Org))
	}
	if f.Team != 0 {
		out = append(out, db.SQL(account+` IN (SELECT m.account_id FROM grants m WHERE m.place_kind = 'team' AND m.place_id = ?
			AND m.role IN ? AND m.since <= ? AND m.until > ?)`, f.Team, teamRoles, now, now))
	}
	return out
}

func (f Filter) where(now int64) []db.Frag {
	out := f.people("e.account_id", "e.org_id", now)
	if f.Course != 0 {
		out = append(out, db.SQL("e.course_id = ?", f.Course))
	}
	if f.Status != "" {
		out = append(out, db.SQL("e.status = ?", string(f.Status)))
	}
	if f.Query != "" {
		out = append(out, store.NameBegins("e.learner_key", f.Query))
	}
	column := datedColumns[f.Dated]
	if column == "" {
		column = datedColumns[DatedEnrolled]
	}
	if f.Dated != "" && f.Dated != DatedEnrolled {
		out = append(out, db.SQL(column+" > 0"))
	}
	if !f.From.IsZero() {
		out = append(out, db.SQL(column+" >= ?", db.Micros(f.From)))
	}
	if !f.To.IsZero() {
		out = append(out, db.SQL(column+" < ?", db.Micros(f.To)))
	}
	return out
}

// reachOf is what lies within all of the permissions' reach; what two of them say alike is said once.
func reachOf(withins []access.Within, alias string) []db.Frag {
	var out []db.Frag
	for _, within := range withins {
		f := within.Where(alias)
		if !slices.ContainsFunc(out, func(g db.Frag) bool { return g.Text() == f.Text() && slices.Equal(g.Args(), f.Args()) }) {
			out = append(out, f)
		}
	}
	return out
}

// enrolmentsOf is the condition on the enrolments `e` that a report is about: within all of the reach, and filtered.
func enrolmentsOf(withins []access.Within, f Filter) db.Frag {
	return db.And(append(reachOf(withins, "e"), f.where(withins[0].Actor().Now())...)...)
}

// LearnerRow is one learner in one course, as reports tell of them. The times are microseconds, 0 for none.
type LearnerRow struct {
	Account, Course                            db.ID
	Learner, Code, Org, CourseName, CourseCode string
	Status                                     store.Status
	Outcome                                    string
	Progress                                   float64
	// Score is 0 to 100; negative where there is none.
	Score                                  float64
	Works                                  int64
	Enrolled, Completed, Withdrawn, Active int64
}

func scanLearnerRow(s db.Scanner) (r LearnerRow, err error) {
	return r, s.Scan(&r.Account, &r.Course, &r.Learner, &r.Code, &r.Org, &r.CourseName, &r.CourseCode, &r.Status, &r.Outcome, &r.Progress, &r.Score,
		&r.Works, &r.Enrolled, &r.Completed, &r.Withdrawn, &r.Active)
}

const learnerColumns = `e.account_id, e.course_id, a.name, ?, o.name, c.name, c.code, e.status, e.outcome, e.progress, coalesce(e.score, -1), e.works_done,
	e.enrolled_at, e.completed_at, e.withdrawn_at, e.last_active_at`

// EachLearnerRow streams enrolments within all of the reach, by course, then by learner. Over a whole portal the first rows
// come in the order of two indexes; all of them are read course by course, as they lie in the table, and sorted by the
// database, which spills to disk: a quarter of the time of looking up each row in the order of names.
// Learners' IDs are left empty but within ids.
func EachLearnerRow(ctx context.Context, tx *db.Tx, withins []access.Within, ids access.Within, f Filter, part store.Part) iter.Seq2[LearnerRow, error] {
	return db.Each(ctx, tx, learnerRows(withins, ids, f, part), scanLearnerRow)
}

// codeWithin is the ID of the people `a` whose IDs one may see; it is empty of others.
func codeWithin(ids access.Within) db.Frag {
	if ids.Everywhere() {
		return db.SQL("a.code")
	}
	return db.SQL("CASE WHEN ? THEN a.code ELSE '' END", ids.Where("a"))
}

func learnerRows(withins []access.Within, ids access.Within, f Filter, part store.Part) db.Frag {
	from := ` FROM enrolments e JOIN courses c ON c.id = e.course_id`
	whole := f.Org == 0 && f.Team == 0 && f.Query == ""
	for _, within := range withins {
		whole = whole && within.Everywhere()
	}
	cond := enrolmentsOf(withins, f)
	if whole {
		// CROSS JOIN keeps SQLite to this order of the tables, which is the order of the rows; the sum keeps it from reading
		// the whole portal for each course.
		from = ` FROM courses c CROSS JOIN enrolments e`
		portal := withins[0].Portal()
		conds := append([]db.Frag{db.SQL("c.portal_id = ? AND e.course_id = c.id AND e.portal_id + 0 = ?", portal, portal)}, f.where(withins[0].Actor().Now())...)
		if f.Course != 0 {
			conds = append(conds, db.SQL("c.id = ?", f.Course))
		}
		cond = db.And(conds...)
	}
	key := "e.learner_key"
	if part.Take == 0 {
		key += " || ''" // so that no index serves it
	}
	return db.SQL(`SELECT `+learnerColumns+from+enrolmentJoins+`WHERE ? ORDER BY c.name_key, c.id, `+key+`, e.id ?`, codeWithin(ids), cond, part.Tail())
}

// LearnerSums are the totals over enrolments.
type LearnerSums struct {
	// Rows counts enrolments, Learners people; Started are the enrolments whose learner has handed something in.
	Rows, Learners, Started int64
	// NotStarted to Withdrawn count enrolments by their Status.
	NotStarted, Active, Completed, Failed, Withdrawn int64
	// Works is how many works were handed in, Scored how many enrolments have a score; Progress and Score are sums in hundredths.
	Works, Scored, Progress, Score int64
}

// MeanProgress is in percent; 0 of none.
func (s LearnerSums) MeanProgress() float64 { return store.MeanOf(s.Progress, s.Rows) }

// MeanScore is 0 to 100; negative where nobody has a score.
func (s LearnerSums) MeanScore() float64 {
	if s.Scored == 0 {
		return -1
	}
	return store.MeanOf(s.Score, s.Scored)
}

// Completion is the share of completed enrolments, in percent; 0 of none.
func (s LearnerSums) Completion() float64 { return store.MeanOf(100*100*s.Completed, s.Rows) }

// startedEnrolment is the condition that a learner has handed something in.
const startedEnrolment = `e.works_done > 0`

const learnerSums = `count(*), count(DISTINCT e.account_id), count(*) FILTER (WHERE ` + startedEnrolment + `),
	count(*) FILTER (WHERE e.status = 'enrolled'), count(*) FILTER (WHERE e.status = 'active'), count(*) FILTER (WHERE e.status = 'completed'),
	count(*) FILTER (WHERE e.status = 'failed'), count(*) FILTER (WHERE e.status = 'withdrawn'),
	CAST(coalesce(sum(e.works_done), 0) AS BIGINT), count(e.score), CAST(coalesce(sum(CAST(round(e.progress * 100) AS BIGINT)), 0) AS BIGINT),
	CAST(coalesce(sum(CAST(round(e.score * 100) AS BIGINT)), 0) AS BIGINT)`

func (s *LearnerSums) dest() []any {
	return []any{&s.Rows, &s.Learners, &s.Started, &s.NotStarted, &s.Active, &s.Completed, &s.Failed, &s.Withdrawn, &s.Works, &s.Scored, &s.Progress, &s.Score}
}

func scanLearnerSums(s db.Scanner) (out LearnerSums, err error) { return out, s.Scan(out.dest()...) }

// SumLearners are the totals of what EachLearnerRow streams.
func SumLearners(ctx context.Context, tx *db.Tx, withins []access.Within, f Filter) (LearnerSums, error) {
	return db.One(ctx, tx, db.SQL(`SELECT `+learnerSums+` FROM enrolments e WHERE ?`, enrolmentsOf(withins, f)), scanLearnerSums)
}

// Add sums the totals of enrolments that are not the same; people are not counted, who may be.
func (s *LearnerSums) Add(o LearnerSums) {
	s.Rows += o.Rows
	s.Started += o.Started
	s.NotStarted += o.NotStarted
	s.Active += o.Active
	s.Completed += o.Completed
	s.Failed += o.Failed
	s.Withdrawn += o.Withdrawn
	s.Works += o.Works
	s.Scored += o.Scored
	s.Progress += o.Progress
	s.Score += o.Score
}

// AddRow counts one enrolment.
func (s *LearnerSums) AddRow(r *LearnerRow) {
	s.Rows++
	s.Works += r.Works
	s.Progress += store.Hundredths(r.Progress)
	if r.Score >= 0 {
		s.Scored++
		s.Score += store.Hundredths(r.Score)
	}
	if r.Works > 0 {
		s.Started++
	}
	switch r.Status {
	case store.Enrolled:
		s.NotStarted++
	case store.Active:
		s.Active++
	case store.Completed:
		s.Completed++
	case store.Failed:
		s.Failed++
	case store.Withdrawn:
		s.Withdrawn++
	}
}
