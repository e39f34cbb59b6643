package network

import (
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

var runOps = []op.Any{Create, Show, Rename, SetPassword, End, RemovePortal, AddAdministrator, RemoveAdministrator}

// NamedNetwork is a network, or what belongs to one, by its name.
type NamedNetwork struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Password is a network's password, and what is made of it.
type Password struct {
	Password string `json:"password" doc:"The password by which portals join."`
	Again    string `json:"again" doc:"The same again."`

	hash string
}

// check compares the two.
func (in Password) check(wrong *fail.Fields) {
	switch {
	case in.Password == "":
		wrong.Add("password", "Choose a password.")
	case len(in.Password) > 4000:
		wrong.Add("password", "This is too long.")
	case in.Password != in.Again:
		wrong.Add("again", "This is not the same as above.")
	}
}

// prepare hashes the password, by the rules of the portal, for who holds a permission anywhere at all: hashing costs too much
// to be had by those whom the operation refuses anyway.
func (in *Password) prepare(c *op.Call, p *access.Permission, name string) error {
	var portal store.Portal
	err := c.Read(func(tx *db.Tx) (err error) {
		if err := enter(c, tx); err != nil {
			return err
		}
		if !c.May(p).Any() {
			return store.NotAllowed(c.May(p))
		}
		portal, err = store.PortalOf(c, tx, c.Who.Portal)
		return err
	})
	if err != nil {
		return err
	}
	if wrong := (secret.Policy{MinLength: portal.Settings.PasswordMin}).Check(in.Password, name, portal.Name, portal.Shown()); len(wrong) > 0 {
		return fail.Wrong("password", "{problems}", "problems", fail.Several{Between: " ", Texts: wrong})
	}
	in.hash, err = c.Env.Hasher.Hash(c, in.Password)
	return err
}

// enter folds the actor for what is asked before the operation's own transaction.
func enter(c *op.Call, tx *db.Tx) (err error) {
	if c.Who.Behind != 0 {
		c.Actor, err = c.Env.Cache.LoadActing(c, tx, c.Who.Portal, c.Who.Account, c.Who.Behind, c.Now)
	} else {
		c.Actor, err = c.Env.Cache.LoadActor(c, tx, c.Who.Portal, c.Who.Account, c.Now)
	}
	if err == nil && c.Who.Limit != nil {
		c.Actor = c.Actor.Limit(*c.Who.Limit)
	}
	return err
}

// NewNetwork is a network to be made.
type NewNetwork struct {
	Name string `json:"name" doc:"The network's name."`
	Password
}

// Check checks the fields.
func (in NewNetwork) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	in.check(&wrong)
	return wrong.Err()
}

// Create makes a network, whose administrator one is (NA-1, LM-11).
var Create = &op.Op[NewNetwork, NamedNetwork]{
	Name:    "network.create",
	Route:   "POST /networks",
	Doc:     "Creates a network that this portal runs. Other portals join it with its code and its password.",
	Needs:   []*access.Permission{access.NetworkCreate, access.NetworkEnter},
	Prepare: func(c *op.Call, in *NewNetwork) error { return in.prepare(c, access.NetworkCreate, in.Name) },
	Do: func(c *op.Call, in NewNetwork) (out NamedNetwork, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.NetworkCreate))
		if err != nil {
			return out, err
		}
		n, err := network.Create(c, c.Tx, portal, form.Tidy(in.Name), in.hash, c.Now)
		if err != nil {
			return out, err
		}
		thing := n.Thing()
		c.Audit(thing, n.Name, nil)
		err = store.Begin(c, c.Tx, store.NewGrant{Account: c.Who.Account, Role: access.NetworkAdmin, At: thing, Since: c.Now, By: c.By(), ByCreation: true})
		if err != nil {
			return out, err
		}
		return NamedNetwork{n.ID, n.Name}, mustRun(c, n, c.Who.Account, fail.New(fail.NotAllowed, "Only a full administrator of this portal can administer a network."))
	},
}

// mustRun refuses where somebody who was just named does not come to administer a network by it.
func mustRun(c *op.Call, n network.Network, account db.ID, because error) error {
	list, err := network.Administrators(c, c.Tx, n, c.Now)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.ID == account {
			return nil
		}
	}
	return because
}

