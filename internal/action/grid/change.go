package grid

import (
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	grids "provost/internal/store/grid"
)

// maxEdits is how many cells are changed at once.
const maxEdits = 1000

// Change is many cells to change at once, with a reason.
type Change struct {
	Organization db.ID  `json:"organization" doc:"The organization; the portal's id for the whole portal."`
	Cells        []Edit `json:"cells" doc:"What each cell shall be."`
	Reason       string `json:"reason" doc:"Why, in a sentence, for those who look it up."`
}

// Check names what is wrong with the input.
func (in Change) Check() error {
	var wrong fail.Fields
	if strings.TrimSpace(in.Reason) == "" {
		wrong.Add("reason", "Say why, in a sentence.")
	}
	form.Line(&wrong, "reason", in.Reason, maxReason)
	if in.Organization == 0 {
		wrong.Add("organization", "Choose an organization.")
	}
	checkEdits(&wrong, in.Cells)
	return wrong.Err()
}

func checkEdits(wrong *fail.Fields, cells []Edit) {
	switch {
	case len(cells) == 0:
		wrong.Add("cells", "There is nothing to change.")
		return
	case len(cells) > maxEdits:
		wrong.Add("cells", "These are too many cells to change at once.")
		return
	}
	seen := map[[2]string]bool{}
	for _, e := range cells {
		key := [2]string{string(e.Role), e.Permission}
		switch {
		case e.To != Allow && e.To != Deny && e.To != Default:
			wrong.Add("cells", "A cell is changed to allow, deny or default.")
		case seen[key]:
			wrong.Add("cells", "A cell stands here twice.")
		default:
			seen[key] = true
			continue
		}
		return
	}
}

// Changed is a change that was made.
type Changed struct {
	ID db.ID `json:"id"`
	// Organization is the one whose grid was changed, the portal's id for the portal's.
	Organization db.ID  `json:"organization"`
	Name         string `json:"name"`
	Cells        int    `json:"cells"`
}

// ChangeCells changes many cells at once, whole or not at all. Its preview says who gains and loses what (GR-4, BE-2).
var ChangeCells = &op.Op[Change, Changed]{
	Name:  "permission.change_cells",
	Route: "POST /grid/changes",
	Doc:   "Changes many cells of the permission grid at once, with a reason, in the portal or in one organization.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in Change) (Changed, error) {
		t, err := findTable(c, in.Organization)
		if err != nil {
			return Changed{}, err
		}
		id, err := t.change(c, in.Cells, in.Reason, 0)
		return Changed{id, t.org.ID, t.org.Name, len(in.Cells)}, err
	},
}

// ChangePath names a change of the grid.
type ChangePath struct {
	Change db.ID `path:"change" doc:"The change, as GET /grid/changes names it."`
}

// UndoChange makes the cells of a change again what they were. Where one of them was changed since, nothing is undone.
var UndoChange = &op.Op[ChangePath, Changed]{
	Name:  "permission.undo_change",
	Route: "POST /grid/changes/{change}/undo",
	Doc:   "Takes a change of the permission grid back, whole; it is refused where one of its cells was changed since.",
	Needs: cellNeeds,
	Do: func(c *op.Call, in ChangePath) (Changed, error) {
		made, err := findChange(c, in.Change)
		if err != nil {
			return Changed{}, err
		}
		t, err := findTable(c, made.Org)
		if err != nil {
			return Changed{}, err
		}
		if made.UndoneBy != 0 {
			return Changed{}, fail.New(fail.Conflict, "This change is undone already.")
		}
		cells, err := grids.ChangedCells(c, c.Tx, []db.ID{made.ID})
		if err != nil {
			return Changed{}, err
		}
		back, err := t.back(made, cells[made.ID])
		if err != nil {
			return Changed{}, err
		}
		id, err := t.change(c, back, made.Reason, made.ID)
		return Changed{id, t.org.ID, t.org.Name, len(back)}, err
	},
}

// findChange is a change of a grid that the actor may change.
func findChange(c *op.Call, id db.ID) (store.GridChange, error) {
	made, err := store.FindGridChange(c, c.Tx, c.May(access.PermissionEditGrid), id)
	if fail.Is(err, fail.NotFound) {
		made, err = store.FindGridChange(c, c.Tx, c.May(access.PermissionEditOrganization), id)
	}
	return made, err
}

// back is what makes each cell of a change again what it was; a Conflict that names the cell where one is something else by
// now than the change made it.
func (t table) back(made store.GridChange, cells []grids.ChangedCell) ([]Edit, error) {
	var out []Edit
	for _, cell := range cells {
		p, ok := access.PermissionOf(cell.Permission)
		role := t.rules.Role(cell.Role)
		if !ok || role == nil {
			return nil, fail.New(fail.Conflict, "The role or the permission of a cell of this change is not there any more.")
		}
		if cell.Set != (cell.Made != nil) || (cell.Set && cell.Now != made.ID) {
			return nil, fail.New(fail.Conflict, "This cell was changed since, so that nothing is undone: “{permission}”, {role}.", "permission", fail.Term(p.Title), "role", fail.Term(role.Title))
		}
		e := Edit{Role: cell.Role, Permission: cell.Permission, To: Default}
		if cell.Was != nil {
			e.To, e.Lock = Deny, cell.Was.Locked
			if cell.Was.Allow {
				e.To = Allow
			}
		}
		out = append(out, e)
	}
	return out, nil
}
