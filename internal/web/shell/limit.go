package shell

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"provost/internal/fail"
)

// limiter bounds, on this node, how often one address may try to prove who it is. The database counts failures for all
// nodes; this keeps a flood from reaching it.
type limiter struct {
	mu   sync.Mutex
	seen map[string]*rate.Limiter
}

const (
	// perAddress is how many tries a second an address has, burst how many at once.
	perAddress, burst = 20, 100
	// mostAddresses are remembered; past it all begin anew.
	mostAddresses = 50_000
)

func newLimiter() *limiter { return &limiter{seen: map[string]*rate.Limiter{}} }

// take is Busy where an address tries too often.
func (l *limiter) take(address string, now time.Time) error {
	l.mu.Lock()
	one := l.seen[address]
	if one == nil {
		if len(l.seen) >= mostAddresses {
			clear(l.seen)
		}
		one = rate.NewLimiter(perAddress, burst)
		l.seen[address] = one
	}
	l.mu.Unlock()
	if one.AllowN(now, 1) {
		return nil
	}
	return &fail.Error{Kind: fail.Busy, Message: "That was too often. Please wait a while, then try again.", RetryAfter: 5 * time.Second}
}
