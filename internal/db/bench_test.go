package db_test

import (
	"testing"

	"provost/internal/db"
	"provost/internal/db/dbtest"
)

func BenchmarkRead(b *testing.B) {
	d := things(b, 10_000)
	for i := 0; b.Loop(); i++ {
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := db.Val[string](ctx, tx, db.SQL("SELECT name FROM things WHERE id = ?", i%10_000))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadTen(b *testing.B) {
	d := things(b, 10_000)
	for i := 0; b.Loop(); i++ {
		err := d.Read(ctx, func(tx *db.Tx) error {
			for range 10 {
				if _, err := db.Val[string](ctx, tx, db.SQL("SELECT name FROM things WHERE id = ?", i%10_000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	d := things(b, 0)
	for i := 0; b.Loop(); i++ {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, db.SQL("INSERT INTO things (id, name) VALUES (?, ?)", i, "name"))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	d := things(b, 0)
	err := d.Write(ctx, func(tx *db.Tx) error {
		batch, err := tx.Batch(ctx, "INSERT INTO things (id, name) VALUES (?, ?)")
		for i := 0; err == nil && b.Loop(); i++ {
			err = batch.Exec(i, "name")
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkEach(b *testing.B) {
	d := things(b, 10_000)
	for b.Loop() {
		err := d.Read(ctx, func(tx *db.Tx) error {
			all, err := db.All(ctx, tx, db.SQL("SELECT id, name FROM things"), scanThing)
			if len(all) != 10_000 {
				b.Errorf("%d rows", len(all))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		_ = dbtest.New(b).Close()
	}
}

func BenchmarkSQL(b *testing.B) {
	for b.Loop() {
		within := db.SQL("t.portal_id = ? AND t.org_id IN (SELECT o.org_id FROM org_under o WHERE o.ancestor_id = ?)", 1, 2)
		q := db.SQL("SELECT t.id, t.name FROM teams t WHERE t.id = ? AND ?", db.ID(5), db.And(within))
		_ = db.Numbered(q.Text())
	}
}

func BenchmarkKey(b *testing.B) {
	b.Run("ascii", func(b *testing.B) {
		for b.Loop() {
			db.Key("Ada Lovelace")
		}
	})
	b.Run("wide", func(b *testing.B) {
		for b.Loop() {
			db.Key("Zoë Straßer")
		}
	})
}
