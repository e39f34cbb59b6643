package shell

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/static"
)

// Server answers with pages. It is made by New, given routes, and then Ready.
type Server struct {
	// Env is the environment of operations.
	Env     *op.Env
	proxies []netip.Prefix
	mux     *http.ServeMux
	routes  []Route
	// pages are the addresses of the routes that show something.
	pages map[string]bool
	wrong []error
	// secure: the portal is reached by https.
	secure  bool
	limits  *limiter
	kept    *keeper
	closing []func()
	// apart serves content that is not trusted, at a host and an origin of its own; nil for none.
	apart                  http.Handler
	apartHost, apartOrigin string
	apartEach              bool
}

// New makes a server without routes. Proxies are the addresses whose X-Forwarded-For is believed; nil for none.
func New(env *op.Env, proxies []netip.Prefix) *Server {
	s := &Server{Env: env, proxies: proxies, mux: http.NewServeMux(), pages: map[string]bool{}, secure: strings.HasPrefix(env.URL, "https://"),
		limits: newLimiter(), kept: newKeeper()}
	s.mux.Handle(static.Prefix, static.Handler())
	s.mux.HandleFunc(EmbedPrefix, s.embed)
	return s
}

// Ready ends the registering of routes. A route that names neither an operation with permissions nor why it is open is an
// error (BE-5).
func (s *Server) Ready() error {
	if err := errors.Join(s.wrong...); err != nil {
		return fmt.Errorf("web: %w", err)
	}
	s.mux.HandleFunc("/", s.page(nowhere, func(*Req) error { return NotFound }).ServeHTTP)
	return nil
}

// OnClose has something done when the server ends.
func (s *Server) OnClose(do func()) { s.closing = append(s.closing, do) }

// Close ends what runs in the background.
func (s *Server) Close() {
	for _, do := range s.closing {
		do()
	}
}

// Handler is the whole site with its safeguards.
func (s *Server) Handler() http.Handler { return s.hosts(s.guard(s.mux)) }

// Handle mounts another face, the API, behind the same safeguards.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Who tells who asks by the browser's session or by a token in Authorization, for the API.
func (s *Server) Who(r *http.Request) (action.Visitor, error) {
	bearer, isToken := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !isToken {
		v, err := s.arriveBrowser(r)
		return v, served(v, err)
	}
	v, err := action.Arrive(r.Context(), s.Env, HostOf(r), store.TokenSession, bearer)
	if err = served(v, err); err == nil && v.Actor == nil {
		err = fail.New(fail.SignIn, "This token is not valid, or has ended.")
	}
	return v, err
}

// served is NotFound where the portal was deleted: for programs it is not there.
func served(v action.Visitor, err error) error {
	if err == nil && !v.Portal.Deleted.IsZero() {
		return noPortal
	}
	return err
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
