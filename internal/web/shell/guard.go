package shell

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"

	"provost/internal/action"

	"github.com/klauspost/compress/gzhttp"
)

type requestKey struct{}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// guard puts the safeguards of every request around the routes.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "This form was sent from another site, so it was refused.", http.StatusForbidden)
	}))
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1400))
	if err != nil {
		panic(err) // the options are constant
	}
	return s.watched(s.headed(zip(origin.Handler(next))))
}

// policy is the Content-Security-Policy of every page but for who may frame it: no inline code, nothing from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "

func (s *Server) headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+"'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// EmbedPrefix is where pages are served that other sites may frame, those that the portal lists (LM-14).
const EmbedPrefix = "/embed/"

// frame lets the sites that the portal lists frame its pages under EmbedPrefix, and those alone.
func (s *Server) frame(q *Req) {
	if !embedded(q.R) && !strings.HasPrefix(q.R.URL.Path, EmbedPrefix) {
		return
	}
	head := q.W.Header()
	head.Set("Referrer-Policy", "no-referrer") // an address may have held a token
	if origins := q.Portal.Settings.EmbedOrigins; len(origins) > 0 {
		head.Set("Content-Security-Policy", policy+strings.Join(origins, " "))
		head.Del("X-Frame-Options")
	}
}

// watched gives each request an id, logs it by its route (an address may hold a token), and turns a panic into a fault.
func (s *Server) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		id := hex.EncodeToString(b[:])
		w.Header().Set("X-Request-Id", id)
		seen := &status{ResponseWriter: w}
		began := s.Env.Now()
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, id))
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log(slog.LevelError, "a request panicked", "request", id, "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				if seen.code != 0 {
					panic(http.ErrAbortHandler) // half an answer is out: end the connection, so that nobody takes it for whole
				}
				http.Error(seen, "Something went wrong. That is our fault, and it is in our log.", http.StatusInternalServerError)
			}
			s.log(slog.LevelDebug, "request", "request", id, "route", r.Pattern, "status", seen.code, "took", s.Env.Now().Sub(began))
		}()
		next.ServeHTTP(seen, r)
	})
}

func (s *Server) log(level slog.Level, text string, args ...any) {
	if s.Env.Log != nil {
		s.Env.Log.Log(context.Background(), level, text, args...)
	}
}

// status keeps the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader notes the status.
func (s *status) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Write begins the answer.
func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// HostOf is the host name of a request.
func HostOf(r *http.Request) string { return action.HostName(r.Host) }

// addressOf is where a request comes from. Only what a listed proxy adds to X-Forwarded-For is believed: the last
// address in it that is no such proxy's.
func (s *Server) addressOf(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !s.isProxy(at) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	if at.Is6() { // one household has a whole /64
		if p, err := at.WithZone("").Prefix(64); err == nil {
			return p.Addr().String()
		}
	}
	return at.String()
}

func (s *Server) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}
