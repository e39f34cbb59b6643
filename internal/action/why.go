package action

import (
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// WhyQuery asks why somebody may or may not do something (BE-1).
type WhyQuery struct {
	Account    string `query:"account" doc:"Whom it is about: an id, user name, e-mail address, code or whole name; yourself if left out."`
	Permission string `query:"permission" doc:"What they would do: a permission's key, as team.add_member."`
	Kind       string `query:"kind" doc:"What kind of thing it would be done to: portal, organization, course, team, account, access_group or policy. Left out, the permission's own kind, or the portal."`
	At         string `query:"at" doc:"A past day, as 2026-03-02, of which the end is meant, or a time as RFC 3339 writes it; now if left out."`
	Thing      string `query:"thing" doc:"Which one: an id, or a name; an account's user name too. A permission on enrolments may be asked of a team, a course or a person."`
}

// Check names what is wrong with the input.
func (in WhyQuery) Check() error {
	var wrong fail.Fields
	if _, ok := access.PermissionOf(in.Permission); !ok {
		wrong.Add("permission", "There is no such permission.")
	}
	if _, ok := access.KindOf(in.Kind); !ok && in.Kind != "" {
		wrong.Add("kind", "There is no such kind of thing.")
	}
	return wrong.Err()
}

// WhyNear is a grant that came close, and what it lacks.
type WhyNear struct {
	HeldGrant
	// Reaches: the thing lies in its place. Holds: its role holds the permission there. Never: its role can never hold it.
	Reaches bool `json:"reaches"`
	Holds   bool `json:"holds"`
	Never   bool `json:"never,omitempty"`
	// OffIn is the organization that switched the permission off for the role there.
	OffIn string `json:"off_in,omitempty"`
	// TypeOff: the account type is switched off in the portal.
	TypeOff bool `json:"type_off,omitempty"`
}

// WhyWay is what would allow it, and who could give that.
type WhyWay struct {
	// Role at Place would allow it; or coming into Group, where that is set.
	Role  RoleName   `json:"role,omitzero"`
	Place NamedPlace `json:"place,omitzero"`
	Group *Named     `json:"access_group,omitempty"`
	// Who are people who could give it, ten at most.
	Who []string `json:"who"`
}

// WhyStep is one rung of the decision: what was looked at, and what it came to (passed, failed or decisive).
type WhyStep struct {
	State string `json:"state"`
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
}

// WhyAnswer is why somebody may or may not do something to a thing.
type WhyAnswer struct {
	Account    Named      `json:"account"`
	Permission string     `json:"permission"`
	Title      string     `json:"title"`
	Thing      NamedPlace `json:"thing"`
	Allowed    bool       `json:"allowed"`
	// Archived: the account is archived, and may do nothing.
	Archived bool `json:"archived,omitempty"`
	// Answer is the whole in one sentence, Steps how it came about.
	Answer string    `json:"answer"`
	Steps  []WhyStep `json:"steps"`
	// By is the grant that decides; left out where none does.
	By *HeldGrant `json:"by,omitempty"`
	// SwitchedIn is the organization whose change of the grid the decision rests on, where one does.
	SwitchedIn string `json:"switched_in,omitempty"`
	// Protection is what the other account may do and this one may not, which forbids it (PT-1).
	Protection string `json:"protection,omitempty"`
	// Lost is a grant that would allow it and has ended.
	Lost *HeldGrant `json:"lost,omitempty"`
	// At is the past moment that is asked about; left out for now.
	At *time.Time `json:"at,omitempty"`
	// Switched is the change of the grid that the decision rests on: when, by whom and why.
	Switched string    `json:"switched,omitempty"`
	Near     []WhyNear `json:"near"`
	Ways     []WhyWay  `json:"ways"`
}

// Explain is why a person may or may not do something: everybody may ask about themselves.
var Explain = &op.Op[WhyQuery, WhyAnswer]{
	Name:  "permission.explain",
	Route: "GET /why",
	Doc:   "Explains why a person may or may not do something: by which grant, group and policy, or what is missing and who could give it.",
	Needs: []*access.Permission{access.PermissionExplain, access.AccountList, access.PolicyList, access.GroupList, access.AccountSetFull},
	Do: func(c *op.Call, in WhyQuery) (WhyAnswer, error) {
		p, _ := access.PermissionOf(in.Permission)
		who, err := whyPerson(c, in.Account)
		if err != nil {
			return WhyAnswer{}, err
		}
		at, err := whyThing(c, p, in)
		if err != nil {
			return WhyAnswer{}, err
		}
		when, err := form.At("at", in.At, c.Now)
		if err != nil {
			return WhyAnswer{}, err
		}
		return explain(c, p, who, at, when)
	},
}

// whyPerson is whom it is about: found within what the asker may explain, who is told no more of others.
func whyPerson(c *op.Call, text string) (store.Account, error) {
	within := c.May(access.PermissionExplain)
	if text == "" {
		return store.FindAccount(c, c.Tx, within, c.Actor.Account)
	}
	if id, err := db.ParseID(text); err == nil {
		return store.FindAccount(c, c.Tx, within, id)
	}
	for _, w := range []access.Within{within, c.May(access.AccountList)} {
		found, _, err := store.ResolvePeople(c, c.Tx, w, []string{text})
		if err != nil {
			return store.Account{}, err
		}
		if len(found) == 1 {
			return store.FindAccount(c, c.Tx, within, found[0].ID)
		}
	}
	return store.Account{}, fail.Missing("person")
}

// whyThing is what it would be done to, or the place that it would be done in, as far as the asker may see it.
func whyThing(c *op.Call, p *access.Permission, in WhyQuery) (access.Thing, error) {
	kind, ok := access.KindOf(in.Kind)
	switch {
	case in.Thing == "" || kind == access.Portal || (!ok && p.On == access.Portal):
		return rootThing(c), nil
	case !ok && p.On == access.Enrolment:
		kind = access.Account
	case !ok:
		kind = p.On
	}
	id, err := db.ParseID(in.Thing)
	if kind == access.Policy && err == nil {
		policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyList), id)
		return policy.Thing(), err
	}
	if err == nil {
		return store.FindPlace(c, c.Tx, c.Actor, access.Place{Kind: kind, ID: id})
	}
	return whyNamed(c, kind, in.Thing)
}

