package identity

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/identity"
	"provost/internal/store/network"
)

var superOps = []op.Any{ShowOwner, TransferSuper, DeletePortal, ShowDeleted, RestorePortal}

// Person is a person, where something is told of them.
type Person struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// Owner tells who may hand the portal over and delete it, and whether one may oneself.
type Owner struct {
	Portal string `json:"portal" doc:"The portal's name."`
	// Super is the super administrator; nil for those who may not know who administers (XA-3).
	Super *Person `json:"super,omitempty"`
	// MayTransfer and MayDelete are true for the super administrator alone.
	MayTransfer bool `json:"may_transfer"`
	MayDelete   bool `json:"may_delete"`
	// Candidates are the full administrators to whom the status can be handed over.
	Candidates []Person `json:"candidates" doc:"To whom the status can be handed over, for who may."`
}

// ShowOwner tells who may delete the portal and hand it over (SA-2).
var ShowOwner = &op.Op[struct{}, Owner]{
	Name:  "portal.show_owner",
	Route: "GET /portal/owner",
	Doc:   "Tells who may delete the portal and hand over the status of its super administrator.",
	Needs: []*access.Permission{access.PortalConfigure, access.PortalDelete, access.PortalTransferSuper, access.AccountSetFull, access.AccountList},
	Do: func(c *op.Call, _ struct{}) (Owner, error) {
		out := Owner{Candidates: []Person{}}
		portal, err := store.FindPortal(c, c.Tx, c.May(access.PortalConfigure))
		if err != nil {
			return out, err
		}
		thing := portal.Thing()
		out.Portal = portal.Name
		out.MayTransfer = c.May(access.PortalTransferSuper).Has(&thing) != nil
		out.MayDelete = c.May(access.PortalDelete).Has(&thing) != nil
		id, err := store.SuperOf(c, c.Tx, portal.ID)
		if err != nil {
			return out, err
		}
		super, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), id)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return out, err
		}
		if who := super.Thing(); err == nil && c.May(access.AccountSetFull).Has(&who) != nil {
			out.Super = &Person{super.ID, super.Name}
		}
		if !out.MayTransfer {
			return out, nil
		}
		list, err := identity.FullAdmins(c, c.Tx, c.May(access.AccountList), c.Now)
		for _, a := range list {
			if a.ID != c.Who.Account {
				out.Candidates = append(out.Candidates, Person{a.ID, a.Name})
			}
		}
		return out, err
	},
}

// Handover asks to hand the super administrator's status over.
type Handover struct {
	Account db.ID `json:"account" doc:"The full administrator who becomes the super administrator."`
	Surely
}

// Check checks the fields.
func (in Handover) Check() error {
	var wrong fail.Fields
	if in.Account == 0 {
		wrong.Add("account", "Choose a full administrator.")
	}
	in.check(&wrong)
	return wrong.Err()
}

// HandedOver is who is the super administrator now.
type HandedOver struct {
	Super Person `json:"super"`
	Name  string `json:"name" doc:"Their name."`
}

// TransferSuper hands the super administrator's status over to a full administrator; the former holder stays one (SA-1, SA-2).
var TransferSuper = &op.Op[Handover, HandedOver]{
	Name:    "portal.transfer_super",
	Route:   "POST /portal/transfer",
	Doc:     "Hands the super administrator's status over to a full administrator of the portal. You stay a full administrator.",
	Needs:   []*access.Permission{access.PortalTransferSuper, access.AccountList},
	Prepare: func(c *op.Call, in *Handover) error { return confirm(c, access.PortalTransferSuper, &in.Surely) },
	Do: func(c *op.Call, in Handover) (out HandedOver, err error) {
		portal, me, err := sure(c, access.PortalTransferSuper, in.Surely)
		if err != nil {
			return out, err
		}
		to, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(to.Thing(), to.Name, map[string]any{"from": me.Name, "to": to.Name})
		full, err := identity.IsFullAdmin(c, c.Tx, to, c.Now)
		switch {
		case err != nil:
			return out, err
		case to.ID == me.ID:
			return out, fail.New(fail.Conflict, "You are the super administrator already.")
		case !full || !to.Archived.IsZero():
			return out, fail.Wrong("account", "Choose a full administrator of the portal, who is not archived.")
		}
		if err := identity.TransferSuper(c, c.Tx, portal, me, to, c.Now); err != nil {
			return out, err
		}
		return HandedOver{Person{to.ID, to.Name}, to.Name}, tellBoth(c, portal, me, to)
	},
}

