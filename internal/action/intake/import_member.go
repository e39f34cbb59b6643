package intake

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
)

var memberImport = &importKind{
	name: "members",
	doc:  "Who is in which team. Who is in it already, as whatever, stays as they are.",
	fields: []importField{
		{name: "team", doc: "The team's name.", required: true},
		{name: "account", doc: "The person's code, user name or e-mail address.", required: true, most: 254},
	},
	take: func(in *intake) taker { return &memberTaker{intake: in, teams: map[string]*store.Team{}} },
}

type memberTaker struct {
	*intake
	// teams are those that the actor may add people to, by name; nil for others.
	teams map[string]*store.Team
}

func (in *memberTaker) take(rows []*importRow) error {
	if err := in.loadAccounts(rows, "account"); err != nil {
		return err
	}
	byTeam := map[*store.Team][]*importRow{}
	var order []*store.Team
	for _, r := range rows {
		if in.repeated(r, db.Key(in.get(r, "team")), in.get(r, "account")) {
			continue
		}
		team, err := in.team(r)
		if err != nil {
			return err
		}
		if in.account(r, "account") == nil || team == nil {
			continue
		}
		if byTeam[team] == nil {
			order = append(order, team)
		}
		byTeam[team] = append(byTeam[team], r)
	}
	for _, team := range order {
		if err := in.add(team, byTeam[team]); err != nil {
			return err
		}
	}
	return nil
}

// team is the one that a row names, where the actor may add people to it.
func (in *memberTaker) team(r *importRow) (*store.Team, error) {
	name := in.get(r, "team")
	team, known := in.teams[name]
	if !known {
		found, err := store.TeamsCalled(in.c, in.c.Tx, in.c.May(access.TeamAddMember), name)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 {
			team = &found[0]
		}
		in.teams[name] = team
	}
	if team == nil {
		in.wrong(r, "team", "There is no team “"+cut(name)+"” that you may add people to.")
	}
	return team, nil
}

func (in *memberTaker) add(team *store.Team, rows []*importRow) error {
	ids := make([]db.ID, len(rows))
	for i, r := range rows {
		ids[i] = in.account(r, "account").ID
	}
	held, err := store.RolesInTeam(in.c, in.c.Tx, *team, ids, in.c.Now)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if access.TakesPart(held[ids[i]]) {
			in.result.Unchanged++
			continue
		}
		held[ids[i]] = append(held[ids[i]], access.TeamMember) // a row may name the person in another way
		if err := store.AddTeamMember(in.c, in.c.Tx, *team, in.account(r, "account").Account, in.c.By(), in.c.Now); err != nil {
			return err
		}
		in.result.Created++
	}
	return nil
}
