package action_test

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
)

// reached is a permission of the climber's over one person or team.
type reached struct {
	perm *access.Permission
	at   access.Place
}

// chance gives the climber, to begin with, what a portal may well have given them: roles of its own, here and there.
func (c *climber) chance() {
	ctx, ana := c.t.Context(), c.As("Ana")
	for _, keys := range [][]string{{"account.list", "account.edit", "account.view_login"}, {"account.list", "account.reset_password"}, {"team.list", "team.add_member", "account.list"}} {
		if c.rand.IntN(3) > 0 {
			continue
		}
		made, err := action.CreateRole.Run(ctx, c.Env, ana, action.NewRole{RoleDraft: action.RoleDraft{Name: db.NewID().String(), Permissions: keys}})
		wantKind(c.t, "a role", err, -1)
		_, err = action.CreatePolicy.Run(ctx, c.Env, ana, action.PolicyBinding{Name: db.NewID().String(), Role: made.ID, Holders: []action.PlaceRef{accountRef(c.People[c.who])},
			Places: []action.PlaceRef{teamRef(c.Teams["Company A Team"]), ref("organization:" + c.Orgs["South"].ID.String())}})
		wantKind(c.t, "a policy", err, -1)
	}
	for range 3 {
		made, err := action.CreateRole.Run(ctx, c.Env, ana, action.NewRole{RoleDraft: action.RoleDraft{Name: db.NewID().String(), Permissions: []string{"account.list", c.likely(), c.likely(), c.likely(), c.keys()[0]}}})
		if err != nil {
			continue // not all permissions are for roles
		}
		c.roles = append(c.roles, made.ID)
		_, _ = action.CreatePolicy.Run(ctx, c.Env, ana, action.PolicyBinding{Name: db.NewID().String(), Role: made.ID, Places: []action.PlaceRef{c.place()},
			Holders: []action.PlaceRef{accountRef(c.People[c.who])}}) // some fit no such place
	}
}

// likely is a permission by which one climbs, if by any.
func (c *climber) likely() string {
	return c.pick([]string{"account.list", "account.list", "account.edit", "account.add", "account.reset_password", "account.view_login", "account.invite", "team.add_member", "team.set_role",
		"team.share", "team.edit", "access_group.add_member", "role.edit", "policy.edit", "organization.create", "organization.administer", "course.enroll_others"})
}

// byToken lets the climber be a token with part of their rights.
func (c *climber) byToken() {
	keys := append(c.keys(), "token.manage")
	for range 4 {
		keys = append(keys, c.likely())
	}
	if c.yes() {
		keys = append(keys, "account.list", "account.edit", "account.view_login")
	}
	if c.who == "Sam" {
		keys = append(keys, "permission.edit_grid")
	}
	made, err := action.CreateToken.Run(c.t.Context(), c.Env, c.As(c.who), action.NewToken{Name: "t", Permissions: keys, Days: 300})
	wantKind(c.t, "a token", err, -1)
	c.token = made.Token
	v, err := action.Arrive(c.t.Context(), c.Env, "", store.TokenSession, made.Token)
	wantKind(c.t, "arriving", err, -1)
	c.as = v.Who
}

// read reads in a transaction.
func (c *climber) read(do func(tx *db.Tx) error) {
	c.t.Helper()
	if err := c.Env.DB.Read(c.t.Context(), do); err != nil {
		c.t.Fatal(err)
	}
}

// fold is everybody of the portal, at this moment.
func (c *climber) fold() map[db.ID]*access.Actor {
	out := map[db.ID]*access.Actor{}
	c.read(func(tx *db.Tx) error {
		rules, err := store.LoadRules(c.t.Context(), tx, c.Acme.ID)
		if err != nil {
			return err
		}
		ids, err := db.All(c.t.Context(), tx, db.SQL(`SELECT id FROM accounts WHERE portal_id = ?`, c.Acme.ID), func(s db.Scanner) (id db.ID, err error) { return id, s.Scan(&id) })
		if err != nil {
			return err
		}
		list, err := store.LoadActors(c.t.Context(), tx, rules, ids, c.Clock.Now())
		for _, a := range list {
			out[a.Account] = a
		}
		return err
	})
	return out
}

