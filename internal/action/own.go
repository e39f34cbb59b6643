package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

var ownOps = []op.Any{ShowOwn, RenameOwn}

// Own is one's own account, as one sees it.
type Own struct {
	ID           db.ID  `json:"id"`
	Name         string `json:"name"`
	Username     string `json:"username"`
	Email        string `json:"email"`
	Organization string `json:"organization"`
	// PasswordIssued: the password is one that somebody else chose.
	PasswordIssued bool      `json:"password_issued"`
	SignedIn       time.Time `json:"signed_in"`
}

// ShowOwn shows one's own account.
var ShowOwn = &op.Op[struct{}, Own]{
	Name:  "account.show_own",
	Route: "GET /account",
	Doc:   "Shows one's own account.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, _ struct{}) (Own, error) {
		me, err := own(c, access.AccountEditOwn)
		return Own{me.ID, me.Name, me.Username, me.Email, me.OrgName, me.PasswordIssued, me.SignedIn}, err
	},
}

// OwnName is a new name for oneself.
type OwnName struct {
	Name string `json:"name" doc:"The name that others see."`
}

// Check bounds the name.
func (in OwnName) Check() error {
	var wrong fail.Fields
	form.Name(&wrong, "name", in.Name)
	return wrong.Err()
}

// RenameOwn changes one's own name.
var RenameOwn = &op.Op[OwnName, Own]{
	Name:  "account.rename_own",
	Route: "PUT /account",
	Doc:   "Changes one's own name.",
	Needs: []*access.Permission{access.AccountEditOwn},
	Do: func(c *op.Call, in OwnName) (Own, error) {
		me, err := own(c, access.AccountEditOwn)
		if err != nil {
			return Own{}, err
		}
		c.Audit(me.Thing(), me.Name, map[string]any{"name": in.Name})
		me.Name = form.Tidy(in.Name)
		return Own{me.ID, me.Name, me.Username, me.Email, me.OrgName, me.PasswordIssued, me.SignedIn}, store.RenameAccount(c, c.Tx, me)
	},
}