// Ref names a network.
type Ref struct {
	Network db.ID `path:"network" doc:"The network."`
}

// NetworkAdministrator is who may enter the portals of a network.
type NetworkAdministrator struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	// Named is false for the super administrator of the portal that runs the network, who may do all in it.
	Named bool `json:"named" doc:"They were named its administrator; if not, they are the super administrator of the portal that runs it."`
}

// MemberPortal is a portal that is in a network. Times are in UTC.
type MemberPortal struct {
	ID    db.ID     `json:"id"`
	Name  string    `json:"name"`
	URL   string    `json:"url" doc:"Where the portal is."`
	Since time.Time `json:"since"`
}

// NetworkShown is a network for those who administer it.
type NetworkShown struct {
	ID   db.ID  `json:"id" doc:"The code that portals join with, beside the password."`
	Name string `json:"name"`
	// Changed is when the password was set.
	Changed        time.Time              `json:"password_changed"`
	Administrators []NetworkAdministrator `json:"administrators"`
	Portals        []MemberPortal         `json:"portals"`
	// MayEnter: one may enter the portals oneself.
	MayEnter bool `json:"may_enter"`
}

// Show shows a network to those who administer it, with the names of the portals that are in it.
var Show = &op.Op[Ref, NetworkShown]{
	Name:  "network.show",
	Route: "GET /networks/{network}",
	Doc:   "Shows a network that one administers: who else does, and which portals are in it.",
	Needs: []*access.Permission{access.NetworkEdit, access.NetworkEnter},
	Do: func(c *op.Call, in Ref) (out NetworkShown, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		thing := n.Thing()
		out = NetworkShown{ID: n.ID, Name: n.Name, Changed: n.Changed, Portals: []MemberPortal{}, MayEnter: c.May(access.NetworkEnter).Has(&thing) != nil}
		if out.Administrators, err = admins(c, n); err != nil {
			return out, err
		}
		members, err := network.Members(c, c.Tx, n)
		for _, m := range members {
			out.Portals = append(out.Portals, MemberPortal{m.Portal.ID, m.Portal.Shown(), c.Env.PortalURL(m.Portal), m.Since})
		}
		return out, err
	},
}

// admins are those who may enter the portals of a network now.
func admins(c *op.Call, n network.Network) ([]NetworkAdministrator, error) {
	list, err := network.Administrators(c, c.Tx, n, c.Now)
	out := make([]NetworkAdministrator, len(list))
	for i, p := range list {
		out[i] = NetworkAdministrator{p.ID, p.Name, p.Named}
	}
	return out, err
}

// NetworkName is another name for a network.
type NetworkName struct {
	Network db.ID  `path:"network" doc:"The network."`
	Name    string `json:"name" doc:"Its name."`
}

// Check checks the name.
func (in NetworkName) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	return wrong.Err()
}

// Rename gives a network another name.
var Rename = &op.Op[NetworkName, NamedNetwork]{
	Name:  "network.edit",
	Route: "PUT /networks/{network}",
	Doc:   "Gives a network another name.",
	Needs: []*access.Permission{access.NetworkEdit},
	Do: func(c *op.Call, in NetworkName) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		name := form.Tidy(in.Name)
		c.Audit(n.Thing(), name, map[string]any{"was": n.Name})
		return NamedNetwork{n.ID, name}, network.Rename(c, c.Tx, n, name)
	},
}

// NewPassword is another password for a network.
type NewPassword struct {
	Network db.ID `path:"network" doc:"The network."`
	Password
}

// Check checks the fields.
func (in NewPassword) Check() error {
	var wrong fail.Fields
	in.check(&wrong)
	return wrong.Err()
}

