// Package op says what an operation of the portal is, and runs it or previews it: one transaction, its permissions, the
// check of what may be passed on, and its audit row.
package op

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/file"
	"provost/internal/secret"
	"provost/internal/store"
)

// Op is one thing that the portal can do. A page, the API, the command line and jobs all run it from this declaration.
type Op[In, Out any] struct {
	// Name is `noun.verb`.
	Name string
	// Route is where the API mounts it, below /api/v1: a GET reads and changes nothing.
	Route string
	// Doc is one sentence, for the API's description.
	Doc string
	// Needs are the permissions that Do asks for.
	Needs []*access.Permission
	// Open says why it needs none: signing in, say. Every operation has Needs or is Open, or the server does not start (BE-5).
	Open string
	// Question: a POST that reads and changes nothing, because what it asks does not fit an address.
	Question bool
	// Export: what it reads leaves the portal, so that reading is written to the audit.
	Export bool
	// PageOnly keeps it out of the API.
	PageOnly bool
	// WhenDeleted lets it run in a portal that was deleted, where nothing else does: to restore it.
	WhenDeleted bool
	// Limit is how long it may take; 30 seconds where it is zero.
	Limit time.Duration
	// Files is how many bytes all the files that come with its input (Upload) may have together, MaxFile how many each of them,
	// the constant of that name where it is zero. Allow asks, in a transaction of its own before any byte is kept, whether Do
	// would let them in: it finds what Do finds.
	Files, MaxFile int64
	Allow          func(*Call, In) error
	// Prepare does what must not hold a transaction, hashing a password say; it may read by Call.Read.
	Prepare func(*Call, *In) error
	Do      func(*Call, In) (Out, error)
}

// Env is what operations run in: one for a process.
type Env struct {
	DB    *db.DB
	Cache *store.Cache
	Log   *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// URL is where the portal is reached from outside, without a slash at its end; links in mail begin with it.
	URL string
	// Key signs short-lived tokens.
	Key []byte
	// Hasher hashes passwords, so many at a time.
	Hasher *secret.Hasher
	// Files is where the bytes of files are kept.
	Files *file.Folder
}

// PortalURL is where a portal is reached from outside: links in mail begin with it, never with what a request calls the host.
func (e *Env) PortalURL(p store.Portal) string {
	u, err := url.Parse(e.URL)
	if err != nil || p.Host == "" {
		return e.URL
	}
	host := p.Host
	if port := u.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	u.Host = host
	return u.String()
}

// Who asks for an operation.
type Who struct {
	Portal db.ID
	// Account is zero for nobody, who may only run what is Open.
	Account db.ID
	// Behind is who acts as Account; zero where it is the person themselves.
	Behind db.ID
	// Session is the session or token that they came with.
	Session db.ID
	// Limit is the part of their rights that a token has; nil for all of them.
	Limit *access.Set
	// System is set instead of an account where the portal itself acts, and says why.
	System string
}

// Call is one run of an operation. It is a context.
type Call struct {
	context.Context
	Env *Env
	Who Who
	// Tx is nil in Prepare.
	Tx *db.Tx
	// Actor is nil where nobody is signed in.
	Actor *access.Actor
	Now   time.Time

	needs []*access.Permission
	// deleted: the operation may run in a deleted portal.
	deleted bool
	// quiet: what it did leaves no row in the audit.
	quiet  bool
	target access.Place
	name   string
	detail any
}

// May is what the actor may touch with a permission, which the operation has declared among its Needs.
func (c *Call) May(p *access.Permission) access.Within {
	if !slices.Contains(c.needs, p) {
		panic("op: asks for " + p.Key + " without declaring it")
	}
	if c.Actor == nil {
		return access.Within{}
	}
	return c.Actor.May(p)
}

// By is who really acts: the account behind the one that is acted as, or the account itself.
func (c *Call) By() db.ID {
	if c.Who.Behind != 0 {
		return c.Who.Behind
	}
	return c.Who.Account
}

// Audit says what the operation is done to, and what the audit keeps of it; never a password or a token.
func (c *Call) Audit(t access.Thing, name string, detail any) {
	c.target, c.name, c.detail = t.Place(), name, detail
}

// Quiet says that what the operation did this time is no event, and leaves no row in the audit: only for what a program keeps by itself
// every few seconds, where nothing changes that anybody else sees. Where rights changed there is a row all the same.
func (c *Call) Quiet() { c.quiet = true }

// Read runs a read of Prepare's in its own read-only transaction.
func (c *Call) Read(do func(*db.Tx) error) error { return c.Env.DB.Read(c, do) }

// Checker is an input that knows what is wrong with itself, as fail.Fields.
type Checker interface{ Check() error }

// Meta is an operation's declaration, whatever its types.
type Meta struct {
	Name, Route, Doc string
	Needs            []*access.Permission
	Open             string
	Export, PageOnly bool
	// Limit is how long it may take.
	Limit time.Duration
	// Files is how many bytes of files it takes; zero for none.
	Files int64
}

// Meta is the declaration.
func (o *Op[In, Out]) Meta() Meta {
	return Meta{o.Name, o.Route, o.Doc, o.Needs, o.Open, o.Export, o.PageOnly, o.limit(), o.Files}
}

// Types are a zero input and a zero output, for those who describe them.
func (o *Op[In, Out]) Types() (in, out any) {
	var i In
	var u Out
	return i, u
}

// Any is an operation of whatever types, as the API and the page of routes hold them.
type Any interface {
	Meta() Meta
	Types() (in, out any)
	// Invoke fills a new input by the given function, and runs the operation.
	Invoke(ctx context.Context, env *Env, who Who, fill func(in any) error, use func(out any) error) error
	// Foresee fills a new input and previews the operation.
	Foresee(ctx context.Context, env *Env, who Who, fill func(in any) error) (Effects, error)
}

// Invoke fills a new input by the given function, runs the operation and hands the output over while its transaction is open.
func (o *Op[In, Out]) Invoke(ctx context.Context, env *Env, who Who, fill func(any) error, use func(any) error) error {
	var in In
	if err := fill(&in); err != nil {
		return err
	}
	if !o.Reads() {
		out, err := o.Run(ctx, env, who, in)
		if err != nil {
			return err
		}
		return use(out)
	}
	return o.Stream(ctx, env, who, in, func(out Out) error { return use(out) })
}

// Foresee fills a new input and previews the operation.
func (o *Op[In, Out]) Foresee(ctx context.Context, env *Env, who Who, fill func(any) error) (Effects, error) {
	var in In
	if err := fill(&in); err != nil {
		return Effects{}, err
	}
	_, effects, err := o.Preview(ctx, env, who, in)
	return effects, err
}

// Reads tells whether the operation only reads.
func (o *Op[In, Out]) Reads() bool { return o.Question || strings.HasPrefix(o.Route, "GET ") }
