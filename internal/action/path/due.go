package path

import (
	"context"
	"fmt"
	"strings"
	"time"

	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/store/path"
)

// mostDue is how much of a kind is done at once.
const mostDue = 2000

// Due does what is due by itself, in all portals, and tells whether there may be more: it gives the certificates and opens the
// courses that nobody was there to give and to open, and reminds people of what is required of them.
func Due(ctx context.Context, env *op.Env) (more bool, err error) {
	var late, waiting []db.ID
	err = env.DB.Read(ctx, func(tx *db.Tx) error { // reading first: mostly there is nothing to do
		if late, err = path.Late(ctx, tx, mostDue); err != nil {
			return err
		}
		waiting, err = path.Waiting(ctx, tx, mostDue, env.Now())
		return err
	})
	if err == nil && len(late)+len(waiting) > 0 {
		err = env.DB.Write(ctx, func(tx *db.Tx) error {
			if err := path.GiveDue(ctx, tx, late, env.Now()); err != nil {
				return err
			}
			return path.AdvanceOf(ctx, tx, waiting, env.Now())
		})
	}
	if err != nil {
		return false, err
	}
	told, err := remind(ctx, env)
	return max(len(late), len(waiting), told) == mostDue, err
}

// remind brings what is required of people up to now, writes one mail to each who is to be told of some of it, once for each day that is due, and tells
// how many requirements were told of.
func remind(ctx context.Context, env *op.Env) (told int, err error) {
	now := env.Now()
	unsynced := false
	err = env.DB.Read(ctx, func(tx *db.Tx) error {
		unsynced, err = path.Unsynced(ctx, tx, now)
		return err
	})
	if err == nil && unsynced {
		err = env.DB.Write(ctx, func(tx *db.Tx) error { return path.SyncAll(ctx, tx, now) })
	}
	var list []path.Told
	if err == nil {
		err = env.DB.Read(ctx, func(tx *db.Tx) error {
			list, err = path.Untold(ctx, tx, mostDue, now)
			return err
		})
	}
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return len(list), env.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tell(ctx, env, tx, list, now); err != nil {
			return err
		}
		return path.NoteTold(ctx, tx, list, now)
	})
}

// tell writes the mails; the list is by portal, then by person.
func tell(ctx context.Context, env *op.Env, tx *db.Tx, list []path.Told, now time.Time) error {
	var portal store.Portal
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Account == list[0].Account {
			n++
		}
		mine := list[:n]
		list = list[n:]
		if mine[0].Email == "" {
			continue
		}
		if portal.ID != mine[0].Portal {
			var err error
			if portal, err = store.PortalOf(ctx, tx, mine[0].Portal); err != nil {
				return err
			}
		}
		var lines strings.Builder
		for _, x := range mine {
			word := "due on "
			if !x.Due.After(now) {
				word = "overdue since "
			}
			fmt.Fprintf(&lines, "- %s: %s%s\n", x.CourseName, word, x.Due.UTC().Format("2 Jan 2006"))
		}
		body := "You are required to complete:\n\n" + lines.String() + "\nTo do it, or to see more: " + env.PortalURL(portal) + "/required\n"
		if err := store.Enqueue(ctx, tx, mine[0].Portal, mine[0].Email, "What is required of you is due", body, now); err != nil {
			return err
		}
	}
	return nil
}
