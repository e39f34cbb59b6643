package web

import (
	"net/url"

	"provost/internal/action"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

func (s *Server) teamRoutes() {
	s.get("/manage/teams", action.ListTeams, listTeams)
}

// listTeams is the list of teams that one may see.
func listTeams(q *Req) error {
	out, err := run(q, action.ListTeams)
	if err != nil {
		return err
	}
	v, query := q.View, q.R.URL.Query().Get("q")
	rows := make([]page.Row, len(out.Items))
	for i, t := range out.Items {
		rows[i] = page.Row{Cells: []g.Node{page.Named(t.Name, t.About), g.Text(t.Organization), g.Text(v.Num(t.Members))}}
	}
	empty := page.Empty(v.T("No teams"), v.T("No team that you may see is called so."))
	return q.show(v.T("Teams"),
		page.Header(v.T("Teams"), v.T("People who are gathered to be led and measured.")),
		page.Filters{Action: "/manage/teams", SearchName: "q", SearchLabel: v.T("Search teams"), Query: query}.Node(v),
		page.Table{Caption: v.T("Teams"), Columns: []page.Column{{Title: v.T("Team"), Wide: true}, {Title: v.T("Organization")},
			{Title: v.T("People"), Align: page.End}}, Rows: rows, Empty: empty}.Node(v),
		q.pager(out.Prev, out.Next, len(out.Items), -1))
}

// pager leads to the parts of a list around this one, with the filters of the address; total is negative where it is unknown.
func (q *Req) pager(prev, next string, shown, total int) g.Node {
	to := func(name, marker string) string {
		if marker == "" {
			return ""
		}
		values := url.Values{}
		for k, list := range q.R.URL.Query() {
			if k != "after" && k != "before" {
				values[k] = list
			}
		}
		values.Set(name, marker)
		return q.R.URL.Path + "?" + values.Encode()
	}
	return page.Pager{Prev: to("before", prev), Next: to("after", next), Shown: shown, Total: total}.Node(q.View)
}
