package report

import (
	"context"
	"iter"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

// PersonRow is one person, as the report of users tells of them: nothing of how they sign in. Times are microseconds.
type PersonRow struct {
	ID              db.ID
	Name, Code, Org string
	// Teams are the names of those of the person's teams that the asker may see, after one another.
	Teams             string
	Enrolments        int64
	Created, Archived int64
}

func scanPersonRow(s db.Scanner) (r PersonRow, err error) {
	return r, s.Scan(&r.ID, &r.Name, &r.Code, &r.Org, &r.Teams, &r.Enrolments, &r.Created, &r.Archived)
}

// peopleOf is the condition on the accounts `a` that a report on people is about. Reports run over the people whose
// figures one may have, so list is narrowed by what reports reach.
func peopleOf(list, reports access.Within, f Filter) db.Frag {
	parts := []db.Frag{db.SQL("a.portal_id = ? AND a.archived_at = 0", list.Portal()), list.Where("a"), reports.WhereOf(access.Account, "a")}
	parts = append(parts, f.people("a.id", "a.org_id", list.Actor().Now())...)
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	return db.And(parts...)
}

// EachPersonRow streams the people within both reaches, by name, each with their teams within `teams` and how many
// enrolments of theirs lie within `reports`, and with their ID within `ids`.
func EachPersonRow(ctx context.Context, tx *db.Tx, list, reports, teams, ids access.Within, f Filter, part store.Part) iter.Seq2[PersonRow, error] {
	at := list.Actor().Now()
	return db.Each(ctx, tx, db.SQL(`SELECT a.id, a.name, ?, o.name, coalesce((SELECT string_agg(t.name, '; ' ORDER BY t.name_key) FROM teams t
		WHERE t.deleted_at = 0 AND ? AND t.id IN (SELECT m.place_id FROM grants m WHERE m.account_id = a.id AND m.place_kind = 'team'
		AND m.role IN ? AND m.since <= ? AND m.until > ?)), ''), (SELECT count(*) FROM enrolments e WHERE e.account_id = a.id AND ?), a.created_at, a.archived_at
		FROM accounts a JOIN organizations o ON o.id = a.org_id WHERE ? ORDER BY a.name_key, a.id ?`,
		codeWithin(ids), teams.Where("t"), teamRoles, at, at, reports.Where("e"), peopleOf(list, reports, f), part.Tail()), scanPersonRow)
}

// CountPeople is how many EachPersonRow streams.
func CountPeople(ctx context.Context, tx *db.Tx, list, reports access.Within, f Filter) (int64, error) {
	return db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM accounts a WHERE ?`, peopleOf(list, reports, f)))
}

// MemberRow is one person in one team, as what and since when (microseconds).
type MemberRow struct {
	Team, Account                db.ID
	TeamName, TeamOrg, Name, Org string
	Role                         access.RoleID
	Since                        int64
}

func scanMemberRow(s db.Scanner) (r MemberRow, err error) {
	return r, s.Scan(&r.Team, &r.Account, &r.TeamName, &r.TeamOrg, &r.Name, &r.Org, &r.Role, &r.Since)
}

const memberTables = ` FROM teams t JOIN grants m ON m.place_kind = 'team' AND m.place_id = t.id JOIN accounts a ON a.id = m.account_id `

func membersOf(within access.Within, f Filter) db.Frag {
	at := within.Actor().Now()
	parts := []db.Frag{db.SQL("t.portal_id = ? AND t.deleted_at = 0", within.Portal()), within.Where("t"),
		db.SQL("m.role IN ? AND m.since <= ? AND m.until > ?", teamRoles, at, at)}
	if f.Team != 0 {
		parts = append(parts, db.SQL("t.id = ?", f.Team))
		f.Team = 0
	}
	parts = append(parts, f.people("a.id", "a.org_id", at)...)
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	return db.And(parts...)
}

// EachMemberRow streams who is in which team, for the teams within a reach, by team, then by person.
func EachMemberRow(ctx context.Context, tx *db.Tx, within access.Within, f Filter, part store.Part) iter.Seq2[MemberRow, error] {
	return db.Each(ctx, tx, db.SQL(`SELECT t.id, a.id, t.name, ot.name, a.name, oa.name, m.role, m.since`+memberTables+`
		JOIN organizations ot ON ot.id = t.org_id JOIN organizations oa ON oa.id = a.org_id WHERE ? ORDER BY t.name_key, t.id, a.name_key, a.id, m.id ?`,
		membersOf(within, f), part.Tail()), scanMemberRow)
}

// CountMembers is how many rows EachMemberRow streams, how many people they are, and in how many teams.
func CountMembers(ctx context.Context, tx *db.Tx, within access.Within, f Filter) (rows, people, teams int64, err error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(DISTINCT a.id), count(DISTINCT t.id)`+memberTables+`WHERE ?`, membersOf(within, f)),
		func(s db.Scanner) (v [3]int64, err error) { return v, s.Scan(&v[0], &v[1], &v[2]) })
	return n[0], n[1], n[2], err
}

