package grid

import (
	"fmt"

	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/sheet"
)

// FileQuery asks for a table of the grid as a file.
type FileQuery struct {
	Query
	Format string `query:"format" doc:"csv, xlsx or json; csv if left out."`
}

// Export is a table of the grid as a file: a line each permission, a column each role.
var Export = &op.Op[FileQuery, op.File]{
	Name:   "permission.export",
	Route:  "GET /grid/file",
	Doc:    "Downloads a table of the permission grid, a line each permission and a column each role.",
	Needs:  showNeeds,
	Export: true,
	Do: func(c *op.Call, in FileQuery) (op.File, error) {
		format, err := sheet.ParseFormat(in.Format)
		if err != nil {
			return op.File{}, err
		}
		grid, err := show(c, in.Query)
		if err != nil {
			return op.File{}, err
		}
		at := access.Thing{Kind: access.Organization, ID: grid.Organization.ID, Portal: c.Who.Portal, Org: grid.Organization.ID}
		c.Audit(at, grid.Organization.Name, map[string]any{"table": grid.Table, "format": format, "at": grid.At})
		t := fileOf(c, grid)
		return op.TableFile(format, t), nil
	},
}

func fileOf(c *op.Call, grid Grid) sheet.Table {
	t := sheet.Table{Name: "permissions " + grid.Table, Title: "Permissions", Scope: grid.Organization.Name,
		Rule: c.May(access.PermissionViewGrid).Permission().Title, At: c.Now}
	if grid.At != nil {
		t.At = *grid.At
	}
	t.Columns = []sheet.Column{{Key: "section", Title: "Section"}, {Key: "permission", Title: "Permission"}, {Key: "title", Title: "What it is"}}
	for _, col := range grid.Columns {
		t.Columns = append(t.Columns, sheet.Column{Key: string(col.Role), Title: col.Title})
	}
	above := map[string]string{}
	for _, a := range grid.Above {
		above[a.ID.String()] = a.Name
	}
	t.Rows = func(yield func([]any, error) bool) {
		for _, row := range grid.Rows {
			line := []any{row.Section, row.Key, row.Title}
			for _, cell := range row.Cells {
				line = append(line, cell.text(above))
			}
			if !yield(line, nil) {
				return
			}
		}
	}
	return t
}

// text is a cell as a file says it: allowed, denied, never or always, and what made it so.
func (s CellState) text(above map[string]string) string {
	out := s.State
	if s.Locked {
		out += ", locked"
	}
	switch {
	case s.Own != "" && !s.Asleep:
		out += ", changed here"
	case s.From != 0 && above[s.From.String()] != "":
		out += fmt.Sprintf(", from %s", above[s.From.String()])
	case s.From != 0:
		out += ", from above"
	}
	return out
}
