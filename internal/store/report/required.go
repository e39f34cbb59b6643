package report

import (
	"context"
	"iter"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/path"
)

// RequiredRow is how one person stands with one course that is required of them. The times are microseconds, 0 for none; Due is db.Never
// where it is done for good.
type RequiredRow struct {
	Learner, Code, Org, Course string
	// OfOrg, OfTeam and OfType are of whom it is required; the last two are empty for everybody there.
	OfOrg, OfTeam    string
	OfType           access.RoleID
	State            path.State
	Since, Due, Done int64
	// Progress in the course is in percent.
	Progress float64
}

func scanRequiredRow(s db.Scanner) (r RequiredRow, err error) {
	return r, s.Scan(&r.Learner, &r.Code, &r.Org, &r.Course, &r.OfOrg, &r.OfTeam, &r.OfType, &r.State, &r.Since, &r.Due, &r.Done, &r.Progress)
}

const requiredTables = ` FROM requirement_people q JOIN requirements r ON r.id = q.requirement_id JOIN accounts a ON a.id = q.account_id JOIN courses c ON c.id = r.course_id
	JOIN organizations o ON o.id = a.org_id `

// requiredOf is the condition on what is required `q` of the people within a reach. What is required of administrators is left out but for
// those who may see who is one (XA-3).
func requiredOf(people access.Within, full bool, f Filter) db.Frag {
	at := people.Actor().Now()
	parts := []db.Frag{db.SQL("q.portal_id = ? AND r.until > ? AND c.deleted_at = 0 AND a.archived_at = 0", people.Portal(), at), people.Where("a")}
	parts = append(parts, f.people("a.id", "a.org_id", at)...)
	if !full {
		parts = append(parts, path.ForAll("r"))
	}
	if f.Course != 0 {
		parts = append(parts, db.SQL("r.course_id = ?", f.Course))
	}
	if f.Type != "" {
		parts = append(parts, db.SQL("r.role = ?", string(f.Type)))
	}
	if f.State != "" {
		parts = append(parts, db.SQL(path.StateOf+" = ?", at, at, string(f.State)))
	}
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	return db.And(parts...)
}

// EachRequiredRow streams how the people within a reach stand with what is required of them, by course, then by person. Learners' IDs are
// left empty but within ids; what is required of administrators is told where full is set.
func EachRequiredRow(ctx context.Context, tx *db.Tx, people, ids access.Within, full bool, f Filter, part store.Part) iter.Seq2[RequiredRow, error] {
	at := people.Actor().Now()
	return db.Each(ctx, tx, db.SQL(`SELECT a.name, ?, o.name, c.name, ro.name, coalesce(t.name, ''), r.role, `+path.StateOf+`, q.since, `+path.DueOf+`, q.done_at, coalesce(e.progress, 0)`+requiredTables+`
		JOIN organizations ro ON ro.id = r.org_id LEFT JOIN teams t ON t.id = r.team_id LEFT JOIN enrolments e ON e.course_id = r.course_id AND e.account_id = q.account_id
		WHERE ? ORDER BY c.name_key, r.id, a.name_key, a.id ?`, codeWithin(ids), at, at, requiredOf(people, full, f), part.Tail()), scanRequiredRow)
}

// RequiredSums count what is required of people, by how they stand.
type RequiredSums struct{ Rows, People, Overdue, Due, Renew, Done int64 }

// InOrder is the share that is done or to be renewed, in percent; 0 of none.
func (s RequiredSums) InOrder() float64 { return store.MeanOf(100*100*(s.Renew+s.Done), s.Rows) }

// Add sums the totals of what is not the same; people are not counted, who may be.
func (s *RequiredSums) Add(o RequiredSums) {
	s.Rows += o.Rows
	s.Overdue += o.Overdue
	s.Due += o.Due
	s.Renew += o.Renew
	s.Done += o.Done
}

const requiredSums = `count(*), count(DISTINCT a.id), count(*) FILTER (WHERE ` + path.StateOf + ` = 'overdue'), count(*) FILTER (WHERE ` + path.StateOf + ` = 'due'),
	count(*) FILTER (WHERE ` + path.StateOf + ` = 'renew'), count(*) FILTER (WHERE ` + path.StateOf + ` = 'done')`

func (s *RequiredSums) dest() []any {
	return []any{&s.Rows, &s.People, &s.Overdue, &s.Due, &s.Renew, &s.Done}
}

// SumRequired are the totals of what EachRequiredRow streams.
func SumRequired(ctx context.Context, tx *db.Tx, people access.Within, full bool, f Filter) (RequiredSums, error) {
	at := people.Actor().Now()
	return db.One(ctx, tx, db.SQL(`SELECT `+requiredSums+requiredTables+`WHERE ?`, at, at, at, at, at, at, at, at, requiredOf(people, full, f)),
		func(s db.Scanner) (out RequiredSums, err error) { return out, s.Scan(out.dest()...) })
}

// Per is what the summary of what is required has a row for each of.
type Per string

// What the summary may have a row for each of.
const (
	PerRequiredCourse Per = "course"
	PerPeoplesOrg     Per = "organization"
	PerPeoplesTeam    Per = "team"
	PerRequiredType   Per = "type"
)

// Pers are all of them, in order.
var Pers = []Per{PerRequiredCourse, PerPeoplesOrg, PerPeoplesTeam, PerRequiredType}

// RequiredGroup is a row of the summary. Type is set, and Name empty, in one of account types; empty there for all types.
type RequiredGroup struct {
	Name string
	Type access.RoleID
	RequiredSums
}

// EachRequiredGroup streams the summary of what EachRequiredRow streams: by name. Teams are those within `teams`; who is in several counts in each.
func EachRequiredGroup(ctx context.Context, tx *db.Tx, people, teams access.Within, full bool, f Filter, per Per, part store.Part) iter.Seq2[RequiredGroup, error] {
	at := people.Actor().Now()
	join, id, name, key := "", "c.id", "c.name", "c.name_key"
	cond := requiredOf(people, full, f)
	switch per {
	case PerPeoplesOrg:
		id, name, key = "o.id", "o.name", "o.name_key"
	case PerPeoplesTeam:
		join, id, name, key = `JOIN grants m ON m.account_id = a.id AND m.place_kind = 'team' JOIN teams t ON t.id = m.place_id `, "t.id", "t.name", "t.name_key"
		cond = db.And(cond, teamChoice(teams).visible, db.SQL("m.role IN ? AND m.since <= ? AND m.until > ?", teamRoles, at, at))
	case PerRequiredType:
		id, name, key = "r.role", "''", "r.role"
	}
	role := "''"
	if per == PerRequiredType {
		role = "r.role"
	}
	group := id
	if name != "''" {
		group += ", " + name + ", " + key
	}
	return db.Each(ctx, tx, db.SQL(`SELECT `+name+`, `+role+`, `+requiredSums+requiredTables+join+`WHERE ? GROUP BY `+group+` ORDER BY `+key+`, `+id+` ?`,
		at, at, at, at, at, at, at, at, cond, part.Tail()), func(s db.Scanner) (g RequiredGroup, err error) {
		return g, s.Scan(append([]any{&g.Name, &g.Type}, g.dest()...)...)
	})
}
