package people

import (
	"provost/internal/access"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

var typeOps = []op.Any{ListTypes, SwitchType}

// TypeState is an account type, and whether it is on in the portal.
type TypeState struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
	Doc   string        `json:"doc"`
	On    bool          `json:"on" doc:"While it is off, those who hold it may do nothing by it, and nobody is given it."`
	// Always: it cannot be switched off.
	Always bool `json:"always"`
}

// TypeStates are the portal's account types.
type TypeStates struct {
	Items []TypeState `json:"items"`
	// MayChange: the reader may switch them.
	MayChange bool `json:"may_change"`
}

// ListTypes lists the account types of the portal, and which of them are on (SPEC 3).
var ListTypes = &op.Op[struct{}, TypeStates]{
	Name:  "role.list_types",
	Route: "GET /types",
	Doc:   "Lists the portal's account types, and whether each is switched on.",
	Needs: []*access.Permission{access.PortalConfigure, access.RoleCreateType},
	Do: func(c *op.Call, _ struct{}) (out TypeStates, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		thing, rules := p.Thing(), c.Actor.Rules()
		out.MayChange = c.May(access.RoleCreateType).Has(&thing) != nil
		for _, role := range rules.Types() {
			out.Items = append(out.Items, TypeState{role.ID, role.Title, role.Doc, !rules.IsOff(role), access.AlwaysOn.Has(role.ID)})
		}
		return out, nil
	},
}

// TypeSwitch switches an account type.
type TypeSwitch struct {
	Type access.RoleID `path:"type" doc:"The account type."`
	On   bool          `json:"on" doc:"On, or off."`
}

// TypeSwitched is an account type that was switched.
type TypeSwitched struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
	On    bool          `json:"on"`
	// MadeFull is how many partial administrators became full ones.
	MadeFull int `json:"made_full,omitempty"`
}

// SwitchType switches an account type on or off for the whole portal. Switching partial administrators off makes each a
// full one (XA-1).
var SwitchType = &op.Op[TypeSwitch, TypeSwitched]{
	Name:  "role.switch_type",
	Route: "PUT /types/{type}",
	Doc:   "Switches an account type on or off for the portal. While it is off, its holders may do nothing by it. Switching partial administrators off makes each a full one.",
	Needs: []*access.Permission{access.RoleCreateType},
	Do: func(c *op.Call, in TypeSwitch) (out TypeSwitched, err error) {
		p, err := store.FindPortal(c, c.Tx, c.May(access.RoleCreateType))
		if err != nil {
			return out, err
		}
		role := c.Actor.Rules().Role(in.Type)
		if role == nil || !role.Type() {
			return out, fail.Missing("account type")
		}
		out = TypeSwitched{ID: in.Type, Title: role.Title, On: in.On}
		c.Audit(p.Thing(), out.Title, map[string]any{"type": in.Type, "on": in.On})
		if access.AlwaysOn.Has(in.Type) {
			return out, fail.New(fail.Conflict, "“{role}” is always on.", "role", fail.Term(out.Title))
		}
		if access.WhileReselling.Has(in.Type) && in.On && !p.Settings.Brand.On {
			return out, store.ErrNotReselling
		}
		if access.WhileReselling.Has(in.Type) && !in.On {
			if out.MadeFull, err = store.EndPartial(c, c.Tx, p, c.By(), c.Now); err != nil {
				return out, err
			}
		}
		return out, store.SwitchType(c, c.Tx, p, in.Type, in.On, c.By(), c.Now)
	},
}
