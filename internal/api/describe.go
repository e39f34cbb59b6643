package api

import (
	"net/http"
	"reflect"
	"strings"

	"provost/internal/op"

	"github.com/danielgtaylor/huma/v2"
)

// describe adds an operation to the description, from its declaration alone, and returns the shape of its input.
func (a *API) describe(o op.Any, method, path string) shape {
	m := o.Meta()
	in, out := o.Types()
	registry := a.doc.Components.Schemas
	s := shape{}
	var body []reflect.StructField
	eachField(reflect.TypeOf(in), func(f reflect.StructField) {
		switch {
		case f.Tag.Get("path") != "":
			s.path = append(s.path, f)
		case f.Tag.Get("query") != "":
			s.query = append(s.query, f)
		case name(f) != "":
			body = append(body, f)
		}
	})
	described := &huma.Operation{Method: method, Path: path, OperationID: m.Name, Summary: m.Doc, Tags: []string{strings.SplitN(m.Name, ".", 2)[0]},
		Description: needs(m), Responses: map[string]*huma.Response{"200": {Description: "Done."}, "default": {Description: "A problem.",
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: registry.Schema(reflect.TypeFor[Problem](), true, "Problem")}}}}}
	if m.Open != "" {
		described.Security = []map[string][]string{}
	}
	for _, f := range s.path {
		described.Parameters = append(described.Parameters, param(registry, f, f.Tag.Get("path"), "path"))
	}
	for _, f := range s.query {
		described.Parameters = append(described.Parameters, param(registry, f, f.Tag.Get("query"), "query"))
	}
	if len(body) > 0 && method != http.MethodGet {
		s.body = registry.Schema(reflect.StructOf(body), false, schemaTitle(m.Name))
		described.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: s.body}}}
	}
	if m.Files > 0 {
		s.files = m.Files
		s.describeFiles(described, in)
	}
	if t := reflect.TypeOf(out); t != nil {
		if _, file := out.(op.Filer); file {
			described.Responses["200"].Content = map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
		} else {
			described.Responses["200"].Content = map[string]*huma.MediaType{"application/json": {Schema: registry.Schema(t, true, t.Name())}}
		}
	}
	a.doc.AddOperation(described)
	return s
}

// describeFiles adds how files are sent: as multipart/form-data, with the JSON that would else be the body as `input`.
func (s *shape) describeFiles(described *huma.Operation, in any) {
	form := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}}
	if s.body != nil {
		form.Properties["input"] = s.body
	}
	v := reflect.New(reflect.TypeOf(in))
	op.EachUpload(v.Interface(), func(name string, field any) {
		one := &huma.Schema{Type: "string", Format: "binary"}
		if _, many := field.(*[]op.Upload); many {
			one = &huma.Schema{Type: "array", Items: one}
		}
		form.Properties[name] = one
	})
	if described.RequestBody == nil {
		described.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{}}
	}
	described.RequestBody.Content["multipart/form-data"] = &huma.MediaType{Schema: form}
}

func needs(m op.Meta) string {
	if m.Open != "" {
		return "Needs no permission: " + m.Open + "."
	}
	keys := make([]string, len(m.Needs))
	for i, p := range m.Needs {
		keys[i] = "`" + p.Key + "`"
	}
	return "Needs " + strings.Join(keys, ", ") + "."
}

func param(registry huma.Registry, f reflect.StructField, name, in string) *huma.Param {
	return &huma.Param{Name: name, In: in, Required: in == "path", Description: f.Tag.Get("doc"), Schema: huma.SchemaFromField(registry, f, name)}
}

// name is the field's JSON name; empty where it has none.
func name(f reflect.StructField) string {
	n, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if n == "-" {
		return ""
	}
	return n
}

// eachField calls do with the exported fields of a struct, those of embedded structs among them.
func eachField(t reflect.Type, do func(reflect.StructField)) {
	if t == nil || t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			eachField(f.Type, do)
		} else if f.IsExported() {
			do(f)
		}
	}
}

func schemaTitle(operation string) string {
	var out strings.Builder
	for _, part := range strings.FieldsFunc(operation, func(r rune) bool { return r == '.' || r == '_' }) {
		out.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return out.String() + "Input"
}
