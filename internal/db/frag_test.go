package db_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"provost/internal/db"
)

func TestSQL(t *testing.T) {
	type status string
	type state []status
	many := make([]db.ID, 600)
	var none *int64
	within := db.SQL("t.portal_id = ? AND t.org_id IN ?", db.ID(1), []db.ID{2, 3})
	for _, c := range []struct {
		got  db.Frag
		text string
		args []any
	}{
		{db.SQL("SELECT 1"), "SELECT 1", nil},
		{db.SQL("a = ? AND ? AND b = ?", "x", within, true), "a = ? AND t.portal_id = ? AND t.org_id IN (?,?) AND b = ?", []any{"x", int64(1), int64(2), int64(3), true}},
		{db.SQL(`'?' || "a?" -- ?`+"\n/* ? */ || ? || 'it''s ?'", 5), `'?' || "a?" -- ?` + "\n/* ? */ || ? || 'it''s ?'", []any{int64(5)}},
		{db.SQL("s IN ?", state{"a", "b"}), "s IN (?,?)", []any{"a", "b"}},
		{db.SQL("s IN ?", []string{}), "s IN (NULL)", nil},
		{db.SQL("s IN ?", []db.ID(nil)), "s IN (NULL)", nil},
		{db.SQL("s = ?", []byte("raw")), "s = ?", []any{[]byte("raw")}},
		{db.SQL("s = ? OR s = ?", none, nil), "s = ? OR s = ?", []any{nil, nil}},
		{db.SQL("s IN ?", many), "s IN (0" + strings.Repeat(",0", 599) + ")", nil},
		{db.SQL("x ?", db.Frag{}), "x ", nil},
		{db.And(), "1=1", nil},
		{db.Or(), "1=0", nil},
		{db.And(within, db.Or(db.SQL("a = ?", 1), db.SQL("b"))), "(t.portal_id = ? AND t.org_id IN (?,?) AND (a = ? OR b))", []any{int64(1), int64(2), int64(3), int64(1)}},
		{db.Join(", ", db.SQL("a = ?", 1), db.SQL("b = ?", 2.5)), "a = ?, b = ?", []any{int64(1), 2.5}},
	} {
		same := func(a, b any) bool {
			x, ok := a.([]byte)
			y, _ := b.([]byte)
			return ok && string(x) == string(y) || !ok && a == b
		}
		if c.got.Text() != c.text || !slices.EqualFunc(c.got.Args(), c.args, same) {
			t.Errorf("%q %v\nwanted %q %v", c.got.Text(), c.got.Args(), c.text, c.args)
		}
	}
	if !(db.Frag{}).Empty() || within.Empty() {
		t.Error("Empty")
	}
}

func TestSQLMistakesPanic(t *testing.T) {
	for name, mistake := range map[string]func(){
		"too few arguments":  func() { db.SQL("a = ? AND b = ?", 1) },
		"too many arguments": func() { db.SQL("a = ?", 1, 2) },
		"a quoted one":       func() { db.SQL("a = '?'", 1) },
		"a time":             func() { db.SQL("a = ?", time.Time{}) },
		"a struct":           func() { db.SQL("a = ?", struct{}{}) },
		"a list of times":    func() { db.SQL("a IN ?", []time.Time{{}}) },
		"a forgotten filter": func() { db.And(db.SQL("a"), db.Frag{}) },
		"and in Or":          func() { db.Or(db.Frag{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error(name, "passed")
				}
			}()
			mistake()
		}()
	}
}

func TestNumbered(t *testing.T) {
	if got := db.Numbered(`a = ? AND b = '?' AND c IN (?,?) -- ?`); got != `a = $1 AND b = '?' AND c IN ($2,$3) -- ?` {
		t.Error(got)
	}
}

// A list finds its rows, an empty one none, on both databases, and so does a very long one.
func TestListsFind(t *testing.T) {
	d := things(t, 3)
	long := make([]db.ID, 40_000)
	for i := range long {
		long[i] = db.ID(i + 1)
	}
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		for want, list := range map[int]any{0: []int64{}, 1: []string{"thing 1", "?"}, 2: long, 3: []db.ID{0, 1, 2, 9}} {
			q := db.SQL("SELECT count(*) FROM things WHERE id IN ?", list)
			if _, ok := list.([]string); ok {
				q = db.SQL("SELECT count(*) FROM things WHERE name IN ?", list)
			}
			if n, err := db.Val[int](ctx, tx, q); n != want || err != nil {
				t.Errorf("%d rows, not %d (%v)", n, want, err)
			}
		}
		return nil
	}))
}

func FuzzSQL(f *testing.F) {
	f.Add("a = ? AND b = '?'")
	f.Add("'")
	f.Add("/*?")
	f.Add("--")
	f.Fuzz(func(t *testing.T, text string) {
		n := strings.Count(db.Numbered(text), "$") - strings.Count(text, "$")
		args := make([]any, n)
		if db.SQL(text, args...).Text() != text {
			t.Error("a text without lists changed")
		}
	})
}

// The number of a LIMIT stands in the text: SQLite would compile a statement anew each time that one is bound there.
func TestLimitInText(t *testing.T) {
	got := db.SQL("SELECT ? FROM things WHERE id > ? LIMIT ?", 1, int64(2), 51)
	if got.Text() != "SELECT ? FROM things WHERE id > ? LIMIT 51" || len(got.Args()) != 2 {
		t.Errorf("%q, %v", got.Text(), got.Args())
	}
}
