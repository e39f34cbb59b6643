// Package catalog holds the pages about people as a whole: the Users catalog, account types, relations, the Admin area and
// the search of the site.
package catalog

import "provost/internal/web/shell"

// Routes registers the pages of this area.
func Routes(s *shell.Server) {
	typeRoutes(s)
	catalogRoutes(s)
	searchRoutes(s)
	relationRoutes(s)
}
