package web

import (
	"net/netip"
	"provost/internal/web/asking"

	"provost/internal/op"

	"provost/internal/web/catalog"
	"provost/internal/web/grid"
	"provost/internal/web/identity"
	"provost/internal/web/learning"
	"provost/internal/web/network"
	"provost/internal/web/notice"
	"provost/internal/web/path"
	"provost/internal/web/shell"
	"provost/internal/web/tenant"
	"provost/internal/web/work"
)

// Config is what the pages need beside the environment of operations.
type Config struct {
	// Proxies are the addresses whose X-Forwarded-For is believed; empty for none.
	Proxies []netip.Prefix
	// Packages is where the content of packages is served, such as https://*.packages.example.com, apart from the portals; empty
	// for nowhere: they are not played then.
	Packages string
	// Demo is set by `provost demo` alone.
	Demo *Demo
}

// New makes the server with all its routes. A route that names neither an operation with permissions nor why it is open is
// an error (BE-5).
func New(env *op.Env, config Config) (*shell.Server, error) {
	s := shell.New(env, config.Proxies)
	for _, noun := range nouns {
		noun(s)
	}
	config.Demo.routes(s)
	if config.Packages != "" {
		s.Apart(config.Packages, work.Content(env, config.Packages))
	}
	if err := s.Ready(); err != nil {
		return nil, err
	}
	return s, nil
}

// nouns register the routes of each noun: add yours here.
var nouns = []func(*shell.Server){
	homeRoutes,
	tokenRoutes,
	referenceRoutes,
	sessionRoutes,
	passwordRoutes,
	registrationRoutes,
	ownRoutes,
	teamRoutes,
	settingsRoutes,
	groupRoutes,
	roleRoutes,
	policyRoutes,
	placeRoutes,
	whyRoutes,
	peopleRoutes,
	personRoutes,
	personPathRoutes,
	importRoutes,
	organizationRoutes,
	invitationRoutes,
	courseRoutes,
	dashboardRoutes,
	reportRoutes,
	auditRoutes,
	grid.Routes,
	identity.Routes,
	catalog.Routes,
	tenant.Routes,
	network.Routes,
	asking.Routes,
	learning.Routes,
	work.Routes,
	path.Routes,
	notice.Routes,
}
