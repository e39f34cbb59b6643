package tenant

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/tenant"
)

var planOps = []op.Any{ShowPlan, SetPlan, RaiseAlert, SettleAlert, AddContact, RemoveContact}

// PlanQuery says of what the plan is shown.
type PlanQuery struct {
	Organization db.ID `query:"organization" doc:"The organization; the whole portal, or the first organization whose plan you may see, if left out."`
}

// PlanShown is what the portal, or one organization, may use and does.
type PlanShown struct {
	Name string `json:"name"`
	// Place is the organization that is shown; Whole: it is the portal.
	Place NamedThing `json:"place"`
	Whole bool       `json:"whole"`
	// Places are all whose plan one may see.
	Places    []NamedThing `json:"places"`
	PaidUntil time.Time    `json:"paid_until,omitzero"`
	Items     []PlanItem   `json:"items"`
	// Counted is when Used was counted.
	Counted time.Time `json:"counted"`
	Alerts  []Alert   `json:"alerts"`
	// Contacts are the billing contacts that one may see.
	Contacts []BillingContact `json:"contacts"`
	// MayContacts: one may choose billing contacts. MaySet, MayRaise: one may set the plan, and raise and settle alerts.
	MayContacts bool `json:"may_contacts"`
	MaySet      bool `json:"may_set"`
	MayRaise    bool `json:"may_raise"`
}

// PlanItem is one kind of thing that the plan counts.
type PlanItem struct {
	Kind string `json:"kind" doc:"accounts (without archived ones), organizations, teams, courses or enrolments."`
	Used int64  `json:"used"`
	// Limit is nil where there is none.
	Limit *int64 `json:"limit,omitempty" doc:"How many there may be; left out where there is no limit."`
}

// Alert is an alert of a payment.
type Alert struct {
	ID           db.ID      `json:"id"`
	Organization NamedThing `json:"organization"`
	Title        string     `json:"title"`
	Text         string     `json:"text"`
	Reference    string     `json:"reference,omitempty"`
	Due          time.Time  `json:"due,omitzero"`
	Raised       time.Time  `json:"raised"`
	Settled      time.Time  `json:"settled,omitzero"`
}

func alertOf(a tenant.Alert) Alert {
	return Alert{a.ID, NamedThing{a.Org, a.OrgName}, a.Title, a.Body, a.Reference, a.Due, a.Raised, a.Settled}
}

// BillingContact is one who is told of payment alerts.
type BillingContact struct {
	Account NamedThing `json:"account"`
	// Place is the organization, or the portal, whose contact they are.
	Place NamedThing `json:"place"`
	// Counts is false where they administer nothing there any more: then they are told nothing, and open nothing.
	Counts bool `json:"counts"`
}

// ShowPlan shows what the portal may use and does, and the alerts of its payments (BC-1, CO-6). Its figures were counted by a
// job, so that the page costs the same in a large portal.
var ShowPlan = &op.Op[PlanQuery, PlanShown]{
	Name:  "plan.show",
	Route: "GET /plans",
	Doc:   "Shows what the portal, or one organization, may use and does, its payment alerts, and its billing contacts.",
	Needs: []*access.Permission{access.PortalViewPlan, access.PortalConfigure, access.AccountList, access.PlanSet, access.PlanRaiseAlert},
	Do: func(c *op.Call, in PlanQuery) (out PlanShown, err error) {
		within := c.May(access.PortalViewPlan)
		if out.Places, err = planPlaces(c); err != nil {
			return out, err
		}
		if in.Organization == 0 && len(out.Places) > 0 {
			in.Organization = out.Places[0].ID
		}
		if in.Organization == 0 {
			return out, store.NotAllowed(within)
		}
		o, err := store.FindOrganization(c, c.Tx, within, in.Organization)
		if err != nil {
			return out, err
		}
		thing, root := o.Thing(), access.Thing{Kind: access.Portal, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
		out.Place, out.Whole = NamedThing{o.ID, o.Name}, o.Parent == 0
		out.MaySet, out.MayRaise = c.May(access.PlanSet).Has(&thing) != nil, c.May(access.PlanRaiseAlert).Has(&thing) != nil
		out.MayContacts = c.May(access.PortalConfigure).Has(&root) != nil
		if err := out.count(c, o); err != nil {
			return out, err
		}
		alerts, err := tenant.ListAlerts(c, c.Tx, within, o)
		if err != nil {
			return out, err
		}
		out.Alerts = make([]Alert, len(alerts))
		for i, a := range alerts {
			out.Alerts[i] = alertOf(a)
		}
		out.Contacts, err = contactsShown(c, o)
		return out, err
	},
}

// planPlaces are the portal, or else the organizations, whose plan one may see by a grant there.
func planPlaces(c *op.Call) ([]NamedThing, error) {
	names := map[access.Place]string{}
	places := c.May(access.PortalViewPlan).Places()
	for i, p := range places {
		if p.Kind == access.Portal {
			places = places[i : i+1]
			names = map[access.Place]string{p: ""}
			break
		}
		names[p] = ""
	}
	out := []NamedThing{}
	err := store.NamePlaces(c, c.Tx, names)
	for _, p := range places {
		if p.Kind == access.Portal || p.Kind == access.Organization {
			out = append(out, NamedThing{p.ID, names[p]})
		}
	}
	return out, err
}

// count fills in the plan and what is used. The limits are the whole portal's, and so shown with its figures alone.
func (out *PlanShown) count(c *op.Call, o store.Organization) error {
	plan, err := tenant.PlanOf(c, c.Tx, c.Who.Portal)
	if err != nil {
		return err
	}
	usage, err := tenant.UsageOf(c, c.Tx, o, c.Now)
	if err != nil {
		return err
	}
	out.Name, out.PaidUntil, out.Counted = plan.Name, plan.PaidUntil, usage.Counted
	for _, kind := range tenant.Kinds {
		item := PlanItem{Kind: kind, Used: usage.Counts[kind]}
		if limit, ok := plan.Limits[kind]; ok && out.Whole {
			item.Limit = &limit
		}
		out.Items = append(out.Items, item)
	}
	return nil
}

// contactsShown are the billing contacts of an organization and of those above it, as far as the actor sees people.
func contactsShown(c *op.Call, o store.Organization) ([]BillingContact, error) {
	list, counts, err := countedContacts(c, o)
	if err != nil {
		return nil, err
	}
	names := map[access.Place]string{}
	for _, x := range list {
		names[x.Place] = ""
	}
	if err := store.NamePlaces(c, c.Tx, names); err != nil {
		return nil, err
	}
	out := []BillingContact{}
	for _, x := range list {
		_, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), x.Account)
		if fail.Is(err, fail.NotFound) || fail.Is(err, fail.NotAllowed) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, BillingContact{NamedThing{x.Account, x.Name}, NamedThing{x.Place.ID, names[x.Place]}, counts[x.Account][x.Place]})
	}
	return out, nil
}

