package action

import (
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// TeamQuery asks for a part of the list of teams.
type TeamQuery struct {
	Query  string `query:"q" doc:"A part of the name."`
	Org    db.ID  `query:"organization" doc:"Only teams of this organization and of those below it."`
	After  string `query:"after" doc:"The marker of the page after another."`
	Before string `query:"before" doc:"The marker of the page before another."`
	Size   int    `query:"size" doc:"How many to return: 50, or 200 at most."`
}

// Team is a team in a list.
type Team struct {
	ID           db.ID    `json:"id"`
	Name         string   `json:"name"`
	About        string   `json:"about"`
	Organization string   `json:"organization"`
	Members      int      `json:"members"`
	Leaders      []string `json:"leaders" doc:"Who leads it, as far as you may see them."`
	MayView      bool     `json:"may_view" doc:"You may open it and see who is in it."`
}

// Teams is a part of the list of teams.
type Teams struct {
	Items []Team `json:"items"`
	Next  string `json:"next,omitempty"`
	Prev  string `json:"prev,omitempty"`
	Total int    `json:"total" doc:"How many there are; counting stops at 1000."`
	// Organization names what narrows the list.
	Organization *Named `json:"organization,omitempty"`
}

// ListTeams lists the teams that one may see.
var ListTeams = &op.Op[TeamQuery, Teams]{
	Name:  "team.list",
	Route: "GET /teams",
	Doc:   "Lists the teams that one may see, by name.",
	Needs: []*access.Permission{access.TeamList, access.TeamView, access.AccountList, access.OrganizationList},
	Do: func(c *op.Call, in TeamQuery) (out Teams, err error) {
		if in.Org != 0 {
			o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Org)
			if err != nil {
				return out, err
			}
			out.Organization = &Named{o.ID, o.Name}
		}
		list, err := store.ListTeams(c, c.Tx, c.May(access.TeamList), store.TeamFilter{Query: in.Query, Org: in.Org},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Items, out.Next, out.Prev, out.Total = make([]Team, len(list.Items)), list.Next, list.Prev, list.Total
		ids := make([]db.ID, len(list.Items))
		for i, t := range list.Items {
			ids[i] = t.ID
		}
		leaders, err := store.TeamLeaders(c, c.Tx, c.May(access.AccountList), ids)
		for i, t := range list.Items {
			out.Items[i] = teamItem(c, t, leaders[t.ID])
		}
		return out, err
	},
}

func teamItem(c *op.Call, t store.Team, leaders []string) Team {
	thing := t.Thing()
	if leaders == nil {
		leaders = []string{}
	}
	return Team{t.ID, t.Name, t.About, t.OrgName, t.Members, leaders, c.May(access.TeamView).Has(&thing) != nil}
}

// TeamOrganizations are the organizations in which one may create a team, for the picker.
var TeamOrganizations = &op.Op[OrganizationQuery, OrganizationPage]{
	Name:  "team.organizations",
	Route: "GET /team-organizations",
	Doc:   "Lists the organizations in which you may create teams, by name.",
	Needs: []*access.Permission{access.TeamCreate, access.OrganizationList},
	Do: func(c *op.Call, in OrganizationQuery) (out OrganizationPage, err error) {
		list, err := store.ListOrganizations(c, c.Tx, c.May(access.TeamCreate), store.OrganizationFilter{Query: in.Query},
			store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Next, out.Prev, out.Total = list.Next, list.Prev, list.Total
		out.Items, err = organizationItems(c, list.Items)
		return out, err
	},
}

// TeamFields are what people say of a team.
type TeamFields struct {
	Name  string `json:"name" doc:"Its name, of which the portal has one only." maxLength:"200"`
	About string `json:"about,omitempty" doc:"What it is for." maxLength:"2000"`
}

func (in TeamFields) wrong() (wrong fail.Fields) {
	form.Name(&wrong, "name", in.Name)
	if utf8.RuneCountInString(in.About) > 2000 {
		wrong.Add("about", "This is too long.")
	}
	return wrong
}

// NewTeam is a team to create.
type NewTeam struct {
	TeamFields
	Org db.ID `json:"organization" doc:"The organization that it lies in; its people may be of any."`
}

// Check names what is wrong with the input.
func (in NewTeam) Check() error {
	wrong := in.wrong()
	if in.Org == 0 {
		wrong.Add("organization", "Choose an organization.")
	}
	return wrong.Err()
}

// CreateTeam makes a team in an organization where one may. Who creates it owns it, and that is the only reason why they
// may edit it (LM-11).
var CreateTeam = &op.Op[NewTeam, Named]{
	Name:  "team.create",
	Route: "POST /teams",
	Doc:   "Creates a team. Whoever creates it owns it.",
	Needs: []*access.Permission{access.TeamCreate},
	Do: func(c *op.Call, in NewTeam) (Named, error) {
		org, err := store.FindOrganization(c, c.Tx, c.May(access.TeamCreate), in.Org)
		if err != nil {
			return Named{}, err
		}
		team, err := store.CreateTeam(c, c.Tx, org, form.Tidy(in.Name), strings.TrimSpace(in.About), c.Now)
		if err != nil {
			return Named{}, err
		}
		c.Audit(team.Thing(), team.Name, map[string]string{"organization": org.Name})
		if c.Who.Account == 0 {
			return Named{team.ID, team.Name}, nil
		}
		return Named{team.ID, team.Name}, store.Begin(c, c.Tx, store.NewGrant{Account: c.Who.Account, Role: access.TeamOwner, At: team.Thing(),
			Since: c.Now, By: c.By(), ByCreation: true})
	},
}

// TeamChange is a team as it shall be.
type TeamChange struct {
	Team db.ID `path:"team" doc:"The team."`
	TeamFields
	LeadersReport bool `json:"leaders_report" doc:"Its leaders run reports on its people."`
}

// Check names what is wrong with the input.
func (in TeamChange) Check() error { wrong := in.wrong(); return wrong.Err() }

// EditTeam changes a team's name, what it is for, and its switches (RT-4). What its leaders gain by a switch has to be the
// actor's own to give (PT-2).
var EditTeam = &op.Op[TeamChange, Named]{
	Name:  "team.edit",
	Route: "PUT /teams/{team}",
	Doc:   "Changes a team's name, what it is for, and whether its leaders run reports.",
	Needs: []*access.Permission{access.TeamChange},
	Do: func(c *op.Call, in TeamChange) (Named, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamChange), in.Team)
		if err != nil {
			return Named{}, err
		}
		was := team
		team.Name, team.About, team.LeadersReport = form.Tidy(in.Name), strings.TrimSpace(in.About), in.LeadersReport
		c.Audit(team.Thing(), team.Name, map[string]any{"was": was.Name, "leaders_report": team.LeadersReport})
		if err := store.SaveTeam(c, c.Tx, team); err != nil {
			return Named{}, err
		}
		if was.LeadersReport != team.LeadersReport {
			err = letLeadersReport(c, team)
		}
		return Named{team.ID, team.Name}, err
	},
}

