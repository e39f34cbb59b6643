// Package shown says what of a person the reader of an answer may see, beside the name: how they sign in, and their ID. Every
// operation that tells of people asks here, so that nobody's login details leave the server by another way (MO-1, XA-3, PT-1).
package shown

import (
	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
)

// Needs are the permissions that an operation needs to show details.
var Needs = []*access.Permission{access.AccountViewLogin, access.AccountViewIDs}

// And are some permissions, by the first of which a page is opened, with Needs.
func And(perms ...*access.Permission) []*access.Permission { return append(perms, Needs...) }

// Details are what not everybody who sees a person sees of them. What is hidden is left out.
type Details struct {
	Username string `json:"username,omitempty"`
	Email    string `json:"email,omitempty"`
	// LoginHidden: the reader may not see user name and e-mail address.
	LoginHidden bool `json:"login_hidden" doc:"You may not see this person's login details."`
	// Code is what another system calls the person: a learner's ID.
	Code string `json:"code,omitempty"`
	// CodeHidden: the reader may not see learners' IDs here.
	CodeHidden bool `json:"code_hidden" doc:"You may not see this person's ID."`
}

// Tell is what tells people of one name apart, of what the reader may see: the user name, or else the ID; empty for neither.
func (d Details) Tell() string {
	if d.Username != "" {
		return d.Username
	}
	return d.Code
}

// Of are the details of people, by ID, as far as the actor may see each: login details where account.view_login reaches the
// person and its protection does not forbid it, the ID where account.view_ids does.
func Of(c *op.Call, people []store.Account) (map[db.ID]Details, error) {
	login, err := store.Unprotected(c, c.Tx, c.May(access.AccountViewLogin), people)
	out := make(map[db.ID]Details, len(people))
	for _, a := range people {
		thing := a.Thing()
		d := Details{LoginHidden: !login[a.ID], CodeHidden: c.May(access.AccountViewIDs).Has(&thing) == nil}
		if !d.LoginHidden {
			d.Username, d.Email = a.Username, a.Email
		}
		if !d.CodeHidden {
			d.Code = a.Code
		}
		out[a.ID] = d
	}
	return out, err
}

// One is Of for one person.
func One(c *op.Call, a store.Account) (Details, error) {
	all, err := Of(c, []store.Account{a})
	return all[a.ID], err
}

// ByID is Of for people whose IDs alone are at hand, those who are archived too.
func ByID(c *op.Call, ids []db.ID) (map[db.ID]Details, error) {
	people, err := store.EveryAccount(c, c.Tx, c.Who.Portal, ids, c.Now)
	if err != nil {
		return nil, err
	}
	return Of(c, people)
}

// Search is a filter of people by a text, which finds login details and IDs only where the actor may see them.
func Search(c *op.Call, query string) store.AccountFilter {
	return store.AccountFilter{Query: query, Login: c.May(access.AccountViewLogin), IDs: c.May(access.AccountViewIDs)}
}