// countedContacts are the billing contacts that have an organization in their care, and the places where their grants count:
// where they are administrators still.
func countedContacts(c *op.Call, o store.Organization) ([]tenant.Contact, map[db.ID]map[access.Place]bool, error) {
	list, err := tenant.Contacts(c, c.Tx, o, c.Now)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	ids := make([]db.ID, len(list))
	for i, x := range list {
		ids[i] = x.Account
	}
	rules, err := store.LoadRules(c, c.Tx, c.Who.Portal)
	if err != nil {
		return nil, nil, err
	}
	people, err := store.LoadActors(c, c.Tx, rules, ids, c.Now)
	counts := map[db.ID]map[access.Place]bool{}
	for _, a := range people {
		counts[a.Account] = map[access.Place]bool{}
		for _, g := range a.Grants() {
			if access.Roles(billing).Has(g.Role) {
				counts[a.Account][g.Place] = true
			}
		}
	}
	return list, counts, err
}

var billing = access.Roles{access.BillingContact}

// PlanChange is what the plan shall hold.
type PlanChange struct {
	Name      string    `json:"name" doc:"The plan's name."`
	Limits    []Limit   `json:"limits,omitempty" doc:"How many of each kind there may be; a kind that is left out has no limit."`
	PaidUntil time.Time `json:"paid_until,omitzero" doc:"Until when it is paid; left out where that is open."`
}

// Limit is how many of a kind there may be.
type Limit struct {
	Kind string `json:"kind" doc:"accounts, organizations, teams, courses or enrolments."`
	Most int64  `json:"most" doc:"How many there may be."`
}

// Check names what is wrong with the input.
func (in PlanChange) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	for _, l := range in.Limits {
		if !strings.Contains(" "+strings.Join(tenant.Kinds, " ")+" ", " "+l.Kind+" ") || l.Most < 0 || l.Most > 1e12 {
			wrong.Add("limits", "A limit is of accounts, organizations, teams, courses or enrolments, and no less than 0.")
			break
		}
	}
	return wrong.Err()
}

// PlanNow is what the plan holds.
type PlanNow struct {
	Name   string  `json:"name"`
	Limits []Limit `json:"limits"`
}

// SetPlan sets what the portal may use: by the provider's program, or the super administrator.
var SetPlan = &op.Op[PlanChange, PlanNow]{
	Name:  "plan.set",
	Route: "PUT /plans",
	Doc:   "Sets what the portal may use. It is for the provider's program, which holds the role “Payment provider”.",
	Needs: []*access.Permission{access.PlanSet},
	Do: func(c *op.Call, in PlanChange) (PlanNow, error) {
		root, err := planOrg(c, access.PlanSet, 0)
		if err != nil {
			return PlanNow{}, err
		}
		plan := tenant.Plan{Name: form.Tidy(in.Name), Limits: map[string]int64{}, PaidUntil: in.PaidUntil}
		for _, l := range in.Limits {
			plan.Limits[l.Kind] = l.Most
		}
		c.Audit(root.PlaceThing(), root.Name, map[string]any{"name": plan.Name, "limits": plan.Limits, "paid_until": in.PaidUntil})
		return PlanNow{plan.Name, append([]Limit{}, in.Limits...)}, tenant.SetPlan(c, c.Tx, c.Who.Portal, plan, c.Now)
	},
}

// planOrg finds an organization by a permission, the whole portal for zero: that it is there is no secret.
func planOrg(c *op.Call, p *access.Permission, id db.ID) (store.Organization, error) {
	if root := (access.Thing{Kind: access.Organization, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}); id == 0 {
		if id = root.ID; c.May(p).Has(&root) == nil {
			return store.Organization{}, store.NotAllowed(c.May(p))
		}
	}
	return store.FindOrganization(c, c.Tx, c.May(p), id)
}
