package grid

import (
	"time"

	"provost/internal/action/grid"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showWho lists who may do something in the portal or in an organization, now or on a past day (BE-3).
func showWho(q *shell.Req) error {
	var in grid.WhoQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, grid.Who, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, a := range out.Items {
		why := "/why?account=" + a.ID.String() + "&permission=" + out.Permission + "&kind=" + in.Kind + "&at=" + in.At
		if in.Thing != 0 {
			why += "&thing=" + in.Thing.String()
		}
		rows[i] = page.Row{Cells: []g.Node{page.Named(a.Name, ""), g.Text(a.Role), g.Text(a.Place), g.Text(v.Date(a.Since)), page.TextLink(v.T("Why?"), why)}}
	}
	keep := map[string]string{"permission": out.Permission, "kind": in.Kind}
	if in.Thing != 0 {
		keep["thing"] = in.Thing.String()
	}
	when := page.SmallInput(page.Field{Name: "at", Label: v.T("As of"), Type: "date", Value: in.At})
	heading := v.T("Who may do this: {title}", "title", out.Title)
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Permissions"), Href: at}, page.Link{Label: out.Title, Href: link("/about/"+out.Permission, 0)}, page.Link{Label: v.T("Who")}),
		page.Header(heading, v.T("In {place}, as far as you may see people's access.", "place", out.Thing))}
	if out.At != nil {
		body = append(body, page.Notice(page.Warn, g.Text(v.T("These are the people who could at the end of {day}. Names are those of today.", "day", v.Date(*out.At)))), keptSince(v, out.KeptSince))
	}
	body = append(body, page.Filters{Action: at + "/who", Fields: []g.Node{when}, Keep: keep}.Node(v),
		page.Table{Caption: heading, Columns: []page.Column{{Title: v.T("Person"), Wide: true}, {Title: v.T("Role")}, {Title: v.T("Where")}, {Title: v.T("Since"), NoWrap: true}, {Title: v.T("Why?"), Quiet: true}},
			Rows: rows, Empty: page.Empty(v.T("Nobody"), v.T("Nobody whose access you may see could do this."))}.Node(v))
	if out.Next != 0 {
		values := q.QueryBut("after")
		values.Set("after", out.Next.String())
		body = append(body, page.LinkButton(v.T("More people"), at+"/who?"+values.Encode()))
	}
	return q.Show(heading, body...)
}

// keptSince says since when it is known where people and organizations lay, to those who ask about an earlier day.
func keptSince(v page.View, since *time.Time) g.Node {
	if since == nil {
		return nil
	}
	return page.Notice(page.Warn, g.Text(v.T("Where people and organizations lay is known since {day}: this takes where they lay then.", "day", v.Date(*since))))
}
