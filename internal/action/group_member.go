package action

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/named"
)

// GroupMembers are people to put into an access group.
type GroupMembers struct {
	Group    db.ID    `path:"group" doc:"The access group."`
	Accounts []db.ID  `json:"accounts,omitempty" doc:"People, by id."`
	Lines    []string `json:"lines,omitempty" doc:"People, by user name, e-mail address, code or whole name, one a line. A line that is not one person's is named, and then nobody is added."`
	Until    string   `json:"until,omitempty" doc:"The last day that they are in it, as 2026-12-31 (UTC); for ever if left out."`
	For      string   `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// Check names what is wrong with the input.
func (in GroupMembers) Check() error {
	var wrong fail.Fields
	if len(in.Accounts) == 0 && len(in.Lines) == 0 {
		wrong.Add("accounts", "Choose at least one person.")
	}
	if len(in.Accounts) > named.MaxLines {
		wrong.Add("accounts", "These are too many people at once.")
	}
	return wrong.Err()
}

// GroupAdded is who came into an access group, and who was in it already.
type GroupAdded struct {
	Added   []Named `json:"added"`
	Already []Named `json:"already"`
}

// AddGroupMembers puts people into an access group: all of them or, where a line is nobody's, none. From their next request
// on they hold what its policies give (LM-5); nobody is put into a group that gives what the actor does not hold (PT-2).
var AddGroupMembers = &op.Op[GroupMembers, GroupAdded]{
	Name:  "access_group.add_members",
	Route: "POST /access-groups/{group}/members",
	Doc:   "Adds people to an access group. What its policies give counts from their next request.",
	Needs: []*access.Permission{access.GroupAddMember, access.AccountList},
	Do: func(c *op.Call, in GroupMembers) (GroupAdded, error) {
		out := GroupAdded{[]Named{}, []Named{}}
		group, err := store.FindGroup(c, c.Tx, c.May(access.GroupAddMember), in.Group)
		if err != nil {
			return out, err
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		people, err := peopleOf(c, in.Accounts, in.Lines)
		if err != nil {
			return out, err
		}
		members, err := store.GroupMembers(c, c.Tx, group.Portal, group.ID, c.Now)
		if err != nil {
			return out, err
		}
		inside := map[db.ID]bool{}
		for _, id := range members {
			inside[id] = true
		}
		for _, p := range people {
			if inside[p.ID] {
				out.Already = append(out.Already, Named{p.ID, p.Name})
				continue
			}
			out.Added = append(out.Added, Named{p.ID, p.Name})
			if err := store.AddGroupMemberUntil(c, c.Tx, group, p, c.By(), c.Now, until); err != nil {
				return out, err
			}
		}
		c.Audit(group.Thing(), group.Name, map[string]any{"added": out.Added})
		if len(out.Added) == 0 {
			return out, fail.New(fail.Conflict, "They are in the group already.")
		}
		return out, nil
	},
}

// peopleOf are people by id and by pasted lines, each once; a line that is not one person's makes it Invalid, by line.
func peopleOf(c *op.Call, ids []db.ID, lines []string) ([]store.Account, error) {
	people, err := store.FindAccounts(c, c.Tx, c.May(access.AccountList), ids)
	if err != nil {
		return nil, err
	}
	pasted, problems, err := named.People(c, c.Tx, c.May(access.AccountList), lines)
	if err != nil {
		return nil, err
	}
	if err := fail.Fields(problems).Err(); err != nil {
		return nil, err
	}
	chosen := map[db.ID]bool{}
	for _, p := range people {
		chosen[p.ID] = true
	}
	for _, p := range pasted {
		if !chosen[p.ID] {
			people = append(people, p)
		}
	}
	return people, nil
}

// GroupMember names a person in an access group.
type GroupMember struct {
	Group   db.ID `path:"group" doc:"The access group."`
	Account db.ID `path:"account" doc:"The person."`
}

// RemoveGroupMember takes a person out of an access group. What they had through it is refused at their next request.
var RemoveGroupMember = &op.Op[GroupMember, Named]{
	Name:  "access_group.remove_member",
	Route: "DELETE /access-groups/{group}/members/{account}",
	Doc:   "Takes a person out of an access group. It counts from their next request.",
	Needs: []*access.Permission{access.GroupAddMember, access.AccountList},
	Do: func(c *op.Call, in GroupMember) (Named, error) {
		group, err := store.FindGroup(c, c.Tx, c.May(access.GroupAddMember), in.Group)
		if err != nil {
			return Named{}, err
		}
		who, err := store.FindGroupPerson(c, c.Tx, c.May(access.AccountList), group, in.Account)
		if err != nil {
			return Named{}, err
		}
		c.Audit(group.Thing(), group.Name, map[string]any{"removed": who.Name})
		return Named{who.ID, who.Name}, store.RemoveGroupMember(c, c.Tx, group, who, c.By(), c.Now)
	},
}
