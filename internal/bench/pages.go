package main

import (
	"bufio"

	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"sync"
	"time"

	"provost/internal/db"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/web"
)

// site is a portal's pages, served on loopback, with the session of one person.
type site struct {
	address string
	cookie  string
	server  *http.Server
}

func (p *portal) serve(ctx context.Context, who db.ID) (*site, error) {
	pages, err := web.New(p.env, web.Config{})
	if err != nil {
		return nil, err
	}
	token, hash := secret.NewToken("pvs_")
	err = p.env.DB.Write(ctx, func(tx *db.Tx) error {
		return store.BeginSession(ctx, tx, store.Session{ID: db.NewID(), Portal: p.id, Account: who, Kind: store.BrowserSession, Created: now, Until: now.Add(time.Hour)}, hash)
	})
	if err != nil {
		return nil, err
	}
	return listen(pages.HTTP(pages.Handler()), "provost="+token)
}

func listen(server *http.Server, cookie string) (*site, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = server.Serve(l) }()
	return &site{l.Addr().String(), cookie, server}, nil
}

// same is the floor of a page: net/http that writes the same bytes from memory.
func same(body []byte, header http.Header) (*site, error) {
	return listen(&http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Security-Policy"} {
			if v := header.Get(name); v != "" {
				w.Header().Set(name, v)
			}
		}
		_, _ = w.Write(body)
	}), ReadHeaderTimeout: 5 * time.Second}, "none=1")
}

// request is what a browser sends for a page.
func (s *site) request(path string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\n\r\n", path, s.address, s.cookie)
}

// get asks once and returns the answer's body as sent.
func (s *site) get(path string) ([]byte, http.Header, error) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	if _, err := conn.Write(s.request(path)); err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %.300s", path, resp.Status, body)
	}
	return body, resp.Header, err
}

// peers is how many connections ask at once.
const peers = 4

// rate is how many requests a second the site answers, asked over several connections for a while.
func (s *site) rate(path string, during time.Duration) (float64, error) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	var total int
	var failed error
	until := time.Now().Add(during)
	for range peers {
		wait.Go(func() {
			n, err := s.ask(path, until)
			mu.Lock()
			defer mu.Unlock()
			total += n
			if err != nil {
				failed = err
			}
		})
	}
	wait.Wait()
	return float64(total) / during.Seconds(), failed
}

func (s *site) ask(path string, until time.Time) (n int, err error) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	request, in := s.request(path), bufio.NewReaderSize(conn, 64<<10)
	for time.Now().Before(until) {
		if _, err := conn.Write(request); err != nil {
			return n, err
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return n, err
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return n, err
		}
		if resp.StatusCode != http.StatusOK {
			return n, fmt.Errorf("%s answers %s", path, resp.Status)
		}
		n++
	}
	return n, nil
}

// against measures a page and its floor by turns, and returns both rates at their best.
func (s *site) against(path string) (page, floor float64, size int, err error) {
	body, header, err := s.get(path)
	if err != nil {
		return 0, 0, 0, err
	}
	low, err := same(body, header)
	if err != nil {
		return 0, 0, 0, err
	}
	defer low.server.Close()
	for range 3 {
		p, err := s.rate(path, 2*time.Second)
		if err != nil {
			return 0, 0, 0, err
		}
		f, err := low.rate("/", 2*time.Second)
		if err != nil {
			return 0, 0, 0, err
		}
		page, floor = max(page, p), max(floor, f)
	}
	return page, floor, len(body), nil
}

// people compares the Users page in portals of three sizes with net/http that writes the same bytes.
func people(ctx context.Context) ([]line, error) {
	var lines []line
	var smallest, largest float64
	for _, size := range []int{1_000, 100_000, 1_000_000} {
		page, floor, bytes, err := peoplePage(ctx, size)
		if err != nil {
			return nil, err
		}
		cost := floor / page // by what else the machine did at that moment, both were slowed down
		if smallest == 0 {
			smallest = cost
		}
		largest = max(largest, cost/smallest)
		lines = append(lines, line{fmt.Sprintf("page of 50 people out of %s, %d KB sent", thousands(size), bytes/1024), "net/http writing the same bytes from memory",
			"a third of its requests a second", fmt.Sprintf("%.2f (%.0f a second against %.0f)", page/floor, page, floor), page/floor >= 1.0/3})
	}
	return append(lines, line{"the same page, the largest portal against the smallest", "the smallest, each by its floor of that moment", "at most 1.3 times its time",
		fmt.Sprintf("%.2f times", largest), largest <= 1.3}), nil
}

func peoplePage(ctx context.Context, size int) (page, floor float64, bytes int, err error) {
	p, err := newPortal(ctx, size, 400)
	if err != nil {
		return 0, 0, 0, err
	}
	defer p.close()
	s, err := p.serve(ctx, p.super.ID)
	if err != nil {
		return 0, 0, 0, err
	}
	defer s.server.Close()
	return s.against("/manage/users")
}

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
