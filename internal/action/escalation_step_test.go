package action_test

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/action/identity"
	"provost/internal/action/intake"
	kinds "provost/internal/action/people"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// steps are what a climber may try, each with a permission without which it is refused anyway; nil for none.
var steps = []struct {
	name  string
	needs *access.Permission
	do    func(*climber) error
}{
	{"join a group", access.GroupAddMember, (*climber).joinGroup}, {"create a role", access.RoleEdit, (*climber).createRole}, {"edit a role", access.RoleEdit, (*climber).editRole},
	{"create a policy", access.PolicyEdit, (*climber).createPolicy}, {"edit a policy", access.PolicyEdit, (*climber).editPolicy},
	{"set a cell", access.PermissionEditGrid, (*climber).setCell}, {"set a cell of one's organization", access.PermissionEditOrganization, (*climber).setCell},
	{"share", access.TeamShare, (*climber).share}, {"invite", access.AccountInvite, (*climber).accept},
	{"add to a team", access.TeamAddMember, (*climber).join}, {"team roles", access.TeamSetRole, (*climber).teamRoles}, {"create a team", access.TeamCreate, (*climber).createTeam},
	{"switch of a team", access.TeamChange, (*climber).switchTeam}, {"move a person", access.AccountEdit, (*climber).move},
	{"move an organization", access.OrganizationCreate, (*climber).moveOrganization}, {"import people", access.AccountAdd, (*climber).importPeople},
	{"import members", access.TeamAddMember, (*climber).importMembers}, {"add a person", access.AccountAdd, (*climber).add}, {"account types", access.AccountEdit, (*climber).setTypes},
	{"issue a password", access.AccountResetPassword, (*climber).issue}, {"change an address", access.AccountEdit, (*climber).readdress},
	{"make a token", access.TokenManage, (*climber).makeToken}, {"others", nil, (*climber).others}, {"enrol", access.CourseEnrollOthers, (*climber).enrol},
	{"merge accounts", access.AccountMerge, (*climber).merge},
}

// step does one thing at random that is not refused from the first; that much of it is refused is as it should be.
func (c *climber) step() (string, error) {
	s := steps[c.rand.IntN(len(steps))]
	for s.needs != nil && !c.could.May(s.needs).Any() {
		s = steps[c.rand.IntN(len(steps))]
	}
	err := s.do(c)
	if err == nil {
		c.did = append(c.did, s.name)
	}
	return s.name, err
}

var crowd = []string{"Ana", "Pia", "Leo", "Mo", "Tess", "Bea", "Otto", "Ivy", "Gus", "Lin", "Max", "Lou", "Sue"}

// somebody is a person at random, the climber oftener than others.
func (c *climber) somebody() store.Account {
	if c.rand.IntN(3) == 0 {
		return c.People[c.who]
	}
	return c.People[c.pick(crowd)]
}

// merge merges somebody, the climber perhaps, with another account.
func (c *climber) merge() error {
	other := c.People[c.pick([]string{"Bea", "Lin", "Max", "Lou", "Sue"})]
	_, err := identity.MergeAccounts.Run(c.t.Context(), c.Env, c.as, identity.Merger{Account: c.somebody().ID, Other: other.ID})
	return err
}

// reachable is somebody whom a permission of the climber's reaches, if there is one.
func (c *climber) reachable(p *access.Permission) store.Account {
	who := c.somebody()
	for range 20 {
		if c.seen[reached{p, access.Place{Kind: access.Account, ID: who.ID}}] {
			break
		}
		who = c.somebody()
	}
	return who
}

func (c *climber) org() store.Organization {
	return c.Orgs[c.pick([]string{"Acme", "North", "Lab", "South"})]
}

// team is a team to which the climber may add people, if there is one.
func (c *climber) team() db.ID {
	id := c.teams[c.rand.IntN(len(c.teams))]
	for range 6 {
		if c.seen[reached{access.TeamAddMember, access.Place{Kind: access.Team, ID: id}}] {
			break
		}
		id = c.teams[c.rand.IntN(len(c.teams))]
	}
	return id
}

func (c *climber) accountTypes() []access.RoleID {
	all := append(append(access.Roles{}, access.AccountTypes[1:]...), c.types...)
	return []access.RoleID{all[c.rand.IntN(len(all))]}
}

func (c *climber) yes() bool { return c.rand.IntN(2) == 0 }

