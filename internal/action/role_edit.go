package action

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// RoleDraft is a role as it shall be: a name and permissions, without a place (LM-3).
type RoleDraft struct {
	Name        string   `json:"name" doc:"Its name, of which the portal has one only."`
	About       string   `json:"about,omitempty" doc:"What it is for, in a sentence."`
	Permissions []string `json:"permissions,omitempty" doc:"The keys of the permissions that it holds."`
}

// Check names what is wrong with the input.
func (in RoleDraft) Check() error {
	var wrong fail.Fields
	checkText(&wrong, "name", in.Name, true, 100)
	checkText(&wrong, "about", in.About, false, 500)
	for _, key := range in.Permissions {
		if p, ok := access.PermissionOf(key); !ok || !p.ForRoles() {
			wrong.Add("permissions", "“{key}” is no permission that a role may hold.", "key", key)
			break
		}
	}
	return wrong.Err()
}

func (in RoleDraft) set() (access.Set, error) { return access.SetOfKeys(in.Permissions) }

// NewRole is a role to make.
type NewRole struct {
	RoleDraft
	CopyOf access.RoleID `json:"copy_of,omitempty" doc:"A role whose permissions it starts with, besides those that are named."`
}

// CreateRole makes a role. Nobody makes one that holds what they do not hold in the whole portal (PT-2).
var CreateRole = &op.Op[NewRole, RoleItem]{
	Name:  "role.create",
	Route: "POST /roles",
	Doc:   "Creates a role of your own, from nothing or as a copy of another.",
	Needs: []*access.Permission{access.RoleEdit},
	Do: func(c *op.Call, in NewRole) (RoleItem, error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.RoleEdit))
		if err != nil {
			return RoleItem{}, err
		}
		set, err := in.set()
		if err != nil {
			return RoleItem{}, err
		}
		if in.CopyOf != "" {
			from := c.Actor.Rules().Role(in.CopyOf)
			if from == nil {
				return RoleItem{}, fail.Wrong("copy_of", "There is no such role.")
			}
			for p := range from.Set.All() {
				if p.ForRoles() {
					set.Add(p)
				}
			}
		}
		role, err := store.CreateRole(c, c.Tx, portal, in.Name, in.About, set, c.Now)
		c.Audit(role.Thing(), role.Name, map[string]any{"permissions": set.Keys()})
		return RoleItem{ID: role.RoleID(), Title: role.Name, About: role.About, At: []string{}, Rights: set.Len()}, err
	},
}

// RoleChange is a role as it shall be from now on.
type RoleChange struct {
	Role access.RoleID `path:"role" doc:"The role, as GET /roles names it."`
	RoleDraft
}

// EditRole changes a role; whoever has it gains and loses with their next request. Nobody adds to a role what they do not
// hold wherever it is given (PT-2).
var EditRole = &op.Op[RoleChange, RoleItem]{
	Name:  "role.edit",
	Route: "PUT /roles/{role}",
	Doc:   "Changes a role of the portal's own: its name, description and permissions.",
	Needs: []*access.Permission{access.RoleEdit},
	Do: func(c *op.Call, in RoleChange) (RoleItem, error) {
		role, err := findOwnRole(c, in.Role)
		if err != nil {
			return RoleItem{}, err
		}
		set, err := in.set()
		if err != nil {
			return RoleItem{}, err
		}
		was := role.Set
		role.Name, role.About, role.Set = in.Name, in.About, set
		c.Audit(role.Thing(), role.Name, map[string]any{"was": was.Keys(), "permissions": set.Keys()})
		return RoleItem{ID: role.RoleID(), Title: role.Name, About: role.About, At: []string{}, Rights: set.Len()}, store.SaveRole(c, c.Tx, role, was, c.Now)
	},
}

// findOwnRole is a role that the portal made and the actor may edit; built-in ones are copied, not edited (LM-12).
func findOwnRole(c *op.Call, id access.RoleID) (store.Role, error) {
	if builtin := access.Builtin(id); builtin != nil {
		if _, err := store.FindPortal(c, c.Tx, c.May(access.RoleEdit)); err != nil {
			return store.Role{}, err
		}
		return store.Role{}, fail.New(fail.NotAllowed, "Every portal has the role “{role}”: it is not edited or deleted. Copy it instead.", "role", fail.Term(builtin.Title))
	}
	number, ok := access.CustomID(id)
	if !ok {
		return store.Role{}, fail.Missing("role")
	}
	return store.FindRole(c, c.Tx, c.May(access.RoleEdit), number)
}

// RoleEnd names a role to delete.
type RoleEnd struct {
	Role    access.RoleID `path:"role" doc:"The role, as GET /roles names it."`
	Confirm bool          `query:"confirm" doc:"Delete it although policies bind it: they are deleted with it."`
}

// DeleteRole deletes a role whole, with the policies that bind it.
var DeleteRole = &op.Op[RoleEnd, Lost]{
	Name:  "role.delete",
	Route: "DELETE /roles/{role}",
	Doc:   "Deletes a role of the portal's own. Where policies bind it, it answers 409 with what would be lost, until it is confirmed.",
	Needs: []*access.Permission{access.RoleEdit, access.PolicyList},
	Do: func(c *op.Call, in RoleEnd) (Lost, error) {
		role, err := findOwnRole(c, in.Role)
		if err != nil {
			return Lost{}, err
		}
		uses, err := store.RoleUses(c, c.Tx, c.Who.Portal, []access.RoleID{role.RoleID()}, c.Now)
		if err != nil {
			return Lost{}, err
		}
		policies, err := store.ListPolicies(c, c.Tx, c.May(access.PolicyList), store.PolicyFilter{Role: role.RoleID()}, store.Page{Size: 200})
		if err != nil {
			return Lost{}, err
		}
		use := uses[role.RoleID()]
		lost := Lost{use.People, policyNames(policies.Items)}
		c.Audit(role.Thing(), role.Name, lost)
		if !in.Confirm && (use.People > 0 || use.Policies > 0) {
			return lost, lost.refuse(role.Name)
		}
		return lost, store.DeleteRole(c, c.Tx, role, c.By(), c.Now)
	},
}
