package learning_test

import (
	"strings"
	"testing"

	"provost/internal/web/webtest"
	"provost/internal/world/worldtest"
)

// CO-1 on the pages: a picture stands in the text, what could run is only ever saved, and nothing of either is sent to others.
func TestCO1FilesOnThePages(t *testing.T) {
	site := webtest.New(t)
	outline := write(t, site)
	ivy, lin := site.As(t, "Ivy"), site.As(t, "Lin")
	lesson := ivy.Get(outline).Find(".lesson-text a").First().AttrOr("href", "")
	p := ivy.Upload(lesson+"/files", "files", map[string]string{"evil.svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "évil .html": "<script>alert(1)</script>"}, "alt", "")
	if got := p.Texts(".file-text a"); p.Status != 200 || strings.Join(got, " ") != "evil.svg évil .html" {
		t.Fatalf("%d %v %s", p.Status, got, p.Text("main"))
	}
	if p := ivy.Upload(lesson+"/files", "files", map[string]string{"a b.png": worldtest.PNG}); p.Status != 422 || !p.Has("#f-alt-error, [aria-invalid][name=alt]") {
		t.Errorf("a picture of which nothing is said: %d %s", p.Status, p.Text("main"))
	}
	ivy.Upload(lesson+"/files", "files", map[string]string{"a b.png": worldtest.PNG}, "alt", `A "map" <b>`)
	ivy.Submit(ivy.Get(lesson+"/edit"), "main form.form", "text", "See ![A map](<a b.png>) and ![none](https://evil.test/x.png) and [it](evil.svg) and ![script](evil.svg).")
	p = lin.Get(lesson)
	if p.Find(".prose img").Length() != 1 || p.Find(".prose img").AttrOr("alt", "") != "A map" || strings.Contains(p.Body, "evil.test") || p.Find(".files li").Length() != 1 {
		t.Errorf("%s", p.Body)
	}
	picture, svg := p.Find(".prose img").AttrOr("src", ""), p.Find(".prose a").AttrOr("href", "")
	for at, want := range map[string][2]string{picture: {"image/png", "inline"}, svg: {"application/octet-stream", "attachment"}} {
		f := lin.Get(at)
		head := f.Header
		if f.Status != 200 || head.Get("Content-Type") != want[0] || !strings.HasPrefix(head.Get("Content-Disposition"), want[1]+";") ||
			head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || head.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", at, f.Status, head)
		}
		for who, status := range map[string]int{"Leo": 403, "Sue": 404} {
			if p := site.As(t, who).Get(at); p.Status != status {
				t.Errorf("%s opens %s: %d", who, at, p.Status)
			}
		}
	}
	if p := lin.Get(lesson + "/files"); p.Status != 403 {
		t.Errorf("Lin opens the files to edit: %d", p.Status)
	}
	if p := lin.Upload(lesson+"/files", "files", map[string]string{"x": "x"}); p.Status != 403 {
		t.Errorf("Lin adds a file: %d", p.Status)
	}
	ivy.Submit(ivy.Get(picture+"/edit"), "main form.form", "alt", "Our map")
	p = ivy.Submit(ivy.Get(lesson+"/files"), `form[action$="/delete"]`)
	if got := p.Texts(".file-text a"); len(got) != 2 || !p.Has(`img[alt="Our map"]`) {
		t.Errorf("%v", got)
	}
}
