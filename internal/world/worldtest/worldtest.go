// Package worldtest gives every test a world of its own: built once in a process, copied for each test.
package worldtest

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/file"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/world"
)

// Test is a copy of the world, its environment, and a clock that the test moves.
type Test struct {
	*world.World
	Env   *op.Env
	Clock *Clock
	// DSN is what db.Open takes for the same database, for another node.
	DSN string
}

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock on.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

var built *world.World

// New copies the world for a test.
func New(t testing.TB) *Test {
	t.Helper()
	dsn := dbtest.CloneDSN(t, "world", func(d *db.DB) (err error) {
		env := newEnv(d, &Clock{now: world.Start})
		password, err := env.Hasher.Hash(context.Background(), world.Password)
		if err != nil {
			return err
		}
		built, err = world.Build(context.Background(), env, password)
		return err
	})
	clock := &Clock{now: world.Start.Add(time.Hour)}
	return &Test{built, Node(t, dsn, clock), clock, dsn}
}

// Node is another server on a database, with a cache of its own.
func Node(t testing.TB, dsn string, clock *Clock) *op.Env {
	t.Helper()
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	env := newEnv(d, clock)
	env.Files = file.At(t.TempDir())
	return env
}

// NewClock is a clock that stands at a time.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// WithKin is New with people of every account type, and relations between people (world.Kin).
func WithKin(t testing.TB) *Test {
	t.Helper()
	w := New(t)
	own := *w.World
	own.People = maps.Clone(own.People)
	w.World = &own
	password, err := w.Env.Hasher.Hash(t.Context(), world.Password)
	if err == nil {
		err = world.Kin(t.Context(), w.Env, &own, password)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func newEnv(d *db.DB, clock *Clock) *op.Env {
	return &op.Env{DB: d, Hasher: secret.NewHasher(secret.Fast, 0, 0), Cache: store.NewCache(), Now: clock.Now, Log: slog.New(slog.DiscardHandler), URL: "http://acme.test", Key: []byte("a key for tests only, 32 bytes !!")}
}

// Upload is a file of somebody's, for an operation's input.
func Upload(name, bytes string) op.Upload {
	return op.NewUpload(name, int64(len(bytes)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(bytes)), nil })
}

// PNG is a small picture.
const PNG = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82"

// As is somebody of the world, by first name, as one who asks for an operation.
func (t *Test) As(first string) op.Who {
	a := t.People[first]
	return op.Who{Portal: a.Portal, Account: a.ID}
}

// Zip is an archive of files by their paths.
func Zip(files map[string]string) string {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			panic(err) // a buffer takes it
		}
	}
	_ = z.Close() // a buffer takes it
	return out.String()
}

// Scorm12 is the manifest of a package of SCORM 1.2 with two items, of which the second has a score to reach.
const Scorm12 = `<?xml version="1.0"?><manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
	<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
	<organizations default="o"><organization identifier="o"><title>Safety</title>
		<item identifier="read" identifierref="r1" isvisible="true"><title>Read</title></item>
		<item identifier="h"><title>Then</title><item identifier="test" identifierref="r2" parameters="?mode=test"><title>Test</title><adlcp:masteryscore>80</adlcp:masteryscore></item></item>
	</organization></organizations>
	<resources><resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="a/read.html"/><resource identifier="r2" type="webcontent" adlcp:scormtype="sco" href="a/test.html?x=1#top"/></resources></manifest>`
