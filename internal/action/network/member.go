package network

import (
	"encoding/json"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
	"provost/internal/store/network"
)

var memberOps = []op.Any{List, Look, Join, Leave}

const (
	// mostTries is how often a portal tries to join any network within store.AttemptWindow, mostForOne how often all portals
	// together try one network's password.
	mostTries, mostForOne = 10, 30
	// ticketLasts is how long one may think about who would be able to come, before joining.
	ticketLasts   = 10 * time.Minute
	ticketPurpose = "join a network"
)

// NetworkRun is a network that one administers.
type NetworkRun struct {
	ID      db.ID  `json:"id"`
	Name    string `json:"name"`
	Portals int    `json:"portals" doc:"How many portals are in it."`
}

// NetworkMembership is a network that this portal is in. Times are in UTC.
type NetworkMembership struct {
	ID    db.ID     `json:"id"`
	Name  string    `json:"name"`
	Home  string    `json:"home" doc:"The portal that runs it."`
	Since time.Time `json:"since"`
	// Who may come into this portal as its administrator, by this network.
	Who []string `json:"who" doc:"Who may come into this portal, as its administrator."`
}

// NetworkOverview are the networks that concern a portal.
type NetworkOverview struct {
	Runs []NetworkRun        `json:"runs" doc:"The networks that one administers."`
	In   []NetworkMembership `json:"in" doc:"The networks that this portal is in."`
	// MayCreate, MayJoin: one may create networks, and join and leave them with the portal.
	MayCreate bool `json:"may_create"`
	MayJoin   bool `json:"may_join"`
}

// List lists the networks that one administers, and those that the portal is in, with who may come by them (NA-1).
var List = &op.Op[struct{}, NetworkOverview]{
	Name:  "network.list",
	Route: "GET /networks",
	Doc:   "Lists the networks that one administers, and those that the portal is in, with who may come by them.",
	Needs: []*access.Permission{access.NetworkList, access.NetworkEdit, access.NetworkCreate, access.NetworkJoin},
	Do: func(c *op.Call, _ struct{}) (NetworkOverview, error) {
		out := NetworkOverview{Runs: []NetworkRun{}, In: []NetworkMembership{}}
		portal, err := store.FindPortal(c, c.Tx, c.May(access.NetworkList))
		if err != nil {
			return out, err
		}
		thing := portal.Thing()
		out.MayCreate, out.MayJoin = c.May(access.NetworkCreate).Has(&thing) != nil, c.May(access.NetworkJoin).Has(&thing) != nil
		runs, err := network.List(c, c.Tx, c.May(access.NetworkEdit))
		if err != nil {
			return out, err
		}
		for _, n := range runs {
			out.Runs = append(out.Runs, NetworkRun{n.ID, n.Name, n.Portals})
		}
		in, err := network.Memberships(c, c.Tx, c.May(access.NetworkList))
		if err != nil {
			return out, err
		}
		for _, m := range in {
			who, err := namesOf(c, m.Network)
			if err != nil {
				return out, err
			}
			out.In = append(out.In, NetworkMembership{m.ID, m.Name, m.HomeName, m.Since, who})
		}
		return out, nil
	},
}

// namesOf are the names of those who may come by a network.
func namesOf(c *op.Call, n network.Network) ([]string, error) {
	list, err := network.Administrators(c, c.Tx, n, c.Now)
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return out, err
}

// Knock asks what joining a network would mean, with what proves that one may ask.
type Knock struct {
	Code     string `json:"code" doc:"The network's code, from who runs it."`
	Password string `json:"password" doc:"The network's password."`

	found network.Network
}

// Check bounds what is hashed.
func (in Knock) Check() error {
	var wrong fail.Fields
	if strings.TrimSpace(in.Code) == "" || len(in.Code) > 100 {
		wrong.Add("code", "Enter the network's code.")
	}
	if in.Password == "" || len(in.Password) > 4000 {
		wrong.Add("password", "Enter the network's password.")
	}
	return wrong.Err()
}

// NetworkLooked is what joining a network would mean: who could come, and as what (BE-2).
type NetworkLooked struct {
	Name string `json:"name"`
	Home string `json:"home" doc:"The portal that runs it."`
	// Who could come into this portal, as its administrator.
	Who []string `json:"who" doc:"Who could come into this portal, as its administrator."`
	// Ticket joins, for ten minutes.
	Ticket string    `json:"ticket" doc:"What joins the network, as the same person, within ten minutes."`
	Until  time.Time `json:"until"`
}

// Look tells who could come into the portal, before it joins a network (BE-2). Nothing tells an unknown code from a wrong
// password: both cost the same, and count the same.
var Look = &op.Op[Knock, NetworkLooked]{
	Name:     "network.look",
	Route:    "POST /networks/look",
	Doc:      "Tells who could come into this portal if it joined a network, for its code and password; and gives what joins it.",
	Needs:    []*access.Permission{access.NetworkJoin},
	Question: true,
	Prepare:  knock,
	Do: func(c *op.Call, in Knock) (out NetworkLooked, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.NetworkJoin))
		if err != nil {
			return out, err
		}
		out = NetworkLooked{Name: in.found.Name, Home: in.found.HomeName, Until: c.Now.Add(ticketLasts)}
		if out.Who, err = namesOf(c, in.found); err != nil {
			return out, err
		}
		payload, err := json.Marshal(ticket{portal.ID, c.Who.Account, in.found.ID, db.Micros(in.found.Changed)})
		out.Ticket = secret.Sign(c.Env.Key, ticketPurpose, payload, out.Until)
		return out, err
	},
}

// ticket is what a ticket carries: who saw what, by which password.
type ticket struct {
	Portal, Account, Network db.ID
	Password                 int64
}

