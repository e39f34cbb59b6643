// Package api is the JSON face: every operation of the portal at /api/v1 and its route, described by OpenAPI 3.1,
// asked by tokens with part of a person's rights, and answered in errors as problem details (RFC 9457).
package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/op"

	"github.com/danielgtaylor/huma/v2"
)

// Prefix is where the API begins.
const Prefix = "/api/v1"

// MaxBody is the largest body of a request, in bytes.
const MaxBody = 1 << 20

// usualLimit is what the server allows every request; an operation that may take longer says so.
const usualLimit = 30 * time.Second

// Identify tells who asks: whose token or session came with a request. Nobody is the portal alone.
type Identify func(*http.Request) (action.Visitor, error)

// API is the operations, mounted.
type API struct {
	env *op.Env
	who Identify
	doc *huma.OpenAPI
}

// Mount registers every operation at its route, and the AuthZEN API. One that names no permission and does not say why is an error (BE-5).
func Mount(mux *http.ServeMux, env *op.Env, who Identify, ops []op.Any) (*API, error) {
	a := &API{env: env, who: who, doc: newDoc()}
	for _, o := range ops {
		if err := a.mount(mux, o); err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(a.doc, "", " ")
	if err != nil {
		return nil, err
	}
	mux.HandleFunc("GET "+Prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		_, _ = w.Write(text) // the caller went away
	})
	mountAsking(mux, env, who)
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, _ *http.Request) { problem(w, errNoRoute) })
	return a, nil
}

// Doc is the API's description, as OpenAPI 3.1.
func (a *API) Doc() *huma.OpenAPI { return a.doc }

// shape is how an operation's input comes apart: what is in its route, its query and its body.
type shape struct {
	path, query []reflect.StructField
	body        *huma.Schema
	// files is how many bytes of files it takes.
	files int64
}

func (a *API) mount(mux *http.ServeMux, o op.Any) error {
	m := o.Meta()
	if len(m.Needs) == 0 && m.Open == "" {
		return fmt.Errorf("%s names no permission and does not say why", m.Name)
	}
	if m.PageOnly {
		return nil
	}
	method, path, ok := strings.Cut(m.Route, " ")
	if !ok || !strings.HasPrefix(path, "/") {
		return fmt.Errorf("%s has no route", m.Name)
	}
	s := a.describe(o, method, path)
	h := &handler{a, o, s}
	mux.Handle(method+" "+Prefix+path, h)
	return nil
}

type handler struct {
	api   *API
	op    op.Any
	shape shape
}

// ServeHTTP runs the operation for whoever asks, and writes its output as JSON or as the file that it is.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	visitor, err := h.api.who(r)
	if err != nil {
		problem(w, err)
		return
	}
	who := visitor.Who
	if limit := h.limit(r); limit > usualLimit {
		until := h.api.env.Now().Add(limit + usualLimit)
		c := http.NewResponseController(w)
		_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until) // a test's recorder has none
	}
	out := &answer{w: w}
	fill := func(in any) error { return h.fill(r, w, in) }
	if r.URL.Query().Get("preview") == "true" && r.Method != http.MethodGet {
		effects, err := h.op.Foresee(r.Context(), h.api.env, who, fill)
		if err == nil {
			err = out.write(effects)
		}
		out.end(err)
		return
	}
	defer func() {
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll() // what cannot be deleted lies in the folder for temporary files
		}
	}()
	err = h.op.Invoke(r.Context(), h.api.env, who, fill, out.write)
	if err == nil && out.apart != nil {
		err = out.send(*out.apart)
	}
	out.end(err)
}

// uploadLimit is how long a request with files may take to come.
const uploadLimit = 10 * time.Minute

func (h *handler) limit(r *http.Request) time.Duration {
	limit := h.op.Meta().Limit
	if isMultipart(r) && h.shape.files > 0 {
		limit += uploadLimit
	}
	return limit
}

// answer is a response; begun says that its head is sent, so that an error can only cut it short.
type answer struct {
	w     http.ResponseWriter
	begun bool
	// apart is a file to be written when the transaction has ended.
	apart *op.File
}

func (a *answer) Write(p []byte) (int, error) {
	a.begun = true
	return a.w.Write(p)
}

func (a *answer) write(out any) error {
	if f, ok := out.(op.Filer); ok {
		file := f.AsFile()
		if file.Apart {
			a.apart = &file
			return nil
		}
		return a.send(file)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	a.w.Header().Set("Content-Type", "application/json")
	_, err = a.Write(append(text, '\n'))
	return err
}

func (a *answer) send(f op.File) error {
	f.Inline = false
	a.w.Header().Set("Content-Type", f.Type)
	a.w.Header().Set("Content-Disposition", f.Disposition())
	a.w.Header().Set("X-Content-Type-Options", "nosniff")
	return f.Write(a)
}

func (a *answer) end(err error) {
	if err == nil {
		return
	}
	if a.begun {
		panic(http.ErrAbortHandler) // a file that ends early must not look whole
	}
	a.w.Header().Del("Content-Disposition")
	problem(a.w, err)
}

var _ io.Writer = (*answer)(nil)

func newDoc() *huma.OpenAPI {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[db.ID](), reflect.TypeFor[string]())
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Provost", Version: "1", Description: "Every operation of the portal. Each says which permission it needs; " +
			"what one may not see answers exactly as what does not exist. Add `?preview=true` to a change to learn who would gain and lose what, without making it."},
		Servers:    []*huma.Server{{URL: Prefix}},
		Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "A token made on one's own page."}}},
		Security:   []map[string][]string{{"token": {}}},
	}
}

// schemaName is a type's own name after that of its area: areas may use the same names (LearningRef, WorkRef).
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	_, area, found := strings.Cut(t.PkgPath(), "internal/action/")
	if !found || area == "" || t.Name() == "" {
		return name
	}
	return strings.ToUpper(area[:1]) + area[1:] + name
}

func isTime(t reflect.Type) bool { return t == reflect.TypeFor[time.Time]() }
