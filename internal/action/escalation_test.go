package action_test

import (
	"math/rand/v2"
	"testing"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// climber tries to raise its own rights by Management.
type climber struct {
	*worldtest.Test
	t      *testing.T
	who    string
	rand   *rand.Rand
	groups []db.ID
	roles  []access.RoleID
	made   []db.ID
}

func (c *climber) pick(list []string) string { return list[c.rand.IntN(len(list))] }

func (c *climber) place() action.PlaceRef {
	return []action.PlaceRef{portalRef(c.Test), teamRef(c.Teams["Reds"]), teamRef(c.Teams["Company A Team"]), accountRef(c.People["Ana"]),
		ref("organization:" + c.Orgs["North"].ID.String())}[c.rand.IntN(5)]
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

// step does one thing at random; that most of it is refused is as it should be.
func (c *climber) step() error {
	ctx, env, as := c.t.Context(), c.Env, c.As(c.who)
	name := db.NewID().String()
	switch c.rand.IntN(6) {
	case 0:
		_, err := action.AddGroupMembers.Run(ctx, env, as, action.GroupMembers{Group: c.groups[c.rand.IntN(len(c.groups))], Accounts: []db.ID{c.People[c.who].ID}})
		return err
	case 1:
		made, err := action.CreateRole.Run(ctx, env, as, action.NewRole{RoleDraft: action.RoleDraft{Name: name, Permissions: c.keys()}, CopyOf: access.RoleID(c.pick([]string{"", "", "tenant_admin", "administrator"}))})
		if err == nil {
			c.roles = append(c.roles, made.ID)
		}
		return err
	case 2:
		_, err := action.EditRole.Run(ctx, env, as, action.RoleChange{Role: c.role(), RoleDraft: action.RoleDraft{Name: name, Permissions: c.keys()}})
		return err
	case 3:
		made, err := action.CreatePolicy.Run(ctx, env, as, action.PolicyBinding{Name: name, Role: c.role(), Places: []action.PlaceRef{c.place()}, Holders: []action.PlaceRef{c.holder()}})
		if err == nil {
			c.made = append(c.made, made.ID)
		}
		return err
	case 4:
		if len(c.made) == 0 {
			return nil
		}
		_, err := action.EditPolicy.Run(ctx, env, as, action.PolicyChange{Policy: c.made[c.rand.IntN(len(c.made))], PolicyBinding: action.PolicyBinding{Name: name,
			Role: c.role(), Places: []action.PlaceRef{c.place()}, Holders: []action.PlaceRef{c.holder()}}})
		return err
	default:
		_, err := grid.SetCell.Run(ctx, env, as, grid.CellChange{CellPath: grid.CellPath{Organization: c.Acme.ID, Role: access.RoleID(c.pick([]string{"learner", "partial", "monitor"})),
			Permission: c.keys()[0]}, Allow: true})
		return err
	}
}

func fold(t *testing.T, w *worldtest.Test, who string) *access.Actor {
	t.Helper()
	return inRead(t, w, func(tx *db.Tx) (*access.Actor, error) {
		rules, err := store.LoadRules(t.Context(), tx, w.Acme.ID)
		if err != nil {
			return nil, err
		}
		list, err := store.LoadActors(t.Context(), tx, rules, []db.ID{w.People[who].ID}, w.Clock.Now())
		return list[0], err
	})
}

// PT-2: no sequence of up to four of the calls of Management, allowed or not, raises the rights of who makes them.
func TestPT2NoSequenceRaisesOnesRights(t *testing.T) {
	runs := 40
	if testing.Short() || dbtest.Postgres() { // what is decided does not depend on the database
		runs = 8
	}
	for _, who := range []string{"Tess", "Pia", "Mo", "Otto", "Leo"} {
		done := 0
		for seed := range runs {
			w := worldtest.New(t)
			c := &climber{Test: w, t: t, who: who, rand: rand.New(rand.NewPCG(uint64(seed), 7))}
			deputies(c)
			before := fold(t, w, who)
			for range 4 {
				err := c.step()
				if err == nil {
					done++
				}
				if fail.Is(err, fail.Fault) {
					t.Fatalf("%s, seed %d: %v", who, seed, err)
				}
			}
			for _, g := range access.Difference(before, fold(t, w, who)) {
				t.Errorf("%s, seed %d: gains %s at %v", who, seed, g.Perm.Key, g.Place)
			}
		}
		t.Logf("%s: %d of %d calls were allowed", who, done, 4*runs)
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
}
