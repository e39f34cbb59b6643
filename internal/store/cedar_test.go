package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/world"
	"provost/internal/world/worldtest"

	"github.com/cedar-policy/cedar-go"
)

// cedarPortal is a portal told to another engine, from its tables alone: grants become policies, places become parents.
type cedarPortal struct {
	// special are the courses that are archived, or templates.
	special  map[db.ID]string
	ctx      context.Context
	tx       *db.Tx
	portal   db.ID
	now      int64
	entities cedar.EntityMap
	policies *cedar.PolicySet
	parent   map[db.ID]db.ID
	hidden   []db.ID
	cells    map[string]map[string][]cedarOverride
	made     map[string]access.RoleID
	// off are the account types that are switched off.
	off map[access.RoleID]bool
}

type cedarOverride struct {
	org   db.ID
	allow bool
}

func uid(kind string, id any) cedar.EntityUID {
	return cedar.NewEntityUID(cedar.EntityType(kind), cedar.String(fmt.Sprint(id)))
}

func place(kind string, id db.ID) cedar.EntityUID { return uid("Place", kind+":"+id.String()) }

func (c *cedarPortal) entity(id cedar.EntityUID, attrs cedar.RecordMap, parents ...cedar.EntityUID) {
	c.entities[id] = cedar.Entity{UID: id, Parents: cedar.NewEntityUIDSet(parents...), Attributes: cedar.NewRecord(attrs)}
}

