// Package asking holds the pages on what ends by itself and on reviews of access (BE-4).
package asking

import (
	"time"

	"provost/internal/action/asking"
	"provost/internal/web/page"
	"provost/internal/web/shell"

	g "maragu.dev/gomponents"
)

// Routes registers the pages of this area.
func Routes(s *shell.Server) {
	s.Get("/access/ending", asking.ListEnding, showEnding)
	s.Get("/grants/{grant}/end", asking.ShowGiven, showGrant)
	s.Post("/grants/{grant}/end", shell.Submit(asking.SetGrantEnd, "/grants/{id}/end").Says(page.Say("It goes on with its new end.")).On(showGrant))
	s.Post("/grants/{grant}/end-now", shell.Submit(asking.EndGrant, "/").Says(page.Say("It has ended.")).On(showGrant))
	s.Get("/access/reviews", asking.ListReviews, showReviews)
	s.PostTo("/access/reviews", asking.BeginReview, shell.Choosing("organization", shell.Submit(asking.BeginReview, "/access/reviews/{id}").
		Says(page.Say("The review is begun.")).On(showReviews)))
	s.Get("/access/reviews/{review}", asking.ShowReview, showReview)
	s.Post("/access/reviews/{review}/decisions", shell.Submit(asking.DecideReview, "/access/reviews/{review}?open=true").Says(page.Say("Decided: {decided} of {items}.")).On(showReview))
	s.Post("/access/reviews/{review}/close", shell.Submit(asking.CloseReview, "/access/reviews").Says(page.Say("The review is done.")).On(showReview))
	s.Get("/access/reviews/{review}/file", asking.ExportReview, shell.Download(asking.ExportReview), shell.UpTo(5*time.Minute))
}

// who is who holds something, as far as the reader may see it.
func who(v page.View, x asking.Given) g.Node {
	switch {
	case x.Holder.Hidden:
		return page.Muted(v.T("somebody you may not see"))
	case x.Holder.Kind == "access_group":
		return g.Group{page.TextLink(x.Holder.Name, "/manage/groups/"+x.Holder.ID.String()), g.Text(" "), page.Muted(v.T("access group"))}
	}
	return page.TextLink(x.Holder.Name, "/people/"+x.Holder.ID.String()+"/access")
}

// where is the place of a grant, with what made it.
func where(v page.View, x asking.Given) g.Node {
	name := v.T("a place you may not see")
	if !x.Place.Hidden {
		name = x.Place.Name
	}
	switch {
	case x.Policy != "":
		return page.Named(name, v.T("by the policy {name}", "name", x.Policy))
	case x.ByPolicy:
		return page.Named(name, v.T("by a policy"))
	}
	return g.Text(name)
}

func by(v page.View, name string) string {
	if name == "" {
		return v.T("the portal")
	}
	return name
}

// soon is how long before its end something is marked.
const soon = 7 * 24 * time.Hour

// ends is when something ends by itself.
func ends(q *shell.Req, x asking.Given) g.Node {
	if x.Until.IsZero() {
		return page.Muted(q.T("no end"))
	}
	return page.EndsOn(q.View, q.View.Date(x.Until.Add(-time.Microsecond)), x.Until.Before(q.Now().Add(soon)))
}

// used is when something was last used.
func used(q *shell.Req, at time.Time) g.Node {
	if at.IsZero() {
		return page.Muted(q.T("never noted"))
	}
	return g.Text(q.View.Date(at))
}
