package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"provost/internal/db"
)

// FigureDifference is a total that is not what it sums.
type FigureDifference struct {
	Key    FigureKey
	Column string
	// Kept is what the table says, Real what the rows say.
	Kept, Real int64
}

// String tells the difference in a line.
func (f FigureDifference) String() string {
	return fmt.Sprintf("%s of organization %s, course %s, %s %d: kept %d, really %d", f.Column, f.Key.Org, f.Key.Course, f.Key.Grain, f.Key.Bucket, f.Kept, f.Real)
}

// RecomputeFigures compares the kept totals of a portal with those that its rows give, and returns the differences.
func RecomputeFigures(ctx context.Context, tx *db.Tx, portal db.ID) ([]FigureDifference, error) {
	real, err := sumFigures(ctx, tx, portal)
	if err != nil {
		return nil, err
	}
	kept := NewDeltas()
	for f, err := range db.Each(ctx, tx, db.SQL(`SELECT portal_id, grain, course_id, bucket, org_id, `+strings.Join(figureColumns[:], ", ")+
		` FROM figures WHERE portal_id = ?`, portal), scanFigureRow) {
		if err != nil {
			return nil, err
		}
		*kept.row(f.key) = f.counts
	}
	people, err := peopleOff(ctx, tx, portal)
	if err != nil {
		return nil, err
	}
	return append(differences(kept, real), people...), nil
}

func differences(kept, real *Deltas) (out []FigureDifference) {
	keys := map[FigureKey]bool{}
	for _, d := range []*Deltas{kept, real} {
		for key := range d.rows {
			keys[key] = true
		}
	}
	for key := range keys {
		k, r := kept.row(key), real.row(key)
		for i := range k {
			if k[i] != r[i] {
				out = append(out, FigureDifference{key, figureColumns[i], k[i], r[i]})
			}
		}
	}
	slices.SortFunc(out, func(a, b FigureDifference) int { return compareFigures(a.Key, b.Key) })
	return out
}

// peopleOff tells, in one difference, how many people are kept otherwise than their enrolments say.
func peopleOff(ctx context.Context, tx *db.Tx, portal db.ID) ([]FigureDifference, error) {
	off, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM (SELECT account_id, org_id, count(*) AS n, max(last_active_at) AS active
		FROM enrolments WHERE portal_id = ? GROUP BY account_id, org_id) e LEFT JOIN learners l ON l.account_id = e.account_id AND l.org_id = e.org_id
		AND l.enrolments = e.n AND l.last_active_at = e.active WHERE l.account_id IS NULL`, portal))
	if err != nil || off == 0 {
		return nil, err
	}
	return []FigureDifference{{Key: FigureKey{Portal: portal, Org: portal}, Column: "people kept otherwise", Kept: off}}, nil
}

// RebuildFigures writes the totals of a portal anew, from its rows.
func RebuildFigures(ctx context.Context, tx *db.Tx, portal db.ID) error {
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM figures WHERE portal_id = ?`, portal)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, db.SQL(`DELETE FROM learners WHERE portal_id = ?`, portal)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, db.SQL(`INSERT INTO learners (account_id, portal_id, org_id, enrolments, last_active_at)
		SELECT account_id, portal_id, org_id, count(*), max(last_active_at) FROM enrolments WHERE portal_id = ? GROUP BY account_id, portal_id, org_id`, portal))
	if err != nil {
		return err
	}
	d, err := sumFigures(ctx, tx, portal)
	if err != nil {
		return err
	}
	return d.Flush(ctx, tx)
}

