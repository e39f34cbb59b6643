package shell

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// Req is one request: who asks, for what, and the page's View.
type Req struct {
	W http.ResponseWriter
	R *http.Request
	// Visitor is the portal, and who is signed in there.
	action.Visitor
	// View is handed to every component.
	View page.View

	s *Server
	// Status is the status of the answer, 200 where nobody sets it.
	Status int
	// Typed is what was typed into a form that is shown again, nil else; Errs what is wrong with it, Message the one above it.
	Typed   url.Values
	Errs    page.Errors
	Message string
	// Effects is what a form would do, where that was asked for.
	Effects g.Node
}

// page makes an http.Handler of a Handler: it finds the portal and the person, checks the area, and answers errors.
func (s *Server) page(n Need, h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &Req{W: w, R: r, s: s, Status: http.StatusOK}
		defer q.forget()
		q.View = page.View{Lang: page.LanguageOf(r.Header.Get("Accept-Language")), Theme: theme(r), Path: r.URL.RequestURI()}
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		err := q.arrive()
		if err == nil {
			if err = q.admit(n); err == nil {
				err = h(q)
			}
		}
		if err != nil {
			q.fails(err)
		}
	})
}

func theme(r *http.Request) string {
	c, err := r.Cookie(page.ThemeCookie)
	if err != nil {
		return ""
	}
	return page.ThemeOf(c.Value)
}

// arrive finds the portal by the host and the person by the session's cookie.
func (q *Req) arrive() (err error) {
	if q.View.Embedded = embedded(q.R); q.View.Embedded {
		err = q.arriveEmbedded()
	} else {
		q.Visitor, err = q.s.arriveBrowser(q.R)
	}
	if fail.Is(err, fail.NotFound) {
		return noPortal
	}
	if err != nil {
		return err
	}
	if !q.Portal.Deleted.IsZero() {
		return q.deleted()
	}
	q.brand()
	q.s.frame(q)
	if q.Actor == nil {
		return nil
	}
	q.account()
	q.View.Nav = q.nav()
	if q.Actor.May(access.PortalSearch).Any() && q.s.serves("/search") {
		q.View.Search.Action = "/search"
	}
	return nil
}

// account shows who is signed in, as whom they act, or from where they visit.
func (q *Req) account() {
	v := q.View
	q.View.Account = page.Account{Name: q.Session.AccountName, Organization: q.Session.OrgName, SignOut: "/sign-out",
		Menu: []page.MenuItem{{Label: v.T("Friends"), Href: "/friends", Icon: "users"}, {Label: v.T("API reference"), Href: "/reference", Icon: "book"}}}
	switch {
	case q.Session.Kind == store.VisitSession:
		q.View.Account.SignOut, q.View.Account.Menu = "", q.View.Account.Menu[1:]
		q.View.ActingAs = v.T("You are in {portal} as an administrator from {home}.", "portal", q.View.Portal, "home", q.Session.Name)
		q.View.StopActing = "/stop-visit"
	case q.Who.Behind != 0:
		q.View.ActingAs = v.T("You are viewing as {person} ({organization}). You are {name}.", "person", q.Session.AccountName,
			"organization", q.Session.OrgName, "name", q.Session.BehindName)
		q.View.StopActing = "/stop-acting"
	default:
		q.View.Account.Menu = append([]page.MenuItem{{Label: v.T("My account"), Href: "/account", Icon: "user"},
			{Label: v.T("My access"), Href: "/people/" + q.Actor.Account.String() + "/access", Icon: "key"}}, q.View.Account.Menu...)
	}
}

// errActingEnded is the answer to a request that was made as another, when that has ended: it is not done as oneself.
var errActingEnded = fail.New(fail.SignIn, page.Say("You no longer act as another person: you are yourself again. Nothing was done just now."))

// errVisitEnded is the answer to a request of a visit, when that has ended: it is not done as anybody else.
var errVisitEnded = fail.New(fail.SignIn, page.Say("Your visit to this portal has ended. Nothing was done just now."))

// arriveBrowser finds who a browser's request is from: by its session, as whom they act, or from which portal they visit.
func (s *Server) arriveBrowser(r *http.Request) (action.Visitor, error) {
	if strings.HasPrefix(r.URL.Path, "/visit/") { // who comes by a link comes as nobody yet
		return action.Arrive(r.Context(), s.Env, HostOf(r), store.BrowserSession, "")
	}
	if visit := s.tokenIn(r, visitCookie); visit != "" {
		v, ended, err := action.ArriveVisiting(r.Context(), s.Env, HostOf(r), visit)
		if err == nil && ended {
			err = errVisitEnded
		}
		return v, err
	}
	v, ended, err := action.ArriveBrowser(r.Context(), s.Env, HostOf(r), s.sessionToken(r), s.tokenIn(r, actingCookie))
	if err == nil && ended {
		err = errActingEnded
	}
	return v, err
}

// brand shows the portal under its own brand, where it resells under one. A change of it is a new address.
func (q *Req) brand() {
	q.View.Portal = q.Portal.Shown()
	b := q.Portal.Settings.Brand
	if !b.On {
		return
	}
	if b.Logo != "" {
		q.View.Logo = "/brand/logo/" + b.Logo
	}
	if b.Accent != "" {
		q.View.Style = "/brand.css?" + strings.TrimPrefix(b.Accent, "#")
	}
}

