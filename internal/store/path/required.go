package path

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Requirement is a course that is required of people (CO-5): of an organization and those below it, of a team there, of an account type there.
type Requirement struct {
	ID, Portal, Course, Org db.ID
	CourseName, OrgName     string
	// Team is zero for everybody, TeamName then empty.
	Team     db.ID
	TeamName string
	// Role is an account type; empty for all.
	Role access.RoleID
	// DueDays is how many days people have, from when it is required of them; Due is a day for all instead, zero for none.
	DueDays int
	Due     time.Time
	// ValidDays is for how long it counts to have done it, 0 for ever. RemindDays is how long before people are reminded.
	ValidDays, RemindDays int
	// Until is when it is required no more; zero for never.
	Until, Created time.Time
	// People are those of whom it is required, whom one may see, Late those of them who are overdue.
	People, Late int
}

// Thing is the organization in which it is required.
func (r Requirement) Thing() access.Thing {
	return access.Thing{Kind: access.Organization, ID: r.Org, Portal: r.Portal, Org: r.Org}
}

const requirementColumns = `r.id, r.portal_id, r.course_id, r.org_id, c.name, o.name, r.team_id, coalesce(t.name, ''), r.role, r.due_days, r.due_at, r.valid_days, r.remind_days, r.until, r.created_at
	FROM requirements r JOIN courses c ON c.id = r.course_id JOIN organizations o ON o.id = r.org_id LEFT JOIN teams t ON t.id = r.team_id `

func scanRequirement(s db.Scanner) (r Requirement, err error) {
	var due, until, created int64
	err = s.Scan(&r.ID, &r.Portal, &r.Course, &r.Org, &r.CourseName, &r.OrgName, &r.Team, &r.TeamName, &r.Role, &r.DueDays, &due, &r.ValidDays, &r.RemindDays, &until, &created)
	r.Due, r.Until, r.Created = db.TimeOrZero(due), db.EndOrZero(until), db.Time(created)
	return r, err
}

const (
	firstDue = `(CASE WHEN r.due_at > 0 THEN r.due_at ELSE q.since + r.due_days * 86400000000 END)`
	ends     = `(q.done_at + r.valid_days * 86400000000)`
	// DueOf is when somebody q has to have done requirement r, as SQL, in microseconds: db.Never, where they did it for good. Who did it long
	// before it was required has the time that everybody has.
	DueOf = `(CASE WHEN q.done_at > 0 AND r.valid_days = 0 THEN 9223372036854775807 WHEN q.done_at > 0 AND ` + ends + ` > ` + firstDue + ` THEN ` + ends + ` ELSE ` + firstDue + ` END)`
)

// ForAll is, as SQL, that a requirement is not one of administrators alone: of those it is told only who may see who is one (XA-3).
func ForAll(alias string) db.Frag {
	full := make([]string, len(access.FullTypes))
	for i, r := range access.FullTypes {
		full[i] = string(r)
	}
	return db.SQL(alias+".role NOT IN ?", full)
}

// MaxRequirements is how many a portal has at once; they are listed whole.
const MaxRequirements = 500

// ListRequirements are those that count, in organizations that a permission reaches, or of people whom another one reaches, by course. People are
// counted as far as that reaches. Those of administrators alone are among them where full is set (XA-3).
func ListRequirements(ctx context.Context, tx *db.Tx, within, people access.Within, full bool, now time.Time) ([]Requirement, error) {
	at := db.Micros(now)
	return db.All(ctx, tx, db.SQL(`SELECT coalesce(n.people, 0), coalesce(n.late, 0), `+requirementColumns+`LEFT JOIN (SELECT q.requirement_id, count(*) AS people, sum(CASE WHEN `+DueOf+` <= ? THEN 1 ELSE 0 END) AS late
		FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN accounts a ON a.id = q.account_id WHERE r.until > ? AND a.archived_at = 0 AND ? GROUP BY q.requirement_id) n ON n.requirement_id = r.id
		WHERE r.until > ? AND c.deleted_at = 0 AND (n.people > 0 OR ?) AND ? ORDER BY c.name_key, r.id LIMIT ?`, at, at, people.Where("a"), at, within.Where("o"), told(full), MaxRequirements), func(s db.Scanner) (r Requirement, err error) {
		var n, late int
		r, err = scanRequirement(before{s, []any{&n, &late}})
		r.People, r.Late = n, late
		return r, err
	})
}

// told is which requirements are told of.
func told(full bool) db.Frag {
	if full {
		return db.SQL("1=1")
	}
	return ForAll("r")
}

// FindRequirement is one that counts, in an organization that a permission reaches; where people is set, also one of people whom that reaches. One
// of administrators alone is there where full is set (XA-3).
func FindRequirement(ctx context.Context, tx *db.Tx, within access.Within, people *access.Within, full bool, id db.ID, now time.Time) (Requirement, error) {
	cond := within.Where("o")
	if people != nil {
		cond = db.Or(cond, db.SQL(`EXISTS (SELECT 1 FROM requirement_people q JOIN accounts a ON a.id = q.account_id WHERE q.requirement_id = r.id AND ?)`, people.Where("a")))
	}
	r, err := db.One(ctx, tx, db.SQL(`SELECT `+requirementColumns+`WHERE r.id = ? AND r.until > ? AND ? AND ?`, id, db.Micros(now), cond, told(full)), scanRequirement)
	if fail.Is(err, fail.NotFound) {
		err = fail.Missing("requirement")
	}
	return r, err
}

// Require makes a requirement. Of whom, Sync finds out.
func Require(ctx context.Context, tx *db.Tx, r Requirement, now time.Time) (Requirement, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM requirements WHERE portal_id = ? AND until > ?`, r.Portal, db.Micros(now)))
	if err != nil {
		return r, err
	}
	if n >= MaxRequirements {
		return r, fail.New(fail.Conflict, "At most {n} courses are required at once. End one first.", "n", MaxRequirements)
	}
	r.ID, r.Created = db.NewID(), now
	until := db.Never
	if !r.Until.IsZero() {
		until = db.Micros(r.Until)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO requirements (id, portal_id, course_id, org_id, team_id, role, due_days, due_at, valid_days, remind_days, until, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Portal, r.Course, r.Org, r.Team, string(r.Role), r.DueDays, db.MicrosOrZero(r.Due), r.ValidDays, r.RemindDays, until, db.Micros(now)))
	tx.Note(Required{r.ID})
	return r, err
}

// Required notes, in its transaction, a requirement that is new: Sync finds out of whom before it ends.
type Required struct{ Requirement db.ID }

// EndRequirement ends a requirement: nobody is asked for it any more. Enrolments stay.
func EndRequirement(ctx context.Context, tx *db.Tx, r Requirement, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE requirements SET until = ? WHERE id = ?`, db.Micros(now), r.ID))
	return err
}

// Did notes that people completed courses, where these are required of them.
func Did(ctx context.Context, tx *db.Tx, enrolments []db.ID) error {
	if len(enrolments) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE requirement_people SET done_at = coalesce((SELECT max(e.completed_at) FROM requirements r JOIN enrolments e ON e.course_id = r.course_id
		WHERE r.id = requirement_people.requirement_id AND e.account_id = requirement_people.account_id AND e.id IN ? AND e.completed_at > requirement_people.done_at), done_at)
		WHERE account_id IN (SELECT e.account_id FROM enrolments e WHERE e.id IN ?)`, enrolments, enrolments))
	return err
}
