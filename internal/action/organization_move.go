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
		return Named{o.ID, o.Name}, store.MoveOrganization(c, c.Tx, o, to, c.Now)
	},
}
