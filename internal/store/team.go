package store

import (
	"context"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
)

// Team is learners gathered to be led and measured; it lies in one organization, its people may be of any.
type Team struct {
	ID      db.ID
	Portal  db.ID
	Org     db.ID
	OrgName string
	Name    string
	About   string
	// LeadersReport: its leaders run reports on its members (RT-4).
	LeadersReport bool
	Created       time.Time
	// Members is how many people are in it.
	Members int
}

// Thing is the team as a thing that permissions are asked about, and as a place.
func (t Team) Thing() access.Thing {
	return access.Thing{Kind: access.Team, ID: t.ID, Portal: t.Portal, Org: t.Org}
}

// FindTeam is one team within what a permission reaches.
func FindTeam(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Team, error) {
	t, err := db.One(ctx, tx, db.SQL(`SELECT ? FROM teams t JOIN organizations o ON o.id = t.org_id WHERE t.id = ? AND t.deleted_at = 0 AND ?`,
		teamColumns(within), id, within.Where("t")), scanTeam)
	if !fail.Is(err, fail.NotFound) {
		return t, err
	}
	seen := within.Actor().May(access.TeamList)
	return t, missing(ctx, tx, within, "team", db.SQL(`SELECT 1 FROM teams t WHERE t.id = ? AND t.deleted_at = 0 AND ?`, id, seen.Where("t")))
}

func teamColumns(within access.Within) db.Frag {
	at := within.Actor().Now()
	return db.SQL(`t.id, t.portal_id, t.org_id, o.name, t.name, t.about, t.leaders_report, t.created_at,
		(SELECT count(DISTINCT m.account_id) FROM grants m WHERE m.place_kind = 'team' AND m.place_id = t.id AND m.role IN ? AND m.since <= ? AND m.until > ?)`,
		teamRoles, at, at)
}

func scanTeam(s db.Scanner) (t Team, err error) {
	var created int64
	err = s.Scan(&t.ID, &t.Portal, &t.Org, &t.OrgName, &t.Name, &t.About, &t.LeadersReport, &created, &t.Members)
	t.Created = db.Time(created)
	return t, err
}

// TeamFilter narrows a list of teams; what is zero does not.
type TeamFilter struct {
	// Query is a part of the name.
	Query string
	// Org is an organization: those below it count too.
	Org db.ID
}

// ListTeams are the teams within what a permission reaches, by name.
func ListTeams(ctx context.Context, tx *db.Tx, within access.Within, f TeamFilter, page Page) (List[Team], error) {
	where, tail, err := page.Keyset("t.name_key", "t.id")
	if err != nil {
		return List[Team]{}, err
	}
	cond := db.And(within.Where("t"), db.SQL("t.deleted_at = 0"))
	if f.Query != "" {
		cond = db.And(cond, db.SQL(`t.name_key LIKE ? ESCAPE '\'`, "%"+LikeText(db.Key(f.Query))+"%"))
	}
	if f.Org != 0 {
		cond = db.And(cond, db.SQL(`t.org_id IN (SELECT u.org_id FROM org_under u WHERE u.ancestor_id = ?)`, f.Org))
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT ? FROM teams t JOIN organizations o ON o.id = t.org_id WHERE ? ?`,
		teamColumns(within), db.And(cond, where), tail), scanTeam)
	if err != nil {
		return List[Team]{}, err
	}
	out := pageOf(page, rows, func(t Team) cursor { return cursor{db.Key(t.Name), t.ID} })
	out.Total, err = countRows(ctx, tx, db.SQL(`SELECT 1 FROM teams t WHERE ?`, cond))
	return out, err
}

// CreateTeam makes a team in an organization. A name that the portal has already is a Conflict.
func CreateTeam(ctx context.Context, tx *db.Tx, org Organization, name, about string, now time.Time) (Team, error) {
	t := Team{ID: db.NewID(), Portal: org.Portal, Org: org.ID, OrgName: org.Name, Name: name, About: about, Created: now}
	tx.Note(Grew("teams"))
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO teams (id, portal_id, org_id, name, name_key, about, leaders_report, created_at, deleted_at)
		VALUES (?, ?, ?, ?, ?, ?, FALSE, ?, 0)`, t.ID, t.Portal, t.Org, t.Name, db.Key(t.Name), t.About, db.Micros(now)))
	if db.IsUnique(err) {
		return t, fail.New(fail.Conflict, "There is a team of this name already.")
	}
	return t, err
}

// SaveTeam writes a team's name, what it is for, and its switches. A name that the portal has already is a Conflict.
func SaveTeam(ctx context.Context, tx *db.Tx, t Team) error {
	_, err := tx.Exec(ctx, db.SQL(`UPDATE teams SET name = ?, name_key = ?, about = ?, leaders_report = ? WHERE id = ?`,
		t.Name, db.Key(t.Name), t.About, t.LeadersReport, t.ID))
	if db.IsUnique(err) {
		return fail.New(fail.Conflict, "There is a team of this name already.")
	}
	return err
}

// DeleteTeam deletes a team whole: everybody leaves it, its shares end, and no policy is bound to it any more (LM-12).
func DeleteTeam(ctx context.Context, tx *db.Tx, t Team, by db.ID, now time.Time) error {
	if err := Unbind(ctx, tx, t.Thing(), by, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE teams SET deleted_at = ? WHERE id = ?`, db.Micros(now), t.ID)); err != nil {
		return err
	}
	return Changed(ctx, tx, t.Portal)
}

// AddTeamMember puts a person into a team. Twice is a Conflict.
func AddTeamMember(ctx context.Context, tx *db.Tx, team Team, who Account, by db.ID, now time.Time) error {
	return Begin(ctx, tx, NewGrant{Account: who.ID, Role: access.TeamMember, At: team.Thing(), By: by, Since: now})
}

// TeamNames are the names of those of some teams that lie within what a permission reaches: for lists of people, which
// name a team only to those who may know of it.
func TeamNames(ctx context.Context, tx *db.Tx, within access.Within, ids []db.ID) (map[db.ID]string, error) {
	type named struct {
		id   db.ID
		name string
	}
	rows, err := db.All(ctx, tx, db.SQL(`SELECT t.id, t.name FROM teams t WHERE t.id IN ? AND t.deleted_at = 0 AND ?`, ids, within.Where("t")),
		func(s db.Scanner) (n named, err error) { return n, s.Scan(&n.id, &n.name) })
	out := make(map[db.ID]string, len(rows))
	for _, n := range rows {
		out[n.id] = n.name
	}
	return out, err
}

// TeamsCalled are the teams within what a permission reaches that have an id or a name: two at most, for who needs just one.
func TeamsCalled(ctx context.Context, tx *db.Tx, within access.Within, text string) ([]Team, error) {
	id, _ := db.ParseID(text) // zero where it is none
	return db.All(ctx, tx, db.SQL(`SELECT ? FROM teams t JOIN organizations o ON o.id = t.org_id WHERE t.portal_id = ? AND t.deleted_at = 0
		AND (t.id = ? OR t.name_key = ?) AND ? ORDER BY t.id LIMIT 2`, teamColumns(within), within.Portal(), id, db.Key(text), within.Where("t")), scanTeam)
}
