package web

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func tokenRoutes(s *shell.Server) {
	s.Get("/account/tokens", action.ListTokens, showTokens)
	s.PostTo("/account/tokens", action.CreateToken, createToken)
	s.Post("/account/tokens/{token}/end", shell.Submit(action.EndToken, "/account/tokens").Says(page.Say("The token is ended.")))
}

// showTokens is the tokens with which other programs act as oneself, and the form that makes one.
func showTokens(q *shell.Req) error { return tokensPage(q, nil) }

// createToken makes a token and shows it, this once.
func createToken(q *shell.Req) error {
	made, err := shell.Run(q, action.CreateToken)
	if err != nil {
		return q.Again(err, showTokens)
	}
	v := q.View
	return tokensPage(q, g.Group{page.Notice(page.Good, g.Text(v.T("The token is made. Copy it now: it is shown this once and kept nowhere."))),
		page.CopyBox(v, v.T("Token"), made.Token)})
}

func tokensPage(q *shell.Req, made g.Node) error {
	list, err := shell.RunWith(q, action.ListTokens, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(list.Items))
	for i, t := range list.Items {
		rows[i] = page.Row{Cells: []g.Node{g.Text(t.Name), page.Truncate(strings.Join(t.Permissions, ", ")), g.Text(v.Ago(q.Now(), t.Used)), g.Text(v.Date(t.Until)),
			page.Post("/account/tokens/"+t.ID.String()+"/end", page.Danger(v.T("End")))}}
	}
	table := page.Table{Caption: v.T("Your tokens"), Rows: rows, Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("May")},
		{Title: v.T("Last used")}, {Title: v.T("Until")}, {Title: v.T("End"), Quiet: true}},
		Empty: page.Empty(v.T("No tokens"), v.T("Programs that act as you need one."))}
	return q.Show(v.T("Tokens"),
		page.Crumbs(v, page.Link{Label: v.T("My account"), Href: "/account"}, page.Link{Label: v.T("Tokens")}),
		page.Header(v.T("Tokens"), v.T("A token lets another program act as you, within what the token names and what you may do yourself at that moment."),
			page.LinkButton(v.T("API reference"), "/reference")),
		made, table.Node(v), page.Section(v.T("Make a token"), tokenForm(q)))
}

// tokenForm offers the permissions that one holds anywhere, by section.
func tokenForm(q *shell.Req) g.Node {
	v := q.View
	chosen := q.Values("permissions", nil)
	var options []page.Option
	for _, p := range access.Table() {
		if q.May(p) {
			options = append(options, page.Option{Value: p.Key, Label: v.T(p.Title), Hint: p.Key, Group: v.T(p.Section), Chosen: slices.Contains(chosen, p.Key)})
		}
	}
	name, days := q.Field("name", v.T("What it is for"), ""), q.Field("days", v.T("How many days it lasts"), "90")
	name.Required, days.Required, days.Type = true, true, "number"
	return q.Form("/account/tokens", page.Button(v.T("Make the token")), page.Two(page.Input(v, name), page.Input(v, days)),
		page.CheckGroup(v, page.Field{Name: "permissions", Label: v.T("What it may do"), Required: true, Error: q.Wrong("permissions")}, options)).Node(v)
}
