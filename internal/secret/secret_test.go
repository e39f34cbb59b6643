package secret

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/fail"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// TestHash: a hash takes its password and no other, and two hashes of one password differ.
func TestHash(t *testing.T) {
	h := NewHasher(Fast, 0, 0)
	one, err := h.Hash(t.Context(), "caf\u00e9 au lait")
	two, err2 := h.Hash(t.Context(), "caf\u00e9 au lait")
	if err != nil || err2 != nil || one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatal(one, two, err, err2)
	}
	for password, want := range map[string]bool{"café au lait": true, "cafe\u0301 au lait": true, "cafe au lait": false, "": false} {
		if got, err := h.Verify(t.Context(), one, password); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
}

// TestKnownHash: a hash from the tests of the reference implementation is taken, at its own cost.
func TestKnownHash(t *testing.T) {
	const known = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	h := NewHasher(Strong, 1, 1)
	if ok, err := h.Verify(t.Context(), known, "password"); !ok || err != nil {
		t.Error(ok, err)
	}
	if !h.Stale(known) || NewHasher(Fast, 1, 1).Stale(known) {
		t.Error("stale")
	}
}

// TestBrokenHash: what is no hash, or asks for too much, is a fault that does not repeat it.
func TestBrokenHash(t *testing.T) {
	h := NewHasher(Fast, 1, 1)
	for _, phc := range []string{"x", "$2a$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"} {
		ok, err := h.Verify(t.Context(), phc, "password")
		if ok || !fail.Is(err, fail.Fault) || strings.Contains(err.Error(), "c29t") {
			t.Errorf("%q: %v, %v", phc, ok, err)
		}
	}
}

// TestBusy: the waiting room is bounded, whoever gives up leaves it, and whoever waits is served.
func TestBusy(t *testing.T) {
	h := NewHasher(Fast, 1, 2)
	h.slots <- struct{}{} // the one worker is at work
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 2)
	for range 2 {
		go func() { _, err := h.Hash(ctx, "x"); served <- err }()
	}
	for h.waiting.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	err := h.VerifyNobody(t.Context(), "x")
	if e, ok := errors.AsType[*fail.Error](err); !ok || e.Kind != fail.Busy || e.RetryAfter < time.Second {
		t.Errorf("third: %v", err)
	}
	stop()
	for range 2 {
		if err := <-served; !errors.Is(err, context.Canceled) {
			t.Errorf("waiting: %v", err)
		}
	}
	go func() { served <- h.VerifyNobody(t.Context(), "x") }()
	for h.waiting.Load() < 1 {
		time.Sleep(time.Millisecond)
	}
	<-h.slots
	if err := <-served; err != nil {
		t.Error(err)
	}
	if err := h.VerifyNobody(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

// TestStorm: many at once are all answered, and no more than the workers hash at a time.
func TestStorm(t *testing.T) {
	h := NewHasher(Fast, 2, 10)
	phc, err := h.Hash(t.Context(), "right")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			want := i%10 != 0
			ok, err := h.Verify(t.Context(), phc, map[bool]string{true: "right", false: "wrong"}[want])
			if !fail.Is(err, fail.Busy) && (err != nil || ok != want) {
				t.Error(ok, err)
			}
		})
	}
	all.Wait()
	if len(h.slots) != 0 || h.waiting.Load() != 0 {
		t.Error("places were lost", len(h.slots), h.waiting.Load())
	}
}

// TestNobody: verifying for a name that nobody has costs what a real one does. The memory that Argon2 fills is the
// measure, for time says little on a machine with other work.
func TestNobody(t *testing.T) {
	h := NewHasher(Params{Time: 1, Memory: 8 << 10, Threads: 1}, 1, 1)
	phc, err := h.Hash(t.Context(), "right")
	if err != nil {
		t.Fatal(err)
	}
	cost := func(do func() error) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := do(); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) >> 20
	}
	known := cost(func() error { _, err := h.Verify(t.Context(), phc, "wrong"); return err })
	nobody := cost(func() error { return h.VerifyNobody(t.Context(), "wrong") })
	without := cost(func() error { _, err := h.Verify(t.Context(), "", "wrong"); return err })
	if known != 8 || nobody != 8 || without != 8 {
		t.Errorf("known %d MiB, nobody %d, without a password %d", known, nobody, without)
	}
}

// TestToken: tokens differ, say what they are, and are found by their hash.
func TestToken(t *testing.T) {
	one, hash := NewToken(Session)
	two, _ := NewToken(Session)
	if one == two || !strings.HasPrefix(one, "pvs_") || len(one) != 4+43 || !bytes.Equal(hash, HashToken(one)) || bytes.Equal(hash, HashToken(two)) {
		t.Error(one, two)
	}
}

