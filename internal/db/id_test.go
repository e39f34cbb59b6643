package db_test

import (
	"encoding/json"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/db"
)

func TestIDForm(t *testing.T) {
	for id, want := range map[db.ID]string{0: "0000000000000", 1: "0000000000001", 31: "000000000000z", 32: "0000000000010", math.MaxInt64: "7zzzzzzzzzzzz"} {
		got := id.String()
		if back, err := db.ParseID(got); got != want || err != nil || back != id {
			t.Errorf("%d is %q, and back %d (%v)", int64(id), got, int64(back), err)
		}
	}
	for _, bad := range []string{"", "1", "000000000000", "00000000000000", "000000000000i", "000000000000l", "000000000000o", "000000000000u",
		"000000000000A", "00000000000 1", "-000000000001", "8000000000000", "zzzzzzzzzzzzz", "000000000000é", strings.Repeat("0", 1<<20)} {
		if id, err := db.ParseID(bad); err == nil {
			t.Errorf("%.20q was read as %d", bad, id)
		}
	}
}

// One ID has one text: two names for one thing would get around checks by name.
func FuzzParseID(f *testing.F) {
	f.Add("0000000000001")
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := db.ParseID(s); err == nil && (id.String() != s || id < 0) {
			t.Errorf("%q is %d, which is %q", s, int64(id), id)
		}
	})
}

func TestIDInJSON(t *testing.T) {
	type doc struct {
		ID   db.ID           `json:"id"`
		None db.ID           `json:"none"`
		By   map[db.ID]int   `json:"by"`
		All  []db.ID         `json:"all"`
		Or   *db.ID          `json:"or"`
		_    json.RawMessage // nothing else
	}
	in := doc{ID: 33, By: map[db.ID]int{1: 2}, All: []db.ID{5}}
	text, err := json.Marshal(in)
	check(t, err)
	if want := `{"id":"0000000000011","none":"","by":{"0000000000001":2},"all":["0000000000005"],"or":null}`; string(text) != want {
		t.Errorf("%s", text)
	}
	var back doc
	if err := json.Unmarshal(text, &back); err != nil || back.ID != 33 || back.None != 0 || back.By[1] != 2 || back.All[0] != 5 {
		t.Errorf("%+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"id":"x"}`), &back); err == nil {
		t.Error("x was taken as an ID")
	}
}

func TestNewIDsGrowAndDiffer(t *testing.T) {
	const each = 20_000
	var all sync.WaitGroup
	got := make([][]db.ID, 4)
	for i := range got {
		all.Go(func() {
			for range each {
				got[i] = append(got[i], db.NewID())
			}
		})
	}
	all.Wait()
	seen := map[db.ID]bool{}
	for _, ids := range got {
		for i, id := range ids {
			if id <= 0 || seen[id] || i > 0 && id <= ids[i-1] {
				t.Fatalf("%d after %d", id, ids[max(0, i-1)])
			}
			seen[id] = true
		}
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 2, 28, 23, 59, 59, 123456789, time.FixedZone("", 3600))
	if back := db.Time(db.Micros(at)); !back.Equal(at.Truncate(time.Microsecond)) || back.Location() != time.UTC {
		t.Error(back)
	}
	if db.Never <= db.Micros(at.AddDate(1000, 0, 0)) {
		t.Error("never comes")
	}
}
