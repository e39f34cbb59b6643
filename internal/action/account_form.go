package action

import (
	"slices"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/secret"
	"provost/internal/store"
)

// NewPerson is a person to be added.
type NewPerson struct {
	Name         string          `json:"name" doc:"The person's name."`
	Username     string          `json:"username" doc:"What they sign in with."`
	Email        string          `json:"email,omitempty" doc:"Their e-mail address."`
	Code         string          `json:"code,omitempty" doc:"What another system calls them."`
	Organization db.ID           `json:"organization,omitempty" doc:"The organization they will be in; the portal's default if left out."`
	Types        []access.RoleID `json:"types,omitempty" doc:"The account types they will hold there; learner if left out."`
	Until        string          `json:"until,omitempty" doc:"The last day of the account types, as 2026-12-31 (UTC); for ever if left out."`
	For          string          `json:"for,omitempty" doc:"How long the account types last, instead of a last day: 1d, 2w or 3m."`

	issued, hash string
}

// Check checks the fields.
func (in NewPerson) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	form.Username(&wrong, "username", in.Username)
	form.Email(&wrong, "email", in.Email)
	form.Line(&wrong, "code", in.Code, 100)
	checkTypes(&wrong, "types", in.Types)
	return wrong.Err()
}

// checkTypes checks that there are such account types. There is one super administrator, whom nobody adds (PT-3).
func checkTypes(wrong *fail.Fields, field string, types []access.RoleID) {
	for _, t := range types {
		if _, made := access.CustomID(t); (!access.AccountTypes.Has(t) && !made) || access.OnlyTransferred.Has(t) {
			wrong.Add(field, "There is no such account type to give.")
			return
		}
	}
}

// PersonAdded is a person who was added. The password is shown this once, and kept nowhere.
type PersonAdded struct {
	ID       db.ID  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Password string `json:"password" doc:"The password that was issued: it is shown this once."`
}

// AddAccount adds a person with a password that is issued once (CO-4).
var AddAccount = &op.Op[NewPerson, PersonAdded]{
	Name:  "account.add",
	Route: "POST /accounts",
	Doc:   "Adds a person, and issues their first password.",
	Needs: []*access.Permission{access.AccountAdd, access.AccountSetFull},
	Prepare: func(c *op.Call, in *NewPerson) (err error) {
		in.issued, in.hash, err = issue(c, access.AccountAdd)
		return err
	},
	Do: func(c *op.Call, in NewPerson) (out PersonAdded, err error) {
		org, err := organizationOf(c, in.Organization)
		if err != nil {
			return out, err
		}
		in.Name, in.Code = form.Tidy(in.Name), strings.TrimSpace(in.Code)
		wrong, err := store.TakenBy(c, c.Tx, c.Who.Portal, 0, in.Username, in.Email, in.Code)
		if err != nil {
			return out, err
		}
		if err := wrong.Err(); err != nil {
			return out, err
		}
		a, err := store.CreateAccount(c, c.Tx, org, store.NewAccount{Name: in.Name, Username: in.Username, Email: in.Email, Code: in.Code, Password: in.hash, Issued: true}, c.Now)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"organization": org.Name, "username": a.Username, "types": in.Types, "until": in.Until + in.For})
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		return PersonAdded{a.ID, a.Name, a.Username, in.issued}, giveTypes(c, a, org, in.Types, until)
	},
}

// organizationOf is where a new person goes: the portal's default organization where none is named.
func organizationOf(c *op.Call, id db.ID) (store.Organization, error) {
	if id != 0 {
		return store.FindOrganization(c, c.Tx, c.May(access.AccountAdd), id)
	}
	org, err := store.DefaultOrganization(c, c.Tx, c.May(access.AccountAdd))
	if fail.Is(err, fail.NotFound) && c.May(access.AccountAdd).Any() {
		return org, fail.Wrong("organization", "Choose an organization.")
	}
	return org, err
}

// issue makes a password by the portal's policy, and its hash, for who holds a permission at all: hashing costs too much
// to be had by those whom the operation refuses anyway. Theirs is the empty hash, which nothing verifies.
func issue(c *op.Call, p *access.Permission) (password, hash string, err error) {
	var portal store.Portal
	may := c.Who.System != ""
	err = c.Read(func(tx *db.Tx) error {
		if c.Who.System == "" {
			actor, err := c.Env.Cache.LoadActor(c, tx, c.Who.Portal, c.Who.Account, c.Now)
			if err != nil {
				return err
			}
			may = actor.May(p).Any()
		}
		portal, err = store.PortalOf(c, tx, c.Who.Portal)
		return err
	})
	if err != nil || !may {
		return "", "", err
	}
	password = secret.Policy{MinLength: portal.Settings.PasswordMin}.Issue()
	hash, err = c.Env.Hasher.Hash(c, password)
	return password, hash, err
}

