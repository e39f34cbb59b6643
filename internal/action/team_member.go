package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/named"
)

// TeamMember names a person and a team.
type TeamMember struct {
	Team    db.ID  `path:"team" doc:"The team."`
	Account db.ID  `json:"account" doc:"The person."`
	Until   string `json:"until,omitempty" doc:"The last day that they are in it, as 2026-12-31 (UTC); for ever if left out."`
	For     string `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
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
		c.Audit(team.Thing(), team.Name, map[string]any{"person": who.Name, "until": in.Until + in.For})
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return Member{}, err
		}
		held, err := store.RolesInTeam(c, c.Tx, team, []db.ID{who.ID}, c.Now)
		if err != nil {
			return Member{}, err
		}
		if access.TakesPart(held[who.ID]) {
			return Member{}, fail.New(fail.Conflict, "They are that already.")
		}
		if err := store.Begin(c, c.Tx, store.NewGrant{Account: who.ID, Role: access.TeamMember, At: team.Thing(), By: c.By(), Since: c.Now, Until: until}); err != nil {
			return Member{}, err
		}
		return Member{who.ID, who.Name}, tellOfTeam(c, team, listOf(who), nil)
	},
}

// TeamMembers are people to put into a team.
type TeamMembers struct {
	Team     db.ID    `path:"team" doc:"The team."`
	Accounts []db.ID  `json:"accounts,omitempty" doc:"People, by id."`
	Lines    []string `json:"lines,omitempty" doc:"People, by user name, e-mail address, code or whole name, one a line. A line that is not one person's is named, and then nobody is added."`
	Until    string   `json:"until,omitempty" doc:"The last day that they are in it, as 2026-12-31 (UTC); for ever if left out."`
	For      string   `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// Check names what is wrong with the input.
func (in TeamMembers) Check() error {
	var wrong fail.Fields
	if len(in.Accounts) == 0 && len(in.Lines) == 0 {
		wrong.Add("accounts", "Choose at least one person.")
	}
	if len(in.Accounts) > named.MaxLines {
		wrong.Add("accounts", "These are too many people at once.")
	}
	return wrong.Err()
}

// TeamAdded is who came into a team, and who was in it already.
type TeamAdded struct {
	Added   []Named `json:"added"`
	Already []Named `json:"already"`
}

// AddTeamMembers puts people into a team: all of them or, where a line is nobody's, none.
var AddTeamMembers = &op.Op[TeamMembers, TeamAdded]{
	Name:  "team.add_members",
	Route: "POST /teams/{team}/members/list",
	Doc:   "Adds people to a team, all of them or none.",
	Needs: []*access.Permission{access.TeamAddMember, access.AccountList},
	Do: func(c *op.Call, in TeamMembers) (TeamAdded, error) {
		out := TeamAdded{[]Named{}, []Named{}}
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamAddMember), in.Team)
		if err != nil {
			return out, err
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		people, err := peopleOf(c, in.Accounts, in.Lines)
		if err != nil {
			return out, err
		}
		ids := make([]db.ID, len(people))
		for i, p := range people {
			ids[i] = p.ID
		}
		held, err := store.RolesInTeam(c, c.Tx, team, ids, c.Now)
		if err != nil {
			return out, err
		}
		var added []store.Account
		for _, p := range people {
			if access.TakesPart(held[p.ID]) {
				out.Already = append(out.Already, Named{p.ID, p.Name})
				continue
			}
			added = append(added, p)
			out.Added = append(out.Added, Named{p.ID, p.Name})
			g := store.NewGrant{Account: p.ID, Role: access.TeamMember, At: team.Thing(), By: c.By(), Since: c.Now, Until: until}
			if err := store.Begin(c, c.Tx, g); err != nil {
				return out, err
			}
		}
		c.Audit(team.Thing(), team.Name, map[string]any{"added": names(out.Added), "until": in.Until + in.For})
		if len(added) == 0 {
			return out, fail.New(fail.Conflict, "They are in the team already.")
		}
		return out, tellOfTeam(c, team, added, nil)
	},
}

// RolesOfMember are the roles that a person shall have in a team.
type RolesOfMember struct {
	Team    db.ID           `path:"team" doc:"The team."`
	Account db.ID           `path:"account" doc:"The person."`
	Roles   []access.RoleID `json:"roles" doc:"All roles that the person has from now on: team_owner, team_admin, team_leader, team_member."`
	Confirm bool            `json:"confirm,omitempty" doc:"Has to be true where the person becomes an owner."`
	Until   string          `json:"until,omitempty" doc:"The last day of the roles that begin now, as 2026-12-31 (UTC); for ever if left out. An owner has none: a team keeps its owner."`
	For     string          `json:"for,omitempty" doc:"How long those that begin now last, instead of a last day: 1d, 2w or 3m."`
}

// Check names what is wrong with the input.
func (in RolesOfMember) Check() error {
	var wrong fail.Fields
	if len(in.Roles) == 0 {
		wrong.Add("roles", "Choose at least one role, or take the person out of the team.")
	}
	for _, r := range in.Roles {
		if !access.InTeam.Has(r) {
			wrong.Add("roles", "People have no such role in a team.")
			break
		}
	}
	return wrong.Err()
}

// MemberRoles is a person and the roles that they have in a team now.
type MemberRoles struct {
	ID    db.ID    `json:"id"`
	Name  string   `json:"name"`
	Roles []InTeam `json:"roles"`
}

