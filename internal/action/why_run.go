package action

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
	"provost/internal/store/past"
)

// whyRun is one question, while it is answered. What it names is read in sets: the people at once, the grants that are told at
// once, and the names of places at once.
type whyRun struct {
	c *op.Call
	p *access.Permission
	// who is the person as a thing, at what it would be done to, thing the same as the permission takes it.
	who, at, thing access.Thing
	// person is the one that it is about, target the account that it would be done to; nil where it is none.
	person, target *access.Actor
	archived       bool
	rules          *access.Rules
	now            time.Time

	// held are the person's grants that are told, by id and group.
	held  map[[2]db.ID]asking.Held
	lost  *asking.Held
	ways  []way
	shown map[access.Place]store.Shown
}

// find finds the person within what the asker may explain, and the thing as far as the asker may see it.
func (w *whyRun) find(in WhyQuery) error {
	id, err := whyPerson(w.c, in.Account)
	if err != nil {
		return err
	}
	at, found, err := whyThing(w.c, w.p, in)
	if err != nil {
		return err
	}
	ids := []db.ID{id}
	if at.Kind == access.Account {
		ids = append(ids, at.ID)
	}
	people, err := w.c.Env.Cache.Fold(w.c, w.c.Tx, w.rules, ids, w.now)
	if err != nil {
		return err
	}
	who, ok := people[id]
	if within := w.c.May(access.PermissionExplain); !ok || within.Has(&who.Thing) == nil || w.c.Actor.Protects(access.PermissionExplain, who.Actor) != nil {
		if _, err := store.FindAccount(w.c, w.c.Tx, within, id); err != nil { // which says what is lacking
			return err
		}
		return fail.Missing("person")
	}
	w.who, w.person, w.archived = who.Thing, who.Actor, who.Archived
	if at.Kind == access.Account {
		other, ok := people[at.ID]
		if !ok || !found && !store.Sees(w.c.Actor, &other.Thing) {
			return fail.Missing("person")
		}
		at, w.target = other.Thing, other.Actor
	}
	w.at = at
	if w.thing, ok = w.p.In(at); !ok {
		return fail.Wrong("kind", "“{permission}” is on a thing of the kind {kind}.", "permission", fail.Term(w.p.Title), "kind", fail.Term(w.p.On.String()))
	}
	return nil
}

// explain answers for now, or for a past moment (BE-3): by the grants, overrides, roles and organizations of then.
func (w *whyRun) explain(when time.Time) (WhyAnswer, error) {
	out := WhyAnswer{Account: Named{w.who.ID, w.person.Name}, Permission: w.p.Key, Title: w.p.Title, Near: []WhyNear{}, Ways: []WhyWay{}}
	if !when.IsZero() {
		out.At = &when
		var err error
		if out.KeptSince, err = past.KeptSince(w.c, w.c.Tx, w.who.Portal, when); err != nil {
			return out, err
		}
		if err := w.goBack(when); err != nil {
			return out, err
		}
	}
	answer := w.decide()
	out.Allowed, out.Archived, out.Shut = answer.Allowed, w.archived, answer.Shut
	if answer.Protection != nil && answer.Protection.Perm != nil {
		out.Protection = answer.Protection.Perm.Title
	}
	if err := w.read(answer); err != nil {
		return out, err
	}
	if !out.Allowed && !out.Archived && out.Shut == "" && out.Protection == "" && out.At == nil {
		if err := w.readLost(); err != nil {
			return out, err
		}
		if err := w.findWays(answer); err != nil {
			return out, err
		}
	}
	if err := w.show(); err != nil {
		return out, err
	}
	if err := w.tell(&out, answer); err != nil {
		return out, err
	}
	var err error
	if out.Ways, err = w.tellWays(); err != nil {
		return out, err
	}
	out.say()
	if !out.Allowed && !out.Archived && out.Shut == "" && !w.p.ForRoles() && !w.p.Own {
		out.step("failed", "Nobody can give this", "Only the super administrator of a portal may do it. That status is handed over, and never given.")
	}
	return out, nil
}

// goBack asks about a past moment: the portal's rules, the grants of people, the teams that they were in and the organizations that
// they and everything lay in, as they were then.
func (w *whyRun) goBack(when time.Time) error {
	who, err := store.FindAccount(w.c, w.c.Tx, w.c.May(access.PermissionExplain), w.who.ID)
	if err != nil {
		return err
	}
	if who.Created.After(when) {
		return fail.Wrong("at", "The account was made later.")
	}
	w.now = when
	if w.rules, err = store.LoadRulesAt(w.c, w.c.Tx, w.who.Portal, when); err != nil {
		return err
	}
	was, err := past.At(w.c, w.c.Tx, []db.ID{w.who.ID}, w.rules.At)
	if err != nil {
		return err
	}
	w.archived = !who.Archived.IsZero() && !who.Archived.After(when)
	if then, ok := was[w.who.Place()]; ok {
		w.archived = then.Marked
	}
	ids, at := []db.ID{w.who.ID}, w.at
	if at.Kind == access.Account {
		if at, err = store.LoadThing(w.c, w.c.Tx, at.Place(), at.Portal, when); err != nil {
			return err
		}
		ids = append(ids, at.ID)
	}
	if at, err = past.Then(w.c, w.c.Tx, at, w.rules.At); err != nil {
		return err
	}
	w.thing, _ = w.p.In(at)
	actors, err := store.LoadActors(w.c, w.c.Tx, w.rules, ids, when)
	for _, a := range actors {
		if a.Account == w.who.ID {
			w.person = a
		}
		if a.Account == w.at.ID {
			w.target = a
		}
	}
	return err
}

