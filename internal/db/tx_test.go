package db

import (
	"context"
	"path/filepath"
	"testing"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "a b.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, SQL(d.ddl("CREATE TABLE x (\n id BIGINT PRIMARY KEY, name TEXT\n);"))); err != nil {
			return err
		}
		b, err := tx.Batch(ctx, "INSERT INTO x VALUES (?, ?)")
		if err != nil {
			return err
		}
		for i := range 3 {
			if err := b.Exec(ID(i), "n"); err != nil {
				return err
			}
		}
		return b.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(ctx, func(tx *Tx) error {
		n, err := Val[int](ctx, tx, SQL("SELECT count(*) FROM x WHERE id IN ?", []ID{1, 2, 7}))
		if err == nil && n != 2 {
			t.Errorf("%d", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