// letLeadersReport begins or ends what a team's leaders hold by the switch.
func letLeadersReport(c *op.Call, team store.Team) error {
	leaders, err := store.HoldersInTeam(c, c.Tx, team, access.TeamLeader, false, c.Now)
	if err != nil {
		return err
	}
	for _, id := range leaders {
		held, err := store.RolesInTeam(c, c.Tx, team, []db.ID{id}, c.Now)
		if err != nil {
			return err
		}
		if err := setInTeam(c, team, id, access.TeamReporter, held[id].Has(access.TeamReporter), team.LeadersReport, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// TeamEnd names a team to delete.
type TeamEnd struct {
	Team    db.ID `path:"team" doc:"The team."`
	Confirm bool  `query:"confirm" doc:"Delete it although people are in it, or policies and shares are bound to it: what they gave is lost."`
}

// TeamLost is what deleting a team takes away (LM-12).
type TeamLost struct {
	Name string `json:"name"`
	// Members is how many people are in it, Shares with how many people and groups it is shared.
	Members int `json:"members"`
	Shares  int `json:"shares"`
	// Policies are those that are bound to it and that one may see; OtherPolicies counts the others.
	Policies      []Named `json:"policies"`
	OtherPolicies int     `json:"other_policies"`
}

func (l TeamLost) empty() bool {
	return l.Members+l.Shares+len(l.Policies)+l.OtherPolicies == 0
}

func (l TeamLost) refuse() error {
	names := ""
	for i, p := range l.Policies {
		if i < 5 {
			names += " “" + p.Name + "”"
		}
	}
	return fail.New(fail.Conflict, "Deleting “{name}” takes it from {people} people, ends {shares} shares, and unbinds {policies} policies{names}. Confirm to do it.",
		"name", l.Name, "people", l.Members, "shares", l.Shares, "policies", len(l.Policies)+l.OtherPolicies, "names", names)
}

var deleteNeeds = []*access.Permission{access.TeamDelete, access.PolicyList}

// ForeseeTeamEnd says what deleting a team would take away, before it is done.
var ForeseeTeamEnd = &op.Op[OneTeam, TeamLost]{
	Name:  "team.losses",
	Route: "GET /teams/{team}/losses",
	Doc:   "Says what deleting a team would take away.",
	Needs: deleteNeeds,
	Do: func(c *op.Call, in OneTeam) (TeamLost, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamDelete), in.Team)
		if err != nil {
			return TeamLost{}, err
		}
		return teamLost(c, team)
	},
}

func teamLost(c *op.Call, team store.Team) (out TeamLost, err error) {
	out = TeamLost{Name: team.Name, Members: team.Members, Policies: []Named{}}
	shares, err := store.TeamShares(c, c.Tx, team, c.Now)
	if err != nil {
		return out, err
	}
	out.Shares = len(shares)
	policies, err := store.PoliciesAt(c, c.Tx, access.Place{Kind: access.Team, ID: team.ID})
	for _, p := range policies {
		thing := p.Thing()
		if c.May(access.PolicyList).Has(&thing) != nil {
			out.Policies = append(out.Policies, Named{p.ID, p.Name})
		} else {
			out.OtherPolicies++
		}
	}
	return out, err
}

// DeleteTeam deletes a team whole: its people leave it, its shares end, and policies are bound to it no longer.
var DeleteTeam = &op.Op[TeamEnd, TeamLost]{
	Name:  "team.delete",
	Route: "DELETE /teams/{team}",
	Doc:   "Deletes a team. Where anything is bound to it, it answers 409 with what would be lost, until it is confirmed.",
	Needs: deleteNeeds,
	Do: func(c *op.Call, in TeamEnd) (TeamLost, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamDelete), in.Team)
		if err != nil {
			return TeamLost{}, err
		}
		lost, err := teamLost(c, team)
		if err != nil {
			return lost, err
		}
		c.Audit(team.Thing(), team.Name, lost)
		if !in.Confirm && !lost.empty() {
			return lost, lost.refuse()
		}
		return lost, store.DeleteTeam(c, c.Tx, team, c.By(), c.Now)
	},
}

var teamOps = []op.Any{ListTeams, TeamOrganizations, CreateTeam, ShowTeam, EditTeam, ForeseeTeamEnd, DeleteTeam,
	AddTeamMember, AddTeamMembers, ShowTeamMember, SetTeamRoles, RemoveTeamMember, ListShares, ShareTeam, EndShare}