// knock counts the try, before anything is compared, and then verifies the password.
func knock(c *op.Call, in *Knock) error {
	code, err := db.ParseID(strings.ToLower(strings.TrimSpace(in.Code)))
	if err != nil {
		code = 0
	}
	if err := c.Read(func(tx *db.Tx) (err error) {
		if err := enter(c, tx); err != nil {
			return err
		}
		if _, err = store.FindPortal(c, tx, c.May(access.NetworkJoin)); err != nil {
			return err
		}
		in.found, err = network.ByCode(c, tx, code)
		return err
	}); err != nil {
		return err
	}
	if err := c.Env.DB.Write(c, func(tx *db.Tx) error { return countTry(c, tx, code) }); err != nil {
		return err
	}
	right, err := c.Env.Hasher.Verify(c, in.found.Password, in.Password)
	if err == nil && (!right || in.found.ID == 0) {
		return op.Refuse(c, c.Env, c.Who, c.Actor, "network.look", fail.Wrong("password", "This code and password do not belong together."))
	}
	return err
}

// countTry counts one try to join, or is Busy where there were too many: of the portal, or of all portals for this code.
func countTry(c *op.Call, tx *db.Tx, code db.ID) error {
	subject := "network:" + code.String()
	failed, again, err := store.Attempts(c, tx, c.Who.Portal, "networks", c.Now)
	if err != nil {
		return err
	}
	together, later, err := network.Failed(c, tx, subject, c.Now)
	if err != nil {
		return err
	}
	if together >= mostForOne {
		failed, again = mostTries, later
	}
	if failed >= mostTries {
		return &fail.Error{Kind: fail.Busy, Message: "That was tried too often. Please wait a while, then try again.", RetryAfter: again.Sub(c.Now)}
	}
	if err := store.AddAttempt(c, tx, c.Who.Portal, "networks", c.Now); err != nil {
		return err
	}
	return store.AddAttempt(c, tx, c.Who.Portal, subject, c.Now)
}

// Entry asks to join a network.
type Entry struct {
	Ticket string `json:"ticket" doc:"What looking at the network gave."`
}

// Check bounds the ticket.
func (in Entry) Check() error {
	if in.Ticket == "" || len(in.Ticket) > 1000 {
		return errTicket
	}
	return nil
}

var errTicket = fail.New(fail.Conflict, "That has ended. Enter the network's code and password once more.")

// Join puts the portal into a network that one has looked at: from then on its administrators may enter (NA-1).
var Join = &op.Op[Entry, NamedNetwork]{
	Name:  "network.join",
	Route: "POST /networks/join",
	Doc:   "Joins a network with this portal. From then on the network's administrators may enter it, as an administrator.",
	Needs: []*access.Permission{access.NetworkJoin},
	Do: func(c *op.Call, in Entry) (out NamedNetwork, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.NetworkJoin))
		if err != nil {
			return out, err
		}
		var t ticket
		payload, err := secret.Open(c.Env.Key, ticketPurpose, in.Ticket, c.Now)
		if err != nil || json.Unmarshal(payload, &t) != nil || t.Portal != portal.ID || t.Account != c.Who.Account {
			return out, errTicket
		}
		n, err := network.ByCode(c, c.Tx, t.Network)
		if err != nil {
			return out, err
		}
		switch {
		case n.ID == 0 || db.Micros(n.Changed) != t.Password:
			return out, errTicket
		case n.Home == portal.ID:
			return out, fail.New(fail.Conflict, "This portal runs the network itself.")
		}
		c.Audit(portal.Thing(), portal.Name, map[string]any{"network": n.Name, "home": n.HomeName})
		if err := network.Join(c, c.Tx, n, portal, c.Now); err != nil {
			return out, err
		}
		return NamedNetwork{n.ID, n.Name}, tellHome(c, n, portal, "network.join", "joined")
	},
}

// Leave takes the portal out of a network, at once and whole (NA-1).
var Leave = &op.Op[Ref, NamedNetwork]{
	Name:  "network.leave",
	Route: "POST /networks/{network}/leave",
	Doc:   "Leaves a network with this portal. Whoever visits by it is out at once.",
	Needs: []*access.Permission{access.NetworkJoin},
	Do: func(c *op.Call, in Ref) (out NamedNetwork, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.NetworkJoin))
		if err != nil {
			return out, err
		}
		n, err := network.FindMembership(c, c.Tx, c.May(access.NetworkJoin), in.Network)
		if err != nil {
			return out, err
		}
		c.Audit(portal.Thing(), portal.Name, map[string]any{"network": n.Name, "home": n.HomeName})
		if err := network.Leave(c, c.Tx, n, portal.ID, c.By(), c.Now); err != nil {
			return out, err
		}
		return NamedNetwork{n.ID, n.Name}, tellHome(c, n, portal, "network.leave", "left")
	},
}

// MemberRef names a portal that is in a network.
type MemberRef struct {
	Network db.ID `path:"network" doc:"The network."`
	Portal  db.ID `path:"portal" doc:"The portal."`
}

// RemovePortal takes a portal out of a network, by who administers that.
var RemovePortal = &op.Op[MemberRef, NamedNetwork]{
	Name:  "network.remove_portal",
	Route: "DELETE /networks/{network}/portals/{portal}",
	Doc:   "Takes a portal out of a network. Whoever visits it by that is out at once.",
	Needs: []*access.Permission{access.NetworkEdit},
	Do: func(c *op.Call, in MemberRef) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		portal, err := network.FindMember(c, c.Tx, n, in.Portal)
		if err != nil {
			return out, err
		}
		c.Audit(n.Thing(), n.Name, map[string]any{"portal": portal.ID})
		return NamedNetwork{portal.ID, portal.Shown()}, removePortal(c, n, portal)
	},
}
