package web

import (
	"strings"

	"provost/internal/action"
	"provost/internal/action/identity"
	"provost/internal/web/notice"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func ownRoutes(s *shell.Server) {
	s.Get("/account", action.ShowOwn, showOwn)
	s.Post("/account", shell.Submit(action.RenameOwn, "/account").Says(page.Say("Your name is saved.")).On(showOwn))
	s.Get("/account/password", action.ShowOwn, showPassword)
	s.PostTo("/account/password", action.ChangePassword, changePassword)
	s.Post("/account/sessions/{session}/end", shell.Submit(action.EndSession, "/account").Says(page.Say("That browser is signed out.")))
	s.Post("/account/sessions/end", shell.Submit(action.EndOtherSessions, "/account").Says(page.Say("Your other browsers are signed out.")))
}

// showOwn is one's own account: names, password, and where one is signed in.
func showOwn(q *shell.Req) error {
	me, err := shell.RunWith(q, action.ShowOwn, struct{}{})
	if err != nil {
		return err
	}
	sessions, err := shell.RunWith(q, action.ListSessions, struct{}{})
	if err != nil {
		return err
	}
	acted, err := shell.RunWith(q, identity.ListActings, struct{}{})
	if err != nil {
		return err
	}
	mail, err := notice.Mail(q)
	if err != nil {
		return err
	}
	v := q.View
	email := g.Node(g.Text(me.Email))
	if me.Email == "" {
		email = page.Muted(v.T("none"))
	}
	name := q.Field("name", v.T("Name"), me.Name)
	name.Required, name.Autocomplete = true, "name"
	parts := g.Group{page.Header(v.T("My account"), me.Organization, page.LinkButton(v.T("Tokens"), "/account/tokens"), page.LinkButton(v.T("Change password"), "/account/password"))}
	if me.PasswordIssued {
		parts = append(parts, page.Notice(page.Warn, g.Text(v.T("Your password was chosen by somebody else. Please change it."))))
	}
	return q.Show(v.T("My account"), parts,
		page.Section(v.T("About you"),
			page.KeyValues(page.KV{Key: v.T("User name"), Value: g.Text(me.Username)}, page.KV{Key: v.T("E-mail address"), Value: email},
				page.KV{Key: v.T("Organization"), Value: g.Text(me.Organization)}),
			q.Form("/account", page.Button(v.T("Save")), page.Input(v, name)).Node(v)),
		mail, sessionList(q, sessions.Items), actedAs(q, acted.Items))
}

// actedAs tells a person who logged in as them (CO-4).
func actedAs(q *shell.Req, list []identity.ActedAs) g.Node {
	if len(list) == 0 {
		return g.Group(nil)
	}
	v := q.View
	rows := make([]page.Row, len(list))
	for i, a := range list {
		rows[i] = page.Row{Cells: []g.Node{g.Text(a.By), g.Text(a.Reason), g.Text(v.DateTime(a.Began)), g.Text(v.DateTime(a.Last))}}
	}
	title := v.T("Who logged in as you")
	return page.Section(title, page.Table{Caption: title, Columns: []page.Column{{Title: v.T("Who")}, {Title: v.T("Why"), Wide: true}, {Title: v.T("Since")},
		{Title: v.T("Last used")}}, Rows: rows}.Node(v))
}

func sessionList(q *shell.Req, list []action.OpenSession) g.Node {
	v := q.View
	rows := make([]page.Row, len(list))
	for i, s := range list {
		state := page.Post("/account/sessions/"+s.ID.String()+"/end", page.Secondary(v.T("Sign out")))
		if s.Current {
			state = page.Badge(page.Good, v.T("this browser"))
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(browserName(q, s.Agent)), g.Text(v.DateTime(s.Since)), g.Text(v.Ago(q.Now(), s.Seen)), state}}
	}
	var actions []g.Node
	if len(list) > 1 {
		actions = []g.Node{page.Post("/account/sessions/end", page.Secondary(v.T("Sign out everywhere else")))}
	}
	return page.SectionWith(v.T("Where you are signed in"), actions,
		page.Table{Caption: v.T("Where you are signed in"), Columns: []page.Column{{Title: v.T("Browser")}, {Title: v.T("Since")},
			{Title: v.T("Last used")}, {Title: v.T("State"), Quiet: true}}, Rows: rows}.Node(v))
}

// browserName is what a browser calls itself, in two words.
func browserName(q *shell.Req, agent string) string {
	find := func(list [][2]string) string {
		for _, one := range list {
			if strings.Contains(agent, one[0]) {
				return one[1]
			}
		}
		return ""
	}
	what := find([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}})
	where := find([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case what != "" && where != "":
		return q.T("{browser} on {system}", "browser", what, "system", where)
	case what+where != "":
		return what + where
	}
	return q.T("A browser that does not say which")
}

// changePassword changes the password, and gives the browser the new token of its session.
func changePassword(q *shell.Req) error {
	out, err := shell.Run(q, action.ChangePassword)
	if shell.Again(err) {
		return q.Again(err, showPassword)
	}
	if err != nil {
		return err
	}
	q.KeepSession(out.Token, q.Session.Until)
	return q.Redirect("/account", page.Good, q.T("Your password is changed. Your other browsers are signed out."))
}

// showPassword asks for the present password and a new one.
func showPassword(q *shell.Req) error {
	me, err := shell.RunWith(q, action.ShowOwn, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	current := page.Field{Name: "current", Label: v.T("Present password"), Type: "password", Required: true, Autocomplete: "current-password", Error: q.Wrong("current")}
	return q.Show(v.T("Change password"),
		page.Crumbs(v, page.Link{Label: v.T("My account"), Href: "/account"}, page.Link{Label: v.T("Change password")}),
		page.Header(v.T("Change password"), v.T("Your other browsers are signed out by it.")),
		q.Form("/account/password", page.Button(v.T("Change password")), username(me.Username), page.Input(v, current), newPassword(q), newPasswordAgain(q)).Node(v))
}