// admit refuses nobody's and strangers' requests before anything is run: the operation checks everything again.
func (q *Req) admit(n Need) error {
	meta := n.Meta()
	_, somebody := n.(SignedIn)
	if meta.Open != "" && !somebody {
		return nil
	}
	if q.Actor == nil {
		return fail.New(fail.SignIn, "Please sign in.")
	}
	if why := q.closed(meta); why != nil {
		return op.Refuse(q.Ctx(), q.Env(), q.Who, q.Actor, meta.Name, why)
	}
	return nil
}

// closed is why the whole area of a request is not open to the actor; nil where it is.
func (q *Req) closed(meta op.Meta) error {
	if a := areaOf(q.R.URL.Path); a != nil && !a.own && !a.opens(q.Actor) {
		return store.NotAllowed(q.Actor.May(a.perms[0]))
	} else if a != nil && alone[a.href] {
		return nil // one of the area's permissions opens it, not only the first
	}
	if len(meta.Needs) > 0 && !strings.Contains(q.R.Pattern, "{") && !q.May(meta.Needs[0]) {
		return store.NotAllowed(q.Actor.May(meta.Needs[0]))
	}
	return nil
}

// May tells whether the actor holds a permission anywhere at all; it asks no database.
func (q *Req) May(p *access.Permission) bool { return q.Actor != nil && q.Actor.May(p).Any() }

// Can tells whether the actor may do something to a thing; it asks no database. For buttons: the operation decides again.
func (q *Req) Can(p *access.Permission, t access.Thing) bool {
	return q.Actor != nil && q.Actor.Can(p, &t)
}

// Ctx is the request's context.
func (q *Req) Ctx() context.Context { return q.R.Context() }

// Env is the environment of operations, for Op.Run and Op.Preview with an input at hand.
func (q *Req) Env() *op.Env { return q.s.Env }

// Now is the moment, by the portal's clock.
func (q *Req) Now() time.Time { return q.s.Env.Now() }

// Address is where the request comes from, by what trusted proxies say; all of one household's IPv6 is one.
func (q *Req) Address() string { return q.s.addressOf(q.R) }

// Try is Busy where the request's address tries too often to prove who it is. For forms that nobody need be signed in for.
func (q *Req) Try() error { return q.s.limits.take(q.Address(), q.Now()) }

// Serves tells whether there is a page at an address.
func (q *Req) Serves(path string) bool { return q.s.serves(path) }

// Secure tells whether the portal is reached by https.
func (q *Req) Secure() bool { return q.s.secure }

// T is a text in the reader's language.
func (q *Req) T(english string, args ...any) string { return q.View.T(english, args...) }

// Show writes a page with header and navigation under a title.
func (q *Req) Show(title string, body ...g.Node) error {
	return q.write(page.Layout(q.flashed(), title, body...))
}

// ShowNarrow writes a page with one card, for who is not signed in.
func (q *Req) ShowNarrow(title string, body ...g.Node) error {
	return q.write(page.Narrow(q.flashed(), title, body...))
}

func (q *Req) write(n g.Node) error {
	q.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.W.WriteHeader(q.Status)
	if q.R.Method != http.MethodHead {
		_ = n.Render(q.W) // a reader who left is no error of ours
	}
	return nil
}

// JSON writes a value, for the scripts of a page.
func (q *Req) JSON(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	q.W.Header().Set("Content-Type", "application/json")
	q.W.WriteHeader(q.Status)
	_, _ = q.W.Write(text)
	return nil
}

// Redirect leads to a page of this site, with something to say there; an empty text says nothing.
func (q *Req) Redirect(to string, kind page.Kind, text string) error {
	if text != "" {
		q.setFlash(page.Flash{Kind: kind, Text: text})
	}
	q.W.Header().Set("Location", to)
	q.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// Value is what a field shows: what was typed, where the form is shown again, or else what it holds now.
func (q *Req) Value(name, now string) string {
	if q.Typed != nil {
		return q.Typed.Get(name)
	}
	return now
}

// Values are all values of a field that has several.
func (q *Req) Values(name string, now []string) []string {
	if q.Typed != nil {
		return q.Typed[name]
	}
	return now
}

// Ticked tells whether a box is ticked.
func (q *Req) Ticked(name string, now bool) bool {
	if q.Typed != nil {
		return q.Typed.Has(name)
	}
	return now
}

// Wrong is what is wrong with a field; empty for nothing.
func (q *Req) Wrong(name string) string { return q.Errs.For(name) }

// Field is a field of a form under its name in the input's tags, with what was typed and what is wrong with it.
func (q *Req) Field(name, label, now string) page.Field {
	return page.Field{Name: name, Label: label, Value: q.Value(name, now), Error: q.Wrong(name)}
}

// Form is a form with what is wrong with it.
func (q *Req) Form(action string, submit g.Node, fields ...g.Node) page.Form {
	return page.Form{Action: action, Errors: q.Errs, Message: q.Message, Body: fields, Submit: []g.Node{submit}}
}

// Preview is where a form's effects are shown (BE-2).
func (q *Req) Preview() g.Node {
	if q.Effects == nil {
		return page.PreviewOut(q.View)
	}
	return page.PreviewOut(q.View, q.Effects)
}

// WithPreview is a form that shows what it would do while it is filled in (BE-2).
func (q *Req) WithPreview(to, button, cancel string, fields ...g.Node) g.Node {
	v := q.View
	form := q.Form(to, page.Button(button), append(fields, q.Preview())...)
	form.Preview = to
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), cancel))
	return form.Node(v)
}
