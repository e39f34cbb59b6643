package web

import (
	"slices"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/store"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

const policiesAt = "/manage/policies"

func policyRoutes(s *shell.Server) {
	s.Get("/manage/policies", action.ListPolicies, listPolicies)
	s.Get("/manage/policies/new", action.ListPolicies, newPolicy)
	s.PostTo("/manage/policies", action.CreatePolicy, func(q *shell.Req) error {
		return bindForm(q, shell.Submit(action.CreatePolicy, "/manage/policies/{id}").Says(page.Say("The policy {name} counts from now on.")).On(newPolicy))
	})
	s.Get("/manage/policies/{policy}", action.ShowPolicy, showPolicy)
	s.Get("/manage/policies/{policy}/edit", action.ShowPolicy, editPolicy)
	s.PostTo("/manage/policies/{policy}", action.EditPolicy, func(q *shell.Req) error {
		return bindForm(q, shell.Submit(action.EditPolicy, "/manage/policies/{policy}").Says(page.Say("{name} is saved. It counts from everybody's next click.")).On(editPolicy))
	})
	s.Get("/manage/policies/{policy}/delete", action.ShowPolicy, confirmPolicyEnd)
	s.Post("/manage/policies/{policy}/delete", shell.Submit(action.DeletePolicy, policiesAt).Says(page.Say("The policy is deleted.")))
}

// bindForm makes a policy's input of the form's pickers: people and groups are its holders, lines are resolved by name.
func bindForm(q *shell.Req, sub *shell.Submission) error {
	if err := q.Parse(); err != nil {
		return err
	}
	f := q.R.PostForm
	f["lines"] = page.Lines(f.Get(page.TextName("accounts")))
	f["place_names"] = page.Lines(f.Get(page.TextName("places")))
	f["holders"] = slices.Clone(f["groups"])
	for _, id := range f["accounts"] {
		f["holders"] = append(f["holders"], "account:"+id)
	}
	return sub.Serve(q)
}

// listPolicies is the Policies tab of Management.
func listPolicies(q *shell.Req) error {
	var in action.PolicyQuery
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ListPolicies, in)
	if err != nil {
		return err
	}
	v := q.View
	var actions []g.Node
	if q.May(access.PolicyEdit) {
		actions = append(actions, page.PrimaryLink(v.T("New policy"), policiesAt+"/new"))
	}
	none := v.T("A policy gives a role to people and groups, at places. None is called so.")
	return q.Show(v.T("Policies"),
		page.Header(v.T("Policies"), v.T("Who gets which role, where, and until when."), actions...),
		page.Filters{Action: policiesAt, SearchName: "q", SearchLabel: v.T("Search policies"), Query: in.Query, Summary: v.N("{n} policy", "{n} policies", out.Total)}.Node(v),
		policyTable(v, out.Items, none), q.Pager(out.Prev, out.Next, len(out.Items), out.Total))
}

// policyTable lists policies: the role, where, who, and how many people that is now.
func policyTable(v page.View, list []action.PolicyItem, none string) g.Node {
	rows := make([]page.Row, len(list))
	for i, p := range list {
		badges := []g.Node{}
		if p.Internal {
			badges = append(badges, builtinBadge(v, true))
		}
		if p.Over {
			badges = append(badges, page.Badge(page.Warn, v.T("Ended")))
		}
		rows[i] = page.Row{Href: policiesAt + "/" + p.ID.String(), Muted: p.Over, Cells: []g.Node{page.Named(p.Name, v.T(p.Role.Title)), placeLines(v, p.Places),
			placeLines(v, p.Holders), g.Text(v.Num(p.People)), g.Group{g.Text(untilText(v, p.Until)), page.Badges(badges...)}}}
	}
	return page.Table{Caption: v.T("Policies"), Columns: []page.Column{{Title: v.T("Policy and role"), Wide: true}, {Title: v.T("Where")}, {Title: v.T("Who")},
		{Title: v.T("People now"), Align: page.End}, {Title: v.T("Until"), NoWrap: true}}, Rows: rows, Empty: page.Empty(v.T("No policies"), none)}.Node(v)
}

func policyCrumbs(v page.View, p action.PolicyItem, more ...page.Link) g.Node {
	return page.Crumbs(v, append([]page.Link{{Label: v.T("Policies"), Href: policiesAt}, {Label: p.Name, Href: policiesAt + "/" + p.ID.String()}}, more...)...)
}

