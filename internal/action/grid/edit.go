package grid

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// What a cell can be made: on, off, or again what it is without an override.
const (
	Allow   = "allow"
	Deny    = "deny"
	Default = "default"
)

// maxReason is how long a reason may be, in characters.
const maxReason = 500

// Edit is what one cell shall be.
type Edit struct {
	Role       access.RoleID `json:"role" doc:"The role: a column of the grid."`
	Permission string        `json:"permission" doc:"The permission's key: a row of the grid."`
	To         string        `json:"to" doc:"allow, deny, or default: what the organization above has, or in the portal the role itself."`
	Lock       bool          `json:"lock,omitempty" doc:"In the portal, with allow or deny: for all organizations, so that none changes it."`
}

// table is the grid of the portal, or of one organization, as somebody may change it.
type table struct {
	org store.Organization
	// whole: by the permission to change the portal's grid, which reaches everything; otherwise by the one to change that of
	// one's own organization (GR-4).
	whole bool
	rules *access.Rules
}

// findTable finds the grid that somebody would change: by the portal's permission, or by the organization's.
func findTable(c *op.Call, id db.ID) (table, error) {
	org, err := store.FindOrganization(c, c.Tx, c.May(access.PermissionEditGrid), id)
	if fail.Is(err, fail.NotAllowed) {
		var refused = err
		if org, err = store.FindOrganization(c, c.Tx, c.May(access.PermissionEditOrganization), id); err == nil {
			return table{org, false, c.Actor.Rules()}, nil
		}
		return table{}, refused
	}
	return table{org, true, c.Actor.Rules()}, err
}

// change makes cells so, with one row of the history, and tells its id. A cell that is so already is left alone; where all
// are, nothing changes, which is a Conflict. The audit keeps what each cell was.
func (t table) change(c *op.Call, edits []Edit, reason string, undoes db.ID) (db.ID, error) {
	change := store.GridChange{ID: db.NewID(), Portal: c.Who.Portal, Org: t.org.ID, Reason: form.Tidy(reason), At: c.Now, By: c.By(), ByName: c.Actor.Name, Undoes: undoes}
	type done struct {
		Edit
		Was string `json:"was"`
	}
	cells := []done{}
	detail := func() { c.Audit(t.org.Thing(), t.org.Name, map[string]any{"reason": change.Reason, "cells": cells}) }
	detail()
	for _, e := range edits {
		p, err := t.may(c, e)
		if err != nil {
			return 0, err
		}
		was, changed, err := t.put(c, e, p, change.ID)
		if err != nil {
			return 0, err
		}
		if changed {
			cells = append(cells, done{e, was})
		}
	}
	if len(cells) == 0 {
		if len(edits) == 1 && edits[0].To == Default {
			return 0, fail.Missing("override")
		}
		return 0, fail.New(fail.Conflict, "These cells are so already: there is nothing to change.")
	}
	detail()
	return change.ID, store.AddGridChange(c, c.Tx, change)
}

// may tells why a cell may not be made so: it is not there, it is not available (PT-5), the portal locked it, or it is not the
// organization's to change (GR-4).
func (t table) may(c *op.Call, e Edit) (*access.Permission, error) {
	role := t.rules.Role(e.Role)
	p, ok := access.PermissionOf(e.Permission)
	switch {
	case !ok || role == nil:
		return nil, fail.Missing("cell")
	case !Available(role, p):
		return nil, fail.New(fail.NotAllowed, "This cell is not available to be changed: “{permission}”.", "permission", fail.Term(p.Title))
	case e.Lock && (t.org.Parent != 0 || e.To == Default):
		return nil, fail.Wrong("lock", "Only the portal locks a cell, switched on or off.")
	case !t.whole && !ofOrganizations(role, p):
		return nil, fail.New(fail.NotAllowed, "Only the super administrator changes this cell: “{permission}”, {role}.", "permission", fail.Term(p.Title), "role", fail.Term(role.Title))
	}
	if o, ok := t.rules.OverrideFor(role.ID, p, t.org.ID); ok && o.Locked && t.org.Parent != 0 && e.To != Default {
		return nil, fail.New(fail.Conflict, "The portal locked this cell for all organizations: “{permission}”, {role}.", "permission", fail.Term(p.Title), "role", fail.Term(role.Title))
	}
	return p, nil
}

// Available tells whether a cell can be overridden by anybody: not the super administrator's, not one that is never (PT-5),
// and not what everybody may do over themselves.
func Available(role *access.Role, p *access.Permission) bool {
	return role.Overridable(p) && !(p.Own && access.Builtin(access.Self).Set.Has(p))
}

// ofOrganizations tells whether an organization's administrators may change a cell, where the portal lets them change their
// table: not what is held in the whole portal only, and not what says who changes tables.
func ofOrganizations(role *access.Role, p *access.Permission) bool {
	if p == access.PermissionEditOrganization || p == access.PermissionEditGrid || p == access.RoleCreateType {
		return false
	}
	for _, at := range role.At {
		if at != access.Portal {
			return true
		}
	}
	return false
}

// put makes one cell so; changed is false where it is already.
func (t table) put(c *op.Call, e Edit, p *access.Permission, change db.ID) (was string, changed bool, err error) {
	now, has, _ := t.rules.OverrideAt(e.Role, p, t.org.ID)
	was = wordOf(now, has)
	switch {
	case e.To == Default && !has:
		return was, false, nil
	case e.To == Default:
		return was, true, store.ClearOverride(c, c.Tx, t.org, e.Role, p, change, c.Now)
	case has && now.Allow == (e.To == Allow) && now.Locked == e.Lock:
		return was, false, nil
	}
	o := access.Override{Role: e.Role, Perm: p, Allow: e.To == Allow, Locked: e.Lock}
	return was, true, store.PutOverride(c, c.Tx, t.org, o, change, c.Now)
}

// wordOf is an override in a word: allow, deny, allow_locked, deny_locked, or default where there is none.
func wordOf(o access.Override, has bool) string {
	word := Default
	switch {
	case !has:
		return word
	case o.Allow:
		word = Allow
	default:
		word = Deny
	}
	if o.Locked {
		word += "_locked"
	}
	return word
}
