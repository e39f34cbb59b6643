package web

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// nameFields are the fields of a person's own details.
func nameFields(q *shell.Req, name, username, code string) (n, u, c page.Field) {
	v := q.View
	n, u, c = q.Field("name", v.T("Name"), name), q.Field("username", v.T("User name"), username), q.Field("code", v.T("Code"), code)
	n.Required, n.Autocomplete = true, "off"
	u.Required, u.Autocomplete = true, "off"
	u.Attrs = []g.Node{g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false")}
	u.Hint = v.T("What they sign in with, beside their e-mail address.")
	c.Hint = v.T("What another system calls them.")
	return n, u, c
}

// newPerson is the form to add somebody.
func newPerson(q *shell.Req) error {
	give, err := shell.RunWith(q, action.ListAccountTypes, action.TypesQuery{})
	if err != nil {
		return err
	}
	v := q.View
	name, username, code := nameFields(q, "", "", "")
	email := q.Field("email", v.T("E-mail"), "")
	email.Type, email.Autocomplete = "email", "off"
	org := q.OrganizationField("organization", v.T("Organization"), give.Organization)
	org.Field.Required = true
	form := q.Form("/manage/users/new", page.Button(v.T("Add")), page.Input(v, name), page.Two(page.Input(v, username), page.Input(v, email)),
		org.Node(v), page.Input(v, code), typeField(q, "types", give.Types, []string{string(access.Learner)}), page.Muted(v.T("When those end that begin now:")), q.Ends(""))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/users"))
	return q.Show(v.T("Add a person"), page.Crumbs(v, page.Link{Label: v.T("Users"), Href: "/manage/users"}, page.Link{Label: v.T("Add a person")}),
		page.Header(v.T("Add a person"), v.T("A first password is issued, and shown to you once. To let them choose their own, invite them instead.")), form.Node(v))
}

// typeField offers account types.
func typeField(q *shell.Req, name string, types []action.TypeItem, chosen []string) g.Node {
	v := q.View
	chosen = q.Values(name, chosen)
	options := make([]page.Option, len(types))
	for i, t := range types {
		options[i] = page.Option{Value: string(t.ID), Label: v.T(t.Title), Hint: v.T(t.Doc)}
		for _, c := range chosen {
			options[i].Chosen = options[i].Chosen || c == string(t.ID)
		}
	}
	f := q.Field(name, v.T("Account types"), "")
	f.Hint = v.T("Held in the organization, and those below it. You can give what you hold there yourself.")
	return page.CheckGroup(v, f, options)
}

func addPerson(q *shell.Req) error {
	if err := q.ChooseOrganization("organization"); err != nil {
		return err
	}
	out, err := shell.Run(q, action.AddAccount)
	switch {
	case err != nil && shell.Again(err):
		return q.Again(err, newPerson)
	case err != nil:
		return err
	}
	return issued(q, out.ID.String(), out.Name, out.Username, out.Password)
}

// editPerson is the form of a person's details. An e-mail address that the actor may not see is left as it is.
func editPerson(q *shell.Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	name, username, code := nameFields(q, a.Name, a.Username, a.Code)
	fields := []g.Node{page.Input(v, name)}
	if !a.LoginHidden {
		email := q.Field("email", v.T("E-mail"), a.Email)
		email.Type, email.Autocomplete = "email", "off"
		fields = append(fields, page.Input(v, username), page.Input(v, email))
	}
	if !a.CodeHidden {
		fields = append(fields, page.Input(v, code))
	}
	form := q.Form(to+"/edit", page.Button(v.T("Save")), fields...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Edit {name}", "name", a.Name), personFrame(q, a, "-"), form.Node(v))
}

// showForForm shows the person of a form, or says at once why the form is not open.
func showForForm(q *shell.Req, p *access.Permission) (action.AccountShown, error) {
	id, err := db.ParseID(q.R.PathValue("account"))
	if err != nil {
		return action.AccountShown{}, shell.NotFound
	}
	a, err := shell.RunWith(q, action.ShowAccount, action.AccountID{Account: id})
	if err != nil {
		return a, err
	}
	return a, refused(q, a, p)
}

// editTypes is the form of the account types that a person holds, with what a change would do (BE-2).
func editTypes(q *shell.Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	give, err := shell.RunWith(q, action.ListAccountTypes, action.TypesQuery{Organization: a.Organization.ID})
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	types := give.Types
	var has []string
	for _, t := range a.Types {
		has = append(has, string(t.ID))
		offered := false
		for _, o := range types {
			offered = offered || o.ID == t.ID
		}
		if !offered {
			types = append(types, t)
		}
	}
	form := q.Form(to+"/types", page.Button(v.T("Save")), page.Hidden("types", ""), typeField(q, "types", types, has), page.Muted(v.T("When those end that begin now:")), q.Ends(""), q.Preview())
	form.Preview = to + "/types"
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Account types of {name}", "name", a.Name), personFrame(q, a, "-"), page.Section(v.T("Account types"), form.Node(v)))
}

// movePerson is the form to move a person to another organization.
func movePerson(q *shell.Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	org := q.OrganizationField("organization", v.T("New organization"), action.Named{})
	org.Field.Required = true
	form := q.Form(to+"/move", page.Button(v.T("Move")), org.Node(v), q.Preview())
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), to))
	return q.Show(v.T("Move {name}", "name", a.Name), personFrame(q, a, "-"), page.Section(v.T("Move to another organization"),
		page.P(v.T("Account types and enrolments move along; teams stay as they are.")), form.Node(v)))
}
