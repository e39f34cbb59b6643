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

// Unused is how long a grant has to be without use, and there, to count as not used (BE-4).
const Unused = 90 * 24 * time.Hour

const (
	// reviewLasts is how long a review may take before it is due; its beginner is reminded remindBefore that.
	reviewLasts  = 14 * 24 * time.Hour
	remindBefore = 3 * 24 * time.Hour
	// reviewPage is how many grants stand on a page of a review.
	reviewPage = 50
	// mostReviews is how many reviews are listed.
	mostReviews = 50
)

// Review is a review of access.
type Review struct {
	ID db.ID `json:"id"`
	// Organization is what it reviews; WholePortal that it is the root, and so all.
	Organization db.ID     `json:"organization"`
	Name         string    `json:"name"`
	WholePortal  bool      `json:"whole_portal,omitempty"`
	By           string    `json:"by"`
	Begun        time.Time `json:"begun"`
	Due          time.Time `json:"due"`
	Done         time.Time `json:"done,omitzero"`
	Items        int       `json:"items"`
	Decided      int       `json:"decided"`
}

func reviewOf(r asking.Review) Review {
	return Review{r.ID, r.Org, r.OrgName, r.Org == r.Portal, r.ByName, r.Begun, r.Due, r.Done, r.Items, r.Decided}
}

// Reviews are reviews of access, those that are not done first.
type Reviews struct {
	Items []Review `json:"items"`
}

// ListReviews are the reviews where one may review access.
var ListReviews = &op.Op[struct{}, Reviews]{
	Name:  "review.list",
	Route: "GET /access-reviews",
	Doc:   "Lists reviews of access, those that are not done first.",
	Needs: []*access.Permission{access.AccessReview},
	Do: func(c *op.Call, _ struct{}) (Reviews, error) {
		out := Reviews{[]Review{}}
		list, err := asking.ListReviews(c, c.Tx, c.May(access.AccessReview), mostReviews)
		for _, r := range list {
			out.Items = append(out.Items, reviewOf(r))
		}
		return out, err
	},
}

// NewReview says what to review.
type NewReview struct {
	Organization db.ID `json:"organization,omitempty" doc:"The organization, with what is below it; the whole portal if left out."`
}

// BeginReview begins a review: what is given now, by policies, by access groups and as account types, is gone through, and kept or
// ended (BE-4). There is one at a time for an organization.
var BeginReview = &op.Op[NewReview, Review]{
	Name:  "review.begin",
	Route: "POST /access-reviews",
	Doc:   "Begins a review of the access that policies, access groups and account types give, in an organization or the whole portal.",
	Needs: []*access.Permission{access.AccessReview, access.OrganizationList},
	Do: func(c *op.Call, in NewReview) (Review, error) {
		id := in.Organization
		if id == 0 {
			id = c.Who.Portal
		}
		org, err := store.FindOrganization(c, c.Tx, c.May(access.AccessReview), id)
		if err != nil {
			return Review{}, err
		}
		c.Audit(org.Thing(), org.Name, nil)
		open, err := asking.ListReviews(c, c.Tx, c.May(access.AccessReview), mostReviews)
		if err != nil {
			return Review{}, err
		}
		for _, r := range open {
			if r.Org == org.ID && r.Done.IsZero() {
				return Review{}, fail.New(fail.Conflict, "There is a review of {name} already that is not done.", "name", org.Name)
			}
		}
		r, err := asking.BeginReview(c, c.Tx, asking.Review{Portal: c.Who.Portal, Org: org.ID, OrgName: org.Name, By: c.By(), ByName: c.Actor.Name, Begun: c.Now, Due: c.Now.Add(reviewLasts)})
		c.Audit(org.Thing(), org.Name, map[string]any{"grants": r.Items, "due": r.Due})
		return reviewOf(r), err
	},
}

// ReviewQuery asks for a part of a review.
type ReviewQuery struct {
	Review db.ID `path:"review" doc:"The review."`
	Unused bool  `query:"unused" doc:"Only what was given 90 days ago or earlier, and was not used since."`
	Open   bool  `query:"open" doc:"Only what nobody has decided on."`
	Page   int   `query:"page" doc:"Which page of 50; the first is 1."`
}

