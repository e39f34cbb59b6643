package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// GroupQuery asks for a part of the list of access groups.
type GroupQuery struct {
	Query  string `query:"q" doc:"A part of the name."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// GroupItem is an access group in a list.
type GroupItem struct {
	ID    db.ID  `json:"id"`
	Name  string `json:"name"`
	About string `json:"about"`
	// Internal: every portal has it; it is not renamed or deleted.
	Internal bool `json:"internal"`
	People   int  `json:"people"`
}

func groupItem(g store.AccessGroup) GroupItem {
	return GroupItem{g.ID, g.Name, g.About, g.Internal, g.Members}
}

// GroupPage is a part of the list of access groups.
type GroupPage struct {
	Items []GroupItem `json:"items"`
	Next  string      `json:"next,omitempty"`
	Prev  string      `json:"prev,omitempty"`
	Total int         `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListGroups are the access groups of Management.
var ListGroups = &op.Op[GroupQuery, GroupPage]{
	Name:  "access_group.list",
	Route: "GET /access-groups",
	Doc:   "Lists the access groups that you may see, by name.",
	Needs: []*access.Permission{access.GroupList},
	Do: func(c *op.Call, in GroupQuery) (GroupPage, error) {
		within := c.May(access.GroupList)
		if err := may(within); err != nil {
			return GroupPage{}, err
		}
		list, err := store.ListGroups(c, c.Tx, within, in.Query, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		out := GroupPage{[]GroupItem{}, list.Next, list.Prev, list.Total}
		for _, g := range list.Items {
			out.Items = append(out.Items, groupItem(g))
		}
		return out, err
	},
}

// GroupPeople asks for an access group, and for a part of the people in it.
type GroupPeople struct {
	Group  db.ID  `path:"group" doc:"The access group."`
	Query  string `query:"q" doc:"The beginning of a name."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many people to return, 200 at most; 50 if left out."`
}

// GroupPerson is a person in an access group.
type GroupPerson struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	shown.Details
	Organization string    `json:"organization"`
	Since        time.Time `json:"since"`
	Until        time.Time `json:"until,omitzero"`
	// By is who put them in; empty for the portal itself.
	By string `json:"by"`
}

// GroupDetail is an access group with people in it and the policies bound to it.
type GroupDetail struct {
	GroupItem
	Created time.Time     `json:"created"`
	Items   []GroupPerson `json:"items"`
	Next    string        `json:"next,omitempty"`
	Prev    string        `json:"prev,omitempty"`
	Total   int           `json:"total" doc:"How many people the list has; counting stops at 1000."`
	// Policies are those bound to it, as far as you may see policies.
	Policies []PolicyItem `json:"policies"`
	// MayEdit and MayAdd: you may rename and delete it, and add people and take them out.
	MayEdit bool `json:"may_edit"`
	MayAdd  bool `json:"may_add"`
}

// ShowGroup is one access group.
var ShowGroup = &op.Op[GroupPeople, GroupDetail]{
	Name:  "access_group.show",
	Route: "GET /access-groups/{group}",
	Doc:   "Shows an access group: the people in it whom you may see, and the policies bound to it.",
	Needs: shown.And(access.GroupList, access.AccountList, access.PolicyList, access.GroupEdit, access.GroupAddMember),
	Do: func(c *op.Call, in GroupPeople) (GroupDetail, error) {
		group, err := store.FindGroup(c, c.Tx, c.May(access.GroupList), in.Group)
		if err != nil {
			return GroupDetail{}, err
		}
		list, err := store.ListGroupPeople(c, c.Tx, c.May(access.AccountList), group, in.Query, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return GroupDetail{}, err
		}
		at := group.Thing()
		out := GroupDetail{GroupItem: groupItem(group), Created: group.Created, Items: []GroupPerson{}, Next: list.Next, Prev: list.Prev, Total: list.Total,
			MayEdit: !group.Internal && c.May(access.GroupEdit).Has(&at) != nil, MayAdd: c.May(access.GroupAddMember).Has(&at) != nil}
		people := make([]db.ID, len(list.Items))
		for i, p := range list.Items {
			people[i] = p.Account.ID
		}
		details, err := shown.ByID(c, people) // with their teams, which the list leaves out
		if err != nil {
			return GroupDetail{}, err
		}
		for _, p := range list.Items {
			out.Items = append(out.Items, GroupPerson{p.Account.ID, p.Account.Name, details[p.Account.ID], p.Account.OrgName, p.Since, p.Until, p.ByName})
		}
		out.Policies, err = policiesOf(c, store.PolicyFilter{Group: group.ID})
		return out, err
	},
}

// NewGroup is what a new access group begins with.
type NewGroup struct {
	Name  string `json:"name" doc:"Its name, of which the portal has one only."`
	About string `json:"about,omitempty" doc:"What it is for."`
}

// Check names what is wrong with the input.
func (in NewGroup) Check() error {
	var wrong fail.Fields
	checkText(&wrong, "name", in.Name, true, 100)
	checkText(&wrong, "about", in.About, false, 500)
	return wrong.Err()
}

// CreateGroup makes an access group.
var CreateGroup = &op.Op[NewGroup, GroupItem]{
	Name:  "access_group.create",
	Route: "POST /access-groups",
	Doc:   "Creates an access group, without people and policies.",
	Needs: []*access.Permission{access.GroupCreate},
	Do: func(c *op.Call, in NewGroup) (GroupItem, error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.GroupCreate))
		if err != nil {
			return GroupItem{}, err
		}
		group, err := store.CreateGroup(c, c.Tx, portal.ID, in.Name, in.About, false, c.Now)
		c.Audit(group.Thing(), group.Name, nil)
		return groupItem(group), err
	},
}

