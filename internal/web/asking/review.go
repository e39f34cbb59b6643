package asking

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/asking"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// showReviews lists the reviews, and begins one.
func showReviews(q *shell.Req) error {
	out, err := shell.RunWith(q, asking.ListReviews, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, r := range out.Items {
		state := g.Node(page.Badge(page.Info, v.T("due on {day}", "day", v.Date(r.Due))))
		switch {
		case !r.Done.IsZero():
			state = page.Badge(page.Good, v.T("done on {day}", "day", v.Date(r.Done)))
		case r.Due.Before(q.Now()):
			state = page.Badge(page.Warn, v.T("overdue since {day}", "day", v.Date(r.Due)))
		}
		rows[i] = page.Row{Href: "/access/reviews/" + r.ID.String(), Cells: []g.Node{g.Text(scope(v, r)), state, g.Text(v.T("{n} of {all}", "n", v.Num(r.Decided), "all", v.Num(r.Items))),
			g.Text(r.By), g.Text(v.Date(r.Begun))}}
	}
	table := page.Table{Caption: v.T("Access reviews"), Rows: rows, Columns: []page.Column{{Title: v.T("What"), Wide: true}, {Title: v.T("State"), NoWrap: true}, {Title: v.T("Decided")},
		{Title: v.T("Begun by")}, {Title: v.T("On"), NoWrap: true}}, Empty: page.Empty(v.T("No reviews yet"), v.T("A review goes through what is given, and keeps or ends each."))}
	return q.Show(v.T("Access reviews"), page.Header(v.T("Access reviews"), v.T("What policies, access groups and account types give, when it was last used, and whether it stays.")),
		table.Node(v), page.Section(v.T("Begin a review"), beginForm(q)))
}

func scope(v page.View, r asking.Review) string {
	if r.WholePortal {
		return v.T("The whole portal")
	}
	return v.T("{name} and what is below", "name", r.Name)
}

func beginForm(q *shell.Req) g.Node {
	v := q.View
	org := q.OrganizationField("organization", v.T("Organization"), action.Named{})
	org.Field.Hint = v.T("Its name. It is reviewed with what is below it.")
	if q.Can(access.AccessReview, access.Thing{Kind: access.Organization, ID: q.Portal.ID, Portal: q.Portal.ID, Org: q.Portal.ID}) {
		org.Field.Hint = v.T("Its name. Empty: the whole portal.")
	} else {
		org.Field.Required = true
	}
	return q.Form("/access/reviews", page.Button(v.T("Begin")), org.Node(v)).Node(v)
}

// showReview is a review: its grants with last use, and the form that keeps or ends the ticked ones.
func showReview(q *shell.Req) error {
	var in asking.ReviewQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, asking.ShowReview, in)
	if err != nil {
		return err
	}
	v, at := q.View, "/access/reviews/"+out.ID.String()
	actions := []g.Node{page.LinkButton(v.T("Download"), at+"/file")}
	if out.Done.IsZero() {
		actions = append(actions, page.Post(at+"/close", page.Secondary(v.T("End the review"))))
	}
	about := v.T("Begun by {name} on {day}, due on {due}.", "name", out.By, "day", v.Date(out.Begun), "due", v.Date(out.Due))
	if !out.Done.IsZero() {
		about = v.T("Begun by {name} on {day}, done on {done}.", "name", out.By, "day", v.Date(out.Begun), "done", v.Date(out.Done))
	}
	body := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Access reviews"), Href: "/access/reviews"}, page.Link{Label: scope(v, out.Review)}), page.Header(scope(v, out.Review), about, actions...),
		page.Progress{Label: v.T("Decided"), Value: out.Decided, Max: max(1, out.Items), Text: v.T("{n} of {all} decided", "n", v.Num(out.Decided), "all", v.Num(out.Items))}.Node(v), noted(q, out),
		page.Period(v.T("Show"), tab(v.T("Not decided"), at, "?open=true", in.Open && !in.Unused), tab(v.T("Not used for 90 days"), at, "?unused=true", in.Unused), tab(v.T("All"), at, "", !in.Open && !in.Unused))}
	if !out.Done.IsZero() {
		return q.Show(v.T("Review of access"), append(body, items(q, out, "").Node(v), pages(q, out))...)
	}
	decision := page.Field{Name: "decision", Label: v.T("The ticked ones"), Required: true, Error: q.Wrong("decision"), Value: q.Value("decision", asking.Keep)}
	options := []page.Option{{Value: asking.Keep, Label: v.T("Keep"), Hint: v.T("They stay as they are."), Chosen: decision.Value == asking.Keep},
		{Value: asking.End, Label: v.T("End"), Hint: v.T("They end now. Who has something by a policy is taken out of it."), Chosen: decision.Value == asking.End}}
	form := q.Form(at+"/decisions", page.Button(v.T("Save")), items(q, out, "grants").Node(v), pages(q, out), page.RadioGroup(v, decision, options), q.Preview())
	form.Preview = at + "/decisions"
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")))
	return q.Show(v.T("Review of access"), append(body, form.Node(v))...)
}

