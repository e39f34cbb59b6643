package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// PolicyQuery asks for a part of the list of policies.
type PolicyQuery struct {
	Query  string        `query:"q" doc:"A part of the name."`
	Role   access.RoleID `query:"role" doc:"Only policies that bind this role."`
	Group  db.ID         `query:"access_group" doc:"Only policies bound to this access group."`
	Place  PlaceRef      `query:"place" doc:"Only policies bound to this place, as team:0abcdefghjkmn."`
	After  string        `query:"after" doc:"The next of another page."`
	Before string        `query:"before" doc:"The prev of another page."`
	Size   int           `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// RoleName is a role by its id and title.
type RoleName struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
}

// PolicyItem is a policy: a role, bound to places and to holders, all by name (LM-3).
type PolicyItem struct {
	ID   db.ID    `json:"id"`
	Name string   `json:"name"`
	Role RoleName `json:"role"`
	// Places are what it is bound to; Holders the accounts and access groups that receive it there.
	Places  []NamedPlace `json:"places"`
	Holders []NamedPlace `json:"holders"`
	// People is how many people it gives its role to right now.
	People int `json:"people"`
	// Until is when it ends; left out for never.
	Until time.Time `json:"until,omitzero"`
	// Internal: every portal has it; it is not edited or deleted.
	Internal bool `json:"internal"`
	// Over: its end has passed.
	Over bool `json:"over,omitempty"`
}

// PolicyPage is a part of the list of policies.
type PolicyPage struct {
	Items []PolicyItem `json:"items"`
	Next  string       `json:"next,omitempty"`
	Prev  string       `json:"prev,omitempty"`
	Total int          `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListPolicies are the policies of Management.
var ListPolicies = &op.Op[PolicyQuery, PolicyPage]{
	Name:  "policy.list",
	Route: "GET /policies",
	Doc:   "Lists policies: which role, where, and who receives it.",
	Needs: []*access.Permission{access.PolicyList},
	Do: func(c *op.Call, in PolicyQuery) (PolicyPage, error) {
		within := c.May(access.PolicyList)
		if err := may(within); err != nil {
			return PolicyPage{}, err
		}
		filter := store.PolicyFilter{Query: in.Query, Role: in.Role, Group: in.Group, Place: in.Place.Place}
		list, err := store.ListPolicies(c, c.Tx, within, filter, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return PolicyPage{}, err
		}
		items, err := policyItems(c, list.Items)
		return PolicyPage{items, list.Next, list.Prev, list.Total}, err
	},
}

// policiesOf are the policies that a filter chooses, as far as the actor may see policies; 200 at most.
func policiesOf(c *op.Call, filter store.PolicyFilter) ([]PolicyItem, error) {
	list, err := store.ListPolicies(c, c.Tx, c.May(access.PolicyList), filter, store.Page{Size: 200})
	if err != nil {
		return nil, err
	}
	return policyItems(c, list.Items)
}

// policyItems shows policies with what they are bound to, by name as far as the actor may see it.
func policyItems(c *op.Call, list []store.Policy) ([]PolicyItem, error) {
	ids := make([]db.ID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	bounds, err := store.PolicyBounds(c, c.Tx, ids)
	if err != nil {
		return nil, err
	}
	people, err := store.PolicyPeople(c, c.Tx, ids, c.Now)
	if err != nil {
		return nil, err
	}
	var places []access.Place
	for _, b := range bounds {
		places = append(places, b.Places...)
		for _, h := range b.Holders {
			places = append(places, access.Place(h))
		}
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
	out := make([]PolicyItem, len(list))
	for i, p := range list {
		out[i] = PolicyItem{ID: p.ID, Name: p.Name, Role: roleName(c, p.Role), Places: []NamedPlace{}, Holders: []NamedPlace{}, People: people[p.ID],
			Until: p.Until, Internal: p.Internal, Over: !p.Until.IsZero() && !p.Until.After(c.Now)}
		for _, at := range bounds[p.ID].Places {
			out[i].Places = append(out[i].Places, namedPlace(shown[at]))
		}
		for _, h := range bounds[p.ID].Holders {
			out[i].Holders = append(out[i].Holders, namedPlace(shown[access.Place(h)]))
		}
	}
	return out, err
}

// rulesOf are the portal's rules; the system's actor brings none.
func rulesOf(c *op.Call) *access.Rules {
	if c.Actor.Cause != "" {
		if rules, err := store.LoadRules(c, c.Tx, c.Who.Portal); err == nil {
			return rules
		}
	}
	return c.Actor.Rules()
}

func roleName(c *op.Call, id access.RoleID) RoleName {
	if r := access.Builtin(id); r != nil {
		return RoleName{id, r.Title}
	}
	if r := rulesOf(c).Role(id); r != nil {
		return RoleName{id, r.Title}
	}
	return RoleName{id, string(id)}
}

func policyNames(list []store.Policy) []Named {
	out := make([]Named, len(list))
	for i, p := range list {
		out[i] = Named{p.ID, p.Name}
	}
	return out
}

// PolicyID names a policy.
type PolicyID struct {
	Policy db.ID `path:"policy" doc:"The policy."`
}

// PolicyDetail is a policy with what one may do to it.
type PolicyDetail struct {
	PolicyItem
	Created time.Time `json:"created"`
	MayEdit bool      `json:"may_edit"`
}

// ShowPolicy is one policy.
var ShowPolicy = &op.Op[PolicyID, PolicyDetail]{
	Name:  "policy.show",
	Route: "GET /policies/{policy}",
	Doc:   "Shows a policy: its role, where it is bound, and who receives it.",
	Needs: []*access.Permission{access.PolicyList, access.PolicyEdit},
	Do: func(c *op.Call, in PolicyID) (PolicyDetail, error) {
		policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyList), in.Policy)
		if err != nil {
			return PolicyDetail{}, err
		}
		items, err := policyItems(c, []store.Policy{policy})
		if err != nil {
			return PolicyDetail{}, err
		}
		thing := policy.Thing()
		return PolicyDetail{items[0], policy.Created, !policy.Internal && c.May(access.PolicyEdit).Has(&thing) != nil}, nil
	},
}

// DeletePolicy deletes a policy; what it gave ends with everybody's next request.
var DeletePolicy = &op.Op[PolicyID, Lost]{
	Name:  "policy.delete",
	Route: "DELETE /policies/{policy}",
	Doc:   "Deletes a policy. What it gave counts no longer from the next request on.",
	Needs: []*access.Permission{access.PolicyEdit},
	Do: func(c *op.Call, in PolicyID) (Lost, error) {
		policy, err := findOwnPolicy(c, in.Policy)
		if err != nil {
			return Lost{}, err
		}
		people, err := store.PolicyPeople(c, c.Tx, []db.ID{policy.ID}, c.Now)
		if err != nil {
			return Lost{}, err
		}
		lost := Lost{people[policy.ID], policyNames([]store.Policy{policy})}
		c.Audit(policy.Thing(), policy.Name, lost)
		return lost, store.DeletePolicy(c, c.Tx, policy, c.By(), c.Now)
	},
}

// findOwnPolicy is a policy that the portal made, and that the actor may edit (LM-12).
func findOwnPolicy(c *op.Call, id db.ID) (store.Policy, error) {
	policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyEdit), id)
	if err == nil && policy.Internal {
		c.Audit(policy.Thing(), policy.Name, nil)
		err = fail.New(fail.NotAllowed, "Every portal keeps the policy “{name}”: it is not edited or deleted. Make one of your own instead.", "name", policy.Name)
	}
	return policy, err
}

var policyOps = []op.Any{ListPolicies, ShowPolicy, CreatePolicy, EditPolicy, DeletePolicy}
