package sheet

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	mustQuote = 1 << iota // the cell has to stand in quotes
	mayBegin              // a formula could begin behind this byte, or by it at the start
	mustClean             // the cell may hold what a text file cannot
)

// marks says what a byte means for the cell that holds it.
var marks = func() (m [256]uint8) {
	for _, c := range []byte("\",\n\r;\t|") {
		m[c] |= mustQuote
	}
	for _, c := range []byte(";\t\n\r") {
		m[c] |= mayBegin
	}
	m[0] = mustClean
	for c := 0x80; c < 0x100; c++ {
		m[c] = mustClean
	}
	return m
}()

// WriteCSV writes the table as CSV (RFC 4180, UTF-8, comma, line feed): a line of titles, then a line per row. Text is
// guarded against formulas; Open takes the guards away again. Moments are RFC 3339, numbers have a point.
func WriteCSV(w io.Writer, t Table) (rows int, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	line := appendTitles(nil, t)
	for row, err := range t.Rows {
		if err == nil {
			err = wide(row, t.Columns)
		}
		if err != nil {
			return rows, err
		}
		if line, err = flushLine(out, line); err != nil {
			return rows, err
		}
		line = appendRow(line, row, t.Columns)
		rows++
	}
	if _, err := flushLine(out, line); err != nil {
		return rows, err
	}
	return rows, out.Flush()
}

func flushLine(out *bufio.Writer, line []byte) ([]byte, error) {
	_, err := out.Write(line)
	return line[:0], err
}

// appendTitles writes the preamble, if there is one, and the titles.
func appendTitles(b []byte, t Table) []byte {
	if t.Preamble {
		for _, n := range t.Notes() {
			text := string(appendField(nil, cellOf(n.Value, n.Type), n.Type))
			text = strings.Join(strings.Fields(strings.Trim(text, `"`)), " ")
			b = append(appendText(b, preambleMark+n.Title+": "+text), '\n')
		}
	}
	for i, c := range t.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, c.title())
	}
	return append(b, '\n')
}

// preambleMark begins each line of a preamble; the first is always the title.
const preambleMark = "# "

func appendRow(b []byte, row []any, columns []Column) []byte {
	start := len(b)
	for i, v := range row {
		if i > 0 {
			b = append(b, ',')
		}
		if s, ok := v.(string); ok {
			b = appendText(b, s)
			continue
		}
		b = appendField(b, cellOf(v, columns[i].Type), columns[i].Type)
	}
	if len(b) == start {
		b = append(b, `""`...) // a line with nothing on it would not be a row
	}
	return append(b, '\n')
}

func appendField(b []byte, c cell, typ Type) []byte {
	switch c.kind {
	case isText:
		return appendText(b, c.text)
	case isInt, isFloat:
		return c.appendNumber(b)
	case isBool:
		if c.i == 1 {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case isTime:
		return c.appendTime(b, typ)
	}
	return b
}

// appendText writes a text cell: guarded, and in quotes where it has to be.
func appendText(b []byte, s string) []byte {
	if s == "" {
		return b
	}
	var seen uint8
	for i := range len(s) {
		seen |= marks[s[i]]
	}
	if seen&mustClean != 0 {
		s = clean(s)
	}
	if s != "" && (seen&mayBegin != 0 || overlooked(s[0])) {
		s = Guard(s)
		if s[0] <= ' ' {
			seen |= mustQuote
		}
	}
	if seen&mustQuote == 0 {
		return append(b, s...)
	}
	return appendQuoted(b, s)
}

// overlooked is true for every byte that a formula, or what is looked through before one, can begin with.
func overlooked(c byte) bool { return c < '0' || c == '=' || c == '@' || c == '`' || c >= 0x80 }

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for {
		at := strings.IndexByte(s, '"')
		if at < 0 {
			return append(append(b, s...), '"')
		}
		b = append(append(b, s[:at]...), `""`...)
		s = s[at+1:]
	}
}

// clean drops NUL and bytes that are not UTF-8: no reader would take the file.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}
