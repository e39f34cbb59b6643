package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Tx is a transaction. It belongs to one goroutine, and to the function that it was given to.
// A statement that fails spoils it: what follows fails alike and nothing is committed, as PostgreSQL has it,
// so that both databases behave as one.
type Tx struct {
	tx        *sql.Tx
	conn      *sql.Conn
	dialect   Dialect
	failed    error
	streaming bool
	waiting   *queue
	notes     []any
}

// Dialect is which database this is. Only bulk paths and search may care.
func (t *Tx) Dialect() Dialect { return t.dialect }

// Note keeps a value until the end of the transaction, such as what the audit row will tell. A retry starts without notes.
func (t *Tx) Note(v any) { t.notes = append(t.notes, v) }

// Notes are the values noted in this transaction, in order.
func (t *Tx) Notes() []any { return t.notes }

// writersLock is the advisory lock that lets one transaction write at a time, on any node of a PostgreSQL database.
const writersLock = 0x50726f766f7374

// tries is how often a transaction runs that failed only because of another one.
const tries = 8

// Write runs fn in the one transaction that writes, and commits it. On PostgreSQL fn may run several times.
// An error or a panic of fn undoes everything; so does ErrRollback, of which Write returns nil.
// It waits for other writers until the deadline (30 s when ctx has none), then answers Busy. A fault of kind "db: commit"
// means that nobody knows whether the transaction counts; every other error means that it does not.
// fn must not call Write: that would wait for itself.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	wait, cancel := bounded(ctx)
	defer cancel()
	for try := 1; ; try++ {
		again, err := d.write(ctx, wait, fn)
		if !again {
			return err
		}
		if try == tries || !pause(wait, time.Duration(try*try)*(time.Millisecond+rand.N(4*time.Millisecond))) {
			return judged(err)
		}
	}
}

// write runs fn once; again says that it may be run again.
func (d *DB) write(ctx, wait context.Context, fn func(*Tx) error) (again bool, err error) {
	t, end, err := d.begin(wait, d.writer, true)
	if err != nil {
		return false, err
	}
	done := false
	defer func() {
		if !done { // fn panicked
			_ = end(false)
		}
	}()
	err = fn(t)
	preview := errors.Is(err, ErrRollback)
	if err == nil || preview {
		_ = t.flush() // what fails is in t.failed
		if failed := judged(errors.Join(t.failed, ctx.Err())); failed != nil {
			err, preview = failed, false
		}
	}
	done = true
	if err != nil {
		_ = end(false)
		if repeatable(t.failed) {
			return true, t.failed
		}
		if preview {
			return false, nil
		}
		return false, err
	}
	if err := end(true); err != nil {
		return repeatable(err), fmt.Errorf("db: commit: %w", err)
	}
	return false, nil
}

// Read runs fn in a transaction that cannot write and sees one moment of the database.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	wait, cancel := bounded(ctx)
	defer cancel()
	t, end, err := d.begin(wait, d.reader, false)
	if err != nil {
		return err
	}
	defer func() { _ = end(false) }()
	if err := fn(t); err != nil && !errors.Is(err, ErrRollback) {
		return err
	}
	return t.failed
}

// begin takes a connection, for a writer the lock, and begins. The transaction itself does not end with wait:
// its statements have deadlines of their own, and a commit must not be cut short. Nothing has happened yet when this fails,
// so connections that died in the pool, after a restart of the server, are tried one after the other.
func (d *DB) begin(wait context.Context, pool *sql.DB, write bool) (*Tx, func(commit bool) error, error) {
	for spare := pool.Stats().MaxOpenConnections; ; spare-- {
		t, end, err := d.beginOn(wait, pool, write)
		if err == nil {
			return t, end, nil
		}
		if spare <= 0 || wait.Err() != nil || !away(err) || unreachable(err) {
			return nil, nil, judged(errors.Join(err, wait.Err()))
		}
	}
}

func (d *DB) beginOn(wait context.Context, pool *sql.DB, write bool) (*Tx, func(commit bool) error, error) {
	conn, err := pool.Conn(wait)
	if err != nil {
		return nil, nil, fmt.Errorf("db: connect: %w", err)
	}
	release := func() { _ = conn.Close() }
	if write && d.dialect == Postgres {
		if _, err := conn.ExecContext(wait, "SELECT pg_advisory_lock($1)", int64(writersLock)); err != nil {
			discard(conn)
			release()
			return nil, nil, fmt.Errorf("db: wait to write: %w", err)
		}
		release = func() { unlock(conn); _ = conn.Close() }
	}
	life, kill := context.WithCancel(context.WithoutCancel(wait))
	stop := context.AfterFunc(wait, kill)
	tx, err := d.beginTx(life, conn, write)
	if !stop() && err == nil {
		err = wait.Err()
	}
	if err != nil {
		kill()
		release()
		return nil, nil, fmt.Errorf("db: begin: %w", err)
	}
	end := func(commit bool) error {
		defer release()
		defer kill()
		defer time.AfterFunc(patience, kill).Stop()
		if !commit {
			return tx.Rollback()
		}
		err := tx.Commit()
		if err != nil {
			discard(conn)
		}
		return err
	}
	return &Tx{tx: tx, conn: conn, dialect: d.dialect}, end, nil
}

// beginTx begins. A SQLite file that another process writes is asked for again until the deadline: SQLite's own waiting heeds no context.
func (d *DB) beginTx(ctx context.Context, conn *sql.Conn, write bool) (*sql.Tx, error) {
	opts := &sql.TxOptions{ReadOnly: !write}
	if d.dialect == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
		if write {
			opts.Isolation = sql.LevelSerializable
		}
	}
	for {
		tx, err := conn.BeginTx(ctx, opts)
		if err == nil || !locked(err) || !pause(ctx, rand.N(5*time.Millisecond)) {
			return tx, err
		}
	}
}

func unlock(conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var held bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_advisory_unlock($1)", int64(writersLock)).Scan(&held); err != nil || !held {
		discard(conn)
	}
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Savepoint marks a moment of a writing transaction; undo goes back to it once, leaving the notes.
func (t *Tx) Savepoint(ctx context.Context) (undo func() error, err error) {
	if _, err := t.Exec(ctx, SQL("SAVEPOINT here")); err != nil {
		return nil, err
	}
	return func() error {
		_, err := t.Exec(ctx, SQL("ROLLBACK TO SAVEPOINT here"))
		return err
	}, nil
}