// tellBoth tells by mail who was and who is the super administrator, so that neither finds out late.
func tellBoth(c *op.Call, portal store.Portal, from, to store.Account) error {
	text := from.Name + " handed over the status of super administrator of " + portal.Name + " to " + to.Name + " on " + c.Now.UTC().Format("2 January 2006, 15:04") +
		" UTC. Only the super administrator can delete the portal, and hand the status on; " + from.Name + " stays a full administrator.\n\n" + c.Env.PortalURL(portal) + "/portal\n"
	for _, a := range []store.Account{from, to} {
		if a.Email == "" {
			continue
		}
		if err := store.Enqueue(c, c.Tx, portal.ID, a.Email, "The super administrator of "+portal.Name, "Hello "+a.Name+",\n\n"+text, c.Now); err != nil {
			return err
		}
	}
	return nil
}

// PortalEnd asks to delete the portal.
type PortalEnd struct{ Surely }

// Check checks the fields.
func (in PortalEnd) Check() error {
	var wrong fail.Fields
	in.check(&wrong)
	return wrong.Err()
}

// PortalDeleted is a portal that was deleted. Times are in UTC.
type PortalDeleted struct {
	Name    string    `json:"name"`
	Deleted time.Time `json:"deleted"`
	Final   time.Time `json:"final" doc:"Until then its super administrator can restore it; then it is gone for ever."`
}

// DeletePortal closes the portal to everybody. Its super administrator can restore it for 30 days (SA-2).
var DeletePortal = &op.Op[PortalEnd, PortalDeleted]{
	Name:    "portal.delete",
	Route:   "POST /portal/delete",
	Doc:     "Deletes the portal. For 30 days its super administrator can restore it; then all that is in it is gone for ever.",
	Needs:   []*access.Permission{access.PortalDelete, access.AccountList},
	Prepare: func(c *op.Call, in *PortalEnd) error { return confirm(c, access.PortalDelete, &in.Surely) },
	Do: func(c *op.Call, in PortalEnd) (out PortalDeleted, err error) {
		portal, me, err := sure(c, access.PortalDelete, in.Surely)
		if err != nil {
			return out, err
		}
		c.Audit(portal.Thing(), portal.Name, nil)
		if err := network.PortalGone(c, c.Tx, portal, c.By(), c.Now); err != nil {
			return out, err
		}
		portal.Deleted = c.Now
		if err := identity.DeletePortal(c, c.Tx, portal, c.Who.Session, c.Now); err != nil {
			return out, err
		}
		out = PortalDeleted{portal.Name, portal.Deleted, portal.FinalAt()}
		if me.Email == "" {
			return out, nil
		}
		body := "Hello " + me.Name + ",\n\nyou deleted the portal " + portal.Name + ". It answers nobody any more. Until " + out.Final.UTC().Format("2 January 2006, 15:04") +
			" UTC you, and nobody else, can restore it here:\n\n" + c.Env.PortalURL(portal) + "/portal/deleted\n\nAfter that all that is in it is gone for ever.\n"
		return out, store.Enqueue(c, c.Tx, portal.ID, me.Email, "You deleted "+portal.Name, body, c.Now)
	},
}

// ShowDeleted tells its super administrator until when a deleted portal can be restored.
var ShowDeleted = &op.Op[struct{}, PortalDeleted]{
	Name:        "portal.show_deleted",
	Route:       "GET /portal/deleted",
	Doc:         "Tells until when a deleted portal can be restored.",
	Needs:       []*access.Permission{access.PortalDelete},
	PageOnly:    true,
	WhenDeleted: true,
	Do: func(c *op.Call, _ struct{}) (out PortalDeleted, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.PortalDelete))
		if err == nil && portal.Deleted.IsZero() {
			err = fail.Missing("page")
		}
		return PortalDeleted{portal.Name, portal.Deleted, portal.FinalAt()}, err
	},
}

// RestorePortal opens a deleted portal again, as it was.
var RestorePortal = &op.Op[struct{}, Person]{
	Name:        "portal.restore",
	Route:       "POST /portal/restore",
	Doc:         "Restores a portal that was deleted no longer than 30 days ago.",
	Needs:       []*access.Permission{access.PortalDelete},
	PageOnly:    true,
	WhenDeleted: true,
	Do: func(c *op.Call, _ struct{}) (out Person, err error) {
		portal, err := store.FindPortal(c, c.Tx, c.May(access.PortalDelete))
		if err != nil {
			return out, err
		}
		c.Audit(portal.Thing(), portal.Name, nil)
		if portal.Deleted.IsZero() {
			return out, fail.New(fail.Conflict, "The portal is not deleted.")
		}
		return Person{portal.ID, portal.Name}, identity.RestorePortal(c, c.Tx, portal, c.Now)
	},
}
