package sheet

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// csvSource reads CSV by its own few rules, because encoding/csv knows no end of a line or of a cell, and changes the
// line ends inside quotes. A line ends with LF, CRLF or CR.
type csvSource struct {
	in     *bufio.Reader
	limits Limits
	comma  byte
	line   int // that the next byte is on
	place  place
	row    []byte // the present row's cells without quotes, one behind the other
	ends   []int  // where each of them ends
	quoted bool   // the row has a quote: it is no blank one
	wrong  string // with the present row
}

// place is where in the file the source is.
type place int

const (
	atTop place = iota
	inPreamble
	titled
)

// rowBytes is the most that is kept of one row.
const rowBytes = 1 << 20

func openCSV(in *bufio.Reader, limits Limits) (*csvSource, error) {
	in, err := decoded(in)
	if err != nil {
		return nil, err
	}
	start, err := in.Peek(32 << 10)
	if err != nil && err != io.EOF && len(start) == 0 {
		return nil, err
	}
	return &csvSource{in: in, comma: sniff(start), line: 1, limits: limits}, nil
}

// decoded turns UTF-16 into UTF-8 and takes a byte-order mark away.
func decoded(in *bufio.Reader) (*bufio.Reader, error) {
	start, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	endian, mark := unicode.BigEndian, unicode.ExpectBOM
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		_, err := in.Discard(3)
		return in, err
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		endian = unicode.LittleEndian
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
	case len(start) == 4 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0:
		endian, mark = unicode.LittleEndian, unicode.IgnoreBOM
	case len(start) == 4 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0:
		mark = unicode.IgnoreBOM
	default:
		return in, nil
	}
	return bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(endian, mark).NewDecoder()), 64<<10), nil
}

// sniff finds the sign between cells: the one of , ; and tab that stands most often on the first line, outside quotes.
// A line "sep=;" before it, as some programs write, says it outright.
func sniff(start []byte) byte {
	if len(start) > 4 && bytes.EqualFold(start[:4], []byte("sep=")) && strings.IndexByte(",;\t", start[4]) >= 0 {
		return start[4]
	}
	line, rest := cutLine(start)
	if preamble(line, preambleStart) {
		for preamble(line, preambleMark) {
			line, rest = cutLine(rest)
		}
	}
	var count [256]int
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// preambleStart begins a preamble's first line.
const preambleStart = preambleMark + "Title: "

func preamble(line []byte, mark string) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, `"`), []byte(mark))
}

// cutLine takes the first line that is not blank from b; a line's end inside quotes does not end it.
func cutLine(b []byte) (line, rest []byte) {
	b = bytes.TrimLeft(b, "\r\n")
	quoted := false
	for i, c := range b {
		if c == '"' {
			quoted = !quoted
		}
		if (c == '\n' || c == '\r') && !quoted {
			return b[:i], b[i:]
		}
	}
	return b, nil
}

func (s *csvSource) close() error { return nil }

// next is the next row that is neither blank nor of the preamble.
func (s *csvSource) next() ([]string, int, error) {
	for {
		line := s.line
		if err := s.read(); err != nil {
			return nil, line, err
		}
		if s.wrong != "" {
			return nil, line, wrongLine(line, s.wrong)
		}
		if !utf8.Valid(s.row) {
			return nil, line, broken{wrongLine(line, "is not UTF-8: save the file as \"CSV UTF-8\"")}
		}
		if blank := len(s.ends) == 1 && s.ends[0] == 0 && !s.quoted; blank {
			continue
		}
		if text := string(s.row); !s.beforeTitles(text) {
			return s.cells(text), line, nil
		}
	}
}

// beforeTitles tells whether the row is of the preamble, or the "sep=" of some programs.
func (s *csvSource) beforeTitles(text string) bool {
	if s.place == titled {
		return false
	}
	mark := preambleMark
	if s.place == atTop {
		if len(text) >= 4 && strings.EqualFold(text[:4], "sep=") && len(text) <= 5 {
			return true
		}
		mark = preambleStart
	}
	if strings.HasPrefix(text, mark) {
		s.place = inPreamble
		return true
	}
	s.place = titled
	return false
}

// cells are the present row's values, without the guards of a writer. They share one string.
func (s *csvSource) cells(text string) []string {
	cells := make([]string, len(s.ends))
	from := 0
	for i, end := range s.ends {
		cells[i] = Unguard(text[from:end])
		from = end
	}
	return cells
}

// read takes one row from the file. What is wrong with this row alone goes to s.wrong, and the row is passed over. The
// LF of a CRLF is a blank row, which nobody sees.
func (s *csvSource) read() error {
	s.row, s.ends, s.wrong, s.quoted = s.row[:0], s.ends[:0], "", false
	state := atStart
	for n := 0; ; n++ {
		c, err := s.in.ReadByte()
		switch {
		case err == io.EOF && n == 0:
			return io.EOF
		case err == io.EOF && state == inQuotes:
			s.note("has a quote that is never closed")
		case err != nil && err != io.EOF:
			return broken{err}
		case err == nil && (!s.lineEnd(c) || state == inQuotes):
			state = s.step(state, c)
			continue
		}
		s.field()
		return nil
	}
}

// lineEnd counts lines: a CR and the LF behind it end one together.
func (s *csvSource) lineEnd(c byte) bool {
	if c == '\r' {
		if after, _ := s.in.Peek(1); len(after) == 1 && after[0] == '\n' {
			return true
		}
	}
	if c == '\n' || c == '\r' {
		s.line++
		return true
	}
	return false
}

type csvState int

const (
	atStart csvState = iota
	inText
	inQuotes
	afterQuote
)

// step takes one byte that does not end the row.
func (s *csvSource) step(state csvState, c byte) csvState {
	switch {
	case state == inQuotes && c == '"':
		return afterQuote
	case state == inQuotes:
		s.add(c)
		return inQuotes
	case c == s.comma:
		s.field()
		return atStart
	case c == '"' && state == atStart:
		s.quoted = true
		return inQuotes
	case c == '"' && state == afterQuote:
		s.add(c)
		return inQuotes
	case state == afterQuote && c == ' ':
		return afterQuote
	case state == afterQuote:
		s.note("has text behind a closing quote")
	}
	s.add(c)
	return inText
}

// add takes a byte of the present cell, while the row is within its limits: no more is kept of one that is not.
func (s *csvSource) add(c byte) {
	if s.wrong != "" {
		return
	}
	from := 0
	if n := len(s.ends); n > 0 {
		from = s.ends[n-1]
	}
	switch {
	case c == 0:
		s.note("holds a NUL byte, which no text has")
	case len(s.row)-from >= s.limits.Cell:
		s.note(fmt.Sprintf("has a cell of more than %d bytes: is a quote missing?", s.limits.Cell))
	case len(s.row) >= rowBytes:
		s.note(fmt.Sprintf("is longer than %d MiB", rowBytes>>20))
	}
	if s.wrong == "" {
		s.row = append(s.row, c)
	}
}

// field ends a cell.
func (s *csvSource) field() {
	if len(s.ends) >= s.limits.Columns {
		s.note(fmt.Sprintf("has more than %d columns", s.limits.Columns))
		return
	}
	s.ends = append(s.ends, len(s.row))
}

// note keeps the first thing that is wrong with a row.
func (s *csvSource) note(wrong string) {
	if s.wrong == "" {
		s.wrong = wrong
	}
}
