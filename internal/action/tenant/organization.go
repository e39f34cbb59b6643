package tenant

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

var organizationOps = []op.Any{ShowOrganizationAdmin, MarkOrganization, CloseOrganization}

// OrganizationPath names an organization.
type OrganizationPath struct {
	Organization db.ID `path:"organization" doc:"The organization."`
}

// OrganizationAdmin is how an organization is marked, and who administers it.
type OrganizationAdmin struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	// Root: it is the portal itself.
	Root bool `json:"root"`
	MarkFields
	// Administrators are those whom one may see, its own first, then those of the organizations above it.
	Administrators []OrganizationAdministrator `json:"administrators"`
	// MayMark: one may mark and close it.
	MayMark bool `json:"may_mark"`
}

// MarkFields are how an organization is marked.
type MarkFields struct {
	External bool `json:"external" doc:"It is a customer's or partner's, not a part of the business."`
	Hidden   bool `json:"hidden" doc:"What lies in it is not seen from other organizations, by those who do not administer."`
	Default  bool `json:"default" doc:"It is where people go who are put into no other."`
}

// OrganizationAdministrator is somebody who administers an organization.
type OrganizationAdministrator struct {
	NamedThing
	// Of is the organization that they were made the administrator of: this, or one above it.
	Of NamedThing `json:"of"`
}

var organizationNeeds = []*access.Permission{access.OrganizationAdminister, access.OrganizationCreate, access.AccountList}

// ShowOrganizationAdmin shows how an organization is marked, and its administrators, to those who administer it.
var ShowOrganizationAdmin = &op.Op[OrganizationPath, OrganizationAdmin]{
	Name:  "organization.admin",
	Route: "GET /organizations/{organization}/admin",
	Doc:   "Shows whether an organization is external, hidden or the default, and who administers it.",
	Needs: organizationNeeds,
	Do: func(c *op.Call, in OrganizationPath) (out OrganizationAdmin, err error) {
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization)
		if err != nil {
			return out, err
		}
		return adminOf(c, o)
	},
}

func adminOf(c *op.Call, o store.Organization) (OrganizationAdmin, error) {
	thing := o.Thing()
	out := OrganizationAdmin{ID: o.ID, Name: o.Name, Root: o.Parent == 0, Administrators: []OrganizationAdministrator{}, MayMark: c.May(access.OrganizationCreate).Has(&thing) != nil}
	marks, err := tenant.MarksOf(c, c.Tx, o)
	if err != nil {
		return out, err
	}
	out.MarkFields = MarkFields(marks)
	list, err := tenant.Administrators(c, c.Tx, c.May(access.AccountList), o, c.Now)
	for _, x := range list {
		out.Administrators = append(out.Administrators, OrganizationAdministrator{NamedThing{x.Account, x.Name}, NamedThing{x.Org, x.OrgName}})
	}
	return out, err
}

// Marking is how an organization shall be marked.
type Marking struct {
	OrganizationPath
	MarkFields
}

// MarkOrganization marks an organization: external, hidden from those beside it, the default. It is for those who create
// organizations.
var MarkOrganization = &op.Op[Marking, OrganizationAdmin]{
	Name:  "organization.mark",
	Route: "PUT /organizations/{organization}/admin",
	Doc:   "Marks an organization as internal or external, as hidden from the others, and as the default.",
	Needs: organizationNeeds,
	Do: func(c *op.Call, in Marking) (out OrganizationAdmin, err error) {
		if _, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization); err != nil {
			return out, err
		}
		o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), in.Organization)
		if err != nil {
			return out, err
		}
		c.Audit(o.Thing(), o.Name, in.MarkFields)
		if o.Parent == 0 && (in.External || in.Hidden) {
			return out, fail.New(fail.Conflict, "This is the portal itself: it is neither external nor hidden.")
		}
		was, err := tenant.MarksOf(c, c.Tx, o)
		if err != nil {
			return out, err
		}
		if was.Hidden != in.Hidden {
			c.Tx.Note(access.Resettled{Before: o.Thing(), After: o.Thing()})
		}
		if err := tenant.SaveMarks(c, c.Tx, o, tenant.Marks(in.MarkFields), c.Now); err != nil {
			return out, err
		}
		return adminOf(c, o)
	},
}

// OrganizationClosing says where what is in an organization goes.
type OrganizationClosing struct {
	OrganizationPath
	Into  db.ID `json:"into" doc:"The organization that its people, teams, courses, invitations and the organizations below it go into."`
	Carry bool  `json:"carry_roles" doc:"Whoever holds a role in it holds that in the other then: the two are merged. Left out, roles given in it end."`
}

// Check names what is missing.
func (in OrganizationClosing) Check() error {
	if in.Into == 0 {
		return fail.Wrong("into", "Choose the organization that everything in it goes into.")
	}
	return nil
}

// OrganizationClosed is an organization that is closed, and where what was in it went.
type OrganizationClosed struct {
	Name   string     `json:"name"`
	Into   NamedThing `json:"into"`
	People int        `json:"people" doc:"How many people went there."`
}