func whyNamed(c *op.Call, kind access.Kind, name string) (access.Thing, error) {
	if kind == access.Account {
		found, problems, err := store.ResolvePeople(c, c.Tx, c.May(access.AccountList), []string{name})
		if err == nil && len(found) == 1 {
			return found[0].Thing(), nil
		}
		if err == nil && len(problems) > 0 && strings.HasPrefix(problems[0].Message, "Several") {
			english, args := problems[0].Said()
			return access.Thing{}, fail.Wrong("thing", english, args...)
		}
		if err == nil {
			err = fail.Missing("person")
		}
		return access.Thing{}, err
	}
	list, err := store.PlacesNamed(c, c.Tx, c.Actor, kind, name)
	switch {
	case err != nil:
		return access.Thing{}, err
	case len(list) == 0:
		return access.Thing{}, fail.Missing(kind.String())
	case len(list) > 1:
		return access.Thing{}, fail.Wrong("thing", "Several are called so: give the id.")
	}
	return list[0], nil
}

// explain answers for now, or for a past moment (BE-3): by the grants, overrides and roles of then. What else is not kept for
// the past is said in the answer.
func explain(c *op.Call, p *access.Permission, who store.Account, at access.Thing, when time.Time) (WhyAnswer, error) {
	out := WhyAnswer{Account: Named{who.ID, who.Name}, Permission: p.Key, Title: p.Title, Near: []WhyNear{}, Ways: []WhyWay{}}
	t, ok := p.In(at)
	if !ok {
		return out, fail.Wrong("kind", "“{permission}” is on a thing of the kind {kind}.", "permission", fail.Term(p.Title), "kind", fail.Term(p.On.String()))
	}
	var err error
	w := &whyRun{c: c, p: p, who: who, thing: t, rules: rulesOf(c), now: c.Now}
	if !when.IsZero() {
		if err := w.goBack(&out, at, when); err != nil {
			return out, err
		}
	}
	if out.Thing, err = w.name(at); err != nil {
		return out, err
	}
	answer, err := w.decide(at)
	if err != nil {
		return out, err
	}
	out.Allowed, out.Archived = answer.Allowed, w.archived()
	if answer.Protection != nil && answer.Protection.Perm != nil {
		out.Protection = answer.Protection.Perm.Title
	}
	if err := w.tell(&out, answer); err != nil {
		return out, err
	}
	if !out.Allowed && !out.Archived && out.Protection == "" && out.At == nil {
		if out.Lost, err = w.lost(); err != nil {
			return out, err
		}
		if out.Ways, err = w.ways(answer); err != nil {
			return out, err
		}
	}
	out.say()
	if !out.Allowed && !out.Archived && !w.p.ForRoles() && !w.p.Own {
		out.step("failed", "Nobody can give this", "Only the super administrator of a portal may do it. That status is handed over, and never given.")
	}
	return out, nil
}

// whyRun is one question, while it is answered.
type whyRun struct {
	c     *op.Call
	p     *access.Permission
	who   store.Account
	thing access.Thing
	rules *access.Rules
	now   time.Time
	// held are the person's open grants by id and group.
	held map[[2]db.ID]HeldGrant
	// givers are people who were folded already.
	givers map[db.ID]*access.Actor
}

// goBack asks about a past moment: the portal's rules, and the teams that people were in, as they were then.
func (w *whyRun) goBack(out *WhyAnswer, at access.Thing, when time.Time) (err error) {
	if w.who.Created.After(when) {
		return fail.Wrong("at", "The account was made later.")
	}
	out.At, w.now = &when, when
	if at.Kind == access.Account {
		then, err := store.LoadThing(w.c, w.c.Tx, at.Place(), at.Portal, when)
		if err != nil {
			return err
		}
		w.thing.Teams = then.Teams
	}
	w.rules, err = store.LoadRulesAt(w.c, w.c.Tx, w.who.Portal, when)
	return err
}

