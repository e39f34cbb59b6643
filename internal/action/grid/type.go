package grid

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// AccountType is an account type that the portal made of another (GR-5).
type AccountType struct {
	ID     access.RoleID `json:"id"`
	Title  string        `json:"title"`
	About  string        `json:"about"`
	Parent access.RoleID `json:"parent"`
	// Permissions are what it starts with: the parent's, as the portal has them.
	Permissions []string `json:"permissions,omitempty"`
}

// NewType is an account type to make.
type NewType struct {
	Name   string        `json:"name" doc:"Its name, of which the portal has one only."`
	About  string        `json:"about,omitempty" doc:"What it is for, in a sentence."`
	Parent access.RoleID `json:"parent" doc:"The account type that it starts as a copy of, as instructor: it is given where that is, and never holds what that can never hold."`
}

// Check names what is wrong with the input.
func (in NewType) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Line(&wrong, "about", in.About, 500)
	if !access.AccountTypes.Has(in.Parent) || access.OnlyTransferred.Has(in.Parent) {
		wrong.Add("parent", "Choose one of the account types that every portal has.")
	}
	return wrong.Err()
}

var typeNeeds = []*access.Permission{access.RoleCreateType}

// CreateType makes an account type of the portal's own, as a copy of its parent (GR-5).
var CreateType = &op.Op[NewType, AccountType]{
	Name:  "role.create_type",
	Route: "POST /account_types",
	Doc:   "Adds an account type of the portal's own, which starts as a copy of another and never holds what that can never hold.",
	Needs: typeNeeds,
	Do: func(c *op.Call, in NewType) (AccountType, error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.RoleCreateType))
		if err != nil {
			return AccountType{}, err
		}
		rules := c.Actor.Rules()
		parent := rules.Role(in.Parent)
		var set access.Set
		for _, p := range access.Table() {
			if rules.Holds(in.Parent, p, portal.ID) && !parent.Never(p) {
				set.Add(p)
			}
		}
		made, err := store.CreateType(c, c.Tx, portal, form.Tidy(in.Name), form.Tidy(in.About), in.Parent, set, c.Now)
		c.Audit(made.Thing(), made.Name, map[string]any{"parent": in.Parent, "permissions": set.Keys()})
		return AccountType{made.RoleID(), made.Name, made.About, made.Parent, set.Keys()}, err
	},
}

// TypeChange is an account type's name and what it is for. What it holds is changed in the grid.
type TypeChange struct {
	Role  access.RoleID `path:"role" doc:"The account type, as the grid names it."`
	Name  string        `json:"name" doc:"Its name."`
	About string        `json:"about,omitempty" doc:"What it is for, in a sentence."`
}

// Check names what is wrong with the input.
func (in TypeChange) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Line(&wrong, "about", in.About, 500)
	return wrong.Err()
}

// EditType changes the name of one of the portal's own account types.
var EditType = &op.Op[TypeChange, AccountType]{
	Name:  "role.edit_type",
	Route: "PUT /account_types/{role}",
	Doc:   "Changes the name and description of one of the portal's own account types; what it holds is changed in the grid.",
	Needs: typeNeeds,
	Do: func(c *op.Call, in TypeChange) (AccountType, error) {
		t, err := findType(c, in.Role)
		if err != nil {
			return AccountType{}, err
		}
		was := t.Name
		t.Name, t.About = form.Tidy(in.Name), form.Tidy(in.About)
		c.Audit(t.Thing(), t.Name, map[string]any{"was": was})
		return AccountType{ID: t.RoleID(), Title: t.Name, About: t.About, Parent: t.Parent}, store.RenameType(c, c.Tx, t)
	},
}

func findType(c *op.Call, role access.RoleID) (store.Role, error) {
	id, ok := access.CustomID(role)
	if _, err := store.FindPortal(c, c.Tx, c.May(access.RoleCreateType)); err != nil {
		return store.Role{}, err
	}
	if !ok {
		return store.Role{}, fail.Missing("account type")
	}
	return store.FindType(c, c.Tx, c.May(access.RoleCreateType), id)
}

// TypeEnd names an account type to delete.
type TypeEnd struct {
	Role    access.RoleID `path:"role" doc:"The account type, as the grid names it."`
	Confirm bool          `query:"confirm" doc:"Delete it although people have it: they lose it."`
}

// TypeLost is how many people lose a deleted account type.
type TypeLost struct {
	People int `json:"people"`
}

// DeleteType deletes one of the portal's own account types; whoever has it loses it (LM-12).
var DeleteType = &op.Op[TypeEnd, TypeLost]{
	Name:  "role.delete_type",
	Route: "DELETE /account_types/{role}",
	Doc:   "Deletes one of the portal's own account types. Where people have it, it answers 409 with how many, until it is confirmed.",
	Needs: typeNeeds,
	Do: func(c *op.Call, in TypeEnd) (TypeLost, error) {
		t, err := findType(c, in.Role)
		if err != nil {
			return TypeLost{}, err
		}
		uses, err := store.RoleUses(c, c.Tx, c.Who.Portal, []access.RoleID{t.RoleID()}, c.Now)
		if err != nil {
			return TypeLost{}, err
		}
		lost := TypeLost{uses[t.RoleID()].People}
		c.Audit(t.Thing(), t.Name, lost)
		if lost.People > 0 && !in.Confirm {
			return lost, fail.New(fail.Conflict, "“{name}” is the account type of {people} people, who would lose it. Confirm to delete it.", "name", t.Name, "people", lost.People)
		}
		return lost, store.DeleteRole(c, c.Tx, t, c.By(), c.Now)
	},
}
