package action

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// OrganizationMove says below which organization another shall lie.
type OrganizationMove struct {
	Organization db.ID `path:"organization" doc:"The organization."`
	Parent       db.ID `json:"parent" doc:"The organization that it will lie below."`
}

// Check checks the fields.
func (in OrganizationMove) Check() error {
	if in.Parent == 0 {
		return fail.Wrong("parent", "Choose the organization that it will lie below.")
	}
	return nil
}

// MoveOrganization puts an organization, with all below it, below another. Whoever holds roles above its new place gains
// them over it: so the actor must be able to give each of these there, and may gain nothing themselves (PT-2).
var MoveOrganization = &op.Op[OrganizationMove, Named]{
	Name:  "organization.move",
	Route: "POST /organizations/{organization}/move",
	Doc:   "Puts an organization, with all below it, below another.",
	Needs: []*access.Permission{access.OrganizationCreate, access.OrganizationAdminister},
	Do: func(c *op.Call, in OrganizationMove) (out Named, err error) {
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization)
		if err != nil {
			return out, err
		}
		if o.Parent == 0 {
			return out, fail.New(fail.Conflict, "This is the portal itself.")
		}
		from, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), o.Parent)
		if err != nil {
			return out, err
		}
		to, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), in.Parent)
		if err != nil {
			return out, err
		}
		c.Audit(o.Thing(), o.Name, map[string]any{"from": from.Name, "to": to.Name})
		if err := store.MoveOrganization(c, c.Tx, o, to); err != nil {
			return out, err
		}
		return Named{o.ID, o.Name}, checkMoved(c, o, to)
	},
}

// checkMoved compares, under the new tree, what those above the new place hold over the organization with what the actor did.
func checkMoved(c *op.Call, o, to store.Organization) error {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	old := c.Actor.Rules()
	var gained []db.ID
	for id := to.ID; id != 0 && id != c.Who.Portal; id = rules.Tree.Parent[id] {
		if !old.Tree.Under(o.ID, id) {
			gained = append(gained, id)
		}
	}
	grants, err := store.OrganizationGrants(c, c.Tx, c.Who.Portal, gained, c.Now)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if lack := c.Actor.Lacks(g.Role, o.Thing()); lack != nil && lack.Perm != nil {
			return fail.New(fail.NotAllowed, "There are people who would gain rights over it that you do not hold there yourself: “{permission}”.", "permission", fail.Term(lack.Perm.Title))
		}
	}
	if c.Actor.Cause != "" {
		return nil
	}
	after, err := store.LoadActors(c, c.Tx, rules, []db.ID{c.Who.Account}, c.Now)
	if err != nil || len(after) == 0 {
		return err
	}
	me := after[0]
	if c.Who.Limit != nil {
		me = me.Limit(*c.Who.Limit)
	}
	for _, p := range access.Table() {
		if !p.Own && me.HoldsOver(p, o.Thing(), o.ID) && !c.Actor.HoldsOver(p, o.Thing(), o.ID) {
			return fail.New(fail.NotAllowed, "You would gain a right over it that you do not hold now: “{permission}”.", "permission", fail.Term(p.Title))
		}
	}
	return nil
}
