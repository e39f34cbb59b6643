package report

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// hiddenFact stands for what the audit keeps and its reader may not see.
const hiddenFact = "(hidden)"

// veilNeeds are what a reader of the audit sees people's details by.
var veilNeeds = []*access.Permission{access.AccountViewLogin, access.AccountViewIDs, access.AccountSetFull, access.InvitationList}

// veil keeps from a reader of the audit what its rows tell of somebody's login details and ID, of whom invitations went to, and
// of who is a full administrator, where the reader may not see that elsewhere either (MO-1, PT-1, SA-3, XA-3). The audit itself
// keeps it: another reader sees it.
type veil struct {
	c *op.Call
	// whole: the reader may do everything, so that nothing is kept from them.
	whole, full, invited bool
	// login and ids are whose login details and IDs the reader sees, of those who were looked up.
	login, ids map[db.ID]bool
}

func newVeil(c *op.Call) *veil {
	root := portalThing(c)
	return &veil{c: c, whole: c.Actor.Lacks(access.Super, root) == nil, full: c.May(access.AccountSetFull).Everywhere(),
		invited: c.May(access.InvitationList).Everywhere(), login: map[db.ID]bool{}, ids: map[db.ID]bool{}}
}

// draw takes out of some rows what their reader may not see.
func (v *veil) draw(rows []store.AuditEntry) error {
	if v.whole {
		return nil
	}
	if err := v.lookUp(rows); err != nil {
		return err
	}
	for i := range rows {
		v.row(&rows[i])
	}
	return nil
}

// lookUp learns whose details the reader sees, of the people that rows are about.
func (v *veil) lookUp(rows []store.AuditEntry) error {
	clear(v.login)
	clear(v.ids)
	var people []db.ID
	for _, r := range rows {
		if r.Target.Kind == access.Account && !slices.Contains(people, r.Target.ID) {
			people = append(people, r.Target.ID)
		}
	}
	things, err := store.LoadThings(v.c, v.c.Tx, v.c.Who.Portal, access.Account, people)
	if err != nil || len(things) == 0 {
		return err
	}
	teams, err := store.TeamsOf(v.c, v.c.Tx, people, v.c.Now)
	if err != nil {
		return err
	}
	for _, t := range things {
		t.Teams = teams[t.ID]
		v.login[t.ID] = v.c.May(access.AccountViewLogin).Has(&t) != nil
		v.ids[t.ID] = v.c.May(access.AccountViewIDs).Has(&t) != nil
	}
	others, err := store.LoadActors(v.c, v.c.Tx, v.c.Actor.Rules(), people, v.c.Now)
	for _, a := range others {
		v.login[a.Account] = v.login[a.Account] && v.c.Actor.Protects(access.AccountViewLogin, a) == nil
	}
	return err
}

// row takes out of one row what its reader may not see.
func (v *veil) row(r *store.AuditEntry) {
	if r.Target.Kind == access.Invitation && !v.invited {
		r.TargetName = hiddenFact
	}
	if r.Operation == "portal.transfer_super" && !v.full {
		r.TargetName, r.Detail = hiddenFact, "{}"
		return
	}
	var detail map[string]any
	if json.Unmarshal([]byte(r.Detail), &detail) != nil {
		return // it tells nothing in words
	}
	if !v.hide(r, "", detail) {
		return
	}
	text, err := json.Marshal(detail)
	if err != nil {
		text = []byte("{}")
	}
	r.Detail = string(text)
}

// hide puts hiddenFact in place of what is not for the reader, and tells whether there was any.
func (v *veil) hide(r *store.AuditEntry, name string, value any) (some bool) {
	switch value := value.(type) {
	case map[string]any:
		for key, in := range value {
			if v.hides(r, key, in) {
				value[key], some = hiddenFact, true
			} else if v.hide(r, key, in) {
				some = true
			}
		}
	case []any:
		for i, in := range value {
			if v.hides(r, name, in) {
				value[i], some = hiddenFact, true
			} else if v.hide(r, name, in) {
				some = true
			}
		}
	}
	return some
}

// hides tells whether one value of a row is not for the reader.
func (v *veil) hides(r *store.AuditEntry, key string, value any) bool {
	text, is := value.(string)
	about := r.Target.Kind == access.Account
	switch {
	case key == "email", key == "username":
		return about && !v.login[r.Target.ID]
	case key == "code":
		return about && !v.ids[r.Target.ID]
	case key == "to":
		return strings.HasPrefix(r.Operation, "invitation.") && !v.invited
	case key == "made_full":
		return !v.full
	case is && !v.full:
		role := v.c.Actor.Rules().Role(access.RoleID(text))
		return role != nil && role.Full()
	}
	return false
}

// auditChunk is how many rows of the audit are read before what is not for the reader is taken out of them.
const auditChunk = 500

// auditRows streams the audit, chunk by chunk, without what its reader may not see.
func auditRows(c *op.Call, f store.AuditFilter, part store.Part) iter.Seq2[store.AuditEntry, error] {
	return func(yield func(store.AuditEntry, error) bool) {
		v := newVeil(c)
		for left := part.Take; ; {
			most := auditChunk
			if part.Take > 0 {
				most = min(most, left)
			}
			rows := make([]store.AuditEntry, 0, most)
			for r, err := range store.EachAudit(c, c.Tx, c.May(access.AuditView), f, store.Part{Skip: part.Skip, Take: most}) {
				if err != nil {
					yield(r, err)
					return
				}
				rows = append(rows, r)
			}
			if err := v.draw(rows); err != nil {
				yield(store.AuditEntry{}, err)
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
			if left -= len(rows); len(rows) < most || (part.Take > 0 && left <= 0) {
				return
			}
			f.Below, part.Skip = rows[len(rows)-1].Seq, 0
		}
	}
}
