package attack_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/web"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

const (
	stormPeople = 1000
	stormWrong  = 100 // of them
	stormOffice = 300 // of them come from one address
	// stormHeap bounds the memory of the whole process, clients and all: a thousand hashes at once would take 19 GB.
	stormHeap = 512 << 20
)

// storm is a server on a port of its own with everything that costs: real hashes, the real clock, and people to sign in.
type storm struct {
	t    *testing.T
	at   string
	http *http.Client
	// codes are how often each status was answered; slow is the longest that a page took meanwhile, heap the most memory.
	mu    sync.Mutex
	codes map[int]int
	in    atomic.Int64
	slow  atomic.Int64
	heap  atomic.Uint64
}

func newStorm(t *testing.T) *storm {
	w := worldtest.New(t)
	env := *w.Env
	env.Now, env.Hasher = time.Now, secret.NewHasher(secret.Strong, 0, 0)
	hash, err := env.Hasher.Hash(t.Context(), world.Password)
	if err != nil {
		t.Fatal(err)
	}
	err = env.DB.Write(t.Context(), func(tx *db.Tx) error {
		accounts, err := store.NewAccountWriter(t.Context(), tx, 0, w.Clock.Now())
		if err != nil {
			return err
		}
		org := w.Orgs["North"]
		var list []*store.ImportedAccount
		for i := range stormPeople {
			list = append(list, &store.ImportedAccount{Account: store.Account{Portal: org.Portal, Org: org.ID, Name: "Person", Username: fmt.Sprint("person", i)},
				Attributes: "{}", Password: hash, Types: []access.RoleID{access.Learner}, At: org.PlaceThing()})
		}
		if err := accounts.Add(t.Context(), tx, list); err != nil {
			return err
		}
		return accounts.Close(t.Context(), tx, org.Portal)
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := web.New(&env, web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := s.HTTP(s.Handler())
	go func() { _ = server.Serve(listener) }() // until it is closed
	transport := &http.Transport{MaxIdleConnsPerHost: stormPeople}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		s.Close()
	})
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &storm{t: t, at: "http://" + listener.Addr().String(), http: &http.Client{Transport: transport, CheckRedirect: stay, Timeout: time.Minute}, codes: map[int]int{}}
}

// ask sends a request from an address, and counts the answer.
func (s *storm) ask(method, path, from string, form url.Values, cookie *http.Cookie) (*http.Response, error) {
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("X-Forwarded-For", from)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	out, err := s.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	_, err = io.Copy(io.Discard, out.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[out.StatusCode]++
	return out, err
}

// person signs in as often as told to come back, until they are in or refused.
func (s *storm) person(i int) error {
	from, password := fmt.Sprintf("10.%d.%d.1", i/250, i%250), world.Password
	if i < stormOffice {
		from = "192.0.2.1"
	}
	if i%(stormPeople/stormWrong) == 0 {
		password = "something else altogether"
	}
	for {
		out, err := s.ask(http.MethodPost, "/sign-in", from, url.Values{"login": {fmt.Sprint("person", i)}, "password": {password}}, nil)
		if err != nil {
			return err
		}
		switch {
		case out.StatusCode == http.StatusTooManyRequests:
			after, err := strconv.Atoi(out.Header.Get("Retry-After"))
			if err != nil || after < 1 {
				return errors.New("told to come back, and not when: " + out.Header.Get("Retry-After"))
			}
			time.Sleep(time.Duration(after)*time.Second + time.Duration(rand.IntN(1000))*time.Millisecond)
		case password != world.Password:
			if out.StatusCode != http.StatusUnprocessableEntity {
				return fmt.Errorf("a wrong password: %d", out.StatusCode)
			}
			return nil
		case out.StatusCode != http.StatusSeeOther || len(out.Cookies()) == 0:
			return fmt.Errorf("a right password: %d", out.StatusCode)
		default:
			s.in.Add(1)
			return s.page(out.Cookies()[0], from)
		}
	}
}

// page opens a page with a session, and keeps how long it took.
func (s *storm) page(cookie *http.Cookie, from string) error {
	began := time.Now()
	out, err := s.ask(http.MethodGet, "/account", from, nil, cookie)
	if took := int64(time.Since(began)); took > s.slow.Load() {
		s.slow.Store(took)
	}
	if err == nil && out.StatusCode != http.StatusOK {
		err = fmt.Errorf("the session opens nothing: %d", out.StatusCode)
	}
	return err
}

// watch keeps the most memory that is in use, until it is told to stop.
func (s *storm) watch(stop <-chan struct{}) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for {
		select {
		case <-stop:
			return
		case <-time.After(20 * time.Millisecond):
			metrics.Read(sample)
			s.heap.Store(max(s.heap.Load(), sample[0].Value.Uint64()))
		}
	}
}

// QUALITY, load: 1,000 people sign in at once, one in ten with a wrong password. Nothing fails; beyond the queue they are told
// when to come back; all who are right get in, and nobody else; memory is bounded.
func TestThousandSignIns(t *testing.T) {
	if testing.Short() || dbtest.Postgres() { // it is hashing that costs, not the database
		t.Skip("takes a minute or two")
	}
	s := newStorm(t)
	stop, began := make(chan struct{}), time.Now()
	go s.watch(stop)
	var all sync.WaitGroup
	for i := range stormPeople {
		all.Go(func() {
			if err := s.person(i); err != nil {
				t.Errorf("person %d: %v", i, err)
			}
		})
	}
	all.Wait()
	close(stop)
	for code, n := range s.codes {
		if code >= 500 {
			t.Errorf("%d times %d", n, code)
		}
	}
	if s.codes[http.StatusTooManyRequests] == 0 || s.in.Load() != stormPeople-stormWrong || s.codes[http.StatusUnprocessableEntity] != stormWrong {
		t.Errorf("%d are in; %v", s.in.Load(), s.codes)
	}
	if got := s.heap.Load(); got > stormHeap {
		t.Errorf("%d MB in use", got>>20)
	}
	t.Logf("%d in after %v; answers %v; %d MB in use at most; the slowest page took %v", s.in.Load(), time.Since(began).Round(time.Second), s.codes, s.heap.Load()>>20,
		time.Duration(s.slow.Load()).Round(time.Millisecond))
}
