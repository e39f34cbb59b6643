package tenant

import (
	"strings"
	"time"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

// NewAlert is an alert to be raised.
type NewAlert struct {
	Organization db.ID     `json:"organization,omitempty" doc:"Whose payment it is about; the whole portal's if left out."`
	Title        string    `json:"title" doc:"What it is, in a line."`
	Text         string    `json:"text,omitempty" doc:"More about it, as plain text."`
	Reference    string    `json:"reference,omitempty" doc:"What you call it: the same is raised once."`
	Due          time.Time `json:"due,omitzero" doc:"When something is due."`
}

// Check names what is wrong with the input.
func (in NewAlert) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "title", in.Title)
	form.Line(&wrong, "reference", in.Reference, 100)
	if utf8.RuneCountInString(in.Text) > 4000 || strings.ContainsFunc(in.Text, func(r rune) bool { return r != '\n' && r != '\r' && form.Hidden(r) }) {
		wrong.Add("text", "This text is too long, or no text.")
	}
	return wrong.Err()
}

// RaiseAlert raises an alert: it stands on the page of the plan, and is mailed to the billing contacts of the organization and
// of those above it (BC-1). It has a permission of its own, for the provider's program, which needs no other.
var RaiseAlert = &op.Op[NewAlert, Alert]{
	Name:  "plan.raise_alert",
	Route: "POST /plans/alerts",
	Doc:   "Raises an alert of a payment, and mails it to the billing contacts. It is for the provider's program.",
	Needs: []*access.Permission{access.PlanRaiseAlert},
	Do: func(c *op.Call, in NewAlert) (out Alert, err error) {
		o, err := planOrg(c, access.PlanRaiseAlert, in.Organization)
		if err != nil {
			return out, err
		}
		if known, err := tenant.AlertOf(c, c.Tx, c.Who.Portal, in.Reference); !fail.Is(err, fail.NotFound) {
			c.Audit(o.Thing(), o.Name, map[string]any{"reference": in.Reference, "again": true})
			return alertOf(known), err
		}
		a, err := tenant.AddAlert(c, c.Tx, o, tenant.Alert{Title: form.Tidy(in.Title), Body: strings.TrimSpace(in.Text), Reference: in.Reference, Due: in.Due}, c.By(), c.Now)
		if err != nil {
			return out, err
		}
		told, err := mailAlert(c, o, a)
		c.Audit(o.Thing(), o.Name, map[string]any{"title": a.Title, "reference": a.Reference, "told": told})
		return alertOf(a), err
	},
}

// mailAlert tells the billing contacts, and how many there were.
func mailAlert(c *op.Call, o store.Organization, a tenant.Alert) (told int, err error) {
	portal, err := store.PortalOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return 0, err
	}
	list, counts, err := countedContacts(c, o)
	if err != nil {
		return 0, err
	}
	sent := map[string]bool{}
	for _, x := range list {
		if !counts[x.Account][x.Place] || x.Email == "" || sent[x.Email] {
			continue
		}
		sent[x.Email] = true
		body := "Hello " + x.Name + ",\n\n" + a.Title + "\n"
		if a.Body != "" {
			body += "\n" + a.Body + "\n"
		}
		if !a.Due.IsZero() {
			body += "\nDue: " + a.Due.UTC().Format("2 January 2006") + "\n"
		}
		body += "\nThis is about " + o.Name + ". You are a billing contact: the plan is at\n" + c.Env.PortalURL(portal) + "/plans?organization=" + o.ID.String() + "\n"
		if err := store.Enqueue(c, c.Tx, c.Who.Portal, x.Email, form.Tidy(portal.Shown()+": "+a.Title), body, c.Now); err != nil {
			return len(sent), err
		}
	}
	return len(sent), nil
}

// AlertPath names an alert.
type AlertPath struct {
	Alert db.ID `path:"alert" doc:"The alert."`
}

