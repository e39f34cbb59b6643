package shell

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/static"

	"golang.org/x/net/html"
	g "maragu.dev/gomponents"
)

// Pages that other sites may frame (LM-14) are the portal's own pages, served once more under EmbedPrefix without header and
// navigation. What is not listed here is not there: nothing that asks for a password, no account pages, no signing out.
// Links and forms that lead to listed pages stay under the prefix; all others are taken out of the page.

// embedName are the pages whose address is another than the prefix and their own.
var embedNames = map[string]string{"/teams": "/manage/teams", "/people": "/manage/users"}

// embeddable are the routes that are served in frames, by the beginning of their pattern; exact is for that alone.
var embeddable = []struct {
	method, pattern string
	exact           bool
}{
	{"GET", "/manage/teams", true}, {"", "/teams", true}, {"", "/teams/", false},
	{"GET", "/manage/users", true}, {"GET", "/people/search", true}, {"GET", "/people/{account}", true}, {"GET", "/people/{account}/teams", true},
	{"GET", "/people/{account}/enrolments", true}, {"GET", "/organizations/search", true},
	{"", "/analytics", true}, {"", "/analytics/", false}, {"", "/reports", true}, {"", "/reports/", false},
	{"POST", "/stop-acting", true},
}

type embedKey struct{}

// embedded tells whether a request is for a page in a frame of another site.
func embedded(r *http.Request) bool { return r.Context().Value(embedKey{}) != nil }

// embed serves a listed page under the prefix, or exchanges the token of its address.
func (s *Server) embed(w http.ResponseWriter, r *http.Request) {
	path := "/" + strings.TrimPrefix(r.URL.Path, EmbedPrefix)
	if inner, ok := embedNames[path]; ok && r.Method != http.MethodPost {
		path = inner
	}
	r = r.WithContext(context.WithValue(r.Context(), embedKey{}, true))
	if token := r.URL.Query().Get("token"); token != "" && r.Method == http.MethodGet {
		s.page(Open("the token says who it is"), func(q *Req) error { return enterEmbed(q, token) }).ServeHTTP(w, r)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = path, ""
	inner.RequestURI = inner.URL.RequestURI()
	inner.Header.Del("Accept-Encoding") // its links are rewritten: what is kept, or zipped, is of no use
	out := &embedWriter{ResponseWriter: w, s: s}
	if s.embeds(inner.Method, path) {
		s.mux.ServeHTTP(out, inner)
	} else {
		s.page(nowhere, func(*Req) error { return NotFound }).ServeHTTP(out, inner)
	}
	out.finish()
}

// embeds tells whether a page is served in frames.
func (s *Server) embeds(method, path string) bool {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	r, err := http.NewRequest(method, (&url.URL{Path: path}).String(), nil)
	if err != nil {
		return false
	}
	_, pattern := s.mux.Handler(r)
	of, at, _ := strings.Cut(pattern, " ")
	if of != method {
		return false
	}
	for _, e := range embeddable {
		if (e.method == "" || e.method == method) && (at == e.pattern || (!e.exact && strings.HasPrefix(at, e.pattern))) {
			return true
		}
	}
	return false
}

// outward is the address under the prefix of a page of this site; ok is false where it is not served in frames.
func (s *Server) outward(method, to string) (string, bool) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || !s.embeds(method, u.Path) {
		return "", false
	}
	for name, inner := range embedNames {
		if u.Path == inner {
			u.Path, u.RawPath = name, ""
		}
	}
	return strings.TrimSuffix(EmbedPrefix, "/") + u.String(), true
}

const embedCookie = "provost-embed"

// embedCookieOf is the cookie of embedded pages alone. Where the portal is reached by https it comes to frames of other
// sites too, to each site its own; by plain http browsers send it only to frames of the same site.
func (s *Server) embedCookieOf(value string, lasts time.Duration) *http.Cookie {
	c := s.cookie(embedCookie, value, lasts)
	c.Path = EmbedPrefix
	if s.secure {
		c.Name, c.SameSite, c.Partitioned = "__Secure-"+embedCookie, http.SameSiteNoneMode, true
	} else {
		c.Name = embedCookie
	}
	return c
}

func (s *Server) embedToken(r *http.Request) string {
	c, err := r.Cookie(s.embedCookieOf("", 0).Name)
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}

// arriveEmbedded finds who a page in a frame is for: by the session of its token, or else by that of the portal.
func (q *Req) arriveEmbedded() (err error) {
	if token := q.s.embedToken(q.R); token != "" {
		q.Visitor, err = action.Arrive(q.Ctx(), q.Env(), HostOf(q.R), store.EmbedSession, token)
		if err != nil || q.Actor != nil {
			return err
		}
	}
	q.Visitor, err = q.s.arriveBrowser(q.R)
	return err
}

