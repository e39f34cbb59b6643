package api

import (
	"encoding"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"provost/internal/fail"
	"provost/internal/op"

	"github.com/danielgtaylor/huma/v2"
)

// fill reads an operation's input from a request: its route, its query, and its JSON body. An identifier in the route that
// is none answers as a thing that is not there; everything else that is wrong is named by field.
func (h *handler) fill(r *http.Request, w http.ResponseWriter, in any) error {
	v := reflect.ValueOf(in).Elem()
	for _, f := range h.shape.path {
		if set(v.FieldByIndex(index(v.Type(), f)), r.PathValue(f.Tag.Get("path"))) != "" {
			return fail.Missing("thing")
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fail.Wrong("query", "This is not a query.")
	}
	var wrong fail.Fields
	for _, f := range h.shape.query {
		key := f.Tag.Get("query")
		if query.Has(key) {
			if text := setAll(v.FieldByIndex(index(v.Type(), f)), query[key]); text != "" {
				wrong.Add(key, text)
			}
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if h.shape.files > 0 && isMultipart(r) {
		return h.parts(r, w, in)
	}
	if h.shape.body == nil {
		return nil
	}
	return h.body(r, w, in)
}

func isMultipart(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}

// formMemory is how much of a request with files is held in memory; the rest waits on the disk.
const formMemory = 1 << 20

// parts reads a request with files: each under its name, and the JSON that would else be the body as `input`.
func (h *handler) parts(r *http.Request, w http.ResponseWriter, in any) error {
	r.Body = http.MaxBytesReader(w, r.Body, h.shape.files+MaxBody)
	if err := r.ParseMultipartForm(formMemory); err != nil {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return fail.Wrong("body", "These files are larger than is taken here.")
		}
		return fail.Wrong("body", "The body could not be read.")
	}
	op.EachUpload(in, func(name string, field any) {
		for _, f := range r.MultipartForm.File[name] {
			one := op.NewUpload(f.Filename, f.Size, func() (io.ReadCloser, error) { return f.Open() })
			switch to := field.(type) {
			case *[]op.Upload:
				*to = append(*to, one)
			case *op.Upload:
				*to = one
			}
		}
	})
	text := r.PostForm.Get("input")
	if h.shape.body == nil {
		return nil
	}
	if text == "" {
		text = "{}"
	}
	return h.decode([]byte(text), in)
}

// body reads the request's JSON.
func (h *handler) body(r *http.Request, w http.ResponseWriter, in any) error {
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/json") {
		return fail.Wrong("Content-Type", "The body is JSON: send application/json.")
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return fail.Wrong("body", "The body is larger than 1 MiB.")
	}
	if err != nil {
		return fail.Wrong("body", "The body could not be read.")
	}
	return h.decode(text, in)
}

// decode validates JSON by the operation's schema, and decodes it.
func (h *handler) decode(text []byte, in any) error {
	var parsed any
	if err := json.Unmarshal(text, &parsed); err != nil {
		return fail.Wrong("body", "This is not JSON: "+err.Error())
	}
	res := &huma.ValidateResult{}
	huma.Validate(h.api.doc.Components.Schemas, h.shape.body, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, parsed, res)
	var wrong fail.Fields
	for _, err := range res.Errors {
		if detail, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			wrong.Add(detail.Location, detail.Message)
		} else {
			wrong.Add("body", err.Error())
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if err := json.Unmarshal(text, in); err != nil {
		return fail.Wrong("body", "A value has the wrong form: "+err.Error())
	}
	return nil
}

func index(t reflect.Type, f reflect.StructField) []int {
	found, _ := t.FieldByName(f.Name)
	return found.Index
}

func setAll(v reflect.Value, texts []string) (wrong string) {
	if v.Kind() != reflect.Slice {
		return set(v, texts[0])
	}
	out := reflect.MakeSlice(v.Type(), len(texts), len(texts))
	for i, text := range texts {
		if wrong := set(out.Index(i), text); wrong != "" {
			return wrong
		}
	}
	v.Set(out)
	return ""
}

// set reads one value from text; what it says is wrong is for the person who wrote the text.
func set(v reflect.Value, text string) (wrong string) {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if u.UnmarshalText([]byte(text)) != nil {
			if isTime(v.Type()) {
				return "This is not a time as 2026-03-02T09:00:00Z is."
			}
			return "This is not an id."
		}
		return ""
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return "This is neither true nor false."
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "This is not a whole number."
		}
		v.SetInt(n)
	default:
		return "This cannot be given here."
	}
	return ""
}
