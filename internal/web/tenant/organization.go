package tenant

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func organizationRoutes(s *shell.Server) {
	at := "/manage/organizations/{organization}"
	s.Get(at+"/admin", tenant.ShowOrganizationAdmin, showAdmin)
	s.Post(at+"/admin", shell.Submit(tenant.MarkOrganization, at+"/admin").Says(page.Say("{name} is saved.")).On(showAdmin))
	s.Get(at+"/close", tenant.ShowOrganizationAdmin, askClose)
	s.PostTo(at+"/close", tenant.CloseOrganization, shell.Choosing("into",
		shell.Submit(tenant.CloseOrganization, "/manage/organizations").Says(page.Say("{name} is closed.")).On(askClose)))
}

func adminCrumbs(q *shell.Req, o tenant.OrganizationAdmin, here string) g.Node {
	to := "/manage/organizations/"
	return page.Crumbs(q.View, page.Link{Label: q.T("Organizations"), Href: to}, page.Link{Label: o.Name, Href: to + o.ID.String()}, page.Link{Label: here})
}

// showAdmin is how an organization is marked, and who administers it.
func showAdmin(q *shell.Req) error {
	o, err := shell.Run(q, tenant.ShowOrganizationAdmin)
	if err != nil {
		return err
	}
	v, to := q.View, "/manage/organizations/"+o.ID.String()
	rows := make([]page.Row, len(o.Administrators))
	for i, x := range o.Administrators {
		of := v.T("This organization")
		if x.Of.ID != o.ID {
			of = v.T("{name}, which lies above it", "name", x.Of.Name)
		}
		rows[i] = page.Row{Href: "/people/" + x.ID.String(), Cells: []g.Node{page.Person(x.Name, ""), g.Text(of)}}
	}
	actions := []g.Node{page.LinkButton(v.T("Permissions"), "/permissions?organization="+o.ID.String())}
	if o.MayMark && !o.Root {
		actions = append(actions, page.LinkButton(v.T("Close or merge"), to+"/close"))
	}
	empty := page.Empty(v.T("Nobody of its own"), v.T("The administrators of the portal administer it. Give somebody the type Organization administrator in it."))
	return q.Show(o.Name, adminCrumbs(q, o, v.T("Admin")), page.Header(v.T("{name}: Admin", "name", o.Name), "", actions...),
		page.Section(v.T("Its administrators"), page.Table{Caption: v.T("Its administrators"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Administrator of")}},
			Rows: rows, Empty: empty}.Node(v)),
		page.Section(v.T("How it is marked"), marks(q, o, to)))
}

func marks(q *shell.Req, o tenant.OrganizationAdmin, to string) g.Node {
	v := q.View
	if !o.MayMark {
		said := func(is bool, yes, no string) page.KV {
			if is {
				no = yes
			}
			return page.KV{Key: no, Value: g.Text("")}
		}
		return page.KeyValues(said(o.External, v.T("External"), v.T("Internal")), said(o.Hidden, v.T("Hidden from other organizations"), v.T("Not hidden")), said(o.Default, v.T("The default"), v.T("Not the default")))
	}
	box := func(name, label, hint string, now bool) g.Node {
		return page.Checkbox(page.Field{Name: name, Label: label, Hint: hint, Error: q.Wrong(name)}, q.Ticked(name, now))
	}
	fields := []g.Node{}
	if !o.Root {
		fields = append(fields, box("external", v.T("External"), v.T("A customer's or partner's, not a part of the business."), o.External),
			box("hidden", v.T("Hidden from other organizations"), v.T("People of others do not see its people, teams and courses by what their account type gives them in the portal or above. Administrators, monitors, and whom a policy lets see it do."), o.Hidden))
	}
	fields = append(fields, box("default", v.T("The default"), v.T("People who are added without an organization go here."), o.Default), q.Preview())
	form := q.Form(to+"/admin", page.Button(v.T("Save")), fields...)
	form.Preview = to + "/admin"
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")))
	return form.Node(v)
}

// askClose asks where what is in an organization goes, and says who gains and loses by it.
func askClose(q *shell.Req) error {
	o, err := shell.Run(q, tenant.ShowOrganizationAdmin)
	if err != nil {
		return err
	}
	if !o.MayMark || o.Root {
		return store.NotAllowed(q.Actor.May(access.OrganizationCreate))
	}
	v, to := q.View, "/manage/organizations/"+o.ID.String()
	into := q.OrganizationField("into", v.T("Where everything in it goes"), action.Named{})
	into.Field.Required = true
	carry := page.Checkbox(page.Field{Name: "carry_roles", Label: v.T("Merge: whoever holds a role in it holds it there"),
		Hint: v.T("Else the roles and policies that were given in it end, and its people are learners there.")}, q.Ticked("carry_roles", false))
	title := v.T("Close {name}", "name", o.Name)
	return q.Show(title, adminCrumbs(q, o, v.T("Close or merge")), page.Header(title, v.T("Nothing is deleted along with it.")),
		page.P(v.T("Its people, teams, courses, invitations and the organizations below it go into another. Its own changes of permissions end.")),
		q.WithPreview(to+"/close", v.T("Close it"), to, into.Node(v), carry))
}
