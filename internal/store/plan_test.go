package store_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
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
