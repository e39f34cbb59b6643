package catalog

import (
	"strconv"

	"provost/internal/access"
	"provost/internal/action/people"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func typeRoutes(s *shell.Server) {
	s.Get("/settings/types", people.ListTypes, listTypes)
	s.Get("/settings/types/{type}", people.ListTypes, askSwitch)
	s.Post("/settings/types/{type}", shell.Submit(people.SwitchType, "/settings/types").Says(page.Say("{title} is switched.")).On(askSwitch))
}

// listTypes are the account types of the portal, with a switch for who may use it.
func listTypes(q *shell.Req) error {
	out, err := shell.RunWith(q, people.ListTypes, struct{}{})
	if err != nil {
		return err
	}
	v := q.View
	rows := make([]page.Row, len(out.Items))
	for i, t := range out.Items {
		rows[i] = page.Row{Cells: []g.Node{page.Named(v.T(t.Title), v.T(t.Doc)), typeState(v, t)}}
		if !out.MayChange || t.Always {
			continue
		}
		to, label := "/settings/types/"+string(t.ID), v.T("Switch off…")
		if !t.On {
			label = v.T("Switch on…")
		}
		rows[i].Cells = append(rows[i].Cells, page.LinkButton(label, to+"?on="+strconv.FormatBool(!t.On), g.Attr("aria-label", label+" "+v.T(t.Title))))
	}
	table := page.Table{Caption: v.T("Account types"), Columns: []page.Column{{Title: v.T("Account type"), Wide: true}, {Title: v.T("State")}}, Rows: rows}
	body := g.Group{page.Crumbs(v, page.Link{Label: v.T("Settings"), Href: "/settings"}), page.Header(v.T("Account types"), v.T("What people can be in this portal. While a type is off, those who hold it may do nothing by it, and nobody is given it."))}
	if out.MayChange {
		table.Columns = append(table.Columns, page.Column{Title: v.T("Change")})
		for i := range table.Rows {
			if len(table.Rows[i].Cells) == 2 {
				table.Rows[i].Cells = append(table.Rows[i].Cells, g.Text(""))
			}
		}
	} else {
		body = append(body, page.Notice(page.Info, g.Text(v.T("Only the super administrator switches account types on and off."))))
	}
	return q.Show(v.T("Account types"), append(body, table.Node(v)))
}

func typeState(v page.View, t people.TypeState) g.Node {
	switch {
	case t.Always:
		return page.Badge(page.Good, v.T("Always on"))
	case t.On:
		return page.Badge(page.Good, v.T("On"))
	}
	return page.Badge(page.Warn, v.T("Off"))
}

// askSwitch says who would gain and lose what by a switch, before it is made (BE-2).
func askSwitch(q *shell.Req) error {
	in := people.TypeSwitch{Type: access.RoleID(q.R.PathValue("type")), On: q.R.FormValue("on") == "true"}
	if role := q.Actor.Rules().Role(in.Type); role == nil || !role.Type() {
		return shell.NotFound
	}
	out, effects, err := people.SwitchType.Preview(q.Ctx(), q.Env(), q.Who, in)
	if err != nil && !fail.Is(err, fail.Conflict) {
		return err
	}
	v := q.View
	if err != nil {
		return q.Show(v.T("Account types"), page.Header(v.T("Account types"), ""), page.Notice(page.Warn, g.Text(q.Sentence(err))),
			page.LinkButton(v.T("Back"), "/settings/types"))
	}
	title, button := v.T("Switch {type} off?", "type", v.T(out.Title)), page.Danger(v.T("Switch off"))
	text := v.T("Those who hold this type keep it, but may do nothing by it until it is switched on again.")
	switch {
	case in.On:
		title, button = v.T("Switch {type} on?", "type", v.T(out.Title)), page.Button(v.T("Switch on"))
		text = v.T("Those who hold this type may use it again, and it can be given.")
	case access.WhileReselling.Has(in.Type):
		text = v.N("{n} partial administrator becomes a full administrator, and stays one.", "{n} partial administrators become full administrators, and stay such.", out.MadeFull)
	}
	form := q.Form("/settings/types/"+string(in.Type), button, page.Hidden("on", strconv.FormatBool(in.On)))
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), "/settings/types"))
	return q.Show(title, page.Crumbs(v, page.Link{Label: v.T("Settings"), Href: "/settings"}, page.Link{Label: v.T("Account types"), Href: "/settings/types"}),
		page.Header(title, text), page.Section(v.T("What this would do"), shell.EffectsOf(effects).Node(v)), form.Node(v))
}
