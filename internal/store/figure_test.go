package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"provost/internal/access"
	"provost/internal/db"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// records is a world whose records a test changes at random.
type records struct {
	*worldtest.Test
	t      *testing.T
	rand   *rand.Rand
	people []store.Account
	course []store.Course
	works  []store.Assessment
}

func (r *records) do(change func(tx *db.Tx, d *store.Deltas) error) {
	r.t.Helper()
	err := r.Env.DB.Write(r.t.Context(), func(tx *db.Tx) error {
		d := store.NewDeltas()
		if err := change(tx, d); err != nil {
			return err
		}
		return d.Flush(r.t.Context(), tx)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// off are the kept totals that are not what they sum.
func (r *records) off() (out []store.FigureDifference) {
	r.t.Helper()
	err := r.Env.DB.Read(r.t.Context(), func(tx *db.Tx) (err error) {
		out, err = store.RecomputeFigures(r.t.Context(), tx, r.Acme.ID)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

func newRecords(t *testing.T) *records {
	r := &records{Test: worldtest.New(t), t: t, rand: rand.New(rand.NewPCG(1, 2))}
	ctx, now := t.Context(), r.Clock.Now()
	r.do(func(tx *db.Tx, d *store.Deltas) error {
		for i := range 3 {
			c, err := store.CreateCourse(ctx, tx, r.Orgs["North"], store.NewCourse{Code: fmt.Sprint("c", i), Name: fmt.Sprint("Course ", i), Ends: now}, now)
			if err != nil {
				return err
			}
			r.course = append(r.course, c)
			for j := range 4 {
				a, _, err := store.SaveAssessment(ctx, tx, c, store.Assessment{Code: fmt.Sprint(i, j), Weight: float64(j * 10)})
				if err != nil {
					return err
				}
				r.works = append(r.works, a)
			}
		}
		for i := range 12 {
			org := r.Orgs[[]string{"North", "South", "Lab", "Acme"}[i%4]]
			a, err := store.CreateAccount(ctx, tx, org, store.NewAccount{Name: fmt.Sprint("Person ", i), Username: fmt.Sprint("p", i)}, now)
			if err != nil {
				return err
			}
			r.people = append(r.people, a)
		}
		return nil
	})
	return r
}

func pick[T any](r *records, from []T) T { return from[r.rand.IntN(len(from))] }

func (r *records) day() time.Time {
	if r.rand.IntN(10) == 0 {
		return time.Time{}
	}
	return r.Clock.Now().Add(-time.Duration(r.rand.IntN(400)) * 24 * time.Hour)
}

func (r *records) enrolment(tx *db.Tx) (store.Enrolment, bool) {
	within := access.System(r.Acme.ID, "test", r.Clock.Now()).May(access.EnrolmentList)
	list, err := store.ListEnrolments(r.t.Context(), tx, within, store.EnrolmentFilter{}, store.Page{Size: 200})
	if err != nil {
		r.t.Fatal(err)
	}
	if len(list.Items) == 0 {
		return store.Enrolment{}, false
	}
	return pick(r, list.Items), true
}

// step does one thing that changes what figures sum.
func (r *records) step(tx *db.Tx, d *store.Deltas) error {
	ctx, now := r.t.Context(), r.Clock.Now()
	switch r.rand.IntN(6) {
	case 0:
		_, err := store.Enrol(ctx, tx, d, pick(r, r.course), pick(r, r.people), 0, now)
		return ignoreConflict(err)
	case 1:
		e, ok := r.enrolment(tx)
		if !ok {
			return nil
		}
		_, err := store.Unenrol(ctx, tx, d, e, 0, now)
		return ignoreConflict(err)
	case 2:
		e, ok := r.enrolment(tx)
		if !ok {
			return nil
		}
		score := float64(r.rand.IntN(101))
		for _, w := range r.works {
			if w.Course == e.Course && r.rand.IntN(2) == 0 {
				_, err := store.RecordResult(ctx, tx, d, w, e, store.Result{Submitted: r.day(), Score: &score, Banked: r.rand.IntN(5) == 0})
				return err
			}
		}
		return nil
	case 3:
		return r.move(ctx, tx)
	case 4:
		return r.enrolMany(ctx, tx, d)
	}
	return r.gradeMany(ctx, tx, d)
}

func (r *records) move(ctx context.Context, tx *db.Tx) error {
	i := r.rand.IntN(len(r.people))
	to := r.Orgs[pick(r, []string{"North", "South", "Lab"})].ID
	from := r.people[i].Org
	r.people[i].Org = to
	if _, err := tx.Exec(ctx, db.SQL(`UPDATE accounts SET org_id = ? WHERE id = ?`, to, r.people[i].ID)); err != nil {
		return err
	}
	return store.MoveEnrolments(ctx, tx, r.people[i].ID, from, to)
}

func (r *records) enrolMany(ctx context.Context, tx *db.Tx, d *store.Deltas) error {
	w, err := store.NewEnrolmentWriter(ctx, tx, d, 0, r.Clock.Now())
	if err != nil {
		return err
	}
	for range r.rand.IntN(8) {
		row := store.EnrolmentRow{Course: pick(r, r.course), Account: pick(r, r.people), Status: pick(r, store.Statuses), Enrolled: r.day()}
		if row.Status == store.Withdrawn {
			row.Withdrawn = r.day()
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return w.Close()
}

func (r *records) gradeMany(ctx context.Context, tx *db.Tx, d *store.Deltas) error {
	w, err := store.NewResultWriter(ctx, tx, d)
	if err != nil {
		return err
	}
	for range r.rand.IntN(8) {
		score := float64(r.rand.IntN(101))
		err := w.Write(store.ResultRow{Assessment: pick(r, r.works), Account: pick(r, r.people).ID, Result: store.Result{Submitted: r.day(), Score: &score}})
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// Whatever happens, the kept totals are what the rows sum to, and a change that is not counted is found.
func TestFiguresStayTrue(t *testing.T) {
	r := newRecords(t)
	for i := range 150 {
		r.do(r.step)
		r.Clock.Move(time.Hour)
		if i%10 == 9 {
			if off := r.off(); len(off) > 0 {
				t.Fatalf("after %d steps %d totals are off: %v", i+1, len(off), off[0])
			}
		}
	}
	err := r.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := store.Enrol(t.Context(), tx, store.NewDeltas(), r.Courses["First aid"], r.people[0], 0, r.Clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.off()) == 0 {
		t.Error("an enrolment that nobody counted is not found")
	}
	r.do(func(tx *db.Tx, _ *store.Deltas) error { return store.RebuildFigures(t.Context(), tx, r.Acme.ID) })
	if off := r.off(); len(off) > 0 {
		t.Errorf("rebuilt, and off: %v", off[0])
	}
}
