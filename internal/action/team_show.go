package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// OneTeam names a team.
type OneTeam struct {
	Team db.ID `path:"team" doc:"The team."`
}

// TeamPeople asks for a team, and for a part of its people.
type TeamPeople struct {
	Team   db.ID         `path:"team" doc:"The team."`
	Query  string        `query:"q" doc:"The beginning of a name."`
	Role   access.RoleID `query:"role" doc:"Only people with this role: team_owner, team_admin, team_leader or team_member."`
	After  string        `query:"after" doc:"The next of another page."`
	Before string        `query:"before" doc:"The prev of another page."`
	Size   int           `query:"size" doc:"How many people to return, 200 at most; 50 if left out."`
}

// Check names what is wrong with the input.
func (in TeamPeople) Check() error {
	if in.Role != "" && !access.InTeam.Has(in.Role) {
		return fail.Wrong("role", "People have no such role in a team.")
	}
	return nil
}

// TeamPerson is a person of a team.
type TeamPerson struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	shown.Details
	Organization string   `json:"organization"`
	Roles        []InTeam `json:"roles"`
	Archived     bool     `json:"archived"`
}

// InTeam is a role that somebody has in a team.
type InTeam struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
}

// Invited is somebody who is invited into a team and has not come yet.
type Invited struct {
	ID    db.ID     `json:"id"`
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Sent  time.Time `json:"sent"`
	Until time.Time `json:"until"`
}

// TeamShown is a team with a part of its people: of those whom the actor may see.
type TeamShown struct {
	ID            db.ID        `json:"id"`
	Name          string       `json:"name"`
	About         string       `json:"about"`
	Organization  string       `json:"organization"`
	Members       int          `json:"members" doc:"How many people take part in it."`
	LeadersReport bool         `json:"leaders_report"`
	Created       time.Time    `json:"created"`
	People        []TeamPerson `json:"people"`
	Next          string       `json:"next,omitempty"`
	Prev          string       `json:"prev,omitempty"`
	Total         int          `json:"total" doc:"How many people were found; counting stops at 1000."`
	// Invited are those who have not come yet, for those who may see invitations.
	Invited []Invited `json:"invited"`
	// May are the keys of the permissions that the actor holds here.
	May []string `json:"may"`
}

// Allows tells whether the actor holds a permission at the team.
func (t TeamShown) Allows(p *access.Permission) bool {
	for _, key := range t.May {
		if key == p.Key {
			return true
		}
	}
	return false
}

// teamDeeds are what ShowTeam tells of.
var teamDeeds = []*access.Permission{access.TeamChange, access.TeamDelete, access.TeamAddMember, access.TeamRemoveMember, access.TeamSetRole, access.TeamShare}

// ShowTeam opens a team: read-only for those who may do nothing else there (LM-6).
var ShowTeam = &op.Op[TeamPeople, TeamShown]{
	Name:  "team.show",
	Route: "GET /teams/{team}",
	Doc:   "Shows a team, the people in it whom you may see, and what you may do there.",
	Needs: append(shown.And(access.TeamView, access.AccountList, access.InvitationList), teamDeeds...),
	Do: func(c *op.Call, in TeamPeople) (out TeamShown, err error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamView), in.Team)
		if err != nil {
			return out, err
		}
		var roles access.Roles
		if in.Role != "" {
			roles = access.Roles{in.Role}
		}
		list, err := store.ListTeamPeople(c, c.Tx, c.May(access.AccountList), team, roles, in.Query, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out = TeamShown{ID: team.ID, Name: team.Name, About: team.About, Organization: team.OrgName, Members: team.Members, LeadersReport: team.LeadersReport,
			Created: team.Created, People: make([]TeamPerson, len(list.Items)), Next: list.Next, Prev: list.Prev, Total: list.Total, Invited: []Invited{}, May: []string{}}
		people := make([]db.ID, len(list.Items))
		for i, p := range list.Items {
			people[i] = p.Account.ID
		}
		details, err := shown.ByID(c, people) // with their teams, which the list leaves out
		if err != nil {
			return out, err
		}
		for i, p := range list.Items {
			out.People[i] = TeamPerson{p.Account.ID, p.Account.Name, details[p.Account.ID], p.Account.OrgName, rolesInTeam(p.Roles), !p.Account.Archived.IsZero()}
		}
		thing := team.Thing()
		for _, p := range teamDeeds {
			if c.May(p).Has(&thing) != nil {
				out.May = append(out.May, p.Key)
			}
		}
		return out, out.invited(c, team)
	},
}

func (t *TeamShown) invited(c *op.Call, team store.Team) error {
	list, err := store.TeamInvitations(c, c.Tx, c.May(access.InvitationList), team)
	for _, i := range list {
		t.Invited = append(t.Invited, Invited{i.ID, i.Name, i.Email, i.Sent, i.Until})
	}
	return err
}

func rolesInTeam(roles access.Roles) []InTeam {
	out := make([]InTeam, len(roles))
	for i, r := range roles {
		out[i] = InTeam{r, access.Builtin(r).Title}
	}
	return out
}
