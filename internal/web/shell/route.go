package shell

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"provost/internal/op"
)

// Need is what a route needs: an operation, whose permissions are the route's, Open or SignedIn.
type Need interface{ Meta() op.Meta }

// Open is the need of a route that asks no permission, and says why.
type Open string

// Meta is a declaration that is Open.
func (o Open) Meta() op.Meta { return op.Meta{Open: string(o)} }

// SignedIn is the need of a route that is for anybody who is signed in, and says why it asks no more than that.
type SignedIn string

// Meta is a declaration that is Open, to whoever is signed in.
func (s SignedIn) Meta() op.Meta { return op.Meta{Name: "page.open", Open: string(s)} }

const nowhere = Open("what is not there is not there for anybody")

// Handler answers a request; an error is answered in one place (Req.fails).
type Handler func(*Req) error

// Route is a way in, as the tests walk over them.
type Route struct {
	Method, Pattern string
	Meta            op.Meta
	// Body is how many bytes a request may send, Limit how long it may take.
	Body  int64
	Limit time.Duration
	// Kept: an answer is given again while nothing has changed.
	Kept bool
}

// RouteOption changes a route's limits.
type RouteOption func(*Route)

// Body lets a route take requests of so many bytes; without it 1 MiB.
func Body(bytes int64) RouteOption { return func(r *Route) { r.Body = bytes } }

// UpTo lets a route take so long, reading and writing; without it 30 seconds.
func UpTo(d time.Duration) RouteOption { return func(r *Route) { r.Limit = d } }

// Kept lets a page be given again to the same person while nothing in the portal has changed: for pages that list or count.
func Kept(r *Route) { r.Kept = true }

const (
	defaultBody  = 1 << 20
	defaultLimit = 30 * time.Second
	// uploadLimit is how long a form with files may take to come.
	uploadLimit = 10 * time.Minute
)

// Get registers a page. The operation's permissions are the route's.
func (s *Server) Get(pattern string, n Need, h Handler, options ...RouteOption) {
	s.route(http.MethodGet, pattern, n, h, options)
}

// Post registers a form that Submit handles.
func (s *Server) Post(pattern string, sub *Submission, options ...RouteOption) {
	s.route(http.MethodPost, pattern, sub.op, sub.Serve, options)
}

// PostTo registers a form with a handler of its own.
func (s *Server) PostTo(pattern string, n Need, h Handler, options ...RouteOption) {
	s.route(http.MethodPost, pattern, n, h, options)
}

func (s *Server) route(method, pattern string, n Need, h Handler, options []RouteOption) {
	r := Route{Method: method, Pattern: pattern, Meta: n.Meta(), Body: defaultBody, Limit: defaultLimit}
	if r.Meta.Files > 0 && method == http.MethodPost {
		r.Body, r.Limit = r.Meta.Files+defaultBody, uploadLimit
	}
	for _, o := range options {
		o(&r)
	}
	if len(r.Meta.Needs) == 0 && r.Meta.Open == "" {
		s.wrong = append(s.wrong, fmt.Errorf("the route %s %s names no permission", method, pattern))
		return
	}
	if r.Meta.Open == "" && method == http.MethodGet && !strings.HasPrefix(r.Meta.Route, "GET ") {
		s.wrong = append(s.wrong, fmt.Errorf("the route %s %s would change something (%s)", method, pattern, r.Meta.Name))
		return
	}
	if r.Kept {
		h = s.kept.keep(h)
	}
	s.routes = append(s.routes, r)
	s.pages[pattern] = s.pages[pattern] || method == http.MethodGet
	at := pattern
	if at == "/" {
		at = "/{$}"
	}
	s.mux.Handle(method+" "+at, s.limited(r, s.page(n, h)))
}

// limited bounds a request's body and time.
func (s *Server) limited(route Route, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, route.Body)
		ctx, cancel := context.WithTimeout(r.Context(), route.Limit)
		defer cancel()
		if until, _ := ctx.Deadline(); route.Limit != defaultLimit {
			c := http.NewResponseController(w)
			_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until.Add(5*time.Second)) // a test's recorder has none
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
