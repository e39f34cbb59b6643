// Package sheet writes and reads tabular files: CSV, XLSX and JSON, row by row, in bounded memory.
package sheet

import (
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"provost/internal/fail"
)

// Type says how a column's values are written and shown.
type Type int

const (
	// Text is shown as it is, and never taken for a formula.
	Text Type = iota
	// Int is a whole number.
	Int
	// Float is a number with a fraction.
	Float
	// Percent is a number from 0 to 100, the same in every format; a workbook shows it with its sign.
	Percent
	// Day is a calendar day: a time.Time, whose own location says which day it is.
	Day
	// Time is a moment, shown in the location that the time.Time carries.
	Time
	// Bool is true or false.
	Bool
)

var typeNames = [...]string{"text", "int", "float", "percent", "day", "time", "bool"}

// String is the type's name, as the JSON file says it.
func (t Type) String() string { return typeNames[t] }

// Column is one column of a table.
type Column struct {
	// Key names the column for programs (JSON), Title for people (CSV, XLSX); without a Title the Key serves.
	Key, Title string
	Type       Type
}

func (c Column) title() string {
	if c.Title == "" {
		return c.Key
	}
	return c.Title
}

// Table is a file to be written. Its rows are read once, while they are written.
type Table struct {
	// Name is what the file is called, without its ending; Title names it to people.
	Name, Title string
	// Scope, Rule and At say whose rows these are, by which rule, and when (RE-2, BE-12).
	Scope, Rule string
	At          time.Time
	Columns     []Column
	// Rows yields one value per column: nil, string, an integer, a float, bool, time.Time or a fmt.Stringer. A zero
	// time is empty. The slice may be used again by the source. An error ends the file and is returned.
	Rows iter.Seq2[[]any, error]
	// Footer holds totals, one per column and nil where there is none. They stand with the scope and the rule,
	// not among the rows, so that a file can be read again as it is.
	Footer []any
	// Preamble makes a CSV begin with "# Scope: ..." lines, which Open skips. Without it, the scope, rule and time of
	// a CSV travel in its name and beside it: other programs' readers know no comments.
	Preamble bool
}

// Note is one line of what a file says about itself.
type Note struct {
	Title string
	Value any
	Type  Type
}

// Notes are the title, scope, rule and time of the table, and its totals.
func (t Table) Notes() []Note {
	notes := []Note{{"Title", t.Title, Text}, {"Scope", t.Scope, Text}, {"Rule", t.Rule, Text}, {"Time", t.At, Time}}
	for i, v := range t.Footer {
		if v != nil && i < len(t.Columns) {
			notes = append(notes, Note{"Total, " + t.Columns[i].title(), v, t.Columns[i].Type})
		}
	}
	return notes
}

// Format is a form of file.
type Format string

// The formats that a table can be written in.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	JSON Format = "json"
)

// ParseFormat reads a format's name, as a form or a URL says it; CSV where it says none.
func ParseFormat(name string) (Format, error) {
	switch f := Format(strings.ToLower(name)); f {
	case "":
		return CSV, nil
	case CSV, XLSX, JSON:
		return f, nil
	}
	return "", fail.Wrong("format", "must be csv, xlsx or json")
}

// ContentType is the format's media type.
func (f Format) ContentType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/json"
	}
	return "text/csv; charset=utf-8; header=present"
}

// FileName is a name for the file that says what it is, of whom and when, safe in every file system and header:
// "course-enrolment, Acme North, 2026-11-21 2005Z.csv".
func (t Table) FileName(f Format) string {
	parts := make([]string, 0, 3)
	for _, s := range []string{t.Name, t.Scope} {
		if s = fileWord(s); s != "" {
			parts = append(parts, s)
		}
	}
	if !t.At.IsZero() {
		parts = append(parts, t.At.UTC().Format("2006-01-02 1504Z"))
	}
	if len(parts) == 0 {
		parts = append(parts, "table")
	}
	return strings.Join(parts, ", ") + "." + string(f)
}

// fileWord keeps letters, digits and a few signs of s, and at most 60 of them.
func fileWord(s string) string {
	kept := []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_()", r) {
			return r
		}
		return ' '
	}, s))
	return strings.Trim(strings.Join(strings.Fields(string(kept[:min(len(kept), 60)])), " "), " -")
}

// Write writes the table in a format and returns how many rows it wrote. After an error the file is incomplete.
func Write(w io.Writer, f Format, t Table) (rows int, err error) {
	switch f {
	case XLSX:
		return WriteXLSX(w, t)
	case JSON:
		return WriteJSON(w, t)
	}
	return WriteCSV(w, t)
}
