package dbtest_test

import (
	"context"
	"testing"

	"provost/internal/db"
	"provost/internal/db/dbtest"
)

var ctx = context.Background()

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	var n int
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		n, err = db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM things"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A copy holds what was built, and what is done to it reaches no other copy.
func TestClone(t *testing.T) {
	built := 0
	build := func(d *db.DB) error {
		built++
		return d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, db.SQL("CREATE TABLE things (id BIGINT PRIMARY KEY)")); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, db.SQL("INSERT INTO things VALUES (1)"))
			return err
		})
	}
	one, two := dbtest.Clone(t, "things", build), dbtest.Clone(t, "things", build)
	err := one.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL("INSERT INTO things VALUES (2)"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := count(t, one), count(t, two); a != 2 || b != 1 || built != 1 {
		t.Errorf("%d and %d rows after %d builds", a, b, built)
	}
	if err := dbtest.New(t).Migrate(ctx); err != nil {
		t.Errorf("an empty database: %v", err)
	}
}

// A server of one's own goes and comes back, with what was written.
func TestPGServer(t *testing.T) {
	if !dbtest.Postgres() {
		t.Skip("PostgreSQL only")
	}
	s := dbtest.PGServer(t)
	for _, immediate := range []bool{false, true} {
		if err := s.Stop(immediate); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Open(ctx, s.DSN()); err == nil {
			t.Fatal("a stopped server answers")
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		d, err := db.Open(ctx, s.DSN())
		if err != nil {
			t.Fatal(err)
		}
		_ = d.Close()
	}
}
