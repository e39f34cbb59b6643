package report

import (
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/report"
)

// Whose says whose rows are shown, and by which rule.
type Whose struct {
	Scope, Rule fail.Text
}

func whoseOf(c *op.Call, chips []ReportChip, withins ...access.Within) (out Whose, err error) {
	parts, err := scopeOf(c, withins...)
	if err != nil {
		return out, err
	}
	for _, chip := range chips {
		parts = append(parts, chip.Text)
	}
	out.Scope = behind("; ", parts)
	out.Rule, err = ruleOf(c, withins...)
	return out, err
}

// behind is texts behind each other, as one.
func behind(between string, texts []fail.Text) fail.Text {
	return fail.Say("{parts}", "parts", fail.Several{Between: between, Texts: texts})
}

// scopeOf says in words whose rows lie within all of the permissions' reach: "Acme and everything below it, without Lab",
// "The people of Company A Team".
func scopeOf(c *op.Call, withins ...access.Within) (parts []fail.Text, err error) {
	names := map[access.Place]string{}
	roots, holes := orgsIn(withins)
	singles := placesIn(withins)
	for _, id := range append(slices.Concat(roots, holes), c.Who.Portal) {
		names[access.Place{Kind: access.Organization, ID: id}] = ""
	}
	for _, p := range singles {
		names[p] = ""
	}
	if err := store.NamePlaces(c, c.Tx, names); err != nil {
		return nil, err
	}
	list := func(ids []db.ID) fail.Text {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = names[access.Place{Kind: access.Organization, ID: id}]
		}
		slices.Sort(out)
		return andMore(out)
	}
	if len(roots) > 0 {
		text := fail.Say("{names} and everything below", "names", list(roots))
		if len(holes) > 0 {
			text = fail.Say("{names} and everything below, without {holes}", "names", list(roots), "holes", list(holes))
		}
		parts = append(parts, text)
	}
	for _, kind := range []access.Kind{access.Team, access.Course, access.Account} {
		var of []string
		for _, p := range singles {
			if p.Kind == kind {
				of = append(of, names[p])
			}
		}
		slices.Sort(of)
		if len(of) > 0 {
			parts = append(parts, thoseOf(kind, andMore(of), len(parts) == 0))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, fail.Say("Nobody"))
	}
	return parts, nil
}

// thoseOf are the people of a kind of place; first, at the beginning of the sentence.
func thoseOf(kind access.Kind, names fail.Text, first bool) fail.Text {
	switch {
	case kind == access.Team && first:
		return fail.Say("The people of {names}", "names", names)
	case kind == access.Team:
		return fail.Say("the people of {names}", "names", names)
	case kind == access.Course && first:
		return fail.Say("The learners of {names}", "names", names)
	case kind == access.Course:
		return fail.Say("the learners of {names}", "names", names)
	}
	return names
}

// maxNamed is how many places a scope names; it counts the rest.
const maxNamed = 6

func andMore[T any](names []T) fail.Text {
	all := fail.Several{Between: ", "}
	for _, name := range names[:min(len(names), maxNamed)] {
		all.Texts = append(all.Texts, fail.Say("{name}", "name", name))
	}
	if len(names) > maxNamed {
		return fail.Say("{names} and {n} more", "names", all, "n", len(names)-maxNamed)
	}
	return fail.Say("{names}", "names", all)
}

// orgsIn are the topmost organizations that lie within all, and the topmost below them that do not.
func orgsIn(withins []access.Within) (roots, holes []db.ID) {
	tree := withins[0].Actor().Rules().Tree
	portal := withins[0].Portal()
	in := func(org db.ID) bool {
		for _, w := range withins {
			if w.Has(&access.Thing{Kind: w.Permission().On, Portal: portal, Org: org}) == nil {
				return false
			}
		}
		return true
	}
	covered := map[db.ID]bool{tree.Root: in(tree.Root)}
	if covered[tree.Root] {
		roots = append(roots, tree.Root)
	}
	for org := range tree.Parent {
		covered[org] = in(org)
	}
	for org, parent := range tree.Parent {
		switch {
		case covered[org] && !covered[parent]:
			roots = append(roots, org)
		case !covered[org] && covered[parent]:
			holes = append(holes, org)
		}
	}
	return roots, holes
}

// placesIn are the teams, courses and people that each of the permissions is held at, or wider.
func placesIn(withins []access.Within) (out []access.Place) {
	for i, w := range withins {
		for _, p := range w.Places() {
			self := p.Kind == access.Account && p.ID == w.Actor().Account
			if p.Kind == access.Portal || p.Kind == access.Organization || self || slices.Contains(out, p) {
				continue
			}
			all := true
			for j, other := range withins {
				all = all && (i == j || slices.Contains(other.Places(), p) || other.Everywhere())
			}
			if all && !w.Everywhere() {
				out = append(out, p)
			}
		}
	}
	return out
}

// ruleOf says by which grants the permissions are held: role, place, policy, access group.
func ruleOf(c *op.Call, withins ...access.Within) (none fail.Text, err error) {
	if c.Actor.Cause != "" {
		return fail.Say("The portal itself: {cause}", "cause", c.Actor.Cause), nil
	}
	names := map[access.Place]string{}
	var policies []db.ID
	for _, w := range withins {
		for _, g := range decisive(w) {
			names[g.Place] = ""
			if g.Group != 0 {
				names[access.Place{Kind: access.AccessGroup, ID: g.Group}] = ""
			}
			if g.Policy != 0 {
				policies = append(policies, g.Policy)
			}
		}
	}
	if err := store.NamePlaces(c, c.Tx, names); err != nil {
		return none, err
	}
	policyNames, err := report.PolicyNames(c, c.Tx, c.Who.Portal, policies)
	if err != nil {
		return none, err
	}
	parts := make([]fail.Text, 0, len(withins))
	for _, w := range withins {
		var by []fail.Text
		for _, g := range decisive(w) {
			by = append(by, grantInWords(c, g, names, policyNames))
		}
		parts = append(parts, fail.Say("“{permission}” {by}", "permission", fail.Term(w.Permission().Title), "by", andMore(by)))
	}
	return behind("; ", parts), nil
}

// decisive are the grants that a scope rests on: where one reaches the whole portal, those in smaller places add nothing.
func decisive(w access.Within) []access.Grant {
	grants := w.Grants()
	if !w.Everywhere() {
		return grants
	}
	return slices.DeleteFunc(slices.Clone(grants), func(g access.Grant) bool { return g.Place.Kind != access.Portal })
}

func grantInWords(c *op.Call, g access.Grant, names map[access.Place]string, policies map[db.ID]string) fail.Text {
	var role fail.Term
	if r := c.Actor.Rules().Role(g.Role); r != nil {
		role = fail.Term(r.Title)
	}
	place, policy := names[g.Place], policies[g.Policy]
	group := names[access.Place{Kind: access.AccessGroup, ID: g.Group}]
	switch {
	case policy != "" && g.Group != 0:
		return fail.Say("as {role} at {place}, by the policy “{policy}” through the group “{group}”", "role", role, "place", place, "policy", policy, "group", group)
	case policy != "":
		return fail.Say("as {role} at {place}, by the policy “{policy}”", "role", role, "place", place, "policy", policy)
	case g.Group != 0:
		return fail.Say("as {role} at {place} through the group “{group}”", "role", role, "place", place, "group", group)
	}
	return fail.Say("as {role} at {place}", "role", role, "place", place)
}
