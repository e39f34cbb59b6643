// Package db runs one text of SQL on SQLite and on PostgreSQL.
package db

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"math"
	"sync/atomic"
	"time"
)

// ID names a row: time-ordered, made in Go, a BIGINT in the database and 13 characters outside.
type ID int64

// Never is the `until` of what has no end, in microseconds.
const Never = int64(math.MaxInt64)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var lastID atomic.Int64

// NewID makes an ID: 41 bits of milliseconds since 2020, then 22 bits that start at random.
// Within one process IDs always grow; two nodes differ by the random part.
func NewID() ID {
	for {
		next := time.Since(epoch).Milliseconds()<<22 | randomBits()
		last := lastID.Load()
		if next <= last {
			next = last + 1
		}
		if lastID.CompareAndSwap(last, next) {
			return ID(next)
		}
	}
}

var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func randomBits() int64 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return int64(binary.BigEndian.Uint32(b[:]) >> 10)
}

// String is the ID as it is shown outside: 13 characters of Crockford's base 32.
func (id ID) String() string {
	var out [13]byte
	rest := uint64(id)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[rest&31]
		rest >>= 5
	}
	return string(out[:])
}

var errID = errors.New("not an id")

// ParseID reads what String wrote and nothing else.
func ParseID(s string) (ID, error) {
	if len(s) != 13 {
		return 0, errID
	}
	var v uint64
	for i := range len(s) {
		d := digit(s[i])
		if d < 0 || (i == 0 && d > 7) {
			return 0, errID
		}
		v = v<<5 | uint64(d)
	}
	return ID(v), nil
}

func digit(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}

// MarshalText is String, for JSON, URLs and forms. The zero ID is empty.
func (id ID) MarshalText() ([]byte, error) {
	if id == 0 {
		return nil, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText is ParseID; an empty text is the zero ID.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = 0
		return nil
	}
	v, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = v
	return nil
}

// Micros is a time as the database keeps it: microseconds since 1970, UTC.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Time is the time that Micros wrote.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// TimeOrZero is Time, but the zero time for 0, which columns keep for what has not happened.
func TimeOrZero(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return Time(micros)
}

// MicrosOrZero is Micros, but 0 for the zero time.
func MicrosOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return Micros(t)
}

// ScanID reads a row of one column that is an id.
func ScanID(s Scanner) (id ID, err error) { return id, s.Scan(&id) }

// EndOrZero is when something ends; zero where it never does.
func EndOrZero(until int64) time.Time {
	if until == Never {
		return time.Time{}
	}
	return Time(until)
}
