package network

import (
	"encoding/json"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/network"
)

// note writes to the audit of another portal what was done to it from here.
func note(c *op.Call, portal db.ID, by, operation string, target access.Thing, name string, detail map[string]any) error {
	text, err := json.Marshal(map[string]any{"detail": detail})
	if err != nil {
		return err
	}
	return store.AddAudit(c, c.Tx, store.AuditRow{Portal: portal, At: c.Now, ActorName: by, Operation: operation, Outcome: "done",
		Target: target.Place(), TargetName: name, Detail: string(text)})
}

// mail tells people of a portal what became of it.
func mail(c *op.Call, portal db.ID, to []network.Person, subject, text string) error {
	for _, p := range to {
		if p.Email == "" {
			continue
		}
		if err := store.Enqueue(c, c.Tx, portal, p.Email, subject, "Hello "+p.Name+",\n\n"+text, c.Now); err != nil {
			return err
		}
	}
	return nil
}

// tellHome tells those who administer a network that a portal joined or left it. The names of portals are for them alone: the
// audit of the home has the portal's ID.
func tellHome(c *op.Call, n network.Network, portal store.Portal, operation, did string) error {
	if err := note(c, n.Home, "A portal of the network "+n.Name, operation, n.Thing(), n.Name, map[string]any{"portal": portal.ID}); err != nil {
		return err
	}
	home, err := store.PortalOf(c, c.Tx, n.Home)
	if err != nil {
		return err
	}
	to, err := network.Administrators(c, c.Tx, n, c.Now)
	if err != nil {
		return err
	}
	return mail(c, n.Home, to, portal.Shown()+" "+did+" the network "+n.Name, "the portal "+portal.Shown()+" "+did+" the network "+n.Name+" on "+
		c.Now.UTC().Format("2 January 2006, 15:04")+" UTC.\n\n"+c.Env.PortalURL(home)+"/networks/"+n.ID.String()+"\n")
}

// removePortal takes a portal out of a network, and tells its administrators.
func removePortal(c *op.Call, n network.Network, portal store.Portal) error {
	if err := network.Leave(c, c.Tx, n, portal.ID, c.By(), c.Now); err != nil {
		return err
	}
	err := note(c, portal.ID, c.Actor.Name+" ("+n.HomeName+")", "network.remove_portal", portal.Thing(), portal.Name, map[string]any{"network": n.Name, "home": n.HomeName})
	if err != nil {
		return err
	}
	to, err := network.PortalAdmins(c, c.Tx, portal.ID, c.Now)
	if err != nil {
		return err
	}
	return mail(c, portal.ID, to, portal.Shown()+" is no longer in the network "+n.Name, "the portal "+portal.Shown()+" was taken out of the network "+n.Name+", which "+n.HomeName+
		" runs, on "+c.Now.UTC().Format("2 January 2006, 15:04")+" UTC. Nobody comes into it by that network any more.\n\n"+c.Env.PortalURL(portal)+"/networks\n")
}

// endNetwork ends a network for all portals that are in it.
func endNetwork(c *op.Call, n network.Network) error {
	members, err := network.Members(c, c.Tx, n)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := removePortal(c, n, m.Portal); err != nil {
			return err
		}
	}
	return network.End(c, c.Tx, n, c.By(), c.Now)
}
