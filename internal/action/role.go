package action

import (
	"cmp"
	"slices"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// Right is a permission that a role holds or could hold.
type Right struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Section string `json:"section"`
	// On is the kind of thing that it is on.
	On string `json:"on"`
	// Sensitive: it is not against an account that may do what one may not (PT-1).
	Sensitive bool `json:"sensitive,omitempty"`
	// MayGive: you hold it in the whole portal, and so may put it into a role (PT-2).
	MayGive bool `json:"may_give"`
}

func rightOf(c *op.Call, p *access.Permission) Right {
	root := rootThing(c)
	return Right{p.Key, p.Title, p.Section, p.On.String(), p.Protected, p.ForRoles() && c.Actor.HoldsOver(p, root, root.Org)}
}

// rootThing is the whole portal as a place.
func rootThing(c *op.Call) access.Thing {
	return access.Thing{Kind: access.Portal, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
}

func rightsOf(c *op.Call, set access.Set) []Right {
	out := []Right{}
	for p := range set.All() {
		out = append(out, rightOf(c, p))
	}
	return out
}

// RoleItem is a role of Management: one that every portal has (LM-2), or one that this portal made.
type RoleItem struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
	About string        `json:"about"`
	// Builtin roles are copied, not edited.
	Builtin bool `json:"builtin"`
	// At are the kinds of place that it may be given at.
	At []string `json:"at"`
	// Rights is how many permissions it holds, Policies how many policies bind it, People how many have it right now.
	Rights   int `json:"rights"`
	Policies int `json:"policies"`
	People   int `json:"people"`
}

// RoleList is the roles of Management.
type RoleList struct {
	Items []RoleItem `json:"items"`
}

// RoleQuery narrows the roles.
type RoleQuery struct {
	Query string `query:"q" doc:"A part of the name."`
}

// ListRoles are the roles that policies bind: the built-in ones in their order, then the portal's own by name.
var ListRoles = &op.Op[RoleQuery, RoleList]{
	Name:  "role.list",
	Route: "GET /roles",
	Doc:   "Lists the roles that policies bind: those that every portal has, and the portal's own.",
	Needs: []*access.Permission{access.RoleList},
	Do: func(c *op.Call, in RoleQuery) (RoleList, error) {
		if _, err := store.FindPortal(c, c.Tx, c.May(access.RoleList)); err != nil {
			return RoleList{}, err
		}
		roles := policyRoles(c.Actor.Rules())
		ids := make([]access.RoleID, len(roles))
		for i, r := range roles {
			ids[i] = r.ID
		}
		uses, err := store.RoleUses(c, c.Tx, c.Who.Portal, ids, c.Now)
		out := RoleList{[]RoleItem{}}
		for _, r := range roles {
			if in.Query == "" || containsKey(r.Title, in.Query) {
				out.Items = append(out.Items, roleItem(r, uses[r.ID]))
			}
		}
		return out, err
	},
}

// policyRoles are the roles that policies bind.
func policyRoles(rules *access.Rules) []*access.Role {
	var out, own []*access.Role
	for i := range access.BuiltinRoles() {
		if r := &access.BuiltinRoles()[i]; r.Policy {
			out = append(out, r)
		}
	}
	for _, r := range rules.Roles {
		if r.Policy {
			own = append(own, r)
		}
	}
	slices.SortFunc(own, func(a, b *access.Role) int {
		return cmp.Or(cmp.Compare(db.Key(a.Title), db.Key(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return append(out, own...)
}

func roleItem(r *access.Role, use store.RoleUse) RoleItem {
	at := make([]string, len(r.At))
	for i, k := range r.At {
		at[i] = k.String()
	}
	return RoleItem{r.ID, r.Title, r.Doc, access.Builtin(r.ID) != nil, at, r.Set.Len(), use.Policies, use.People}
}

// RolePath names a role.
type RolePath struct {
	Role access.RoleID `path:"role" doc:"The role, as GET /roles names it."`
}

// RoleDetail is a role with all that it holds, and where it is used.
type RoleDetail struct {
	RoleItem
	Rights []Right `json:"permissions"`
	// UsedBy are the policies that bind it, as far as you may see policies.
	UsedBy  []PolicyItem `json:"used_by"`
	MayEdit bool         `json:"may_edit"`
}

// ShowRole is one role of Management.
var ShowRole = &op.Op[RolePath, RoleDetail]{
	Name:  "role.show",
	Route: "GET /roles/{role}",
	Doc:   "Shows a role: what it holds, which policies bind it, and how many people have it.",
	Needs: []*access.Permission{access.RoleList, access.RoleEdit, access.PolicyList},
	Do: func(c *op.Call, in RolePath) (RoleDetail, error) {
		if _, err := store.FindPortal(c, c.Tx, c.May(access.RoleList)); err != nil {
			return RoleDetail{}, err
		}
		r := c.Actor.Rules().Role(in.Role)
		if r == nil || !r.Policy {
			return RoleDetail{}, fail.Missing("role")
		}
		uses, err := store.RoleUses(c, c.Tx, c.Who.Portal, []access.RoleID{r.ID}, c.Now)
		if err != nil {
			return RoleDetail{}, err
		}
		root := rootThing(c)
		out := RoleDetail{RoleItem: roleItem(r, uses[r.ID]), Rights: rightsOf(c, r.Set),
			MayEdit: access.Builtin(r.ID) == nil && c.May(access.RoleEdit).Has(&root) != nil}
		out.UsedBy, err = policiesOf(c, store.PolicyFilter{Role: r.ID})
		return out, err
	},
}

// Nothing is an input without fields.
type Nothing struct{}

// RightList is permissions.
type RightList struct {
	Items []Right `json:"items"`
}

// ListRights are the permissions that a role of the portal's may hold, with whether the actor may give each.
var ListRights = &op.Op[Nothing, RightList]{
	Name:  "role.rights",
	Route: "GET /roles/permissions",
	Doc:   "Lists the permissions that a role of your own may hold, and which of them you may give.",
	Needs: []*access.Permission{access.RoleEdit},
	Do: func(c *op.Call, _ Nothing) (RightList, error) {
		if _, err := store.FindPortal(c, c.Tx, c.May(access.RoleEdit)); err != nil {
			return RightList{}, err
		}
		out := RightList{[]Right{}}
		for _, p := range access.Table() {
			if p.ForRoles() {
				out.Items = append(out.Items, rightOf(c, p))
			}
		}
		return out, nil
	},
}

var roleOps = []op.Any{ListRoles, ListRights, ShowRole, CreateRole, EditRole, DeleteRole}
