package sheet

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

// WriteJSON writes the table as one JSON object: title, scope, rule, at, columns, rows (an object per row, by column
// key) and footer. A file that was cut short is not valid JSON.
func WriteJSON(w io.Writer, t Table) (rows int, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	line, keys := appendHead(nil, t)
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
		if rows > 0 {
			line = append(line, ',')
		}
		line = appendObject(append(line, '\n'), row, t.Columns, keys)
		rows++
	}
	line = append(line, "\n]"...)
	if t.Footer != nil && wide(t.Footer, t.Columns) == nil {
		line = appendObject(append(line, ",\n\"footer\":"...), t.Footer, t.Columns, keys)
	}
	if _, err := flushLine(out, append(line, "}\n"...)); err != nil {
		return rows, err
	}
	return rows, out.Flush()
}

// appendHead writes what stands before the rows, and returns each key as JSON.
func appendHead(b []byte, t Table) ([]byte, [][]byte) {
	b = appendString(append(b, `{"name":`...), t.Name)
	b = appendString(append(b, ",\n\"title\":"...), t.Title)
	b = appendString(append(b, ",\n\"scope\":"...), t.Scope)
	b = appendString(append(b, ",\n\"rule\":"...), t.Rule)
	b = append(append(b, ",\n\"at\":"...), '"')
	b = append(t.At.AppendFormat(b, time.RFC3339Nano), "\",\n\"columns\":["...)
	keys := make([][]byte, len(t.Columns))
	for i, c := range t.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		keys[i] = appendString(nil, c.Key)
		b = append(append(b, "\n{\"key\":"...), keys[i]...)
		b = appendString(append(b, `,"title":`...), c.title())
		b = append(appendString(append(b, `,"type":`...), c.Type.String()), '}')
	}
	return append(b, "],\n\"rows\":["...), keys
}

func appendObject(b []byte, row []any, columns []Column, keys [][]byte) []byte {
	b = append(b, '{')
	for i, v := range row {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, keys[i]...), ':')
		b = appendValue(b, cellOf(v, columns[i].Type), columns[i].Type)
	}
	return append(b, '}')
}

func appendValue(b []byte, c cell, typ Type) []byte {
	switch c.kind {
	case isText:
		return appendString(b, c.text)
	case isInt, isFloat, isBool:
		return appendField(b, c, typ)
	case isTime:
		return append(c.appendTime(append(b, '"'), typ), '"')
	}
	return append(b, "null"...)
}

// appendString writes a JSON string; what is plain is copied.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
