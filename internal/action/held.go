package action

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/action/asking"
	"provost/internal/db"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	asked "provost/internal/store/asking"
	"provost/internal/store/past"
)

// HeldGrant is a grant as the person who has it is told of it.
type HeldGrant struct {
	ID    db.ID      `json:"id"`
	Role  RoleName   `json:"role"`
	Place NamedPlace `json:"place"`
	// Group and Policy are what it came through; left out where through none.
	Group  *Named    `json:"access_group,omitempty"`
	Policy *Named    `json:"policy,omitempty"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"`
	// By is who gave it, or put the person into the group; empty for the portal itself. EndedBy is who ended it.
	By      string `json:"by"`
	EndedBy string `json:"ended_by,omitempty"`
	// MayChange: the reader may end it, and set when it ends by itself. Of what comes through a group or a policy that is said there.
	MayChange bool `json:"may_change,omitempty"`
}

// AccessQuery asks for what a person holds.
type AccessQuery struct {
	Account db.ID `path:"account" doc:"The person."`
	Ended   bool  `query:"ended" doc:"What has ended, instead of what is open."`
	// At is text, since a day will do.
	At string `query:"at" doc:"A past day, as 2026-03-02: what they held then."`
}

// AccessList is what a person holds.
type AccessList struct {
	Account      Named       `json:"account"`
	Organization string      `json:"organization"`
	Items        []HeldGrant `json:"items"`
	// More: there are more than these.
	More bool `json:"more,omitempty"`
	// At is the past moment that it is about; left out for now.
	At *time.Time `json:"at,omitempty"`
}

// ShowAccess is what a person holds: every grant, where, through what, since when, until when and by whom.
var ShowAccess = &op.Op[AccessQuery, AccessList]{
	Name:  "account.access",
	Route: "GET /accounts/{account}/access",
	Doc:   "Lists what a person holds: each role, where, through which group and policy, since when, until when, and by whom.",
	Needs: []*access.Permission{access.PermissionExplain, access.AccountSetFull},
	Do: func(c *op.Call, in AccessQuery) (AccessList, error) {
		who, err := store.FindAccount(c, c.Tx, c.May(access.PermissionExplain), in.Account)
		if err != nil {
			return AccessList{}, err
		}
		out := AccessList{Account: Named{who.ID, who.Name}, Organization: who.OrgName}
		at, err := form.At("at", in.At, c.Now)
		if err != nil {
			return out, err
		}
		now := c.Now
		if !at.IsZero() {
			out.At, now = &at, at
		}
		held, err := asked.HeldBy(c, c.Tx, who.Portal, who.ID, in.Ended && at.IsZero(), now)
		if err != nil {
			return out, err
		}
		out.More = len(held) == asked.MaxHeld
		if !at.IsZero() { // what began later was not held then
			if out.Organization, err = homeThen(c, who, at); err != nil {
				return out, err
			}
			held = slices.DeleteFunc(held, func(h asked.Held) bool { return h.Since.After(at) })
		}
		out.Items, err = heldGrants(c, held, who.Thing())
		return out, err
	},
}

// homeThen is what the organization is called that a person lay in at a past moment.
func homeThen(c *op.Call, who store.Account, at time.Time) (string, error) {
	t, err := past.Then(c, c.Tx, who.Thing(), db.Micros(at))
	if err != nil || t.Org == who.Org {
		return who.OrgName, err
	}
	home := access.Place{Kind: access.Organization, ID: t.Org}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, []access.Place{home}, false)
	return shown[home].Name, err
}

// heldGrants names what a person's grants are about. One sees the names of the places of one's own grants; of another's,
// those that one may see.
func heldGrants(c *op.Call, list []asked.Held, who access.Thing) ([]HeldGrant, error) {
	places := make([]access.Place, len(list))
	for i, h := range list {
		places[i] = h.Place
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, who.ID == c.Actor.Account)
	out := make([]HeldGrant, len(list))
	for i, h := range list {
		out[i] = heldGrant(c, h, who, shown)
	}
	return out, err
}

// heldGrant is a grant of a person as it is told, its place as it is shown. Who is a full or a partial administrator is not for
// everybody to know (XA-3).
func heldGrant(c *op.Call, h asked.Held, who access.Thing, shown map[access.Place]store.Shown) HeldGrant {
	at := shown[h.Place]
	out := HeldGrant{ID: h.ID, Role: roleName(c, h.Role), Place: namedPlace(at), Since: h.Since, Until: h.Until, By: h.ByName, EndedBy: h.EndedByName}
	if isFull(c, h.Role) && who.ID != c.Actor.Account && c.May(access.AccountSetFull).Has(&who) == nil {
		out.Role = RoleName{"", "An administrator's role"}
	}
	if h.Group == 0 && h.Policy == 0 && h.EndedByName == "" && !at.Gone {
		out.MayChange = asking.MayChange(c, h.Role, who, at.Thing)
	}
	if h.Group != 0 {
		out.Group = &Named{h.Group, h.GroupName}
	}
	if h.Policy != 0 {
		out.Policy = &Named{h.Policy, h.PolicyName}
	}
	return out
}

// isFull: an administrator's account type, built in or of the portal's own, whose holders not everybody is told of (XA-3).
func isFull(c *op.Call, id access.RoleID) bool {
	role := rulesOf(c).Role(id)
	return role != nil && role.Full()
}

var heldOps = []op.Any{ShowAccess}
