package web

import (
	"net/http"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func personRoutes(s *shell.Server) {
	s.Get("/people/{account}", action.ShowAccount, showPerson)
	s.Get("/people/{account}/teams", action.ShowAccount, showPersonTeams)
	s.Get("/people/{account}/enrolments", action.ListEnrolments, showPersonEnrolments)
	s.Get("/people/{account}/login", action.ViewLogin, showLogin)
	s.Get("/people/{account}/edit", action.ShowAccount, editPerson)
	s.Post("/people/{account}/edit", shell.Submit(action.EditAccount, "/people/{account}").Says(page.Say("{name} is saved.")).On(editPerson))
	s.Get("/people/{account}/types", action.ShowAccount, editTypes)
	s.Post("/people/{account}/types", shell.Submit(action.SetAccountTypes, "/people/{account}").Says(page.Say("The account types of {name} are saved.")).On(editTypes))
	s.Get("/people/{account}/move", action.ShowAccount, movePerson)
	s.PostTo("/people/{account}/move", action.MoveAccount, shell.Choosing("organization",
		shell.Submit(action.MoveAccount, "/people/{account}").Says(page.Say("{name} is moved.")).On(movePerson)))
	s.Get("/people/{account}/password", action.ShowAccount, confirmPassword)
	s.PostTo("/people/{account}/password", action.IssuePassword, issuePassword)
	s.Post("/people/{account}/reset-link", shell.Submit(action.MailReset, "/people/{account}").Says(page.Say("If {name} has an e-mail address, a link to set a new password is on its way there.")))
	s.Get("/people/{account}/archive", action.ShowAccount, confirmArchive)
	s.Post("/people/{account}/archive", shell.Submit(action.ArchiveAccount, "/people/{account}").Says(page.Say("{name} is archived, and signed out everywhere.")))
	s.Post("/people/{account}/restore", shell.Submit(action.RestoreAccount, "/people/{account}").Says(page.Say("{name} is restored.")))
	s.Get("/manage/users/new", action.ListAccountTypes, newPerson)
	s.PostTo("/manage/users/new", action.AddAccount, addPerson)
}

// personTabs are the pages on one person, in order. A tab of another noun shows itself once its page is served.
func personTabs(q *shell.Req, a action.AccountShown, current string) g.Node {
	v, to := q.View, "/people/"+a.ID.String()
	var tabs []page.Tab
	add := func(name, label string, open bool) {
		at, pattern := to, "/people/{account}"
		if name != "" {
			at, pattern = to+"/"+name, pattern+"/"+name
		}
		if open && q.Serves(pattern) {
			tabs = append(tabs, page.Tab{Label: label, Href: at, Current: name == current})
		}
	}
	add("", v.T("Overview"), true)
	add("teams", v.T("Teams"), true)
	add("access", v.T("Access"), a.Allows(access.PermissionExplain))
	add("relations", v.T("Relations"), a.Allows(access.AccountRelate) || a.ID == q.Actor.Account)
	add("enrolments", v.T("Enrolments"), q.May(access.EnrolmentList))
	add("paths", v.T("Learning paths"), q.May(access.EnrolmentList))
	add("login", v.T("Login details"), a.Allows(access.AccountViewLogin))
	return page.Tabs(a.Name, tabs...)
}

// personFrame is what stands above every page on a person: the way there, the name, what can be done, and the tabs.
func personFrame(q *shell.Req, a action.AccountShown, current string) g.Node {
	v := q.View
	crumbs := []page.Link{{Label: a.Name}}
	if q.Opens("/manage/users") {
		crumbs = append([]page.Link{{Label: v.T("Users"), Href: "/manage/users"}}, crumbs...)
	}
	out := g.Group{page.Crumbs(v, crumbs...), page.Header(a.Name, a.Organization.Name, personActions(q, a)...)}
	switch {
	case !a.Erased.IsZero():
		out = append(out, page.Notice(page.Warn, g.Text(v.T("This person's name and details were erased on {time}. Their records stay.", "time", v.Date(a.Erased)))))
	case !a.Final.IsZero():
		out = append(out, page.Notice(page.Warn, g.Text(v.T("{name} is deleted. They can be restored until {time}; then their name and details are erased.", "name", a.Name, "time", v.DateTime(a.Final)))))
	case a.Archived:
		out = append(out, page.Notice(page.Warn, g.Text(v.T("{name} is archived: hidden from lists, and unable to sign in.", "name", a.Name))))
	}
	return append(out, personTabs(q, a, current))
}

// personActions are what the actor may do to a person. What is refused to them alone shows why; what is never theirs is left out.
func personActions(q *shell.Req, a action.AccountShown) []g.Node {
	v, to := q.View, "/people/"+a.ID.String()
	var items []page.MenuItem
	item := func(p *access.Permission, i page.MenuItem) {
		for _, d := range a.May {
			if d.Permission == p.Key {
				i.Reason = v.Tell(d.Text)
				items = append(items, i)
			}
		}
	}
	item(access.AccountEdit, page.MenuItem{Label: v.T("Edit"), Icon: "edit", Href: to + "/edit"})
	item(access.AccountEdit, page.MenuItem{Label: v.T("Account types"), Icon: "role", Href: to + "/types"})
	item(access.AccountEdit, page.MenuItem{Label: v.T("Move to another organization"), Icon: "org", Href: to + "/move"})
	item(access.AccountLogInAs, page.MenuItem{Label: v.T("Log in as this person"), Icon: "user", Href: to + "/log-in-as"})
	if a.ID == q.Actor.Account {
		item(access.AccountResetPassword, page.MenuItem{Label: v.T("Change password"), Icon: "key", Href: "/account/password"})
	} else {
		item(access.AccountResetPassword, page.MenuItem{Label: v.T("Issue a new password"), Icon: "key", Href: to + "/password"})
	}
	if a.MailsReset {
		items = append(items, page.MenuItem{Label: v.T("Mail them a link to set a password"), Icon: "mail", Post: to + "/reset-link"})
	}
	switch {
	case !a.Erased.IsZero():
		return nil // nothing is done to what is left
	case a.Archived:
		item(access.AccountArchive, page.MenuItem{Label: v.T("Restore"), Icon: "user", Post: to + "/restore"})
	default:
		item(access.AccountMerge, page.MenuItem{Label: v.T("Merge with another account"), Icon: "users", Href: to + "/merge"})
		item(access.AccountArchive, page.MenuItem{Label: v.T("Archive"), Icon: "lock", Href: to + "/archive", Danger: true})
	}
	item(access.AccountDelete, page.MenuItem{Label: v.T("Delete or erase"), Icon: "trash", Href: to + "/delete", Danger: true})
	if len(items) == 0 {
		return nil
	}
	return []g.Node{page.MenuButton(v.T("Actions"), items...)}
}

// onPerson runs ShowAccount for the page's person.
func onPerson(q *shell.Req) (action.AccountShown, error) { return shell.Run(q, action.ShowAccount) }

// showPerson is what one sees of a person.
func showPerson(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	v := q.View
	username, email, code := g.Node(g.Text(a.Username)), g.Node(g.Text(either(a.Email != "", a.Email, "–"))), g.Node(g.Text(a.Code))
	if a.LoginHidden {
		username, email = page.Masked(v), page.Masked(v)
	}
	if a.CodeHidden {
		code = page.Masked(v)
	}
	types := page.Masked(v)
	if !a.TypesHidden {
		chips := make([]page.Chip, len(a.Types))
		for i, t := range a.Types {
			chips[i] = page.Chip{Label: v.T(t.Title)}
		}
		types = page.Chips(v, chips...)
		if len(chips) == 0 {
			types = g.Text("–")
		}
	}
	facts := []page.KV{{Key: v.T("User name"), Value: username}, {Key: v.T("E-mail"), Value: email}, {Key: v.T("Organization"), Value: g.Text(a.Organization.Name)},
		{Key: v.T("Teams"), Value: teamChips(v, a.AccountItem)}, {Key: v.T("Account types"), Value: types}}
	if a.Code != "" || a.CodeHidden {
		facts = append(facts, page.KV{Key: v.T("Code"), Value: code})
	}
	facts = append(facts, page.KV{Key: v.T("Added"), Value: g.Text(v.Date(a.Created))})
	return q.Show(a.Name, personFrame(q, a, ""), page.KeyValues(facts...))
}

func either[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

// teamChips are the teams of a person that the actor knows of.
func teamChips(v page.View, a action.AccountItem) g.Node {
	if len(a.Teams) == 0 {
		return g.Text("–")
	}
	chips := make([]page.Chip, len(a.Teams))
	for i, t := range a.Teams {
		chips[i] = page.Chip{Label: t.Name, Href: "/teams/" + t.ID.String()}
	}
	return page.Chips(v, chips...)
}

// showPersonTeams are the teams of a person that the actor knows of (LM-6).
func showPersonTeams(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(a.Teams))
	for i, t := range a.Teams {
		rows[i] = page.Row{Href: "/teams/" + t.ID.String(), Cells: page.Cells(t.Name)}
	}
	return q.Show(a.Name, personFrame(q, a, "teams"), page.Table{Caption: v.T("Teams of {name}", "name", a.Name), Columns: []page.Column{{Title: v.T("Team"), Wide: true}},
		Rows: rows, Empty: page.Empty(v.T("In no team"), v.T("{name} is in no team that you may see.", "name", a.Name))}.Node(v))
}

// showLogin are a person's login details.
func showLogin(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	login, err := shell.Run(q, action.ViewLogin)
	if err != nil {
		return err
	}
	v := q.View
	last, password := v.T("Never"), v.T("Their own")
	if login.SignedIn != nil {
		last = v.DateTime(*login.SignedIn)
	}
	if login.PasswordIssued {
		password = v.T("Still the one that was issued")
	}
	if len(login.Methods) == 0 {
		password = v.T("None: they cannot sign in by password")
	}
	return q.Show(a.Name, personFrame(q, a, "login"), page.KeyValues(page.KV{Key: v.T("User name"), Value: g.Text(login.Username)},
		page.KV{Key: v.T("E-mail"), Value: g.Text(either(login.Email != "", login.Email, "–"))}, page.KV{Key: v.T("Signs in by"), Value: g.Text(either(len(login.Methods) > 0, v.T("Password"), v.T("Nothing yet")))},
		page.KV{Key: v.T("Password"), Value: g.Text(password)}, page.KV{Key: v.T("Last sign-in"), Value: g.Text(last)}), page.P(v.T("Passwords are kept hashed, and shown to nobody.")))
}

// refused is why a deed is not open, before the work of a form begins; nil where it is.
func refused(q *shell.Req, a action.AccountShown, p *access.Permission) error {
	for _, d := range a.May {
		if d.Permission == p.Key && !d.Allowed {
			return fail.New(fail.NotAllowed, d.Text.English, d.Text.Args...)
		}
	}
	if !a.Allows(p) {
		return fail.New(fail.NotAllowed, "You may not do this: it needs the permission “{permission}”.", "permission", fail.Term(p.Title))
	}
	return nil
}

// issued shows a password this once, and leads on.
func issued(q *shell.Req, id, name, username, password string) error {
	v := q.View
	q.W.Header().Set("Cache-Control", "no-store")
	q.Status = http.StatusOK
	return q.Show(v.T("Password of {name}", "name", name), page.Header(v.T("Password of {name}", "name", name), ""),
		page.Notice(page.Warn, g.Text(v.T("This password is shown this once. Hand it over safely; {name} should change it after signing in.", "name", name))),
		page.KeyValues(page.KV{Key: v.T("User name"), Value: g.Text(username)}), page.CopyBox(v, v.T("Password"), password),
		page.PrimaryLink(v.T("Done"), "/people/"+id))
}

// confirmPassword asks before a password is issued.
func confirmPassword(q *shell.Req) error {
	a, err := onPerson(q)
	if err == nil {
		err = refused(q, a, access.AccountResetPassword)
	}
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	return q.Show(v.T("Issue a new password"), personFrame(q, a, "-"), page.Confirm{Title: v.T("Issue a new password to {name}?", "name", a.Name),
		Text: v.T("The password they have now stops working, and they are signed out everywhere. The new one is shown to you once."), Action: to + "/password",
		Button: v.T("Issue a new password"), Cancel: to}.Node(v))
}

func issuePassword(q *shell.Req) error {
	out, err := shell.Run(q, action.IssuePassword)
	if err != nil {
		return err
	}
	return issued(q, out.ID.String(), out.Name, out.Username, out.Password)
}

// confirmArchive asks before a person is archived.
func confirmArchive(q *shell.Req) error {
	a, err := onPerson(q)
	if err == nil {
		err = refused(q, a, access.AccountArchive)
	}
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+a.ID.String()
	return q.Show(v.T("Archive"), personFrame(q, a, "-"), page.Confirm{Title: v.T("Archive {name}?", "name", a.Name),
		Text: v.T("They are signed out at once, cannot sign in, and stand in no list. Nothing is lost: they can be restored."), Action: to + "/archive",
		Button: v.T("Archive {name}", "name", a.Name), Cancel: to}.Node(v))
}

// showPersonEnrolments are the courses of a person that the actor may see them in.
func showPersonEnrolments(q *shell.Req) error {
	a, err := onPerson(q)
	if err != nil {
		return err
	}
	in := action.AnyEnrolmentQuery{}
	if err := q.Fill(&in); err != nil {
		return err
	}
	in.Account = a.ID
	out, err := shell.RunWith(q, action.ListEnrolments, in)
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, e := range out.Items {
		rows[i] = page.Row{Muted: !e.Open, Cells: append([]g.Node{page.Named(e.Course.Name, e.CourseCode)}, progressCells(v, e)...)}
		if q.Can(access.CourseAllGrades, access.Thing{Kind: access.Enrolment, ID: e.ID, Portal: q.Portal.ID, Org: e.Organization.ID, Course: e.Course.ID, Account: a.ID}) {
			rows[i].Href = "/courses/" + e.Course.ID.String() + "/gradebook/" + e.ID.String()
		}
	}
	return q.Show(a.Name, personFrame(q, a, "enrolments"), page.Table{Caption: v.T("Courses of {name}", "name", a.Name),
		Columns: append([]page.Column{{Title: v.T("Course"), Wide: true}}, progressColumns(v)...), Rows: rows,
		Empty: page.Empty(v.T("In no course"), v.T("{name} is in no course whose learners you may see.", "name", a.Name))}.Node(v),
		q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}
