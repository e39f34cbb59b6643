package known

import (
	"sync"
	"time"

	"provost/internal/access"
	"provost/internal/db"
)

// Facts are people and places of a portal as they are at one of its moments, which its last row of audit numbers: nothing
// changes without one. What turns by itself, a grant that begins or ends, bounds how long a person is given from here.
type Facts[P interface{ At(now int64) bool }] struct {
	Moment int64

	mu     sync.Mutex
	people map[db.ID]P
	things map[access.Place]access.Thing
	names  map[string]db.ID
}

// NewFacts are none yet.
func NewFacts[P interface{ At(now int64) bool }](moment int64) *Facts[P] {
	return &Facts[P]{Moment: moment, people: map[db.ID]P{}, things: map[access.Place]access.Thing{}, names: map[string]db.ID{}}
}

// Person is somebody at a time; false where that is not known.
func (f *Facts[P]) Person(id db.ID, now time.Time) (P, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.people[id]
	return p, ok && p.At(db.Micros(now))
}

// Thing is a place other than a person, with where it lies; false where that is not known.
func (f *Facts[P]) Thing(place access.Place) (access.Thing, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t, ok := f.things[place]
	return t, ok
}

// Named is who has a user name or an address, as db.Key folds it; false where that is not known.
func (f *Facts[P]) Named(key string) (db.ID, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.names[key]
	return id, ok
}

// KeepPeople keeps people as they were read at the moment.
func (f *Facts[P]) KeepPeople(list map[db.ID]P) { keep(&f.mu, f.people, list) }

// KeepThings keeps places with where they lie.
func (f *Facts[P]) KeepThings(list map[access.Place]access.Thing) { keep(&f.mu, f.things, list) }

// KeepNames keeps who is called how.
func (f *Facts[P]) KeepNames(list map[string]db.ID) { keep(&f.mu, f.names, list) }

// maxKept bounds what is kept of a portal of each kind; past it keeping begins anew.
const maxKept = 20_000

func keep[K comparable, V any](mu *sync.Mutex, known, more map[K]V) {
	mu.Lock()
	defer mu.Unlock()
	if len(known)+len(more) > maxKept {
		clear(known)
	}
	for k, v := range more {
		known[k] = v
	}
}
