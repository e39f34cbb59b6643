package web

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// newTeam asks for a new team, in an organization where one may create it.
func newTeam(q *shell.Req) error {
	orgs, err := shell.RunWith(q, action.TeamOrganizations, action.OrganizationQuery{Size: 2})
	if err != nil {
		return err
	}
	v := q.View
	name := q.Field("name", v.T("Name"), "")
	name.Required = true
	about := q.Field("about", v.T("What it is for"), "")
	here := action.Named{}
	switch own := (access.Thing{Kind: access.Organization, ID: q.Session.Org, Portal: q.Portal.ID, Org: q.Session.Org}); {
	case len(orgs.Items) == 1:
		here = action.Named{ID: orgs.Items[0].ID, Name: orgs.Items[0].Name}
	case q.Can(access.TeamCreate, own):
		here = action.Named{ID: own.ID, Name: q.Session.OrgName}
	}
	pick := q.OrganizationField("organization", v.T("Organization"), here)
	pick.Source, pick.Field.Required = "/teams/organizations/search", true
	pick.Field.Hint = v.T("The team lies in it. Its people may be of any organization.")
	form := q.Form("/teams", page.Button(v.T("Create the team")), page.Input(v, name), page.Textarea(v, about, 3), pick.Node(v))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/teams"))
	return q.Show(v.T("Create a team"), page.Crumbs(v, page.Link{Label: v.T("Teams"), Href: "/manage/teams"}, page.Link{Label: v.T("Create a team")}),
		page.Header(v.T("Create a team"), v.T("You own what you create: you may edit it, share it and delete it.")), form.Node(v))
}

// createTeam takes an organization that was typed for the one that is called so.
func createTeam(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName("organization")))
	if text != "" { // what is typed counts before what was chosen
		q.R.PostForm.Del("organization")
		found, err := shell.RunWith(q, action.TeamOrganizations, action.OrganizationQuery{Query: text, Size: 200})
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
	return shell.Submit(action.CreateTeam, "/teams/{id}").Says(page.Say("The team {name} is there. Add people to it.")).On(newTeam).Serve(q)
}

// searchTeamOrganizations is the source of the picker of where to create a team.
func searchTeamOrganizations(q *shell.Req) error {
	var in action.OrganizationQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Size = searchSize
	out, err := shell.RunWith(q, action.TeamOrganizations, in)
	if err != nil {
		return err
	}
	choices := make([]page.Choice, len(out.Items))
	for i, o := range out.Items {
		choices[i] = page.Choice{ID: o.ID.String(), Label: o.Name, Detail: shell.PathText(o.Path)}
	}
	return q.JSON(choices)
}

// teamFor is the team of the route, where the actor holds a permission there: so that no form is shown in vain.
func teamFor(q *shell.Req, p *access.Permission) (action.TeamShown, error) {
	t, err := findTeam(q)
	if err == nil && !t.Allows(p) {
		err = store.NotAllowed(q.Actor.May(p))
	}
	return t, err
}

// editTeam changes a team's name, what it is for, and its switches (RT-4).
func editTeam(q *shell.Req) error {
	t, err := teamFor(q, access.TeamChange)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	name := q.Field("name", v.T("Name"), t.Name)
	name.Required = true
	return q.Show(v.T("Edit {name}", "name", t.Name), teamCrumbs(v, t, page.Link{Label: v.T("Edit")}), page.Header(v.T("Edit {name}", "name", t.Name), t.Organization),
		q.WithPreview(to+"/edit", v.T("Save"), to, page.Input(v, name), page.Textarea(v, q.Field("about", v.T("What it is for"), t.About), 3),
			page.Checkbox(page.Field{Name: "leaders_report", Label: v.T("Leaders run reports"), Hint: v.T("Whoever leads the team sees dashboards and reports on its people.")},
				q.Ticked("leaders_report", t.LeadersReport))))
}

// confirmTeamEnd says what would be lost, and asks (LM-12).
func confirmTeamEnd(q *shell.Req) error {
	lost, err := shell.Run(q, action.ForeseeTeamEnd)
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
	return q.Show(v.T("Delete {name}?", "name", lost.Name), page.Crumbs(v, page.Link{Label: v.T("Teams"), Href: "/manage/teams"}, page.Link{Label: lost.Name, Href: to}, page.Link{Label: v.T("Delete")}),
		page.Confirm{Title: v.T("Delete {name}?", "name", lost.Name), Text: v.T("The team goes whole. The people and their records stay."), Losses: losses,
			Action: to + "/delete", Button: v.T("Delete {name}", "name", lost.Name), Cancel: to, Typed: lost.Name, Error: q.Wrong("typed")}.Node(v))
}

