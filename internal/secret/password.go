// Package secret holds what proves who somebody is: hashes of passwords, random tokens, signed tokens, and the rules
// and the making of passwords.
package secret

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"provost/internal/fail"
)

// Params is what one hash costs.
type Params struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

var (
	// Strong is what OWASP asks of Argon2id: about 40 ms of one processor.
	Strong = Params{Time: 2, Memory: 19 << 10, Threads: 1}
	// Fast is for tests alone.
	Fast = Params{Time: 1, Memory: 64, Threads: 1}
	// most bounds what a stored hash may ask for, so that a broken row cannot stop the portal.
	most = Params{Time: 20, Memory: 1 << 20, Threads: 16}
)

const (
	saltBytes = 16
	keyBytes  = 32
	// onceTakes is about what one Strong hash takes, to tell a refused caller when to come back.
	onceTakes = 50 * time.Millisecond
)

// Hasher hashes passwords with Argon2id, so many at a time; so many more wait, and any beyond them are told to come
// back (QUALITY: a sign-in storm must not starve the pages).
type Hasher struct {
	params  Params
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
}

// NewHasher makes a hasher with a number of workers, or one for each processor with 0, and a number of places to wait,
// or 48 with 0.
func NewHasher(params Params, workers, queue int) *Hasher {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if queue <= 0 {
		queue = 48
	}
	return &Hasher{params: params, slots: make(chan struct{}, workers), queue: int64(queue)}
}

// Hash hashes a password as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$key. It fails as Busy when too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	s := stored{Params: h.params, salt: make([]byte, saltBytes)}
	_, _ = rand.Read(s.salt) // never fails
	err := h.run(ctx, func() { s.key = s.derive(password, keyBytes) })
	return s.String(), err
}

// Verify tells whether a password is the one of a stored hash, at the cost that the hash itself names. Without a
// hash it takes as long as with one, and says no. Errors: Busy, the context's, or a hash that is none.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (bool, error) {
	if phc == "" {
		return false, h.VerifyNobody(ctx, password)
	}
	s, err := parse(phc)
	if err != nil {
		return false, err
	}
	same := false
	err = h.run(ctx, func() { same = subtle.ConstantTimeCompare(s.key, s.derive(password, len(s.key))) == 1 })
	return same && err == nil, err
}

// VerifyNobody takes as long as Verify, and fails as it does: a sign-in under a name that nobody has must not be
// told from one with a wrong password.
func (h *Hasher) VerifyNobody(ctx context.Context, password string) error {
	s := stored{Params: h.params, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}
	return h.run(ctx, func() { subtle.ConstantTimeCompare(s.key, s.derive(password, keyBytes)) })
}

// Stale tells whether a stored hash costs less than this hasher's: after the next good sign-in it should be made anew.
func (h *Hasher) Stale(phc string) bool {
	s, err := parse(phc)
	return err != nil || s.Time < h.params.Time || s.Memory < h.params.Memory
}

// run waits for a worker and does the work. A context that ends while it waits ends the wait.
func (h *Hasher) run(ctx context.Context, work func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case h.slots <- struct{}{}:
	default:
		if err := h.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-h.slots }()
	work()
	return nil
}

func (h *Hasher) wait(ctx context.Context) error {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > h.queue {
		turns := h.queue/int64(cap(h.slots)) + 1
		return &fail.Error{Kind: fail.Busy, Message: "Many people are signing in. Please try again in a moment.",
			RetryAfter: max(time.Second, time.Duration(turns)*onceTakes)}
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stored is a hash taken apart.
type stored struct {
	Params
	salt, key []byte
}

// derive hashes the password in the one of its spellings that RFC 8265 says, whatever keyboard it came from.
func (s stored) derive(password string, size int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), s.salt, s.Time, s.Memory, s.Threads, uint32(size))
}

// String is the PHC string.
func (s stored) String() string {
	if s.key == nil {
		return ""
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.Memory, s.Time, s.Threads, b64.EncodeToString(s.salt), b64.EncodeToString(s.key))
}

// parse reads a PHC string. Its text never gets into the error.
func parse(phc string) (s stored, err error) {
	var version int
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return s, fail.New(fail.Fault, "secret: a stored hash is not of Argon2id")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &s.Memory, &s.Time, &s.Threads); err != nil || version != argon2.Version {
		return s, fail.New(fail.Fault, "secret: a stored hash has no parameters that are known")
	}
	s.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	if err == nil {
		s.key, err = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	}
	within := s.Time >= 1 && s.Time <= most.Time && s.Memory >= 8 && s.Memory <= most.Memory && s.Threads >= 1 && s.Threads <= most.Threads
	if err != nil || !within || len(s.salt) < 8 || len(s.key) < 16 || len(s.key) > 64 {
		return s, fail.New(fail.Fault, "secret: a stored hash is out of bounds")
	}
	return s, nil
}