func strs(t *testing.T, c *cedarPortal, width int, query string, args ...any) [][]string {
	t.Helper()
	out, err := db.All(c.ctx, c.tx, db.SQL(query, args...), func(s db.Scanner) ([]string, error) {
		cells, into := make([]string, width), make([]any, width)
		for i := range cells {
			into[i] = &cells[i]
		}
		return cells, s.Scan(into...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func number(t *testing.T, s string) db.ID {
	t.Helper()
	var n int64
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return db.ID(n)
}

// tellPlaces makes the tree of places, and the access groups that people are in.
func (c *cedarPortal) tellPlaces(t *testing.T) {
	c.parent = map[db.ID]db.ID{}
	c.entity(place("portal", c.portal), nil)
	for _, r := range strs(t, c, 2, `SELECT id, coalesce(parent_id, 0) FROM organizations WHERE portal_id = ?`, c.portal) {
		id, above := number(t, r[0]), number(t, r[1])
		if above == 0 {
			c.entity(place("organization", id), nil, place("portal", c.portal))
			continue
		}
		c.parent[id] = above
		c.entity(place("organization", id), nil, place("organization", above))
	}
	for _, r := range strs(t, c, 1, `SELECT id FROM organizations WHERE portal_id = ? AND hidden`, c.portal) {
		c.hidden = append(c.hidden, number(t, r[0]))
	}
	groups := map[db.ID][]cedar.EntityUID{}
	for _, r := range strs(t, c, 2, `SELECT account_id, place_id FROM grants WHERE portal_id = ? AND place_kind = 'access_group'
		AND role = 'access_group_member' AND account_id IS NOT NULL AND since <= ? AND until > ?`, c.portal, c.now, c.now) {
		groups[number(t, r[0])] = append(groups[number(t, r[0])], uid("Group", number(t, r[1])))
	}
	for _, r := range strs(t, c, 1, `SELECT id FROM accounts WHERE portal_id = ?`, c.portal) {
		id := number(t, r[0])
		c.entity(uid("Person", id), nil, append(groups[id], c.beside(t, id)...)...)
	}
}

// beside are the places over which a person holds, now, a type that billing contacts have (BC-1).
func (c *cedarPortal) beside(t *testing.T, person db.ID) (out []cedar.EntityUID) {
	if c.made == nil {
		c.tellTypes(t)
	}
	for _, r := range strs(t, c, 3, `SELECT g.role, g.place_kind, g.place_id FROM grants g WHERE g.portal_id = ? AND g.since <= ? AND g.until > ? AND (g.account_id = ?
		OR g.group_id IN (SELECT m.place_id FROM grants m WHERE m.account_id = ? AND m.role = 'access_group_member' AND m.since <= ? AND m.until > ?))`, c.portal, c.now, c.now, person, person, c.now, c.now) {
		if c.isOff(r[0]) {
			continue
		}
		role := access.RoleID(r[0])
		if parent, ok := c.made[r[0]]; ok {
			role = parent
		}
		if !slices.Contains([]access.RoleID{access.Super, access.Admin, access.OrgAdmin}, role) {
			continue
		}
		at := number(t, r[2])
		if r[1] == "portal" {
			out = append(out, uid("Beside", c.portal))
		}
		for org := range c.parent {
			for above := org; above != 0; above = c.parent[above] {
				if above == at || r[1] == "portal" {
					out = append(out, uid("Beside", org))
					break
				}
			}
		}
	}
	return out
}

// tellRoles makes an action for every permission, in the roles that hold it and that no override touches there.
func (c *cedarPortal) tellRoles(t *testing.T) {
	c.cells = map[string]map[string][]cedarOverride{}
	c.tellTypes(t)
	locked := map[string]bool{}
	for _, r := range strs(t, c, 5, `SELECT org_id, role, permission, CASE WHEN allow THEN 'yes' ELSE 'no' END, CASE WHEN locked THEN 'yes' ELSE 'no' END FROM overrides
		WHERE portal_id = ? AND since <= ? AND until > ? ORDER BY locked DESC`, c.portal, c.now, c.now) {
		p, ok := access.PermissionOf(r[2])
		if !ok || c.never(r[1], p) || r[1] == "super" || r[1] == "self" || locked[r[1]+r[2]] {
			continue
		}
		locked[r[1]+r[2]] = r[4] == "yes"
		if c.cells[r[1]] == nil {
			c.cells[r[1]] = map[string][]cedarOverride{}
		}
		c.cells[r[1]][r[2]] = append(c.cells[r[1]][r[2]], cedarOverride{number(t, r[0]), r[3] == "yes"})
	}
	in := map[string][]cedar.EntityUID{}
	hold := func(role, key string) {
		if len(c.cells[role][key]) == 0 {
			in[key] = append(in[key], uid("Action", "role "+role))
		}
	}
	for _, p := range access.Table() {
		hold("super", p.Key)
		for _, role := range p.Yes {
			hold(string(role), p.Key)
		}
	}
	for _, r := range strs(t, c, 2, `SELECT role_id, permission FROM role_permissions WHERE since <= ? AND until > ?`, c.now, c.now) {
		role := "c" + number(t, r[0]).String()
		if p, ok := access.PermissionOf(r[1]); ok && !c.never(role, p) {
			hold(role, r[1])
		}
	}
	for _, p := range access.Table() {
		c.entity(uid("Action", p.Key), nil, in[p.Key]...)
	}
}

// tellTypes reads which of the portal's roles are account types made of another, and of which.
func (c *cedarPortal) tellTypes(t *testing.T) {
	c.made = map[string]access.RoleID{}
	for _, r := range strs(t, c, 2, `SELECT id, parent FROM roles WHERE portal_id = ? AND parent <> ''`, c.portal) {
		c.made["c"+number(t, r[0]).String()] = access.RoleID(r[1])
	}
	c.off = map[access.RoleID]bool{}
	for _, r := range strs(t, c, 1, `SELECT role FROM types_off WHERE portal_id = ? AND until = ?`, c.portal, db.Never) {
		c.off[access.RoleID(r[0])] = true
	}
}

// isOff: an account type that is switched off, itself or with the one that it is made of.
func (c *cedarPortal) isOff(role string) bool {
	return c.off[access.RoleID(role)] || c.off[c.made[role]]
}

// never: a cell that is not available, of an account type made of another too where the other's is not.
func (c *cedarPortal) never(role string, p *access.Permission) bool {
	return p.Never.Has(access.RoleID(role)) || p.Never.Has(c.made[role])
}

// base tells whether a role holds a permission before overrides.
func (c *cedarPortal) base(t *testing.T, role, key string) bool {
	p, _ := access.PermissionOf(key)
	if role == "super" || p.Yes.Has(access.RoleID(role)) {
		return true
	}
	return slices.ContainsFunc(strs(t, c, 2, `SELECT role_id, permission FROM role_permissions WHERE since <= ? AND until > ?`, c.now, c.now), func(r []string) bool {
		return "c"+number(t, r[0]).String() == role && r[1] == key
	})
}

// nearest says in the engine's own words that the deepest override above the resource counts.
func (c *cedarPortal) nearest(list []cedarOverride, otherwise bool) string {
	depth := func(o db.ID) (n int) {
		for ; c.parent[o] != 0; o = c.parent[o] {
			n++
		}
		return n
	}
	slices.SortFunc(list, func(a, b cedarOverride) int { return depth(b.org) - depth(a.org) })
	out := fmt.Sprint(otherwise)
	for _, o := range slices.Backward(list) {
		out = fmt.Sprintf(`(if resource.org in Place::"organization:%s" then %v else %s)`, o.org, o.allow, out)
	}
	return out
}

// notHidden says in the engine's own words that a type which neither administers nor monitors does not reach into a hidden
// organization from outside.
func (c *cedarPortal) notHidden(role, kind string, at db.ID) (out string) {
	base := role
	if parent, ok := c.made[role]; ok {
		base = string(parent)
	}
	if !access.AccountTypes.Has(access.RoleID(base)) || slices.Contains([]string{"super", "administrator", "partial", "org_admin", "monitor"}, base) || (kind != "portal" && kind != "organization") {
		return ""
	}
	for _, h := range c.hidden {
		inside := false
		for above := at; kind == "organization" && above != 0; above = c.parent[above] {
			inside = inside || above == h
		}
		if !inside {
			out += fmt.Sprintf(` && (context.own || !(resource.org in Place::"organization:%s"))`, h)
		}
	}
	return out
}

func (c *cedarPortal) tellGrants(t *testing.T) {
	var text strings.Builder
	own := `(!context.own || (resource has about && resource.about == principal))`
	for _, r := range strs(t, c, 7, `SELECT coalesce(account_id, 0), coalesce(group_id, 0), role, place_kind, place_id, since, until FROM grants WHERE portal_id = ?`, c.portal) {
		if c.isOff(r[2]) {
			continue
		}
		holder := fmt.Sprintf(`principal == Person::"%s"`, number(t, r[0]))
		if r[1] != "0" {
			holder = fmt.Sprintf(`principal in Group::"%s"`, number(t, r[1]))
		}
		where := fmt.Sprintf(`resource in Place::"%s:%s"`, r[3], number(t, r[4]))
		when := fmt.Sprintf(`context.now >= %s && context.now < %s && %s`, r[5], r[6], own)
		if r[2] == "billing_contact" {
			when += fmt.Sprintf(` && principal in Beside::"%s"`, number(t, r[4]))
		}
		when += c.notHidden(r[2], r[3], number(t, r[4]))
		if r[2] == "course_learner" && r[3] == "course" {
			for _, x := range strs(t, c, 1, `SELECT permission FROM course_closed WHERE course_id = ? AND until = 9223372036854775807`, number(t, r[4])) {
				when += fmt.Sprintf(` && action != Action::%q`, x[0])
			}
		}
		fmt.Fprintf(&text, "permit (%s, action in Action::%q, %s) when { %s };\n", holder, "role "+r[2], where, when)
		for key, list := range c.cells[r[2]] {
			fmt.Fprintf(&text, "permit (%s, action == Action::%q, %s) when { %s && %s };\n", holder, key, where, when, c.nearest(list, c.base(t, r[2], key)))
		}
	}
	for _, r := range strs(t, c, 2, `SELECT course_id, permission FROM course_closed WHERE portal_id = ? AND until = 9223372036854775807`, c.portal) {
		fmt.Fprintf(&text, "forbid (principal, action == Action::%q, resource in Place::\"course:%s\") when { context.own };\n", r[1], number(t, r[0]))
	}
	text.WriteString("forbid (principal, action, resource) when { resource has archived && !context.in_archive };\n")
	text.WriteString(`permit (principal, action in Action::"role self", resource) when { resource has about && resource.about == principal };`)
	set, err := cedar.NewPolicySetFromBytes("portal", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	c.policies = set
}

// tellThing makes one row an entity with the places it lies in, and returns its name.
func (c *cedarPortal) tellThing(x access.Thing) cedar.EntityUID {
	id := uid("Thing", x.Kind.String()+":"+x.ID.String())
	parents := []cedar.EntityUID{place(x.Kind.String(), x.ID)}
	attrs := cedar.RecordMap{"org": place("organization", x.Org)}
	switch x.Kind {
	case access.Course:
		if c.special[x.ID] == "archived" {
			attrs["archived"] = cedar.True
		}
	case access.Account:
		attrs["about"] = uid("Person", x.ID)
	case access.Enrolment:
		attrs["about"] = uid("Person", x.Account)
		parents = append(parents, place("course", x.Course), place("account", x.Account))
	}
	for _, team := range x.Teams {
		parents = append(parents, place("team", team))
	}
	if x.Kind != access.Portal {
		parents = append(parents, place("organization", x.Org))
	}
	c.entity(id, attrs, parents...)
	return id
}

// BE-6: an engine that shares no line with ours decides the same, for every permission, person and row of drawn portals.
func TestAgreementWithCedar(t *testing.T) {
	portals := 4
	if testing.Short() {
		portals = 1
	}
	w := worldtest.New(t)
	for seed := range portals {
		p, err := world.Random(t.Context(), w.Env, uint64(100+seed), 10)
		if err != nil {
			t.Fatal(err)
		}
		compareWithCedar(t, w, p.ID)
	}
	compareWithCedar(t, w, w.Acme.ID)
}

func compareWithCedar(t *testing.T, w *worldtest.Test, portal db.ID) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		c := &cedarPortal{ctx: t.Context(), tx: tx, portal: portal, now: db.Micros(w.Clock.Now()), entities: cedar.EntityMap{}}
		c.tellPlaces(t)
		c.tellRoles(t)
		c.tellGrants(t)
		c.special = map[db.ID]string{}
		for _, r := range strs(t, c, 2, `SELECT id, CASE WHEN template THEN 'template' ELSE 'archived' END FROM courses WHERE template OR archived_at <> 0`) {
			c.special[number(t, r[0])] = r[1]
		}
		actors, err := everybody(t.Context(), tx, w, []db.ID{portal})
		if err != nil {
			return err
		}
		decisions, allowed := 0, 0
		for kind := range tables {
			all, err := things(t.Context(), tx, kind, c.now)
			if err != nil {
				return err
			}
			for _, x := range all {
				if x.Portal != portal {
					continue
				}
				resource := c.tellThing(x)
				for _, p := range access.Table() {
					if p.On != kind {
						continue
					}
					for _, a := range actors {
						ctx := cedar.NewRecord(cedar.RecordMap{"now": cedar.Long(c.now), "own": cedar.Boolean(p.Own), "in_archive": cedar.Boolean(p.InArchive)})
						action := uid("Action", p.Key)
						if kind == access.Course && c.special[x.ID] == "template" { // what is asked of templates instead; nobody holds "none"
							action = uid("Action", "none")
							if p.Template != nil {
								action = uid("Action", p.Template.Key)
							}
						}
						decision, told := cedar.Authorize(c.policies, c.entities, cedar.Request{Principal: uid("Person", a.Account), Action: action, Resource: resource, Context: ctx})
						if len(told.Errors) > 0 {
							t.Fatal(told.Errors)
						}
						decisions++
						before := a
						if len(actors) > 1 { // the same, acted by somebody: what both may do, but for what is over oneself and what is closed
							before = actors[(slices.Index(actors, a)+decisions)%len(actors)]
							behind, _ := cedar.Authorize(c.policies, c.entities, cedar.Request{Principal: uid("Person", before.Account), Action: action, Resource: resource, Context: ctx})
							want := bool(decision) && !p.Closed && (p.Own || bool(behind))
							if can := a.ActedBy(before).Can(p, &x); can != want {
								t.Fatalf("%s acted by %s, %s, %s %s: we say %v, cedar %v", a.Name, before.Name, p.Key, kind, x.ID, can, want)
							}
						}
						if can := a.Can(p, &x); can != bool(decision) {
							t.Fatalf("%s, %s, %s %s: we say %v, cedar %v (%v)", a.Name, p.Key, kind, x.ID, can, decision, told.Reasons)
						} else if can {
							allowed++
						}
					}
				}
			}
		}
		t.Logf("%d decisions, %d of them allowed", decisions, allowed)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
