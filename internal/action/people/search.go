package people

import (
	"strings"

	"provost/internal/access"
	"provost/internal/action/shown"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/op"
	"provost/internal/store"
)

var searchOps = []op.Any{Search}

// SearchQuery asks the whole site.
type SearchQuery struct {
	Query string `query:"q" doc:"The beginning of a name."`
}

// Check bounds what is searched for.
func (in SearchQuery) Check() error {
	if len(in.Query) > 200 {
		return fail.Wrong("q", "This is too long to search for.")
	}
	return nil
}

// Hit is something that was found.
type Hit struct {
	Kind   string `json:"kind" doc:"person, team, course, access_group or organization."`
	ID     db.ID  `json:"id"`
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
}

// Hits are the things of one kind that were found.
type Hits struct {
	Kind  string `json:"kind"`
	Items []Hit  `json:"items"`
	// More: there are more than these.
	More bool `json:"more"`
}

// Found is what the site holds by a name, of what the reader may see.
type Found struct {
	Query string `json:"query"`
	Kinds []Hits `json:"kinds"`
}

// maxHits is how many things of one kind a search names.
const maxHits = 8

// Search finds people, teams, courses, access groups and organizations by the beginning of their names: only those that one
// may see, each by the permission by which one sees them (CO-7).
var Search = &op.Op[SearchQuery, Found]{
	Name:  "portal.search",
	Route: "GET /search",
	Doc:   "Searches the site: people, teams, courses, access groups and organizations that you may see.",
	Needs: []*access.Permission{access.PortalSearch, access.AccountList, access.AccountViewLogin, access.AccountViewIDs, access.TeamList, access.CourseList,
		access.GroupList, access.OrganizationList},
	Do: func(c *op.Call, in SearchQuery) (Found, error) {
		out := Found{Query: in.Query, Kinds: []Hits{}}
		if _, err := store.FindAccount(c, c.Tx, c.May(access.PortalSearch), c.Who.Account); err != nil {
			return out, err
		}
		if strings.TrimSpace(in.Query) == "" {
			return out, nil
		}
		for _, find := range []func(*op.Call, string) (Hits, error){findPeople, findTeams, findCourses, findGroups, findOrganizations} {
			hits, err := find(c, in.Query)
			if err != nil {
				return out, err
			}
			if len(hits.Items) > 0 {
				out.Kinds = append(out.Kinds, hits)
			}
		}
		return out, nil
	},
}

func hits[T any](kind string, list store.List[T], err error, hit func(T) Hit) (Hits, error) {
	out := Hits{Kind: kind, More: list.Next != ""}
	for _, x := range list.Items {
		h := hit(x)
		h.Kind = kind
		out.Items = append(out.Items, h)
	}
	return out, err
}

var few = store.Page{Size: maxHits}

func findPeople(c *op.Call, q string) (Hits, error) {
	list, err := store.ListAccounts(c, c.Tx, c.May(access.AccountList), shown.Search(c, q), few)
	return hits("person", list, err, func(a store.Account) Hit { return Hit{ID: a.ID, Name: a.Name, Detail: a.OrgName} })
}

func findTeams(c *op.Call, q string) (Hits, error) {
	list, err := store.ListTeams(c, c.Tx, c.May(access.TeamList), store.TeamFilter{Query: q}, few)
	return hits("team", list, err, func(t store.Team) Hit { return Hit{ID: t.ID, Name: t.Name} })
}

func findCourses(c *op.Call, q string) (Hits, error) {
	list, err := store.ListCourses(c, c.Tx, c.May(access.CourseList), store.CourseFilter{Query: q}, few)
	return hits("course", list, err, func(x store.Course) Hit { return Hit{ID: x.ID, Name: x.Name, Detail: x.Code} })
}

func findGroups(c *op.Call, q string) (Hits, error) {
	list, err := store.ListGroups(c, c.Tx, c.May(access.GroupList), q, few)
	return hits("access_group", list, err, func(g store.AccessGroup) Hit { return Hit{ID: g.ID, Name: g.Name} })
}

func findOrganizations(c *op.Call, q string) (Hits, error) {
	list, err := store.ListOrganizations(c, c.Tx, c.May(access.OrganizationList), store.OrganizationFilter{Query: q}, few)
	return hits("organization", list, err, func(o store.Organization) Hit { return Hit{ID: o.ID, Name: o.Name} })
}
