package web

import (
	"slices"
	"strings"

	"provost/internal/action"
	"provost/internal/op"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func referenceRoutes(s *shell.Server) {
	s.Get("/reference", shell.SignedIn("what the API can do is the same for everybody"), showReference)
}

// showReference is the API to be read: every operation, from the declaration that the API itself is made of.
func showReference(q *shell.Req) error {
	v := q.View
	parts := g.Group{page.Header(v.T("API reference"), v.T("Every operation, what it needs and what it takes. Each click on these pages runs one of them."),
		page.LinkButton("OpenAPI 3.1", "/api/v1/openapi.json")),
		page.P(v.T("Make a token on the page of your account, and send it as “Authorization: Bearer …”. Add preview=true to the address of a change to learn who would gain and lose what, without making it."))}
	ops := slices.Clone(action.All)
	slices.SortStableFunc(ops, func(a, b op.Any) int { return strings.Compare(a.Meta().Noun(), b.Meta().Noun()) })
	var of []g.Node
	for i, o := range ops {
		if m := o.Meta(); !m.PageOnly {
			of = append(of, operation(v, o, m))
		}
		if noun := o.Meta().Noun(); i+1 == len(ops) || ops[i+1].Meta().Noun() != noun {
			if len(of) > 0 {
				parts = append(parts, page.Section(strings.ReplaceAll(noun, "_", " "), of...))
			}
			of = nil
		}
	}
	return q.Show(v.T("API reference"), parts)
}

func operation(v page.View, o op.Any, m op.Meta) g.Node {
	needs := g.Node(g.Text(m.Open))
	if m.Open == "" {
		list := make([]g.Node, len(m.Needs))
		for i, p := range m.Needs {
			list[i] = page.Badge(page.Plain, p.Key)
		}
		needs = page.Badges(list...)
	}
	lines := []page.KV{{Key: v.T("Asks for"), Value: needs}}
	if names := op.Outputs(o); len(names) > 0 {
		lines = append(lines, page.KV{Key: v.T("Answers"), Value: h.Code(g.Text(strings.Join(names, ", ")))})
	}
	body := []g.Node{page.KeyValues(lines...)}
	rows := []page.Row{}
	for _, in := range op.Inputs(o) {
		rows = append(rows, page.Row{Cells: []g.Node{h.Code(g.Text(in.Name)), g.Text(in.In), g.Text(in.Doc)}})
	}
	if len(rows) > 0 {
		table := page.Table{Caption: v.T("What {route} takes", "route", m.Route), Dense: true, Rows: rows,
			Columns: []page.Column{{Title: v.T("Name")}, {Title: v.T("In")}, {Title: v.T("What"), Wide: true}}}
		body = append(body, table.Node(v))
	}
	return page.Details(m.Route+" — "+m.Doc, body...)
}
