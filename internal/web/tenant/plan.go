package tenant

import (
	"provost/internal/action"
	"provost/internal/action/tenant"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

func planRoutes(s *shell.Server) {
	s.Get("/plans", tenant.ShowPlan, showPlan)
	s.Get("/plans/contacts", tenant.ShowPlan, newContact)
	s.PostTo("/plans/contacts", tenant.AddContact, func(q *shell.Req) error {
		if err := choosePerson(q, "account"); err != nil {
			return err
		}
		return shell.Submit(tenant.AddContact, "/plans").Says(page.Say("{name} is a billing contact now.")).On(newContact).Serve(q)
	})
	s.Post("/plans/contacts/{account}/remove", shell.Submit(tenant.RemoveContact, "/plans").Says(page.Say("{name} is no billing contact any more.")))
	s.Post("/plans/alerts/{alert}/settle", shell.Submit(tenant.SettleAlert, "/plans").Says(page.Say("It is settled.")))
}

var planWords = map[string]string{"accounts": page.Say("People"), "organizations": page.Say("Organizations"), "teams": page.Say("Teams"), "courses": page.Say("Courses"),
	"enrolments": page.Say("Enrolments")}

// showPlan is what the portal, or one organization, may use and does, with the alerts of its payments first.
func showPlan(q *shell.Req) error {
	p, err := shell.Run(q, tenant.ShowPlan)
	if err != nil {
		return err
	}
	v := q.View
	name := p.Name
	if name == "" {
		name = v.T("No plan is set: there is no limit.")
	}
	scope := []string{p.Place.Name, v.T("Counted {when}", "when", v.Ago(q.Now(), p.Counted))}
	if !p.PaidUntil.IsZero() {
		scope = append(scope, v.T("Paid until {day}", "day", v.Date(p.PaidUntil)))
	}
	body := []g.Node{page.Header(v.T("Plans"), name)}
	if len(p.Places) > 1 {
		tabs := make([]page.Tab, len(p.Places))
		for i, x := range p.Places {
			tabs[i] = page.Tab{Label: x.Name, Href: "/plans?organization=" + x.ID.String(), Current: x.ID == p.Place.ID}
		}
		body = append(body, page.Tabs(v.T("Organizations"), tabs...))
	}
	body = append(body, page.Scope(scope...), alertsSection(q, p), page.Section(v.T("What is used"), usedTable(v, p)))
	return q.Show(v.T("Plans"), append(body, contactsSection(q, p))...)
}

func usedTable(v page.View, p tenant.PlanShown) g.Node {
	rows := make([]page.Row, len(p.Items))
	for i, x := range p.Items {
		limit, state := v.T("No limit"), g.Node(g.Text(""))
		if !p.Whole {
			limit = v.T("The portal's")
		}
		if x.Limit != nil {
			limit = v.Num(int(*x.Limit))
			state = page.Badge(page.Good, v.T("Within the plan"))
			if x.Used > *x.Limit {
				state = page.Badge(page.Bad, v.T("Over the plan by {n}", "n", int(x.Used-*x.Limit)))
			} else if x.Used*10 >= *x.Limit*9 {
				state = page.Badge(page.Warn, v.T("Nearly used up"))
			}
		}
		rows[i] = page.Row{Cells: []g.Node{g.Text(v.T(planWords[x.Kind])), g.Text(v.Num(int(x.Used))), g.Text(limit), state}}
	}
	return page.Table{Caption: v.T("What is used, and what may be"), Columns: []page.Column{{Title: v.T("What"), Wide: true}, {Title: v.T("Used"), Align: page.End},
		{Title: v.T("Limit"), Align: page.End}, {Title: v.T("State")}}, Rows: rows}.Node(v)
}

func alertsSection(q *shell.Req, p tenant.PlanShown) g.Node {
	v := q.View
	list := []g.Node{}
	for _, a := range p.Alerts {
		kind, when := page.Warn, v.T("Raised {day}, about {organization}.", "day", v.Date(a.Raised), "organization", a.Organization.Name)
		if !a.Due.IsZero() {
			when += " " + v.T("Due {day}.", "day", v.Date(a.Due))
		}
		var settle g.Node
		if !a.Settled.IsZero() {
			kind, when = page.Plain, when+" "+v.T("Settled {day}.", "day", v.Date(a.Settled))
		} else if p.MayRaise {
			settle = page.Post("/plans/alerts/"+a.ID.String()+"/settle", page.Secondary(v.T("Settle")))
		}
		list = append(list, page.Notice(kind, h.Strong(g.Text(a.Title)), g.If(a.Text != "", h.P(g.Text(a.Text))), h.P(page.Muted(when)), settle))
	}
	if len(list) == 0 {
		return page.Section(v.T("Payment alerts"), page.P(v.T("There are none. What the payment provider raises stands here, and is mailed to the billing contacts.")))
	}
	return page.Section(v.T("Payment alerts"), page.Stack(list...))
}

func contactsSection(q *shell.Req, p tenant.PlanShown) g.Node {
	v := q.View
	var actions []g.Node
	if p.MayContacts {
		actions = append(actions, page.LinkButton(v.T("Add a billing contact"), "/plans/contacts?organization="+p.Place.ID.String()))
	}
	rows := make([]page.Row, len(p.Contacts))
	for i, x := range p.Contacts {
		state, end := page.Badge(page.Good, v.T("Is told of alerts")), g.Node(g.Text(""))
		if !x.Counts {
			state = page.Badge(page.Plain, v.T("No administrator there any more: is told nothing"))
		}
		if p.MayContacts {
			end = page.Post("/plans/contacts/"+x.Account.ID.String()+"/remove", page.Secondary(v.T("Remove"), h.Aria("label", v.T("Remove {name}", "name", x.Account.Name))),
				"organization", x.Place.ID.String())
		}
		rows[i] = page.Row{Cells: []g.Node{page.Person(x.Account.Name, ""), g.Text(x.Place.Name), state, end}}
	}
	empty := page.Empty(v.T("No billing contact"), v.T("Payment alerts stand on this page only, until somebody is a billing contact."))
	return page.SectionWith(v.T("Billing contacts"), actions, page.Table{Caption: v.T("Billing contacts"), Columns: []page.Column{{Title: v.T("Name"), Wide: true},
		{Title: v.T("Of")}, {Title: v.T("State")}, {Title: ""}}, Rows: rows, Empty: empty}.Node(v))
}

// newContact is the form to make somebody a billing contact, with what they gain.
func newContact(q *shell.Req) error {
	var in tenant.PlanQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	if q.Typed != nil {
		_ = in.Organization.UnmarshalText([]byte(q.Typed.Get("organization"))) // what is no id is the portal
	}
	p, err := shell.RunWith(q, tenant.ShowPlan, in)
	if err != nil {
		return err
	}
	v := q.View
	who := page.Picker{Field: q.Field("account", v.T("Who"), ""), Source: "/people/search"}
	if q.Typed != nil {
		who.Text = q.Typed.Get(page.TextName("account"))
	}
	who.Field.Required, who.Field.Hint = true, v.T("A full administrator of the portal, or an administrator of {name}.", "name", p.Place.Name)
	title := v.T("Add a billing contact")
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Plans"), Href: "/plans"}, page.Link{Label: title}), page.Header(title, p.Place.Name),
		page.P(v.T("A billing contact opens Plans, and receives payment alerts by e-mail. It counts as long as they are an administrator there.")),
		q.WithPreview("/plans/contacts", v.T("Add"), "/plans", who.Node(v), page.Hidden("organization", p.Place.ID.String())))
}

// choosePerson puts the person who was typed by name or address, without scripts, where a chosen one would be.
func choosePerson(q *shell.Req, name string) error {
	if err := q.Parse(); err != nil {
		return err
	}
	lines := page.Lines(q.R.PostForm.Get(page.TextName(name)))
	if len(lines) != 1 || q.R.PostForm.Get(name) != "" {
		return nil
	}
	found, err := shell.RunWith(q, action.ResolveAccounts, action.PeopleLines{Lines: lines})
	if err == nil && len(found.Found) == 1 {
		q.R.PostForm.Set(name, found.Found[0].ID.String())
		q.R.PostForm.Del(page.TextName(name))
	}
	if shell.Again(err) {
		return nil // the form says what is wrong
	}
	return err
}
