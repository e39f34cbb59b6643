package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/action"
	"provost/internal/fail"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// policyForm is the sentence of a policy with a slot to fill for each part, and what it would do beneath.
func policyForm(q *shell.Req, now action.PolicyItem, to, save string) (g.Node, error) {
	v := q.View
	people, err := holderPicker(q, now.Holders)
	if err != nil {
		return nil, err
	}
	groups, err := groupTicks(q, now.Holders)
	if err != nil {
		return nil, err
	}
	role, err := roleSelect(q, now.Role.ID)
	if err != nil {
		return nil, err
	}
	places, err := placePicker(q, now.Places, now.Role.ID)
	if err != nil {
		return nil, err
	}
	name := q.Field("name", v.T("Name of the policy"), now.Name)
	name.Required = true
	form := q.Form(to, page.Button(save), page.Input(v, name), groups, people, role, places, q.Ends(lastDayOf(now.Until)), q.Preview())
	form.Preview = to
	form.Submit = append(form.Submit, previewButton(v), page.LinkButton(v.T("Cancel"), policiesAt))
	return form.Node(v), nil
}

func lastDayOf(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return until.Add(-time.Microsecond).UTC().Format(time.DateOnly)
}

// holderPicker chooses the people of a policy; of a form that is shown again, those that were chosen.
func holderPicker(q *shell.Req, now []action.NamedPlace) (g.Node, error) {
	p, err := q.People("accounts")
	if err != nil {
		return nil, err
	}
	for _, h := range now {
		chosen := q.Typed == nil || (len(p.Chosen) == 0 && slices.Contains(q.Typed["accounts"], h.ID.String()))
		if chosen && h.Kind == access.Account.String() && h.Name != "" {
			p.Chosen = append(p.Chosen, page.Choice{ID: h.ID.String(), Label: h.Name, Detail: strings.Join(h.Path, " › ")})
		}
	}
	p.Field.Label = q.T("These people")
	return p.Node(q.View), nil
}

// groupTicks chooses the groups of a policy.
func groupTicks(q *shell.Req, now []action.NamedPlace) (g.Node, error) {
	v := q.View
	list, err := shell.RunWith(q, action.ListGroups, action.GroupQuery{Size: 200})
	if fail.Is(err, fail.NotAllowed) {
		return g.Group{}, nil
	}
	if err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	for _, h := range now {
		text, _ := h.Ref.MarshalText() // cannot fail
		chosen[string(text)] = q.Typed == nil
	}
	if q.Typed != nil {
		for _, ref := range q.Typed["groups"] {
			chosen[ref] = true
		}
	}
	var options []page.Option
	listed := map[string]bool{}
	for _, group := range list.Items {
		value := access.AccessGroup.String() + ":" + group.ID.String()
		listed[value] = true
		options = append(options, page.Option{Value: value, Label: group.Name, Hint: v.N("{n} person now", "{n} people now", group.People), Chosen: chosen[value]})
	}
	for _, h := range now { // what is bound and beyond the first groups
		text, _ := h.Ref.MarshalText() // cannot fail
		if h.Kind == access.AccessGroup.String() && h.Name != "" && !listed[string(text)] {
			options = append(options, page.Option{Value: string(text), Label: h.Name, Chosen: chosen[string(text)]})
		}
	}
	f := page.Field{Name: "groups", Label: v.T("These groups"), Hint: v.T("Recommended: bind groups, then add people to them."), Error: q.Wrong("holders")}
	return page.CheckGroup(v, f, options), nil
}

// roleSelect chooses the role of a policy.
func roleSelect(q *shell.Req, now access.RoleID) (g.Node, error) {
	v := q.View
	list, err := shell.RunWith(q, action.ListRoles, action.RoleQuery{})
	if err != nil {
		return nil, err
	}
	options := []page.Option{{Value: "", Label: v.T("Choose a role")}}
	for _, group := range []struct {
		builtin bool
		label   string
	}{{true, v.T("Built in")}, {false, v.T("Your own")}} {
		for _, r := range list.Items {
			if r.Builtin == group.builtin {
				options = append(options, page.Option{Value: string(r.ID), Label: v.T(r.Title), Group: group.label})
			}
		}
	}
	f := q.Field("role", v.T("get this role"), string(now))
	f.Required = true
	return page.Select(v, f, options), nil
}

// placePicker chooses where a policy counts, by name.
func placePicker(q *shell.Req, now []action.NamedPlace, role access.RoleID) (g.Node, error) {
	v := q.View
	p := page.Picker{Field: page.Field{Name: "places", Label: v.T("on these things"), Required: true, Error: q.Wrong("places"),
		Hint: v.T("The whole portal, organizations, teams, courses or people, by name, one a line. Everything inside is included.")},
		Source: "/places/search", Multiple: true}
	if role != "" {
		p.Source += "?role=" + url.QueryEscape(string(role))
	}
	var refs []action.PlaceRef
	for _, at := range now {
		if q.Typed == nil && !at.Hidden && !at.Gone {
			refs = append(refs, at.Ref)
		}
	}
	if q.Typed != nil {
		p.Text = q.Typed.Get(page.TextName("places"))
		for _, text := range q.Typed["places"] {
			var ref action.PlaceRef
			if ref.UnmarshalText([]byte(text)) == nil {
				refs = append(refs, ref)
			}
		}
	}
	if len(refs) > 0 {
		found, err := shell.RunWith(q, action.ListPlaces, action.PlaceQuery{Refs: refs})
		if err != nil {
			return nil, err
		}
		for _, at := range found.Items {
			p.Chosen = append(p.Chosen, placeChoice(v, at))
		}
	}
	return p.Node(v), nil
}
