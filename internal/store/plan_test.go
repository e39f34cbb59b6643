package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// Small scopes are found by what makes them small, however many enrolments the portal has (0052_plans).
func TestEnrolmentPlans(t *testing.T) {
	w := worldtest.New(t)
	if w.Env.DB.Dialect() != db.SQLite {
		t.Skip("PostgreSQL plans by its own statistics")
	}
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, c := range []struct {
			who, index string
			cond       db.Frag
		}{
			{"Bea", "enrolments_account", db.SQL("1=1")},
			{"Otto", "enrolments_org", db.SQL("1=1")},
			{"Leo", "enrolments_learner", db.SQL("1=1")},
			{"Leo", "enrolments_course", db.SQL("e.course_id = 7")},
			{"Leo", "enrolments_account", db.SQL("e.account_id = 7")},
		} {
			actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People[c.who].ID, w.Clock.Now())
			if err != nil {
				return err
			}
			steps, err := db.All(t.Context(), tx, db.SQL(`EXPLAIN QUERY PLAN SELECT e.id FROM enrolments e WHERE ? AND ? ORDER BY e.learner_key, e.id LIMIT 51`,
				actor.May(access.EnrolmentList).Where("e"), c.cond), func(s db.Scanner) (step string, err error) {
				var id, parent, unused int
				return step, s.Scan(&id, &parent, &unused, &step)
			})
			if err != nil || !strings.Contains(strings.Join(steps, "\n"), "INDEX "+c.index) {
				t.Errorf("%s with %s: %v, %q", c.who, c.cond.Text(), err, steps)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A search that finds very many is read by its words where the organization holds very many too, and by the organization where that
// is small: what a page costs grows with neither. Which of the two it is, indexes alone tell.
func TestAccountsPlan(t *testing.T) {
	w := worldtest.New(t)
	const words = 4200 // more than are begun from
	north, lab := w.Orgs["North"].ID, w.Orgs["Lab"].ID
	fill(t, w, north, words, "Ada")
	for _, c := range []struct {
		more    int // people of another name
		within  db.ID
		byWords bool
	}{{0, lab, false}, {0, north, true}, {6000, north, true}} {
		fill(t, w, north, c.more, "Bela")
		err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Ana"].ID, w.Clock.Now())
			if err != nil {
				return err
			}
			filter := store.AccountFilter{Query: "ada", Org: c.within, Types: access.Roles{access.Learner}}
			byWords, sizes, err := store.AccountsPlan(t.Context(), tx, actor.May(access.AccountList), filter)
			if err != nil || byWords != c.byWords {
				t.Errorf("%d more: by words: %v (%v)", c.more, byWords, err)
			}
			if c.within != lab {
				wantIndexes(t, tx, sizes)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wantIndexes fails the test where a query reads more than indexes.
func wantIndexes(t *testing.T, tx *db.Tx, query db.Frag) {
	t.Helper()
	explain, scan := "EXPLAIN ?", func(s db.Scanner) (step string, err error) { return step, s.Scan(&step) }
	if tx.Dialect() == db.SQLite {
		explain = "EXPLAIN QUERY PLAN ?"
		scan = func(s db.Scanner) (step string, err error) {
			var id, parent, unused int
			return step, s.Scan(&id, &parent, &unused, &step)
		}
	}
	steps, err := db.All(t.Context(), tx, db.SQL(explain, query), scan)
	text := strings.Join(steps, "\n")
	if err != nil || strings.Contains(text, "Seq Scan on a") || strings.Contains(text, "SCAN a") || strings.Contains(text, "SCAN w") {
		t.Errorf("%v:\n%s", err, text)
	}
	if tx.Dialect() == db.SQLite && !strings.Contains(text, "SEARCH a USING COVERING INDEX accounts_org") {
		t.Errorf("rows are read to count people:\n%s", text)
	}
}

// fill puts learners of one first name into an organization.
func fill(t *testing.T, w *worldtest.Test, org db.ID, n int, first string) {
	t.Helper()
	err := w.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		accounts, err := tx.Batch(t.Context(), `INSERT INTO accounts (id, portal_id, org_id, name, name_key, username, username_key, email, email_key, code,
			password, password_issued, password_at, signed_in_at, created_at, archived_at, words, login_words) VALUES (?, ?, ?, ?, ?, ?, ?, '', '', '', '', FALSE, 0, 0, 0, 0, ?, '')`)
		if err != nil {
			return err
		}
		grants, err := tx.Batch(t.Context(), `INSERT INTO grants (id, portal_id, account_id, role, place_kind, place_id, since, until, begun_by, ended_by)
			VALUES (?, ?, ?, 'learner', 'organization', ?, 0, ?, 0, 0)`)
		if err != nil {
			return err
		}
		index, err := store.NewAccountIndexer(t.Context(), tx)
		if err != nil {
			return err
		}
		for i := range n {
			id, name := db.NewID(), fmt.Sprintf("%s %d", first, i)
			key := db.Key(name)
			if err := errors.Join(accounts.Exec(int64(id), int64(w.Acme.ID), int64(org), name, key, key, key, " "+key+" "),
				grants.Exec(int64(id), int64(w.Acme.ID), int64(id), int64(org), db.Never), index.Add(w.Acme.ID, id, name, " "+key+" ", "")); err != nil {
				return err
			}
		}
		return errors.Join(accounts.Close(), grants.Close(), index.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
}
