package asking

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
)

// EndingQuery asks for what is about to end.
type EndingQuery struct {
	Days int `query:"days" doc:"How many days ahead to look; 30 if left out, 366 at most."`
}

// EndingList is what is about to end, the first to end first.
type EndingList struct {
	Items []Given `json:"items"`
	// More: there are more than these.
	More bool `json:"more,omitempty"`
}

// ListEnding are the grants that end by themselves before long, of people whose access one may see (BE-4).
var ListEnding = &op.Op[EndingQuery, EndingList]{
	Name:  "grant.ending",
	Route: "GET /grants/ending",
	Doc:   "Lists what ends by itself before long: who holds what, where, until when, and who gave it.",
	Needs: givenNeeds,
	Do: func(c *op.Call, in EndingQuery) (EndingList, error) {
		days := 30
		if in.Days > 0 {
			days = min(in.Days, 366)
		}
		groups := c.May(access.GroupList).Everywhere() && c.May(access.PolicyList).Everywhere()
		list, err := asking.Ending(c, c.Tx, c.May(access.PermissionExplain), groups, c.Now.AddDate(0, 0, days), c.Now)
		if err != nil {
			return EndingList{}, err
		}
		items, err := show(c, list)
		return EndingList{items, len(list) == asking.MaxEnding}, err
	},
}

// GrantID names a grant.
type GrantID struct {
	Grant db.ID `path:"grant" doc:"The grant."`
}

// ShowGiven is one grant, to whoever may end it.
var ShowGiven = &op.Op[GrantID, Given]{
	Name:  "grant.show",
	Route: "GET /grants/{grant}",
	Doc:   "Shows an open grant that one may end: who holds what, where, since when, until when, when it was last used, and who gave it.",
	Needs: givenNeeds,
	Do: func(c *op.Call, in GrantID) (Given, error) {
		x, err := asking.FindGiven(c, c.Tx, c.Who.Portal, in.Grant, c.Now)
		if err == nil {
			_, err = keep(c, x)
		}
		if err != nil {
			return Given{}, err
		}
		items, err := show(c, []asking.Given{x})
		if err != nil {
			return Given{}, err
		}
		return items[0], nil
	},
}

// GrantEnd says when a grant shall end by itself.
type GrantEnd struct {
	Grant db.ID  `path:"grant" doc:"The grant."`
	Until string `json:"until,omitempty" doc:"The last day that it counts, as 2026-12-31 (UTC); for ever if left out."`
	For   string `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// SetGrantEnd lets a grant end by itself at another time, later or earlier: grants are not edited, so it ends now and goes on as a
// new one, which the actor has to be able to give (PT-2). A policy's is the policy's own end.
var SetGrantEnd = &op.Op[GrantEnd, Given]{
	Name:  "grant.set_end",
	Route: "PUT /grants/{grant}/end",
	Doc:   "Sets when a grant ends by itself: it ends, and goes on as a new one. Of a policy's, it sets the end of the policy.",
	Needs: givenNeeds,
	Do: func(c *op.Call, in GrantEnd) (Given, error) {
		x, err := asking.FindGiven(c, c.Tx, c.Who.Portal, in.Grant, c.Now)
		if err != nil {
			return Given{}, err
		}
		t, err := keep(c, x)
		if err != nil {
			return Given{}, err
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return Given{}, err
		}
		c.Audit(t, said(x), map[string]any{"was": x.Until, "until": until})
		if err := goOn(c, &x, until); err != nil {
			return Given{}, err
		}
		items, err := show(c, []asking.Given{x})
		if err != nil {
			return Given{}, err
		}
		return items[0], nil
	},
}

// goOn ends a grant and begins it anew with another end.
func goOn(c *op.Call, x *asking.Given, until time.Time) error {
	if x.Policy != 0 {
		policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyEdit), x.Policy)
		if err != nil {
			return err
		}
		policy.Until, x.Until = until, until
		if err := store.SavePolicy(c, c.Tx, policy); err != nil {
			return err
		}
		if _, err := store.End(c, c.Tx, store.GrantFilter{Portal: policy.Portal, Policy: policy.ID}, c.By(), c.Now); err != nil {
			return err
		}
		return store.Rebind(c, c.Tx, policy, func(*store.Bound) {}, c.By(), c.Now)
	}
	list, err := together(c, *x)
	if err != nil {
		return err
	}
	for _, g := range list {
		at, err := store.LoadThing(c, c.Tx, g.Place, c.Who.Portal, c.Now)
		if err != nil {
			return err
		}
		if _, err := store.End(c, c.Tx, store.GrantFilter{Portal: c.Who.Portal, ID: g.ID}, c.By(), c.Now); err != nil {
			return err
		}
		anew := store.NewGrant{ID: db.NewID(), Role: g.Role, At: at, Since: c.Now, Until: until, By: c.By()}
		if g.Holder.Kind == access.AccessGroup {
			anew.Group = g.Holder.ID
		} else {
			anew.Account = g.Holder.ID
		}
		if err := store.Begin(c, c.Tx, anew); err != nil {
			return err
		}
		if err := asking.CarryUse(c, c.Tx, g.ID, anew.ID); err != nil {
			return err
		}
		if g.ID == x.ID {
			x.ID, x.Since, x.Until, x.By = anew.ID, c.Now, until, c.By()
		}
	}
	return nil
}

// EndGrant ends a grant now; what it gave is refused at the next request.
var EndGrant = &op.Op[GrantID, struct{}]{
	Name:  "grant.end",
	Route: "DELETE /grants/{grant}",
	Doc:   "Ends a grant now. Of a policy's, its holder is taken out of the policy.",
	Needs: givenNeeds,
	Do: func(c *op.Call, in GrantID) (out struct{}, err error) {
		x, err := asking.FindGiven(c, c.Tx, c.Who.Portal, in.Grant, c.Now)
		if err != nil {
			return out, err
		}
		t, err := keep(c, x)
		if err != nil {
			return out, err
		}
		c.Audit(t, said(x), map[string]any{"last_used": x.Used})
		return out, end(c, x)
	},
}