// ReviewItem is a grant of a review, and what was decided on it.
type ReviewItem struct {
	Given
	// Unused: it was given long ago, and not used for as long.
	Unused bool `json:"unused,omitempty"`
	// Own: the reader holds it, so that somebody else keeps it.
	Own bool `json:"own,omitempty" doc:"You hold it yourself: somebody else keeps it."`
	// Ended: it is over by now.
	Ended     bool      `json:"ended,omitempty"`
	Decision  string    `json:"decision,omitempty"`
	DecidedBy string    `json:"decided_by,omitempty"`
	Decided   time.Time `json:"decided,omitzero"`
}

// ReviewShown is a part of a review.
type ReviewShown struct {
	Review
	// Noted is since when uses are noted; left out where none was.
	Noted time.Time    `json:"noted,omitzero"`
	Parts []ReviewItem `json:"parts"`
	Total int          `json:"total"`
	Page  int          `json:"page"`
	Pages int          `json:"pages"`
}

var reviewNeeds = append([]*access.Permission{access.AccessReview}, givenNeeds...)

// ShowReview is a review: its grants, the longest unused first, with who gave them and what was decided.
var ShowReview = &op.Op[ReviewQuery, ReviewShown]{
	Name:  "review.show",
	Route: "GET /access-reviews/{review}",
	Doc:   "Shows a review of access: what it looks at, the longest unused first, by whom it was given, when it was last used, and what was decided.",
	Needs: reviewNeeds,
	Do: func(c *op.Call, in ReviewQuery) (out ReviewShown, err error) {
		r, err := asking.FindReview(c, c.Tx, c.May(access.AccessReview), in.Review)
		if err != nil {
			return out, err
		}
		out.Review, out.Page = reviewOf(r), max(1, min(in.Page, 100_000))
		f := asking.ItemFilter{Open: in.Open}
		if in.Unused {
			f.Unused = c.Now.Add(-Unused)
		}
		list, total, err := asking.Items(c, c.Tx, r, f, (out.Page-1)*reviewPage, reviewPage, c.Now)
		if err != nil {
			return out, err
		}
		out.Total, out.Pages = total, max(1, (total+reviewPage-1)/reviewPage)
		if out.Parts, err = reviewItems(c, list); err != nil {
			return out, err
		}
		out.Noted, err = asking.NotedSince(c, c.Tx, c.Who.Portal)
		return out, err
	},
}

func reviewItems(c *op.Call, list []asking.Item) ([]ReviewItem, error) {
	given := make([]asking.Given, len(list))
	for i, x := range list {
		given[i] = x.Given
	}
	shown, err := show(c, given)
	out := make([]ReviewItem, len(list))
	old := c.Now.Add(-Unused)
	for i, x := range list {
		if err == nil {
			out[i] = ReviewItem{Given: shown[i], Unused: !x.Since.After(old) && !x.Used.After(old), Ended: !x.Open, Decision: x.Decision, DecidedBy: x.DecidedBy, Decided: x.Decided}
			out[i].MayChange, out[i].Own = out[i].MayChange && x.Open, own(c, x.Given)
		}
	}
	return out, err
}

// The decisions on a grant.
const (
	Keep = "keep"
	End  = "end"
)

// Decided is what to decide on some grants of a review.
type Decided struct {
	Review   db.ID   `path:"review" doc:"The review."`
	Grants   []db.ID `json:"grants" doc:"Grants of the review."`
	Decision string  `json:"decision" doc:"keep, and they stay as they are, or end, and they end now."`
}

// maxDecided is how many grants are decided on at once.
const maxDecided = 500

// Check names what is wrong with the input.
func (in Decided) Check() error {
	var wrong fail.Fields
	switch n := len(in.Grants); {
	case n == 0:
		wrong.Add("grants", "Choose at least one.")
	case n > maxDecided:
		wrong.Add("grants", "These are too many at once.")
	}
	if in.Decision != Keep && in.Decision != End {
		wrong.Add("decision", "Choose to keep or to end.")
	}
	return wrong.Err()
}

