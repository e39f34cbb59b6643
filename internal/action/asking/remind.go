package asking

import (
	"context"
	"fmt"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/asking"
)

// toldBefore is how long before the end of what somebody gave they are told of it.
const toldBefore = 5 * 24 * time.Hour

// mostTold is how many ends, and how many reviews, are told of at once.
const mostTold = 500

// Remind writes the mails that are due: to those who gave what ends soon, once for each (BE-4), and to those whose review is due. It tells
// whether there may be more.
func Remind(ctx context.Context, env *op.Env) (more bool, err error) {
	now := env.Now()
	var ends map[db.ID][]asking.Given
	var reviews []asking.Review
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to tell
		if ends, err = asking.EndsUntold(ctx, tx, now.Add(toldBefore), now, mostTold); err != nil {
			return err
		}
		reviews, err = asking.ReviewsDue(ctx, tx, now.Add(remindBefore), mostTold)
		return err
	})
	if err != nil {
		return false, err
	}
	n := len(reviews)
	for portal, list := range ends {
		n += len(list)
		if err := env.DB.Write(ctx, func(tx *db.Tx) error { return tellEnds(ctx, env, tx, portal, list, now) }); err != nil {
			return false, err
		}
	}
	for _, r := range reviews {
		if err := env.DB.Write(ctx, func(tx *db.Tx) error { return tellReview(ctx, env, tx, r, now) }); err != nil {
			return false, err
		}
	}
	return n >= mostTold, nil
}

// tellEnds writes one mail to each who gave some of these, and notes that it was told of all.
func tellEnds(ctx context.Context, env *op.Env, tx *db.Tx, portal db.ID, list []asking.Given, now time.Time) error {
	at, err := store.PortalOf(ctx, tx, portal)
	if err != nil {
		return err
	}
	rules, err := store.LoadRules(ctx, tx, portal)
	if err != nil {
		return err
	}
	byGiver := map[db.ID][]asking.Given{}
	var givers []db.ID
	for _, x := range list {
		if x.By != 0 && byGiver[x.By] == nil {
			givers = append(givers, x.By)
		}
		byGiver[x.By] = append(byGiver[x.By], x)
	}
	people, err := env.Cache.Fold(ctx, tx, rules, givers, now)
	if err != nil {
		return err
	}
	for _, id := range givers {
		to, err := asking.AddressOf(ctx, tx, portal, id)
		if err != nil {
			return err
		}
		if to == "" || people[id].Archived {
			continue
		}
		lines, err := endLines(ctx, tx, people[id].Actor, byGiver[id])
		if err != nil {
			return err
		}
		body := "What you gave ends by itself soon:\n\n" + lines + "\nTo let something go on, or to see more: " + env.PortalURL(at) + "/access/ending\n"
		if err := store.Enqueue(ctx, tx, portal, to, "What you gave ends soon", body, now); err != nil {
			return err
		}
	}
	return asking.Told(ctx, tx, portal, list, now)
}

// maxLines is how many ends one mail names.
const maxLines = 50

// endLines names what ends, as far as the reader may see it now: of the rest it says how much there is.
func endLines(ctx context.Context, tx *db.Tx, reader *access.Actor, list []asking.Given) (string, error) {
	var places []access.Place
	for _, x := range list {
		places = append(places, x.Holder, x.Place)
	}
	shown, err := store.ShowPlaces(ctx, tx, reader, places, false)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	others := 0
	told := map[string]bool{}
	for _, x := range list {
		holder, place := shown[x.Holder], shown[x.Place]
		role := reader.Rules().Role(x.Role)
		if holder.Hidden || holder.Gone || place.Hidden || place.Gone || role == nil || len(told) >= maxLines {
			others++
			continue
		}
		line := fmt.Sprintf("- %s: %s at %s, until %s\n", holder.Name, role.Title, place.Name, x.Until.UTC().Format("2 Jan 2006, 15:04 UTC"))
		if !told[line] {
			told[line] = true
			out.WriteString(line)
		}
	}
	if others > 0 {
		fmt.Fprintf(&out, "- and %d more\n", others)
	}
	return out.String(), nil
}

// tellReview reminds who began a review that it is due.
func tellReview(ctx context.Context, env *op.Env, tx *db.Tx, r asking.Review, now time.Time) error {
	at, err := store.PortalOf(ctx, tx, r.Portal)
	if err != nil {
		return err
	}
	to, err := asking.AddressOf(ctx, tx, r.Portal, r.By)
	if err != nil {
		return err
	}
	if to != "" {
		body := fmt.Sprintf("The review of access that you began is due on %s: %d of %d are decided.\n\n%s/access/reviews/%s\n", r.Due.UTC().Format("2 Jan 2006"), r.Decided, r.Items,
			env.PortalURL(at), r.ID)
		if err := store.Enqueue(ctx, tx, r.Portal, to, "A review of access is due", body, now); err != nil {
			return err
		}
	}
	return asking.Reminded(ctx, tx, r, now)
}
