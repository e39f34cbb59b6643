package network

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/network"
)

var visitOps = []op.Any{Enter, CheckVisit, Arrive, StopVisit, ListVisits}

const (
	// linkLasts is how long somebody has to come to the portal that they were handed over to.
	linkLasts = time.Minute
	// visitLasts is the longest that a visit lasts, however busy.
	visitLasts = 8 * time.Hour
	// linkPrefix stands in front of the secret of a link, so that a person or a scanner knows one that has leaked.
	linkPrefix = "pvv_"
)

// WhereTo says which portal somebody wants to enter, and why.
type WhereTo struct {
	Network db.ID  `path:"network" doc:"The network."`
	Portal  db.ID  `path:"portal" doc:"The portal."`
	Reason  string `json:"reason" doc:"Why: the portal sees it."`
}

// Check asks for a reason.
func (in WhereTo) Check() error {
	var wrong fail.Fields
	if strings.TrimSpace(in.Reason) == "" {
		wrong.Add("reason", "Say why: the portal sees it.")
	}
	form.Line(&wrong, "reason", in.Reason, 300)
	return wrong.Err()
}

// HandedOver is the way into another portal. URL holds a secret: it is for the browser alone.
type HandedOver struct {
	Name string
	URL  string
}

// Enter hands one over to a portal of a network, by a link that opens once, within a minute (NA-1). Only from a browser that
// one is signed in with as oneself: the visit hangs on that session.
var Enter = &op.Op[WhereTo, HandedOver]{
	Name:     "network.enter",
	Route:    "POST /networks/{network}/portals/{portal}/enter",
	Doc:      "Enters a portal of a network, as an administrator of it.",
	Needs:    []*access.Permission{access.NetworkEnter, access.NetworkEdit},
	PageOnly: true,
	Do: func(c *op.Call, in WhereTo) (out HandedOver, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEnter), in.Network)
		if err != nil {
			return out, err
		}
		portal, err := network.FindMember(c, c.Tx, n, in.Portal)
		if err != nil {
			return out, err
		}
		reason := form.Tidy(in.Reason)
		c.Audit(n.Thing(), n.Name, map[string]any{"portal": portal.ID, "reason": reason})
		if c.Who.Session == 0 || c.Who.Limit != nil || c.Who.Behind != 0 {
			return out, fail.New(fail.NotAllowed, "One enters another portal from a browser that one is signed in with as oneself.")
		}
		v, err := network.VisitorFor(c, c.Tx, n, portal, c.Actor, c.Now)
		if err != nil {
			return out, err
		}
		token, hash := secret.NewToken(linkPrefix)
		out = HandedOver{portal.Shown(), c.Env.PortalURL(portal) + "/visit/" + token}
		return out, network.HandOver(c, c.Tx, v, c.Who.Session, reason, hash, c.Now, c.Now.Add(linkLasts))
	},
}

// Link is a link by which somebody comes from another portal.
type Link struct {
	Token string `path:"token" doc:"The secret of the link."`
}

// Arriving is who comes by a link, and from where.
type Arriving struct {
	Name   string `json:"name"`
	Home   string `json:"home" doc:"The portal that they come from."`
	Reason string `json:"reason"`
}

// errLink is the one answer for a link that is none, is another portal's, was used, or has ended.
var errLink = fail.New(fail.NotFound, "This link was used, or has ended.")

// CheckVisit tells who comes by a link, and uses nothing up.
var CheckVisit = &op.Op[Link, Arriving]{
	Name:     "network.check_visit",
	Route:    "GET /visit/{token}",
	Doc:      "Tells who comes by a link from another portal.",
	Open:     "the link proves who comes",
	PageOnly: true,
	Do: func(c *op.Call, in Link) (Arriving, error) {
		v, link, err := handed(c, in)
		return Arriving{v.Name, link.Name, link.Agent}, err
	},
}

func handed(c *op.Call, in Link) (network.Visitor, store.Session, error) {
	v, link, err := network.Handed(c, c.Tx, c.Who.Portal, secret.HashToken(in.Token))
	if fail.Is(err, fail.NotFound) || err == nil && (!link.Open(c.Now) || v.Network.ID == 0) {
		return network.Visitor{}, store.Session{}, errLink
	}
	return v, link, err
}

// Visiting is a visit that was begun. Token is for the browser's cookie alone.
type Visiting struct {
	Token string `json:"-"`
	Until time.Time
}

