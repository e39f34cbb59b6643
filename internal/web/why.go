package web

import (
	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func whyRoutes(s *shell.Server) {
	s.Get("/why", action.Explain, showWhy)
	s.Get("/people/{account}/access", action.ShowAccess, showAccess)
}

// showWhy asks why somebody may or may not do something, and answers (BE-1). Everybody may ask about themselves.
func showWhy(q *shell.Req) error {
	var in action.WhyQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	v := q.View
	body := []g.Node{page.Header(v.T("Access check"), v.T("Why somebody may do something, or may not: which role, given where, by whom, and through what.")),
		page.Card("", whyForm(q, in, "/why", true))}
	if in.Permission != "" {
		answer, err := whyAnswer(q, in)
		if err != nil {
			return err
		}
		body = append(body, answer)
	}
	return q.Show(v.T("Access check"), body...)
}

// whyAnswer is the answer to a question, or what is wrong with it.
func whyAnswer(q *shell.Req, in action.WhyQuery) (g.Node, error) {
	v := q.View
	out, err := shell.RunWith(q, action.Explain, in)
	switch {
	case fail.Is(err, fail.NotFound):
		return page.Notice(page.Warn, g.Text(v.T("There is no such person or thing that you may see."))), nil
	case fail.Is(err, fail.Invalid), fail.Is(err, fail.NotAllowed):
		return page.Notice(page.Warn, g.Text(q.Sentence(err))), nil
	case err != nil:
		return nil, err
	}
	rungs := make([]page.Rung, len(out.Steps))
	for i, s := range out.Steps {
		rungs[i] = page.Rung{State: page.RungState(s.State), Title: s.Title, Text: s.Text}
	}
	parts := []g.Node{page.Verdict(out.Allowed, out.Answer), page.Card(v.T("How this comes about"), page.Steps(v, rungs...))}
	if len(out.Ways) > 0 {
		ways := make([][2]string, len(out.Ways))
		for i, w := range out.Ways {
			ways[i] = [2]string{w.What(), w.Could()}
		}
		parts = append(parts, page.Card(v.T("What would allow it"), page.Ways(ways...)))
	}
	return page.Stack(parts...), nil
}

// whyForm asks for a person, a permission and a thing; with others set, for whom too.
func whyForm(q *shell.Req, in action.WhyQuery, to string, whom bool) g.Node {
	v := q.View
	options := []page.Option{{Value: "", Label: v.T("Choose what they would do")}}
	for _, p := range access.Table() {
		options = append(options, page.Option{Value: p.Key, Label: v.T(p.Title), Group: v.T(p.Section)})
	}
	kinds := []page.Option{{Value: "", Label: v.T("What it is on")}}
	for _, k := range []access.Kind{access.Portal, access.Organization, access.Team, access.Course, access.Account, access.AccessGroup} {
		kinds = append(kinds, page.Option{Value: k.String(), Label: kindWord(v, k.String())})
	}
	fields := []g.Node{}
	if whom {
		who := page.Field{Name: "account", Label: v.T("Person"), Value: in.Account, Hint: v.T("A user name, e-mail address or whole name. Empty: yourself.")}
		fields = append(fields, page.Input(v, who))
	}
	what := page.Field{Name: "permission", Label: v.T("May they"), Value: in.Permission, Required: true}
	kind := page.Field{Name: "kind", Label: v.T("Kind of thing"), Value: in.Kind}
	thing := page.Field{Name: "thing", Label: v.T("Which one"), Value: in.Thing, Hint: v.T("Its name. Empty: the whole portal.")}
	if in.Kind == access.Portal.String() {
		thing.Value = "" // there is only one
	}
	when := page.Field{Name: "at", Label: v.T("As of"), Value: in.At, Hint: v.T("The end of a past day. Empty: now.")}
	fields = append(fields, page.Select(v, what, options), page.Two(page.Select(v, kind, kinds), page.Input(v, thing)), page.Date(v, when))
	return page.Form{Method: "get", Action: to, Body: fields, Submit: []g.Node{page.Button(v.T("Check"))}}.Node(v)
}

// showAccess is what a person holds, and a check of what they may do.
func showAccess(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowAccess)
	if err != nil {
		return err
	}
	var in action.WhyQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	v, ended := q.View, q.R.URL.Query().Get("ended") != ""
	at := "/people/" + out.Account.ID.String()
	in.Account = out.Account.ID.String()
	person, err := shell.RunWith(q, action.ShowAccount, action.AccountID{Account: out.Account.ID})
	if err != nil {
		return err
	}
	body := []g.Node{personFrame(q, person, "access")}
	check := []g.Node{whyForm(q, in, at+"/access", false)}
	if in.Permission != "" {
		answer, err := whyAnswer(q, in)
		if err != nil {
			return err
		}
		check = append(check, answer)
	}
	pick := page.Filters{Action: at + "/access", Fields: []g.Node{page.SmallInput(page.Field{Name: "at", ID: "held-at", Label: v.T("As of"), Type: "date", Value: in.At})}}
	if out.At != nil {
		body = append(body, page.Notice(page.Warn, g.Text(v.T("This is what was held at the end of {day}. Names are those of today.", "day", v.Date(*out.At)))))
	}
	body = append(body, page.Period(v.T("Access"), page.Tab{Label: v.T("Held now"), Href: at + "/access", Current: !ended && out.At == nil},
		page.Tab{Label: v.T("Ended"), Href: at + "/access?ended=true", Current: ended}), pick.Node(v), heldTable(q, out, ended))
	if out.More {
		body = append(body, page.Muted(v.T("There are more than these.")))
	}
	return q.Show(v.T("Access of {name}", "name", out.Account.Name), append(body, page.Section(v.T("Check a permission"), page.Card("", check...)))...)
}