// DecideReview keeps some grants of a review or ends them, all or none; each that ends needs what ending it anywhere else would (PT-1).
var DecideReview = &op.Op[Decided, Review]{
	Name:  "review.decide",
	Route: "POST /access-reviews/{review}/decisions",
	Doc:   "Keeps some grants of a review, or ends them: all or none.",
	Needs: reviewNeeds,
	Do: func(c *op.Call, in Decided) (Review, error) {
		r, err := asking.FindReview(c, c.Tx, c.May(access.AccessReview), in.Review)
		if err != nil {
			return Review{}, err
		}
		c.Audit(r.Thing(), r.OrgName, map[string]any{"review": r.ID, "decision": in.Decision, "grants": len(in.Grants)})
		if !r.Done.IsZero() {
			return Review{}, fail.New(fail.Conflict, "This review is done.")
		}
		said, err := decide(c, r, in.Decision, in.Grants)
		if err != nil {
			return Review{}, err
		}
		c.Audit(r.Thing(), r.OrgName, map[string]any{"review": r.ID, "decision": in.Decision, "grants": said})
		if r, err = asking.FindReview(c, c.Tx, c.May(access.AccessReview), r.ID); err != nil {
			return Review{}, err
		}
		return reviewOf(r), nil
	},
}

// own tells whether who reviews holds a grant, themselves or by an access group: nobody signs for what they hold.
func own(c *op.Call, x asking.Given) bool {
	if x.Holder.Kind == access.Account {
		return x.Holder.ID == c.Who.Account || x.Holder.ID == c.Who.Behind
	}
	return slices.ContainsFunc(c.Actor.Grants(), func(g access.Grant) bool { return g.Place == x.Holder })
}

// decide decides on grants of a review that are open, and says which they are.
func decide(c *op.Call, r asking.Review, decision string, grants []db.ID) (out []string, err error) {
	list, _, err := asking.Items(c, c.Tx, r, asking.ItemFilter{Grants: grants}, 0, maxDecided, c.Now)
	if err != nil {
		return nil, err
	}
	found := map[db.ID]asking.Item{}
	for _, x := range list {
		found[x.ID] = x
	}
	for _, id := range grants {
		x, ok := found[id]
		switch {
		case !ok:
			return nil, fail.Missing("grant in this review")
		case !x.Open:
			return nil, fail.New(fail.Conflict, "One of these has ended meanwhile.")
		}
		out = append(out, said(x.Given))
		if decision != End {
			if own(c, x.Given) {
				return nil, fail.New(fail.Conflict, "You hold one of these yourself. Somebody else keeps it: leave it out, or end it.")
			}
			continue
		}
		if _, err := keep(c, x.Given); err != nil {
			return nil, err
		}
		if err := end(c, x.Given); err != nil {
			return nil, err
		}
	}
	return out, asking.Decide(c, c.Tx, r, grants, decision, c.By(), c.Now)
}

// ReviewID names a review.
type ReviewID struct {
	Review db.ID `path:"review" doc:"The review."`
}

// CloseReview ends a review as it is.
var CloseReview = &op.Op[ReviewID, Review]{
	Name:  "review.close",
	Route: "POST /access-reviews/{review}/close",
	Doc:   "Ends a review as it is: what nobody decided on stays as it was.",
	Needs: []*access.Permission{access.AccessReview},
	Do: func(c *op.Call, in ReviewID) (Review, error) {
		r, err := asking.FindReview(c, c.Tx, c.May(access.AccessReview), in.Review)
		if err != nil {
			return Review{}, err
		}
		c.Audit(r.Thing(), r.OrgName, map[string]any{"review": r.ID, "decided": r.Decided, "of": r.Items})
		r.Done = c.Now
		return reviewOf(r), asking.EndReview(c, c.Tx, r, c.Now)
	},
}