// Arrive begins a visit by a link, which is used up by it. What the link promised is asked anew: that the portal is in the
// network still, and that the person may enter by it (NA-1, BE-8).
var Arrive = &op.Op[Link, Visiting]{
	Name:     "network.arrive",
	Route:    "POST /visit/{token}",
	Doc:      "Begins a visit by a link from another portal.",
	Open:     "the link proves who comes",
	PageOnly: true,
	Do: func(c *op.Call, in Link) (out Visiting, err error) {
		c.Who.Account, c.Who.Behind, c.Who.Session, c.Actor = 0, 0, 0, nil // whoever was signed in here before
		v, link, err := handed(c, in)
		if err != nil {
			return out, err
		}
		portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
		if err != nil {
			return out, err
		}
		home, err := c.Env.Cache.LoadActor(c, c.Tx, v.Network.Home, v.Person, c.Now)
		if err != nil {
			return out, errLink
		}
		v.PersonName = home.Name
		token, hash := secret.NewToken(secret.Session)
		s := store.Session{ID: db.NewID(), Portal: portal.ID, Account: v.Account, Parent: link.Parent, Kind: store.VisitSession, Name: v.Network.HomeName,
			Created: c.Now, Until: c.Now.Add(visitLasts)}
		if err := network.BeginVisit(c, c.Tx, v, portal, s, hash, link.Agent); err != nil {
			return out, err
		}
		actor, err := c.Env.Cache.LoadActor(c, c.Tx, portal.ID, v.Account, c.Now)
		if err != nil {
			return out, errLink
		}
		c.Actor, c.Who.Account, c.Who.Session = actor, v.Account, s.ID
		c.Audit(portal.Thing(), portal.Name, map[string]any{"network": v.Network.Name, "home": v.Network.HomeName, "person": v.PersonName, "reason": link.Agent})
		return Visiting{token, s.Until}, nil
	},
}

// Left is where a visitor goes back to.
type Left struct {
	Home string `json:"home"`
	URL  string `json:"url" doc:"The page of the network at home."`
}

// StopVisit ends the visit that one came with.
var StopVisit = &op.Op[struct{}, Left]{
	Name:     "network.stop_visit",
	Route:    "DELETE /session/visit",
	Doc:      "Ends one's visit to another portal.",
	Open:     "to stop asks no right",
	PageOnly: true,
	Do: func(c *op.Call, _ struct{}) (out Left, err error) {
		n, err := network.NetworkOf(c, c.Tx, c.Who.Account)
		if fail.Is(err, fail.NotFound) {
			return out, fail.New(fail.Conflict, "You do not visit this portal.")
		}
		if err != nil {
			return out, err
		}
		home, err := store.PortalOf(c, c.Tx, n.Home)
		if err != nil {
			return out, err
		}
		portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
		if err != nil {
			return out, err
		}
		c.Audit(portal.Thing(), portal.Name, nil)
		_, err = network.EndVisit(c, c.Tx, c.Who.Portal, c.Who.Session, c.Now)
		return Left{n.HomeName, c.Env.PortalURL(home) + "/networks/" + n.ID.String()}, err
	},
}

// NetworkVisitsQuery asks for a part of the visits.
type NetworkVisitsQuery struct {
	After db.ID `query:"after" doc:"The next of another page."`
	Size  int   `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// NetworkVisit is one time that somebody came. Times are in UTC.
type NetworkVisit struct {
	ID db.ID `json:"id"`
	// Account is the account that the audit has of them.
	Account db.ID     `json:"account" doc:"The account under which the audit has what they did."`
	Person  string    `json:"person"`
	Home    string    `json:"home" doc:"The portal that they came from."`
	Network string    `json:"network"`
	Reason  string    `json:"reason"`
	Began   time.Time `json:"began"`
	Last    time.Time `json:"last" doc:"When something was last done by it, to a minute."`
	Open    bool      `json:"open" doc:"It goes on."`
}

// NetworkVisits is a part of the visits, the last first.
type NetworkVisits struct {
	Items []NetworkVisit `json:"items"`
	Next  string         `json:"next,omitempty"`
}

// ListVisits lists who came into the portal by a network in the last year, when, for how long and why.
var ListVisits = &op.Op[NetworkVisitsQuery, NetworkVisits]{
	Name:  "network.list_visits",
	Route: "GET /networks/visits",
	Doc:   "Lists who came into this portal by a network in the last year, the last first.",
	Needs: []*access.Permission{access.NetworkList},
	Do: func(c *op.Call, in NetworkVisitsQuery) (NetworkVisits, error) {
		out := NetworkVisits{Items: []NetworkVisit{}}
		if _, err := store.FindPortal(c, c.Tx, c.May(access.NetworkList)); err != nil {
			return out, err
		}
		size := 50
		if in.Size > 0 {
			size = min(in.Size, 200)
		}
		list, err := network.ListVisits(c, c.Tx, c.May(access.NetworkList), in.After, size+1, c.Now)
		if len(list) > size {
			list = list[:size]
			out.Next = list[size-1].ID.String()
		}
		for _, v := range list {
			out.Items = append(out.Items, NetworkVisit{v.ID, v.Account, v.Person, v.Home, v.Network, v.Reason, v.Began, v.Last, v.Open})
		}
		return out, err
	},
}
