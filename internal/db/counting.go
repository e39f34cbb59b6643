package db

import (
	"context"
	"sync/atomic"
)

type countingKey struct{}

// Counting is a context whose statements are counted, but for the rows of batches: so a test holds what an operation asks to
// a few, however much it is about.
func Counting(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countingKey{}, n), n
}

func counted(ctx context.Context) {
	if n, ok := ctx.Value(countingKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}
