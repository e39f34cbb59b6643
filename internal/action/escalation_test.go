package action_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/world/worldtest"
)

// climber tries to raise its own rights, or those of accomplices.
type climber struct {
	*worldtest.Test
	t   *testing.T
	who string
	// behind is who acts as the climber, if anybody does.
	behind string
	seed   int
	rand   *rand.Rand
	// as is the climber, or a token of theirs.
	as     op.Who
	token  string
	groups []db.ID
	roles  []access.RoleID
	made   []db.ID
	// own are account types of the portal's own, changes those of the grid that were made.
	own     []string
	changes []db.ID
	types   access.Roles
	teams   []db.ID
	// guests are the addresses that were invited and have not accepted yet.
	guests []string
	// could is what the climber could do, and was what everybody could, when nothing was done yet or others had done something.
	could *access.Actor
	was   map[db.ID]*access.Actor
	seen  map[reached]bool
	did   []string
}

func (c *climber) pick(list []string) string { return list[c.rand.IntN(len(list))] }

func (c *climber) place() action.PlaceRef {
	return []action.PlaceRef{portalRef(c.Test), teamRef(c.Teams["Reds"]), teamRef(c.Teams["Company A Team"]), accountRef(c.People["Ana"]),
		ref("organization:" + c.Orgs["North"].ID.String()), ref("organization:" + c.Orgs["South"].ID.String())}[c.rand.IntN(6)]
}

func (c *climber) holder() action.PlaceRef {
	if c.rand.IntN(2) == 0 {
		return groupRef(c.groups[c.rand.IntN(len(c.groups))])
	}
	return accountRef(c.People[c.who])
}

func (c *climber) role() access.RoleID { return c.roles[c.rand.IntN(len(c.roles))] }

// keys are permissions drawn from the whole table.
func (c *climber) keys() []string {
	var out []string
	for range 1 + c.rand.IntN(3) {
		out = append(out, access.Table()[c.rand.IntN(len(access.Table()))].Key)
	}
	return out
}

func (c *climber) joinGroup() error {
	_, err := action.AddGroupMembers.Run(c.t.Context(), c.Env, c.as, action.GroupMembers{Group: c.groups[c.rand.IntN(len(c.groups))], Accounts: []db.ID{c.somebody().ID}})
	return err
}

func (c *climber) createRole() error {
	made, err := action.CreateRole.Run(c.t.Context(), c.Env, c.as, action.NewRole{RoleDraft: action.RoleDraft{Name: db.NewID().String(), Permissions: c.keys()},
		CopyOf: access.RoleID(c.pick([]string{"", "", "tenant_admin", "administrator"}))})
	if err == nil {
		c.roles = append(c.roles, made.ID)
	}
	return err
}

func (c *climber) editRole() error {
	_, err := action.EditRole.Run(c.t.Context(), c.Env, c.as, action.RoleChange{Role: c.role(), RoleDraft: action.RoleDraft{Name: db.NewID().String(), Permissions: c.keys()}})
	return err
}

func (c *climber) binding() action.PolicyBinding {
	return action.PolicyBinding{Name: db.NewID().String(), Role: c.role(), Places: []action.PlaceRef{c.place()}, Holders: []action.PlaceRef{c.holder()}}
}

func (c *climber) createPolicy() error {
	made, err := action.CreatePolicy.Run(c.t.Context(), c.Env, c.as, c.binding())
	if err == nil {
		c.made = append(c.made, made.ID)
	}
	return err
}

func (c *climber) editPolicy() error {
	_, err := action.EditPolicy.Run(c.t.Context(), c.Env, c.as, action.PolicyChange{Policy: c.made[c.rand.IntN(len(c.made))], PolicyBinding: c.binding()})
	return err
}

// setCell changes cells of the grid, of the portal or of an organization, of account types built in or of the portal's own,
// locks some of them, or undoes what others changed.
func (c *climber) setCell() error {
	if c.rand.IntN(5) == 0 {
		_, err := grid.UndoChange.Run(c.t.Context(), c.Env, c.as, grid.ChangePath{Change: c.changes[c.rand.IntN(len(c.changes))]})
		return err
	}
	org := c.Orgs[c.pick([]string{"Acme", "North", "Lab", "South"})].ID
	in := grid.Change{Organization: org, Reason: "to climb"}
	roles := append([]string{"learner", "partial", "monitor", "tenant_admin", "org_admin", "instructor", "manager", "team_owner", "list_users"}, c.own...)
	for range 1 + c.rand.IntN(2) {
		in.Cells = append(in.Cells, grid.Edit{Role: access.RoleID(c.pick(roles)), Permission: c.keys()[0], To: c.pick([]string{grid.Allow, grid.Allow, grid.Deny, grid.Default}),
			Lock: c.rand.IntN(6) == 0})
	}
	if c.yes() { // one that would raise an organization's administrators, if it were let
		in.Organization = c.Orgs[c.pick([]string{"North", "Lab"})].ID
		in.Cells = []grid.Edit{{Role: access.OrgAdmin, Permission: c.pick([]string{"account.login_as", "account.login_as", "account.edit", "report.certain"}), To: grid.Allow}}
	}
	made, err := grid.ChangeCells.Run(c.t.Context(), c.Env, c.as, in)
	if err == nil {
		c.changes = append(c.changes, made.ID)
	}
	return err
}

