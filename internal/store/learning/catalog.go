package learning

import (
	"context"
	"strings"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// Listing is how a course stands in the catalog.
type Listing struct {
	Listed   bool
	Category string
	// Seats is how many learners it takes; 0 for any number. Waits: who comes later may wait for a seat.
	Seats int64
	Waits bool
	// Code is what one must know to enrol oneself; empty for nothing.
	Code string
}

// ListingOf is how a course stands in the catalog.
func ListingOf(ctx context.Context, tx *db.Tx, course store.Course) (Listing, error) {
	return db.One(ctx, tx, db.SQL(`SELECT listed, category, seats, waits, access_code FROM courses WHERE id = ?`, course.ID), func(s db.Scanner) (l Listing, err error) {
		return l, s.Scan(&l.Listed, &l.Category, &l.Seats, &l.Waits, &l.Code)
	})
}

// SaveListing changes how a course stands in the catalog. Where nobody waits any more, the list is emptied.
func SaveListing(ctx context.Context, tx *db.Tx, course store.Course, l Listing) error {
	if !l.Waits {
		if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_waiting WHERE course_id = ?`, course.ID)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, db.SQL(`UPDATE courses SET listed = ?, category = ?, category_key = ?, seats = ?, waits = ?, access_code = ? WHERE id = ?`,
		l.Listed, l.Category, db.Key(l.Category), l.Seats, l.Waits, l.Code, course.ID))
	return err
}

// Entry is a course in the catalog, as one who may take it finds it.
type Entry struct {
	store.Course
	Listing
	// Taken is how many learners it has, 0 where any number may take it, Waiting how many wait, Picture the file that shows it; 0 for none.
	Taken, Waiting int64
	Picture        db.ID
	Alt            string
	// Open: the looker takes it. Ahead is how many wait before them; -1 where they do not wait.
	Open  bool
	Ahead int64
}

// offered is SQL for the courses in the catalog of an account within a permission: those of its organization and the ones above it,
// which are neither archived nor templates.
func offered(within access.Within) db.Frag {
	return db.SQL(`c.portal_id = ? AND c.listed AND NOT c.template AND c.archived_at = 0 AND c.deleted_at = 0 AND c.org_id IN
		(SELECT u.ancestor_id FROM org_under u JOIN accounts a ON a.org_id = u.org_id WHERE a.id = ? AND ?)`, within.Portal(), within.Actor().Account, within.Where("a"))
}

const waitingBefore = `(SELECT count(*) FROM course_waiting w JOIN course_waiting mine ON mine.course_id = w.course_id AND mine.account_id = ?
	WHERE w.course_id = c.id AND (w.since, w.account_id) < (mine.since, mine.account_id))`

func entries(within access.Within, where, tail db.Frag) db.Frag {
	me := within.Actor().Account
	return db.SQL(`SELECT c.id, c.portal_id, c.org_id, o.name, c.code, c.name, c.about, c.starts_at, c.ends_at, c.self_paced, c.listed, c.category, c.seats, c.waits, c.access_code,
		CASE WHEN c.seats > 0 THEN (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.is_open) ELSE 0 END, (SELECT count(*) FROM course_waiting w WHERE w.course_id = c.id),
		coalesce(p.id, 0), coalesce(p.alt, ''), EXISTS (SELECT 1 FROM enrolments e WHERE e.course_id = c.id AND e.account_id = ? AND e.is_open),
		CASE WHEN EXISTS (SELECT 1 FROM course_waiting w WHERE w.course_id = c.id AND w.account_id = ?) THEN `+waitingBefore+` ELSE -1 END
		FROM courses c JOIN organizations o ON o.id = c.org_id LEFT JOIN files p ON p.holder_kind = 'course' AND p.holder_id = c.id
		WHERE ? AND ? ?`, me, me, me, offered(within), where, tail)
}

func scanEntry(s db.Scanner) (e Entry, err error) {
	var starts, ends int64
	c := &e.Course
	err = s.Scan(&c.ID, &c.Portal, &c.Org, &c.OrgName, &c.Code, &c.Name, &c.About, &starts, &ends, &c.SelfPaced, &e.Listed, &e.Category, &e.Seats, &e.Waits, &e.Listing.Code,
		&e.Taken, &e.Waiting, &e.Picture, &e.Alt, &e.Open, &e.Ahead)
	c.Starts, c.Ends = db.TimeOrZero(starts), db.TimeOrZero(ends)
	return e, err
}

// Sought narrows the catalog; what is zero does not.
type Sought struct {
	// Text is part of the name, or of the category.
	Text     string
	Category string
}

func (f Sought) where() db.Frag {
	var parts []db.Frag
	if f.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(db.Key(f.Text)) + "%"
		parts = append(parts, db.SQL(`(c.name_key LIKE ? ESCAPE '\' OR c.category_key LIKE ? ESCAPE '\')`, like, like))
	}
	if f.Category != "" {
		parts = append(parts, db.SQL(`c.category_key = ?`, db.Key(f.Category)))
	}
	return db.And(append(parts, db.SQL("1=1"))...)
}

// Shelf is how many courses a page of the catalog shows.
const Shelf = 24

// ListEntries is a page of the catalog, by name, counted from 0, and whether there is more.
func ListEntries(ctx context.Context, tx *db.Tx, within access.Within, f Sought, page int) ([]Entry, bool, error) {
	shown := db.SQL(`c.id IN (SELECT c.id FROM courses c WHERE ? AND ? ORDER BY c.name_key, c.id LIMIT ? OFFSET ?)`, offered(within), f.where(), Shelf+1, page*Shelf) // counted are only these
	rows, err := db.All(ctx, tx, entries(within, shown, db.SQL(`ORDER BY c.name_key, c.id`)), scanEntry)
	if len(rows) > Shelf {
		return rows[:Shelf], true, err
	}
	return rows, false, err
}

// CategoriesOf are the categories of the catalog, by name, 200 at most.
func CategoriesOf(ctx context.Context, tx *db.Tx, within access.Within) ([]string, error) {
	return db.All(ctx, tx, db.SQL(`SELECT min(c.category) FROM courses c WHERE ? AND c.category <> '' GROUP BY c.category_key ORDER BY c.category_key LIMIT 200`, offered(within)),
		func(s db.Scanner) (name string, err error) { return name, s.Scan(&name) })
}

// FindEntry is a course of the catalog.
func FindEntry(ctx context.Context, tx *db.Tx, within access.Within, id db.ID) (Entry, error) {
	e, err := db.One(ctx, tx, entries(within, db.SQL(`c.id = ?`, id), db.SQL("")), scanEntry)
	if fail.Is(err, fail.NotFound) {
		return e, fail.Missing("course")
	}
	return e, err
}

// Full tells whether nobody can be enrolled, since every seat is taken or others wait for the next one.
func (e Entry) Full() bool { return e.Seats > 0 && (e.Taken >= e.Seats || e.Waiting > 0) }

// Wait puts somebody at the end of those who wait for a seat. Who waits already keeps their place.
func Wait(ctx context.Context, tx *db.Tx, course store.Course, account db.ID, now time.Time) error {
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO course_waiting (course_id, account_id, portal_id, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, course.ID, account, course.Portal, db.Micros(now)))
	return err
}

// WaitNoMore takes somebody from those who wait for a seat, and tells whether they did.
func WaitNoMore(ctx context.Context, tx *db.Tx, course, account db.ID) (bool, error) {
	n, err := tx.Exec(ctx, db.SQL(`DELETE FROM course_waiting WHERE course_id = ? AND account_id = ?`, course, account))
	return n > 0, err
}

// Waiter is somebody who waits for a seat in a course.
type Waiter struct {
	Account db.ID
	Name    string
	Since   time.Time
}

// WaitersOf are those who wait for a seat, the first first, 200 at most. The course was found before, within course.configure.
func WaitersOf(ctx context.Context, tx *db.Tx, course store.Course) ([]Waiter, error) {
	return db.All(ctx, tx, db.SQL(`SELECT a.id, a.name, w.since FROM course_waiting w JOIN accounts a ON a.id = w.account_id
		WHERE w.course_id = ? AND a.archived_at = 0 AND a.deleted_at = 0 ORDER BY w.since, a.id LIMIT 200`, course.ID), func(s db.Scanner) (w Waiter, err error) {
		var since int64
		err = s.Scan(&w.Account, &w.Name, &since)
		w.Since = db.Time(since)
		return w, err
	})
}

// FreeSeats are the courses of all portals in which somebody waits while there is a seat, by ID with their portals alone, some at most.
func FreeSeats(ctx context.Context, tx *db.Tx, most int, now time.Time) ([]store.Course, error) {
	return db.All(ctx, tx, db.SQL(`SELECT c.portal_id, c.id FROM courses c WHERE c.id IN (SELECT w.course_id FROM course_waiting w JOIN accounts a ON a.id = w.account_id WHERE a.archived_at = 0 AND a.deleted_at = 0)
		AND c.listed AND NOT c.template AND c.archived_at = 0 AND c.deleted_at = 0 AND (c.ends_at = 0 OR c.ends_at > ?) AND c.portal_id IN (SELECT p.id FROM portals p WHERE p.deleted_at = 0)
		AND (c.seats = 0 OR c.seats > (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.is_open)) ORDER BY c.id LIMIT ?`, db.Micros(now), most),
		func(s db.Scanner) (c store.Course, err error) { return c, s.Scan(&c.Portal, &c.ID) })
}

// FillSeats enrols those who wait for a seat in a course, the first first, while there are seats, and tells who they are. They asked for
// it; who may not enrol themselves any more waits no more.
func FillSeats(ctx context.Context, tx *db.Tx, course store.Course, may func(store.Account) (bool, error), now time.Time) (seated []store.Account, err error) {
	type seats struct{ all, open int64 }
	got, err := db.One(ctx, tx, db.SQL(`SELECT c.seats, (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.is_open)
		FROM courses c WHERE c.id = ? AND c.listed AND c.archived_at = 0 AND c.deleted_at = 0 AND (c.ends_at = 0 OR c.ends_at > ?)`, course.ID, db.Micros(now)), func(s db.Scanner) (x seats, err error) {
		return x, s.Scan(&x.all, &x.open)
	})
	if fail.Is(err, fail.NotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	waiters, err := WaitersOf(ctx, tx, course)
	if err != nil {
		return nil, err
	}
	ids := make([]db.ID, len(waiters))
	for i, w := range waiters {
		ids[i] = w.Account
	}
	known := map[db.ID]store.Account{}
	list, err := store.OtherAccounts(ctx, tx, course.Portal, ids, now)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		known[a.ID] = a
	}
	d := store.NewDeltas()
	for _, id := range ids {
		if got.all > 0 && got.open >= got.all {
			break
		}
		if _, err := WaitNoMore(ctx, tx, course.ID, id); err != nil {
			return nil, err
		}
		who, there := known[id]
		if !there {
			continue
		}
		if still, err := may(who); err != nil || !still {
			if err != nil {
				return nil, err
			}
			continue
		}
		switch _, err := store.EnrolSelf(ctx, tx, d, course, who, now); {
		case fail.Is(err, fail.Conflict): // somebody enrolled them meanwhile
		case err != nil:
			return nil, err
		default:
			got.open++
			seated = append(seated, who)
		}
	}
	return seated, d.Flush(ctx, tx)
}
