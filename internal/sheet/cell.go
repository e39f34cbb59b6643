package sheet

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"provost/internal/fail"
)

type kind uint8

const (
	empty kind = iota
	isText
	isInt
	isFloat
	isBool
	isTime
)

// cell is one value, without its interface.
type cell struct {
	kind kind
	text string
	i    int64
	f    float64
	t    time.Time
}

// cellOf takes a value of Table.Rows apart. Numbers that no file can hold (NaN, infinity) are empty.
func cellOf(v any, typ Type) cell {
	c := plainCell(v)
	switch {
	case c.kind == isFloat && (math.IsNaN(c.f) || math.IsInf(c.f, 0)), c.kind == isTime && c.t.IsZero():
		return cell{}
	case typ == Text && (c.kind == isInt || c.kind == isFloat):
		return cell{kind: isText, text: string(c.appendNumber(nil))}
	}
	return c
}

func plainCell(v any) cell {
	switch v := v.(type) {
	case nil:
		return cell{}
	case string:
		return cell{kind: isText, text: v}
	case int64:
		return cell{kind: isInt, i: v}
	case int:
		return cell{kind: isInt, i: int64(v)}
	case float64:
		return cell{kind: isFloat, f: v}
	case bool:
		return boolCell(v)
	case time.Time:
		return cell{kind: isTime, t: v}
	case *time.Time:
		if v == nil {
			return cell{}
		}
		return cell{kind: isTime, t: *v}
	case fmt.Stringer:
		return cell{kind: isText, text: v.String()}
	}
	return namedCell(reflect.ValueOf(v))
}

// namedCell serves types that are defined on the plain ones, and pointers to any.
func namedCell(v reflect.Value) cell {
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		return cell{}
	case v.Kind() == reflect.Pointer:
		return plainCell(v.Elem().Interface())
	case v.Kind() == reflect.String:
		return cell{kind: isText, text: v.String()}
	case v.CanInt():
		return cell{kind: isInt, i: v.Int()}
	case v.CanFloat():
		return cell{kind: isFloat, f: v.Float()}
	case v.Kind() == reflect.Bool:
		return boolCell(v.Bool())
	}
	return cell{kind: isText, text: fmt.Sprint(v.Interface())}
}

func boolCell(b bool) cell {
	if b {
		return cell{kind: isBool, i: 1}
	}
	return cell{kind: isBool}
}

// appendNumber writes an integer, or a float in the shortest form that reads back as the same.
func (c cell) appendNumber(b []byte) []byte {
	if c.kind == isInt {
		return strconv.AppendInt(b, c.i, 10)
	}
	if a := math.Abs(c.f); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(b, c.f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, c.f, 'f', -1, 64)
}

// appendTime writes a day as 2006-01-02 and a moment in RFC 3339.
func (c cell) appendTime(b []byte, typ Type) []byte {
	if typ == Day {
		return c.t.AppendFormat(b, time.DateOnly)
	}
	return c.t.AppendFormat(b, time.RFC3339Nano)
}

// wide is the fault of a source whose row does not fit the columns.
func wide(row []any, columns []Column) error {
	if len(row) == len(columns) {
		return nil
	}
	return fail.New(fail.Fault, fmt.Sprintf("sheet: a row has %d values for %d columns", len(row), len(columns)))
}
