package shell

import (
	"net/http"
	"net/url"
	"strings"
)

// Each begins a host name of which every name below it leads here: https://*.packages.example.com.
const Each = "*."

// siteLen is how long a name below it is: no portal's host below the same name is taken for content.
const siteLen = 32

// OriginOf is the origin of a name where each has its own, or the one that all share.
func OriginOf(origin, name string) string {
	return strings.Replace(origin, "://"+Each, "://"+name+".", 1)
}

// Apart serves content that is not trusted at an address of its own, such as https://packages.example.com, or
// https://*.packages.example.com for one for each: there nobody is signed in and no page of the portal is. Its handler sets the headers of its answers itself.
func (s *Server) Apart(origin string, h http.Handler) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		panic("shell: " + origin + " is no address") // it was checked where it was configured
	}
	s.apart, s.apartHost = h, u.Hostname()
	s.apartOrigin = u.Scheme + "://" + u.Host
	s.apartEach = strings.HasPrefix(s.apartHost, Each)
}

// hosts leads what comes for the address apart there, and all else to the portal.
func (s *Server) hosts(portal http.Handler) http.Handler {
	if s.apart == nil {
		return portal
	}
	apart := s.watched(s.apart)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := HostOf(r); host == s.apartHost || s.apartEach && strings.HasSuffix(host, s.apartHost[1:]) && len(host) == len(s.apartHost)-1+siteLen {
			apart.ServeHTTP(w, r)
			return
		}
		portal.ServeHTTP(w, r)
	})
}

// Origin is where the portal's pages are served, as the browser that asks sees it.
func (q *Req) Origin() string {
	if q.s.secure {
		return "https://" + q.R.Host
	}
	return "http://" + q.R.Host
}

// Frame lets a page show one other origin in a frame.
func (q *Req) Frame(origin string) {
	q.W.Header().Set("Content-Security-Policy", "frame-src "+origin+"; "+policy+"'none'")
}

// ApartOrigin is where content is served that is not trusted; empty where there is no such address.
func (q *Req) ApartOrigin() string { return q.s.apartOrigin }
