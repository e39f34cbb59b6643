// Package webtest is a browser for tests of the pages: it signs in as somebody of the world, keeps cookies, follows
// redirects, fills in forms as they stand on the page, and selects HTML.
package webtest

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"provost/internal/web"
	"provost/internal/web/shell"
	"provost/internal/world"
	"provost/internal/world/worldtest"
)

// Site is the pages of a world, served for a test.
type Site struct {
	*worldtest.Test
	URL string
	Web *shell.Server
}

// Packages is where the content of packages is served in tests.
const Packages = "http://packages.test"

// New serves the pages of a copy of the world.
func New(t testing.TB) *Site {
	t.Helper()
	return Serve(t, worldtest.New(t))
}

// Serve serves the pages of a world at hand.
func Serve(t testing.TB, w *worldtest.Test) *Site {
	t.Helper()
	return ServeWith(t, w, Packages)
}

// ServeWith is Serve with another address for the content of packages.
func ServeWith(t testing.TB, w *worldtest.Test, packages string) *Site {
	t.Helper()
	s, err := web.New(w.Env, web.Config{Packages: packages})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = s.HTTP(s.Handler())
	server.Start()
	t.Cleanup(func() { server.Close(); s.Close() })
	return &Site{w, server.URL, s}
}

// Client is one browser.
type Client struct {
	t    testing.TB
	site *Site
	HTTP *http.Client
	// Host is asked for instead of the site's own, where it is set.
	Host string
}

// Visit is a browser in which nobody is signed in.
func (s *Site) Visit(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, site: s, HTTP: &http.Client{Jar: jar}}
}

// As is a browser in which somebody of the world, by first name, has signed in.
func (s *Site) As(t testing.TB, first string) *Client {
	t.Helper()
	c := s.Visit(t)
	if s.People[first].Portal == s.Umbra.ID {
		c.Host = s.Umbra.Host
	}
	at := c.Post("/sign-in", "login", strings.ToLower(first), "password", world.Password)
	if at.Status != http.StatusOK || at.Path != "/" {
		t.Fatalf("%s does not get in: %d at %s: %s", first, at.Status, at.Path, at.Text(".notice"))
	}
	return c
}

// Page is an answer, read whole.
type Page struct {
	*goquery.Document
	Status int
	// Path is where the redirects led, with the query.
	Path   string
	Header http.Header
	Body   string
}

// Text is the text of what a selector finds, its white space collapsed.
func (p *Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// Has tells whether a selector finds anything.
func (p *Page) Has(selector string) bool { return p.Find(selector).Length() > 0 }

// Texts are the texts of each thing that a selector finds.
func (p *Page) Texts(selector string) []string {
	return p.Find(selector).Map(func(_ int, one *goquery.Selection) string { return strings.Join(strings.Fields(one.Text()), " ") })
}

// Get opens a page.
func (c *Client) Get(path string) *Page {
	c.t.Helper()
	return c.Do(c.Request(http.MethodGet, path, nil))
}

// Post sends pairs of a name and a value, as a form of the same site does.
func (c *Client) Post(path string, pairs ...string) *Page {
	c.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return c.PostForm(path, values)
}

// PostForm sends a form.
func (c *Client) PostForm(path string, values url.Values) *Page {
	c.t.Helper()
	r := c.Request(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.Do(r)
}

// Upload sends a form with files, by their names, in a field; pairs are its other fields.
func (c *Client) Upload(path, field string, files map[string]string, pairs ...string) *Page {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = form.WriteField(pairs[i], pairs[i+1]) // a buffer takes it
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, err := form.CreateFormFile(field, name)
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = io.WriteString(part, files[name]) // a buffer takes it
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	r := c.Request(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.Do(r)
}

// Submit sends the form that a selector finds on a page, with its own values but for these pairs.
func (c *Client) Submit(p *Page, selector string, pairs ...string) *Page {
	c.t.Helper()
	form := p.Find(selector).First()
	if form.Length() == 0 {
		c.t.Fatalf("no form %s at %s", selector, p.Path)
	}
	values := FormValues(form)
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	if form.AttrOr("method", "get") == "get" {
		return c.Get(form.AttrOr("action", "") + "?" + values.Encode())
	}
	return c.PostForm(form.AttrOr("action", ""), values)
}

// FormValues are what a form holds now.
func FormValues(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, f *goquery.Selection) {
		name := f.AttrOr("name", "")
		switch {
		case f.Is("select"):
			f.Find("option[selected]").Each(func(_ int, o *goquery.Selection) { values.Add(name, o.AttrOr("value", "")) })
		case f.Is("textarea"):
			values.Add(name, strings.TrimPrefix(f.Text(), "\n"))
		case f.Is("[type=checkbox], [type=radio]"):
			if f.Is("[checked]") {
				values.Add(name, f.AttrOr("value", "on"))
			}
		default:
			values.Add(name, f.AttrOr("value", ""))
		}
	})
	return values
}

// Request is a request to the site, for Do.
func (c *Client) Request(method, path string, body io.Reader) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.site.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// Do sends a request and reads the answer whole.
func (c *Client) Do(r *http.Request) *Page {
	c.t.Helper()
	r.Host = c.Host
	c.HTTP.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		next.Host = c.Host
		if len(via) > 5 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, err := c.HTTP.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(text)))
	if err != nil {
		c.t.Fatal(err)
	}
	return &Page{doc, res.StatusCode, res.Request.URL.RequestURI(), res.Header, string(text)}
}