// endTeam deletes a team when its name was typed.
func endTeam(q *shell.Req) error {
	if err := q.Parse(); err != nil {
		return err
	}
	id, err := db.ParseID(q.R.PathValue("team"))
	if err != nil {
		return shell.NotFound
	}
	lost, err := shell.RunWith(q, action.ForeseeTeamEnd, action.OneTeam{Team: id})
	if err != nil {
		return err
	}
	if db.Key(q.R.PostForm.Get("typed")) != db.Key(lost.Name) {
		q.Errs = page.Errors{{Name: "typed", Message: q.T("Type the name of the team to confirm.")}}
		q.Status = 422
		return confirmTeamEnd(q)
	}
	if _, err = shell.RunWith(q, action.DeleteTeam, action.TeamEnd{Team: id, Confirm: true}); err != nil {
		return err
	}
	return q.Redirect("/manage/teams", page.Good, q.T("The team {name} is deleted.", "name", lost.Name))
}

// addToTeam asks whom to add, by picker or by a pasted list, and shows what that would do (LM-6).
func addToTeam(q *shell.Req) error {
	t, err := teamFor(q, access.TeamAddMember)
	if err != nil {
		return err
	}
	people, err := q.People("accounts")
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	people.Field.Label, people.Field.Required = v.T("People"), true
	return q.Show(v.T("Add people to {name}", "name", t.Name), teamCrumbs(v, t, page.Link{Label: v.T("Add people")}),
		page.Header(v.T("Add people to {name}", "name", t.Name), v.T("Nobody is added unless every line is somebody whom you may see.")),
		q.WithPreview(to+"/add", v.T("Add to the team"), to, people.Node(v), q.Ends("")))
}

func addPeople(q *shell.Req) error {
	if err := q.TakeLines("accounts"); err != nil {
		return err
	}
	return shell.Submit(action.AddTeamMembers, "/teams/{team}").Says(page.Say("They are in the team.")).On(addToTeam).Serve(q)
}

// memberOf is the person of the route, as they stand in the team.
func memberOf(q *shell.Req, t action.TeamShown) (action.MemberRoles, error) {
	team, account := t.ID, q.R.PathValue("account")
	id, err := db.ParseID(account)
	if err != nil {
		return action.MemberRoles{}, shell.NotFound
	}
	return shell.RunWith(q, action.ShowTeamMember, action.MemberRef{Team: team, Account: id})
}

// showTeamRoles asks what a person shall be in a team; who becomes its owner is asked twice.
func showTeamRoles(q *shell.Req) error {
	t, err := teamFor(q, access.TeamSetRole)
	if err != nil {
		return err
	}
	m, err := memberOf(q, t)
	if err != nil {
		return err
	}
	v := q.View
	var now []string
	for _, r := range m.Roles {
		now = append(now, string(r.ID))
	}
	chosen := q.Values("roles", now)
	var options []page.Option
	for _, w := range roleWords {
		options = append(options, page.Option{Value: string(w.role), Label: v.T(w.text), Hint: v.T(w.hint), Chosen: slices.Contains(chosen, string(w.role))})
	}
	fields := []g.Node{page.CheckGroup(v, page.Field{Name: "roles", Label: v.T("Roles in the team"), Required: true, Error: q.Wrong("roles")}, options)}
	fields = append(fields, page.Muted(v.T("When those end that begin now:")), q.Ends(""))
	if slices.Contains(chosen, string(access.TeamOwner)) && !slices.Contains(now, string(access.TeamOwner)) {
		fields = append(fields, page.Checkbox(page.Field{Name: "confirm", Label: v.T("{name} shall own the team, and may delete it and take it from others.", "name", m.Name),
			Error: q.Wrong("confirm")}, q.Ticked("confirm", false)))
	}
	to := "/teams/" + t.ID.String()
	return q.Show(v.T("{name} in {team}", "name", m.Name, "team", t.Name), teamCrumbs(v, t, page.Link{Label: m.Name}), page.Header(m.Name, t.Name),
		q.WithPreview(to+"/members/"+m.ID.String(), v.T("Save"), to, fields...))
}

// confirmRemove asks before a person is taken out of a team.
func confirmRemove(q *shell.Req) error {
	t, err := teamFor(q, access.TeamRemoveMember)
	if err != nil {
		return err
	}
	m, err := memberOf(q, t)
	if err != nil {
		return err
	}
	v := q.View
	to := "/teams/" + t.ID.String()
	title := v.T("Take {name} out of {team}?", "name", m.Name, "team", t.Name)
	var wrong g.Node = g.Group{}
	if q.Message != "" {
		wrong = page.Notice(page.Bad, g.Text(q.Message))
	}
	return q.Show(title, teamCrumbs(v, t, page.Link{Label: m.Name}), wrong,
		page.Confirm{Title: title, Text: v.T("The account and its records stay."), Losses: []string{v.T("What {name} has through the team ends with the next click.", "name", m.Name)},
			Action: to + "/members/" + m.ID.String() + "/remove", Button: v.T("Take out of the team"), Cancel: to}.Node(v))
}
