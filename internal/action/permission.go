package action

import (
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
)

// PermissionRow is a permission as it is declared: a row of the grid.
type PermissionRow struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Section string `json:"section"`
	// On is the kind of thing that it is on.
	On string `json:"on"`
	// Yes are the roles that hold it before anybody edits the grid; Never those whose cell is not available.
	Yes   []access.RoleID `json:"yes"`
	Never []access.RoleID `json:"never"`
	// Sensitive: it is not against an account that may do what one may not. Own: it is over oneself only.
	Sensitive bool `json:"sensitive"`
	Own       bool `json:"own"`
}

// PermissionTable is every permission.
type PermissionTable struct {
	Items []PermissionRow `json:"items"`
}

// ListPermissions is the table of permissions, as the server enforces it (BE-5).
var ListPermissions = &op.Op[Nothing, PermissionTable]{
	Name:  "permission.list",
	Route: "GET /permissions",
	Doc:   "Lists every permission: what it is on, which roles hold it, and for which it is never available.",
	Needs: []*access.Permission{access.PermissionViewGrid},
	Do: func(c *op.Call, _ Nothing) (PermissionTable, error) {
		if err := may(c.May(access.PermissionViewGrid)); err != nil {
			return PermissionTable{}, err
		}
		out := PermissionTable{[]PermissionRow{}}
		for _, p := range access.Table() {
			out.Items = append(out.Items, PermissionRow{p.Key, p.Title, p.Section, p.On.String(), nonNil(p.Yes), nonNil(p.Never), p.Protected, p.Own})
		}
		return out, nil
	},
}

func nonNil(roles access.Roles) []access.RoleID {
	if roles == nil {
		return []access.RoleID{}
	}
	return roles
}

// containsKey tells whether a text has another in it, whichever case they are written in.
func containsKey(text, part string) bool { return strings.Contains(db.Key(text), db.Key(part)) }

var permissionOps = []op.Any{ListPermissions}