// enterEmbed exchanges a token for a session, and leads to the same address without it.
func enterEmbed(q *Req, token string) error {
	who := q.Who
	who.Account, who.Behind, who.Session, who.Limit = 0, 0, 0, nil
	out, err := action.EnterEmbed.Run(q.Ctx(), q.Env(), who, action.EmbedToken{Token: token})
	if err != nil {
		return err
	}
	http.SetCookie(q.W, q.s.embedCookieOf(out.Token, out.Until.Sub(q.Now())))
	to := *q.R.URL
	query := to.Query()
	query.Del("token")
	to.RawQuery = query.Encode()
	return q.Redirect(to.RequestURI(), page.Plain, "")
}

// signInOutside is what a frame shows to nobody: signing in is for a window of its own, where its address can be seen.
func (q *Req) signInOutside(err error) {
	v := q.View
	text := q.Sentence(err)
	if text == "" || text == v.T("Please sign in.") {
		text = v.T("Please sign in to {portal} in a window of its own, then load this again.", "portal", v.Portal)
	}
	_ = q.write(page.ErrorPage(v, q.Status, v.T("Sign in"), text, page.LinkButton(v.T("Sign in"), "/sign-in", g.Attr("target", "_blank"), g.Attr("rel", "noopener"))))
}

// embedWriter rewrites the links of a page, and where a redirect leads; anything else it hands through.
type embedWriter struct {
	http.ResponseWriter
	s     *Server
	began bool
	code  int
	html  *bytes.Buffer
}

// WriteHeader begins the answer; that of a page waits until it is whole.
func (e *embedWriter) WriteHeader(code int) {
	if e.began {
		return
	}
	e.began, e.code = true, code
	head := e.Header()
	if to := head.Get("Location"); to != "" {
		if out, ok := e.s.outward(http.MethodGet, to); ok {
			head.Set("Location", out)
		} else if !strings.HasPrefix(to, EmbedPrefix) {
			head.Set("Location", EmbedPrefix+"teams")
		}
	}
	if strings.HasPrefix(head.Get("Content-Type"), "text/html") {
		e.html = &bytes.Buffer{}
		return
	}
	e.ResponseWriter.WriteHeader(code)
}

// Write takes a part of the answer.
func (e *embedWriter) Write(b []byte) (int, error) {
	if !e.began {
		e.WriteHeader(http.StatusOK)
	}
	if e.html != nil {
		return e.html.Write(b)
	}
	return e.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (e *embedWriter) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func (e *embedWriter) finish() {
	if e.html == nil {
		return
	}
	body := e.s.relink(e.html)
	e.ResponseWriter.WriteHeader(e.code)
	_, _ = e.ResponseWriter.Write(body) // a reader who left is no error of ours
}

// relink leads the links and forms of a page to where they are served in frames, and takes out those that are not.
func (s *Server) relink(in *bytes.Buffer) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(in)
	skip := "" // the element that is being taken out
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		if skip != "" {
			if name, _ := z.TagName(); kind == html.EndTagToken && string(name) == skip {
				skip = ""
			}
			continue
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.Write(raw)
			continue
		}
		token := z.Token()
		switch keep, same := s.relinkTag(&token); {
		case !keep:
			skip = token.Data
		case same:
			out.Write(raw)
		default:
			out.WriteString(token.String())
		}
	}
}

// relinkTag changes the addresses of one tag; keep is false where its element is taken out, same where nothing changed.
func (s *Server) relinkTag(t *html.Token) (keep, same bool) {
	attrs, same := t.Attr[:0:0], true
	method, outside := http.MethodGet, false
	for _, a := range t.Attr {
		if a.Key == "method" && strings.EqualFold(a.Val, "post") {
			method = http.MethodPost
		}
		outside = outside || (t.Data == "a" && a.Key == "target")
	}
	for _, a := range t.Attr {
		of, is := addressMethod(t.Data, a.Key, method)
		if !is || outside || !strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, static.Prefix) {
			attrs = append(attrs, a)
			continue
		}
		same = false
		to, ok := s.outward(of, a.Val)
		switch {
		case ok:
			a.Val = to
			attrs = append(attrs, a)
		case t.Data == "form" || a.Key == "formaction" || (t.Data == "a" && isButton(t)):
			return false, false
		}
	}
	t.Attr = attrs
	return true, same
}

// addressMethod tells whether an attribute holds an address, and by which method it is asked for.
func addressMethod(tag, key, formMethod string) (string, bool) {
	switch key {
	case "href":
		return http.MethodGet, tag == "a"
	case "action":
		return formMethod, tag == "form"
	case "formaction", "data-preview":
		return http.MethodPost, true
	case "data-source", "data-poll":
		return http.MethodGet, true
	}
	return "", false
}

func isButton(t *html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "class" && (strings.Contains(a.Val, "button") || strings.Contains(a.Val, "menu-item")) {
			return true
		}
	}
	return false
}
