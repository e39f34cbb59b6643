package web

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// newTeam asks for a new team, in an organization where one may create it.
func newTeam(q *Req) error {
	orgs, err := runWith(q, action.TeamOrganizations, action.OrganizationQuery{Size: 2})
	if err != nil {
		return err
	}
	v := q.View
	name := q.field("name", v.T("Name"), "")
	name.Required = true
	about := q.field("about", v.T("What it is for"), "")
	pick := page.Picker{Field: page.Field{Name: "organization", Label: v.T("Organization"), Required: true, Error: q.wrong("organization"),
		Hint: v.T("The team lies in it. Its people may be of any organization.")}, Source: "/teams/organizations/search"}
	switch {
	case q.typed != nil:
		pick.Text = q.typed.Get(page.TextName("organization"))
		for _, o := range orgs.Items {
			if q.typed.Get("organization") == o.ID.String() {
				pick.Chosen, pick.Text = []page.Choice{{ID: o.ID.String(), Label: o.Name}}, ""
			}
		}
	case len(orgs.Items) == 1:
		pick.Chosen = []page.Choice{{ID: orgs.Items[0].ID.String(), Label: orgs.Items[0].Name}}
	}
	form := q.form("/teams", page.Button(v.T("Create the team")), page.Input(v, name), page.Textarea(v, about, 3), pick.Node(v))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/teams"))
	return q.show(v.T("Create a team"), page.Crumbs(v, page.Link{Label: v.T("Teams"), Href: "/manage/teams"}, page.Link{Label: v.T("Create a team")}),
		page.Header(v.T("Create a team"), v.T("You own what you create: you may edit it, share it and delete it.")), form.Node(v))
}

// createTeam takes an organization that was typed for the one that is called so.
func createTeam(q *Req) error {
	if err := q.parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName("organization")))
	if q.R.PostForm.Get("organization") == "" && text != "" {
		found, err := runWith(q, action.TeamOrganizations, action.OrganizationQuery{Query: text, Size: 200})
		if err != nil {
			return err
		}
		var ids []string
		for _, o := range found.Items {
			if db.Key(o.Name) == db.Key(text) {
				ids = append(ids, o.ID.String())
			}
		}
		if len(ids) == 1 {
			q.R.PostForm.Set("organization", ids[0])
		}
	}
	return submit(action.CreateTeam, "/teams/{id}").says(page.Say("The team {name} is there. Add people to it.")).on(newTeam).serve(q)
}

// searchTeamOrganizations is the source of the picker of where to create a team.
func searchTeamOrganizations(q *Req) error {
	var in action.OrganizationQuery
	if err := q.fill(&in); err != nil {
		return err
	}
	in.Size = searchSize
	out, err := runWith(q, action.TeamOrganizations, in)
	if err != nil {
		return err
	}
	choices := make([]page.Choice, len(out.Items))
	for i, o := range out.Items {
		choices[i] = page.Choice{ID: o.ID.String(), Label: o.Name, Detail: pathText(o.Path)}
	}
	return q.json(choices)
}

// teamFor is the team of the route, where the actor holds a permission there: so that no form is shown in vain.
func (q *Req) teamFor(p *access.Permission) (action.TeamShown, error) {
	t, err := q.findTeam()
	if err == nil && !t.Allows(p) {
		err = store.NotAllowed(q.Actor.May(p))
	}
	return t, err
}

// withPreview is a form that shows what it would do while it is filled in (BE-2).
func (q *Req) withPreview(to, button, cancel string, fields ...g.Node) g.Node {
	v := q.View
	form := q.form(to, page.Button(button), append(fields, q.preview())...)
	form.Preview = to
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), cancel))
	return form.Node(v)
}

// editTeam changes a team's name, what it is for, and its switches (RT-4).
func editTeam(q *Req) error {
	t, err := q.teamFor(access.TeamChange)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	name := q.field("name", v.T("Name"), t.Name)
	name.Required = true
	return q.show(v.T("Edit {name}", "name", t.Name), teamCrumbs(v, t, page.Link{Label: v.T("Edit")}), page.Header(v.T("Edit {name}", "name", t.Name), t.Organization),
		q.withPreview(to+"/edit", v.T("Save"), to, page.Input(v, name), page.Textarea(v, q.field("about", v.T("What it is for"), t.About), 3),
			page.Checkbox(page.Field{Name: "leaders_report", Label: v.T("Leaders run reports"), Hint: v.T("Whoever leads the team sees dashboards and reports on its people.")},
				q.ticked("leaders_report", t.LeadersReport))))
}

// confirmTeamEnd says what would be lost, and asks (LM-12).
func confirmTeamEnd(q *Req) error {
	lost, err := run(q, action.ForeseeTeamEnd)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + q.R.PathValue("team")
	var losses []string
	if lost.Members > 0 {
		losses = append(losses, v.N("{n} person is no longer in it, with what follows from that.", "{n} people are no longer in it, with what follows from that.", lost.Members))
	}
	if lost.Shares > 0 {
		losses = append(losses, v.N("{n} share ends.", "{n} shares end.", lost.Shares))
	}
	for _, p := range lost.Policies {
		losses = append(losses, v.T("The policy “{name}” is no longer bound to it.", "name", p.Name))
	}
	if lost.OtherPolicies > 0 {
		losses = append(losses, v.N("{n} policy that you may not see is no longer bound to it.", "{n} policies that you may not see are no longer bound to it.", lost.OtherPolicies))
	}
	return q.show(v.T("Delete {name}?", "name", lost.Name), page.Crumbs(v, page.Link{Label: v.T("Teams"), Href: "/manage/teams"}, page.Link{Label: lost.Name, Href: to}, page.Link{Label: v.T("Delete")}),
		page.Confirm{Title: v.T("Delete {name}?", "name", lost.Name), Text: v.T("The team goes whole. The people and their records stay."), Losses: losses,
			Action: to + "/delete", Button: v.T("Delete {name}", "name", lost.Name), Cancel: to, Typed: lost.Name, Error: q.wrong("typed")}.Node(v))
}

