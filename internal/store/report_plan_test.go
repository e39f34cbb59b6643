package store_test

import (
	"strings"
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/world/worldtest"
)

// RE-1: who needs attention in a whole portal is found by its own index, however many enrolments there are.
func TestAttentionPlans(t *testing.T) {
	w := worldtest.New(t)
	if w.Env.DB.Dialect() != db.SQLite {
		t.Skip("PostgreSQL plans by its own statistics")
	}
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Leo"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		for order, index := range map[string]string{"e.score < 40 AND 1=1 ORDER BY e.score, e.id": "enrolments_failing", "e.last_active_at < 7 ORDER BY e.last_active_at DESC, e.id DESC": "enrolments_idle"} {
			before, after, _ := strings.Cut(order, " ORDER")
			steps, err := db.All(t.Context(), tx, db.SQL(`EXPLAIN QUERY PLAN SELECT a.name FROM enrolments e JOIN accounts a ON a.id = e.account_id
				JOIN organizations o ON o.id = e.org_id JOIN courses c ON c.id = e.course_id
				WHERE e.portal_id = ? AND e.is_open AND e.status IN ('enrolled', 'active') AND `+before+` AND ? ORDER`+after+` LIMIT ?`,
				w.Acme.ID, actor.May(access.AnalyticsRead).Where("e"), 6), func(s db.Scanner) (step string, err error) {
				var id, parent, unused int
				return step, s.Scan(&id, &parent, &unused, &step)
			})
			if text := strings.Join(steps, "\n"); err != nil || !strings.Contains(text, "INDEX "+index) || strings.HasPrefix(text, "SCAN") {
				t.Errorf("%s: %v, %q", order, err, steps)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
