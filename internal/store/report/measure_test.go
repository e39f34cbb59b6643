package report_test

import (
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/store/report"
	"provost/internal/world/worldtest"
)

// RE-1: however a period is made of months and days, added up or taken away, it sums what its days sum.
func TestRE1APeriodSumsWhatItsDaysSum(t *testing.T) {
	w := worldtest.New(t)
	end := w.Clock.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		actor, err := w.Env.Cache.LoadActor(t.Context(), tx, w.Acme.ID, w.People["Ana"].ID, w.Clock.Now())
		if err != nil {
			return err
		}
		sum := func(from, to time.Time) store.Figure {
			f, err := report.MeasureAll(t.Context(), tx, actor.May(access.AnalyticsRead), report.Measure{From: from, To: to})
			if err != nil {
				t.Fatal(err)
			}
			f.Learners = 0 // of all time, whatever the period
			return f
		}
		const most = 130
		days := make([]store.Figure, most)
		for i := range days {
			days[i] = sum(end.AddDate(0, 0, -i-1), end.AddDate(0, 0, -i))
		}
		for back := 0; back < 35; back += 3 {
			want := store.Figure{}
			for length := 1; back+length < most; length++ {
				want.Add(days[back+length-1])
				if got := sum(end.AddDate(0, 0, -back-length), end.AddDate(0, 0, -back)); got != want {
					t.Fatalf("%d days up to %d days ago: %+v, its days sum %+v", length, back, got, want)
				}
			}
			if want == (store.Figure{}) {
				t.Fatal("nothing happened in all these days")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