func tab(label, at, query string, current bool) page.Tab {
	return page.Tab{Label: label, Href: at + query, Current: current}
}

// noted says since when uses are noted, where that is not long enough to tell.
func noted(q *shell.Req, out asking.ReviewShown) g.Node {
	switch {
	case out.Noted.IsZero():
		return page.Notice(page.Info, g.Text(q.T("No use was noted yet: what looks unused may be in use.")))
	case out.Noted.After(q.Now().Add(-asking.Unused)):
		return page.Notice(page.Info, g.Text(q.T("Use is noted since {day} only: what looks unused may have been used before.", "day", q.View.Date(out.Noted))))
	}
	return nil
}

// items is the table of the review; with a name, what is not decided on can be ticked.
func items(q *shell.Req, out asking.ReviewShown, name string) page.Table {
	v := q.View
	chosen := map[string]bool{}
	for _, id := range q.Values("grants", nil) {
		chosen[id] = true
	}
	rows := make([]page.Row, len(out.Parts))
	for i, x := range out.Parts {
		id := x.ID.String()
		rows[i] = page.Row{Cells: []g.Node{who(v, x.Given), g.Text(x.Role), where(v, x.Given), g.Text(by(v, x.By)), g.Text(v.Date(x.Since)), ends(q, x.Given), used(q, x.Used), decided(q, x)}, Muted: x.Ended}
		if name != "" && !x.Ended {
			rows[i].Value, rows[i].Name, rows[i].Chosen = id, x.Holder.Name+", "+x.Role, chosen[id]
		}
	}
	return page.Table{Caption: v.T("What is reviewed"), Select: name, Rows: rows, Columns: []page.Column{{Title: v.T("Who"), Wide: true}, {Title: v.T("Role")}, {Title: v.T("Where")},
		{Title: v.T("Given by")}, {Title: v.T("Since"), NoWrap: true}, {Title: v.T("Until"), NoWrap: true}, {Title: v.T("Last used"), NoWrap: true}, {Title: v.T("Decision")}},
		Empty: page.Empty(v.T("Nothing here"), v.T("No grant of this review is like that."))}
}

func decided(q *shell.Req, x asking.ReviewItem) g.Node {
	v := q.View
	switch {
	case x.Decision == asking.Keep:
		return g.Group{page.Badge(page.Good, v.T("kept")), g.Text(" "), page.Muted(x.DecidedBy)}
	case x.Decision == asking.End:
		return g.Group{page.Badge(page.Warn, v.T("ended")), g.Text(" "), page.Muted(x.DecidedBy)}
	case x.Ended:
		return page.Muted(v.T("ended meanwhile"))
	case x.Own:
		return page.Muted(v.T("yours: somebody else keeps it"))
	case x.Unused:
		return page.Badge(page.Warn, v.T("not used for 90 days"))
	case !x.MayChange:
		return page.Muted(v.T("others may end it"))
	}
	return page.Muted("–")
}

// pages leads to the pages around.
func pages(q *shell.Req, out asking.ReviewShown) g.Node {
	to := func(n int) string {
		if n < 1 || n > out.Pages {
			return ""
		}
		query := q.QueryBut("page")
		query.Set("page", strconv.Itoa(n))
		return "/access/reviews/" + out.ID.String() + "?" + query.Encode()
	}
	return page.Pager{Prev: to(out.Page - 1), Next: to(out.Page + 1), Shown: len(out.Parts), Total: out.Total}.Node(q.View)
}
