// Package grid holds the verbs of the permission grid: showing it, changing its cells, and the account types that a portal
// makes of its own.
package grid

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// Ops are the operations on the permission grid.
var Ops = []op.Any{Show, Who, ListChanges, Export, ChangeCells, UndoChange, SetCell, ClearCell, CreateType, EditType, DeleteType}

// CellPath names a cell of the permission grid in an organization.
type CellPath struct {
	Organization db.ID         `path:"organization" doc:"The organization; the portal's id for the whole portal."`
	Role         access.RoleID `path:"role" doc:"The role: a column of the grid."`
	Permission   string        `path:"permission" doc:"The permission's key: a row of the grid."`
}

// CellChange switches a cell on or off.
type CellChange struct {
	CellPath
	Allow  bool   `json:"allow" doc:"On, or off."`
	Lock   bool   `json:"lock,omitempty" doc:"In the portal: for all organizations, so that none changes it."`
	Reason string `json:"reason,omitempty" doc:"Why, in a sentence, for those who look it up."`
}

// Check names what is wrong with the input.
func (in CellChange) Check() error {
	var wrong fail.Fields
	form.Line(&wrong, "reason", in.Reason, maxReason)
	return wrong.Err()
}

// Cell is what a cell of the grid is now in an organization.
type Cell struct {
	Organization db.ID         `json:"organization"`
	Role         access.RoleID `json:"role"`
	Permission   string        `json:"permission"`
	// Allowed: the role holds the permission there.
	Allowed bool `json:"allowed"`
	// Locked: the portal locked the cell for all organizations.
	Locked bool `json:"locked"`
}

var cellNeeds = []*access.Permission{access.PermissionEditGrid, access.PermissionEditOrganization}

// SetCell switches a cell on or off for an organization and those below it.
var SetCell = &op.Op[CellChange, Cell]{
	Name:  "permission.set_cell",
	Route: "PUT /organizations/{organization}/permissions/{role}/{permission}",
	Doc:   "Switches a cell of the permission grid on or off, for an organization and those below it; in the portal, locks it if asked to.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in CellChange) (Cell, error) {
		to := Deny
		if in.Allow {
			to = Allow
		}
		return changeOne(c, in.CellPath, Edit{in.Role, in.Permission, to, in.Lock}, in.Reason)
	},
}

// ClearCell lets a cell be what the organization above has.
var ClearCell = &op.Op[CellPath, Cell]{
	Name:  "permission.clear_cell",
	Route: "DELETE /organizations/{organization}/permissions/{role}/{permission}",
	Doc:   "Takes an organization's change of a cell of the permission grid away again.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in CellPath) (Cell, error) {
		return changeOne(c, in, Edit{in.Role, in.Permission, Default, false}, "")
	},
}

func changeOne(c *op.Call, at CellPath, e Edit, reason string) (Cell, error) {
	t, err := findTable(c, at.Organization)
	if err != nil {
		return Cell{}, err
	}
	if _, err := t.change(c, []Edit{e}, reason, 0); err != nil {
		return Cell{}, err
	}
	p, _ := access.PermissionOf(e.Permission)
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return Cell{}, err
	}
	o, _ := rules.OverrideFor(e.Role, p, at.Organization)
	return Cell{at.Organization, e.Role, p.Key, rules.Holds(e.Role, p, at.Organization), o.Locked}, nil
}
