package work

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"provost/internal/db"
	"provost/internal/fail"
	"provost/internal/pack"
	"provost/internal/store"
	"provost/internal/store/files"
)

// Package is the learning content that an assessment plays.
type Package struct {
	pack.Package
	Portal, Assessment db.ID
	// Hash is what its archive is kept under.
	Hash  string
	Added time.Time
}

// HolderOf is what holds an assessment's archive.
func HolderOf(a Assessment) files.Holder { return files.Holder{Kind: files.OfPackage, ID: a.ID} }

// FindPackage is an assessment's package; NotFound where it has none.
func FindPackage(ctx context.Context, tx *db.Tx, a Assessment) (Package, error) {
	p, err := db.One(ctx, tx, db.SQL(`SELECT portal_id, assessment_id, standard, title, items, hash, added_at FROM packages WHERE assessment_id = ?`, a.ID),
		func(s db.Scanner) (p Package, err error) {
			var items string
			var added int64
			if err = s.Scan(&p.Portal, &p.Assessment, &p.Standard, &p.Title, &items, &p.Hash, &added); err == nil {
				p.Added, err = db.Time(added), json.Unmarshal([]byte(items), &p.Items)
			}
			return p, err
		})
	if fail.Is(err, fail.NotFound) {
		return p, fail.Missing("package")
	}
	return p, err
}

// SavePackage gives an assessment its package, in place of the one before. What learners did in that stays where the items are
// called alike. Its archive is in the caller's hands: see HolderOf.
func SavePackage(ctx context.Context, tx *db.Tx, a Assessment, p pack.Package, hash string, now time.Time) error {
	items, err := json.Marshal(p.Items)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO packages (assessment_id, portal_id, standard, title, items, hash, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (assessment_id) DO UPDATE SET standard = excluded.standard, title = excluded.title, items = excluded.items, hash = excluded.hash, added_at = excluded.added_at`,
		a.ID, a.Portal, p.Standard, p.Title, string(items), hash, db.Micros(now)))
	return err
}

// dropPackage takes an assessment's package away, with what learners did in it.
func dropPackage(ctx context.Context, tx *db.Tx, a Assessment) error {
	if err := files.DropOf(ctx, tx, files.OfPackage, []db.ID{a.ID}); err != nil {
		return err
	}
	for _, q := range []db.Frag{db.SQL(`DELETE FROM package_statements WHERE assessment_id = ?`, a.ID), db.SQL(`DELETE FROM package_states WHERE assessment_id = ?`, a.ID),
		db.SQL(`DELETE FROM package_attempts WHERE assessment_id = ?`, a.ID), db.SQL(`DELETE FROM packages WHERE assessment_id = ?`, a.ID)} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// State is how far a learner has come in an item of a package.
type State struct {
	Item string
	// Data is what the item keeps for the learner.
	Data map[string]string
	Done bool
	// Score is 0 to 100; nil for none.
	Score *float64
	Saved time.Time
}

// StatesOf are a learner's states in a package, by item.
func StatesOf(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment) (map[string]State, error) {
	list, err := db.All(ctx, tx, db.SQL(`SELECT item, data, done, score, saved_at FROM package_states WHERE enrolment_id = ? AND assessment_id = ?`, e.ID, a.ID),
		func(s db.Scanner) (x State, err error) {
			var data string
			var saved int64
			if err = s.Scan(&x.Item, &data, &x.Done, &x.Score, &saved); err == nil {
				x.Saved, err = db.Time(saved), json.Unmarshal([]byte(data), &x.Data)
			}
			return x, err
		})
	out := map[string]State{}
	for _, x := range list {
		out[x.Item] = x
	}
	return out, err
}

// SaveState keeps how far a learner has come in an item.
func SaveState(ctx context.Context, tx *db.Tx, a Assessment, e store.Enrolment, x State, now time.Time) error {
	data, err := json.Marshal(x.Data)
	if err != nil {
		return err
	}
	var score any
	if x.Score != nil {
		score = *x.Score
	}
	_, err = tx.Exec(ctx, db.SQL(`INSERT INTO package_states (enrolment_id, assessment_id, item, portal_id, data, done, score, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (enrolment_id, assessment_id, item) DO UPDATE SET data = excluded.data, done = excluded.done, score = excluded.score, saved_at = excluded.saved_at`,
		e.ID, a.ID, x.Item, a.Portal, string(data), x.Done, score, db.Micros(now)))
	return err
}

// Played brings a learner's result up to their states in a package: once all its items are done there is one, with the mean of
// their scores. The best counts, and what a person graded stays. The figures are in the caller's hands.
func Played(ctx context.Context, tx *db.Tx, d *store.Deltas, a Assessment, e store.Enrolment, p Package, now time.Time) error {
	states, err := StatesOf(ctx, tx, a, e)
	if err != nil {
		return err
	}
	sum, scored := 0.0, 0
	for _, item := range p.Items {
		x := states[item.ID]
		if !x.Done {
			return nil
		}
		if x.Score != nil {
			sum, scored = sum+*x.Score, scored+1
		}
	}
	g, err := FindGrade(ctx, tx, a, e)
	if err != nil || g.GradedBy != 0 || g.Excused {
		return err
	}
	var reached *float64
	if scored > 0 {
		mean := math.Round(100*sum/float64(scored)) / 100
		reached = &mean
	}
	if g.ID != 0 && (reached == nil || g.Given != nil && *g.Given >= *reached) {
		return nil
	}
	g.Submitted, g.Given = now, reached
	return Mark(ctx, tx, d, a, e, g, 0, now)
}

// SessionOpen tells whether a session, or a token, of an account is there still.
func SessionOpen(ctx context.Context, tx *db.Tx, portal, account, session db.ID, now time.Time) (bool, error) {
	n, err := db.Val[int64](ctx, tx, db.SQL(`SELECT count(*) FROM sessions WHERE id = ? AND portal_id = ? AND account_id = ? AND until > ?`, session, portal, account, db.Micros(now)))
	return n > 0, err
}
