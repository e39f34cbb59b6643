package grid

import (
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/action/grid"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// kindWords are what kinds of thing are called.
var kindWords = map[access.Kind]string{access.Portal: page.Say("the portal"), access.Organization: page.Say("an organization"), access.Course: page.Say("a course"),
	access.Team: page.Say("a team"), access.Account: page.Say("a person"), access.AccessGroup: page.Say("an access group"), access.Policy: page.Say("a policy"),
	access.CustomRole: page.Say("a role"), access.Enrolment: page.Say("an enrolment"), access.Invitation: page.Say("an invitation"), access.Audit: page.Say("the audit"), access.Network: page.Say("a network"), access.Path: page.Say("a learning path")}

func kindWord(v page.View, k access.Kind) string {
	if word, ok := kindWords[k]; ok {
		return v.T(word)
	}
	return k.String()
}

// askers are the operations that need a permission.
func askers(p *access.Permission) (out []g.Node) {
	for _, o := range action.All {
		if m := o.Meta(); slices.Contains(m.Needs, p) && len(out) < 12 {
			out = append(out, g.Text(m.Doc))
		}
	}
	return out
}

// aboutRole says what a role is, who has it, where it is given and what it may do here; beside another role, what differs.
func aboutRole(q *shell.Req) error {
	in, err := query(q, tableAsked(q))
	if err != nil {
		return err
	}
	shown, err := show(q, in)
	if err != nil {
		return err
	}
	role := access.RoleID(q.R.PathValue("role"))
	col := slices.IndexFunc(shown.Columns, func(c grid.Column) bool { return c.Role == role })
	if col < 0 {
		return shell.NotFound
	}
	v, c := q.View, shown.Columns[col]
	var facts []page.KV
	if c.ParentTitle != "" {
		facts = append(facts, page.KV{Key: v.T("Made of"), Value: g.Text(c.ParentTitle)})
	}
	if c.People != nil {
		facts = append(facts, page.KV{Key: v.T("People who have it now"), Value: g.Text(v.Num(*c.People))})
	}
	if r := q.Actor.Rules().Role(role); r != nil {
		var kinds []string
		for _, k := range r.At {
			kinds = append(kinds, kindWord(v, k))
		}
		facts = append(facts, page.KV{Key: v.T("May be given at"), Value: g.Text(strings.Join(kinds, ", "))})
		given := v.T("Whoever holds there all that it holds.")
		if r.GivenBy != nil {
			given = v.T("Whoever holds the permission “{permission}” there.", "permission", v.T(r.GivenBy.Title))
		}
		if access.OnlyTransferred.Has(role) {
			given = v.T("Nobody: it is handed over.")
		}
		facts = append(facts, page.KV{Key: v.T("Who may give it"), Value: g.Text(given)})
	}
	body := []g.Node{page.KeyValues(facts...)}
	if c.Parent != "" && shown.MayMakeTypes {
		body = append(body, page.Inline(page.LinkButton(v.T("Rename"), at+"/types/"+string(role)),
			page.Post(at+"/types/"+string(role)+"/delete", page.Danger(v.T("Delete")))))
	}
	body = append(body, compareForm(q, shown, role), page.Section(v.T("What it allows"), rights(v, shown, col, q.R.URL.Query().Get("with"))))
	return panel(q, shown, c.Title, c.About, body...)
}

// compareForm chooses another role to compare with.
func compareForm(q *shell.Req, shown grid.Grid, role access.RoleID) g.Node {
	v := q.View
	options := []page.Option{{Value: "", Label: v.T("nothing")}}
	for _, c := range shown.Columns {
		if c.Role != role {
			options = append(options, page.Option{Value: string(c.Role), Label: c.Title})
		}
	}
	keep := map[string]string{"table": shown.Table}
	if !shown.Portal {
		keep["organization"] = shown.Organization.ID.String()
	}
	with := page.Field{Name: "with", Label: v.T("Compare with"), Value: q.R.URL.Query().Get("with")}
	return page.Filters{Action: at + "/roles/" + string(role), Fields: []g.Node{page.SmallSelect(with, options)}, Keep: keep}.Node(v)
}

// rights are what a role allows, by section; with another, what one of the two allows and the other does not.
func rights(v page.View, shown grid.Grid, col int, with string) g.Node {
	other := slices.IndexFunc(shown.Columns, func(c grid.Column) bool { return string(c.Role) == with })
	on := func(row grid.Row, i int) bool {
		return row.Cells[i].State == "allowed" || row.Cells[i].State == "always"
	}
	var groups []page.RightGroup
	add := func(group, right string) {
		if len(groups) == 0 || groups[len(groups)-1].Title != group {
			groups = append(groups, page.RightGroup{Title: group})
		}
		groups[len(groups)-1].Rights = append(groups[len(groups)-1].Rights, right)
	}
	for _, row := range shown.Rows {
		if other < 0 && on(row, col) {
			add(row.Section, row.Title)
		}
	}
	for _, side := range [][2]int{{col, other}, {other, col}} {
		for _, row := range shown.Rows {
			if other >= 0 && on(row, side[0]) && !on(row, side[1]) {
				add(v.T("Only {role}", "role", shown.Columns[side[0]].Title), row.Title)
			}
		}
	}
	if len(groups) == 0 {
		return page.Empty(v.T("Nothing"), v.T("There is nothing to show here."))
	}
	return page.Rights(groups...)
}

// newType adds an account type, as a copy of another.
func newType(q *shell.Req) error {
	shown, err := show(q, grid.Query{Table: grid.Business})
	if err != nil {
		return err
	}
	if !shown.MayMakeTypes {
		return storeRefusal(q)
	}
	v := q.View
	var parents []page.Option
	for _, c := range shown.Columns {
		if c.Parent == "" && !access.OnlyTransferred.Has(c.Role) {
			parents = append(parents, page.Option{Value: string(c.Role), Label: c.Title, Hint: c.About, Chosen: q.Value("parent", "") == string(c.Role)})
		}
	}
	parent := q.Field("parent", v.T("Parent type"), "")
	parent.Required, parent.Hint = true, v.T("It starts with the permissions of its parent, is given where that is, and never holds what that can never hold.")
	form := q.Form(at+"/types", page.Button(v.T("Add the account type")), append(typeFields(q, "", ""), page.Select(v, parent, parents))...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at+"/business"))
	return q.Show(v.T("New account type"), crumbs(v, shown, page.Link{Label: v.T("New account type")}),
		page.Header(v.T("New account type"), v.T("A column of the grid of your own, beside those that every portal has.")), form.Node(v))
}

func typeFields(q *shell.Req, name, about string) []g.Node {
	f := q.Field("name", q.T("Name"), name)
	f.Required = true
	return []g.Node{page.Input(q.View, f), page.Input(q.View, q.Field("about", q.T("What it is for"), about))}
}

// editType renames an account type of the portal's own.
func editType(q *shell.Req) error {
	shown, err := show(q, grid.Query{Table: grid.Business})
	if err != nil {
		return err
	}
	role := q.R.PathValue("role")
	col := slices.IndexFunc(shown.Columns, func(c grid.Column) bool { return string(c.Role) == role && c.Parent != "" })
	if col < 0 {
		return shell.NotFound
	}
	if !shown.MayMakeTypes {
		return storeRefusal(q)
	}
	v, c := q.View, shown.Columns[col]
	form := q.Form(at+"/types/"+role, page.Button(v.T("Save")), typeFields(q, c.Title, c.About)...)
	form.Submit = append(form.Submit, page.LinkButton(v.T("Cancel"), at+"/roles/"+role))
	heading := v.T("Rename {name}", "name", c.Title)
	return q.Show(heading, crumbs(v, shown, page.Link{Label: heading}), page.Header(heading, v.T("What it holds is changed in the grid.")), form.Node(v))
}
