package grid

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	grids "provost/internal/store/grid"
)

// HistoryQuery asks for the changes of a grid, or of one of its cells, the newest first.
type HistoryQuery struct {
	Organization db.ID         `query:"organization" doc:"The organization; the whole portal if left out, or else the first that you may see the grid of."`
	Role         access.RoleID `query:"role" doc:"Only the changes of this role's cells."`
	Permission   string        `query:"permission" doc:"Only the changes of this permission's cells."`
	Above        bool          `query:"above" doc:"Those of the organizations above it too, which count here as well."`
	After        string        `query:"after" doc:"The next of another page."`
	Size         int           `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// CellNow is a cell of a change: what it was and what it was made, in the words allow, deny, allow_locked, deny_locked and
// default.
type CellNow struct {
	Role       access.RoleID `json:"role"`
	RoleTitle  string        `json:"role_title"`
	Permission string        `json:"permission"`
	Title      string        `json:"title"`
	Was        string        `json:"was"`
	Now        string        `json:"now"`
}

// ChangeItem is a change of the grid.
type ChangeItem struct {
	ID           db.ID     `json:"id"`
	Organization GridPlace `json:"organization"`
	At           time.Time `json:"at"`
	By           string    `json:"by"`
	Reason       string    `json:"reason"`
	Cells        []CellNow `json:"cells"`
	// Undoes is the change that this one took back, UndoneBy the one that took this back.
	Undoes   db.ID `json:"undoes,omitzero"`
	UndoneBy db.ID `json:"undone_by,omitzero"`
	// MayUndo: you may change this grid, and it is not undone yet.
	MayUndo bool `json:"may_undo,omitempty"`
}

// History is a page of changes.
type History struct {
	Organization GridPlace    `json:"organization"`
	Items        []ChangeItem `json:"items"`
	Next         string       `json:"next,omitempty"`
}

// ListChanges are the changes of a grid, or of one cell of it: who, when, why, and what each cell was before (BE-3).
var ListChanges = &op.Op[HistoryQuery, History]{
	Name:  "permission.history",
	Route: "GET /grid/changes",
	Doc:   "Lists the changes of the permission grid, or of one cell of it: who made them, when, why, and what each cell was before.",
	Needs: []*access.Permission{access.PermissionViewGrid, access.PermissionEditGrid, access.PermissionEditOrganization},
	Do: func(c *op.Call, in HistoryQuery) (History, error) {
		org, err := viewed(c, in.Organization)
		if err != nil {
			return History{}, err
		}
		if _, ok := access.PermissionOf(in.Permission); in.Permission != "" && !ok {
			return History{}, fail.Missing("permission")
		}
		list, err := store.ListGridChanges(c, c.Tx, c.May(access.PermissionViewGrid), org,
			store.GridChangeFilter{Role: in.Role, Permission: in.Permission, Above: in.Above}, in.After, in.Size)
		if err != nil {
			return History{}, err
		}
		ids := make([]db.ID, len(list.Items))
		for i, g := range list.Items {
			ids[i] = g.ID
		}
		cells, err := grids.ChangedCells(c, c.Tx, ids)
		out := History{GridPlace{org.ID, org.Name}, []ChangeItem{}, list.Next}
		for _, g := range list.Items {
			out.Items = append(out.Items, changeItem(c, g, cells[g.ID]))
		}
		return out, err
	},
}

func changeItem(c *op.Call, g store.GridChange, cells []grids.ChangedCell) ChangeItem {
	rules := c.Actor.Rules()
	out := ChangeItem{ID: g.ID, Organization: GridPlace{g.Org, g.OrgName}, At: g.At, By: g.ByName, Reason: g.Reason, Cells: []CellNow{}, Undoes: g.Undoes, UndoneBy: g.UndoneBy}
	for _, cell := range cells {
		now := CellNow{Role: cell.Role, RoleTitle: string(cell.Role), Permission: cell.Permission, Title: cell.Permission, Was: Default, Now: Default}
		if role := rules.Role(cell.Role); role != nil {
			now.RoleTitle = role.Title
		}
		if p, ok := access.PermissionOf(cell.Permission); ok {
			now.Title = p.Title
		}
		if cell.Was != nil {
			now.Was = wordOf(access.Override{Allow: cell.Was.Allow, Locked: cell.Was.Locked}, true)
		}
		if cell.Made != nil {
			now.Now = wordOf(access.Override{Allow: cell.Made.Allow, Locked: cell.Made.Locked}, true)
		}
		out.Cells = append(out.Cells, now)
	}
	thing := g.Thing()
	out.MayUndo = g.UndoneBy == 0 && (c.May(access.PermissionEditGrid).Has(&thing) != nil || c.May(access.PermissionEditOrganization).Has(&thing) != nil)
	return out
}
