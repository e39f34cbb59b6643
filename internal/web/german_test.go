package web_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"provost/internal/web/webtest"
)

// english are the texts of the catalogue that German says otherwise, as a whole text of a page would show them.
func english(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("page/lang/de.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for text, german := range all {
		if german != text && !strings.Contains(text, "{") {
			texts[text] = true
		}
	}
	for _, german := range all {
		if text, ok := german.(string); ok {
			delete(texts, text) // another text's German, such as Status
		}
	}
	return texts
}

// shown calls do for each text and each label of a page that people read or hear.
func shown(n *html.Node, do func(string)) {
	if n.Type == html.TextNode {
		do(strings.Join(strings.Fields(n.Data), " "))
	}
	if n.Type == html.ElementNode {
		switch n.Data {
		case "script", "style", "code", "pre", "textarea":
			return
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "title" || a.Key == "placeholder" {
				do(a.Val)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		shown(c, do)
	}
}

// TestGermanPages: pages in German say nothing in English that the catalogue has in German.
func TestGermanPages(t *testing.T) {
	site := webtest.New(t)
	texts := english(t)
	lin, reds, course := site.People["Lin"].ID.String(), site.Teams["Reds"].ID.String(), site.Courses["Go"].ID.String()
	for _, who := range []string{"Ana", "Leo", "Sam"} {
		c := site.As(t, who)
		read := 0
		for _, r := range site.Web.Routes() {
			path := r.Pattern
			for name, id := range map[string]string{"{account}": lin, "{person}": lin, "{team}": reds, "{course}": course,
				"{organization}": site.Orgs["North"].ID.String(), "{group}": site.Management.ID.String(), "{permission}": "team.edit", "{role}": "team_leader"} {
				path = strings.ReplaceAll(path, name, id)
			}
			if r.Method != http.MethodGet || strings.Contains(path, "{") || path == "/reference" {
				continue
			}
			ask := c.Request(http.MethodGet, path, nil)
			ask.Header.Set("Accept-Language", "de-DE")
			p := c.Do(ask)
			if p.Status != http.StatusOK || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
				continue
			}
			read++
			if strings.HasSuffix(path, "/audit") {
				p.Find("td").Remove() // what was done is told as it was written down
			}
			shown(p.Nodes[0], func(text string) {
				if texts[text] {
					t.Errorf("%s reads English at %s: %q", who, path, text)
				}
			})
		}
		if read < 20 {
			t.Errorf("%s read only %d pages", who, read)
		}
	}
}
