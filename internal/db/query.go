package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"provost/internal/fail"
)

// Scanner is one row of a result.
type Scanner interface{ Scan(dest ...any) error }

var errStreaming = errors.New("db: a statement inside a loop over db.Each: PostgreSQL has one result at a time")

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, q Frag) (rows int64, err error) {
	if err := t.ready(q.args); err != nil {
		return 0, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	counted(ctx)
	res, err := t.tx.ExecContext(ctx, t.text(q.text), q.args...)
	if err != nil {
		return 0, t.spoil(ctx, err)
	}
	return res.RowsAffected()
}

// One is the first row of a query; an error of kind NotFound when there is none. Callers that know the noun say so with fail.Missing.
func One[T any](ctx context.Context, t *Tx, q Frag, scan func(Scanner) (T, error)) (T, error) {
	for v, err := range Each(ctx, t, q, scan) {
		return v, err
	}
	var none T
	if t.failed != nil {
		return none, t.failed
	}
	return none, fail.Missing("thing")
}

// Val is the one column of the first row; an error of kind NotFound when there is none.
func Val[T any](ctx context.Context, t *Tx, q Frag) (T, error) {
	return One(ctx, t, q, func(row Scanner) (v T, err error) { return v, row.Scan(&v) })
}

// All is every row of a query.
func All[T any](ctx context.Context, t *Tx, q Frag, scan func(Scanner) (T, error)) ([]T, error) {
	var out []T
	for v, err := range Each(ctx, t, q, scan) {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Each streams the rows of a query, in bounded memory. An error comes as the last pair. Leaving the loop closes the result.
// The loop may not use the transaction otherwise; it has 30 s if ctx has no deadline.
func Each[T any](ctx context.Context, t *Tx, q Frag, scan func(Scanner) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		ctx, cancel := bounded(ctx)
		defer cancel()
		rows, err := t.query(ctx, q)
		if err != nil {
			yield(none, err)
			return
		}
		t.streaming = true
		defer t.closeRows(ctx, rows)
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				yield(none, fmt.Errorf("db: scan: %w", err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, t.spoil(ctx, err))
		}
	}
}

func (t *Tx) query(ctx context.Context, q Frag) (*sql.Rows, error) {
	if err := t.ready(q.args); err != nil {
		return nil, err
	}
	counted(ctx)
	rows, err := t.tx.QueryContext(ctx, t.text(q.text), q.args...)
	if err != nil {
		return nil, t.spoil(ctx, err)
	}
	return rows, nil
}

func (t *Tx) closeRows(ctx context.Context, rows *sql.Rows) {
	t.streaming = false
	if err := rows.Close(); err != nil && t.failed == nil {
		_ = t.spoil(ctx, err) // Write returns it
	}
}

// ready tells whether the transaction takes a statement, and sends what waits in batches, so that all happens in order.
func (t *Tx) ready(args []any) error {
	if err := t.takes(args); err != nil {
		return err
	}
	return t.flush()
}

// takes tells whether the transaction takes a statement with these arguments.
func (t *Tx) takes(args []any) error {
	if t.failed == nil && t.streaming {
		t.failed = errStreaming
	}
	if t.failed == nil {
		t.failed = keepable(args)
	}
	return t.failed
}

// spoil keeps the error: nothing more will happen in this transaction.
func (t *Tx) spoil(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code() == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	t.failed = judged(fmt.Errorf("db: %w", err))
	return t.failed
}

// text is the statement as this database wants it. SQLite is slower with numbered parameters than with bare ones.
func (t *Tx) text(s string) string {
	if t.dialect == Postgres {
		return numbered(s)
	}
	return s
}
