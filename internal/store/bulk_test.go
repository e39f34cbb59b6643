package store_test

import (
	"fmt"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// source is what another system says: so many learners, each in one of some courses with some works each.
type source struct {
	rows    []store.EnrolmentRow
	results []store.ResultRow
}

func newSource(tb testing.TB, w *worldtest.Test, learners, courses, works int) (s source) {
	ctx, now := tb.Context(), w.Clock.Now()
	err := w.Env.DB.Write(ctx, func(tx *db.Tx) error {
		var made []store.Course
		var todo [][]store.Assessment
		for i := range courses {
			c, err := store.CreateCourse(ctx, tx, w.Orgs["Acme"], store.NewCourse{Code: fmt.Sprint("c", i), Name: fmt.Sprint("Course ", i), Ends: now}, now)
			if err != nil {
				return err
			}
			made, todo = append(made, c), append(todo, nil)
			for j := range works {
				a, _, err := store.SaveAssessment(ctx, tx, c, store.Assessment{Code: fmt.Sprint(i, "-", j), Weight: 10})
				if err != nil {
					return err
				}
				todo[i] = append(todo[i], a)
			}
		}
		orgs := []string{"North", "South", "Lab", "Acme"}
		for i := range learners {
			a, err := store.CreateAccount(ctx, tx, w.Orgs[orgs[i%4]], store.NewAccount{Name: fmt.Sprint("Learner ", i), Username: fmt.Sprint("l", i)}, now)
			if err != nil {
				return err
			}
			began := now.Add(-time.Duration(i%500) * 24 * time.Hour)
			row := store.EnrolmentRow{Course: made[i%courses], Account: a, Status: store.Statuses[i%5], Enrolled: began}
			if row.Status == store.Withdrawn {
				row.Withdrawn = began.Add(time.Hour)
			}
			s.rows = append(s.rows, row)
			for j, work := range todo[i%courses] {
				score := float64(i % 101)
				s.results = append(s.results, store.ResultRow{Assessment: work, Account: a.ID,
					Result: store.Result{Submitted: began.Add(time.Duration(j) * 24 * time.Hour), Score: &score}})
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// write writes the source in one transaction.
func (s source) write(tb testing.TB, w *worldtest.Test) (rows, results store.Counts) {
	ctx := tb.Context()
	err := w.Env.DB.Write(ctx, func(tx *db.Tx) error {
		d := store.NewDeltas()
		rw, err := store.NewEnrolmentWriter(ctx, tx, d, 0, w.Clock.Now())
		if err != nil {
			return err
		}
		for _, row := range s.rows {
			if err := rw.Write(row); err != nil {
				return err
			}
		}
		if err := rw.Close(); err != nil {
			return err
		}
		gw, err := store.NewResultWriter(ctx, tx, d)
		if err != nil {
			return err
		}
		for _, row := range s.results {
			if err := gw.Write(row); err != nil {
				return err
			}
		}
		if err := gw.Close(); err != nil {
			return err
		}
		rows, results = rw.Counts, gw.Counts
		return d.Flush(ctx, tx)
	})
	if err != nil {
		tb.Fatal(err)
	}
	return rows, results
}

// Writing again what was written changes nothing; what changed at the source changes, and nothing else.
func TestWritersAreIdempotent(t *testing.T) {
	w := worldtest.New(t)
	s := newSource(t, w, 100, 3, 4)
	if rows, results := s.write(t, w); rows != (store.Counts{Created: 100}) || results != (store.Counts{Created: 400}) {
		t.Fatalf("at first: %+v, %+v", rows, results)
	}
	w.Clock.Move(time.Hour)
	if rows, results := s.write(t, w); rows != (store.Counts{Same: 100}) || results != (store.Counts{Same: 400}) {
		t.Fatalf("again: %+v, %+v", rows, results)
	}
	other := 3.0
	s.results[7].Result.Score = &other
	s.rows[0].Status, s.rows[0].Withdrawn = store.Withdrawn, w.Clock.Now()
	if rows, results := s.write(t, w); rows != (store.Counts{Changed: 1, Same: 99}) || results != (store.Counts{Changed: 1, Same: 399}) {
		t.Fatalf("changed: %+v, %+v", rows, results)
	}
	checkWritten(t, w, s)
}

func checkWritten(t *testing.T, w *worldtest.Test, s source) {
	t.Helper()
	err := w.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
		off, err := store.RecomputeFigures(t.Context(), tx, w.Acme.ID)
		if err != nil || len(off) > 0 {
			t.Errorf("off: %v, %v", off, err)
		}
		within := access.System(w.Acme.ID, "test", w.Clock.Now()).May(access.EnrolmentList)
		for e, err := range store.EachEnrolment(t.Context(), tx, []access.Within{within}, store.EnrolmentFilter{Account: s.rows[0].Account.ID}) {
			if err != nil || e.Open || e.Status != store.Withdrawn || e.Works != 4 || e.Progress != 100 || e.Score == nil {
				t.Errorf("%+v, %v", e, err)
			}
		}
		open, err := db.Val[int64](t.Context(), tx, db.SQL(`SELECT count(*) FROM grants WHERE role = 'course_learner' AND until = ? AND place_id IN
			(SELECT id FROM courses WHERE code LIKE 'c%')`, db.Never))
		if err != nil || open != 79 {
			t.Errorf("%d open grants, %v", open, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The size of the Open University's data.
func BenchmarkWriters(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := worldtest.New(b)
		s := newSource(b, w, 32_000, 22, 6)
		b.StartTimer()
		s.write(b, w)
	}
}
