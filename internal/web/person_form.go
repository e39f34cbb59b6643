package web

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/db"
	"provost/internal/web/page"

	g "maragu.dev/gomponents"
)

// organizationField is a picker of one organization, with what was chosen before.
func (q *Req) organizationField(name, label string, chosen action.Named) page.Picker {
	p := page.Picker{Field: q.field(name, label, ""), Source: "/organizations/search"}
	p.Field.Hint = q.T("The name of an organization.")
	if q.typed != nil {
		p.Text = q.typed.Get(page.TextName(name))
		chosen = action.Named{}
		if id, err := db.ParseID(q.typed.Get(name)); err == nil {
			if o, err := runWith(q, action.ShowOrganization, action.OrganizationID{Organization: id}); err == nil {
				chosen = action.Named{ID: o.ID, Name: o.Name}
			}
		}
	}
	if chosen.ID != 0 {
		p.Chosen = []page.Choice{{ID: chosen.ID.String(), Label: chosen.Name}}
	}
	return p
}

// choosing handles a form with an organization that may have been typed by name instead of chosen.
func choosing(name string, sub *submission) Handler {
	return func(q *Req) error {
		if err := q.chooseOrganization(name); err != nil {
			return err
		}
		return sub.serve(q)
	}
}

// chooseOrganization puts the organization that was typed by its whole name where a chosen one would be.
func (q *Req) chooseOrganization(name string) error {
	if err := q.parse(); err != nil {
		return err
	}
	text := strings.TrimSpace(q.R.PostForm.Get(page.TextName(name)))
	if text == "" || q.R.PostForm.Get(name) != "" {
		return nil
	}
	out, err := runWith(q, action.ListOrganizations, action.OrganizationQuery{Query: text, Size: 200})
	if err != nil {
		return err
	}
	var ids []string
	for _, o := range out.Items {
		if db.Key(o.Name) == db.Key(text) || o.Code == text && text != "" {
			ids = append(ids, o.ID.String())
		}
	}
	if len(ids) == 1 {
		q.R.PostForm.Set(name, ids[0])
		q.R.PostForm.Del(page.TextName(name))
	}
	return nil
}

// nameFields are the fields of a person's own details.
func nameFields(q *Req, name, username, code string) (n, u, c page.Field) {
	v := q.View
	n, u, c = q.field("name", v.T("Name"), name), q.field("username", v.T("User name"), username), q.field("code", v.T("Code"), code)
	n.Required, n.Autocomplete = true, "off"
	u.Required, u.Autocomplete = true, "off"
	u.Attrs = []g.Node{g.Attr("autocapitalize", "none"), g.Attr("spellcheck", "false")}
	u.Hint = v.T("What they sign in with, beside their e-mail address.")
	c.Hint = v.T("What another system calls them.")
	return n, u, c
}

// newPerson is the form to add somebody.
func newPerson(q *Req) error {
	give, err := runWith(q, action.ListAccountTypes, action.TypesQuery{})
	if err != nil {
		return err
	}
	v := q.View
	name, username, code := nameFields(q, "", "", "")
	email := q.field("email", v.T("E-mail"), "")
	email.Type, email.Autocomplete = "email", "off"
	org := q.organizationField("organization", v.T("Organization"), give.Organization)
	org.Field.Required = true
	form := q.form("/manage/users/new", page.Button(v.T("Add")), page.Input(v, name), page.Two(page.Input(v, username), page.Input(v, email)),
		org.Node(v), page.Input(v, code), typeField(q, "types", give.Types, []string{string(access.Learner)}))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/manage/users"))
	return q.show(v.T("Add a person"), page.Crumbs(v, page.Link{Label: v.T("Users"), Href: "/manage/users"}, page.Link{Label: v.T("Add a person")}),
		page.Header(v.T("Add a person"), v.T("A first password is issued, and shown to you once. To let them choose their own, invite them instead.")), form.Node(v))
}

// typeField offers account types.
func typeField(q *Req, name string, types []action.TypeItem, chosen []string) g.Node {
	v := q.View
	chosen = q.values(name, chosen)
	options := make([]page.Option, len(types))
	for i, t := range types {
		options[i] = page.Option{Value: string(t.ID), Label: v.T(t.Title), Hint: v.T(t.Doc)}
		for _, c := range chosen {
			options[i].Chosen = options[i].Chosen || c == string(t.ID)
		}
	}
	f := q.field(name, v.T("Account types"), "")
	f.Hint = v.T("Held in the organization, and those below it. You can give what you hold there yourself.")
	return page.CheckGroup(v, f, options)
}

func addPerson(q *Req) error {
	if err := q.chooseOrganization("organization"); err != nil {
		return err
	}
	out, err := run(q, action.AddAccount)
	switch {
	case err != nil && again(err):
		return q.again(err, newPerson)
	case err != nil:
		return err
	}
	return issued(q, out.ID.String(), out.Name, out.Username, out.Password)
}

// editPerson is the form of a person's details. An e-mail address that the actor may not see is left as it is.
func editPerson(q *Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	name, username, code := nameFields(q, a.Name, a.Username, a.Code)
	fields := []g.Node{page.Input(v, name), page.Input(v, username)}
	if !a.EmailHidden {
		email := q.field("email", v.T("E-mail"), a.Email)
		email.Type, email.Autocomplete = "email", "off"
		fields = append(fields, page.Input(v, email))
	}
	form := q.form(to+"/edit", page.Button(v.T("Save")), append(fields, page.Input(v, code))...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), to))
	return q.show(v.T("Edit {name}", "name", a.Name), personFrame(q, a, "-"), form.Node(v))
}

// showForForm shows the person of a form, or says at once why the form is not open.
func showForForm(q *Req, p *access.Permission) (action.AccountShown, error) {
	id, err := db.ParseID(q.R.PathValue("account"))
	if err != nil {
		return action.AccountShown{}, notFound
	}
	a, err := runWith(q, action.ShowAccount, action.AccountID{Account: id})
	if err != nil {
		return a, err
	}
	return a, refused(q, a, p)
}

// editTypes is the form of the account types that a person holds, with what a change would do (BE-2).
func editTypes(q *Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	give, err := runWith(q, action.ListAccountTypes, action.TypesQuery{Organization: a.Organization.ID})
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
	form := q.form(to+"/types", page.Button(v.T("Save")), page.Hidden("types", ""), typeField(q, "types", types, has), q.preview())
	form.Preview = to + "/types"
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), to))
	return q.show(v.T("Account types of {name}", "name", a.Name), personFrame(q, a, "-"), page.Section(v.T("Account types"), form.Node(v)))
}

// movePerson is the form to move a person to another organization.
func movePerson(q *Req) error {
	a, err := showForForm(q, access.AccountEdit)
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	org := q.organizationField("organization", v.T("New organization"), action.Named{})
	org.Field.Required = true
	form := q.form(to+"/move", page.Button(v.T("Move")), org.Node(v), q.preview())
	form.Submit = append(form.Submit, page.Secondary(v.T("Show what this would do"), g.Attr("name", "_preview"), g.Attr("value", "1")), page.LinkButton(v.T("Cancel"), to))
	return q.show(v.T("Move {name}", "name", a.Name), personFrame(q, a, "-"), page.Section(v.T("Move to another organization"),
		page.P(v.T("Account types and enrolments move along; teams stay as they are.")), form.Node(v)))
}