// sumFigures counts a portal's rows as if all had just been added.
func sumFigures(ctx context.Context, tx *db.Tx, portal db.ID) (*Deltas, error) {
	d := NewDeltas()
	for e, err := range db.Each(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE e.portal_id = ?`, portal), scanEnrolmentOwn) {
		if err != nil {
			return nil, err
		}
		d.Add(&e)
	}
	for r, err := range db.Each(ctx, tx, db.SQL(worksOf+`WHERE e.portal_id = ?`, portal), scanWork) {
		if err != nil {
			return nil, err
		}
		d.Work(&r.of, r.submitted, r.banked, 1)
	}
	for l, err := range db.Each(ctx, tx, db.SQL(`SELECT account_id, portal_id, org_id, count(*), max(last_active_at) FROM enrolments
		WHERE portal_id = ? GROUP BY account_id, portal_id, org_id`, portal), scanLearner) {
		if err != nil {
			return nil, err
		}
		d.person(FigureKey{Portal: l.portal, Org: l.org}, db.TimeOrZero(l.active), 1)
	}
	d.accounts = map[db.ID]bool{}
	return d, nil
}

const worksOf = `SELECT e.portal_id, e.org_id, e.course_id, r.submitted_at, r.banked FROM results r JOIN enrolments e ON e.id = r.enrolment_id `

type work struct {
	of        Enrolment
	submitted time.Time
	banked    bool
}

func scanWork(s db.Scanner) (w work, err error) {
	var at int64
	err = s.Scan(&w.of.Portal, &w.of.Org, &w.of.Course, &at, &w.banked)
	w.submitted = db.TimeOrZero(at)
	return w, err
}

type figureRow struct {
	key    FigureKey
	counts counts
}

func scanFigureRow(s db.Scanner) (f figureRow, err error) {
	dest := []any{&f.key.Portal, &f.key.Grain, &f.key.Course, &f.key.Bucket, &f.key.Org}
	for i := range f.counts {
		dest = append(dest, &f.counts[i])
	}
	return f, s.Scan(dest...)
}

// MoveEnrolments takes an account's enrolments along to its new organization, with what they count for. Call it in the
// transaction that moves the account.
func MoveEnrolments(ctx context.Context, tx *db.Tx, account, from, to db.ID) error {
	if from == to {
		return nil
	}
	return relocate(ctx, tx, db.SQL(`e.account_id = ?`, account), Account{Org: to})
}

// MoveEnrolmentsOf is MoveEnrolments for several accounts at once.
func MoveEnrolmentsOf(ctx context.Context, tx *db.Tx, accounts []db.ID, to db.ID) error {
	return relocate(ctx, tx, db.SQL(`e.account_id IN ? AND e.org_id <> ?`, accounts, to), Account{Org: to})
}

// TakeEnrolments gives enrolments, by id, with their results and the figures over them, to another account, which has none in
// their courses.
func TakeEnrolments(ctx context.Context, tx *db.Tx, ids []db.ID, to Account) error {
	if err := relocate(ctx, tx, db.SQL(`e.id IN ?`, ids), to); err != nil {
		return err
	}
	return RenameEnrolments(ctx, tx, to.ID, to.Name)
}

func relocate(ctx context.Context, tx *db.Tx, which db.Frag, to Account) error {
	d := NewDeltas()
	rows, err := db.All(ctx, tx, db.SQL(`SELECT `+enrolmentOwn+` FROM enrolments e WHERE ?`, which), scanEnrolmentOwn)
	if err != nil || len(rows) == 0 {
		return err
	}
	works, err := db.All(ctx, tx, db.SQL(worksOf+`WHERE ?`, which), scanWork)
	if err != nil {
		return err
	}
	for i := range rows {
		d.Remove(&rows[i])
		if rows[i].Org = to.Org; to.ID != 0 {
			rows[i].Account = to.ID
		}
		d.Add(&rows[i])
	}
	for i := range works {
		w := &works[i]
		d.Work(&w.of, w.submitted, w.banked, -1)
		w.of.Org = to.Org
		d.Work(&w.of, w.submitted, w.banked, 1)
	}
	if to.ID != 0 {
		if _, err := tx.Exec(ctx, db.SQL(`UPDATE results SET account_id = ? WHERE enrolment_id IN (SELECT e.id FROM enrolments e WHERE ?)`, to.ID, which)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE enrolments AS e SET org_id = ?, account_id = CASE WHEN CAST(? AS BIGINT) = 0 THEN e.account_id ELSE ? END WHERE ?`,
		to.Org, to.ID, to.ID, which)); err != nil {
		return err
	}
	return d.Flush(ctx, tx)
}

const renameEnrolments = `UPDATE enrolments SET learner_key = ? WHERE account_id = ? AND learner_key <> ?`

// RenameEnrolments keeps the order of lists true where an account is renamed. Call it in the transaction that renames it.
func RenameEnrolments(ctx context.Context, tx *db.Tx, account db.ID, name string) error {
	_, err := tx.Exec(ctx, db.SQL(renameEnrolments, db.Key(name), account, db.Key(name)))
	return err
}