// showPolicy is a policy as the sentence that it is.
func showPolicy(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowPolicy)
	if err != nil {
		return err
	}
	v, at := q.View, policiesAt+"/"+out.ID.String()
	var actions []g.Node
	if out.MayEdit {
		actions = append(actions, page.LinkButton(v.T("Edit"), at+"/edit"), page.LinkButton(v.T("Delete"), at+"/delete"))
	}
	notices := g.Group{}
	if out.Internal {
		notices = append(notices, page.Notice(page.Info, g.Text(v.T("Every portal keeps this policy: it is not edited or deleted. Who is in its groups is yours to say."))))
	}
	if out.Over {
		notices = append(notices, page.Notice(page.Warn, g.Text(v.T("This policy has ended: it gives nothing any more."))))
	}
	now := v.N("Right now: {n} person", "Right now: {n} people", out.People) + " × " + v.N("{n} place", "{n} places", len(out.Places))
	return q.Show(out.Name, policyCrumbs(v, out.PolicyItem), page.Header(out.Name, now, actions...), notices,
		page.Sentence(page.Slot{Before: v.T("These people"), Things: holderNodes(q, out.Holders)},
			page.Slot{Before: v.T("get this role"), Things: []g.Node{page.TextLink(out.Role.Title, rolesAt+"/"+string(out.Role.ID))}},
			page.Slot{Before: v.T("on these things"), Things: placeNodes(v, out.Places)},
			page.Slot{Before: v.T("until"), Things: []g.Node{g.Text(untilText(v, out.Until))}}))
}

func placeNodes(v page.View, list []action.NamedPlace) []g.Node {
	out := make([]g.Node, len(list))
	for i, p := range list {
		out[i] = page.Named(placeName(v, p), placeDetail(v, p))
	}
	return out
}

func holderNodes(q *shell.Req, list []action.NamedPlace) []g.Node {
	v := q.View
	out := make([]g.Node, len(list))
	for i, p := range list {
		switch {
		case p.Hidden || p.Gone:
			out[i] = page.Named(placeName(v, p), placeDetail(v, p))
		case p.Kind == access.AccessGroup.String():
			out[i] = page.LinesOf(page.TextLink(p.Name, groupsAt+"/"+p.ID.String()), page.Muted(v.T("Group")))
		default:
			out[i] = page.LinesOf(page.TextLink(p.Name, "/people/"+p.ID.String()+"/access"), page.Muted(placeDetail(v, p)))
		}
	}
	return out
}

func newPolicy(q *shell.Req) error {
	if !q.May(access.PolicyEdit) {
		return store.NotAllowed(q.Actor.May(access.PolicyEdit))
	}
	v, query := q.View, q.R.URL.Query()
	var now action.PolicyItem
	now.Role.ID = access.RoleID(query.Get("role"))
	var group action.PlaceRef
	if group.UnmarshalText([]byte(access.AccessGroup.String()+":"+query.Get("group"))) == nil {
		now.Holders = append(now.Holders, action.NamedPlace{Ref: group, Kind: group.Kind.String(), ID: group.ID})
	}
	var ref action.PlaceRef
	if ref.UnmarshalText([]byte(query.Get("place"))) == nil {
		now.Places = append(now.Places, action.NamedPlace{Ref: ref})
	}
	form, err := policyForm(q, now, policiesAt, v.T("Create the policy"))
	if err != nil {
		return err
	}
	return q.Show(v.T("New policy"), page.Crumbs(v, page.Link{Label: v.T("Policies"), Href: policiesAt}, page.Link{Label: v.T("New policy")}),
		page.Header(v.T("New policy"), v.T("These people get this role on these things, until then.")), form)
}

func editPolicy(q *shell.Req) error {
	var in action.PolicyID
	if err := q.Fill(&in); err != nil {
		return err
	}
	out, err := shell.RunWith(q, action.ShowPolicy, in)
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptPolicy(q, out)
	}
	v, at := q.View, policiesAt+"/"+out.ID.String()
	form, err := policyForm(q, out.PolicyItem, at, v.T("Save"))
	if err != nil {
		return err
	}
	return q.Show(v.T("Edit {name}", "name", out.Name), policyCrumbs(v, out.PolicyItem, page.Link{Label: v.T("Edit")}),
		page.Header(v.T("Edit {name}", "name", out.Name), v.T("Places and people that you may not see stay as they are.")), form)
}

// keptPolicy refuses to change a policy that every portal has, or that is not one's to change.
func keptPolicy(q *shell.Req, out action.PolicyDetail) error {
	if out.Internal {
		return fail.New(fail.NotAllowed, page.Say("Every portal keeps this policy: it is not edited or deleted. Make one of your own instead."))
	}
	return store.NotAllowed(q.Actor.May(access.PolicyEdit))
}

func confirmPolicyEnd(q *shell.Req) error {
	out, err := shell.Run(q, action.ShowPolicy)
	if err != nil {
		return err
	}
	if !out.MayEdit {
		return keptPolicy(q, out)
	}
	v, at := q.View, policiesAt+"/"+out.ID.String()
	return confirmEnd(q, action.DeletePolicy, action.PolicyID{Policy: out.ID}, policyCrumbs(v, out.PolicyItem, page.Link{Label: v.T("Delete")}),
		page.Confirm{Title: v.T("Delete the policy {name}?", "name", out.Name), Text: v.T("The people, groups and places stay; the role is theirs no longer by this policy."),
			Action: at + "/delete", Button: v.T("Delete the policy"), Cancel: at})
}
