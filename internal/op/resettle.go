package op

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// checkResettled refuses to put an organization, or what is in it, where people would gain rights over it that the actor does
// not hold over it, or where the actor themselves would gain one (PT-2).
func (c *Call) checkResettled(n access.Resettled) error {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	grants, err := store.OrganizationGrants(c, c.Tx, c.Who.Portal, rules.Newly(n.After, c.Actor.Rules(), n.Before), c.Now)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if lack := c.Actor.Lacks(g.Role, n.Before); lack != nil && lack.Perm != nil {
			return fail.New(fail.NotAllowed, "There are people who would gain rights over it that you do not hold there yourself: “{permission}”.", "permission", fail.Term(lack.Perm.Title))
		}
	}
	after, err := store.LoadActors(c, c.Tx, rules, []db.ID{c.Who.Account}, c.Now)
	if err != nil || len(after) == 0 {
		return err
	}
	me := after[0]
	if c.Who.Limit != nil {
		me = me.Limit(*c.Who.Limit)
	}
	for _, gained := range access.Resettling(c.Actor, me, n) {
		return fail.New(fail.NotAllowed, "You would gain a right over it that you do not hold now: “{permission}”.", "permission", fail.Term(gained.Perm.Title))
	}
	return nil
}

// resettled are the transaction's moves of organizations.
func (c *Call) resettled() (out []access.Resettled) {
	for _, note := range c.Tx.Notes() {
		if n, ok := note.(access.Resettled); ok {
			out = append(out, n)
		}
	}
	return out
}

// aroundResettled are those who hold something above what was resettled, where it lay or where it lies.
func (c *Call) aroundResettled(n access.Resettled) ([]db.ID, error) {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return nil, err
	}
	old := rules
	if c.Actor != nil && c.Actor.Cause == "" {
		old = c.Actor.Rules()
	}
	if o := n.After.ID; o == n.Before.ID && old.Tree.Hidden[o] != rules.Tree.Hidden[o] {
		return c.stoppedByHidden(rules)
	}
	orgs := append(rules.Newly(n.After, old, n.Before), old.Newly(n.Before, rules, n.After)...)
	return store.HoldersIn(c, c.Tx, c.Who.Portal, orgs, c.Now)
}

// stoppedByHidden are those who hold, anywhere, an account type that stops at hidden organizations and is more than taking part.
func (c *Call) stoppedByHidden(rules *access.Rules) (out []db.ID, err error) {
	for _, role := range rules.StoppedByHidden() {
		more, err := store.HoldersOf(c, c.Tx, c.Who.Portal, role, c.Now)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}