func (c *climber) share() error {
	in := action.NewShare{Team: c.team(), ShareTicks: action.ShareTicks{Read: c.yes(), Edit: c.yes(), Analytics: c.yes(), Notify: true}}
	if c.yes() {
		in.Accounts = []db.ID{c.somebody().ID}
	} else {
		in.Groups = []db.ID{c.groups[c.rand.IntN(len(c.groups))]}
	}
	_, err := action.ShareTeam.Run(c.t.Context(), c.Env, c.as, in)
	return err
}

func (c *climber) invite() error {
	row := action.InvitationRow{Email: db.NewID().String() + "@acme.test", Organization: c.org().ID.String(), Types: c.accountTypes()}
	if c.yes() {
		row.Team = c.team().String()
	}
	_, err := action.SendInvitations.Run(c.t.Context(), c.Env, c.as, action.NewInvitations{Rows: []action.InvitationRow{row}})
	if err == nil {
		c.guests = append(c.guests, row.Email)
	}
	return err
}

// accept invites somebody, who accepts and does what the climber says; others may do something between, or it waits.
func (c *climber) accept() error {
	if err := c.invite(); err != nil {
		return err
	}
	switch c.rand.IntN(3) {
	case 0:
		_ = c.others() // whatever it is
	case 1:
		return nil
	}
	address := c.guests[0]
	c.guests = c.guests[1:]
	var token string
	err := c.Env.DB.Read(c.t.Context(), func(tx *db.Tx) error {
		body, err := db.Val[string](c.t.Context(), tx, db.SQL(`SELECT body FROM outbox WHERE recipient = ?`, address))
		_, token, _ = strings.Cut(body, "/invitations/")
		token, _, _ = strings.Cut(token, "\n")
		return err
	})
	if err != nil {
		return err
	}
	_, err = action.AcceptInvitation.Run(c.t.Context(), c.Env, op.Who{Portal: c.Acme.ID}, action.InvitationAnswer{Token: token, Name: "Guest", Username: "g" + db.NewID().String(),
		Password: "a wholly new pass-word 7"})
	return err
}

func (c *climber) join() error {
	_, err := action.AddTeamMember.Run(c.t.Context(), c.Env, c.as, action.TeamMember{Team: c.team(), Account: c.reachable(access.AccountList).ID})
	return err
}

func (c *climber) teamRoles() error {
	_, err := action.SetTeamRoles.Run(c.t.Context(), c.Env, c.as, action.RolesOfMember{Team: c.team(), Account: c.somebody().ID,
		Roles: []access.RoleID{access.InTeam[c.rand.IntN(len(access.InTeam))], access.TeamMember}, Confirm: true})
	return err
}

func (c *climber) createTeam() error {
	made, err := action.CreateTeam.Run(c.t.Context(), c.Env, c.as, action.NewTeam{TeamFields: action.TeamFields{Name: db.NewID().String()}, Org: c.org().ID})
	if err == nil {
		c.teams = append(c.teams, made.ID)
	}
	return err
}

func (c *climber) switchTeam() error {
	_, err := action.EditTeam.Run(c.t.Context(), c.Env, c.as, action.TeamChange{Team: c.team(), TeamFields: action.TeamFields{Name: db.NewID().String()}, LeadersReport: c.yes()})
	return err
}

func (c *climber) move() error {
	_, err := action.MoveAccount.Run(c.t.Context(), c.Env, c.as, action.AccountMove{Account: c.reachable(access.AccountEdit).ID, Organization: c.org().ID})
	return err
}

func (c *climber) moveOrganization() error {
	_, err := action.MoveOrganization.Run(c.t.Context(), c.Env, c.as, action.OrganizationMove{Organization: c.org().ID, Parent: c.org().ID})
	return err
}

func (c *climber) enrol() error {
	course := c.Courses[c.pick([]string{"Go", "First aid"})]
	_, err := action.EnrolPeople.Run(c.t.Context(), c.Env, c.as, action.EnrolInput{Course: course.ID, Accounts: []db.ID{c.somebody().ID}})
	return err
}

func (c *climber) add() error {
	_, err := action.AddAccount.Run(c.t.Context(), c.Env, c.as, action.NewPerson{Name: "New", Username: "n" + db.NewID().String(), Organization: c.org().ID, Types: c.accountTypes()})
	return err
}

func (c *climber) setTypes() error {
	_, err := action.SetAccountTypes.Run(c.t.Context(), c.Env, c.as, action.AccountTypesChange{Account: c.reachable(access.AccountEdit).ID, Types: c.accountTypes()})
	return err
}

