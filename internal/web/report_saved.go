package web

import (
	"net/url"

	"provost/internal/access"
	"provost/internal/action/report"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func savedRoutes(s *shell.Server) {
	s.Get("/reports/saved", report.ListSaved, listSaved)
	s.Get("/reports/saved/new", report.ListReports, newSaved)
	s.PostTo("/reports/saved", report.SaveReport, keepSaved(shell.Submit(report.SaveReport, "/reports/saved").Says(page.Say("{name} is saved.")), newSaved))
	s.Get("/reports/saved/{saved}", report.ShowSaved, editSaved)
	s.PostTo("/reports/saved/{saved}", report.EditSaved, keepSaved(shell.Submit(report.EditSaved, "/reports/saved").Says(page.Say("{name} is saved.")), editSaved))
	s.Post("/reports/saved/{saved}/send", shell.Submit(report.SendSaved, "/reports/saved").Says(page.Say("Sent to {people}.")))
	s.Post("/reports/saved/{saved}/delete", shell.Submit(report.DeleteSaved, "/reports/saved").Says(page.Say("The saved report is deleted.")))
	s.Post("/reports/saved/{saved}/leave", shell.Submit(report.LeaveSaved, "/reports/saved").Says(page.Say("It is sent to you no longer.")))
}

// keepSaved takes who was typed into the picker of recipients for the people who are called so.
func keepSaved(to *shell.Submission, form shell.Handler) shell.Handler {
	return func(q *shell.Req) error {
		if err := q.TakePeople("accounts"); shell.Again(err) {
			return q.Again(err, form)
		} else if err != nil {
			return err
		}
		return to.On(form).Serve(q)
	}
}

var everyWord = map[string]string{"": page.Say("Never by itself"), "day": page.Say("Every day"), "week": page.Say("Every Monday"), "month": page.Say("On the first of the month")}

// listSaved shows the reports that one saved, and those that others send one.
func listSaved(q *shell.Req) error {
	out, err := shell.Run(q, report.ListSaved)
	if err != nil {
		return err
	}
	v := q.View
	own := page.Table{Caption: v.T("Saved by you"), Columns: []page.Column{{Title: v.T("Report"), Wide: true}, {Title: v.T("Sent")}, {Title: v.T("To"), Align: page.End},
		{Title: v.T("Next"), NoWrap: true}, {Title: v.T("Actions"), Quiet: true}},
		Empty: page.Empty(v.T("Nothing saved"), v.T("Open a report, choose its filters, and save it: to open it again with one click, or to have it sent."))}
	for _, s := range out.Items {
		next := v.T("never")
		if s.Next != nil {
			next = v.DateTime(*s.Next)
		}
		to := "/reports/saved/" + s.ID.String()
		own.Rows = append(own.Rows, page.Row{Href: reportAddress(s), Cells: []g.Node{page.Named(s.Name, v.T(s.Title)), g.Text(v.T(everyWord[s.Every])), g.Text(v.Num(s.People)),
			g.Text(next), page.Inline(page.LinkTo(v.T("Edit"), to), page.Post(to+"/send", page.Secondary(v.T("Send now"))), page.Post(to+"/delete", page.Danger(v.T("Delete"))))}})
	}
	parts := []g.Node{page.Crumbs(v, page.Link{Label: v.T("Reports"), Href: "/reports"}, page.Link{Label: v.T("Saved reports")}),
		page.Header(v.T("Saved reports"), v.T("What is sent holds what its recipient may see when the mail leaves.")), own.Node(v)}
	if len(out.Sent) > 0 {
		others := page.Table{Caption: v.T("Sent to you by others"), Columns: []page.Column{{Title: v.T("Report"), Wide: true}, {Title: v.T("Sent")}, {Title: v.T("By")}, {Title: v.T("Actions"), Quiet: true}}}
		for _, s := range out.Sent {
			others.Rows = append(others.Rows, page.Row{Cells: []g.Node{g.Text(s.Name), g.Text(v.T(everyWord[s.Every])), g.Text(s.Owner),
				page.Post("/reports/saved/"+s.ID.String()+"/leave", page.Secondary(v.T("Send it to me no longer")))}})
		}
		parts = append(parts, page.Section(v.T("Sent to you by others"), others.Node(v)))
	}
	return q.Show(v.T("Saved reports"), parts...)
}

func reportAddress(s report.SavedReport) string {
	if s.Query == "" {
		return "/reports/" + s.Report
	}
	return "/reports/" + s.Report + "?" + s.Query
}

// newSaved asks what a report with the filters of the address is called when it is saved, and who gets it.
func newSaved(q *shell.Req) error {
	out, err := shell.RunWith(q, report.ListReports, struct{}{})
	if err != nil {
		return err
	}
	name := q.R.URL.Query().Get("report")
	for _, r := range out.Items {
		if r.Name == name {
			to := url.URL{Path: "/reports/saved", RawQuery: q.QueryBut("page", "after", "before", "format").Encode()}
			return savedForm(q, to.String(), report.SavedReport{Name: q.T(r.Title), Title: r.Title, Format: "csv", Self: true}, q.T("Save report"))
		}
	}
	return shell.NotFound
}

// editSaved changes what a saved report is called, and who gets it.
func editSaved(q *shell.Req) error {
	out, err := shell.Run(q, report.ShowSaved)
	if err != nil {
		return err
	}
	return savedForm(q, "/reports/saved/"+out.ID.String(), out, q.T("Edit {name}", "name", out.Name))
}

func savedForm(q *shell.Req, to string, now report.SavedReport, title string) error {
	v := q.View
	name := q.Field("name", v.T("Name"), now.Name)
	name.Required = true
	every := q.Field("every", v.T("Send it"), now.Every)
	every.Hint = v.T("At six in the morning, UTC. Each gets what they may see then.")
	var times []page.Option
	for _, k := range []string{"", "day", "week", "month"} {
		times = append(times, page.Option{Value: k, Label: v.T(everyWord[k])})
	}
	fields := []g.Node{page.Input(v, name), page.Two(page.Select(v, q.Field("format", v.T("File"), now.Format), []page.Option{{Value: "csv", Label: "CSV"},
		{Value: "xlsx", Label: "Excel"}, {Value: "json", Label: "JSON"}}), page.Select(v, every, times)),
		page.Checkbox(page.Field{Name: "self", Label: v.T("Send it to me")}, q.Ticked("self", now.Self))}
	if q.May(access.AccountList) {
		people, err := q.People("accounts")
		if err != nil {
			return err
		}
		people.Field.Label, people.Field.Hint = v.T("And to"), v.T("People who get it, too. Whoever may not run this report gets nothing.")
		if q.Typed == nil {
			for _, r := range now.Recipients {
				people.Chosen = append(people.Chosen, page.Choice{ID: r.ID, Label: r.Name})
			}
		}
		fields = append(fields, people.Node(v))
	}
	form := q.Form(to, page.Button(v.T("Save")), fields...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/reports/saved"))
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Reports"), Href: "/reports"}, page.Link{Label: v.T("Saved reports"), Href: "/reports/saved"}, page.Link{Label: title}),
		page.Header(title, v.T(now.Title)), form.Node(v))
}
