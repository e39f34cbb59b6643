package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"provost/internal/fail"
)

// xlsxSource reads the first sheet of a workbook that is shown, and the sheets that continue it.
type xlsxSource struct {
	archive *archive
	limits  Limits
	book    book
	strings sharedStrings
	sheets  []string // parts still to be read
	part    *part
	before  int // lines of the sheets before
	line    int // of the present row, on its sheet
	head    []string
	fresh   bool // the next row is the first of a further sheet
}

func openXLSX(in io.Reader, limits Limits) (*xlsxSource, error) {
	a, err := unpack(in, limits)
	if err != nil {
		return nil, err
	}
	s := &xlsxSource{archive: a, limits: limits}
	if s.book, err = a.book(); err == nil {
		if s.sheets = s.book.table(); len(s.sheets) == 0 {
			err = fail.Wrong("file", "is a workbook without a sheet that is shown")
		}
	}
	if err == nil {
		s.strings, err = a.sharedStrings(s.book.strings)
	}
	if err != nil {
		_ = s.close() // the first error says more
		return nil, unbroken(err)
	}
	return s, nil
}

func (s *xlsxSource) close() error {
	if s.part != nil {
		_ = s.part.file.Close() // only read
	}
	return s.archive.file.Close()
}

// next is the next row with anything on it.
func (s *xlsxSource) next() ([]string, int, error) {
	for {
		if s.part == nil {
			if err := s.open(); err != nil {
				return nil, s.before + s.line, err
			}
		}
		cells, err := s.row()
		if err == io.EOF {
			s.before, s.line, s.part = s.before+s.line, 0, nil
			continue
		}
		line := s.before + s.line
		if err != nil || len(trimEnd(cells)) == 0 {
			if err == nil {
				continue
			}
			return nil, line, err
		}
		if s.fresh && slices.Equal(trimEnd(cells), s.head) {
			s.fresh = false
			continue
		}
		if s.fresh = false; s.head == nil {
			s.head = slices.Clone(trimEnd(cells))
		}
		return cells, line, nil
	}
}

// open begins the next sheet.
func (s *xlsxSource) open() error {
	if len(s.sheets) == 0 {
		return io.EOF
	}
	part, err := s.archive.open(s.sheets[0])
	if err != nil {
		return err
	}
	if part == nil {
		return damaged(fmt.Errorf("there is no %s in it", path.Base(s.sheets[0])))
	}
	s.part, s.sheets, s.fresh = part, s.sheets[1:], s.head != nil
	return nil
}

// row reads up to the end of the next row; io.EOF is the end of the sheet.
func (s *xlsxSource) row() ([]string, error) {
	for {
		token, err := s.part.next()
		if err == io.EOF {
			return nil, damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "row" {
				if err := s.count(attr(e, "r")); err != nil {
					return nil, err
				}
				return s.cells()
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return nil, s.end()
			}
		}
	}
}

func (s *xlsxSource) end() error {
	if err := s.part.drain(); err != nil {
		return err
	}
	_ = s.part.file.Close() // only read
	return io.EOF
}

// count takes the row's own number, which may only grow.
func (s *xlsxSource) count(number string) error {
	if number == "" {
		s.line++
		return nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n <= s.line || n > sheetRows {
		return damaged(fmt.Errorf("row %.20q follows row %d", number, s.line))
	}
	s.line = n
	return nil
}

// cells reads the cells of a row. What is wrong with one is told when the row has been passed.
func (s *xlsxSource) cells() (cells []string, err error) {
	var wrong error
	column, size := 0, 0
	for {
		token, err := s.part.next()
		if err == io.EOF {
			err = damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return cells, wrong
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if column, err = nextColumn(column, attr(e, "r")); err != nil {
				return nil, err
			}
			value, err := s.cell(e)
			if _, ok := err.(broken); ok {
				return nil, err
			}
			if size += len(value); err == nil && value != "" {
				err = s.check(value, column, size)
			}
			if err != nil && wrong == nil {
				wrong = wrongLine(s.before+s.line, err.Error())
			}
			if value != "" && wrong == nil {
				for len(cells) < column-1 {
					cells = append(cells, "")
				}
				cells = append(cells, value)
			}
		}
	}
}

// check holds a cell to the limits.
func (s *xlsxSource) check(value string, column, size int) error {
	switch {
	case column > s.limits.Columns:
		return fmt.Errorf("has more than %d columns", s.limits.Columns)
	case len(value) > s.limits.Cell:
		return fmt.Errorf("has a cell of more than %d bytes", s.limits.Cell)
	case size > rowBytes:
		return fmt.Errorf("is longer than %d MiB", rowBytes>>20)
	case strings.IndexByte(value, 0) >= 0:
		return errors.New("holds a NUL byte, which no text has")
	}
	return nil
}

// nextColumn is the column that a cell's address names, or the next one without an address.
func nextColumn(last int, address string) (int, error) {
	if address == "" {
		return last + 1, nil
	}
	n := 0
	for _, c := range []byte(address) {
		if c |= 0x20; c < 'a' || c > 'z' || n > sheetColumns {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	if n <= last || n > sheetColumns {
		return 0, damaged(fmt.Errorf("cell %.20q follows column %d", address, last))
	}
	return n, nil
}

// cell reads a cell's value as text.
func (s *xlsxSource) cell(start xml.StartElement) (string, error) {
	raw, err := s.part.text(start.Name.Local, s.limits.Cell)
	if err != nil {
		return "", err
	}
	switch attr(start, "t") {
	case "s":
		return s.strings.at(raw)
	case "inlineStr", "str":
		return unescape(raw), nil
	case "b":
		return map[string]string{"0": "false", "1": "true"}[raw], nil
	case "e":
		return "", fmt.Errorf("holds the error %.20s instead of a value", raw)
	case "d":
		return strings.Replace(raw, "T", " ", 1), nil
	}
	if raw == "" {
		return "", nil
	}
	style, _ := strconv.Atoi(attr(start, "s"))
	return s.book.number(raw, style)
}

// text gathers the text of v and t elements up to the end of an element. Formulas and the readings of East Asian text
// are left out.
func (p *part) text(end string, limit int) (string, error) {
	var b strings.Builder
	var long error
	inText, reading := false, false
	for {
		token, err := p.next()
		if err == io.EOF {
			err = damaged(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "v" || e.Name.Local == "t"
			reading = reading || e.Name.Local == "rPh"
		case xml.EndElement:
			inText = false
			if e.Name.Local == "rPh" {
				reading = false
			}
			if e.Name.Local == end {
				return b.String(), long
			}
		case xml.CharData:
			if b.Len()+len(e) > limit {
				long = fmt.Errorf("has a cell of more than %d bytes", limit)
			} else if inText && !reading {
				b.Write(e)
			}
		}
	}
}
