package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"provost/internal/fail"
)

// ErrRollback, returned by the function given to Write, undoes the transaction and makes Write return nil: a preview.
var ErrRollback = errors.New("db: roll back")

// IsUnique tells whether a statement broke a unique index or a primary key, on either database.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
			return true
		}
	}
	return pgCode(err) == "23505"
}

// repeatable tells whether the transaction failed only because another one ran beside it.
func repeatable(err error) bool {
	code := pgCode(err)
	return code == "40001" || code == "40P01"
}

func pgCode(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// locked tells whether SQLite refused because another process writes.
func locked(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

// away tells whether the database cannot be reached just now: stopped, starting, cut off, or out of connections.
func away(err error) bool {
	switch pgCode(err) {
	case "57P01", "57P02", "57P03", "53300":
		return true
	case "":
	default:
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || pgconn.SafeToRetry(err)
}

// judged gives an error of the database its kind: Busy where the same may succeed later. Others are returned as they are.
// The cause stays inside for the log.
func judged(err error) error {
	if err == nil || fail.Of(err) != fail.Fault {
		return err
	}
	late := errors.Is(err, context.DeadlineExceeded)
	if !late && !locked(err) && !repeatable(err) && !away(err) {
		return err
	}
	busy := fail.New(fail.Busy, "The database is busy. Please try again.")
	busy.RetryAfter = time.Second
	return fmt.Errorf("%w (%w)", busy, err)
}

// unreachable tells whether no connection could be made at all, so that trying at once again is of no use.
func unreachable(err error) bool {
	_, ok := errors.AsType[*pgconn.ConnectError](err)
	return ok
}
