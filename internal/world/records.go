package world

import (
	"time"

	"provost/internal/store"
)

// works are the assessments of each course: their weight, and the day before Start on which they were due.
var works = []struct {
	course, code, title, kind string
	weight                    float64
	daysAgo                   int
}{
	{"Go", "go-1", "Values and types", "TMA", 20, 60},
	{"Go", "go-2", "Functions", "TMA", 30, 30},
	{"Go", "go-3", "A small program", "Exam", 50, 5},
	{"First aid", "aid-1", "Recovery position", "CMA", 50, 40},
	{"First aid", "aid-2", "Bandages", "CMA", 50, 20},
	{"Night shift", "night-1", "Staying awake", "TMA", 100, 20},
}

// enrolments are who is, or was, in which course, and the scores of their works with the day before Start they were
// handed in.
var enrolments = []struct {
	who, course string
	status      store.Status
	outcome     string
	daysAgo     int
	endedAgo    int
	results     []result
}{
	{"Lin", "Go", store.Enrolled, "", 90, 0, []result{{"go-1", 80, 62}, {"go-2", 70, 31}}},
	{"Max", "Go", store.Enrolled, "", 20, 0, nil},
	{"Lin", "First aid", store.Completed, "Pass", 75, 19, []result{{"aid-1", 90, 41}, {"aid-2", 100, 21}}},
	{"Gus", "First aid", store.Failed, "Fail", 120, 19, []result{{"aid-1", 30, 40}, {"aid-2", 20, 20}}},
	{"Lou", "First aid", store.Enrolled, "", 45, 0, []result{{"aid-1", 60, 2}}},
	{"Sue", "First aid", store.Withdrawn, "Withdrawn", 45, 10, nil},
	{"Una", "Night shift", store.Enrolled, "", 30, 0, []result{{"night-1", 55, 21}}},
}

type result struct {
	work    string
	score   float64
	daysAgo int
}

// ago is so many days before the world begins; zero days say that it has not happened.
func ago(days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return Start.AddDate(0, 0, -days)
}

// records fills the courses with works, learners and results.
func (b builder) records() error {
	b.w.Works = map[string]store.Assessment{}
	for _, w := range works {
		made, _, err := store.SaveAssessment(b.ctx, b.tx, b.w.Courses[w.course], store.Assessment{Code: w.code, Title: w.title, Kind: w.kind, Weight: w.weight, Due: ago(w.daysAgo)})
		if err != nil {
			return err
		}
		b.w.Works[w.code] = made
	}
	deltas := store.NewDeltas()
	learners, err := store.NewEnrolmentWriter(b.ctx, b.tx, deltas, 0, b.now)
	if err != nil {
		return err
	}
	for _, e := range enrolments {
		row := store.EnrolmentRow{Course: b.w.Courses[e.course], Account: b.w.People[e.who], Status: e.status, Outcome: e.outcome, Enrolled: ago(e.daysAgo)}
		if e.status == store.Withdrawn {
			row.Withdrawn = ago(e.endedAgo)
		} else {
			row.Completed = ago(e.endedAgo)
		}
		if err := learners.Write(row); err != nil {
			return err
		}
	}
	if err := learners.Close(); err != nil {
		return err
	}
	if err := b.results(deltas); err != nil {
		return err
	}
	return deltas.Flush(b.ctx, b.tx)
}

func (b builder) results(deltas *store.Deltas) error {
	graded, err := store.NewResultWriter(b.ctx, b.tx, deltas)
	if err != nil {
		return err
	}
	for _, e := range enrolments {
		if err := graded.Touch(b.w.Courses[e.course].ID); err != nil {
			return err
		}
		for _, r := range e.results {
			err := graded.Write(store.ResultRow{Assessment: b.w.Works[r.work], Account: b.w.People[e.who].ID, Result: store.Result{Submitted: ago(r.daysAgo), Score: &r.score}})
			if err != nil {
				return err
			}
		}
	}
	return graded.Close()
}
