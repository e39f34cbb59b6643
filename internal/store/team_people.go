package store

import (
	"context"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// TeamPerson is a person who has roles in a team.
type TeamPerson struct {
	Account Account
	// Roles are those of access.InTeam that the person has, the highest first.
	Roles access.Roles
}

// inTeam is true of the accounts `a` that have one of some roles in a team, given to themselves.
func inTeam(team Team, roles access.Roles, at int64) db.Frag {
	return db.SQL(`a.id IN (SELECT m.account_id FROM grants m WHERE m.place_kind = 'team' AND m.place_id = ? AND m.account_id IS NOT NULL
		AND m.policy_id IS NULL AND m.role IN ? AND m.since <= ? AND m.until > ?)`, team.ID, roleTexts(roles), at, at)
}

func roleTexts(roles access.Roles) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

// ListTeamPeople are the people of a team whom a permission reaches, by name: those with one of some roles, or with any.
// A query narrows to beginnings of names.
func ListTeamPeople(ctx context.Context, tx *db.Tx, within access.Within, team Team, roles access.Roles, query string, page Page) (List[TeamPerson], error) {
	where, tail, err := page.Keyset("a.name_key", "a.id")
	if err != nil {
		return List[TeamPerson]{}, err
	}
	if len(roles) == 0 {
		roles = access.InTeam
	}
	cond := db.And(within.Where("a"), inTeam(team, roles, within.Actor().Now()))
	if query != "" {
		key := LikeText(db.Key(query)) + "%"
		cond = db.And(cond, db.SQL(`(a.name_key LIKE ? ESCAPE '\' OR a.name_key LIKE ? ESCAPE '\')`, key, "% "+key))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+accountColumns+accountTables+`WHERE ? AND ? ?`, cond, where, tail), scanAccount)
	if err != nil {
		return List[TeamPerson]{}, err
	}
	list := pageOf(page, rows, func(a Account) cursor { return cursor{db.Key(a.Name), a.ID} })
	out := List[TeamPerson]{Items: make([]TeamPerson, len(list.Items)), Next: list.Next, Prev: list.Prev}
	ids := make([]db.ID, len(list.Items))
	for i, a := range list.Items {
		ids[i] = a.ID
	}
	held, err := RolesInTeam(ctx, tx, team, ids, db.Time(within.Actor().Now()))
	if err != nil {
		return out, err
	}
	for i, a := range list.Items {
		out.Items[i] = TeamPerson{a, InOrder(held[a.ID])}
	}
	out.Total, err = countRows(ctx, tx, db.SQL(`SELECT 1`+accountTables+`WHERE ?`, cond))
	return out, err
}

// InOrder are the roles of access.InTeam among some, in its order.
func InOrder(held access.Roles) access.Roles {
	out := access.Roles{}
	for _, r := range access.InTeam {
		if held.Has(r) {
			out = append(out, r)
		}
	}
	return out
}

// RolesInTeam are the roles that people have at a team themselves, not by policies or groups.
func RolesInTeam(ctx context.Context, tx *db.Tx, team Team, accounts []db.ID, now time.Time) (map[db.ID]access.Roles, error) {
	return teamHolders(ctx, tx, team, db.SQL("g.account_id IN ?", accounts), now)
}

// HoldersInTeam are the people who have a role at a team themselves; active leaves out who is archived.
func HoldersInTeam(ctx context.Context, tx *db.Tx, team Team, role access.RoleID, active bool, now time.Time) ([]db.ID, error) {
	cond := db.SQL("g.role = ?", string(role))
	if active {
		cond = db.And(cond, db.SQL("a.archived_at = 0"))
	}
	held, err := teamHolders(ctx, tx, team, cond, now)
	out := make([]db.ID, 0, len(held))
	for id := range held {
		out = append(out, id)
	}
	slices.Sort(out)
	return out, err
}

func teamHolders(ctx context.Context, tx *db.Tx, team Team, cond db.Frag, now time.Time) (map[db.ID]access.Roles, error) {
	type held struct {
		account db.ID
		role    string
	}
	at := db.Micros(now)
	rows, err := db.All(ctx, tx, db.SQL(`SELECT g.account_id, g.role FROM grants g JOIN accounts a ON a.id = g.account_id
		WHERE g.place_kind = 'team' AND g.place_id = ? AND g.policy_id IS NULL AND g.since <= ? AND g.until > ? AND ?`,
		team.ID, at, at, cond), func(s db.Scanner) (h held, err error) { return h, s.Scan(&h.account, &h.role) })
	out := map[db.ID]access.Roles{}
	for _, h := range rows {
		out[h.account] = append(out[h.account], access.RoleID(h.role))
	}
	return out, err
}

// TeamLeaders are the names of who leads each of some teams, as far as a permission reaches them.
func TeamLeaders(ctx context.Context, tx *db.Tx, within access.Within, teams []db.ID) (map[db.ID][]string, error) {
	type led struct {
		team db.ID
		name string
	}
	at := within.Actor().Now()
	rows, err := db.All(ctx, tx, db.SQL(`SELECT m.place_id, a.name FROM grants m JOIN accounts a ON a.id = m.account_id
		WHERE m.place_kind = 'team' AND m.place_id IN ? AND m.role = ? AND m.since <= ? AND m.until > ? AND a.archived_at = 0 AND ? ORDER BY a.name_key, a.id`,
		teams, string(access.TeamLeader), at, at, within.Where("a")), func(s db.Scanner) (l led, err error) { return l, s.Scan(&l.team, &l.name) })
	out := map[db.ID][]string{}
	for _, l := range rows {
		out[l.team] = append(out[l.team], l.name)
	}
	return out, err
}

// TeamInvitation is somebody who is invited into a team and has not come yet.
type TeamInvitation struct {
	ID          db.ID
	Name, Email string
	Sent, Until time.Time
}

// TeamInvitations are the invitations into a team that are open, as far as a permission reaches them, the first 200.
func TeamInvitations(ctx context.Context, tx *db.Tx, within access.Within, team Team) ([]TeamInvitation, error) {
	return db.All(ctx, tx, db.SQL(`SELECT i.id, i.name, i.email, i.sent_at, i.until FROM invitations i WHERE i.team_id = ? AND i.accepted_at = 0
		AND i.withdrawn_at = 0 AND i.until > ? AND ? ORDER BY i.id LIMIT 200`, team.ID, within.Actor().Now(), within.Where("i")),
		func(s db.Scanner) (i TeamInvitation, err error) {
			var sent, until int64
			err = s.Scan(&i.ID, &i.Name, &i.Email, &sent, &until)
			i.Sent, i.Until = db.Time(sent), db.Time(until)
			return i, err
		})
}
