package web

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

	s      *Server
	status int
	// typed is what was typed into a form that is shown again, errs what is wrong with it, message the one above it.
	typed   url.Values
	errs    page.Errors
	message string
	effects g.Node
}

// page makes an http.Handler of a Handler: it finds the portal and the person, checks the area, and answers errors.
func (s *Server) page(n need, h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &Req{W: w, R: r, s: s, status: http.StatusOK}
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
		q.Visitor, err = action.Arrive(q.R.Context(), q.s.env, hostOf(q.R), store.BrowserSession, q.s.sessionToken(q.R))
	}
	if fail.Is(err, fail.NotFound) {
		return noPortal
	}
	if err != nil {
		return err
	}
	q.View.Portal = q.Portal.Name
	q.s.frame(q)
	if q.Actor == nil {
		return nil
	}
	q.View.Account = page.Account{Name: q.Session.AccountName, Organization: q.Session.OrgName, SignOut: "/sign-out",
		Menu: []page.MenuItem{{Label: q.View.T("My account"), Href: "/account", Icon: "user"},
			{Label: q.View.T("My access"), Href: "/people/" + q.Actor.Account.String() + "/access", Icon: "key"},
			{Label: q.View.T("API reference"), Href: "/reference", Icon: "book"}}}
	q.View.Nav = q.nav()
	return nil
}

// admit refuses nobody's and strangers' requests before anything is run: the operation checks everything again.
func (q *Req) admit(n need) error {
	meta := n.Meta()
	_, somebody := n.(signedIn)
	if meta.Open != "" && !somebody {
		return nil
	}
	if q.Actor == nil {
		return fail.New(fail.SignIn, "Please sign in.")
	}
	if why := q.closed(meta); why != nil {
		return op.Refuse(q.ctx(), q.s.env, q.Who, q.Actor, meta.Name, why)
	}
	return nil
}

// closed is why the whole area of a request is not open to the actor; nil where it is.
func (q *Req) closed(meta op.Meta) error {
	if a := areaOf(q.R.URL.Path); a != nil && !a.own && !a.opens(q.Actor) {
		return store.NotAllowed(q.Actor.May(a.perms[0]))
	}
	if len(meta.Needs) > 0 && !strings.Contains(q.R.Pattern, "{") && !q.may(meta.Needs[0]) {
		return store.NotAllowed(q.Actor.May(meta.Needs[0]))
	}
	return nil
}

// may tells whether the actor holds a permission anywhere at all; it asks no database.
func (q *Req) may(p *access.Permission) bool { return q.Actor != nil && q.Actor.May(p).Any() }

// can tells whether the actor may do something to a thing; it asks no database. For buttons: the operation decides again.
func (q *Req) can(p *access.Permission, t access.Thing) bool {
	return q.Actor != nil && q.Actor.Can(p, &t)
}

// ctx is the request's context.
func (q *Req) ctx() context.Context { return q.R.Context() }

// now is the moment, by the portal's clock.
func (q *Req) now() time.Time { return q.s.env.Now() }

// T is a text in the reader's language.
func (q *Req) T(english string, args ...any) string { return q.View.T(english, args...) }

// show writes a page.
func (q *Req) show(title string, body ...g.Node) error {
	return q.write(page.Layout(q.flashed(), title, body...))
}

// showNarrow writes a page with one card, for who is not signed in.
func (q *Req) showNarrow(title string, body ...g.Node) error {
	return q.write(page.Narrow(q.flashed(), title, body...))
}

func (q *Req) write(n g.Node) error {
	q.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.W.WriteHeader(q.status)
	if q.R.Method != http.MethodHead {
		_ = n.Render(q.W) // a reader who left is no error of ours
	}
	return nil
}

// json writes a value, for the scripts of a page.
func (q *Req) json(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	q.W.Header().Set("Content-Type", "application/json")
	q.W.WriteHeader(q.status)
	_, _ = q.W.Write(text)
	return nil
}

// redirect leads to a page of this site, with something to say there; an empty text says nothing.
func (q *Req) redirect(to string, kind page.Kind, text string) error {
	if text != "" {
		q.setFlash(page.Flash{Kind: kind, Text: text})
	}
	q.W.Header().Set("Location", to)
	q.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// value is what a field shows: what was typed, where the form is shown again, or else what it holds now.
func (q *Req) value(name, now string) string {
	if q.typed != nil {
		return q.typed.Get(name)
	}
	return now
}

// values are all values of a field that has several.
func (q *Req) values(name string, now []string) []string {
	if q.typed != nil {
		return q.typed[name]
	}
	return now
}

// ticked tells whether a box is ticked.
func (q *Req) ticked(name string, now bool) bool {
	if q.typed != nil {
		return q.typed.Has(name)
	}
	return now
}

// wrong is what is wrong with a field.
func (q *Req) wrong(name string) string { return q.errs.For(name) }

// field is a field of a form, with what was typed and what is wrong with it.
func (q *Req) field(name, label, now string) page.Field {
	return page.Field{Name: name, Label: label, Value: q.value(name, now), Error: q.wrong(name)}
}

// form is a form with what is wrong with it.
func (q *Req) form(action string, submit g.Node, fields ...g.Node) page.Form {
	return page.Form{Action: action, Errors: q.errs, Message: q.message, Body: fields, Submit: []g.Node{submit}}
}

// preview is where a form's effects are shown (BE-2).
func (q *Req) preview() g.Node {
	if q.effects == nil {
		return page.PreviewOut(q.View)
	}
	return page.PreviewOut(q.View, q.effects)
}
