package web

import (
	"strings"

	"provost/internal/action"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

func placeRoutes(s *shell.Server) {
	s.Get("/places/search", action.ListPlaces, searchPlaces)
}

// kindWords are what kinds of place are called.
var kindWords = map[string]string{"portal": page.Say("Whole portal"), "organization": page.Say("Organization"), "course": page.Say("Course"),
	"team": page.Say("Team"), "account": page.Say("Person"), "access_group": page.Say("Group")}

func kindWord(v page.View, kind string) string { return v.T(kindWords[kind]) }

// placeName is a place's name, or what stands for one that may not be seen.
func placeName(v page.View, p action.NamedPlace) string {
	switch {
	case p.Gone:
		return v.T("something that is gone")
	case p.Hidden:
		return v.T("hidden for your role")
	}
	return p.Name
}

// placeDetail is a place's kind, and where it lies: "Team in Acme › North".
func placeDetail(v page.View, p action.NamedPlace) string {
	if len(p.Path) == 0 || p.Kind == "access_group" {
		return kindWord(v, p.Kind)
	}
	return v.T("{kind} in {path}", "kind", kindWord(v, p.Kind), "path", strings.Join(p.Path, " › "))
}

// shownLines is how many places or holders a cell lists.
const shownLines = 4

// placeLines are places by name with their way, below one another; of many, the first.
func placeLines(v page.View, list []action.NamedPlace) g.Node {
	out := []g.Node{}
	for _, p := range list[:min(len(list), shownLines)] {
		out = append(out, page.Named(placeName(v, p), placeDetail(v, p)))
	}
	if rest := len(list) - shownLines; rest > 0 {
		out = append(out, page.Muted(v.N("and {n} more", "and {n} more", rest)))
	}
	return page.LinesOf(out...)
}

func placeChoice(v page.View, p action.NamedPlace) page.Choice {
	text, _ := p.Ref.MarshalText() // cannot fail
	return page.Choice{ID: string(text), Label: placeName(v, p), Detail: placeDetail(v, p)}
}

// searchPlaces is the source of pickers of places: those at which the role that is chosen may be given.
func searchPlaces(q *shell.Req) error {
	out, err := shell.Run(q, action.ListPlaces)
	if err != nil {
		return err
	}
	choices := make([]page.Choice, 0, len(out.Items))
	for _, p := range out.Items {
		choices = append(choices, placeChoice(q.View, p))
	}
	return q.JSON(choices)
}
