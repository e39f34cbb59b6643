// Package identity holds the pages on who somebody is in a portal: logging in as another, the super administrator, and accounts
// that are merged, deleted and erased.
package identity

import "provost/internal/web/shell"

// Routes registers the area's pages.
func Routes(s *shell.Server) {
	actingRoutes(s)
	portalRoutes(s)
	accountRoutes(s)
}
