package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/fail"
)

var ctx = context.Background()

type thing struct {
	id   db.ID
	name string
}

func scanThing(row db.Scanner) (t thing, err error) { return t, row.Scan(&t.id, &t.name) }

// things is a database with one table of n rows, 0 to n-1.
func things(t testing.TB, n int) *db.DB {
	t.Helper()
	return dbtest.Clone(t, fmt.Sprint("things ", n), func(d *db.DB) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, db.SQL(d.DDL("CREATE TABLE things (\n\tid BIGINT PRIMARY KEY,\n\tname TEXT NOT NULL,\n\tgood BOOLEAN, part DOUBLE PRECISION, raw BYTEA\n);"))); err != nil {
				return err
			}
			b, err := tx.Batch(ctx, "INSERT INTO things (id, name) VALUES (?, ?)")
			for i := 0; err == nil && i < n; i++ {
				err = b.Exec(i, fmt.Sprint("thing ", i))
			}
			return err
		})
	})
}

func insert(tx *db.Tx, id int, name string) error {
	_, err := tx.Exec(ctx, db.SQL("INSERT INTO things (id, name) VALUES (?, ?)", id, name))
	return err
}

// names is what the table holds, as seen by a new transaction.
func names(t testing.TB, d *db.DB) string {
	t.Helper()
	var all []thing
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, db.SQL("SELECT id, name FROM things ORDER BY id"), scanThing)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, th := range all {
		out = append(out, th.name)
	}
	return strings.Join(out, " ")
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWriteCommits(t *testing.T) {
	d := things(t, 0)
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 1, "a") }))
	if got := names(t, d); got != "a" {
		t.Errorf("holds %q", got)
	}
}

func TestWriteUndoes(t *testing.T) {
	d := things(t, 0)
	own := errors.New("own")
	if err := d.Write(ctx, func(tx *db.Tx) error { return errors.Join(insert(tx, 1, "a"), own) }); !errors.Is(err, own) {
		t.Errorf("an error of fn came back as %v", err)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { check(t, insert(tx, 1, "b")); return fmt.Errorf("preview: %w", db.ErrRollback) }); err != nil {
		t.Errorf("ErrRollback came back as %v", err)
	}
	func() {
		defer func() {
			if got := recover(); got != "boom" {
				t.Errorf("recovered %v", got)
			}
		}()
		_ = d.Write(ctx, func(tx *db.Tx) error { check(t, insert(tx, 1, "c")); panic("boom") })
	}()
	if got := names(t, d); got != "" {
		t.Errorf("holds %q", got)
	}
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 1, "d") })) // and nothing is left locked
}

// A failed statement that fn forgets must not become half a transaction, on either database.
func TestFailedStatementSpoils(t *testing.T) {
	d := things(t, 1)
	for _, end := range []error{nil, db.ErrRollback} {
		err := d.Write(ctx, func(tx *db.Tx) error {
			check(t, insert(tx, 1, "first"))
			if err := insert(tx, 0, "taken"); !db.IsUnique(err) || fail.Of(err) != fail.Fault {
				t.Errorf("a second row 0: %v", err)
			}
			if err := insert(tx, 2, "after"); !db.IsUnique(err) {
				t.Errorf("after the failure: %v", err)
			}
			return end
		})
		if !db.IsUnique(err) {
			t.Errorf("Write returned %v", err)
		}
	}
	if got := names(t, d); got != "thing 0" {
		t.Errorf("holds %q", got)
	}
}

func TestReadCannotWrite(t *testing.T) {
	d := things(t, 0)
	if err := d.Read(ctx, func(tx *db.Tx) error { return insert(tx, 1, "a") }); err == nil {
		t.Error("a reader wrote")
	}
	if err := d.Read(ctx, func(tx *db.Tx) error { _ = insert(tx, 1, "a"); return nil }); err == nil {
		t.Error("a failed statement of a reader was forgotten")
	}
	check(t, d.Read(ctx, func(*db.Tx) error { return db.ErrRollback }))
}

// A reader sees one moment, whatever is committed beside it.
func TestReadIsASnapshot(t *testing.T) {
	d := things(t, 1)
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		count := func() int {
			n, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM things"))
			check(t, err)
			return n
		}
		before := count()
		check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 9, "late") }))
		if after := count(); before != 1 || after != 1 {
			t.Errorf("%d rows, then %d", before, after)
		}
		return nil
	}))
}

