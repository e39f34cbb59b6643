package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

// AccountShown is one person, as the actor may see them.
type AccountShown struct {
	AccountItem
	Created time.Time `json:"created"`
	// Final is when a deleted person is erased, Erased when they were; left out where they are not.
	Final  time.Time `json:"final,omitzero" doc:"Until then a deleted person can be restored."`
	Erased time.Time `json:"erased,omitzero" doc:"When the person's name and details were erased."`
	// Types are the account types held in the person's organization; TypesHidden: the actor may not see which.
	Types       []TypeItem `json:"types"`
	TypesHidden bool       `json:"types_hidden"`
	// MailsReset: the actor may have a link mailed to them to set a new password.
	MailsReset bool `json:"mails_reset" doc:"You may have a link to set a new password mailed to them, at their own address."`
	// May is what the actor may do here. What they may do to nobody is left out.
	May []Deed `json:"may"`
}

// TypeItem is an account type.
type TypeItem struct {
	ID    access.RoleID `json:"id"`
	Title string        `json:"title"`
	Doc   string        `json:"doc,omitempty"`
}

// Deed is something that the actor may do to a person, or the reason why not.
type Deed struct {
	Permission string `json:"permission"`
	Allowed    bool   `json:"allowed"`
	Reason     string `json:"reason,omitempty"`
	// Text is the reason before its values were put in.
	Text fail.Text `json:"-"`
}

// Allows tells whether a deed is allowed.
func (a AccountShown) Allows(p *access.Permission) bool {
	for _, d := range a.May {
		if d.Permission == p.Key {
			return d.Allowed
		}
	}
	return false
}

// deeds are what ShowAccount tells of.
var deeds = []*access.Permission{access.AccountLogInAs, access.AccountEdit, access.AccountArchive, access.AccountResetPassword, access.AccountViewLogin, access.PermissionExplain,
	access.AccountDelete, access.AccountMerge, access.AccountRelate}

// ShowAccount shows one person.
var ShowAccount = &op.Op[AccountID, AccountShown]{
	Name:  "account.show",
	Route: "GET /accounts/{account}",
	Doc:   "Shows a person, and what you may do to them.",
	Needs: []*access.Permission{access.AccountList, access.AccountViewIDs, access.TeamList, access.AccountEdit, access.AccountArchive, access.AccountResetPassword,
		access.AccountViewLogin, access.PermissionExplain, access.AccountSetFull, access.AccountLogInAs, access.AccountDelete, access.AccountMerge, access.AccountRelate},
	Do: func(c *op.Call, in AccountID) (out AccountShown, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Account)
		if err != nil {
			return out, err
		}
		items, err := accountItems(c, []store.Account{a})
		if err != nil {
			return out, err
		}
		them, err := store.LoadActors(c, c.Tx, c.Actor.Rules(), []db.ID{a.ID}, c.Now)
		if err != nil {
			return out, err
		}
		out = AccountShown{AccountItem: items[0], Created: a.Created, Types: []TypeItem{}, May: []Deed{}}
		if out.Erased = a.Erased; !a.Deleted.IsZero() {
			out.Final = a.Deleted.Add(store.AccountKept)
		}
		for _, p := range deeds {
			if d, show := deed(c, p, a, them); show {
				out.May = append(out.May, d)
			}
		}
		thing := a.Thing()
		out.MailsReset = a.ID != c.Who.Account && a.Archived.IsZero() && c.May(access.AccountResetPassword).Has(&thing) != nil
		if out.TypesHidden = !out.Allows(access.PermissionExplain); out.TypesHidden {
			return out, nil
		}
		out.Types, err = typesShown(c, a)
		return out, err
	},
}

func deed(c *op.Call, p *access.Permission, a store.Account, them []*access.Actor) (d Deed, show bool) {
	d.Permission = p.Key
	if !c.May(p).Any() {
		return d, false
	}
	if thing := a.Thing(); c.May(p).Has(&thing) == nil {
		return d.not(fail.Say("Your role reaches other people, not this one.")), c.May(p).Opens()
	}
	for _, other := range them {
		if lack := c.Actor.Protects(p, other); lack != nil {
			if c.Who.Behind != 0 {
				return d.not(fail.Say("This is closed while you act as another person.")), true
			}
			if other.Visits {
				return d.not(store.Visiting), true
			}
			return d.not(inTheWay(c, lack)), true
		}
	}
	d.Allowed = true
	return d, true
}

// inTheWay says which right of theirs protects somebody, and where they have it: a team elsewhere, as often as not (PT-1).
func inTheWay(c *op.Call, lack *access.Lack) fail.Text {
	what := fail.Term(lack.Perm.Title)
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, []access.Place{lack.Place}, false)
	at := shown[lack.Place]
	switch {
	case err != nil || lack.Place.Kind == access.Portal || lack.Place.Kind == access.AccessGroup:
		return fail.Say("They may do what you may not: “{permission}”.", "permission", what)
	case at.Name == "":
		return fail.Say("They may do what you may not, in a place that you do not see: “{permission}”.", "permission", what)
	case lack.Place.Kind == access.Account:
		return fail.Say("They may do what you may not, with {person}: “{permission}”.", "person", at.Name, "permission", what)
	}
	return fail.Say("They may do what you may not, in {place}: “{permission}”.", "place", at.Name, "permission", what)
}

