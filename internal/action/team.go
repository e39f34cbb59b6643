package action

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// TeamMember names a person and a team.
type TeamMember struct {
	Team    db.ID `path:"team" doc:"The team."`
	Account db.ID `json:"account" doc:"The person."`
}

// Member is a person who is in a team now.
type Member struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// AddTeamMember puts a person whom one may see into a team that one may add to.
var AddTeamMember = &op.Op[TeamMember, Member]{
	Name:  "team.add_member",
	Route: "POST /teams/{team}/members",
	Doc:   "Adds a person to a team.",
	Needs: []*access.Permission{access.TeamAddMember, access.AccountList},
	Do: func(c *op.Call, in TeamMember) (Member, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamAddMember), in.Team)
		if err != nil {
			return Member{}, err
		}
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return Member{}, err
		}
		c.Audit(team.Thing(), team.Name, map[string]any{"person": who.Name})
		return Member{who.ID, who.Name}, store.AddTeamMember(c, c.Tx, team, who, c.By(), c.Now)
	},
}