// load takes a file in.
func (c *climber) load(into, fields, rows string) error {
	path := filepath.Join(c.t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte("a,b,c,d\n"+rows+"\n"), 0o600); err != nil {
		return err
	}
	m, err := intake.ParseMapping([]byte(`{"name":"m","steps":[{"file":"rows.csv","into":"` + into + `","fields":{` + fields + `}}]}`))
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = intake.RunImport(c.t.Context(), c.Env, c.as, intake.Import{Mapping: m, Files: map[string]string{"rows.csv": path}})
	return err
}

func (c *climber) importPeople() error {
	username, org := c.somebody().Username, c.org().Name
	if c.yes() {
		username = "i" + db.NewID().String()
	}
	return c.load("accounts", `"username":"{a}","name":"{b}","organization":"{c}","type":"{d}"`, username+",Imported,"+org+","+string(c.accountTypes()[0]))
}

func (c *climber) importMembers() error {
	return c.load("members", `"team":"{a}","account":"{b}"`, c.pick([]string{"Reds", "Blues", "Company A Team"})+","+c.somebody().Username)
}

// issue sets somebody's password, and readdress the address that links to set it are mailed to. Who succeeds can do all that
// they can.
func (c *climber) issue() error {
	who := c.reachable(access.AccountResetPassword)
	_, err := action.IssuePassword.Run(c.t.Context(), c.Env, c.as, action.PasswordReset{Account: who.ID})
	return c.takenOver(who, err)
}

func (c *climber) readdress() error {
	who, mail := c.reachable(access.AccountEdit), "thief"+db.NewID().String()+"@acme.test"
	_, err := action.EditAccount.Run(c.t.Context(), c.Env, c.as, action.PersonChange{Account: who.ID, Name: who.Name, Username: new(db.NewID().String()), Email: &mail})
	return c.takenOver(who, err)
}

func (c *climber) takenOver(who store.Account, err error) error {
	if err == nil && (who.ID != c.could.Account || c.token != "") {
		c.exceeds("takes over "+who.Name, c.fold()[who.ID], nil)
	}
	return err
}

// makeToken makes a token, and sees that it does no more than who made it, and than it was made for.
func (c *climber) makeToken() error {
	keys := c.keys()
	made, err := action.CreateToken.Run(c.t.Context(), c.Env, c.as, action.NewToken{Name: "t", Permissions: keys, Days: 1 + c.rand.IntN(300)})
	if err == nil {
		c.within(made.Token, keys)
	}
	return err
}

// others do what changes what the climber may do, or what is given: what they give is none of the climber's doing.
func (c *climber) others() error {
	c.check()
	defer c.begin()
	ctx, env := c.t.Context(), c.Env
	var err error
	switch c.rand.IntN(8) {
	case 0:
		_, err = grid.SetCell.Run(ctx, env, c.As("Sam"), grid.CellChange{CellPath: grid.CellPath{Organization: c.org().ID,
			Role: access.RoleID(c.pick([]string{"learner", "manager", "monitor", "org_admin", "team_member", string(c.role())})), Permission: c.keys()[0]}, Allow: c.yes()})
	case 1:
		_, err = action.EditRole.Run(ctx, env, c.As("Ana"), action.RoleChange{Role: c.role(), RoleDraft: action.RoleDraft{Name: db.NewID().String(), Permissions: c.keys()}})
	case 2:
		_, err = action.SetAccountTypes.Run(ctx, env, c.As("Ana"), action.AccountTypesChange{Account: c.People[c.who].ID, Types: c.accountTypes()})
	case 3:
		_, err = action.MoveAccount.Run(ctx, env, c.As("Ana"), action.AccountMove{Account: c.People[c.who].ID, Organization: c.org().ID})
	case 4:
		c.Clock.Move(time.Duration(c.rand.IntN(48)) * time.Hour)
	case 5:
		var made grid.AccountType
		if made, err = grid.CreateType.Run(ctx, env, c.As("Sam"), grid.NewType{Name: db.NewID().String(), Parent: c.accountTypes()[0]}); err == nil {
			c.types = append(c.types, made.ID)
		}
	case 6:
		_, err = kinds.SwitchType.Run(ctx, env, c.As("Sam"), kinds.TypeSwitch{Type: c.accountTypes()[0], On: c.yes()})
	default:
		_, err = action.MoveOrganization.Run(ctx, env, c.As("Ana"), action.OrganizationMove{Organization: c.Orgs["South"].ID, Parent: c.Orgs["North"].ID})
	}
	return err
}
