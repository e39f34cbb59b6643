package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// ShareItem is what a team is shared with somebody for.
type ShareItem struct {
	ID db.ID `json:"id"`
	// Kind is account or access_group; Hidden: you may not see who it is.
	Kind   string `json:"kind"`
	Holder db.ID  `json:"holder,omitempty"`
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
	ShareTicks
	Since time.Time  `json:"since"`
	Until *time.Time `json:"until,omitempty"`
}

// ShareTicks are the ways in which a team is shared.
type ShareTicks struct {
	Read      bool `json:"read" doc:"Open the team and see who is in it."`
	Edit      bool `json:"edit" doc:"Change the team, add people and take them out."`
	Analytics bool `json:"analytics" doc:"See the dashboards of its people, and download reports on them."`
	Notify    bool `json:"notify" doc:"Get a mail when people come or leave."`
}

// roles are what the ticks give (LM-10).
func (s ShareTicks) roles() (out access.Roles) {
	for _, one := range []struct {
		on    bool
		roles access.Roles
	}{{s.Read, access.ShareRead}, {s.Edit, access.ShareEdit}, {s.Analytics, access.ShareAnalytics}, {s.Notify, access.ShareNotify}} {
		if one.on {
			out = append(out, one.roles...)
		}
	}
	return out
}

// ticksOf are the ticks that some roles come from.
func ticksOf(held access.Roles) ShareTicks {
	return ShareTicks{held.Has(access.ReadTeams), held.Has(access.EditTeam), held.Has(access.AnalyticsReader), held.Has(access.TeamNotified)}
}

// Shares are those of a team.
type Shares struct {
	Team  Named       `json:"team"`
	Items []ShareItem `json:"items"`
}

// ListShares are with whom a team is shared, for what, and until when.
var ListShares = &op.Op[OneTeam, Shares]{
	Name:  "team.shares",
	Route: "GET /teams/{team}/shares",
	Doc:   "Lists with whom a team is shared, for what, and until when.",
	Needs: []*access.Permission{access.TeamShare, access.AccountList, access.GroupList},
	Do: func(c *op.Call, in OneTeam) (out Shares, err error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamShare), in.Team)
		if err != nil {
			return out, err
		}
		list, err := store.TeamShares(c, c.Tx, team, c.Now)
		if err != nil {
			return out, err
		}
		out = Shares{Named{team.ID, team.Name}, make([]ShareItem, len(list))}
		places := make([]access.Place, len(list))
		for i, s := range list {
			places[i] = access.Place(s.Holder)
		}
		shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
		for i, s := range list {
			item := ShareItem{ID: s.ID, Kind: s.Holder.Kind.String(), Hidden: shown[places[i]].Hidden, ShareTicks: ticksOf(s.Roles), Since: s.Since, Until: known(s.Until)}
			if !item.Hidden {
				item.Holder, item.Name = s.Holder.ID, s.Name
			}
			out.Items[i] = item
		}
		return out, err
	},
}

// NewShare says whom to share a team with, for what, and until when.
type NewShare struct {
	Team     db.ID    `path:"team" doc:"The team."`
	Accounts []db.ID  `json:"accounts,omitempty" doc:"People, by id."`
	Lines    []string `json:"lines,omitempty" doc:"People, by user name, e-mail address, code or whole name, one a line."`
	Groups   []db.ID  `json:"groups,omitempty" doc:"Access groups."`
	ShareTicks
	Until string `json:"until,omitempty" doc:"The last day that it counts, as 2026-12-31 (UTC); for ever if left out."`
	For   string `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// maxShared is with how many a team is shared at once.
const maxShared = 500

// Check names what is wrong with the input.
func (in NewShare) Check() error {
	var wrong fail.Fields
	switch n := len(in.Accounts) + len(in.Lines) + len(in.Groups); {
	case n == 0:
		wrong.Add("accounts", "Choose at least one person or group.")
	case n > maxShared:
		wrong.Add("accounts", "These are too many at once.")
	}
	if len(in.roles()) == 0 {
		wrong.Add("read", "Tick what it is shared for.")
	}
	return wrong.Err()
}

// SharedWith is whom a team was shared with.
type SharedWith struct {
	Shared []Named `json:"shared"`
}

// ShareTeam shares a team with people and access groups, all of them or none. What a share gives has to be the actor's own
// to give (PT-2); sharing again says anew what somebody has.
var ShareTeam = &op.Op[NewShare, SharedWith]{
	Name:  "team.share",
	Route: "POST /teams/{team}/shares",
	Doc:   "Shares a team with people and access groups, to read, edit, see its figures or be told of changes.",
	Needs: []*access.Permission{access.TeamShare, access.AccountList, access.GroupList},
	Do: func(c *op.Call, in NewShare) (SharedWith, error) {
		out := SharedWith{[]Named{}}
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamShare), in.Team)
		if err != nil {
			return out, err
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		people, err := peopleOf(c, in.Accounts, in.Lines)
		if err != nil {
			return out, err
		}
		share := func(kind access.Kind, with Named) error {
			out.Shared = append(out.Shared, with)
			return store.ShareTeam(c, c.Tx, team, store.Holder{Kind: kind, ID: with.ID}, in.roles(), c.By(), c.Now, until)
		}
		for _, p := range people {
			if err := share(access.Account, Named{p.ID, p.Name}); err != nil {
				return out, err
			}
		}
		for _, id := range in.Groups {
			group, err := store.FindGroup(c, c.Tx, c.May(access.GroupList), id)
			if err != nil {
				return out, err
			}
			if err := share(access.AccessGroup, Named{group.ID, group.Name}); err != nil {
				return out, err
			}
		}
		c.Audit(team.Thing(), team.Name, map[string]any{"with": names(out.Shared), "for": in.roles(), "until": until})
		return out, nil
	},
}

// ShareRef names a share of a team.
type ShareRef struct {
	Team  db.ID `path:"team" doc:"The team."`
	Share db.ID `path:"share" doc:"The share."`
}

// EndShare ends a share; what it gave is refused at the next request.
var EndShare = &op.Op[ShareRef, struct{}]{
	Name:  "team.end_share",
	Route: "DELETE /teams/{team}/shares/{share}",
	Doc:   "Ends what a team is shared with somebody for. It counts from their next request.",
	Needs: []*access.Permission{access.TeamShare},
	Do: func(c *op.Call, in ShareRef) (out struct{}, err error) {
		team, err := store.FindTeam(c, c.Tx, c.May(access.TeamShare), in.Team)
		if err != nil {
			return out, err
		}
		list, err := store.TeamShares(c, c.Tx, team, c.Now)
		if err != nil {
			return out, err
		}
		for _, s := range list {
			if s.ID == in.Share {
				c.Audit(team.Thing(), team.Name, map[string]any{"share": s.Name})
				return out, store.EndShare(c, c.Tx, team, s.Holder, c.By(), c.Now)
			}
		}
		return out, fail.Missing("share")
	},
}
