package shell

import (
	"encoding/json"
	"net/http"
	"time"

	"provost/internal/secret"
	"provost/internal/web/page"
)

const (
	sessionCookie = "provost"
	// actingCookie has the token of the session in which one acts as another, beside one's own (CO-4).
	actingCookie = "provost-as"
	// visitCookie has the token of a visit from another portal of a network (NA-1).
	visitCookie = "provost-visit"
)

const (
	flashPurpose = "flash"
	flashLasts   = time.Minute
)

// cookieName is a cookie's name: bound to this host and to https, where the portal is reached by https.
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookie(name, value string, lasts time.Duration) *http.Cookie {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	c.MaxAge = int(lasts / time.Second)
	if lasts <= 0 {
		c.MaxAge = -1
	}
	return c
}

// setFlash keeps what the next page says, in a cookie that only this server can make.
func (q *Req) setFlash(f page.Flash) {
	text, err := json.Marshal(f)
	if err != nil || len(text) > 2000 {
		return
	}
	token := secret.Sign(q.Env().Key, flashPurpose, text, q.Now().Add(flashLasts))
	http.SetCookie(q.W, q.s.cookie("flash", token, flashLasts))
}

// flashed is the View with what the last request said, which is said once.
func (q *Req) flashed() page.View {
	v := q.View
	c, err := q.R.Cookie(q.s.cookieName("flash"))
	if err != nil {
		return v
	}
	http.SetCookie(q.W, q.s.cookie("flash", "", 0))
	text, err := secret.Open(q.Env().Key, flashPurpose, c.Value, q.Now())
	if err == nil && json.Unmarshal(text, &v.Flash) != nil {
		v.Flash = page.Flash{}
	}
	return v
}

// sessionToken is the token of the session's cookie; empty for none.
func (s *Server) sessionToken(r *http.Request) string {
	return s.tokenIn(r, sessionCookie)
}

// tokenIn is the token in a cookie; empty for none.
func (s *Server) tokenIn(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil || len(c.Value) > 200 {
		return ""
	}
	return c.Value
}

// KeepActing keeps the token of the session in which one acts as another, beside that of one's own.
func (q *Req) KeepActing(token string, until time.Time) {
	http.SetCookie(q.W, q.s.cookie(actingCookie, token, until.Sub(q.Now())))
}

// DropActing takes that token out of the browser: one is oneself again.
func (q *Req) DropActing() {
	if q.s.tokenIn(q.R, actingCookie) != "" {
		http.SetCookie(q.W, q.s.cookie(actingCookie, "", 0))
	}
}

// KeepVisit keeps the token of a visit from another portal in the browser, beside whatever session there is.
func (q *Req) KeepVisit(token string, until time.Time) {
	q.DropActing()
	http.SetCookie(q.W, q.s.cookie(visitCookie, token, until.Sub(q.Now())))
}

// DropVisit takes that token out of the browser.
func (q *Req) DropVisit() {
	if q.s.tokenIn(q.R, visitCookie) != "" {
		http.SetCookie(q.W, q.s.cookie(visitCookie, "", 0))
	}
}

// SessionToken is the token of the session's cookie; empty for none.
func (q *Req) SessionToken() string { return q.s.sessionToken(q.R) }

// KeepSession keeps a session's token in the browser until it ends.
func (q *Req) KeepSession(token string, until time.Time) {
	q.DropActing()
	q.DropVisit()
	http.SetCookie(q.W, q.s.cookie(sessionCookie, token, until.Sub(q.Now())))
}

// DropSession takes the session's token out of the browser.
func (q *Req) DropSession() {
	q.DropActing()
	http.SetCookie(q.W, q.s.cookie(sessionCookie, "", 0))
}
