package sheet

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"provost/internal/fail"
)

// Limits bound what a file may ask of the portal. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes    int64 // of the file as it came
	Unpacked int64 // that a workbook's parts become, counted as they are written
	Entries  int   // parts of a workbook
	Ratio    int64 // of unpacked to packed, beyond the first MiB of a part
	Rows     int   // below the titles
	Columns  int
	Cell     int // bytes of a cell
}

// DefaultLimits fit an import of the largest files that a portal's administrators have.
var DefaultLimits = Limits{Bytes: 256 << 20, Unpacked: 1 << 30, Entries: 2000, Ratio: 200, Rows: 2_000_000, Columns: 500, Cell: 64 << 10}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	return Limits{cmp.Or(l.Bytes, d.Bytes), cmp.Or(l.Unpacked, d.Unpacked), cmp.Or(l.Entries, d.Entries), cmp.Or(l.Ratio, d.Ratio),
		cmp.Or(l.Rows, d.Rows), cmp.Or(l.Columns, d.Columns), cmp.Or(l.Cell, d.Cell)}
}

// source gives the lines of a file. A broken error ends the file; any other is about one line.
type source interface {
	// next returns the cells of the next line that is not blank, and its number from 1.
	next() (cells []string, line int, err error)
	close() error
}

// Reader reads a file row by row.
type Reader struct {
	source  source
	limits  Limits
	columns []string
	at      map[string]int
	rows    int
	done    bool
	padded  bool
}

// Row is one line of a file.
type Row struct {
	// Line is the line that the row begins on, from 1, as an editor or a spreadsheet shows it.
	Line  int
	cells []string
	at    map[string]int
}

// Get is the row's value in a column, by its title in any case; empty where there is no such column.
func (r Row) Get(column string) string {
	if i, ok := r.at[fold(column)]; ok {
		return r.cells[i]
	}
	return ""
}

// Cells are the row's values, as many as the file has columns.
func (r Row) Cells() []string { return r.cells }

// Wrong is what is wrong with one column of this row, to be gathered in fail.Fields: "line 12, email".
func (r Row) Wrong(column, message string) fail.Field {
	return fail.Field{Name: fmt.Sprintf("line %d, %s", r.Line, column), Message: message}
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Open begins to read a CSV (UTF-8 or UTF-16; comma, semicolon or tab) or an XLSX file, told apart by what they hold.
// The first line names the columns. The name is for messages only. Errors are Invalid and name the line.
// The reader must be closed.
func Open(r io.Reader, name string, limits Limits) (*Reader, error) {
	limits = limits.orDefault()
	in := bufio.NewReaderSize(&bounded{r: r, left: limits.Bytes, all: limits.Bytes}, 64<<10)
	start, err := in.Peek(8)
	if err != nil && err != io.EOF {
		return nil, err
	}
	f := &Reader{limits: limits}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		f.padded = true
		f.source, err = openXLSX(in, limits)
	case bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0")):
		err = fail.Wrong("file", "{name} is an old Excel file, or one with a password: save it as XLSX or CSV", "name", name)
	default:
		f.source, err = openCSV(in, limits)
	}
	if err != nil {
		return nil, err
	}
	if err := f.titles(); err != nil {
		return nil, closing(f, err)
	}
	return f, nil
}

// closing closes a file that an error was found in, and returns that error.
func closing(f *Reader, err error) error {
	_ = f.Close() // the first error says more
	return err
}

// titles reads the line that names the columns.
func (f *Reader) titles() error {
	cells, line, err := f.source.next()
	if err == io.EOF {
		return fail.Wrong("file", "is empty: the first line has to name the columns")
	}
	if err != nil {
		return unbroken(err)
	}
	if f.padded {
		cells = trimEnd(cells)
	}
	if len(cells) > f.limits.Columns {
		return wrongLine(line, "has more than {most} columns", "most", f.limits.Columns)
	}
	var wrong fail.Fields
	f.at = make(map[string]int, len(cells))
	for i, title := range cells {
		cells[i] = strings.TrimSpace(title)
		key := fold(title)
		if key == "" {
			wrong.Add(lineName(line), "column {n} has no title", "n", i+1)
		} else if first, ok := f.at[key]; ok {
			wrong.Add(lineName(line), "columns {first} and {second} are both called “{title}”", "first", first+1, "second", i+1, "title", cells[i])
		} else {
			f.at[key] = i
		}
	}
	f.columns = cells
	return wrong.Err()
}

// Columns are the titles, in the file's order.
func (f *Reader) Columns() []string { return f.columns }

// Has tells whether the file has a column, by its title in any case.
func (f *Reader) Has(column string) bool {
	_, ok := f.at[fold(column)]
	return ok
}

// Next is the next row, or io.EOF. An Invalid error is about one line: the caller may note it and go on with the
// next. After an error that makes the rest unreadable, the next call returns io.EOF.
func (f *Reader) Next() (Row, error) {
	if f.done {
		return Row{}, io.EOF
	}
	cells, line, err := f.source.next()
	if err != nil {
		_, broken := err.(broken)
		f.done = err == io.EOF || broken
		return Row{Line: line}, unbroken(err)
	}
	if f.rows++; f.rows > f.limits.Rows {
		f.done = true
		return Row{Line: line}, wrongLine(line, "is beyond the {most} rows that a file may have", "most", f.limits.Rows)
	}
	if f.padded {
		cells = trimEnd(cells)
		for len(cells) < len(f.columns) {
			cells = append(cells, "")
		}
	}
	if len(cells) != len(f.columns) {
		return Row{Line: line}, wrongLine(line, "has {cells} cells, the first line {columns}", "cells", len(cells), "columns", len(f.columns))
	}
	return Row{line, cells, f.at}, nil
}

// Close frees what the reader holds.
func (f *Reader) Close() error { return f.source.close() }

func trimEnd(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// broken is an error that makes the rest of a file unreadable.
type broken struct{ error }

func unbroken(err error) error {
	if b, ok := err.(broken); ok {
		return b.error
	}
	return err
}

func lineName(line int) string { return fmt.Sprintf("line %d", line) }

func wrongLine(line int, message string, args ...any) error {
	return fail.Wrong(lineName(line), message, args...)
}

// bounded fails when more was read than a file may have.
type bounded struct {
	r         io.Reader
	left, all int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.r.Read(one[:]); n == 0 {
			return 0, err
		}
		return 0, fail.Wrong("file", "is larger than {most} MiB", "most", max(b.all>>20, 1))
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
