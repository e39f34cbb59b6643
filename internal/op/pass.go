package op

import (
	"encoding/json"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/store/path"
)

// checkPassedOn refuses, in the transaction that made it, a change of grants, roles or overrides that gives somebody what
// the actor does not hold there (PT-2), or that widens the actor's own reach.
func (c *Call) checkPassedOn() error {
	if c.Actor == nil || c.Actor.Cause != "" {
		return nil
	}
	var after *access.Rules
	for _, note := range c.Tx.Notes() {
		var err error
		switch n := note.(type) {
		case store.Begun:
			err = c.checkBegun(n)
		case store.RoleChanged:
			err = c.checkRole(n)
		case store.CellChanged:
			if after == nil {
				if after, err = store.LoadRules(c, c.Tx, c.Who.Portal); err != nil {
					return err
				}
			}
			err = c.checkCell(n, after)
		case store.TypeSwitched:
			err = c.checkType(n)
		case store.Moved:
			err = c.checkMoved(n)
		case access.Resettled:
			err = c.checkResettled(n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) checkBegun(n store.Begun) error {
	if n.ByCreation || n.ByConsent {
		return nil
	}
	actor, own := c.Actor, c.takes(n)
	if own {
		actor = actor.Lasting(n.Until)
	}
	if n.At.Kind == access.AccessGroup {
		grants, err := store.GroupGrants(c, c.Tx, c.Who.Portal, n.At.ID, c.Now)
		if err != nil {
			return err
		}
		for i := range grants {
			if lack := actor.Lacks(grants[i].Role, grants[i].PlaceAsThing(c.Who.Portal)); lack != nil {
				return c.tooLong(lack, c.Actor.Lacks(grants[i].Role, grants[i].PlaceAsThing(c.Who.Portal)))
			}
		}
		return nil
	}
	lacks, always := actor.Lacks, c.Actor.Lacks
	if n.Account == c.Who.Account {
		lacks, always = actor.LacksToTake, c.Actor.LacksToTake
	}
	if lack := lacks(n.Role, n.At); lack != nil {
		return c.tooLong(lack, always(n.Role, n.At))
	}
	if n.Account != 0 && access.TeamRoles.Has(n.Role) {
		return c.checkReach(n)
	}
	return nil
}

// takes tells whether what begins is the actor's own: given to them, or to an access group that they are in.
func (c *Call) takes(n store.Begun) bool {
	if n.Account != 0 {
		return n.Account == c.Who.Account
	}
	return slices.ContainsFunc(c.Actor.Grants(), func(g access.Grant) bool {
		return g.Place == (access.Place{Kind: access.AccessGroup, ID: n.Group})
	})
}

// tooLong says what is lacking to take something for so long, or, where that is lacking at all, to give it.
func (c *Call) tooLong(lack, always *access.Lack) error {
	if always != nil || lack.Perm == nil {
		return passedOn(lack)
	}
	return fail.New(fail.NotAllowed, "You may take nothing for longer than you hold it yourself: “{permission}”.", "permission", fail.Term(lack.Perm.Title))
}

// checkReach refuses to put a person where the actor would gain rights over them that being in a team does not explain.
func (c *Call) checkReach(n store.Begun) error {
	person, err := store.LoadThing(c, c.Tx, access.Place{Kind: access.Account, ID: n.Account}, c.Who.Portal, c.Now)
	if err != nil {
		return err
	}
	before := person
	before.Teams = nil
	for _, id := range person.Teams {
		if id != n.At.ID {
			before.Teams = append(before.Teams, id)
		}
	}
	owner := access.Builtin(access.TeamOwner)
	for _, p := range access.Table() {
		if p.On == access.Account && !owner.Set.Has(p) && c.Actor.Can(p, &person) && !c.Actor.Can(p, &before) {
			return passedOn(&access.Lack{Perm: p, Place: person.Place()})
		}
	}
	return nil
}

// checkMoved refuses to move a person to where the actor would gain rights over them, or over their enrolments: who may only
// rename people of one organization would else move them to where they may issue passwords.
func (c *Call) checkMoved(n store.Moved) error {
	before, after := n.Before, n.After
	for _, p := range access.Table() {
		switch p.On {
		case access.Account, access.Enrolment:
			before.Kind, after.Kind, before.Account, after.Account = p.On, p.On, n.Before.ID, n.After.ID
		default:
			continue
		}
		if !p.Own && c.Actor.Can(p, &after) && !c.Actor.Can(p, &before) {
			return fail.New(fail.NotAllowed, "You would gain a right over them that you do not hold now: “{permission}”.", "permission", fail.Term(p.Title))
		}
	}
	return nil
}

func (c *Call) checkRole(n store.RoleChanged) error {
	grants, err := store.RoleGrants(c, c.Tx, c.Who.Portal, n.Role, c.Now)
	if err != nil {
		return err
	}
	root := access.Thing{Kind: access.Portal, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
	for p := range n.Added.All() {
		if !c.Actor.HoldsOver(p, root, root.Org) && !p.Own {
			return passedOn(&access.Lack{Perm: p, Place: root.Place()})
		}
		for i := range grants {
			at := grants[i].PlaceAsThing(c.Who.Portal)
			if !c.Actor.HoldsOver(p, at, at.Org) && !p.Own {
				return passedOn(&access.Lack{Perm: p, Place: at.Place()})
			}
		}
	}
	return nil
}

// checkCell refuses a change of a cell to those who do not hold the permission wherever the change counts. It asks the same
// of who switches it off: taking from others what one does not hold could open accounts that were protected (PT-1).
func (c *Call) checkCell(n store.CellChanged, after *access.Rules) error {
	at := access.Thing{Kind: access.Organization, ID: n.Override.Org, Portal: c.Who.Portal, Org: n.Override.Org}
	if n.Override.Org == c.Who.Portal {
		at.Kind = access.Portal
	}
	if lack := c.Actor.LacksCell(n.Override.Role, n.Override.Perm, at, after); lack != nil {
		return passedOn(lack)
	}
	return nil
}

// checkType refuses to switch on an account type that the actor does not hold in the whole portal, as a token might not.
func (c *Call) checkType(n store.TypeSwitched) error {
	root := access.Thing{Kind: access.Portal, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
	if lack := c.Actor.Lacks(n.Role, root); n.On && lack != nil {
		return passedOn(lack)
	}
	return nil
}

func passedOn(lack *access.Lack) error {
	if lack.Perm == nil {
		return fail.New(fail.NotAllowed, "There is no such role here.")
	}
	return fail.New(fail.NotAllowed, "You may not give what you do not hold there yourself: “{permission}”.", "permission", fail.Term(lack.Perm.Title))
}

// maxAudited bounds how many changes of grants one audit row lists; it always counts them all.
const maxAudited = 50

// details are what the operation says of itself, and the changes of access that its transaction made, as JSON.
func (c *Call) details(tx *db.Tx) string {
	type change struct {
		Did   string        `json:"did"`
		Who   db.ID         `json:"who,omitempty"`
		Group db.ID         `json:"group,omitempty"`
		Role  access.RoleID `json:"role"`
		At    string        `json:"at"`
		Where db.ID         `json:"where"`
	}
	var changes []change
	total := 0
	for _, note := range tx.Notes() {
		switch note.(type) {
		case store.Moved, access.Resettled, store.NowCompleted, path.Advanced, path.Required:
			continue // no change of access, or one that is noted besides
		}
		total++
		if len(changes) == maxAudited {
			continue
		}
		switch n := note.(type) {
		case store.Begun:
			changes = append(changes, change{"began", n.Account, n.Group, n.Role, n.At.Kind.String(), n.At.ID})
		case store.Ended:
			changes = append(changes, change{"ended", n.Account, n.Group, n.Role, n.Place.Kind.String(), n.Place.ID})
		case store.RoleChanged:
			changes = append(changes, change{Did: "changed", Role: n.Role})
		case store.TypeSwitched:
			did := map[bool]string{true: "switched on", false: "switched off"}[n.On]
			changes = append(changes, change{Did: did, Role: n.Role, At: "portal", Where: c.Who.Portal})
		case store.CellChanged:
			changes = append(changes, change{"overrode", 0, 0, n.Override.Role, "organization", n.Override.Org})
		}
	}
	out := map[string]any{}
	if c.detail != nil {
		out["detail"] = c.detail
	}
	if c.Actor != nil && c.Actor.Behind != 0 {
		out["acted_by"] = c.Actor.ActedByName()
	}
	if total > 0 {
		out["changes"], out["count"] = changes, total
	}
	text, err := json.Marshal(out)
	if err != nil {
		return `{}`
	}
	return string(text)
}