// giveTypes begins account types for a person in their organization; learner where none is named. What the actor does
// not hold there is refused when the operation ends (PT-2), and who is an administrator is account.set_full's (XA-3).
func giveTypes(c *op.Call, a store.Account, org store.Organization, types []access.RoleID, until time.Time) error {
	if len(types) == 0 {
		types = []access.RoleID{access.Learner}
	}
	place := org.PlaceThing()
	for _, t := range slices.Compact(slices.Sorted(slices.Values(types))) {
		role := rulesOf(c).Role(t)
		if role == nil || !role.Type() {
			return fail.Wrong("types", "There is no such account type to give.")
		}
		if !role.MayBeAt(place.Kind) {
			return fail.Wrong("types", "{role} is held in the whole portal only.", "role", fail.Term(role.Title))
		}
		if thing := a.Thing(); role.Full() && c.May(access.AccountSetFull).Has(&thing) == nil {
			return store.NotAllowed(c.May(access.AccountSetFull))
		}
		if err := store.Begin(c, c.Tx, store.NewGrant{Account: a.ID, Role: t, At: place, Since: c.Now, Until: until, By: c.By()}); err != nil {
			return err
		}
	}
	return nil
}

// PersonChange is what is known of a person, changed.
type PersonChange struct {
	Account db.ID  `path:"account" doc:"The person."`
	Name    string `json:"name" doc:"Their name."`
	// Username and Email are left as they are where nil, as for those who may not see them.
	Username *string `json:"username,omitempty" doc:"What they sign in with; left out, it stays as it is."`
	Email    *string `json:"email,omitempty" doc:"Their e-mail address; left out, it stays as it is."`
	Code     string  `json:"code,omitempty" doc:"What another system calls them."`
}

// Check checks the fields.
func (in PersonChange) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	if in.Username != nil {
		form.Username(&wrong, "username", *in.Username)
	}
	if in.Email != nil {
		form.Email(&wrong, "email", *in.Email)
	}
	form.Line(&wrong, "code", in.Code, 100)
	return wrong.Err()
}

// EditAccount changes what is known of a person (PT-1).
var EditAccount = &op.Op[PersonChange, Named]{
	Name:  "account.edit",
	Route: "PUT /accounts/{account}",
	Doc:   "Changes a person's name, user name, e-mail address and code.",
	Needs: []*access.Permission{access.AccountEdit, access.AccountViewLogin, access.AccountViewIDs},
	Do: func(c *op.Call, in PersonChange) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountEdit), in.Account)
		if err != nil {
			return out, err
		}
		was := a
		if err := changeLogin(c, &a, in); err != nil {
			return out, err
		}
		a.Name = form.Tidy(in.Name)
		if thing := a.Thing(); in.Code != "" || c.May(access.AccountViewIDs).Has(&thing) != nil { // who does not see it does not empty it
			a.Code = strings.TrimSpace(in.Code)
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"was": details(was), "now": details(a)})
		wrong, err := store.TakenBy(c, c.Tx, c.Who.Portal, a.ID, a.Username, a.Email, a.Code)
		if err != nil {
			return out, err
		}
		if err := wrong.Err(); err != nil {
			return out, err
		}
		return Named{a.ID, a.Name}, store.SaveAccount(c, c.Tx, a)
	},
}

// changeLogin sets the login details that were given. Who may not see them does not change them either.
func changeLogin(c *op.Call, a *store.Account, in PersonChange) error {
	named, mailed := in.Username != nil && *in.Username != a.Username, in.Email != nil && *in.Email != a.Email
	if !named && !mailed {
		return nil
	}
	if _, err := store.FindAccount(c, c.Tx, c.May(access.AccountViewLogin), a.ID); err != nil {
		return err
	}
	if named {
		a.Username = *in.Username
	}
	if !mailed {
		return nil
	}
	a.Email = *in.Email
	return store.DropResets(c, c.Tx, *a)
}

func details(a store.Account) map[string]string {
	return map[string]string{"name": a.Name, "username": a.Username, "email": a.Email, "code": a.Code}
}
