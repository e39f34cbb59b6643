package action

import (
	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// AccountID names a person.
type AccountID struct {
	Account db.ID `path:"account" doc:"The person."`
}

// AccountMove says into which organization a person shall move.
type AccountMove struct {
	Account      db.ID `path:"account" doc:"The person."`
	Organization db.ID `json:"organization" doc:"The organization they will be in."`
}

// Check checks the fields.
func (in AccountMove) Check() error {
	if in.Organization == 0 {
		return fail.Wrong("organization", "Choose an organization.")
	}
	return nil
}

// MoveAccount moves a person, with their account types and enrolments, to another organization: by who may edit them, and
// add people there.
var MoveAccount = &op.Op[AccountMove, Named]{
	Name:  "account.move",
	Route: "POST /accounts/{account}/move",
	Doc:   "Moves a person to another organization, with their account types and enrolments.",
	Needs: []*access.Permission{access.AccountEdit, access.AccountAdd},
	Do: func(c *op.Call, in AccountMove) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountEdit), in.Account)
		if err != nil {
			return out, err
		}
		to, err := store.FindOrganization(c, c.Tx, c.May(access.AccountAdd), in.Organization)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"from": a.OrgName, "to": to.Name})
		if a.Org == to.ID {
			return out, fail.New(fail.Conflict, "They are in this organization already.")
		}
		_, err = store.MoveAccount(c, c.Tx, a, to, c.By(), c.Now)
		return Named{a.ID, a.Name}, err
	},
}

// ArchiveAccount hides a person, and ends their sessions at once. Nobody archives themselves: so the super administrator,
// whom nobody else reaches, is never archived (SA-3).
var ArchiveAccount = &op.Op[AccountID, Named]{
	Name:  "account.archive",
	Route: "POST /accounts/{account}/archive",
	Doc:   "Archives a person: they are hidden, and cannot sign in, until they are restored.",
	Needs: []*access.Permission{access.AccountArchive},
	Do: func(c *op.Call, in AccountID) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountArchive), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, nil)
		switch {
		case a.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "You cannot archive yourself.")
		case !a.Archived.IsZero():
			return out, fail.New(fail.Conflict, "They are archived already.")
		}
		return Named{a.ID, a.Name}, store.ArchiveAccount(c, c.Tx, a, c.Now)
	},
}

// RestoreAccount takes a person out of the archive.
var RestoreAccount = &op.Op[AccountID, Named]{
	Name:  "account.restore",
	Route: "POST /accounts/{account}/restore",
	Doc:   "Takes a person out of the archive.",
	Needs: []*access.Permission{access.AccountArchive},
	Do: func(c *op.Call, in AccountID) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountArchive), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, nil)
		if a.Archived.IsZero() {
			return out, fail.New(fail.Conflict, "They are not archived.")
		}
		return Named{a.ID, a.Name}, store.RestoreAccount(c, c.Tx, a, c.Now)
	},
}

// PasswordReset asks for a new password for a person.
type PasswordReset struct {
	Account db.ID `path:"account" doc:"The person."`

	issued, hash string
}

// PasswordIssued is a password that was issued. It is shown this once.
type PasswordIssued struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	// Username is left out for those who may not see login details.
	Username string `json:"username,omitempty"`
	Password string `json:"password" doc:"The password that was issued: it is shown this once."`
}

// IssuePassword issues a new password for a person, and ends their sessions (PT-1).
var IssuePassword = &op.Op[PasswordReset, PasswordIssued]{
	Name:  "account.reset_password",
	Route: "POST /accounts/{account}/password",
	Doc:   "Issues a new password for a person, and ends their sessions.",
	Needs: shown.And(access.AccountResetPassword),
	Prepare: func(c *op.Call, in *PasswordReset) (err error) {
		in.issued, in.hash, err = issue(c, access.AccountResetPassword)
		return err
	},
	Do: func(c *op.Call, in PasswordReset) (out PasswordIssued, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountResetPassword), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, nil)
		if a.ID == c.Who.Account {
			return out, fail.New(fail.Conflict, "Change your own password on the page of your account, where it asks for the present one.")
		}
		if err := store.SetPassword(c, c.Tx, a.ID, in.hash, true, c.Now); err != nil {
			return out, err
		}
		if err := store.DropResets(c, c.Tx, a); err != nil {
			return out, err
		}
		if _, err := store.EndSessions(c, c.Tx, a, 0); err != nil {
			return out, err
		}
		d, err := shown.One(c, a)
		return PasswordIssued{a.ID, a.Name, d.Username, in.issued}, err
	},
}

// AccountTypesChange says which account types a person shall hold.
type AccountTypesChange struct {
	Account db.ID           `path:"account" doc:"The person."`
	Types   []access.RoleID `json:"types" doc:"The account types that they will hold in their organization."`
	Until   string          `json:"until,omitempty" doc:"The last day of those that begin now, as 2026-12-31 (UTC); for ever if left out."`
	For     string          `json:"for,omitempty" doc:"How long those that begin now last, instead of a last day: 1d, 2w or 3m."`
}

// Check checks the fields.
func (in AccountTypesChange) Check() error {
	var wrong fail.Fields
	checkTypes(&wrong, "types", in.Types)
	return wrong.Err()
}

// SetAccountTypes makes the account types that a person holds in their organization exactly these. The actor must be able
// to give each that begins (PT-2), and to edit the person as they were (PT-1).
var SetAccountTypes = &op.Op[AccountTypesChange, Named]{
	Name:  "account.set_types",
	Route: "PUT /accounts/{account}/types",
	Doc:   "Sets the account types that a person holds in their organization.",
	Needs: []*access.Permission{access.AccountEdit, access.AccountSetFull, access.AccountAdd},
	Do: func(c *op.Call, in AccountTypesChange) (out Named, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountEdit), in.Account)
		if err != nil {
			return out, err
		}
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		has, err := store.AccountTypes(c, c.Tx, a, c.Now)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, map[string]any{"was": has, "now": in.Types})
		org, err := store.FindOrganization(c, c.Tx, c.May(access.AccountAdd), a.Org)
		if err != nil {
			return out, err
		}
		var ends, begins []access.RoleID
		for _, t := range has {
			if !access.Roles(in.Types).Has(t) {
				ends = append(ends, t)
			}
		}
		for _, t := range in.Types {
			if !has.Has(t) {
				begins = append(begins, t)
			}
		}
		if err := endTypes(c, a, ends); err != nil || len(begins) == 0 {
			return Named{a.ID, a.Name}, err
		}
		return Named{a.ID, a.Name}, giveTypes(c, a, org, begins, until)
	},
}

// endTypes ends account types. The super administrator's is handed over, never ended (PT-3).
func endTypes(c *op.Call, a store.Account, types access.Roles) error {
	for _, t := range types {
		if access.OnlyTransferred.Has(t) {
			return fail.New(fail.Conflict, "The super administrator hands the status over, and never lays it down.")
		}
		if thing := a.Thing(); rulesOf(c).Role(t).Full() && c.May(access.AccountSetFull).Has(&thing) == nil {
			return store.NotAllowed(c.May(access.AccountSetFull))
		}
	}
	if len(types) == 0 {
		return nil
	}
	_, err := store.End(c, c.Tx, store.GrantFilter{Portal: c.Who.Portal, Account: a.ID, Roles: types, Place: a.Home(), Direct: true}, c.By(), c.Now)
	return err
}
