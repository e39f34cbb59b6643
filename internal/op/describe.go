package op

import (
	"reflect"
	"strings"
)

// Input is one field of an operation's input: where it is sent (path, query or body), its name, and what it is.
type Input struct{ In, Name, Doc string }

// Inputs are the fields of an operation's input, from its declaration.
func Inputs(o Any) (out []Input) {
	in, _ := o.Types()
	for _, f := range fieldsOf(reflect.TypeOf(in)) {
		for _, at := range []Input{{"path", f.Tag.Get("path"), ""}, {"query", f.Tag.Get("query"), ""}, {"body", jsonName(f), ""}} {
			if at.Name != "" {
				out = append(out, Input{at.In, at.Name, f.Tag.Get("doc")})
				break
			}
		}
	}
	return out
}

// Outputs are the names of the fields of an operation's output; none where it is a file.
func Outputs(o Any) (out []string) {
	_, answer := o.Types()
	if _, file := answer.(Filer); file {
		return nil
	}
	for _, f := range fieldsOf(reflect.TypeOf(answer)) {
		if name := jsonName(f); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// Noun is what an operation is on: the part of its name before the dot.
func (m Meta) Noun() string {
	noun, _, _ := strings.Cut(m.Name, ".")
	return noun
}

// fieldsOf are the exported fields of a struct, those of embedded structs among them.
func fieldsOf(t reflect.Type) (out []reflect.StructField) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, fieldsOf(f.Type)...)
		} else if f.IsExported() {
			out = append(out, f)
		}
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return strings.TrimPrefix(name, "-")
}