func (d Deed) not(why fail.Text) Deed { d.Reason, d.Text = why.String(), why; return d }

// typesShown are the account types of a person; who is a full or partial administrator only to those who may know (XA-3).
func typesShown(c *op.Call, a store.Account) ([]TypeItem, error) {
	types, err := store.AccountTypes(c, c.Tx, a, c.Now)
	out := []TypeItem{}
	thing := a.Thing()
	for _, t := range types {
		role := rulesOf(c).Role(t)
		if role.Full() && a.ID != c.Who.Account && c.May(access.AccountSetFull).Has(&thing) == nil {
			continue
		}
		out = append(out, TypeItem{t, role.Title, role.Doc})
	}
	return out, err
}

// TypesQuery asks which account types one may give in an organization.
type TypesQuery struct {
	Organization db.ID `query:"organization" doc:"The organization; the first in which you may add people if left out."`
}

// TypesToGive are account types that the actor may give in an organization.
type TypesToGive struct {
	Organization Named      `json:"organization"`
	Types        []TypeItem `json:"types"`
}

// ListAccountTypes lists the account types that one may give in an organization (PT-2).
var ListAccountTypes = &op.Op[TypesQuery, TypesToGive]{
	Name:  "account.list_types",
	Route: "GET /account_types",
	Doc:   "Lists the account types that you may give to people whom you add to an organization.",
	Needs: []*access.Permission{access.AccountAdd, access.AccountSetFull},
	Do: func(c *op.Call, in TypesQuery) (TypesToGive, error) {
		return typesAt(c, c.May(access.AccountAdd), in.Organization)
	},
}

// ListInvitationPlaces says where one may invite people first, and the account types that one may give there.
var ListInvitationPlaces = &op.Op[TypesQuery, TypesToGive]{
	Name:  "invitation.list_types",
	Route: "GET /invitation_types",
	Doc:   "Lists the account types that you may give to people whom you invite to an organization.",
	Needs: []*access.Permission{access.AccountInvite, access.AccountSetFull},
	Do: func(c *op.Call, in TypesQuery) (TypesToGive, error) {
		return typesAt(c, c.May(access.AccountInvite), in.Organization)
	},
}

func typesAt(c *op.Call, within access.Within, id db.ID) (out TypesToGive, err error) {
	var org store.Organization
	if id != 0 {
		org, err = store.FindOrganization(c, c.Tx, within, id)
	} else {
		org, err = firstOrganization(c, within)
	}
	if err != nil {
		return out, err
	}
	return TypesToGive{Named{org.ID, org.Name}, typesToGive(c, org)}, nil
}

// firstOrganization is where people go whom nobody puts anywhere: the portal's default organization, or, where a permission does
// not reach that, the first at the top of what it reaches.
func firstOrganization(c *op.Call, within access.Within) (o store.Organization, err error) {
	o, err = store.DefaultOrganization(c, c.Tx, within)
	if !fail.Is(err, fail.NotFound) && !fail.Is(err, fail.NotAllowed) {
		return o, err
	}
	top, err := store.ListOrganizations(c, c.Tx, within, store.OrganizationFilter{Top: true}, store.Page{Size: 1})
	if err != nil {
		return o, err
	}
	if len(top.Items) == 0 {
		return o, store.NotAllowed(within)
	}
	return top.Items[0], nil
}

// typesToGive are the account types that the actor may give in an organization.
func typesToGive(c *op.Call, org store.Organization) []TypeItem {
	out := []TypeItem{}
	place := org.PlaceThing()
	full := c.May(access.AccountSetFull).Everywhere()
	for _, role := range rulesOf(c).Types() {
		if access.OnlyTransferred.Has(role.ID) || rulesOf(c).IsOff(role) || !role.MayBeAt(place.Kind) || (role.Full() && !full) || c.Actor.Lacks(role.ID, place) != nil {
			continue
		}
		out = append(out, TypeItem{role.ID, role.Title, role.Doc})
	}
	return out
}

// Login are a person's login details (SPEC 6).
type Login struct {
	ID       db.ID  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Email    string `json:"email"`
	// SignedIn is the last sign-in; left out where there was none.
	SignedIn *time.Time `json:"signed_in,omitempty"`
	// PasswordIssued: the password is still the one that was issued.
	PasswordIssued bool `json:"password_issued"`
	// Methods are the ways to sign in.
	Methods []string `json:"methods"`
}

// ViewLogin shows a person's login details (PT-1).
var ViewLogin = &op.Op[AccountID, Login]{
	Name:  "account.view_login",
	Route: "GET /accounts/{account}/login",
	Doc:   "Shows a person's login details.",
	Needs: []*access.Permission{access.AccountViewLogin},
	Do: func(c *op.Call, in AccountID) (out Login, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountViewLogin), in.Account)
		if err != nil {
			return out, err
		}
		out = Login{ID: a.ID, Name: a.Name, Username: a.Username, Email: a.Email, PasswordIssued: a.PasswordIssued, Methods: []string{}}
		if !a.SignedIn.IsZero() {
			out.SignedIn = &a.SignedIn
		}
		login, err := store.LoginBy(c, c.Tx, c.Who.Portal, a.ID)
		if login.Password != "" {
			out.Methods = append(out.Methods, "password")
		}
		return out, err
	},
}