// archived: the account may do nothing at the moment that is asked about.
func (w *whyRun) archived() bool {
	return !w.who.Archived.IsZero() && !w.who.Archived.After(w.now)
}

func (w *whyRun) name(at access.Thing) (NamedPlace, error) {
	if at.Kind == access.Policy {
		return NamedPlace{Ref: PlaceRef{at.Place()}, Kind: at.Kind.String(), ID: at.ID, Path: []string{}}, nil
	}
	shown, err := store.ShowPlaces(w.c, w.c.Tx, w.c.Actor, []access.Place{at.Place()}, true)
	return namedPlace(shown[at.Place()]), err
}

// decide folds the person, and the one that it would be done to, and asks.
func (w *whyRun) decide(at access.Thing) (access.Answer, error) {
	ids := []db.ID{w.who.ID}
	if at.Kind == access.Account && w.p.On == access.Account {
		ids = append(ids, at.ID)
	}
	actors, err := store.LoadActors(w.c, w.c.Tx, w.rules, ids, w.now)
	if err != nil {
		return access.Answer{}, err
	}
	var person, target *access.Actor
	for _, a := range actors {
		if a.Account == w.who.ID {
			person = a
		}
		if len(ids) > 1 && a.Account == at.ID {
			target = a
		}
	}
	if person == nil {
		return access.Answer{}, fail.Missing("person")
	}
	answer := person.Why(w.p, &w.thing, target)
	if w.archived() { // who is archived may do nothing
		answer.Allowed, answer.By = false, nil
	}
	return answer, w.hold()
}

func (w *whyRun) hold() error {
	list, err := store.HeldBy(w.c, w.c.Tx, w.who.Portal, w.who.ID, false, w.now)
	if err != nil {
		return err
	}
	named, err := heldGrants(w.c, list, w.who)
	w.held = make(map[[2]db.ID]HeldGrant, len(named))
	for i, h := range named {
		w.held[[2]db.ID{list[i].ID, list[i].Group}] = h
	}
	return err
}

// grant is a grant of the person as it is told.
func (w *whyRun) grant(g *access.Grant) HeldGrant {
	if h, ok := w.held[[2]db.ID{g.ID, g.Group}]; ok {
		return h
	}
	place := PlaceRef{g.Place}
	return HeldGrant{Role: roleName(w.c, g.Role), Place: NamedPlace{Ref: place, Kind: g.Place.Kind.String(), ID: g.Place.ID, Name: w.who.Name, Path: []string{}}}
}

// maxNear is how many grants that came close are told.
const maxNear = 12

func (w *whyRun) tell(out *WhyAnswer, answer access.Answer) error {
	orgs := map[access.Place]string{}
	org := func(o *access.Override) access.Place { return access.Place{Kind: access.Organization, ID: o.Org} }
	if answer.Override != nil {
		orgs[org(answer.Override)] = ""
	}
	near := answer.Near[:min(len(answer.Near), maxNear)]
	for _, n := range near {
		if n.Denied != nil {
			orgs[org(n.Denied)] = ""
		}
	}
	if err := store.NamePlaces(w.c, w.c.Tx, orgs); err != nil {
		return err
	}
	if answer.By != nil {
		by := w.grant(answer.By)
		out.By = &by
	}
	if answer.Override != nil {
		out.SwitchedIn = orgs[org(answer.Override)]
		made, err := store.CellChange(w.c, w.c.Tx, *answer.Override, w.now)
		if err != nil {
			return err
		}
		if made.Reason != "" {
			out.Switched = "On " + moment(made.At) + ", by " + made.ByName + ": “" + made.Reason + "”."
		}
	}
	for _, n := range near {
		one := WhyNear{HeldGrant: w.grant(n.Grant), Reaches: n.Reaches, Holds: n.Holds, Never: w.p.Never.Has(n.Grant.Role), TypeOff: n.Off}
		if n.Denied != nil {
			one.OffIn = orgs[org(n.Denied)]
		}
		out.Near = append(out.Near, one)
	}
	return nil
}

// lost is the last of the person's ended grants that would allow it, had it not ended.
func (w *whyRun) lost() (*HeldGrant, error) {
	list, err := store.HeldBy(w.c, w.c.Tx, w.who.Portal, w.who.ID, true, w.now)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	grants, err := store.AsGrants(w.c, w.c.Tx, w.who.Portal, list, w.now)
	if err != nil {
		return nil, err
	}
	by := access.NewActor(w.rules, w.who.ID, w.who.Name, w.who.Org, grants, w.now).May(w.p).Has(&w.thing)
	for i, h := range list {
		if by != nil && h.ID == by.ID && h.Group == by.Group {
			named, err := heldGrants(w.c, list[i:i+1], w.who)
			return &named[0], err
		}
	}
	return nil, nil
}

var whyOps = []op.Any{Explain}
