package db

import (
	"context"
	"database/sql"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pipeline is how many statements go to PostgreSQL in one round trip.
const pipeline = 500

// Batch is a statement that runs once for each of many rows.
type Batch struct {
	t     *Tx
	ctx   context.Context
	text  string
	stmt  *sql.Stmt  // SQLite
	queue *pgx.Batch // PostgreSQL
	n     int
}

// Batch prepares a statement without results for bulk work: write one row's INSERT, with plain '?' and no lists.
// On PostgreSQL rows go in groups of 500, so an error may show at a later Exec, at Close, or at the next statement
// of the transaction; other statements always see the rows before them.
func (t *Tx) Batch(ctx context.Context, text string) (*Batch, error) {
	if err := t.ready(nil); err != nil {
		return nil, err
	}
	b := &Batch{t: t, ctx: ctx, text: t.text(text)}
	if t.dialect == Postgres {
		b.queue = &pgx.Batch{}
	} else {
		// Without the context's end: SQLite would start a goroutine for each row. Exec looks at it instead.
		stmt, err := t.tx.PrepareContext(context.WithoutCancel(ctx), b.text)
		if err != nil {
			return nil, t.spoil(ctx, err)
		}
		b.stmt = stmt
	}
	t.batches = append(t.batches, b)
	return b, nil
}

// Exec runs the statement for one row.
func (b *Batch) Exec(args ...any) error {
	flat := make([]any, len(args))
	for i, arg := range args {
		flat[i] = plain(arg)
	}
	if err := b.t.takes(flat); err != nil {
		return err
	}
	if b.n++; b.n%pipeline == 0 && b.ctx.Err() != nil {
		return b.t.spoil(b.ctx, b.ctx.Err())
	}
	if b.queue == nil {
		if _, err := b.stmt.ExecContext(context.Background(), flat...); err != nil {
			return b.t.spoil(b.ctx, err)
		}
		return nil
	}
	// Rows of another batch that still wait came first.
	for _, other := range b.t.batches {
		if other != b {
			if err := other.send(); err != nil {
				return err
			}
		}
	}
	b.queue.Queue(b.text, flat...)
	if b.queue.Len() >= pipeline {
		return b.send()
	}
	return nil
}

// Close sends what still waits and ends the batch. A batch that is not closed ends with the transaction.
func (b *Batch) Close() error {
	err := b.t.failed
	if err == nil {
		err = b.send()
	}
	b.t.batches = slices.DeleteFunc(b.t.batches, func(other *Batch) bool { return other == b })
	if b.stmt != nil {
		_ = b.stmt.Close()
	}
	return err
}

func (b *Batch) send() error {
	if b.queue == nil || b.queue.Len() == 0 {
		return nil
	}
	ctx, cancel := bounded(b.ctx)
	defer cancel()
	queue := b.queue
	b.queue = &pgx.Batch{}
	err := b.t.conn.Raw(func(c any) error {
		return c.(*stdlib.Conn).Conn().SendBatch(ctx, queue).Close()
	})
	if err != nil {
		return b.t.spoil(ctx, err)
	}
	return nil
}

// flush sends what waits in every batch.
func (t *Tx) flush() error {
	for _, b := range t.batches {
		if t.failed != nil {
			return t.failed
		}
		if err := b.send(); err != nil {
			return err
		}
	}
	return t.failed
}
