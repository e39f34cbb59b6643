package asking

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
)

// Search asks for all subjects, resources or actions that complete a question. What it looks for is left out of it.
type Search struct {
	Question
	// Token is the next of the page before; empty for the first page.
	Token string
	// Limit is how many to answer with: 50 where it is zero, 200 at most.
	Limit int
}

// Found is a page of what a search finds; Next is empty on the last one.
type Found[T any] struct {
	Results []T
	Next    string
}

// Action is a permission, by its key.
type Action struct {
	Name string `json:"name"`
}

const (
	usualPage, maxPage = 50, 200
	// chunk is how many candidates are looked at together, maxLooked how many for one page: a page may be short, or empty, and
	// still have one behind it.
	chunk, maxLooked = 200, 4000
)

func (s Search) size() int {
	if s.Limit <= 0 {
		return usualPage
	}
	return min(s.Limit, maxPage)
}

// mark is where a page ends, and of which search.
type mark struct {
	Of    string `json:"o"`
	After db.ID  `json:"a"`
}

// of is the search without its page, so that a token of another search is found out.
func (s Search) of(kind string) string {
	text, _ := json.Marshal([]any{kind, s.Question}) // texts: cannot fail
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// after is where the page before ended.
func (s Search) after(kind string) (db.ID, error) {
	if s.Token == "" {
		return 0, nil
	}
	var m mark
	text, err := base64.RawURLEncoding.DecodeString(s.Token)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil || m.Of != s.of(kind) {
		return 0, wrong("page.token is not one of this search.")
	}
	return m.After, nil
}

func (s Search) next(kind string, after db.ID) string {
	text, _ := json.Marshal(mark{s.of(kind), after}) // texts: cannot fail
	return base64.RawURLEncoding.EncodeToString(text)
}

// Check names what is wrong with the page; what the question lacks depends on what is looked for.
func (s Search) Check() error {
	if s.Limit < 0 {
		return wrong("page.limit is less than nothing.")
	}
	return nil
}

// complete names what the question lacks, once what is looked for is filled in.
func (s Search) complete(fill func(*Question)) error {
	fill(&s.Question)
	return s.Question.Check()
}

// walk looks at candidates chunk by chunk until the page is full: see reads those behind an id, which tells each one's id, and keep takes
// one or leaves it.
func walk[C, T any](s Search, kind string, see func(after db.ID) ([]C, error), id func(C) db.ID, keep func(C) (T, bool)) (out Found[T], err error) {
	out.Results = []T{}
	after, err := s.after(kind)
	if err != nil {
		return out, err
	}
	for looked := 0; ; {
		list, err := see(after)
		if err != nil {
			return out, err
		}
		for i, c := range list {
			after = id(c)
			if v, ok := keep(c); ok {
				out.Results = append(out.Results, v)
			}
			if len(out.Results) == s.size() && (i < len(list)-1 || len(list) >= chunk) {
				out.Next = s.next(kind, after)
				return out, nil
			}
		}
		looked += len(list)
		if len(list) < chunk {
			return out, nil
		}
		if looked >= maxLooked {
			out.Next = s.next(kind, after)
			return out, nil
		}
	}
}

// SearchSubjects are the people, of those that the asker may ask about, who may do something to a thing.
var SearchSubjects = &op.Op[Search, Found[Entity]]{
	Name:     "access.search_subjects",
	Route:    "POST /access/v1/search/subject",
	Doc:      "Lists who may do something to a thing, for another program (AuthZEN).",
	Needs:    needs,
	Question: true,
	PageOnly: true,
	Do: func(c *op.Call, in Search) (Found[Entity], error) {
		out := Found[Entity]{Results: []Entity{}}
		a, err := newAsker(c)
		if err == nil {
			err = in.complete(func(q *Question) { q.Subject.ID = "any" })
		}
		if err != nil {
			return out, err
		}
		if err := a.load(in.Resource); err != nil {
			return out, err
		}
		p, ok := access.PermissionOf(in.Action)
		at, seen := a.resource(in.Resource)
		if !ok || !seen || !isPerson(in.Subject.Type) {
			return out, nil
		}
		t, ok := p.In(at)
		if !ok {
			return out, nil
		}
		see := func(after db.ID) ([]store.Folded, error) { return a.holders(p, t, after) }
		return walk(in, "subject", see, func(f store.Folded) db.ID { return f.Thing.ID }, func(f store.Folded) (Entity, bool) {
			return Entity{in.Subject.Type, f.Thing.ID.String()}, a.mayAsk(f) && a.decideOn(p, f, at).Decision
		})
	},
}

// holders are people who may come to a decision about a thing, by id.
func (a *asker) holders(p *access.Permission, t access.Thing, after db.ID) ([]store.Folded, error) {
	rules := a.actor.Rules()
	self := t.Account
	if t.Kind == access.Account {
		self = t.ID
	}
	roles := rules.Holding(p, &t)
	if len(roles) == 0 {
		return nil, nil
	}
	ids, err := asking.Holders(a.c, a.c.Tx, a.c.May(access.PermissionExplain), roles, rules.Around(&t), self, after, chunk)
	if err != nil {
		return nil, err
	}
	if err := a.fold(ids); err != nil {
		return nil, err
	}
	out := make([]store.Folded, 0, len(ids))
	for _, id := range ids {
		out = append(out, a.people[id])
	}
	return out, nil
}

// SearchResources are the things of a type, of those that the asker may see, that somebody may do something to.
var SearchResources = &op.Op[Search, Found[Entity]]{
	Name:     "access.search_resources",
	Route:    "POST /access/v1/search/resource",
	Doc:      "Lists what somebody may do something to, for another program (AuthZEN).",
	Needs:    needs,
	Question: true,
	PageOnly: true,
	Do: func(c *op.Call, in Search) (Found[Entity], error) {
		out := Found[Entity]{Results: []Entity{}}
		a, err := newAsker(c)
		if err == nil {
			err = in.complete(func(q *Question) { q.Resource.ID = "any" })
		}
		if err != nil {
			return out, err
		}
		if err := a.load(in.Subject); err != nil {
			return out, err
		}
		p, ok := access.PermissionOf(in.Action)
		kind, known := kindOf(in.Resource.Type)
		who, open := a.subject(in.Subject)
		if !ok || !known || !open || who.Archived {
			return out, nil
		}
		see := func(after db.ID) ([]access.Thing, error) { return a.candidates(who, p, kind, after) }
		return walk(in, "resource", see, func(t access.Thing) db.ID { return t.ID }, func(t access.Thing) (Entity, bool) {
			return Entity{in.Resource.Type, t.ID.String()}, a.decideOn(p, who, t).Decision
		})
	},
}

// candidates are things of a kind that somebody may be able to do something to, by id.
func (a *asker) candidates(who store.Folded, p *access.Permission, kind access.Kind, after db.ID) ([]access.Thing, error) {
	if kind == access.Portal {
		if after != 0 {
			return nil, nil
		}
		return []access.Thing{rootOf(a.portal)}, nil
	}
	list, err := asking.Page(a.c, a.c.Tx, a.actor, who.Actor.May(p), kind, after, chunk)
	if kind == access.Organization && after < a.portal { // the root is the portal, and the first of them
		list = append([]access.Thing{rootOf(a.portal)}, list...)
	}
	if err != nil || kind != access.Account || !p.Protected {
		return list, err
	}
	ids := make([]db.ID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	return list, a.fold(ids)
}

// SearchActions are the permissions that somebody has over a thing.
var SearchActions = &op.Op[Search, Found[Action]]{
	Name:     "access.search_actions",
	Route:    "POST /access/v1/search/action",
	Doc:      "Lists what somebody may do to a thing, for another program (AuthZEN).",
	Needs:    needs,
	Question: true,
	PageOnly: true,
	Do: func(c *op.Call, in Search) (Found[Action], error) {
		out := Found[Action]{Results: []Action{}}
		in.Action = ""
		a, err := newAsker(c)
		if err == nil {
			err = in.complete(func(q *Question) { q.Action = "any" })
		}
		if err != nil {
			return out, err
		}
		if err := a.load(in.Subject, in.Resource); err != nil {
			return out, err
		}
		who, open := a.subject(in.Subject)
		at, seen := a.resource(in.Resource)
		if !open || !seen {
			return out, nil
		}
		table := access.Table()
		see := func(after db.ID) (list []int, err error) {
			for i := int(after); i < len(table); i++ {
				list = append(list, i)
			}
			return list, nil
		}
		return walk(in, "action", see, func(i int) db.ID { return db.ID(i + 1) }, func(i int) (Action, bool) {
			return Action{table[i].Key}, a.decideOn(table[i], who, at).Decision
		})
	},
}