// GroupChange is an access group's new name and description.
type GroupChange struct {
	Group db.ID  `path:"group" doc:"The access group."`
	Name  string `json:"name" doc:"Its name, of which the portal has one only."`
	About string `json:"about,omitempty" doc:"What it is for."`
}

// Check names what is wrong with the input.
func (in GroupChange) Check() error { return NewGroup{in.Name, in.About}.Check() }

// RenameGroup changes an access group's name and description; never of one that every portal has (LM-12).
var RenameGroup = &op.Op[GroupChange, GroupItem]{
	Name:  "access_group.rename",
	Route: "PUT /access-groups/{group}",
	Doc:   "Changes the name and description of an access group.",
	Needs: []*access.Permission{access.GroupEdit},
	Do: func(c *op.Call, in GroupChange) (GroupItem, error) {
		group, err := findOwnGroup(c, in.Group)
		if err != nil {
			return GroupItem{}, err
		}
		c.Audit(group.Thing(), group.Name, map[string]string{"name": in.Name, "about": in.About})
		group.Name, group.About = in.Name, in.About
		return groupItem(group), store.SaveGroup(c, c.Tx, group)
	},
}

// findOwnGroup is a group that the portal made, and that the actor may edit.
func findOwnGroup(c *op.Call, id db.ID) (store.AccessGroup, error) {
	group, err := store.FindGroup(c, c.Tx, c.May(access.GroupEdit), id)
	if err == nil && group.Internal {
		c.Audit(group.Thing(), group.Name, nil)
		err = fail.New(fail.NotAllowed, "Every portal keeps the group “{name}”: it is not renamed or deleted.", "name", group.Name)
	}
	return group, err
}

// GroupEnd names an access group to delete.
type GroupEnd struct {
	Group   db.ID `path:"group" doc:"The access group."`
	Confirm bool  `query:"confirm" doc:"Delete it although people or policies are bound to it: what they had through it is lost."`
}

// Lost is what a deletion takes away.
type Lost struct {
	// People is how many people lose something by it.
	People int `json:"people"`
	// Policies are those that are deleted with it, or no longer bound to it.
	Policies []Named `json:"policies"`
}

// text says what would be lost.
func (l Lost) refuse(name string) error {
	policies := fail.Several{Between: ", "}
	for i, p := range l.Policies {
		if i == 5 {
			policies.Texts = append(policies.Texts, fail.Say("and {n} more", "n", len(l.Policies)-5))
			break
		}
		policies.Texts = append(policies.Texts, fail.Say("“{name}”", "name", p.Name))
	}
	if len(l.Policies) == 0 {
		return fail.New(fail.Conflict, "Deleting “{name}” would take what it gives from {people} people and touch no policy. Confirm to do it.", "name", name, "people", l.People)
	}
	return fail.New(fail.Conflict, "Deleting “{name}” would take what it gives from {people} people and touch the policies {policies}. Confirm to do it.",
		"name", name, "people", l.People, "policies", policies)
}

// DeleteGroup deletes an access group whole: its people leave it and its policies no longer reach them.
var DeleteGroup = &op.Op[GroupEnd, Lost]{
	Name:  "access_group.delete",
	Route: "DELETE /access-groups/{group}",
	Doc:   "Deletes an access group. Where people or policies are bound to it, it answers 409 with what would be lost, until it is confirmed.",
	Needs: []*access.Permission{access.GroupEdit, access.PolicyList},
	Do: func(c *op.Call, in GroupEnd) (Lost, error) {
		group, err := findOwnGroup(c, in.Group)
		if err != nil {
			return Lost{}, err
		}
		policies, err := store.ListPolicies(c, c.Tx, c.May(access.PolicyList), store.PolicyFilter{Group: group.ID}, store.Page{Size: 200})
		if err != nil {
			return Lost{}, err
		}
		lost := Lost{group.Members, policyNames(policies.Items)}
		c.Audit(group.Thing(), group.Name, lost)
		if !in.Confirm && (lost.People > 0 || len(lost.Policies) > 0) {
			return lost, lost.refuse(group.Name)
		}
		return lost, store.DeleteGroup(c, c.Tx, group, c.By(), c.Now)
	},
}

var groupOps = []op.Any{ListGroups, ShowGroup, CreateGroup, RenameGroup, DeleteGroup, AddGroupMembers, RemoveGroupMember}
