package web

import (
	"strconv"

	"provost/internal/action/report"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func auditRoutes(s *shell.Server) {
	s.Get("/audit", report.ListAudit, listAudit)
	for _, r := range report.Reports {
		if r.Name == "audit" {
			s.Get("/audit/file", r.File, shell.Download(r.File), shell.UpTo(downloadLimit))
		}
	}
}

// listAudit is what was done and what was refused, the newest first (CO-8).
func listAudit(q *shell.Req) error {
	var in report.AuditQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, report.ListAudit, in)
	if err != nil {
		return err
	}
	v := q.View
	fields := append([]g.Node{
		page.SmallSelect(page.Field{Name: "outcome", Label: v.T("Outcome"), Value: in.Outcome}, []page.Option{{Label: v.T("Any")},
			{Value: "done", Label: v.T("Done")}, {Value: "refused", Label: v.T("Refused")}}),
		page.SmallInput(page.Field{Name: "operation", Label: v.T("Operation"), Value: in.Operation})}, periodFields(q, in.Period, in.From, in.To)...)
	filters := page.Filters{Action: "/audit", SearchName: "q", SearchLabel: v.T("Search by person or thing"), Query: in.Query, Fields: fields,
		Chips: filterChips(q, out.Filters), Clear: "/audit", Summary: v.N("{n} entry", "{n} entries", out.Total)}
	rows := make([]page.Row, len(out.Items))
	for i, item := range out.Items {
		rows[i] = page.Row{Cells: auditCells(q, item)}
	}
	return q.Show(v.T("Audit"),
		page.Header(v.T("Audit"), v.T("Every change and every refused attempt: who, as whom, what, to what, and what changed. Nothing here can be edited."), fileLinks(q, "/audit/file")...),
		filters.Node(v),
		page.Table{Caption: v.T("Audit"), Columns: []page.Column{{Title: v.T("Time")}, {Title: v.T("Who")}, {Title: v.T("What")}, {Title: v.T("On")},
			{Title: v.T("Outcome")}, {Title: v.T("What changed"), Wide: true}}, Rows: rows,
			Empty: page.Empty(v.T("Nothing found"), v.T("No act fits this search."))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

func auditCells(q *shell.Req, item report.AuditItem) []g.Node {
	v := q.View
	who := page.Named(item.ActorName, "")
	if item.BehindName != "" {
		who = page.Named(item.ActorName, v.T("acted by {name}", "name", item.BehindName))
	}
	outcome := page.Badge(page.Good, v.T("Done"))
	if item.Outcome == "refused" {
		outcome = page.Badge(page.Bad, v.T("Refused"))
	}
	return []g.Node{page.Named(v.DateTime(item.At), "#"+strconv.FormatInt(item.Number, 10)), who, g.Text(item.Operation),
		page.Named(item.TargetName, v.T(item.TargetKind)), outcome, auditDetails(q, item)}
}

// auditDetails are the reason of a refusal, each change of access in a sentence, and what else was kept.
func auditDetails(q *shell.Req, item report.AuditItem) g.Node {
	v := q.View
	var lines []g.Node
	if item.Because != "" {
		lines = append(lines, g.Text(item.Because))
	}
	for _, c := range item.Changes {
		lines = append(lines, g.Text(changeText(v, c)))
	}
	if more := item.Count - len(item.Changes); more > 0 {
		lines = append(lines, page.Muted(v.N("and {n} more change", "and {n} more changes", more)))
	}
	var facts []page.KV
	for _, f := range item.Facts {
		facts = append(facts, page.KV{Key: f.Name, Value: g.Text(f.Value)})
	}
	facts = append(facts, page.KV{Key: v.T("Check sum"), Value: page.Truncate(item.Hash)})
	return page.Stack(page.PlainList(lines...), page.Details(v.T("Details"), page.KeyValues(facts...)))
}

func changeText(v page.View, c report.AuditChange) string {
	switch c.Did {
	case "began":
		return v.T("{who} became {role} at {place}", "who", c.Who, "role", c.Role, "place", c.Where)
	case "ended":
		return v.T("{who} is no longer {role} at {place}", "who", c.Who, "role", c.Role, "place", c.Where)
	case "overrode":
		return v.T("A cell of {role} changed in {place}", "role", c.Role, "place", c.Where)
	}
	return v.T("The role {role} changed", "role", c.Role)
}