func TestOneAndVal(t *testing.T) {
	d := things(t, 3)
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		got, err := db.One(ctx, tx, db.SQL("SELECT id, name FROM things WHERE id = ?", db.ID(2)), scanThing)
		if err != nil || got != (thing{2, "thing 2"}) {
			t.Errorf("One: %v, %v", got, err)
		}
		_, err = db.One(ctx, tx, db.SQL("SELECT id, name FROM things WHERE id = ?", 7), scanThing)
		if !fail.Is(err, fail.NotFound) || err.Error() != "There is no such thing." {
			t.Errorf("One of none: %v", err)
		}
		if _, err := db.Val[int](ctx, tx, db.SQL("SELECT id FROM things WHERE id = 7")); !fail.Is(err, fail.NotFound) {
			t.Errorf("Val of none: %v", err)
		}
		id, err := db.Val[db.ID](ctx, tx, db.SQL("SELECT max(id) FROM things"))
		if err != nil || id != 2 {
			t.Errorf("Val: %v, %v", id, err)
		}
		sum, err := db.Val[int64](ctx, tx, db.SQL("SELECT sum(id) FROM things"))
		if err != nil || sum != 3 {
			t.Errorf("sum: %v, %v", sum, err)
		}
		return nil // nothing found spoils nothing
	}))
}

func TestTypesComeBack(t *testing.T) {
	type kind string
	d := things(t, 0)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		yes, none := true, (*int64)(nil)
		_, err := tx.Exec(ctx, db.SQL("INSERT INTO things (id, name, good, part, raw) VALUES (?, ?, ?, ?, ?)", db.NewID(), kind("k"), &yes, 0.5, []byte{0, 255}))
		check(t, err)
		_, err = tx.Exec(ctx, db.SQL("INSERT INTO things (id, name, good, part, raw) VALUES (?, ?, ?, ?, ?)", db.Never, "", false, none, nil))
		return err
	}))
	type row struct {
		name, raw string
		good      bool
		part      *float64
	}
	var got []row
	check(t, d.Read(ctx, func(tx *db.Tx) (err error) {
		got, err = db.All(ctx, tx, db.SQL("SELECT name, good, part, raw FROM things WHERE good OR NOT good ORDER BY id"), func(s db.Scanner) (r row, err error) {
			var raw []byte
			err = s.Scan(&r.name, &r.good, &r.part, &raw)
			r.raw = string(raw)
			return r, err
		})
		return err
	}))
	if len(got) != 2 || got[0].name != "k" || !got[0].good || *got[0].part != 0.5 || got[0].raw != "\x00\xff" || got[1].part != nil || got[1].good {
		t.Errorf("%+v", got)
	}
}

// What one of the databases could not keep, neither takes.
func TestTextThatCannotBeKept(t *testing.T) {
	d := things(t, 0)
	for _, bad := range []string{"a\x00b", "\xff"} {
		if err := d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 1, bad) }); !fail.Is(err, fail.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			b, err := tx.Batch(ctx, "INSERT INTO things (id, name) VALUES (?, ?)")
			check(t, err)
			return b.Exec(1, bad)
		})
		if !fail.Is(err, fail.Invalid) {
			t.Errorf("%q in a batch: %v", bad, err)
		}
	}
}

func TestEach(t *testing.T) {
	d := things(t, 2000)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		seen := 0
		for th, err := range db.Each(ctx, tx, db.SQL("SELECT id, name FROM things ORDER BY id"), scanThing) {
			check(t, err)
			if seen++; th.id == 10 {
				break
			}
		}
		if seen != 11 {
			t.Errorf("%d rows before the break", seen)
		}
		check(t, insert(tx, 5000, "after")) // the result is closed
		own := errors.New("own")
		_, err := db.All(ctx, tx, db.SQL("SELECT id, name FROM things"), func(db.Scanner) (thing, error) { return thing{}, own })
		if !errors.Is(err, own) {
			t.Errorf("a failing scan: %v", err)
		}
		return insert(tx, 5001, "after a failing scan")
	}))
}