// SetTeamRoles makes a person of a team what they shall be there. A team keeps an owner; handing it to another asks twice.
var SetTeamRoles = &op.Op[RolesOfMember, MemberRoles]{
	Name:  "team.set_roles",
	Route: "PUT /teams/{team}/members/{account}",
	Doc:   "Sets the roles that a person has in a team.",
	Needs: []*access.Permission{access.TeamSetRole, access.AccountList},
	Do: func(c *op.Call, in RolesOfMember) (MemberRoles, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamSetRole), in.Team)
		if err != nil {
			return MemberRoles{}, err
		}
		who, held, err := findInTeam(c, team, in.Account)
		if err != nil {
			return MemberRoles{}, err
		}
		wanted := access.Roles(in.Roles)
		c.Audit(team.Thing(), team.Name, map[string]any{"person": who.Name, "roles": wanted})
		if wanted.Has(access.TeamOwner) && !held.Has(access.TeamOwner) && !in.Confirm {
			return MemberRoles{}, fail.Wrong("confirm", "Tick this to confirm: {name} would own the team, and could delete it and take it from you.", "name", who.Name)
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err == nil && !until.IsZero() && wanted.Has(access.TeamOwner) && !held.Has(access.TeamOwner) {
			err = fail.Wrong("until", "A team keeps its owner: who owns it has no last day.")
		}
		if err != nil {
			return MemberRoles{}, err
		}
		return MemberRoles{who.ID, who.Name, rolesInTeam(wanted)}, setRoles(c, team, who, held, wanted, until)
	},
}

// findInTeam is a person who has a role in a team, and the roles that they have.
func findInTeam(c *op.Call, team store.Team, account db.ID) (store.Account, access.Roles, error) {
	who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), account)
	if err != nil {
		return who, nil, err
	}
	held, err := store.RolesInTeam(c, c.Tx, team, []db.ID{account}, c.Now)
	if err != nil {
		return who, nil, err
	}
	for _, r := range access.InTeam {
		if held[account].Has(r) {
			return who, held[account], nil
		}
	}
	return who, nil, fail.Missing("person in this team")
}

// setRoles ends and begins roles until a person has exactly these in a team, and what follows from the team's switches.
func setRoles(c *op.Call, team store.Team, who store.Account, held, wanted access.Roles, until time.Time) error {
	for _, r := range access.InTeam {
		if err := setInTeam(c, team, who.ID, r, held.Has(r), wanted.Has(r), until); err != nil {
			return err
		}
	}
	reports := team.LeadersReport && wanted.Has(access.TeamLeader)
	if err := setInTeam(c, team, who.ID, access.TeamReporter, held.Has(access.TeamReporter), reports, until); err != nil {
		return err
	}
	if held.Has(access.TeamOwner) && !wanted.Has(access.TeamOwner) {
		owners, err := store.HoldersInTeam(c, c.Tx, team, access.TeamOwner, true, c.Now)
		if err != nil {
			return err
		}
		if len(owners) == 0 {
			return fail.New(fail.Conflict, "A team keeps an owner: make somebody else its owner first.")
		}
	}
	switch was, is := access.TakesPart(held), access.TakesPart(wanted); {
	case is && !was:
		return tellOfTeam(c, team, listOf(who), nil)
	case was && !is:
		return tellOfTeam(c, team, nil, listOf(who))
	}
	return nil
}

// setInTeam begins or ends one role of a person in a team.
func setInTeam(c *op.Call, team store.Team, account db.ID, role access.RoleID, has, wanted bool, until time.Time) error {
	switch {
	case wanted && !has:
		return store.Begin(c, c.Tx, store.NewGrant{Account: account, Role: role, At: team.Thing(), Since: c.Now, Until: until, By: c.By()})
	case has && !wanted:
		_, err := store.End(c, c.Tx, store.GrantFilter{Portal: team.Portal, Account: account, Roles: access.Roles{role},
			Place: access.Place{Kind: access.Team, ID: team.ID}, Direct: true}, c.By(), c.Now)
		return err
	}
	return nil
}

// MemberRef names a person of a team.
type MemberRef struct {
	Team    db.ID `path:"team" doc:"The team."`
	Account db.ID `path:"account" doc:"The person."`
}

// RemoveTeamMember takes a person out of a team, with every role they have there. Who leads, administers or owns it is
// taken out only by those who set that.
var RemoveTeamMember = &op.Op[MemberRef, Member]{
	Name:  "team.remove_member",
	Route: "DELETE /teams/{team}/members/{account}",
	Doc:   "Takes a person out of a team. It counts from their next request.",
	Needs: []*access.Permission{access.TeamRemoveMember, access.TeamSetRole, access.AccountList},
	Do: func(c *op.Call, in MemberRef) (Member, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamRemoveMember), in.Team)
		if err != nil {
			return Member{}, err
		}
		who, held, err := findInTeam(c, team, in.Account)
		if err != nil {
			return Member{}, err
		}
		c.Audit(team.Thing(), team.Name, map[string]any{"removed": who.Name})
		thing := team.Thing()
		for _, r := range held {
			if access.Builtin(r).TakenBy != access.TeamRemoveMember && c.May(access.TeamSetRole).Has(&thing) == nil {
				return Member{}, store.NotAllowed(c.May(access.TeamSetRole))
			}
		}
		return Member{who.ID, who.Name}, setRoles(c, team, who, held, nil, time.Time{})
	},
}

// ShowTeamMember shows the roles of one person in a team.
var ShowTeamMember = &op.Op[MemberRef, MemberRoles]{
	Name:  "team.show_member",
	Route: "GET /teams/{team}/members/{account}",
	Doc:   "Shows the roles that a person has in a team.",
	Needs: []*access.Permission{access.TeamView, access.AccountList},
	Do: func(c *op.Call, in MemberRef) (MemberRoles, error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamView), in.Team)
		if err != nil {
			return MemberRoles{}, err
		}
		who, held, err := findInTeam(c, team, in.Account)
		return MemberRoles{who.ID, who.Name, rolesInTeam(store.InOrder(held))}, err
	},
}
