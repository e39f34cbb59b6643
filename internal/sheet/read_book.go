package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"provost/internal/fail"
)

// book is what a workbook says about its sheets.
type book struct {
	sheets   []bookSheet
	strings  string // the part with the shared strings
	from1904 bool
	shapes   []shape // of the cell formats
}

type bookSheet struct{ name, part string }

// shape is what a cell format makes of a number.
type shape int

const (
	plain shape = iota
	asDay
	asTime
	asPercent
)

// book reads the list of sheets and the formats of cells.
func (a *archive) book() (book, error) {
	main := "xl/workbook.xml"
	err := a.elements("_rels/.rels", func(e xml.StartElement) {
		if strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
			main = strings.TrimPrefix(attr(e, "Target"), "/")
		}
	})
	if err != nil {
		return book{}, err
	}
	var b book
	targets := map[string]string{}
	styles := ""
	err = a.elements(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), func(e xml.StartElement) {
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(main), target)
		}
		targets[attr(e, "Id")] = target
		switch path.Base(attr(e, "Type")) {
		case "styles":
			styles = target
		case "sharedStrings":
			b.strings = target
		}
	})
	if err != nil {
		return b, err
	}
	err = a.elements(main, func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			b.from1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case "sheet":
			if state := attr(e, "state"); state == "" || state == "visible" {
				b.sheets = append(b.sheets, bookSheet{attr(e, "name"), targets[relation(e)]})
			}
		}
	})
	if err != nil {
		return b, err
	}
	b.shapes, err = a.shapes(styles)
	return b, err
}

// relation is the id by which a sheet names its part: the one id that has a prefix.
func relation(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Space != "" && a.Name.Local == "id" {
			return a.Value
		}
	}
	return ""
}

// table is the parts of the first sheet and of those that continue it, as WriteXLSX names them.
func (b book) table() (parts []string) {
	for i, s := range b.sheets {
		if i > 0 && s.name != continued(b.sheets[0].name, i+1) {
			break
		}
		parts = append(parts, s.part)
	}
	return parts
}

// shapes reads from the styles which cell formats show days, moments or percents.
func (a *archive) shapes(name string) (shapes []shape, err error) {
	codes := map[string]string{}
	inCells := false
	err = a.elements(name, func(e xml.StartElement) {
		switch e.Name.Local {
		case "numFmt":
			codes[attr(e, "numFmtId")] = attr(e, "formatCode")
		case "cellStyleXfs", "cellXfs", "cellStyles", "dxfs":
			inCells = e.Name.Local == "cellXfs"
		case "xf":
			if inCells {
				id := attr(e, "numFmtId")
				shapes = append(shapes, shapeOf(id, codes[id]))
			}
		}
	})
	return shapes, err
}

// shapeOf knows the numbered formats of the standard, and reads the signs of any other.
func shapeOf(id, code string) shape {
	n, _ := strconv.Atoi(id)
	switch {
	case code != "":
	case n == 9 || n == 10:
		return asPercent
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 58:
		return asDay
	case n >= 18 && n <= 22, n >= 32 && n <= 35, n >= 45 && n <= 47:
		return asTime
	}
	day, clock, digits := false, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"' || code[i] == '[':
			if i = skipTo(code, i); i < 0 {
				return plain
			}
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '%':
			return asPercent
		case code[i] == ';' && (day || clock):
			i = len(code)
		case c == 'h' || c == 's':
			clock = true
		case c == 'y' || c == 'd' || c == 'm':
			day = true
		case code[i] == '0' || code[i] == '#' || code[i] == '?':
			digits = true
		}
	}
	switch {
	case clock:
		return asTime
	case day && !digits:
		return asDay
	}
	return plain
}

// skipTo is where a quoted text or a bracket of a format code ends. A bracket of hours ([h]) is a length of time, which
// is left a number.
func skipTo(code string, from int) int {
	end := byte('"')
	if code[from] == '[' {
		end = ']'
	}
	at := strings.IndexByte(code[from+1:], end)
	if at < 0 || end == ']' && at > 0 && strings.Trim(strings.ToLower(code[from+1:from+1+at]), "hms") == "" {
		return -1
	}
	return from + 1 + at
}

// number is a number's text: a day as 2006-01-02, a moment as 2006-01-02 15:04:05, a percent with its sign, any other in the
// shortest form that is the same number.
func (b book) number(raw string, style int) (string, error) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return "", fmt.Errorf("holds %.20q where a number should be", raw)
	}
	form := plain
	if style >= 0 && style < len(b.shapes) {
		form = b.shapes[style]
	}
	switch form {
	case asPercent:
		text := strconv.FormatFloat(f*100, 'g', 12, 64)
		f, _ = strconv.ParseFloat(text, 64)
		return string(cell{kind: isFloat, f: f}.appendNumber(nil)) + "%", nil
	case asDay, asTime:
		return b.moment(f, form), nil
	}
	return string(cell{kind: isFloat, f: f}.appendNumber(nil)), nil
}

// moment turns a count of days into a date. What is before the first day that all programs agree on stays a number.
func (b book) moment(days float64, form shape) string {
	serial := days
	if b.from1904 {
		serial += 1462
	}
	if serial < firstSerial || serial >= lastSerial+1 {
		return string(cell{kind: isFloat, f: days}.appendNumber(nil))
	}
	ms := int64(math.Round((serial - 25569) * 86400e3))
	t := time.UnixMilli(ms).UTC()
	if form == asDay && ms%86400e3 == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04:05.999")
}

// ParseTime reads a moment or a day as Open gives it from any format; one without a zone is in the location.
func ParseTime(text string, in *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339, time.DateOnly, time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, in); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fail.New(fail.Invalid, "is no date: write it as 2026-01-31, or 2026-01-31 15:04")
}

// sharedStrings are the texts that a workbook's cells point to, in one piece of memory.
type sharedStrings struct {
	text []byte
	ends []uint32
}

// sharedBytes is the most text that a workbook may share among its cells.
const sharedBytes = 128 << 20

func (a *archive) sharedStrings(name string) (s sharedStrings, err error) {
	p, err := a.open(name)
	if err != nil || p == nil || name == "" {
		return s, err
	}
	defer p.file.Close()
	for {
		token, err := p.next()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "si" {
			continue
		}
		text, err := p.text("si", tokenBytes)
		if err != nil {
			return s, damaged(err)
		}
		s.text = append(s.text, unescape(text)...)
		if s.ends = append(s.ends, uint32(len(s.text))); len(s.text)+4*len(s.ends) > sharedBytes {
			return s, fail.Wrong("file", "has too much text for a workbook: save it as CSV")
		}
	}
}

func (s sharedStrings) at(index string) (string, error) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(s.ends) {
		return "", fmt.Errorf("points to a text %.20q that the workbook does not have", index)
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), nil
}

// unescape undoes the _xHHHH_ by which a workbook writes what XML cannot.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '_' || !escapes(s[i:]) {
			b.WriteByte(s[i])
			continue
		}
		r, _ := strconv.ParseUint(s[i+2:i+6], 16, 16)
		b.WriteRune(rune(r))
		i += 6
	}
	return b.String()
}
