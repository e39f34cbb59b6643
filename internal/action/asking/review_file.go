package asking

import (
	"iter"
	"slices"
	"time"

	"provost/internal/access"
	"provost/internal/op"
	"provost/internal/sheet"
	"provost/internal/store/asking"
)

// ReviewFile asks for a review as a file.
type ReviewFile struct {
	ReviewID
	Format string `query:"format" doc:"csv, xlsx or json; csv if left out."`
}

// ExportReview is a review as a file: a line each grant, with what was decided.
var ExportReview = &op.Op[ReviewFile, op.File]{
	Name:   "review.export",
	Route:  "GET /access-reviews/{review}/file",
	Doc:    "Downloads a review of access: a line each grant, with what was decided.",
	Needs:  reviewNeeds,
	Export: true,
	Do: func(c *op.Call, in ReviewFile) (op.File, error) {
		format, err := sheet.ParseFormat(in.Format)
		if err != nil {
			return op.File{}, err
		}
		r, err := asking.FindReview(c, c.Tx, c.May(access.AccessReview), in.Review)
		if err != nil {
			return op.File{}, err
		}
		c.Audit(r.Thing(), r.OrgName, map[string]any{"review": r.ID, "format": format, "rows": r.Items})
		t := sheet.Table{Name: "access review", Title: "Review of access", Scope: r.OrgName, Rule: access.AccessReview.Title, At: c.Now, Rows: reviewRows(c, r),
			Columns: []sheet.Column{{Key: "holder", Title: "Who"}, {Key: "holder_kind", Title: "Kind"}, {Key: "role", Title: "Role"}, {Key: "place_kind", Title: "Place kind"},
				{Key: "place", Title: "Place"}, {Key: "policy", Title: "By the policy"}, {Key: "by", Title: "Given by"}, {Key: "since", Title: "Since", Type: sheet.Time},
				{Key: "until", Title: "Until", Type: sheet.Time}, {Key: "used", Title: "Last used", Type: sheet.Time}, {Key: "unused", Title: "Not used for 90 days", Type: sheet.Bool},
				{Key: "decision", Title: "Decision"}, {Key: "decided_by", Title: "Decided by"}, {Key: "decided", Title: "Decided", Type: sheet.Time}}}
		return op.TableFile(format, t), nil
	},
}

// reviewRows are the lines of the file, named page by page: what the reader may not see is empty.
func reviewRows(c *op.Call, r asking.Review) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for skip := 0; ; skip += maxDecided {
			list, _, err := asking.Items(c, c.Tx, r, asking.ItemFilter{}, skip, maxDecided, c.Now)
			var items []ReviewItem
			if err == nil {
				items, err = reviewItems(c, list)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range items {
				if !yield(x.row(), nil) {
					return
				}
			}
			if len(list) < maxDecided {
				return
			}
		}
	}
}

func (x ReviewItem) row() []any {
	row := []any{x.Holder.Name, x.Holder.Kind, x.Role, x.Place.Kind, x.Place.Name, x.Policy, x.By}
	row = slices.Grow(row, 7)
	for _, at := range []time.Time{x.Since, x.Until, x.Used} {
		row = append(row, at)
	}
	return append(row, x.Unused, x.Decision, x.DecidedBy, x.Decided)
}

var reviewOps = []op.Any{ListReviews, BeginReview, ShowReview, DecideReview, CloseReview, ExportReview}
