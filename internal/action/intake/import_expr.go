package intake

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"provost/internal/db"
)

// template is a text with columns in braces, cut into its parts.
type template []part

// part is a constant text, or a column.
type part struct {
	text   string
	column bool
}

// parseTemplate cuts a text into its parts; "{{" and "}}" stand for a brace.
func parseTemplate(text string) (template, error) {
	var out template
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c {
			plain.WriteByte(c)
			i++
			continue
		}
		if c == '}' {
			return nil, errors.New("has a closing brace without an opening one")
		}
		if c != '{' {
			plain.WriteByte(c)
			continue
		}
		name, _, closed := strings.Cut(text[i+1:], "}")
		if !closed || strings.TrimSpace(name) == "" || strings.Contains(name, "{") {
			return nil, errors.New("has a brace without the name of a column")
		}
		if plain.Len() > 0 {
			out = append(out, part{text: plain.String()})
			plain.Reset()
		}
		out = append(out, part{name, true})
		i += len(name) + 1
	}
	if plain.Len() > 0 {
		out = append(out, part{text: plain.String()})
	}
	return out, nil
}

// columns are the template's columns, in order.
func (t template) columns() []string {
	var out []string
	for _, p := range t {
		if p.column {
			out = append(out, p.text)
		}
	}
	return out
}

// piece is a part of a compiled expression: a constant, or the index of a cell.
type piece struct {
	text string
	cell int // -1 for a constant
}

// valuer is an expression compiled for a file's columns.
type valuer struct {
	field  *importField
	expr   Expr
	pieces []piece
	// column names the cell that an error is about: the first that the expression reads, or the field.
	column string
	layout string
}

// compile binds an expression to columns; the names of those that the file does not have come back.
func compile(f *importField, e Expr, at func(column string) (int, bool)) (v valuer, missing []string) {
	v = valuer{field: f, expr: e, column: f.name, layout: layoutOf(e.Format)}
	parts, _ := parseTemplate(e.Text) // Check has parsed it
	for i, p := range parts {
		if !p.column {
			v.pieces = append(v.pieces, piece{p.text, -1})
			continue
		}
		cell, ok := at(p.text)
		if !ok {
			missing = append(missing, p.text)
			continue
		}
		v.pieces = append(v.pieces, piece{cell: cell})
		if i == 0 || v.column == f.name {
			v.column = p.text
		}
	}
	return v, missing
}

// value is the expression for a row: its text, mapped. Empty where something that it reads is not known.
func (v *valuer) value(cells []string, unknown map[string]bool) (string, error) {
	text, ok := v.text(cells, unknown)
	if v.expr.Map == nil {
		return text, nil
	}
	if mapped, has := v.expr.Map[text]; has {
		return mapped, nil
	}
	if !ok {
		return "", nil
	}
	if v.expr.Otherwise != nil {
		return *v.expr.Otherwise, nil
	}
	return "", fmt.Errorf("%q is none of the values that the mapping names", cut(text))
}

func (v *valuer) text(cells []string, unknown map[string]bool) (string, bool) {
	if len(v.pieces) == 1 {
		p := v.pieces[0]
		if p.cell < 0 {
			return p.text, true
		}
		text := strings.TrimSpace(cells[p.cell])
		if unknown[text] {
			return "", false
		}
		return text, text != ""
	}
	var out strings.Builder
	for _, p := range v.pieces {
		if p.cell < 0 {
			out.WriteString(p.text)
			continue
		}
		text := strings.TrimSpace(cells[p.cell])
		if text == "" || unknown[text] {
			return "", false
		}
		out.WriteString(text)
	}
	return out.String(), true
}

// cut shortens a value for a message.
func cut(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

var formatWords = strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02", "hh", "15", "mm", "04", "ss", "05")

func layoutOf(format string) string { return formatWords.Replace(format) }

// dateLayouts are how a date may be written where the mapping does not say.
var dateLayouts = []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05"}

// date reads a date, in microseconds; the zone is UTC where the text has none.
func (v *valuer) date(text string) (int64, error) {
	layouts := dateLayouts
	if v.layout != "" {
		layouts = []string{v.layout}
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, text, time.UTC); err == nil && t.Year() >= 1900 && t.Year() < 2300 {
			return db.Micros(t), nil
		}
	}
	return 0, fmt.Errorf("%q is not a date", cut(text))
}

const day = int64(24 * time.Hour / time.Microsecond)

// maxDays bounds a number of days, so that no date leaves what can be written.
const maxDays = 36500

// days reads a number of days, in microseconds.
func days(text string) (int64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= -maxDays && n <= maxDays) {
		return 0, fmt.Errorf("%q is not a number of days", cut(text))
	}
	return int64(n * float64(day)), nil
}

func number(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= -1e12 && n <= 1e12) {
		return 0, fmt.Errorf("%q is not a number", cut(text))
	}
	return n, nil
}

func truth(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "1", "true", "yes", "y":
		return true, nil
	case "0", "false", "no", "n", "":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", cut(text))
}
