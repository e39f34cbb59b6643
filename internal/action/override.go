package action

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// CellPath names a cell of the permission grid in an organization.
type CellPath struct {
	Organization db.ID         `path:"organization" doc:"The organization; the portal's id for the whole portal."`
	Role         access.RoleID `path:"role" doc:"The role: a column of the grid."`
	Permission   string        `path:"permission" doc:"The permission's key: a row of the grid."`
}

// CellChange switches a cell on or off.
type CellChange struct {
	CellPath
	Allow bool `json:"allow" doc:"On, or off."`
}

// Cell is what a cell of the grid is now in an organization.
type Cell struct {
	Organization db.ID         `json:"organization"`
	Role         access.RoleID `json:"role"`
	Permission   string        `json:"permission"`
	// Allowed: the role holds the permission there.
	Allowed bool `json:"allowed"`
}

var cellNeeds = []*access.Permission{access.PermissionEditGrid}

// SetOverride switches a cell on or off for an organization and those below it.
var SetOverride = &op.Op[CellChange, Cell]{
	Name:  "permission.set_cell",
	Route: "PUT /organizations/{organization}/permissions/{role}/{permission}",
	Doc:   "Switches a cell of the permission grid on or off, for an organization and those below it.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in CellChange) (Cell, error) {
		org, p, err := findCell(c, in.CellPath)
		if err != nil {
			return Cell{}, err
		}
		c.Audit(org.Thing(), org.Name, map[string]any{"role": in.Role, "permission": p.Key, "allow": in.Allow})
		if err := store.SetOverride(c, c.Tx, org, in.Role, p, in.Allow, c.Now); err != nil {
			return Cell{}, err
		}
		return cellNow(c, in.CellPath, p)
	},
}

// ClearOverride lets a cell be what the organization above has.
var ClearOverride = &op.Op[CellPath, Cell]{
	Name:  "permission.clear_cell",
	Route: "DELETE /organizations/{organization}/permissions/{role}/{permission}",
	Doc:   "Takes an organization's change of a cell of the permission grid away again.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in CellPath) (Cell, error) {
		org, p, err := findCell(c, in)
		if err != nil {
			return Cell{}, err
		}
		c.Audit(org.Thing(), org.Name, map[string]any{"role": in.Role, "permission": p.Key, "cleared": true})
		if err := store.ClearOverride(c, c.Tx, org, in.Role, p); err != nil {
			return Cell{}, err
		}
		return cellNow(c, in, p)
	},
}

// findCell finds a cell that can be overridden: not the super administrator's, and not one that is never (PT-5).
func findCell(c *op.Call, in CellPath) (store.Organization, *access.Permission, error) {
	org, err := store.FindOrganization(c, c.Tx, c.May(access.PermissionEditGrid), in.Organization)
	if err != nil {
		return org, nil, err
	}
	p, ok := access.PermissionOf(in.Permission)
	if !ok || c.Actor.Rules().Role(in.Role) == nil {
		return org, nil, fail.Missing("cell")
	}
	if p.Own || !access.Overridable(in.Role, p) {
		return org, nil, fail.New(fail.NotAllowed, "This cell is not available to be changed: “"+p.Title+"”.")
	}
	return org, p, nil
}

func cellNow(c *op.Call, in CellPath, p *access.Permission) (Cell, error) {
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return Cell{}, err
	}
	return Cell{in.Organization, in.Role, p.Key, rules.Holds(in.Role, p, in.Organization)}, nil
}

var overrideOps = []op.Any{SetOverride, ClearOverride}
