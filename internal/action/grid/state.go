package grid

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	grids "provost/internal/store/grid"
)

func (t table) rows(c *op.Call, roles []*access.Role, name string, mayChange bool) []Row {
	out := []Row{}
	for _, p := range rowsOf(name) {
		row := Row{Key: p.Key, Title: p.Title, Section: p.Section, On: p.On.String(), Sensitive: p.Protected, Cells: make([]CellState, len(roles))}
		held := t.whole || (mayChange && t.holds(c, p))
		for i, role := range roles {
			row.Cells[i] = t.state(role, p)
			row.Cells[i].MayChange = mayChange && held && t.changeable(role, p, row.Cells[i])
		}
		out = append(out, row)
	}
	return out
}

// holds tells whether the actor holds a permission in the organization, and so may give it to others there (PT-2).
func (t table) holds(c *op.Call, p *access.Permission) bool {
	return c.Actor.HoldsOver(p, t.org.PlaceThing(), t.org.ID)
}

func (t table) changeable(role *access.Role, p *access.Permission, s CellState) bool {
	return Available(role, p) && (t.whole || ofOrganizations(role, p)) && (!s.Locked || t.org.Parent == 0 || s.Own != "")
}

// state is what a cell is in the organization, and why: what decides it is what the fold asks.
func (t table) state(role *access.Role, p *access.Permission) CellState {
	s := CellState{State: "denied", Default: role.Set.Has(p)}
	switch {
	case role.Always():
		s.State = "always"
		return s
	case role.Never(p):
		s.State = "never"
		return s
	case t.rules.Holds(role.ID, p, t.org.ID):
		s.State = "allowed"
	}
	if o, ok := t.rules.OverrideFor(role.ID, p, t.org.ID); ok {
		s.Locked = o.Locked
		if o.Org != t.org.ID {
			s.From = o.Org
		}
	}
	if o, ok, counts := t.rules.OverrideAt(role.ID, p, t.org.ID); ok {
		s.Own, s.Asleep = wordOf(o, true), !counts
	}
	return s
}

// tell names the columns and where cells come from.
func (t table) tell(c *op.Call, out *Grid, roles []*access.Role) error {
	people, err := t.people(c, roles)
	if err != nil {
		return err
	}
	for _, r := range roles {
		col := Column{Role: r.ID, Title: r.Title, About: r.Doc, Parent: r.Parent, Off: t.rules.IsOff(r)}
		if parent := access.Builtin(r.Parent); parent != nil {
			col.ParentTitle = parent.Title
		}
		if n, ok := people[r.ID]; ok {
			shown := min(n, store.CountLimit)
			col.People, col.Many = &shown, n > store.CountLimit
		}
		out.Columns = append(out.Columns, col)
	}
	if out.Above, err = t.above(c, out.Rows); err != nil || out.Whole {
		return err
	}
	super, err := store.SuperOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	if a, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), super); err == nil {
		out.Super = a.Name
	}
	return nil
}

// above names the organizations that cells come from; one that the reader may not see is left without a name.
func (t table) above(c *op.Call, rows []Row) ([]GridPlace, error) {
	seen := map[db.ID]bool{}
	var places []access.Place
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell.From != 0 && !seen[cell.From] {
				seen[cell.From] = true
				kind := access.Organization
				if cell.From == c.Who.Portal {
					kind = access.Portal
				}
				places = append(places, access.Place{Kind: kind, ID: cell.From})
			}
		}
	}
	out := []GridPlace{}
	if len(places) == 0 {
		return out, nil
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
	for _, p := range places {
		out = append(out, GridPlace{p.ID, shown[p].Name})
	}
	return out, err
}

// people are how many people have each role: of the whole portal to those who see everybody, of an organization those in it
// whom the reader may see. How many are administrators is for those who may know who is (XA-3).
func (t table) people(c *op.Call, roles []*access.Role) (map[access.RoleID]int, error) {
	ids := make([]access.RoleID, 0, len(roles))
	full := c.May(access.AccountSetFull).Everywhere()
	for _, r := range roles {
		if full || !r.Full() {
			ids = append(ids, r.ID)
		}
	}
	return grids.RolePeople(c, c.Tx, c.May(access.AccountList), ids, t.org, c.Now)
}
