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

// TeamQuery asks for a part of the list of teams.
type TeamQuery struct {
	Query  string `query:"q" doc:"A part of the name."`
	After  string `query:"after" doc:"The marker of the page after another."`
	Before string `query:"before" doc:"The marker of the page before another."`
	Size   int    `query:"size" doc:"How many to return: 50, or 200 at most."`
}

// Team is a team in a list.
type Team struct {
	ID           db.ID  `json:"id"`
	Name         string `json:"name"`
	About        string `json:"about"`
	Organization string `json:"organization"`
	Members      int    `json:"members"`
}

// Teams is a part of the list of teams.
type Teams struct {
	Items []Team `json:"items"`
	Next  string `json:"next,omitempty"`
	Prev  string `json:"prev,omitempty"`
}

// ListTeams lists the teams that one may see.
var ListTeams = &op.Op[TeamQuery, Teams]{
	Name:  "team.list",
	Route: "GET /teams",
	Doc:   "Lists the teams that one may see, by name.",
	Needs: []*access.Permission{access.TeamList},
	Do: func(c *op.Call, in TeamQuery) (out Teams, err error) {
		list, err := store.ListTeams(c, c.Tx, c.May(access.TeamList), in.Query, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		out = Teams{Items: make([]Team, len(list.Items)), Next: list.Next, Prev: list.Prev}
		for i, t := range list.Items {
			out.Items[i] = Team{t.ID, t.Name, t.About, t.OrgName, t.Members}
		}
		return out, err
	},
}
