package db

import (
	"context"
	"strings"
)

// Table is a table of the database, as the database itself tells of it.
type Table struct {
	Name    string
	Columns []string
	// Key are the columns of its primary key, in order.
	Key []string
	// Parents are the tables that its rows refer to, each with the column that does.
	Parents []Parent
}

// Parent is a column that refers to the rows of a table, by their id.
type Parent struct{ Column, Table string }

// Has tells whether the table has a column.
func (t Table) Has(column string) bool {
	for _, c := range t.Columns {
		if c == column {
			return true
		}
	}
	return false
}

// Tables are all tables of the database, by name.
func Tables(ctx context.Context, tx *Tx) ([]Table, error) {
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if tx.Dialect() == Postgres {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	names, err := All(ctx, tx, SQL(list), scanText)
	if err != nil {
		return nil, err
	}
	out := make([]Table, 0, len(names))
	for _, name := range names {
		t := Table{Name: name}
		if t.Columns, err = All(ctx, tx, columnsOf(tx, name), scanText); err != nil {
			return nil, err
		}
		if t.Key, err = All(ctx, tx, keyOf(tx, name), scanText); err != nil {
			return nil, err
		}
		if t.Parents, err = All(ctx, tx, parentsOf(tx, name), func(s Scanner) (p Parent, err error) { return p, s.Scan(&p.Column, &p.Table) }); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func columnsOf(tx *Tx, table string) Frag {
	if tx.Dialect() == Postgres {
		return SQL(`SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position`, table)
	}
	return SQL(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, table)
}

func keyOf(tx *Tx, table string) Frag {
	if tx.Dialect() == Postgres {
		return SQL(`SELECT k.column_name FROM information_schema.table_constraints c JOIN information_schema.key_column_usage k
			ON k.constraint_name = c.constraint_name AND k.constraint_schema = c.constraint_schema AND k.table_name = c.table_name
			WHERE c.table_schema = current_schema() AND c.table_name = ? AND c.constraint_type = 'PRIMARY KEY' ORDER BY k.ordinal_position`, table)
	}
	return SQL(`SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`, table)
}

func parentsOf(tx *Tx, table string) Frag {
	if tx.Dialect() == Postgres {
		return SQL(`SELECT a.attname, p.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid
			JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
			WHERE c.contype = 'f' AND n.nspname = current_schema() AND t.relname = ? ORDER BY a.attname`, table)
	}
	return SQL(`SELECT "from", "table" FROM pragma_foreign_key_list(?) ORDER BY "from"`, table)
}

// KeyText are the key's columns, as one text.
func (t Table) KeyText() string { return strings.Join(t.Key, ", ") }
