package people

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/kin"
)

var relationOps = []op.Any{ListRelations, AddRelation, EndRelation, ListFriends, AskFriend, AnswerFriend, EndFriend}

// Relation is what one person is to another.
type Relation struct {
	ID    db.ID         `json:"id"`
	Role  access.RoleID `json:"role" doc:"One of parent_of, manager_of, mentor_of, friend_of."`
	Title string        `json:"title"`
	// Who is it, to whom.
	Who   Someone    `json:"who"`
	Whom  Someone    `json:"whom"`
	Since time.Time  `json:"since"`
	Until *time.Time `json:"until,omitempty"`
	// MayEnd: the reader may end it.
	MayEnd bool `json:"may_end"`
}

// OfPerson names a person.
type OfPerson struct {
	Account db.ID `path:"account" doc:"The person."`
}

// Relations are what a person is to others, and others to them.
type Relations struct {
	Account Someone    `json:"account"`
	Items   []Relation `json:"items"`
	// Hidden is how many more there are, with people whom the reader may not see.
	Hidden int `json:"hidden,omitempty"`
	// MayAdd: the reader may say who is the person's parent, manager and mentor.
	MayAdd bool `json:"may_add"`
}

var relationNeeds = []*access.Permission{access.AccountRelate, access.AccountList}

// ListRelations are the relations of a person, to those who set them and to the person themselves; with whom the reader may
// not see, they are counted only.
var ListRelations = &op.Op[OfPerson, Relations]{
	Name:  "account.list_relations",
	Route: "GET /accounts/{account}/relations",
	Doc:   "Lists who is a person's parent, manager, mentor or friend, and whose they are.",
	Needs: relationNeeds,
	Do: func(c *op.Call, in OfPerson) (out Relations, err error) {
		within := c.May(access.AccountRelate)
		if in.Account == c.Actor.Account {
			within = c.May(access.AccountList)
		}
		a, err := store.FindAccount(c, c.Tx, within, in.Account)
		if err != nil {
			return out, err
		}
		thing := a.Thing()
		out = Relations{Account: Someone{a.ID, a.Name}, Items: []Relation{}, MayAdd: c.May(access.AccountRelate).Has(&thing) != nil}
		list, err := kin.RelationsOf(c, c.Tx, a, c.Now)
		if err != nil {
			return out, err
		}
		out.Items, out.Hidden, err = relationsShown(c, a, list)
		return out, err
	},
}

// relationsShown names the people of relations, those whom the actor may see.
func relationsShown(c *op.Call, a store.Account, list []kin.Relation) (items []Relation, hidden int, err error) {
	ids := make([]db.ID, len(list))
	for i, r := range list {
		ids[i] = other(r, a.ID)
	}
	seen, err := store.VisibleAccounts(c, c.Tx, c.May(access.AccountList), ids)
	if err != nil {
		return nil, 0, err
	}
	things := map[db.ID]access.Thing{a.ID: a.Thing()}
	names := map[db.ID]string{a.ID: a.Name}
	for _, s := range seen {
		names[s.ID], things[s.ID] = s.Name, s.Thing()
	}
	items = []Relation{}
	for i, r := range list {
		if names[ids[i]] == "" {
			hidden++
			continue
		}
		one := Relation{ID: r.ID, Role: r.Role, Title: access.Builtin(r.Role).Title, Who: Someone{r.Who, names[r.Who]}, Whom: Someone{r.Whom, names[r.Whom]}, Since: r.Since}
		if !r.Until.IsZero() {
			one.Until = &r.Until
		}
		whom := things[r.Whom]
		one.MayEnd = access.GivenRelations.Has(r.Role) && c.May(access.AccountRelate).Has(&whom) != nil
		items = append(items, one)
	}
	return items, hidden, nil
}

func other(r kin.Relation, than db.ID) db.ID {
	if r.Who == than {
		return r.Whom
	}
	return r.Who
}

