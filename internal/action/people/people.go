// Package people holds the verbs about what people are to a portal and to each other: account types, the Users catalog,
// relations between people, the Admin area, and the search of the site.
package people

import (
	"slices"

	"provost/internal/db"
)

// Ops is every operation of this area.
var Ops = slices.Concat(typeOps, relationOps, catalogOps, searchOps, adminOps)

// Someone is a person, or something else, with its name.
type Someone struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}
