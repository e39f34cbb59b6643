package db_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/db/dbtest"
	"provost/internal/fail"
)

func onPostgres(t *testing.T) {
	t.Helper()
	if !dbtest.Postgres() {
		t.Skip("PostgreSQL only")
	}
}

// Somebody who does not take the writers' lock, such as an administrator at a prompt, makes a transaction run again, and it starts afresh.
func TestRetry(t *testing.T) {
	onPostgres(t)
	dsn := dbtest.DSN(t)
	d := openAt(t, dsn)
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL("CREATE TABLE counter AS SELECT 0 AS n"))
		return err
	}))
	prompt, err := sql.Open("pgx", dsn)
	check(t, err)
	defer prompt.Close()
	ran := 0
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		ran++
		if len(tx.Notes()) > 0 {
			t.Errorf("notes of the run before: %v", tx.Notes())
		}
		tx.Note(ran)
		n, err := db.Val[int](ctx, tx, db.SQL("SELECT n FROM counter"))
		check(t, err)
		if ran == 1 {
			_, err := prompt.Exec("UPDATE counter SET n = 10")
			check(t, err)
		}
		// Even an error of another kind, made of the database's, does not hide that it may be tried again.
		if _, err := tx.Exec(ctx, db.SQL("UPDATE counter SET n = ?", n+1)); err != nil {
			return fail.New(fail.Conflict, "no")
		}
		return nil
	}))
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		if n, err := db.Val[int](ctx, tx, db.SQL("SELECT n FROM counter")); n != 11 || ran != 2 || err != nil {
			t.Errorf("%d after %d runs, %v", n, ran, err)
		}
		return nil
	}))
	ran = 0
	err = d.Write(ctx, func(tx *db.Tx) error {
		ran++
		_, err := tx.Exec(ctx, db.SQL("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"))
		return err
	})
	if !fail.Is(err, fail.Busy) || ran < 3 || ran > 20 {
		t.Errorf("%d runs, then %v", ran, err)
	}
}

// The server goes and comes back; so do we, without a restart. What was answered is there, what was not is said.
func TestServerRestarts(t *testing.T) {
	onPostgres(t)
	s := dbtest.PGServer(t)
	d := openAt(t, s.DSN())
	check(t, d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.SQL("CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT)"))
		return err
	}))
	hold := make(chan struct{})
	for range 3 { // so that several connections are in the pool, all dead after the restart
		go func() { _ = d.Read(ctx, func(*db.Tx) error { <-hold; return nil }) }()
	}
	time.Sleep(50 * time.Millisecond)
	close(hold)
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 1, "kept") }))
	check(t, s.Stop(true))
	for name, run := range map[string]func(context.Context, func(*db.Tx) error) error{"write": d.Write, "read": d.Read} {
		if err := run(ctx, func(*db.Tx) error { return nil }); !fail.Is(err, fail.Busy) {
			t.Errorf("%s while the server is down: %v", name, err)
		}
	}
	check(t, s.Start())
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 2, "after") }))
	check(t, s.Stop(true))
	check(t, s.Start())
	if got := names(t, d); got != "kept after" {
		t.Errorf("holds %q", got)
	}
	check(t, s.Stop(false))
	check(t, s.Start())
	err := d.Write(ctx, func(tx *db.Tx) error {
		check(t, insert(tx, 3, "cut"))
		check(t, s.Stop(true))
		return insert(tx, 4, "off")
	})
	if !fail.Is(err, fail.Busy) {
		t.Errorf("a statement that was cut off: %v", err)
	}
	check(t, s.Start())
	err = d.Write(ctx, func(tx *db.Tx) error {
		check(t, insert(tx, 3, "cut"))
		check(t, s.Stop(true))
		return nil
	})
	if err == nil || fail.Of(err) != fail.Fault || !strings.Contains(err.Error(), "db: commit") {
		t.Errorf("a commit that was cut off: %v", err)
	}
	check(t, s.Start())
	if got := names(t, d); got != "kept after" {
		t.Errorf("holds %q", got)
	}
}

// A node that dies or is cut off lets the others write: its lock ends with its connection.
func TestLockEndsWithItsConnection(t *testing.T) {
	onPostgres(t)
	dsn := dbtest.DSN(t)
	one, two := openAt(t, dsn), openAt(t, dsn)
	err := one.Write(ctx, func(tx *db.Tx) error {
		pid, err := db.Val[int](ctx, tx, db.SQL("SELECT pg_backend_pid()"))
		check(t, err)
		check(t, two.Read(ctx, func(tx *db.Tx) error {
			_, err := db.Val[bool](ctx, tx, db.SQL("SELECT pg_terminate_backend(?)", pid))
			return err
		}))
		check(t, two.Write(ctx, func(*db.Tx) error { return nil }))
		return nil
	})
	if err == nil {
		t.Error("a transaction without its connection was committed")
	}
	check(t, one.Write(ctx, func(*db.Tx) error { return nil }))
	if errors.Is(err, db.ErrRollback) {
		t.Error(err)
	}
}
