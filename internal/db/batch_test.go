package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
)

func TestBatch(t *testing.T) {
	d := things(t, 0)
	const n = 1201 // more than two groups
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		b, err := tx.Batch(ctx, "INSERT INTO things (id, name, good) VALUES (?, '?', ?)")
		check(t, err)
		for i := range n {
			check(t, b.Exec(db.ID(i), i%2 == 0))
			if i == 700 {
				// What other statements see is in order.
				if seen, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM things")); seen != 701 || err != nil {
					t.Errorf("%d rows in the midst, %v", seen, err)
				}
			}
		}
		return b.Close()
	}))
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		if got, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM things WHERE name = '?' AND good")); got != n/2+1 || err != nil {
			t.Errorf("%d rows, %v", got, err)
		}
		return nil
	}))
}

// Two batches keep the order of their rows: a child may follow its parent. Neither is closed: the transaction does that.
func TestBatchesTogether(t *testing.T) {
	d := things(t, 0)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL(d.DDL("CREATE TABLE parts (\n\tid BIGINT PRIMARY KEY,\n\tthing BIGINT NOT NULL REFERENCES things(id)\n);")))
		check(t, err)
		whole, err := tx.Batch(ctx, "INSERT INTO things (id, name) VALUES (?, ?)")
		check(t, err)
		part, err := tx.Batch(ctx, "INSERT INTO parts (id, thing) VALUES (?, ?)")
		check(t, err)
		for i := range 20 {
			check(t, whole.Exec(i, "whole"))
			check(t, part.Exec(i, i))
		}
		return nil
	}))
	err := d.Write(ctx, func(tx *db.Tx) error {
		b, err := tx.Batch(ctx, "INSERT INTO parts (id, thing) VALUES (?, ?)")
		check(t, err)
		return errors.Join(b.Exec(100, 999), b.Close())
	})
	if err == nil || db.IsUnique(err) {
		t.Errorf("a part of nothing: %v", err)
	}
}

// However late the error shows, nothing is committed.
func TestBatchFails(t *testing.T) {
	d := things(t, 1)
	for _, closed := range []bool{true, false} {
		for _, end := range []error{nil, db.ErrRollback} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				b, err := tx.Batch(ctx, "INSERT INTO things (id, name) VALUES (?, ?)")
				check(t, err)
				_ = b.Exec(1, "new")
				_ = b.Exec(0, "taken")
				if closed {
					_ = b.Close()
				}
				return end
			})
			if !db.IsUnique(err) {
				t.Errorf("closed %v, ended with %v: %v", closed, end, err)
			}
		}
	}
	if got := names(t, d); got != "thing 0" {
		t.Errorf("holds %q", got)
	}
}

func TestBatchHeedsTheContext(t *testing.T) {
	d := things(t, 0)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err := d.Write(ctx, func(tx *db.Tx) error {
		b, err := tx.Batch(short, "INSERT INTO things (id, name) VALUES (?, ?)")
		for i := 0; err == nil; i++ {
			err = b.Exec(i, "name")
		}
		return err
	})
	if !fail.Is(err, fail.Busy) {
		t.Errorf("%v", err)
	}
}
