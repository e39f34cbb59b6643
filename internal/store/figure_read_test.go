package store_test

import (
	"testing"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// RE-3: the kept totals of a scope are those of the rows in it, in all courses and in each.
func TestFiguresAgreeWithRows(t *testing.T) {
	w := worldtest.New(t)
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		for who, fits := range map[string]bool{"Sam": true, "Leo": true, "Mo": true, "Otto": true, "Gus": true, "Bea": false, "Lin": true} {
			actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People[who].ID, w.Clock.Now())
			if err != nil {
				return err
			}
			withins := []access.Within{actor.May(access.EnrolmentList)}
			for course, id := range map[string]db.ID{"all": 0, "Go": w.Courses["Go"].ID, "First aid": w.Courses["First aid"].ID, "Night shift": w.Courses["Night shift"].ID} {
				filter := store.FigureFilter{Grain: store.AllTime, Course: id}
				if got := store.FiguresFit(withins[0], filter); got != fits {
					t.Errorf("%s in %s: fits %v", who, course, got)
				}
				if !fits {
					continue
				}
				sums, err := store.SumFigures(t.Context(), tx, withins, filter)
				if err != nil {
					return err
				}
				rows, err := store.CountEnrolments(t.Context(), tx, withins, store.EnrolmentFilter{Course: id})
				if err != nil {
					return err
				}
				f, all := sums[0], int64(0)
				for _, n := range rows {
					all += n
				}
				if f.Enrolled != all || f.Completed != rows[store.Completed] || f.Failed != rows[store.Failed] || f.Withdrawn != rows[store.Withdrawn] ||
					f.Waiting != rows[store.Enrolled] {
					t.Errorf("%s in %s: kept %+v, rows %v", who, course, f, rows)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
