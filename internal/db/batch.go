package db

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pipeline is how many statements go to PostgreSQL in one round trip.
const pipeline = 500

// Batch is a statement that runs once for each of many rows.
type Batch struct {
	t    *Tx
	ctx  context.Context
	text string
	stmt *sql.Stmt // SQLite
	n    int
}

// queue is what waits for PostgreSQL: the rows of all batches of a transaction, in the order in which they came.
type queue struct {
	pgx.Batch
	ctx context.Context
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
		return b, nil
	}
	// Without the context's end: SQLite would start a goroutine for each row. Exec looks at it instead.
	stmt, err := t.tx.PrepareContext(context.WithoutCancel(ctx), b.text)
	if err != nil {
		return nil, t.spoil(ctx, err)
	}
	b.stmt = stmt
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
	if b.stmt != nil {
		if _, err := b.stmt.ExecContext(context.Background(), flat...); err != nil {
			return b.t.spoil(b.ctx, err)
		}
		return nil
	}
	if b.t.waiting == nil {
		b.t.waiting = &queue{}
	}
	b.t.waiting.ctx = b.ctx
	b.t.waiting.Queue(b.text, flat...)
	if b.t.waiting.Len() >= pipeline {
		return b.t.send()
	}
	return nil
}

// Close sends what still waits and ends the batch. A batch that is not closed ends with the transaction.
func (b *Batch) Close() error {
	err := b.t.flush()
	if b.stmt != nil {
		_ = b.stmt.Close()
	}
	return err
}

// send sends what waits to PostgreSQL.
func (t *Tx) send() error {
	waiting := t.waiting
	if waiting == nil || waiting.Len() == 0 {
		return nil
	}
	t.waiting = nil
	ctx, cancel := bounded(waiting.ctx)
	defer cancel()
	err := t.conn.Raw(func(c any) error {
		return c.(*stdlib.Conn).Conn().SendBatch(ctx, &waiting.Batch).Close()
	})
	if err != nil {
		return t.spoil(ctx, err)
	}
	return nil
}

// flush sends what waits, before anything else happens.
func (t *Tx) flush() error {
	if t.failed != nil {
		return t.failed
	}
	return t.send()
}
