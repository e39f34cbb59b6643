package tenant_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"provost/internal/web/webtest"
)

// XA-1, XA-2 on the pages: the brand shows on every page, before anybody signs in too; its switch says whom it makes a full
// administrator; a partial administrator has no switch.
func TestXA1BrandPages(t *testing.T) {
	site := webtest.New(t)
	ana, pia := site.As(t, "Ana"), site.As(t, "Pia")
	if p := pia.Get("/settings/brand"); p.Status != http.StatusOK || p.Has(`a[href="/settings/brand/switch"]`) || !strings.Contains(p.Text(".unavailable"), "Full administrators") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	p := pia.Submit(pia.Get("/settings/brand"), `form[action="/settings/brand"]`, "name", "North Star", "accent", "#ffcc00")
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".field.wrong"), "The nearest that can is") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	p = pia.Submit(pia.Get("/settings/brand"), `form[action="/settings/brand"]`, "name", "North Star", "accent", "#7a1f5c")
	if p.Status != http.StatusOK || p.Text(".brand-name") != "North Star" {
		t.Errorf("%d: %s", p.Status, p.Text("body"))
	}
	p = upload(t, site, pia)
	logo := p.Find("header .brand-logo").AttrOr("src", "")
	if p.Status != http.StatusOK || !strings.HasPrefix(logo, "/brand/logo/") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	visitor := site.Visit(t)
	in := visitor.Get("/sign-in")
	if in.Text(".brand-name") != "North Star" || !in.Has(`link[href="/brand.css?7a1f5c"]`) {
		t.Errorf("nobody is shown %q", in.Text("header"))
	}
	if css := visitor.Get("/brand.css?7a1f5c"); !strings.Contains(css.Body, "--accent:#7a1f5c") || css.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s", css.Body)
	}
	if img := visitor.Get(logo); img.Header.Get("Content-Type") != "image/png" || img.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(img.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", img.Header)
	}
	ask := ana.Get("/settings/brand/switch")
	if !strings.Contains(ask.Text(".notice.warn"), "Pia Partial") || !strings.Contains(ask.Text(".preview"), "Pia Partial") {
		t.Errorf("whom it makes a full administrator is not said: %s", ask.Text("main"))
	}
	p = ana.Submit(ask, `form[action="/settings/brand/switch"]`)
	if p.Status != http.StatusOK || p.Text(".brand-name") != "Acme" || p.Has(".brand-logo[src^='/brand']:not(main *)") {
		t.Errorf("%d: %s", p.Status, p.Text("header"))
	}
	if css := visitor.Get("/brand.css?7a1f5c"); strings.Contains(css.Body, "accent") {
		t.Errorf("switched off, it has colours: %s", css.Body)
	}
	if p := pia.Get("/settings/brand"); !p.Has(`a[href="/settings/brand/switch"]`) {
		t.Errorf("Pia is a full administrator now: %s", p.Text("main"))
	}
}

func upload(t *testing.T, site *webtest.Site, c *webtest.Client) *webtest.Page {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	file, err := w.CreateFormFile("image", "logo.png")
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, image.NewRGBA(image.Rect(0, 0, 60, 20))); err != nil {
		t.Fatal(err)
	}
	w.Close()
	r := c.Request(http.MethodPost, "/settings/brand/logo", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.Do(r)
}
