// Package asking is access as others ask about it: the decisions and searches of the AuthZEN Authorization API (BE-7).
package asking

import (
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
	"provost/internal/store/known"
)

// Entity is who or what a question is about: its type, and which one of that type.
type Entity struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Question is whether a subject may do an action, named by a permission's key, to a resource.
type Question struct {
	Subject  Entity `json:"subject"`
	Action   string `json:"action"`
	Resource Entity `json:"resource"`
}

// Lacks is what the question leaves out; empty where it is whole.
func (q Question) Lacks() string {
	switch {
	case q.Subject.Type == "":
		return "subject.type is missing."
	case q.Subject.ID == "":
		return "subject.id is missing."
	case q.Action == "":
		return "action.name is missing."
	case q.Resource.Type == "":
		return "resource.type is missing."
	case q.Resource.ID == "":
		return "resource.id is missing."
	}
	return ""
}

// Reason is why a decision is what it is, for whoever may ask about its subject and see its resource.
type Reason struct {
	Reason string `json:"reason,omitempty"`
	// Grant is the one that decides; left out for what everybody may do with their own account.
	Grant       *db.ID         `json:"grant,omitempty"`
	Role        *access.RoleID `json:"role,omitempty"`
	RoleTitle   string         `json:"role_title,omitempty"`
	Place       *Entity        `json:"place,omitempty"`
	AccessGroup *db.ID         `json:"access_group,omitempty"`
	Policy      *db.ID         `json:"policy,omitempty"`
	Until       *time.Time     `json:"until,omitempty"`
	Error       *Fault         `json:"error,omitempty"`
}

// Fault is what is wrong with one question of several.
type Fault struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

// The reasons of decisions.
const (
	Granted    = "granted"
	NotGranted = "not_granted"
	Protected  = "protected"
	Archived   = "archived"
)

// Decision is the answer to a question.
type Decision struct {
	Decision bool    `json:"decision"`
	Context  *Reason `json:"context,omitempty"`
}

// needs are what an answer asks for: about whom one may ask, and which things one sees.
var needs = []*access.Permission{access.PermissionExplain, access.AccountSetFull}

// asker answers the questions of one request: whom and what they name is read in sets, once.
type asker struct {
	actor  *access.Actor
	portal db.ID
	now    time.Time
	// facts are what is known already of the portal at this moment.
	facts *known.Facts[store.Folded]
	// c is nil where only what is known may be asked for.
	c      *op.Call
	names  map[string]db.ID
	people map[db.ID]store.Folded
	things map[access.Place]access.Thing
	// open says of a subject whether one may ask about it.
	open map[db.ID]bool
}

// newAsker refuses who may ask about nobody at all, as with a token that does not name the permission.
func newAsker(c *op.Call) (*asker, error) {
	within := c.May(access.PermissionExplain)
	if !within.Any() {
		return nil, store.NotAllowed(within)
	}
	moment, err := store.Moment(c, c.Tx, c.Who.Portal)
	a := askerOf(c.Actor, c.Env.Cache.Facts(c.Who.Portal, moment), c.Now)
	a.c = c
	return a, err
}

func askerOf(actor *access.Actor, facts *known.Facts[store.Folded], now time.Time) *asker {
	return &asker{actor: actor, portal: actor.Portal, now: now, facts: facts, names: map[string]db.ID{}, people: map[db.ID]store.Folded{},
		things: map[access.Place]access.Thing{}, open: map[db.ID]bool{}}
}

// isPerson tells whether entities of a type are accounts.
func isPerson(kind string) bool { return kind == "user" || kind == access.Account.String() }

// errUnknown says that a question needs to be read for, where only what is known may be asked for.
var errUnknown = fail.New(fail.Fault, "not known")

