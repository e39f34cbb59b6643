package shell

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"time"

	"provost/internal/db"

	"github.com/klauspost/compress/gzip"
)

const (
	// keptBytes bounds what is kept, in memory; past it keeping begins anew.
	keptBytes = 64 << 20
	// keptFor bounds how long a page is given again: what it says of how long ago things were may be as much behind.
	keptFor = 5 * time.Second
)

// keeper gives a page again, to the same person at the same address, while nothing in the portal has changed: while no
// audit row has come, and no grant has ended by itself. Who asks, and whether the page is open to them, is asked each time.
type keeper struct {
	mu    sync.Mutex
	known map[keptKey]keptPage
	bytes int
}

type keptKey struct {
	portal, account, behind, session db.ID
	moment                           int64
	uri, lang, theme                 string
}

type keptPage struct {
	until  time.Time
	header http.Header
	zipped []byte
}

func newKeeper() *keeper { return &keeper{known: map[keptKey]keptPage{}} }

// keep answers a handler's page from what is kept, or else runs the handler and keeps what it wrote. What is flashed is
// said once, so a page with it is not kept, nor is anything but a whole page that was found.
func (k *keeper) keep(next Handler) Handler {
	return func(q *Req) error {
		_, flashed := q.R.Cookie(q.s.cookieName("flash"))
		if q.Actor == nil || flashed == nil || q.R.Method != http.MethodGet || !strings.Contains(q.R.Header.Get("Accept-Encoding"), "gzip") {
			return next(q)
		}
		key := keptKey{q.Portal.ID, q.Who.Account, q.Who.Behind, q.Session.ID, q.Moment, q.R.URL.RequestURI(), q.View.Lang, q.View.Theme}
		if p, ok := k.get(key, q.Now()); ok {
			return p.write(q.W)
		}
		rec := &recording{ResponseWriter: q.W}
		q.W = rec
		err := next(q)
		q.W = rec.ResponseWriter
		if err != nil || rec.status != http.StatusOK {
			rec.send()
			return err
		}
		p, err := rec.page(earlier(q.Now().Add(keptFor), q.Turn))
		if err != nil {
			return err
		}
		k.put(key, p)
		return p.write(q.W)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (k *keeper) get(key keptKey, now time.Time) (keptPage, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.known[key]
	return p, ok && now.Before(p.until)
}

func (k *keeper) put(key keptKey, p keptPage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bytes += len(p.zipped) + len(key.uri) + 512; k.bytes > keptBytes {
		clear(k.known)
		k.bytes = len(p.zipped)
	}
	k.known[key] = p
}

func (p keptPage) write(w http.ResponseWriter) error {
	h := w.Header()
	for name, values := range p.header {
		h[name] = values
	}
	h.Set("Content-Encoding", "gzip")
	h.Add("Vary", "Accept-Encoding")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(p.zipped) // a reader who left is no error of ours
	return nil
}

// recording holds an answer back until it is whole.
type recording struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recording) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write keeps the bytes.
func (r *recording) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

// send writes what was recorded, if anything was.
func (r *recording) send() {
	if r.status != 0 {
		r.ResponseWriter.WriteHeader(r.status)
		_, _ = r.ResponseWriter.Write(r.body.Bytes()) // a reader who left is no error of ours
	}
}

func (r *recording) page(until time.Time) (keptPage, error) {
	var zipped bytes.Buffer
	z, err := gzip.NewWriterLevel(&zipped, gzip.DefaultCompression)
	if err != nil {
		return keptPage{}, err
	}
	if _, err := z.Write(r.body.Bytes()); err != nil {
		return keptPage{}, err
	}
	if err := z.Close(); err != nil {
		return keptPage{}, err
	}
	return keptPage{until, http.Header{"Content-Type": {r.Header().Get("Content-Type")}}, zipped.Bytes()}, nil
}