// tables lets organizations' administrators change their own table (GR-4), where cells were taken from them and are locked, and
// makes an account type (GR-5).
func (c *climber) tables() {
	sam, ctx := c.As("Sam"), c.t.Context()
	made, err := grid.CreateType.Run(ctx, c.Env, sam, grid.NewType{Name: "Warden", Parent: access.OrgAdmin})
	wantKind(c.t, "an account type", err, -1)
	c.own = append(c.own, string(made.ID))
	for _, in := range []grid.Change{
		{Organization: c.Acme.ID, Reason: "Their own tables", Cells: []grid.Edit{{Role: access.OrgAdmin, Permission: "permission.edit_organization", To: grid.Allow}}},
		{Organization: c.Orgs["Lab"].ID, Reason: "Not in the Lab", Cells: []grid.Edit{{Role: access.OrgAdmin, Permission: "account.edit", To: grid.Deny}, {Role: access.OrgAdmin, Permission: "report.certain", To: grid.Deny}}},
		{Organization: c.Acme.ID, Reason: "Nowhere", Cells: []grid.Edit{{Role: access.OrgAdmin, Permission: "account.reset_password", To: grid.Deny, Lock: true}, {Role: made.ID, Permission: "team.delete", To: grid.Deny}}},
	} {
		out, err := grid.ChangeCells.Run(ctx, c.Env, sam, in)
		wantKind(c.t, "cells", err, -1)
		c.changes = append(c.changes, out.ID)
	}
}

// PT-2: no sequence of calls, allowed or not, raises the rights of who makes them, or gives anybody else what they do not
// hold: in Management, by shares, invitations, teams, moves, imports, accounts and tokens, with changes by others between.
func TestPT2NoSequenceRaisesOnesRights(t *testing.T) {
	runs, calls := 60, 12
	if testing.Short() || dbtest.Postgres() { // what is decided does not depend on the database
		runs = 8
	}
	for _, who := range []string{"Tess", "Pia", "Mo", "Otto", "Leo", "Gus", "Sam", "Ana as Otto", "Ana as Tess"} {
		done, tried := 0, 0
		for seed := range runs {
			w := worldtest.New(t)
			c := &climber{Test: w, t: t, who: who, seed: seed, rand: rand.New(rand.NewPCG(uint64(seed), 7))}
			if behind, as, ok := strings.Cut(who, " as "); ok { // what both may do
				c.who, c.behind = as, behind
			}
			c.as = w.As(c.who)
			c.as.Behind = w.People[c.behind].ID
			deputies(c)
			c.tables()
			c.chance()
			if who == "Sam" || (c.behind == "" && seed%4 == 3) { // the super administrator may do everything, but their tokens may not
				c.byToken()
			}
			c.begin()
			for range calls {
				name, err := c.step()
				tried++
				if err == nil {
					done++
				}
				if fail.Is(err, fail.Fault) {
					t.Fatalf("%s, seed %d: %s: %v", who, seed, name, err)
				}
			}
			c.check()
		}
		t.Logf("%s: %d of %d calls were allowed", who, done, tried)
	}
}

// deputies is a group that gives more than most hold, a role that is stronger still, and a policy on both.
func deputies(c *climber) {
	ana := c.As("Ana")
	group, err := action.CreateGroup.Run(c.t.Context(), c.Env, ana, action.NewGroup{Name: "Deputies"})
	wantKind(c.t, "a group", err, -1)
	role := makeRole(c.t, c.Test, "Ana", "Deputy", "account.edit", "audit.view")
	weak := makeRole(c.t, c.Test, "Ana", "Weak", "account.list")
	_, err = action.CreatePolicy.Run(c.t.Context(), c.Env, ana, action.PolicyBinding{Name: "Deputies", Role: role.ID, Places: []action.PlaceRef{portalRef(c.Test)}, Holders: []action.PlaceRef{groupRef(group.ID)}})
	wantKind(c.t, "a policy", err, -1)
	mine, err := action.CreatePolicy.Run(c.t.Context(), c.Env, ana, action.PolicyBinding{Name: "Mine", Role: weak.ID, Places: []action.PlaceRef{teamRef(c.Teams["Reds"])}, Holders: []action.PlaceRef{accountRef(c.People[c.who])}})
	wantKind(c.t, "a policy", err, -1)
	c.groups = []db.ID{c.Management.ID, group.ID}
	c.roles = []access.RoleID{role.ID, weak.ID, access.ListUsers, access.TenantAdmin, access.EditTeam}
	c.made = []db.ID{mine.ID}
	for _, name := range []string{"Reds", "Blues", "Company A Team"} {
		c.teams = append(c.teams, c.Teams[name].ID)
	}
}
