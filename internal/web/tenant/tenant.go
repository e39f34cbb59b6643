// Package tenant has the pages of a tenant's own: its brand, its Help center, its plan, and what becomes of organizations.
package tenant

import "provost/internal/web/shell"

// Routes registers the pages.
func Routes(s *shell.Server) {
	brandRoutes(s)
	helpRoutes(s)
	planRoutes(s)
	organizationRoutes(s)
}
