package people

import (
	"slices"

	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/kin"
)

var catalogOps = []op.Any{Catalog}

// CatalogQuery asks for a part of the Users catalog.
type CatalogQuery struct {
	View   string `query:"view" doc:"full or restricted; the widest that is open to you if left out."`
	Query  string `query:"q" doc:"The beginnings of words of a name; a user name, an e-mail address or a code where you may see it."`
	Org    db.ID  `query:"organization" doc:"Only people of this organization and those below it."`
	Type   string `query:"type" doc:"Only those who hold this account type; administrators for administrators of the portal."`
	After  string `query:"after" doc:"The next of another page."`
	Before string `query:"before" doc:"The prev of another page."`
	Size   int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// The two forms of the catalog.
const (
	FullView       = "full"
	RestrictedView = "restricted"
)

// TypeTile is an account type, with how many of the people in the catalog hold it.
type TypeTile struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	Count int    `json:"count" doc:"Counting stops at 1000."`
	// More: there are, or may be, more than were counted.
	More bool `json:"more,omitempty"`
}

// CatalogPerson is a person as the catalog shows them.
type CatalogPerson struct {
	ID           db.ID   `json:"id"`
	Name         string  `json:"name"`
	Organization Someone `json:"organization"`
	// Administers are the organizations that the person administers.
	Administers []string `json:"administers,omitempty"`
	// Relations are what the reader is to the person: parent_of, say.
	Relations []access.RoleID `json:"relations,omitempty"`
	shown.Details
	// Open: the person's own page is open to you.
	Open bool `json:"open"`
}

// CatalogPage is a part of the Users catalog.
type CatalogPage struct {
	View string `json:"view"`
	// Views are those that are open to the reader.
	Views []string        `json:"views"`
	Tiles []TypeTile      `json:"tiles"`
	Items []CatalogPerson `json:"items"`
	// Administrators are those of the portal and of one's organization, for those who see few others.
	Administrators []CatalogPerson `json:"administrators,omitempty"`
	Organization   *Someone        `json:"organization,omitempty"`
	Next           string          `json:"next,omitempty"`
	Prev           string          `json:"prev,omitempty"`
	Total          int             `json:"total" doc:"How many there are; counting stops at 1000, and -1 says that nobody counted."`
}

// Catalog is the Users catalog: full, or restricted to those whom one may see as what one is.
var Catalog = &op.Op[CatalogQuery, CatalogPage]{
	Name:  "account.browse",
	Route: "GET /people",
	Doc:   "Opens the Users catalog: people by account type, with a search; full, or restricted to those whom you may see.",
	Needs: shown.And(access.AccountBrowseAll, access.AccountBrowseRestricted, access.AccountList, access.AccountSeeAdmins, access.OrganizationList,
		access.AccountSetFull),
	Do: func(c *op.Call, in CatalogQuery) (out CatalogPage, err error) {
		within, err := catalogWithin(c, in.View, &out)
		if err != nil {
			return out, err
		}
		tiles, sets := catalogTiles(c)
		filter := shown.Search(c, in.Query)
		filter.Org = in.Org
		if in.Org != 0 {
			o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Org)
			if err != nil {
				return out, err
			}
			out.Organization = &Someone{o.ID, o.Name}
		}
		if in.Type != "" {
			i := slices.IndexFunc(tiles, func(t TypeTile) bool { return t.Type == in.Type })
			if i < 0 {
				return out, fail.Wrong("type", "There is no such account type.")
			}
			filter.Types = sets[i]
		}
		list, err := store.ListAccounts(c, c.Tx, within, filter, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Next, out.Prev, out.Total = list.Next, list.Prev, list.Total
		if out.Items, err = catalogPeople(c, list.Items); err != nil {
			return out, err
		}
		if out.Tiles, err = countTiles(c, within, tiles, sets); err != nil {
			return out, err
		}
		if out.View == RestrictedView && !c.May(access.AccountList).Opens() {
			ids, err := kin.Administrators(c, c.Tx, c.May(access.AccountSeeAdmins), ownOrganization(c), c.Actor.Rules().Off)
			if err != nil {
				return out, err
			}
			admins, err := store.OtherAccounts(c, c.Tx, c.Who.Portal, ids, c.Now)
			if err != nil {
				return out, err
			}
			out.Administrators, err = catalogPeople(c, admins)
			return out, err
		}
		return out, nil
	},
}

