package asking

import (
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
)

// ShownPlace is a place, or who holds something, by name as far as the reader may see it.
type ShownPlace struct {
	Kind   string `json:"kind"`
	ID     db.ID  `json:"id"`
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Given is a grant as those see it who look after it.
type Given struct {
	ID     db.ID      `json:"id"`
	Holder ShownPlace `json:"holder"`
	Role   string     `json:"role"`
	Place  ShownPlace `json:"place"`
	// Policy is the name of the policy that made it, as far as the reader may see it.
	Policy   string `json:"policy,omitempty"`
	ByPolicy bool   `json:"by_policy,omitempty"`
	// Until is left out for no end, Used where no use was noted.
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"`
	Used  time.Time `json:"used,omitzero"`
	By    string    `json:"by"`
	// Mine: the reader gave it. MayChange: the reader may end it, and give it anew.
	Mine      bool `json:"mine,omitempty"`
	MayChange bool `json:"may_change"`
}

// givenNeeds are what grants are ended and given anew by.
var givenNeeds = []*access.Permission{access.PermissionExplain, access.PolicyEdit, access.PolicyList, access.GroupAddMember, access.GroupList, access.TeamSetRole, access.TeamShare,
	access.TeamRemoveMember, access.AccountRelate, access.AccountEdit, access.AccountAdd, access.AccountSetFull, access.AccountList}

// show names grants: each kind of place by one query.
func show(c *op.Call, list []asking.Given) ([]Given, error) {
	places := make([]access.Place, 0, 2*len(list))
	for _, x := range list {
		places = append(places, x.Holder, x.Place)
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
	out := make([]Given, len(list))
	for i, x := range list {
		holder, place := shown[x.Holder], shown[x.Place]
		out[i] = Given{ID: x.ID, Holder: placeOf(holder), Role: titleOf(c, x, holder.Thing), Place: placeOf(place), ByPolicy: x.Policy != 0, Since: x.Since, Until: x.Until, Used: x.Used,
			By: x.ByName, Mine: x.By == c.By(), MayChange: mayChange(c, x, holder.Thing, place.Thing)}
		if policy := policyThing(c, x); x.Policy != 0 && c.Actor.May(access.PolicyList).Has(&policy) != nil {
			out[i].Policy = x.PolicyName
		}
	}
	return out, err
}

func placeOf(s store.Shown) ShownPlace {
	return ShownPlace{s.Place.Kind.String(), s.Place.ID, s.Name, s.Hidden || s.Gone}
}

func policyThing(c *op.Call, x asking.Given) access.Thing {
	return access.Thing{Kind: access.Policy, ID: x.Policy, Portal: c.Who.Portal, Org: c.Who.Portal}
}

// titleOf is a role's title; who is a full or a partial administrator is told only to those who may see it (XA-3).
func titleOf(c *op.Call, x asking.Given, holder access.Thing) string {
	role := c.Actor.Rules().Role(x.Role)
	switch {
	case role == nil:
		return string(x.Role)
	case role.Full() && x.Policy == 0 && holder.ID != c.Actor.Account && c.Actor.May(access.AccountSetFull).Has(&holder) == nil:
		return "An administrator's role"
	}
	return role.Title
}

// keptBy is the permission that a grant is ended and given anew by, and the thing that it is asked about; nil where that is
// not done here: a team's owner, a role that follows from another, being enrolled.
func keptBy(c *op.Call, x asking.Given, holder, place access.Thing) (*access.Permission, access.Thing) {
	role := c.Actor.Rules().Role(x.Role)
	switch {
	case access.OnlyTransferred.Has(x.Role) || role == nil:
		return nil, place
	case x.Policy != 0:
		if x.Internal {
			return nil, place
		}
		return access.PolicyEdit, policyThing(c, x)
	case x.Place.Kind == access.AccessGroup:
		return access.GroupAddMember, place
	case x.Place.Kind == access.Team && store.ShareRoles.Has(x.Role):
		return access.TeamShare, place
	case x.Place.Kind == access.Team && role.TakenBy != nil:
		return role.TakenBy, place
	case x.Place.Kind == access.Account && access.GivenRelations.Has(x.Role):
		return access.AccountRelate, place
	case role.Type() && x.Holder.Kind == access.Account:
		return access.AccountEdit, holder
	}
	return nil, place
}

// MayChange tells, for a button, whether one may end what a person was given directly at a place, and give it anew with another end.
func MayChange(c *op.Call, role access.RoleID, holder, place access.Thing) bool {
	return mayChange(c, asking.Given{Role: role, Holder: holder.Place(), Place: place.Place()}, holder, place)
}

// mayChange tells, for a button, what keep decides.
func mayChange(c *op.Call, x asking.Given, holder, place access.Thing) bool {
	p, t := keptBy(c, x, holder, place)
	if p == nil || c.Actor.May(p).Has(&t) == nil {
		return false
	}
	return p != access.AccountEdit || !c.Actor.Rules().Role(x.Role).Full() || c.Actor.May(access.AccountSetFull).Has(&t) != nil
}

// keep is refused to whoever may not end a grant, or give it anew: as where it was given (PT-1).
func keep(c *op.Call, x asking.Given) (access.Thing, error) {
	holder, err := store.LoadThing(c, c.Tx, x.Holder, c.Who.Portal, c.Now)
	if err != nil {
		return holder, hiddenGrant(err)
	}
	place, err := store.LoadThing(c, c.Tx, x.Place, c.Who.Portal, c.Now)
	if err != nil {
		return place, hiddenGrant(err)
	}
	p, t := keptBy(c, x, holder, place)
	if p == nil {
		if c.May(access.PermissionExplain).Has(&holder) == nil {
			return t, fail.Missing("grant")
		}
		return t, fail.New(fail.NotAllowed, "This is not ended here, but where it was given.")
	}
	switch p.On {
	case access.Policy:
		_, err = store.FindPolicy(c, c.Tx, c.May(p), t.ID)
	case access.AccessGroup:
		_, err = store.FindGroup(c, c.Tx, c.May(p), t.ID)
	case access.Team:
		_, err = store.FindTeam(c, c.Tx, c.May(p), t.ID)
	case access.Account:
		if p == access.AccountRelate {
			_, err = store.FindAccount(c, c.Tx, c.May(p), t.ID)
			break
		}
		err = keepType(c, x, t)
	}
	return t, hiddenGrant(err)
}

// keepType is refused as changing somebody's account types is.
func keepType(c *op.Call, x asking.Given, holder access.Thing) error {
	a, err := store.FindAccount(c, c.Tx, c.May(access.AccountEdit), holder.ID)
	if err != nil {
		return err
	}
	if _, err := store.FindOrganization(c, c.Tx, c.May(access.AccountAdd), a.Org); err != nil {
		return err
	}
	if c.Actor.Rules().Role(x.Role).Full() && c.May(access.AccountSetFull).Has(&holder) == nil {
		return store.NotAllowed(c.May(access.AccountSetFull))
	}
	return nil
}

// hiddenGrant answers for a grant of a thing that one does not see as for one that is not there.
func hiddenGrant(err error) error {
	if fail.Is(err, fail.NotFound) {
		return fail.Missing("grant")
	}
	return err
}

// together are the grants that end with one: a share's, or a leader's with what leading brings.
func together(c *op.Call, x asking.Given) ([]asking.Given, error) {
	with := access.Roles(nil)
	for _, group := range []access.Roles{store.ShareRoles, {access.TeamLeader, access.TeamReporter}} {
		if group.Has(x.Role) {
			with = group
		}
	}
	return asking.Together(c, c.Tx, c.Who.Portal, x, with, c.Now)
}

// end ends a grant: of a policy's, all that its holder has by it, who is taken out of the policy.
func end(c *op.Call, x asking.Given) error {
	if x.Policy != 0 {
		policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyEdit), x.Policy)
		if err != nil {
			return err
		}
		leave := func(b *store.Bound) {
			b.Holders = slices.DeleteFunc(b.Holders, func(h store.Holder) bool { return access.Place(h) == x.Holder })
		}
		return store.Rebind(c, c.Tx, policy, leave, c.By(), c.Now)
	}
	list, err := together(c, x)
	for _, g := range list {
		if _, err := store.End(c, c.Tx, store.GrantFilter{Portal: c.Who.Portal, ID: g.ID}, c.By(), c.Now); err != nil {
			return err
		}
	}
	return err
}

// said is a grant in a few words, for the audit.
func said(x asking.Given) string {
	return strings.TrimSpace(x.HolderName + ": " + string(x.Role) + " " + x.PolicyName)
}