// load finds whom and what entities name among what is known, and reads the rest: one query for addresses, one for people, one
// for each kind of thing.
func (a *asker) load(list ...Entity) error {
	byKind := map[access.Kind][]db.ID{}
	var names []string
	for i, e := range list {
		kind, ok := kindOf(e.Type)
		if !ok || e.ID == "" || i > 1 && e == list[i-2] { // several questions about one subject
			continue
		}
		if id, err := db.ParseID(e.ID); err == nil {
			byKind[kind] = append(byKind[kind], id)
		} else if kind == access.Account {
			key := db.Key(e.ID)
			if id, ok := a.facts.Named(key); ok {
				a.names[key] = id
				byKind[kind] = append(byKind[kind], id)
			} else {
				names = append(names, key)
			}
		}
	}
	if len(names) > 0 {
		if a.c == nil {
			return errUnknown
		}
		found, err := asking.Named(a.c, a.c.Tx, a.portal, names)
		if err != nil {
			return err
		}
		a.facts.KeepNames(found)
		for name, id := range found {
			a.names[name] = id
			byKind[access.Account] = append(byKind[access.Account], id)
		}
	}
	if err := a.fold(byKind[access.Account]); err != nil {
		return err
	}
	for kind, ids := range byKind {
		if err := a.find(kind, ids); err != nil {
			return err
		}
	}
	return nil
}

func kindOf(name string) (access.Kind, bool) {
	if isPerson(name) {
		return access.Account, true
	}
	return access.KindOf(name)
}

