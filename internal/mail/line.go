package mail

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
)

// line is the connection of one sending, which is closed whatever becomes of it.
type line struct {
	sender *Sender
	mu     sync.Mutex
	conn   net.Conn
	closed bool
}

// dial connects, with TLS from the start where the address says so.
func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	closed := l.closed
	l.mu.Unlock()
	if closed {
		l.close()
		return nil, context.Cause(ctx)
	}
	if l.sender.tls != "tls" {
		return conn, nil
	}
	secured := tls.Client(conn, l.sender.config())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secured, nil
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.conn != nil {
		_ = l.conn.Close() // it may be closed already
	}
}
