package catalog

import (
	"provost/internal/access"
	"provost/internal/action/people"
	"provost/internal/db"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func relationRoutes(s *shell.Server) {
	s.Get("/people/{account}/relations", people.ListRelations, listRelations)
	s.PostTo("/people/{account}/relations", people.AddRelation, addRelation)
	s.Post("/people/{account}/relations/{relation}/end", shell.Submit(people.EndRelation, "/people/{account}/relations").Says(page.Say("The relation is ended.")))
	s.Get("/friends", people.ListFriends, listFriends)
	s.PostTo("/friends", people.AskFriend, askFriend)
	s.Post("/friend-requests/{request}", shell.Submit(people.AnswerFriend, "/friends").Says(page.Say("Your answer is kept.")))
	s.Post("/friends/{person}/end", shell.Submit(people.EndFriend, "/friends").Says(page.Say("You are no longer friends.")))
}

// listRelations are who is a person's parent, manager and mentor, and whose they are.
func listRelations(q *shell.Req) error {
	id, err := db.ParseID(q.R.PathValue("account"))
	if err != nil {
		return shell.NotFound
	}
	out, err := shell.RunWith(q, people.ListRelations, people.OfPerson{Account: id})
	if err != nil {
		return err
	}
	v, to := q.View, "/people/"+out.Account.ID.String()
	rows := make([]page.Row, len(out.Items))
	for i, r := range out.Items {
		end := g.Node(g.Text(""))
		if r.MayEnd {
			end = page.Post("/people/"+r.Whom.ID.String()+"/relations/"+r.ID.String()+"/end", page.Secondary(v.T("End"), g.Attr("aria-label", v.T("End: {who}, {relation}, {whom}", "who", r.Who.Name, "relation", v.T(r.Title), "whom", r.Whom.Name))))
		}
		rows[i] = page.Row{Cells: []g.Node{personLink(r.Who), g.Text(v.T(r.Title)), personLink(r.Whom), g.Text(v.Date(r.Since)), end}}
	}
	table := page.Table{Caption: v.T("Relations of {name}", "name", out.Account.Name), Columns: []page.Column{{Title: v.T("Person"), Wide: true}, {Title: v.T("Is"), NoWrap: true}, {Title: v.T("Of"), NoWrap: true},
		{Title: v.T("Since"), NoWrap: true}, {Title: v.T("End"), Quiet: true}}, Rows: rows, Empty: page.Empty(v.T("No relations"), v.T("Nobody is {name}'s parent, manager, mentor or friend, of those whom you may see.", "name", out.Account.Name))}
	body := g.Group{page.Crumbs(v, page.Link{Label: out.Account.Name, Href: to}, page.Link{Label: v.T("Relations")}),
		page.Header(v.T("Relations of {name}", "name", out.Account.Name), v.T("A parent, manager or mentor sees this person's courses and paths, progress and grades.")), table.Node(v)}
	if out.Hidden > 0 {
		body = append(body, page.P(v.N("{n} more, with somebody whom you may not see.", "{n} more, with people whom you may not see.", out.Hidden)))
	}
	if out.MayAdd {
		body = append(body, page.Section(v.T("Add a relation"), relationForm(q, to, out.Account.Name)))
	}
	return q.Show(v.T("Relations of {name}", "name", out.Account.Name), body)
}

func personLink(n people.Someone) g.Node { return page.TextLink(n.Name, "/people/"+n.ID.String()) }

func relationForm(q *shell.Req, to, name string) g.Node {
	v := q.View
	role := q.Field("role", v.T("Shall be"), string(access.ParentOf))
	role.Required = true
	options := []page.Option{}
	for _, r := range access.GivenRelations {
		options = append(options, page.Option{Value: string(r), Label: v.T("{relation} {name}", "relation", v.T(access.Builtin(r).Title), "name", name)})
	}
	return q.Form(to+"/relations", page.Button(v.T("Add")), q.OnePerson("person", v.T("Who")), page.Select(v, role, options), q.Ends("")).Node(v)
}

func addRelation(q *shell.Req) error {
	if err := q.ChoosePerson("person"); err != nil {
		return err
	}
	return shell.Submit(people.AddRelation, "/people/{account}/relations").Says(page.Say("The relation is there.")).On(listRelations).Serve(q)
}

// listFriends are one's friends, and who asked whom.
func listFriends(q *shell.Req) error {
	out, err := shell.RunWith(q, people.ListFriends, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	body := g.Group{page.Header(v.T("Friends"), v.T("Friends see each other in the Users catalog. Nobody is your friend unless you both agree."))}
	var asks []page.Row
	for _, r := range out.Requests {
		answer := g.Node(page.Badge(page.Plain, v.T("Waiting for an answer")))
		if !r.Mine {
			answer = page.Inline(page.Post("/friend-requests/"+r.ID.String(), page.Button(v.T("Agree"), g.Attr("aria-label", v.T("Be friends with {name}", "name", r.Person.Name))), "accept", "true"),
				page.Post("/friend-requests/"+r.ID.String(), page.Secondary(v.T("Decline"), g.Attr("aria-label", v.T("Decline {name}", "name", r.Person.Name))), "accept", "false"))
		}
		asks = append(asks, page.Row{Cells: []g.Node{page.Person(r.Person.Name, ""), g.Text(v.Date(r.Asked)), answer}})
	}
	if len(asks) > 0 {
		body = append(body, page.Section(v.T("Requests"), page.Table{Caption: v.T("Requests"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("Asked"), NoWrap: true}, {Title: v.T("Answer")}}, Rows: asks}.Node(v)))
	}
	rows := make([]page.Row, len(out.Items))
	for i, f := range out.Items {
		rows[i] = page.Row{Cells: []g.Node{personLink(f), page.Post("/friends/"+f.ID.String()+"/end", page.Secondary(v.T("End"), g.Attr("aria-label", v.T("End the friendship with {name}", "name", f.Name))))}}
	}
	body = append(body, page.Table{Caption: v.T("Friends"), Columns: []page.Column{{Title: v.T("Name"), Wide: true}, {Title: v.T("End"), Quiet: true}}, Rows: rows,
		Empty: page.Empty(v.T("No friends yet"), v.T("Ask somebody whom you may see; they answer here."))}.Node(v),
		page.Section(v.T("Ask somebody"), q.Form("/friends", page.Button(v.T("Ask")), q.OnePerson("person", v.T("Who"))).Node(v)))
	return q.Show(v.T("Friends"), body)
}

func askFriend(q *shell.Req) error {
	if err := q.ChoosePerson("person"); err != nil {
		return err
	}
	return shell.Submit(people.AskFriend, "/friends").Says(page.Say("{name} has been asked.")).On(listFriends).Serve(q)
}
