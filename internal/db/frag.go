package db

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/fail"
)

// Frag is a piece of SQL with the arguments of its placeholders, in order.
type Frag struct {
	text string
	args []any
}

// manyInts is the length from which a list of numbers is written into the text:
// SQLite takes at most 32,766 parameters in one statement, PostgreSQL 65,535.
const manyInts = 500

// SQL makes a fragment. Each '?' outside quotes and comments takes one argument: a value; a Frag, which is spliced in with its own
// arguments; or a slice (of IDs, numbers or strings; not []byte), which becomes a list in parentheses, an empty one "(NULL)".
// Such a list is in nothing, and nothing is outside it either: `x NOT IN ?` with an empty list finds no rows.
// A LIMIT's number is written into the text.
// A wrong number of arguments, and a type that the two databases would keep differently (time.Time), panic: they are mistakes of the code.
func SQL(text string, args ...any) Frag {
	var out strings.Builder
	out.Grow(len(text) + 16)
	flat := make([]any, 0, len(args))
	used, from := 0, 0
	for _, at := range placeholders(text) {
		out.WriteString(text[from:at])
		from = at + 1
		if used >= len(args) {
			panic(fmt.Sprintf("db.SQL: more placeholders than the %d arguments in %q", len(args), text))
		}
		if n, ok := args[used].(int); ok && strings.HasSuffix(text[:at], "LIMIT ") {
			out.WriteString(strconv.Itoa(n)) // SQLite compiles a statement anew whenever a parameter is bound to its LIMIT
		} else {
			flat = splice(&out, flat, args[used])
		}
		used++
	}
	if used != len(args) {
		panic(fmt.Sprintf("db.SQL: %d placeholders, %d arguments in %q", used, len(args), text))
	}
	out.WriteString(text[from:])
	return Frag{out.String(), flat}
}

func splice(out *strings.Builder, flat []any, arg any) []any {
	switch v := arg.(type) {
	case Frag:
		out.WriteString(v.text)
		return append(flat, v.args...)
	case []byte, driver.Valuer:
	default:
		if list := reflect.ValueOf(arg); list.Kind() == reflect.Slice {
			return spliceList(out, flat, list)
		}
	}
	out.WriteByte('?')
	return append(flat, plain(arg))
}

func spliceList(out *strings.Builder, flat []any, list reflect.Value) []any {
	n := list.Len()
	if n == 0 {
		out.WriteString("(NULL)")
		return flat
	}
	ints := n >= manyInts && list.Type().Elem().Kind() == reflect.Int64
	for i := range n {
		out.WriteByte("(,"[min(i, 1)])
		if ints {
			out.WriteString(strconv.FormatInt(list.Index(i).Int(), 10))
			continue
		}
		out.WriteByte('?')
		flat = append(flat, plain(list.Index(i).Interface()))
	}
	out.WriteByte(')')
	return flat
}

// plain is the argument as both drivers take it alike: named types by what they are made of, a nil pointer as NULL.
func plain(arg any) any {
	switch v := arg.(type) {
	case nil, int64, string, bool, float64, []byte:
		return arg
	case ID:
		return int64(v)
	case time.Time, *time.Time:
		panic("db: a time is kept as db.Micros(t)")
	case driver.Valuer:
		return arg
	}
	v := reflect.ValueOf(arg)
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem().Interface())
	}
	panic(fmt.Sprintf("db: an argument of type %T", arg))
}

// keepable refuses what only one of the databases would keep: PostgreSQL takes no NUL and no broken UTF-8 in text.
func keepable(args []any) error {
	for _, arg := range args {
		if s, ok := arg.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return fail.New(fail.Invalid, "A text holds characters that cannot be kept.")
		}
	}
	return nil
}

// And is all of the fragments, in parentheses; "1=1" of none.
// An empty fragment panics: skipped, a filter that was forgotten would let everything through.
func And(frags ...Frag) Frag { return all(" AND ", "1=1", frags) }

// Or is any of the fragments, in parentheses; "1=0" of none. An empty fragment panics, as in And.
func Or(frags ...Frag) Frag { return all(" OR ", "1=0", frags) }

func all(sep, none string, frags []Frag) Frag {
	if len(frags) == 0 {
		return Frag{text: none}
	}
	for _, f := range frags {
		if f.Empty() {
			panic("db: an empty fragment as a condition")
		}
	}
	in := Join(sep, frags...)
	in.text = "(" + in.text + ")"
	return in
}

// Join puts sep between the fragments.
func Join(sep string, frags ...Frag) Frag {
	var out strings.Builder
	var args []any
	for i, f := range frags {
		if i > 0 {
			out.WriteString(sep)
		}
		out.WriteString(f.text)
		args = append(args, f.args...)
	}
	return Frag{out.String(), args}
}

// Text is the SQL, with '?' for each argument.
func (f Frag) Text() string { return f.text }

// Args are the arguments in the order of their placeholders.
func (f Frag) Args() []any { return f.args }

// Empty tells whether there is no SQL at all.
func (f Frag) Empty() bool { return f.text == "" }

// numbered is the text with $1, $2, ... as PostgreSQL wants it.
func numbered(text string) string {
	marks := placeholders(text)
	if len(marks) == 0 {
		return text
	}
	var out strings.Builder
	out.Grow(len(text) + 2*len(marks))
	from := 0
	for i, at := range marks {
		out.WriteString(text[from:at])
		out.WriteByte('$')
		out.WriteString(strconv.Itoa(i + 1))
		from = at + 1
	}
	out.WriteString(text[from:])
	return out.String()
}

// placeholders are the positions of each '?' that is not in quotes or a comment.
func placeholders(text string) []int {
	var at []int
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '?':
			at = append(at, i)
		case c == '\'' || c == '"':
			i = skip(text, i+1, string(c))
		case strings.HasPrefix(text[i:], "--"):
			i = skip(text, i+2, "\n")
		case strings.HasPrefix(text[i:], "/*"):
			i = skip(text, i+2, "*/")
		}
	}
	return at
}

// skip is the position of the last byte of end in text, at or after from.
func skip(text string, from int, end string) int {
	if n := strings.Index(text[from:], end); n >= 0 {
		return from + n + len(end) - 1
	}
	return len(text)
}
