package db_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"provost/internal/db"
	"provost/internal/db/dbtest"
)

// A full disk undoes the transaction, and when there is room again the next one is written without a restart.
func TestDiskFull(t *testing.T) {
	d := things(t, 1)
	if d.Dialect() != db.SQLite {
		t.Skip("the server's disk is not ours to fill")
	}
	room := func(pages int) {
		check(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Val[int](ctx, tx, db.SQL(fmt.Sprintf("PRAGMA max_page_count = %d", pages)))
			return err
		}))
	}
	room(40)
	err := d.Write(ctx, func(tx *db.Tx) error {
		check(t, insert(tx, 1, "lost"))
		for i := 2; ; i++ {
			if insert(tx, i, strings.Repeat("x", 4000)) != nil {
				break // and go on as if nothing had happened
			}
		}
		_ = insert(tx, 1_000_000, "outside of any transaction")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("%v", err)
	}
	if got := names(t, d); got != "thing 0" {
		t.Errorf("holds %.100q", got)
	}
	room(1 << 20)
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 1, "after") }))
	if got := names(t, d); got != "thing 0 after" {
		t.Errorf("holds %.100q", got)
	}
}

// TestKilledWriter is the process that TestKill kills.
func TestKilledWriter(t *testing.T) {
	dsn := os.Getenv("PROVOST_TEST_KILL")
	if dsn == "" {
		t.Skip("only as a child of TestKill")
	}
	d := openAt(t, dsn)
	for i := 0; ; i += 2 {
		check(t, d.Write(ctx, func(tx *db.Tx) error {
			check(t, insert(tx, i, "a"))
			return insert(tx, i+1, "b")
		}))
		fmt.Println("acknowledged", i)
	}
}

// What was acknowledged before a kill is there, and only whole transactions are. The next writer waits for nobody.
func TestKill(t *testing.T) {
	dsn := dbtest.CloneDSN(t, "killed", func(d *db.DB) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, db.SQL("CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT)"))
			return err
		})
	})
	c := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
	c.Env = append(os.Environ(), "PROVOST_TEST_KILL="+dsn)
	out, err := c.StdoutPipe()
	check(t, err)
	check(t, c.Start())
	last := -1
	time.AfterFunc(500*time.Millisecond, func() { _ = c.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		_, _ = fmt.Sscanf(lines.Text(), "acknowledged %d", &last)
	}
	_ = c.Wait()
	d := openAt(t, dsn)
	start := time.Now()
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, -1, "next") }))
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("waited %v for a dead writer", took)
	}
	check(t, d.Read(ctx, func(tx *db.Tx) error {
		n, err := db.Val[int](ctx, tx, db.SQL("SELECT count(*) FROM things WHERE id >= 0"))
		if last < 0 || n < last+2 || n > last+4 || n%2 != 0 {
			t.Errorf("%d rows after the acknowledgement of %d", n, last)
		}
		return err
	}))
}

func TestAnalyze(t *testing.T) {
	d := things(t, 2000)
	check(t, d.Analyze(ctx))
	check(t, d.Write(ctx, func(tx *db.Tx) error { return insert(tx, 5000, "after") }))
}