// endTeam deletes a team when its name was typed.
func endTeam(q *Req) error {
	if err := q.parse(); err != nil {
		return err
	}
	id, err := db.ParseID(q.R.PathValue("team"))
	if err != nil {
		return notFound
	}
	lost, err := runWith(q, action.ForeseeTeamEnd, action.OneTeam{Team: id})
	if err != nil {
		return err
	}
	if db.Key(q.R.PostForm.Get("typed")) != db.Key(lost.Name) {
		q.errs = page.Errors{{Name: "typed", Message: q.T("Type the name of the team to confirm.")}}
		q.status = 422
		return confirmTeamEnd(q)
	}
	if _, err = runWith(q, action.DeleteTeam, action.TeamEnd{Team: id, Confirm: true}); err != nil {
		return err
	}
	return q.redirect("/manage/teams", page.Good, q.T("The team {name} is deleted.", "name", lost.Name))
}

// addToTeam asks whom to add, by picker or by a pasted list, and shows what that would do (LM-6).
func addToTeam(q *Req) error {
	t, err := q.teamFor(access.TeamAddMember)
	if err != nil {
		return err
	}
	people, err := q.people("accounts")
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	people.Field.Label, people.Field.Required = v.T("People"), true
	return q.show(v.T("Add people to {name}", "name", t.Name), teamCrumbs(v, t, page.Link{Label: v.T("Add people")}),
		page.Header(v.T("Add people to {name}", "name", t.Name), v.T("Nobody is added unless every line is somebody whom you may see.")),
		q.withPreview(to+"/add", v.T("Add to the team"), to, people.Node(v)))
}

// takeLines takes a picker's text as the lines of a pasted list.
func (q *Req) takeLines(name string) error {
	if err := q.parse(); err != nil {
		return err
	}
	q.R.PostForm["lines"] = page.Lines(q.R.PostForm.Get(page.TextName(name)))
	return nil
}

func addPeople(q *Req) error {
	if err := q.takeLines("accounts"); err != nil {
		return err
	}
	return submit(action.AddTeamMembers, "/teams/{team}").says(page.Say("They are in the team.")).on(addToTeam).serve(q)
}

// memberOf is the person of the route, as they stand in the team.
func (q *Req) memberOf(t action.TeamShown) (action.MemberRoles, error) {
	team, account := t.ID, q.R.PathValue("account")
	id, err := db.ParseID(account)
	if err != nil {
		return action.MemberRoles{}, notFound
	}
	return runWith(q, action.ShowTeamMember, action.MemberRef{Team: team, Account: id})
}

// showTeamRoles asks what a person shall be in a team; who becomes its owner is asked twice.
func showTeamRoles(q *Req) error {
	t, err := q.teamFor(access.TeamSetRole)
	if err != nil {
		return err
	}
	m, err := q.memberOf(t)
	if err != nil {
		return err
	}
	v := q.View
	var now []string
	for _, r := range m.Roles {
		now = append(now, string(r.ID))
	}
	chosen := q.values("roles", now)
	var options []page.Option
	for _, w := range roleWords {
		options = append(options, page.Option{Value: string(w.role), Label: v.T(w.text), Hint: v.T(w.hint), Chosen: slices.Contains(chosen, string(w.role))})
	}
	fields := []g.Node{page.CheckGroup(v, page.Field{Name: "roles", Label: v.T("Roles in the team"), Required: true, Error: q.wrong("roles")}, options)}
	if slices.Contains(chosen, string(access.TeamOwner)) && !slices.Contains(now, string(access.TeamOwner)) {
		fields = append(fields, page.Checkbox(page.Field{Name: "confirm", Label: v.T("{name} shall own the team, and may delete it and take it from others.", "name", m.Name),
			Error: q.wrong("confirm")}, q.ticked("confirm", false)))
	}
	to := "/teams/" + t.ID.String()
	return q.show(v.T("{name} in {team}", "name", m.Name, "team", t.Name), teamCrumbs(v, t, page.Link{Label: m.Name}), page.Header(m.Name, t.Name),
		q.withPreview(to+"/members/"+m.ID.String(), v.T("Save"), to, fields...))
}

// confirmRemove asks before a person is taken out of a team.
func confirmRemove(q *Req) error {
	t, err := q.teamFor(access.TeamRemoveMember)
	if err != nil {
		return err
	}
	m, err := q.memberOf(t)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	title := v.T("Take {name} out of {team}?", "name", m.Name, "team", t.Name)
	var wrong g.Node = g.Group{}
	if q.message != "" {
		wrong = page.Notice(page.Bad, g.Text(q.message))
	}
	return q.show(title, teamCrumbs(v, t, page.Link{Label: m.Name}), wrong,
		page.Confirm{Title: title, Text: v.T("The account and its records stay."), Losses: []string{v.T("What {name} has through the team ends with the next click.", "name", m.Name)},
			Action: to + "/members/" + m.ID.String() + "/remove", Button: v.T("Take out of the team"), Cancel: to}.Node(v))
}
