package work

import (
	"context"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/store"
)

// MaxStatements is how many statements are kept of a learner in one assessment.
const MaxStatements = 5000

// Statement is what a package of cmi5 or xAPI said of a learner, as JSON.
type Statement struct {
	// ID is a UUID in lower case.
	ID, Item, Body string
	Stored         time.Time
}

// AddStatement keeps a statement. The same again changes nothing, another of the same ID is a Conflict, and so is one too many.
func AddStatement(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment, s Statement, now time.Time) (fresh bool, err error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM package_statements WHERE enrolment_id = ? AND assessment_id = ?`, e.ID, a.ID))
	if err != nil {
		return false, err
	}
	kept, err := ListStatements(ctx, tx, a, e, s.Item, s.ID)
	switch {
	case err != nil:
		return false, err
	case len(kept) > 0 && kept[0].Body == s.Body:
		return false, nil
	case len(kept) > 0:
		return false, fail.New(fail.Conflict, "There is another statement of this ID.")
	case n >= MaxStatements:
		return false, fail.New(fail.Conflict, "{n} statements are kept, and no more.", "n", MaxStatements)
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO package_statements (enrolment_id, assessment_id, id, portal_id, item, body, stored_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.ID, a.ID, s.ID, a.Portal, s.Item, s.Body, db.Micros(now)))
	return true, err
}

// ListStatements are the last hundred statements of a learner in an item, the last first; or the one of an ID, in whichever item.
func ListStatements(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment, item, id string) ([]Statement, error) {
	where := db.SQL(`item = ?`, item)
	if id != "" {
		where = db.SQL(`id = ?`, id)
	}
	return db.All(ctx, tx, db.SQL(`SELECT id, item, body, stored_at FROM package_statements WHERE enrolment_id = ? AND assessment_id = ? AND ? ORDER BY stored_at DESC, id DESC LIMIT 100`, e.ID, a.ID, where),
		func(s db.Scanner) (x Statement, err error) {
			var stored int64
			err = s.Scan(&x.ID, &x.Item, &x.Body, &stored)
			x.Stored = db.Time(stored)
			return x, err
		})
}