// PostgreSQL cannot, so SQLite must not either.
func TestStatementInsideEach(t *testing.T) {
	d := things(t, 3)
	err := d.Write(ctx, func(tx *db.Tx) error {
		for range db.Each(ctx, tx, db.SQL("SELECT id, name FROM things"), scanThing) {
			if err := insert(tx, 9, "inside"); err == nil {
				t.Error("a statement inside a loop over Each ran")
			}
		}
		return nil
	})
	if err == nil {
		t.Error("and was committed")
	}
}

func TestNotes(t *testing.T) {
	d := things(t, 0)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		tx.Note("a")
		tx.Note(2)
		if got := tx.Notes(); !slices.Equal(got, []any{"a", 2}) {
			t.Errorf("%v", got)
		}
		return nil
	}))
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		if len(tx.Notes()) != 0 {
			t.Errorf("left over: %v", tx.Notes())
		}
		return nil
	}))
}

// Read, add one, write, from many goroutines and two nodes: nothing is lost.
func TestWritersTakeTurns(t *testing.T) {
	dsn := dbtest.DSN(t)
	one, two := openAt(t, dsn), openAt(t, dsn)
	check(t, one.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL("CREATE TABLE counter (n BIGINT)"))
		check(t, err)
		_, err = tx.Exec(ctx, db.SQL("INSERT INTO counter VALUES (0)"))
		return err
	}))
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for range 10 {
				err := []*db.DB{one, two}[i%2].Write(ctx, func(tx *db.Tx) error {
					n, err := db.Val[int](ctx, tx, db.SQL("SELECT n FROM counter"))
					if err != nil {
						return err
					}
					_, err = tx.Exec(ctx, db.SQL("UPDATE counter SET n = ?", n+1))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	check(t, two.Read(ctx, func(tx *db.Tx) error {
		if n, err := db.Val[int](ctx, tx, db.SQL("SELECT n FROM counter")); n != 160 {
			t.Errorf("%d of 160, %v", n, err)
		}
		return nil
	}))
}

func openAt(t testing.TB, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(ctx, dsn)
	check(t, err)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// Whoever waits too long for another writer, of this node or another, is told to come again.
func TestBusy(t *testing.T) {
	dsn := dbtest.DSN(t)
	one, two := openAt(t, dsn), openAt(t, dsn)
	check(t, one.Write(ctx, func(*db.Tx) error {
		for _, d := range []*db.DB{one, two} {
			short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			start := time.Now()
			err := d.Write(short, func(*db.Tx) error { t.Error("two writers at once"); return nil })
			cancel()
			if took := time.Since(start); !fail.Is(err, fail.Busy) || took > 2*time.Second {
				t.Errorf("%v after %v", err, took)
			}
			e, _ := errors.AsType[*fail.Error](err)
			if e == nil || e.RetryAfter == 0 {
				t.Errorf("no time to wait in %v", err)
			}
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := two.Write(gone, func(*db.Tx) error { return nil }); !errors.Is(err, context.Canceled) || fail.Is(err, fail.Busy) {
			t.Errorf("a caller that went away: %v", err)
		}
		return nil
	}))
	check(t, two.Write(ctx, func(*db.Tx) error { return nil }))
}

// A deadline stops a statement, and nothing of the transaction stays.
func TestDeadline(t *testing.T) {
	d := things(t, 2000)
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	err := d.Write(short, func(tx *db.Tx) error {
		if err := insert(tx, 5000, "gone"); err != nil {
			return err
		}
		_, err := db.Val[int](short, tx, db.SQL("SELECT count(*) FROM things a, things b, things c WHERE a.id + b.id + c.id > ?", 7))
		return err
	})
	if !fail.Is(err, fail.Busy) {
		t.Errorf("a slow query: %v", err)
	}
	late, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	err = d.Write(late, func(tx *db.Tx) error {
		err := insert(tx, 5000, "late")
		<-late.Done()
		return err
	})
	if !fail.Is(err, fail.Busy) {
		t.Errorf("a commit after the deadline: %v", err)
	}
	if got := names(t, d); strings.Contains(got, "gone") || strings.Contains(got, "late") {
		t.Error("something stayed")
	}
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 5000, "next") }))
}