// SetPassword sets the password by which portals join from now on. Those that are in the network stay.
var SetPassword = &op.Op[NewPassword, NamedNetwork]{
	Name:    "network.set_password",
	Route:   "PUT /networks/{network}/password",
	Doc:     "Sets the password by which portals join a network from now on. Those that are in it stay.",
	Needs:   []*access.Permission{access.NetworkEdit},
	Prepare: func(c *op.Call, in *NewPassword) error { return in.prepare(c, access.NetworkEdit, "") },
	Do: func(c *op.Call, in NewPassword) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		c.Audit(n.Thing(), n.Name, nil)
		return NamedNetwork{n.ID, n.Name}, network.SetPassword(c, c.Tx, n, in.hash, c.Now)
	},
}

// End ends a network: all portals leave it, and every visit by it ends at once.
var End = &op.Op[Ref, NamedNetwork]{
	Name:  "network.end",
	Route: "DELETE /networks/{network}",
	Doc:   "Ends a network: all portals leave it, and every visit by it ends at once.",
	Needs: []*access.Permission{access.NetworkEdit},
	Do: func(c *op.Call, in Ref) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		c.Audit(n.Thing(), n.Name, map[string]any{"portals": n.Portals})
		return NamedNetwork{n.ID, n.Name}, endNetwork(c, n)
	},
}

// AdminRef names a person, as an administrator of a network.
type AdminRef struct {
	Network db.ID `path:"network" doc:"The network."`
	Account db.ID `path:"account" doc:"The person."`
}

// NewAdmin names a person to be an administrator of a network.
type NewAdmin struct {
	Network db.ID `path:"network" doc:"The network."`
	Account db.ID `json:"account" doc:"A full administrator of this portal."`
}

// Check checks that somebody is chosen.
func (in NewAdmin) Check() error {
	if in.Account == 0 {
		return fail.Wrong("account", "Choose a full administrator.")
	}
	return nil
}

// AddAdministrator names a further full administrator of the portal to run a network. They do only while they are one (NA-1).
var AddAdministrator = &op.Op[NewAdmin, NamedNetwork]{
	Name:  "network.add_administrator",
	Route: "POST /networks/{network}/administrators",
	Doc:   "Names a full administrator of this portal to run a network too. They do while they are one.",
	Needs: []*access.Permission{access.NetworkEdit, access.NetworkEnter, access.AccountList},
	Do: func(c *op.Call, in NewAdmin) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(n.Thing(), n.Name, map[string]any{"administrator": a.Name})
		thing := n.Thing()
		err = store.Begin(c, c.Tx, store.NewGrant{Account: a.ID, Role: access.NetworkAdmin, At: thing, Since: c.Now, By: c.By()})
		if err != nil {
			return out, err
		}
		return NamedNetwork{a.ID, a.Name}, mustRun(c, n, a.ID, fail.Wrong("account", "Choose a full administrator of the portal, who is not archived."))
	},
}

// RemoveAdministrator takes a network from somebody, whose visits by it end at once. The last one named stays.
var RemoveAdministrator = &op.Op[AdminRef, NamedNetwork]{
	Name:  "network.remove_administrator",
	Route: "DELETE /networks/{network}/administrators/{account}",
	Doc:   "Takes a network from one of its administrators. Their visits by it end at once.",
	Needs: []*access.Permission{access.NetworkEdit, access.AccountList},
	Do: func(c *op.Call, in AdminRef) (out NamedNetwork, err error) {
		n, err := network.Find(c, c.Tx, c.May(access.NetworkEdit), in.Network)
		if err != nil {
			return out, err
		}
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(n.Thing(), n.Name, map[string]any{"administrator": a.Name})
		thing := n.Thing()
		ended, err := store.End(c, c.Tx, store.GrantFilter{Portal: n.Home, Account: a.ID, Roles: access.Roles{access.NetworkAdmin}, Place: thing.Place()}, c.By(), c.Now)
		if err != nil {
			return out, err
		}
		if ended == 0 {
			return out, fail.New(fail.Conflict, "They were not named an administrator of this network.")
		}
		left, err := network.Administrators(c, c.Tx, n, c.Now)
		if err != nil {
			return out, err
		}
		for _, p := range left {
			if p.Named {
				return NamedNetwork{a.ID, a.Name}, network.SendHome(c, c.Tx, n, a.ID, c.By(), c.Now)
			}
		}
		return out, fail.New(fail.Conflict, "Nobody would run this network any more. Name somebody else first, or end the network.")
	},
}
