package web

import (
	"encoding/json"
	"net/http"
	"time"

	"provost/internal/secret"
	"provost/internal/web/page"
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
	token := secret.Sign(q.s.env.Key, flashPurpose, text, q.now().Add(flashLasts))
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
	text, err := secret.Open(q.s.env.Key, flashPurpose, c.Value, q.now())
	if err == nil && json.Unmarshal(text, &v.Flash) != nil {
		v.Flash = page.Flash{}
	}
	return v
}
