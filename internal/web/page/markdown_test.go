package page_test

import (
	"strings"
	"testing"

	"provost/internal/web/page"
)

// What somebody writes as Markdown holds no script, no HTML, no picture from elsewhere; and headings stand below the page's.
func TestMarkdownIsSafe(t *testing.T) {
	html := func(source string) string {
		var out strings.Builder
		if err := page.Markdown(source).Render(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, source := range []string{"<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "![x](https://spy.test/x.png)",
		"[x](data:text/html,<script>)", "<a href='vbscript:x'>x</a>", "<style>*{}</style>", "<p style='color:red' onclick=x>", "[x](\"onmouseover=alert(1))", "<iframe src=//x>"} {
		for _, bad := range []string{"<script", "javascript:", "<img", "onerror", "data:", "vbscript", "<style", "style=", "onclick", "<iframe", "spy.test"} {
			if out := html(source); strings.Contains(strings.ToLower(out), bad) && !strings.Contains(out, "&lt;") && !strings.Contains(out, "&#34;") {
				t.Errorf("%s makes %s", source, out)
			}
		}
	}
	out := html("# One\n\n- a\n- [b](/people)\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n[c](https://x.test)")
	for _, want := range []string{"<h2>One</h2>", "<li>a</li>", `href="/people"`, "<table>", `rel="nofollow noreferrer"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}
