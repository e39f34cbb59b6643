package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"provost/internal/fail"
)

// copyLimit is how long a whole database may take to be copied.
const copyLimit = 6 * time.Hour

// Copy writes everything of one database, as of one moment, into another that is migrated and holds nothing yet; one of
// the two is SQLite. What is read meanwhile goes on, and a copy that fails leaves nothing behind.
func Copy(ctx context.Context, from, to *DB) error {
	ctx, cancel := context.WithTimeout(ctx, copyLimit)
	defer cancel()
	sqlite := from
	if to.dialect == SQLite {
		sqlite = to
	}
	var tables []table
	err := sqlite.Read(ctx, func(t *Tx) (err error) {
		tables, err = t.tables(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return from.Read(ctx, func(src *Tx) error {
		return to.Write(ctx, func(dst *Tx) error {
			for _, tab := range tables {
				if err := copyTable(ctx, src, dst, tab); err != nil {
					return fmt.Errorf("db: copy %s: %w", tab.name, err)
				}
			}
			return nil
		})
	})
}

type table struct {
	name    string
	columns []string
	refers  []string
}

// tables are a SQLite database's, each after those that it refers to.
func (t *Tx) tables(ctx context.Context) ([]table, error) {
	names, err := All(ctx, t, SQL(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name <> 'schema_migrations' ORDER BY name`), scanText)
	if err != nil {
		return nil, err
	}
	var out []table
	for _, name := range names {
		tab := table{name: name}
		if tab.columns, err = All(ctx, t, SQL(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, name), scanText); err != nil {
			return nil, err
		}
		if tab.refers, err = All(ctx, t, SQL(`SELECT "table" FROM pragma_foreign_key_list(?)`, name), scanText); err != nil {
			return nil, err
		}
		out = append(out, tab)
	}
	return ordered(out), nil
}

func scanText(s Scanner) (v string, err error) { return v, s.Scan(&v) }

// ordered puts each table after those that it refers to; the schema has no circles but of a table with itself.
func ordered(tables []table) []table {
	var out []table
	done := map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, tab := range tables {
			ready := !slices.ContainsFunc(tab.refers, func(r string) bool { return r != tab.name && !done[r] })
			if ready && !done[tab.name] {
				done[tab.name] = true
				out = append(out, tab)
			}
		}
		if len(out) == before {
			panic("db: tables refer to each other in a circle")
		}
	}
	return out
}

// order is that of the rows of tables that refer to themselves: parents first.
var order = map[string]string{"organizations": ` ORDER BY (SELECT count(*) FROM org_under u WHERE u.org_id = organizations.id)`}

func copyTable(ctx context.Context, src, dst *Tx, tab table) error {
	full, err := Val[int64](ctx, dst, SQL(`SELECT count(*) FROM (SELECT 1 FROM `+tab.name+` LIMIT 1) one`))
	if err != nil {
		return err
	}
	if full != 0 {
		return fail.New(fail.Conflict, "The database that is copied into holds something already.")
	}
	truths, err := dst.truths(ctx, tab.name)
	if err != nil {
		return err
	}
	columns := strings.Join(tab.columns, ", ")
	batch, err := dst.Batch(ctx, `INSERT INTO `+tab.name+` (`+columns+`) VALUES (?`+strings.Repeat(", ?", len(tab.columns)-1)+`)`)
	if err != nil {
		return err
	}
	scan := func(s Scanner) ([]any, error) {
		row, into := make([]any, len(tab.columns)), make([]any, len(tab.columns))
		for i := range row {
			into[i] = &row[i]
		}
		return row, s.Scan(into...)
	}
	for row, err := range Each(ctx, src, SQL(`SELECT `+columns+` FROM `+tab.name+order[tab.name]), scan) {
		if err != nil {
			return err
		}
		for i, name := range tab.columns {
			if n, ok := row[i].(int64); ok && truths[name] {
				row[i] = n != 0
			}
		}
		if err := batch.Exec(row...); err != nil {
			return err
		}
	}
	return batch.Close()
}

// truths are the columns that PostgreSQL wants true or false in, where SQLite keeps 1 or 0.
func (t *Tx) truths(ctx context.Context, name string) (map[string]bool, error) {
	out := map[string]bool{}
	if t.dialect == SQLite {
		return out, nil
	}
	columns, err := All(ctx, t, SQL(`SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()
		AND table_name = ? AND data_type = 'boolean'`, name), scanText)
	for _, c := range columns {
		out[c] = true
	}
	return out, err
}
