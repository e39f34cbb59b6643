package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"provost/internal/action/report"
	"provost/internal/db"
	"provost/internal/op"
	"provost/internal/store"
	"provost/internal/world/worldtest"
)

// watch counts lines, and the most memory in use while they came.
type watch struct {
	lines int
	most  uint64
}

func (w *watch) Write(b []byte) (int, error) {
	w.lines += bytes.Count(b, []byte{'\n'})
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.most = max(w.most, m.HeapAlloc)
	return len(b), nil
}

// crowd enrols people in First aid, all at once.
func crowd(t *testing.T, w *worldtest.Test, n int) {
	t.Helper()
	do(t, w, func(tx *db.Tx) error {
		d := store.NewDeltas()
		rows, err := store.NewEnrolmentWriter(t.Context(), tx, d, 0, w.Clock.Now())
		if err != nil {
			return err
		}
		for i := range n {
			org := w.Orgs[[]string{"North", "South", "Lab", "Acme"}[i%4]]
			who, err := store.CreateAccount(t.Context(), tx, org, store.NewAccount{Name: fmt.Sprintf("Pupil %d with a name that is long", n-i), Username: fmt.Sprint("u", i)}, w.Clock.Now())
			if err != nil {
				return err
			}
			status := store.Statuses[i%3]
			row := store.EnrolmentRow{Course: w.Courses["First aid"], Account: who, Status: status, Enrolled: w.Clock.Now().AddDate(0, 0, -i%300-1)}
			if status == store.Completed {
				row.Completed = w.Clock.Now()
			}
			if err := rows.Write(row); err != nil {
				return err
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
		return d.Flush(t.Context(), tx)
	})
}

// RE-2: a report is streamed: its memory does not grow with its rows. Its totals are the sums of its rows.
func TestReportOfManyRows_RE2(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 20,000 enrolments")
	}
	w := worldtest.New(t)
	crowd(t, w, 20_000)
	for _, format := range []string{"csv", "xlsx", "json"} {
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		seen := &watch{}
		err := ask(t, "learner-progress").File.Stream(t.Context(), w.Env, w.As("Leo"), report.ReportFile{Format: format}, func(f op.File) error { return f.Write(seen) })
		if err != nil {
			t.Fatal(err)
		}
		if format == "csv" && seen.lines != 20_007 {
			t.Errorf("%d lines", seen.lines)
		}
		if grown := int64(seen.most) - int64(before.HeapAlloc); grown > 24<<20 {
			t.Errorf("%s: the heap grew by %d MiB", format, grown>>20)
		}
	}
	_, text, err := download(w, ask(t, "participation"), "Leo", "json", report.ReportQuery{By: "organization"})
	var file struct {
		Rows   []map[string]any
		Footer map[string]any
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &file)
	}
	view, err2 := ask(t, "participation").Show.Run(t.Context(), w.Env, w.As("Leo"), report.ReportPage{})
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	sum := map[string]float64{}
	for _, row := range file.Rows {
		for _, key := range []string{"enrolments", "completed", "works"} {
			sum[key] += row[key].(float64)
		}
	}
	if sum["enrolments"] != 20_006 || file.Footer["enrolments"] != sum["enrolments"] || file.Footer["completed"] != sum["completed"] || view.Totals[0].Value != 20_006 || view.Totals[2].Value != sum["completed"] {
		t.Errorf("%v, %v, %v", sum, file.Footer, view.Totals)
	}
	agree(t, w, "Leo", report.DashboardQuery{Period: "all"})
	agree(t, w, "Otto", report.DashboardQuery{Period: "90"})
}
