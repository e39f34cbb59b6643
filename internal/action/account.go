package action

import (
	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/named"
)

// Named is something with its name, where another thing tells of it.
type Named struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
}

// AccountQuery asks for a part of the list of people.
type AccountQuery struct {
	Query    string `query:"q" doc:"The beginnings of words of a name; a user name, an e-mail address or a code where you may see it."`
	Org      db.ID  `query:"organization" doc:"Only people of this organization and those below it."`
	Team     db.ID  `query:"team" doc:"Only people of this team."`
	Archived bool   `query:"archived" doc:"Those who are archived, instead of those who are not."`
	After    string `query:"after" doc:"The next of another page."`
	Before   string `query:"before" doc:"The prev of another page."`
	Size     int    `query:"size" doc:"How many to return, 200 at most; 50 if left out."`
}

// AccountItem is a person in a list.
type AccountItem struct {
	ID   db.ID  `json:"id"`
	Name string `json:"name"`
	shown.Details
	Organization Named   `json:"organization"`
	Teams        []Named `json:"teams"`
	Archived     bool    `json:"archived"`
}

// AccountPage is a part of the list of people.
type AccountPage struct {
	Items []AccountItem `json:"items"`
	Next  string        `json:"next,omitempty"`
	Prev  string        `json:"prev,omitempty"`
	Total int           `json:"total" doc:"How many there are; counting stops at 1000."`
	// Organization and Team name what narrows the list.
	Organization *Named `json:"organization,omitempty"`
	Team         *Named `json:"team,omitempty"`
}

// ListAccounts are the people whom one may see, a page at a time.
var ListAccounts = &op.Op[AccountQuery, AccountPage]{
	Name:  "account.list",
	Route: "GET /accounts",
	Doc:   "Lists the people whom you may see, by name.",
	Needs: shown.And(access.AccountList, access.OrganizationList, access.TeamList),
	Do: func(c *op.Call, in AccountQuery) (out AccountPage, err error) {
		if in.Org != 0 {
			o, err := store.FindOrganization(c, c.Tx, c.May(access.OrganizationList), in.Org)
			if err != nil {
				return out, err
			}
			out.Organization = &Named{o.ID, o.Name}
		}
		if in.Team != 0 {
			t, err := store.FindTeam(c, c.Tx, c.May(access.TeamList), in.Team)
			if err != nil {
				return out, err
			}
			out.Team = &Named{t.ID, t.Name}
		}
		filter := shown.Search(c, in.Query)
		filter.Org, filter.Team, filter.Archived = in.Org, in.Team, in.Archived
		list, err := store.ListAccounts(c, c.Tx, c.May(access.AccountList), filter, store.Page{After: in.After, Before: in.Before, Size: in.Size})
		if err != nil {
			return out, err
		}
		out.Next, out.Prev, out.Total = list.Next, list.Prev, list.Total
		out.Items, err = accountItems(c, list.Items)
		return out, err
	},
}

// accountItems shows people as the actor may see them: teams that they know of, and details that are theirs to see.
func accountItems(c *op.Call, people []store.Account) ([]AccountItem, error) {
	var ids []db.ID
	for _, a := range people {
		ids = append(ids, a.Teams...)
	}
	names, err := store.TeamNames(c, c.Tx, c.May(access.TeamList), ids)
	if err != nil {
		return nil, err
	}
	details, err := shown.Of(c, people)
	if err != nil {
		return nil, err
	}
	out := make([]AccountItem, len(people))
	for i, a := range people {
		out[i] = AccountItem{ID: a.ID, Name: a.Name, Details: details[a.ID], Organization: Named{a.Org, a.OrgName}, Teams: []Named{}, Archived: !a.Archived.IsZero()}
		for _, id := range a.Teams {
			if name, ok := names[id]; ok {
				out[i].Teams = append(out[i].Teams, Named{id, name})
			}
		}
	}
	return out, nil
}

// PeopleLines are lines that name people, as somebody typed or pasted them.
type PeopleLines struct {
	Accounts []db.ID  `query:"account" doc:"People, by id, found before those of the lines."`
	Lines    []string `query:"line" doc:"A whole name each; a user name, an e-mail address or a code where you may see it."`
}

// PeopleResolved are the people that some lines name.
type PeopleResolved struct {
	Found []AccountItem `json:"found"`
	// Problems are the lines that name nobody, several people, or somebody again: "line 3".
	Problems []fail.Field `json:"problems"`
}

// ResolveAccounts finds the people that the lines of a pasted list name.
var ResolveAccounts = &op.Op[PeopleLines, PeopleResolved]{
	Name:  "account.resolve",
	Route: "GET /accounts/resolve",
	Doc:   "Finds the people that the lines of a list name, and says which lines name nobody.",
	Needs: shown.And(access.AccountList, access.TeamList),
	Do: func(c *op.Call, in PeopleLines) (out PeopleResolved, err error) {
		chosen, err := store.FindAccounts(c, c.Tx, c.May(access.AccountList), in.Accounts)
		if err != nil {
			return out, err
		}
		found, problems, err := named.People(c, c.Tx, c.May(access.AccountList), in.Lines)
		if err != nil {
			return out, err
		}
		found = append(chosen, found...)
		out.Problems = append([]fail.Field{}, problems...)
		out.Found, err = accountItems(c, found)
		return out, err
	},
}

var accountOps = []op.Any{ListAccounts, ResolveAccounts, ListAccountTypes, ShowAccount, ViewLogin, AddAccount, EditAccount, SetAccountTypes,
	MoveAccount, ArchiveAccount, RestoreAccount, IssuePassword}