// decide asks: whether the person may do it, and to the account that it would be done to.
func (w *whyRun) decide() access.Answer {
	target := w.target
	if w.p.On != access.Account {
		target = nil
	}
	answer := w.person.Why(w.p, &w.thing, target)
	answer.Near = answer.Near[:min(len(answer.Near), maxNear)]
	if w.archived { // who is archived may do nothing
		answer.Allowed, answer.By = false, nil
	}
	return answer
}

// maxNear is how many grants that came close are told.
const maxNear = 12

// read reads since when, by whom and through what the person holds the grants that are told.
func (w *whyRun) read(answer access.Answer) error {
	var ids []db.ID
	for _, n := range answer.Near {
		ids = append(ids, n.Grant.ID)
	}
	if answer.By != nil && answer.By.ID != 0 {
		ids = append(ids, answer.By.ID)
	}
	w.held = map[[2]db.ID]asking.Held{}
	if len(ids) == 0 {
		return nil
	}
	list, err := asking.HeldBy(w.c, w.c.Tx, w.who.Portal, w.who.ID, false, w.now, ids...)
	for _, h := range list {
		w.held[[2]db.ID{h.ID, h.Group}] = h
	}
	return err
}

// readLost reads the last of the person's ended grants that would allow it, had it not ended.
func (w *whyRun) readLost() error {
	list, err := asking.HeldBy(w.c, w.c.Tx, w.who.Portal, w.who.ID, true, w.now)
	if err != nil || len(list) == 0 {
		return err
	}
	ids := make([]db.ID, len(list))
	for i, h := range list {
		ids[i] = h.ID
	}
	grants, err := store.AsGrants(w.c, w.c.Tx, w.who.Portal, ids)
	if err != nil {
		return err
	}
	by := access.NewActor(w.rules, w.who.ID, w.person.Name, w.who.Org, grants, w.now).May(w.p).Has(&w.thing)
	for i, h := range list {
		if by != nil && w.lost == nil && h.ID == by.ID && h.Group == by.Group {
			w.lost = &list[i]
		}
	}
	return nil
}

// show names every place that the answer tells.
func (w *whyRun) show() error {
	var places []access.Place
	for _, h := range w.held {
		places = append(places, h.Place)
	}
	if w.lost != nil {
		places = append(places, w.lost.Place)
	}
	for _, x := range w.ways {
		places = append(places, x.at.Place())
	}
	known := []store.Shown{{Place: w.who.Place(), Name: w.person.Name, Thing: w.who}}
	if w.target != nil {
		known = append(known, store.Shown{Place: w.at.Place(), Name: w.target.Name, Thing: w.at})
	} else if w.at.Kind != access.Policy {
		places = append(places, w.at.Place())
	}
	var err error
	w.shown, err = store.ShowPlaces(w.c, w.c.Tx, w.c.Actor, places, w.who.ID == w.c.Actor.Account, known...)
	return err
}

// grant is a grant of the person as it is told.
func (w *whyRun) grant(g *access.Grant) HeldGrant {
	if h, ok := w.held[[2]db.ID{g.ID, g.Group}]; ok {
		return heldGrant(w.c, h, w.who, w.shown)
	}
	place := PlaceRef{g.Place}
	return HeldGrant{Role: roleName(w.c, g.Role), Place: NamedPlace{Ref: place, Kind: g.Place.Kind.String(), ID: g.Place.ID, Name: w.person.Name, Path: []string{}}}
}

func (w *whyRun) tell(out *WhyAnswer, answer access.Answer) error {
	out.Thing = namedPlace(w.shown[w.at.Place()])
	if w.at.Kind == access.Policy {
		out.Thing = NamedPlace{Ref: PlaceRef{w.at.Place()}, Kind: w.at.Kind.String(), ID: w.at.ID, Path: []string{}}
	}
	if answer.By != nil {
		by := w.grant(answer.By)
		out.By = &by
	}
	if w.lost != nil {
		lost := heldGrant(w.c, *w.lost, w.who, w.shown)
		out.Lost = &lost
	}
	for _, n := range answer.Near {
		one := WhyNear{HeldGrant: w.grant(n.Grant), Reaches: n.Reaches, Holds: n.Holds, Never: w.p.Never.Has(n.Grant.Role), TypeOff: n.Off, Closed: n.Closed}
		if n.Denied != nil {
			one.OffIn = w.rules.Tree.Names[n.Denied.Org]
		}
		out.Near = append(out.Near, one)
	}
	if answer.Override == nil {
		return nil
	}
	out.SwitchedIn = w.rules.Tree.Names[answer.Override.Org]
	made, err := store.CellChange(w.c, w.c.Tx, *answer.Override, w.now)
	if err == nil && made.Reason != "" {
		out.Switched = "On " + moment(made.At) + ", by " + made.ByName + ": “" + made.Reason + "”."
	}
	return err
}
