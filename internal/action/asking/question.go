// Package asking is access as others ask about it: the decisions and searches of the AuthZEN Authorization API (BE-7).
package asking

import (
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
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
	return &asker{c: c, names: map[string]db.ID{}, people: map[db.ID]store.Folded{}, things: map[access.Place]access.Thing{}, open: map[db.ID]bool{}}, nil
}

// isPerson tells whether entities of a type are accounts.
func isPerson(kind string) bool { return kind == "user" || kind == access.Account.String() }

// load reads whom and what entities name: one query for addresses, one for people, one for each kind of thing.
func (a *asker) load(list ...Entity) error {
	byKind := map[access.Kind][]db.ID{}
	var names []string
	for _, e := range list {
		kind, ok := kindOf(e.Type)
		if !ok || e.ID == "" {
			continue
		}
		if id, err := db.ParseID(e.ID); err == nil {
			byKind[kind] = append(byKind[kind], id)
		} else if kind == access.Account {
			names = append(names, db.Key(e.ID))
		}
	}
	found, err := asking.Named(a.c, a.c.Tx, a.c.Who.Portal, names)
	if err != nil {
		return err
	}
	for name, id := range found {
		a.names[name] = id
		byKind[access.Account] = append(byKind[access.Account], id)
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

// fold reads people who were not read yet.
func (a *asker) fold(ids []db.ID) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id db.ID) bool { _, known := a.people[id]; return known })
	people, err := a.c.Env.Cache.Fold(a.c, a.c.Tx, a.c.Actor.Rules(), ids, a.c.Now)
	for id, p := range people {
		a.people[id] = p
	}
	return err
}

// find reads things of a kind, those of them that the asker may see.
func (a *asker) find(kind access.Kind, ids []db.ID) error {
	switch kind {
	case access.Account:
		for _, id := range ids {
			if p, ok := a.people[id]; ok && store.Sees(a.c.Actor, &p.Thing) {
				a.things[p.Thing.Place()] = p.Thing
			}
		}
		return nil
	case access.Portal, access.Organization:
		if root := a.c.Who.Portal; slices.Contains(ids, root) {
			a.things[access.Place{Kind: kind, ID: root}] = rootOf(root)
		}
	}
	list, err := asking.Find(a.c, a.c.Tx, a.c.Actor, kind, ids)
	for _, t := range list {
		a.things[t.Place()] = t
	}
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
		may = a.c.May(access.PermissionExplain).Has(&p.Thing) != nil && a.c.Actor.Protects(access.PermissionExplain, p.Actor) == nil
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
	role := a.c.Actor.Rules().Role(by.Role)
	if access.FullTypes.Has(by.Role) && who.Thing.ID != a.c.Actor.Account && a.c.May(access.AccountSetFull).Has(&who.Thing) == nil {
		return out
	}
	if role != nil {
		out.Role, out.RoleTitle = &role.ID, role.Title
	}
	if by.ID == 0 {
		return out
	}
	out.Grant = &by.ID
	place := by.PlaceAsThing(a.c.Who.Portal)
	if who.Thing.ID == a.c.Actor.Account || store.Sees(a.c.Actor, &place) {
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
