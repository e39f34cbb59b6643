// Package web is the portal as pages: it finds who asks, runs operations, and composes the components of package page.
// One file each noun; server.go, route.go, request.go, fill.go, submit.go, answer.go and guard.go are the shell.
package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/action/intake"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/static"
)

// Config is what the pages need beside the environment of operations.
type Config struct {
	// Proxies are the addresses whose X-Forwarded-For is believed; empty for none.
	Proxies []netip.Prefix
	// Demo is set by `provost demo` alone.
	Demo *Demo
}

// Server answers with pages. It is made by New.
type Server struct {
	env    *op.Env
	config Config
	mux    *http.ServeMux
	routes []Route
	// pages are the addresses of the routes that show something.
	pages map[string]bool
	wrong []error
	// secure: the portal is reached by https.
	secure  bool
	limits  *limiter
	kept    *keeper
	imports *intake.Imports
	drafts  drafts
}

// New makes the server. A route that names neither an operation with permissions nor why it is open is an error (BE-5).
func New(env *op.Env, config Config) (*Server, error) {
	s := &Server{env: env, config: config, mux: http.NewServeMux(), pages: map[string]bool{}, secure: strings.HasPrefix(env.URL, "https://"), limits: newLimiter(),
		kept: newKeeper(), imports: intake.NewImports(env)}
	s.mux.Handle(static.Prefix, static.Handler())
	for _, noun := range nouns {
		noun(s)
	}
	if err := errors.Join(s.wrong...); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.mux.HandleFunc("/", s.page(nowhere, func(*Req) error { return notFound }).ServeHTTP)
	return s, nil
}

// nouns register the routes of each noun: add yours here.
var nouns = []func(*Server){
	(*Server).homeRoutes,
	(*Server).tokenRoutes,
	(*Server).referenceRoutes,
	(*Server).sessionRoutes,
	(*Server).demoRoutes,
	(*Server).passwordRoutes,
	(*Server).ownRoutes,
	(*Server).teamRoutes,
	(*Server).settingsRoutes,
	(*Server).embedRoutes,
	(*Server).groupRoutes,
	(*Server).roleRoutes,
	(*Server).policyRoutes,
	(*Server).placeRoutes,
	(*Server).whyRoutes,
	(*Server).peopleRoutes,
	(*Server).personRoutes,
	(*Server).importRoutes,
	(*Server).organizationRoutes,
	(*Server).invitationRoutes,
	(*Server).courseRoutes,
	(*Server).dashboardRoutes,
	(*Server).reportRoutes,
	(*Server).auditRoutes,
}

// Handler is the whole site with its safeguards.
func (s *Server) Handler() http.Handler { return s.guard(s.mux) }

// Handle mounts another face, the API, behind the same safeguards.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Who tells who asks by the browser's session or by a token in Authorization, for the API.
func (s *Server) Who(r *http.Request) (op.Who, error) {
	kind, token := store.BrowserSession, s.sessionToken(r)
	bearer, isToken := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if isToken {
		kind, token = store.TokenSession, bearer
	}
	v, err := action.Arrive(r.Context(), s.env, hostOf(r), kind, token)
	if err == nil && isToken && v.Actor == nil {
		err = fail.New(fail.SignIn, "This token is not valid, or has ended.")
	}
	return v.Who, err
}

// Routes are all routes, for tests that walk over them.
func (s *Server) Routes() []Route { return s.routes }

// HTTP is the handler with every limit that keeps slow and huge peers from holding the server (QUALITY).
func (s *Server) HTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
