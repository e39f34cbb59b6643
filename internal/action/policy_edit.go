package action

import (
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// PolicyBinding is what a policy says: these people get this role on these things, until then.
type PolicyBinding struct {
	Name    string        `json:"name" doc:"Its name, of which the portal has one only."`
	Role    access.RoleID `json:"role" doc:"The role, as GET /roles names it."`
	Places  []PlaceRef    `json:"places,omitempty" doc:"Where: kinds and ids, as portal:0abcdefghjkmn or team:0abcdefghjkmn."`
	Named   []string      `json:"place_names,omitempty" doc:"Where, besides: whole names of organizations, teams and courses."`
	Holders []PlaceRef    `json:"holders,omitempty" doc:"Who: account:0abcdefghjkmn and access_group:0abcdefghjkmn."`
	Lines   []string      `json:"lines,omitempty" doc:"Who, besides: user names, e-mail addresses, codes or whole names, one a line."`
	Until   string        `json:"until,omitempty" doc:"The last day that it counts, as 2026-12-31 (UTC); for ever if left out."`
	For     string        `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// The most that one policy is bound to; more people belong into an access group.
const (
	maxPlaces  = 200
	maxHolders = 500
	maxBound   = 5000
)

// Check names what is wrong with the input.
func (in PolicyBinding) Check() error {
	var wrong fail.Fields
	checkText(&wrong, "name", in.Name, true, 100)
	if in.Role == "" {
		wrong.Add("role", "Choose a role.")
	}
	people, places := len(in.Holders)+len(in.Lines), len(in.Places)+len(in.Named)
	switch {
	case places == 0:
		wrong.Add("places", "Choose at least one place.")
	case places > maxPlaces:
		wrong.Add("places", "These are too many places for one policy.")
	}
	switch {
	case people == 0:
		wrong.Add("holders", "Choose at least one person or group.")
	case people > maxHolders || people*places > maxBound:
		wrong.Add("holders", "These are too many people for one policy: put them into a group.")
	}
	return wrong.Err()
}

var bindNeeds = []*access.Permission{access.PolicyEdit, access.AccountList, access.GroupList, access.OrganizationList, access.TeamList, access.CourseList, access.PolicyList}

// CreatePolicy binds a role to places and to people and groups. Nobody binds what they do not hold there (PT-2).
var CreatePolicy = &op.Op[PolicyBinding, PolicyItem]{
	Name:  "policy.create",
	Route: "POST /policies",
	Doc:   "Creates a policy: binds a role to places, and to accounts and access groups.",
	Needs: bindNeeds,
	Do: func(c *op.Call, in PolicyBinding) (PolicyItem, error) {
		if err := may(c.May(access.PolicyEdit)); err != nil {
			return PolicyItem{}, err
		}
		p := store.Policy{Portal: c.Who.Portal, Name: in.Name, Role: in.Role, Created: c.Now}
		b, err := bindingOf(c, &p, in, nil)
		if err != nil {
			return PolicyItem{}, err
		}
		if p, err = store.CreatePolicy(c, c.Tx, p); err != nil {
			return PolicyItem{}, err
		}
		return bindPolicy(c, p, b)
	},
}

// PolicyChange is a policy as it shall be.
type PolicyChange struct {
	Policy db.ID `path:"policy" doc:"The policy."`
	PolicyBinding
}

// EditPolicy makes a policy say something else. Places and holders that the actor may not see stay as they are.
var EditPolicy = &op.Op[PolicyChange, PolicyItem]{
	Name:  "policy.edit",
	Route: "PUT /policies/{policy}",
	Doc:   "Changes a policy: its name, role, places, people and end.",
	Needs: bindNeeds,
	Do: func(c *op.Call, in PolicyChange) (PolicyItem, error) {
		p, err := findOwnPolicy(c, in.Policy)
		if err != nil {
			return PolicyItem{}, err
		}
		bounds, err := store.PolicyBounds(c, c.Tx, []db.ID{p.ID})
		if err != nil {
			return PolicyItem{}, err
		}
		was := p
		p.Name, p.Role = in.Name, in.Role
		b, err := bindingOf(c, &p, in.PolicyBinding, bounds[p.ID].Holders)
		if err != nil {
			return PolicyItem{}, err
		}
		if err := b.keepHidden(c, bounds[p.ID]); err != nil {
			return PolicyItem{}, err
		}
		if err := store.SavePolicy(c, c.Tx, p); err != nil {
			return PolicyItem{}, err
		}
		if was.Role != p.Role || !was.Until.Equal(p.Until) { // grants are not edited: the old ones end
			if _, err := store.End(c, c.Tx, store.GrantFilter{Portal: p.Portal, Policy: p.ID}, c.By(), c.Now); err != nil {
				return PolicyItem{}, err
			}
		}
		return bindPolicy(c, p, b)
	},
}

// binding is what a policy is bound to, found within what the actor may see.
type binding struct {
	places  []access.Thing
	holders []store.Holder
}

// bindingOf finds what the input names, and sets the policy's end. Holders that it has already stay without being looked
// for: a person who is archived now, say.
func bindingOf(c *op.Call, p *store.Policy, in PolicyBinding, has []store.Holder) (b binding, err error) {
	role := c.Actor.Rules().Role(in.Role)
	if role == nil || !role.Policy {
		return b, fail.Wrong("role", "There is no such role for policies.")
	}
	if p.Until, err = form.Until(in.Until, in.For, c.Now); err != nil {
		return b, err
	}
	if b.places, err = placesNamed(c, in.Named); err != nil {
		return b, err
	}
	for _, ref := range in.Places {
		at, err := store.FindPlace(c, c.Tx, c.Actor, ref.Place)
		if err != nil {
			return b, err
		}
		b.places = append(b.places, at)
	}
	for _, at := range b.places {
		if !role.MayBeAt(at.Kind) {
			return b, fail.Wrong("places", "“{role}” is given at: {kinds}.", "role", fail.Term(role.Title), "kinds", kindsOf(role))
		}
	}
	return b, b.findHolders(c, in, has)
}

func (b *binding) findHolders(c *op.Call, in PolicyBinding, has []store.Holder) error {
	var accounts []db.ID
	for _, ref := range in.Holders {
		switch {
		case slices.Contains(has, store.Holder(ref.Place)):
			b.holders = append(b.holders, store.Holder(ref.Place))
		case ref.Kind == access.Account:
			accounts = append(accounts, ref.ID)
		case ref.Kind == access.AccessGroup:
			group, err := store.FindGroup(c, c.Tx, c.May(access.GroupList), ref.ID)
			if err != nil {
				return err
			}
			b.holders = append(b.holders, store.Holder{Kind: access.AccessGroup, ID: group.ID})
		default:
			return fail.Wrong("holders", "A policy is held by accounts and access groups.")
		}
	}
	people, err := peopleOf(c, accounts, in.Lines)
	for _, a := range people {
		b.holders = append(b.holders, store.Holder{Kind: access.Account, ID: a.ID})
	}
	return err
}

// keepHidden adds what the policy is bound to already and the actor may not see.
func (b *binding) keepHidden(c *op.Call, now store.Bound) error {
	places := slices.Clone(now.Places)
	for _, h := range now.Holders {
		places = append(places, access.Place(h))
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
	if err != nil {
		return err
	}
	for _, at := range now.Places {
		if s := shown[at]; s.Hidden {
			b.places = append(b.places, s.Thing)
		}
	}
	for _, h := range now.Holders {
		if shown[access.Place(h)].Hidden {
			b.holders = append(b.holders, h)
		}
	}
	return nil
}

func bindPolicy(c *op.Call, p store.Policy, b binding) (PolicyItem, error) {
	c.Audit(p.Thing(), p.Name, map[string]any{"role": p.Role, "places": len(b.places), "holders": len(b.holders)})
	if err := store.Bind(c, c.Tx, p, b.places, b.holders, c.By(), c.Now); err != nil {
		return PolicyItem{}, err
	}
	items, err := policyItems(c, []store.Policy{p})
	if err != nil {
		return PolicyItem{}, err
	}
	return items[0], nil
}

func kindsOf(role *access.Role) fail.Several {
	names := fail.Several{Between: ", "}
	for _, k := range role.At {
		names.Texts = append(names.Texts, fail.Say(k.String()))
	}
	return names
}