func heldTable(q *shell.Req, out action.AccessList, ended bool) g.Node {
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, h := range out.Items {
		until := untilText(v, h.Until)
		if ended {
			until = v.DateTime(h.Until)
			if h.EndedBy != "" {
				until = v.T("{time}, by {name}", "time", until, "name", h.EndedBy)
			}
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(v.T(h.Role.Title)), page.Named(placeName(v, h.Place), placeDetail(v, h.Place)), heldThrough(q, h),
			g.Text(v.Date(h.Since)), heldUntil(v, h, until), g.Text(givenBy(v, h.By))}}
	}
	empty := page.Empty(v.T("Nothing"), v.T("{name} holds no role anywhere.", "name", out.Account.Name))
	if ended {
		empty = page.Empty(v.T("Nothing has ended"), v.T("Roles that were taken away or came to their end stand here."))
	}
	return page.Table{Caption: v.T("What {name} holds", "name", out.Account.Name), Columns: []page.Column{{Title: v.T("Role"), NoWrap: true}, {Title: v.T("Where"), NoWrap: true}, {Title: v.T("Through"), Wide: true},
		{Title: v.T("Since"), NoWrap: true}, {Title: v.T("Until"), NoWrap: true}, {Title: v.T("Given by"), NoWrap: true}}, Rows: rows, Empty: empty}.Node(v)
}

// heldUntil is until when a grant is held, with the way to change that for whoever may.
func heldUntil(v page.View, h action.HeldGrant, until string) g.Node {
	if !h.MayChange {
		return g.Text(until)
	}
	return page.LinesOf(g.Text(until), page.TextLink(v.T("Change when it ends"), "/grants/"+h.ID.String()+"/end"))
}

// heldThrough is the group and the policy that a grant came through, with the way to them for whoever may open it.
func heldThrough(q *shell.Req, h action.HeldGrant) g.Node {
	v, lines := q.View, []g.Node{}
	line := func(label, at string, opens *access.Permission) {
		if q.May(opens) {
			lines = append(lines, page.TextLink(label, at))
		} else {
			lines = append(lines, g.Text(label))
		}
	}
	if h.Group != nil {
		line(v.T("Group {name}", "name", h.Group.Name), groupsAt+"/"+h.Group.ID.String(), access.GroupList)
	}
	if h.Policy != nil {
		line(v.T("Policy {name}", "name", h.Policy.Name), policiesAt+"/"+h.Policy.ID.String(), access.PolicyList)
	}
	if len(lines) == 0 {
		return page.Muted(v.T("given directly"))
	}
	return page.LinesOf(lines...)
}