// ownOrganization is the actor's own organization.
func ownOrganization(c *op.Call) access.Thing {
	t := access.Thing{Kind: access.Organization, ID: c.Who.Portal, Portal: c.Who.Portal, Org: c.Who.Portal}
	if list := c.Actor.Grants(); len(list) > 0 { // the last is that on their own account
		t.ID, t.Org = list[len(list)-1].Org, list[len(list)-1].Org
	}
	return t
}

// catalogWithin are the people of the view that was asked for, or of the widest that is open.
func catalogWithin(c *op.Call, view string, out *CatalogPage) (access.Within, error) {
	all := c.May(access.AccountBrowseAll)
	me := access.Thing{Kind: access.Account, ID: c.Who.Account, Portal: c.Who.Portal, Org: ownOrganization(c).Org}
	out.Views = []string{}
	if all.Any() {
		out.Views = append(out.Views, FullView)
	}
	if c.May(access.AccountBrowseRestricted).Has(&me) != nil {
		out.Views = append(out.Views, RestrictedView)
	}
	if len(out.Views) == 0 {
		return all, store.NotAllowed(c.May(access.AccountBrowseRestricted))
	}
	if out.View = view; view == "" {
		out.View = out.Views[0]
	}
	switch {
	case out.View != FullView && out.View != RestrictedView:
		return all, fail.Wrong("view", "There is no such view.")
	case out.View == FullView && slices.Contains(out.Views, FullView):
		return all, nil
	case out.View == FullView:
		return all, store.NotAllowed(all)
	case !slices.Contains(out.Views, RestrictedView):
		return all, store.NotAllowed(c.May(access.AccountBrowseRestricted))
	}
	return c.May(access.AccountList), nil
}

// administrators is the tile of full and partial administrators together, for those who may not know who is which (XA-3).
const administrators = "administrators"

// catalogTiles are the account types that are on, each as a tile.
func catalogTiles(c *op.Call) (tiles []TypeTile, sets []access.Roles) {
	rules, apart := c.Actor.Rules(), c.May(access.AccountSetFull).Everywhere()
	for _, role := range rules.Types() {
		if rules.IsOff(role) {
			continue
		}
		if !role.Full() || apart {
			tiles, sets = append(tiles, TypeTile{Type: string(role.ID), Title: role.Title}), append(sets, access.Roles{role.ID})
			continue
		}
		i := slices.IndexFunc(tiles, func(t TypeTile) bool { return t.Type == administrators })
		if i < 0 {
			i = len(tiles)
			tiles, sets = append(tiles, TypeTile{Type: administrators, Title: "Portal administrator"}), append(sets, nil)
		}
		sets[i] = append(sets[i], role.ID)
	}
	return tiles, sets
}

func countTiles(c *op.Call, within access.Within, tiles []TypeTile, sets []access.Roles) ([]TypeTile, error) {
	counts, err := store.CountTypes(c, c.Tx, within, sets)
	out := []TypeTile{}
	for i, n := range counts {
		if n == 0 {
			continue
		}
		t := tiles[i]
		t.Count, t.More = max(n, 0), n < 0 || n >= store.CountLimit
		out = append(out, t)
	}
	return out, err
}

// catalogPeople shows people as the catalog does: with login details and IDs where the actor may see them.
func catalogPeople(c *op.Call, list []store.Account) ([]CatalogPerson, error) {
	details, err := shown.Of(c, list)
	if err != nil {
		return nil, err
	}
	ids := make([]db.ID, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	runs, err := kin.Administered(c, c.Tx, c.Who.Portal, ids, c.Now)
	relations := ownRelations(c)
	out := make([]CatalogPerson, len(list))
	for i, a := range list {
		thing := a.Thing()
		out[i] = CatalogPerson{ID: a.ID, Name: a.Name, Organization: Someone{a.Org, a.OrgName}, Administers: runs[a.ID], Relations: relations[a.ID],
			Details: details[a.ID], Open: c.May(access.AccountList).Has(&thing) != nil}
	}
	return out, err
}

// ownRelations are what the actor is to people.
func ownRelations(c *op.Call) map[db.ID][]access.RoleID {
	out := map[db.ID][]access.RoleID{}
	for _, g := range c.Actor.Grants() {
		if access.Relations.Has(g.Role) && !slices.Contains(out[g.Place.ID], g.Role) {
			out[g.Place.ID] = append(out[g.Place.ID], g.Role)
		}
	}
	return out
}
