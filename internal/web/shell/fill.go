package shell

import (
	"encoding"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"provost/internal/fail"
)

// formMemory is how much of a form with files is held in memory; the rest waits on the disk.
const formMemory = 4 << 20

// maxRows bounds the rows of a nested list in a form.
const maxRows = 5000

// Parse reads the form of a request, within its body's limit.
func (q *Req) Parse() error {
	if q.R.PostForm != nil {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(q.R.Header.Get("Content-Type"))
	err := error(nil)
	if kind == "multipart/form-data" {
		err = q.R.ParseMultipartForm(formMemory)
	} else {
		err = q.R.ParseForm()
	}
	if err == nil {
		return nil
	}
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return tooLarge
	}
	return fail.New(fail.Invalid, "This form cannot be read.")
}

// Fill decodes the request into a pointer to an operation's input, by its tags: `path` from the route, `query` from the
// address, `json` from the form (of a GET from the address too). Dots lead into nested values: rows.0.email.
// An id that is none answers as a thing that is not there; another value that is none names its field.
func (q *Req) Fill(in any) error {
	if err := q.Parse(); err != nil {
		return err
	}
	form := q.R.PostForm
	query, err := url.ParseQuery(q.R.URL.RawQuery)
	if err != nil {
		return fail.New(fail.Invalid, "This address cannot be read.")
	}
	if q.R.Method == http.MethodGet || q.R.Method == http.MethodHead {
		form = query
	}
	f := filler{path: q.R.PathValue, query: query, form: form}
	q.receive(in)
	f.fields(reflect.ValueOf(in).Elem(), "")
	if f.err != nil {
		return f.err
	}
	return f.wrong.Err()
}

type filler struct {
	path        func(string) string
	query, form url.Values
	wrong       fail.Fields
	err         error
}

func (f *filler) fields(v reflect.Value, prefix string) {
	t := v.Type()
	for i := range t.NumField() {
		tf := t.Field(i)
		if !tf.IsExported() {
			continue
		}
		if tf.Anonymous && tf.Type.Kind() == reflect.Struct {
			f.fields(v.Field(i), prefix)
			continue
		}
		if name := tf.Tag.Get("path"); name != "" && prefix == "" {
			f.set(v.Field(i), name, []string{f.path(name)})
		} else if name := tagName(tf.Tag.Get("query")); name != "" && prefix == "" {
			f.value(v.Field(i), name, f.query)
		} else if name := tagName(tf.Tag.Get("json")); name != "" {
			f.value(v.Field(i), prefix+name, f.form)
		}
	}
}

// tagName is the name of a tag; empty for none and for "-".
func tagName(tag string) string {
	name, _, _ := strings.Cut(tag, ",")
	if name == "-" {
		return ""
	}
	return name
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

func isLeaf(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || reflect.PointerTo(t).Implements(textType) || t.Kind() != reflect.Struct
}

// value fills one value, a nested one or a list, from the values under its name.
func (f *filler) value(v reflect.Value, name string, from url.Values) {
	switch t := v.Type(); {
	case t.Kind() == reflect.Pointer:
		if under(from, name) {
			v.Set(reflect.New(t.Elem()))
			f.value(v.Elem(), name, from)
		}
	case !isLeaf(t):
		f.fields(v, name+".")
	case t.Kind() == reflect.Slice && !reflect.PointerTo(t).Implements(textType):
		f.list(v, name, from)
	case t.Kind() == reflect.Map:
		f.pairs(v, name, from)
	default:
		if from.Has(name) {
			f.set(v, name, from[name])
		}
	}
}

func under(from url.Values, name string) bool {
	if from.Has(name) {
		return true
	}
	for key := range from {
		if strings.HasPrefix(key, name+".") {
			return true
		}
	}
	return false
}

// list fills a list from repeated values, or from rows.
func (f *filler) list(v reflect.Value, name string, from url.Values) {
	for _, text := range from[name] {
		if text == "" {
			continue // an empty choice, or a hidden companion of tick boxes
		}
		one := reflect.New(v.Type().Elem()).Elem()
		if !isLeaf(one.Type()) {
			continue
		}
		f.set(one, name, []string{text})
		v.Set(reflect.Append(v, one))
	}
	for _, at := range rowsOf(from, name) {
		one := reflect.New(v.Type().Elem()).Elem()
		f.value(one, name+"."+strconv.Itoa(at), from)
		v.Set(reflect.Append(v, one))
	}
}

// rowsOf are the numbers of the rows under a name, in order.
func rowsOf(from url.Values, name string) []int {
	seen := map[int]bool{}
	for key := range from {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && strconv.Itoa(n) == number {
			seen[n] = true
		}
	}
	out := make([]int, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Ints(out)
	return out[:min(len(out), maxRows)]
}

// pairs fills a map from names to texts.
func (f *filler) pairs(v reflect.Value, name string, from url.Values) {
	if v.Type().Key().Kind() != reflect.String || v.Type().Elem().Kind() != reflect.String {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for key, values := range from {
		if rest, ok := strings.CutPrefix(key, name+"."); ok && len(values) > 0 {
			v.SetMapIndex(reflect.ValueOf(rest).Convert(v.Type().Key()), reflect.ValueOf(values[0]).Convert(v.Type().Elem()))
		}
	}
}

// set fills a plain value from the first text. Of tick boxes with a hidden companion, the last one counts.
func (f *filler) set(v reflect.Value, name string, texts []string) {
	text := texts[len(texts)-1]
	if v.Type() == reflect.TypeFor[time.Time]() {
		f.time(v, name, text)
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			f.err = fail.Missing("thing")
		}
		return
	}
	f.plain(v, name, text)
}

func (f *filler) plain(v reflect.Value, name, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
	case reflect.Bool:
		v.SetBool(text == "on" || text == "true" || text == "1")
	case reflect.Int, reflect.Int64, reflect.Int32:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, v.Type().Bits())
		if err != nil && text != "" {
			f.wrong.Add(name, "Enter a whole number.")
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if (err != nil || n != n) && text != "" {
			f.wrong.Add(name, "Enter a number.")
			return
		}
		v.SetFloat(n)
	}
}

// times are the spellings of a day and of a moment; without a zone they are UTC.
var times = []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339Nano}

func (f *filler) time(v reflect.Value, name, text string) {
	if text == "" {
		return
	}
	for _, layout := range times {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			v.Set(reflect.ValueOf(t.UTC()))
			return
		}
	}
	f.wrong.Add(name, "Enter a day, such as 2026-11-05.")
}
