package store

import (
	"context"
	"iter"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Status is how far a learner has come in a course.
type Status string

// The states of an enrolment.
const (
	Enrolled  Status = "enrolled"
	Active    Status = "active"
	Completed Status = "completed"
	Failed    Status = "failed"
	Withdrawn Status = "withdrawn"
)

// Statuses are all states of an enrolment, in order.
var Statuses = []Status{Enrolled, Active, Completed, Failed, Withdrawn}

// Enrolment is a learner in a course. There is one for a learner and a course, for ever: leaving ends its grant and
// keeps the row for reports; coming back opens it again, under a new grant and from a new date.
type Enrolment struct {
	// ID is that of its first grant, Grant that of its last.
	ID, Grant db.ID
	Portal    db.ID
	// Org is the learner's organization now.
	Org     db.ID
	OrgName string
	Account db.ID
	// Learner is the learner's name.
	Learner                string
	Course                 db.ID
	CourseName, CourseCode string
	// Open: its grant is open. A learner who left keeps what they completed, and the row.
	Open   bool
	Status Status
	// Outcome is what the source calls the result; empty where it says nothing.
	Outcome string
	// Progress is in percent, to two decimals: the share of the course's lessons and works that are done; 100 when completed.
	Progress float64
	// Score is the weighted mean of the results, 0 to 100, to two decimals; nil where there is none.
	Score *float64
	// Works is how many results there are.
	Works int
	// Enrolled is when it began, Completed when it was completed or failed, Withdrawn when the learner left, LastActive
	// when the learner last handed something in; zero where it is not known or has not happened.
	Enrolled, Completed, Withdrawn, LastActive time.Time
	// Attempts are earlier ones, Credits what the learner studies for altogether; Attributes is what else the source says, as JSON.
	Attempts, Credits int64
	Attributes        string
	// Teams are those the learner is in, where they were loaded.
	Teams []db.ID
}

// Thing is the enrolment as a thing that permissions are asked about.
func (e Enrolment) Thing() access.Thing {
	return access.Thing{Kind: access.Enrolment, ID: e.ID, Portal: e.Portal, Org: e.Org, Course: e.Course, Account: e.Account, Teams: e.Teams}
}

// Of an alias `e`; what belongs to the learner, the organization and the course comes by joins.
const (
	enrolmentOwn = `e.id, e.grant_id, e.portal_id, e.org_id, e.account_id, e.course_id, e.is_open, e.status, e.outcome, e.progress, e.score,
	e.works_done, e.enrolled_at, e.completed_at, e.withdrawn_at, e.last_active_at, e.attempts, e.credits, e.attributes`
	enrolmentColumns = enrolmentOwn + `, a.name, o.name, c.name, c.code`
	enrolmentJoins   = ` JOIN accounts a ON a.id = e.account_id JOIN organizations o ON o.id = e.org_id `
)

func scanOwn(s db.Scanner, more ...any) (e Enrolment, err error) {
	var enrolled, completed, withdrawn, active int64
	err = s.Scan(append([]any{&e.ID, &e.Grant, &e.Portal, &e.Org, &e.Account, &e.Course, &e.Open, &e.Status, &e.Outcome, &e.Progress, &e.Score,
		&e.Works, &enrolled, &completed, &withdrawn, &active, &e.Attempts, &e.Credits, &e.Attributes}, more...)...)
	e.Enrolled, e.Completed, e.Withdrawn, e.LastActive = db.TimeOrZero(enrolled), db.TimeOrZero(completed), db.TimeOrZero(withdrawn), db.TimeOrZero(active)
	return e, err
}

func scanEnrolmentOwn(s db.Scanner) (Enrolment, error) { return scanOwn(s) }

func scanEnrolment(s db.Scanner) (Enrolment, error) {
	var name, org, course, courseCode string
	e, err := scanOwn(s, &name, &org, &course, &courseCode)
	e.Learner, e.OrgName, e.CourseName, e.CourseCode = name, org, course, courseCode
	return e, err
}

// FindEnrolment is one enrolment within what a permission reaches, with the learner's teams.
func FindEnrolment(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Enrolment, error) {
	e, err := db.One(ctx, tx, db.SQL(`SELECT `+enrolmentColumns+` FROM enrolments e`+enrolmentJoins+`JOIN courses c ON c.id = e.course_id WHERE e.id = ? AND ?`,
		id, within.Where("e")), scanEnrolment)
	if fail.Is(err, fail.NotFound) {
		seen := within.Actor().May(access.EnrolmentList)
		return e, missing(ctx, tx, within, "enrolment", db.SQL(`SELECT 1 FROM enrolments e WHERE e.id = ? AND ?`, id, seen.Where("e")))
	}
	if err != nil {
		return e, err
	}
	teams, err := teamsOf(ctx, tx, []db.ID{e.Account}, db.Time(within.Actor().Now()))
	e.Teams = teams[e.Account]
	return e, err
}

// Learns tells whether an account is a learner of a course now, whatever who asks may see of that: only to close things to them.
func Learns(ctx context.Context, tx *db.Tx, course, account db.ID) (bool, error) {
	n, err := db.Val[int](ctx, tx, db.SQL(`SELECT count(*) FROM enrolments e WHERE e.course_id = ? AND e.account_id = ? AND e.is_open`, course, account))
	return n > 0, err
}

// EnrolmentFilter narrows enrolments; what is zero does not.
type EnrolmentFilter struct {
	Course, Account db.ID
	// Org keeps learners of an organization and those below it, Team those of a team.
	Org, Team db.ID
	Status    Status
	// Query is matched with the beginnings of the learners' names.
	Query string
	// Open keeps those whose grant is open.
	Open bool
	// From and To bound when the enrolment began; ActiveFrom when its learner was last active. To is left out itself.
	From, To, ActiveFrom time.Time
	// CompletedFrom and CompletedTo bound when it was completed or failed.
	CompletedFrom, CompletedTo time.Time
}

func (f EnrolmentFilter) where(now int64) db.Frag {
	parts := []db.Frag{db.SQL("1=1")}
	add := func(on bool, text string, args ...any) {
		if on {
			parts = append(parts, db.SQL(text, args...))
		}
	}
	add(f.Course != 0, "e.course_id = ?", f.Course)
	add(f.Account != 0, "e.account_id = ?", f.Account)
	add(f.Org != 0, "e.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)", f.Org)
	add(f.Team != 0, `e.account_id IN (SELECT m.account_id FROM grants m WHERE m.place_kind = 'team' AND m.place_id = ?
		AND m.role IN ? AND m.since <= ? AND m.until > ?)`, f.Team, teamRoles, now, now)
	add(f.Status != "", "e.status = ?", string(f.Status))
	add(f.Query != "", `e.learner_key LIKE ? ESCAPE '\'`, likeText.Replace(db.Key(cut(f.Query, 200)))+"%")
	add(f.Open, "e.is_open")
	add(!f.From.IsZero(), "e.enrolled_at >= ?", db.MicrosOrZero(f.From))
	add(!f.To.IsZero(), "e.enrolled_at < ?", db.MicrosOrZero(f.To))
	add(!f.ActiveFrom.IsZero(), "e.last_active_at >= ?", db.MicrosOrZero(f.ActiveFrom))
	add(!f.CompletedFrom.IsZero(), "e.completed_at >= ?", db.MicrosOrZero(f.CompletedFrom))
	add(!f.CompletedTo.IsZero(), "e.completed_at < ? AND e.completed_at > 0", db.MicrosOrZero(f.CompletedTo))
	return db.And(parts...)
}

// ListEnrolments are enrolments within what a permission reaches, by learner.
func ListEnrolments(ctx context.Context, tx *db.Tx, within access.Within, filter EnrolmentFilter, page Page) (List[Enrolment], error) {
	where, tail, err := page.Keyset("e.learner_key", "e.id")
	if err != nil {
		return List[Enrolment]{}, err
	}
	cond := db.And(within.Where("e"), filter.where(within.Actor().Now()))
	order := db.SQL("ORDER BY e.learner_key, e.id")
	if page.Before != "" {
		order = db.SQL("ORDER BY e.learner_key DESC, e.id DESC")
	}
	// Only the rows of the page are joined with their people.
	rows, err := db.All(ctx, tx, db.SQL(`WITH few AS MATERIALIZED (SELECT e.id FROM enrolments e WHERE ? AND ? ?)
		SELECT `+enrolmentColumns+` FROM few CROSS JOIN enrolments e`+enrolmentJoins+`JOIN courses c ON c.id = e.course_id WHERE e.id = few.id ?`,
		cond, where, tail, order), scanEnrolment)
	if err != nil {
		return List[Enrolment]{}, err
	}
	out := pageOf(page, rows, func(e Enrolment) cursor { return cursor{db.Key(e.Learner), e.ID} })
	total, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT 1 FROM enrolments e WHERE ? LIMIT ?) few`, cond, CountLimit))
	out.Total = int(total)
	return out, err
}

// EachEnrolment streams the enrolments that lie within all of the given permissions' reach, by course, then by learner.
// It sorts nothing in memory where the scope is the whole portal: courses and learners are read in the order of their indexes.
func EachEnrolment(ctx context.Context, tx *db.Tx, withins []access.Within, filter EnrolmentFilter) iter.Seq2[Enrolment, error] {
	conds := []db.Frag{filter.where(withins[0].Actor().Now())}
	whole := filter.Account == 0 && filter.Team == 0
	for _, within := range withins {
		conds = append(conds, within.Where("e"))
		whole = whole && within.Everywhere()
	}
	from := ` FROM enrolments e JOIN courses c ON c.id = e.course_id`
	if whole {
		// CROSS JOIN keeps SQLite to this order of the tables.
		from = ` FROM courses c CROSS JOIN enrolments e`
		conds = append(conds, db.SQL("e.course_id = c.id AND c.portal_id = ?", withins[0].Portal()))
	}
	return db.Each(ctx, tx, db.SQL(`SELECT `+enrolmentColumns+from+enrolmentJoins+`WHERE ? ORDER BY c.name_key, c.id, e.learner_key, e.id`, db.And(conds...)), scanEnrolment)
}

// CountEnrolments is how many there are of each status within all of the given permissions' reach.
func CountEnrolments(ctx context.Context, tx *db.Tx, withins []access.Within, filter EnrolmentFilter) (map[Status]int64, error) {
	conds := []db.Frag{filter.where(withins[0].Actor().Now())}
	for _, within := range withins {
		conds = append(conds, within.Where("e"))
	}
	out := map[Status]int64{}
	type count struct {
		status Status
		n      int64
	}
	for c, err := range db.Each(ctx, tx, db.SQL(`SELECT e.status, count(*) FROM enrolments e WHERE ? GROUP BY e.status`, db.And(conds...)),
		func(s db.Scanner) (c count, err error) { return c, s.Scan(&c.status, &c.n) }) {
		if err != nil {
			return nil, err
		}
		out[c.status] = c.n
	}
	return out, nil
}