// CloseOrganization closes an organization: everything in it goes into another first, nothing is deleted along with it. With
// its roles carried, the two are merged. Nobody gains by it what the actor does not hold (PT-2), and people are moved only by
// who may edit them (PT-1).
var CloseOrganization = &op.Op[OrganizationClosing, OrganizationClosed]{
	Name:  "organization.close",
	Route: "POST /organizations/{organization}/close",
	Doc:   "Closes an organization: everything in it goes into another, with the roles given in it or without them.",
	Needs: append([]*access.Permission{access.AccountEdit, access.AccountAdd}, organizationNeeds...),
	Limit: 10 * time.Minute,
	Do: func(c *op.Call, in OrganizationClosing) (out OrganizationClosed, err error) {
		o, into, err := closing(c, in)
		if err != nil {
			return out, err
		}
		c.Audit(o.Thing(), o.Name, map[string]any{"into": into.Name, "carry_roles": in.Carry})
		below, err := tenant.ChildrenOf(c, c.Tx, o)
		if err != nil {
			return out, err
		}
		for _, id := range below {
			child, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), id)
			if err != nil {
				return out, err
			}
			if err := store.MoveOrganization(c, c.Tx, child, into, c.Now); err != nil {
				return out, err
			}
		}
		people, err := movePeople(c, o, into, in.Carry)
		if err != nil {
			return out, err
		}
		if in.Carry {
			if err := tenant.CarryRoles(c, c.Tx, o, into, c.By(), c.Now); err != nil {
				return out, err
			}
		}
		if err := tenant.Empty(c, c.Tx, o, into, c.By(), c.Now); err != nil {
			return out, err
		}
		c.Tx.Note(access.Resettled{Before: o.Thing(), After: into.Thing()})
		return OrganizationClosed{o.Name, NamedThing{into.ID, into.Name}, people}, store.DeleteOrganization(c, c.Tx, o, c.Now)
	},
}

// closing finds the organization, and the one that what is in it goes into.
func closing(c *op.Call, in OrganizationClosing) (o, into store.Organization, err error) {
	if o, err = store.FindOrganization(c, c.Tx, c.May(access.OrganizationAdminister), in.Organization); err != nil {
		return o, into, err
	}
	if o.Parent == 0 {
		return o, into, fail.New(fail.Conflict, "This is the portal itself.")
	}
	if _, err = store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), o.Parent); err != nil {
		return o, into, err
	}
	if into, err = store.FindOrganization(c, c.Tx, c.May(access.OrganizationCreate), in.Into); err != nil {
		return o, into, err
	}
	if _, err = store.FindOrganization(c, c.Tx, c.May(access.AccountAdd), in.Into); err != nil {
		return o, into, err
	}
	if rules := c.Actor.Rules(); rules.Tree.Under(into.ID, o.ID) {
		err = fail.Wrong("into", "Choose an organization that is not it, nor lies below it.")
	}
	return o, into, err
}

// movePeople moves everybody of an organization into another. Without their roles they are learners there.
func movePeople(c *op.Call, o, into store.Organization, carry bool) (int, error) {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return 0, err
	}
	if !carry {
		if err := tenant.EndRoles(c, c.Tx, o, rules, c.By(), c.Now); err != nil {
			return 0, err
		}
	}
	people, err := movable(c, o)
	if err != nil {
		return 0, err
	}
	return len(people), tenant.MovePeople(c, c.Tx, people, o, into, rules, !carry, c.By(), c.Now)
}

// movable is everybody of an organization, each of whom the actor may edit (PT-1), or why one of them is not.
func movable(c *op.Call, o store.Organization) ([]store.Account, error) {
	all, err := tenant.AccountsIn(c, c.Tx, o)
	if err != nil {
		return nil, err
	}
	reached, err := tenant.AccountsWithin(c, c.Tx, c.May(access.AccountEdit), o)
	if err != nil {
		return nil, err
	}
	for i, id := range all { // both are in the order of ids
		if i >= len(reached) || reached[i] != id {
			return nil, refusedEdit(c, id)
		}
	}
	var out []store.Account
	for part := range slices.Chunk(all, 500) {
		people, err := store.EveryAccount(c, c.Tx, c.Who.Portal, part, c.Now)
		if err != nil {
			return nil, err
		}
		open, err := store.Unprotected(c, c.Tx, c.May(access.AccountEdit), people)
		if err != nil {
			return nil, err
		}
		for _, a := range people {
			if !open[a.ID] {
				return nil, refusedEdit(c, a.ID)
			}
		}
		out = append(out, people...)
	}
	return out, nil
}

// refusedEdit is why somebody may not be edited.
func refusedEdit(c *op.Call, id db.ID) error {
	if _, err := store.FindAccount(c, c.Tx, c.May(access.AccountEdit), id); err != nil {
		return err
	}
	return store.NotAllowed(c.May(access.AccountEdit))
}
