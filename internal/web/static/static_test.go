package static

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHashedNamesAreKeptForEver(t *testing.T) {
	for name, kind := range map[string]string{"app.css": "text/css", "app.js": "text/javascript", "icon.svg": "image/svg+xml"} {
		res := get(t, Path(name))
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name, res.StatusCode, res.Header)
		}
	}
	if res := get(t, "/static/app.css"); res.StatusCode != 404 {
		t.Errorf("a name without a hash answers %d", res.StatusCode)
	}
}

func TestZipped(t *testing.T) {
	plain, _ := io.ReadAll(get(t, Path("app.css")).Body)
	res := get(t, Path("app.css"), "Accept-Encoding", "gzip")
	r, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if zipped, _ := io.ReadAll(r); string(zipped) != string(plain) || res.Header.Get("Content-Encoding") != "gzip" {
		t.Error("zipped differs from plain")
	}
}

func TestScriptsImportHashedNames(t *testing.T) {
	for path, a := range built.assets {
		if m := importOf.Find(a.plain); m != nil {
			t.Errorf("%s imports an unhashed name: %s", path, m)
		}
	}
}
