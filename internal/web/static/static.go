// Package static holds the style sheet and the scripts of the pages, inside the binary. Each is served under a name
// that has a hash of its content, so browsers keep it for ever and a new version is a new name.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

//go:embed css js icon.svg
var files embed.FS

// Prefix is where Handler is to be mounted.
const Prefix = "/static/"

type asset struct {
	kind          string
	plain, zipped []byte
}

// site is every asset by its hashed name, and the hashed name of each plain one.
type site struct {
	assets map[string]asset
	paths  map[string]string
}

var built = build()

// Path is the address of "app.css", "app.js" or "icon.svg". It panics on a name that there is none of.
func Path(name string) string {
	p, ok := built.paths[name]
	if !ok {
		panic("static: no file " + name)
	}
	return p
}

// Handler serves the files under Prefix. An unknown name, or an old hash, is 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := built.assets[r.URL.Path]
		if !ok || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			http.NotFound(w, r)
			return
		}
		body, head := a.plain, w.Header()
		head.Set("Content-Type", a.kind)
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
		head.Set("Vary", "Accept-Encoding")
		head.Set("X-Content-Type-Options", "nosniff")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			head.Set("Content-Encoding", "gzip")
			body = a.zipped
		}
		head.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(body) // a reader who left is no error of ours
		}
	})
}

func build() *site {
	s := &site{assets: map[string]asset{}, paths: map[string]string{}}
	s.add("app.css", "text/css; charset=utf-8", styles())
	s.add("icon.svg", "image/svg+xml", must(files.ReadFile("icon.svg")))
	for _, f := range must(fs.Glob(files, "js/*.js")) {
		s.script(path.Base(f))
	}
	return s
}

// styles is the one style sheet: the files of css/ in the order of their names.
func styles() []byte {
	var all bytes.Buffer
	for _, f := range must(fs.Glob(files, "css/*.css")) {
		all.Write(must(files.ReadFile(f)))
	}
	return all.Bytes()
}

var importOf = regexp.MustCompile(`from "\./([a-z]+\.js)"`)

// script adds a module after those it imports, whose names in it become the hashed ones.
func (s *site) script(name string) string {
	if p, ok := s.paths[name]; ok {
		return p
	}
	text := must(files.ReadFile("js/" + name))
	text = importOf.ReplaceAllFunc(text, func(m []byte) []byte {
		return []byte(`from "` + s.script(string(importOf.FindSubmatch(m)[1])) + `"`)
	})
	return s.add(name, "text/javascript; charset=utf-8", text)
}

func (s *site) add(name, kind string, text []byte) string {
	sum := sha256.Sum256(text)
	ext := path.Ext(name)
	p := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	s.assets[p] = asset{kind: kind, plain: text, zipped: zip(text)}
	s.paths[name] = p
	return p
}

func zip(text []byte) []byte {
	var out bytes.Buffer
	w := must(gzip.NewWriterLevel(&out, gzip.BestCompression))
	must(w.Write(text))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// must stops the start: what is embedded is either right or never was.
func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Errorf("static: %w", err))
	}
	return v
}
