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
	"provost/internal/store/named"
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
	// Closed: the course has closed it to its learners (LE-2).
	Closed bool `json:"closed,omitempty"`
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
	// Shut: nobody may do it in the course, which is archived, or a template.
	Shut access.Shut `json:"shut,omitempty" doc:"archived or template: nobody may do it in such a course."`
	// Lost is a grant that would allow it and has ended.
	Lost *HeldGrant `json:"lost,omitempty"`
	// At is the past moment that is asked about; left out for now.
	At *time.Time `json:"at,omitempty"`
	// KeptSince is set where At is before it: where people and organizations lay is known from then on.
	KeptSince *time.Time `json:"kept_since,omitempty"`
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
		when, err := form.At("at", in.At, c.Now)
		if err != nil {
			return WhyAnswer{}, err
		}
		w := &whyRun{c: c, p: p, rules: rulesOf(c), now: c.Now}
		if err := w.find(in); err != nil {
			return WhyAnswer{}, err
		}
		return w.explain(when)
	},
}

// whyPerson is whom it is about: found within what the asker may explain, who is told no more of others.
func whyPerson(c *op.Call, text string) (db.ID, error) {
	if text == "" {
		return c.Actor.Account, nil
	}
	if id, err := db.ParseID(text); err == nil {
		return id, nil
	}
	for _, w := range []access.Within{c.May(access.PermissionExplain), c.May(access.AccountList)} {
		found, _, err := named.People(c, c.Tx, w, []string{text})
		if err != nil {
			return 0, err
		}
		if len(found) == 1 {
			return found[0].ID, nil
		}
	}
	return 0, fail.Missing("person")
}

// whyThing is what it would be done to, or the place that it would be done in, as far as the asker may see it. A person that is
// given by their id is yet to be found.
func whyThing(c *op.Call, p *access.Permission, in WhyQuery) (at access.Thing, found bool, err error) {
	kind, ok := access.KindOf(in.Kind)
	switch {
	case in.Thing == "" || kind == access.Portal || (!ok && p.On == access.Portal):
		return rootThing(c), true, nil
	case !ok && p.On == access.Enrolment:
		kind = access.Account
	case !ok:
		kind = p.On
	}
	id, err := db.ParseID(in.Thing)
	switch {
	case err != nil:
		at, err = whyNamed(c, kind, in.Thing)
		return at, true, err
	case kind == access.Account:
		return access.Thing{Kind: kind, ID: id}, false, nil
	case kind == access.Policy:
		policy, err := store.FindPolicy(c, c.Tx, c.May(access.PolicyList), id)
		return policy.Thing(), true, err
	}
	at, err = store.FindPlace(c, c.Tx, c.Actor, access.Place{Kind: kind, ID: id})
	return at, true, err
}

func whyNamed(c *op.Call, kind access.Kind, name string) (access.Thing, error) {
	if kind == access.Account {
		found, problems, err := named.People(c, c.Tx, c.May(access.AccountList), []string{name})
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

var whyOps = []op.Any{Explain}
