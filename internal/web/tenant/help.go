package tenant

import (
	"provost/internal/action/tenant"
	"provost/internal/store"

	"provost/internal/access"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func helpRoutes(s *shell.Server) {
	s.Get("/help", tenant.ShowHelp, showHelp)
	s.Get("/help/{item}", tenant.ShowHelpItem, showHelpItem)
	s.Get("/help/{item}/edit", tenant.ShowHelpItem, editHelpItem)
	s.Post("/help/{item}/edit", shell.Submit(tenant.EditHelpItem, "/help/{item}").Says(page.Say("The page is saved.")).On(editHelpItem))
}

// The titles of the Help center's items and the line beneath each, for the catalogue of texts.
var _ = []string{page.Say("Help center"), page.Say("What everybody should know."), page.Say("Guides"), page.Say("How things are done, step by step."),
	page.Say("How-to videos"), page.Say("Short films on one thing each."), page.Say("Support forum"), page.Say("Questions to those who run the portal, and their answers."),
	page.Say("Discussion forum"), page.Say("Where administrators talk to one another."), page.Say("Suggestions"), page.Say("What you would like the portal to do."),
	page.Say("Roadmap"), page.Say("What comes next.")}

// showHelp is the Help center's start, and the way to the items that one may open.
func showHelp(q *shell.Req) error {
	out, err := shell.RunWith(q, tenant.ShowHelp, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	doors := make([]page.Door, len(out.Items))
	for i, x := range out.Items {
		doors[i] = page.Door{Label: v.T(x.Title), Href: "/help/" + x.Key, Icon: "help", Text: v.T(x.About)}
	}
	body := []g.Node{page.Header(v.T("Help center"), v.T("What everybody should know."), helpEdit(q, out.Start)...), helpText(q, out.Start)}
	if len(doors) > 0 {
		body = append(body, page.Section(v.T("More help"), page.Doors(doors...)))
	}
	return q.Show(v.T("Help center"), body...)
}

func helpEdit(q *shell.Req, x tenant.HelpItem) []g.Node {
	if !x.MayEdit {
		return nil
	}
	return []g.Node{page.LinkButton(q.T("Edit"), "/help/"+x.Key+"/edit")}
}

func helpText(q *shell.Req, x tenant.HelpItem) g.Node {
	v := q.View
	switch {
	case x.Text != "":
		return page.Markdown(x.Text)
	case x.MayEdit:
		return page.Empty(v.T("Nothing is written here yet"), v.T("Those who may open this page read here what you write."), page.PrimaryLink(v.T("Write it"), "/help/"+x.Key+"/edit"))
	}
	return page.Empty(v.T("Nothing is written here yet"), v.T("The administrators of the portal can write it."))
}

func helpCrumbs(q *shell.Req, x tenant.HelpItem, more ...page.Link) g.Node {
	links := []page.Link{{Label: q.T("Help center"), Href: "/help"}}
	if x.Key != "start" {
		links = append(links, page.Link{Label: q.T(x.Title), Href: "/help/" + x.Key})
	}
	return page.Crumbs(q.View, append(links, more...)...)
}

func showHelpItem(q *shell.Req) error {
	x, err := shell.Run(q, tenant.ShowHelpItem)
	if err != nil {
		return err
	}
	v := q.View
	about := v.T(x.About)
	if !x.Changed.IsZero() {
		about += " " + v.T("Written {when}.", "when", v.Date(x.Changed))
	}
	return q.Show(v.T(x.Title), helpCrumbs(q, x), page.Header(v.T(x.Title), about, helpEdit(q, x)...), helpText(q, x))
}

func editHelpItem(q *shell.Req) error {
	x, err := shell.Run(q, tenant.ShowHelpItem)
	if err != nil {
		return err
	}
	if !x.MayEdit {
		return store.NotAllowed(q.Actor.May(access.PortalConfigure))
	}
	v := q.View
	field := q.Field("text", v.T("Text"), x.Text)
	field.Hint = v.T("As Markdown: # begins a heading, - a line of a list, [words](https://…) a link. HTML is left out.")
	form := q.Form("/help/"+x.Key+"/edit", page.Button(v.T("Save")), page.Textarea(v, field, 20))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/help/"+x.Key))
	return q.Show(v.T(x.Title), helpCrumbs(q, x, page.Link{Label: v.T("Edit")}), page.Header(v.T("Edit {name}", "name", v.T(x.Title)), ""), form.Node(v))
}
