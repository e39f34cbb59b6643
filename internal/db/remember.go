package db

import (
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// remembering opens SQLite connections that keep their compiled statements: compiling one takes longer than running it.
// PostgreSQL's driver does the same by itself.
type remembering struct{ name string }

// Connect opens a connection.
func (r remembering) Connect(context.Context) (driver.Conn, error) {
	conn, err := r.Driver().Open(r.name)
	if err != nil {
		return nil, err
	}
	inner, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("db: the SQLite driver lacks what a connection needs"), conn.Close())
	}
	return &rememberingConn{inner, map[string]driver.Stmt{}}, nil
}

// Driver is modernc's.
func (r remembering) Driver() driver.Driver { return &sqlite.Driver{} }

// sqliteConn is what database/sql uses of a connection of modernc's.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// maxStatements bounds the statements that a connection keeps, longestStatement what is worth keeping: a statement with
// a long list in it hardly comes again.
const (
	maxStatements    = 300
	longestStatement = 6000
)

type rememberingConn struct {
	sqliteConn
	known map[string]driver.Stmt
}

// QueryContext runs a query by its compiled statement. Tx lets one result be open at a time, so none is run twice at once.
func (c *rememberingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if by, ok := stmt.(driver.StmtQueryContext); ok {
		return by.QueryContext(ctx, args)
	}
	return c.sqliteConn.QueryContext(ctx, query, args)
}

func (c *rememberingConn) statement(ctx context.Context, query string) (driver.Stmt, error) {
	if len(query) > longestStatement {
		return nil, nil
	}
	if stmt := c.known[query]; stmt != nil {
		return stmt, nil
	}
	if len(c.known) >= maxStatements {
		for text, old := range c.known {
			delete(c.known, text)
			if err := old.Close(); err != nil {
				return nil, err
			}
			if len(c.known) < maxStatements*3/4 {
				break
			}
		}
	}
	stmt, err := c.sqliteConn.PrepareContext(ctx, query)
	if err == nil {
		c.known[query] = stmt
	}
	return stmt, err
}

// Close closes the statements and the connection.
func (c *rememberingConn) Close() error {
	var errs []error
	for _, stmt := range c.known {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}
