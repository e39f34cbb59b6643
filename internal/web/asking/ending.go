package asking

import (
	"time"

	"provost/internal/action/asking"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showEnding is what ends by itself before long, with the way to let it go on.
func showEnding(q *shell.Req) error {
	out, err := shell.Run(q, asking.ListEnding)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, x := range out.Items {
		given := g.Node(g.Text(by(v, x.By)))
		if x.Mine {
			given = g.Group{given, g.Text(" "), page.Badge(page.Info, v.T("you"))}
		}
		change := g.Node(page.Muted("–"))
		if x.MayChange {
			change = page.LinkButton(v.T("Let it go on"), "/grants/"+x.ID.String()+"/end")
		}
		rows[i] = page.Row{Cells: []g.Node{who(v, x), g.Text(x.Role), where(v, x), ends(q, x), given, change}}
	}
	table := page.Table{Caption: v.T("What ends soon"), Rows: rows, Columns: []page.Column{{Title: v.T("Who"), NoWrap: true}, {Title: v.T("Role"), NoWrap: true}, {Title: v.T("Where"), Wide: true},
		{Title: v.T("Until"), NoWrap: true}, {Title: v.T("Given by"), NoWrap: true}, {Title: v.T("Change"), Quiet: true}},
		Empty: page.Empty(v.T("Nothing ends soon"), v.T("What is given for a time stands here before it ends."))}
	days := q.R.URL.Query().Get("days")
	tab := func(label, value string) page.Tab {
		return page.Tab{Label: label, Href: "/access/ending?days=" + value, Current: days == value || days == "" && value == "30"}
	}
	body := []g.Node{page.Header(v.T("About to end"), v.T("What was given for a time, and ends by itself soon. Who gave it is told by mail five days before.")),
		page.Period(v.T("Within"), tab(v.T("7 days"), "7"), tab(v.T("30 days"), "30"), tab(v.T("90 days"), "90"), tab(v.T("A year"), "366")), table.Node(v)}
	if out.More {
		body = append(body, page.Muted(v.T("There are more than these.")))
	}
	return q.Show(v.T("About to end"), body...)
}

// showGrant is one grant, with the forms that let it end at another time, or now.
func showGrant(q *shell.Req) error {
	in := asking.GrantID{}
	if err := q.Fill(&in); err != nil {
		return err
	}
	x, err := shell.RunWith(q, asking.ShowGiven, in)
	if err != nil {
		return err
	}
	v, at := q.View, "/grants/"+x.ID.String()
	last := ""
	if !x.Until.IsZero() {
		last = x.Until.Add(-time.Microsecond).UTC().Format(time.DateOnly)
	}
	note := v.T("It ends now, and goes on as a new one with that end.")
	if x.ByPolicy {
		note = v.T("A policy made it: this sets the end of the whole policy, for all who have something by it.")
	}
	facts := page.KeyValues(page.KV{Key: v.T("Who"), Value: who(v, x)}, page.KV{Key: v.T("Role"), Value: g.Text(x.Role)}, page.KV{Key: v.T("Where"), Value: where(v, x)},
		page.KV{Key: v.T("Since"), Value: g.Text(v.Date(x.Since))}, page.KV{Key: v.T("Until"), Value: ends(q, x)}, page.KV{Key: v.T("Last used"), Value: used(q, x.Used)},
		page.KV{Key: v.T("Given by"), Value: g.Text(by(v, x.By))})
	crumbs, back := []page.Link{{Label: v.T("When it ends")}}, "/"
	if q.Opens("/access/ending") {
		crumbs, back = append([]page.Link{{Label: v.T("About to end"), Href: "/access/ending"}}, crumbs...), "/access/ending"
	}
	return q.Show(v.T("When it ends"), page.Crumbs(v, crumbs...),
		page.Header(v.T("When it ends"), note), page.Card("", facts),
		page.Section(v.T("Let it end at another time"), endForm(q, at+"/end", page.Button(v.T("Save")), page.LinkButton(v.T("Cancel"), back), q.Ends(last))),
		page.Section(v.T("End it now"), page.P(v.T("What it gives is refused from the next request on.")), endForm(q, at+"/end-now", page.Danger(v.T("End it now")), nil)))
}

// endForm is one of the two forms on a grant, with what it would do where that was asked of it.
func endForm(q *shell.Req, to string, save, cancel g.Node, fields ...g.Node) g.Node {
	out := page.PreviewOut(q.View)
	if q.R.URL.Path == to {
		out = q.Preview()
	}
	form := q.Form(to, save, append(fields, out)...)
	form.Preview = to
	form.Submit = append(form.Submit, page.Secondary(q.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), cancel)
	return form.Node(q.View)
}
