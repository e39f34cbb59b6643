package web

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func shareRoutes(s *shell.Server) {
	s.Get("/teams/{team}/shares", action.ListShares, showShares)
	s.Get("/teams/{team}/share", action.ListShares, shareForm)
	s.PostTo("/teams/{team}/share", action.ShareTeam, shareTeam)
	s.Post("/teams/{team}/shares/{share}/end", shell.Submit(action.EndShare, "/teams/{team}/shares").Says(page.Say("It is shared with them no longer.")))
	s.Get("/teams/groups/search", action.ListGroups, searchGroups)
}

// shareWords are the ways of sharing, one line each (LM-10).
var shareWords = []struct{ name, text, hint string }{
	{"read", page.Say("Read"), page.Say("Opens the team and sees who is in it.")},
	{"edit", page.Say("Edit"), page.Say("Changes the team, adds people and takes them out.")},
	{"analytics", page.Say("View analytics"), page.Say("Sees the dashboards of its people, and downloads reports on them.")},
	{"notify", page.Say("Notify"), page.Say("Gets a mail when people come or leave.")},
}

// showShares lists with whom a team is shared.
func showShares(q *shell.Req) error {
	out, err := shell.Run(q, action.ListShares)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + out.Team.ID.String()
	rows := make([]page.Row, len(out.Items))
	for i, s := range out.Items {
		until := v.T("for ever")
		if s.Until != nil {
			until = v.DateTime(*s.Until)
		}
		who := page.Person(s.Name, "")
		switch {
		case s.Hidden:
			who = page.Masked(v)
		case s.Kind == access.AccessGroup.String():
			who = page.Named(s.Name, v.T("Access group"))
		}
		rows[i] = page.Row{Cells: []g.Node{who, ticks(v, s.ShareTicks), g.Text(v.Date(s.Since)), g.Text(until),
			page.Post(to+"/shares/"+s.ID.String()+"/end", page.Danger(v.T("End")))}}
	}
	empty := page.Empty(v.T("Shared with nobody"), v.T("People and access groups with whom the team is shared stand here."))
	return q.Show(v.T("Shares of {name}", "name", out.Team.Name), shareCrumbs(v, out.Team, page.Link{Label: v.T("Shares")}),
		page.Header(v.T("Shares of {name}", "name", out.Team.Name), v.T("What a share gives is all that its receiver needs."), page.PrimaryLink(v.T("Share"), to+"/share")),
		page.Table{Caption: v.T("Shares of {name}", "name", out.Team.Name), Columns: []page.Column{{Title: v.T("Shared with"), Wide: true}, {Title: v.T("For")},
			{Title: v.T("Since"), NoWrap: true}, {Title: v.T("Until"), NoWrap: true}, {Title: v.T("Actions"), Quiet: true}}, Rows: rows, Empty: empty}.Node(v))
}

func shareCrumbs(v page.View, t action.Named, more ...page.Link) g.Node {
	return teamCrumbs(v, action.TeamShown{ID: t.ID, Name: t.Name}, more...)
}

func ticks(v page.View, t action.ShareTicks) g.Node {
	var chips []page.Chip
	for i, on := range []bool{t.Read, t.Edit, t.Analytics, t.Notify} {
		if on {
			chips = append(chips, page.Chip{Label: v.T(shareWords[i].text)})
		}
	}
	return page.Chips(v, chips...)
}

// shareForm asks with whom to share a team, for what, and until when.
func shareForm(q *shell.Req) error {
	out, err := shell.Run(q, action.ListShares)
	if err != nil {
		return err
	}
	people, err := q.People("accounts")
	if err != nil {
		return err
	}
	v := q.View
	people.Field.Label = v.T("People")
	fields := []g.Node{people.Node(v)}
	if q.May(access.GroupList) {
		fields = append(fields, groupPicker(q).Node(v))
	}
	for i, w := range shareWords {
		f := page.Field{Name: w.name, Label: v.T(w.text), Hint: v.T(w.hint)}
		if i == 0 {
			f.Error = q.Wrong("read")
		}
		fields = append(fields, page.Checkbox(f, q.Ticked(w.name, i == 0)))
	}
	fields = append(fields, q.Ends(""))
	to := "/teams/" + out.Team.ID.String()
	return q.Show(v.T("Share {name}", "name", out.Team.Name), shareCrumbs(v, out.Team, page.Link{Label: v.T("Shares"), Href: to + "/shares"}, page.Link{Label: v.T("Share")}),
		page.Header(v.T("Share {name}", "name", out.Team.Name), v.T("Sharing again says anew what somebody has. You cannot share more than you hold yourself.")),
		q.WithPreview(to+"/share", v.T("Share"), to+"/shares", fields...))
}

// groupPicker is a picker of access groups with what was chosen in a form that is shown again.
func groupPicker(q *shell.Req) page.Picker {
	p := page.Picker{Field: page.Field{Name: "groups", Label: q.T("Access groups"), Hint: q.T("Names of groups, one a line."), Error: q.Wrong("groups")},
		Source: "/teams/groups/search", Multiple: true}
	if q.Typed == nil {
		return p
	}
	all, err := shell.RunWith(q, action.ListGroups, action.GroupQuery{Size: 200})
	for _, o := range all.Items {
		for _, id := range q.Typed["groups"] {
			if err == nil && id == o.ID.String() {
				p.Chosen = append(p.Chosen, page.Choice{ID: id, Label: o.Name})
			}
		}
	}
	p.Text = q.Typed.Get(page.TextName("groups"))
	return p
}

// shareTeam takes what was typed into the pickers for those who are called so.
func shareTeam(q *shell.Req) error {
	if err := q.TakeLines("accounts"); err != nil {
		return err
	}
	for _, line := range page.Lines(q.R.PostForm.Get(page.TextName("groups"))) {
		found, err := shell.RunWith(q, action.ListGroups, action.GroupQuery{Query: line, Size: 200})
		if err != nil {
			return err
		}
		known := false
		for _, o := range found.Items {
			if db.Key(o.Name) == db.Key(line) {
				q.R.PostForm.Add("groups", o.ID.String())
				known = true
			}
		}
		if !known {
			q.Typed, q.Status = q.R.PostForm, 422
			q.Errs = page.Errors{{Name: "groups", Message: q.T("Not found: {names}", "names", line)}}
			return shareForm(q)
		}
	}
	q.R.PostForm.Del(page.TextName("groups"))
	return shell.Submit(action.ShareTeam, "/teams/{team}/shares").Says(page.Say("The team is shared.")).On(shareForm).Serve(q)
}

// searchGroups is the source of the picker of access groups.
func searchGroups(q *shell.Req) error {
	text := strings.TrimSpace(q.R.URL.Query().Get("q"))
	out, err := shell.RunWith(q, action.ListGroups, action.GroupQuery{Query: text, Size: searchSize})
	if err != nil {
		return err
	}
	choices := make([]page.Choice, len(out.Items))
	for i, o := range out.Items {
		choices[i] = page.Choice{ID: o.ID.String(), Label: o.Name, Detail: q.View.N("{n} person", "{n} people", o.People)}
	}
	return q.JSON(choices)
}
