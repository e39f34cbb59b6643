package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/report"
)

// scopeOf says in words whose rows lie within all of the permissions' reach: "Acme and everything below it, without Lab",
// "The people of Company A Team".
func scopeOf(c *op.Call, withins ...access.Within) (string, error) {
	var parts []string
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
		return "", err
	}
	list := func(ids []db.ID) string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = names[access.Place{Kind: access.Organization, ID: id}]
		}
		slices.Sort(out)
		return andMore(out)
	}
	if len(roots) > 0 {
		text := list(roots) + " and everything below"
		if len(holes) > 0 {
			text += ", without " + list(holes)
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
			parts = append(parts, map[access.Kind]string{access.Team: "the people of ", access.Course: "the learners of ", access.Account: ""}[kind]+andMore(of))
		}
	}
	if len(parts) == 0 {
		return "Nobody", nil
	}
	text := strings.Join(parts, "; ")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:], nil
}

// maxNamed is how many places a scope names; it counts the rest.
const maxNamed = 6

func andMore(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + " and " + itoa(len(names)-maxNamed) + " more"
	}
	return strings.Join(names, ", ")
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
func ruleOf(c *op.Call, withins ...access.Within) (string, error) {
	if c.Actor.Cause != "" {
		return "The portal itself: " + c.Actor.Cause, nil
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
		return "", err
	}
	policyNames, err := report.PolicyNames(c, c.Tx, c.Who.Portal, policies)
	if err != nil {
		return "", err
	}
	parts := make([]string, 0, len(withins))
	for _, w := range withins {
		var by []string
		for _, g := range decisive(w) {
			by = append(by, grantInWords(c, g, names, policyNames))
		}
		parts = append(parts, "“"+w.Permission().Title+"” "+andMore(by))
	}
	return strings.Join(parts, "; "), nil
}

// decisive are the grants that a scope rests on: where one reaches the whole portal, those in smaller places add nothing.
func decisive(w access.Within) []access.Grant {
	grants := w.Grants()
	if !w.Everywhere() {
		return grants
	}
	return slices.DeleteFunc(slices.Clone(grants), func(g access.Grant) bool { return g.Place.Kind != access.Portal })
}

func grantInWords(c *op.Call, g access.Grant, names map[access.Place]string, policies map[db.ID]string) string {
	text := "as "
	if role := c.Actor.Rules().Role(g.Role); role != nil {
		text += role.Title
	}
	text += " at " + names[g.Place]
	if name := policies[g.Policy]; name != "" {
		text += ", by the policy “" + name + "”"
	}
	if g.Group != 0 {
		text += " through the group “" + names[access.Place{Kind: access.AccessGroup, ID: g.Group}] + "”"
	}
	return text
}
