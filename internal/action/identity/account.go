package identity

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/identity"
)

var accountOps = []op.Any{DeleteAccount, EraseAccount, MergeAccounts}

// AccountRef names a person.
type AccountRef struct {
	Account db.ID `path:"account" doc:"The person."`
}

// AccountDeleted is a person who was deleted. Times are in UTC.
type AccountDeleted struct {
	ID    db.ID     `json:"id"`
	Name  string    `json:"name"`
	Final time.Time `json:"final" doc:"Until then they can be restored; then they are erased."`
}

// DeleteAccount closes the portal to a person, who is erased 30 days later unless they are restored (CO-4).
var DeleteAccount = &op.Op[AccountRef, AccountDeleted]{
	Name:  "account.delete",
	Route: "DELETE /accounts/{account}",
	Doc:   "Deletes a person. For 30 days they can be restored; then their name and details are erased, and their records stay under a pseudonym.",
	Needs: []*access.Permission{access.AccountDelete},
	Do: func(c *op.Call, in AccountRef) (out AccountDeleted, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountDelete), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), a.Name, nil)
		switch {
		case a.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "You cannot delete yourself.")
		case !a.Deleted.IsZero():
			return out, fail.New(fail.Conflict, "They are deleted already.")
		}
		return AccountDeleted{a.ID, a.Name, c.Now.Add(store.AccountKept)}, identity.DeleteAccount(c, c.Tx, a, 0, c.Now)
	},
}

// Erasure asks to erase a person at once.
type Erasure struct {
	Account  db.ID  `path:"account" doc:"The person."`
	Username string `json:"username" doc:"Their user name, typed once more: it cannot be undone."`
}

// Check bounds the text.
func (in Erasure) Check() error {
	if in.Username == "" || len(in.Username) > 1000 {
		return fail.Wrong("username", "Type their user name.")
	}
	return nil
}

// Erased is what a person who was erased is called.
type Erased struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name" doc:"The pseudonym that their records stand under."`
}

// EraseAccount removes a person's name and details at once and for ever; their records stay, under a pseudonym (CO-4).
var EraseAccount = &op.Op[Erasure, Erased]{
	Name:  "account.erase",
	Route: "POST /accounts/{account}/erase",
	Doc:   "Erases a person's name and details, for ever. Their records stay, under a pseudonym.",
	Needs: []*access.Permission{access.AccountDelete},
	Do: func(c *op.Call, in Erasure) (out Erased, err error) {
		a, err := store.FindAccount(c, c.Tx, c.May(access.AccountDelete), in.Account)
		if err != nil {
			return out, err
		}
		c.Audit(a.Thing(), identity.Pseudonym(a.ID), nil)
		switch {
		case a.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "You cannot erase yourself.")
		case !a.Erased.IsZero():
			return out, fail.New(fail.Conflict, "They are erased already.")
		case db.Key(strings.TrimSpace(in.Username)) != db.Key(a.Username):
			return out, fail.Wrong("username", "This is not their user name.")
		}
		a, err = identity.EraseAccount(c, c.Tx, a, c.Now)
		return Erased{a.ID, a.Name}, err
	},
}

// Merger asks to merge two accounts of one person.
type Merger struct {
	Account db.ID `path:"account" doc:"The account that stays."`
	Other   db.ID `json:"other" doc:"The account whose enrolments, teams, groups and roles move to it, and which is deleted."`
}

// Check checks the fields.
func (in Merger) Check() error {
	if in.Other == 0 {
		return fail.Wrong("other", "Choose the account that is merged into this one.")
	}
	if in.Other == in.Account {
		return fail.Wrong("other", "This is the same account.")
	}
	return nil
}

// Merged is what a merge moves, and what it does not.
type Merged struct {
	ID    db.ID  `json:"id"`
	Name  string `json:"name"`
	Other string `json:"other" doc:"What the account is called that is deleted."`

	Enrolments int `json:"enrolments" doc:"Enrolments that move, with their results."`
	Doubled    int `json:"doubled" doc:"Enrolments that stay with the deleted account, since both are in the course."`
	Teams      int `json:"teams"`
	Groups     int `json:"access_groups"`
	Grants     int `json:"grants" doc:"Other roles that move."`
	Policies   int `json:"policies" doc:"Policies that are bound to the account that stays instead."`
	Had        int `json:"had" doc:"Roles that it had already."`
	Ended      int `json:"ended" doc:"Account types that end, since they were held in another organization."`
	Over       int `json:"over" doc:"Rights of others over the person that move."`
}

// MergeAccounts moves all that one account of a person holds to another, and deletes it: whole or not at all. Its preview says
// what moves (CO-4). Both must be the actor's to merge (PT-1), and what moves theirs to give (PT-2).
var MergeAccounts = &op.Op[Merger, Merged]{
	Name:  "account.merge",
	Route: "POST /accounts/{account}/merge",
	Doc:   "Merges another account of the same person into this one, with its enrolments, teams, groups and roles.",
	Needs: []*access.Permission{access.AccountMerge},
	Do: func(c *op.Call, in Merger) (out Merged, err error) {
		to, err := store.FindAccount(c, c.Tx, c.May(access.AccountMerge), in.Account)
		if err != nil {
			return out, err
		}
		from, err := store.FindAccount(c, c.Tx, c.May(access.AccountMerge), in.Other)
		if err != nil {
			return out, err
		}
		c.Audit(to.Thing(), to.Name, map[string]any{"merged": from.Name, "username": from.Username, "id": from.ID})
		switch {
		case from.ID == c.Who.Account:
			return out, fail.New(fail.Conflict, "You cannot merge yourself into somebody else.")
		case !to.Archived.IsZero():
			return out, fail.New(fail.Conflict, "The account that stays is archived. Restore it first.")
		case !from.Deleted.IsZero():
			return out, fail.New(fail.Conflict, "The other account is deleted. Restore it first.")
		}
		m, err := identity.Merge(c, c.Tx, from, to, c.By(), c.Now)
		return Merged{to.ID, to.Name, from.Name, m.Enrolments, m.Doubled, m.Teams, m.Groups, m.Grants, m.Policies, m.Had, m.Ended, m.Over}, err
	},
}