// AccessRow is one open grant of a person: what they are, where, through what, since when and until when (microseconds;
// db.Never for no end).
type AccessRow struct {
	Account   db.ID
	Name, Org string
	Role      access.RoleID
	// RoleName is the name of a role that the portal made; empty for a built-in one.
	RoleName  string
	Place     access.Place
	PlaceName string
	// Group and Policy are the names of the access group and the policy that it came through; empty for none.
	Group, Policy string
	Since, Until  int64
}

func scanAccessRow(s db.Scanner) (r AccessRow, err error) {
	var kind string
	err = s.Scan(&r.Account, &r.Name, &r.Org, &r.Role, &r.RoleName, &kind, &r.Place.ID, &r.PlaceName, &r.Group, &r.Policy, &r.Since, &r.Until)
	r.Place.Kind, _ = access.KindOf(kind)
	return r, err
}

// accessGrants are the open grants of accounts: their own, and those of their access groups. Being a learner of a course is
// told by the report of enrolments.
const accessGrants = `(SELECT g.account_id, g.role, g.place_kind, g.place_id, CAST(0 AS BIGINT) AS through, g.policy_id, g.since, g.until FROM grants g
	WHERE g.portal_id = ? AND g.account_id IS NOT NULL AND g.role <> 'course_learner' AND g.until > ?
	UNION ALL SELECT m.account_id, g.role, g.place_kind, g.place_id, g.group_id, g.policy_id, CASE WHEN m.since > g.since THEN m.since ELSE g.since END,
	CASE WHEN m.until < g.until THEN m.until ELSE g.until END FROM grants m JOIN grants g ON g.group_id = m.place_id
	WHERE m.portal_id = ? AND m.role = 'access_group_member' AND m.place_kind = 'access_group' AND m.until > ? AND g.until > ?)`

func accessOf(list access.Within, f Filter) db.Frag {
	at := list.Actor().Now()
	grants := db.SQL(accessGrants, list.Portal(), at, list.Portal(), at, at)
	parts := append([]db.Frag{db.SQL("a.archived_at = 0"), list.Where("a")}, f.people("a.id", "a.org_id", at)...)
	if f.Query != "" {
		parts = append(parts, store.NameBegins("a.name_key", f.Query))
	}
	return db.SQL(` FROM accounts a JOIN ? g ON g.account_id = a.id JOIN organizations o ON o.id = a.org_id
		LEFT JOIN portals pp ON g.place_kind = 'portal' AND pp.id = g.place_id
		LEFT JOIN organizations po ON g.place_kind = 'organization' AND po.id = g.place_id
		LEFT JOIN courses pc ON g.place_kind = 'course' AND pc.id = g.place_id
		LEFT JOIN teams pt ON g.place_kind = 'team' AND pt.id = g.place_id
		LEFT JOIN accounts pa ON g.place_kind = 'account' AND pa.id = g.place_id
		LEFT JOIN access_groups pg ON g.place_kind = 'access_group' AND pg.id = g.place_id
		LEFT JOIN access_groups tg ON tg.id = g.through LEFT JOIN policies p ON p.id = g.policy_id WHERE ?`, grants, db.And(parts...))
}

// EachAccessRow streams who may do what where: the open grants of the people within a reach, by person.
func EachAccessRow(ctx context.Context, tx *db.Tx, list access.Within, f Filter, part store.Part) iter.Seq2[AccessRow, error] {
	rules := list.Actor().Rules()
	rows := db.Each(ctx, tx, db.SQL(`SELECT a.id, a.name, o.name, g.role, '', g.place_kind, g.place_id,
		coalesce(pp.name, po.name, pc.name, pt.name, pa.name, pg.name, ''), coalesce(tg.name, ''), coalesce(p.name, ''), g.since, g.until ?
		ORDER BY a.name_key, a.id, g.place_kind, g.place_id, g.role, g.through ?`, accessOf(list, f), part.Tail()), scanAccessRow)
	return func(yield func(AccessRow, error) bool) {
		for r, err := range rows {
			if role := rules.Role(r.Role); role != nil && strings.HasPrefix(string(r.Role), "c") {
				r.RoleName = role.Title
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// CountAccess is how many rows EachAccessRow streams, and how many people they are.
func CountAccess(ctx context.Context, tx *db.Tx, list access.Within, f Filter) (rows, people int64, err error) {
	n, err := db.One(ctx, tx, db.SQL(`SELECT count(*), count(DISTINCT a.id) ?`, accessOf(list, f)),
		func(s db.Scanner) (v [2]int64, err error) { return v, s.Scan(&v[0], &v[1]) })
	return n[0], n[1], err
}
