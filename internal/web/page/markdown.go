package page

import (
	"bytes"
	"net/url"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Markdown is a text that somebody wrote, as Markdown: headings below the page's own, no HTML, no pictures from elsewhere, and
// links that lead to other sites without telling them where from.
func Markdown(source string) g.Node { return MarkdownWith(source, nil) }

// MarkdownWith is Markdown with the pictures and files that belong to the text: at tells the address, on this site, of what it
// calls by a name, and whether that is a picture; empty for what it does not know. nil knows nothing. What is said of a picture
// that is not known stands in its place.
func MarkdownWith(source string, at func(name string) (href string, picture bool)) g.Node {
	var out bytes.Buffer
	about := parser.NewContext()
	about.Set(filesKey, at)
	if err := markdown.Convert([]byte(source), &out, parser.WithContext(about)); err != nil {
		return h.Pre(g.Text(source))
	}
	return h.Div(h.Class("prose"), g.Raw(markdownPolicy.Sanitize(out.String())))
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lowerHeadings{}, 100), util.Prioritized(ownFiles{}, 101))))

var filesKey = parser.NewContextKey()

// ownFiles gives the pictures and links of a text that are called by the name of a file their addresses, and puts words in the
// place of every other picture.
type ownFiles struct{}

// Transform does so.
func (ownFiles) Transform(doc *ast.Document, source text.Reader, pc parser.Context) {
	at, _ := pc.Get(filesKey).(func(string) (string, bool))
	find := func(name []byte) (string, bool) {
		text, err := url.PathUnescape(string(util.UnescapePunctuations(name)))
		if err != nil || at == nil {
			return "", false
		}
		return at(text)
	}
	var silent []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if href, _ := find(n.Destination); href != "" {
				n.Destination = []byte(href)
			}
		case *ast.Image:
			if href, picture := find(n.Destination); picture {
				n.Destination = []byte(href)
			} else {
				silent = append(silent, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range silent {
		for n.HasChildren() {
			n.Parent().InsertBefore(n.Parent(), n, n.FirstChild())
		}
		n.Parent().RemoveChild(n.Parent(), n)
	}
}

// lowerHeadings puts the headings of a text below the page's.
type lowerHeadings struct{}

// Transform lowers each heading by one.
func (lowerHeadings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		if heading, ok := n.(*ast.Heading); ok && entering {
			heading.Level = min(heading.Level+1, 6)
		}
		return ast.WalkContinue, nil
	})
}

// markdownPolicy lets through what Markdown makes, whatever its renderer lets through.
var markdownPolicy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]+$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^/[a-z0-9/_-]+$`)).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	return p
}()