// me is the climber as folded, with the limit of their token.
func (c *climber) me(all map[db.ID]*access.Actor) *access.Actor {
	a := all[c.People[c.who].ID]
	if c.as.Limit != nil {
		a = a.Limit(*c.as.Limit)
	}
	if c.behind != "" {
		a = a.ActedBy(all[c.as.Behind])
	}
	return a
}

// begin notes what everybody may do now.
func (c *climber) begin() {
	c.was = c.fold()
	c.could, c.did = c.me(c.was), nil
	c.seen = map[reached]bool{}
	c.each(func(r reached, t *access.Thing) { c.seen[r] = c.could.Can(r.perm, t) })
}

// each goes through all permissions over all people and teams of the portal.
func (c *climber) each(do func(reached, *access.Thing)) {
	c.read(func(tx *db.Tx) error {
		for _, a := range c.People {
			if a.Portal != c.Acme.ID {
				continue
			}
			t, err := store.LoadThing(c.t.Context(), tx, access.Place{Kind: access.Account, ID: a.ID}, c.Acme.ID, c.Clock.Now())
			if err != nil {
				return err
			}
			for _, p := range access.Table() {
				if p.On == access.Account && !p.Own {
					do(reached{p, t.Place()}, &t)
				}
			}
		}
		for _, team := range c.Teams {
			t := team.Thing()
			for _, p := range access.Table() {
				if p.On == access.Team && team.Portal == c.Acme.ID {
					do(reached{p, t.Place()}, &t)
				}
			}
		}
		return nil
	})
}

// check fails where anybody may do now what they could not, and what the climber could not give them; or where somebody came
// into the climber's reach.
func (c *climber) check() {
	c.t.Helper()
	now := c.fold()
	for id, a := range now {
		c.exceeds(a.Name+" gains", a, c.was[id])
	}
	owner := access.Builtin(access.TeamOwner)
	me := c.me(now)
	c.each(func(r reached, t *access.Thing) {
		if !me.Can(r.perm, t) || c.seen[r] {
			return
		}
		if owner.Set.Has(r.perm) && c.seen[reached{access.AccountList, r.at}] {
			return // who is seen may be put into a team of one's own
		}
		c.t.Errorf("%s, seed %d, after %v: reaches %v with %s", c.who, c.seed, c.did, r.at, r.perm.Key)
	})
}

// exceeds fails where somebody may do what the climber could not, and they themselves could not before.
func (c *climber) exceeds(what string, now, before *access.Actor) {
	c.t.Helper()
	had := map[access.Change]bool{}
	if before != nil {
		for _, g := range access.Difference(c.could, before) {
			had[g] = true
		}
	}
	for _, g := range access.Difference(c.could, now) {
		if had[g] || c.harmless(g, now) {
			continue
		}
		c.t.Errorf("%s, seed %d, after %v: %s %s at %v", c.who, c.seed, c.did, what, g.Perm.Key, g.Place)
	}
}

// harmless is what people have by taking part, over themselves, and over what the climber has made.
func (c *climber) harmless(g access.Change, of *access.Actor) bool {
	if g.Place.ID == of.Account || (g.Perm.Own && of.Account != c.could.Account) {
		return true
	}
	for _, grant := range of.Grants() { // what learners, members and leaders have, whom one may add
		role := access.Builtin(grant.Role)
		if of.Account != c.could.Account && grant.Place == g.Place && role != nil && role.GivenBy != nil && of.Rules().Holds(grant.Role, g.Perm, grant.Org) {
			return true
		}
	}
	if g.Place.Kind != access.Team && g.Place.Kind != access.Course {
		return false
	}
	for _, team := range c.Teams {
		if team.ID == g.Place.ID {
			return false
		}
	}
	return true
}

// within fails where a token may do what its owner may not, or what it was not made for.
func (c *climber) within(token string, keys []string) {
	v, err := action.Arrive(c.t.Context(), c.Env, "", store.TokenSession, token)
	if err != nil || v.Actor == nil {
		c.t.Fatalf("the token opens nothing: %v", err)
	}
	set, err := access.SetOfKeys(keys)
	wantKind(c.t, "the keys", err, -1)
	me := c.me(c.fold())
	c.each(func(r reached, t *access.Thing) {
		if v.Actor.Can(r.perm, t) && (!me.Can(r.perm, t) || !set.Has(r.perm)) {
			c.t.Errorf("%s, seed %d: a token may %s at %v", c.who, c.seed, r.perm.Key, r.at)
		}
	})
}