// NewRelation says what somebody shall be to a person.
type NewRelation struct {
	Account db.ID         `path:"account" doc:"The child, direct report or mentee."`
	Role    access.RoleID `json:"role" doc:"One of parent_of, manager_of, mentor_of."`
	Person  db.ID         `json:"person" doc:"The parent, manager or mentor."`
	Until   string        `json:"until,omitempty" doc:"The last day that they are that, as 2026-12-31 (UTC); for ever if left out."`
	For     string        `json:"for,omitempty" doc:"How long from now, instead of a last day: 1d, 2w or 3m."`
}

// Check checks the fields.
func (in NewRelation) Check() error {
	var wrong fail.Fields
	if !access.GivenRelations.Has(in.Role) {
		wrong.Add("role", "Choose what they shall be.")
	}
	if in.Person == 0 {
		wrong.Add("person", "Choose a person.")
	}
	return wrong.Err()
}

// AddRelation makes somebody a person's parent, manager or mentor: by who may say so over the person, and holds there what
// the relation gives (PT-2).
var AddRelation = &op.Op[NewRelation, Relation]{
	Name:  "account.add_relation",
	Route: "POST /accounts/{account}/relations",
	Doc:   "Makes somebody a person's parent, manager or mentor.",
	Needs: relationNeeds,
	Do: func(c *op.Call, in NewRelation) (out Relation, err error) {
		whom, err := store.FindAccount(c, c.Tx, c.May(access.AccountRelate), in.Account)
		if err != nil {
			return out, err
		}
		who, err := store.FindAccount(c, c.Tx, c.May(access.AccountList), in.Person)
		if err != nil {
			return out, err
		}
		role := access.Builtin(in.Role)
		c.Audit(whom.Thing(), whom.Name, map[string]any{"relation": in.Role, "person": who.Name, "until": in.Until + in.For})
		until, err := form.Until(in.Until, in.For, c.Now)
		if err != nil {
			return out, err
		}
		if who.ID == whom.ID {
			return out, fail.Wrong("person", "Nobody is that to themselves.")
		}
		id := db.NewID()
		out = Relation{ID: id, Role: in.Role, Title: role.Title, Who: Someone{who.ID, who.Name}, Whom: Someone{whom.ID, whom.Name}, Since: c.Now, MayEnd: true}
		if !until.IsZero() {
			out.Until = &until
		}
		return out, store.Begin(c, c.Tx, store.NewGrant{ID: id, Account: who.ID, Role: in.Role, At: whom.Thing(), Since: c.Now, Until: until, By: c.By()})
	},
}

// RelationID names a relation over a person.
type RelationID struct {
	Account  db.ID `path:"account" doc:"The child, direct report or mentee."`
	Relation db.ID `path:"relation" doc:"The relation."`
}

// EndRelation ends what somebody is to a person.
var EndRelation = &op.Op[RelationID, Someone]{
	Name:  "account.end_relation",
	Route: "DELETE /accounts/{account}/relations/{relation}",
	Doc:   "Ends what somebody is to a person: their parent, manager or mentor.",
	Needs: relationNeeds,
	Do: func(c *op.Call, in RelationID) (out Someone, err error) {
		whom, err := store.FindAccount(c, c.Tx, c.May(access.AccountRelate), in.Account)
		if err != nil {
			return out, err
		}
		r, err := kin.FindRelation(c, c.Tx, whom, in.Relation, c.Now)
		if err != nil {
			return out, err
		}
		c.Audit(whom.Thing(), whom.Name, map[string]any{"ended": r.Role})
		if !access.GivenRelations.Has(r.Role) {
			return out, fail.New(fail.Conflict, "A friendship is ended by the friends themselves.")
		}
		_, err = store.End(c, c.Tx, store.GrantFilter{Portal: whom.Portal, ID: r.ID}, c.By(), c.Now)
		return Someone{whom.ID, whom.Name}, err
	},
}