// SettleAlert ends an alert: what it was about is paid.
var SettleAlert = &op.Op[AlertPath, Alert]{
	Name:  "plan.settle_alert",
	Route: "POST /plans/alerts/{alert}/settle",
	Doc:   "Settles an alert of a payment: it stands no more. It is for the provider's program.",
	Needs: []*access.Permission{access.PlanRaiseAlert},
	Do: func(c *op.Call, in AlertPath) (Alert, error) {
		a, err := tenant.FindAlert(c, c.Tx, c.May(access.PlanRaiseAlert), in.Alert)
		if err != nil {
			return Alert{}, err
		}
		c.Audit(access.Thing{Kind: access.Organization, ID: a.Org}, a.OrgName, map[string]any{"title": a.Title, "reference": a.Reference})
		if !a.Settled.IsZero() {
			return Alert{}, fail.New(fail.Conflict, "It is settled already.")
		}
		a.Settled = c.Now
		return alertOf(a), tenant.SettleAlert(c, c.Tx, a, c.Now)
	},
}

// NewContact is somebody to be a billing contact.
type NewContact struct {
	Account      db.ID `json:"account" doc:"An administrator of the portal, or of the organization."`
	Organization db.ID `json:"organization,omitempty" doc:"The organization; the whole portal if left out."`
}

// ContactPath names a billing contact.
type ContactPath struct {
	Account      db.ID `path:"account" doc:"The billing contact."`
	Organization db.ID `json:"organization,omitempty" doc:"The organization; the whole portal if left out."`
}

// Check names what is missing.
func (in NewContact) Check() error {
	if in.Account == 0 {
		return fail.Wrong("account", "Choose somebody.")
	}
	return nil
}

var contactNeeds = []*access.Permission{access.PortalConfigure, access.PortalViewPlan, access.AccountList}

// AddContact makes an administrator a billing contact. Nobody else can be one (BC-1): without an administrator's type the grant
// would not count, and it counts no longer than the type does.
var AddContact = &op.Op[NewContact, NamedThing]{
	Name:  "plan.add_contact",
	Route: "POST /plans/contacts",
	Doc:   "Makes an administrator of the portal or of an organization a billing contact there.",
	Needs: contactNeeds,
	Do: func(c *op.Call, in NewContact) (out NamedThing, err error) {
		a, o, err := contactAt(c, in.Account, in.Organization)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"organization": o.Name})
		if err := store.Begin(c, c.Tx, store.NewGrant{Account: a.ID, Role: access.BillingContact, At: o.PlaceThing(), Since: c.Now, By: c.By()}); err != nil {
			return out, err
		}
		_, counts, err := countedContacts(c, o)
		thing := o.PlaceThing()
		if err == nil && !counts[a.ID][thing.Place()] {
			err = fail.Wrong("account", "Only full administrators of the portal, and administrators of the organization, can be billing contacts.")
		}
		return NamedThing{a.ID, a.Name}, err
	},
}

// contactAt finds the person, and the organization whose billing contact they are or shall be.
func contactAt(c *op.Call, account, org db.ID) (a store.Account, o store.Organization, err error) {
	if _, err = store.FindPortal(c, c.Tx, c.May(access.PortalConfigure)); err != nil {
		return a, o, err
	}
	if o, err = planOrg(c, access.PortalViewPlan, org); err != nil {
		return a, o, err
	}
	a, err = store.FindAccount(c, c.Tx, c.May(access.AccountList), account)
	return a, o, err
}

// RemoveContact ends that somebody is a billing contact.
var RemoveContact = &op.Op[ContactPath, NamedThing]{
	Name:  "plan.remove_contact",
	Route: "POST /plans/contacts/{account}/remove",
	Doc:   "Ends that somebody is a billing contact.",
	Needs: contactNeeds,
	Do: func(c *op.Call, in ContactPath) (out NamedThing, err error) {
		a, o, err := contactAt(c, in.Account, in.Organization)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"organization": o.Name})
		thing := o.PlaceThing()
		n, err := store.End(c, c.Tx, store.GrantFilter{Portal: o.Portal, Account: a.ID, Roles: billing, Place: thing.Place()}, c.By(), c.Now)
		if err == nil && n == 0 {
			err = fail.New(fail.Conflict, "They are no billing contact there.")
		}
		return NamedThing{a.ID, a.Name}, err
	},
}