// TestSigned: a token opens with its key, for its purpose, until its moment, and after no change of a single sign.
func TestSigned(t *testing.T) {
	key := NewKey()
	token := Sign(key, "embed", []byte("ann"), noon)
	before := noon.Add(-time.Microsecond)
	if got, err := Open(key, "embed", token, before); err != nil || string(got) != "ann" {
		t.Fatal(string(got), err)
	}
	refused := func(what string, key []byte, purpose, token string, now time.Time) {
		t.Helper()
		if got, err := Open(key, purpose, token, now); got != nil || !fail.Is(err, fail.SignIn) {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	refused("at its end", key, "embed", token, noon)
	refused("another key", NewKey(), "embed", token, before)
	refused("another purpose", key, "embe", token, before)
	refused("nothing", key, "embed", "", before)
	refused("no body", key, "embed", ".", before)
	for i := range token {
		for _, c := range []byte("Aw.") {
			if token[i] != c {
				refused("changed", key, "embed", token[:i]+string(c)+token[i+1:], before)
			}
		}
		refused("cut", key, "embed", token[:i], before)
	}
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if last := len(token) - 1; string(c) != token[last:] {
			refused("another last sign", key, "embed", token[:last]+string(c), before)
		}
	}
	refused("longer", key, "embed", token+"A", before)
	refused("another purpose of the same length", key, "embad", token, before)
	body, sum, _ := strings.Cut(token, ".")
	raw, _ := base64.RawURLEncoding.DecodeString(body)
	refused("a byte moved from the body to the purpose", key, "embed"+string(raw[:1]), base64.RawURLEncoding.EncodeToString(raw[1:])+"."+sum, before)
}

// TestPolicy: what is refused, and what a person may choose.
func TestPolicy(t *testing.T) {
	context := []string{"ann.meadow", "Ann Meadow", "ann.meadow@acme.example", "Acme Learning"}
	for _, c := range []struct {
		policy   Policy
		password string
		want     string
	}{
		{Policy{}, "correct horse battery staple", ""},
		{Policy{}, "Tr0ub4dor&3 hgu", ""},
		{Policy{}, "plötzlich regnet es Katzen", ""},
		{Policy{}, strings.Repeat("long but fine ", 16), ""},
		{Policy{}, "kx7!qpz3mw9#", ""},
		{Policy{}, "x7!qpz3mw9#", "at least 12"},
		{Policy{}, "", "at least 12"},
		{Policy{}, strings.Repeat("so long ", 40), "at most 256"},
		{Policy{}, "kx7!qpz3mw9#\n", "cannot be seen"},
		{Policy{}, "password1234", "attackers"},
		{Policy{}, "P@ssw0rd2026!", "attackers"},
		{Policy{}, "Sommer2026!!", "attackers"},
		{Policy{}, "aaaaaaaaaaaaaaaa", "attackers"},
		{Policy{}, "abcabcabcabc", "attackers"},
		{Policy{}, "qwertyuiop[]12", "attackers"},
		{Policy{}, "1q2w3e4r5t6z", ""},
		{Policy{}, "1qaz2wsx3edc", "attackers"},
		{Policy{}, "123456789012", "attackers"},
		{Policy{}, "0987654321ba", "attackers"},
		{Policy{}, "iloveyou-iloveyou", "attackers"},
		{Policy{}, "WelcomeWelcome1", "attackers"},
		{Policy{}, "Annmeadow1987", "your name"},
		{Policy{}, "acme-meadow-ann", "your name"},
		{Policy{}, "meadowmeadow99", "your name"},
		{Policy{}, "ann likes 17 foxes", ""},
		{Policy{MinLength: 8}, "kx7!qpz3", ""},
		{Policy{MinLength: 4}, "kx7!qpz", "at least 8"},
		{Policy{Classes: 3}, "kxqpzmwtrhgu", "at least 3 of these"},
		{Policy{Classes: 3}, "kxqpZmwtrhg7", ""},
	} {
		got := fail.Several{Between: " ", Texts: c.policy.Check(c.password, context...)}.String()
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%+v %q: %q, want %q", c.policy, c.password, got, c.want)
		}
	}
}

// TestIssue: an issued password passes the policy that issued it, and no two are the same.
func TestIssue(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range []Policy{{}, {MinLength: 40}, {Classes: 4}} {
		for range 300 {
			s := p.Issue()
			if wrong := p.Check(s, "ann@acme.example"); len(wrong) > 0 || seen[s] || len(s) > p.least()+20 {
				t.Fatalf("%s: %v", s, wrong)
			}
			seen[s] = true
		}
	}
	t.Log(Policy{}.Issue())
}

// BenchmarkHash is one hash at full strength.
func BenchmarkHash(b *testing.B) {
	h := NewHasher(Strong, 1, 1)
	for b.Loop() {
		if _, err := h.Hash(b.Context(), "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck is one look at a long password.
func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		Policy{}.Check(strings.Repeat("0a", 128), "ann", "acme")
	}
}