// fold finds people who were not found yet.
func (a *asker) fold(ids []db.ID) error {
	var unknown []db.ID
	for _, id := range ids {
		if _, found := a.people[id]; found {
			continue
		}
		if p, ok := a.facts.Person(id, a.now); ok {
			a.people[id] = p
		} else {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	if a.c == nil {
		return errUnknown
	}
	read, err := a.c.Env.Cache.Fold(a.c, a.c.Tx, a.actor.Rules(), unknown, a.now)
	if err != nil {
		return err
	}
	a.facts.KeepPeople(read)
	for id, p := range read {
		a.people[id] = p
	}
	return nil
}

// find finds things of a kind but people, those of them that the asker may see.
func (a *asker) find(kind access.Kind, ids []db.ID) error {
	if kind == access.Account {
		return nil
	}
	var unknown []db.ID
	for _, id := range ids {
		place := access.Place{Kind: kind, ID: id}
		switch t, ok := a.facts.Thing(place); {
		case id == a.portal && (kind == access.Portal || kind == access.Organization):
			a.things[place] = rootOf(id)
		case !ok:
			unknown = append(unknown, id)
		case store.Sees(a.actor, &t):
			a.things[place] = t
		}
	}
	if len(unknown) == 0 || kind == access.Portal {
		return nil
	}
	if a.c == nil {
		return errUnknown
	}
	return a.read(kind, unknown)
}

// read reads things of a kind: places as anybody would, which are then known, the others within what the asker may see.
func (a *asker) read(kind access.Kind, ids []db.ID) error {
	if store.SeenBy(kind) == nil {
		list, err := asking.Find(a.c, a.c.Tx, a.actor, kind, ids)
		for _, t := range list {
			a.things[t.Place()] = t
		}
		return err
	}
	list, err := store.LoadThings(a.c, a.c.Tx, a.portal, kind, ids)
	known := make(map[access.Place]access.Thing, len(list))
	for _, t := range list {
		known[t.Place()] = t
		if store.Sees(a.actor, &t) {
			a.things[t.Place()] = t
		}
	}
	a.facts.KeepThings(known)
	return err
}

// rootOf is a portal as a thing, which its root organization is too.
func rootOf(portal db.ID) access.Thing {
	return access.Thing{Kind: access.Portal, ID: portal, Portal: portal, Org: portal}
}

// id is which one an entity is; false where its id is none, or an address that nobody has.
func (a *asker) id(kind access.Kind, e Entity) (db.ID, bool) {
	if id, err := db.ParseID(e.ID); err == nil {
		return id, true
	}
	if kind != access.Account {
		return 0, false
	}
	id, ok := a.names[db.Key(e.ID)]
	return id, ok
}

// subject is a person that the asker may ask about; false for anybody else, whether they are there or not.
func (a *asker) subject(e Entity) (store.Folded, bool) {
	if !isPerson(e.Type) {
		return store.Folded{}, false
	}
	id, _ := a.id(access.Account, e)
	p, ok := a.people[id]
	return p, ok && a.mayAsk(p)
}

// mayAsk tells whether one may ask about a person: as for why (BE-1), and not about somebody who may do what one may not.
func (a *asker) mayAsk(p store.Folded) bool {
	may, known := a.open[p.Thing.ID]
	if !known {
		may = a.actor.May(access.PermissionExplain).Has(&p.Thing) != nil && a.actor.Protects(access.PermissionExplain, p.Actor) == nil
		a.open[p.Thing.ID] = may
	}
	return may
}

// resource is a thing that the asker may see; false for anything else, whether it is there or not.
func (a *asker) resource(e Entity) (access.Thing, bool) {
	kind, ok := kindOf(e.Type)
	if !ok {
		return access.Thing{}, false
	}
	id, ok := a.id(kind, e)
	if !ok {
		return access.Thing{}, false
	}
	if kind == access.Account {
		p, ok := a.people[id]
		return p.Thing, ok && store.Sees(a.actor, &p.Thing)
	}
	t, ok := a.things[access.Place{Kind: kind, ID: id}]
	return t, ok
}

// decide answers one question whose entities are loaded, by the fold that enforces. What the asker may not see answers as what
// is not there: no, without a reason.
func (a *asker) decide(q Question) Decision {
	p, ok := access.PermissionOf(q.Action)
	if !ok {
		return Decision{}
	}
	who, ok := a.subject(q.Subject)
	if !ok {
		return Decision{}
	}
	at, ok := a.resource(q.Resource)
	if !ok {
		return Decision{}
	}
	return a.decideOn(p, who, at)
}

func (a *asker) decideOn(p *access.Permission, who store.Folded, at access.Thing) Decision {
	t, ok := p.In(at)
	if !ok {
		return Decision{}
	}
	if who.Archived {
		return Decision{Context: &Reason{Reason: Archived}}
	}
	by := who.Actor.May(p).Has(&t)
	if by == nil {
		return Decision{Context: &Reason{Reason: NotGranted}}
	}
	if p.Protected && at.Kind == access.Account {
		if target, ok := a.people[at.ID]; !ok || who.Actor.Protects(p, target.Actor) != nil {
			return Decision{Context: &Reason{Reason: Protected}}
		}
	}
	return Decision{true, a.reason(who, by)}
}

// reason tells the grant that decides: of a place that the asker may not see, only its kind of role, and nothing of who is a
// full or a partial administrator to whom that is closed (XA-3).
func (a *asker) reason(who store.Folded, by *access.Grant) *Reason {
	out := &Reason{Reason: Granted}
	role := a.actor.Rules().Role(by.Role)
	if access.FullTypes.Has(by.Role) && who.Thing.ID != a.actor.Account && a.actor.May(access.AccountSetFull).Has(&who.Thing) == nil {
		return out
	}
	if role != nil {
		out.Role, out.RoleTitle = &role.ID, role.Title
	}
	if by.ID == 0 {
		return out
	}
	out.Grant = &by.ID
	place := by.PlaceAsThing(a.portal)
	if who.Thing.ID == a.actor.Account || store.Sees(a.actor, &place) {
		out.Place = &Entity{by.Place.Kind.String(), by.Place.ID.String()}
	}
	if by.Group != 0 {
		out.AccessGroup = &by.Group
	}
	if by.Policy != 0 {
		out.Policy = &by.Policy
	}
	if by.Until != db.Never {
		until := db.Time(by.Until)
		out.Until = &until
	}
	return out
}

// wrong is an input that answers with 400.
func wrong(text string) error { return fail.New(fail.Invalid, text) }
