package action

import (
	"errors"
	"strings"
	"unicode/utf8"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/form"
	"provost/internal/op"
	"provost/internal/store"
)

// PlaceRef names a place that grants are made at, or a holder of a policy, by its kind and id: `team:0abcdefghjkmn`.
type PlaceRef struct{ access.Place }

// MarshalText writes the kind, a colon and the id.
func (r PlaceRef) MarshalText() ([]byte, error) {
	return []byte(r.Kind.String() + ":" + r.ID.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (r *PlaceRef) UnmarshalText(text []byte) error {
	name, id, _ := strings.Cut(string(text), ":")
	kind, ok := access.KindOf(name)
	if !ok {
		return errors.New("not a kind and an id, as team:0abcdefghjkmn is")
	}
	r.Kind = kind
	parsed, err := db.ParseID(id)
	r.ID = parsed
	return err
}

// NamedPlace is a place, or a holder of a policy, by name.
type NamedPlace struct {
	Ref  PlaceRef `json:"ref"`
	Kind string   `json:"kind"`
	ID   db.ID    `json:"id"`
	Name string   `json:"name"`
	// Path are the names from the portal down to where it lies.
	Path []string `json:"path"`
	// Hidden: it is there, but you may not see it.
	Hidden bool `json:"hidden,omitempty"`
	// Gone: it is not there any more.
	Gone bool `json:"gone,omitempty"`
}

func namedPlace(s store.Shown) NamedPlace {
	path := s.Path
	if path == nil {
		path = []string{}
	}
	return NamedPlace{PlaceRef{s.Place}, s.Place.Kind.String(), s.Place.ID, s.Name, path, s.Hidden, s.Gone}
}

// PlaceQuery asks for places by name.
type PlaceQuery struct {
	Query string `query:"q" doc:"A part of the name."`
	Kind  string `query:"kind" doc:"Only places of this kind: organization, team, course or account."`
	Role  string `query:"role" doc:"Only places at which you may give this role."`
	Size  int    `query:"size" doc:"How many of each kind, 50 at most; 10 if left out."`
	// Refs asks for these instead, in any order.
	Refs []PlaceRef `query:"ref" doc:"Instead of a search: these, as team:0abcdefghjkmn, as far as you may see them."`
}

// PlaceList is the places that were found.
type PlaceList struct {
	Items []NamedPlace `json:"items"`
}

// ListPlaces are places by name, as far as one may see them: what policies are bound to.
var ListPlaces = &op.Op[PlaceQuery, PlaceList]{
	Name:  "place.list",
	Route: "GET /places",
	Doc:   "Finds organizations, teams, courses and people by name, to bind policies to.",
	Needs: []*access.Permission{access.OrganizationList, access.TeamList, access.CourseList, access.AccountList},
	Do: func(c *op.Call, in PlaceQuery) (PlaceList, error) {
		kind, ok := access.KindOf(in.Kind)
		if !ok && in.Kind != "" {
			return PlaceList{}, fail.Wrong("kind", "There are no places of this kind.")
		}
		if len(in.Refs) > 0 {
			return placesAt(c, in.Refs)
		}
		limit := 10
		if in.Size > 0 {
			limit = min(in.Size, 50)
		}
		found, err := searchPlaces(c, kind, in.Query, limit)
		if err != nil {
			return PlaceList{}, err
		}
		out := PlaceList{[]NamedPlace{}}
		for _, s := range found {
			if in.Role == "" || mayGive(c, access.RoleID(in.Role), s.Thing) {
				out.Items = append(out.Items, namedPlace(s))
			}
		}
		return out, nil
	},
}

// placesAt are places by reference, those that the actor may see.
func placesAt(c *op.Call, refs []PlaceRef) (PlaceList, error) {
	out := PlaceList{[]NamedPlace{}}
	places := make([]access.Place, len(refs))
	for i, r := range refs {
		places[i] = r.Place
	}
	shown, err := store.ShowPlaces(c, c.Tx, c.Actor, places, false)
	for _, at := range places {
		if s, ok := shown[at]; ok && !s.Hidden && !s.Gone {
			out.Items = append(out.Items, namedPlace(s))
			delete(shown, at)
		}
	}
	return out, err
}

// placesNamed are places by pasted lines: the portal's, an organization's, a team's or a course's whole name each. A line
// that is not one place's makes it Invalid.
func placesNamed(c *op.Call, lines []string) ([]access.Thing, error) {
	var out []access.Thing
	var wrong fail.Fields
	portal, err := searchPlaces(c, access.Portal, "", 1)
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		var found []access.Thing
		if len(portal) == 1 && db.Key(portal[0].Name) == db.Key(line) {
			found = append(found, portal[0].Thing)
		}
		for _, kind := range []access.Kind{access.Organization, access.Team, access.Course} {
			more, err := store.PlacesNamed(c, c.Tx, c.Actor, kind, line)
			if err != nil {
				return nil, err
			}
			for _, t := range more {
				if t.Kind != access.Portal { // the root organization is the portal
					found = append(found, t)
				}
			}
		}
		switch len(found) {
		case 1:
			out = append(out, found[0])
		case 0:
			wrong.Add("places", "“{line}” is no place that you can see.", "line", line)
		default:
			wrong.Add("places", "Several places are called “{line}”: choose one from the list.", "line", line)
		}
	}
	return out, wrong.Err()
}

// searchPlaces puts the portal itself before what the search finds.
func searchPlaces(c *op.Call, kind access.Kind, query string, limit int) ([]store.Shown, error) {
	var out []store.Shown
	if kind == 0 || kind == access.Portal {
		root := access.Place{Kind: access.Portal, ID: c.Who.Portal}
		shown, err := store.ShowPlaces(c, c.Tx, c.Actor, []access.Place{root}, true)
		if err != nil {
			return nil, err
		}
		if s := shown[root]; strings.Contains(db.Key(s.Name), db.Key(query)) || strings.HasPrefix("portal", db.Key(query)) {
			out = append(out, s)
		}
	}
	if kind == access.Portal {
		return out, nil
	}
	found, err := store.SearchPlaces(c, c.Tx, c.Actor, kind, query, limit)
	return append(out, found...), err
}

// mayGive tells whether the actor could give a role at a place (PT-2), where it may be given at all.
func mayGive(c *op.Call, role access.RoleID, at access.Thing) bool {
	r := c.Actor.Rules().Role(role)
	return r != nil && r.MayBeAt(at.Kind) && c.Actor.Lacks(role, at) == nil
}

// may refuses who holds a permission nowhere; lists of Management are not merely empty for them.
func may(within access.Within) error {
	if !within.Any() {
		return store.NotAllowed(within)
	}
	return nil
}

// checkText notes what is wrong with a text of one field: that it is needed, or too long.
func checkText(wrong *fail.Fields, name, text string, needed bool, most int) {
	switch {
	case needed && strings.TrimSpace(text) == "":
		wrong.Add(name, "This is needed.")
	case len([]rune(text)) > most:
		wrong.Add(name, "This is too long.")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return form.Hidden(r) && (needed || r != '\r' && r != '\n') }):
		wrong.Add(name, "This holds characters that cannot be shown.")
	}
}

var placeOps = []op.Any{ListPlaces}
