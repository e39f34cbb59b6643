package grid

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
	grids "provost/internal/store/grid"
	"provost/internal/store/past"
)

// WhoQuery asks who may do something, or could on a past day (BE-3).
type WhoQuery struct {
	Permission string `query:"permission" doc:"What is done: a permission's key."`
	Kind       string `query:"kind" doc:"What kind of thing it is done to: organization, course, team, account or access_group; the whole portal if left out."`
	Thing      db.ID  `query:"thing" doc:"Which one."`
	At         string `query:"at" doc:"A past day, as 2026-03-02: who could then."`
	After      db.ID  `query:"after" doc:"The next of another page."`
}

// Check names what is wrong with the input.
func (in WhoQuery) Check() error {
	var wrong fail.Fields
	if _, ok := access.PermissionOf(in.Permission); !ok {
		wrong.Add("permission", "There is no such permission.")
	}
	if _, ok := access.KindOf(in.Kind); !ok && in.Kind != "" {
		wrong.Add("kind", "There is no such kind of thing.")
	}
	return wrong.Err()
}

// Able is somebody who may do it, by which role, held where and since when.
type Able struct {
	ID    db.ID     `json:"id"`
	Name  string    `json:"name"`
	Role  string    `json:"role"`
	Place string    `json:"place"`
	Since time.Time `json:"since"`
}

// AbleList is a page of people who may do something.
type AbleList struct {
	Permission string     `json:"permission"`
	Title      string     `json:"title"`
	Thing      string     `json:"thing"`
	At         *time.Time `json:"at,omitempty"`
	// KeptSince is set where At is before it: where people and organizations lay is known from then on.
	KeptSince *time.Time `json:"kept_since,omitempty"`
	Items     []Able     `json:"items"`
	Next      db.ID      `json:"next,omitzero"`
}

// whoSize is how many people are looked at for one page.
const whoSize = 200

// Who lists the people, of those whose access one may see, who may do something to a thing, now or on a past day.
var Who = &op.Op[WhoQuery, AbleList]{
	Name:  "permission.who",
	Route: "GET /who",
	Doc:   "Lists who may do something to a thing, or could on a past day: by which role, held where and since when.",
	Needs: []*access.Permission{access.PermissionExplain, access.AccountSetFull},
	Do: func(c *op.Call, in WhoQuery) (AbleList, error) {
		p, _ := access.PermissionOf(in.Permission)
		out := AbleList{Permission: p.Key, Title: p.Title, Items: []Able{}}
		if within := c.May(access.PermissionExplain); !within.Any() {
			return out, store.NotAllowed(within)
		}
		at, err := form.At("at", in.At, c.Now)
		if err != nil {
			return out, err
		}
		place := access.Place{Kind: access.Portal, ID: c.Who.Portal}
		if kind, ok := access.KindOf(in.Kind); ok && kind != access.Portal {
			place = access.Place{Kind: kind, ID: in.Thing}
		}
		thing, err := store.FindPlace(c, c.Tx, c.Actor, place)
		if err != nil {
			return out, err
		}
		names := map[access.Place]string{thing.Place(): ""}
		if err := store.NamePlaces(c, c.Tx, names); err != nil {
			return out, err
		}
		out.Thing = names[thing.Place()]
		when, rules := c.Now, c.Actor.Rules()
		if !at.IsZero() {
			out.At, when = &at, at
			if rules, err = store.LoadRulesAt(c, c.Tx, c.Who.Portal, at); err != nil {
				return out, err
			}
			if thing, err = store.LoadThing(c, c.Tx, thing.Place(), c.Who.Portal, at); err != nil {
				return out, err
			}
			if thing, err = past.Then(c, c.Tx, thing, rules.At); err != nil {
				return out, err
			}
			if out.KeptSince, err = past.KeptSince(c, c.Tx, c.Who.Portal, at); err != nil {
				return out, err
			}
		}
		target, ok := p.In(thing)
		if !ok {
			return out, fail.Wrong("kind", "“{permission}” is on a thing of the kind {kind}.", "permission", fail.Term(p.Title), "kind", fail.Term(p.On.String()))
		}
		return out, able(c, &out, rules, p, target, in.After, when)
	},
}

// able folds those who held a role that holds the permission at a place that the thing lies in, and asks each.
func able(c *op.Call, out *AbleList, rules *access.Rules, p *access.Permission, t access.Thing, after db.ID, when time.Time) error {
	roles := rules.Holding(p, &t)
	if len(roles) == 0 {
		return nil
	}
	ids, err := grids.Candidates(c, c.Tx, c.May(access.PermissionExplain), roles, rules.Around(&t), after, whoSize, when)
	if err != nil || len(ids) == 0 {
		return err
	}
	then, err := store.LoadActors(c, c.Tx, rules, ids, when)
	if err != nil {
		return err
	}
	now, err := store.LoadActors(c, c.Tx, c.Actor.Rules(), ids, c.Now)
	if err != nil {
		return err
	}
	full := c.May(access.AccountSetFull).Everywhere()
	names := map[access.Place]string{}
	for i, a := range then { // both in the order of names
		by := a.May(p).Has(&t)
		if by == nil || c.Actor.Protects(access.PermissionExplain, now[i]) != nil {
			continue
		}
		one := Able{ID: a.Account, Name: a.Name, Since: db.Time(by.Since), Place: by.Place.ID.String(), Role: "An administrator's role"}
		if role := rules.Role(by.Role); full || !role.Full() {
			one.Role = role.Title
		}
		names[by.Place] = ""
		out.Items = append(out.Items, one)
	}
	if len(ids) == whoSize {
		out.Next = ids[len(ids)-1]
	}
	return nameAble(c, out, names)
}

// nameAble names the places, as far as the asker may see them.
func nameAble(c *op.Call, out *AbleList, names map[access.Place]string) error {
	list := make([]access.Place, 0, len(names))
	for place := range names {
		list = append(list, place)
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, list, false)
	byID := map[string]string{}
	for place, s := range shown {
		byID[place.ID.String()] = s.Name
	}
	for i := range out.Items {
		out.Items[i].Place = byID[out.Items[i].Place]
	}
	return err
}
