package access

import "provost/internal/db"

// Kind is what a thing is; the first six kinds, networks and paths are also places that grants are made at.
type Kind uint8

// The kinds of thing.
const (
	Portal Kind = iota + 1
	Organization
	Course
	Team
	Account
	AccessGroup
	Policy
	CustomRole
	Enrolment
	Invitation
	Audit
	// Figure is a total over the enrolments of one organization in one course.
	Figure
	// Network is several portals that whoever administers it may enter; it lies in the portal that runs it (NA-1).
	Network
	// Path is an order of goals that people are led along (CO-2).
	Path
	kinds
)

var kindNames = [kinds]string{"", "portal", "organization", "course", "team", "account", "access_group", "policy", "role",
	"enrolment", "invitation", "audit", "figure", "network", "path"}

// String is the kind's name, as the database, the API and the documentation write it.
func (k Kind) String() string {
	if k >= kinds {
		return ""
	}
	return kindNames[k]
}

// KindOf reads what String wrote; ok is false for anything else.
func KindOf(name string) (k Kind, ok bool) {
	for k := Portal; k < kinds; k++ {
		if kindNames[k] == name {
			return k, true
		}
	}
	return 0, false
}

// MarshalText is String.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

const (
	inPortal = `@.portal_id IN ?`
	under    = `@.org_id IN (SELECT o.org_id FROM org_under o WHERE o.ancestor_id IN ?)`
	members  = `IN (SELECT m.account_id FROM grants m WHERE m.place_kind = 'team' AND m.place_id IN ? AND m.until > # AND m.since <= # AND m.role IN ('team_leader', 'team_member'))`
)

// lies says, for a row of each kind, which places it lies in: the only place where access is written in SQL.
// `@` is the row, `?` the places, `#` the moment that is asked about. Thing.liesIn says the same in Go.
var lies = [kinds]map[Kind]string{
	Portal:       {Portal: `@.id IN ?`},
	Organization: {Portal: inPortal, Organization: `@.id IN (SELECT o.org_id FROM org_under o WHERE o.ancestor_id IN ?)`},
	Course:       {Portal: inPortal, Organization: under, Course: `@.id IN ?`},
	Team:         {Portal: inPortal, Organization: under, Team: `@.id IN ?`},
	Account:      {Portal: inPortal, Organization: under, Account: `@.id IN ?`, Team: `@.id ` + members},
	AccessGroup:  {Portal: inPortal, AccessGroup: `@.id IN ?`},
	Policy:       {Portal: inPortal},
	CustomRole:   {Portal: inPortal},
	Enrolment:    {Portal: inPortal, Organization: under, Course: `@.course_id IN ?`, Account: `@.account_id IN ?`, Team: `@.account_id ` + members},
	Invitation:   {Portal: inPortal, Organization: under},
	Audit:        {Portal: inPortal},
	Figure:       {Portal: inPortal, Organization: under, Course: `@.course_id IN ?`},
	Network:      {Portal: inPortal, Network: `@.id IN ?`},
	Path:         {Portal: inPortal, Organization: under, Path: `@.id IN ?`},
}

// LiesIn tells whether things of a kind may lie in places of another.
func LiesIn(thing, place Kind) bool {
	return thing < kinds && lies[thing][place] != ""
}

// orgColumn is the column that says which organization's overrides count for a row; the root's where there is none.
var orgColumn = [kinds]string{Organization: "id", Course: "org_id", Team: "org_id", Account: "org_id", Enrolment: "org_id",
	Invitation: "org_id", Figure: "org_id", Path: "org_id"}

// TeamRoles are the roles that make a person lie in a team. Owners and administrators look after it from outside: who has
// rights over a team's people has none over them, unless they take part in it too.
var TeamRoles = Roles{TeamLeader, TeamMember}

// TakesPart tells whether one of some roles makes a person lie in a team.
func TakesPart(held Roles) bool {
	for _, r := range TeamRoles {
		if held.Has(r) {
			return true
		}
	}
	return false
}

// Place is a node that grants are made at.
type Place struct {
	Kind Kind
	ID   db.ID
}

// Thing is what a permission is asked about, with the places it lies in.
type Thing struct {
	Kind   Kind
	ID     db.ID
	Portal db.ID
	// Org is the thing's organization; the root's ID for a thing of the whole portal.
	Org db.ID
	// Course is an enrolment's course.
	Course db.ID
	// Account is an enrolment's learner.
	Account db.ID
	// Teams are those a person, or an enrolment's learner, is in.
	Teams []db.ID
}

// Place is the thing as a place.
func (t *Thing) Place() Place { return Place{t.Kind, t.ID} }

func (t *Thing) liesIn(p Place, tree *Tree) bool {
	if t.Kind >= kinds || lies[t.Kind][p.Kind] == "" {
		return false
	}
	if p.Kind == t.Kind && p.Kind != Organization {
		return p.ID == t.ID
	}
	switch p.Kind {
	case Portal:
		return t.Portal == p.ID
	case Organization:
		return tree.Under(t.Org, p.ID)
	case Course:
		return t.Course == p.ID
	case Account:
		return t.Account == p.ID
	case Team:
		for _, id := range t.Teams {
			if id == p.ID {
				return true
			}
		}
	}
	return false
}

// Tree is the organizations of a portal: each one's parent.
type Tree struct {
	Root   db.ID
	Parent map[db.ID]db.ID
	// Hidden are the organizations that are hidden from the others.
	Hidden map[db.ID]bool
	// Names are what the organizations that are there are called, the portal among them.
	Names map[db.ID]string
}

// Under tells whether an organization is another, or lies below it.
func (t *Tree) Under(org, ancestor db.ID) bool {
	for range 64 { // a tree deeper than this is not made (store.MaxDepth)
		if org == ancestor {
			return true
		}
		parent, ok := t.Parent[org]
		if !ok {
			return false
		}
		org = parent
	}
	return false
}
