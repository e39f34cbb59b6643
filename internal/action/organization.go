package action

import (
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

var organizationOps = []op.Any{ListOrganizations, ShowOrganization, CreateOrganization, RenameOrganization, MoveOrganization, DeleteOrganization}

// OrganizationQuery asks for a part of the tree of organizations.
type OrganizationQuery struct {
	Query  string `query:"q" doc:"A part of the name, or the whole code: then the whole tree is searched."`
	Parent db.ID  `query:"parent" doc:"The organization whose children are listed; those at the top of what you may see if left out."`
	Whole  bool   `query:"whole" doc:"The whole tree by name, not only its top."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// OrganizationItem is an organization in the tree.
type OrganizationItem struct {
	ID     db.ID  `json:"id"`
	Name   string `json:"name"`
	Code   string `json:"code,omitempty"`
	Parent db.ID  `json:"parent,omitempty"`
	// Path are those above it that one may see, the highest first.
	Path []Named `json:"path"`
	// Children is how many lie directly below it.
	Children int `json:"children"`
}

// OrganizationPage is a part of the list of organizations.
type OrganizationPage struct {
	Items []OrganizationItem `json:"items"`
	Next  string             `json:"next,omitempty"`
	Prev  string             `json:"prev,omitempty"`
	Total int                `json:"total" doc:"How many there are; counting stops at 1000."`
}

// ListOrganizations lists a node's children, or searches the tree.
var ListOrganizations = &op.Op[OrganizationQuery, OrganizationPage]{
	Name:  "organization.list",
	Route: "GET /organizations",
	Doc:   "Lists the organizations below one, or those found by name.",
	Needs: []*access.Permission{access.OrganizationList},
	Do: func(c *op.Call, in OrganizationQuery) (out OrganizationPage, err error) {
		within := c.May(access.OrganizationList)
		if in.Parent != 0 {
			if _, err := store.FindOrganization(c, c.Tx, within, in.Parent); err != nil {
				return out, err
			}
		}
		filter := store.OrganizationFilter{Query: in.Query, Parent: in.Parent, Top: in.Parent == 0 && in.Query == "" && !in.Whole}
		list, err := store.ListOrganizations(c, c.Tx, within, filter, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Next, out.Prev, out.Total = list.Next, list.Prev, list.Total
		out.Items, err = organizationItems(c, list.Items)
		return out, err
	},
}

func organizationItems(c *op.Call, list []store.Organization) ([]OrganizationItem, error) {
	ids := make([]db.ID, len(list))
	for i, o := range list {
		ids[i] = o.ID
	}
	paths, err := store.OrganizationPaths(c, c.Tx, c.May(access.OrganizationList), ids)
	if err != nil {
		return nil, err
	}
	children, err := store.ChildCounts(c, c.Tx, c.May(access.OrganizationList), ids)
	out := make([]OrganizationItem, len(list))
	for i, o := range list {
		out[i] = OrganizationItem{ID: o.ID, Name: o.Name, Code: o.Code, Path: []Named{}, Children: children[o.ID]}
		for _, p := range paths[o.ID] {
			out[i].Path = append(out[i].Path, Named{p.ID, p.Name})
			if p.ID == o.Parent {
				out[i].Parent = o.Parent
			}
		}
	}
	return out, err
}

// OrganizationID names an organization.
type OrganizationID struct {
	Organization db.ID `path:"organization" doc:"The organization."`
}

// OrganizationShown is one organization.
type OrganizationShown struct {
	OrganizationItem
	// Root: it is the portal itself.
	Root bool `json:"root"`
	// Contents are what lies in it, for those who may administer it.
	Contents []OrganizationContent `json:"contents"`
	// MayCreate, MayEdit and MayMove tell what you may do here.
	MayCreate bool `json:"may_create"`
	MayEdit   bool `json:"may_edit"`
	MayMove   bool `json:"may_move"`
}

// OrganizationContent is how many of a kind lie in an organization itself.
type OrganizationContent struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// ShowOrganization shows one organization.
var ShowOrganization = &op.Op[OrganizationID, OrganizationShown]{
	Name:  "organization.show",
	Route: "GET /organizations/{organization}",
	Doc:   "Shows an organization, and what lies in it.",
	Needs: []*access.Permission{access.OrganizationList, access.OrganizationAdminister, access.OrganizationCreate},
	Do: func(c *op.Call, in OrganizationID) (out OrganizationShown, err error) {
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Organization)
		if err != nil {
			return out, err
		}
		items, err := organizationItems(c, []store.Organization{o})
		if err != nil {
			return out, err
		}
		thing := o.Thing()
		out = OrganizationShown{OrganizationItem: items[0], Root: o.Parent == 0, Contents: []OrganizationContent{},
			MayCreate: c.May(access.OrganizationCreate).Has(&thing) != nil, MayEdit: c.May(access.OrganizationAdminister).Has(&thing) != nil}
		out.MayMove = out.MayCreate && out.MayEdit && !out.Root
		if !out.MayEdit {
			return out, nil
		}
		contents, err := store.OrganizationContents(c, c.Tx, o, c.Now)
		for _, x := range contents {
			out.Contents = append(out.Contents, OrganizationContent(x))
		}
		return out, err
	},
}

// NewOrganization is an organization to be made.
type NewOrganization struct {
	Parent db.ID  `json:"parent" doc:"The organization that it will lie below."`
	Name   string `json:"name" doc:"Its name."`
	Code   string `json:"code,omitempty" doc:"What another system calls it."`
}

// Check checks the fields.
func (in NewOrganization) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Line(&wrong, "code", in.Code, 100)
	if in.Parent == 0 {
		wrong.Add("parent", "Choose the organization that it lies below.")
	}
	return wrong.Err()
}

// CreateOrganization makes an organization below another.
var CreateOrganization = &op.Op[NewOrganization, Named]{
	Name:  "organization.create",
	Route: "POST /organizations",
	Doc:   "Creates an organization below another.",
	Needs: []*access.Permission{access.OrganizationCreate},
	Do: func(c *op.Call, in NewOrganization) (Named, error) {
		parent, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), in.Parent)
		if err != nil {
			return Named{}, err
		}
		o, err := store.CreateOrganization(c, c.Tx, parent, form.Tidy(in.Name), strings.TrimSpace(in.Code), c.Now)
		c.Audit(o.Thing(), o.Name, map[string]any{"parent": parent.Name})
		return Named{o.ID, o.Name}, err
	},
}

// OrganizationChange is a new name and code.
type OrganizationChange struct {
	Organization db.ID  `path:"organization" doc:"The organization."`
	Name         string `json:"name" doc:"Its name."`
	Code         string `json:"code,omitempty" doc:"What another system calls it."`
}

// Check checks the fields.
func (in OrganizationChange) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Line(&wrong, "code", in.Code, 100)
	return wrong.Err()
}

// RenameOrganization changes an organization's name and code. The root is the portal, whose settings name it.
var RenameOrganization = &op.Op[OrganizationChange, Named]{
	Name:  "organization.rename",
	Route: "PUT /organizations/{organization}",
	Doc:   "Changes an organization's name and code.",
	Needs: []*access.Permission{access.OrganizationAdminister},
	Do: func(c *op.Call, in OrganizationChange) (Named, error) {
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization)
		if err != nil {
			return Named{}, err
		}
		c.Audit(o.Thing(), o.Name, map[string]any{"name": form.Tidy(in.Name), "code": in.Code, "was": o.Name, "code_was": o.Code})
		if o.Parent == 0 {
			return Named{}, fail.New(fail.Conflict, "This is the portal itself: its name is among the portal's settings.")
		}
		o.Name, o.Code = form.Tidy(in.Name), strings.TrimSpace(in.Code)
		return Named{o.ID, o.Name}, store.SaveOrganization(c, c.Tx, o)
	},
}

// DeleteOrganization deletes an empty organization.
var DeleteOrganization = &op.Op[OrganizationID, struct{}]{
	Name:  "organization.delete",
	Route: "DELETE /organizations/{organization}",
	Doc:   "Deletes an organization that nothing lies in.",
	Needs: []*access.Permission{access.OrganizationCreate, access.OrganizationAdminister},
	Do: func(c *op.Call, in OrganizationID) (out struct{}, err error) {
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization)
		if err != nil {
			return out, err
		}
		c.Audit(o.Thing(), o.Name, nil)
		if o.Parent == 0 {
			return out, fail.New(fail.Conflict, "This is the portal itself.")
		}
		if _, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), o.Parent); err != nil {
			return out, err
		}
		return out, store.DeleteOrganization(c, c.Tx, o, c.Now)
	},
}
